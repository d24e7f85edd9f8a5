"""The fidelity report: every number or name that one version of an article has and another lacks or changes.

It speaks of differences between versions. Which version is right cannot be told from them, unless the source is
among them (`role = "source"`): then the others are measured against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hexapla.corpus import Article, Corpus, Mention, Span
from hexapla.counterparts import Group, amount, fold, groups, in_plain_sight, is_sure, same_amount
from hexapla.layout import LABEL_NAMES, Row, language_name, quoted, reading_order, rows
from hexapla.values import Quantity

KINDS = {
    "value": "another number",
    "unit": "another unit",
    "name": "another name",
    "missing": "not in every version",
    "added": "not in the source",
    "bead-missing": "sentence without counterpart",
    "modifier": "more or less exact",
    "precision": "date more or less exact",
    "elsewhere": "in another sentence",
}
"""Kind -> what it means, gravest first.

value: numbers differ · unit: units differ · name: one place, different names · missing: some versions do not say it ·
added: versions say what the source does not · bead-missing: a version has no counterpart of a sentence · modifier:
"about", "more than" differ · precision: one date is part of the other · elsewhere: a version says it, in another
sentence.
"""

SYMBOLS = {
    "value": "≠", "unit": "≠", "name": "≠", "missing": "∅", "added": "+", "bead-missing": "∅", "modifier": "≈",
    "precision": "≈", "elsewhere": "↷",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """What one language says there.

    `value` is the quantity, or the name of the fact where versions name different things. `marks` are the places of
    `says` in `sentence` (code points, half-open). `sentence` is empty where the version has no counterpart, or no part
    in the difference. `elsewhere` names the beads in which it says the thing instead; where `says` is not empty then,
    it and the sentence are from the first of them.
    """

    lang: str
    sentence: str
    says: str = ""
    value: str = ""
    marks: tuple[Span, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between the versions of an article. `source` is the language of the source, "" if not present.

    `fact_ids` is empty where no reader linked the mentions (`key` then tells them apart: a proposed fact, or
    `<bead>~<n>`), and has several members where one place names several facts. Of a sentence without counterpart, `label` is empty and `name` lists the names and numbers that the other
    versions do not have anywhere.
    """

    kind: str
    article_id: str
    bead_id: str
    key: str
    fact_ids: tuple[str, ...]
    label: str
    name: str
    versions: tuple[Version, ...]
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r} is not one of {', '.join(KINDS)}")

    def version(self, lang: str) -> Version:
        """What `lang` says; `KeyError` if the article has no such version."""
        for version in self.versions:
            if version.lang == lang:
                return version
        raise KeyError(lang)

    @property
    def without(self) -> tuple[str, ...]:
        """The languages that do not say it here."""
        if self.kind == "bead-missing":
            return tuple(v.lang for v in self.versions if not v.sentence)
        return tuple(v.lang for v in self.versions if v.sentence and not v.says)

    def statements(self) -> list[tuple[str, tuple[str, ...]]]:
        """(what is said, the languages that say it), in order of the versions."""
        table: dict[str, list[str]] = {}
        for version in self.versions:
            if version.says:
                table.setdefault(version.value or version.says, []).append(version.lang)
        return [(said, tuple(codes)) for said, codes in table.items()]

    def to_json(self) -> dict[str, Any]:
        """A plain record; empty fields are left out."""
        record: dict[str, Any] = {
            "kind": self.kind, "article_id": self.article_id, "bead_id": self.bead_id, "key": self.key, "fact_ids": list(self.fact_ids),
            "label": self.label, "name": self.name, "source": self.source, "says": describe(self, str),
            "versions": [
                {
                    name: value
                    for name, value in (
                        ("lang", v.lang), ("sentence", v.sentence), ("says", v.says), ("value", v.value),
                        ("marks", [list(m) for m in v.marks]), ("elsewhere", list(v.elsewhere)),
                    )
                    if value
                }
                for v in self.versions
            ],
        }  # fmt: skip
        return {name: value for name, value in record.items() if value}


# ---- finding them --------------------------------------------------------------------------------------------------


