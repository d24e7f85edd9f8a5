"""What the rules propose for an article without gold: numbers, names, and links between versions (`by: rule`).

Facts are linked where versions say the same thing in one bead; where each version has one number of a kind left over in
a bead, they are taken for one statement that differs. A start for annotators, not a reference.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator

from hexapla.corpus import Article, Document, Fact, Mention
from hexapla.counterparts import alike, groups
from hexapla.layout import rows
from hexapla.names import propose
from hexapla.quantities import extract


def preannotate(article: Article) -> Article:
    """The article with proposed mentions and facts; what it held of them before is replaced."""
    documents = tuple(
        dataclasses.replace(d, mentions=tuple(_numbered(mentions(d)))) for d in article.documents
    )
    return link(dataclasses.replace(article, documents=documents, facts={}))


def mentions(document: Document) -> list[Mention]:
    """Numbers and names proposed for one document, sorted, not overlapping."""
    found = []
    for start, end in document.sentences:
        for q in extract(document.text[start:end], document.lang):
            span = (start + q.start, start + q.end)
            found.append(
                Mention(
                    "?", *span, document.text[slice(*span)], q.kind.upper(), None, q.quantity, q.ambiguous
                )
            )
    names = propose(document, [m.span for m in found])
    return sorted(
        [*found, *(Mention("?", s, e, document.text[s:e], label) for s, e, label in names)],
        key=lambda m: m.span,
    )


def _numbered(found: Iterable[Mention]) -> Iterator[Mention]:
    for number, mention in enumerate(found, 1):
        yield dataclasses.replace(mention, id=f"m{number:03d}")


def link(article: Article) -> Article:
    """Facts from what the versions say in the same bead, and names that one version repeats."""
    place = {(d.lang, m.id): (d.lang, m) for d in article.documents for m in d.mentions}
    parent = {key: key for key in place}

    def find(key: tuple[str, str]) -> tuple[str, str]:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for row in rows(article):
        for group in groups(article, row):
            keys = [(lang, m.id) for lang, said in group.said.items() for m in said]
            # names are linked across versions only where they are spelled alike or stand alone: guesses fuse facts
            for key in keys[1:]:
                if not group.is_entity or _sure(place[keys[0]][1], place[key][1]):
                    parent[find(key)] = find(keys[0])
    for document in article.documents:
        names: dict[str, tuple[str, str]] = {}
        for m in document.mentions:
            if m.is_number:
                continue
            same = next(
                (k for name, k in names.items() if place[k][1].label == m.label and alike(name, m.surface)),
                None,
            )
            if same is None:
                names[m.surface] = (document.lang, m.id)
            else:
                parent[find((document.lang, m.id))] = find(same)
    members: dict[tuple[str, str], list[tuple[str, Mention]]] = defaultdict(list)
    for key, value in place.items():
        members[find(key)].append(value)
    facts: dict[str, Fact] = {}
    fact_of: dict[tuple[str, str], str] = {}
    for number, said in enumerate(members.values(), 1):
        fact_id = f"f{number:03d}"
        facts[fact_id] = _fact(fact_id, said)
        fact_of |= {(lang, m.id): fact_id for lang, m in said}
    documents = tuple(
        dataclasses.replace(
            d, mentions=tuple(dataclasses.replace(m, fact_id=fact_of[d.lang, m.id]) for m in d.mentions)
        )
        for d in article.documents
    )
    return dataclasses.replace(article, documents=documents, facts=facts)


def _sure(a: Mention, b: Mention) -> bool:
    from anyascii import anyascii

    return a.label == b.label and alike(anyascii(a.surface), anyascii(b.surface))


def _fact(fact_id: str, said: list[tuple[str, Mention]]) -> Fact:
    first = said[0][1]
    if not first.is_number:
        return Fact(fact_id, first.label, name=first.surface)
    by_value: dict[str, list[str]] = defaultdict(list)
    for lang, m in said:
        text = said_value(m)
        if lang not in by_value[text]:
            by_value[text].append(lang)
    if len(by_value) == 1:
        return Fact(fact_id, first.label, value=next(iter(by_value)))
    return Fact(
        fact_id, first.label, value="; ".join(f"{', '.join(ls)}: {text}" for text, ls in by_value.items())
    )


def said_value(mention: Mention) -> str:
    """A number mention in the plain form of `facts.json`: `more_than 57000000000 USD`."""
    assert mention.quantity is not None
    fields = mention.quantity.to_json()
    value = "-".join(fields[k] for k in ("value", "value_high") if k in fields)
    return " ".join(t for t in (fields.get("modifier"), value or mention.surface, fields.get("unit")) if t)
