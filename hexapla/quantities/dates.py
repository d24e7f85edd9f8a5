"""Calendar dates and clock times, with EDTF values; relative ones ("last week") are left alone.

Month names come from CLDR. A bare month or year is a date only after a word that says so (`in 2025`, `noong Enero`).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction

from hexapla.quantities.bare import Found, is_digits
from hexapla.quantities.locale import Locale
from hexapla.quantities.scan import Token, read_number

_SEPARATORS = frozenset("/.-")


def find(tokens: Sequence[Token], hot: Sequence[int], known: Locale, raw: Sequence[str]) -> list[Found]:
    """All dates and times that begin at one of the `hot` tokens, in order."""
    out: list[Found] = []
    end, months, written = 0, known.months.first, known.written_date
    named = not months.keys().isdisjoint([t[2] for t in tokens])
    for at in hot:
        if at < end:
            continue
        word = tokens[at].word
        found: Found | None = None
        if word[0].isdecimal():
            found = _numeric(tokens, at, known) or _clock(tokens, at, known)
            if found is None and written:
                found = _written(tokens, at, known)
            if found is None:
                found = (_day_first(tokens, at, known, raw) if named else None) or _year(tokens, at, known)
        elif word in months:
            found = _month(tokens, at, known, raw)
        elif word in known.time_before.first:
            found = _named_hour(tokens, at, known)
        elif named and known.spelled_day and word in known.lexicon.pieces:
            found = _day_first(tokens, at, known, raw)
        if found is not None:
            out.append(found)
            end = found.last
    return out


def _found(first: int, last: int, value: str, kind: str = "date", high: str | None = None) -> Found:
    return Found(first, last, first, last, kind, value, high)


def _iso(year: int | None, month: int | None, day: int | None) -> str | None:
    """The EDTF string of a date with unknown parts; None for no real date."""
    try:
        datetime.date(year or 2000, month or 1, day or 1)
    except ValueError:
        return None
    if month is None:
        return f"{year:04d}" if year else None
    text = f"{year:04d}-{month:02d}" if year else f"XXXX-{month:02d}"
    return f"{text}-{day:02d}" if day else text


def _glued(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].glue in (1, 2)


def _numeric(tokens: Sequence[Token], at: int, known: Locale) -> Found | None:
    """`2026-01-16`, `16/01/2026`, `16.01.2026`: the order is the locale's where the numbers leave it open."""
    literal, end = tokens[at].word, at + 1
    if literal.count(".") == 2 and len(literal) <= 10 and "," not in literal:
        parts, sign = literal.split("."), "."
    else:
        parts, sign = [literal], ""
        while len(parts) < 3 and _glued(tokens, end):
            if tokens[end].glue == 2 and tokens[end].word.isdecimal():
                step, mark = end, "-"
            elif tokens[end].word == "/" and _glued(tokens, end + 1) and tokens[end + 1].word.isdecimal():
                step, mark = end + 1, "/"
            else:
                break
            if sign and mark != sign:
                return None
            parts.append(tokens[step].word)
            sign, end = mark, step + 1
        if (
            len(parts) < 3
            or (_glued(tokens, end) and tokens[end].word in "/-")
            or (end < len(tokens) and tokens[end].glue == 2)
        ):
            return None
    if not all(p.isdecimal() and len(p) <= 4 for p in parts) or (at and tokens[at].glue == 2):
        return None
    a, b, c = map(int, parts)
    if len(parts[0]) == 4:
        year, month, day = a, b, c
    elif len(parts[2]) == 4 or (sign in "/." and len(parts[2]) == 2 and len(parts[0]) <= 2):
        year = c if len(parts[2]) == 4 else (2000 + c if c < 50 else 1900 + c)
        month, day = (a, b) if known.order.startswith("M") else (b, a)
        if month > 12 >= day:
            month, day = day, month
    else:
        return None
    value = _iso(year, month, day) if month and day and year >= 1000 else None
    return _found(at, end, value) if value else None


