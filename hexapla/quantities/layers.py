"""Attach what stands around a bare number: percent, multiple, unit, ordinal affix; and tell what is no number."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hexapla.quantities.bare import Found, is_digits, is_letter, is_unspaced, next_is
from hexapla.quantities.locale import Locale
from hexapla.quantities.scan import Token


def percent(found: Found, tokens: Sequence[Token], known: Locale, limit: int = 0) -> bool:
    """A percent sign or word after the number, or before it; a tenth used as a unit."""
    if found.kind == "percent":
        return True
    if found.kind != "cardinal" or found.unit or not isinstance(found.value, Fraction):
        return False
    tenths = known.tenths.after(tokens, found.last)
    if tenths and tokens[found.last].glue != 3 and found.value <= 100:
        pair = (
            known.lexicon.match(tokens, found.first - 1)
            if found.first and tokens[found.first].glue == 1
            else None
        )
        if pair and pair[0].role == "n" and 0 < pair[0].value < 10 and found.value < 10:  # 八五折
            found.value += 10 * pair[0].value
            found.first = found.low = found.first - 1
        found.value *= 10 if found.value <= 10 else 1
        found.last = tenths[1]
        half = known.after_half.after(tokens, found.last)
        digit = (
            known.lexicon.match(tokens, found.last)
            if found.last < len(tokens) and tokens[found.last].glue != 3
            else None
        )
        if half:
            found.value, found.last = found.value + 5, half[1]
        elif (
            digit
            and digit[0].role == "n"
            and 0 < digit[0].value < 10
            and not (digit[1] < len(tokens) and is_unspaced(tokens[digit[1]]))
        ):
            found.value, found.last = found.value + digit[0].value, digit[1]
        found.kind, found.unit, found.article = "percent", "percent", False
        return True
    after = known.percent.after(tokens, found.last)
    if after and tokens[found.last].glue != 3:
        unit, found.last = after
    else:
        before = known.percent_before.before(tokens, found.first)
        if not before or before[1] < limit or tokens[found.first].glue == 3:
            return False
        if tokens[before[1]].word == "%" and (
            tokens[found.first].glue != 1 or (before[1] and is_digits(tokens[before[1] - 1]))
        ):
            return False
        unit, found.first = before
    if unit == "permille" and isinstance(found.value, Fraction):
        found.value /= 10
        unit = "percent"
    found.kind, found.unit, found.article = "percent", unit, False
    return True


def times(found: Found, tokens: Sequence[Token], known: Locale) -> bool:
    """A multiple: `three times`, `dalawang beses`."""
    if found.kind != "cardinal" or found.unit:
        return False
    after = known.times.after(tokens, found.last)
    if after is None and found.last < len(tokens) and tokens[found.last].word in known.of:
        after = known.times.after(tokens, found.last + 1)
    if after is None or tokens[found.last].glue == 3:
        return False
    found.unit, found.last, found.article = "times", after[1], False
    return True


def in_a_name(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> bool:
    """Whether bare digits belong to a name: `Siyuan 590`, `Windows 11`; a capitalised word in mid-sentence stands before."""
    at = found.first
    if (
        not found.plain
        or found.kind != "cardinal"
        or found.unit
        or at < 2
        or known.nouns_capital
        or tokens[at].glue != 0
    ):
        return False
    before, word = tokens[at - 1], raw[at - 1]
    if (
        not (any(c.isupper() for c in word) and before.word.isalpha() and len(word) > 1)
        or before.glue == 3
        or before.word in known.known
    ):
        return False
    return tokens[at - 2].word not in '.!?:;"“”«»„()[]'


# units whose names mean something else after an article
_NOT_AFTER_ARTICLE = frozenset(
    [
        "bit",
        "byte",
        "stone",
        "item",
        "cup",
        "drop",
        "knot",
        "degree",
        "bar",
        "pixel",
        "point",
        "dot-per-inch",
        "pint",
        "quart",
    ]
)


def unit(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str], limit: int = 0) -> bool:
    """A unit of measure after the number."""
    if found.kind != "cardinal" or found.unit:
        return False
    at = found.last
    if found.scaled and is_unspaced(tokens[at - 1]) and isinstance(found.value, Fraction):
        wider = known.units.after(tokens, at - 1)  # 千米 after digits is a kilometre
        scale = known.lexicon.match(tokens, at - 1)
        if (
            wider
            and wider[1] > at
            and scale
            and scale[0].role == "m"
            and (
                is_digits(tokens[at - 2])
                or (
                    known.lexicon.matches(tokens, at - 2)
                    and any(p.role == "m" for p, _ in known.lexicon.matches(tokens, at - 2))
                )
            )
        ):
            found.value /= scale[0].value
            found.high = at - 1
            found.unit, found.last = wider
            found.kind, found.article = "measure", False
            return True
    if at >= len(tokens) or tokens[at].glue == 3:
        return False
    after = known.units.after(tokens, at)
    if after is None and tokens[at].word in known.of and at + 1 < len(tokens):
        after = known.units.after(tokens, at + 1)
    if after is None and known.unit_before:
        named = known.units.before(tokens, found.first)
        if (
            named
            and (found.spelled or known.money_first)
            and tokens[found.first].glue == 0
            and named[1] >= limit
        ):
            found.unit, found.first = named
            found.kind, found.article = "measure", False
            return True
    if after is None:
        sign, end = _short_unit(found, tokens, known, raw)
        if sign is None:
            return False
        after = sign, end
    if found.article and (
        after[0] in _NOT_AFTER_ARTICLE or any(p.role == "o" for p, _ in known.lexicon.matches(tokens, at))
    ):
        return False  # "a bit", "a second summit"
    found.unit, found.last = after
    if found.unit == "degree" and found.last < len(tokens) and tokens[found.last].glue != 3:
        degrees = {"c": "celsius", "f": "fahrenheit", "celsius": "celsius", "fahrenheit": "fahrenheit"}.get(
            tokens[found.last].word
        )
        if degrees:
            found.unit, found.last = degrees, found.last + 1
    found.kind, found.article = "measure", False
    _spaced_minus(found, tokens)
    if isinstance(found.value, Fraction) and found.last < len(tokens) and tokens[found.last].glue != 3:
        half, part = known.after_half.after(tokens, found.last), known.halves.after(tokens, found.last)
        if half:
            found.value, found.last = found.value + Fraction(1, 2), half[1]
        elif part:  # "an hour and a half"
            found.value, found.last = found.value + part[0], part[1]
    return True


def _spaced_minus(found: Found, tokens: Sequence[Token]) -> None:
    """`- 20 degrees`: a dash before a temperature is a minus sign, even with a space after it."""
    at = found.first
    if (
        found.unit not in ("celsius", "fahrenheit", "degree")
        or at < 2
        or not isinstance(found.value, Fraction)
    ):
        return
    dash = tokens[at - 1]
    if (
        dash.word == "-"
        and dash.glue == tokens[at].glue == 0
        and found.value > 0
        and not is_digits(tokens[at - 2])
    ):
        found.value, found.first, found.low = -found.value, at - 1, at - 1


def _short_unit(
    found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]
) -> tuple[str | None, int]:
    """`km`, `°C`, `m²`, `km/h`: as written, longest first, after digits only."""
    at, size = found.last, len(tokens)
    if found.spelled and not found.scaled:
        return None, at
    joined, best, end = "", None, at
    for k in range(at, min(at + 4, size)):
        if k > at and tokens[k].glue != 1:
            break
        joined += raw[k]
        if joined in known.short_units:
            best, end = known.short_units[joined], k + 1
    if (
        best
        and end < size
        and tokens[end].glue == 1
        and (is_letter(tokens[end]) or is_digits(tokens[end]) or is_unspaced(tokens[end]))
        and not tokens[end].word[0] >= "\u3000"  # in Thai and its neighbours a letter is no word
    ):
        return None, at
    return best, end


def ordinal(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> bool:
    """An ordinal affix on digits: `25th`, `ika-25`, `3º`, `3.`"""
    if found.kind != "cardinal" or found.spelled or not found.plain:
        return False
    at = found.first
    if (at and tokens[at].glue in (1, 2) and tokens[at - 1].word in known.ordinal_before) or (
        at
        and tokens[at].glue == 0
        and tokens[at - 1].word in known.ordinal_before
        and len(tokens[at - 1].word) > 2
    ):
        found.first -= 1
    else:
        after = known.ordinal_after.after(tokens, found.last)
        if after and tokens[found.last].word == "°" and not _degree_is_ordinal(found, tokens, raw):
            return False
        if (
            after
            and tokens[found.last].glue in (1, 2)
            and not (
                after[1] < len(tokens)
                and tokens[after[1]].glue == 1
                and is_letter(tokens[after[1]])
                and not is_unspaced(tokens[found.last])
            )
        ):
            found.last = after[1]
        elif (
            known.ordinal_dot
            and next_is(tokens, found.last, ".")
            and _dot_is_ordinal(found, tokens, known, raw)
        ):
            found.last += 1
        else:
            return False
    found.kind = "ordinal"
    found.high = found.last
    found.low = found.first
    found.article = found.plain = False
    return True


def _degree_is_ordinal(found: Found, tokens: Sequence[Token], raw: Sequence[str]) -> bool:
    """Whether a degree sign stands for the ordinal sign: before a noun, or with nothing around."""
    nxt = found.last + 1
    if nxt >= len(tokens):
        return found.first == 0
    return (
        tokens[nxt].glue == 0
        and raw[nxt].isalpha()
        and raw[nxt].islower()
        and tokens[nxt].word not in ("c", "f", "celsius", "fahrenheit")
    )


def _dot_is_ordinal(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> bool:
    """Whether a full stop after digits makes an ordinal: the sentence must go on, or there is nothing else."""
    nxt = found.last + 1
    if not isinstance(found.value, Fraction) or found.value > 999:
        return False
    if nxt >= len(tokens):
        return found.first == 0
    return tokens[nxt].glue == 0 and (
        raw[nxt][0].islower()
        or (known.nouns_capital and found.first > 0 and raw[found.first - 1][0].islower())
    )


def without_counter(found: Found, tokens: Sequence[Token], known: Locale) -> bool:
    """Whether a number of one written sign lacks the counter that would tell it from a part of a word."""
    if not known.need_counter or not found.spelled or found.kind not in ("cardinal",) or found.unit:
        return False
    end = found.last
    if found.high - found.low > 1 and not (
        known.word_start and found.high - found.low == 2 and end < len(tokens)
    ):
        return False
    follows = (
        tokens[end] if end < len(tokens) and tokens[end].glue == 1 and is_unspaced(tokens[end]) else None
    )
    if follows is not None:
        return follows.word not in known.counters
    spaced = tokens[end] if end < len(tokens) and tokens[end].glue == 0 else None
    if spaced is not None and spaced.word in known.counters:
        return False
    before = tokens[found.first - 1] if found.first else None
    return before is not None and tokens[found.first].glue == 1 and is_unspaced(before)


_PERIODS = frozenset(["second", "minute", "hour", "day", "night", "week", "month", "quarter", "year"])


def is_per(found: Found, tokens: Sequence[Token], known: Locale, out: Sequence[Found]) -> bool:
    """Whether an article and a period say "per" after an amount: `$5 a day`, `500 flights a day`."""
    if not out or tokens[found.low].word not in known.articles or found.high != found.low + 1:
        return False
    if found.last - found.high > 2 or out[-1].kind in ("date", "time", "ordinal"):
        return False
    gap = found.first - out[-1].last
    if gap == 0:
        return tokens[found.low].word in known.never_one or found.unit in _PERIODS
    between = tokens[out[-1].last]
    return (
        gap == 1
        and found.unit in _PERIODS
        and out[-1].unit is None
        and between.glue == tokens[found.first].glue == 0
        and between.word.isalpha()
        and len(between.word) > 3
        and between.word not in known.beside
    )
