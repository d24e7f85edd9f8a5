"""Sentence boundaries by rules over terminators and what stands around them.

A blank line always ends a sentence: headlines carry no terminator. Else a sentence ends after a run of terminators with the
quotes and brackets that close in it or after it, where white space follows, or where the script puts no space there. The
context may speak against it: a lower-case continuation, an abbreviation, an initial, an ordinal, a quotation with its
attribution. The time is linear in the length of the text. Abbreviations and the like are data,
`hexapla/lang/<code>/text.toml`, table `[segment]`; those of `und` hold for every language:

    never       abbreviations that are followed by a name: Mr, Dr
    homographs  ... that are words as well, and end a sentence before a starter: Polish im
    before_digit  ... that are followed by a number: No, art
    seldom      abbreviations that end a sentence only before a capital letter: etc, Inc
    abbreviation  a regular expression of what an abbreviation looks like, for scripts without spaces between words
    starters    words that, in capitals, follow an acronym (`U.S. The`) only at the start of a sentence
    capitals    starters that have capitals elsewhere as well: pronouns of address, nouns
    ordinal_dot true where a number with a full stop is an ordinal, and capitals are no sign of a new sentence (`3. Oktober`)
    after_quote what follows a closed quotation inside one sentence, for scripts without case and for attributions in capitals
    continues   what follows a terminator inside one sentence
    finals      syllables or words that stand before a terminator of clauses (Tibetan shad) if it ends a sentence
    terminators further terminators, such as the Greek question mark
    dot_introduces  true where the full stop, which the language has another sign for, does the work of a colon (Armenian)
    doubled     characters that are a terminator if written twice: the Ethiopic word space
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hexapla import langs

_BLOCK = re.compile(r"\n[^\S\n]*+\n\s*+|\u2029\s*+")
# Terminators that white space follows, and those of scripts and habits that may go without. Unicode: Sentence_Terminal, less
# U+104A, a comma in Burmese, with the signs of Tibetan, which has none there
_SPACED = (
    ".!?…‼⁇⁈⁉\u037e\u061d-\u061f\u06d4\u0700-\u0702\u07f9\u1803\u1809\u1944\u1945\u1b5a\u1b5b\u1b5e\u1b5f\u1c3b\u1c3c"
    "\u1c7e\u1c7f\u2cf9-\u2cfb\u2e2e\ua4ff\ua60e\ua60f\ua92f\ua9c8\ua9c9\uaa5d-\uaa5f\uaaf0\uaaf1\u10fb"
)
_UNSPACED = "。！？｡．\u0589\u0964\u0965\u0f0d\u0f0e\u104b\u1362\u1367\u1368\u166e\u17d4\u17d5\uabeb"
_SHAD = "\u0f0d"
_CLOSERS = "\"'”’“‘»«›‹)\\]}）］】」』》〉〕＂＇*"
_EAST_CLOSERS = "\"'”’)\\]}）］】」』》〉〕＂＇"  # no space tells an opening quote from a closing one
_OPENERS = "\"'“”‘’„‚«»‹›([{（［【「『《〈〔¿¡*–—-ʻʼ"
_SKIPPED = _OPENERS + " \n\t\r\xa0\u202f"
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Lao, Burmese, Khmer: no space between words, and a full stop may end a sentence
_WITHOUT_SPACES = "\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"
_INNER_DOTS = re.compile(r"(?:[^\W\d_][^\s.\d]{0,2}\.)+[^\W\d_][^\s.\d]{0,2}")  # U.S, a.m, z.B
_ROMAN = re.compile(r"[IVXLC]{2,6}")
_WORD = re.compile(r"[^\W_]+")
_CONTENT = re.compile(f"[^{re.escape(_SKIPPED)}]")
_EAST = re.compile(f"[{_EAST_ASIAN}]")
_UNSPACED_RUN = re.compile(rf"[^{_CLOSERS}]++(?:[{_EAST_CLOSERS}]*+[^{_CLOSERS}]++)*+[{_EAST_CLOSERS}]*+")
_BARE_STOP = re.compile(
    rf"(?<=[{_EAST_ASIAN}])(?=\.[{_EAST_CLOSERS}]*+[{_EAST_ASIAN}])|(?<=[{_WITHOUT_SPACES}]{{4}})(?=\.)"
)
# What stands apart from the terminator and belongs to it: `? »`, `! !`
_APART = re.compile(
    rf"[ \xa0\u202f]{{1,2}}(?:[»›”](?=[\s,;:.]|\Z)|([\"“])(?=\s)|[。।॥།]|(?:[!?]|\.(?!\.))(?=[\s\"”»]|\Z))[{_CLOSERS}]*+"
)
_DOUBLE_QUOTE = re.compile('["“”„]')
_QUOTE = re.compile('["“”„«»]')
_LONGEST_HEADLINE = 150  # characters
_LONGEST_ABBREVIATION = 30  # characters looked at before a full stop


@dataclass(frozen=True, slots=True)
class _Rules:
    mark: re.Pattern[str]
    never: frozenset[str]
    homographs: frozenset[str]
    before_digit: frozenset[str]
    seldom: frozenset[str]
    starters: frozenset[str]
    abbreviation: re.Pattern[str] | None
    capital_word: re.Pattern[str] | None
    openers: frozenset[str]
    ordinal_dot: bool
    after_quote: tuple[str, ...]
    continues: tuple[str, ...]
    finals: tuple[str, ...]
    dot_introduces: bool
    doubled: str


@cache
def _rules(lang: str) -> _Rules:
    table = langs.data(lang, "text").get("segment", {})
    general = langs.data("und", "text")["segment"]
    openers = frozenset(w for w in table.get("starters", ()) if len(w) > 1) - set(table.get("capitals", ()))
    doubled = table.get("doubled", "") + general["doubled"]
    marks = _SPACED + _UNSPACED + re.escape(table.get("terminators", "") + doubled)

    def words(key: str) -> frozenset[str]:
        return frozenset(
            word.casefold().removesuffix(".") for word in [*table.get(key, ()), *general.get(key, ())]
        )

    return _Rules(
        re.compile(rf"[{marks}][{marks}{_CLOSERS}]*+"),
        words("never"),
        words("homographs"),
        words("before_digit"),
        words("seldom"),
        words("starters"),
        re.compile(f"(?:{table['abbreviation']})\\Z") if "abbreviation" in table else None,
        _capital_words(openers),
        openers,
        table.get("ordinal_dot", False),
        tuple(table.get("after_quote", ())),
        tuple(table.get("continues", ())),
        tuple(table.get("finals", ())),
        table.get("dot_introduces", False),
        doubled,
    )


def _capital_words(words: frozenset[str]) -> re.Pattern[str] | None:
    """A word that begins like one of `words`, after a word and before one, each with one white space between."""
    letters = re.escape("".join({word[0] for word in words}))
    return re.compile(rf"[{letters}](?<=[^\W\d_]\s.)[^\W\d_]+(?=\s([^\W\d_]))") if words else None


def sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`: half-open code-point offsets, trimmed of white space, in order.

    They hold every character that is not white space. A single line end is white space like any other.

    >>> text = "Titulo\\n\\nSi G. Cruz ay 3.5 taon doon. “Bakit?” tanong niya."
    >>> [text[a:b] for a, b in sentences(text, "fil")]
    ['Titulo', 'Si G. Cruz ay 3.5 taon doon.', '“Bakit?” tanong niya.']
    """
    rules = _rules(langs.normalise(lang))
    page = _Page(text)
    spans: list[tuple[int, int]] = []
    for begin, stop in _blocks(text):
        start = past = begin
        content = -1  # where the sentence has its first letter or the like
        page.enter(begin)
        for match in rules.mark.finditer(text, begin, stop):
            dot, end = match.span()
            if dot < past:  # taken with the mark before it
                continue
            if end < stop:
                end = _end_of_mark(page, dot, end, stop, rules)
                past = abs(end)
                if end <= 0:
                    continue
            if content < start:
                first = _CONTENT.search(text, start, stop)
                content = first.start() if first else stop
            if content >= dot:  # a mark of its own, such as a leading "..."
                continue
            if _ends(page, start, content, dot, end, stop, rules):
                _add(spans, text, start, end, rules)
                start = end
        _add(spans, text, start, stop, rules)
    return spans


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in _BLOCK.finditer(text):
        yield at, gap.start()
        at = gap.end()
    yield at, len(text)


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int, rules: _Rules) -> None:
    if rules.capital_word:
        cut = _headline(text, start, end, rules)
        while cut:
            _add_trimmed(spans, text, start, cut)
            start = cut
            cut = _headline(text, start, end, rules)
    _add_trimmed(spans, text, start, end)


