"""Aligning the sentences of two documents, alone or with what a set of documents teaches."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from hexapla import langs
from hexapla.align import embedding, features, lexicon
from hexapla.align.dp import BEADS, SRC, TGT, Floats, best_path, posteriors
from hexapla.align.embedding import Encoder
from hexapla.align.features import SHAPE, SHAPES, Side
from hexapla.align.lexicon import Lexicon
from hexapla.align.windows import course

Beads = list[tuple[list[int], list[int]]]

RISK = 0.6  # what a bead costs when it is wrong, against 1 - RISK won when it is right
_HOPELESS = 0.02  # the probability below which no bead is believed
SURE = 0.95  # confidence of a bead after which a long text may be cut
WHOLE = 300  # sentences of both sides that are still searched at once
WINDOW = 60  # source sentences of a window
GAP = 1000  # source sentences to look ahead where the target has nothing
TEACHES = 160  # sentences per side from which a single pair is a set of its own
TAUGHT = 2000  # source sentences of it to learn from, at most
_BEADS = 6000  # beads to learn a dictionary from, at most; memory grows with them
_STRENGTH = 25.0  # beads that the usual shares of bead shapes count for


class Weights(NamedTuple):
    """Fitted weights: of the features, and of the evidence beyond them; the shares of the shapes they were fitted on."""

    features: Floats
    extra: dict[str, float]
    shapes: Floats


@cache
def weights(name: str = "plain") -> Weights:
    """A set of fitted weights: `plain`, or `learnt` (with a dictionary)."""
    table = json.loads(resources.files("hexapla.align").joinpath("weights.json").read_text("utf-8"))
    chosen = table[name]
    extra = {key: chosen[key] for key in lexicon.EVIDENCE if key in chosen}
    shapes = np.array([table["shapes"][shape] for shape in SHAPES])
    return Weights(np.array([chosen[key] for key in features.NAMES]), extra, shapes)


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences that translate each other, as indices; one side may be empty. `confidence`: probability, 0 to 1."""

    src: tuple[int, ...]
    tgt: tuple[int, ...]
    confidence: float


