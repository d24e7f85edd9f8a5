"""The dataset card: its YAML head from the released tables, its text from the corpus."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla import langs
from hexapla.corpus import ENTITY_LABELS, NUMBER_LABELS
from hexapla.errors import Fault, InputError
from hexapla.fidelity import KINDS
from hexapla.release import columns
from hexapla.release.statistics import Statistics
from hexapla.release.tables import CANARY, Table
from hexapla.store import parse_json, read_text

READERS = {
    "": "The kind of reader behind the labels marked `read` was not recorded.",
    "language model": "The reader was a language model. It read every text as a whole and assigned spans, labels, values and "
    "links by the guidelines. No person made these labels, and no native speaker of any of the languages has reviewed them.",
    "person": "The reader was a person who is not a native speaker of all of the languages.",
    "native speaker": "The readers were native speakers of the languages.",
}
"""Kind of reader -> what the card says of the labels marked `by: read`."""

REQUIRED = (
    "language", "license", "annotations_creators", "language_creators", "multilinguality", "size_categories",
    "source_datasets", "task_categories", "task_ids", "pretty_name", "configs", "dataset_info",
)  # fmt: skip
"""Keys of the card's head that the hub's form asks for."""

_SIZES = ((1000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What the card says that no corpus can know: `annotation/card.toml`. All of it is optional.

    `reader` is one of `READERS`; `selection` says how the texts were chosen; `limits` are known limits and errors.
    """

    title: str = "Hexapla corpus"
    reader: str = ""
    selection: str = ""
    limits: tuple[str, ...] = ()
    citation: str = ""

    def __post_init__(self) -> None:
        if self.reader not in READERS:
            raise ValueError(
                f"reader {self.reader!r} is not one of {', '.join(repr(r) for r in READERS if r)}"
            )


Agreement = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Language -> label (or `all`) -> name of the measure -> number."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people and measurements say of a release."""

    about: About = About()
    agreement: Agreement | None = None


def read_about(path: Path) -> About:
    """The card's own words, or the defaults if there is no such file."""
    if not path.is_file():
        return About()
    try:
        record = tomllib.loads(read_text(path))
        if "limits" in record:
            record["limits"] = tuple(record["limits"])
        if wrong := [
            k
            for k, v in record.items()
            if not all(isinstance(x, str) for x in (v if k == "limits" else (v,)))
        ]:
            raise TypeError(f"{', '.join(wrong)} is not a string")
        return About(**record)
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise InputError(
            Fault("bad-card-text", str(path), str(error), "title, reader, selection, limits, citation")
        ) from None


def read_agreement(path: Path) -> Agreement | None:
    """`agreement.json`, or None if agreement was not measured."""
    if not path.is_file():
        return None
    record = parse_json(read_text(path), str(path))
    rows = [m for labels in _values(record) for m in _values(labels)]
    if not rows or not all(
        isinstance(m, dict) and all(isinstance(x, int | float | str | None) for x in m.values()) for m in rows
    ):
        raise InputError(
            Fault(
                "bad-agreement", str(path), "not a table of figures", "{language: {label: {measure: number}}}"
            )
        )
    return dict(record)


def _values(record: Any) -> list[Any]:
    return list(record.values()) if isinstance(record, dict) else [None]


# ---- writing ---------------------------------------------------------------------------------------------------------


def render(
    tables: Mapping[str, Table],
    statistics: Statistics,
    version: str,
    words: Words,
    *,
    pictures: Sequence[str] = (),
    withheld: int = 0,
) -> str:
    """README.md of the dataset: YAML head and text. `pictures` are files of it; so many texts are `withheld`."""
    import jinja2

    about = words.about
    agreement = (
        (words.agreement or {}) if statistics.by["read"] else {}
    )  # it was measured on labels that were read
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("hexapla"), trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )  # fmt: skip
    env.filters["cell"] = _cell
    text = env.get_template("card.md.j2").render(
        about=about,
        reader=READERS[about.reader],
        version=version,
        s=statistics,
        tables=tables,
        agreement=sorted(agreement.items(), key=lambda item: (item[0] == "all", item[0])),
        measures=_measures(agreement),
        pictures=pictures,
        withheld=withheld,
        splits=list(next(iter(tables.values())).parts),
        entity_labels=ENTITY_LABELS,
        number_labels=NUMBER_LABELS,
        kinds=KINDS,
        markdown=columns.markdown,
        canary=CANARY,
        columns=columns,
    )
    return f"---\n{head(tables, statistics, about)}\n---\n\n{text.strip()}\n"


def _cell(text: object) -> str:
    """A string of unknown origin inside a table: no column, line or tag of its own."""
    plain = "" if text is None else re.sub(r"\s+", " ", str(text)).strip()
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|") or "–"


def _measures(agreement: Agreement) -> list[str]:
    return list(dict.fromkeys(name for labels in agreement.values() for m in labels.values() for name in m))


def is_open(statistics: Statistics) -> bool:
    """Has every text a licence like that of the annotations?"""
    return all(re.match(r"(?i)cc[- ]by[- ]4", licence) for _, _, _, licence, _ in statistics.sources)


def head(tables: Mapping[str, Table], statistics: Statistics, about: About) -> str:
    """The YAML of the card, made by the classes of the `datasets` library."""
    from datasets import DatasetInfo, Features, SplitDict, SplitInfo
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCardData

    read = {"language model": "machine-generated", "": "other"}.get(about.reader, "expert-generated")
    creators = {read if by == "read" else "machine-generated" for by in statistics.by}
    open_texts = is_open(statistics)
    data = DatasetCardData(
        pretty_name=about.title,
        language=sorted({langs.base(lang) for lang in statistics.langs}),
        license="cc-by-4.0" if open_texts else "other",
        annotations_creators=sorted(creators) or ["no-annotation"],
        language_creators=["found"],
        multilinguality=[*(["multilingual"] if len(statistics.langs) > 1 else ["monolingual"]), *(["translation"] if statistics.parallel else [])],
        size_categories=[size_category(tables, statistics.langs)],
        source_datasets=["original"],
        task_categories=["token-classification"],
        task_ids=["named-entity-recognition"],
        tags=["cross-lingual", "numbers", "quantities", "parallel-corpus", "news"],
    )  # fmt: skip
    if not open_texts:
        data["license_name"] = "annotations-cc-by-4.0-texts-of-their-publishers"
        data["license_link"] = "README.md#who-holds-the-rights"
    configs, infos = MetadataConfigs(), DatasetInfosDict()
    for name, table in tables.items():
        configs[name] = {"data_files": columns.data_files(name, table.parts)} | ({"default": True} if name == "articles" else {})  # fmt: skip
        infos[name] = DatasetInfo(
            config_name=name,
            features=Features.from_dict(columns.features(table.columns)),
            splits=SplitDict(
                {split: SplitInfo(split, p.bytes_in_memory, p.rows) for split, p in table.parts.items()}
            ),
            download_size=sum(part.bytes_on_disk for part in table.parts.values()),
            dataset_size=sum(part.bytes_in_memory for part in table.parts.values()),
        )
    configs.to_dataset_card_data(data)
    infos.to_dataset_card_data(data)
    return str(data.to_yaml())


def size_category(tables: Mapping[str, Table], codes: list[str]) -> str:
    """The hub's size class of the number of sentences."""
    rows = sum(tables[code].rows for code in codes)
    return next((name for bound, name in _SIZES if rows < bound), "100M<n<1B")
