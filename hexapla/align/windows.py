"""The rough course of a long alignment, from keys that occur once on either side."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from hexapla.align.dp import Floats
from hexapla.align.features import Side

_NEIGHBOURS = 9
_FAR = 25  # sentences that an anchor may lie off its neighbours


def course(a: Side, b: Side) -> Floats:
    """For each source node 0..n the target node that it is expected to meet.

    Keys that are unique in both documents are anchors; the longest chain of them that rises on both sides is kept, what
    lies far off its neighbours is dropped, and the rest is joined by straight lines. Without anchors: by length.
    """
    n, m = len(a), len(b)
    points = _chain(*_anchors(a, b))
    if len(points):
        middle = np.array(
            [
                np.median(points[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1, 1])
                for at in range(len(points))
            ]
        )
        centre = np.array(
            [
                np.median(points[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1, 0])
                for at in range(len(points))
            ]
        )
        slope = m / n
        points = points[np.abs(points[:, 1] - middle - slope * (points[:, 0] - centre)) <= _FAR]
    if len(points) < 5:
        done = np.concatenate([[0.0], a.lengths.cumsum()]) / max(1.0, a.lengths.sum())
        result: Floats = np.interp(
            done, np.concatenate([[0.0], b.lengths.cumsum()]) / max(1.0, b.lengths.sum()), np.arange(m + 1)
        )
        return result
    x = np.concatenate([[0], points[:, 0], [n]])
    y = np.concatenate([[0], points[:, 1], [m]])
    joined: Floats = np.interp(np.arange(n + 1), x, y)
    return joined


def _anchors(a: Side, b: Side) -> tuple[Floats, Floats]:
    """Sentences of the keys that are unique on either side, by source sentence."""
    once = []
    for document in (a, b):
        alone = np.bincount(document.which, minlength=len(document.distinct)) == 1
        rows = np.repeat(np.arange(len(document)), np.diff(document.start))
        once.append((document.distinct[alone], rows[document.first[alone]]))
    _, at_a, at_b = np.intersect1d(once[0][0], once[1][0], assume_unique=True, return_indices=True)
    i, j = once[0][1][at_a], once[1][1][at_b]
    order = np.lexsort((j, i))
    return i[order].astype(float), j[order].astype(float)


def _chain(i: Floats, j: Floats) -> Floats:
    """The longest chain that rises in `j` and does not fall in `i`: [points, 2]."""
    ends: list[float] = []
    last: list[int] = []
    before = [-1] * len(j)
    for at, value in enumerate(j.tolist()):
        place = bisect_left(ends, value)
        before[at] = last[place - 1] if place else -1
        if place == len(ends):
            ends.append(value)
            last.append(at)
        else:
            ends[place] = value
            last[place] = at
    chain = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append((i[at], j[at]))
        at = before[at]
    return np.array(chain[::-1]).reshape(-1, 2)
