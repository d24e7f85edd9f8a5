"""A report for people: plain tables with TP, FP and FN, the matching rule named above each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hexapla.predictions import TRACKS
from hexapla.score.report import PILOT, Report
from hexapla.score.scores import F1, Share
from hexapla.score.slices import SLICES

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

_RULES = {
    ("entities", "strict"): "Entities · same span and label",
    ("numbers", "value"): "Numbers · overlapping span; same label, value and unit",
    ("numbers", "strict"): "Numbers · same span and label",
}


def percent(score: float | None) -> str:
    """0.8734 as `87.3`; what is undefined as `–`."""
    return "–" if score is None else f"{100 * score:.1f}"


def tables(report: Report, *, labels: bool = False) -> Iterator[RenderableType]:
    """What `hexapla score` prints; with `labels`, a row per label under each language."""
    from rich.text import Text

    if report.partial:
        yield Text(
            f"PARTIAL: {report.counts.scored} of {report.counts.documents} documents; not comparable with others",
            style="bold red",
        )
    for (track, metric), title in _RULES.items():
        if report.predicted(track):
            yield _f1_table(report, track, metric, title, labels)
        else:
            yield Text(f"No {track} among the predictions.", style="dim")
            if metric == "value":
                break
    if report.predicted("numbers"):
        yield _details(report)
        yield _slices(report)
    if any(report.linking(track).linked for track in TRACKS):
        yield _linking(report)
    yield _consistency(report)
    between = report.intervals()
    heads = " · ".join(
        f"{name} {percent(score)}" + (f" ({percent(i[0])}–{percent(i[1])})" if (i := between[name]) else "")
        for name, score in report.headlines().items()
    )
    yield Text(f"Headlines: {heads}", style="bold")
    notes = "F1 = 2·TP / (2·TP + FP + FN); – is 0/0."
    if any(between.values()):
        notes += " In brackets 95 % intervals, bootstrap over articles."
    if len(report.counts.articles) < PILOT:
        notes += f" {len(report.counts.articles)} articles: a pilot; below {PILOT} articles small differences mean nothing."
    yield Text(notes, style="dim")


def print_report(report: Report, console: Console | None = None, *, labels: bool = False) -> None:
    """Print `tables` and the signature, the latter on one line to be copied."""
    from rich.console import Console

    console = console or Console()
    for n, table in enumerate(tables(report, labels=labels)):
        if n:
            console.print()
        console.print(table)
    console.print(report.signature, style="dim", soft_wrap=True, highlight=False)


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for n, column in enumerate(columns):
        table.add_column(column, justify="left" if n == 0 else "right")
    return table


def _f1_table(report: Report, track: str, metric: str, title: str, labels: bool) -> Table:
    table = _table(title, "", "TP", "FP", "FN", "P", "R", "F1", "macro over labels")

    def row(name: str, score: F1, macro: str = "", style: str = "") -> None:
        figures = map(percent, (score.precision, score.recall, score.f1))
        table.add_row(name, *map(str, (score.tp, score.fp, score.fn)), *figures, macro, style=style)

    for lang in report.langs:
        row(lang, report.f1(track, metric, lang=lang), percent(report.macro_labels(track, metric, lang=lang)))
        for label in TRACKS[track] if labels else ():
            score = report.f1(track, metric, lang=lang, label=label)
            if score.f1 is not None:
                row(f"  {label}", score, style="dim")
    table.add_section()
    row("all (micro)", report.f1(track, metric), percent(report.macro_labels(track, metric)))
    for label in TRACKS[track]:
        score = report.f1(track, metric, label=label)
        if score.f1 is not None:
            row(f"  {label}", score, style="dim")
    table.add_row("macro over languages", *[""] * 5, percent(report.macro_langs(track, metric)), style="bold")
    return table


def _share(share: Share) -> str:
    return f"{percent(share.share)} ({share.n}/{share.of})"


def _details(report: Report) -> Table:
    table = _table("Numbers · among matched mentions", "", "unit right", "modifier right", "wrong by 10ⁿ")
    for lang in (*report.langs, None):
        cells = [_share(report.share(name, lang=lang)) for name in ("unit", "modifier", "scale")]
        table.add_row(lang or "all", *cells)
    return table


def _slices(report: Report) -> Table:
    table = _table("Numbers · right values by the way they are written", "", *report.langs, "all")
    for name in SLICES:
        if report.slice(name).of:
            table.add_row(name, *(_share(report.slice(name, lang=lang)) for lang in (*report.langs, None)))
    return table


def _linking(report: Report) -> Table:
    table = _table(
        "Linking across languages · by fact_id",
        "",
        "pairs TP",
        "FP",
        "FN",
        "pairs F1",
        "B³ P",
        "B³ R",
        "B³ F1",
    )
    for track in TRACKS:
        found = report.linking(track)
        b3 = (found.b3_precision, found.b3_recall, found.b3_f1)
        table.add_row(
            track,
            *map(str, (found.pairs.tp, found.pairs.fp, found.pairs.fn)),
            percent(found.pairs.f1),
            *map(percent, b3),
        )
    return table


def _consistency(report: Report) -> Table:
    table = _table(
        "Consistency · facts in two or more languages",
        "",
        "facts",
        "right in all of them",
        "if errors were independent",
    )

    def row(name: str, share: Share, expected: float | None) -> None:
        table.add_row(name, str(share.of), percent(share.share), percent(expected))

    for track in TRACKS:
        found = report.consistency(track)
        row(track, found.all, found.expected)
    both = report.consistency()
    row("both", both.all, both.expected)
    for (a, b), (share, expected) in both.pairs.items():
        row(f"  {a}, {b}", share, expected)
    return table
