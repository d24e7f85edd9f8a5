"""A dictionary learnt from the documents at hand: IBM model 1 (Brown et al. 1993) on beads that are already believed.

The evidence for a bead is how much likelier its words are given the other side's words than in general. What a document
itself put into the dictionary is taken out before the document is judged, else it would confirm its own mistakes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hexapla.align.dp import BEADS, LONGEST, Floats, product
from hexapla.tokens import token_pattern

Ids = NDArray[np.intp]
EVIDENCE = ("words", "words by length")

_STEM = 5  # characters of a word that count: the endings of inflected languages scatter the counts
_ROUNDS = 4
_UNRELATED = 0.4  # share of a word's probability that does not depend on the other side
_DISCOUNT = 0.3  # taken off each expected count: rare pairs are mostly chance
_PRIOR = 1.0
_EMPTY = np.zeros(0)
_BELIEVED = 0.3  # confidence from which a bead teaches


def words(text: str) -> list[str]:
    """The words of a sentence as the dictionary counts them: stems; pairs of East Asian characters."""
    out: list[str] = []
    before = ""
    for token in token_pattern().findall(text):
        if "\u3040" <= token[0] <= "\u9fff":
            if before:
                out.append(before + token)
            before = token
            continue
        before = ""
        if token[0].isalnum():
            out.append(token[: _STEM + 3].lower()[:_STEM])
    return out


class Bag(NamedTuple):
    """The words of a document: counts [sentence, word], and the word of each column."""

    counts: Floats
    vocabulary: list[str]


def bag(sentences: Sequence[Sequence[str]]) -> Bag:
    """Count the words of sentences, each a sequence of `words`."""
    index: dict[str, int] = {}
    columns = [index.setdefault(word, len(index)) for sentence in sentences for word in sentence]
    rows = np.repeat(np.arange(len(sentences)), [len(s) for s in sentences])
    size = max(1, len(index))
    counts = np.bincount(rows * size + np.array(columns, dtype=np.intp), minlength=len(sentences) * size)
    return Bag(counts.reshape(len(sentences), size)[:, : len(index)].astype(float), list(index))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Expected counts of word pairs in both directions, by rows of source words."""

    start: Ids
    target: Ids
    given_source: Floats
    given_target: Floats

    def dense(self, rows: Ids, columns: Ids, width: int) -> tuple[Floats, Floats]:
        """The part of the given words, [rows, columns] twice; -1 stands for a word that is not in the dictionary."""
        out = np.zeros((2, len(rows), len(columns)))
        place = np.full(width + 1, -1)
        place[columns] = np.arange(len(columns))
        place[width] = -1
        known = np.flatnonzero(rows >= 0)
        begin, end = self.start[rows[known]], self.start[rows[known] + 1]
        size = end - begin
        at = np.repeat(begin - (size.cumsum() - size), size) + np.arange(size.sum())
        row, column = np.repeat(known, size), place[self.target[at]]
        keep = column >= 0
        row, column, at = row[keep], column[keep], at[keep]
        out[0, row, column] = self.given_source[at]
        out[1, row, column] = self.given_target[at]
        return out[0], out[1]


