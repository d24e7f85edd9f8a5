"""The listing of errors: the kind of each, and that they add up to the counts of the scorer."""

from __future__ import annotations

import io
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console
from toy import article, corpus

from hexapla.corpus import Corpus
from hexapla.predictions import Prediction, write_predictions
from hexapla.score import gold_of, score_documents
from hexapla.score.mistakes import KINDS, errors, mistakes, print_mistakes
from hexapla.store import write_corpus
from hexapla.values import Quantity

DATA = Corpus(
    (
        article(
            "d",
            {
                "en": "[Ann Lee|PER f] paid about [$57 bn|MONEY g value=57000000000 unit=USD modifier=approx] [then|DATE -]."
            },
        ),
    )
)


def money(
    value: int | None,
    unit: str | None = "USD",
    modifier: str | None = "approx",
    span: tuple[int, int] = (19, 25),
) -> Prediction:
    return Prediction(
        *span,
        "MONEY",
        None,
        Quantity("money", None if value is None else Fraction(value), None, unit, modifier),
    )


RIGHT = (Prediction(0, 7, "PER"), money(57 * 10**9), Prediction(26, 30, "DATE"))
CASES = [
    ("", 0, RIGHT[0]),
    ("missed", 0, None),
    ("label", 0, Prediction(0, 7, "ORG")),
    ("span", 0, Prediction(0, 3, "PER")),
    ("span and label", 0, Prediction(0, 3, "ORG")),
    ("", 1, money(57 * 10**9, span=(18, 20))),  # a number's span may differ
    ("missed", 1, None),
    ("scale", 1, money(57 * 10**6)),
    ("value", 1, money(58 * 10**9)),
    ("value", 1, money(57 * 10**6, unit="EUR")),
    ("no value", 1, money(None)),
    ("unit", 1, money(57 * 10**9, unit="EUR")),
    ("modifier", 1, money(57 * 10**9, modifier=None)),
    ("label", 1, Prediction(19, 25, "MEASURE", None, Quantity("measure", Fraction(57 * 10**9)))),
    ("", 2, Prediction(26, 30, "DATE", None, Quantity("date", "2024"))),
]


@pytest.mark.parametrize(("kind", "at", "prediction"), CASES)
def test_kinds(kind: str, at: int, prediction: Prediction | None) -> None:
    found = mistakes(
        DATA, {"d-en": tuple(p for p in (*RIGHT[:at], prediction, *RIGHT[at + 1 :]) if p is not None)}
    )
    assert [m.kind for m in found] == ([kind] if kind else [])


def test_spurious_with_context() -> None:
    (found,) = mistakes(DATA, {"d-en": (*RIGHT, Prediction(8, 12, "EVENT"))})
    assert (found.kind, found.gold, found.before, found.surface, found.after[:3]) == (
        "spurious",
        None,
        "Ann Lee ",
        "paid",
        " ab",
    )


def test_a_right_pair_goes_before_a_wrong_one() -> None:
    # two predictions overlap the name: the better one is paired, the other is spurious
    data = Corpus((article("d", {"en": "[Ann Lee Diaz|PER f] sang."}),))
    found = mistakes(data, {"d-en": (Prediction(0, 3, "ORG"), Prediction(4, 12, "PER"))})
    assert [(m.kind, m.surface) for m in found] == [("spurious", "Ann"), ("span", "Ann Lee Diaz")]


def test_errors_of_entities_add_up_to_the_counts() -> None:
    rng = random.Random(5)
    data, gold = corpus(), gold_of(corpus())
    for _ in range(60):
        predictions = {}
        for d in data.documents:
            found, at = [], 0
            while at < len(d.text) - 12:
                start = at + rng.randint(0, 8)
                end = start + rng.randint(1, 9)
                found.append(Prediction(start, min(end, len(d.text)), rng.choice(["PER", "LOC", "ORG"])))
                at = end
            kept = [Prediction.of(m) for m in d.mentions if rng.random() < 0.5 and m.quantity is None]
            free = [p for p in found if all(p.end <= k.start or k.end <= p.start for k in kept)]
            predictions[d.doc_id] = tuple(kept + free)
        listed = [m for m in mistakes(data, predictions) if not (m.gold or m.pred).quantity]  # type: ignore[union-attr]
        score = score_documents(gold, predictions).f1("entities")
        assert sum(m.gold is not None for m in listed) == score.fn
        assert sum(m.pred is not None for m in listed) == score.fp


def test_files_and_json(tmp_path: Path) -> None:
    write_corpus(DATA, tmp_path / "build")
    write_predictions(tmp_path / "p.jsonl", {"d-en": (RIGHT[0], money(57 * 10**6), RIGHT[2])})
    (found,), signature = errors(tmp_path / "build", tmp_path / "p.jsonl")
    assert "|scorer:" in signature
    record = json.loads(json.dumps(found.to_json()))
    assert (record["kind"], record["gold"]["value"], record["pred"]["value"]) == (
        "scale",
        "57000000000",
        "57000000",
    )


def _printed(predictions: tuple[Prediction, ...], limit: int = 10) -> str:
    out = io.StringIO()
    print_mistakes(mistakes(DATA, {"d-en": predictions}), Console(file=out, width=200), limit=limit)
    return out.getvalue()


def test_printing_groups_by_kind_and_says_what_is_left_out() -> None:
    text = _printed((Prediction(8, 10, "LOC"), Prediction(10, 12, "LOC")), limit=1)
    heads = [line.split(" · ")[:2] for line in text.splitlines() if " · " in line]
    assert heads == [["missed", "3"], ["spurious", "2"]]
    assert "… 2 more" in text
    assert "gold PER \u2068Ann Lee\u2069" in text
    assert _printed(RIGHT).strip() == "No errors."
    assert "…" not in _printed((), limit=0)


def test_every_kind_is_explained() -> None:
    assert {kind for kind, _, _ in CASES if kind} | {"spurious"} == set(KINDS)
