"""`croissant.json`: the release described in Croissant 1.1 (MLCommons), with the fields of its RAI vocabulary.

Specifications: http://mlcommons.org/croissant/1.1 and http://mlcommons.org/croissant/RAI/1.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hexapla.release import columns
from hexapla.release.card import READERS, Words, is_open
from hexapla.release.folder import digest
from hexapla.release.statistics import Statistics
from hexapla.release.tables import Table

FILE = "croissant.json"
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The official @context of version 1.1."""

_TYPES = {"string": "sc:Text", "int32": "sc:Integer", "bool": "sc:Boolean"}
_NOT_FOR = (
    "Not for training general language models, not for learning or deciding anything about the people and companies named, "
    "not for judging translators, not for conclusions about a language from a small sample."
)


def describe(
    folder: Path,
    tables: Mapping[str, Table],
    statistics: Statistics,
    version: str,
    words: Words,
    withheld: bool,
    published: str | None = None,
) -> str:
    """The description of the release whose Parquet files are in `folder`.

    A Parquet file is a FileObject with its sha256 and a RecordSet: `articles` for `articles/test-00000.parquet` where it is the
    only file of its configuration, else named as the file (`articles/train-00000`). `published` is an ISO date.
    """
    about = words.about
    record: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": about.title,
        "description": _description(statistics, withheld),
        "version": version,
        **({"datePublished": published} if published else {}),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": statistics.langs,
        "keywords": ["named entities", "numbers", "cross-lingual", "parallel corpus", "news"],
        "citeAs": about.citation.strip() or f"{about.title}, version {version}",
        "isLiveDataset": False,
        **_responsible(statistics, words),
        "distribution": [],
        "recordSet": [],
    }
    for name, table in tables.items():
        files = [file for part in table.parts.values() for file in part.files]
        for file in files:
            key = name if len(files) == 1 else file.removesuffix(".parquet")
            record["distribution"].append(
                {
                    "@type": "cr:FileObject",
                    "@id": file,
                    "name": file,
                    "contentUrl": file,
                    "encodingFormat": "application/x-parquet",
                    "sha256": digest(folder / file),
                }
            )
            record["recordSet"].append(
                {
                    "@type": "cr:RecordSet",
                    "@id": key,
                    "name": key,
                    "description": f"Rows of {file}.",
                    "field": list(_fields(table.columns, key, file)),
                }
            )
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _description(s: Statistics, withheld: bool) -> str:
    told = (
        f"News in {len(s.langs)} languages ({', '.join(s.langs)}), {s.articles} articles in {s.documents.total()} versions, aligned sentence by "
        f"sentence. {s.mentions.total()} mentions of entities and numbers, with exact values and links across the languages of an article."
    )
    rights = (
        "" if is_open(s) else " The licence is that of the annotations; the texts belong to their publishers."
    )
    left_out = " Texts that are not open are left out; labels, offsets, values and hashes are there, and rehydration brings the texts back." if withheld else ""  # fmt: skip
    return told + rights + left_out


def _responsible(s: Statistics, words: Words) -> dict[str, Any]:
    """The RAI fields: what the card says, in their words."""
    about = words.about
    by = ", ".join(f"{name} {count}" for name, count in sorted(s.by.items()))
    measured = "measured on two readings made apart; see the card" if words.agreement and s.by["read"] else "not measured"  # fmt: skip
    models = sorted(name.removeprefix("model:") for name in s.by if name.startswith("model:"))
    tools = [*(["the project's rules for numbers and alignment"] if s.by["rule"] or s.by["projection"] else []), *models]  # fmt: skip
    if s.by["read"] and about.reader == "language model":
        tools.append("a language model, which read the texts by the guidelines")
    record: dict[str, Any] = {
        "rai:dataCollection": about.selection.strip() or "Not documented.",
        "rai:dataCollectionType": ["Others"],
        "rai:dataCollectionRawData": "Published news, as received: plain text, Markdown or HTML files.",
        "rai:dataPreprocessingProtocol": ["Page furniture removed by rules; Unicode normal form C; nothing else is edited."],
        "rai:dataAnnotationProtocol": [
            f"Guidelines: whole-word flat spans, exact values, links within an article. Origin of the labels: {by or 'none'}. "
            f"Reviewed: {s.reviewed} of {s.mentions.total()}."
        ],
        "rai:dataAnnotationAnalysis": [f"Agreement: {measured}."],
        "rai:annotatorDemographics": [READERS[about.reader]] if s.by["read"] else [],
        "rai:machineAnnotationTools": tools,
        "rai:dataUseCases": [
            "Testing and comparing the extraction of names and numbers from several languages, and its consistency across them.",
            _NOT_FOR,
        ],
        "rai:dataLimitations": list(about.limits),
        "rai:dataBiases": ["The texts report what their publishers chose to report; subjects and languages are not balanced."],
        "rai:personalSensitiveInformation": [
            f"Published news names people in public roles ({s.of_label('PER')} mentions). Nothing was anonymised."
        ],
        "rai:dataSocialImpact": "Named people could be profiled from labelled news; the corpus is small, public, and adds only links between mentions.",
        "rai:dataReleaseMaintenancePlan": "A changed label, value, link or text is a new version; CHANGELOG.md tells what changed.",
    }  # fmt: skip
    return {key: value for key, value in record.items() if value}


def _fields(table: columns.Columns, record: str, file: str) -> Iterator[dict[str, Any]]:
    for column in table:
        key = f"{record}/{column.name}"
        field: dict[str, Any] = {
            "@type": "cr:Field",
            "@id": key,
            "name": column.name,
            "description": column.doc,
        }
        source = {"fileObject": {"@id": file}, "extract": {"column": column.name}}
        kind = column.type
        if isinstance(kind, columns.Many):
            field |= {"repeated": True}
            kind = kind.of
        if isinstance(kind, columns.Record):
            field["subField"] = [
                {
                    "@type": "cr:Field",
                    "@id": f"{key}/{inner.name}",
                    "name": inner.name,
                    "description": inner.doc,
                    "dataType": _type(inner.type),
                    "source": source | {"transform": {"jsonPath": f"$.{inner.name}"}},
                }
                for inner in kind.columns
            ]
        else:
            field |= {"dataType": _type(kind), "source": source}
        yield field


def _type(kind: columns.Type) -> str:
    """Class labels are indices in the file."""
    return _TYPES[kind] if isinstance(kind, str) else "sc:Integer"
