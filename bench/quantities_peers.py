"""Existing extractors behind the interface that the ruler of `bench/quantities.py` calls, one per function.

Each runs in an environment of its own, where only that package (and Babel, for the ruler) is installed:

    python SCRIPT quantities_peers:text2num --cases FILE --json OUT      (with this folder on PYTHONPATH)

A mention is (start, end, value, unit, kind). A language that the package does not know raises LookupError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Mention = tuple[int, int, Any, str | None, str | None]
_CULTURES = {"zh": "zh-cn", "nl": "nl-nl", "en": "en-us", "fr": "fr-fr", "it": "it-it", "ja": "ja-jp", "ko": "ko-kr", "pt": "pt-br", "es": "es-es", "tr": "tr-tr"}  # fmt: skip


def recognizers(text: str, lang: str) -> Iterator[Mention]:
    """ms-recognizers-text-suite: all its number models; the longest of overlapping results."""
    import ms_recognizers_suite as suite

    if lang not in _CULTURES:
        raise LookupError(lang)
    culture = _CULTURES[lang]
    models = (
        ("money", suite.recognize_currency), ("percent", suite.recognize_percentage), ("measure", suite.recognize_age),
        ("measure", suite.recognize_temperature), ("measure", suite.recognize_dimension), ("ordinal", suite.recognize_ordinal),
        ("cardinal", suite.recognize_number),
    )  # fmt: skip
    found: list[Mention] = []
    for kind, model in models:
        try:
            results = model(text, culture)
        except ValueError:  # no such model in this language
            continue
        for one in results:
            resolution = one.resolution or {}
            value = resolution.get("value")
            if value is not None:
                unit = resolution.get("isoCurrency") or resolution.get("unit")
                found.append((one.start, one.end + 1, str(value).rstrip("%"), unit, kind))
    taken: list[Mention] = []
    for mention in sorted(found, key=lambda m: m[0] - m[1]):  # longest first
        if not any(mention[0] < m[1] and m[0] < mention[1] for m in taken):
            taken.append(mention)
    yield from taken


def text2num(text: str, lang: str) -> Iterator[Mention]:
    """text2num: spelled numbers; words are its tokens, digits are read as they stand."""
    import text_to_num

    if lang not in ("en", "fr", "de", "es", "pt", "it", "nl"):
        raise LookupError(lang)

    class Word:
        def __init__(self, match: re.Match[str]) -> None:
            self.match = match

        def text(self) -> str:
            return self.match.group()

        def nt_separated(self, previous: Word) -> bool:
            return False

        def not_a_number_part(self) -> bool:
            return False

    words = [Word(m) for m in re.finditer(r"\w+(?:[-'.,]\w+)*|[^\w\s]", text)]
    for one in text_to_num.find_numbers(words, lang):
        start, end = words[one.start].match.start(), words[one.end - 1].match.end()
        yield start, end, one.value, None, "ordinal" if one.is_ordinal else "cardinal"


def words2num2(text: str, lang: str) -> Iterator[Mention]:
    """words2num2: reads a whole phrase, so the longest readable run of up to eight words is taken at each word."""
    import words2num2 as package

    if lang not in package.supported_langs():
        raise LookupError(lang)
    words = list(re.finditer(r"\w+(?:[-'.,]\w+)*", text))
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 8), at, -1):
            span = words[at].start(), words[end - 1].end()
            try:
                value = package.words2num(text[slice(*span)], lang=lang)
            except Exception:
                continue
            yield *span, value, None, None
            at = end - 1
            break
        at += 1


def quantulum3(text: str, lang: str) -> Iterator[Mention]:
    """quantulum3: English quantities with units."""
    from quantulum3 import parser

    if lang != "en":
        raise LookupError(lang)
    kinds = {"currency": "money", "dimensionless": "cardinal"}
    for one in parser.parse(text):
        kind = "percent" if one.unit.name == "percentage" else kinds.get(one.unit.entity.name, "measure")
        yield *one.span, one.value, one.unit.name, kind
