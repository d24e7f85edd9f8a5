"""Which tasks are sound: everything that Label Studio and its SDK let through is found here, before and after.

`check` looks at all of a task (predictions, annotations, drafts); `sift` reads the one answer that a pull takes, and
parts the tasks that have one into sound and faulty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hexapla.annotate.align import Claims, claim, read_review, stale_sentences
from hexapla.annotate.reading import Faults, Reading, Region, TaskData, read_data, read_result
from hexapla.corpus import Corpus, Span
from hexapla.errors import Fault
from hexapla.predictions import show


@dataclass(frozen=True, slots=True)
class Answer:
    """What one task's annotator said."""

    data: TaskData
    reading: Reading


@dataclass(frozen=True, slots=True)
class Faulty:
    """A task that is set aside, with its reasons."""

    task: Any
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """Sound answers, faulty tasks, and how many tasks have no answer: skipped by the annotator, or not done yet."""

    answers: tuple[Answer, ...]
    faulty: tuple[Faulty, ...]
    skipped: int
    open: int

    @property
    def faults(self) -> list[Fault]:
        return [fault for task in self.faulty for fault in task.faults]


def check(tasks: Any, corpus: Corpus | None = None, where: str = "tasks") -> list[Fault]:
    """Every fault of tasks to be pushed or of an export; with a corpus, also what does not fit its texts."""
    if not isinstance(tasks, list):
        return [_not_a_list(tasks, where)]
    found: list[Fault] = []
    seen: dict[str, int] = {}
    for number, task in enumerate(tasks, 1):
        faults = check_task(task, corpus, _name(task, number, where))
        name = _id(task)
        if name and name in seen:
            faults.append(
                Fault("duplicate-task", _name(task, number, where), f"task {seen[name]} has the same hexapla_id", "each task once",
                      "remove one: the file was imported twice")
            )  # fmt: skip
        seen.setdefault(name, number)
        found += faults
    return found


def check_task(task: Any, corpus: Corpus | None = None, where: str = "task") -> list[Fault]:
    """The faults of one task, in its data and all of its results."""
    faults = Faults(where)
    data = read_data(task, faults)
    if data is None:
        return faults.found
    if corpus is not None:
        _fits(data, corpus, faults)
    for part in ("predictions", "annotations", "drafts"):
        listed = task.get(part) or []
        if not isinstance(listed, list):
            faults.add("bad-result", f"{part} is {show(listed)}", "a list")
            continue
        for n, one in enumerate(listed, 1):
            if type(one) is int:  # an export may name predictions by number only
                continue
            inner = Faults(f"{where} {part.removesuffix('s')} {n}")
            if not isinstance(one, dict):
                inner.add("bad-result", show(one), "an object with a result")
            elif not one.get("was_cancelled"):
                score = one.get("score")
                if score is not None and not (type(score) in (int, float) and 0 <= score <= 1):
                    inner.add("bad-score", f"score {show(score)}", "a number from 0 to 1")
                _read(one.get("result"), data, inner)
            faults.found += inner.found
    return faults.found


def sift(tasks: Any, corpus: Corpus, where: str = "tasks", drafts: bool = False) -> Sifted:
    """Read the answer of every task. Of a task with more annotations they must agree, or one be the ground truth.

    drafts: where there is no annotation, take the last draft.
    """
    if not isinstance(tasks, list):
        return Sifted((), (Faulty(tasks, (_not_a_list(tasks, where),)),), 0, 0)
    answers: list[Answer] = []
    faulty: list[Faulty] = []
    counts = {"skipped": 0, "open": 0}
    said: dict[str, list[tuple[Span, frozenset[Any]]]] = {}
    claims: dict[str, Claims] = {}
    for number, task in enumerate(tasks, 1):
        faults = Faults(_name(task, number, where))
        data = read_data(task, faults)
        results = _results(task, drafts, faults) if data is not None else []
        if data is not None and isinstance(results, str) and not faults.found:
            counts[results] += 1
            continue
        if data is not None and not faults.found:
            _fits(data, corpus, faults)
            readings = [_read(result, data, faults) for result in results]
            if not faults.found:
                if any(r.content != readings[0].content for r in readings[1:]):
                    faults.add("two-answers", f"{len(readings)} annotations that differ", "one, or one marked as ground truth",
                               "compare them and keep one")  # fmt: skip
                elif data.task == "align":
                    article = corpus.article(data.article_id)
                    claim(article, data, readings[0], claims.setdefault(data.article_id, {}), faults)
                else:
                    _agrees(data, readings[0], said, faults)
            if not faults.found:
                answers.append(Answer(data, readings[0]))
        if faults.found:
            faulty.append(Faulty(task, tuple(faults.found)))
    return Sifted(tuple(answers), tuple(faulty), counts["skipped"], counts["open"])


