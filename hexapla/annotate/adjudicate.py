"""Adjudication: what annotators agree on is taken over, what they differ in becomes a new task with every version in it.

A task is agreed where at least two annotated it and all said the same (regions, values, links), or where one annotation is
marked as ground truth. A disagreed one is asked again under `<hexapla_id>/adjudicate`; its answer decides. Nothing else is
taken: a task that only one annotated is counted, and left to `pull`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.annotate.align import read_review
from hexapla.annotate.annotators import canonical
from hexapla.annotate.back import apply
from hexapla.annotate.check import Faulty, sift
from hexapla.annotate.files import over, quarantine, read_export
from hexapla.annotate.reading import Faults, Reading, Region, TaskData, read_data, read_result
from hexapla.annotate.status import annotator
from hexapla.annotate.tasks import Result, Task
from hexapla.corpus import Corpus
from hexapla.errors import Fault
from hexapla.store import read_corpus, write_article, write_text

AGAIN = "/adjudicate"
AGREED = "agreed"
_ITEM = ("id", "from_name", "to_name", "type", "value", "from_id", "to_id", "direction", "labels")


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Counts of tasks: `agreed`, `decided` (their adjudication was answered), `open` (disagreed, to be adjudicated), `alone`
    (one annotator only), `unanswered`. `disagreements`: one line per difference; `tasks`: the file of the new tasks."""

    articles: tuple[str, ...]
    agreed: int
    decided: int
    open: int
    alone: int
    unanswered: int
    disagreements: tuple[str, ...]
    tasks: Path | None
    faults: tuple[Fault, ...]
    quarantine: Path | None


@dataclass(frozen=True, slots=True)
class _Vote:
    by: str
    result: Result
    reading: Reading
    task: Mapping[str, Any]
    truth: bool


def adjudicate(
    folder: str | Path, exports: Sequence[str | Path], out: str | Path, tasks: str | Path
) -> Adjudicated:
    """Merge the annotations in `exports` of the built corpus in `folder`.

    out: a folder of annotation files, such as `annotation/gold`; agreed and decided tasks are laid over it. tasks: the file of
    tasks for what is disagreed, to be pushed to a project of its own (removed where there is none); give its export beside the
    others afterwards. Annotations that cannot be read are set aside beside it.
    """
    corpus = read_corpus(folder)
    listed = [(str(file), read_export(file)) for file in exports]
    corpus = over(corpus, Path(out), [t for _, found in listed if isinstance(found, list) for t in found])
    votes, datas, faulty, unanswered = _votes(listed, corpus)
    taken: list[tuple[str, Mapping[str, Any], Result]] = []
    again: list[Task] = []
    lines: list[str] = []
    counts = dict.fromkeys(("agreed", "decided", "alone"), 0)
    for name, mine in votes.items():
        if name.endswith(AGAIN) and name.removesuffix(AGAIN) in votes:
            continue
        decision = votes.get(name + AGAIN, [])
        state, given = _verdict(mine, decision, decided=name.endswith(AGAIN))
        if state == "open":
            base = datas[name]
            again.append(_task(base, given))
            lines += _differences(base, given)
            continue
        counts[state] += 1
        if state != "alone":
            taken.append((name, given[0].task, given[0].result))
    sifted = sift([_as_task(task, result) for _, task, result in taken], corpus, "agreed")
    merged = apply(sifted.answers, corpus)
    faulty += sifted.faulty
    touched = {a.data.article_id for a in sifted.answers}
    for article in merged.articles:
        if article.article_id in touched:
            write_article(article, Path(out))
    place = Path(tasks)
    if again:
        write_text(place, json.dumps(again, ensure_ascii=False, indent=1) + "\n")
    else:
        place.unlink(missing_ok=True)
    return Adjudicated(
        tuple(sorted(touched)), counts["agreed"], counts["decided"], len(again), counts["alone"], unanswered, tuple(lines),
        place if again else None, tuple(f for t in faulty for f in t.faults), quarantine(place, faulty),
    )  # fmt: skip


def _verdict(mine: Sequence[_Vote], decision: Sequence[_Vote], decided: bool) -> tuple[str, Sequence[_Vote]]:
    """What becomes of a task, and the votes that it rests on."""
    if decision:
        return ("decided", decision) if _equal(decision) else ("open", decision)
    truth = [v for v in mine if v.truth]
    if len(truth) == 1:
        return "agreed", truth
    if not _equal(mine):
        return "open", mine
    return ("decided" if decided else "agreed" if len(mine) > 1 else "alone"), mine


def _equal(votes: Sequence[_Vote]) -> bool:
    return len({canonical(v.reading) for v in votes}) == 1


