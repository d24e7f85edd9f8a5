"""Scores that can be cited: additive counts per article, language and label → sums → scores, each with a signature.

- `score(gold, pred)`: a predictions file against a corpus; `score_documents` the same in memory.
- `interval(report, headline)`, `compare(reports, headline)`: how sure it is, from 20 articles on.
- `score_tags(gold, pred, mode=…)`: lists of tags, equal to seqeval strict and to conlleval.
"""

from __future__ import annotations

from hexapla.score.counts import Counts, count
from hexapla.score.gold import Gold, GoldDocument, gold_of, read_gold
from hexapla.score.report import Report, score, score_documents
from hexapla.score.tags import PackedTags, TagReport, TagScore, pack_tags, score_tags
from hexapla.score.uncertainty import Comparison, compare, contest, interval, intervals

__all__ = [
    "Comparison",
    "Counts",
    "Gold",
    "GoldDocument",
    "PackedTags",
    "Report",
    "TagReport",
    "TagScore",
    "compare",
    "contest",
    "count",
    "gold_of",
    "interval",
    "intervals",
    "pack_tags",
    "read_gold",
    "score",
    "score_documents",
    "score_tags",
]
