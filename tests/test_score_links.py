"""Linking by fact_id and the slices of numbers, by hand."""

from __future__ import annotations

import dataclasses
import random
from fractions import Fraction

import pytest
from toy import article, corpus

from hexapla.corpus import Corpus
from hexapla.predictions import Prediction
from hexapla.score import gold_of, score_documents
from hexapla.score.links import Links, count_links
from hexapla.score.slices import slices_of
from hexapla.values import Quantity

# (gold, predicted, matched) -> pairs right, predicted, gold; B³ precision, recall
LINK_CASES = [
    ("nothing", [], [], [], (0, 0, 0), (None, None)),
    (
        "perfect",
        [("f", "en"), ("f", "pl")],
        [("1", "en"), ("1", "pl")],
        [("f", "1", "en"), ("f", "1", "pl")],
        (1, 1, 1),
        (1, 1),
    ),
    (
        "split",
        [("f", "en"), ("f", "pl")],
        [("1", "en"), ("2", "pl")],
        [("f", "1", "en"), ("f", "2", "pl")],
        (0, 0, 1),
        (1, 0.5),
    ),
    (
        "one language has no pair",
        [("f", "en"), ("f", "en")],
        [("1", "en")] * 2,
        [("f", "1", "en")] * 2,
        (0, 0, 0),
        (1, 1),
    ),
    # two facts of two mentions each, predicted as one of four: of six pairs, four go across languages, two are right
    (
        "merged",
        [("f", "en"), ("f", "pl"), ("g", "en"), ("g", "pl")],
        [("1", "en"), ("1", "pl"), ("1", "en"), ("1", "pl")],
        [("f", "1", "en"), ("f", "1", "pl"), ("g", "1", "en"), ("g", "1", "pl")],
        (2, 4, 2),
        (0.5, 1),
    ),
    # a false alarm in the cluster, and a gold mention missed
    (
        "noise",
        [("f", "en"), ("f", "pl")],
        [("1", "en"), ("1", "pl")],
        [("f", "1", "en")],
        (0, 1, 1),
        (0.25, 0.25),
    ),
    ("unlinked", [("f", "en"), ("f", "pl")], [], [], (0, 0, 1), (None, 0)),
]


@pytest.mark.parametrize(("name", "gold", "pred", "matched", "pairs", "b3"), LINK_CASES)
def test_links_by_hand(
    name: str,
    gold: list[tuple[str, str]],
    pred: list[tuple[str, str]],
    matched: list[tuple[str, str, str]],
    pairs: tuple[int, int, int],
    b3: tuple[float | None, float | None],
) -> None:
    links = count_links(gold, pred, matched)
    assert (links.pairs_right, links.pairs_pred, links.pairs_gold) == pairs
    assert links.b3[:2] == b3
    backwards = count_links(gold[::-1], pred[::-1], matched[::-1])
    assert backwards == links


def _brute(items: list[tuple[str, str, str]]) -> tuple[int, int, int, float, float]:
    """All found: (gold cluster, predicted cluster, language) of each mention, looked at pair by pair."""
    right = pred = gold = 0
    for k, (g, p, lang) in enumerate(items):
        for g2, p2, lang2 in items[:k]:
            if lang != lang2:
                right, pred, gold = right + (g == g2 and p == p2), pred + (p == p2), gold + (g == g2)
    same = [[(g == g2, p == p2) for g2, p2, _ in items] for g, p, _ in items]
    precision = sum(sum(a and b for a, b in row) / sum(b for _, b in row) for row in same) / len(items)
    recall = sum(sum(a and b for a, b in row) / sum(a for a, _ in row) for row in same) / len(items)
    return right, pred, gold, precision, recall


