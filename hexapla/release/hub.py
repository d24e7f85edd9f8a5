"""The release on the Hugging Face hub: pushed under the tag of its version, and fetched from there.

`HF_TOKEN` in the environment is the only token that a push uses; it is never printed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.errors import Fault, HexaplaError, InputError, ServerError, need
from hexapla.release.folder import CHECKSUMS, read_checksums
from hexapla.release.loading import read_release, splits_of, table_files, table_rows
from hexapla.release.standoff import is_standoff
from hexapla.release.write import release
from hexapla.store import read_text


@dataclass(frozen=True, slots=True)
class Plan:
    """What a push takes along. `withheld`: documents whose texts stay here; `files`: path and bytes."""

    repo: str
    version: str
    private: bool
    withheld: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    done: bool
    url: str = ""

    @property
    def tag(self) -> str:
        return f"v{self.version}"

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files)

    def to_json(self) -> dict[str, Any]:
        head = {n: getattr(self, n) for n in ("repo", "version", "tag", "private", "done", "url", "size")}
        return head | {"withheld": list(self.withheld), "files": [{"path": p, "size": s} for p, s in self.files]}  # fmt: skip


def push(
    repo: str,
    path: str | Path = "data",
    *,
    annotation: str | Path = "annotation",
    texts: bool = False,
    dry_run: bool = True,
) -> Plan:
    """Push the release in `path` to the dataset `repo` (`ORG/NAME`), and tag it with its version.

    A dry run, which is the default, only says what would go, without a network. Texts that are not open stay here: the
    stand-off form goes. With `texts` they go too, but only to a private repository. A release with faults, and a version
    that the repository has already, are refused.
    """
    from hexapla.validate import validate

    folder = Path(path)
    if not (folder / CHECKSUMS).is_file():
        raise InputError(Fault("not-a-release", str(folder), f"no {CHECKSUMS} in it", "a release", "run `hexapla release`"))  # fmt: skip
    if faults := validate(folder):
        raise InputError(faults)
    closed = tuple(_closed(folder))
    with tempfile.TemporaryDirectory() as name:
        if closed and not texts and not is_standoff(folder):
            version = read_text(folder / "VERSION").strip()
            release(read_release(folder), Path(name) / "data", version, annotation=annotation, standoff=True)
            folder = Path(name) / "data"
        plan = _plan(repo, folder, closed if is_standoff(folder) else (), private=bool(closed and texts))
        return plan if dry_run else _pushed(plan, folder)


def _closed(folder: Path) -> Iterator[str]:
    """The documents whose text may not be given on."""
    from hexapla.corpus import Source

    for split in splits_of(folder):
        for _, row in table_rows(table_files(folder, split)["articles"], ["doc_id", "licence"]):
            if not Source(row["doc_id"], "", "", licence=row["licence"] or "").is_open:
                yield row["doc_id"]


def _plan(repo: str, folder: Path, withheld: tuple[str, ...], private: bool) -> Plan:
    files = sorted([*read_checksums(folder / CHECKSUMS), CHECKSUMS])
    sizes = tuple((file, (folder / file).stat().st_size) for file in files)
    return Plan(repo, read_text(folder / "VERSION").strip(), private, withheld, sizes, done=False)


def _pushed(plan: Plan, folder: Path) -> Plan:
    hub = need("huggingface_hub", "datasets")
    token = os.environ.get("HF_TOKEN", "")
    if not token:
        raise InputError(Fault("no-token", "HF_TOKEN", "not set", "a token that may write to the repository", "set it in the environment"))  # fmt: skip
    with _told(plan.repo, token):
        api = hub.HfApi(token=token)
        url = api.create_repo(plan.repo, repo_type="dataset", private=plan.private, exist_ok=True)
        if plan.private and not api.dataset_info(plan.repo).private:
            raise InputError(Fault("public-repo", plan.repo, "a public repository", "a private one for texts that are not open", "push without the texts"))  # fmt: skip
        tags = [tag.name for tag in api.list_repo_refs(plan.repo, repo_type="dataset").tags]
        if plan.tag in tags:
            raise InputError(Fault("version-taken", f"{plan.repo}@{plan.tag}", "released already", "a new version", "raise annotation/VERSION and release again"))  # fmt: skip
        done = api.upload_folder(
            repo_id=plan.repo, repo_type="dataset", folder_path=folder, commit_message=f"Version {plan.version}",
            allow_patterns=[file for file, _ in plan.files], delete_patterns="*",
        )  # fmt: skip
        api.create_tag(plan.repo, repo_type="dataset", tag=plan.tag, revision=done.oid)
    return Plan(plan.repo, plan.version, plan.private, plan.withheld, plan.files, done=True, url=str(url))


def snapshot(repo: str, revision: str | None, config: str = "*") -> Path:
    """The folder in the cache that holds a release of the hub; with one `config`, only its tables."""
    hub = need("huggingface_hub", "datasets")
    wanted = None if config == "*" else [f"{config}/*", "VERSION"]
    with _told(repo, os.environ.get("HF_TOKEN", "")):
        return Path(hub.snapshot_download(repo, repo_type="dataset", revision=revision, allow_patterns=wanted))  # fmt: skip


@contextmanager
def _told(repo: str, token: str) -> Iterator[None]:
    """What goes wrong with the hub, without a traceback and without the token."""
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        yield
    except HexaplaError:
        raise
    except (RepositoryNotFoundError, RevisionNotFoundError, HFValidationError) as error:
        raise InputError(Fault("not-on-hub", repo, _first_line(error, token), "a dataset ORG/NAME and its revision", "check the name, the revision and the rights"))  from None  # fmt: skip
    except Exception as error:  # of several HTTP libraries, by version
        raise ServerError(Fault("hub-failed", repo, f"{type(error).__name__}: {_first_line(error, token)}", "", "try again later")) from None  # fmt: skip


def _first_line(error: Exception, token: str) -> str:
    said = next((line for line in str(error).split("\n") if line.strip()), type(error).__name__)
    return (said.replace(token, "…") if token else said)[:300]