def _clock(tokens: Sequence[Token], at: int, known: Locale, named: bool = False) -> Found | None:
    """`13:20`, `1:20 p.m.`, `3 pm`, `14 Uhr`."""
    if not tokens[at].word.isdecimal() or len(tokens[at].word) > 2 or int(tokens[at].word) > 24:
        return None
    if tokens[at].glue == 2 and not named and tokens[at - 1].word not in known.ordinal_before:
        return None
    hour, minute, end = int(tokens[at].word), 0, at + 1
    second: int | None = None
    exact = False
    if (
        _glued(tokens, at + 2)
        and tokens[at + 1].word == ":"
        and tokens[at + 1].glue == 1
        and len(tokens[at + 2].word) == 2
        and tokens[at + 2].word.isdecimal()
    ):
        minute, end, exact = int(tokens[at + 2].word), at + 3, True
        if (
            _glued(tokens, end + 1)
            and tokens[end].word == ":"
            and len(tokens[end + 1].word) == 2
            and tokens[end + 1].word.isdecimal()
        ):
            second, end = int(tokens[end + 1].word), end + 2
    after = known.time_after.after(tokens, end)
    if after and tokens[end].glue != 3:
        hour, end, exact = _half(hour, after[0]), after[1], True
    first = (
        at - 1 if at and tokens[at].glue == 2 and tokens[at - 1].word in known.ordinal_before else at
    )  # "ika-3 ng hapon"
    return _time(first, end, hour, minute, second) if exact else None


def _half(hour: int, shift: int) -> int:
    """The hour of the day: `shift` is 12 for the hours after noon, 0 for those before, 24 for a 24-hour clock."""
    if shift == 24:
        return hour
    return hour % 12 + shift if hour <= 12 else hour


def _time(first: int, last: int, hour: int, minute: int, second: int | None) -> Found | None:
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return _found(
        first, last, f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second is not None else ""), "time"
    )


def _named_hour(tokens: Sequence[Token], at: int, known: Locale) -> Found | None:
    """`alas-tres ng hapon`, `godz. 14`, `الساعة 3`: a word for the clock, then the hour."""
    before = known.time_before.after(tokens, at)
    if before is None or before[1] >= len(tokens) or tokens[before[1]].glue == 3:
        return None
    number = read_number(tokens, before[1], known.lexicon, known.decimal, known.group)
    if (
        number is None
        or number.value.denominator != 1
        or not 0 <= number.value <= 24
        or number.last > before[1] + 2
    ):
        return None
    hour, end = int(number.value), number.last
    if not number.spelled and (exact := _clock(tokens, before[1], known, True)):
        return _found(at, exact.last, str(exact.value), "time")
    if number.role == "o" and number.value > 12:
        return None
    minute, end = _minutes(tokens, end, known)
    after = known.time_after.after(tokens, end)
    if after and tokens[end].glue != 3:
        hour, end = _half(hour, after[0]), after[1]
    return _time(at, end, hour, minute, None)


def _minutes(tokens: Sequence[Token], at: int, known: Locale) -> tuple[int, int]:
    """The minutes in words after a named hour, and the index after them: `alas-tres y medya`, `las tres y veinte`."""
    if at >= len(tokens) or tokens[at].glue == 3:
        return 0, at
    half = known.halves.after(tokens, at)
    if half and half[0] == Fraction(1, 2):
        return 30, half[1]
    start = at + (tokens[at].word in known.lexicon.connectors)
    if start >= len(tokens) or tokens[start].glue == 3 or is_digits(tokens[start]):
        return 0, at
    number = read_number(tokens, start, known.lexicon, known.decimal, known.group)
    if number is None or number.role != "n" or number.value.denominator != 1 or not 0 < number.value < 60:
        return 0, at
    named = known.units.after(tokens, number.last)
    if named and named[0] == "minute":
        return int(number.value), named[1]
    if start > at and number.value % 5:
        return 0, at  # "alas-tres at isang bata"
    return (int(number.value), number.last) if known.time_after.after(tokens, number.last) else (0, at)


def _skip(tokens: Sequence[Token], at: int, known: Locale) -> int:
    """Past one small word or comma between the parts of a date."""
    if (
        at < len(tokens)
        and tokens[at].glue != 3
        and (tokens[at].word in known.date_of or tokens[at].word in ",،")
    ):
        return at + 1
    return at


