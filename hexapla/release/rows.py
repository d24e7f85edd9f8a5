"""An article as rows of the released tables, and back.

Rows are plain dicts in the form that `hexapla.release.columns` declares: class labels as indices, absent strings as None.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hexapla.corpus import (
    BLOCK_KINDS,
    ENTITY_LABELS,
    LABELS,
    NUMBER_LABELS,
    ROLES,
    TRANSLATIONS,
    Article,
    Bead,
    Block,
    Document,
    Fact,
    Mention,
    Source,
    Span,
)
from hexapla.errors import Fault, InputError
from hexapla.release import columns
from hexapla.tokens import tokens
from hexapla.values import Quantity

Row = dict[str, Any]
Tokens = Mapping[tuple[str, Span], list[Span]]
"""(language, sentence) -> spans of its tokens, counted from the start of the sentence."""

_NONE: Tokens = {}
_PLAIN_SOURCE = ("publisher", "published", "url", "rights", "licence")


def rows(article: Article, langs: Sequence[str], known: Tokens = _NONE) -> Iterator[tuple[str, Row]]:
    """(configuration, row) of everything an article adds to a release; `langs` are all languages of the corpus.

    `known` gives the tokens of sentences whose text is not at hand. `InputError` names every mention that crosses a
    sentence, cuts a token or overlaps another of its layer.
    """
    held, faults = {}, []
    for document in article.documents:
        held[document.lang], found = by_sentence(document, known)
        faults += [dataclasses.replace(f, where=f"{article.article_id}/{f.where}") for f in found]
    faults += [
        dataclasses.replace(f, where=f"{article.article_id}/beads.json ({f.where})")
        for f in bead_faults(article)
    ]
    if faults:
        raise InputError(faults)
    yield from (("articles", row) for row in article_rows(article))
    if len(article.documents) > 1:
        yield from (("beads", row) for row in bead_rows(article, langs))
    for document in article.documents:
        yield from (
            (document.lang, row) for row in sentence_rows(article, document, held[document.lang], known)
        )
    for first, second in columns.pairs_of(article.langs):
        yield from ((f"{first}-{second}", row) for row in pair_rows(article, first, second, held))


# ---- spans ---------------------------------------------------------------------------------------------------------


def _spans(spans: Iterable[Span]) -> list[Row]:
    return [{"start": start, "end": end} for start, end in spans]


def mention_row(mention: Mention, shift: int, labels: tuple[str, ...], quantities: bool) -> Row:
    """A mention as a record of `hexapla.release.columns.mentions`, its offsets moved by `shift`."""
    row: Row = {
        "id": mention.id,
        "start": mention.start + shift,
        "end": mention.end + shift,
        "surface": mention.surface,
        "label": labels.index(mention.label),
        "fact_id": mention.fact_id,
    }
    if quantities:
        said = mention.quantity.to_json() if mention.quantity else {}
        row |= {name: said.get(name) for name in ("value", "value_high", "unit", "modifier")}
    return row | {"ambiguous": mention.ambiguous, "by": mention.by, "reviewed": mention.reviewed}


def _tokens(document: Document, span: Span, known: Tokens) -> list[Span]:
    found = known.get((document.lang, span))
    return tokens(document.text[slice(*span)], document.lang) if found is None else found


def by_sentence(document: Document, known: Tokens = _NONE) -> tuple[dict[Span, list[Mention]], list[Fault]]:
    """Sentence span -> its mentions in order, and a fault for each mention that no sentence holds whole."""
    held: dict[Span, list[Mention]] = {span: [] for span in document.sentences}
    faults, n = [], 0
    for m in sorted(document.mentions, key=lambda m: m.span):
        while n < len(document.sentences) and document.sentences[n][1] <= m.start:
            n += 1
        if (
            n < len(document.sentences)
            and document.sentences[n][0] <= m.start
            and m.end <= document.sentences[n][1]
        ):
            held[document.sentences[n]].append(m)
        else:
            faults.append(_fault(document, m, "mention-outside-sentence", "lies in no one sentence", "inside one sentence"))  # fmt: skip
    for (start, end), inside in held.items():
        spans = _tokens(document, (start, end), known)
        starts, ends = {start + a for a, _ in spans}, {start + b for _, b in spans}
        edge = {True: 0, False: 0}  # where the last number, the last entity ends
        for m in inside:
            if m.start not in starts or m.end not in ends:
                faults.append(_fault(document, m, "mention-splits-token", "begins or ends inside a token", "whole tokens"))  # fmt: skip
            elif m.start < edge[m.is_number]:
                faults.append(_fault(document, m, "mention-overlap", "overlaps the mention before it", "flat spans"))  # fmt: skip
            edge[m.is_number] = max(edge[m.is_number], m.end)
    return held, faults


def bead_faults(article: Article) -> Iterator[Fault]:
    """A bead holds whole sentences, and no sentence is in two beads. `where` is the bead's id."""
    sentences = {d.lang: set(d.sentences) for d in article.documents}
    taken: dict[tuple[str, Span], str] = {}
    for bead in article.beads:
        for lang, spans in bead.spans.items():
            for span in spans:
                place = f"the {lang} span {span[0]}:{span[1]}"
                if span not in sentences.get(lang, ()):
                    yield Fault("bead-not-sentence", bead.bead_id, f"{place} is not a sentence of the document", "sentence spans", "build the corpus again")  # fmt: skip
                elif (lang, span) in taken:
                    yield Fault("bead-overlap", bead.bead_id, f"{place} is also in bead {taken[lang, span]}", "each sentence in at most one bead", "remove it from one")  # fmt: skip
                taken.setdefault((lang, span), bead.bead_id)


