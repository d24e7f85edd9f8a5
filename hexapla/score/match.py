"""One document's gold against its predictions: one-to-one matches that do not depend on any order.

Both sides of a track are flat (spans do not overlap), so the pairs that overlap form a sequence in which a pair can
only conflict with its neighbours, and the best one-to-one matching is weighted interval scheduling: exact, in linear
time. Where several matchings are equally good, the counts are those of the first by position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from hexapla.values import Quantity

MEASURES = (
    "gold",  # mentions in the gold
    "pred",  # mentions predicted (by their own label)
    "strict",  # same span, same label
    "type",  # overlapping span, same label
    "overlap",  # overlapping span, any label (counted at the gold's label)
    "value_gold",  # number mentions of the gold that have a value
    "value_pred",  # predictions that claim a value, those that meet only valueless gold set aside
    "value",  # overlapping span, same label, value, value_high and unit
    "number",  # overlapping span, same value and value_high
    "unit",  # of these, same unit
    "modifier",  # of "value", same modifier
    "scale",  # overlapping span, value wrong by a power of ten and nothing else
)
_STEP = 24  # bits per rank of a weight: no document has 16 million mentions


class Span(Protocol):
    """What `Mention` and `Prediction` have in common."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def quantity(self) -> Quantity | None: ...


@dataclass(frozen=True, slots=True)
class Matched:
    """One track of one document: (label, measure) -> n; which gold mentions were got right; and the pairs
    (gold index, predicted index) of overlapping mentions with the same label."""

    counts: dict[tuple[str, str], int]
    right: tuple[bool, ...]
    pairs: tuple[tuple[int, int], ...]


def overlaps(gold: Sequence[Span], pred: Sequence[Span]) -> list[tuple[int, int]]:
    """Index pairs whose spans overlap, in order; both sides flat and sorted."""
    pairs, i, j = [], 0, 0
    while i < len(gold) and j < len(pred):
        if gold[i].start < pred[j].end and pred[j].start < gold[i].end:
            pairs.append((i, j))
        if gold[i].end <= pred[j].end:
            i += 1
        else:
            j += 1
    return pairs


def best(pairs: Sequence[tuple[int, int]], weights: Sequence[int]) -> list[int]:
    """Indices of the pairs of the heaviest one-to-one matching; of equal ones, the first by position.

    `pairs` as `overlaps` gives them, or a part of them. Pairs of weight 0 are never taken.
    """
    kept = [k for k, weight in enumerate(weights) if weight]
    value, frees = [0], []  # value[k]: the best of the first k kept pairs
    run_i = run_j = 0
    for n, k in enumerate(kept):
        if n and pairs[k][0] != pairs[kept[n - 1]][0]:
            run_i = n
        if n and pairs[k][1] != pairs[kept[n - 1]][1]:
            run_j = n
        frees.append(min(run_i, run_j))  # the pairs before this one share no mention with pair k
        value.append(max(value[n], value[frees[n]] + weights[k]))
    chosen, n = [], len(kept)
    while n:
        if value[n] == value[n - 1]:  # as good without it: the earlier pair is kept
            n -= 1
        else:
            chosen.append(kept[n - 1])
            n = frees[n - 1]
    return chosen[::-1]


def is_scale_error(gold: Quantity, pred: Quantity) -> bool:
    """Is the predicted value the gold value times 10ⁿ, n ≠ 0 (both ends of a range by the same n)?"""
    ratios = set()
    for a, b in ((gold.value, pred.value), (gold.value_high, pred.value_high)):
        if a is None and b is None:
            continue
        if not isinstance(a, Fraction) or not isinstance(b, Fraction) or not a or not b:
            return False
        ratios.add(b / a)
    if len(ratios) != 1:
        return False
    ratio = ratios.pop()
    if 1 not in (ratio.numerator, ratio.denominator):
        return False
    power = ratio.numerator * ratio.denominator
    while power % 10 == 0:
        power //= 10
    return power == 1 and ratio != 1


def match(gold: Sequence[Span], pred: Sequence[Span], *, numbers: bool) -> Matched:
    """Count one track of one document. Both sides flat and sorted by span."""
    counts: dict[tuple[str, str], int] = {}

    def add(label: str, measure: str) -> None:
        counts[label, measure] = counts.get((label, measure), 0) + 1

    predicted = {(p.start, p.end, p.label) for p in pred}
    strict = [(g.start, g.end, g.label) in predicted for g in gold]
    for g, hit in zip(gold, strict, strict=True):
        add(g.label, "gold")
        if hit:
            add(g.label, "strict")
    for p in pred:
        add(p.label, "pred")
    pairs = overlaps(gold, pred)
    alike = [pairs[k] for k in best(pairs, [int(gold[i].label == pred[j].label) for i, j in pairs])]
    touching = [pairs[k] for k in best(pairs, [1] * len(pairs))]
    for measure, matched in (("type", alike), ("overlap", touching)):
        for i, _ in matched:
            add(gold[i].label, measure)
    right = _values(gold, pred, pairs, add) if numbers else tuple(strict)
    return Matched(counts, right, tuple(alike))


def _values(
    gold: Sequence[Span], pred: Sequence[Span], pairs: list[tuple[int, int]], add: Callable[[str, str], None]
) -> tuple[bool, ...]:
    """Value counts of a number track; which gold mentions have their value right.

    The matching has as many right values as possible; of such matchings, as many right numbers, then as many right
    units, modifiers and scale errors.
    """
    verdicts = [compare_quantities(gold[i].quantity, pred[j].quantity) for i, j in pairs]
    weights = [sum(flag << _STEP * (4 - rank) for rank, flag in enumerate(v)) for v in verdicts]
    right = [False] * len(gold)
    matched = set()
    for k in best(pairs, weights):
        (i, j), (value, number, unit, modifier, scale) = pairs[k], verdicts[k]
        label = gold[i].label
        matched.add(j)
        right[i] = value
        for measure, flag in (
            ("value", value), ("number", number), ("unit", number and unit), ("modifier", value and modifier), ("scale", scale)
        ):  # fmt: skip
            if flag:
                add(label, measure)
    met: dict[int, list[int]] = {}
    for i, j in pairs:
        met.setdefault(j, []).append(i)
    for g in gold:
        if g.quantity is not None and g.quantity.value is not None:
            add(g.label, "value_gold")
    for j, p in enumerate(pred):
        if p.quantity is None or p.quantity.value is None:
            continue
        golds = [gold[i].quantity for i in met.get(j, ())]
        aside = bool(golds) and all(q is None or q.value is None for q in golds)
        if j in matched or not aside:
            add(p.label, "value_pred")
    return tuple(right)


def compare_quantities(gold: Quantity | None, pred: Quantity | None) -> tuple[bool, bool, bool, bool, bool]:
    """(value, number, unit, modifier, scale) of an overlapping pair: what is right, or wrong by a power of ten."""
    if gold is None or pred is None or gold.value is None or pred.value is None:
        return False, False, False, False, False
    number = (gold.value, gold.value_high) == (pred.value, pred.value_high)
    unit = number and gold.unit == pred.unit
    value = unit and gold.kind == pred.kind
    scale = not number and (gold.kind, gold.unit) == (pred.kind, pred.unit) and is_scale_error(gold, pred)
    return value, number, unit, value and gold.modifier == pred.modifier, scale
