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

    __slots__ = (
        "barred",
        "colloquial",
        "connectors",
        "digitwise",
        "fused",
        "not_after_digits",
        "pieces",
        "prefix_glued",
        "prefix_scale",
        "reverse",
        "splits",
        "starts",
    )

    def __init__(self, reverse: bool = False, fused: bool = False, prefix_scale: bool = False) -> None:
        self.pieces: dict[str, tuple[Piece, ...]] = {}
        self.connectors: frozenset[str] = frozenset()
        self.reverse = reverse  # "five and twenty"
        self.fused = fused  # words may be written together
        self.prefix_scale = prefix_scale  # "thousand two" = 2000
        self.prefix_glued = False  # an ordinal prefix is written together with its number
        self.digitwise = False  # digits named one by one make a number: 二〇二六
        self.not_after_digits: frozenset[str] = frozenset()  # "34 cents" is no 3400
        # longer phrases (of percent) that begin with a multiplier, by first word: not to be taken for it
        self.barred: dict[str, list[tuple[str, ...]]] = {}
        self.colloquial = False  # "three thousand five" = 3500
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

    def matches(self, tokens: Sequence[Token], at: int) -> list[tuple[Piece, int]]:
        """The entries that stand at a token, longest first, each with the index after it."""
        out = []
        size = len(tokens)
        for piece in self.pieces.get(tokens[at].word, ()):
            rest = piece.rest
            if not rest:
                out.append((piece, at + 1))
                continue
            end = at + 1 + len(rest)
            if end > size or tokens[at + 1].word != rest[0]:
                continue
            if all(t.word == w and t.glue != 3 for t, w in zip(tokens[at + 1 : end], rest, strict=True)):
                out.append((piece, end))
        return out

    def match(self, tokens: Sequence[Token], at: int) -> tuple[Piece, int] | None:
        """The longest entry at a token, and the index after it."""
        found = self.matches(tokens, at)
        return found[0] if found else None

    def is_barred(self, tokens: Sequence[Token], at: int, after: int) -> bool:
        """Whether a phrase that is longer than the multiplier over tokens `at` to `after` stands there."""
        return any(
            len(rest) > after - at - 1
            and at + 1 + len(rest) <= len(tokens)
            and all(t.word == w for t, w in zip(tokens[at + 1 : at + 1 + len(rest)], rest, strict=True))
            for rest in self.barred[tokens[at].word]
        )

    def split(self, word: str) -> tuple[str, ...] | None:
        """Cut a fused word into entries and connectors that make one number; None if that fails."""
        if word in self.splits:
            return self.splits[word]
        found: tuple[str, ...] | None = None
        if not self.starts:
            self.starts = frozenset(
                w[:2] for w, ps in self.pieces.items() if len(w) > 1 and any(not p.rest for p in ps)
            )
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
                if (part in self.connectors and parts and end < len(word)) or any(
                    not p.rest for p in self.pieces.get(part, ())
                ):
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


