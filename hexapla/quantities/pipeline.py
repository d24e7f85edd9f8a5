"""From a text to its number mentions: fold, cut into tokens, find numbers, attach the layers, map back."""

from __future__ import annotations

import re
import unicodedata
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
_token = tuple.__new__  # a third of the time of the constructor


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
    if "://" in folded or "www." in folded or "@" in folded:
        folded = _ADDRESS.sub(lambda m: " " * len(m.group()), folded)
    words = TOKEN.findall(folded)
    if not _DIGIT.search(folded) and not _has_number_word(words, known):
        return []
    tokens = tokenise(folded, words, known)
    hot = _hot(tokens, known)
    if not hot:
        return []
    found = [
        f
        for f in _find(tokens, hot, known, _raw(text, tokens, offsets))
        if f.value is not None or f.kind == "date"
    ]
    out: list[QuantityMention] = []
    for one in found:
        start, end = _span(tokens[one.first].start, tokens[one.last - 1].end, offsets, text)
        low, high = _span(tokens[one.low].start, tokens[one.high - 1].end, offsets, text)
        out.append(
            QuantityMention(start, end, text[start:end], one.kind, one.value, one.value_high, one.unit, one.modifier,
                            one.other is not None, one.other, low, high)
        )  # fmt: skip
    return out


def _span(start: int, end: int, offsets: list[int] | None, text: str) -> tuple[int, int]:
    """Positions of the folded text in the original; marks and jamo that folding took in stay with their letter."""
    if offsets is None:
        return start, end
    stop = offsets[end - 1] + 1
    while stop < offsets[end] and (
        unicodedata.category(text[stop])[0] == "M" or "\u1160" <= text[stop] <= "\u11ff"
    ):
        stop += 1
    return offsets[start], stop


def _raw(text: str, tokens: Sequence[Token], offsets: list[int] | None) -> list[str]:
    """The tokens as written."""
    if offsets is None:
        return [text[t[0] : t[1]] for t in tokens]
    return [text[offsets[t[0]] : offsets[t[1] - 1] + 1] for t in tokens]


def _has_number_word(words: Sequence[str], known: Locale) -> bool:
    """Whether a text without digits holds a word that can start a number."""
    dull = known.dull
    if dull.issuperset(words):
        return False
    found = False
    for word in set(words).difference(dull):
        parts = analyse(word, known)
        if not known.starts.isdisjoint(parts) or (len(parts) == 1 and parts[0] in known.duals):
            found = True
        elif len(dull) < _CACHE:
            dull.add(word)
    return found


def analyse(word: str, known: Locale) -> tuple[str, ...]:
    """A word as the words the tables know: clitics and linkers cut off, fused number words cut up."""
    cached = known.analysed.get(word)
    if cached is not None:
        return cached
    out: tuple[str, ...] = (word,)
    if len(word) == 1 or not word[0].isalpha():
        if len(known.analysed) < _CACHE:
            known.analysed[word] = out
        return out
    joined = len(word) > 2 and word[0] in known.lexicon.connectors and word[0] in known.prefixes
    if joined and word not in known.lexicon.pieces and word[1:] in known.lexicon.pieces:
        out = (word[0], word[1:])
    elif word not in known.known and len(word) < 80:
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
    for length in known.suffix_lengths:
        if word[-length:] in known.suffixes and len(word) > length + 1 and word[:-length] in known.known:
            return (word[:-length],)
    if not word.startswith(known.prefixes):
        return None
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


def tokenise(folded: str, words: Sequence[str], known: Locale) -> list[Token]:
    """Cut a folded text into tokens, given its words; a hyphen between two words becomes the second one's `glue`."""
    out: list[Token] = []
    previous, end, hyphen = -1, 0, False
    analysed, lines = known.analysed, "\n" in folded
    for word in words:
        start = folded.index(word, end)  # only white space lies between two words
        end = start + len(word)
        if start == previous:
            glue = 2 if hyphen else 1
        elif previous < 0:
            glue = 3
        else:
            glue = 3 if lines and "\n" in folded[previous:start] else 0
        if hyphen and glue != 2:
            out.append(Token(previous - 1, previous, "-", 1))
            hyphen = False
        if word == "-" and glue == 1 and out and out[-1].word[-1].isalnum():
            hyphen, previous = True, end
            continue
        hyphen = False
        parts = analysed.get(word) or analyse(word, known)
        if len(parts) == 1:
            out.append(_token(Token, (start, end, parts[0], glue)))
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


def _hot(tokens: Sequence[Token], known: Locale) -> list[int]:
    """The tokens at which a mention may begin."""
    heat = known.heat
    for word in {t[2] for t in tokens}.difference(heat):
        first = word[0]
        if len(heat) > _CACHE:
            heat.clear()
            return _hot(tokens, known)
        heat[word] = (
            first.isdecimal()
            or word in known.starts
            or first in VULGAR
            or (first in ".," and len(word) > 1)
            or word in known.duals
        )
    return [at for at, token in enumerate(tokens) if heat[token[2]]]


def _is_mere(tokens: Sequence[Token], at: int, known: Locale) -> bool:
    """Whether nothing beside an article could make it a number: the quick way past most of them."""
    if at + 1 >= len(tokens) or known.unit_before:
        return False
    after = tokens[at + 1]
    return (
        after.glue == 0
        and after.word[0].isalpha()
        and after.word not in known.beside
        and not (at and tokens[at - 1].word in known.beside)
        and not (at + 2 < len(tokens) and tokens[at + 2].word in known.heads)
    )


def _find(tokens: Sequence[Token], hot: Sequence[int], known: Locale, raw: Sequence[str]) -> list[Found]:
    out: list[Found] = []
    at, size = 0, len(tokens)
    dated = {one.first: one for one in dates.find(tokens, hot, known, raw)}
    pieces = known.lexicon.pieces
    for start in sorted({*hot, *dated}) if dated else hot:
        if start < at:
            continue
        at = start
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
        if word in known.articles and _is_mere(tokens, at, known):
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
