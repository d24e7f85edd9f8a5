"""Relative dates ("last year", العام الماضي): a DATE that names a day, month, season or year, without a value.

The patterns are data: the key `relative` of `hexapla/lang/<code>/quantities.toml`.
"""

from __future__ import annotations

import re
from functools import cache

from hexapla import langs
from hexapla.quantities.mention import QuantityMention
from hexapla.values import Value

# letters, and the vowel signs of Indic scripts, which Python takes for no part of a word; not the danda
_LETTER = r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff])"


@cache
def _pattern(lang: str) -> re.Pattern[str] | None:
    patterns = langs.data(lang, "quantities").get("relative", ())
    if not patterns:
        return None
    # scripts that write words together have no word boundary
    body = "|".join(patterns)
    spaced = not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", body)
    return re.compile(rf"(?<!{_LETTER})(?:{body})(?!{_LETTER})" if spaced else body, re.I)


def with_relative(text: str, lang: str, found: list[QuantityMention]) -> list[QuantityMention]:
    """The mentions of a text and its relative dates, by position; where they touch, what has a value stays."""
    pattern = _pattern(lang)
    if pattern is None:
        return found
    nothing: Value | None = None
    extra = [
        QuantityMention(s, e, text[s:e], "date", nothing, None, None, None, False, None, s, e)
        for s, e in (match.span() for match in pattern.finditer(text))
        if not any(m.start < e and s < m.end and _keeps(m, s, e) for m in found)
    ]
    if not extra:
        return found
    kept = [m for m in found if not any(m.start < x.end and x.start < m.end for x in extra)]
    return sorted([*kept, *extra], key=lambda m: m.start)


def _keeps(mention: QuantityMention, start: int, end: int) -> bool:
    """Does this number stand against a relative date? Not where it is a word inside it, as in *quinta-feira*."""
    inside = start <= mention.start and mention.end <= end
    return not (inside and (mention.end - mention.start) < (end - start))