# ---- parts ---------------------------------------------------------------------------------------------------------


def _not_a_list(tasks: Any, where: str) -> Fault:
    return Fault(
        "not-a-task-list",
        where,
        show(tasks),
        "a list of tasks",
        "export in Label Studio's JSON format, not JSON_MIN",
    )


def _id(task: Any) -> str:
    data = task.get("data") if isinstance(task, dict) else None
    name = data.get("hexapla_id") if isinstance(data, dict) else None
    return name if isinstance(name, str) else ""


def _name(task: Any, number: int, where: str) -> str:
    name = _id(task)
    return f"{where}: task {number}" + (f" ({show(name)[1:-1]})" if name else "")


def _read(result: Any, data: TaskData, faults: Faults) -> Reading:
    return (read_review if data.task == "align" else read_result)(result, data, faults)


def _results(task: dict[str, Any], drafts: bool, faults: Faults) -> Sequence[Any] | str:
    """The results to take, or why there is none."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for part in ("annotations", "drafts"):
        listed = task.get(part) or []
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            faults.add("bad-result", f"{part} is {show(listed)}", "a list of objects",
                       "export in Label Studio's JSON format")  # fmt: skip
            return []
        parts[part] = listed
    given = [a for a in parts["annotations"] if not a.get("was_cancelled")]
    truth = [a for a in given if a.get("ground_truth")]
    if len(truth) == 1:
        given = truth
    if given:
        return [a.get("result") for a in given]
    if drafts and parts["drafts"]:
        return [parts["drafts"][-1].get("result")]
    return "skipped" if parts["annotations"] else "open"


def _fits(data: TaskData, corpus: Corpus, faults: Faults) -> None:
    """Are these still the corpus's texts? If not, the offsets mean nothing."""
    article = next((a for a in corpus.articles if a.article_id == data.article_id), None)
    if article is None:
        faults.add("unknown-article", f"article {show(data.article_id)}", "an article of this corpus", "name the build that was pushed")  # fmt: skip
        return
    for pane in data.panes:
        document = next((d for d in article.documents if d.lang == pane.lang), None)
        if document is None or document.doc_id != pane.doc_id:
            faults.add("unknown-document", f"document {show(pane.doc_id)} in {pane.lang}", f"a document of {data.article_id}", "name the build that was pushed")  # fmt: skip
        elif document.text_sha256 != pane.sha256:
            faults.add("text-changed", f"{pane.doc_id} now has sha256 {document.text_sha256[:12]}…", f"{pane.sha256[:12]}…, under which it was annotated",
                       "put the text back and build again; offsets are never moved by guess")  # fmt: skip
        elif data.task != "align" and document.text[slice(*pane.span)] != pane.text:
            faults.add("text-changed", f"the text of {pane.lang} is not {pane.doc_id} at {pane.start}", "the slice that was pushed",
                       "restore the task's data, or push it again")  # fmt: skip
        elif data.task == "align":
            stale_sentences(data, article, pane.lang, faults)


def _agrees(
    data: TaskData, reading: Reading, said: dict[str, list[tuple[Span, frozenset[Any]]]], faults: Faults
) -> None:
    """Where two tasks show the same stretch (a pivot, or an import done twice) they must say the same of it."""
    new: list[tuple[str, Span, frozenset[Any]]] = []
    for pane in data.panes:
        marked = [r for r in reading.regions if r.lang == pane.lang]
        for span, content in said.get(pane.doc_id, ()):
            common = max(span[0], pane.start), min(span[1], pane.span[1])
            if common[0] < common[1] and set(_within(marked, common)) != {
                c for c in content if common[0] <= c[1] and c[2] <= common[1]
            }:
                faults.add("tasks-disagree", f"{pane.doc_id} {common[0]}:{common[1]} is annotated otherwise in an earlier task",
                           "the same mentions wherever a text is shown", "compare the two tasks and correct one")  # fmt: skip
        new.append((pane.doc_id, pane.span, frozenset(r.content for r in marked)))
    if not faults.found:
        for doc_id, span, content in new:
            said.setdefault(doc_id, []).append((span, content))


def _within(regions: Sequence[Region], span: Span) -> Iterator[tuple[Any, ...]]:
    return (r.content for r in regions if span[0] <= r.start and r.end <= span[1])
