"""The stand-off form of a release: everything but the texts that are not open.

Where the manifest names no open licence, the rows hold no text, no title, no surface and no token. What is left is
labels, offsets, values, links and hashes, and the folder `rebuild/` with what `hexapla rehydrate` needs beside the texts as
received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hexapla.corpus import Article, Span
from hexapla.release.rows import Row, Tokens

REBUILD = "rebuild"
"""Folder of a stand-off release: the annotation folder's own words and `full.sha256`, the checksums of the full release."""
FULL = f"{REBUILD}/full.sha256"
INPUTS = ("card.toml", "agreement.json", "splits.toml")

_BLANK = "\ue000"  # for private use: in no text, and NFC


def is_standoff(folder: Path) -> bool:
    """Is this release one without texts?"""
    return (folder / FULL).is_file()


def closed(article: Article) -> frozenset[str]:
    """The languages of the article whose text may not be given on."""
    return frozenset(d.lang for d in article.documents if not d.source.is_open)


def stripped(config: str, row: Row, langs: Iterable[str]) -> Row:
    """The row without what is text in any of these languages."""
    out = dict(row)
    for lang in langs:
        if config == lang or row.get("lang") == lang:
            out |= dict.fromkeys({"text", "title", "tokens"} & row.keys())
            for name in {"mentions", "entities", "quantities"} & row.keys():
                out[name] = _without_surface(row[name])
        elif lang in row:
            out[lang] = None
            if f"{lang}_mentions" in row:
                out[f"{lang}_mentions"] = _without_surface(row[f"{lang}_mentions"])
    return out


def _without_surface(mentions: Iterable[Row]) -> list[Row]:
    return [m | {"surface": None} for m in mentions]


# ---- reading back: what can be compared is compared, over a text of blanks -------------------------------------------


def is_stripped(row: Row) -> bool:
    """Is this row of `articles` one without its text?"""
    return row["text"] is None


def blanked(row: Row) -> Row:
    """The row of `articles` with a text of blanks in the place of the one that is left out."""
    if not is_stripped(row):
        return row
    text = _BLANK * row["characters"]
    mentions = [m | {"surface": text[m["start"] : m["end"]]} for m in row["mentions"]]
    return row | {"text": text, "mentions": mentions}


def tokens_of(documents: Iterable[Row], sentences: Mapping[str, Sequence[Row]]) -> Tokens:
    """The tokens of the documents without text, from the rows in the table of their language."""
    known: dict[tuple[str, Span], list[Span]] = {}
    for document in documents:
        if is_stripped(document):
            for row in sentences.get(document["lang"], ()):
                spans = [(s["start"], s["end"]) for s in row["token_spans"] or ()]
                known[document["lang"], (row["start"], row["end"])] = spans
    return known
