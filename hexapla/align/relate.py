"""Which documents translate one text, and which report on the same subject.

Translations are told by the score of their best alignment per sentence, ranked both ways: a pair must be each other's best,
by a margin, above a low floor. Subjects are told by the names that documents share. In a large collection only the pairs
that share enough keys are compared: an inverted index finds them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

import numpy as np

from hexapla import langs
from hexapla.align import features
from hexapla.align.dp import best_path
from hexapla.align.features import Side, side
from hexapla.align.pairwise import length_ratio, weights
from hexapla.align.windows import course
from hexapla.tokens import token_pattern

Relation = Literal["translation", "comparable", "unrelated"]

FLOOR = 1.4  # score per sentence; see `relation_score`
MARGIN = 0.5
SUBJECT = 0.15  # cosine of the names
SUBJECT_NAMES = 3  # names that must be shared at least
_COMPARE_ALL = 40  # documents up to which every pair is compared
_INDEXED = ("number", "name", "same", "skeleton")  # classes of keys by which pairs worth aligning are found
_AT_ONCE = 160_000  # pairs of sentences
_PART = 100  # sentences of a part of a longer document
_CANDIDATES = 10  # per document and other language


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents that were compared. `score`: mean alignment score per sentence, None within one language;
    `margin`: its distance to the best rival of either document in the other's language (infinite without a rival);
    `subject`: similarity of the names, 0 to 1."""

    a: str
    b: str
    score: float | None
    margin: float | None
    subject: float
    relation: Relation


@dataclass(frozen=True, slots=True)
class Grouping:
    """`articles`: documents that translate one text. `topics`: articles on the same subject. Every document is in
    exactly one of each; ids are sorted. `pairs`: what was compared."""

    articles: tuple[tuple[str, ...], ...]
    topics: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]


def relation_score(a: Sequence[str], b: Sequence[str], lang_a: str, lang_b: str) -> float:
    """How well two documents align: score of the best path per sentence. Translated news lies above 3.2 (above 1.6 in
    languages without data), other documents below 1.4; compare with rivals where there are any."""
    return _score(side(a, langs.normalise(lang_a)), side(b, langs.normalise(lang_b)))


def _score(a: Side, b: Side) -> float:
    if not len(a) or not len(b):
        return -math.inf
    shared = np.intersect1d(a.distinct, b.distinct, assume_unique=True)
    if not np.isin(shared >> 32, features.TELLING).any():
        return 0.0  # a few sentences of like length and punctuation, no more
    ratio = length_ratio(a, b)
    nodes = [(0, 0), (len(a), len(b))]
    if len(a) * len(b) > _AT_ONCE:
        # along the rough course of the alignment: the grid of all pairs of sentences would not fit into memory
        expected = course(a, b)
        nodes[1:1] = [(i, int(expected[i])) for i in range(_PART, len(a), _PART)]
    total = 0.0
    for (i, j), (i_end, j_end) in pairwise(nodes):
        score = features.scores(a.part(i, i_end), b.part(j, j_end), ratio, weights().features)
        total += float(sum(score[k, x, y] for k, x, y in best_path(score)))
    return total / (len(a) + len(b))


def relate(documents: Mapping[str, tuple[str, Sequence[str]]]) -> Grouping:
    """Group documents, given as id -> (lang, sentences). The order of the documents is of no consequence."""
    ids = sorted(documents)
    lang = {d: langs.normalise(documents[d][0]) for d in ids}
    sides = {d: side(documents[d][1], lang[d]) for d in ids}
    subjects = _subjects({d: documents[d][1] for d in ids})
    scores = {
        pair: _score(sides[pair[0]], sides[pair[1]])
        for pair in _candidates(ids, lang, sides)
        if lang[pair[0]] != lang[pair[1]]
    }
    margins = _margins(scores, lang)
    accepted = sorted(
        (pair for pair in scores if scores[pair] >= FLOOR and margins[pair] >= MARGIN),
        key=lambda p: (-scores[p], p),
    )
    article = _articles(ids, lang, scores, accepted)
    pairs = []
    for pair in sorted(set(scores) | set(subjects)):
        subject, shared = subjects.get(pair, (0.0, 0))
        together = article[pair[0]] == article[pair[1]]
        close = subject >= SUBJECT and shared >= SUBJECT_NAMES
        relation: Relation = "translation" if together else "comparable" if close else "unrelated"
        if pair in scores or relation != "unrelated":
            pairs.append(Pair(*pair, scores.get(pair), margins.get(pair), subject, relation))
    articles = _classes(ids, [(a, b) for a, b in combinations(ids, 2) if article[a] == article[b]])
    topics = _classes(ids, [(p.a, p.b) for p in pairs if p.relation != "unrelated"])
    return Grouping(articles, topics, tuple(pairs))


