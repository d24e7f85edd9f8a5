"""The leaderboard's page: one file, nothing loaded from anywhere, with a content security policy that allows its own
style and script by their hashes and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hexapla import sealed
from hexapla.leaderboard import VIEWS, Board, Entry, Interval
from hexapla.predictions import TRACKS
from hexapla.score.report import PILOT
from hexapla.score.slices import SLICES
from hexapla.score.table import percent

SHADES = 10  # of the heat maps
WIDTH = 180  # of the forest plot, in its own units
MARGIN = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """The part of 0 … 1 that a forest plot shows, on whole tenths (twentieths where it is narrow)."""

    low: float
    high: float

    @classmethod
    def of(cls, board: Board, view: str) -> Axis:
        """Wide enough for all scores and intervals of a view."""
        ends = [s for e in board.entries if (s := e.score(view)) is not None]
        ends += [end for e in board.entries for end in board.interval(view, e) or ()]
        if not ends:
            return cls(0.0, 1.0)
        step = 20 if max(ends) - min(ends) < 0.2 else 10
        low, high = math.floor(min(ends) * step) / step, math.ceil(max(ends) * step) / step
        if high > low:
            return cls(low, high)
        return cls(low - 1 / step, high) if low else cls(0.0, 1 / step)

    def x(self, score: float) -> float:
        """The place of a score, in units of the drawing."""
        return round(MARGIN + (score - self.low) / (self.high - self.low) * (WIDTH - 2 * MARGIN), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """(place, text) of four lines at most."""
        n = round((self.high - self.low) * 20)
        step = next(s for s in (1, 2, 4, 5, 10, 20) if n / s <= 4)
        places = [self.low + k / 20 for k in range(0, n + 1, step)]
        return [(self.x(place), f"{100 * place:.0f}") for place in places]


def page(board: Board) -> str:
    """The page as HTML."""
    from markupsafe import Markup

    environment = sealed.environment()
    environment.filters |= {"percent": percent, "shade": shade, "told": told}
    style, script = sealed.asset("leaderboard.css"), sealed.asset("leaderboard.js")
    return environment.get_template("leaderboard.html").render(
        board=board,
        gold=board.gold,
        axes={view: Axis.of(board, view) for view in VIEWS},
        views=VIEWS,
        tracks=TRACKS,
        slices=SLICES,
        pilot=PILOT,
        width=WIDTH,
        policy=sealed.policy(style, script),
        style=Markup(style),
        script=Markup(script),
    )


def told(entry: Entry, view: str, between: Interval | None) -> str:
    """A score and its interval in words, for those who do not see the drawing."""
    score = entry.score(view)
    text = f"{entry.system.name}: {percent(score)}"
    return text + (f", 95 % interval {percent(between[0])} to {percent(between[1])}" if between else "")


def shade(score: float | None) -> str:
    """The class of a heat map cell: `h0` … `h9`, or `none`."""
    return "none" if score is None else f"h{min(int(score * SHADES), SHADES - 1)}"