def test_links_equal_brute_force() -> None:
    rng = random.Random(3)
    for _ in range(200):
        items = [
            (rng.choice("fgh"), rng.choice("123"), rng.choice(["en", "pl", "ar"]))
            for _ in range(rng.randint(1, 12))
        ]
        links = count_links([(g, lang) for g, _, lang in items], [(p, lang) for _, p, lang in items], items)
        assert (links.pairs_right, links.pairs_pred, links.pairs_gold, *links.b3[:2]) == pytest.approx(
            _brute(items)
        )


def test_links_add_up() -> None:
    one = count_links(
        [("f", "en"), ("f", "pl")], [("1", "en"), ("1", "pl")], [("f", "1", "en"), ("f", "1", "pl")]
    )
    two = count_links(
        [("f", "en"), ("f", "pl")], [("1", "en"), ("2", "pl")], [("f", "1", "en"), ("f", "2", "pl")]
    )
    assert (one + two).pairs_gold == 2
    assert (one + two).b3 == (1.0, 0.75, pytest.approx(6 / 7))
    assert sum([one, two], Links()) == two + one


def test_names_of_facts_do_not_matter_and_articles_are_apart() -> None:
    gold = gold_of(corpus())
    renamed = {
        d.doc_id: tuple(
            dataclasses.replace(Prediction.of(m), fact_id=m.fact_id and f"x{m.fact_id[1]}")
            for m in d.mentions
        )
        for d in gold.documents
    }  # f1 of one article and g1 of the other are now both x1
    report = score_documents(gold, renamed)
    for track in ("entities", "numbers"):
        found = report.linking(track)
        assert (found.pairs.f1, found.b3_f1) == (1.0, 1.0)
    assert report.linking("entities").linked == 10


def test_no_fact_ids_no_linking() -> None:
    gold = gold_of(corpus())
    plain = {
        d.doc_id: tuple(dataclasses.replace(Prediction.of(m), fact_id=None) for m in d.mentions)
        for d in gold.documents
    }
    found = score_documents(gold, plain).linking("numbers")
    assert (found.linked, found.b3_f1, found.pairs.f1) == (0, None, 0.0)


SLICE_CASES = [
    ("57", "cardinal", "57", ("plain digits",)),
    ("20%", "percent", "20", ("plain digits",)),
    ("$57 bilyon", "money", "57000000000", ("scale word",)),
    ("8,4 mld dolarów", "money", "8400000000", ("separator", "scale word")),
    ("1.000.000", "cardinal", "1000000", ("separator",)),
    ("1 000", "cardinal", "1000", ("separator",)),
    ("٣٫٥", "cardinal", "3.5", ("separator", "other digits")),
    ("１０万", "cardinal", "100000", ("other digits", "scale word")),
    ("شهرين", "measure", "2", ("spelled out",)),
    ("50 cents", "money", "0.5", ("plain digits",)),
    ("-5", "cardinal", "-5", ("plain digits",)),
]


@pytest.mark.parametrize(("surface", "kind", "value", "expected"), SLICE_CASES)
def test_slices(surface: str, kind: str, value: str, expected: tuple[str, ...]) -> None:
    assert slices_of(surface, Quantity(kind, Fraction(value))) == expected


def test_dates_and_numbers_without_a_value_are_in_no_slice() -> None:
    assert slices_of("5 May", Quantity("date", "2024-05-05")) == ()
    assert slices_of("many", Quantity("cardinal")) == ()


def test_slices_count_right_values() -> None:
    data = Corpus(
        (article("s", {"en": "[three|CARDINAL f value=3] [5|CARDINAL g value=5] [7|CARDINAL h value=7]"}),)
    )
    gold = gold_of(data)
    right, wrong, other = (Prediction.of(m) for m in gold.documents[0].mentions)
    wrong = dataclasses.replace(wrong, quantity=Quantity("cardinal", Fraction(50)))
    report = score_documents(gold, {"s-en": (right, wrong, other)})
    assert [(s.n, s.of) for s in map(report.slice, ("spelled out", "plain digits", "separator"))] == [
        (1, 1),
        (1, 2),
        (0, 0),
    ]
    assert report.slice("plain digits", lang="en").of == 2
