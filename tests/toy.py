"""Small corpora for tests, written as marked-up sentences."""

from __future__ import annotations

import re

from hexapla.corpus import ENTITY_LABELS, Article, Block, Corpus, Document, Fact, Mention, Source, sha256
from hexapla.values import Quantity, parse_value

_MARK = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")


def document(doc_id: str, lang: str, marked: str, article: str = "a1") -> Document:
    """From text with mentions marked as `[surface|LABEL fact key=value …]`; every line is a sentence and a block.

    >>> document("d", "en", "[Ann|PER f1] paid [$5|MONEY f2 value=5 unit=USD].").mentions[1].span
    (9, 11)
    """
    text, mentions, at = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[at : found.start()]
        at = found.end()
        label, fact, *rest = found[2].split()
        fields = dict(pair.split("=", 1) for pair in rest)
        kind = label.lower()
        quantity = None
        if label not in ENTITY_LABELS:
            low, high = (
                parse_value(fields[k], kind) if k in fields else None for k in ("value", "value_high")
            )
            quantity = Quantity(kind, low, high, fields.get("unit"), fields.get("modifier"))
        start, text = len(text), text + found[1]
        mentions.append(
            Mention(f"m{len(mentions) + 1}", start, len(text), found[1], label, None if fact == "-" else fact, quantity, False, "read", True)
        )  # fmt: skip
    text += marked[at:]
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            lines.append((start, start + len(line.rstrip("\n"))))
        start += len(line)
    source = Source(doc_id, f"{doc_id}.txt", lang, sha256(text), article)
    return Document(source, text, tuple(Block(a, b) for a, b in lines), tuple(lines), tuple(mentions))


def article(article_id: str, texts: dict[str, str]) -> Article:
    """Documents `<article>-<lang>` from marked-up texts."""
    documents = tuple(
        document(f"{article_id}-{lang}", lang, text, article_id) for lang, text in sorted(texts.items())
    )
    facts = {
        m.fact_id: Fact(m.fact_id, m.label) for d in documents for m in d.mentions if m.fact_id is not None
    }
    return Article(article_id, documents, (), facts)


def corpus() -> Corpus:
    """Two articles: one in English, Filipino and Arabic, one in English and Polish."""
    return Corpus(
        (
            article(
                "harbour",
                {
                    "en": "[Mara Diaz|PER f1] runs the port of [Cebu|LOC f2].\nIt cost over [$2 million|MONEY f3 value=2000000 unit=USD modifier=more_than], up [4 percent|PERCENT f4 value=4 unit=percent].",
                    "fil": "Pinamumunuan ni [Mara Diaz|PER f1] ang daungan ng [Cebu|LOC f2].\nHigit [$2 milyon|MONEY f3 value=2000000 unit=USD modifier=more_than] ang halaga, tumaas ng [4 porsiyento|PERCENT f4 value=4 unit=percent].",
                    "ar": "تدير [مارا دياز|PER f1] ميناء [سيبو|LOC f2].\nكلّف [مليوني دولار|MONEY f3 value=2000000 unit=USD] بزيادة [4%|PERCENT f4 value=4 unit=percent].",
                },
            ),
            article(
                "ferry",
                {
                    "en": "[Orbis Lines|ORG g1] bought [three|CARDINAL g2 value=3] ferries on [5 May 2024|DATE g3 value=2024-05-05].\nThey sail to [Gdynia|LOC g4] since [last week|DATE -].",
                    "pl": "[Orbis Lines|ORG g1] kupiła [trzy|CARDINAL g2 value=3] promy [5 maja 2024|DATE g3 value=2024-05-05].\nPływają do [Gdyni|LOC g4].",
                },
            ),
        )[::-1]
    )
