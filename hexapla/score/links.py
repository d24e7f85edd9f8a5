"""Linking across languages: do the predicted `fact_id`s join the mentions that the gold's facts join?

Predicted mentions meet gold mentions by overlapping span and same label. Pairs are those of mentions in two different
languages of one article; B³ (Bagga & Baldwin 1998) goes over all mentions of the article. Mentions without a
`fact_id` are linked to nothing: they lower recall and leave precision alone. Sums are additive over articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Links:
    """Counts of one track: pairs across languages, and the sums and numbers of mentions of B³."""

    pairs_right: int = 0
    pairs_pred: int = 0
    pairs_gold: int = 0
    precision_sum: float = 0.0
    pred: int = 0
    recall_sum: float = 0.0
    gold: int = 0

    def __add__(self, other: Links) -> Links:
        return Links(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def b3(self) -> tuple[float | None, float | None, float | None]:
        """Precision, recall and F1; None where 0/0."""
        precision = self.precision_sum / self.pred if self.pred else None
        recall = self.recall_sum / self.gold if self.gold else None
        if precision is None or recall is None:
            return precision, recall, None
        return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def count_links(
    gold: Iterable[tuple[str, str]],
    pred: Iterable[tuple[str, str]],
    matched: Iterable[tuple[str, str, str]],
) -> Links:
    """Links of one track of one article.

    gold, pred: (cluster, language) of every linked mention; matched: (gold cluster, predicted cluster, language) of
    the mentions found, both linked.
    """
    gold_cells, pred_cells, both = (
        Counter(gold),
        Counter(pred),
        Counter(((g, p), lang) for g, p, lang in matched),
    )
    gold_size, pred_size, shared = _sizes(gold_cells), _sizes(pred_cells), _sizes(both)
    # each of the n mentions that a gold and a predicted cluster share has n companions (itself included) in both
    precision = Counter[int]()
    recall = Counter[int]()
    for (g, p), n in shared.items():
        recall[gold_size[g]] += n * n
        precision[pred_size[p]] += n * n
    return Links(
        _cross(both), _cross(pred_cells), _cross(gold_cells),
        _sum(precision), pred_size.total(), _sum(recall), gold_size.total(),
    )  # fmt: skip


def _sizes(cells: Counter[Any]) -> Counter[Any]:
    """Cluster -> its mentions, of (cluster, language) -> mentions."""
    sizes = Counter[Any]()
    for (cluster, _), n in cells.items():
        sizes[cluster] += n
    return sizes


def _cross(cells: Counter[Any]) -> int:
    """Pairs of mentions of one cluster in different languages."""
    return sum(n * (n - 1) // 2 for n in _sizes(cells).values()) - sum(
        n * (n - 1) // 2 for n in cells.values()
    )


def _sum(by_size: Counter[int]) -> float:
    """Σ n/size, in order of size: the same float whatever the order of the mentions."""
    return sum(by_size[size] / size for size in sorted(by_size))
