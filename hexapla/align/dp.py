"""Dynamic programming over bead scores: exact on the whole grid, one numpy step per anti-diagonal.

A bead of kind k covers `BEADS[k] = (a, b)` sentences of the source and the target. `score[k, i, j]` is the score of the bead
that covers source sentences i-a..i-1 and target sentences j-b..j-1; a path goes from (0, 0) to (n, m).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEADS = (
    (1, 0),
    (0, 1),
    (1, 1),
    (1, 2),
    (2, 1),
    (2, 2),
    (1, 3),
    (3, 1),
    (1, 4),
    (4, 1),
    (2, 3),
    (3, 2),
    (3, 3),
)
SRC = np.array([a for a, _ in BEADS])
TGT = np.array([b for _, b in BEADS])
_REACH = int((SRC + TGT).max())  # the longest step, in anti-diagonals
_SIDE = int(SRC.max())
_NEVER = -1e9


class _Layout(NamedTuple):
    """How a grid of n+1 by m+1 nodes lies in rows of anti-diagonals."""

    cells: NDArray[np.intp]  # [d, i] -> flat node, 0 where there is none
    inside: NDArray[np.bool_]
    width: int
    steps: NDArray[np.intp]  # per bead kind: distance in the padded rows


@lru_cache(maxsize=256)
def _layout(n: int, m: int) -> _Layout:
    d = np.arange(n + m + 1)[:, None]
    i = np.arange(n + 1)[None, :]
    inside = (d - i >= 0) & (d - i <= m)
    width = n + 1 + 2 * _SIDE
    return _Layout(np.where(inside, i * (m + 1) + d - i, 0), inside, width, (SRC + TGT) * width + SRC)


def _skewed(score: Floats, layout: _Layout) -> Floats:
    """Scores in rows of anti-diagonals: [d, k, i], padded so that every step stays inside the array."""
    rows, n1 = layout.inside.shape
    out = np.full((rows + 2 * _REACH, len(BEADS), layout.width), _NEVER)
    flat = score.reshape(len(BEADS), -1)[:, layout.cells]
    out[_REACH : _REACH + rows, :, _SIDE : _SIDE + n1] = np.where(layout.inside, flat, _NEVER).transpose(
        1, 0, 2
    )
    return out


def best_path(score: Floats) -> list[tuple[int, int, int]]:
    """The path of the highest sum: (k, i, j) per bead, in order, where the bead ends at node (i, j)."""
    n, m = score.shape[1] - 1, score.shape[2] - 1
    layout = _layout(n, m)
    skewed = _skewed(score, layout)
    total = np.full((n + m + 1 + 2 * _REACH, layout.width), _NEVER)
    flat = total.reshape(-1)
    total[_REACH, _SIDE] = 0.0
    choice = np.zeros((n + m + 1, n + 1), dtype=np.int8)
    span = np.arange(n + 1)
    back = span - layout.steps[:, None]
    for d in range(1, n + m + 1):
        row = (d + _REACH) * layout.width + _SIDE
        options = flat[back + row]
        options += skewed[d + _REACH, :, _SIDE : _SIDE + n + 1]
        pick = options.argmax(0)
        choice[d] = pick
        flat[row : row + n + 1] = options[pick, span]
    path = []
    i, j = n, m
    while i or j:
        k = int(choice[i + j, i])
        path.append((k, i, j))
        i, j = i - BEADS[k][0], j - BEADS[k][1]
    return path[::-1]


def posteriors(score: Floats) -> tuple[Floats, float]:
    """The probability of each bead under exp(path score), shaped as `score`, and the log of the sum over all paths."""
    n, m = score.shape[1] - 1, score.shape[2] - 1
    layout = _layout(n, m)
    skewed = _skewed(score, layout)
    rows, width, kinds = n + m + 1, layout.width, np.arange(len(BEADS))[:, None]
    forward = np.full((rows + 2 * _REACH, width), _NEVER)
    backward = forward.copy()
    ahead, behind = forward.reshape(-1), backward.reshape(-1)
    forward[_REACH, _SIDE] = 0.0
    span = np.arange(n + 1)
    back = span - layout.steps[:, None]
    for d in range(1, rows):
        row = (d + _REACH) * width + _SIDE
        ahead[row : row + n + 1] = _log_sum(ahead[back + row] + skewed[d + _REACH, :, _SIDE : _SIDE + n + 1])
    backward[rows - 1 + _REACH, _SIDE + n] = 0.0
    # the score of bead k at (d + a + b, i + a), seen from (d, i)
    scores = skewed.reshape(-1)
    onward = (SRC + TGT)[:, None] * (len(BEADS) * width) + kinds * width + SRC[:, None] + span
    forth = span + layout.steps[:, None]
    for d in range(rows - 2, -1, -1):
        row = (d + _REACH) * width + _SIDE
        options = behind[forth + row] + scores[onward + ((d + _REACH) * len(BEADS) * width + _SIDE)]
        behind[row : row + n + 1] = _log_sum(options)
    log_z = float(forward[rows - 1 + _REACH, _SIDE + n])
    here = np.arange(rows)[:, None, None] + _REACH
    columns = span[None, None, :] + _SIDE
    before = forward[here - (SRC + TGT)[None, :, None], columns - SRC[None, :, None]]
    mass = before + skewed[_REACH : _REACH + rows, :, _SIDE : _SIDE + n + 1] + backward[here, columns] - log_z
    out = np.zeros((len(BEADS), (n + 1) * (m + 1)))
    rows_of, columns_of = np.nonzero(layout.inside)
    out[:, layout.cells[rows_of, columns_of]] = np.exp(np.minimum(mass[rows_of, :, columns_of].T, 0.0))
    return out.reshape(score.shape), log_z


def _log_sum(options: Floats) -> Floats:
    top = options.max(0)
    result: Floats = top + np.log(np.exp(options - top).sum(0))
    return np.maximum(result, _NEVER)
