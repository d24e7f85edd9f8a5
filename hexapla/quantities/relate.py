"""Join numbers to ranges and compounds, and read the modifiers around them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hexapla.quantities.bare import Found
from hexapla.quantities.locale import Locale
from hexapla.quantities.scan import Token

_SIGNS = frozenset("-–~")


def ranges(found: list[Found], tokens: Sequence[Token], known: Locale) -> list[Found]:
    """`3-5 years`, `three to five years`, `between 3 and 5`: two numbers become one mention."""
    out: list[Found] = []
    for one in found:
        if out and _is_range(out[-1], one, tokens, known):
            low = out.pop()
            out.append(_merge(low, one))
        else:
            out.append(one)
    return out


def amounts(found: list[Found], tokens: Sequence[Token], known: Locale) -> list[Found]:
    """`20 dollars and 43 cents`, `5 euros 50`: an amount and its cents are one."""
    out: list[Found] = []
    for one in found:
        if out and _is_inches(out[-1], one, tokens):
            one.unit, one.kind, one.last = "inch", "measure", one.last + 1
        if out and (share := _share(out[-1], one, tokens, known)):
            whole = out[-1]
            if isinstance(whole.value, Fraction) and isinstance(one.value, Fraction):
                whole.value += one.value / share
            whole.last, whole.other = one.last, None
        elif out and _is_rest(out[-1], one, tokens, known):
            whole = out.pop()
            if isinstance(whole.value, Fraction) and isinstance(one.value, Fraction):
                whole.value += one.value if one.part or one.kind == "money" else one.value / 100
            whole.last, whole.other = one.last, None
            out.append(whole)
        else:
            out.append(one)
    return out


# how many of the smaller unit make the larger, where people say both in one breath
_PARTS = {
    ("foot", "inch"): 12, ("hour", "minute"): 60, ("minute", "second"): 60, ("pound", "ounce"): 16, ("year", "month"): 12,
    ("meter", "centimeter"): 100, ("kilometer", "meter"): 1000, ("kilogram", "gram"): 1000, ("day", "hour"): 24, ("week", "day"): 7,
}  # fmt: skip


def _is_inches(whole: Found, rest: Found, tokens: Sequence[Token]) -> bool:
    """`5 ft 2 in`: after feet, "in" is no preposition."""
    follows = rest.last < len(tokens) and tokens[rest.last].word == "in" and tokens[rest.last].glue in (0, 1)
    return whole.unit == "foot" and whole.last == rest.first and rest.plain and rest.unit is None and follows


def _share(whole: Found, rest: Found, tokens: Sequence[Token], known: Locale) -> int | None:
    """`5 feet 2 inches`: how many of the second unit make one of the first; None if they are two mentions."""
    parts = _PARTS.get((whole.unit or "", rest.unit or ""))
    gap = rest.first - whole.last
    if (
        not parts
        or whole.value_high
        or gap > 1
        or (gap == 1 and tokens[whole.last].word not in known.joiners)
        or tokens[rest.first].glue == 3
    ):
        return None
    return (
        parts
        if isinstance(rest.value, Fraction)
        and isinstance(whole.value, Fraction)
        and rest.value < parts
        and whole.value.denominator == 1
        else None
    )


def _is_rest(whole: Found, rest: Found, tokens: Sequence[Token], known: Locale) -> bool:
    if (
        whole.kind != "money"
        or not isinstance(rest.value, Fraction)
        or not isinstance(whole.value, Fraction)
        or whole.value_high
        or tokens[rest.first].glue == 3
    ):
        return False
    gap = rest.first - whole.last
    if gap > 1 or (gap == 1 and tokens[whole.last].word not in known.joiners):
        return False
    if rest.part:
        return rest.value < 1 and (not whole.part or rest.value < whole.value)
    # a bare number counts as cents only where nothing follows that it could count
    if (
        rest.kind != "cardinal"
        or rest.unit
        or not 0 < rest.value < 100
        or rest.value.denominator != 1
        or whole.part
        or rest.scaled
    ):
        return False
    return whole.value.denominator == 1 and (
        rest.last >= len(tokens) or tokens[rest.last].glue == 3 or tokens[rest.last].word in ".,;!?)"
    )


def _is_range(low: Found, high: Found, tokens: Sequence[Token], known: Locale) -> bool:
    if (
        high.kind in ("ordinal", "date", "time")
        or low.value_high is not None
        or not isinstance(low.value, Fraction)
        or not isinstance(high.value, Fraction)
    ):
        return False
    leading = (
        low.kind == "measure" and high.kind == "cardinal" and low.high == low.last and low.first < low.low
    )
    if low.kind != high.kind and low.kind != "cardinal" and not leading:
        return False
    if (low.unit and low.unit != high.unit and not leading) or (
        low.value >= high.value and not (high.scaled and not low.scaled)
    ):
        return False
    gap = high.first - low.last
    if gap == 0:
        if low.spelled and high.spelled:  # "two-three days"
            return tokens[high.first].glue == 2 and high.value == low.value + 1 < 10
        return tokens[high.first].glue == 2 and not low.spelled and not high.spelled
    if tokens[low.last].glue == 3 or tokens[high.first].glue == 3:
        return False
    if gap == 1 and tokens[low.last].word in _SIGNS and not low.spelled and not high.spelled:
        return True
    between = known.range_between.after(tokens, low.last)
    if between and between[1] == high.first:
        return True
    joined = known.range_and.after(tokens, low.last)
    return bool(joined and joined[1] == high.first and known.range_open.before(tokens, low.first))


def _merge(low: Found, high: Found) -> Found:
    value = low.value
    if high.scaled and not low.scaled and isinstance(value, Fraction) and isinstance(high.value, Fraction):
        factor = _scale(high.value)
        if value * factor < high.value:  # "3 to 5 million"
            value *= factor
    leading = low.unit is not None and high.unit is None
    if (
        low.plain
        and high.plain
        and not high.unit
        and value is not None
        and high.value is not None
        and all(isinstance(v, Fraction) and 1900 <= v < 2100 for v in (value, high.value))
    ):  # "between 2019 and 2021"
        return Found(low.first, high.last, low.low, high.high, "date", str(value), str(high.value))
    return Found(low.first, high.last, low.low, high.high, low.kind if leading else high.kind, value, high.value, low.unit if leading else high.unit,
                 spelled=low.spelled or high.spelled, scaled=high.scaled)  # fmt: skip


def _scale(value: Fraction) -> int:
    factor = 1
    while factor * 1000 <= value:
        factor *= 1000
    return factor


def modifiers(found: list[Found], tokens: Sequence[Token], known: Locale) -> None:
    """About, nearly, at least, up to, more than, less than: before the mention or after it."""
    for one in found:
        if one.kind in ("date", "time", "ordinal"):
            continue
        before = known.modifier_before.before(tokens, one.first)
        if before is None and one.first and tokens[one.first - 1].word in known.gap:
            before = known.modifier_before.before(tokens, one.first - 1)
        if before and tokens[one.first].glue != 3:
            one.modifier = before[0]
            continue
        after = known.modifier_after.after(tokens, one.last)
        if after and tokens[one.last].glue != 3:
            one.modifier = after[0]
            continue
        if one.first and tokens[one.first - 1].word in "~≈<>≤≥":
            one.modifier = {
                "~": "approx",
                "≈": "approx",
                "<": "less_than",
                ">": "more_than",
                "≤": "at_most",
                "≥": "at_least",
            }[tokens[one.first - 1].word]
