"""Predictions as a stranger may write them: what is taken, and how each fault is named."""

from __future__ import annotations

import json
import pickle
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import corpus

from hexapla.errors import Fault, InputError
from hexapla.jsonlines import MAX_LINE
from hexapla.predictions import (
    MAX_FAULTS,
    Prediction,
    merge,
    read_predictions,
    schema,
    show,
    write_predictions,
)
from hexapla.score import gold_of
from hexapla.values import Quantity

LENGTHS = {"a": 20, "b": 10}
GOOD_B = '{"doc_id": "b", "mentions": []}\n'


def _read(tmp_path: Path, content: str | bytes, **options: bool) -> dict[str, tuple[Prediction, ...]]:
    file = tmp_path / "predictions.jsonl"
    file.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return read_predictions(file, LENGTHS, **options)


def _line(*mentions: str) -> str:
    return '{"doc_id": "a", "mentions": [' + ", ".join(mentions) + "]}\n" + GOOD_B


def test_a_written_file_reads_back_equal(tmp_path: Path) -> None:
    gold = gold_of(corpus())
    predictions = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in gold.documents}
    file = tmp_path / "p.jsonl"
    write_predictions(file, predictions)
    assert read_predictions(file, gold.lengths) == predictions
    assert len(file.read_text("utf-8").splitlines()) == len(gold.documents)


def test_fields_are_read(tmp_path: Path) -> None:
    mention = '{"start": 3, "end": 9, "label": "MONEY", "fact_id": "f", "value": "1.5", "value_high": "2", "unit": "USD", "modifier": "approx"}'
    (found,) = _read(tmp_path, _line(mention))["a"]
    quantity = Quantity("money", Fraction(3, 2), Fraction(2), "USD", "approx")
    assert found == Prediction(3, 9, "MONEY", "f", quantity)


def test_order_of_lines_and_mentions_does_not_matter(tmp_path: Path) -> None:
    one, two = '{"start": 0, "end": 3, "label": "PER"}', '{"start": 5, "end": 9, "label": "LOC"}'
    first = _read(tmp_path, _line(one, two))
    assert _read(tmp_path, GOOD_B + '{"doc_id": "a", "mentions": [' + two + ", " + one + "]}\n") == first
    assert list(first) == ["a", "b"]


def test_tracks_may_overlap_each_other_and_touching_spans_are_apart(tmp_path: Path) -> None:
    mentions = [
        '{"start": 0, "end": 6, "label": "EVENT"}',
        '{"start": 2, "end": 6, "label": "DATE", "value": "2024"}',
        '{"start": 6, "end": 9, "label": "LOC"}',
    ]
    assert len(_read(tmp_path, _line(*mentions))["a"]) == 3


MENTION_FAULTS = [
    ("boolean-offset", '{"start": true, "end": 3, "label": "PER"}'),
    ("bad-offset", '{"start": 0.0, "end": 3, "label": "PER"}'),
    ("bad-offset", '{"start": 0, "end": "3", "label": "PER"}'),
    ("bad-offset", '{"start": 0, "end": 1e3, "label": "PER"}'),
    ("bad-span", '{"start": 3, "end": 3, "label": "PER"}'),
    ("bad-span", '{"start": -1, "end": 3, "label": "PER"}'),
    ("out-of-range", '{"start": 3, "end": 21, "label": "PER"}'),
    ("bad-label", '{"start": 0, "end": 3, "label": "per"}'),
    ("bad-label", '{"start": 0, "end": 3, "label": ["PER"]}'),
    ("missing-field", '{"start": 0, "end": 3}'),
    ("null-field", '{"start": 0, "end": 3, "label": "PER", "fact_id": null}'),
    ("unknown-field", '{"start": 0, "end": 3, "label": "PER", "score": 1}'),
    ("bad-fact", '{"start": 0, "end": 3, "label": "PER", "fact_id": ""}'),
    ("bad-fact", '{"start": 0, "end": 3, "label": "PER", "fact_id": 7}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "PER", "value": "7"}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "PERCENT", "value": 20}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "PERCENT", "value": "20,5"}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "PERCENT", "value": "1/0"}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "PERCENT", "value": "NaN"}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "DATE", "value": "yesterday"}'),
    ("bad-value", '{"start": 0, "end": 3, "label": "MONEY", "value_high": "7"}'),
    ("bad-unit", '{"start": 0, "end": 3, "label": "MONEY", "value": "7", "unit": "$"}'),
    ("bad-unit", '{"start": 0, "end": 3, "label": "MONEY", "value": "7", "unit": ["USD"]}'),
    ("bad-modifier", '{"start": 0, "end": 3, "label": "MONEY", "value": "7", "modifier": "about"}'),
    ("bad-modifier", '{"start": 0, "end": 3, "label": "MONEY", "value": "7", "modifier": {}}'),
    ("bad-record", '"PER"'),
    ("duplicate-span", '{"start": 0, "end": 3, "label": "PER"}, {"start": 0, "end": 3, "label": "LOC"}'),
    ("overlap", '{"start": 0, "end": 3, "label": "PER"}, {"start": 2, "end": 5, "label": "LOC"}'),
]


