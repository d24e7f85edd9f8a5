"""Attach what stands around a bare number: sign, fraction, percent, money, unit, ordinal affix, range, modifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hexapla.quantities import digits as _digits
from hexapla.quantities.scan import Number, Token, read_number
from hexapla.quantities.tables import Locale

_VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}  # fmt: skip
_RANGE_SIGNS = frozenset("-–~")


@dataclass(slots=True)
class Found:
    """A mention in the making. `first`/`last` are tokens of the mention, `low`/`high` those of the bare number."""

    first: int
    last: int
    low: int
    high: int
    kind: str
    value: Fraction | str | None
    value_high: Fraction | str | None = None
    unit: str | None = None
    modifier: str | None = None
    other: Fraction | None = None
    spelled: bool = False
    plain: bool = False  # a bare integer in digits: nothing but digits
    article: bool = False
    scaled: bool = False
    part: bool = False  # money in a subunit alone: "43 cents"


def _is_digits(token: Token) -> bool:
    return token.word[0].isdigit() or (len(token.word) > 1 and token.word[0] in ".,")


def _letter(token: Token) -> bool:
    return token.word[0].isalpha()


def _unspaced(token: Token) -> bool:
    return token.word[0] >= "\u0e00" and len(token.word) == 1


def bare(tokens: Sequence[Token], at: int, known: Locale, raw: Sequence[str]) -> Found | None:
    """The number at a token with its fraction, decimals in words and scale letter, or None.

    `raw` holds the tokens as written: scale letters and short units mind the case.
    """
    token = tokens[at]
    if token.word[0] in _VULGAR:
        return Found(at, at + 1, at, at + 1, "cardinal", Fraction(*_VULGAR[token.word[0]]), spelled=True) if len(token.word) == 1 else None
    if raw[at] in known.marked:
        return Found(at, at + 1, at, at + 1, "cardinal", known.marked[raw[at]], spelled=True)
    digital = _is_digits(token)
    if digital and at and token.glue in (1, 2) and not _may_precede(tokens, at, known):
        return None
    if known.over.first:
        inverted = _over(tokens, at, known, raw)
        if inverted:
            return inverted
    number = read_number(tokens, at, known.lexicon, known.decimal, known.group)
    if number is None:
        return None
    kind = {"n": "cardinal", "o": "ordinal", "f": "cardinal", "t": "cardinal"}[number.role]
    found = Found(at, number.last, at, number.last, kind, number.value, unit="times" if number.role == "t" else None,
                  other=number.other, spelled=number.spelled, scaled=number.scaled)  # fmt: skip
    found.plain = digital and number.atoms == 1 and token.word.isdigit()
    found.article = not digital and number.atoms == 1 and token.word in known.articles and number.last == at + 1
    if number.scaled and raw[number.last - 1].lower() in known.dotted and _next_is(tokens, number.last, "."):
        after = tokens[number.last + 1] if number.last + 1 < len(tokens) else None
        if after is not None and raw[number.last + 1][0].islower():
            found.last = found.high = number.last + 1
    if digital and number.atoms == 1:
        _letters(found, tokens, known, raw)
    _fractions(found, tokens, known, number)
    return found


def _over(tokens: Sequence[Token], at: int, known: Locale, raw: Sequence[str]) -> Found | None:
    """Fractions that name the lower number first: 三分之一; of a power of ten from a hundred on they are percents."""
    lower = read_number(tokens, at, known.lexicon, known.decimal, known.group)
    end, below = (lower.last, lower.value) if lower and lower.role == "n" else (at, Fraction(1))
    while lower is None and end < len(tokens) and (end == at or tokens[end].glue != 3):
        scales = [(p, stop) for p, stop in known.lexicon.matches(tokens, end) if p.role == "m"]
        if not scales:
            break
        below, end = below * scales[0][0].value, scales[0][1]
    over = known.over.after(tokens, end) if end > at else None
    if over is None or over[1] >= len(tokens) or below <= 1 or over[1] - at > 40:
        return None
    upper = bare(tokens, over[1], known, raw)
    if upper is None and below >= 100 and (scale := known.lexicon.match(tokens, over[1])) and scale[0].role == "m":
        upper = Found(over[1], scale[1], over[1], scale[1], "cardinal", Fraction(scale[0].value))
    if upper is None or upper.kind != "cardinal" or not isinstance(upper.value, Fraction):
        return None
    upper.first = upper.low = at
    upper.spelled = True
    upper.value /= below
    if below >= 100:
        upper.value, upper.kind, upper.unit = upper.value * 100, "percent", "percent"
    return upper


def _next_is(tokens: Sequence[Token], at: int, word: str) -> bool:
    return at < len(tokens) and tokens[at].word == word and tokens[at].glue == 1


def _may_precede(tokens: Sequence[Token], at: int, known: Locale) -> bool:
    """Whether digits glued to what stands before them may still be a number: not `H200`, `Covid-19`, `A/4`."""
    before = tokens[at - 1]
    word = before.word
    if _unspaced(before) or known.symbols.before(tokens, at) or word in known.ordinal_before or word in known.prefixes or word in known.lexicon.connectors:
        return True
    if tokens[at].glue == 2:
        return _is_digits(before) or word in known.known
    return not _letter(before) and not _is_digits(before) and word not in "._@#&\\=" and not (word == "/" and at > 1 and not _is_digits(tokens[at - 2]))


def _letters(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> None:
    """`10k`, `1.2M`: a glued scale letter."""
    at = found.last
    if at < len(tokens) and raw[at] in known.letters and (tokens[at].glue == 1 or raw[at] in "kKMB" and tokens[at].glue == 0 and not (at + 1 < len(tokens) and _letter(tokens[at + 1]))):
        if at + 1 < len(tokens) and tokens[at + 1].glue == 1 and (_letter(tokens[at + 1]) or _is_digits(tokens[at + 1])) and not _unspaced(tokens[at + 1]):
            return
        if raw[at] in known.short_units and not known.symbols.before(tokens, found.first):
            return  # "48m" is a length, "$48m" is not
        assert isinstance(found.value, Fraction)
        factor = known.letters[raw[at]]
        found.value *= factor
        found.other = found.other * factor if found.other is not None else None
        found.last = found.high = at + 1
        found.plain, found.scaled = False, True


def _fractions(found: Found, tokens: Sequence[Token], known: Locale, number: Number) -> None:
    """`3/4`, `1 1/2`, `2½`, `two point five`, `three fifths`, `two and a half`."""
    at, size = found.last, len(tokens)
    if found.kind != "cardinal" or not isinstance(found.value, Fraction) or at >= size:
        return
    following = tokens[at]
    if following.word[0] in _VULGAR and len(following.word) == 1 and found.value.denominator == 1:
        found.value += Fraction(*_VULGAR[following.word[0]])
        found.last = found.high = at + 1
        found.plain = False
        return
    if following.word == "/" and found.plain and at + 1 < size and tokens[at + 1].word.isdigit() and following.glue == 1 == tokens[at + 1].glue:
        below = int(tokens[at + 1].word) if len(tokens[at + 1].word) < 4 else 0
        chained = at + 2 < size and tokens[at + 2].glue in (1, 2) and (tokens[at + 2].word in "/-" or tokens[at + 2].glue == 2)
        if 1 < below and found.value < 1000 and not chained:
            found.value /= below
            found.last = found.high = at + 2
            found.plain = False
        return
    if found.plain and following.word.isdigit() and at + 2 < size and tokens[at + 1].word == "/" and tokens[at + 2].word.isdigit() and following.glue == 0:
        top, below = int(following.word[:4]), int(tokens[at + 2].word[:4])
        if 0 < top < below < 100 and len(following.word) < 4:
            found.value += Fraction(top, below)
            found.last = found.high = at + 3
            found.plain = False
            return
    dotted = known.point.after(tokens, at)
    if dotted and dotted[1] < size and following.glue != 3 and found.value.denominator == 1:
        end, decimals = dotted[1], ""
        while end < size and len(decimals) < 20 and tokens[end].glue != 3:
            piece = known.lexicon.match(tokens, end)
            if tokens[end].word.isdigit() and not decimals:
                decimals, end = tokens[end].word[:20], end + 1
                break
            if piece is None or piece[0].role not in "nm" or (piece[0].role == "m" and (decimals or not piece[0].bare)) or (piece[0].value > 9 and decimals):
                break
            if piece[0].value > 9:  # "point seventy-one"
                whole = read_number(tokens, end, known.lexicon, known.decimal, known.group)
                decimals, end = (str(whole.value), whole.last) if whole else ("", end)
                break
            decimals += str(piece[0].value)
            end = piece[1]
        if decimals:
            found.value += Fraction(int(decimals), 10 ** len(decimals))
            scale = known.lexicon.match(tokens, end) if end < size else None
            if scale and scale[0].role == "m":
                found.value *= scale[0].value
                end, found.scaled = scale[1], True
            found.last = found.high = end
            found.plain = found.article = False
            return
    _spelled_fraction(found, tokens, known, number)


def _spelled_fraction(found: Found, tokens: Sequence[Token], known: Locale, number: Number) -> None:
    """`three fifths`, `two and a half`, `one and two thirds`, `two thirds of a million`, `a million and a half`."""
    at, size = found.last, len(tokens)
    split = known.divide.after(tokens, at) if number.role == "n" else None
    if split and split[1] < size and tokens[split[1]].glue == 0:
        lower = read_number(tokens, split[1], known.lexicon, known.decimal, known.group)
        if lower and lower.role == "n" and lower.value > found.value > 0 and not known.symbols.before(tokens, found.first):
            found.value /= lower.value
            found.last = found.high = lower.last
            found.plain = found.article = False
            return
    if number.role == "f":
        end = at
    elif (end := _denominator(found, at, tokens, known, number)) == at:
        part = known.halves.after(tokens, at)
        if part and tokens[at].glue != 3:
            found.value += part[0] * (number.step or 1)
            end = part[1]
        elif (tokens[at].word in known.joiners or tokens[at].word in known.lexicon.connectors) and at + 1 < size and tokens[at + 1].glue != 3:
            above = read_number(tokens, at + 1, known.lexicon, known.decimal, known.group)
            if above is not None and above.role == "f":
                found.value += above.value * (number.step or 1)
                end = above.last
            elif above is not None and above.role == "n" and above.last < size:
                upper = Found(at + 1, above.last, at + 1, above.last, "cardinal", above.value)
                stop = _denominator(upper, above.last, tokens, known, above)
                if stop > above.last and isinstance(upper.value, Fraction) and upper.value < 1:
                    found.value += upper.value * (number.step or 1)
                    end = stop
        if end == at:
            return
    scale = known.lexicon.match(tokens, end + (end + 1 < size and tokens[end].word in known.of)) if end < size and tokens[end].glue != 3 else None
    if scale is None and end + 2 < size and tokens[end].word in known.of and tokens[end + 1].word in known.articles:
        scale = known.lexicon.match(tokens, end + 2)
    if scale and scale[0].role == "m" and scale[0].value >= 1000 and not number.step:
        found.value *= scale[0].value
        end, found.scaled = scale[1], True
    found.last = found.high = end
    found.plain = found.article = False


def _denominator(found: Found, at: int, tokens: Sequence[Token], known: Locale, number: Number) -> int:
    """Divide by the denominator at a token, and return the index after it; the token itself if there is none."""
    if not isinstance(found.value, Fraction) or found.value.denominator != 1 or not 0 < found.value < 10**6 or tokens[at].glue == 3:
        return at
    worded = known.denominators.after(tokens, at)
    if worded:
        below, end = Fraction(worded[0]), worded[1]
    else:
        lower = read_number(tokens, at, known.below, known.decimal, known.group) if known.below else None
        if lower is None or lower.role != "o":
            return at
        below, end = lower.value, lower.last
    if number.tail and found.value > number.tail and number.tail < below:
        found.value = found.value - number.tail + number.tail / below
    else:
        found.value /= below
    return end


def sign(found: Found, tokens: Sequence[Token], known: Locale) -> None:
    """A minus sign or word before the number."""
    at = found.first
    if not at or not isinstance(found.value, Fraction) or found.kind == "ordinal":
        return
    if tokens[at - 1].word == "-" and tokens[at].glue == 1 and (at == 1 or tokens[at - 1].glue in (0, 3) or tokens[at - 2].word in "(["):
        start = at - 1
    elif tokens[at - 1].word == "-" and at == 1 and len(tokens) - found.last < 4:
        start = at - 1  # nothing but a quantity: the dash is no bullet
    else:
        worded = known.minus.before(tokens, at)
        if not worded or worded[1] and _is_digits(tokens[worded[1] - 1]):
            return
        start = worded[1]
    found.value = -found.value
    found.other = -found.other if found.other is not None else None
    found.first = found.low = start
    found.plain = found.article = False


def percent(found: Found, tokens: Sequence[Token], known: Locale) -> bool:
    """A percent sign or word after the number, or before it; a tenth used as a unit."""
    if found.kind == "percent":
        return True
    if found.kind != "cardinal" or found.unit or not isinstance(found.value, Fraction):
        return False
    tenths = known.tenths.after(tokens, found.last)
    if tenths and tokens[found.last].glue != 3 and found.value <= 100:
        pair = known.lexicon.match(tokens, found.first - 1) if found.first and tokens[found.first].glue == 1 else None
        if pair and pair[0].role == "n" and 0 < pair[0].value < 10 and found.value < 10:  # 八五折
            found.value += 10 * pair[0].value
            found.first = found.low = found.first - 1
        found.value *= 10 if found.value <= 10 else 1
        found.last = tenths[1]
        half = known.after_half.after(tokens, found.last)
        digit = known.lexicon.match(tokens, found.last) if found.last < len(tokens) and tokens[found.last].glue != 3 else None
        if half:
            found.value, found.last = found.value + 5, half[1]
        elif digit and digit[0].role == "n" and 0 < digit[0].value < 10 and not (digit[1] < len(tokens) and _unspaced(tokens[digit[1]])):
            found.value, found.last = found.value + digit[0].value, digit[1]
        found.kind, found.unit, found.article = "percent", "percent", False
        return True
    after = known.percent.after(tokens, found.last)
    if after and tokens[found.last].glue != 3:
        unit, found.last = after
    else:
        before = known.percent_before.before(tokens, found.first)
        if not before or tokens[found.first].glue == 3:
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
    if not found.plain or found.kind != "cardinal" or found.unit or at < 2 or known.nouns_capital or tokens[at].glue != 0:
        return False
    before, word = tokens[at - 1], raw[at - 1]
    if not (any(c.isupper() for c in word) and before.word.isalpha() and len(word) > 1) or before.glue == 3 or before.word in known.known:
        return False
    return tokens[at - 2].word not in '.!?:;"“”«»„()[]'


def _currency_after(tokens: Sequence[Token], at: int, known: Locale) -> tuple[str, int] | None:
    """The currency named at a token, and the index after it."""
    if at >= len(tokens) or tokens[at].glue == 3:
        return None
    best = known.money.after(tokens, at)
    word = tokens[at].word
    head_at = at
    if word not in known.heads and at + 1 < len(tokens) and tokens[at + 1].word in known.heads and tokens[at + 1].glue != 3:
        head_at = at + 1
    if tokens[head_at].word in known.heads:
        head = tokens[head_at].word
        code, end = known.heads[head], head_at + 1
        stems = known.adjectives.get(head, ())
        if head_at > at:
            told = next((c for stem, c in stems if word.startswith(stem)), None)
            if told is None:
                return best
            code = told
        elif end < len(tokens):
            step = end + (tokens[end].word in known.of)
            if step < len(tokens) and tokens[step].glue != 3:
                told = next((c for stem, c in stems if tokens[step].word.startswith(stem)), None)
                if told:
                    code, end = told, step + 1
        if best is None or end > best[1]:
            best = code, end
    return best


def money(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str], limit: int = 0) -> bool:
    """A currency sign, code or name before or after the number. Tokens before `limit` belong to another mention."""
    if not isinstance(found.value, Fraction) or found.kind != "cardinal" or found.unit:
        return False
    code: str | None = None
    before = known.symbols.before(tokens, found.first)
    if before and before[1] >= limit and not found.article and not _subunit_follows(found, before[0], tokens, known, raw, before[1]) and tokens[found.first].glue != 3 and _is_sign(before[1], found.first, raw, tokens, known):
        code, found.first = before
        wider = known.symbols.before(tokens, found.first)  # "US $", "$ USD"
        if wider and tokens[found.first].glue != 3 and _is_sign(wider[1], found.first, raw, tokens, known):
            code, found.first = (wider[0] if code == "USD" else code), wider[1]
        elif found.first and raw[found.first - 1] == "US" and code == "USD":
            found.first -= 1
        tail = _currency_after(tokens, found.last, known)
        if tail and (tail[0] == code or code == "USD" and tail[0].endswith("D")):
            code, found.last = tail
    if code is None and not found.article:
        named_before = known.prefix_money.before(tokens, found.first) or known.money.before(tokens, found.first)
        follows = found.last < len(tokens) and tokens[found.last].glue != 3
        if named_before and named_before[1] >= limit and not found.spelled and tokens[found.first].glue in (0, 1) and not (
            follows and (_currency_after(tokens, found.last, known) or tokens[found.last].word in known.of)
        ):
            code, found.first = named_before
    if code is None:
        start = found.last
        skipped = start
        if start < len(tokens) and tokens[start].word in known.of and (found.scaled or not found.plain):
            skipped = start + 1 + (start + 1 < len(tokens) and tokens[start + 1].word == "'")
        for at in dict.fromkeys((start, skipped)):
            if at >= len(tokens) or tokens[at].glue == 3:
                continue
            signed = None if found.article else known.symbols.after(tokens, at)
            if signed and _is_sign(at, signed[1], raw, tokens, known) and not _sign_of_next(at, signed[1], tokens):
                code, found.last = signed
                more = known.symbols.after(tokens, found.last)
                if more and tokens[found.last].glue != 3:
                    code, found.last = (more[0] if code == "USD" else code), more[1]
                break
            named = _currency_after(tokens, at, known)
            if named:
                code, found.last = named
                break
            sub = known.subunits.after(tokens, at)
            if sub:
                (code, factor), found.last = sub
                found.part = True
                found.value *= factor
                found.other = found.other * factor if found.other is not None else None
                break
    if code is None:
        return False
    found.kind, found.unit, found.article = "money", code, False
    return True


def _subunit_follows(found: Found, code: str, tokens: Sequence[Token], known: Locale, raw: Sequence[str], start: int) -> bool:
    """Whether "3 GBP 1 penny" says that the code belongs to the number before it."""
    return start > 0 and (_is_digits(tokens[start - 1]) or tokens[start - 1].word in known.lexicon.pieces) and tokens[start].glue != 1 and (
        known.subunits.after(tokens, found.last) is not None
    )


def _sign_of_next(start: int, end: int, tokens: Sequence[Token]) -> bool:
    """Whether a sign between two numbers belongs to the second: `1 $10`."""
    return end < len(tokens) and _is_digits(tokens[end]) and tokens[end].glue in (0, 1) and tokens[start].glue != 1


_LOWER_CODES = frozenset("usd eur gbp jpy cny rmb inr chf cad aud nzd hkd sgd krw mxn brl pln sek nok dkk rub zar idr thb vnd php myr us".split())


def _is_sign(start: int, end: int, raw: Sequence[str], tokens: Sequence[Token], known: Locale) -> bool:
    """Whether letters are meant as a currency code: in capitals, or a code that is no word; never `all`, `top`, `ang`."""
    text = "".join(raw[start:end])
    if not text.isalpha() or not text.isascii():
        return True
    if text.lower() in known.local_signs:
        return not text.islower() or len(text) > 2
    return text.isupper() and len(text) >= 2 or text.lower() in _LOWER_CODES or text in ("Rs", "Kr", "kr")


def unit(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str], limit: int = 0) -> bool:
    """A unit of measure after the number."""
    if found.kind != "cardinal" or found.unit:
        return False
    at = found.last
    if found.scaled and _unspaced(tokens[at - 1]) and isinstance(found.value, Fraction):
        wider = known.units.after(tokens, at - 1)  # 千米 after digits is a kilometre
        scale = known.lexicon.match(tokens, at - 1)
        if wider and wider[1] > at and scale and scale[0].role == "m" and (_is_digits(tokens[at - 2]) or known.lexicon.matches(tokens, at - 2) and any(p.role == "m" for p, _ in known.lexicon.matches(tokens, at - 2))):
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
        if named and found.spelled and tokens[found.first].glue == 0 and named[1] >= limit:
            found.unit, found.first = named
            found.kind, found.article = "measure", False
            return True
    if after is None:
        short, end = _short_unit(found, tokens, known, raw)
        if short is None:
            return False
        after = short, end
    found.unit, found.last = after
    if found.unit == "degree" and found.last < len(tokens) and tokens[found.last].glue != 3:
        scale = {"c": "celsius", "f": "fahrenheit", "celsius": "celsius", "fahrenheit": "fahrenheit"}.get(tokens[found.last].word)
        if scale:
            found.unit, found.last = scale, found.last + 1
    found.kind, found.article = "measure", False
    half = known.after_half.after(tokens, found.last)
    if half and isinstance(found.value, Fraction) and tokens[found.last].glue != 3:
        found.value, found.last = found.value + Fraction(1, 2), half[1]
    return True


def _short_unit(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> tuple[str | None, int]:
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
    if best and end < size and tokens[end].glue == 1 and (_letter(tokens[end]) or _is_digits(tokens[end])) and not _unspaced(tokens[end]):
        return None, at
    return best, end


def ordinal(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> bool:
    """An ordinal affix on digits: `25th`, `ika-25`, `3º`, `3.`"""
    if found.kind != "cardinal" or found.spelled or not found.plain:
        return False
    at = found.first
    if at and tokens[at].glue in (1, 2) and tokens[at - 1].word in known.ordinal_before:
        found.first -= 1
    elif at and tokens[at].glue == 0 and tokens[at - 1].word in known.ordinal_before and len(tokens[at - 1].word) > 2:
        found.first -= 1
    else:
        after = known.ordinal_after.after(tokens, found.last)
        if after and tokens[found.last].glue in (1, 2) and not (after[1] < len(tokens) and tokens[after[1]].glue == 1 and _letter(tokens[after[1]]) and not _unspaced(tokens[found.last])):
            found.last = after[1]
        elif known.ordinal_dot and _next_is(tokens, found.last, ".") and _dot_is_ordinal(found, tokens, known, raw):
            found.last += 1
        else:
            return False
    found.kind = "ordinal"
    found.high = found.last
    found.low = found.first
    found.article = found.plain = False
    return True


def _dot_is_ordinal(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> bool:
    """Whether a full stop after digits makes an ordinal: the sentence must go on, or there is nothing else."""
    nxt = found.last + 1
    if not isinstance(found.value, Fraction) or found.value > 999:
        return False
    if nxt >= len(tokens):
        return found.first == 0
    return tokens[nxt].glue == 0 and (raw[nxt][0].islower() or known.nouns_capital and found.first > 0 and raw[found.first - 1][0].islower())


def without_counter(found: Found, tokens: Sequence[Token], known: Locale) -> bool:
    """Whether a number of one written sign lacks the counter that would tell it from a part of a word."""
    if not known.need_counter or not found.spelled or found.kind not in ("cardinal",) or found.unit:
        return False
    end = found.last
    if found.high - found.low > 1 and not (known.word_start and found.high - found.low == 2 and end < len(tokens)):
        return False
    follows = tokens[end] if end < len(tokens) and tokens[end].glue == 1 and _unspaced(tokens[end]) else None
    if follows is not None:
        return follows.word not in known.counters
    spaced = tokens[end] if end < len(tokens) and tokens[end].glue == 0 else None
    if spaced is not None and spaced.word in known.counters:
        return False
    before = tokens[found.first - 1] if found.first else None
    return before is not None and tokens[found.first].glue == 1 and _unspaced(before)


def is_per(found: Found, tokens: Sequence[Token], known: Locale, out: Sequence[Found]) -> bool:
    """Whether an article and a unit say "per" after an amount: `$5 a day`."""
    return bool(out) and out[-1].last == found.first and tokens[found.low].word in known.never_one and found.high == found.low + 1
