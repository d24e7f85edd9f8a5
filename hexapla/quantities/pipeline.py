"""From a text to its number mentions: fold, cut into tokens, find numbers, attach the layers, map back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from hexapla.quantities import dates, layers, relate
from hexapla.quantities.bare import VULGAR, Found, bare, sign
from hexapla.quantities.fold import TOKEN, fold
from hexapla.quantities.locale import Locale
from hexapla.quantities.mention import QuantityMention
from hexapla.quantities.money import money
from hexapla.quantities.relative import with_relative
from hexapla.quantities.scan import Token
from hexapla.quantities.tables import locale

_DIGIT = re.compile(r"\d|[½⅓⅔¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+|(?<!\w)@\w+")
_CACHE = 200_000


def extract(text: str, lang: str) -> list[QuantityMention]:
    """All number mentions of a text, by position; they do not overlap. `lang` is any code that `langs.normalise` takes.

    A language without data is read with the root locale's: digits and international signs only.

    >>> [(m.surface, str(m.value), m.unit) for m in extract("Fundusz o wartości 8,4 mld dolarów", "pl")]
    [('8,4 mld dolarów', '8400000000', 'USD')]
    """
    known = locale(lang)
    return with_relative(text, known.code, _numbers(text, known))


def _numbers(text: str, known: Locale) -> list[QuantityMention]:
    """The mentions that hold a number."""
    folded, offsets = fold(text, known.strip)
    if not _DIGIT.search(folded) and not _has_number_word(folded, known):
        return []
    if "://" in folded or "www." in folded or "@" in folded:
        folded = _ADDRESS.sub(lambda m: " " * len(m.group()), folded)
    tokens = tokenise(folded, known)
    found = [
        f
        for f in _find(tokens, known, _raw(text, tokens, offsets))
        if f.value is not None or f.kind == "date"
    ]
    out: list[QuantityMention] = []
    for one in found:
        start, end = _span(tokens[one.first].start, tokens[one.last - 1].end, offsets)
        low, high = _span(tokens[one.low].start, tokens[one.high - 1].end, offsets)
        out.append(
            QuantityMention(start, end, text[start:end], one.kind, one.value, one.value_high, one.unit, one.modifier,
                            one.other is not None, one.other, low, high)
        )  # fmt: skip
    return out


def _span(start: int, end: int, offsets: list[int] | None) -> tuple[int, int]:
    if offsets is None:
        return start, end
    return offsets[start], offsets[end - 1] + 1


def _raw(text: str, tokens: Sequence[Token], offsets: list[int] | None) -> list[str]:
    """The tokens as written."""
    out = []
    for token in tokens:
        start, end = _span(token.start, token.end, offsets)
        out.append(text[start:end])
    return out


def _has_number_word(folded: str, known: Locale) -> bool:
    """Whether a text without digits holds a word that can start a number."""
    starts, analysed, duals = known.starts, known.analysed, known.duals
    for word in TOKEN.findall(folded):
        parts = analysed.get(word)
        if parts is None:
            parts = analyse(word, known)
        if len(parts) == 1:
            if parts[0] in starts or parts[0] in duals:
                return True
        elif not starts.isdisjoint(parts):
            return True
    return False


def analyse(word: str, known: Locale) -> tuple[str, ...]:
    """A word as the words the tables know: clitics and linkers cut off, fused number words cut up."""
    cached = known.analysed.get(word)
    if cached is not None:
        return cached
    out: tuple[str, ...] = (word,)
    joined = len(word) > 2 and word[0] in known.lexicon.connectors and word[0] in known.prefixes
    if joined and word not in known.lexicon.pieces and word[1:] in known.lexicon.pieces:
        out = (word[0], word[1:])
    elif word not in known.known and len(word) > 1 and len(word) < 80:
        out = _cut(word, known, 0) or out
        stem = out[0]
        regular = known.dual_suffix and len(out) == 1 and len(stem) >= 5 and stem.endswith(known.dual_suffix)
        if regular and stem not in known.duals and stem not in known.not_dual and stem not in known.known:
            known.duals[stem] = ("cardinal", None)
    if len(known.analysed) < _CACHE:
        known.analysed[word] = out
    return out


def _cut(word: str, known: Locale, depth: int) -> tuple[str, ...] | None:
    if word in known.known:
        return (word,)
    if known.lexicon.fused:
        parts = known.lexicon.split(word)
        if parts:
            return parts
    if depth >= 3:
        return None
    for suffix in known.suffixes:
        if word.endswith(suffix) and len(word) > len(suffix) + 1:
            rest = word[: -len(suffix)]
            if rest in known.known:
                return (rest,)
    for prefix in known.prefixes:
        short = len(word) - len(prefix) < 3  # "بين" is no clitic and the word for yen
        if word.startswith(prefix) and (not short or word[len(prefix) :] in known.lexicon.pieces):
            rest_parts = _cut(word[len(prefix) :], known, depth + 1)
            if rest_parts:
                return (
                    (prefix, *rest_parts)
                    if prefix in known.lexicon.connectors or prefix in known.ordinal_before
                    else rest_parts
                )
    return None


def tokenise(folded: str, known: Locale) -> list[Token]:
    """Cut a folded text into tokens; a hyphen between two words becomes the second one's `glue`."""
    out: list[Token] = []
    previous, hyphen = -1, False
    for match in TOKEN.finditer(folded):
        start, end = match.span()
        word = match.group()
        if previous < 0:
            glue = 3
        elif start == previous:
            glue = 2 if hyphen else 1
        else:
            glue = 3 if "\n" in folded[previous:start] else 0
        if hyphen and glue != 2:
            out.append(Token(previous - 1, previous, "-", 1))
            hyphen = False
        if word == "-" and glue == 1 and out and out[-1].word[-1].isalnum():
            hyphen, previous = True, end
            continue
        hyphen = False
        if word.isalpha() and len(word) > 1:
            parts = analyse(word, known)
        else:
            parts = (word,)
        if len(parts) == 1:
            out.append(Token(start, end, parts[0], glue))
        else:
            at = start
            for k, part in enumerate(parts):
                stop = end if k == len(parts) - 1 else min(at + len(part), end)
                out.append(Token(at, stop, part, glue if k == 0 else 1))
                at = stop
        previous = end
    if hyphen:
        out.append(Token(previous - 1, previous, "-", 1))
    return out


