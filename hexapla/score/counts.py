"""Additive counts: article × language × label × measure, and per fact the languages that express it and have it right.

Every score is a function of sums over articles, so that resampling articles only re-weights rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hexapla.corpus import LABELS
from hexapla.predictions import TRACKS, Prediction
from hexapla.score.gold import Gold
from hexapla.score.match import MEASURES, match

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
    """`cells[article, lang, label, measure]` over `articles`, `langs`, `LABELS` and `MEASURES`."""

    articles: tuple[str, ...]
    langs: tuple[str, ...]
    cells: Cells
    facts: Facts
    documents: int
    scored: int


def count(gold: Gold, predictions: Mapping[str, Sequence[Prediction]]) -> Counts:
    """Count predictions (flat, as `read_predictions` gives them) against the gold.

    Documents without predictions are left out of both sides; `scored` says how many were counted.
    """
    articles, langs = gold.articles, gold.langs
    cells = np.zeros((len(articles), len(langs), len(LABELS), len(MEASURES)), np.int64)
    facts: dict[tuple[str, str], tuple[bool, set[int], set[int]]] = {}
    scored = 0
    for document in gold.documents:
        if document.doc_id not in predictions:
            continue
        scored += 1
        at, lang = articles.index(document.article_id), langs.index(document.lang)
        for track, labels in TRACKS.items():
            numbers = track == "numbers"
            mentions = [m for m in document.mentions if m.label in labels]
            ordered = sorted(
                (p for p in predictions[document.doc_id] if p.label in labels),
                key=lambda p: (p.start, p.end, p.label),
            )
            matched = match(mentions, ordered, numbers=numbers)
            for (label, measure), n in matched.counts.items():
                cells[at, lang, LABELS.index(label), MEASURES.index(measure)] += n
            for mention, right in zip(mentions, matched.right, strict=True):
                valueless = mention.quantity is not None and mention.quantity.value is None
                if mention.fact_id is None or valueless:
                    continue
                row = facts.setdefault((document.article_id, mention.fact_id), (numbers, set(), set()))
                row[1].add(lang)
                if right:
                    row[2].add(lang)
    return Counts(articles, langs, cells, _table(facts, articles, len(langs)), len(gold.documents), scored)


def _table(
    facts: dict[tuple[str, str], tuple[bool, set[int], set[int]]], articles: tuple[str, ...], width: int
) -> Facts:
    rows = [facts[key] for key in sorted(facts)]
    expressed, right = np.zeros((len(rows), width), bool), np.zeros((len(rows), width), bool)
    for n, (_, here, got) in enumerate(rows):
        expressed[n, sorted(here)] = True
        right[n, sorted(got)] = True
    return Facts(
        np.array([articles.index(article) for article, _ in sorted(facts)], np.int64),
        np.array([number for number, _, _ in rows], bool),
        expressed,
        right,
    )
