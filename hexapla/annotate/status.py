"""How far the work in a project is: who answered, skipped, or began what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Work:
    """Of one annotator: submitted, skipped, and drafts that are not submitted."""

    answers: int = 0
    skipped: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """Tasks by state: `answered` (somebody submitted), `skipped` (nobody did, somebody skipped), `begun` (a draft only), `open`.

    `predictions`: tasks with a prediction, per model version; an export of Label Studio itself does not name the versions.
    """

    tasks: int
    answered: int
    skipped: int
    begun: int
    open: int
    annotators: Mapping[str, Work]
    predictions: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("tasks", "answered", "skipped", "begun", "open")} | {
            "annotators": {n: {"answers": w.answers, "skipped": w.skipped, "drafts": w.drafts} for n, w in self.annotators.items()},
            "predictions": dict(self.predictions),
        }  # fmt: skip


def survey(tasks: Any) -> Status:
    """The state of the tasks of an export. What is not one is left to `check`."""
    states: Counter[str] = Counter()
    annotators: dict[str, Work] = {}
    versions: Counter[str] = Counter()
    listed = [t for t in tasks if isinstance(t, dict)] if isinstance(tasks, list) else []
    for task in listed:
        given = list(_of(task, "annotations"))
        drafts = list(_of(task, "drafts"))
        for one in given:
            work = annotators.setdefault(annotator(one), Work())
            if one.get("was_cancelled"):
                work.skipped += 1
            else:
                work.answers += 1
        for one in drafts:
            annotators.setdefault(annotator(one), Work()).drafts += 1
        if any(not one.get("was_cancelled") for one in given):
            states["answered"] += 1
        else:
            states["skipped" if given else "begun" if drafts else "open"] += 1
        versions.update({str(p.get("model_version")) for p in _of(task, "predictions")})
    return Status(
        len(listed), states["answered"], states["skipped"], states["begun"], states["open"],
        dict(sorted(annotators.items())), dict(sorted(versions.items())),
    )  # fmt: skip


def annotator(one: Mapping[str, Any]) -> str:
    """Who made an annotation or draft: a name, or the number that Label Studio exports."""
    who = one.get("completed_by", one.get("user"))
    if isinstance(who, dict):
        full = f"{who.get('first_name') or ''} {who.get('last_name') or ''}".strip()
        who = full or who.get("email") or who.get("id")
    return who if isinstance(who, str) and who else f"user {who}" if type(who) is int else "unknown"


def _of(task: Mapping[str, Any], part: str) -> Iterator[dict[str, Any]]:
    listed = task.get(part)
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            yield one