@pytest.mark.parametrize(("code", "mention"), MENTION_FAULTS)
def test_a_faulty_mention_is_named_with_its_line(tmp_path: Path, code: str, mention: str) -> None:
    with pytest.raises(InputError) as error:
        _read(tmp_path, "\n" + _line(mention))
    (fault,) = error.value.faults
    assert fault.code == code
    assert fault.where.endswith("predictions.jsonl:2")
    assert "mention" in fault.found


LINE_FAULTS = [
    ("nan", '{"doc_id": "a", "mentions": [NaN]}'),
    ("infinite-number", '{"doc_id": "a", "mentions": [{"start": 0, "end": 1e999, "label": "PER"}]}'),
    ("duplicate-key", '{"doc_id": "a", "doc_id": "a", "mentions": []}'),
    ("two-objects", '{"doc_id": "a", "mentions": []} {"doc_id": "a", "mentions": []}'),
    ("long-integer", '{"doc_id": "a", "mentions": [' + "9" * 5000 + "]}"),
    ("deep-nesting", "[" * 10_000 + "]" * 10_000),
    ("bad-json", "doc_id: a"),
    ("bad-record", "null"),
    ("bad-record", "[]"),
    ("bad-record", '{"doc_id": 7, "mentions": []}'),
    ("bad-record", '{"doc_id": "a", "mentions": {}}'),
    ("missing-field", '{"doc_id": "a"}'),
    ("unknown-field", '{"doc_id": "a", "mentions": [], "score": 1}'),
    ("unknown-document", '{"doc_id": "c", "mentions": []}'),
    ("half-character", r'{"doc_id": "\ud800", "mentions": []}'),
    ("duplicate-document", GOOD_B.strip()),
]


@pytest.mark.parametrize(("code", "line"), LINE_FAULTS)
def test_a_faulty_line_is_named(tmp_path: Path, code: str, line: str) -> None:
    with pytest.raises(InputError) as error:
        _read(tmp_path, GOOD_B + line + "\n")
    (fault,) = error.value.faults
    assert (fault.code, fault.where.rpartition(":")[2]) == (code, "2")
    str(error.value).encode("utf-8")  # printable whatever the file holds


FILE_FAULTS = [
    ("empty-file", b""),
    ("empty-file", b"\n \n"),
    ("other-encoding", GOOD_B.encode("utf-16")),
    ("other-encoding", GOOD_B.encode("utf-16-be")),
    ("not-utf8", b'{"doc_id": "\xe9", "mentions": []}\n'),
    ("archive", b"PK\x03\x04rest"),
    ("archive", b"\x1f\x8brest"),
    ("pickle", b"\x80\x04rest"),
    ("pickle", pickle.dumps({"a": [1]}, 0)),
    ("pickle", pickle.dumps([1], 1)),
    ("other-encoding", b"\xef\xbb\xbf" + GOOD_B.encode()),
    ("long-line", b" " * (MAX_LINE + 1)),
    ("too-many-lines", b"\n" * 2000),
    ("missing-document", GOOD_B.encode()),
]


@pytest.mark.parametrize(("code", "content"), FILE_FAULTS)
def test_a_faulty_file_is_named(tmp_path: Path, code: str, content: bytes) -> None:
    with pytest.raises(InputError) as error:
        _read(tmp_path, content)
    assert [fault.code for fault in error.value.faults] == [code]


def test_links_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(GOOD_B)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name, code in (("link", "link"), ("nothing", "no-file"), (".", "no-file")):
        with pytest.raises(InputError) as error:
            read_predictions(tmp_path / name, LENGTHS)
        assert error.value.faults[0].code == code


def test_all_faults_come_in_one_pass(tmp_path: Path) -> None:
    bad = [mention for _, mention in MENTION_FAULTS[:5]]
    with pytest.raises(InputError) as error:
        _read(tmp_path, _line(*bad) + "{\n" + '{"doc_id": "c", "mentions": []}\n')
    assert [f.code for f in error.value.faults] == [code for code, _ in MENTION_FAULTS[:5]] + [
        "bad-json",
        "unknown-document",
    ]
    assert "mention 3" in error.value.faults[2].found


