"""The version of the data: a label that changes without a new version is found by its digest.

`annotation/labels.sha256` holds a line for each version, `<sha256 of the labels>  <version>`. The digest covers what a user of
the data sees of a label: spans, labels, values, links, facts, beads and the hash of the text; not the ids of mentions, how a
label came to be, whether it was reviewed, and remarks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from hexapla.corpus import Article, Bead, Fact, Mention
from hexapla.errors import Fault, InputError
from hexapla.store import dumps, read_beads, read_facts, read_mentions, read_text, write_text

LOCK = "labels.sha256"

Labelled = tuple[str, str, str, tuple[Mention, ...]]
"""(doc_id, lang, text_sha256, mentions)."""


class LabelDigest:
    """SHA-256 over the labels of articles, added in order of their ids."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, article: Article) -> None:
        documents = [(d.doc_id, d.lang, d.text_sha256, d.mentions) for d in article.documents]
        self.add_labels(article.article_id, documents, article.facts, article.beads)

    def add_labels(
        self, article_id: str, documents: Iterable[Labelled], facts: Mapping[str, Fact], beads: Iterable[Bead]
    ) -> None:
        listed = [
            [doc_id, lang, digest, sorted(dumps(_plain(m)) for m in mentions)]
            for doc_id, lang, digest, mentions in sorted(documents, key=lambda d: d[0])
        ]
        told = sorted((name, f.label, f.name, f.value, f.entity, f.qid) for name, f in facts.items())
        # the beads of a text alone are its sentences, which a release does not keep as beads
        aligned = sorted(dumps(dict(sorted(b.spans.items()))) for b in beads) if len(listed) > 1 else []
        self._hash.update(dumps([article_id, listed, told, aligned]).encode() + b"\n")

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _plain(mention: Mention) -> dict[str, object]:
    return {k: v for k, v in mention.to_json().items() if k not in ("id", "by", "reviewed")}


def labels_of(folder: Path) -> tuple[list[Labelled], dict[str, Fact], tuple[Bead, ...]]:
    """The labels of one article of the gold (`annotation/gold/<article>`), without its texts."""
    files = [f for f in sorted(folder.glob("*.json")) if f.name not in ("facts.json", "beads.json")]
    return (
        [read_mentions(f) for f in files],
        read_facts(folder / "facts.json"),
        read_beads(folder / "beads.json"),
    )


def gold_digest(gold: str | Path) -> str:
    """The digest of a folder of gold annotations."""
    digest = LabelDigest()
    for folder in sorted(p for p in Path(gold).iterdir() if p.is_dir() and not p.name.startswith(".")):
        digest.add_labels(folder.name, *labels_of(folder))
    return digest.hexdigest()


def read_lock(path: Path) -> dict[str, str]:
    """version -> digest; empty if there is no such file."""
    if not path.is_file():
        return {}
    listed: dict[str, str] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        match = re.fullmatch(r"([0-9a-f]{64})  (\d+\.\d+\.\d+)", line)
        if not match or match[2] in listed:
            raise InputError(Fault("bad-lock", f"{path}:{number}", f"{line[:90]!r}", "<sha256>, two spaces, a version once"))  # fmt: skip
        listed[match[2]] = match[1]
    return listed


def check_digest(annotation: Path, version: str, digest: str) -> None:
    """`InputError` if these are not the labels of that version; nothing is checked where nothing is locked."""
    path = annotation / LOCK
    if not path.is_file():
        return
    locked = read_lock(path)
    if version not in locked:
        raise InputError(Fault("version-not-locked", str(path), f"no line for {version}", "the digest of its labels", "run `hexapla gold lock`"))  # fmt: skip
    if locked[version] != digest:
        raise InputError(Fault("labels-changed", str(path), f"the labels have the digest {digest[:12]}…", f"{locked[version][:12]}…, those of {version}",
              f"raise {annotation / 'VERSION'}, tell in CHANGELOG.md what changed, and run `hexapla gold lock`"))  # fmt: skip


def check_lock(annotation: str | Path) -> None:
    """`InputError` if the gold in `annotation/gold` is not that of `annotation/VERSION`."""
    annotation = Path(annotation)
    if not (annotation / LOCK).is_file():
        raise InputError(Fault("no-lock", str(annotation / LOCK), "no such file", "a digest of the labels of each version", "run `hexapla gold lock`"))  # fmt: skip
    check_digest(annotation, read_text(annotation / "VERSION").strip(), gold_digest(annotation / "gold"))


def lock(annotation: str | Path = "annotation", *, again: bool = False) -> str:
    """Write the digest of the gold under the version in `annotation/VERSION`; returns that version.

    A version that is locked to other labels is refused, unless `again` says that it was never given out.
    """
    annotation = Path(annotation)
    version, digest = read_text(annotation / "VERSION").strip(), gold_digest(annotation / "gold")
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise InputError(Fault("bad-version", str(annotation / "VERSION"), f"{version[:40]!r}", "major.minor.patch"))  # fmt: skip
    locked = read_lock(annotation / LOCK)
    if version in locked and not again:
        check_digest(annotation, version, digest)
    locked[version] = digest
    order = sorted(locked, key=lambda v: [int(n) for n in v.split(".")])
    write_text(annotation / LOCK, "".join(f"{locked[v]}  {v}\n" for v in order))
    return version
