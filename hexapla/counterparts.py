"""Which mentions of a row say the same thing: by their fact where a reader linked them, else by comparing what they say.

Numbers are compared by value, unit and label. Names are spelled as each language spells them, so that without links
only presence counts: names of one label stand for each other, alike ones first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hexapla.corpus import ENTITY_LABELS, Article, Mention
from hexapla.layout import Row
from hexapla.values import Quantity, Value

Amount = tuple[Value | None, Value | None]

# Units that measure one thing, in terms of the first; exact but for the year and month, which are only multiples of
# each other. Enough for "two weeks" against "14 days".
_SCALES: tuple[dict[str, Fraction], ...] = (
    {"second": Fraction(1), "minute": Fraction(60), "hour": Fraction(3600), "day": Fraction(86400), "week": Fraction(604800)},
    {"month": Fraction(1), "quarter": Fraction(3), "year": Fraction(12), "decade": Fraction(120), "century": Fraction(1200)},
    {"meter": Fraction(1), "centimeter": Fraction(1, 100), "millimeter": Fraction(1, 1000), "kilometer": Fraction(1000),
     "inch": Fraction(254, 10000), "foot": Fraction(3048, 10000), "yard": Fraction(9144, 10000), "mile": Fraction(1609344, 1000)},
    {"gram": Fraction(1), "milligram": Fraction(1, 1000), "kilogram": Fraction(1000), "tonne": Fraction(1000000),
     "ounce": Fraction(45359237, 1600000), "pound": Fraction(45359237, 100000)},
)  # fmt: skip
_ROUNDING = Fraction(1, 20)  # "100 miles" for "160 kilometres": converted amounts are rounded


@dataclass(frozen=True, slots=True)
class Group:
    """What the languages of a row say of one thing.

    `key` is the fact's id, or `<bead>~<n>` where nothing links the mentions. `fact_ids` are those that a reader
    assigned: none where rules or a model linked the mentions, and two or more where versions say different things in
    one place, each a fact of its own.
    """

    key: str
    fact_ids: tuple[str, ...]
    label: str
    said: Mapping[str, tuple[Mention, ...]]

    @property
    def is_entity(self) -> bool:
        return self.label in ENTITY_LABELS

    def quantities(self, lang: str) -> list[Quantity]:
        """The quantities with a value that this language gives."""
        return [
            m.quantity
            for m in self.said.get(lang, ())
            if m.quantity is not None and m.quantity.value is not None
        ]


def is_sure(mention: Mention) -> bool:
    """Did a reader assign its fact? What rules, projections and models link is a guess until it is reviewed."""
    return mention.fact_id is not None and (mention.by == "read" or mention.reviewed)


def amount(quantity: Quantity) -> Amount:
    return quantity.value, quantity.value_high


def same_amount(a: Quantity, b: Quantity) -> bool:
    """Equal after conversion of units: 2 weeks and 14 days; 100 miles and 160 kilometres within a twentieth."""
    for scale in _SCALES:
        if a.unit in scale and b.unit in scale and a.unit != b.unit:
            pairs = [(a.value, b.value), (a.value_high, b.value_high)]
            return all(
                x is y is None
                or (
                    isinstance(x, Fraction)
                    and isinstance(y, Fraction)
                    and abs(x * scale[a.unit] - y * scale[b.unit]) <= _ROUNDING * abs(x * scale[a.unit])
                )
                for x, y in pairs
            )
    return False


def fold(name: str) -> str:
    """Letters and digits alone, without marks and case."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())


def alike(a: str, b: str) -> bool:
    """Is one name the other but for case endings, marks and spacing? Of one script only.

    >>> alike("Nvidia", "NVIDII"), alike("Gdańsk", "Gdansku"), alike("Warsaw", "Warta")
    (True, True, False)
    """
    a, b = fold(a), fold(b)
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared > 0 and (a == b or (shared >= 4 and 10 * shared >= 7 * min(len(a), len(b))))


_SOUNDS = str.maketrans({"c": "k", "q": "k", "g": "k", "x": "k", "z": "s", "j": "s", "p": "b", "v": "b", "f": "b", "d": "t"}
                        | dict.fromkeys("aeiouwyh", ""))  # fmt: skip


def _skeleton(text: str) -> str:
    """The consonants of the romanised text, those that scripts confuse made one, doubled ones single."""
    from anyascii import anyascii

    sounds = fold(anyascii(text)).translate(_SOUNDS)
    return "".join(c for n, c in enumerate(sounds) if sounds[n - 1 : n] != c)


