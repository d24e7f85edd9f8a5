"""Beads over any number of languages: pairwise links, voted on by the third languages, then joined.

Joining all pairwise links as they are lets one wrong link fuse two beads, and the more languages the more wrong links. So
every possible link is judged by the mean of its own probability and of the probabilities of reaching it over each third
language (as in the consistency transformation of Do et al. 2005, ProbCons); a language that has neither sentence abstains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from hexapla.align.dp import Floats
from hexapla.align.pairwise import link_probabilities

_OWN_VOICE = 1.5  # how many third languages the direct evidence counts for
_ACCEPTED = 0.5


def nway(texts: Mapping[str, Sequence[str]]) -> list[dict[str, list[int]]]:
    """Align the sentences of all languages at once.

    `texts` maps a language to its sentences. Each bead maps languages to ascending sentence indices; a language without a
    part in it is left out. Every sentence is in exactly one bead; beads are in reading order. The order of `texts` is of
    no consequence.
    """
    names = sorted(texts)
    links: dict[tuple[str, str], Floats] = {}
    for a, b in combinations(names, 2):
        links[a, b] = link_probabilities(texts[a], texts[b], a, b)
        links[b, a] = links[a, b].T
    nodes = {(name, i): (name, i) for name in names for i in range(len(texts[name]))}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while nodes[node] != node:
            nodes[node] = nodes[nodes[node]]
            node = nodes[node]
        return node

    for a, b in combinations(names, 2):
        for i, j in np.argwhere(_voted(a, b, names, links) >= _ACCEPTED).tolist():
            one, two = sorted((root((a, i)), root((b, j))))
            nodes[two] = one
    groups: dict[tuple[str, int], dict[str, list[int]]] = {}
    for name in names:
        for i in range(len(texts[name])):
            groups.setdefault(root((name, i)), {}).setdefault(name, []).append(i)
    return _in_reading_order(list(groups.values()), {name: len(texts[name]) for name in names})


def _voted(a: str, b: str, names: list[str], links: Mapping[tuple[str, str], Floats]) -> Floats:
    """Mean probability of the links between `a` and `b`, direct and over the other languages: [sentences of a, of b]."""
    votes = _OWN_VOICE * links[a, b]
    voices = np.full(votes.shape, _OWN_VOICE)
    for c in names:
        if c in (a, b):
            continue
        via = np.minimum(links[a, c] @ links[c, b], 1.0)
        present = (links[a, c].sum(1) > 0.5)[:, None] | (links[c, b].sum(0) > 0.5)[None, :]
        votes = votes + via * present
        voices = voices + present
    result: Floats = votes / voices
    return result


def _in_reading_order(
    groups: list[dict[str, list[int]]], sizes: Mapping[str, int]
) -> list[dict[str, list[int]]]:
    """Sorted so that each language's sentences come in order wherever the beads allow it: a topological sort."""
    order: list[dict[str, list[int]]] = []
    owner = {(name, i): at for at, group in enumerate(groups) for name, ids in group.items() for i in ids}
    after: dict[int, set[int]] = {at: set() for at in range(len(groups))}
    waits = dict.fromkeys(range(len(groups)), 0)
    for name, size in sizes.items():
        for i in range(1, size):
            one, two = owner[name, i - 1], owner[name, i]
            if one != two and two not in after[one]:
                after[one].add(two)
                waits[two] += 1

    def place(at: int) -> tuple[float, list[tuple[str, int]]]:
        group = groups[at]
        return min(ids[0] / sizes[name] for name, ids in group.items()), sorted(
            (name, ids[0]) for name, ids in group.items()
        )

    left = set(after)
    while left:
        ready = [at for at in left if waits[at] <= 0] or list(
            left
        )  # crossing beads wait for each other: take the first
        at = min(ready, key=place)
        left.discard(at)
        order.append(dict(sorted(groups[at].items())))
        for later in after[at]:
            waits[later] -= 1
    return order
