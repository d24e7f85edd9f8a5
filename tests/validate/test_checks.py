from __future__ import annotations

import pytest

from hexapla.validate.checks import mention_faults, span_faults, text_faults


@pytest.mark.parametrize(
    ("label", "value", "high", "unit", "codes"),
    [
        ("MONEY", "57000000000", None, "USD", []),
        ("MONEY", None, None, None, []),
        ("MONEY", None, None, "USD", []),
        ("MONEY", "5", None, None, ["no-unit"]),
        ("MONEY", "5", None, "usd", ["unknown-unit"]),
        ("MONEY", "5", None, "dollar", ["unknown-unit"]),
        ("MEASURE", "3", "5", "year", []),
        ("MEASURE", "5", "3", "year", ["range-order"]),
        ("MEASURE", "3", "3", "year", ["range-order"]),
        ("MEASURE", "90", None, "kilometer-per-hour", []),
        ("MEASURE", "90", None, "km/h", ["unknown-unit"]),
        ("MEASURE", "90", None, None, ["no-unit"]),
        ("PERCENT", "20", None, "percent", []),
        ("PERCENT", "1.5", None, "percentage-point", []),
        ("PERCENT", "20", None, None, ["unknown-unit"]),
        ("PERCENT", "20", None, "%", ["unknown-unit"]),
        ("CARDINAL", "2", None, "times", []),
        ("CARDINAL", "2", None, "day", ["unknown-unit"]),
        ("CARDINAL", "1/3", None, None, []),
        ("CARDINAL", "2/6", None, None, ["value-form"]),
        ("CARDINAL", "07", None, None, ["value-form"]),
        ("CARDINAL", "8.20", None, None, ["value-form"]),
        ("CARDINAL", "1/2", None, None, ["value-form"]),
        ("CARDINAL", "1e3", None, None, ["bad-mention"]),
        ("ORDINAL", "3", None, None, []),
        ("ORDINAL", "3", None, "times", ["unknown-unit"]),
        ("DATE", "2031-01", None, None, []),
        ("DATE", "2031-01", "2030-01", None, []),  # EDTF strings are not ordered
        ("DATE", "1/2031", None, None, ["bad-mention"]),
        ("TIME", "13:20", None, "hour", ["unknown-unit"]),
    ],
)  # fmt: skip
def test_values_and_units(
    label: str, value: str | None, high: str | None, unit: str | None, codes: list[str]
) -> None:
    record = {
        "id": "m1",
        "start": 0,
        "end": 1,
        "surface": "x",
        "label": label,
        "by": "read",
        "reviewed": False,
    }
    record |= {k: v for k, v in (("value", value), ("value_high", high), ("unit", unit)) if v is not None}
    assert [code for code, _, _ in mention_faults(record, "x", {})] == codes


@pytest.mark.parametrize(
    ("value", "high", "said", "codes"),
    [
        ("3", "5", "3-5 year", []),
        ("3", "5", "3 – 5 year", []),
        ("3", None, "", []),
        ("57000000000", None, "ar: 57000000000 USD; fil: more_than 57000000000 USD", []),
        ("3", None, "ar: 3; fil: 4", []),
        ("3", None, "13 year", ["fact-value"]),
        ("3", None, "3.5 year", ["fact-value"]),
        ("3", None, "1/3 year", ["fact-value"]),
        ("3", "6", "3-5 year", ["fact-value"]),
        ("-3", None, "approx -3 celsius", []),
    ],
)
def test_a_fact_names_the_values_of_its_mentions(
    value: str, high: str | None, said: str, codes: list[str]
) -> None:
    record = {
        "id": "m1",
        "start": 0,
        "end": 1,
        "surface": "x",
        "label": "MEASURE",
        "by": "read",
        "reviewed": False,
    }
    record |= {"value": value, "unit": "year", "fact_id": "f"} | ({"value_high": high} if high else {})
    assert [code for code, _, _ in mention_faults(record, "x", {"f": ("MEASURE", said)})] == codes


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 3), (3, 5)], []),
        ([], []),
        ([(0, 6)], [(0, "offset-out-of-range")]),
        ([(2, 2)], [(0, "offset-out-of-range")]),
        ([(3, 5), (0, 3)], [(1, "span-order")]),
        ([(0, 3), (2, 5)], [(1, "span-order")]),
        ([(0, True)], [(0, "bad-span")]),
        ([(0, "3")], [(0, "bad-span")]),
        ([(0.0, 3)], [(0, "bad-span")]),
        ([([], {})], [(0, "bad-span")]),
    ],
)
def test_spans(spans: list, expected: list) -> None:
    assert [(number, code) for number, (code, _, _) in span_faults(spans, 5)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ok\nGdańsk", []), ("ok\nGdan\u0301sk", [(2, "not-nfc")]), ("a\r\nb", [(1, "line-end")]), ("\uac00", []), ("\u1100\u1161", [(1, "not-nfc")])],
)  # fmt: skip
def test_texts(text: str, expected: list) -> None:
    assert [(line, code) for line, (code, _, _) in text_faults(text)] == expected