class _Article:
    """What the comparison of rows needs to know of the whole article."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.rows = rows(article)
        order = reading_order(article)
        self.langs = tuple(d.lang for d in order)
        self.source = next((d.lang for d in order if d.source.role == "source"), "")
        # fact -> language -> the rows that say it
        self.said: dict[str, dict[str, list[tuple[Row, Mention]]]] = {}
        for row in self.rows:
            for lang, cell in row.cells.items():
                for mention in cell.mentions:
                    if mention.fact_id is not None and is_sure(mention):
                        self.said.setdefault(mention.fact_id, {}).setdefault(lang, []).append((row, mention))
        # What a language has nothing of in its whole text, it was not annotated for.
        self.has = {
            (d.lang, "number" if m.is_number else m.label) for d in article.documents for m in d.mentions
        }

    def elsewhere(self, group: Group, row: Row, lang: str) -> list[tuple[Row, Mention]]:
        return [
            (r, m)
            for fact_id in group.fact_ids
            for r, m in self.said.get(fact_id, {}).get(lang, ())
            if r.bead_id != row.bead_id
        ]


def differences(article: Article) -> Iterator[Difference]:
    """The differences of one article, in reading order; none if it has a single version.

    Mentions that a reader linked are compared fact by fact. Others are compared inside their bead: numbers by value,
    names by presence, and only where the other sentence does not hold the name or the digits in plain sight.
    """
    if len(article.documents) < 2:
        return
    about = _Article(article)
    for row in about.rows:
        if len(row.cells) < len(article.langs):
            yield _bead_missing(about, row)
        if len(row.cells) > 1:
            for group in groups(article, row):
                yield from _of_group(about, row, group)


def corpus_differences(corpus: Corpus) -> list[Difference]:
    """Those of all articles, in order of the articles."""
    return [d for article in corpus.articles for d in differences(article)]


def summary(found: Iterable[Difference]) -> dict[str, int]:
    """Kind -> count, every kind that occurs, gravest first."""
    counts = Counter(d.kind for d in found)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def to_json(found: Iterable[Difference]) -> dict[str, Any]:
    """`{"summary": {kind: count}, "differences": [record, …]}`."""
    found = list(found)
    return {"summary": summary(found), "differences": [d.to_json() for d in found]}


def _bead_missing(about: _Article, row: Row) -> Difference:
    absent = [lang for lang in about.langs if lang not in row.cells]
    lost: dict[str, str] = {}
    for cell in row.cells.values():
        for m in cell.mentions:
            said = about.said.get(m.fact_id or "", {})
            if any(lang not in said for lang in absent):
                lost.setdefault(m.fact_id or fold(m.surface), m.surface)
    versions = tuple(Version(lang, row.cells[lang].text if lang in row.cells else "") for lang in about.langs)
    return Difference(
        "bead-missing", about.article.article_id, row.bead_id, "", (), "", ", ".join(lost.values()), versions, about.source
    )  # fmt: skip


def _of_group(about: _Article, row: Row, group: Group) -> Iterator[Difference]:
    lacking = [lang for lang in row.cells if lang not in group.said]
    borrowed = {} if group.is_entity else _borrowed(about, row, group, lacking)
    away = [lang for lang in lacking if about.elsewhere(group, row, lang)]
    gone = [lang for lang in lacking if lang not in away]
    if not group.fact_ids:
        gone = [lang for lang in gone if _really_lacks(about, row, group, lang)]
    kind = None if group.is_entity else _quantity_kind(group, borrowed)
    if group.is_entity and len(set(group.fact_ids)) > 1:
        kind = "name"
    if kind in ("value", "name"):  # shows by itself who says nothing
        yield _difference(about, row, group, kind, gone, borrowed)
    else:
        if kind is not None:
            yield _difference(about, row, group, kind, (), borrowed)
        if gone:
            added = about.source in gone
            yield _difference(about, row, group, "added" if added else "missing", gone)
    if quiet := [lang for lang in away if kind is None or lang not in borrowed]:
        yield _difference(about, row, group, "elsewhere", quiet)


def _borrowed(
    about: _Article, row: Row, group: Group, lacking: list[str]
) -> dict[str, list[tuple[Row, Mention]]]:
    """A linked number that a language says in another row than the others, and never beside them: compared once,
    where the number first stands."""
    if not group.fact_ids or row is not next(r for r in about.rows if _says(r, group)):
        return {}
    return {
        lang: away
        for lang in lacking
        if (away := about.elsewhere(group, row, lang))
        and not any(_says(r, group, lang) and any(_says(r, group, x) for x in group.said) for r in about.rows)
    }


def _says(row: Row, group: Group, lang: str | None = None) -> bool:
    cells = row.cells.values() if lang is None else [row.cells[lang]] if lang in row.cells else []
    return any(m.fact_id in group.fact_ids for cell in cells for m in cell.mentions)


def _really_lacks(about: _Article, row: Row, group: Group, lang: str) -> bool:
    """Without links: was the language annotated at all, and does its sentence not hold the thing unmarked?"""
    mentions = [m for ms in group.said.values() for m in ms]
    kind = group.label if group.is_entity else "number"
    if (lang, kind) not in about.has or all(m.ambiguous for m in mentions):
        return False
    text = row.cells[lang].text
    for mention in mentions:
        digits = _digits(mention.surface)
        if digits and digits <= _digits(text):
            return False
        if group.is_entity and in_plain_sight(mention.surface, text):
            return False
    return True


def _digits(text: str) -> set[str]:
    """The runs of digits, in ASCII, separators inside numbers left out."""
    plain = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,٫٬\u202f\xa0](?=\d)", "", plain)))


def _quantity_kind(group: Group, borrowed: Mapping[str, list[tuple[Row, Mention]]]) -> str | None:
    """How the quantities of the languages differ: `value`, `precision`, `unit`, `modifier`, or not at all.

    A language that says the number twice agrees with another if one of the two does.
    """
    given = {lang: group.quantities(lang) for lang in group.said}
    for lang, away in borrowed.items():
        given[lang] = [m.quantity for _, m in away if m.quantity is not None and m.quantity.value is not None]
    given = {lang: found for lang, found in given.items() if found}
    if len(given) < 2:
        return None
    amounts = _shared([{amount(q) for q in found} for found in given.values()])
    if not amounts:
        everything = [q for found in given.values() for q in found]
        if all(_compatible(a, b) for a in everything for b in everything):
            return "precision"
        converted = all(
            any((amount(a) == amount(b) and a.unit == b.unit) or same_amount(a, b) for a in x for b in y)
            for x in given.values()
            for y in given.values()
        )
        return "unit" if converted else "value"
    chosen = [[q for q in found if amount(q) in amounts] for found in given.values()]
    # without a reader, a unit that is not there may only not have been found
    units = [{q.unit for q in found if q.unit or group.fact_ids} for found in chosen]
    if not _shared([found for found in units if found] or [{None}]):
        return "unit"
    if not _shared([{q.modifier for q in found} for found in chosen]):
        return "modifier"
    return None


def _shared(sets: list[set[Any]]) -> set[Any]:
    return set.intersection(*sets)


def _compatible(a: Quantity, b: Quantity) -> bool:
    """May both dates be one, one told more exactly? `2026-01` and `2026-01-16`, `XXXX-01` and `2026-01`."""
    x, y = a.value, b.value
    if not isinstance(x, str) or not isinstance(y, str) or a.value_high != b.value_high:
        return False
    short, long = sorted((x, y), key=len)
    return all(s in (c, "X") or c == "X" for s, c in zip(short, long, strict=False)) and (
        len(short) == len(long) or long[len(short)] in "-T"
    )


def _difference(
    about: _Article,
    row: Row,
    group: Group,
    kind: str,
    silent: Iterable[str],
    borrowed: Mapping[str, list[tuple[Row, Mention]]] = MappingProxyType({}),
) -> Difference:
    """`silent`: the languages whose saying nothing is part of this difference; others that say nothing stay out."""
    versions = []
    for lang in about.langs:
        cell, said = row.cells.get(lang), group.said.get(lang, ())
        away = [] if said else about.elsewhere(group, row, lang)
        if lang in borrowed:
            other, mention = borrowed[lang][0]
            cell, said = other.cells[lang], (mention,)
        elif not said and lang not in silent:
            cell, away = None, []
        if kind == "name":
            values = [about.article.facts[m.fact_id].name for m in said if m.fact_id is not None]
        else:
            values = [str(m.quantity) for m in said if m.quantity and m.quantity.value is not None]
        versions.append(
            Version(
                lang,
                cell.text if cell else "",
                " / ".join(dict.fromkeys(m.surface for m in said)),
                " / ".join(dict.fromkeys(values)),
                tuple(cell.place(m) for m in said) if cell else (),
                tuple(dict.fromkeys(r.bead_id for r, _ in away)),
            )
        )
    facts = [about.article.facts[f] for f in dict.fromkeys(group.fact_ids)]
    names = [f.name or f.entity for f in facts if f.name or f.entity]
    return Difference(
        kind, about.article.article_id, row.bead_id, group.key, tuple(f.fact_id for f in facts), group.label,
        " / ".join(names) or next(iter(group.said.values()))[0].surface, tuple(versions), about.source,
    )  # fmt: skip


# ---- saying them ---------------------------------------------------------------------------------------------------


def _names(codes: Iterable[str]) -> str:
    return ", ".join(language_name(code)[0] for code in codes)


def describe(difference: Difference, quote: Callable[[str], str] = quoted) -> str:
    """One line in plain words, without the article and the bead. `quote` guards what is an article's own text."""
    d, source = difference, difference.source
    have = [v.lang for v in d.versions if v.sentence]
    who = _names(v.lang for v in d.versions if v.says)
    origin = f"the source ({_names([source])})"
    if d.kind == "bead-missing":
        lost = f"; it holds {quote(d.name)}" if d.name else ""
        if source and source not in have:
            return f"this sentence of {_names(have)} is not in {origin}{lost}"
        return f"no counterpart in {_names(d.without)}{lost}"
    label = LABEL_NAMES[d.label]
    if d.kind in ("missing", "added", "elsewhere"):
        what = f"{quote(d.name)} ({label})"
        if d.kind == "added":
            return f"{what}: in {who}, not in {origin}"
        if d.kind == "missing":
            return f"{what}: in {origin if source and d.version(source).says else who}, not in {_names(d.without)}"
        places = []
        for version in d.versions:
            if version.lang in d.without:
                more = ", …" if len(version.elsewhere) > 3 else ""
                places.append(f"{_names([version.lang])} in {', '.join(version.elsewhere[:3])}{more}")
        return f"{what}: here in {who}, elsewhere in {'; '.join(places)}"
    said = "; ".join(f"{_names(codes)}: {quote(text)}" for text, codes in d.statements())
    nothing = f"; nothing in {_names(d.without)}" if d.without else ""
    against = f" from {origin}" if source and d.version(source).says else ""
    return f"{label} differs{against}: {said}{nothing}"
