"""Columns give what objects give: the same counts, and the same files are read, in the same words refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import corpus

from hexapla.corpus import NUMBER_LABELS, Mention
from hexapla.errors import InputError
from hexapla.predictions import Prediction, read_predictions, write_predictions
from hexapla.score import Gold, GoldDocument, Report, count, gold_of, score, score_documents
from hexapla.score.columns import read_columns, score_packed
from hexapla.score.packed import PackedGold, count_packed, pack, pack_predictions
from hexapla.store import write_corpus
from hexapla.values import Quantity, parse_value

VALUES = {"date": ("2024", "2024-05"), "time": ("13:20",)}
TOY = gold_of(corpus())


@st.composite
def mentions(draw: Any, length: int = 24) -> tuple[Prediction, ...]:
    """Flat mentions of both tracks, of few labels, values and facts, so that many meet."""
    found: list[Prediction] = []
    for labels in (("PER", "LOC"), ("MONEY", "DATE", "PERCENT")):
        at = 0
        while at < length - 1:
            start = at + draw(st.integers(0, 5))
            end = start + draw(st.integers(1, 6))
            if end > length or draw(st.booleans()):
                at = end
                continue
            label = draw(st.sampled_from(labels))
            quantity = None
            if label in NUMBER_LABELS:
                kind = label.lower()
                value = draw(st.sampled_from((None, *VALUES.get(kind, ("5", "50", "5000", "1/3")))))
                high = draw(st.sampled_from((None, *VALUES.get(kind, ("500",))))) if value else None
                unit = draw(st.sampled_from((None, "USD", "percent")))
                modifier = draw(st.sampled_from((None, "approx")))
                parsed = [None if v is None else parse_value(v, kind) for v in (value, high)]
                quantity = Quantity(kind, *parsed, unit, modifier)
            found.append(Prediction(start, end, label, draw(st.sampled_from((None, "f", "g"))), quantity))
            at = end
    return tuple(sorted(found, key=lambda p: (p.start, p.end, p.label)))


@st.composite
def golds(draw: Any) -> tuple[Gold, dict[str, tuple[Prediction, ...]]]:
    documents, predictions = [], {}
    for n in range(draw(st.integers(1, 5))):
        listed = tuple(
            Mention(f"m{k}", p.start, p.end, "12,3 456 bilyon 789 dalawa"[p.start : p.end], p.label, p.fact_id, p.quantity, by="read")
            for k, p in enumerate(draw(mentions()))
        )  # fmt: skip
        article, lang = draw(st.sampled_from("ab")), draw(st.sampled_from(("en", "fil")))
        documents.append(GoldDocument(f"d{n}", article, lang, 24, listed))
        predictions[f"d{n}"] = draw(mentions())
    return Gold(tuple(documents)), predictions


def same_counts(a: Any, b: Any) -> bool:
    return bool(
        (a.articles, a.langs, a.documents, a.scored) == (b.articles, b.langs, b.documents, b.scored)
        and (a.cells == b.cells).all()
        and (a.slices == b.slices).all()
        and a.links == b.links
        and all((getattr(a.facts, n) == getattr(b.facts, n)).all() for n in ("article", "number", "expressed", "right"))
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(golds())
def test_counts_equal_those_of_objects(case: tuple[Gold, dict[str, tuple[Prediction, ...]]]) -> None:
    gold, predictions = case
    packed = pack(gold)
    again = count_packed(packed, pack_predictions(packed, predictions))
    assert same_counts(count(gold, predictions), again)


def _equal(a: Any, b: Any) -> bool:
    """The same mentions, however their quantities and facts are numbered."""

    def rows(m: Any) -> list[Any]:
        plain = zip(m.doc.tolist(), m.predictions(), m.fact.tolist(), strict=True)
        return [(doc, p, m.facts[fact] if fact >= 0 else None) for doc, p, fact in plain]

    return sorted(rows(a), key=repr) == sorted(rows(b), key=repr)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(golds(), st.randoms(use_true_random=False))
def test_a_file_gives_the_same_columns(tmp_path: Path, case: Any, rng: Any) -> None:
    gold, predictions = case
    packed = pack(gold)
    shuffled = list(predictions.items())
    rng.shuffle(shuffled)
    write_predictions(tmp_path / "p.jsonl", dict(shuffled))
    found = read_columns(tmp_path / "p.jsonl", packed)
    assert found is not None
    assert _equal(found, pack_predictions(packed, predictions))
    whole = score_packed(packed, tmp_path / "p.jsonl").to_json()
    assert whole == score_documents(gold, predictions).to_json()


SPOILT = [
    ('"PER"', '"per"'), ("{", " {"), ("}\n", "}\n\n"), ('"doc_id"', '"id"'), ('"start": 0', '"start": true'),
    ('"start": 0', '"start": 0.0'), ('"start": 0', '"start": NaN'), ('"start": 0', '"start": -1'), ('"end"', '"END"'),
    ('"start": 0', '"start": 0, "start": 0'), ('"start": 0', '"start": null'), ('"label"', '"x": 1, "label"'),
    ("}\n{", "} {"), ('"harbour-en"', '"harbour-xx"'), ('"harbour-en"', '"harbour-fil"'), ("]}\n", "]}"), ("harbour", "harb\ufffdour"),
    ('"value": "4"', '"value": 4'), ('"value": "4"', '"value": "four"'), ('"unit": "USD"', '"unit": "$"'), ("\n", "\r\n"),
    ('"fact_id": "f1"', '"fact_id": ""'), ('"fact_id": "f1"', '"fact_id": 7'), ('"fact_id": "f1"', '"fact_id": "' + "x" * 201 + '"'),
    ('"start": 0', '"start": ' + "9" * 30), (', "mentions"', '\n, "mentions"'), ('"mentions": [', '"mentions": {'),
    ('"label": "PER"', '"label": "PER", "value": "5"'), ('"end": 9', '"end": 400'), ('"fact_id": "f1"', r'"fact_id": "\ud800"'),
    ('"fact_id": "f1"', r'"fact_id": "\u0041"'), ('"fact_id": "f1"', '"fact_id": "الف"'), ("}\n{", "}\n{}\n{"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SPOILT)
def test_what_the_strict_reader_refuses_is_never_taken(tmp_path: Path, old: str, new: str) -> None:
    predictions = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in TOY.documents}
    file = tmp_path / "p.jsonl"
    write_predictions(file, predictions)
    text = file.read_text("utf-8")
    assert old in text
    _either_way(file, text.replace(old, new, 1))


def _either_way(file: Path, text: str) -> None:
    """Refused by both in the same words, or the same scores."""
    file.write_text(text, "utf-8", newline="")
    packed = pack(TOY)
    assert _told(lambda: score_packed(packed, file)) == _told(
        lambda: score_documents(TOY, read_predictions(file, TOY.lengths))
    )


def _told(task: Callable[[], Report]) -> Any:
    """The scores, or what is wrong."""
    try:
        return task().to_json()
    except InputError as error:
        return str(error)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_any_change_is_read_or_refused_alike(tmp_path: Path, data: Any) -> None:
    predictions = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in TOY.documents}
    file = tmp_path / "p.jsonl"
    write_predictions(file, predictions)
    text = file.read_text("utf-8")
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from(["", "0", '"', "{", "}", "[", "]", ",", "\n", " ", ":", "e", "-", "\\", "null", "\t", "é", "."]))  # fmt: skip
    _either_way(file, text[:at] + put + text[at + data.draw(st.integers(0, 2)) :])


def test_the_packed_file_is_the_gold(tmp_path: Path) -> None:
    packed = pack(TOY)
    packed.write(tmp_path / "gold.npz")
    again = PackedGold.read(tmp_path / "gold.npz")
    for name in ("sha256", "articles", "langs", "version", "split", "lengths"):
        assert getattr(again, name) == getattr(packed, name)
    assert again.lengths == TOY.lengths
    predictions = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in TOY.documents}
    write_predictions(tmp_path / "p.jsonl", predictions)
    write_corpus(corpus(), tmp_path / "build")
    expected = score(tmp_path / "build", tmp_path / "p.jsonl").to_json()
    assert score(tmp_path / "gold.npz", tmp_path / "p.jsonl").to_json() == expected


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04.", np.arange(3).tobytes()])
def test_another_file_is_no_packed_gold(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gold.npz").write_bytes(content)
    with pytest.raises(InputError, match="bad-packed-gold"):
        PackedGold.read(tmp_path / "gold.npz")


def test_a_part_needs_the_corpus(tmp_path: Path) -> None:
    pack(TOY).write(tmp_path / "gold.npz")
    (tmp_path / "p.jsonl").write_text(json.dumps({"doc_id": "harbour-en", "mentions": []}) + "\n")
    with pytest.raises(InputError, match="missing-document"):
        score(tmp_path / "gold.npz", tmp_path / "p.jsonl")
    with pytest.raises(InputError, match="partial"):
        score(tmp_path / "gold.npz", tmp_path / "p.jsonl", partial=True)
