"""The leaderboard: predictions in, scored here; a static page out, with JSON, CSV and the hub's `eval.yaml` beside it.

Scores are never taken from a submission. Below `PILOT` articles there are no intervals and no ranks: systems stand in
order of name. From there on a rank is an interval: the systems that are surely better, and those that are surely worse.
The files depend only on the submissions and the gold: no dates, no order of the file system.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import hexapla
from hexapla.errors import CheckFailed, Fault, HexaplaError, InputError
from hexapla.predictions import TRACKS
from hexapla.score.gold import Gold, read_gold
from hexapla.score.report import PILOT, Report, score_documents
from hexapla.score.scores import F1, Consistency
from hexapla.score.uncertainty import compare, intervals
from hexapla.store import read_text, write_text
from hexapla.submission import Submission, System, read_submission

FORMAT = 1
ALPHA = 0.05
VIEWS = {track: track for track in TRACKS} | {f"consistency/{track}": track for track in TRACKS}
"""What systems are ranked on, each by itself -> the track it is of."""
_TASKS = {
    "entities": "strict span F1, mean over languages",
    "numbers": "value F1 on overlapping spans, mean over languages",
    "consistency/entities": "facts right in every language that expresses them, entities",
    "consistency/numbers": "facts right in every language that expresses them, numbers",
}

Interval = tuple[float, float]
Ranks = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One system on the board."""

    name: str
    system: System
    report: Report

    def takes_part(self, view: str) -> bool:
        """A system without a single prediction for a track is shown with `–` there, not with 0."""
        return self.report.predicted(VIEWS[view]) > 0

    def score(self, view: str) -> float | None:
        """The headline of a track, or its consistency; None where the system takes no part."""
        if not self.takes_part(view):
            return None
        return self.report.macro_langs(view) if view in TRACKS else self.consistency(view).all.share

    def consistency(self, view: str) -> Consistency:
        return self.report.consistency(VIEWS[view])

    def worst(self, track: str) -> tuple[str, float] | None:
        return self.report.worst(track) if self.takes_part(track) else None

    def gap(self, track: str) -> float | None:
        return self.report.gap(track) if self.takes_part(track) else None

    def cell(self, track: str, lang: str, label: str | None = None) -> F1:
        return self.report.f1(track, lang=lang, label=label)

    def to_json(self, intervals: Mapping[str, Interval | None]) -> dict[str, Any]:
        system = {name: getattr(self.system, name) for name in System.__dataclass_fields__}
        own = {name: intervals.get(name) for name in self.report.headlines()}
        return {
            "name": self.name,
            "system": system,
            "intervals": dict(intervals),
            "report": self.report.to_json(own),
        }


@dataclass(frozen=True, slots=True)
class Board:
    """All systems in order of name; per view (`VIEWS`) the intervals and ranks of those that have them."""

    entries: tuple[Entry, ...]
    gold: Gold
    intervals: Mapping[str, Mapping[str, Interval | None]]
    ranks: Mapping[str, Mapping[str, Ranks]]

    @property
    def pilot(self) -> bool:
        """Too few articles for intervals and ranks."""
        return len(self.gold.articles) < PILOT

    def ordered(self, view: str) -> tuple[Entry, ...]:
        """By score where there are ranks, partial submissions last; by name in a pilot."""
        if self.pilot:
            return self.entries
        return tuple(sorted(self.entries, key=lambda e: (e.report.partial, -(e.score(view) or 0.0), e.name)))

    def interval(self, view: str, entry: Entry) -> Interval | None:
        return self.intervals[view].get(entry.name)


def board_of(entries: Iterable[Entry], gold: Gold) -> Board:
    """Intervals and ranks of some systems, on every view; the same draws of articles for all of them."""
    listed = tuple(sorted(entries, key=lambda e: e.name))
    found = {}
    for view in VIEWS:
        there = {e.name: e.report for e in listed if e.takes_part(view)}
        found[view] = intervals(there, view)
    return Board(listed, gold, found, {view: ranks(listed, view) for view in VIEWS})


def enter(submission: Submission, gold: Gold) -> Entry:
    """Score a submission."""
    return Entry(submission.name, submission.system, score_documents(gold, submission.predictions))


def build(
    submissions: str | Path, corpus: str | Path, out: str | Path, commitment: str | Path | None = None
) -> list[Entry]:
    """Score every folder in `submissions` against `corpus` and write the files of the board into `out`.

    `index.html`, `leaderboard.json`, `leaderboard.csv` and `eval.yaml`. `commitment`: the published digest of a gold that is
    kept back (`hexapla.score.gold.seal`). Raises `InputError` with the faults of all submissions, and then writes nothing.
    """
    entries, gold = score_all(submissions, corpus, commitment)
    for name, content in files(board_of(entries, gold)).items():
        write_text(Path(out) / name, content)
    return entries


