"""Intervals and comparisons: what they reduce to, and when they are refused."""

from __future__ import annotations

import itertools

import pytest
from toy import article

from hexapla.corpus import Corpus
from hexapla.errors import InputError
from hexapla.predictions import Prediction, Predictions
from hexapla.score import Gold, Report, compare, gold_of, interval, score_documents
from hexapla.score.uncertainty import HEADLINES, _headline, _statistics, holm


def _gold(n: int) -> Gold:
    text = {
        "en": "[Ann|PER f] paid [$5|MONEY g value=5 unit=USD] in [Oslo|LOC h].",
        "pl": "[Ann|PER f] dała [$5|MONEY g value=5 unit=USD] w [Oslo|LOC h].",
    }
    return gold_of(Corpus(tuple(article(f"a{k:02}", text) for k in range(n))))


GOLD = _gold(24)


def _system(every: int, gold: Gold = GOLD) -> Report:
    """Misses the first mention of every so-many-th document, and its number too in each other one of these."""
    predictions: Predictions = {}
    for k, d in enumerate(gold.documents):
        drop = 0 if every == 0 or k % every else 1 + k % 2
        predictions[d.doc_id] = tuple(map(Prediction.of, d.mentions[drop:]))
    return score_documents(gold, predictions)


@pytest.mark.parametrize("headline", HEADLINES)
def test_one_of_each_article_is_the_headline_itself(headline: str) -> None:
    report = _system(3)
    whole = _headline(_statistics(report.counts, headline).sum(axis=0)[None])[0]
    assert whole == pytest.approx(report.headlines()[headline], abs=1e-12)
    assert whole < 1


@pytest.mark.parametrize("headline", HEADLINES)
def test_an_interval_holds_the_score_and_repeats(headline: str) -> None:
    report = _system(3)
    found = interval(report, headline, resamples=2500, seed=1)
    assert found is not None
    low, high = found
    point = report.headlines()[headline]
    assert point is not None
    assert 0 <= low < point < high <= 1
    assert interval(report, headline, resamples=2500, seed=1) == found
    narrower = interval(report, headline, level=0.5, resamples=2500, seed=1)
    assert narrower is not None
    assert low < narrower[0] < narrower[1] < high


def test_no_spread_no_width() -> None:
    assert interval(_system(0), "entities", resamples=100) == (1.0, 1.0)


def test_below_twenty_articles_nothing_is_said() -> None:
    few = _gold(19)
    assert interval(_system(3, few), "entities") is None
    with pytest.raises(InputError, match="too-few-articles"):
        compare({"a": _system(3, few), "b": _system(2, few)}, "entities")


def test_the_same_system_twice_does_not_differ() -> None:
    (found,) = compare({"a": _system(3), "b": _system(3)}, "numbers", resamples=500)
    assert (found.difference, found.p) == (0.0, 1.0)


def test_a_large_difference_is_seen_and_a_small_one_is_not() -> None:
    reports = {"good": _system(0), "fair": _system(23), "poor": _system(1)}
    found = {(c.first, c.second): c for c in compare(reports, "entities", resamples=2000)}
    assert set(found) == {("fair", "good"), ("fair", "poor"), ("good", "poor")}
    assert found["good", "poor"].difference > 0
    assert found["good", "poor"].p == pytest.approx(1 / 2001)
    assert found["fair", "good"].p > 0.1
    assert found["fair", "good"].difference < 0
    assert all(c.p_holm >= c.p for c in found.values())
    assert compare(dict(reversed(reports.items())), "entities", resamples=2000) == list(found.values())


def test_randomisation_is_close_to_the_exact_test() -> None:
    a, b = _system(0), _system(12)
    tables = [_statistics(r.counts, "entities") for r in (a, b)]
    moved = tables[1] - tables[0]
    differing = [k for k in range(len(moved)) if moved[k].any()]
    sums = [t.sum(axis=0) for t in tables]
    observed = abs(_headline(sums[0][None])[0] - _headline(sums[1][None])[0])
    hits = 0
    for choice in itertools.product((0, 1), repeat=len(differing)):
        shift = sum(c * moved[k] for c, k in zip(choice, differing, strict=True)) + 0 * moved[0]
        hits += (
            abs(_headline((sums[0] + shift)[None])[0] - _headline((sums[1] - shift)[None])[0])
            >= observed - 1e-12
        )
    exact = hits / 2 ** len(differing)
    (found,) = compare({"a": a, "b": b}, "entities", resamples=4000)
    assert found.p == pytest.approx(exact, abs=0.03)
    assert 0 < exact < 1


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="nothing-to-compare"):
        compare({"a": _system(3)}, "entities")
    with pytest.raises(InputError, match="other-gold"):
        compare({"a": _system(3), "b": _system(3, _gold(25))}, "entities")
    partial = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in GOLD.documents[1:]}
    with pytest.raises(InputError, match=r"\[partial\]"):
        compare({"a": _system(3), "b": score_documents(GOLD, partial)}, "entities")
    with pytest.raises(InputError, match="bad-headline"):
        interval(_system(3), "average")


@pytest.mark.parametrize(
    ("ps", "expected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.9, 0.8], [1.0, 1.0]),
        ([0.5, 0.001], [0.5, 0.002]),
    ],
)
def test_holm(ps: list[float], expected: list[float]) -> None:
    assert holm(ps) == pytest.approx(expected)
