"""Dynamic programming over bead scores: exact on the whole grid, one numpy step per source sentence.

A bead of kind k covers `BEADS[k] = (a, b)` sentences of the source and the target. `score[k, i, j]` is the score of the bead
that covers source sentences i-a..i-1 and target sentences j-b..j-1; a path goes from (0, 0) to (n, m).
"""

from __future__ import annotations

from functools import lru_cache

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
_SHRINKS = 64
_STRETCH = 32  # columns over which products of factors stay in range ...
_LEAST = 1e-9  # ... if none is less than this
_ADDED = BEADS.index((0, 1))  # the one bead that stays in its row
_ONWARD = [k for k, (a, _) in enumerate(BEADS) if a]
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


@lru_cache(maxsize=256)
def _starts(m: int) -> NDArray[np.intp]:
    """Where the beads of `_ONWARD` that end in a row begin, in padded rows of m + 1 nodes: [k, j], less the row's own start."""
    width = m + 1 + LONGEST
    return np.arange(m + 1) + LONGEST - SRC[_ONWARD, None] * width - TGT[_ONWARD, None]


def best_path(score: Floats) -> list[tuple[int, int, int]]:
    """The path of the highest sum: (k, i, j) per bead, in order, where the bead ends at node (i, j)."""
    n, m = score.shape[1] - 1, score.shape[2] - 1
    width = m + 1 + LONGEST
    total = np.full((n + 1 + LONGEST, width), _NEVER)
    flat = total.reshape(-1)
    starts = _starts(m)
    onward = np.ascontiguousarray(score[_ONWARD].transpose(1, 0, 2))
    added = score[_ADDED].copy()
    added[:, 0] = 0.0
    added = added.cumsum(1)  # of a run of beads without a source sentence
    choice = np.empty((n + 1, m + 1), dtype=np.intp)
    kinds = np.array(_ONWARD)
    for i in range(n + 1):
        options = flat[starts + (i + LONGEST) * width]
        options += onward[i]
        best = options.argmax(0)
        reached = options.max(0)
        if i == 0:
            reached[0] = 0.0
        reached -= added[i]
        furthest = np.maximum.accumulate(reached)
        choice[i] = np.where(furthest > reached, _ADDED, kinds[best])
        total[i + LONGEST, LONGEST:] = furthest + added[i]
    path = []
    i, j = n, m
    while i or j:
        k = int(choice[i, j]) if i else _ADDED
        path.append((k, i, j))
        i, j = i - BEADS[k][0], j - BEADS[k][1]
    return path[::-1]


def posteriors(score: Floats) -> tuple[Floats, float]:
    """The probability of each bead under exp(path score), shaped as `score`, and the log of the sum over all paths."""
    n, m = score.shape[1] - 1, score.shape[2] - 1
    factor, ahead, behind, off = _summed(score)
    z = ahead[n, m]
    mass = np.zeros_like(factor)
    for k, (a, b) in enumerate(BEADS):
        if a <= n and b <= m:
            np.multiply(factor[k, a:, b:], behind[a:, b:], out=mass[k, a:, b:])
            mass[k, a:, b:] *= ahead[: n + 1 - a, : m + 1 - b]
    mass /= z
    return np.minimum(mass, 1.0, out=mass), float(np.log(z)) + off


def passages(score: Floats, reach: int) -> tuple[Floats, Floats]:
    """How likely a path passes each node, [i, j]; and how likely one that passes (i, j) passes (i + p, j + q) as well, without
    regard to what lies between: [p, q, i, j] for p and q up to `reach`."""
    n, m = score.shape[1] - 1, score.shape[2] - 1
    factor, ahead, behind, _ = _summed(score)
    between = np.zeros((reach + 1, reach + 1, n + 1, m + 1))
    between[0, 0] = 1.0
    for p in range(min(reach, n) + 1):
        for q in range(min(reach, m) + 1):
            here = between[p, q, : n + 1 - p, : m + 1 - q]
            for k, (a, b) in enumerate(BEADS):
                if a <= p and b <= q:
                    here += between[p - a, q - b, : n + 1 - p, : m + 1 - q] * factor[k, p:, q:]
    with np.errstate(divide="ignore", invalid="ignore"):
        for p in range(min(reach, n) + 1):
            for q in range(min(reach, m) + 1):
                between[p, q, : n + 1 - p, : m + 1 - q] *= behind[p:, q:] / behind[: n + 1 - p, : m + 1 - q]
    return np.minimum(ahead * behind / ahead[n, m], 1.0), np.clip(np.nan_to_num(between, nan=0.0), 0.0, 1.0)


