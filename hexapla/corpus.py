"""The types that every stage takes and gives: frozen, checked on construction.

A `Corpus` holds `Article`s; an article holds one `Document` per language, the `Bead`s that align their sentences and
the `Fact`s that link their `Mention`s. Offsets are Unicode code points, half-open, into `Document.text`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hexapla import langs
from hexapla.values import NUMBER_KINDS, Quantity

ENTITY_LABELS = ("PER", "ORG", "LOC", "PRODUCT", "EVENT")
NUMBER_LABELS = tuple(kind.upper() for kind in NUMBER_KINDS)
LABELS = ENTITY_LABELS + NUMBER_LABELS

Span = tuple[int, int]
"""Half-open code-point offsets."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_BY = re.compile(r"rule|projection|read|model:[\w.@/+-]{1,80}")
RESERVED_IDS = (
    "facts",
    "beads",
)  # would be overwritten by `facts.json` and `beads.json` beside the documents
ROLES = ("source", "translation", "unknown")
TRANSLATIONS = ("human", "machine", "unknown")
BLOCK_KINDS = ("title", "heading", "paragraph")


def sha256(text: str | bytes) -> str:
    """Hex digest; of a string, that of its UTF-8 bytes."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def is_id(text: str) -> bool:
    """May this be a document, article or topic id (and so a file name)?"""
    return bool(_ID.fullmatch(text)) and ".." not in text


def _check_span(start: int, end: int) -> None:
    if type(start) is not int or type(end) is not int:
        raise ValueError(f"start and end must be whole numbers, not {start!r} and {end!r}")
    if not 0 <= start < end:
        raise ValueError(f"span {start}:{end} is empty, reversed or negative")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document comes from: one `[[document]]` of the manifest. Unknown strings are empty.

    `doc_id` may be empty only until ingest has read the file.
    """

    doc_id: str
    file: str
    lang: str
    sha256: str = ""
    article: str = ""
    topic: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    rights: str = ""
    licence: str = ""
    role: str = "unknown"
    translation: str = "unknown"

    def __post_init__(self) -> None:
        for name in ("doc_id", "article", "topic"):
            value = getattr(self, name)
            if value and not is_id(value):
                raise ValueError(
                    f"{name} {value!r} is not an id (letters, digits, '.', '_', '-', at most 80)"
                )
        if self.doc_id in RESERVED_IDS:
            raise ValueError(f"doc_id {self.doc_id!r} is the name of a file of the annotations")
        if self.role not in ROLES:
            raise ValueError(f"role {self.role!r} is not one of {', '.join(ROLES)}")
        if self.translation not in TRANSLATIONS:
            raise ValueError(f"translation {self.translation!r} is not one of {', '.join(TRANSLATIONS)}")

    @property
    def is_open(self) -> bool:
        """May the text itself be published? Only where the manifest names an open licence."""
        return bool(re.match(r"(?i)cc0|cc[- ]by(?![- ]nc)|public domain|pddl|odc-by", self.licence))