def verify(
    submissions: str | Path, corpus: str | Path, out: str | Path, commitment: str | Path | None = None
) -> list[Entry]:
    """Score everything again and compare with what `build` wrote; `CheckFailed` names the files that differ."""
    entries, gold = score_all(submissions, corpus, commitment)
    faults = []
    for name, content in files(board_of(entries, gold)).items():
        file = Path(out) / name
        if not file.is_file():
            faults.append(Fault("no-file", str(file), "no such file", "a built leaderboard", "run `hexapla leaderboard build`"))  # fmt: skip
            continue
        listed, again = read_text(file).splitlines(), content.splitlines()
        if listed != again:
            pairs = enumerate(zip_longest(listed, again), 1)
            line = next(n for n, (old, new) in pairs if old != new)
            faults.append(
                Fault("other-score", f"{file}:{line}", "not what the submissions and the gold give", "the same",
                      "run `hexapla leaderboard build`, and look at what has changed")
            )  # fmt: skip
    if faults:
        raise CheckFailed(faults)
    return entries


def score_all(
    submissions: str | Path, corpus: str | Path, commitment: str | Path | None = None
) -> tuple[list[Entry], Gold]:
    """All submissions of a folder in order of name, scored, and the gold; one `InputError` with the faults of all."""
    gold = read_gold(corpus, commitment)
    entries: list[Entry] = []
    faults: list[Fault] = []
    folder = Path(submissions)
    if not folder.is_dir():
        raise InputError(
            Fault("no-submission", str(folder), "not a folder", "a folder of submissions", "check the path")
        )
    for place in sorted(folder.iterdir(), key=lambda p: p.name):
        if place.name.startswith("."):
            continue
        try:
            entries.append(enter(read_submission(place, gold), gold))
        except HexaplaError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return entries, gold


def files(board: Board) -> dict[str, str]:
    """Name -> content of everything that is published."""
    from hexapla.leaderboard_page import page

    return {
        "index.html": page(board),
        "leaderboard.json": as_json(board),
        "leaderboard.csv": as_csv(board),
        "eval.yaml": as_eval_yaml(board.gold),
    }


def ranks(entries: Iterable[Entry], view: str) -> dict[str, Ranks]:
    """Name -> best and worst rank that the data allow; empty below `PILOT` articles.

    A system counts as better than another where the paired test, Holm-corrected over all pairs, gives p < `ALPHA`.
    Partial submissions and those that take no part have no rank.
    """
    ranked = {e.name: e.report for e in entries if e.takes_part(view) and not e.report.partial}
    if not ranked or len(next(iter(ranked.values())).counts.articles) < PILOT:
        return {}
    better, worse = Counter[str](), Counter[str]()
    for c in compare(ranked, view) if len(ranked) > 1 else ():
        if c.p_holm < ALPHA:
            winner, loser = (c.first, c.second) if c.difference > 0 else (c.second, c.first)
            better[loser] += 1
            worse[winner] += 1
    return {name: (1 + better[name], len(ranked) - worse[name]) for name in ranked}


def as_json(board: Board) -> str:
    """Everything: each system with its full report."""
    told = {
        "format": FORMAT,
        "hexapla": hexapla.__version__,
        "gold_sha256": board.gold.sha256,
        "pilot": board.pilot,
        "articles": len(board.gold.articles),
        "documents": len(board.gold.documents),
        "alpha": ALPHA,
        "ranks": board.ranks,
        "systems": [e.to_json({view: board.interval(view, e) for view in VIEWS}) for e in board.entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def as_csv(board: Board) -> str:
    """A row per system: score, interval and ranks of every view, worst language, then F1 per track and language."""
    parts = ("", "_low", "_high", "_rank_best", "_rank_worst")
    columns = ["name", "system", "version", "partial"]
    columns += [view.replace("/", "_") + part for view in VIEWS for part in parts]
    columns += [f"{track}_worst" for track in TRACKS]
    columns += [f"{track}_{lang}" for track in TRACKS for lang in board.gold.langs] + ["signature"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for entry in board.entries:
        row: list[Any] = [entry.name, entry.system.name, entry.system.version, entry.report.partial]
        for view in VIEWS:
            between, rank = board.interval(view, entry), board.ranks[view].get(entry.name)
            row += [entry.score(view), *(between or (None, None)), *(rank or (None, None))]
        row += [worst[0] if (worst := entry.worst(track)) else None for track in TRACKS]
        row += [
            entry.cell(track, lang).f1 if entry.takes_part(track) else None
            for track in TRACKS
            for lang in board.gold.langs
        ]
        writer.writerow([*row, entry.report.signature])
    return out.getvalue()


def as_eval_yaml(gold: Gold) -> str:
    """`eval.yaml` for the root of the dataset repository: how the Hugging Face hub is told that a dataset is a benchmark.

    The hub shows results only of frameworks that it knows; the file names ours, and where a score comes from.
    """
    lines = [
        "# Hugging Face hub, evaluation results: this dataset is a benchmark. Scores: `hexapla score`, docs/scoring.md",
        'name: "Hexapla"',
        'description: "The same entities and numbers, extracted from every language version of an article."',
        'evaluation_framework: "hexapla"',
        "tasks:",
    ]
    for view, about in _TASKS.items():
        lines += [f'  - id: "{view.replace("/", "-")}"', f"    # {about}", '    config: "articles"', f'    split: "{gold.split}"']  # fmt: skip
    return "\n".join(lines) + "\n"
