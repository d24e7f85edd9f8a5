"""Projects on a Label Studio server: found again, filled, kept up to date, without doubling and without losing anything.

A project is found by a line in its description, a task by `data.hexapla_id` with the hash of its text: Label Studio uses
its own numbers again after a deletion, and its import is not idempotent. A push looks at what is there and sends what is
missing, so that one that was cut off is finished by the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

from hexapla.annotate.config import config
from hexapla.annotate.names import key
from hexapla.annotate.server import Dropped, Prediction, Project, Server, ServerTask
from hexapla.annotate.tasks import MODEL_VERSION, Task, text_hash
from hexapla.errors import ConfigDiffers, Fault, ProjectChanged, ServerError

BATCH = 500  # tasks in one import
ATTEMPTS = 4  # after this many failures in a row a push gives up; the next one goes on
_MARK = "hexapla project: "
_TITLE = 50  # characters of a title that Label Studio keeps

Track = Callable[[Sequence[Any], str], Iterable[Any]]


def quietly(items: Sequence[Any], label: str) -> Iterable[Any]:
    """No progress bar."""
    return items


@dataclass(frozen=True, slots=True)
class Sent:
    """What a push did, or with `dry_run` would do, to a project. `predictions` were added or replaced on tasks that were
    there; `doubles` are equal tasks without answers that were removed; `others` are tasks that this push does not know."""

    url: str
    project: int | None
    name: str
    new_project: bool
    imported: int
    unchanged: int
    predictions: int
    doubles: int
    others: int
    faulty: tuple[tuple[Task, tuple[Fault, ...]], ...]
    dry_run: bool


def project_name(task: str, panes: Sequence[str]) -> str:
    """The name of a project where none is given: one project has one configuration."""
    return f"{task} {'-'.join(panes)}"


def find(server: Server, name: str) -> Project | None:
    """The project of that name, or that number; None if there is none. `ProjectChanged` if two bear the name."""
    if name.isascii() and name.isdigit():
        return server.project(int(name))
    found = [p for p in server.projects() if f"{_MARK}{name}" in p.description.splitlines()]
    if len(found) > 1:
        numbers = ", ".join(str(p.id) for p in found)
        raise ProjectChanged(
            Fault("two-projects", server.url, f"projects {numbers} are both marked as {name!r}", "one project of that name",
                  "give the number of the right one with --project")
        )  # fmt: skip
    return found[0] if found else None


def must_find(server: Server, name: str) -> Project:
    """The project of that name, or `ProjectChanged`."""
    project = find(server, name)
    if project is None:
        raise ProjectChanged(
            Fault("no-such-project", server.url, f"no project is marked as {name!r}", "a project made by `hexapla annotate push`",
                  "it may have been deleted: push again, or give its number with --project")
        )  # fmt: skip
    return project


def differing(project: Project, task: str, panes: Sequence[str], url: str) -> Fault | None:
    """Does the project's configuration give other results than ours? Colours, keys and captions may differ."""
    theirs, ours = _controls(project.label_config), _controls(config(task, panes))
    if theirs == ours:
        return None
    names = sorted({c[1] for c in theirs ^ ours})
    return Fault(
        "config-differs", f"{url}/projects/{project.id}", f"the labelling configuration differs in {', '.join(names)}",
        f"that of `hexapla annotate config --task {task} --langs {','.join(panes)}`",
        "put that back in Settings → Labeling Interface, or push to another project with --project",
    )  # fmt: skip


def _controls(xml: str) -> frozenset[tuple[Any, ...]]:
    """What results depend on: every named tag with what it reads and offers."""
    try:
        root = ET.fromstring(xml)
    except ET.ParseError:
        return frozenset()
    return frozenset(
        (e.tag, e.get("name"), e.get("toName"), e.get("value"), e.get("perRegion"), e.get("whenLabelValue"), frozenset(c.get("value") for c in e))
        for e in root.iter() if e.get("name")
    )  # fmt: skip


# ---- push ----------------------------------------------------------------------------------------------------------


