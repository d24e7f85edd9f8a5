"""Reading a release: one table of it, or the whole corpus. Needs pyarrow only.

>>> import hexapla
>>> table = hexapla.load("fil")                     # doctest: +SKIP
>>> table.to_pylist()[0]["entity_tags"]             # doctest: +SKIP
['O', 'B-ORG', 'O']
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla.corpus import Article, Corpus
from hexapla.errors import Fault, InputError
from hexapla.release import columns
from hexapla.release.rows import Row, article_of

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


_ON_HUB = re.compile(r"(?P<repo>[\w-][\w.-]*/[\w-][\w.-]*)(?:@(?P<revision>[\w./-]+))?")


def load(config: str = "articles", split: str = columns.SPLIT, path: str | Path = "data") -> pa.Table:
    """One configuration of a release as a `pyarrow.Table`, its class labels as their names (dictionary columns).

    `config` is `articles`, `beads`, a language or a pair such as `ar-fil`; `path` the folder of the release, or its name on
    the Hugging Face hub, `ORG/NAME` or `ORG/NAME@v0.1.0` (then only this table is fetched, or taken from the cache). The table
    is independent of the `datasets` library; `.to_pylist()`, `.to_pandas()` and `polars.from_arrow` take it from there.
    """
    import pyarrow as pa

    folder = located(path, config)
    files = table_files(folder, split).get(config)
    if not files:
        there = ", ".join(table_files(folder, split)) or "none"
        raise InputError(Fault("no-config", str(folder), f"no configuration {config!r} with a split {split!r}", f"one of: {there}"))  # fmt: skip
    tables = []
    for file in files:
        with opened(file) as parquet:
            try:
                tables.append(_named(parquet.read()))
            except Exception as error:
                raise _damaged(file, error) from None
    try:
        return pa.concat_tables(tables)
    except pa.ArrowInvalid as error:
        raise _damaged(files[-1], error) from None


def read_release(path: str | Path) -> Corpus:
    """The corpus of a release, from `articles` and `beads`.

    What a release does not hold is empty: the lines dropped from the raw files, the map back to them, and the beads of
    articles with one document. `InputError` names the first row that is no article; `hexapla validate` names them all.
    """
    folder = located(path)
    articles = []
    for split in splits_of(folder) or [columns.SPLIT]:
        articles += [_article(group) for group in article_groups(folder, split=split)]
    try:
        return Corpus(tuple(sorted(articles, key=lambda a: a.article_id)))
    except ValueError as error:
        raise InputError(Fault("bad-corpus", str(path), str(error))) from None


def located(path: str | Path, config: str = "*") -> Path:
    """The folder of a release; one that is named as on the hub, and is no folder here, is fetched from there."""
    match = _ON_HUB.fullmatch(str(path))
    if match and not Path(path).exists() and not Path(path).parent.is_dir():
        from hexapla.release.hub import snapshot

        return snapshot(match["repo"], match["revision"], config)
    return Path(path)


def _article(group: Group) -> Article:
    where, first = group.documents[0]
    if any(row.get("text") is None and row.get("text_sha256") for _, row in group.documents):
        raise InputError(Fault("no-texts", where, f"the article {first.get('article_id')!r} without a text", "a full release", "get the texts and run `hexapla rehydrate`"))  # fmt: skip
    try:
        return article_of([row for _, row in group.documents], [row for _, row in group.beads])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(Fault("bad-article", where, str(error), "", "run `hexapla validate` on the release")) from None  # fmt: skip


# ---- files and rows: a damaged Parquet file makes pyarrow raise almost anything, so that is what is caught -------------


def splits_of(folder: Path) -> list[str]:
    """The splits that have files."""
    return [split for split in columns.SPLITS if table_files(folder, split)]


def table_files(folder: Path, split: str = columns.SPLIT) -> dict[str, list[Path]]:
    """Configuration -> its Parquet files in order."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.glob(f"*/{split}-*.parquet")):
        found.setdefault(file.parent.name, []).append(file)
    return found