def _summed(score: Floats) -> tuple[Floats, Floats, Floats, float]:
    """exp of the scores, the sums over the paths to and from each node [i, j], and the logarithm taken off each path before.

    Every path covers all sentences, so taking the same off per sentence changes no probability, and keeps the sums in range:
    the usual score, or else what the best path wins with the sentence. Where that is not enough, as in a text whose parts
    changed places and match in every word, the scores are brought closer: probabilities are then less sure than they could be.
    """
    n, m = score.shape[1] - 1, score.shape[2] - 1
    off: tuple[Floats, Floats] | None = np.full(n, _USUAL), np.full(m, _USUAL)
    for _ in range(_SHRINKS):
        src, tgt = off or _won(score)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            factor = np.exp(
                np.clip(
                    score - (sums_before(src, SRC)[:, :, None] + sums_before(tgt, TGT)[:, None, :]),
                    -700.0,
                    700.0,
                )
            )
            ahead, behind = _sums(factor)
        if 0 < ahead[n, m] < np.inf and np.isfinite(ahead).all() and np.isfinite(behind).all():
            return factor, ahead, behind, float(src.sum() + tgt.sum())
        if off is None:
            score = score / 2
        off = None
    raise FloatingPointError("bead scores are no numbers")


def _won(score: Floats) -> tuple[Floats, Floats]:
    """What the best path wins with each sentence of either side."""
    src, tgt = np.zeros(score.shape[1] - 1), np.zeros(score.shape[2] - 1)
    for k, i, j in best_path(score):
        a, b = BEADS[k]
        src[i - a : i] = tgt[j - b : j] = score[k, i, j] / (a + b)
    return src, tgt


def sums_before(values: Floats, sizes: NDArray[np.intp]) -> Floats:
    """Sums of the `sizes[k]` values before place i: [k, i]; of fewer where there are fewer."""
    total = np.concatenate([np.zeros(1), values.cumsum()])
    result: Floats = total - total[np.maximum(np.arange(len(values) + 1) - sizes[:, None], 0)]
    return result


def _sums(factor: Floats) -> tuple[Floats, Floats]:
    """Sums over the paths to and from each node, [i, j], as products of `factor`."""
    n, m = factor.shape[1] - 1, factor.shape[2] - 1
    width = m + 1 + LONGEST
    # as it is, and turned round: the sums from the end are those from the start of that
    both = np.zeros((2, *factor.shape))
    for k, (a, b) in enumerate(BEADS):
        both[0, k, a:, b:] = factor[k, a:, b:]
        both[1, k, a:, b:] = factor[k, a:, b:][::-1, ::-1]
    onward = np.ascontiguousarray(both[:, _ONWARD].transpose(2, 0, 1, 3))
    # runs of beads without a source sentence: their products from the beginning of a stretch of columns
    added = np.maximum(both[:, _ADDED].transpose(1, 0, 2), _LEAST)
    stretches = [slice(lo, min(lo + _STRETCH, m + 1)) for lo in range(0, m + 1, _STRETCH)]
    runs = added.copy()
    runs[:, :, ::_STRETCH] = 1.0
    for here in stretches:
        runs[:, :, here].cumprod(2, out=runs[:, :, here])
    total = np.zeros((2, n + 1 + LONGEST, width))
    flat = total.reshape(2, -1)
    starts = _starts(m)
    for i in range(n + 1):
        reached = np.einsum("skj,skj->sj", flat[:, starts + (i + LONGEST) * width], onward[i])
        if i == 0:
            reached[:, 0] = 1.0
        for here in stretches:
            if here.start:
                reached[:, here.start] += (
                    total[:, i + LONGEST, LONGEST + here.start - 1] * added[i, :, here.start]
                )
            found = (reached[:, here] / runs[i, :, here]).cumsum(1)
            found *= runs[i, :, here]
            total[:, i + LONGEST, LONGEST + here.start : LONGEST + here.stop] = found
    return total[0, LONGEST:, LONGEST:], total[1, LONGEST:, LONGEST:][::-1, ::-1]
