"""Tasks out of a built corpus and annotations back into it, by files or by a server: what `hexapla annotate` does.

A faulty task is set aside in `<file>.quarantine.json` with its reasons; the rest goes on. The functions return what
happened; the command turns faults into its exit code 1.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.annotate.back import apply
from hexapla.annotate.check import Faulty, check, check_task, sift
from hexapla.annotate.config import config
from hexapla.annotate.names import languages
from hexapla.annotate.project import Sent, Track, differing, fetch, must_find, project_name, quietly, send
from hexapla.annotate.server import Server
from hexapla.annotate.status import Status, Work, survey
from hexapla.annotate.tasks import MODEL_VERSION, Task, to_tasks
from hexapla.corpus import Corpus
from hexapla.errors import Fault, InputError
from hexapla.gold import apply_gold, has_gold
from hexapla.store import parse_json, read_corpus, read_text, write_article, write_text

MAX_EXPORT = 1_000_000_000  # bytes

Pairs = tuple[tuple[str, tuple[str, ...]], ...]

SHIPPED: Pairs = (
    ("single", ("fil",)), ("single", ("ar",)), ("single", ("pl",)), ("single", ("pt",)),
    ("parallel", ("ar", "fil")), ("align", ("ar", "fil")),
)  # fmt: skip
"""The configurations that are kept as files under `annotation/labelstudio/`."""


@dataclass(frozen=True, slots=True)
class Made:
    """Tasks of a corpus: those that can be pushed, those that cannot with their reasons. `without`: articles that lack one of
    the languages."""

    tasks: tuple[Task, ...]
    faulty: tuple[Faulty, ...]
    without: tuple[str, ...]

    @property
    def mentions(self) -> int:
        """Regions proposed."""
        return sum(r["type"] == "labels" for t in self.tasks for r in t["predictions"][0]["result"])


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was written to a file."""

    file: Path
    tasks: int
    mentions: int
    without: tuple[str, ...]
    faults: tuple[Fault, ...]
    quarantine: Path | None


@dataclass(frozen=True, slots=True)
class PushedTo:
    """What was sent to a server."""

    sent: Sent
    without: tuple[str, ...]
    faults: tuple[Fault, ...]
    quarantine: Path | None


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was taken over: `answers` tasks, `skipped` by their annotators, `open` without an answer. `export`: where the
    server's export was kept."""

    corpus: Corpus
    articles: tuple[str, ...]
    answers: int
    skipped: int
    open: int
    annotators: Mapping[str, Work]
    faults: tuple[Fault, ...]
    quarantine: Path | None
    export: Path | None = None


def write_configs(folder: str | Path = "annotation/labelstudio", configs: Pairs = SHIPPED) -> list[Path]:
    """Write `<task>-<langs>.xml` into `folder`; returns the files."""
    out = []
    for task, langs in configs:
        path = Path(folder) / f"{task}-{'-'.join(langs)}.xml"
        write_text(path, config(task, langs))
        out.append(path)
    return out


# ---- out -----------------------------------------------------------------------------------------------------------


def make(folder: str | Path, task: str, panes: Sequence[str], where: str) -> Made:
    """The tasks of a built corpus, checked. `InputError` if no article has the languages."""
    corpus = read_corpus(folder)
    tasks: list[Task] = []
    faulty: list[Faulty] = []
    without: list[str] = []
    for article in corpus.articles:
        if set(panes) - set(article.langs):
            without.append(article.article_id)
            continue
        for made in to_tasks(article, task, panes):
            if found := check_task(made, corpus, f"{where}: task {made['data']['hexapla_id']}"):
                faulty.append(Faulty(made, tuple(found)))
            else:
                tasks.append(made)
    if not tasks and not faulty:
        raise InputError(
            Fault("no-tasks", str(folder), f"no article with {' and '.join(panes)}", "an article in these languages", "name others with --langs")
        )  # fmt: skip
    return Made(tuple(tasks), tuple(faulty), tuple(without))