def send(
    server: Server, tasks: Sequence[Task], task: str, panes: Sequence[str], name: str | None = None, *,
    model_version: str = MODEL_VERSION, annotators: int = 1, dry_run: bool = False, batch: int = BATCH, track: Track = quietly, pause: float = 1.0,
) -> Sent:  # fmt: skip
    """Bring the tasks into the project `name`, made if it is not there (for `annotators` per task); afterwards each is there once.

    A task that is there keeps its annotations; its prediction under `model_version` is replaced if it differs, those of
    other models stay. One whose text is another, on the server or in ours, is left alone and named. A dropped connection
    is waited for (`pause` seconds, doubling), then only what did not arrive is sent. `ConfigDiffers`, `ServerError`.
    """
    name = name or project_name(task, panes)
    project = find(server, name)
    if project is not None and (fault := differing(project, task, panes, server.url)):
        raise ConfigDiffers(fault)
    there = server.tasks(project.id) if project is not None else []
    plan = _plan(server, there, tasks, f"{server.url}/projects/{project.id if project else '?'}")
    predictions = _predictions(server, project, plan.known, model_version) if project is not None else None
    new_project = project is None
    if not dry_run:
        if project is None:
            first = tasks[0]["predictions"][0]["model_version"] if tasks else model_version
            shown = model_version if first == MODEL_VERSION else first
            title, mark = f"Hexapla {name}"[:_TITLE], f"{_MARK}{name}"
            project = server.create_project(title, mark, config(task, panes), shown, annotators)
        for double in plan.doubles:
            server.delete_task(double.id)
        _import(server, project.id, [_versioned(t, model_version) for t in plan.missing], batch, track, pause)
        if predictions is not None:
            _replace(server, project.id, predictions, batch, track)
    doubles = len(plan.doubles)
    if plan.missing and not dry_run and project is not None:
        doubles += _remove_doubles(server, project.id, len(there) - doubles + len(plan.missing))
    return Sent(
        server.url, project.id if project is not None else None, name, new_project, len(plan.missing), len(plan.known),
        len(predictions.new) if predictions is not None else 0, doubles, plan.others, plan.faulty, dry_run,
    )  # fmt: skip