@dataclass(frozen=True, slots=True)
class Block:
    """A title, heading or paragraph. Its end is a hard sentence boundary."""

    start: int
    end: int
    kind: str = "paragraph"

    def __post_init__(self) -> None:
        if self.kind not in BLOCK_KINDS:
            raise ValueError(f"block kind {self.kind!r} is not one of {', '.join(BLOCK_KINDS)}")
        _check_span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of the raw file that is not article text, by line (1-based) of the raw file, with the reason."""

    line: int
    reason: str
    text: str

    def __post_init__(self) -> None:
        if type(self.line) is not int or not isinstance(self.reason, str) or not isinstance(self.text, str):
            raise ValueError(
                f"line {self.line!r}, reason {self.reason!r}, text {self.text!r}: not a number and two strings"
            )


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled span. Entity labels have no quantity, number labels always have one (its value may be None)."""

    id: str
    start: int
    end: int
    surface: str
    label: str
    fact_id: str | None = None
    quantity: Quantity | None = None
    ambiguous: bool = False
    by: str = "rule"
    reviewed: bool = False

    def __post_init__(self) -> None:
        if self.label not in LABELS:
            raise ValueError(f"label {self.label!r} is not one of {', '.join(LABELS)}")
        _check_span(self.start, self.end)
        for name, value in (("id", self.id), ("surface", self.surface), ("by", self.by)):
            if not isinstance(value, str) or not value:
                raise ValueError(f"{name} {value!r} is not a string with something in it")
        if self.fact_id is not None and (not isinstance(self.fact_id, str) or not self.fact_id):
            raise ValueError(f"fact_id {self.fact_id!r} is not a string with something in it")
        if type(self.ambiguous) is not bool or type(self.reviewed) is not bool:
            raise ValueError(
                f"ambiguous {self.ambiguous!r} and reviewed {self.reviewed!r} must be true or false"
            )
        if not _BY.fullmatch(self.by):
            raise ValueError(f"by {self.by!r} is not rule, projection, read or model:<name>")
        if self.quantity is None and self.label in NUMBER_LABELS:
            object.__setattr__(self, "quantity", Quantity(self.label.lower()))
        elif self.quantity is not None and self.quantity.label != self.label:
            raise ValueError(f"label {self.label} with a quantity of kind {self.quantity.kind}")

    @property
    def is_number(self) -> bool:
        return self.quantity is not None

    @property
    def span(self) -> Span:
        return self.start, self.end

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Mention:
        """From one line of an annotation file; `ValueError`, `KeyError` or `TypeError` say what is wrong."""
        known = {"id", "start", "end", "surface", "label", "fact_id", "value", "value_high", "unit", "modifier", "ambiguous", "by", "reviewed"}  # fmt: skip
        if strange := set(record) - known:
            raise ValueError(f"unknown field {', '.join(sorted(strange))}")
        start, end, label = record["start"], record["end"], record["label"]
        quantity = Quantity.from_json(dict(record), label) if label in NUMBER_LABELS else None
        if quantity is None and (extra := {"value", "value_high", "unit", "modifier"} & set(record)):
            raise ValueError(f"an entity mention with {', '.join(sorted(extra))}")
        return cls(
            record["id"], start, end, record["surface"], label, record.get("fact_id"), quantity,
            record.get("ambiguous", False), record["by"], record["reviewed"],
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The record of an annotation file."""
        record: dict[str, Any] = {
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "surface": self.surface,
            "label": self.label,
        }
        if self.fact_id is not None:
            record["fact_id"] = self.fact_id
        if self.quantity is not None:
            record |= self.quantity.to_json()
        if self.ambiguous:
            record["ambiguous"] = True
        return record | {"by": self.by, "reviewed": self.reviewed}


@dataclass(frozen=True, slots=True)
class Fact:
    """What mentions stand for, across the languages of an article: an entity, or one number statement.

    `name` is the entity's name; `value` what the versions say of a number (differences spelled out by language).
    `entity` is the corpus-wide name in the register.
    """

    fact_id: str
    label: str
    name: str = ""
    value: str = ""
    entity: str = ""
    qid: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.fact_id:
            raise ValueError("a fact without an id")
        if self.label not in LABELS:
            raise ValueError(f"label {self.label!r} is not one of {', '.join(LABELS)}")
        if wrong := [
            n for n in ("name", "value", "entity", "qid", "note") if not isinstance(getattr(self, n), str)
        ]:
            raise ValueError(f"{', '.join(wrong)} of fact {self.fact_id!r} is not a string")

    @property
    def is_number(self) -> bool:
        return self.label in NUMBER_LABELS

    def to_json(self) -> dict[str, str]:
        fields = {
            "label": self.label,
            "name": self.name,
            "value": self.value,
            "entity": self.entity,
            "qid": self.qid,
            "note": self.note,
        }
        return {name: text for name, text in fields.items() if text}


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences that translate each other: per language a tuple of spans. A language without a counterpart is absent."""

    bead_id: str
    spans: Mapping[str, tuple[Span, ...]]

    def __post_init__(self) -> None:
        if not self.spans or not all(self.spans.values()):
            raise ValueError(f"bead {self.bead_id} has no sentence, or a language with none")
        for listed in self.spans.values():
            for start, end in listed:
                _check_span(start, end)


@dataclass(frozen=True, slots=True)
class Document:
    """One language version: clean text, its blocks, sentences and mentions, and what was cut from the raw file.

    `raw_map` holds runs `(start, raw_start, length)`: `text[start:start+length]` is that run of the decoded raw file,
    equal to it character by character. What NFC changed, and what stands otherwise in the file (an HTML entity), is in
    no run. The raw file is counted without its byte-order mark.
    """

    source: Source
    text: str
    blocks: tuple[Block, ...]
    sentences: tuple[Span, ...] = ()
    mentions: tuple[Mention, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    raw_map: tuple[tuple[int, int, int], ...] = ()
    # derived once; not part of equality
    text_sha256: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not unicodedata.is_normalized("NFC", self.text) or "\r" in self.text:
            raise ValueError(f"{self.doc_id}: text is not NFC with \\n line ends")
        object.__setattr__(self, "text_sha256", sha256(self.text))
        spans = {"block": [(b.start, b.end) for b in self.blocks], "sentence": self.sentences}
        for name, listed in spans.items():
            end = 0
            for start, stop in listed:
                if not end <= start < stop <= len(self.text):
                    raise ValueError(f"{self.doc_id}: {name} {start}:{stop} out of order or of range")
                end = stop
        for mention in self.mentions:
            if mention.end > len(self.text) or self.text[mention.start : mention.end] != mention.surface:
                raise ValueError(
                    f"{self.doc_id}: mention {mention.id} says {mention.surface!r} where the text has "
                    f"{self.text[mention.start : mention.end]!r} at {mention.start}:{mention.end}"
                )

    @property
    def doc_id(self) -> str:
        return self.source.doc_id

    @property
    def lang(self) -> str:
        return self.source.lang

    @property
    def direction(self) -> str:
        return langs.direction(self.lang)

    def within(self, span: Span) -> Iterator[Mention]:
        """The mentions inside a span, in order."""
        return (m for m in self.mentions if span[0] <= m.start and m.end <= span[1])


@dataclass(frozen=True, slots=True)
class Article:
    """One original text and its versions: documents in order of language code, beads in reading order."""

    article_id: str
    documents: tuple[Document, ...]
    beads: tuple[Bead, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    topic_id: str = ""

    def __post_init__(self) -> None:
        codes = [d.lang for d in self.documents]
        if codes != sorted(set(codes)):
            raise ValueError(f"{self.article_id}: languages {codes} are not distinct and in order")
        for document in self.documents:
            for mention in document.mentions:
                if mention.fact_id is not None and mention.fact_id not in self.facts:
                    raise ValueError(
                        f"{document.doc_id}: mention {mention.id} names the unknown fact {mention.fact_id!r}"
                    )
        for bead in self.beads:
            if strange := set(bead.spans) - set(codes):
                raise ValueError(
                    f"{self.article_id}: bead {bead.bead_id} has the unknown language {sorted(strange)}"
                )
            for document in self.documents:
                if any(end > len(document.text) for _, end in bead.spans.get(document.lang, ())):
                    raise ValueError(
                        f"{document.doc_id}: bead {bead.bead_id} goes beyond the end of the text"
                    )

    @property
    def langs(self) -> tuple[str, ...]:
        return tuple(d.lang for d in self.documents)

    def document(self, lang: str) -> Document:
        """The version in `lang`; `KeyError` if there is none."""
        for document in self.documents:
            if document.lang == lang:
                return document
        raise KeyError(lang)

    def by_fact(self) -> dict[str, dict[str, list[Mention]]]:
        """fact_id -> language -> its mentions, in order of the facts."""
        table: dict[str, dict[str, list[Mention]]] = {fact_id: {} for fact_id in self.facts}
        for document in self.documents:
            for mention in document.mentions:
                if mention.fact_id is not None:
                    table[mention.fact_id].setdefault(document.lang, []).append(mention)
        return table


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in order of id."""

    articles: tuple[Article, ...]

    def __post_init__(self) -> None:
        ids = [a.article_id for a in self.articles]
        if ids != sorted(set(ids)):
            raise ValueError(f"articles {ids} are not distinct and in order")

    @property
    def documents(self) -> Iterator[Document]:
        return (d for a in self.articles for d in a.documents)

    def article(self, name: str) -> Article:
        """The article of that id, or the one that holds the document of that id; `KeyError` if neither."""
        for article in self.articles:
            if name == article.article_id or any(name == d.doc_id for d in article.documents):
                return article
        raise KeyError(name)