def push(folder: str | Path, file: str | Path, task: str = "parallel", langs: Sequence[str] = ()) -> Pushed:
    """Write the tasks of a built corpus to `file`, ready to be imported into a project with `config(task, langs)`.

    One file holds one task and its languages, for a Label Studio project has one configuration.
    """
    made = make(folder, task, languages(task, list(langs)), str(file))
    write_text(Path(file), json.dumps(made.tasks, ensure_ascii=False, indent=1) + "\n")
    return Pushed(
        Path(file), len(made.tasks), made.mentions, made.without, _faults(made.faulty), quarantine(Path(file), made.faulty)
    )  # fmt: skip


def push_to(
    server: Server, folder: str | Path, task: str = "parallel", langs: Sequence[str] = (), project: str | None = None, *,
    tasks: str | Path | None = None, model_version: str = MODEL_VERSION, annotators: int = 1, dry_run: bool = False, track: Track = quietly,
) -> PushedTo:  # fmt: skip
    """Send the tasks of a built corpus to a server; see `hexapla.annotate.project.send`.

    project: its name, by default task and languages, or its number. tasks: a file of tasks, such as `adjudicate` writes, to
    be sent instead of the corpus's own; task and languages are then theirs, and the project's name begins with the file's.
    """
    if tasks is not None:
        made, task, panes = _from_file(Path(tasks), folder)
    else:
        panes = languages(task, list(langs))
        made = make(folder, task, panes, str(folder))
    name = project or " ".join(
        ([Path(tasks).stem] if tasks is not None else []) + [project_name(task, panes)]
    )
    sent = send(
        server,
        made.tasks,
        task,
        panes,
        name,
        model_version=model_version,
        annotators=annotators,
        dry_run=dry_run,
        track=track,
    )
    faulty = (*made.faulty, *(Faulty(t, faults) for t, faults in sent.faulty))
    return PushedTo(sent, made.without, _faults(faulty), quarantine(_place(name), faulty))


def _from_file(file: Path, folder: str | Path) -> tuple[Made, str, tuple[str, ...]]:
    """Tasks made earlier, checked anew; all of one task and the same languages."""
    found = _read(file)
    corpus = read_corpus(folder)
    sound: list[Task] = []
    faulty: list[Faulty] = []
    for number, one in enumerate(found if isinstance(found, list) else [found], 1):
        faults = check_task(one, corpus, f"{file}: task {number}")
        if faults:
            faulty.append(Faulty(one, tuple(faults)))
        else:
            sound.append(one)
    kinds = {(t["data"]["task"], t["data"]["langs"]) for t in sound}
    if len(kinds) != 1:
        raise InputError(
            [f for t in faulty for f in t.faults]
            or Fault("no-tasks", str(file), f"{len(kinds)} kinds of tasks", "tasks of one kind in the same languages", "push each kind to a project of its own")
        )  # fmt: skip
    task, langs = kinds.pop()
    return Made(tuple(sound), tuple(faulty), ()), task, tuple(langs.split(","))


# ---- back ----------------------------------------------------------------------------------------------------------


def pull(folder: str | Path, file: str | Path, out: str | Path, drafts: bool = False) -> Pulled:
    """Take the annotations of an export over the built corpus in `folder`; write the articles that it touches to `out`.

    file: an export in Label Studio's JSON format. out: a folder of annotation files, such as `annotation/gold`; an article
    that it holds already is taken from there, so that pulls add up. drafts: where there is no annotation, take the last
    draft.
    """
    return _take(read_corpus(folder), _read(Path(file)), Path(file), Path(out), drafts)