class _State:
    """A number being read: its terms (value, floor) and what the last atom was."""

    __slots__ = ("atoms", "position", "product", "role", "scaled", "spelled", "step", "tail", "terms")

    def __init__(self, at: int) -> None:
        self.terms: list[tuple[Fraction | int, int]] = []
        self.position, self.atoms, self.role = at, 0, "n"
        self.spelled = self.scaled = False
        self.step = 0  # the multiplier, if the last atom is one
        self.tail: Fraction | int = 0
        self.product: tuple[Fraction | int, Fraction | int] | None = (
            None  # scale and number, where scales come first
        )

    def value(self) -> Fraction:
        return Fraction(sum(v for v, _ in self.terms))

    def take(self, piece: Piece, joined: bool, lexicon: Lexicon) -> bool:
        """Add an entry; False, and nothing changed, if it cannot stand here."""
        value = piece.value
        if self.role == "o" and piece.role not in "oq":
            return False  # an ordinal takes only ordinals after it: "twentieth first"
        if piece.role in "no":
            if self.atoms and not piece.bare:
                return False  # a plural ordinal after a number is a denominator: "twenty fifths"
            if self.atoms:
                top, floor = self.terms[-1]
                reverse = (
                    lexicon.reverse
                    and joined
                    and self.spelled
                    and 0 < top < 10
                    and 20 <= value < 100
                    and value % 10 == 0
                    and not self.step
                )
                if lexicon.prefix_scale and self.step and not joined and value < floor and self.atoms == 1:
                    self.terms.pop()
                    self.product = (top, value)
                    value = top * value
                elif 0 < value < floor:
                    pass
                elif reverse:
                    self.terms.pop()
                    value = top + value
                else:
                    return False
            if (
                lexicon.prefix_scale
                and joined
                and self.product
                and value < 10
                and self.product[1] % 10 == 0
                and len(self.terms) == 1
            ):  # "thousand twenty and five": the five goes with the twenty
                self.terms[-1] = (self.terms[-1][0] + value * self.product[0], 0)
            else:
                self.terms.append((value, _floor(value)))
            self.tail = value if joined else 0
            self.step = 0
        else:
            taken: Fraction | int = 0
            rest = list(self.terms)
            while rest and rest[-1][0] < value:
                taken += rest.pop()[0]
            if joined and taken:  # "two thousand and million" is no number
                rest, taken = list(self.terms), 0
            if value == 100 and Fraction(taken).denominator != 1:
                return False
            if not taken:
                if not piece.bare:
                    return False
                taken = 1
            if rest and taken * value >= rest[-1][1]:
                return False
            if piece.role == "q" and self.role == "o":
                return False
            self.terms = [*rest, (taken * value, int(value))]
            self.scaled, self.step, self.tail = True, int(value), 0
        self.spelled = True
        self.atoms += 1
        if piece.role in "oq":
            self.role = "o"
        return True

    def take_digits(self, reading: _digits.Reading, lexicon: Lexicon) -> bool:
        if lexicon.prefix_scale and self.atoms == 1 and self.step and reading.value < self.step:
            self.terms = [(self.terms[0][0] * reading.value, 0)]
            self.atoms, self.step = 2, 0
            return True
        if self.atoms and (
            not self.step
            or reading.value >= self.terms[-1][1]
            or reading.value.denominator != 1
            or not reading.plain
        ):
            return False
        self.terms.append((reading.value, 0))
        self.atoms += 1
        self.step = 0
        return True


