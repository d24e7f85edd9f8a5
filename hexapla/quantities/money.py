"""Money: a currency sign, code or name before or after a number."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hexapla.quantities.bare import Found, is_digits
from hexapla.quantities.locale import Locale
from hexapla.quantities.scan import Token


def _currency_after(tokens: Sequence[Token], at: int, known: Locale) -> tuple[str, int] | None:
    """The currency named at a token, and the index after it."""
    if at >= len(tokens) or tokens[at].glue == 3:
        return None
    best = known.money.after(tokens, at)
    word = tokens[at].word
    head_at = at
    if (
        word not in known.heads
        and at + 1 < len(tokens)
        and tokens[at + 1].word in known.heads
        and tokens[at + 1].glue != 3
    ):
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
    if (
        before
        and before[1] >= limit
        and not found.article
        and not _subunit_follows(found, before[0], tokens, known, raw, before[1])
        and tokens[found.first].glue != 3
        and _is_sign(before[1], found.first, raw, tokens, known)
    ):
        code, found.first = before
        wider = known.symbols.before(tokens, found.first)  # "US $", "$ USD"
        if wider and tokens[found.first].glue != 3 and _is_sign(wider[1], found.first, raw, tokens, known):
            code, found.first = (wider[0] if code == "USD" else code), wider[1]
        elif found.first and raw[found.first - 1] == "US" and code == "USD":
            found.first -= 1
        tail = _currency_after(tokens, found.last, known)
        if tail and (tail[0] == code or (code == "USD" and tail[0].endswith("D"))):
            code, found.last = tail
    if code is None and not found.article:
        named_before = known.prefix_money.before(tokens, found.first) or known.money.before(
            tokens, found.first
        )
        follows = found.last < len(tokens) and tokens[found.last].glue != 3
        if (
            named_before
            and named_before[1] >= limit
            and (not found.spelled or known.money_first)
            and tokens[found.first].glue in (0, 1)
            and not (
                follows
                and (_currency_after(tokens, found.last, known) or tokens[found.last].word in known.of)
            )
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
            if (
                signed
                and _is_sign(at, signed[1], raw, tokens, known)
                and not _sign_of_next(at, signed[1], tokens)
            ):
                code, found.last = signed
                more = known.symbols.after(tokens, found.last)
                if more and tokens[found.last].glue != 3:
                    code, found.last = (more[0] if code == "USD" else code), more[1]
                break
            named = _currency_after(tokens, at, known)
            if named and not (found.article and named[0] not in known.own_money):
                code, found.last = named
                break
            sub = known.subunits.after(tokens, at)
            measured = known.units.after(tokens, at)  # 分钟 is a minute, 分 a hundredth
            if sub and not (measured and measured[1] > sub[1]):
                (code, factor), found.last = sub
                found.part = True
                found.value *= factor
                found.other = found.other * factor if found.other is not None else None
                break
    if code is None:
        return False
    found.kind, found.unit, found.article = "money", code, False
    return True


def _subunit_follows(
    found: Found, code: str, tokens: Sequence[Token], known: Locale, raw: Sequence[str], start: int
) -> bool:
    """Whether "3 GBP 1 penny" says that the code belongs to the number before it."""
    return (
        start > 0
        and (is_digits(tokens[start - 1]) or tokens[start - 1].word in known.lexicon.pieces)
        and tokens[start].glue != 1
        and (known.subunits.after(tokens, found.last) is not None)
    )


def _sign_of_next(start: int, end: int, tokens: Sequence[Token]) -> bool:
    """Whether a sign between two numbers belongs to the second: `1 $10`."""
    return (
        not tokens[end - 1].word.isalpha()
        and end < len(tokens)
        and is_digits(tokens[end])
        and tokens[end].glue in (0, 1)
        and tokens[start].glue != 1
    )


_LOWER_CODES = frozenset(
    [
        "usd",
        "eur",
        "gbp",
        "jpy",
        "cny",
        "rmb",
        "inr",
        "chf",
        "cad",
        "aud",
        "nzd",
        "hkd",
        "sgd",
        "krw",
        "mxn",
        "brl",
        "pln",
        "sek",
        "nok",
        "dkk",
        "rub",
        "zar",
        "idr",
        "thb",
        "vnd",
        "php",
        "myr",
        "us",
    ]
)


def _is_sign(start: int, end: int, raw: Sequence[str], tokens: Sequence[Token], known: Locale) -> bool:
    """Whether letters are meant as a currency code: in capitals, or a code that is no word; never `all`, `top`, `ang`."""
    text = "".join(raw[start:end])
    if not text.isalpha() or not text.isascii():
        return True
    if text.lower() in known.local_signs:
        return not text.islower() or len(text) > 2
    return (text.isupper() and len(text) >= 2) or text.lower() in _LOWER_CODES or text in ("Rs", "Kr", "kr")
