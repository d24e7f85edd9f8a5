"""Finding the places of surfaces that come without offsets, as generative systems give them.

The rule: the longest surface is placed first, equal ones in the order given. Each takes the first occurrence, left to
right, that overlaps nothing placed before; occurrences that begin and end with a token go before others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from hexapla.corpus import Span
from hexapla.tokens import tokens


def ground(text: str, surfaces: Sequence[str], taken: Iterable[Span] = ()) -> list[Span | None]:
    """The place of each surface (NFC is applied to it), None where the text does not hold it (often enough).

    `taken` are spans that are not given away.

    >>> ground("China and China Mobile", ["China", "China Mobile", "China", "Chile"])
    [(0, 5), (10, 22), None, None]
    """
    starts, ends = (set(side) for side in zip(*tokens(text), strict=True)) if text.strip() else (set(), set())
    busy = bytearray(len(text))
    for start, end in taken:
        busy[start:end] = b"\1" * (end - start)
    places: list[Span | None] = [None] * len(surfaces)
    waiting: dict[str, Iterator[Span]] = {}  # what is taken stays taken: no occurrence is looked at twice
    for n in sorted(range(len(surfaces)), key=lambda n: -len(surfaces[n])):
        surface = unicodedata.normalize("NFC", surfaces[n])
        if surface not in waiting:
            found = _occurrences(text, surface)
            # sorted by a flag: those that begin and end with a token first, each kind from left to right
            waiting[surface] = iter(sorted(found, key=lambda s: not (s[0] in starts and s[1] in ends)))
        for start, end in waiting[surface]:
            if busy.find(1, start, end) < 0:
                places[n] = (start, end)
                busy[start:end] = b"\1" * (end - start)
                break
    return places


def unit_of(text: str, start: int, end: int, surface: str) -> str:
    """In which unit that is not code points `start` and `end` point at `surface`: `bytes`, `UTF-16 units`, else ""."""
    if text[start:end] == surface:
        return ""
    for name, encoding, width in (("bytes", "utf-8", 1), ("UTF-16 units", "utf-16-le", 2)):
        if text.encode(encoding)[start * width : end * width] == surface.encode(encoding, "surrogatepass"):
            return name
    return ""


def _occurrences(text: str, surface: str) -> list[Span]:
    spans, at = [], text.find(surface) if surface else -1
    while at >= 0:
        spans.append((at, at + len(surface)))
        at = text.find(surface, at + 1)
    return spans
