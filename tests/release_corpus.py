"""A corpus of our own for the tests of release, load, validate and card: two versions of one text, and a text alone."""

from __future__ import annotations

import re

from hexapla.corpus import Article, Bead, Block, Corpus, Document, Fact, Mention, Source, sha256
from hexapla.values import NUMBER_KINDS, Quantity, parse_value

# `[surface|label|fact|value|unit|modifier]` marks a mention; a line is a sentence, an empty line ends a block
FIL = """\
Bagong mga bus para sa [Cebu|LOC|cebu] 🚌

Bumili ang [Lumen Works|ORG|lumen] ng [240|CARDINAL|buses|240] bus.
Higit sa [₱1.5 bilyon|MONEY|price|1500000000|PHP|more_than] ang halaga, ayon kay [Rosa Abad|PER|abad].

Darating ang mga ito sa [Enero 2031|DATE|arrival|2031-01], [10-12 buwan|MEASURE|wait|10..12|month] mula ngayon.
"""
AR = """\
حافلات جديدة لمدينة [سيبو|LOC|cebu]

اشترت شركة [لومن وركس|ORG|lumen] [240|CARDINAL|buses|240] حافلة بسعر [1.4 مليار بيزو|MONEY|price|1400000000|PHP].

ستصل في [يناير 2031|DATE|arrival|2031-01].
والمدينة جاهزة.
"""
PL = """\
[Anna Wilk|PER|wilk] sprzedała [trzy|CARDINAL|boats|3] łodzie w [Gdańsku|LOC|gdansk].
Cena wzrosła o [8,2%|PERCENT|rise|8.2|percent|approx], a [wczoraj|DATE|] znowu spadła.
"""
BEADS = [("b1", [0], [0]), ("b2", [1, 2], [1]), ("b3", [3], [2]), ("b4", [], [3])]
NAMES = {"cebu": "Cebu", "lumen": "Lumen Works", "abad": "Rosa Abad", "wilk": "Anna Wilk", "gdansk": "Gdańsk"}
VALUES = {"price": "ar: 1400000000 PHP; fil: more_than 1500000000 PHP"}


def document(doc_id: str, lang: str, marked: str, **source: str) -> Document:
    """The document of a marked text."""
    text, mentions = "", []
    for plain, mark in re.findall(r"([^\[]*)(?:\[([^\]]*)\])?", marked.strip("\n")):
        text += plain
        if mark:
            surface, label, fact, value, unit, modifier = (*mark.split("|"), "", "", "")[:6]
            quantity = None
            if (kind := label.lower()) in NUMBER_KINDS:
                low, _, high = value.partition("..")
                quantity = Quantity(
                    kind,
                    parse_value(low, kind) if low else None,
                    parse_value(high, kind) if high else None,
                    unit or None,
                    modifier or None,
                )
            start, number = len(text), len(mentions) + 1
            text += surface
            mentions.append(
                Mention(f"m{number}", start, len(text), surface, label, fact or None, quantity, by="read")
            )
    blocks = [(m.start(), m.end()) for m in re.finditer(r"(?:.+\n?)+(?<!\n)", text)]
    kinds = ["title" if n == 0 and len(blocks) > 1 else "paragraph" for n in range(len(blocks))]
    return Document(
        Source(doc_id, f"{doc_id}.txt", lang, sha256(text.encode()), **source),
        text,
        tuple(Block(a, b, kind) for (a, b), kind in zip(blocks, kinds, strict=True)),
        tuple((m.start(), m.end()) for m in re.finditer(".+", text)),
        tuple(mentions),
    )


def facts(*documents: Document) -> dict[str, Fact]:
    """The facts that the documents mention."""
    labels = {m.fact_id: m.label for d in documents for m in d.mentions if m.fact_id}
    return {
        name: Fact(name, label, NAMES.get(name, ""), VALUES.get(name, "")) for name, label in labels.items()
    }


def corpus() -> Corpus:
    """An article in Arabic and Filipino, and one in Polish."""
    fil = document(
        "bus-fil", "fil", FIL, article="bus", publisher="Balita | Ngayon", rights="Balita Ngayon", url="https://example.org/bus",
        role="translation", translation="machine",
    )  # fmt: skip
    ar = document("bus-ar", "ar", AR, article="bus")
    pl = document("boats-pl", "pl", PL, article="boats", topic="transport", licence="CC BY 4.0")
    beads = [
        Bead(
            name,
            {
                lang: tuple(d.sentences[n] for n in numbers)
                for lang, d, numbers in (("ar", ar, right), ("fil", fil, left))
                if numbers
            },
        )
        for name, left, right in BEADS
    ]
    return Corpus(
        (
            Article("boats", (pl,), (), facts(pl), "transport"),
            Article("bus", (ar, fil), tuple(beads), facts(fil, ar)),
        )
    )
