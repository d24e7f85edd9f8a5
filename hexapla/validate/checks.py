"""What must hold of one record: a text, a span, a mention, a unit. Each check yields what is wrong, without the place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from hexapla.corpus import Mention
from hexapla.values import Quantity, format_value

Wrong = tuple[str, str, str]
"""(code, found, expected)."""

_CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217
_UNIT = re.compile(r"[a-z]+[a-z0-9]*(?:-[a-z0-9]+)*")  # CLDR unit ids without their class
_BARE = {
    "percent": ("percent", "percentage-point"),
    "cardinal": (None, "times"),
    "ordinal": (None,),
    "date": (None,),
    "time": (None,),
}


def text_faults(text: str) -> Iterator[tuple[int, Wrong]]:
    """(line from 1, what is wrong) of each line that is not NFC or ends in a carriage return."""
    if unicodedata.is_normalized("NFC", text) and "\r" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if "\r" in line:
            yield number, ("line-end", "a carriage return", "lines that end in \\n")
        if not unicodedata.is_normalized("NFC", line):
            yield number, ("not-nfc", f"{line[:60]!r} is not in normal form C", "NFC")


def span_faults(spans: Sequence[tuple[Any, Any]], length: int) -> Iterator[tuple[int, Wrong]]:
    """(index, what is wrong) of spans that are not in order, apart, and inside a text of `length` code points."""
    end = 0
    for number, (start, stop) in enumerate(spans):
        if type(start) is not int or type(stop) is not int:
            yield number, ("bad-span", f"{start!r}:{stop!r}", "whole numbers")
        elif not 0 <= start < stop <= length:
            yield number, ("offset-out-of-range", f"{start}:{stop}", f"a span inside 0:{length}")
        elif start < end:
            yield (
                number,
                (
                    "span-order",
                    f"{start}:{stop} begins before {end}, where the last one ends",
                    "spans in order",
                ),
            )
        else:
            end = stop


def mention_faults(record: Any, text: str, facts: Mapping[str, tuple[str, str]] | None) -> Iterator[Wrong]:
    """What is wrong with a mention record (the fields of an annotation file) of this text.

    `facts` gives label and value of each fact of the article; None where they could not be read. A fact that has a value
    names the values of all its mentions ("ar: 57000000000 USD; fil: more_than 57000000000 USD").
    """
    try:
        mention = Mention.from_json(record)
        if wrong := [k for k in ("id", "surface") if not isinstance(record[k], str)]:
            raise TypeError(f"{' and '.join(wrong)} must be strings")
        if wrong := [k for k in ("ambiguous", "reviewed") if type(record.get(k, False)) is not bool]:
            raise TypeError(f"{' and '.join(wrong)} must be true or false")
        if not isinstance(record.get("fact_id"), str | None):
            raise TypeError("fact_id must be a string")
        if not isinstance(record.get("unit"), str | None):
            raise TypeError("unit must be a string")
    except KeyError as error:
        yield "bad-mention", f"no field {error}", "id, start, end, surface, label, by, reviewed"
        return
    except (ValueError, TypeError, AttributeError) as error:
        yield "bad-mention", str(error), ""
        return
    if mention.end > len(text):
        yield "offset-out-of-range", f"{mention.start}:{mention.end}", f"a span inside 0:{len(text)}"
    elif (there := text[mention.start : mention.end]) != mention.surface:
        yield (
            "surface-mismatch",
            f"the text at {mention.start}:{mention.end} reads {there[:60]!r}",
            repr(mention.surface),
        )
    if mention.quantity is not None:
        yield from quantity_faults(mention.quantity, record)
    if facts is not None and mention.fact_id is not None:
        if mention.fact_id not in facts:
            yield "unknown-fact", f"fact_id {mention.fact_id!r}", "a fact of the article"
        else:
            label, said = facts[mention.fact_id]
            if label != mention.label:
                yield "fact-label", f"a {mention.label} mention of the fact {mention.fact_id!r}", f"{label}, the label of the fact"  # fmt: skip
            for name in ("value", "value_high"):
                # in a range of a fact the two stand together: "3-5 year"
                stated = rf"(?<![\w./]){re.escape(record.get(name) or '')}(?!\w|[./]\d)"
                if said and record.get(name) and not re.search(stated, said):
                    yield "fact-value", f"{name} {record[name]!r} in a mention of the fact {mention.fact_id!r}", f"what the fact says: {said!r}"  # fmt: skip


def quantity_faults(quantity: Quantity, record: Mapping[str, Any]) -> Iterator[Wrong]:
    """What is wrong with a value or unit: `record` holds the strings that `quantity` was read from."""
    for name, value in (("value", quantity.value), ("value_high", quantity.value_high)):
        if value is not None and record[name] != format_value(value):
            yield "value-form", f"{name} {record[name]!r}", f"the canonical form {format_value(value)!r}"
    low, high = quantity.value, quantity.value_high
    if isinstance(low, Fraction) and isinstance(high, Fraction) and high <= low:
        yield "range-order", f"from {record['value']} to {record['value_high']}", "value below value_high"
    unit, kind = quantity.unit, quantity.kind
    if kind in _BARE:
        known = _BARE[kind]
        if unit not in known and not (unit is None and low is None):
            yield "unknown-unit", f"unit {unit!r} of a {kind}", _names(known)
    elif unit is None:
        if low is not None:
            yield (
                "no-unit",
                f"a {kind} with a value and no unit",
                "an ISO 4217 currency" if kind == "money" else "a unit",
            )
    elif not (_CURRENCY if kind == "money" else _UNIT).fullmatch(unit):
        yield "unknown-unit", f"unit {unit!r} of a {kind}", "an ISO 4217 code such as USD" if kind == "money" else "a CLDR unit id such as kilometer or month"  # fmt: skip


def _names(known: Iterable[str | None]) -> str:
    return " or ".join("no unit" if name is None else name for name in known)