def opened(file: Path) -> pq.ParquetFile:
    """An open Parquet file (a context manager), or `InputError`."""
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(file)
    except Exception as error:
        raise _damaged(file, error) from None


def _damaged(file: Path, error: Exception) -> InputError:
    said = str(error).strip().split("\n")[0][:200]
    return InputError(Fault("bad-parquet", str(file), said or type(error).__name__, "a Parquet file of this release", "fetch the release again"))  # fmt: skip


Placed = tuple[str, Row]
"""A row and where it stands: `<file> (row <n>)`, n from 0 in that file."""


def table_rows(files: list[Path], only: list[str] | None = None) -> Iterator[Placed]:
    """The rows of one configuration, one row group in memory at a time; only some columns if asked."""
    for file in files:
        number = 0
        with opened(file) as parquet:
            for group in range(parquet.num_row_groups):
                try:
                    table = parquet.read_row_group(group, columns=only)
                    table.validate(full=True)
                    listed = table.to_pylist()
                except Exception as error:
                    raise _damaged(file, error) from None
                for row in listed:
                    yield f"{file} (row {number})", row
                    number += 1


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one article in `articles` and in `beads`."""

    article_id: str
    documents: list[Placed]
    beads: list[Placed]


def article_groups(folder: Path, with_beads: bool = True, split: str = columns.SPLIT) -> Iterator[Group]:
    """The articles of one split of a release, one in memory at a time.

    `InputError` if a table is missing or damaged, or if beads stand where their article does not.
    """
    files = table_files(folder, split)
    if missing := [n for n in ("articles", *(["beads"] if with_beads else [])) if n not in files]:
        raise InputError(Fault("no-config", str(folder), f"no configuration {' and no '.join(missing)}", "a release written by `hexapla release`"))  # fmt: skip
    waiting = groupby(
        table_rows(files["beads"] if with_beads else []), lambda placed: placed[1].get("article_id")
    )
    head = next(waiting, None)
    for article_id, documents in groupby(
        table_rows(files["articles"]), lambda placed: placed[1].get("article_id")
    ):
        beads: list[Placed] = []
        if head is not None and head[0] == article_id:
            beads, head = list(head[1]), next(waiting, None)
        yield Group(article_id, list(documents), beads)
    if head is not None:
        where = next(head[1])[0]
        raise InputError(Fault("stray-bead", where, f"beads of {head[0]!r}", "articles and beads in the same order of article_id"))  # fmt: skip


# ---- names for class labels ------------------------------------------------------------------------------------------


def _named(table: pa.Table) -> pa.Table:
    """Class labels by their names, after the features in the file's own schema."""
    import pyarrow as pa

    features = json.loads((table.schema.metadata or {})[b"huggingface"])["info"]["features"]
    arrays = [_decode(table[name].combine_chunks(), features[name]) for name in table.column_names]
    return pa.table(dict(zip(table.column_names, arrays, strict=True)))


def _decode(array: Any, feature: Any) -> pa.Array:
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):  # an older pyarrow combines into one chunk, not into an array
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if not _has_labels(feature):
        return array
    mask = array.is_null() if array.null_count else None
    if feature.get("_type") == "ClassLabel":
        return pa.DictionaryArray.from_arrays(array, pa.array(feature["names"], pa.string()))
    if feature.get("_type") == "List":
        return pa.ListArray.from_arrays(array.offsets, _decode(array.values, feature["feature"]), mask=mask)
    fields = [(name, _decode(array.field(name), inner)) for name, inner in feature.items()]
    return pa.StructArray.from_arrays([a for _, a in fields], [name for name, _ in fields], mask=mask)


def _has_labels(feature: Any) -> bool:
    kind = feature.get("_type")
    if kind == "List":
        return _has_labels(feature["feature"])
    return kind == "ClassLabel" or (kind is None and any(map(_has_labels, feature.values())))
