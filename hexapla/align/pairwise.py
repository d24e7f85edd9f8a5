"""Aligning the sentences of two documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from hexapla import langs
from hexapla.align import features
from hexapla.align.dp import BEADS, Floats, best_path, posteriors
from hexapla.align.features import Side, side

Beads = list[tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences that translate each other, as indices; one side may be empty. `confidence`: probability, 0 to 1."""

    src: tuple[int, ...]
    tgt: tuple[int, ...]
    confidence: float


@cache
def weights() -> Floats:
    """The fitted weights, in the order of `features.NAMES`."""
    table = json.loads(resources.files("hexapla.align").joinpath("weights.json").read_text("utf-8"))
    return np.array([table[name] for name in features.NAMES])


def length_ratio(a: Side, b: Side) -> float:
    """Target characters per source character."""
    return float((b.lengths.sum() + 50) / (a.lengths.sum() + 50))


def _decode(a: Side, b: Side) -> list[Bead]:
    score = features.scores(a, b, length_ratio(a, b), weights())
    chance, _ = posteriors(score)
    # the path of the most expected right beads: a bead counts by its probability
    return [
        Bead(tuple(range(i - BEADS[k][0], i)), tuple(range(j - BEADS[k][1], j)), float(chance[k, i, j]))
        for k, i, j in best_path(chance - RISK)
    ]


RISK = 0.55


def beads(src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str) -> list[Bead]:
    """Align two lists of sentences; every index is in exactly one bead, beads are in reading order."""
    a, b = side(src, langs.normalise(src_lang)), side(tgt, langs.normalise(tgt_lang))
    if not len(a) or not len(b):
        return [Bead((i,), (), 1.0) for i in range(len(a))] + [Bead((), (j,), 1.0) for j in range(len(b))]
    return _decode(a, b)


def link_probabilities(src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str) -> Floats:
    """The probability, 0 to 1, that two sentences are in one bead: [sentences of src, of tgt]."""
    a, b = side(src, langs.normalise(src_lang)), side(tgt, langs.normalise(tgt_lang))
    out = np.zeros((len(a), len(b)))
    if not len(a) or not len(b):
        return out
    chance, _ = posteriors(features.scores(a, b, length_ratio(a, b), weights()))
    for k, (p, q) in enumerate(BEADS):
        for di in range(1, min(p, len(a)) + 1):
            for dj in range(1, min(q, len(b)) + 1):
                # the bead that ends at node (i, j) links sentences i - di and j - dj
                out[: len(a) - di + 1, : len(b) - dj + 1] += chance[k, di:, dj:]
    return np.minimum(out, 1.0)


def align(src: list[str], tgt: list[str], src_lang: str, tgt_lang: str) -> Beads:
    """Align two lists of sentences: pairs of index lists, in reading order, every index in exactly one."""
    return [(list(bead.src), list(bead.tgt)) for bead in beads(src, tgt, src_lang, tgt_lang)]