def _add_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    if size:
        spans.append((start + left, start + left + size))


def _headline(text: str, start: int, end: int, rules: _Rules) -> int:
    """Where a headline without terminator, at the beginning of what looks like one sentence, ends; 0 if there is none.

    Five words and more, the last one neither a name nor a starter (`in La Rioja`), no quotation open.
    """
    assert rules.capital_word
    for match in rules.capital_word.finditer(text, start, min(end, start + _LONGEST_HEADLINE)):
        if match.group(1).islower() and match.group() in rules.openers:
            piece = text[start : match.start()]
            words = piece.split()
            if (
                len(words) > 4
                and len(words[-1]) > 2
                and words[-1].isalpha()
                and words[-1].islower()
                and words[-1] not in rules.starters
                and not len(_QUOTE.findall(piece)) % 2
            ):
                return match.start()
    return 0


class _Page:
    """A text, with what is known of it at some place; what costs time is found out when it is first asked for."""

    __slots__ = ("_at", "_open", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.enter(0)

    def enter(self, block: int) -> None:
        """Begin with a block; no quotation goes on from one to the next."""
        self._at, self._open = block, False

    def quoted(self, at: int) -> bool:
        """Whether a quotation is open before `at`; asked for rising places."""
        text = self.text
        for match in _DOUBLE_QUOTE.finditer(text, self._at, at):
            here, quote = match.start(), match.group()
            before, after = text[here - 1 : here], text[here + 1 : here + 2]
            if quote == '"':
                within = before.isalnum() and not _EAST.match(before)
                inches = before.isdigit() and not self._open
                if not within or not (after.isalnum() or inches):  # within a word: gershayim
                    self._open = not self._open
            elif quote == "„":
                self._open = True
            elif quote == "”":
                self._open = not self._open and before.isspace()
            else:  # closes in German, and where a writer has but one form
                self._open = not self._open
        self._at = max(self._at, at)
        return self._open


def _end_of_mark(page: _Page, dot: int, end: int, stop: int, rules: _Rules) -> int:
    """Where the mark from `dot` to `end`, with text after it, ends; 0 or its negative if no sentence can end there."""
    text = page.text
    if rules.doubled and text[dot] in rules.doubled and text[dot + 1] not in rules.doubled:
        return 0
    if text[end].isspace():
        apart = _APART.match(text, end, stop)
        while apart:
            if apart.group(1) and not page.quoted(end):
                break
            end = apart.end()
            apart = _APART.match(text, end, stop)
        return end if end == stop or text[end].isspace() or text[end - 1] in _UNSPACED else -end
    short = _UNSPACED_RUN.match(text, dot, end)
    if not short:
        return 0
    full, end = end, short.end()
    quote = text[end - 1]
    marks = text[dot:end].rstrip("\"”’')]}）］】」』》〉〕＂＇")
    if quote == '"' and not page.quoted(end - 1):
        end -= 1  # no space around it: the straight quote opens the next sentence
    elif end < full and text[end] == "“" and page.quoted(end):
        end += 1  # closes, though it looks like an opening one
    before, after = text[dot - 1 : dot], text[end]
    if before.isdigit() and after.isdigit():
        return 0
    if marks[-1] in _UNSPACED:
        return end
    if marks == ".":
        return end if _BARE_STOP.match(text, dot) else 0
    if not marks.strip(".…") and marks == text[dot:end]:  # hesitation: 他……走了
        return 0
    caseless = after.isalpha() and after.lower() == after.upper()
    return end if caseless and not (before.isascii() and before.isalpha()) else 0


def _ends(page: _Page, start: int, content: int, dot: int, end: int, stop: int, rules: _Rules) -> bool:
    """Whether the mark from `dot` to `end` ends the sentence that began at `start`, with its first word at `content`."""
    text = page.text
    tail = text[end : min(stop, end + 40)].lstrip()
    if not tail:
        return True
    mark = text[dot:end]
    if rules.after_quote and mark[-1] in _CLOSERS and tail.startswith(rules.after_quote):
        return False
    if tail[0] in ",;:，、；：،؛" or (rules.continues and tail.startswith(rules.continues)):
        return False
    bare = tail.lstrip(_SKIPPED)
    following = bare[:1]
    if following.islower() and following.title() != following and not (tail[0] in "–—-•" and mark[0] == "."):
        return False
    if rules.dot_introduces and mark in ".\u2024" and tail[0] in '«“„"':
        return False
    if mark not in ".\u2024":
        return not (
            rules.finals
            and mark == _SHAD
            and not text[max(start, dot - 30) : dot].rstrip("་ ").endswith(rules.finals)
        )
    before = text[max(start, dot - _LONGEST_ABBREVIATION) : dot]
    if before[-1].isspace():
        return True
    if rules.abbreviation and rules.abbreviation.search(before):
        return False
    word = before.split()[-1]
    if not word.isascii() and _EAST.search(word):
        word = word[max(m.end() for m in _EAST.finditer(word)) :].lstrip("、，；：")
    alone = content >= dot - len(word)
    return not _abbreviated(word.lstrip(_OPENERS), alone, bare, rules)


def _abbreviated(word: str, alone: bool, bare: str, rules: _Rules) -> bool:
    """Whether the full stop after `word` belongs to it and ends no sentence; `alone`: nothing stands before the word."""
    folded = word.casefold()
    following = bare[:1]
    if following.isdigit() and folded in rules.before_digit:
        return True
    if folded in rules.never or ("-" in folded and folded.rpartition("-")[2] in rules.never):
        return not (folded in rules.homographs and _starts(bare, rules))
    if word.isdigit() or (rules.ordinal_dot and _ROMAN.fullmatch(word)):
        if alone and len(word) < 4:
            return True
        ordinal = rules.ordinal_dot and (len(word) < 4 or not word.isdigit())
        return ordinal and following.isalpha() and not _starts(bare, rules)
    letter = len(word) == 1 and word.isalpha()
    if letter or folded in rules.seldom or _INNER_DOTS.fullmatch(word):
        if not following.isupper():
            if letter and following.isalpha() and word.lower() != word.upper():
                return False  # no initial: a script without case goes on
            return letter or not rules.starters or following.isdigit()
        first = _WORD.match(bare)
        name = first.group() if first else ""
        if word.isupper() or (len(name) > 1 and name.isupper()):
            return not _starts(bare, rules)
        return (letter and alone) or (name.casefold() in rules.seldom and bare.startswith(".", len(name)))
    return False


def _starts(bare: str, rules: _Rules) -> bool:
    """Whether what follows begins with a word that has its capital letter from its place only."""
    first = _WORD.match(bare)
    return first is not None and first.group().casefold() in rules.starters