def _versioned(task: Task, model_version: str) -> Task:
    """Our prediction under another name; a file's predictions that have other names keep them."""
    return {
        "data": task["data"],
        "predictions": [p | {"model_version": model_version} if p["model_version"] == MODEL_VERSION else p for p in task["predictions"]],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    missing: list[Task]
    known: list[tuple[ServerTask, Task]]
    doubles: list[ServerTask]
    others: int
    faulty: tuple[tuple[Task, tuple[Fault, ...]], ...]


def _plan(server: Server, there: Iterable[ServerTask], tasks: Sequence[Task], where: str) -> _Plan:
    by_id: dict[Any, list[ServerTask]] = {}
    others = 0
    wanted = {t["data"]["hexapla_id"] for t in tasks}
    for t in there:
        name = t.data.get("hexapla_id")
        if name in wanted:
            by_id.setdefault(name, []).append(t)
        else:
            others += 1
    missing: list[Task] = []
    known: list[tuple[ServerTask, Task]] = []
    doubles: list[ServerTask] = []
    faulty: list[tuple[Task, tuple[Fault, ...]]] = []
    for task in tasks:
        held = by_id.get(task["data"]["hexapla_id"], [])
        if not held:
            missing.append(task)
            continue
        faults = [f for t in held if (f := _text_fault(t, task, where))]
        held = _with_drafts(server, held)
        kept, more = _doubles(held)
        if not faults and sum(t.answers > 0 for t in held) > 1:
            faults = [_two_answered(held, where)]
        if faults:
            faulty.append((task, tuple(faults)))
        else:
            known.append((kept, task))
            doubles += more
    return _Plan(missing, known, doubles, others, tuple(faulty))


def _with_drafts(server: Server, held: Sequence[ServerTask]) -> list[ServerTask]:
    """Of a task that is there more than once, none may go that holds somebody's draft."""
    return [replace(t, answers=server.answers(t.id)) for t in held] if len(held) > 1 else list(held)


def _doubles(held: Sequence[ServerTask]) -> tuple[ServerTask, list[ServerTask]]:
    """Of equal tasks the one that stays (answered before not, then the first), and those without answers beside it."""
    ordered = sorted(held, key=lambda t: (t.answers == 0, t.id))
    return ordered[0], [t for t in ordered[1:] if t.answers == 0]


def _text_fault(there: ServerTask, task: Task, where: str) -> Fault | None:
    panes = task["data"]["langs"].split(",")
    place = f"{where}: task {there.id} ({task['data']['hexapla_id']})"
    try:
        intact = text_hash(there.data, panes) == there.data["text_sha256"]
    except (KeyError, TypeError, AttributeError):
        intact = False
    if not intact:
        return Fault("text-changed", place, "its text was edited on the server since it was imported", "the text that was pushed",
                     "put it back there, or delete the task and push again; its annotations are kept until then")  # fmt: skip
    fields = ("text_sha256", *(f"{f}_{key(lang)}" for lang in panes for f in ("doc_id", "start", "sha256")))
    if any(there.data.get(f) != task["data"].get(f) for f in fields):
        return Fault("text-changed", place, "the corpus has another text, or is cut otherwise, since it was imported",
                     "the text that stands on the server", "pull what was annotated with the old build, then push the new one to another project with --project")  # fmt: skip
    return None


def _two_answered(held: Sequence[ServerTask], where: str) -> Fault:
    numbers = ", ".join(str(t.id) for t in held)
    return Fault("duplicate-task", where, f"tasks {numbers} are the same task, and more than one is answered", "each task once",
                 "compare them on the server and delete one")  # fmt: skip


def _import(server: Server, project: int, tasks: list[Task], batch: int, track: Track, pause: float) -> None:
    todo = [tasks[n : n + batch] for n in range(0, len(tasks), batch)]
    for part in track(todo, "importing"):
        _import_batch(server, project, part, pause)


def _import_batch(server: Server, project: int, part: list[Task], pause: float) -> None:
    """Send until every task of the batch is there. After a failure: wait, look, send what is missing."""
    for attempt in range(ATTEMPTS):
        try:
            if attempt:
                time.sleep(pause * 2 ** (attempt - 1))
                held = _settled(server, project, pause)
                part = [t for t in part if t["data"]["hexapla_id"] not in held]
            if part:
                server.import_tasks(project, part)
            return
        except ServerError as error:
            passing = isinstance(error, Dropped) or error.faults[0].code == "server-down"
            if not passing or attempt == ATTEMPTS - 1:
                raise


def _settled(server: Server, project: int, pause: float) -> set[Any]:
    """What is there, once it no longer grows: the server may still be working on the import that was cut off."""
    before = -1
    while (now := server.project(project).tasks) != before:
        before = now
        time.sleep(pause)
    return {t.data.get("hexapla_id") for t in server.tasks(project)}


def _remove_doubles(server: Server, project: int, expected: int) -> int:
    """An earlier push that was killed may have been finished by the server meanwhile."""
    if server.project(project).tasks == expected:
        return 0
    equal: dict[tuple[Any, Any], list[ServerTask]] = {}
    for t in server.tasks(project):
        equal.setdefault((t.data.get("hexapla_id"), t.data.get("text_sha256")), []).append(t)
    more = [
        t
        for (name, _), held in equal.items()
        if name is not None
        for t in _doubles(_with_drafts(server, held))[1]
    ]
    for t in more:
        server.delete_task(t.id)
    return len(more)


# ---- predictions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    """`clear`: tasks whose predictions all go; `single`: predictions that go alone, beside those of other models."""

    clear: list[int]
    single: list[int]
    new: list[dict[str, Any]]


def _predictions(
    server: Server, project: Project, known: Iterable[tuple[ServerTask, Task]], model_version: str
) -> _Change:
    held: dict[int, list[Prediction]] = {}
    for p in server.predictions(project.id):
        held.setdefault(p.task, []).append(p)
    change = _Change([], [], [])
    for there, task in known:
        wanted = {p["model_version"]: p["result"] for p in _versioned(task, model_version)["predictions"]}
        mine = [p for p in held.get(there.id, []) if p.model_version in wanted]
        if len(mine) == len(wanted) and all(_same(p.result, wanted[p.model_version]) for p in mine):
            continue
        if len(mine) == len(held.get(there.id, [])):
            change.clear.extend([there.id] if mine else [])
        else:
            change.single.extend(p.id for p in mine)
        change.new.extend(
            {"task": there.id, "result": result, "model_version": version}
            for version, result in wanted.items()
        )
    return change


def _same(theirs: Any, ours: Sequence[Mapping[str, Any]]) -> bool:
    return isinstance(theirs, list) and theirs == list(ours)


def _replace(server: Server, project: int, change: _Change, batch: int, track: Track) -> None:
    # A push that ends between the two steps leaves tasks without prediction; the next one gives it to them.
    if change.clear:
        server.delete_predictions_of(project, change.clear)
    for number in track(change.single, "removing old predictions"):
        server.delete_prediction(number)
    for n in range(0, len(change.new), batch):
        server.import_predictions(project, change.new[n : n + batch])


# ---- pull ----------------------------------------------------------------------------------------------------------


def fetch(server: Server, project: Project, predictions: bool = False) -> list[dict[str, Any]]:
    """The export of a project, with names in place of the annotators' numbers; on request with predictions in full."""
    tasks = server.export(project.id)
    names = server.users()
    by_task: dict[Any, list[dict[str, Any]]] = {}
    for p in server.predictions(project.id) if predictions else ():
        by_task.setdefault(p.task, []).append({"model_version": p.model_version, "result": p.result})
    for task in tasks:
        if predictions:
            task["predictions"] = by_task.get(task.get("id"), [])
        for part, field in (("annotations", "completed_by"), ("drafts", "user")):
            for one in task.get(part) or ():
                number = one.get(field) if isinstance(one, dict) else None
                if type(number) is int:
                    one[field] = names.get(number, f"user {number}")
    return tasks