def _fault(document: Document, mention: Mention, code: str, found: str, expected: str) -> Fault:
    where = f"{document.doc_id}.json (mention {mention.id})"
    return Fault(code, where, f"{mention.label} {mention.surface!r} at {mention.start}:{mention.end} {found}", expected, "correct the span")  # fmt: skip


def tags(
    spans: Sequence[Span], mentions: Iterable[Mention], labels: tuple[str, ...], shift: int
) -> list[int]:
    """IOB2 tags, as indices into `columns.iob2(labels)`, of tokens whose spans are `shift` before the mentions'."""
    out = [0] * len(spans)
    for m in mentions:
        inside = [n for n, (a, b) in enumerate(spans) if m.start <= a + shift and b + shift <= m.end]
        for n in inside:
            out[n] = 2 * labels.index(m.label) + (1 if n == inside[0] else 2)
    return out


def joined(
    document: Document, spans: Iterable[Span], held: Mapping[Span, list[Mention]]
) -> tuple[str, list[Row]]:
    """The sentences at `spans` joined by a space, and their mentions with offsets into that."""
    parts: list[str] = []
    found: list[Row] = []
    length = 0
    for start, end in spans:
        found += [mention_row(m, length - start, LABELS, True) for m in held.get((start, end), ())]
        parts.append(document.text[start:end])
        length += end - start + 1
    return " ".join(parts), found


# ---- tables --------------------------------------------------------------------------------------------------------


def article_rows(article: Article) -> Iterator[Row]:
    """A row per document."""
    facts = [
        {"fact_id": f.fact_id, "label": LABELS.index(f.label)}
        | {name: getattr(f, name) or None for name in ("name", "value", "entity", "qid", "note")}
        for f in article.facts.values()
    ]
    for d in article.documents:
        title = next((d.text[b.start : b.end] for b in d.blocks if b.kind == "title"), None)
        yield {
            "article_id": article.article_id,
            "topic_id": article.topic_id or None,
            "doc_id": d.doc_id,
            "lang": d.lang,
            "title": title,
            "text": d.text,
            "characters": len(d.text),
            "text_sha256": d.text_sha256,
            **{name: getattr(d.source, name) or None for name in _PLAIN_SOURCE},
            "role": ROLES.index(d.source.role),
            "translation": TRANSLATIONS.index(d.source.translation),
            "source_file": d.source.file,
            "source_sha256": d.source.sha256 or None,
            "blocks": [{"start": b.start, "end": b.end, "kind": BLOCK_KINDS.index(b.kind)} for b in d.blocks],
            "sentences": _spans(d.sentences),
            "mentions": [mention_row(m, 0, LABELS, True) for m in d.mentions],
            "facts": facts,
        }


def bead_rows(article: Article, langs: Sequence[str]) -> Iterator[Row]:
    """A row per bead of an article with several documents."""
    for bead in article.beads:
        row: Row = {"article_id": article.article_id, "bead_id": bead.bead_id}
        for lang in langs:
            spans = bead.spans.get(lang, ())
            text = " ".join(article.document(lang).text[a:b] for a, b in spans) if spans else None
            row |= {lang: text, f"{lang}_spans": _spans(spans)}
        yield row


