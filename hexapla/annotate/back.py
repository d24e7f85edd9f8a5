"""Annotations back into the corpus."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hexapla.annotate.align import apply_reviews
from hexapla.annotate.check import Answer, sift
from hexapla.annotate.names import key
from hexapla.annotate.reading import Region
from hexapla.corpus import Article, Corpus, Document, Fact, Mention
from hexapla.errors import InputError

Node = tuple[Any, ...]
"""In the links: `("fact", id)`, or `("mention", doc_id, start, end)` for one without a fact id."""


def from_tasks(export: Any, corpus: Corpus, drafts: bool = False) -> Corpus:
    """The corpus with what an export says of it; what no finished task covers stays as it was.

    Inside a finished task the annotation is the whole truth: mentions that it does not hold are gone. A mention left as
    proposed keeps its `by`; one made or changed in span, label or value is `by: read`; all are `reviewed`, for somebody
    saw them and submitted. Facts are joined by equal ids and by relations, over all tasks of an article.
    drafts: take the last draft of a task without annotation. `InputError` names every fault of every task, and texts
    that are not those that were pushed; offsets are never moved.
    """
    sifted = sift(export, corpus, drafts=drafts)
    if sifted.faults:
        raise InputError(sifted.faults)
    return apply(sifted.answers, corpus)


def apply(answers: Iterable[Answer], corpus: Corpus) -> Corpus:
    """The corpus with sound answers taken over."""
    by_article: dict[str, list[Answer]] = {}
    for answer in answers:
        by_article.setdefault(answer.data.article_id, []).append(answer)
    articles = []
    for article in corpus.articles:
        mine = by_article.get(article.article_id, [])
        if reviews := [(a.data, a.reading) for a in mine if a.data.task == "align"]:
            article = apply_reviews(article, reviews)
        if marked := [a for a in mine if a.data.task != "align"]:
            article = _annotated(article, marked)
        articles.append(article)
    return Corpus(tuple(articles))


def _annotated(article: Article, answers: Sequence[Answer]) -> Article:
    fact_of, merged = joined_facts(article, answers)
    documents = []
    for document in article.documents:
        spans = [p.span for a in answers for p in a.data.panes if p.doc_id == document.doc_id]
        kept = [
            m for m in document.mentions if not any(s <= m.start and m.end <= e for s, e in spans)
        ]  # one that passes the end of a passage was not shown in it
        regions = {
            (r.start, r.end, r.label): r
            for a in answers
            for r in a.reading.regions
            if r.lang == document.lang
        }  # a pivot's are the same in every task
        mentions = kept + _mentions(document, kept, list(regions.values()))
        placed = [
            dataclasses.replace(m, fact_id=fact_of.get(_node(document, m), m.fact_id))
            for m in mentions
        ]  # fmt: skip
        documents.append(
            dataclasses.replace(
                document, mentions=tuple(sorted(placed, key=lambda m: (m.start, m.end, m.id)))
            )
        )
    return dataclasses.replace(
        article, documents=tuple(documents), facts=_kept_facts(article, documents, merged)
    )


# ---- mentions ------------------------------------------------------------------------------------------------------


def _mentions(document: Document, kept: Sequence[Mention], regions: Sequence[Region]) -> list[Mention]:
    """Mentions of the regions. One that the document has already is that one; a changed one keeps its id; a new one
    takes the next number."""
    same = {_said(m): m for m in document.mentions}
    by_id = {m.id: m for m in document.mentions}
    out: list[Mention] = []
    used = {m.id for m in kept}
    rest: list[Region] = []
    for r in sorted(regions, key=lambda r: (r.start, r.end)):
        old = same.get((r.start, r.end, r.label, r.quantity, r.ambiguous))
        if old is None or old.id in used:
            rest.append(r)
            continue
        used.add(old.id)
        out.append(dataclasses.replace(old, fact_id=r.fact_id, reviewed=True))
    numbers = [match[1] for name in by_id if (match := re.fullmatch(r"m(\d{1,9})", name))]
    number, width = max(map(int, numbers), default=0), max(map(len, numbers), default=3)
    for r in rest:
        name = r.id.removeprefix(f"{key(document.lang)}-")
        if name == r.id or name not in by_id or name in used:
            number += 1
            name = f"m{number:0{width}d}"
        used.add(name)
        surface = document.text[r.start : r.end]
        out.append(
            Mention(name, r.start, r.end, surface, r.label, r.fact_id, r.quantity, r.ambiguous, "read", True)
        )
    return out


def _said(m: Mention) -> tuple[Any, ...]:
    return m.start, m.end, m.label, m.quantity, m.ambiguous


# ---- facts ---------------------------------------------------------------------------------------------------------


def _node(document: Document, m: Mention) -> Node:
    return ("fact", m.fact_id) if m.fact_id is not None else ("mention", document.doc_id, m.start, m.end)


def joined_facts(article: Article, answers: Sequence[Answer]) -> tuple[dict[Node, str], dict[str, str]]:
    """Fact ids of mentions that relations join: (node -> fact id, id that is given up -> id that stays).

    Of joined ids the one stays that comes first in the article's facts, else in the alphabet. Mentions joined without
    any id get a new one.
    """
    parent: dict[Node, Node] = {}

    def find(node: Node) -> Node:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for answer in answers:
        nodes: dict[str, Node] = {}
        for r in answer.reading.regions:
            doc_id = article.document(r.lang).doc_id
            nodes[r.id] = (
                ("fact", r.fact_id) if r.fact_id is not None else ("mention", doc_id, r.start, r.end)
            )
        for a, b in answer.reading.links:
            parent[find(nodes[a])] = find(nodes[b])
    members: dict[Node, list[Node]] = {}
    for node in sorted(parent):
        members.setdefault(find(node), []).append(node)
    order = {fact_id: n for n, fact_id in enumerate(article.facts)}
    typed = {r.fact_id for a in answers for r in a.reading.regions}
    fact_of: dict[Node, str] = {}
    merged: dict[str, str] = {}
    number = 0
    for group in members.values():
        ids = sorted((n[1] for n in group if n[0] == "fact"), key=lambda i: (order.get(i, len(order)), i))
        if not ids:
            number += 1
            while f"f{number:03d}" in order or f"f{number:03d}" in typed:
                number += 1
            ids = [f"f{number:03d}"]
        fact_of |= dict.fromkeys(group, ids[0])
        merged |= dict.fromkeys(ids[1:], ids[0])
    return fact_of, merged


def _kept_facts(
    article: Article, documents: Iterable[Document], merged: Mapping[str, str]
) -> dict[str, Fact]:
    """The facts that still have mentions (or never had), in their order, then the new ones in order of their mentions.

    A fact that took in another fills its empty fields from it. Label and value follow the mentions where these changed.
    """
    now = _by_fact(documents)
    before = _by_fact(article.documents)
    facts: dict[str, Fact] = {}
    for fact_id, fact in article.facts.items():
        if fact_id in now or fact_id not in before:
            for gone in (
                article.facts[i] for i, stays in merged.items() if stays == fact_id and i in article.facts
            ):
                fields = ("name", "value", "entity", "qid", "note")
                fact = dataclasses.replace(fact, **{f: getattr(fact, f) or getattr(gone, f) for f in fields})
            facts[fact_id] = _follow(fact, before.get(fact_id, []), now.get(fact_id, []))
    for fact_id, said in now.items():
        if fact_id not in facts:
            first = said[0][1]
            new = Fact(fact_id, first.label, name="" if first.is_number else first.surface)
            facts[fact_id] = _follow(new, [], said)
    return facts


def _by_fact(documents: Iterable[Document]) -> dict[str, list[tuple[str, Mention]]]:
    out: dict[str, list[tuple[str, Mention]]] = {}
    for d in documents:
        for m in d.mentions:
            if m.fact_id is not None:
                out.setdefault(m.fact_id, []).append((d.lang, m))
    return out


def _follow(fact: Fact, before: Sequence[tuple[str, Mention]], now: Sequence[tuple[str, Mention]]) -> Fact:
    if now and fact.label not in {m.label for _, m in now}:
        fact = dataclasses.replace(fact, label=now[0][1].label)
    if fact.is_number and {(lang, m.quantity) for lang, m in before} != {
        (lang, m.quantity) for lang, m in now
    }:
        from hexapla.preannotate import said_value

        said: dict[str, list[str]] = {}
        for lang, m in now:
            langs = said.setdefault(said_value(m), [])
            if lang not in langs:
                langs.append(lang)
        value = (
            next(iter(said)) if len(said) == 1 else "; ".join(f"{', '.join(v)}: {k}" for k, v in said.items())
        )
        fact = dataclasses.replace(fact, value=value)
    return fact