def read_number(
    tokens: Sequence[Token], at: int, lexicon: Lexicon, decimal: str, group: str
) -> Number | None:
    """The longest number that starts at token `at`, by the grammar above; None if none starts there."""
    if lexicon.digitwise:
        run = _digit_run(tokens, at, lexicon)
        if run:
            return run
    state, size = _State(at), len(tokens)
    before: tuple[int, list[tuple[Fraction | int, int]], bool] | None = None  # the state before the last atom
    other: Fraction | None = None
    digits_first = tokens[at].word[0].isdecimal()
    last_step = 0
    while state.position < size:
        token, here, joined = tokens[state.position], state.position, False
        if state.atoms and token.glue == 3:
            break
        if (
            state.atoms
            and token.word in lexicon.connectors
            and here + 1 < size
            and tokens[here + 1].glue != 3
        ):
            here, joined = here + 1, True
            if tokens[here].word in lexicon.connectors and here + 1 < size and tokens[here + 1].glue != 3:
                here += 1  # "'t", "'y"
            token = tokens[here]
        elif token.word == "," and state.step >= 1000 and _goes_on(tokens, here + 1, lexicon, state.step):
            here += 1  # "two thousand, three hundred and five"
            token = tokens[here]
        saved = (state.position, list(state.terms), state.scaled)
        if token.word[0].isdecimal() or (token.word[0] in ".," and len(token.word) > 1):
            glued = state.atoms and not state.spelled and token.glue in (1, 2)
            reading = (
                None
                if glued or (joined and digits_first and state.terms[-1][1] != 100)
                else _digits.read(token.word, decimal, group)
            )
            if reading is None or not state.take_digits(reading, lexicon):
                break
            if state.atoms == 1:
                other = reading.other
            state.position, before = here + 1, saved
            continue
        pieces = lexicon.matches(tokens, here)
        first = pieces[0][0] if pieces else None
        if first is None:
            break
        if first.role in "ftps" and not (first.role == "s" and state.atoms):
            special = (
                None if state.atoms else _special(first, pieces[0][1], tokens, at, lexicon, decimal, group)
            )
            if special or state.atoms or len(pieces) == 1:
                if special:
                    return special
                break
        previous_step = state.step
        for piece, after in pieces:
            if digits_first and state.atoms == 1 and token.word in lexicon.not_after_digits:
                continue
            if piece.role == "s":
                if state.atoms and not joined and state.role == "n":
                    return Number(at, after, state.value(), "o", True, None, state.atoms, state.scaled)
            elif (
                piece.role == "m" and token.word in lexicon.barred and lexicon.is_barred(tokens, here, after)
            ):
                continue
            elif piece.role in "noqm" and state.take(piece, joined, lexicon):
                state.position, before, last_step = after, saved, previous_step
                if other is not None:
                    other = other * piece.value if piece.role == "m" and len(state.terms) == 1 else None
                break
        else:
            if (
                first.role in "mq"
                and state.atoms > 1
                and before is not None
                and state.terms[:-1]
                and not state.step
            ):
                state.position, state.terms, state.scaled = (
                    before  # the last value belongs to the next number
                )
                state.atoms -= 1
                state.tail, state.step = 0, state.terms[-1][1] if state.scaled else 0
            break
        if state.role == "o" and not state.terms[-1][1] and not lexicon.reverse:
            break
    if not state.terms:
        return None
    if (
        lexicon.colloquial
        and state.atoms > 1
        and last_step >= 100
        and not state.tail
        and state.spelled
        and 0 < state.terms[-1][0] < 10
    ):
        state.terms[-1] = (state.terms[-1][0] * (last_step // 10), 0)  # "three thousand five" = 3500
    return Number(
        at,
        state.position,
        state.value(),
        state.role,
        state.spelled,
        other,
        state.atoms,
        state.scaled,
        state.step,
        Fraction(state.tail),
    )


def _goes_on(tokens: Sequence[Token], at: int, lexicon: Lexicon, step: int) -> bool:
    """Whether a value and a smaller multiplier follow a comma: the lower part of the same number."""
    if at >= len(tokens) or tokens[at].glue != 0:
        return False
    return any(
        piece.role == "n"
        and after < len(tokens)
        and any(p.role == "m" and 100 <= p.value < step for p, _ in lexicon.matches(tokens, after))
        for piece, after in lexicon.matches(tokens, at)
    )


def _special(
    piece: Piece, after: int, tokens: Sequence[Token], at: int, lexicon: Lexicon, decimal: str, group: str
) -> Number | None:
    """A fraction or multiple, which stands alone, or a word that makes the number after it an ordinal."""
    if piece.role in "ft":
        return Number(at, after, Fraction(piece.value), piece.role, True)
    if (
        piece.role != "p"
        or after >= len(tokens)
        or tokens[after].glue == 3
        or (lexicon.prefix_glued and tokens[after].glue == 0)
    ):
        return None
    if any(p.role == "p" for p, _ in lexicon.matches(tokens, after)):
        return None
    inner = read_number(tokens, after, lexicon, decimal, group)
    if inner is None or inner.role != "n" or inner.value.denominator != 1:
        return None
    return inner._replace(first=at, role="o", spelled=True)


def _digit_run(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Number | None:
    """Three or more digits named one by one, as years are: 二〇二六."""
    end, text = at, ""
    while end < len(tokens) and len(text) < 20 and (end == at or tokens[end].glue == 1):
        found = lexicon.matches(tokens, end)
        digit = next(
            (p for p, stop in found if stop == end + 1 and p.role == "n" and 0 <= p.value < 10), None
        )
        if digit is None:
            break
        text += str(digit.value)
        end += 1
    if len(text) < 3 or (end < len(tokens) and any(p.role == "m" for p, _ in lexicon.matches(tokens, end))):
        return None
    return Number(at, end, Fraction(int(text)), "n", True, atoms=len(text))