def _find(tokens: Sequence[Token], known: Locale, raw: Sequence[str]) -> list[Found]:
    out: list[Found] = []
    at, size = 0, len(tokens)
    dated = {one.first: one for one in dates.find(tokens, known, raw)}
    pieces = known.lexicon.pieces
    while at < size:
        if at in dated:
            out.append(dated[at])
            at = dated[at].last
            continue
        word = tokens[at].word
        first = word[0]
        if not (first.isdecimal() or word in pieces or first in VULGAR or (first in ".," and len(word) > 1)):
            if word in known.duals:
                kind, unit = known.duals[word]
                if out and out[-1].last == at and tokens[out[-1].low].word in known.duals:
                    at += 1  # an adjective that agrees with the dual noun before it
                    continue
                out.append(Found(at, at + 1, at, at + 1, kind, Fraction(2), unit=unit, spelled=True))
            at += 1
            continue
        if (
            known.word_start
            and at
            and tokens[at].glue == 1
            and not first.isdecimal()
            and "\uac00" <= tokens[at - 1].word <= "\ud7af"
            and not (out and out[-1].last == at)
        ):
            at += 1
            continue
        if (
            at + 1 < size
            and tokens[at + 1].glue == 2
            and tokens[at + 1].word == word
            and not first.isdecimal()
        ):
            at += 2  # "sampu-sampu", by the tens
            continue
        found = bare(tokens, at, known, raw)
        if found is None:
            at += 1
            continue
        at = max(found.last, at + 1)
        sign(found, tokens, known)
        (
            layers.ordinal(found, tokens, known, raw)
            or layers.percent(found, tokens, known, out[-1].last if out else 0)
            or layers.times(found, tokens, known)
            or money(found, tokens, known, raw, out[-1].last if out else 0)
            or layers.unit(found, tokens, known, raw, out[-1].last if out else 0)
        )
        ignored = known.ignore.after(tokens, found.first)
        if (found.article and (size > 1 or tokens[found.first].word in known.never_one)) or (
            ignored and ignored[1] >= (found.last if found.unit else found.high)
        ):
            continue
        if layers.is_per(found, tokens, known, out):
            continue
        if layers.without_counter(found, tokens, known) or layers.in_a_name(found, tokens, known, raw):
            continue
        ignored = known.ignore.before(tokens, found.last)
        if ignored and ignored[1] <= found.first:
            continue
        if out and found.first < out[-1].last:
            found.first = min(out[-1].last, found.low)
        out.append(found)
        at = max(at, found.last)
    out = relate.amounts(out, tokens, known)
    out = relate.ranges(out, tokens, known)
    relate.modifiers(out, tokens, known)
    return out
