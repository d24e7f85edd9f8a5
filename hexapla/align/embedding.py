"""Similarity of sentence embeddings as further evidence. Any encoder serves: list of n strings to an array [n, dimensions]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from hexapla.align.dp import BEADS, Floats

WEIGHTS = np.array([0.5, 0.5])  # of the cosine, and of the cosine per sentence; set by hand
_JOINED = 3  # longer runs of sentences are embedded up to here


def evidence(a: Sequence[str], b: Sequence[str], encode: Callable[[list[str]], Floats]) -> Floats:
    """How much closer the two sides of a bead are than its sentences are to other places: [2, k, i, j].

    Sentences of one side are joined and embedded together (better than averaging vectors). From the cosine, the mean
    cosine of either side's run of sentences with all runs of the other document is taken off, and it is counted in
    standard deviations of the single sentences' cosines: encoders differ. The second feature counts it once per sentence.
    """
    n, m = len(a), len(b)
    left, right = _runs(a, encode), _runs(b, encode)
    unit = max(float((left[0] @ right[0].T).std()), 1e-6)
    out = np.zeros((len(WEIGHTS), len(BEADS), n + 1, m + 1))
    for k, (p, q) in enumerate(BEADS):
        if p and q and p <= n and q <= m:
            x, y = (
                left[min(p, _JOINED) - 1][max(0, p - _JOINED) :],
                right[min(q, _JOINED) - 1][max(0, q - _JOINED) :],
            )
            cosine = x @ y.T
            cosine -= (cosine.mean(0, keepdims=True) + cosine.mean(1, keepdims=True)) / 2
            cosine /= unit
            out[0, k, p:, q:] = cosine
            out[1, k, p:, q:] = cosine * (p + q)
    return out


def _runs(texts: Sequence[str], encode: Callable[[list[str]], Floats]) -> list[Floats]:
    """Unit vectors of all runs of 1, 2, ... sentences: per length [runs, dimensions]."""
    runs = [
        [" ".join(texts[at : at + s]) for at in range(len(texts) - s + 1)]
        for s in range(1, min(_JOINED, len(texts)) + 1)
    ]
    vectors = np.asarray(encode([text for group in runs for text in group]), dtype=float)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.split(vectors, np.cumsum([len(group) for group in runs])[:-1])
