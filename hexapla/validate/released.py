"""The checks of a release: checksums, version, tables and their schema, card; the rows are looked at in `rows`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from hexapla.errors import Fault, HexaplaError
from hexapla.release import columns, croissant, leakage
from hexapla.release.folder import CHECKSUMS, digest, read_checksums
from hexapla.release.loading import opened, splits_of, table_files, table_rows
from hexapla.release.standoff import is_standoff
from hexapla.store import parse_json, read_text
from hexapla.validate.card import card_faults
from hexapla.validate.rows import AGAIN, Content


def release_faults(folder: Path) -> Iterator[Fault]:
    """All faults of the release in `folder`."""
    broken: set[str] = set()
    yield from _checksum_faults(folder, broken)
    yield from _version_faults(folder)
    yield from _croissant_faults(folder)
    langs: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    splits = splits_of(folder) or [columns.SPLIT]
    try:
        _layout(folder, splits, langs, pairs)
    except HexaplaError as error:
        yield from error.faults
        return
    declared = columns.configs(langs, pairs)
    counted: dict[str, dict[str, int]] = {}
    sound: dict[str, set[str]] = {split: set() for split in splits}
    for name, table in declared.items():
        for split in splits:
            faults = list(_schema_faults(folder, name, table, split, counted))
            yield from faults
            if not faults:
                sound[split].add(name)
    yield from card_faults(folder, declared, counted)
    standoff = is_standoff(folder)
    for split in splits:
        if "articles" in sound[split]:
            files = {n: listed for n, listed in table_files(folder, split).items() if n in sound[split]}
            try:
                yield from Content(folder, split, sorted(langs), files, broken, standoff).faults()
            except HexaplaError as error:
                yield from error.faults
    if all("articles" in names for names in sound.values()):
        try:
            yield from leakage.leaks(folder)
        except HexaplaError as error:
            yield from error.faults


# ---- files -----------------------------------------------------------------------------------------------------------


def _checksum_faults(folder: Path, broken: set[str]) -> Iterator[Fault]:
    """Files that are not what the list of checksums says; collects their names."""
    try:
        listed = read_checksums(folder / CHECKSUMS)
    except HexaplaError as error:
        yield from error.faults
        return
    for file, expected in listed.items():
        try:
            found = digest(folder / file)
        except OSError as error:
            yield Fault(
                "missing-file",
                str(folder / file),
                error.strerror or str(error),
                f"as {CHECKSUMS} lists it",
                AGAIN,
            )
            continue
        if found != expected:
            broken.add(str(folder / file))
            yield Fault(
                "changed-file", str(folder / file), f"sha256 {found[:12]}…", f"{expected[:12]}…", AGAIN
            )
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed and name != CHECKSUMS and not any(p.startswith(".") for p in name.split("/")):  # fmt: skip
            yield Fault(
                "unlisted-file", str(path), f"not in {CHECKSUMS}", "", "remove it, or write the release again"
            )


def _croissant_faults(folder: Path) -> Iterator[Fault]:
    """Does the description name the Parquet files that are there, with their checksums, and this version?"""
    path = folder / croissant.FILE
    try:
        record = parse_json(read_text(path), str(path))
        listed = read_checksums(folder / CHECKSUMS)
        version = read_text(folder / "VERSION").strip()
    except HexaplaError as error:
        yield from (
            f for f in error.faults if f.where.startswith(str(path))
        )  # the others are named elsewhere
        return
    files = record.get("distribution") if isinstance(record, dict) else None
    if not isinstance(files, list) or not all(isinstance(f, dict) for f in files):
        yield Fault("bad-croissant", str(path), "no list `distribution`", "a description of the files", AGAIN)
        return
    told = {str(f.get("contentUrl")): f.get("sha256") for f in files}
    there = {file: digest for file, digest in listed.items() if file.endswith(".parquet")}
    for file in sorted(told.keys() | there.keys()):
        if told.get(file) != there.get(file):
            yield Fault("croissant-files", str(path), f"{file}: {str(told.get(file))[:12]}…", f"{str(there.get(file))[:12]}… as in {CHECKSUMS}", AGAIN)  # fmt: skip
    if record.get("version") != version:
        yield Fault(
            "croissant-version", str(path), f"version {record.get('version')!r}", repr(version), AGAIN
        )


def _version_faults(folder: Path) -> Iterator[Fault]:
    try:
        version = read_text(folder / "VERSION").strip()
        if not re.fullmatch(r"\d+\.\d+\.\d+", version):
            yield Fault("bad-version", f"{folder / 'VERSION'}:1", repr(version[:40]), "major.minor.patch")
        elif not re.search(rf"(?m)^## {re.escape(version)}(?:\s|$)", read_text(folder / "CHANGELOG.md")):
            yield Fault("no-change-entry", str(folder / "CHANGELOG.md"), f"no entry `## {version}`", "an entry for the version", AGAIN)  # fmt: skip
    except HexaplaError as error:
        yield from error.faults


def _layout(folder: Path, splits: Sequence[str], langs: set[str], pairs: set[tuple[str, str]]) -> None:
    """Languages and pairs that the articles call for."""
    held: dict[str, set[str]] = {}
    files = [file for split in splits for file in table_files(folder, split).get("articles", [])]
    for _, row in table_rows(files, ["article_id", "lang"]):
        if isinstance(row.get("lang"), str):
            held.setdefault(str(row.get("article_id")), set()).add(row["lang"])
    for codes in held.values():
        langs |= codes
        pairs |= set(columns.pairs_of(codes))


def _schema_faults(
    folder: Path, name: str, table: columns.Columns, split: str, counted: dict[str, dict[str, int]]
) -> Iterator[Fault]:
    """Missing files, columns and types; counts the rows."""
    files = table_files(folder, split).get(name, [])
    if not files:
        yield Fault("no-config", str(folder / name), f"no Parquet file of {split}", f"the table {name!r}", AGAIN)  # fmt: skip
    expected = columns.arrow_schema(table)
    for file in files:
        try:
            with opened(file) as parquet:
                schema, total = parquet.schema_arrow, parquet.metadata.num_rows
        except HexaplaError as error:
            yield from error.faults
            continue
        counts = counted.setdefault(name, {})
        counts[split] = counts.get(split, 0) + total
        for column in expected.names:
            if schema.names.count(column) != 1:
                yield Fault(
                    "missing-column",
                    str(file),
                    f"{schema.names.count(column)} columns {column!r}",
                    "one",
                    AGAIN,
                )
            elif schema.field(column).type != expected.field(column).type:
                yield Fault("column-type", str(file), f"{column!r} is {schema.field(column).type}", str(expected.field(column).type), AGAIN)  # fmt: skip
        for column in sorted(set(schema.names) - set(expected.names)):
            yield Fault("extra-column", str(file), f"a column {column!r}", "only declared columns", AGAIN)
        if (schema.metadata or {}).get(b"huggingface") != expected.metadata[b"huggingface"]:
            yield Fault("features", str(file), "the features in the schema are not the declared ones", "the class labels of this version", AGAIN)  # fmt: skip
