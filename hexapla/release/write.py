"""The dataset repository: Parquet tables, card, version, changelog and checksums, written from a corpus.

The same corpus, version and annotation folder give the same bytes (with the same release of pyarrow and datasets).
Articles are written one after another, in row groups and shards of bounded size, so that memory does not grow with
their number.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.corpus import Article, Corpus
from hexapla.errors import Fault, HexaplaError, InputError, need
from hexapla.release import columns
from hexapla.release.rows import Row, rows
from hexapla.release.statistics import Statistics
from hexapla.store import read_text, write_text

if TYPE_CHECKING:
    import pyarrow.parquet as pq

CHECKSUMS = "manifest.sha256"
"""One line a file, as `sha256sum -c` reads it."""
CANARY = "hexapla:canary:GUID 48c54eea-b92f-4a81-8b00-ef9b944e4668"
"""Stands in the card and in every Parquet file: whoever finds it in training data has found our test data."""

ROW_GROUP = 1000
ARTICLE_GROUP = 100  # rows of `articles` are some hundred times larger
SHARD_BYTES = 400_000_000

_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(slots=True)
class Table:
    """What was written of one configuration."""

    columns: columns.Columns
    files: list[str] = field(default_factory=list)
    rows: int = 0
    bytes_on_disk: int = 0
    bytes_in_memory: int = 0


class TableWriter:
    """Rows of one configuration into `<folder>/<config>/test-00000.parquet`, `test-00001.parquet`, …"""

    def __init__(
        self, folder: Path, name: str, table: columns.Columns, row_group: int = ROW_GROUP, shard_bytes: int = SHARD_BYTES
    ) -> None:  # fmt: skip
        self.table = Table(table)
        self.name, self._folder, self._row_group, self._shard_bytes = name, folder, row_group, shard_bytes
        self._schema = columns.arrow_schema(table).with_metadata(
            (columns.arrow_schema(table).metadata or {}) | {b"canary": CANARY.encode()}
        )
        self._buffer: list[Row] = []
        self._writer: pq.ParquetWriter | None = None
        self._open()  # a configuration without rows still has its file

    def _open(self) -> None:
        import pyarrow.parquet as pq

        file = f"{self.name}/{columns.SPLIT}-{len(self.table.files):05}.parquet"
        (self._folder / file).parent.mkdir(parents=True, exist_ok=True)
        self.table.files.append(file)
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
        self.table.rows += group.num_rows
        self.table.bytes_in_memory += group.nbytes
        self._buffer = []
        if (self._folder / self.table.files[-1]).stat().st_size >= self._shard_bytes:
            self._close_shard()

    def _close_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            self.table.bytes_on_disk += (self._folder / self.table.files[-1]).stat().st_size

    def close(self) -> Table:
        self._flush()
        self._close_shard()
        return self.table


def release(
    corpus: Corpus,
    out: str | Path,
    version: str,
    *,
    annotation: str | Path = "annotation",
    track: Callable[[Sequence[Article], str], Iterable[Article]] = lambda items, label: items,
) -> dict[str, Table]:
    """Write the dataset repository into `out`; returns configuration -> what was written.

    `version` is `major.minor.patch`. From the folder `annotation`, `card.toml` (`hexapla.release.card.About`), `agreement.json` and
    `CHANGELOG.md` are taken if they are there. Files of an older release in `out` are replaced, others are left. `track`
    wraps the articles in a progress bar; the default shows none. `InputError` if the corpus, the changelog or `out` does
    not allow a release; nothing has been written then.
    """
    from hexapla.release import card

    need("datasets", "datasets")
    out, annotation = Path(out), Path(annotation)
    if not _VERSION.fullmatch(version):
        raise InputError(Fault("bad-version", "version", f"{version!r}", "major.minor.patch such as 0.1.0"))
    if not corpus.articles:
        raise InputError(Fault("empty-corpus", "corpus", "no articles", "at least one"))
    old = _old_files(out)
    about, agreement = (
        card.read_about(annotation / "card.toml"),
        card.read_agreement(annotation / "agreement.json"),
    )
    changes = _changelog(annotation / "CHANGELOG.md", version, corpus)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as name:
        fresh = Path(name)
        statistics = Statistics()
        tables = write_tables(corpus.articles, fresh, statistics, track)
        write_text(fresh / "README.md", card.render(tables, statistics, version, about, agreement))
        write_text(fresh / "CHANGELOG.md", changes)
        write_text(fresh / "VERSION", f"{version}\n")
        write_text(fresh / CHECKSUMS, checksums(fresh))
        _move(fresh, out, old)
    return tables


def write_tables(
    articles: Sequence[Article],
    folder: Path,
    statistics: Statistics,
    track: Callable[[Sequence[Article], str], Iterable[Article]],
) -> dict[str, Table]:
    """The Parquet files of all configurations; `statistics` is fed every article."""
    langs = sorted({lang for a in articles for lang in a.langs})
    pairs = {pair for a in articles for pair in columns.pairs_of(a.langs)}
    declared = columns.configs(langs, pairs)
    if len({name.casefold() for name in declared}) < 2 + len(langs) + len(pairs):
        raise InputError(
            Fault("config-clash", "languages", ", ".join(declared), "distinct configuration names")
        )
    writers = {
        name: TableWriter(folder, name, table, ARTICLE_GROUP if name == "articles" else ROW_GROUP)
        for name, table in declared.items()
    }
    faults: list[Fault] = []
    for article in track(articles, "release"):
        try:
            for name, row in rows(article, langs):
                writers[name].add(row)
        except HexaplaError as error:
            faults += error.faults
        statistics.add(article)
    tables = {name: writer.close() for name, writer in writers.items()}
    if faults:
        raise InputError(faults)
    return tables


# ---- the folder ----------------------------------------------------------------------------------------------------


def digest(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(folder: Path) -> str:
    """`<sha256>  <path>` of every file below `folder` but the list itself, in order of path."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{digest(folder / file)}  {file}\n" for file in files if file != CHECKSUMS)


