"""The columns of the released tables: name, type and meaning of each, defined once.

The Parquet schema, the features of the `datasets` library, the dataset card and `docs/dataset.md` all follow from the
tables here; `hexapla validate` compares files with them and needs no library but pyarrow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from hexapla.corpus import BLOCK_KINDS, ENTITY_LABELS, LABELS, NUMBER_LABELS, ROLES, TRANSLATIONS

if TYPE_CHECKING:
    import pyarrow as pa

SPLITS = ("train", "validation", "test")
SPLIT = "test"
"""The one split of the 0.x releases: a pilot of a few articles is for testing only."""


@dataclass(frozen=True, slots=True)
class Label:
    """A class label, stored as its index in `names`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: Type


@dataclass(frozen=True, slots=True)
class Record:
    """A struct."""

    columns: Columns


@dataclass(frozen=True, slots=True)
class Column:
    """A named, typed column and what it means, in a sentence. Every column may be null unless `doc` says otherwise."""

    name: str
    type: Type
    doc: str


Type = str | Label | Many | Record
"""A plain type is the string `string`, `int32` or `bool`."""
Columns = tuple[Column, ...]


def iob2(labels: Iterable[str]) -> Label:
    """The tags of a label set: `O`, then `B-` and `I-` of each label."""
    return Label(("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")))


SPANS = Many(
    Record(
        (Column("start", "int32", "first code point"), Column("end", "int32", "code point after the last"))
    )
)
_SPAN = (
    Column("id", "string", "name of the mention, unique in its document"),
    Column("start", "int32", "first code point in the text of this row"),
    Column("end", "int32", "code point after the last"),
    Column("surface", "string", "`text[start:end]`"),
)
_LINK = (
    Column("fact_id", "string", "what it stands for: the same in all languages of the article; null: linked to nothing"),
)  # fmt: skip
_QUANTITY = (
    Column("value", "string", "exact number as a decimal or `n/d`, or an EDTF date; null: the text gives none, or an entity"),
    Column("value_high", "string", "upper end of a range, else null"),
    Column("unit", "string", "ISO 4217 currency, CLDR unit id, `percent`, `percentage-point` or `times`"),
    Column("modifier", "string", "`approx`, `at_least`, `at_most`, `more_than`, `less_than` or null"),
)  # fmt: skip
_ORIGIN = (
    Column("ambiguous", "bool", "the guidelines allow more than one reading"),
    Column("by", "string", "how the label came to be: `read`, `rule`, `projection` or `model:<name>`"),
    Column("reviewed", "bool", "a second look confirmed it"),
)


def mentions(labels: tuple[str, ...], quantities: bool) -> Many:
    """A list of labelled spans."""
    label = Column("label", Label(labels), "entity or number label")
    return Many(Record((*_SPAN, label, *_LINK, *(_QUANTITY if quantities else ()), *_ORIGIN)))


MENTIONS = mentions(LABELS, True)
FACTS = Many(
    Record(
        (
            Column("fact_id", "string", "name of the fact, unique in its article"),
            Column("label", Label(LABELS), "label of all its mentions"),
            Column("name", "string", "an entity's name"),
            Column("value", "string", "what the versions say of a number, differences spelled out"),
            Column("entity", "string", "corpus-wide name of the entity"),
            Column("qid", "string", "Wikidata id"),
            Column("note", "string", "remark of the annotator"),
        )
    )
)
BLOCKS = Many(
    Record(
        (
            Column("start", "int32", "first code point"),
            Column("end", "int32", "code point after the last"),
            Column("kind", Label(BLOCK_KINDS), "title, heading or paragraph"),
        )
    )
)
_ARTICLE = Column("article_id", "string", "the article: one original text and its versions")

ARTICLES: Columns = (
    _ARTICLE,
    Column("topic_id", "string", "shared by articles that report on the same subject"),
    Column("doc_id", "string", "the document: one language version"),
    Column("lang", "string", "BCP-47 code"),
    Column("title", "string", "the title block, null if there is none"),
    Column("text", "string", "the clean text, NFC with `\\n` line ends; all offsets are code points into it"),
    Column("characters", "int32", "length of the text in code points"),
    Column("text_sha256", "string", "SHA-256 of the text in UTF-8"),
    Column("publisher", "string", "who published the document"),
    Column("published", "string", "when, as the page or the manifest says"),
    Column("url", "string", "where it was published"),
    Column("rights", "string", "who holds the rights in the text"),
    Column("licence", "string", "licence of the text, null where none was given"),
    Column("role", Label(ROLES), "is it the source text or a translation?"),
    Column("translation", Label(TRANSLATIONS), "translated by a human or a machine?"),
    Column("source_file", "string", "name of the file as received"),
    Column("source_sha256", "string", "SHA-256 of that file"),
    Column("blocks", BLOCKS, "titles, headings and paragraphs"),
    Column("sentences", SPANS, "sentence spans, in order"),
    Column("mentions", MENTIONS, "all entity and number mentions of the document"),
    Column("facts", FACTS, "all facts of the article, the same list in each of its documents"),
)