class _Own(NamedTuple):
    """What one document put in: per entry the source sentence (ascending), the words and the expected counts."""

    sentence: Ids
    source: Ids
    target: Ids
    given_source: Floats
    given_target: Floats


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Expected counts of word pairs, and what each document contributed."""

    source: dict[str, int]
    target: dict[str, int]
    source_total: Floats
    target_total: Floats
    pairs: _Pairs
    own: dict[Hashable, _Own]

    def ratios(
        self, a: Bag, b: Bag, key: Hashable = None, lo: int = 0, hi: int | None = None
    ) -> tuple[Floats, Floats]:
        """p(t|s)/p(t) and p(s|t)/p(s) for the words of two documents: [source words, target words], twice.

        The counts from source sentences lo to hi of the document `key` are left out: those that are being judged.
        """
        rows = np.array([self.source.get(w, -1) for w in a.vocabulary], dtype=np.intp)
        columns = np.array([self.target.get(w, -1) for w in b.vocabulary], dtype=np.intp)
        one, two = self.pairs.dense(rows, columns, len(self.target))
        total_s, total_t = self.source_total[rows], self.target_total[columns]
        if own := self.own.get(key):
            few = slice(*np.searchsorted(own.sentence, [lo, len(a.counts) + lo if hi is None else hi]))
            place_s, place_t = np.full(len(self.source) + 1, -1), np.full(len(self.target) + 1, -1)
            place_s[rows], place_t[columns] = np.arange(len(rows)), np.arange(len(columns))
            cell = place_s[own.source[few]] * len(columns) + place_t[own.target[few]]
            # entries of words outside this part of a long document have no place
            here = (place_s[own.source[few]] >= 0) & (place_t[own.target[few]] >= 0)
            one -= np.bincount(cell[here], own.given_source[few][here], one.size).reshape(one.shape)
            two -= np.bincount(cell[here], own.given_target[few][here], two.size).reshape(two.shape)
            total_s, total_t = total_s - a.counts.sum(0), total_t - b.counts.sum(0)
        total_s, total_t = np.maximum(total_s, 1.0), np.maximum(total_t, 1.0)
        every_s, every_t = max(1.0, self.source_total.sum()), max(1.0, self.target_total.sum())
        known = (rows >= 0)[:, None] & (columns >= 0)[None, :]
        one = (
            np.maximum(one - _DISCOUNT, 0)
            * known
            / (total_s[:, None] + _PRIOR)
            / ((total_t + 1) / every_t)[None, :]
        )
        two = (
            np.maximum(two - _DISCOUNT, 0)
            * known
            / (total_t[None, :] + _PRIOR)
            / ((total_s + 1) / every_s)[:, None]
        )
        return one, two


Believed = Iterable[tuple[Sequence[int], Sequence[int], float]]  # source and target indices, confidence


def learn(
    documents: Iterable[tuple[Hashable, Sequence[Sequence[str]], Sequence[Sequence[str]], Believed]],
) -> Lexicon:
    """Learn from documents: (key, source words by sentence, target words by sentence, beads)."""
    source: dict[str, int] = {}
    target: dict[str, int] = {}
    totals: tuple[list[int], list[int]] = ([], [])
    columns: list[list[NDArray[np.generic]]] = [[] for _ in range(6)]
    bounds: dict[Hashable, tuple[int, int]] = {}
    size = number = 0
    for key, left, right, beads in documents:
        ids_s = [[source.setdefault(w, len(source)) for w in words] for words in left]
        ids_t = [[target.setdefault(w, len(target)) for w in words] for words in right]
        for total, ids in zip(totals, (ids_s, ids_t), strict=True):
            for words in ids:
                total += words
        begin = size
        for x, y, confidence in beads:
            if not len(x) or not len(y) or confidence < _BELIEVED:
                continue
            s, n_s = np.unique([w for i in x for w in ids_s[i]], return_counts=True)
            t, n_t = np.unique([w for j in y for w in ids_t[j]], return_counts=True)
            if not len(s) or not len(t):
                continue
            cells = len(s) * len(t)
            for column, values in zip(
                columns,
                (
                    np.repeat(s, len(t)), np.tile(t, len(s)), np.repeat(n_s * confidence, len(t)), np.tile(n_t * confidence, len(s)),
                    np.full(cells, number), np.full(cells, x[0]),
                ),
                strict=True,
            ):  # fmt: skip
                column.append(values)
            size, number = size + cells, number + 1
        bounds[key] = (begin, size)
    s, t, bead, sentence = (
        np.concatenate([np.zeros(0, np.intp), *columns[c]]).astype(np.intp) for c in (0, 1, 4, 5)
    )
    many_s, many_t = (np.concatenate([_EMPTY, *columns[c]]).astype(np.float64) for c in (2, 3))
    wide, high = max(1, len(target)), max(1, len(source))
    pair_of, pair = np.unique(s * wide + t, return_inverse=True)
    s_of, t_of = pair_of // wide, pair_of % wide
    given_s = _model_one(pair, s_of, bead * wide + t, many_s, many_t)
    given_t = _model_one(pair, t_of, bead * high + s, many_t, many_s)
    start = np.concatenate([[0], np.bincount(s_of, minlength=len(source)).cumsum()])
    pairs = _Pairs(start, t_of, _counted(pair, given_s, len(pair_of)), _counted(pair, given_t, len(pair_of)))
    own = {
        k: _Own(sentence[lo:hi], s[lo:hi], t[lo:hi], given_s[lo:hi], given_t[lo:hi])
        for k, (lo, hi) in bounds.items()
    }
    sums = [
        np.bincount(total, minlength=len(of) + 1).astype(float)
        for total, of in zip(totals, (source, target), strict=True)
    ]
    return Lexicon(source, target, sums[0], sums[1], pairs, own)


def _counted(at: Ids, values: Floats, size: int) -> Floats:
    return np.bincount(at, values, size).astype(np.float64)


def _model_one(pair: Ids, given: Ids, group: Ids, n_given: Floats, n_made: Floats) -> Floats:
    """Expected counts per entry: how often the made word came from the given word. `group`: made word within its bead."""
    chance = np.ones(len(given))
    _, group = np.unique(group, return_inverse=True)
    expected = np.zeros(len(pair))
    for _ in range(_ROUNDS if len(pair) else 0):
        weight = chance[pair] * n_given
        expected = weight / np.bincount(group, weight)[group] * n_made
        counts = np.bincount(pair, expected, len(chance))
        chance = counts / (np.bincount(given, counts)[given] + _PRIOR)
    return expected


def evidence(a: Bag, b: Bag, ratios: tuple[Floats, Floats]) -> Floats:
    """Log likelihood ratio of the words of each bead, both directions together, plain and by the root of the number of
    words: [2, k, i, j], in the order of `EVIDENCE`; 0 for beads with an empty side."""
    n, m = len(a.counts), len(b.counts)
    out = np.zeros((2, len(BEADS), n + 1, m + 1))
    forward = _one_way(a.counts, b.counts, ratios[0])
    backward = _one_way(b.counts, a.counts, ratios[1].T)
    size_a, size_b = (np.concatenate([[0.0], side.counts.sum(1).cumsum()]) for side in (a, b))
    for k, (p, q) in enumerate(BEADS):
        if p and q and p <= n and q <= m:
            both = forward[p - 1, p:, q:] - forward[p - 1, p:, : m + 1 - q]
            both += (backward[q - 1, q:, p:] - backward[q - 1, q:, : n + 1 - p]).T
            size = (size_a[p:] - size_a[: n + 1 - p])[:, None] + (size_b[q:] - size_b[: m + 1 - q])[None, :]
            out[0, k, p:, q:] = both
            out[1, k, p:, q:] = both / np.sqrt(size + 5)
    return out


def _one_way(given: Floats, made: Floats, ratio: Floats) -> Floats:
    """[s-1, i, j]: evidence for the first j sentences of `made` by the s sentences of `given` that end before node i."""
    n = len(given)
    use = ratio.max(0, initial=0.0) > 0
    pull = np.concatenate([np.zeros((1, int(use.sum()))), product(given, ratio[:, use]).cumsum(0)])
    length = np.concatenate([[0.0], given.sum(1).cumsum()])
    windows = np.ones((LONGEST, n + 1, pull.shape[1]), dtype=np.float32)
    for s in range(1, min(LONGEST, n) + 1):
        windows[s - 1, s:] = (
            _UNRELATED + (1 - _UNRELATED) * (pull[s:] - pull[:-s]) / (length[s:] - length[:-s] + 1)[:, None]
        )
    np.log(np.maximum(windows, 1e-9, out=windows), out=windows)
    found = product(windows.reshape(LONGEST * (n + 1), -1), made[:, use].T.astype(np.float32))
    out = np.zeros((LONGEST, n + 1, len(made) + 1))
    found.reshape(LONGEST, n + 1, len(made)).cumsum(2, out=out[:, :, 1:])
    return out