def _candidates(ids: list[str], lang: Mapping[str, str], sides: Mapping[str, Side]) -> list[tuple[str, str]]:
    """Pairs worth aligning: all in a small collection, else those that share the most rare keys."""
    if len(ids) <= _COMPARE_ALL:
        return list(combinations(ids, 2))
    index: dict[int, list[str]] = defaultdict(list)
    for d in ids:
        for key in set(sides[d].keys.tolist()):
            if features.CLASSES[key >> 32] in _INDEXED:
                index[key].append(d)
    shared: dict[str, dict[str, float]] = {d: defaultdict(float) for d in ids}
    for holders in index.values():
        if 1 < len(holders) <= max(20, len(ids) // 10):
            weight = math.log(len(ids) / len(holders))
            for a, b in combinations(holders, 2):
                if lang[a] != lang[b]:
                    shared[a][b] += weight
                    shared[b][a] += weight
    found = set()
    for d in ids:
        taken: Counter[str] = Counter()
        for other, _ in sorted(shared[d].items(), key=lambda item: (-item[1], item[0])):
            if taken[lang[other]] < _CANDIDATES:
                taken[lang[other]] += 1
                found.add((min(d, other), max(d, other)))
    return sorted(found)


def _margins(
    scores: Mapping[tuple[str, str], float], lang: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """Each score less the best rival's: another document of the same language on either side."""
    ranked: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for (a, b), score in scores.items():
        ranked[a, lang[b]].append((score, b))
        ranked[b, lang[a]].append((score, a))
    for rivals in ranked.values():
        rivals.sort(reverse=True)

    def rival(document: str, other: str) -> float:
        return max((s for s, d in ranked[document, lang[other]][:2] if d != other), default=-math.inf)

    return {(a, b): score - max(rival(a, b), rival(b, a)) for (a, b), score in scores.items()}


def _articles(
    ids: list[str],
    lang: Mapping[str, str],
    scores: Mapping[tuple[str, str], float],
    accepted: Sequence[tuple[str, str]],
) -> dict[str, str]:
    """Joins documents, best pair first; at most one per language, and no join against what the other pairs say."""
    owner = {d: d for d in ids}
    members = {d: [d] for d in ids}
    for a, b in accepted:
        one, two = sorted((owner[a], owner[b]))
        if one == two or {lang[d] for d in members[one]} & {lang[d] for d in members[two]}:
            continue
        across = [
            scores[min(x, y), max(x, y)]
            for x in members[one]
            for y in members[two]
            if (min(x, y), max(x, y)) in scores
        ]
        if sum(across) / len(across) < FLOOR:
            continue
        members[one] += members.pop(two)
        for d in members[one]:
            owner[d] = one
    return owner


def _classes(ids: list[str], links: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    owner = {d: d for d in ids}

    def root(d: str) -> str:
        while owner[d] != d:
            d = owner[d]
        return d

    for a, b in links:
        one, two = sorted((root(a), root(b)))
        owner[two] = one
    classes: dict[str, list[str]] = defaultdict(list)
    for d in ids:
        classes[root(d)].append(d)
    return tuple(sorted(tuple(sorted(members)) for members in classes.values()))


def _bones(token: str) -> int:
    """The consonant skeleton of a token, as a key; 0 if it has too few consonants."""
    (keys,) = features.token_keys([token])
    return next((key for key in keys if features.CLASSES[key >> 32] == "skeleton"), 0)


def _subjects(texts: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], tuple[float, int]]:
    """For pairs of documents that share a name: cosine over their names, and the number of shared names.

    Names are the capitalised words of scripts with case; words of other scripts count where their skeleton is that of a
    name in another document.
    """
    named: dict[str, Counter[int]] = {}
    loose: dict[str, Counter[int]] = {}
    for d, sentences in texts.items():
        named[d], loose[d] = Counter(), Counter()
        lower: set[int] = set()
        for text in sentences:
            for at, token in enumerate(token_pattern().findall(text)):
                if not token[0].isalpha():
                    continue
                if token.lower() == token.upper():
                    loose[d][_bones(token)] += 1
                elif token[0].islower():
                    lower.add(_bones(token))
                elif at > 1 or not token[1:].islower():
                    named[d][_bones(token)] += 1
        for key in (lower & set(named[d])) | {0}:
            named[d].pop(key, None)
            loose[d].pop(key, None)
    names = set().union(*named.values()) if named else set()
    weight: dict[str, dict[int, float]] = {}
    for d in texts:
        counts = named[d] + Counter({key: count for key, count in loose[d].items() if key in names})
        weight[d] = {key: 1 + math.log(count) for key, count in counts.items()}
    holders: dict[int, list[str]] = defaultdict(list)
    for d in texts:
        for key in weight[d]:
            holders[key].append(d)
    idf = {key: math.log(1 + (len(texts) + 4) / len(found)) for key, found in holders.items()}
    norm = {d: math.sqrt(sum((w * idf[key]) ** 2 for key, w in weight[d].items())) for d in texts}
    dots: dict[tuple[str, str], float] = defaultdict(float)
    shared: Counter[tuple[str, str]] = Counter()
    for key in sorted(holders):
        found = sorted(holders[key])
        if len(found) > max(20, len(texts) // 10):
            continue
        for a, b in combinations(found, 2):
            dots[a, b] += weight[a][key] * weight[b][key] * idf[key] ** 2
            shared[a, b] += 1
    return {pair: (dot / (norm[pair[0]] * norm[pair[1]]), shared[pair]) for pair, dot in dots.items()}