def in_plain_sight(name: str, text: str) -> bool:
    """Does the text hold the name, as it is, with another ending, or in another script? Half of its words suffice.

    >>> in_plain_sight("Justin Lin", "سُئل جاستن لين عن ذلك"), in_plain_sight("Justin Lin", "سُئل عمر حداد عن ذلك")
    (True, False)
    """
    if fold(name) in fold(text):
        return True
    sounds = [_skeleton(word) for word in text.split()]
    wanted = [(fold(word), _skeleton(word)) for word in name.split()]
    seen = 0
    for word, skeleton in wanted:
        near = len(skeleton) >= 2 and any(skeleton in sound for sound in sounds)
        seen += near or any(alike(word, other) for other in text.split())
    return 2 * seen >= len(wanted)


_Test = Callable[[Group, Group], bool]


def _each(test: Callable[[Quantity, Quantity], bool]) -> _Test:
    def over_groups(a: Group, b: Group) -> bool:
        return any(
            test(x.quantity, y.quantity)
            for xs in a.said.values()
            for x in xs
            for ys in b.said.values()
            for y in ys
            if x.quantity is not None and y.quantity is not None
        )

    return over_groups


def _both(kind: bool, test: _Test) -> _Test:
    return lambda a, b: a.is_entity == b.is_entity == kind and test(a, b)


_NUMBER_TESTS: tuple[_Test, ...] = (
    _each(lambda x, y: x == y and x.value is not None),
    _each(lambda x, y: amount(x) == amount(y) and x.value is not None and x.unit == y.unit),
    _each(lambda x, y: amount(x) == amount(y) and x.value is not None),
    _each(same_amount),
    _each(lambda x, y: x.kind == y.kind and x.unit == y.unit),
    _each(lambda x, y: x.kind == y.kind),
)


def groups(article: Article, row: Row) -> list[Group]:
    """Every mention of the row in exactly one group, in order of the first language that has it.

    Groups whose languages are disjoint are taken for one where they can be: a number that one version changes, a
    name that another replaces.
    """
    found: list[Group] = []
    for lang, cell in row.cells.items():
        for mention in cell.mentions:
            fact_id = mention.fact_id
            known = next((n for n, g in enumerate(found) if fact_id is not None and g.key == fact_id), None)
            ids = (fact_id,) if fact_id is not None and is_sure(mention) else ()
            if known is None:
                key = fact_id or f"{row.bead_id}~{len(found) + 1}"
                found.append(Group(key, ids, mention.label, {lang: (mention,)}))
            else:
                old = found[known]
                said = {**old.said, lang: (*old.said.get(lang, ()), mention)}
                found[known] = Group(old.key, old.fact_ids or ids, old.label, said)
    where: dict[str, set[str]] = {}
    for document in article.documents:
        for mention in document.mentions:
            if mention.fact_id is not None and is_sure(mention):
                where.setdefault(mention.fact_id, set()).add(document.lang)

    def apart(a: Group, b: Group) -> bool:
        """Does neither side say the other's name anywhere in its text?"""
        here, there = set(a.said), set(b.said)
        return not any(where[f] & there for f in a.fact_ids) and not any(where[f] & here for f in b.fact_ids)

    def same_name(a: Group, b: Group) -> bool:
        return any(
            alike(x.surface, y.surface)
            for xs in a.said.values()
            for x in xs
            for ys in b.said.values()
            for y in ys
        )

    def unlinked(a: Group, b: Group) -> bool:
        return not (a.fact_ids and b.fact_ids)

    tests = [_both(False, test) for test in _NUMBER_TESTS]
    tests += [
        _both(True, lambda a, b: unlinked(a, b) and same_name(a, b)),
        _both(True, lambda a, b: a.label == b.label and apart(a, b)),
        _both(True, lambda a, b: a.label == b.label),
        _both(True, unlinked),
    ]
    for test in tests:
        found = _merged(found, test)
    return found


def _merged(found: list[Group], test: _Test) -> list[Group]:
    out: list[Group] = []
    for group in found:
        for n, old in enumerate(out):
            if not set(old.said) & set(group.said) and test(old, group):
                out[n] = Group(
                    old.key if old.fact_ids or not group.fact_ids else group.key,
                    old.fact_ids + group.fact_ids,
                    old.label,
                    {**old.said, **group.said},
                )
                break
        else:
            out.append(group)
    return out
