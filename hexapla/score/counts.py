"""Additive counts: article × language × label × measure, and per fact the languages that express it and have it right.

Every score is a function of sums over articles, so that resampling articles only re-weights rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hexapla.corpus import LABELS, Mention
from hexapla.predictions import TRACKS, Prediction
from hexapla.score.gold import Gold, GoldDocument
from hexapla.score.links import Links, count_links
from hexapla.score.match import MEASURES, Matched, match
from hexapla.score.slices import SLICES, slices_of

Cells = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """One row per gold fact: `article[n]` and `number[n]`; `expressed[n, lang]` and `right[n, lang]`.

    A fact is expressed in a language that has a scored mention of it there (an entity, or a number with a value), and
    right where at least one such mention is: an entity by span and label, a number by its value.
    """

    article: Cells
    number: Flags
    expressed: Flags
    right: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """`cells[article, lang, label, measure]` over `articles`, `langs`, `LABELS` and `MEASURES`;
    `slices[article, lang, slice, (right, all)]` over `SLICES`; `links[track]`, one per article."""

    articles: tuple[str, ...]
    langs: tuple[str, ...]
    cells: Cells
    slices: Cells
    facts: Facts
    links: Mapping[str, tuple[Links, ...]]
    documents: int
    scored: int


def count(gold: Gold, predictions: Mapping[str, Sequence[Prediction]]) -> Counts:
    """Count predictions (flat, as `read_predictions` gives them) against the gold.

    Documents without predictions are left out of both sides; `scored` says how many were counted.
    """
    langs = gold.langs
    cells = np.zeros((len(gold.articles), len(langs), len(LABELS), len(MEASURES)), np.int64)
    slices = np.zeros((len(gold.articles), len(langs), len(SLICES), 2), np.int64)
    facts: list[_Fact] = []
    links: dict[str, list[Links]] = {track: [] for track in TRACKS}
    versions_of: dict[str, list[GoldDocument]] = {article: [] for article in gold.articles}
    for document in gold.documents:
        if document.doc_id in predictions:
            versions_of[document.article_id].append(document)
    for at, documents in enumerate(versions_of.values()):
        for track, labels in TRACKS.items():
            versions = [_version(d, predictions[d.doc_id], labels, track) for d in documents]
            for version in versions:
                lang = langs.index(version.lang)
                for (label, measure), n in version.matched.counts.items():
                    cells[at, lang, LABELS.index(label), MEASURES.index(measure)] += n
                for mention, right in zip(version.gold, version.matched.right, strict=True):
                    for name in slices_of(mention.surface, mention.quantity) if mention.quantity else ():
                        slices[at, lang, SLICES.index(name)] += (int(right), 1)
            facts += _facts(at, track, versions, langs)
            links[track].append(_links(versions))
    return Counts(
        gold.articles, langs, cells, slices, _table(facts, len(langs)), {track: tuple(found) for track, found in links.items()},
        len(gold.documents), sum(map(len, versions_of.values())),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Version:
    """One track of one document, matched."""

    lang: str
    gold: tuple[Mention, ...]
    pred: tuple[Prediction, ...]
    matched: Matched


def _version(
    document: GoldDocument, predictions: Sequence[Prediction], labels: tuple[str, ...], track: str
) -> _Version:
    mentions = tuple(m for m in document.mentions if m.label in labels)
    mine = sorted((p for p in predictions if p.label in labels), key=lambda p: (p.start, p.end, p.label))
    return _Version(document.lang, mentions, tuple(mine), match(mentions, mine, numbers=track == "numbers"))


_Fact = tuple[int, bool, set[int], set[int]]
"""Article, is it a number, languages that express it, languages in which it is right."""


def _facts(article: int, track: str, versions: Iterable[_Version], langs: tuple[str, ...]) -> list[_Fact]:
    found: dict[str, _Fact] = {}
    for version in versions:
        for mention, right in zip(version.gold, version.matched.right, strict=True):
            valueless = mention.quantity is not None and mention.quantity.value is None
            if mention.fact_id is None or valueless:
                continue
            row = found.setdefault(mention.fact_id, (article, track == "numbers", set(), set()))
            row[2].add(langs.index(version.lang))
            if right:
                row[3].add(langs.index(version.lang))
    return [found[fact_id] for fact_id in sorted(found)]


def _links(versions: Iterable[_Version]) -> Links:
    gold: list[tuple[str, str]] = []
    pred: list[tuple[str, str]] = []
    both: list[tuple[str, str, str]] = []
    for v in versions:
        gold += [(m.fact_id, v.lang) for m in v.gold if m.fact_id is not None]
        pred += [(p.fact_id, v.lang) for p in v.pred if p.fact_id is not None]
        for i, j in v.matched.pairs:
            ours, theirs = v.gold[i].fact_id, v.pred[j].fact_id
            if ours is not None and theirs is not None:
                both.append((ours, theirs, v.lang))
    return count_links(gold, pred, both)


def _table(facts: Sequence[_Fact], width: int) -> Facts:
    expressed, right = np.zeros((len(facts), width), bool), np.zeros((len(facts), width), bool)
    for n, (_, _, here, got) in enumerate(facts):
        expressed[n, sorted(here)] = True
        right[n, sorted(got)] = True
    articles = np.array([article for article, *_ in facts], np.int64)
    return Facts(articles, np.array([number for _, number, *_ in facts], bool), expressed, right)