def _year_at(tokens: Sequence[Token], at: int, known: Locale) -> tuple[int, int] | None:
    at = _skip(tokens, at, known)
    cue = known.year_word.after(tokens, at)
    if cue and cue[1] < len(tokens) and tokens[cue[1]].word.isdecimal():
        at = cue[1]
    if (
        at < len(tokens)
        and tokens[at].glue == 0
        and len(tokens[at].word) == 4
        and tokens[at].word.isdecimal()
        and 1000 <= int(tokens[at].word) < 2200
    ):
        end = at + 1
        word = known.year_word.after(tokens, end)
        return int(tokens[at].word), word[1] if word and tokens[end].glue != 3 else end
    return None


def _day_first(tokens: Sequence[Token], at: int, known: Locale, raw: Sequence[str]) -> Found | None:
    """`16 January 2026`, `16. Januar`, `16 de enero de 2026`, `ika-16 ng Enero`."""
    if tokens[at].word.isdecimal():
        if len(tokens[at].word) > 2:
            return None
        day, end = int(tokens[at].word), at + 1
    else:
        number = read_number(tokens, at, known.lexicon, known.decimal, known.group)
        if (
            number is None
            or number.value.denominator != 1
            or number.role not in "no"
            or number.last >= len(tokens)
        ):
            return None
        day, end = int(number.value), number.last
    if not 1 <= day <= 31:
        return None
    low: int | None = None
    if (
        end + 1 < len(tokens)
        and (tokens[end].glue == 2 or tokens[end].word in "–-")
        and tokens[at].word.isdecimal()
    ):
        step = end if tokens[end].glue == 2 else end + 1  # "16-18 January"
        if tokens[step].word.isdecimal() and day < int(tokens[step].word[:3]) <= 31:
            low, day, end = day, int(tokens[step].word), step + 1
    suffix = known.ordinal_after.after(tokens, end)
    if suffix and tokens[end].glue in (1, 2):
        end = suffix[1]
    elif end < len(tokens) and tokens[end].word == "." and tokens[end].glue == 1 and known.ordinal_dot:
        end += 1
    month = known.months.after(tokens, _skip(tokens, end, known))
    if month is None or tokens[month[1] - 1].glue == 3 or end >= len(tokens) or tokens[end].glue == 3:
        return None
    stop = month[1]
    if (
        stop + 1 < len(tokens)
        and tokens[stop].word == "/"
        and (twin := known.months.after(tokens, stop + 1))
        and twin[0] == month[0]
    ):
        stop = twin[1]  # "يناير/كانون الثاني"
    year = _year_at(tokens, stop, known)
    first = at - 1 if at and tokens[at].glue in (1, 2) and tokens[at - 1].word in known.ordinal_before else at
    if at and tokens[at].glue in (1, 2) and first == at and tokens[at - 1].word[-1].isalnum():
        return None
    value = _iso(year[0] if year else None, month[0], day)
    if value is None:
        return None
    lowest = _iso(year[0] if year else None, month[0], low) if low else None
    end = year[1] if year else stop
    return _found(first, end, lowest, high=value) if lowest else _found(first, end, value)


