"""The dataset card: its YAML head from the released tables, its text from the corpus, and an offline check of both."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla import langs
from hexapla.corpus import ENTITY_LABELS, NUMBER_LABELS
from hexapla.errors import Fault, InputError
from hexapla.fidelity import KINDS
from hexapla.release import columns
from hexapla.release.statistics import Statistics
from hexapla.store import parse_json, read_text

if TYPE_CHECKING:
    from hexapla.release.write import Table

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
    about: About,
    agreement: Agreement | None,
) -> str:
    """README.md of the dataset: YAML head and text."""
    import jinja2

    from hexapla.release.write import CANARY

    agreement = (agreement or {}) if statistics.by["read"] else {}  # it was measured on labels that were read
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


def head(tables: Mapping[str, Table], statistics: Statistics, about: About) -> str:
    """The YAML of the card, made by the classes of the `datasets` library."""
    from datasets import DatasetInfo, Features, SplitDict, SplitInfo
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCardData

    read = {"language model": "machine-generated", "": "other"}.get(about.reader, "expert-generated")
    creators = {read if by == "read" else "machine-generated" for by in statistics.by}
    is_open = all(re.match(r"(?i)cc[- ]by[- ]4", licence) for _, _, _, licence, _ in statistics.sources)
    data = DatasetCardData(
        pretty_name=about.title,
        language=sorted({langs.base(lang) for lang in statistics.langs}),
        license="cc-by-4.0" if is_open else "other",
        annotations_creators=sorted(creators) or ["no-annotation"],
        language_creators=["found"],
        multilinguality=[*(["multilingual"] if len(statistics.langs) > 1 else ["monolingual"]), *(["translation"] if statistics.parallel else [])],
        size_categories=[size_category(tables, statistics.langs)],
        source_datasets=["original"],
        task_categories=["token-classification"],
        task_ids=["named-entity-recognition"],
        tags=["cross-lingual", "numbers", "quantities", "parallel-corpus", "news"],
    )  # fmt: skip
    if not is_open:
        data["license_name"] = "annotations-cc-by-4.0-texts-of-their-publishers"
        data["license_link"] = "README.md#who-holds-the-rights"
    configs, infos = MetadataConfigs(), DatasetInfosDict()
    for name, table in tables.items():
        path = f"{name}/{columns.SPLIT}-*.parquet"
        configs[name] = {"data_files": [{"split": columns.SPLIT, "path": path}]} | ({"default": True} if name == "articles" else {})  # fmt: skip
        infos[name] = DatasetInfo(
            config_name=name,
            features=Features.from_dict(columns.features(table.columns)),
            splits=SplitDict({columns.SPLIT: SplitInfo(columns.SPLIT, table.bytes_in_memory, table.rows)}),
            download_size=table.bytes_on_disk,
            dataset_size=table.bytes_in_memory,
        )
    configs.to_dataset_card_data(data)
    infos.to_dataset_card_data(data)
    return str(data.to_yaml())


def size_category(tables: Mapping[str, Table], codes: list[str]) -> str:
    """The hub's size class of the number of sentences."""
    rows = sum(tables[code].rows for code in codes)
    return next((name for bound, name in _SIZES if rows < bound), "100M<n<1B")


# ---- checking --------------------------------------------------------------------------------------------------------


def check(folder: Path, declared: Mapping[str, columns.Columns], counted: Mapping[str, int]) -> list[Fault]:
    """Faults of the card of a release, without the hub and without the `datasets` library.

    `declared` are the configurations that the articles call for, `counted` the rows in the Parquet files of each.
    """
    path = folder / "README.md"
    try:
        text = read_text(path)
        data = _parse_head(text, path)
        return list(_check_head(data, text, path, declared, counted))
    except InputError as error:
        return list(error.faults)
    except RecursionError:
        return [
            Fault("bad-card", str(path), "the head refers to itself or is nested without end", "plain YAML")
        ]


