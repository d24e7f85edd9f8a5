"""Words whose translations are known beforehand: countries, languages, months, days and units from CLDR; number words.

`hexapla/lang/<code>/concepts.txt` holds a name per line, `T:PL<tab>Polska`; `build_concepts.py` writes it. Number words are
those of `quantities.toml`. Words are compared by their beginnings, since most languages inflect them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from hexapla import langs
from hexapla.tokens import token_pattern

_STEM = 5
_LONGEST = 6  # tokens of a name


class Concept(NamedTuple):
    """A name after its first word: the stems that follow, what it stands for, whether it has a capital."""

    rest: tuple[str, ...]
    kind: str
    text: str
    capital: bool


@lru_cache(maxsize=1 << 16)
def _stem(token: str) -> str:
    return token[: _STEM + 3].lower()[:_STEM]


@cache
def table(lang: str) -> dict[str, tuple[Concept, ...]]:
    """The concepts of a language by the stem of their first word."""
    found: dict[str, dict[Concept, None]] = {}
    prefixes = ("", *langs.data(lang, "text").get("align", {}).get("clitics", ()))
    names: list[tuple[str, str, str]] = []
    file = resources.files("hexapla") / "lang" / langs.base(lang) / "concepts.txt"
    if file.is_file():
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                key, name = line.split("\t")
                names += [("thing" if key[0] in "LU" else "concept", key, p + name) for p in prefixes]
    for word, value in langs.data(lang, "quantities").get("cardinal", {}).items():
        names.append(("spelt", str(value), word))
    for kind, text, name in names:
        stems = [_stem(t) for t in token_pattern().findall(name) if t[0].isalnum()]
        if 0 < len(stems) <= _LONGEST and (len(stems) > 1 or len(stems[0]) > 2 or kind == "spelt"):
            capital = kind == "concept" and name[0].isupper()
            found.setdefault(stems[0], {})[Concept(tuple(stems[1:]), kind, text, capital)] = None
    return {stem: tuple(concepts) for stem, concepts in found.items()}


def concepts(tokens: Sequence[str], lang: str) -> list[tuple[str, str]]:
    """What the tokens of a sentence name: (kind, text), kind one of `concept`, `thing`, `spelt`."""
    known = table(lang)
    out: list[tuple[str, str]] = []
    if not known:
        return out
    stems = [_stem(token) for token in tokens]
    for at, stem in enumerate(stems):
        if stem in known:
            for concept in known[stem]:
                if concept.capital and tokens[at][0].islower():
                    continue
                if not concept.rest or tuple(stems[at + 1 : at + 1 + len(concept.rest)]) == concept.rest:
                    out.append((concept.kind, concept.text))
        elif stem.isdigit():
            out.append(("spelt", str(int(tokens[at])) if tokens[at].isdecimal() else stem))
    return out
