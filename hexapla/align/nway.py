"""Beads over any number of languages, in which all pairs of languages have a say.

Joining all pairwise links as they are lets one wrong link fuse two beads, and the more languages the more wrong links. Here
the beads are told by the *cuts* between them. A cut is a place in every language at once; a chain of cuts, from the beginning
of all texts to their end, makes the beads. The aligners of the pairs say how likely their alignment passes from one cut to
the next. A cut wins `_CUT`; and each language loses where the others together find that its place is not there. So it is not
outvoted by the many pairs that it has no part in, and one pair that errs is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from hexapla.align.dp import Floats, passages
from hexapla.align.pairwise import SURE, Aligner, Bead, Document

_CUT = 1.5
_LEVEL = np.log(2.0)  # the log probability from which a pair is for a cut, less the sign
_TRUST = 1e-3  # no pair is surer than this
_REACH = 6  # sentences of a language in a bead
_WORTH = 0.05  # mean probability of the pairs of a language, below which a cut is no candidate
_SWEEPS = 4
_WHOLE = 60  # sentences of a language that are laid at once
_AT_MOST = 240  # sentences after which a text is cut where no bead is sure

Aligners = Mapping[tuple[str, str], Aligner]
Cuts = NDArray[np.intp]  # [cuts, languages]: how many sentences lie before


def nway(texts: Mapping[str, Sequence[str]], aligners: Aligners | None = None) -> list[dict[str, list[int]]]:
    """Align the sentences of all languages at once.

    `texts` maps a language to its sentences. Each bead maps languages to ascending sentence indices; a language without a
    part in it is left out. Every sentence is in exactly one bead; beads are in reading order. The order of `texts` is of
    no consequence. `aligners` may hold fitted aligners by (lang, lang) in alphabetical order.
    """
    names = sorted(name for name in texts if texts[name])
    pairs = Pairs({name: texts[name] for name in names}, aligners or {})
    ends = [tuple(0 for _ in names)]
    if len(names) > 1:
        for part_end in pairs.parts():
            ends += pairs.cuts(ends[-1], part_end)
    else:
        ends += [(i + 1,) for name in names for i in range(len(texts[name]))]
    return [
        {name: list(range(lo, hi)) for name, lo, hi in zip(names, before, after, strict=True) if hi > lo}
        for before, after in pairwise(ends)
    ]


class Pairs:
    """The texts of several languages, and what aligns each two of them."""

    def __init__(self, texts: Mapping[str, Sequence[str]], aligners: Aligners) -> None:
        self.texts, self.names = texts, sorted(texts)
        plain = Aligner()
        self.aligners = {pair: aligners.get(pair, plain) for pair in combinations(self.names, 2)}
        self.sizes = tuple(len(texts[name]) for name in self.names)
        analysed = {name: plain.document(texts[name], name) for name in self.names}
        self.documents: dict[tuple[str, str], tuple[Hashable, Document, Document]] = {}
        for (a, b), aligner in self.aligners.items():
            if aligner is plain:
                self.documents[a, b] = None, analysed[a], analysed[b]
            else:
                words = aligner.learnt is not None
                self.documents[a, b] = aligner.analysed(texts[a], texts[b], a, b, words)

    def parts(self) -> Iterator[tuple[int, ...]]:
        """Ends of parts that are laid one by one: in long texts, cuts that the alignments with one language are sure of."""
        if max(self.sizes) > _WHOLE:
            at = max(range(len(self.names)), key=lambda x: self.sizes[x])
            pivot = self.names[at]
            size = len(self.texts[pivot])
            found = [None if name == pivot else self._beads(pivot, name) for name in self.names]
            places = [None if beads is None else _sure_places(beads, size) for beads in found]
            rough = [None if beads is None else _rough_places(beads, size) for beads in found]
            last = 0
            for i in range(_WHOLE // 2, self.sizes[at]):
                cut = [i if sure is None else int(sure[i]) for sure in places]
                if i - last >= _AT_MOST and min(cut) < 0:
                    cut = [
                        i if near is None else int(near[i]) for near in rough
                    ]  # the grid must fit into memory
                if i - last >= _WHOLE // 2 and min(cut) >= 0:
                    last = i
                    yield tuple(cut)
        yield self.sizes

    def _beads(self, a: str, b: str) -> list[Bead]:
        if (a, b) in self.aligners:
            return self.aligners[a, b].beads(self.texts[a], self.texts[b], a, b)
        turned = self.aligners[b, a].beads(self.texts[b], self.texts[a], b, a)
        return [Bead(bead.tgt, bead.src, bead.confidence) for bead in turned]

    def cuts(self, begin: tuple[int, ...], end: tuple[int, ...]) -> list[tuple[int, ...]]:
        """The cuts after `begin`, up to and with `end`."""
        lo = dict(zip(self.names, begin, strict=True))
        hi = dict(zip(self.names, end, strict=True))
        nodes: dict[tuple[int, int], Floats] = {}
        steps: dict[tuple[int, int], Floats] = {}
        for x, y in combinations(range(len(self.names)), 2):
            a, b = self.names[x], self.names[y]
            key, left, right = self.documents[a, b]
            score = self.aligners[a, b].scores(
                left.part(lo[a], hi[a]),
                right.part(lo[b], hi[b]),
                key,
                lo[a],
                (left.side, right.side),
            )
            nodes[x, y], steps[x, y] = passages(score, _REACH)
            nodes[y, x] = nodes[x, y].T
        size = np.array(end) - np.array(begin)
        found = _chain(_candidates(nodes, size), steps)
        return [tuple(int(v) for v in cut) for cut in found + np.array(begin)]


def _sure_places(beads: Sequence[Bead], size: int) -> NDArray[np.intp]:
    """For each place in the source, the place in the target that sure beads on both sides of it give; -1 if none."""
    places = np.full(size + 1, -1)
    for before, after in pairwise(beads):
        if (
            before.src
            and before.tgt
            and after.src
            and after.tgt
            and min(before.confidence, after.confidence) > SURE
        ):
            places[after.src[0]] = after.tgt[0]
    return places


def _rough_places(beads: Sequence[Bead], size: int) -> NDArray[np.intp]:
    """For each place in the source, how many target sentences the beads before it hold."""
    places = np.zeros(size + 1, dtype=np.intp)
    done = 0
    for bead in beads:
        done += len(bead.tgt)
        for i in bead.src:
            places[i + 1] = done
    return np.maximum.accumulate(places)


def _candidates(nodes: Mapping[tuple[int, int], Floats], size: NDArray[np.intp]) -> Cuts:
    """Cuts that are worth a look, ascending by the sentences before them: the first is the beginning, the last the end.

    From each place of each language, the likeliest places of the others: for this place alone, then for all places found,
    then with this place free too; and the neighbours of all these.
    """
    many = len(size)
    origin = np.repeat(np.arange(many), size + 1)
    cuts = np.zeros((len(origin), many), dtype=np.intp)
    for x in range(many):
        mine = origin == x
        for y in range(many):
            cuts[mine, y] = np.arange(size[x] + 1) if x == y else nodes[x, y].argmax(1)
    kept = [cuts.copy()]
    for sweep in range(_SWEEPS):
        for y in range(many):
            total = sum(nodes[z, y][cuts[:, z]] for z in range(many) if z != y)
            free = (origin != y) | (sweep > 0)
            cuts[free, y] = total.argmax(1)[free]  # type: ignore[union-attr]
        kept.append(cuts.copy())
    found = np.unique(np.concatenate(kept), axis=0)
    around = np.concatenate(
        [np.zeros((1, many), dtype=np.intp), np.eye(many, dtype=np.intp), -np.eye(many, dtype=np.intp)]
    )
    found = np.unique((found[:, None, :] + around[None, :, :]).reshape(-1, many), axis=0)
    found = found[((found >= 0) & (found <= size)).all(1)]
    mean = np.zeros((len(found), many))
    for x, y in permutations(range(many), 2):
        mean[:, x] += nodes[x, y][found[:, x], found[:, y]] / (many - 1)
    total = found.sum(1)
    found = found[(mean.min(1) >= _WORTH) & (total > 0) & (total < size.sum())]
    found = found[np.lexsort((*found.T[::-1], found.sum(1)))]
    return np.concatenate([np.zeros((1, many), dtype=np.intp), found, size[None, :]])


def _chain(cuts: Cuts, steps: Mapping[tuple[int, int], Floats]) -> Cuts:
    """The chain of cuts that wins the most, without the beginning. What lies between two cuts farther apart than `_REACH`
    is no bead: there each sentence is for itself."""
    many = cuts.shape[1]
    pairs = list(combinations(range(many), 2))
    left, right = np.array(pairs).T
    sizes = np.array([steps[pair].shape for pair in pairs])
    base = np.concatenate([[0], np.prod(sizes, 1).cumsum()[:-1]])
    said = np.concatenate([steps[pair].reshape(-1) for pair in pairs])
    said = np.log((1 - _TRUST) * said + _TRUST) + _LEVEL
    never = np.log(_TRUST) + _LEVEL
    takes_part = np.zeros((many, len(pairs)))
    takes_part[left, np.arange(len(pairs))] = takes_part[right, np.arange(len(pairs))] = 1.0
    total = cuts.sum(1)
    won = np.zeros(len(cuts))
    back = np.zeros(len(cuts), dtype=np.intp)
    best = 0  # the cut so far from which the most is won
    for at in range(1, len(cuts)):
        near = np.arange(np.searchsorted(total, total[at] - _REACH * many), at)
        near = np.append(near, best)
        step = cuts[at] - cuts[near]
        near, step = near[(step >= 0).all(1)], step[(step >= 0).all(1)]
        if not len(near):  # the beginning always lies before
            near = np.zeros(1, dtype=np.intp)
            step = cuts[at] - cuts[near]
        p, q = step[:, left], step[:, right]
        inside = (p <= _REACH) & (q <= _REACH)
        place = np.where(
            inside,
            base
            + ((p * (_REACH + 1) + q) * sizes[:, 2] + cuts[near][:, left]) * sizes[:, 3]
            + cuts[near][:, right],
            0,
        )
        value = np.where(inside, said[place], never)
        value[p + q == 0] = 0.0
        gain = won[near] + _CUT + np.minimum(value @ takes_part.T, 0.0).sum(1)
        chosen = int(gain.argmax())
        won[at], back[at] = gain[chosen], near[chosen]
        if won[at] > won[best]:
            best = at
    path = [len(cuts) - 1]
    while path[-1]:
        path.append(int(back[path[-1]]))
    out: list[NDArray[np.intp]] = []
    for before, after in zip(cuts[path[::-1]], cuts[path[-2::-1]], strict=False):
        if (after - before > _REACH).any():
            for x in range(many):
                for i in range(before[x] + 1, after[x] + 1):
                    out.append(np.concatenate([after[:x], [i], before[x + 1 :]]))
        else:
            out.append(after)
    return np.array(out)