def pull_from(
    server: Server, folder: str | Path, out: str | Path, task: str = "parallel", langs: Sequence[str] = (), project: str | None = None, *,
    drafts: bool = False, export: str | Path | None = None,
) -> Pulled:  # fmt: skip
    """The same from a server's project. export: a file in which to keep what the server gave, with predictions and names."""
    panes = languages(task, list(langs))
    corpus = read_corpus(folder)
    name = project or project_name(task, panes)
    found = must_find(server, name)
    tasks = fetch(server, found, predictions=export is not None)
    if export is not None:
        write_text(Path(export), json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    fault = differing(found, task, panes, server.url)
    pulled = _take(corpus, tasks, _place(name), Path(out), drafts)
    return dataclasses.replace(
        pulled, faults=((fault,) if fault else ()) + pulled.faults, export=Path(export) if export is not None else None
    )  # fmt: skip


def _take(corpus: Corpus, tasks: Any, where: Path, out: Path, drafts: bool) -> Pulled:
    corpus = over(corpus, out, tasks)
    sifted = sift(tasks, corpus, str(where), drafts)
    pulled = apply(sifted.answers, corpus)
    touched = {a.data.article_id for a in sifted.answers}
    for article in pulled.articles:
        if article.article_id in touched:
            write_article(article, out)
    return Pulled(
        pulled, tuple(sorted(touched)), len(sifted.answers), sifted.skipped, sifted.open, survey(tasks).annotators,
        tuple(sifted.faults), quarantine(where, sifted.faulty),
    )  # fmt: skip


def over(corpus: Corpus, out: Path, tasks: Any) -> Corpus:
    """The corpus with what earlier pulls left in `out` of the articles that the tasks are of. `InputError` if a text differs."""
    named = {data.get("article_id") for t in tasks if isinstance(t, dict) and isinstance(data := t.get("data"), dict)} if isinstance(tasks, list) else set()  # fmt: skip
    return Corpus(
        tuple(apply_gold(a, out) if a.article_id in named and has_gold(a.article_id, out) else a for a in corpus.articles)
    )  # fmt: skip


def check_file(file: str | Path, folder: str | Path | None = None) -> list[Fault]:
    """The faults of a file of tasks, or of an export; with the build in `folder`, also against its texts."""
    return check(_read(Path(file)), read_corpus(folder) if folder is not None else None, str(file))


def status_of(file: str | Path) -> Status:
    """How far the work in an export is."""
    return survey(_read(Path(file)))


def status_from(
    server: Server, task: str = "parallel", langs: Sequence[str] = (), project: str | None = None
) -> tuple[Status, str, tuple[Fault, ...]]:
    """How far the work in a server's project is, its address, and what is wrong with its configuration."""
    panes = languages(task, list(langs))
    found = must_find(server, project or project_name(task, panes))
    fault = differing(found, task, panes, server.url)
    return survey(fetch(server, found, predictions=True)), f"{server.url}/projects/{found.id}", (fault,) if fault else ()  # fmt: skip


def read_export(file: str | Path) -> Any:
    """The JSON of an export, as it is."""
    return _read(Path(file))


def _read(file: Path) -> Any:
    return parse_json(read_text(file, MAX_EXPORT), str(file))


def _faults(faulty: Iterable[Faulty]) -> tuple[Fault, ...]:
    return tuple(f for t in faulty for f in t.faults)


def _place(project: str) -> Path:
    """Names a project in messages, and the file of what is set aside from it, in the current folder."""
    return Path(re.sub(r"[^\w.-]+", "-", f"project {project}") + ".json")


def quarantine(file: Path, faulty: Iterable[Faulty]) -> Path | None:
    """Beside the file, the tasks set aside, each with its reasons; an old one is removed where there is none."""
    path = file.with_name(f"{file.stem}.quarantine.json")
    records = [{"file": str(file), "reasons": [str(f) for f in t.faults], "task": t.task} for t in faulty]
    if not records:
        path.unlink(missing_ok=True)
        return None
    write_text(path, json.dumps(records, ensure_ascii=False, indent=1) + "\n")
    return path
