"""What counts become: F1, shares, consistency, linking. A score that is 0/0 is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from hexapla.score.counts import Facts


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the defined values; None where none is."""
    defined = [v for v in values if v is not None]
    return sum(defined) / len(defined) if defined else None


@dataclass(frozen=True, slots=True)
class F1:
    """Counts and the scores that follow from them."""

    tp: int
    pred: int
    gold: int

    @property
    def fp(self) -> int:
        return self.pred - self.tp

    @property
    def fn(self) -> int:
        return self.gold - self.tp

    @property
    def precision(self) -> float | None:
        return self.tp / self.pred if self.pred else None

    @property
    def recall(self) -> float | None:
        return self.tp / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        return 2 * self.tp / (self.pred + self.gold) if self.pred + self.gold else None

    def to_json(self) -> dict[str, Any]:
        names = ("tp", "fp", "fn", "precision", "recall", "f1")
        return {name: getattr(self, name) for name in names} | {"gold": self.gold}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.of else None

    def to_json(self) -> dict[str, Any]:
        return {"n": self.n, "of": self.of, "share": self.share}


@dataclass(frozen=True, slots=True)
class Consistency:
    """Facts that two or more languages express: right in all of these, and what independent errors would give.

    `expected`: were a system's errors in different languages independent, with its rate of right facts per language,
    the share of facts right in every language that expresses them. `pairs` the same for each two languages.
    """

    all: Share
    expected: float | None
    langs: Mapping[str, Share]
    pairs: Mapping[tuple[str, str], tuple[Share, float | None]]

    def to_json(self) -> dict[str, Any]:
        return {
            **self.all.to_json(),
            "expected": self.expected,
            "langs": {lang: share.to_json() for lang, share in self.langs.items()},
            "pairs": {
                "-".join(pair): share.to_json() | {"expected": expected}
                for pair, (share, expected) in self.pairs.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Linking:
    """Pairs of mentions in two languages that are joined, and B³ over all mentions; `linked` predictions in all."""

    pairs: F1
    b3_precision: float | None
    b3_recall: float | None
    b3_f1: float | None
    linked: int

    def to_json(self) -> dict[str, Any]:
        b3 = {"precision": self.b3_precision, "recall": self.b3_recall, "f1": self.b3_f1}
        return {"pairs": self.pairs.to_json(), "b3": b3, "linked": self.linked}


def consistency(facts: Facts, langs: Sequence[str], wanted: npt.NDArray[np.bool_]) -> Consistency:
    """Over the wanted rows of the table. Rates are those of entities and of numbers, each by itself: pooled, the two
    would differ so much that any system looked consistent."""
    shared = facts.expressed.sum(axis=1) >= 2
    rows = shared & wanted
    expressed, right, number = facts.expressed[rows], facts.right[rows], facts.number[rows]

    def over(columns: list[int], rows: Any) -> tuple[Share, float | None]:
        here, got = expressed[rows][:, columns], right[rows][:, columns]
        if not len(here):
            return Share(0, 0), None
        expected = 0.0
        for track in (number[rows], ~number[rows]):
            # a language that none of these facts is expressed in has no rate, and none is asked of it
            rates = got[track].sum(axis=0) / np.maximum(here[track].sum(axis=0), 1)
            expected += float(np.where(here[track], rates, 1.0).prod(axis=1).sum())
        return Share(int((got | ~here).all(axis=1).sum()), len(here)), expected / len(here)

    everything = np.ones(len(expressed), bool)
    total, expected = over(list(range(len(langs))), everything)
    pairs = {}
    for a, b in combinations(range(len(langs)), 2):
        both = expressed[:, a] & expressed[:, b]
        if both.any():
            pairs[langs[a], langs[b]] = over([a, b], both)
    per_lang = {
        lang: Share(int(right[:, k].sum()), int(expressed[:, k].sum()))
        for k, lang in enumerate(langs)
        if expressed[:, k].any()
    }
    return Consistency(total, expected, per_lang, pairs)
