"""Between spans and tags: tokens of a document ↔ IOB2 tags ↔ labelled spans, and the features of a token.

Features look at writing only (letters, case, script, digits, neighbours), never at the language, so that a model
trained on some languages can be run on any.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Protocol

from hexapla.corpus import Document, Span
from hexapla.errors import Fault, InputError
from hexapla.tokens import tokens

FEATURES = 1
"""Goes up whenever `features` gives something else: a model is only run with the features it was trained on."""


class Labelled(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...


def sentence_tokens(document: Document) -> Iterator[list[Span]]:
    """The token spans of each sentence, as offsets of the document; of the whole text if it has no sentences."""
    for start, end in document.sentences or ((0, len(document.text)),):
        found = [(start + a, start + b) for a, b in tokens(document.text[start:end], document.lang)]
        if found:
            yield found


def tags_of(spans: Sequence[Span], mentions: Iterable[Labelled]) -> list[str]:
    """IOB2 tags of tokens. A token that a mention covers in part is tagged whole; mentions outside are ignored.

    Where two mentions claim one token, the one that starts first has it.

    >>> from hexapla.predictions import Prediction
    >>> tags_of([(0, 3), (4, 8), (8, 9)], [Prediction(0, 8, "PER")])
    ['B-PER', 'I-PER', 'O']
    """
    tags = ["O"] * len(spans)
    at = 0
    for mention in sorted(mentions, key=lambda m: (m.start, m.end)):
        while at < len(spans) and spans[at][1] <= mention.start:
            at += 1
        prefix = "B"
        while at < len(spans) and spans[at][0] < mention.end:
            tags[at] = f"{prefix}-{mention.label}"
            prefix = "I"
            at += 1
    return tags


def spans_of(spans: Sequence[Span], tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, label) of the tagged mentions. An `I-` that continues nothing begins a mention (as in conlleval).

    >>> spans_of([(0, 3), (4, 8), (8, 9)], ["B-PER", "I-PER", "I-LOC"])
    [(0, 8, 'PER'), (8, 9, 'LOC')]
    """
    if len(spans) != len(tags):
        raise InputError(
            Fault("bad-length", "tags", f"{len(tags)} tags for {len(spans)} tokens", "one for each")
        )
    found: list[tuple[int, int, str]] = []
    open_label = ""
    for (start, end), tag in zip(spans, tags, strict=True):
        prefix, _, label = tag.partition("-")
        if prefix == "I" and label == open_label:
            found[-1] = (found[-1][0], end, label)
        elif prefix in ("B", "I"):
            found.append((start, end, label))
        open_label = label if prefix != "O" else ""
    return found


def lost(document: Document, mentions: Sequence[Labelled]) -> list[Labelled]:
    """The mentions that tags cannot give back: they begin or end inside a token, or cross the end of a sentence."""
    kept: set[tuple[int, int, str]] = set()
    for spans in sentence_tokens(document):
        inside = [m for m in mentions if m.start < spans[-1][1] and spans[0][0] < m.end]
        kept.update(spans_of(spans, tags_of(spans, inside)))
    return [m for m in mentions if (m.start, m.end, m.label) not in kept]


@cache
def script(char: str) -> str:
    """`LATIN`, `ARABIC`, `CJK`, `DIGIT`, `PUNCT` …: the first word of a letter's Unicode name, else its class."""
    category = unicodedata.category(char)
    if category[0] == "L":
        return unicodedata.name(char, "OTHER").split()[0]
    return {"N": "DIGIT", "P": "PUNCT", "S": "SYMBOL", "M": "MARK"}.get(category[0], "OTHER")


def shape(word: str) -> str:
    """Letters as `X`, `x` or (caseless) `c`, digits as `0`, the rest as it is; repeats after the second dropped.

    >>> shape("NVIDIA"), shape("H200"), shape("Diaz")
    ('XX', 'X00', 'Xxx')
    """
    out = ""
    for char in word:
        kind = (
            "0"
            if char.isdigit()
            else "X"
            if char.isupper()
            else "x"
            if char.islower()
            else "c"
            if char.isalpha()
            else char
        )
        if out[-2:] != kind * 2:
            out += kind
    return out


def features(words: Sequence[str]) -> list[list[str]]:
    """Features of each token of a sentence, as strings."""
    own = [_word(word) for word in words]
    rows = []
    for n, mine in enumerate(own):
        row = ["bias", *mine]
        for step in (-2, -1, 1, 2):
            at = n + step
            if 0 <= at < len(words):
                row += [f"{step}:{name}" for name in own[at][: 4 if abs(step) == 1 else 2]]
            else:
                row.append(f"{step}:edge")
        if n:
            row.append(f"-1+0:{shape(words[n - 1])}|{shape(words[n])}")
        rows.append(row)
    return rows


@cache
def _word(word: str) -> tuple[str, ...]:
    lower = word.lower()
    found = [f"w={lower}", f"shape={shape(word)}", f"script={script(word[0])}", f"p3={lower[:3]}"]
    found += [f"p{k}={lower[:k]}" for k in (1, 2, 4, 5) if len(word) > k]
    found += [f"s{k}={lower[-k:]}" for k in (1, 2, 3, 4) if len(word) > k]
    if word[0].isupper():
        found.append("capital")
        if len(word) > 1 and word.isupper():
            found.append("all-capitals")
    if any(c.isdigit() for c in word):
        found.append("digit")
    return tuple(found)
