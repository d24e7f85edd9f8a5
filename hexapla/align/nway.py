"""Beads over any number of languages: one multiple alignment in which all pairs have a say.

Joining all pairwise links as they are lets one wrong link fuse two beads, and the more languages the more wrong links. Here
every sentence is laid on a row of *slots* so that the expected number of right links over all pairs is highest: languages are
added one by one and then laid anew in turn against all others until nothing changes (iterative refinement, Gotoh 1996).
Sentences that share a slot are in one bead. Averaging the link probabilities over third languages first (the consistency
transformation of Do et al. 2005) was tried and made it worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hexapla.align.dp import Floats
from hexapla.align.pairwise import WHOLE, Aligner, link_matrix

_COST = 0.5  # probability from which a link is worth having
_SPAN = 5  # slots that one sentence covers at most
_SWEEPS = 6

Links = dict[tuple[str, str], Floats]
Slots = NDArray[np.intp]  # [sentences, 2]: first and last slot of each sentence of a language


def nway(
    texts: Mapping[str, Sequence[str]], aligners: Mapping[tuple[str, str], Aligner] | None = None
) -> list[dict[str, list[int]]]:
    """Align the sentences of all languages at once.

    `texts` maps a language to its sentences. Each bead maps languages to ascending sentence indices; a language without a
    part in it is left out. Every sentence is in exactly one bead; beads are in reading order. The order of `texts` is of
    no consequence. `aligners`: as for `pairwise_links`.
    """
    if len(texts) < 2:
        return [{lang: [i]} for lang, sentences in texts.items() for i in range(len(sentences))]
    return join(pairwise_links(texts, aligners))


def pairwise_links(
    texts: Mapping[str, Sequence[str]], aligners: Mapping[tuple[str, str], Aligner] | None = None
) -> Links:
    """The probability that two sentences are in one bead, for all pairs of languages: [sentences, sentences].

    `aligners` may hold fitted aligners by (lang, lang) in alphabetical order.
    """
    names = sorted(texts)
    plain = Aligner()
    documents = {name: plain.document(texts[name], name) for name in names}
    links: Links = {}
    for a, b in combinations(names, 2):
        aligner = (aligners or {}).get((a, b), plain)
        found = np.zeros((len(texts[a]), len(texts[b])))
        if aligner is plain and min(found.shape) > 0 and sum(found.shape) <= WHOLE:
            found = link_matrix(plain.chances(documents[a], documents[b]))
        else:
            for bead in aligner.beads(texts[a], texts[b], a, b):
                found[np.ix_(bead.src, bead.tgt)] = bead.confidence
        links[a, b], links[b, a] = found, found.T
    return links


def join(links: Links) -> list[dict[str, list[int]]]:
    """Beads from the link probabilities of all pairs; see `nway`."""
    return _beads(_place(sorted({a for a, _ in links}), links))


def _place(names: list[str], links: Links) -> dict[str, Slots]:
    """Lay all sentences on slots."""
    mass = {a: sum(float(links[a, b].sum()) for b in names if b != a) for a in names}
    order = sorted(names, key=lambda name: (-mass[name], name))
    size = len(next(iter(links[order[0], b] for b in names if b != order[0])))
    placed = {order[0]: np.repeat(np.arange(size), 2).reshape(-1, 2)}
    for name in order[1:]:
        placed = _lay(name, placed, links)
    before = None
    for _ in range(_SWEEPS):
        for name in order:
            placed = _lay(name, {other: slots for other, slots in placed.items() if other != name}, links)
        now = _beads(placed)
        if now == before:
            break
        before = now
    return placed


def _lay(name: str, others: Mapping[str, Slots], links: Links) -> dict[str, Slots]:
    """Lay one language against all others: the monotone choice of slots with the most expected right links.

    Two neighbours may share a slot, which is then split in two; a sentence without a link gets a slot of its own.
    """
    others = _packed(others)
    slots = 1 + max((int(at[-1, 1]) for at in others.values() if len(at)), default=-1)
    size = len(next(links[name, other] for other in others))
    gain = np.zeros((size, slots, _SPAN))  # [sentence, first slot, further slots]
    for other, at in others.items():
        if not len(at):
            continue
        total = np.concatenate([np.zeros((size, 1)), (links[name, other] - _COST).cumsum(1)], axis=1)
        first = np.searchsorted(at[:, 1], np.arange(slots))  # first sentence that ends in or after a slot
        for more in range(_SPAN):
            last = np.searchsorted(
                at[:, 0], np.arange(slots) + more, side="right"
            )  # sentences that begin before its end
            gain[:, :, more] += np.where(last > first, total[:, last] - total[:, np.minimum(first, last)], 0)
    # columns: 2t is the place before slot t, 2t + 1 the slot itself; best: the most with the last sentence there or before
    width = 2 * slots + 1
    best = np.zeros((size + 1, width))
    choice = np.zeros(
        (size, width), dtype=np.intp
    )  # further slots; between slots -1; -2: the column to the left is better
    for i in range(size):
        here = best[i].copy()
        choice[i] = -1
        if slots:
            reached = np.full((_SPAN, slots), -np.inf)
            for more in range(min(_SPAN, slots)):
                reached[more, more:] = best[i, 1 : width - 2 * more : 2] + gain[i, : slots - more, more]
            choice[i, 1::2] = reached.argmax(0)
            here[1::2] = reached.max(0)
        best[i + 1] = np.maximum.accumulate(here)
        choice[i][best[i + 1] > here] = -2
    ends = [(0.0, 0.0)] * size
    at_column = width - 1
    for i in range(size - 1, -1, -1):
        while choice[i, at_column] == -2:
            at_column -= 1
        slot, more = at_column // 2, int(choice[i, at_column])
        ends[i] = (slot - 0.5, slot - 0.5) if more < 0 else (slot - more, slot)
        if more >= 0:
            at_column -= 2 * more
    return _with_room(name, others, ends, slots)


def _with_room(
    name: str, others: Mapping[str, Slots], ends: list[tuple[float, float]], slots: int
) -> dict[str, Slots]:
    """Split shared slots and open new ones: the sentences of `name` that touch one place follow each other there."""
    touching: dict[float, list[int]] = {}
    for i, (lo, hi) in enumerate(ends):
        for place in {lo, hi}:
            touching.setdefault(place, []).append(i)
    begin: dict[float, int] = {}
    width: dict[float, int] = {}
    at = 0
    for half in range(-1, 2 * slots + 1):
        place = half / 2
        width[place] = (
            max(1, len(touching.get(place, []))) if place == int(place) else len(touching.get(place, []))
        )
        begin[place] = at
        at += width[place]
    new = {}
    for other, old in others.items():
        new[other] = np.array(
            [(begin[lo], begin[hi] + width[hi] - 1) for lo, hi in old.tolist()], dtype=np.intp
        ).reshape(-1, 2)
    mine = []
    for i, (lo, hi) in enumerate(ends):
        first, last = touching[lo].index(i), touching[hi].index(i)
        # the last to touch a slot takes what is left of it
        mine.append(
            (begin[lo] + first, begin[hi] + (width[hi] - 1 if last == len(touching[hi]) - 1 else last))
        )
    new[name] = np.array(mine, dtype=np.intp).reshape(-1, 2)
    return new


def _packed(placed: Mapping[str, Slots]) -> dict[str, Slots]:
    """Without slots that no sentence begins or ends in: only the order of the ends matters."""
    used = np.unique(np.concatenate([at.reshape(-1) for at in placed.values()]))
    return {name: np.searchsorted(used, at) for name, at in placed.items()}


class _Piece(NamedTuple):
    lo: int
    hi: int
    name: str
    sentence: int


def _beads(placed: Mapping[str, Slots]) -> list[dict[str, list[int]]]:
    """Sentences whose slots overlap, directly or over others, in reading order."""
    pieces = sorted(
        _Piece(lo, hi, name, i) for name, at in placed.items() for i, (lo, hi) in enumerate(at.tolist())
    )
    out: list[dict[str, list[int]]] = []
    reach = -1
    for piece in pieces:
        if piece.lo > reach:
            out.append({})
        out[-1].setdefault(piece.name, []).append(piece.sentence)
        reach = max(reach, piece.hi)
    return [{name: sorted(bead[name]) for name in sorted(bead)} for bead in out]
