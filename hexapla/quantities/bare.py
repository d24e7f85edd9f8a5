"""A bare number and the words that complete it: sign, scale letter, decimals in words, fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hexapla.quantities.locale import Locale
from hexapla.quantities.scan import Number, Token, read_number

VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}  # fmt: skip


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


def is_digits(token: Token) -> bool:
    return token.word[0].isdecimal() or (len(token.word) > 1 and token.word[0] in ".,")


def is_letter(token: Token) -> bool:
    return token.word[0].isalpha()


def is_unspaced(token: Token) -> bool:
    return token.word[0] >= "\u0e00" and len(token.word) == 1


def bare(
    tokens: Sequence[Token], at: int, known: Locale, raw: Sequence[str], inner: bool = False
) -> Found | None:
    """The number at a token with its fraction, decimals in words and scale letter, or None.

    `raw` holds the tokens as written: scale letters and short units mind the case. `inner` is set for the upper part
    of an inverted fraction, which may not be one itself.
    """
    token = tokens[at]
    if token.word[0] in VULGAR:
        return (
            Found(at, at + 1, at, at + 1, "cardinal", Fraction(*VULGAR[token.word[0]]), spelled=True)
            if len(token.word) == 1
            else None
        )
    if raw[at] in known.marked:
        return Found(at, at + 1, at, at + 1, "cardinal", known.marked[raw[at]], spelled=True)
    digital = is_digits(token)
    if digital and at and token.glue in (1, 2) and not _may_precede(tokens, at, known):
        return None
    number = read_number(tokens, at, known.lexicon, known.decimal, known.group)
    if known.over.first and not inner:
        inverted = _over(tokens, at, known, raw, number)
        if inverted:
            return inverted
    if number is None:
        return None
    kind = {"n": "cardinal", "o": "ordinal", "f": "cardinal", "t": "cardinal"}[number.role]
    found = Found(at, number.last, at, number.last, kind, number.value, unit="times" if number.role == "t" else None,
                  other=number.other, spelled=number.spelled, scaled=number.scaled)  # fmt: skip
    found.plain = digital and number.atoms == 1 and token.word.isdecimal()
    found.article = (
        not digital and number.atoms == 1 and token.word in known.articles and number.last == at + 1
    )
    if number.scaled and raw[number.last - 1].lower() in known.dotted and next_is(tokens, number.last, "."):
        after = tokens[number.last + 1] if number.last + 1 < len(tokens) else None
        if after is not None and (
            raw[number.last + 1][0].islower() or (known.nouns_capital and after.glue == 0)
        ):
            found.last = found.high = number.last + 1
    if digital and number.atoms == 1:
        _letters(found, tokens, known, raw)
    _fractions(found, tokens, known, number)
    return found


def _over(
    tokens: Sequence[Token], at: int, known: Locale, raw: Sequence[str], lower: Number | None
) -> Found | None:
    """Fractions that name the lower number first: 三分之一; of a power of ten from a hundred on they are percents."""
    below: Fraction | int
    end, below = (lower.last, lower.value) if lower and lower.role == "n" else (at, 1)
    while lower is None and end < min(at + 4, len(tokens)) and (end == at or tokens[end].glue != 3):
        scales = [(p, stop) for p, stop in known.lexicon.matches(tokens, end) if p.role == "m"]
        if not scales:
            break
        below, end = below * scales[0][0].value, scales[0][1]
    over = known.over.after(tokens, end) if end > at else None
    if over is None or over[1] >= len(tokens) or below <= 1 or over[1] - at > 40:
        return None
    upper = bare(tokens, over[1], known, raw, inner=True)
    if (
        upper is None
        and below >= 100
        and (scale := known.lexicon.match(tokens, over[1]))
        and scale[0].role == "m"
    ):
        upper = Found(over[1], scale[1], over[1], scale[1], "cardinal", Fraction(scale[0].value))
    if upper is None or upper.kind != "cardinal" or not isinstance(upper.value, Fraction):
        return None
    upper.first = upper.low = at
    upper.spelled = True
    upper.value /= below
    if below >= 100:
        upper.value, upper.kind, upper.unit = upper.value * 100, "percent", "percent"
    return upper


def next_is(tokens: Sequence[Token], at: int, word: str) -> bool:
    return at < len(tokens) and tokens[at].word == word and tokens[at].glue == 1


def _may_precede(tokens: Sequence[Token], at: int, known: Locale) -> bool:
    """Whether digits glued to what stands before them may still be a number: not `H200`, `Covid-19`, `A/4`."""
    before = tokens[at - 1]
    word = before.word
    if (
        is_unspaced(before)
        or known.symbols.before(tokens, at)
        or word in known.ordinal_before
        or word in known.prefixes
        or word in known.lexicon.connectors
    ):
        return True
    if tokens[at].glue == 2:
        return is_digits(before) or word in known.known
    return (
        not is_letter(before)
        and not is_digits(before)
        and word not in "._@#&\\="
        and not (word == "/" and at > 1 and not is_digits(tokens[at - 2]))
    )


def _letters(found: Found, tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> None:
    """`10k`, `1.2M`: a glued scale letter."""
    at = found.last
    if (
        at < len(tokens)
        and raw[at] in known.letters
        and (
            tokens[at].glue == 1
            or (  # "P2.5-B", not "class 5-B"
                raw[at] in "MBT"
                and tokens[at].glue == 2
                and (not found.plain or known.symbols.before(tokens, found.first) is not None)
            )
            or (
                raw[at] in "kKMB"
                and tokens[at].glue == 0
                and not (at + 1 < len(tokens) and is_letter(tokens[at + 1]))
            )
        )
    ):
        if (
            at + 1 < len(tokens)
            and tokens[at + 1].glue == 1
            and (is_letter(tokens[at + 1]) or is_digits(tokens[at + 1]))
            and not is_unspaced(tokens[at + 1])
        ):
            return
        if (
            raw[at].islower()
            and raw[at] in known.short_units
            and not known.symbols.before(tokens, found.first)
        ):
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
    if following.word[0] in VULGAR and len(following.word) == 1 and found.value.denominator == 1:
        found.value += Fraction(*VULGAR[following.word[0]])
        found.last = found.high = at + 1
        found.plain = False
        return
    if (
        following.word == "/"
        and found.plain
        and at + 1 < size
        and tokens[at + 1].word.isdecimal()
        and following.glue == 1 == tokens[at + 1].glue
    ):
        below = int(tokens[at + 1].word) if len(tokens[at + 1].word) < 4 else 0
        chained = (
            at + 2 < size
            and tokens[at + 2].glue in (1, 2)
            and (tokens[at + 2].word in "/-" or tokens[at + 2].glue == 2)
        )
        if below > 1 and found.value < 1000 and not chained:
            found.value /= below
            found.last = found.high = at + 2
            found.plain = False
        return
    if (
        found.plain
        and following.word.isdecimal()
        and at + 2 < size
        and tokens[at + 1].word == "/"
        and tokens[at + 2].word.isdecimal()
        and following.glue == 0
    ):
        top, below = int(following.word[:4]), int(tokens[at + 2].word[:4])
        if 0 < top < below < 100 and len(following.word) < 4:
            found.value += Fraction(top, below)
            found.last = found.high = at + 3
            found.plain = False
            return
    if (
        following.word in known.joiners
    ):  # "con" joins fractions and decimals: "dos con tres quintos", "dos con tres"
        _spelled_fraction(found, tokens, known, number)
        if found.high > at:
            return
    dotted = known.point.after(tokens, at)
    if dotted and dotted[1] < size and following.glue != 3 and found.value.denominator == 1:
        end, decimals = dotted[1], ""
        while end < size and len(decimals) < 20 and tokens[end].glue != 3:
            piece = known.lexicon.match(tokens, end)
            if tokens[end].word.isdecimal() and not decimals:
                decimals, end = tokens[end].word[:20], end + 1
                break
            if (
                piece is None
                or piece[0].role not in "nm"
                or (piece[0].role == "m" and (decimals or not piece[0].bare))
                or (piece[0].value > 9 and decimals)
            ):
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
    if not isinstance(found.value, Fraction):
        return
    split = known.divide.after(tokens, at) if number.role == "n" else None
    if split and split[1] < size and tokens[split[1]].glue == 0:
        lower = read_number(tokens, split[1], known.lexicon, known.decimal, known.group)
        if (
            lower
            and lower.role == "n"
            and lower.value > found.value > 0
            and not known.symbols.before(tokens, found.first)
        ):
            found.value /= lower.value
            found.last = found.high = lower.last
            found.plain = found.article = False
            return
    if number.role == "t":
        return
    if number.role == "f":
        end = at
    elif (end := _denominator(found, at, tokens, known, number)) == at:
        part = known.halves.after(tokens, at)
        if part and tokens[at].glue != 3:
            found.value += part[0] * (number.step or 1)
            end = part[1]
        elif (
            (tokens[at].word in known.joiners or tokens[at].word in known.lexicon.connectors)
            and at + 1 < size
            and tokens[at + 1].glue != 3
        ):
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
    scale = (
        known.lexicon.match(tokens, end + (end + 1 < size and tokens[end].word in known.of))
        if end < size and tokens[end].glue != 3
        else None
    )
    if (
        scale is None
        and end + 2 < size
        and tokens[end].word in known.of
        and tokens[end + 1].word in known.articles
    ):
        scale = known.lexicon.match(tokens, end + 2)
    if (
        scale
        and scale[0].role == "m"
        and (scale[0].value >= 1000 or scale[0].value == 12)
        and not number.step
    ):
        found.value *= scale[0].value
        end, found.scaled = scale[1], True
    found.last = found.high = end
    found.plain = found.article = False


def _denominator(found: Found, at: int, tokens: Sequence[Token], known: Locale, number: Number) -> int:
    """Divide by the denominator at a token, and return the index after it; the token itself if there is none."""
    if (
        not isinstance(found.value, Fraction)
        or found.value.denominator != 1
        or not 0 < found.value < 10**6
        or tokens[at].glue == 3
    ):
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
    if (
        tokens[at - 1].word == "-"
        and tokens[at].glue == 1
        and (at == 1 or tokens[at - 1].glue in (0, 3) or tokens[at - 2].word in "([")
    ):
        start = at - 1
    elif tokens[at - 1].word == "-" and at == 1 and len(tokens) - found.last < 4:
        start = at - 1  # nothing but a quantity: the dash is no bullet
    else:
        worded = known.minus.before(tokens, at)
        if not worded or (worded[1] and is_digits(tokens[worded[1] - 1])):
            return
        modifier = known.modifier_before.before(tokens, at)
        if modifier and modifier[1] < worded[1]:  # "al menos 20" is at least twenty
            return
        start = worded[1]
    found.value = -found.value
    found.other = -found.other if found.other is not None else None
    found.first = found.low = start
    found.plain = found.article = False