def test_faults_are_capped(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        _read(tmp_path, _line("1", "2") * 60)
    assert len(error.value.faults) == MAX_FAULTS + 1
    assert error.value.faults[-1].code == "too-many-faults"


def test_every_span_predicted_is_refused(tmp_path: Path) -> None:
    spans = [f'{{"start": {a}, "end": {b}, "label": "PER"}}' for a in range(20) for b in range(a + 1, 21)]
    with pytest.raises(InputError) as error:
        _read(tmp_path, _line(*spans))
    assert [f.code for f in error.value.faults] == ["too-many-mentions"]


def test_missing_documents_need_partial(tmp_path: Path) -> None:
    assert list(_read(tmp_path, GOOD_B, partial=True)) == ["b"]


def test_show_escapes_what_could_mislead() -> None:
    assert show("a\u202eb\x1b") == r"'a\u202eb\x1b'"
    assert len(show("x" * 1000)) < 70
    assert show("سيبو") == "'سيبو'"


def test_merge_joins_tracks() -> None:
    per, money = Prediction(5, 9, "PER"), Prediction(0, 2, "MONEY")
    assert merge({"a": (per,)}, {"a": (money,), "b": ()}) == {"a": (money, per), "b": ()}


def test_a_prediction_checks_itself() -> None:
    for bad in ((0, 0, "PER"), (0, 1, "GPE"), (0, 1, "PER", None, Quantity("money"))):
        with pytest.raises(ValueError):
            Prediction(*bad)  # type: ignore[arg-type]
    assert json.dumps(Prediction(0, 1, "DATE").to_json()) == '{"start": 0, "end": 1, "label": "DATE"}'


def _fits(value: object, rule: dict[str, Any]) -> bool:
    """The few keywords of JSON Schema that ours uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    if "type" in rule and (not isinstance(value, kinds[rule["type"]]) or isinstance(value, bool)):
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    if isinstance(value, str):
        low, high = rule.get("minLength", 0), rule.get("maxLength", 10**6)
        return low <= len(value) <= high and bool(re.search(rule.get("pattern", ""), value))
    if isinstance(value, int):
        return value >= rule.get("minimum", value)
    if isinstance(value, list):
        return all(_fits(item, rule["items"]) for item in value)
    if isinstance(value, dict):
        known = rule["properties"]
        wanted = list(rule.get("required", []))
        if "anyOf" in rule and not any(set(way["required"]) <= set(value) for way in rule["anyOf"]):
            return False
        for name, more in rule.get("dependentRequired", {}).items():
            wanted += more if name in value else []
        for name, more in rule.get("dependentSchemas", {}).items():
            if name in value and not all(
                _fits(value[k], r) for k, r in more["properties"].items() if k in value
            ):
                return False
        if set(value) - set(known) and rule.get("additionalProperties") is False:
            return False
        return set(wanted) <= set(value) and all(_fits(value[k], known[k]) for k in value)
    return True


def test_the_schema_knows_where_a_mention_may_stand() -> None:
    places = [
        ({"start": 0, "end": 3}, True),
        ({"text": "Ann"}, True),
        ({"start": 0}, False),
        ({"text": "Ann", "end": 3}, False),
        ({}, False),
    ]
    for place, good in places:
        assert _fits({"doc_id": "a", "mentions": [{"label": "PER"} | place]}, schema()) is good


def test_the_schema_takes_what_is_written() -> None:
    for d in gold_of(corpus()).documents:
        record = {"doc_id": d.doc_id, "mentions": [Prediction.of(m).to_json() for m in d.mentions]}
        assert _fits(record, schema())


BEYOND_THE_SCHEMA = ("bad-span", "out-of-range", "duplicate-span", "overlap")


@pytest.mark.parametrize(
    ("code", "mention"), [c for c in MENTION_FAULTS if c[0] not in BEYOND_THE_SCHEMA and c[0] != "bad-value"]
)
def test_the_schema_refuses_what_the_reader_refuses(code: str, mention: str) -> None:
    assert not _fits({"doc_id": "a", "mentions": [json.loads(mention)]}, schema()), code


@pytest.mark.parametrize(
    "mention",
    [{"label": "PER", "value": "7"}, {"label": "MONEY", "value_high": "7"}, {"label": "MONEY", "value": 7}],
)
def test_the_schema_knows_where_values_belong(mention: dict[str, object]) -> None:
    assert not _fits({"doc_id": "a", "mentions": [{"start": 0, "end": 3} | mention]}, schema())


TEXTS = {"a": "Ann met Ann in 東京 😀 Bob left", "b": "Rain fell."}


def _read_texts(tmp_path: Path, *mentions: dict[str, object]) -> list[tuple[int, int, str]]:
    file = tmp_path / "p.jsonl"
    lines = [{"doc_id": "a", "mentions": mentions}, {"doc_id": "b", "mentions": []}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    lengths = {doc_id: len(text) for doc_id, text in TEXTS.items()}
    return [(p.start, p.end, p.label) for p in read_predictions(file, lengths, texts=TEXTS)["a"]]


def test_mentions_without_offsets_are_placed(tmp_path: Path) -> None:
    ann, tokyo = {"text": "Ann", "label": "PER"}, {"text": "東京", "label": "LOC"}
    assert _read_texts(tmp_path, tokyo, ann, ann) == [(0, 3, "PER"), (8, 11, "PER"), (15, 17, "LOC")]
    # beside mentions with offsets, whose places are taken, and per track
    assert _read_texts(tmp_path, ann, {"start": 0, "end": 3, "label": "ORG"}) == [
        (0, 3, "ORG"),
        (8, 11, "PER"),
    ]
    assert _read_texts(tmp_path, ann, {"start": 0, "end": 3, "label": "DATE"}) == [
        (0, 3, "DATE"),
        (0, 3, "PER"),
    ]


def test_a_text_beside_offsets_must_agree(tmp_path: Path) -> None:
    assert _read_texts(tmp_path, {"start": 20, "end": 23, "text": "Bob", "label": "PER"}) == [(20, 23, "PER")]
    for code, start, end, fix in (
        ("surface-mismatch", 21, 24, "the offsets are UTF-16 units: count code points"),
        ("surface-mismatch", 2, 5, "correct the offsets or the text"),
        ("out-of-range", 27, 30, "the offsets are bytes: count code points"),
    ):
        with pytest.raises(InputError) as error:
            _read_texts(tmp_path, {"start": start, "end": end, "text": "Bob", "label": "PER"})
        (fault,) = error.value.faults
        assert (fault.code, fault.fix) == (code, fix)


@pytest.mark.parametrize(
    ("code", "mention"),
    [
        ("not-in-text", {"text": "Eve", "label": "PER"}),
        ("bad-text", {"text": "", "label": "PER"}),
        ("bad-text", {"text": 7, "label": "PER"}),
        ("bad-text", {"text": "x" * 1001, "label": "PER"}),
        ("missing-field", {"text": "Ann"}),
        ("missing-field", {"text": "Ann", "start": 0, "label": "PER"}),
        ("bad-label", {"text": "Ann", "label": "NAME"}),
        ("bad-value", {"text": "Ann", "label": "MONEY", "value": 7}),
    ],
)
def test_faulty_mentions_without_offsets(tmp_path: Path, code: str, mention: dict[str, object]) -> None:
    with pytest.raises(InputError) as error:
        _read_texts(tmp_path, {"text": "Bob", "label": "PER"}, mention)
    (fault,) = error.value.faults
    assert (fault.code, fault.where.rpartition(":")[2]) == (code, "1")
    assert fault.found.startswith("mention 2: ")


def test_without_texts_at_hand_offsets_are_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing-field"):
        _read(tmp_path, _line('{"text": "Ann", "label": "PER"}'))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["a", "PER", "MONEY", "7", "approx"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["doc_id", "mentions", "start", "end", "label", "value", "unit", "x"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(JSON, max_size=3), st.lists(JSON, max_size=3))
def test_any_json_is_read_or_refused_with_its_line(
    tmp_path: Path, records: list[Any], mentions: list[Any]
) -> None:
    lines = [
        json.dumps(r)
        for r in (*records, {"doc_id": "a", "mentions": mentions}, {"doc_id": "b", "mentions": []})
    ]
    faults: tuple[Fault, ...] = ()
    found: dict[str, tuple[Prediction, ...]] = {}
    try:
        found = _read(tmp_path, "\n".join(lines))
    except InputError as error:
        faults = error.faults
    assert bool(faults) != bool(found)
    assert all(re.search(r":\d+$", fault.where) or fault.code == "missing-document" for fault in faults)
    assert all(0 <= p.start < p.end <= LENGTHS[doc_id] for doc_id, listed in found.items() for p in listed)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError):
        _read(tmp_path, content)