class Document(NamedTuple):
    """One side of a pair, analysed. `words` only where a dictionary asks for them."""

    side: Side
    words: list[list[str]]
    texts: Sequence[str]

    def part(self, lo: int, hi: int) -> Document:
        return Document(self.side.part(lo, hi), self.words[lo:hi], self.texts[lo:hi])


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a set of documents says: target characters per source character, shares of the bead shapes, a dictionary."""

    ratio: float
    shapes: Floats
    lexicon: Lexicon


def length_ratio(a: Side, b: Side) -> float:
    """Target characters per source character."""
    return float((b.lengths.sum() + 50) / (a.lengths.sum() + 50))


class Aligner:
    """Aligns documents of one pair of languages; `fit` learns from a set of them first.

    `encode` (list of n strings to an array [n, dimensions]) adds the similarity of sentence embeddings.

    >>> Aligner()(["One dog.", "Two cats."], ["Um cão.", "Dois gatos."], "en", "pt")
    [([0], [0]), ([1], [1])]
    """

    def __init__(self, encode: Encoder | None = None) -> None:
        self.encode = embedding.remembered(encode) if encode else None
        self.learnt: Learnt | None = None

    def fit(
        self, doc_pairs: Iterable[tuple[Sequence[str], Sequence[str]]], src_lang: str, tgt_lang: str
    ) -> Aligner:
        """Learn length ratio, bead shapes and a dictionary from document pairs that need not be aligned.

        Replaces what was learnt before. Two rounds: align with what is known, learn from the beads.
        """
        self.learnt = None
        pairs = [self.analysed(s, t, src_lang, tgt_lang, True) for s, t in doc_pairs]
        pairs = [(key, a, b) for key, a, b in pairs if len(a.side) and len(b.side)]
        self._learn_from(pairs)
        return self

    def _learn_from(self, pairs: Sequence[tuple[Hashable, Document, Document]]) -> None:
        for _ in range(2 if pairs else 0):
            found = [self._align(a, b, key) for key, a, b in pairs]
            self.learnt = _learn(pairs, found)

    def beads(self, src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str) -> list[Bead]:
        """Align two lists of sentences; every index is in exactly one bead, beads are in reading order."""
        src_lang, tgt_lang = langs.normalise(src_lang), langs.normalise(tgt_lang)
        if not src or not tgt:
            return [Bead((i,), (), 1.0) for i in range(len(src))] + [
                Bead((), (j,), 1.0) for j in range(len(tgt))
            ]
        alone = self.learnt is None and min(len(src), len(tgt)) >= TEACHES
        teach = alone or self.learnt is not None
        key, a, b = self.analysed(src, tgt, src_lang, tgt_lang, teach)
        if not alone:
            return self._align(a, b, key)
        pupil = Aligner(self.encode)
        i = min(len(src), TAUGHT)
        j = len(tgt) if i == len(src) else max(1, int(course(a.side, b.side)[i]))
        pupil._learn_from([(key, a.part(0, i), b.part(0, j))])
        return pupil._align(a, b, key)

    def __call__(self, src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str) -> Beads:
        """Align two lists of sentences: pairs of index lists, in reading order, every index in exactly one."""
        return [(list(bead.src), list(bead.tgt)) for bead in self.beads(src, tgt, src_lang, tgt_lang)]

    def analysed(
        self, src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str, words: bool
    ) -> tuple[Hashable, Document, Document]:
        """Both sides, and before them what the pair is known by to a dictionary; `words` if there is or will be one."""
        key = hash((tuple(src), tuple(tgt))) if words else None
        return key, self.document(src, src_lang, words), self.document(tgt, tgt_lang, words)

    def document(self, sentences: Sequence[str], lang: str, words: bool = False) -> Document:
        """Analyse one side; `words` for a dictionary."""
        side = features.side(sentences, langs.normalise(lang))
        return Document(side, [lexicon.words(s) for s in sentences] if words else [], sentences)

    def scores(
        self,
        a: Document,
        b: Document,
        key: Hashable = None,
        lo: int = 0,
        part_of: tuple[Side, Side] | None = None,
    ) -> Floats:
        """The scores of all beads of two documents, as in `dp.py`, or of parts of them: then `lo` is where the source part
        begins, and `part_of` are the whole documents."""
        chosen = weights("learnt" if self.learnt else "plain")
        ratio = self.learnt.ratio if self.learnt else length_ratio(*(part_of or (a.side, b.side)))
        total = features.scores(a.side, b.side, ratio, chosen.features)
        if self.learnt:
            left, right = lexicon.bag(a.words), lexicon.bag(b.words)
            found = lexicon.evidence(left, right, self.learnt.lexicon.ratios(left, right, key, lo))
            for name, value in zip(lexicon.EVIDENCE, found, strict=True):
                total += chosen.extra[name] * value
            total += np.log(self.learnt.shapes / chosen.shapes)[SHAPE][:, None, None]
        if self.encode:
            total = embedding.added(
                total, a.texts, b.texts, self.encode, "learnt" if self.learnt else "plain"
            )
        return total

    def chances(
        self,
        a: Document,
        b: Document,
        key: Hashable = None,
        lo: int = 0,
        part_of: tuple[Side, Side] | None = None,
    ) -> Floats:
        """The probabilities of all beads, as in `dp.py`; arguments as of `scores`."""
        return posteriors(self.scores(a, b, key, lo, part_of))[0]

    def _align(self, a: Document, b: Document, key: Hashable = None) -> list[Bead]:
        n, m = len(a.side), len(b.side)
        if n + m <= WHOLE:
            return _best(self.chances(a, b, key), 0, 0)
        found: list[Bead] = []
        expected = course(a.side, b.side)
        i = j = 0
        while i < n and j < m:
            i_end = min(n, i + WINDOW)
            while i_end < min(n, i + GAP) and expected[i_end] - j < WINDOW // 3:
                i_end = min(n, i_end + WINDOW)  # much is missing from the target: look beyond
            j_end = m if i_end == n else min(m, max(j, int(expected[i_end])) + WINDOW // 2)
            if n - i <= WINDOW * 3 // 2 and m - j <= WINDOW * 2:
                i_end, j_end = n, m
            chance = self.chances(a.part(i, i_end), b.part(j, j_end), key, i, (a.side, b.side))
            part = _best(chance, i, j)
            if (i_end, j_end) != (n, m):
                part = part[: _cut(part, i, i_end)]
            found += part
            i += sum(len(bead.src) for bead in part)
            j += sum(len(bead.tgt) for bead in part)
        found += [Bead((x,), (), 1.0) for x in range(i, n)] + [Bead((), (y,), 1.0) for y in range(j, m)]
        return found


def _best(chance: Floats, lo_i: int, lo_j: int) -> list[Bead]:
    """The path of the most expected right beads."""
    # where nothing fits, few long beads would be the cheapest: there each sentence costs
    cost = RISK * np.where(chance < _HOPELESS, (SRC + TGT)[:, None, None], 1)
    return [
        Bead(
            tuple(range(lo_i + i - BEADS[k][0], lo_i + i)), tuple(range(lo_j + j - BEADS[k][1], lo_j + j)), float(chance[k, i, j])
        )
        for k, i, j in best_path(chance - cost)
    ]  # fmt: skip


def _cut(part: list[Bead], lo: int, hi: int) -> int:
    """How many beads of a window to keep: up to a sure one, well before the end, where the window shows too little."""
    inner = [
        (at, bead)
        for at, bead in enumerate(part, 1)
        if bead.src and lo + (hi - lo) // 3 <= bead.src[0] and bead.src[-1] < lo + (hi - lo) * 2 // 3
    ]  # not before the first third, however sure: text that repeats itself is sure of its first bead only
    sure = [at for at, bead in inner if bead.tgt and bead.confidence > SURE]
    if sure:
        return sure[-1]
    if inner:
        return max(inner, key=lambda item: (item[1].confidence, item[0]))[0]
    return max(1, len(part) // 2)


def _shares(counts: Floats, usual: Floats) -> Floats:
    """Shares of the bead shapes, drawn to the usual ones where there is little to count."""
    result: Floats = (counts + _STRENGTH * usual) / (counts.sum() + _STRENGTH)
    return result


def _learn(pairs: Sequence[tuple[Hashable, Document, Document]], found: Sequence[list[Bead]]) -> Learnt:
    counts = np.zeros(len(SHAPES))
    source = target = 0.0
    for (_, a, b), beads in zip(pairs, found, strict=True):
        for bead in beads:
            shape = (len(bead.src), len(bead.tgt))
            counts[SHAPE[BEADS.index(shape)]] += 1
            if shape == (1, 1) and bead.confidence > 0.8:
                source += a.side.lengths[bead.src[0]]
                target += b.side.lengths[bead.tgt[0]]
    step = 1 + sum(map(len, found)) // _BEADS
    dictionary = lexicon.learn(
        (key, a.words, b.words, [(bead.src, bead.tgt, bead.confidence) for bead in beads[::step]])
        for (key, a, b), beads in zip(pairs, found, strict=True)
    )
    return Learnt((target + 50) / (source + 50), _shares(counts, weights().shapes), dictionary)


def beads(src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str) -> list[Bead]:
    """Align two lists of sentences, with a confidence per bead. See `Aligner` for sets of documents."""
    return Aligner().beads(src, tgt, src_lang, tgt_lang)


def align(src: list[str], tgt: list[str], src_lang: str, tgt_lang: str) -> Beads:
    """Align two lists of sentences: pairs of index lists, in reading order, every index in exactly one."""
    return Aligner()(src, tgt, src_lang, tgt_lang)
