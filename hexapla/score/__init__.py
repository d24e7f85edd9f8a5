"""Scores that can be cited: additive counts per article, language and label → sums → scores, each with a signature.

- `score(gold, pred)`: a predictions file against a corpus; `score_documents` the same in memory.
- `score_tags(gold, pred, mode=…)`: lists of tags, equal to seqeval strict and to conlleval.
"""

from __future__ import annotations

from hexapla.score.counts import Counts, count
from hexapla.score.gold import Gold, GoldDocument, gold_of, read_gold
from hexapla.score.report import Report, score, score_documents
from hexapla.score.tags import TagReport, TagScore, score_tags

__all__ = [
    "Counts",
    "Gold",
    "GoldDocument",
    "Report",
    "TagReport",
    "TagScore",
    "count",
    "gold_of",
    "read_gold",
    "score",
    "score_documents",
    "score_tags",
]