def _parse_head(text: str, path: Path) -> dict[str, Any]:
    """The YAML between the first two `---` lines, as strictly as the `datasets` library reads it."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            record = super().construct_mapping(node, deep)
            if len(record) != len(node.value):
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
            return record

    match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if not match:
        raise InputError(Fault("bad-card", f"{path}:1", "no YAML head between two lines ---", "the head of a dataset card"))  # fmt: skip
    try:
        data = yaml.load(match[1], Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 2 if mark else 1}"
        raise InputError(
            Fault("bad-card", where, str(getattr(error, "problem", None) or error), "YAML")
        ) from None
    except ValueError as error:  # such as a date that is none
        raise InputError(Fault("bad-card", f"{path}:1", str(error), "YAML")) from None
    if not isinstance(data, dict):
        raise InputError(Fault("bad-card", f"{path}:1", "the head is not a mapping", "keys and values"))
    return data


def _check_head(
    data: Mapping[str, Any],
    text: str,
    path: Path,
    declared: Mapping[str, columns.Columns],
    counted: Mapping[str, int],
) -> Iterator[Fault]:
    again = "write the release again"
    for key in REQUIRED:
        if not data.get(key):
            yield Fault("card-key", f"{path}:1", f"no {key}", "every key the hub asks for", again)
    configs = {c["config_name"]: (c, n) for c, n in _named(data.get("configs"))}
    infos = {c["config_name"]: (c, n) for c, n in _named(data.get("dataset_info"))}
    defaults = [name for name, (c, _) in configs.items() if c.get("default") is True]
    if defaults != ["articles"]:
        yield Fault("card-default", f"{path}:{_line(text, 'configs:')}", f"default configurations: {', '.join(map(repr, defaults)) or 'none'}", "articles alone", again)  # fmt: skip
    for key, named in (("configs", configs), ("dataset_info", infos)):
        where = f"{path}:{_line(text, f'{key}:')}"
        for name in sorted(set(declared) - set(named)):
            yield Fault("card-config", where, f"{key} lacks {name!r}", "every configuration", again)
        for name in sorted({str(name) for name in named} - set(declared)):
            yield Fault("card-config", where, f"{key} names {name!r}, which the articles do not call for", "only configurations that are there", again)  # fmt: skip
    for name, (config, number) in configs.items():
        expected = [{"split": columns.SPLIT, "path": f"{name}/{columns.SPLIT}-*.parquet"}]
        if name in declared and config.get("data_files") != expected:
            yield Fault("card-files", f"{path}:{_line(text, 'configs:', 'config_name:', number)}", f"data_files of {name!r}: {config.get('data_files')}", str(expected), again)  # fmt: skip
    for name, (info, number) in infos.items():
        if name not in declared:
            continue
        where = f"{path}:{_line(text, 'dataset_info:', 'config_name:', number)}"
        if info.get("features") != columns.yaml_list(declared[name]):
            yield Fault("card-features", where, f"the features of {name!r} are not those of its columns", "the declared features", again)  # fmt: skip
        splits = info.get("splits")
        counts = [(s.get("name"), s.get("num_examples")) for s in splits if isinstance(s, dict)] if isinstance(splits, list) else []  # fmt: skip
        if name in counted and counts != [(columns.SPLIT, counted[name])]:
            told = ", ".join(f"{split} {count}" for split, count in counts) or "nothing"
            yield Fault("card-count", where, f"splits of {name!r}: {told}", f"{columns.SPLIT} {counted[name]}", again)  # fmt: skip


def _named(listed: Any) -> Iterator[tuple[dict[str, Any], int]]:
    """The records of a list that have a config_name, with their place in it."""
    for number, record in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(record, dict) and isinstance(record.get("config_name"), str):
            yield record, number


def _line(text: str, key: str, item: str = "", number: int = 0) -> int:
    """1-based line of a top-level key, or of the `number`-th `item` after it."""
    lines = text.split("\n")
    start = lines.index(key) if key in lines else 0
    found = [
        n for n in range(start, len(lines)) if item and re.match(rf"\s*(- )?{re.escape(item)}", lines[n])
    ]
    return (found[number] if number < len(found) else start) + 1
