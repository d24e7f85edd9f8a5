"""Find bare numbers, in digits or in words, in a list of tokens.

A number is a sequence of atoms: values (`twenty`, `21`), multipliers (`hundred`, `mld`) and connectors (`and`). Atoms
are combined on a stack of terms, each with a floor below which further values may be added; a multiplier takes all
terms that are smaller than itself. So lakh and crore, myriads, `mil millones` and `hundred thousand million` need no
rules of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from hexapla.quantities import digits as _digits


class Token(NamedTuple):
    """A folded token; `start` and `end` are positions in the folded text.

    `glue` tells what stands before it: 0 space, 1 nothing, 2 a hyphen, 3 a line break or the start of the text.
    """

    start: int
    end: int
    word: str
    glue: int


class Piece(NamedTuple):
    """A lexicon entry after its first word: the further words, and what it is.

    Roles: `n` value, `o` ordinal, `m` multiplier, `q` ordinal of a multiplier, `p` and `s` a word that makes the number
    after or before it ordinal, `f` fraction, `t` times.
    """

    rest: tuple[str, ...]
    role: str
    value: Fraction | int
    bare: bool = True  # a multiplier that may stand without a value before it


class Number(NamedTuple):
    """A bare number over tokens `first` to `last` (exclusive)."""

    first: int
    last: int
    value: Fraction
    role: str  # n, o, f, t
    spelled: bool  # at least one word
    other: Fraction | None = None
    atoms: int = 1
    scaled: bool = False  # holds a multiplier
    step: int = 0  # the multiplier that stands last, if one does
    tail: Fraction = Fraction(0)  # a value that a connector joined last: "one hundred and [three]"


class Lexicon:
    """The number words of a language, by first word, longest first."""

    __slots__ = ("connectors", "fused", "pieces", "prefix_scale", "reverse", "splits", "starts")

    def __init__(self, reverse: bool = False, fused: bool = False, prefix_scale: bool = False) -> None:
        self.pieces: dict[str, tuple[Piece, ...]] = {}
        self.connectors: frozenset[str] = frozenset()
        self.reverse = reverse  # "five and twenty"
        self.fused = fused  # words may be written together
        self.prefix_scale = prefix_scale  # "thousand two" = 2000
        self.splits: dict[str, tuple[str, ...] | None] = {}
        self.starts: frozenset[str] = frozenset()

    def add(self, words: Sequence[str], role: str, value: Fraction | int, bare: bool = True) -> None:
        piece = Piece(tuple(words[1:]), role, value, bare)
        known = self.pieces.get(words[0], ())
        for old in known:
            if old.rest == piece.rest and old.role == role:
                if old.bare or not bare:
                    return
                known = tuple(p for p in known if p is not old)
        self.pieces[words[0]] = tuple(sorted((*known, piece), key=lambda p: -len(p.rest)))
        self.splits.clear()

    def match(self, tokens: Sequence[Token], at: int) -> tuple[Piece, int] | None:
        """The longest entry at a token, and the index after it."""
        for piece in self.pieces.get(tokens[at].word, ()):
            end = at + 1 + len(piece.rest)
            if not piece.rest:
                return piece, end
            if end <= len(tokens) and all(
                t.word == w and t.glue != 3 for t, w in zip(tokens[at + 1 : end], piece.rest, strict=True)
            ):
                return piece, end
        return None

    def split(self, word: str) -> tuple[str, ...] | None:
        """Cut a fused word into entries and connectors that make one number; None if that fails."""
        if word in self.splits:
            return self.splits[word]
        found: tuple[str, ...] | None = None
        if not self.starts:
            self.starts = frozenset(w[:2] for w, ps in self.pieces.items() if len(w) > 1 and any(not p.rest for p in ps))
        if 4 <= len(word) <= 80 and word[:2] in self.starts:
            budget = [200]
            for parts in self._cuts(word, budget):
                made = [Token(0, 0, w, 1) for w in parts]
                number = read_number(made, 0, self, ",", ".")
                if number and number.last == len(made):
                    found = parts
                    break
        if len(self.splits) < 100_000:
            self.splits[word] = found
        return found

    def _cuts(self, word: str, budget: list[int]) -> list[tuple[str, ...]]:
        """All ways to write `word` as entries, longest first; `budget` bounds the work."""
        results: list[tuple[str, ...]] = []
        stack: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        while stack and budget[0] > 0:
            budget[0] -= 1
            at, parts = stack.pop()
            if at == len(word):
                results.append(parts)
                continue
            for end in range(at + 1, len(word) + 1):
                part = word[at:end]
                if (part in self.connectors and parts and end < len(word)) or any(not p.rest for p in self.pieces.get(part, ())):
                    stack.append((end, (*parts, part)))
        return results


def _floor(value: Fraction | int) -> int:
    """The largest power of ten that divides a value: smaller values may be added to it."""
    if isinstance(value, Fraction):
        if value.denominator != 1:
            return 0
        value = value.numerator
    if value < 10:
        return 0
    floor = 1
    while value % 10 == 0:
        value //= 10
        floor *= 10
    return floor


def read_number(tokens: Sequence[Token], at: int, lexicon: Lexicon, decimal: str, group: str) -> Number | None:
    """The longest number that starts at token `at`, by the grammar above; None if none starts there."""
    terms: list[tuple[Fraction | int, int]] = []  # value, floor
    states: list[tuple[int, list[tuple[Fraction | int, int]], bool]] = []
    spelled = scaled = False
    spelled_first = not tokens[at].word[0].isdigit()
    other: Fraction | None = None
    position, size, role, atoms = at, len(tokens), "n", 0
    last_scaled = False  # the atom before was a multiplier
    tail: Fraction | int = 0
    while position < size:
        token = tokens[position]
        if atoms and token.glue == 3:
            break
        here, joined = position, False
        if atoms and token.word in lexicon.connectors and position + 1 < size and tokens[position + 1].glue != 3:
            here, joined = position + 1, True
            if tokens[here].word in lexicon.connectors and here + 1 < size and tokens[here + 1].glue != 3:
                here += 1  # "'t", "'y"
            token = tokens[here]
        if token.word[0].isdigit() or (token.word[0] in ".," and len(token.word) > 1):
            if atoms and (not last_scaled or joined and not spelled_first and terms[-1][1] != 100):
                break
            reading = _digits.read(token.word, decimal, group)
            if reading is None or (atoms and (reading.value >= terms[-1][1] or token.glue in (1, 2) and token.word[0].isdigit() and not spelled)):
                break
            if not atoms:
                other = reading.other
            elif reading.value.denominator != 1:
                break
            states.append((position, list(terms), scaled))
            terms.append((reading.value, 0))
            position, last_scaled, atoms = here + 1, False, atoms + 1
            continue
        found = lexicon.match(tokens, here)
        if found is None:
            break
        piece, after = found
        value = piece.value
        if piece.role == "s":
            if atoms and not joined and role == "n":
                return _number(at, after, terms, "o", True, None, atoms, scaled)
            break
        if piece.role == "p":
            if atoms or after >= size or tokens[after].glue == 3:
                break
            inner = read_number(tokens, after, lexicon, decimal, group)
            if inner is None or inner.role != "n" or inner.value.denominator != 1:
                break
            return inner._replace(first=at, role="o", spelled=True)
        if piece.role in "ft":
            if atoms:
                break
            return Number(at, after, Fraction(value), piece.role, True)
        if piece.role in "no":
            if atoms:
                top, floor = terms[-1]
                if 0 < value < floor:
                    pass
                elif lexicon.reverse and joined and spelled and 0 < top < 10 and 20 <= value < 100 and value % 10 == 0 and not last_scaled:
                    terms.pop()
                    value = top + value
                elif lexicon.prefix_scale and last_scaled and not joined and value < floor and atoms == 1:
                    terms.pop()
                    value = top * value
                else:
                    break
            states.append((position, list(terms), scaled))
            terms.append((value, _floor(value)))
            last_scaled, tail = False, value if joined else 0
        else:  # a multiplier
            taken: Fraction | int = 0
            rest = list(terms)
            while rest and rest[-1][0] < value:
                taken += rest.pop()[0]
            if joined and not piece.bare:
                break
            if joined and taken:  # "two thousand and million" is no number, "hundred and thousand" neither
                rest, taken = list(terms), 0
            if not taken:
                if not piece.bare and (atoms or not piece.bare):
                    break
                taken = 1
            if rest and (taken * value >= rest[-1][1]):
                if len(states) > 1 and atoms > 1:  # the last value belongs to the next number
                    position, terms, scaled = states.pop()
                    other = None if not terms else other
                break
            states.append((position, list(terms), scaled))
            terms = [*rest, (taken * value, int(value))]
            scaled = last_scaled = True
            tail = 0
            if other is not None:
                other = other * value if len(terms) == 1 else None
        spelled = True
        atoms += 1
        position = after
        if piece.role in "oq":
            role = "o"
            if piece.role == "q" or not terms[-1][1]:
                break
        elif role == "o":  # an ordinal takes only ordinals after it: "twentieth first"
            position, terms, scaled = states.pop()
            break
    if not terms:
        return None
    number = _number(at, position, terms, role, spelled, other, atoms, scaled)
    return number._replace(step=terms[-1][1] if last_scaled else 0, tail=Fraction(tail))


def _number(
    at: int, end: int, terms: list[tuple[Fraction | int, int]], role: str, spelled: bool, other: Fraction | None, atoms: int, scaled: bool
) -> Number:
    return Number(at, end, Fraction(sum(Fraction(v) for v, _ in terms)), role, spelled, other, atoms, scaled)
