"""Sentence boundaries by rules over terminators and what stands around them.

A blank line always ends a sentence: headlines carry no terminator. Else a sentence ends after a terminator and the closing
quotes and brackets that follow it, unless the context speaks against it: a lower-case continuation, an abbreviation, an
initial, an ordinal, a quotation with its attribution. Abbreviations and the like are data, `hexapla/lang/<code>/text.toml`,
table `[segment]`:

    never       abbreviations that are followed by a name: Mr, Dr
    before_digit  ... by a number: No, art
    seldom      abbreviations that end a sentence only before a capital letter: etc, Inc
    starters    words that, in capitals, follow an acronym (`U.S. The`) only at the start of a sentence
    ordinal_dot true where a number with a full stop is an ordinal (`3. Oktober`)
    after_quote what follows a closed quotation inside one sentence, for scripts without case and for attributions in capitals
    terminators further terminators, such as the Greek question mark
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from hexapla import langs

_BLOCK = re.compile(r"[^\S\n]*\n[^\S\n]*\n\s*")
# Terminators that a space follows; Unicode property Sentence_Terminal, the ones in use
_SPACED = (
    ".!?…‼⁇⁈⁉\u0589\u061d-\u061f\u06d4\u0700-\u0702\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u166e\u17d4\u17d5\u1803\u1809"
    "\u1944\u1945\u1c3b\u1c3c\u1c7e\u1c7f\u0f0d\u0f0e\u2cf9-\u2cfb\u2e2e\ua4ff\ua60e\ua60f\uaa5d-\uaa5f\uabeb\u10fb\u061f"
)
_UNSPACED = "。！？｡．⸺"  # a sentence may begin right after these
_CLOSERS = "\"'”’“»«›‹)\\]}）］】」』》〉〕＂＇\u0f0d*"
_EAST_CLOSERS = "\"'”’)\\]}）］】」』》〉〕＂＇"  # no space tells an opening quote from a closing one
_OPENERS = "\"'“”‘’„‚«»‹›([{（［【「『《〈〔¿¡*–—-"
_SKIPPED = _OPENERS + " \n\t\xa0\u202f"
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_INNER_DOTS = re.compile(r"(?:[^\W\d_][^\s.\d]{0,2}\.)+[^\W\d_][^\s.\d]{0,2}")  # U.S, a.m, z.B
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Rules:
    candidate: re.Pattern[str]
    never: frozenset[str]
    before_digit: frozenset[str]
    seldom: frozenset[str]
    starters: frozenset[str]
    ordinal_dot: bool
    after_quote: tuple[str, ...]


@cache
def _rules(lang: str) -> _Rules:
    table = langs.data(lang, "text").get("segment", {})
    spaced = _SPACED + re.escape(table.get("terminators", ""))
    candidate = re.compile(
        rf"(?:(?:[{spaced}]|፡፡|::)+[{_CLOSERS}]*)+(?:[ \xa0\u202f][»›])?(?=\s|$)"
        rf"|[{_UNSPACED}][{spaced}{_UNSPACED}]*[{_EAST_CLOSERS}]*"
        rf"|(?:(?<=[{_EAST_ASIAN}])\.|[!?…]+)[{_EAST_CLOSERS}]*(?=[{_EAST_ASIAN}])"
    )

    def words(key: str) -> frozenset[str]:
        return frozenset(word.casefold().removesuffix(".") for word in table.get(key, ()))

    return _Rules(
        candidate,
        words("never"),
        words("before_digit"),
        words("seldom"),
        words("starters"),
        table.get("ordinal_dot", False),
        tuple(table.get("after_quote", ())),
    )


def sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`: half-open code-point offsets, trimmed of white space, in order.

    >>> text = "Titulo\\n\\nSi G. Cruz ay 3.5 taon doon. “Bakit?” tanong niya."
    >>> [text[a:b] for a, b in sentences(text, "fil")]
    ['Titulo', 'Si G. Cruz ay 3.5 taon doon.', '“Bakit?” tanong niya.']
    """
    rules = _rules(langs.normalise(lang))
    spans: list[tuple[int, int]] = []
    at = 0
    for block in [*_BLOCK.finditer(text), None]:
        stop = block.start() if block else len(text)
        start = at
        for match in rules.candidate.finditer(text, at, stop):
            end = match.end()
            if (
                text[end - 1] == '"'
                and end < stop
                and not text[end].isspace()
                and text.count('"', at, end) % 2
            ):
                end -= 1  # no space around it: the straight quote opens the next sentence
            if _ends(text, start, end, stop, match, rules):
                _add(spans, text, start, end)
                start = end
        _add(spans, text, start, stop)
        at = block.end() if block else stop
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    if size:
        spans.append((start + left, start + left + size))


def _ends(text: str, start: int, end: int, stop: int, match: re.Match[str], rules: _Rules) -> bool:
    """Whether the candidate, in the sentence that began at `start`, ends it."""
    dot = match.start()
    mark = text[dot:end]
    tail = text[end : min(stop, end + 40)].lstrip()
    if not tail:
        return True
    bare = tail.lstrip(_SKIPPED)
    following = bare[:1]
    quoted = mark[-1] in _CLOSERS
    if quoted and rules.after_quote and tail.startswith(rules.after_quote):
        return False
    if following.islower() and following.title() != following and not (tail[0] in "–—-•" and mark[0] == "."):
        return False
    if not text[start:dot].strip(_SKIPPED):  # a mark of its own, such as a leading "..."
        return False
    if mark != ".":
        return True
    before = text[max(start, dot - 30) : dot].split()
    return not _abbreviated(before[-1].lstrip(_OPENERS), len(before) == 1, bare, following, rules)


def _abbreviated(word: str, alone: bool, bare: str, following: str, rules: _Rules) -> bool:
    """Whether the full stop after `word` belongs to it and ends no sentence; `alone`: nothing stands before the word."""
    folded = word.casefold()
    if folded in rules.never or (following.isdigit() and folded in rules.before_digit):
        return True
    if word.isdigit():
        return (alone and len(word) < 4) or (rules.ordinal_dot and len(word) < 3 and not following.isdigit())
    letter = len(word) == 1 and word.isalpha()
    if letter or folded in rules.seldom or _INNER_DOTS.fullmatch(word):
        if not following.isupper():
            return letter or not rules.starters or following.isdigit()
        if word.isupper():
            first = _WORD.match(bare)
            return first is None or first.group().casefold() not in rules.starters
        return letter and alone
    return False
