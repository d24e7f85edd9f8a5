"""The leaderboard: predictions in, scored here, one static page out, with `leaderboard.json` and `.csv` beside it.

Scores are never taken from a submission. Below `PILOT` articles there are no intervals and no ranks: systems stand in
order of name. From there on a rank is an interval: the systems that are surely better, and those that are surely worse.
The files depend only on the submissions and the gold: no dates, no order of the file system.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import zip_longest
from pathlib import Path
from typing import Any

import hexapla
from hexapla.errors import CheckFailed, Fault, HexaplaError, InputError
from hexapla.predictions import TRACKS
from hexapla.score.gold import Gold, read_gold
from hexapla.score.report import PILOT, Report, score_documents
from hexapla.score.scores import F1
from hexapla.score.table import percent
from hexapla.score.uncertainty import compare, interval
from hexapla.store import read_text, write_text
from hexapla.submission import Submission, System, read_submission

FORMAT = 1
ALPHA = 0.05
SHADES = 10  # of the heat maps


@dataclass(frozen=True, slots=True)
class Entry:
    """One system on the board."""

    name: str
    system: System
    report: Report

    def takes_part(self, track: str) -> bool:
        """A system without a single prediction for a track is shown with `–` there, not with 0."""
        return self.report.predicted(track) > 0

    def headline(self, track: str) -> float | None:
        return self.report.macro_langs(track) if self.takes_part(track) else None

    def consistency(self, track: str) -> dict[str, Any]:
        found = self.report.consistency(track)
        if not self.takes_part(track):
            return {"share": None, "expected": None, "of": found.all.of}
        return {"share": found.all.share, "expected": found.expected, "of": found.all.of}

    def interval(self, track: str) -> tuple[float, float] | None:
        return interval(self.report, track) if self.takes_part(track) else None

    def worst(self, track: str) -> tuple[str, float] | None:
        return self.report.worst(track) if self.takes_part(track) else None

    def cell(self, track: str, lang: str, label: str | None = None) -> F1:
        return self.report.f1(track, lang=lang, label=label)

    def to_json(self) -> dict[str, Any]:
        system = {name: getattr(self.system, name) for name in System.__dataclass_fields__}
        intervals = {track: self.interval(track) for track in TRACKS}
        return {"name": self.name, "system": system, "report": self.report.to_json(), "intervals": intervals}


def enter(submission: Submission, gold: Gold) -> Entry:
    """Score a submission."""
    return Entry(submission.name, submission.system, score_documents(gold, submission.predictions))


def build(submissions: str | Path, corpus: str | Path, out: str | Path) -> list[Entry]:
    """Score every folder in `submissions` against `corpus` and write `index.html`, `leaderboard.json`, `.csv` into `out`.

    Raises `InputError` with the faults of all submissions, and then writes nothing.
    """
    entries, gold = score_all(submissions, corpus)
    for name, content in _files(entries, gold).items():
        write_text(Path(out) / name, content)
    return entries


def verify(submissions: str | Path, corpus: str | Path, out: str | Path) -> list[Entry]:
    """Score everything again and compare with what `build` wrote; `CheckFailed` names the files that differ."""
    entries, gold = score_all(submissions, corpus)
    faults = []
    for name, content in _files(entries, gold).items():
        file = Path(out) / name
        if not file.is_file():
            faults.append(
                Fault(
                    "no-file",
                    str(file),
                    "no such file",
                    "a built leaderboard",
                    "run `hexapla leaderboard build`",
                )
            )
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


def score_all(submissions: str | Path, corpus: str | Path) -> tuple[list[Entry], Gold]:
    """All submissions of a folder in order of name, scored, and the gold; one `InputError` with the faults of all."""
    gold = read_gold(corpus)
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


def _files(entries: Sequence[Entry], gold: Gold) -> dict[str, str]:
    return {
        "index.html": page(entries, gold),
        "leaderboard.json": as_json(entries, gold),
        "leaderboard.csv": as_csv(entries, gold),
    }


def ranks(entries: Iterable[Entry], track: str) -> dict[str, tuple[int, int]]:
    """Name -> best and worst rank that the data allow; empty below `PILOT` articles.

    A system counts as better than another where the paired test, Holm-corrected over all pairs, gives p < `ALPHA`.
    Partial submissions and those that take no part have no rank.
    """
    ranked = {e.name: e.report for e in entries if e.takes_part(track) and not e.report.partial}
    if not ranked or len(next(iter(ranked.values())).counts.articles) < PILOT:
        return {}
    better, worse = Counter[str](), Counter[str]()
    for c in compare(ranked, track) if len(ranked) > 1 else ():
        if c.p_holm < ALPHA:
            winner, loser = (c.first, c.second) if c.difference > 0 else (c.second, c.first)
            better[loser] += 1
            worse[winner] += 1
    return {name: (1 + better[name], len(ranked) - worse[name]) for name in ranked}


def as_json(entries: Sequence[Entry], gold: Gold) -> str:
    """Everything: each system with its full report."""
    board = {
        "format": FORMAT,
        "hexapla": hexapla.__version__,
        "gold_sha256": gold.sha256,
        "pilot": len(gold.articles) < PILOT,
        "articles": len(gold.articles),
        "documents": len(gold.documents),
        "ranks": {track: ranks(entries, track) for track in TRACKS},
        "systems": [entry.to_json() for entry in entries],
    }
    return json.dumps(board, ensure_ascii=False, indent=1) + "\n"


def as_csv(entries: Iterable[Entry], gold: Gold) -> str:
    """A row per system: headlines, then F1 per track and language."""
    columns = ["name", "system", "version", "partial", *TRACKS, "consistency_entities", "consistency_numbers"]
    columns += [f"{track}_{lang}" for track in TRACKS for lang in gold.langs] + ["signature"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for entry in entries:
        row: list[Any] = [entry.name, entry.system.name, entry.system.version, entry.report.partial]
        row += [entry.headline(track) for track in TRACKS]
        row += [entry.consistency(track)["share"] for track in TRACKS]
        row += [
            entry.cell(track, lang).f1 if entry.takes_part(track) else None
            for track in TRACKS
            for lang in gold.langs
        ]
        writer.writerow([*row, entry.report.signature])
    return out.getvalue()


def page(entries: Sequence[Entry], gold: Gold) -> str:
    """The page as HTML: one file, nothing loaded from anywhere, a content security policy that allows its own style
    and script by hash and nothing else."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("hexapla"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "shade": shade}
    templates = resources.files("hexapla") / "templates"
    style, script = ((templates / f"leaderboard.{kind}").read_text("utf-8") for kind in ("css", "js"))
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    pilot = len(gold.articles) < PILOT
    return environment.get_template("leaderboard.html").render(
        entries=entries if pilot else sorted(entries, key=_by_score),
        ranks={track: ranks(entries, track) for track in TRACKS},
        gold=gold,
        tracks=TRACKS,
        pilot=PILOT,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
    )


def _by_score(entry: Entry) -> tuple[float, str]:
    return -(entry.headline("entities") or 0.0), entry.name


def shade(score: float | None) -> str:
    """The class of a heat map cell: `h0` … `h9`, or `none`."""
    return "none" if score is None else f"h{min(int(score * SHADES), SHADES - 1)}"


def _hash(text: str) -> str:
    """The source expression of inline content, as CSP level 2 defines it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