def read_checksums(path: Path) -> dict[str, str]:
    """File -> hex digest; `InputError` names the line that is not `<sha256>  <path inside the folder>`."""
    listed: dict[str, str] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        match = re.fullmatch(r"([0-9a-f]{64})  ([^/\\\0][^\\\0]*)", line)
        if not match or ".." in match[2].split("/") or match[2] in listed:
            raise InputError(
                Fault(
                    "bad-manifest", f"{path}:{number}", f"{line[:100]!r}", "<sha256>, two spaces, a file once"
                )
            )
        listed[match[2]] = match[1]
    return listed


def _old_files(out: Path) -> set[str]:
    """The files of the release that `out` holds; refuses a folder that is something else."""
    if not out.exists() or (out.is_dir() and all(p.name.startswith(".") for p in out.iterdir())):
        return set()
    if not (out / CHECKSUMS).is_file():
        raise InputError(Fault("not-a-release", str(out), f"no {CHECKSUMS} in it", "a new folder or an older release", "choose another folder"))  # fmt: skip
    return set(read_checksums(out / CHECKSUMS))


def _move(fresh: Path, out: Path, old: Iterable[str]) -> None:
    """Each file by a rename, the checksums last: a release that was cut off does not pass validation."""
    new = sorted(p.relative_to(fresh).as_posix() for p in fresh.rglob("*") if p.is_file())
    for file in sorted(set(old) - set(new)):
        (out / file).unlink(missing_ok=True)
    for file in [*(f for f in new if f != CHECKSUMS), CHECKSUMS]:
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh / file, out / file)
    for folder in {(out / file).parent for file in old} - {out}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _changelog(path: Path, version: str, corpus: Corpus) -> str:
    """The kept changelog, which must have an entry for this version; without one, an entry of bare counts."""
    if path.is_file():
        text = read_text(path)
        if not re.search(rf"(?m)^## {re.escape(version)}(?:\s|$)", text):
            raise InputError(Fault("no-change-entry", str(path), f"no entry `## {version}`", "what changed in this version", "add it"))  # fmt: skip
        return text
    documents = list(corpus.documents)
    counts: Mapping[str, int] = {
        "articles": len(corpus.articles),
        "documents": len(documents),
        "mentions": sum(len(d.mentions) for d in documents),
    }
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return f"# Changes of the data\n\n## {version}\n\n{told[0].upper()}{told[1:]}.\n"
