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
LONGEST = int(max(SRC.max(), TGT.max()))  # sentences of one side in a bead
_REACH = int((SRC + TGT).max())  # the longest step, in anti-diagonals
_NEVER = -1e9
_USUAL = 1.7  # usual score per sentence: taken off so that sums of exponentials stay in range


_SMALL = 250_000  # multiplications up to which BLAS starts no threads


def product(x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.floating]:
    """`x @ y` in pieces so small that BLAS keeps to one thread: for matrices of this size its threads cost far more than
    they gain, above all on a busy machine."""
    step = max(1, _SMALL // max(1, x.shape[0] * x.shape[1]))
    if step >= y.shape[1]:
        return x @ y
    out = np.empty((x.shape[0], y.shape[1]), dtype=np.result_type(x, y))
    for at in range(0, y.shape[1], step):
        np.matmul(x, y[:, at : at + step], out=out[:, at : at + step])
    return out


class _Layout(NamedTuple):
    """How a grid of n+1 by m+1 nodes lies in padded rows of anti-diagonals."""

    cells: NDArray[np.intp]  # [d, i] -> flat node, 0 where there is none
    inside: NDArray[np.bool_]
    width: int
    steps: NDArray[np.intp]  # per bead kind: distance between its two ends, in the padded rows


@lru_cache(maxsize=64)
def _layout(n: int, m: int) -> _Layout:
    d = np.arange(n + m + 1)[:, None]
    i = np.arange(n + 1)[None, :]
    inside = (d - i >= 0) & (d - i <= m)
    width = n + 1 + 2 * LONGEST
    return _Layout(np.where(inside, i * (m + 1) + d - i, 0), inside, width, (SRC + TGT) * width + SRC)


def _skewed(score: Floats, layout: _Layout, nothing: float) -> Floats:
    """Scores in rows of anti-diagonals: [d, k, i], padded so that every step stays inside the array."""
    rows, n1 = layout.inside.shape
    out = np.full((rows + 2 * _REACH, len(BEADS), layout.width), nothing)
    flat = score.reshape(len(BEADS), -1)[:, layout.cells]
    flat[:, ~layout.inside] = nothing
    out[_REACH : _REACH + rows, :, LONGEST : LONGEST + n1] = flat.transpose(1, 0, 2)
    return out


def best_path(score: Floats) -> list[tuple[int, int, int]]:
    """The path of the highest sum: (k, i, j) per bead, in order, where the bead ends at node (i, j)."""
    n, m = score.shape[1] - 1, score.shape[2] - 1
    layout = _layout(n, m)
    skewed = np.ascontiguousarray(_skewed(score, layout, _NEVER)[:, :, LONGEST : LONGEST + n + 1])
    total = np.full((n + m + 1 + 2 * _REACH, layout.width), _NEVER)
    flat = total.reshape(-1)
    total[_REACH, LONGEST] = 0.0
    choice = np.zeros((n + m + 1, n + 1), dtype=np.int8)
    back = np.arange(n + 1) - layout.steps[:, None]
    for d in range(1, n + m + 1):
        row = (d + _REACH) * layout.width + LONGEST
        options = flat[back + row]
        options += skewed[d + _REACH]
        choice[d] = options.argmax(0)
        options.max(0, out=flat[row : row + n + 1])
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
    span = (SRC + TGT)[:, None, None]
    for usual in (_USUAL, None):
        # every path covers all sentences, so taking the same off per sentence changes no probability
        if usual is None:
            usual = sum(float(score[k, i, j]) for k, i, j in best_path(score)) / max(1, n + m)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            mass, z = _sums(np.exp(np.maximum(score - usual * span, -700.0)), layout)
        if 0 < z < np.inf and np.isfinite(mass).all():
            break
    else:
        raise FloatingPointError(
            "bead scores differ too much to be summed"
        )  # scores of fitted weights never do
    out = np.zeros((len(BEADS), (n + 1) * (m + 1)))
    out[:, layout.cells[layout.inside]] = np.minimum(mass.transpose(1, 0, 2)[:, layout.inside] / z, 1.0)
    return out.reshape(score.shape), float(np.log(z)) + usual * (n + m)


def _sums(factor: Floats, layout: _Layout) -> tuple[Floats, float]:
    """Sum over the paths through each bead, [d, k, i], and over all paths, as products of `factor`."""
    rows, n1 = layout.inside.shape
    width = layout.width
    skewed = _skewed(factor, layout, 0.0)
    inner = np.ascontiguousarray(skewed[:, :, LONGEST : LONGEST + n1])
    forward = np.zeros((rows + 2 * _REACH, width))
    backward = forward.copy()
    ahead, behind = forward.reshape(-1), backward.reshape(-1)
    span = np.arange(n1)
    forward[_REACH, LONGEST] = 1.0
    before = np.zeros((rows, len(BEADS), n1))
    back = span - layout.steps[:, None]
    before[0] = ahead[back + (_REACH * width + LONGEST)]
    for d in range(1, rows):
        row = (d + _REACH) * width + LONGEST
        reached = ahead[back + row]
        before[d] = reached
        np.einsum("ki,ki->i", reached, inner[d + _REACH], out=ahead[row : row + n1])
    backward[rows - 1 + _REACH, LONGEST + n1 - 1] = 1.0
    # the factor of bead k that ends at (d + a + b, i + a), seen from its start (d, i)
    kinds = np.arange(len(BEADS))[:, None]
    onward = ((SRC + TGT)[:, None] * len(BEADS) + kinds) * width + SRC[:, None] + span + LONGEST
    forth = span + layout.steps[:, None]
    factors = skewed.reshape(-1)
    for d in range(rows - 2, -1, -1):
        row = (d + _REACH) * width + LONGEST
        np.einsum(
            "ki,ki->i",
            behind[forth + row],
            factors[onward + (d + _REACH) * len(BEADS) * width],
            out=behind[row : row + n1],
        )
    z = float(forward[rows - 1 + _REACH, LONGEST + n1 - 1])
    mass = (
        before
        * inner[_REACH : _REACH + rows]
        * backward[_REACH : _REACH + rows, None, LONGEST : LONGEST + n1]
    )
    return mass, z
