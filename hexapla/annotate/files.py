"""Tasks and exports as files: what `hexapla annotate config`, `push --file`, `pull --file` and `check` do.

A faulty task is set aside in `<file>.quarantine.json` with its reasons; the rest goes on. The functions return what
happened; the command turns faults into its exit code 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.annotate.back import apply
from hexapla.annotate.check import Faulty, check, check_task, sift
from hexapla.annotate.config import config
from hexapla.annotate.names import languages
from hexapla.annotate.tasks import to_tasks
from hexapla.corpus import Corpus
from hexapla.errors import Fault, InputError
from hexapla.store import parse_json, read_corpus, read_text, write_article, write_text

MAX_EXPORT = 1_000_000_000  # bytes

Pairs = tuple[tuple[str, tuple[str, ...]], ...]

SHIPPED: Pairs = (
    ("single", ("fil",)), ("single", ("ar",)), ("single", ("pl",)), ("single", ("pt",)),
    ("parallel", ("ar", "fil")), ("align", ("ar", "fil")),
)  # fmt: skip
"""The configurations that are kept as files under `annotation/labelstudio/`."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was written. `without`: articles that lack one of the languages."""

    file: Path
    tasks: int
    mentions: int
    without: tuple[str, ...]
    faults: tuple[Fault, ...]
    quarantine: Path | None


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was taken over: `answers` tasks, `skipped` by their annotators, `open` without an answer."""

    corpus: Corpus
    articles: tuple[str, ...]
    answers: int
    skipped: int
    open: int
    faults: tuple[Fault, ...]
    quarantine: Path | None


def write_configs(folder: str | Path = "annotation/labelstudio", configs: Pairs = SHIPPED) -> list[Path]:
    """Write `<task>-<langs>.xml` into `folder`; returns the files."""
    out = []
    for task, langs in configs:
        path = Path(folder) / f"{task}-{'-'.join(langs)}.xml"
        write_text(path, config(task, langs))
        out.append(path)
    return out


def push(folder: str | Path, file: str | Path, task: str = "parallel", langs: Sequence[str] = ()) -> Pushed:
    """Write the tasks of a built corpus to `file`, ready to be imported into a project with `config(task, langs)`.

    One file holds one task and its languages, for a Label Studio project has one configuration.
    """
    panes = languages(task, list(langs))
    corpus = read_corpus(folder)
    tasks: list[dict[str, Any]] = []
    faulty: list[Faulty] = []
    without: list[str] = []
    for article in corpus.articles:
        if set(panes) - set(article.langs):
            without.append(article.article_id)
            continue
        for made in to_tasks(article, task, panes):
            if found := check_task(made, corpus, f"{file}: task {made['data']['hexapla_id']}"):
                faulty.append(Faulty(made, tuple(found)))
            else:
                tasks.append(made)
    if not tasks and not faulty:
        raise InputError(
            Fault("no-tasks", str(folder), f"no article with {' and '.join(panes)}", "an article in these languages", "name others with --langs")
        )  # fmt: skip
    write_text(Path(file), json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    mentions = sum(r["type"] == "labels" for t in tasks for r in t["predictions"][0]["result"])
    faults = tuple(f for t in faulty for f in t.faults)
    return Pushed(Path(file), len(tasks), mentions, tuple(without), faults, _quarantine(Path(file), faulty))


def pull(folder: str | Path, file: str | Path, out: str | Path, drafts: bool = False) -> Pulled:
    """Take the annotations of an export over the built corpus in `folder`; write the articles that it touches to `out`.

    file: an export in Label Studio's JSON format. out: a folder of annotation files, such as `annotation/gold`.
    drafts: where there is no annotation, take the last draft.
    """
    corpus = read_corpus(folder)
    sifted = sift(_read(Path(file)), corpus, str(file), drafts)
    pulled = apply(sifted.answers, corpus)
    touched = {a.data.article_id for a in sifted.answers}
    for article in pulled.articles:
        if article.article_id in touched:
            write_article(article, Path(out))
    return Pulled(
        pulled, tuple(sorted(touched)), len(sifted.answers), sifted.skipped, sifted.open, tuple(sifted.faults),
        _quarantine(Path(file), sifted.faulty),
    )  # fmt: skip


def check_file(file: str | Path, folder: str | Path | None = None) -> list[Fault]:
    """The faults of a file of tasks, or of an export; with the build in `folder`, also against its texts."""
    return check(_read(Path(file)), read_corpus(folder) if folder is not None else None, str(file))


def _read(file: Path) -> Any:
    return parse_json(read_text(file, MAX_EXPORT), str(file))


def _quarantine(file: Path, faulty: Iterable[Faulty]) -> Path | None:
    """Beside the file, the tasks set aside, each with its reasons; an old one is removed where there is none."""
    path = file.with_name(f"{file.stem}.quarantine.json")
    records = [{"file": str(file), "reasons": [str(f) for f in t.faults], "task": t.task} for t in faulty]
    if not records:
        path.unlink(missing_ok=True)
        return None
    write_text(path, json.dumps(records, ensure_ascii=False, indent=1) + "\n")
    return path
