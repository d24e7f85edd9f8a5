"""Exact values and the `Quantity` that a number mention stands for.

Numbers are `Fraction` in memory and decimal (or `n/d`) strings in JSON: never floats. Dates and times are EDTF
strings (ISO 8601-2, level 0 and 1) in both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

NUMBER_KINDS = ("cardinal", "ordinal", "percent", "money", "measure", "date", "time")
MODIFIERS = ("approx", "at_least", "at_most", "more_than", "less_than")

Value = Fraction | str
"""A number (`Fraction`), or an EDTF string for dates and times."""

_NUMBER = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:/\d{1,400})?", re.ASCII)
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_EDTF = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?P<year>-?\d{{4}})(?:-{_MONTH}(?:-{_DAY}(?:T{_CLOCK}(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?",  # 2026-01-16T13:20
        r"-?\d{3}X|-?\d{2}XX",  # decades and centuries
        r"-?\d{4}-(?:2[1-4]|3[3-6])",  # seasons 21-24, quarters 33-36
        rf"XXXX-{_MONTH}(?:-{_DAY})?",  # a month, or a day of one, without a year
        rf"XXXX-XX-{_DAY}",
        rf"T?{_CLOCK}",  # time of day
    )
)
_DAYS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}  # of the months that have no 31


def is_edtf(text: str) -> bool:
    """Is this a date or time that exists, in the forms used here (ISO 8601-2)?

    >>> is_edtf("2024-02-29"), is_edtf("2023-02-29"), is_edtf("2026-13-45"), is_edtf("XXXX-11")
    (True, False, False, True)
    """
    match = next((m for pattern in _EDTF if (m := pattern.fullmatch(text))), None)
    if match is None:
        return False
    fields = match.groupdict()
    if not (fields.get("month") and fields.get("day")):
        return True
    month, day = int(fields["month"]), int(fields["day"])
    if month == 2 and day == 29 and fields.get("year"):
        year = int(fields["year"])
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _DAYS.get(month, 31)


def format_value(value: Value) -> str:
    """The canonical string of a value: a plain decimal where it ends, else `n/d`.

    >>> format_value(Fraction(57_000_000_000)), format_value(Fraction(41, 5)), format_value(Fraction(1, 3))
    ('57000000000', '8.2', '1/3')
    """
    if isinstance(value, str):
        return value
    twos, rest = 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    fives = 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def parse_value(text: str, kind: str) -> Value:
    """Read a value string; `ValueError` says what is wrong with it.

    >>> parse_value("8.2", "money"), parse_value("2026-01", "date")
    (Fraction(41, 5), '2026-01')
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is a {type(text).__name__}, not a string")
    if kind in ("date", "time"):
        if not is_edtf(text):
            raise ValueError(f"{text!r} is not an EDTF date or time such as 2026-01-16, 2026-01 or 13:20")
        return text
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a plain number such as 57000000000, -8.2 or 1/10")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{text!r} is not a number: {error}") from None


@dataclass(frozen=True, slots=True)
class Quantity:
    """The normalised content of a number mention.

    `kind` is the label in lower case. `value` is None where the text gives none ("last weekend"); `value_high` is
    set for ranges only. `unit`: ISO 4217 for money, CLDR unit ids without their class for measures (`kilometer`,
    `month`), `percent`, `percentage-point`, `times`, else None.
    """

    kind: str
    value: Value | None = None
    value_high: Value | None = None
    unit: str | None = None
    modifier: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in NUMBER_KINDS:
            raise ValueError(f"kind {self.kind!r} is not one of {', '.join(NUMBER_KINDS)}")
        if self.modifier is not None and self.modifier not in MODIFIERS:
            raise ValueError(f"modifier {self.modifier!r} is not one of {', '.join(MODIFIERS)}")
        if not isinstance(self.unit, str | None):
            raise ValueError(f"unit {self.unit!r} is not a string")
        for value in (self.value, self.value_high):
            if isinstance(value, float):
                raise ValueError(f"value {value!r} is a float; values are exact")
            if value is not None and isinstance(value, str) != (self.kind in ("date", "time")):
                raise ValueError(f"a {self.kind} cannot have the value {value!r}")
        if self.value_high is not None and self.value is None:
            raise ValueError("value_high without value")

    @property
    def label(self) -> str:
        return self.kind.upper()

    @classmethod
    def from_json(cls, record: dict[str, Any], label: str) -> Quantity:
        """From a mention record's `value`, `value_high`, `unit`, `modifier` (each may be absent)."""
        kind = label.lower()
        low, high = record.get("value"), record.get("value_high")
        return cls(
            kind,
            None if low is None else parse_value(low, kind),
            None if high is None else parse_value(high, kind),
            record.get("unit"),
            record.get("modifier"),
        )

    def to_json(self) -> dict[str, str]:
        """The fields that are set, values as strings."""
        fields = {
            "value": None if self.value is None else format_value(self.value),
            "value_high": None if self.value_high is None else format_value(self.value_high),
            "unit": self.unit,
            "modifier": self.modifier,
        }
        return {name: text for name, text in fields.items() if text is not None}

    def __str__(self) -> str:
        signs = {"approx": "≈ ", "at_least": "≥ ", "at_most": "≤ ", "more_than": "> ", "less_than": "< "}
        if self.value is None:
            return "–"
        text = signs.get(self.modifier or "", "") + show_value(self.value)
        if self.value_high is not None:
            text += f" – {show_value(self.value_high)}"
        return f"{text} {self.unit}" if self.unit else text


def show_value(value: Value) -> str:
    """For people: digits in groups of three, thin-spaced.

    >>> show_value(Fraction(57_000_000_000)).replace("\\u202f", "_")
    '57_000_000_000'
    """
    text = format_value(value)
    if isinstance(value, str) or "/" in text:
        return text
    whole, dot, part = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups = [whole[max(i - 3, 0) : i] for i in range(len(whole), 0, -3)][::-1] if len(whole) > 4 else [whole]
    return sign + "\u202f".join(groups) + dot + part