def _month(tokens: Sequence[Token], at: int, known: Locale, raw: Sequence[str]) -> Found | None:
    """`January 16, 2026`, `January 2026`, and `in January`."""
    month = known.months.after(tokens, at)
    if month is None or (known.month_capital and not raw[at][0].isupper()):
        return None
    end = month[1]
    if (
        end + 1 < len(tokens)
        and tokens[end].word == "/"
        and (twin := known.months.after(tokens, end + 1))
        and twin[0] == month[0]
    ):
        end = twin[1]
    if (
        end < len(tokens)
        and tokens[end].word == "."
        and tokens[end].glue == 1
        and len(raw[at]) <= 4
        and end + 1 < len(tokens)
        and tokens[end + 1].word.isdecimal()
    ):
        end += 1
    if (
        end < len(tokens)
        and tokens[end].word.isdecimal()
        and len(tokens[end].word) <= 2
        and tokens[end].glue == 0
    ):
        day, stop = int(tokens[end].word), end + 1
        suffix = known.ordinal_after.after(tokens, stop)
        if suffix and tokens[stop].glue in (1, 2):
            stop = suffix[1]
        value = _iso(None, month[0], day) if day else None
        if value and not (stop < len(tokens) and tokens[stop].word in "%:"):
            year = _year_at(tokens, stop, known)
            dated = _iso(year[0], month[0], day) if year else None
            if dated and year:
                return _found(at, year[1], dated)
            return _found(at, stop, value)
    year = _year_at(tokens, end, known)
    if year:
        return _found(at, year[1], str(_iso(year[0], month[0], None)))
    if not known.month_cue.first:
        sure = month[1] - at > 1 or len(tokens[at].word) > 5
    else:
        sure = (
            known.month_cue.before(tokens, at) is not None or known.year_word.after(tokens, end) is not None
        )
    return _found(at, end, f"XXXX-{month[0]:02d}") if sure and tokens[at].glue != 1 else None


def _year(tokens: Sequence[Token], at: int, known: Locale) -> Found | None:
    """`in 2025`, `w 2025 r.`, `1990s`, `2019-2021`."""
    word = tokens[at].word
    if (
        len(word) != 4
        or not word.isdecimal()
        or not 1000 <= int(word) <= 2199
        or (tokens[at].glue in (1, 2) and tokens[at - 1].word not in "('\"")
    ):
        return None
    end, after = at + 1, known.year_word.after(tokens, at + 1)
    cue = known.year_cue.before(tokens, at) if at and tokens[at].glue != 3 else None
    if end < len(tokens) and tokens[end].word == "s" and tokens[end].glue == 1 and word.endswith("0"):
        return _found(at, end + 1, word[:3] + "X")
    if after and tokens[end].glue != 3:
        return _found(at, after[1], word)
    if cue is None or not 1500 <= int(word) <= 2199:
        return None
    if end + (end < len(tokens) and tokens[end].word == "–") < len(tokens) and (
        tokens[end].glue == 2 or tokens[end].word == "–"
    ):
        step = end if tokens[end].glue == 2 else end + 1
        high = tokens[step].word
        if len(high) == 4 and high.isdecimal() and int(high) > int(word):
            return _found(at, step + 1, word, high=high)
        return None
    if (_glued(tokens, end) and (tokens[end].word[0].isalnum() or tokens[end].word in "%°")) or _counted(
        tokens, end, known
    ):
        return None
    return _found(at, end, word)


def _counted(tokens: Sequence[Token], at: int, known: Locale) -> bool:
    """Whether a unit, a currency, a percent or a scale follows: then it is no year."""
    if at >= len(tokens) or tokens[at].glue == 3:
        return False
    if (
        known.units.after(tokens, at)
        or known.money.after(tokens, at)
        or tokens[at].word in known.heads
        or known.percent.after(tokens, at)
    ):
        return True
    return any(p.role == "m" for p, _ in known.lexicon.matches(tokens, at)) or (
        not tokens[at].word.isalpha() and known.symbols.after(tokens, at) is not None
    )


def _written(tokens: Sequence[Token], at: int, known: Locale) -> Found | None:
    """`2026年1月16日`, `1월 16일`: each part is followed by its sign."""
    values: dict[str, int] = {}
    end, order = at, "ymd"
    while (
        end + 1 < len(tokens)
        and tokens[end].word.isdecimal()
        and len(tokens[end].word) <= 4
        and (end == at or tokens[end].glue != 3)
    ):
        part = known.written_date.get(tokens[end + 1].word)
        if part is None or tokens[end + 1].glue not in (0, 1) or part not in order or part in values:
            break
        values[part] = int(tokens[end].word)
        order = order[order.index(part) + 1 :]
        end += 2
    if "m" not in values and not ("y" in values and values["y"] >= 1000):
        return None
    if (
        "m" in values
        and end < len(tokens)
        and tokens[end].word in known.not_month
        and tokens[end].glue == 1
        and "d" not in values
    ):
        return None
    value = _iso(values.get("y"), values.get("m"), values.get("d"))
    return _found(at, end, value) if value else None