SENTENCES: Columns = (
    _ARTICLE,
    Column("doc_id", "string", "the document"),
    Column("sentence", "int32", "place of the sentence in its document, from 0"),
    Column("start", "int32", "first code point of the sentence in the document"),
    Column("end", "int32", "code point after the last"),
    Column("bead_id", "string", "the bead it belongs to, null if none"),
    Column("text", "string", "the sentence; offsets in this row are code points into it"),
    Column("tokens", Many("string"), "tokens of `hexapla.tokens`"),
    Column("token_spans", SPANS, "where each token stands in the text"),
    Column("entity_tags", Many(iob2(ENTITY_LABELS)), "IOB2 tag of each token, entities"),
    Column("number_tags", Many(iob2(NUMBER_LABELS)), "IOB2 tag of each token, numbers"),
    Column("entities", mentions(ENTITY_LABELS, False), "entity mentions"),
    Column("quantities", mentions(NUMBER_LABELS, True), "number mentions with their values"),
)


def beads(langs: Iterable[str]) -> Columns:
    """Columns of `beads`: one text column per language."""
    head = (_ARTICLE, Column("bead_id", "string", "the bead, unique in its article"))
    codes = tuple(langs)
    return (
        *head,
        *(
            Column(code, "string", f"the sentences in {code}, joined by a space; null if none")
            for code in codes
        ),
        *(
            Column(f"{code}_spans", SPANS, f"where those sentences stand in the {code} document")
            for code in codes
        ),
    )


def pair(first: str, second: str) -> Columns:
    """Columns of a language pair."""
    codes = (first, second)
    return (
        _ARTICLE,
        Column("bead_id", "string", "the bead"),
        *(Column(code, "string", f"the sentences in {code}, joined by a space") for code in codes),
        *(Column(f"{code}_mentions", MENTIONS, f"mentions, offsets into `{code}`") for code in codes),
        Column("shared_facts", Many("string"), "ids of the facts that both sides mention"),
    )


def configs(langs: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, Columns]:
    """Configuration name -> its columns: `articles`, `beads`, each language, each pair (`ar-fil`)."""
    codes = sorted(set(langs))
    tables = {"articles": ARTICLES, "beads": beads(codes)} | dict.fromkeys(codes, SENTENCES)
    return tables | {f"{a}-{b}": pair(a, b) for a, b in sorted(set(pairs))}


def data_files(config: str, splits: Iterable[str]) -> list[dict[str, str]]:
    """Where the files of a configuration are, as a dataset card says it."""
    return [{"split": split, "path": f"{config}/{split}-*.parquet"} for split in splits]


def pairs_of(langs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The language pairs of an article, each in alphabetical order."""
    return combinations(sorted(langs), 2)


# ---- the same columns for pyarrow, for the datasets library, and as YAML ---------------------------------------------


def arrow_type(kind: Type) -> pa.DataType:
    """As `datasets.Features.arrow_schema` has it."""
    import pyarrow as pa

    if isinstance(kind, Label):
        return pa.int64()
    if isinstance(kind, Many):
        return pa.list_(arrow_type(kind.of))
    if isinstance(kind, Record):
        return pa.struct([pa.field(c.name, arrow_type(c.type)) for c in kind.columns])
    return {"string": pa.string(), "int32": pa.int32(), "bool": pa.bool_()}[kind]


def features(columns: Columns) -> dict[str, Any]:
    """What `datasets.Features.from_dict` takes."""
    return {c.name: _feature(c.type) for c in columns}


def _feature(kind: Type) -> dict[str, Any]:
    if isinstance(kind, Label):
        return {"names": list(kind.names), "_type": "ClassLabel"}
    if isinstance(kind, Many):
        return {"feature": _feature(kind.of), "_type": "List"}
    if isinstance(kind, Record):
        return features(kind.columns)
    return {"dtype": kind, "_type": "Value"}


def arrow_schema(columns: Columns) -> pa.Schema:
    """The Parquet schema, with the features in its metadata where the `datasets` library looks for them."""
    import pyarrow as pa

    metadata = {"huggingface": json.dumps({"info": {"features": features(columns)}})}
    return pa.schema([pa.field(c.name, arrow_type(c.type)) for c in columns], metadata)


def yaml_list(columns: Columns) -> list[dict[str, Any]]:
    """The features as the `dataset_info` of a dataset card spells them."""
    return [{"name": c.name} | _yaml(c.type) for c in columns]


def _yaml(kind: Type) -> dict[str, Any]:
    if isinstance(kind, Record):
        return {"struct": yaml_list(kind.columns)}
    if isinstance(kind, Many):
        inner = _yaml(kind.of)
        return {"list": inner["struct"] if "struct" in inner else inner["dtype"]}
    if isinstance(kind, Label):
        return {"dtype": {"class_label": {"names": {str(n): name for n, name in enumerate(kind.names)}}}}
    return {"dtype": kind}


# ---- the tables of docs/dataset.md -----------------------------------------------------------------------------------


def type_name(kind: Type) -> str:
    """A type in a few words.

    >>> type_name(Many(Label(("O", "B-PER"))))
    'list of labels'
    """
    if isinstance(kind, Many):
        return f"list of {type_name(kind.of)}s"
    if isinstance(kind, Label):
        return "label"
    return "record" if isinstance(kind, Record) else kind


def markdown(columns: Columns) -> str:
    """A table of the columns, one row each; the fields of a record follow the first column of its kind."""
    lines = ["| column | type | meaning |", "|---|---|---|"]
    told: list[Type] = [SPANS.of]

    def walk(columns: Columns, prefix: str) -> None:
        for c in columns:
            lines.append(f"| `{prefix}{c.name}` | {type_name(c.type)} | {c.doc} |")
            inner = c.type.of if isinstance(c.type, Many) else c.type
            if isinstance(inner, Record) and inner not in told:
                told.append(inner)
                walk(inner.columns, f"{prefix}{c.name}[].")

    walk(columns, "")
    return "\n".join(lines)