def sentence_rows(
    article: Article, document: Document, held: Mapping[Span, list[Mention]], known: Tokens
) -> Iterator[Row]:
    """A row per sentence; offsets of tokens and mentions count from the start of the sentence."""
    beads = {span: bead.bead_id for bead in article.beads for span in bead.spans.get(document.lang, ())}
    for number, (start, end) in enumerate(document.sentences):
        text = document.text[start:end]
        spans = _tokens(document, (start, end), known)
        entities = [m for m in held[start, end] if not m.is_number]
        quantities = [m for m in held[start, end] if m.is_number]
        yield {
            "article_id": article.article_id,
            "doc_id": document.doc_id,
            "sentence": number,
            "start": start,
            "end": end,
            "bead_id": beads.get((start, end)) if len(article.documents) > 1 else None,
            "text": text,
            "tokens": [text[a:b] for a, b in spans],
            "token_spans": _spans(spans),
            "entity_tags": tags(spans, entities, ENTITY_LABELS, start),
            "number_tags": tags(spans, quantities, NUMBER_LABELS, start),
            "entities": [mention_row(m, -start, ENTITY_LABELS, False) for m in entities],
            "quantities": [mention_row(m, -start, NUMBER_LABELS, True) for m in quantities],
        }


def pair_rows(
    article: Article, first: str, second: str, held: Mapping[str, Mapping[Span, list[Mention]]]
) -> Iterator[Row]:
    """A row per bead that has sentences in both languages."""
    for bead in article.beads:
        if first not in bead.spans or second not in bead.spans:
            continue
        sides = {c: joined(article.document(c), bead.spans[c], held[c]) for c in (first, second)}
        facts = [{m["fact_id"] for m in found} for _, found in sides.values()]
        yield {
            "article_id": article.article_id,
            "bead_id": bead.bead_id,
            **{code: text for code, (text, _) in sides.items()},
            **{f"{code}_mentions": found for code, (_, found) in sides.items()},
            "shared_facts": sorted((facts[0] & facts[1]) - {None}),
        }


# ---- back ----------------------------------------------------------------------------------------------------------


def article_of(documents: Sequence[Row], beads: Sequence[Row]) -> Article:
    """The article of its rows in `articles` and `beads`; `ValueError`, `TypeError`, … where they make none."""
    head = documents[0]
    codes = sorted(row["lang"] for row in documents)
    facts = {
        f["fact_id"]: Fact(
            f["fact_id"], _name(LABELS, f["label"]), *(f[name] or "" for name in ("name", "value", "entity", "qid", "note"))
        )
        for f in head["facts"]
    }  # fmt: skip
    return Article(
        head["article_id"],
        tuple(document_of(row) for row in sorted(documents, key=lambda row: row["lang"])),
        tuple(
            Bead(b["bead_id"], {c: _pairs(b[f"{c}_spans"]) for c in codes if b[f"{c}_spans"]}) for b in beads
        ),
        facts,
        head["topic_id"] or "",
    )


def document_of(row: Row) -> Document:
    """The document of its row in `articles`."""
    source = Source(
        row["doc_id"],
        row["source_file"],
        row["lang"],
        row["source_sha256"] or "",
        row["article_id"],
        row["topic_id"] or "",
        role=_name(ROLES, row["role"]),
        translation=_name(TRANSLATIONS, row["translation"]),
        **{name: row[name] or "" for name in _PLAIN_SOURCE},
    )
    blocks = tuple(Block(b["start"], b["end"], _name(BLOCK_KINDS, b["kind"])) for b in row["blocks"])
    found = tuple(mention_of(m) for m in row["mentions"])
    return Document(source, row["text"], blocks, _pairs(row["sentences"]), found)


def mention_of(row: Row) -> Mention:
    """The mention of its record in `articles`."""
    label = _name(LABELS, row["label"])
    quantity = Quantity.from_json(row, label) if label in NUMBER_LABELS else None
    return Mention(
        row["id"], row["start"], row["end"], row["surface"], label, row["fact_id"], quantity,
        row["ambiguous"], row["by"], row["reviewed"],
    )  # fmt: skip


def _pairs(spans: Iterable[Row]) -> tuple[Span, ...]:
    return tuple((span["start"], span["end"]) for span in spans)


def _name(names: tuple[str, ...], index: int) -> str:
    if not 0 <= index < len(names):
        raise ValueError(f"class label {index} is not in 0..{len(names) - 1}")
    return names[index]