def _votes(
    listed: Iterable[tuple[str, Any]], corpus: Corpus
) -> tuple[dict[str, list[_Vote]], dict[str, TaskData], list[Faulty], int]:
    """Every readable annotation by task; a person who annotated a task in two exports has two votes."""
    votes: dict[str, list[_Vote]] = {}
    datas: dict[str, TaskData] = {}
    texts: dict[str, str] = {}
    faulty: list[Faulty] = []
    unanswered = 0
    for file, tasks in listed:
        for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
            where = f"{file}: task {number}"
            faults = Faults(where)
            data = read_data(task, faults)
            if data is not None:
                digest = task["data"]["text_sha256"]
                if texts.setdefault(data.hexapla_id, digest) != digest:
                    faults.add("text-changed", f"{data.hexapla_id} has another text than in an earlier export", "one text per task", "use exports of one build")  # fmt: skip
            if data is None or faults.found:
                faulty.append(Faulty(task, tuple(faults.found)))
                continue
            given = [
                a for a in task.get("annotations") or () if isinstance(a, dict) and not a.get("was_cancelled")
            ]
            unanswered += not given
            datas[data.hexapla_id] = data
            for one in given:
                vote = _vote(task, data, one, corpus, f"{where} by {annotator(one)}")
                if isinstance(vote, Faulty):
                    faulty.append(vote)
                else:
                    votes.setdefault(data.hexapla_id, []).append(vote)
    return dict(sorted(votes.items())), datas, faulty, unanswered


def _vote(task: Task, data: TaskData, one: dict[str, Any], corpus: Corpus, where: str) -> _Vote | Faulty:
    faults = Faults(where)
    result = one.get("result")
    reading = (read_review if data.task == "align" else read_result)(result, data, faults)
    found = (
        faults.found or sift([_as_task(task, result)], corpus, where).faults
    )  # also against the corpus's texts
    if found:
        return Faulty(task, tuple(found))
    return _Vote(annotator(one), one["result"], reading, task, bool(one.get("ground_truth")))


def _as_task(task: Mapping[str, Any], result: Any) -> dict[str, Any]:
    return {"data": task["data"], "annotations": [{"result": result}]}


# ---- what is asked again -------------------------------------------------------------------------------------------


def _task(data: TaskData, votes: Sequence[_Vote]) -> Task:
    """The task with every version as a prediction under its annotator's name, before them what all agree on."""
    fields = dict(votes[0].task["data"])
    fields["hexapla_id"] = data.hexapla_id.removesuffix(AGAIN) + AGAIN
    if not str(fields.get("title", "")).startswith("Adjudicate · "):
        fields["title"] = f"Adjudicate · {fields.get('title', '')}"
    predictions = []
    if data.task != "align":
        predictions.append({"model_version": AGREED, "result": _agreed(votes)})
    names: dict[str, int] = {}
    for vote in votes:
        names[vote.by] = names.get(vote.by, 0) + 1
        name = vote.by if names[vote.by] == 1 else f"{vote.by} ({names[vote.by]})"
        result = [{k: item[k] for k in _ITEM if k in item} for item in vote.result]
        predictions.append({"model_version": name, "result": result})
    return {"data": fields, "predictions": predictions}


def _agreed(votes: Sequence[_Vote]) -> Result:
    """The first version's regions that all share in every respect, and its relations between them."""
    shared = set.intersection(*({r.content for r in v.reading.regions} for v in votes))
    kept = {r.id for r in votes[0].reading.regions if r.content in shared}
    return [
        {k: item[k] for k in _ITEM if k in item} for item in votes[0].result
        if item.get("id") in kept or (item.get("type") == "relation" and {item.get("from_id"), item.get("to_id")} <= kept)
    ]  # fmt: skip


def _differences(data: TaskData, votes: Sequence[_Vote]) -> list[str]:
    """One line for every region that not all have alike; one for the task where only its links or its verdict differ."""
    if data.task == "align":
        return [
            f"{data.hexapla_id}: "
            + "; ".join(f"{v.by}: {v.reading.verdict} {_sentences(v.reading)}".rstrip() for v in votes)
        ]
    held = [{(r.lang, r.start, r.end): r for r in v.reading.regions} for v in votes]
    lines = []
    for place in sorted(set().union(*held)):
        versions = [of.get(place) for of in held]
        if len({None if r is None else r.content[:-1] for r in versions}) > 1:
            told = "; ".join(f"{v.by}: {_told(r)}" for v, r in zip(votes, versions, strict=True))
            pane = next(p for p in data.panes if p.lang == place[0])
            surface = pane.text[place[1] - pane.start : place[2] - pane.start]
            lines.append(f"{data.hexapla_id}: {place[0]} {surface!r} at {place[1]}: {told}")
    return lines or [f"{data.hexapla_id}: the same mentions, but other facts or links"]


def _told(region: Region | None) -> str:
    if region is None:
        return "not marked"
    value = f" {region.quantity}" if region.quantity is not None else ""
    return f"{region.label}{value}{' ambiguous' if region.ambiguous else ''}"


def _sentences(reading: Reading) -> str:
    return ", ".join(
        f"{lang} {' '.join(map(str, numbers)) or '0'}" for lang, numbers in reading.sentences.items()
    )
