"""The Parquet files of a release: rows in row groups and shards of bounded size, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla.corpus import Article
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.release import columns
from hexapla.release.articles import Articles
from hexapla.release.rows import Row, rows
from hexapla.release.standoff import closed, stripped

if TYPE_CHECKING:
    import pyarrow.parquet as pq

CANARY = "hexapla:canary:GUID 48c54eea-b92f-4a81-8b00-ef9b944e4668"
"""Stands in the card and in every Parquet file: whoever finds it in training data has found our test data."""

ROW_GROUP = 1000
ARTICLE_GROUP = 100  # rows of `articles` are some hundred times larger
SHARD_BYTES = 400_000_000
SHARD_GROUPS = 100  # a file's footer, which describes its row groups, is held in memory until it is closed

Track = Callable[[Any, str], Iterable[Any]]
"""Wraps something that has a length in a progress bar."""


@dataclass(slots=True)
class Part:
    """What was written of one split of a configuration; `bytes_in_memory` as Arrow holds it."""

    files: list[str] = field(default_factory=list)
    rows: int = 0
    bytes_on_disk: int = 0
    bytes_in_memory: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What was written of one configuration, by split."""

    columns: columns.Columns
    parts: Mapping[str, Part]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts.values())


class TableWriter:
    """Rows of one configuration and split into `<folder>/<config>/test-00000.parquet`, `test-00001.parquet`, …"""

    def __init__(
        self, folder: Path, name: str, table: columns.Columns, split: str = columns.SPLIT, row_group: int = ROW_GROUP,
        shard_bytes: int = SHARD_BYTES, shard_groups: int = SHARD_GROUPS,
    ) -> None:  # fmt: skip
        self.part = Part()
        self.name, self._split, self._folder = name, split, folder
        self._row_group, self._shard_bytes, self._shard_groups = row_group, shard_bytes, shard_groups
        self._groups = 0
        schema = columns.arrow_schema(table)
        self._schema = schema.with_metadata((schema.metadata or {}) | {b"canary": CANARY.encode()})
        self._buffer: list[Row] = []
        self._writer: pq.ParquetWriter | None = None
        self._open()  # a configuration without rows still has its file

    def _open(self) -> None:
        import pyarrow.parquet as pq

        file = f"{self.name}/{self._split}-{len(self.part.files):05}.parquet"
        (self._folder / file).parent.mkdir(parents=True, exist_ok=True)
        self.part.files.append(file)
        self._groups = 0
        self._writer = pq.ParquetWriter(self._folder / file, self._schema, write_page_index=True)

    def add(self, row: Row) -> None:
        self._buffer.append(row)
        if len(self._buffer) == self._row_group:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._buffer:
            return
        if self._writer is None:
            self._open()
        assert self._writer is not None
        group = pa.Table.from_pylist(self._buffer, self._schema)
        self._writer.write_table(group)
        self.part.rows += group.num_rows
        self.part.bytes_in_memory += group.nbytes
        self._buffer = []
        self._groups += 1
        size = (self._folder / self.part.files[-1]).stat().st_size
        if size >= self._shard_bytes or self._groups >= self._shard_groups:
            self._close_shard()

    def _close_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            self.part.bytes_on_disk += (self._folder / self.part.files[-1]).stat().st_size

    def close(self) -> Part:
        self._flush()
        self._close_shard()
        return self.part


def write_tables(
    articles: Articles,
    splits: Mapping[str, str],
    folder: Path,
    *,
    standoff: bool = False,
    watchers: Sequence[Callable[[Article], object]] = (),
    track: Track = lambda items, label: items,
) -> dict[str, Table]:
    """The Parquet files of all configurations; each article is also shown to the `watchers`.

    `splits`: article -> split. `standoff`: leave out what is text in documents that are not open.
    """
    layout = articles.langs
    langs = sorted({lang for codes in layout.values() for lang in codes})
    pairs = {pair for codes in set(layout.values()) for pair in columns.pairs_of(codes)}
    declared = columns.configs(langs, pairs)
    if len({name.casefold() for name in declared}) < 2 + len(langs) + len(pairs):
        raise InputError(Fault("config-clash", "languages", ", ".join(declared), "distinct configuration names"))  # fmt: skip
    used = [split for split in columns.SPLITS if split in set(splits.values())]
    writers = {
        (name, split): TableWriter(folder, name, table, split, ARTICLE_GROUP if name == "articles" else ROW_GROUP)
        for name, table in declared.items()
        for split in used
    }  # fmt: skip
    faults: list[Fault] = []
    for article in track(articles, "release without texts" if standoff else "release"):
        split, silent = splits[article.article_id], closed(article) if standoff else frozenset()
        try:
            for name, row in rows(article, langs):
                writers[name, split].add(stripped(name, row, silent) if silent else row)
        except HexaplaError as error:
            faults += error.faults
        for watcher in watchers:
            watcher(article)
    parts = {key: writer.close() for key, writer in writers.items()}
    if faults:
        raise InputError(faults)
    return {
        name: Table(table, {split: parts[name, split] for split in used}) for name, table in declared.items()
    }
