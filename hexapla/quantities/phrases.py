"""Phrases of folded words, found among tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from hexapla.quantities.scan import Token

V = TypeVar("V")


class Phrases(Generic[V]):
    """Phrases of folded words, found from their first word (`after`) or their last (`before`)."""

    __slots__ = ("first", "last")

    def __init__(self) -> None:
        self.first: dict[str, list[tuple[tuple[str, ...], V]]] = {}
        self.last: dict[str, list[tuple[tuple[str, ...], V]]] = {}

    def add(self, words: Sequence[str], value: V) -> None:
        if not words or any(r == tuple(words[1:]) for r, _ in self.first.get(words[0], ())):
            return
        for table, key, rest in ((self.first, words[0], words[1:]), (self.last, words[-1], words[:-1])):
            known = table.setdefault(key, [])
            known.append((tuple(rest), value))
            known.sort(key=lambda entry: -len(entry[0]))

    def after(self, tokens: Sequence[Token], at: int) -> tuple[V, int] | None:
        """The longest phrase that starts at a token, and the index after it."""
        if at >= len(tokens):
            return None
        for rest, value in self.first.get(tokens[at].word, ()):
            if not rest:
                return value, at + 1
            end = at + 1 + len(rest)
            if end <= len(tokens) and all(
                tokens[at + 1 + k].word == w and tokens[at + 1 + k].glue != 3 for k, w in enumerate(rest)
            ):
                return value, end
        return None

    def before(self, tokens: Sequence[Token], end: int) -> tuple[V, int] | None:
        """The longest phrase that ends before a token, and its first index."""
        if end <= 0 or end > len(tokens):
            return None
        for rest, value in self.last.get(tokens[end - 1].word, ()):
            if not rest:
                return value, end - 1
            start = end - 1 - len(rest)
            if start >= 0 and all(
                tokens[start + k].word == w and tokens[start + k + 1].glue != 3 for k, w in enumerate(rest)
            ):
                return value, start
        return None
