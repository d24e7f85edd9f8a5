import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.values import NUMBER_KINDS, Quantity, format_value, is_edtf, parse_value, show_value

PLAIN = [k for k in NUMBER_KINDS if k not in ("date", "time")]


@given(st.fractions(), st.sampled_from(PLAIN))
def test_a_number_survives_its_string(value: Fraction, kind: str) -> None:
    assert parse_value(format_value(value), kind) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15), max_value=10**15))
def test_a_decimal_is_written_plainly_and_without_trailing_zeros(value) -> None:
    text = format_value(Fraction(value))
    assert "/" not in text
    assert "e" not in text.lower()
    assert "." not in text or text[-1] not in "0."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("-0", Fraction(0)),
        ("007", Fraction(7)),
        ("57000000000", Fraction(57 * 10**9)),
        ("8.20", Fraction(41, 5)),
        ("-8.2", Fraction(-41, 5)),
        ("1/10", Fraction(1, 10)),
        ("-1/3", Fraction(-1, 3)),
        ("1" * 300, Fraction(int("1" * 300))),
    ],
)
def test_numbers_that_are_read(text: str, value: Fraction) -> None:
    assert parse_value(text, "cardinal") == value


NOT_NUMBERS = [
    "", " 1", "1 ", "1,5", "1.", ".5", "+5", "1e3", "1E400", "0x10", "1_000", "nan", "NaN", "inf", "1/0", "1.5/2", "1/2/3",
    "--1", "½", "١٢", "１２", "1\n", "9" * 401, "2026-01-16", None, 5, 5.0, True, ["1"], {"v": 1},
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_NUMBERS, ids=repr)
def test_what_is_no_number_is_refused_with_a_reason(text: object) -> None:
    with pytest.raises(ValueError, match="not a"):
        parse_value(text, "money")


DATES = [
    "2026", "-0044", "0000", "2026-01", "2026-12", "2026-01-16", "2024-02-29", "2000-02-29", "2026-04-30", "2026-12-31",
    "2026-01-16T13:20", "2026-01-16T13:20:59", "2026-01-16T00:00Z", "2026-01-16T23:59+08:00", "2026-01-16T23:59-03:30",
    "202X", "20XX", "-01XX", "2026-21", "2026-24", "2026-33", "2026-36", "XXXX-05", "XXXX-05-04", "XXXX-02-29", "XXXX-XX-31",
    "13:20", "00:00", "23:59:59", "T13:20",
]  # fmt: skip
NOT_DATES = [
    "", "26", "202", "20266", "2026-1", "2026-00", "2026-13", "2026-13-45", "2026-20", "2026-25", "2026-32", "2026-37",
    "2026-01-00", "2026-01-32", "2026-02-30", "2026-02-29", "1900-02-29", "2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31",
    "2026-01-16T24:00", "2026-01-16T13:60", "2026-01-16T13:20:60", "2026-01-16T1:20", "2026-01-16 13:20", "2026-01T13:20",
    "2026-01-16T13:20+15:00", "2026-21-01", "XXXX", "XXXX-13", "XXXX-02-30", "XXXX-04-31", "XXXX-XX-32", "XXXX-XX", "2XXX", "24:00",
    "13:60", "1:20", "13.20", "16/01/2026", "2026/01/16", "2026-01-16\n", " 2026", "last week", "٢٠٢٦", "２０２６", "relative: last year",
]  # fmt: skip


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize("kind", ["date", "time"])
def test_dates_that_are_read(text: str, kind: str) -> None:
    assert parse_value(text, kind) == text == format_value(text)


@pytest.mark.parametrize("text", NOT_DATES)
def test_dates_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="EDTF"):
        parse_value(text, "date")


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day) -> None:
    assert is_edtf(day.isoformat())


@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_day_is_a_date_just_when_the_calendar_has_it(year: int, month: int, day: int) -> None:
    import datetime

    try:
        datetime.date(year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert is_edtf(f"{year:04d}-{month:02d}-{day:02d}") == exists


@given(st.text(max_size=30), st.sampled_from(NUMBER_KINDS))
def test_a_string_is_read_or_refused_and_what_is_read_is_written_alike(text: str, kind: str) -> None:
    with contextlib.suppress(ValueError):
        value = parse_value(text, kind)
        assert parse_value(format_value(value), kind) == value


QUANTITIES = [
    (Quantity("money", Fraction(57), None, "USD", "more_than"), "> 57 USD"),
    (Quantity("measure", Fraction(3), Fraction(5), "year"), "3 – 5 year"),
    (Quantity("date", "2026-01"), "2026-01"),
    (Quantity("date"), "–"),
    (Quantity("percent", Fraction(41, 5), None, "percent", "approx"), "≈ 8.2 percent"),
]


@pytest.mark.parametrize(("quantity", "shown"), QUANTITIES)
def test_a_quantity_survives_its_record(quantity: Quantity, shown: str) -> None:
    assert Quantity.from_json(dict(quantity.to_json()), quantity.label) == quantity
    assert str(quantity) == shown
    assert all(isinstance(text, str) for text in quantity.to_json().values())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (("weight",), "kind"),
        (("money", Fraction(1), None, "USD", "roughly"), "modifier"),
        (("money", "2026"), "cannot have"),
        (("date", Fraction(2026)), "cannot have"),
        (("money", None, Fraction(1)), "without value"),
        (("money", 0.5), "float"),
        (("money", Fraction(1), None, 7), "unit"),
    ],
)
def test_a_quantity_that_makes_no_sense_is_refused(fields: tuple, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Quantity(*fields)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1000), "1000"),
        (Fraction(-12345), "-12_345"),
        (Fraction(1234567, 2), "617_283.5"),
        (Fraction(1, 3), "1/3"),
        ("2026-01-16", "2026-01-16"),
    ],
)
def test_numbers_for_people(value, text: str) -> None:
    assert show_value(value).replace("\u202f", "_") == text
