"""An offline check of the dataset card, without the hub and without the `datasets` library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hexapla.errors import Fault, InputError
from hexapla.release import columns
from hexapla.release.card import REQUIRED
from hexapla.store import read_text


def card_faults(
    folder: Path, declared: Mapping[str, columns.Columns], counted: Mapping[str, Mapping[str, int]]
) -> list[Fault]:
    """Faults of the card of a release, without the hub and without the `datasets` library.

    `declared` are the configurations that the articles call for, `counted` the rows in the
    Parquet files of each, by split.
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
    counted: Mapping[str, Mapping[str, int]],
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
        expected = columns.data_files(name, counted.get(name, {}))
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
        if name in counted and counts != list(counted[name].items()):
            yield Fault("card-count", where, f"splits of {name!r}: {_told(counts)}", _told(counted[name].items()), again)  # fmt: skip


def _told(counts: Iterable[tuple[Any, Any]]) -> str:
    return ", ".join(f"{split} {count}" for split, count in counts) or "nothing"


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
