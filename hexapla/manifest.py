"""The manifest of a folder of texts (`manifest.toml`): one `[[document]]` per file. Comments and order are kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from hexapla import langs
from hexapla.corpus import Source
from hexapla.errors import Fault, HexaplaError, InputError

# manifest key -> field of Source, in the order of the file
KEYS = (
    {"id": "doc_id"}
    | {f.name: f.name for f in dataclasses.fields(Source) if f.name not in ("doc_id", "sha256")}
    | {"sha256": "sha256"}
)


def read_manifest(path: Path) -> list[Source]:
    """The documents of a manifest, in its order; every fault in it is named in one `InputError`."""
    from hexapla.store import read_text

    text = read_text(path)
    try:
        records = tomlkit.parse(text).unwrap().get("document", [])
    except TOMLKitError as error:
        raise InputError(
            Fault(
                "bad-manifest", f"{path}:{getattr(error, 'line', 1)}", str(error), "TOML", "mend the manifest"
            )
        ) from None
    sources: list[Source] = []
    faults: list[Fault] = []
    starts = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith("[[document]]")]
    for number, record in enumerate(records if isinstance(records, list) else []):
        where = f"{path}:{starts[number] if number < len(starts) else 1}"
        try:
            sources.append(_source(record, where))
        except HexaplaError as error:
            faults += error.faults
    for name in ("doc_id", "file"):
        values: list[str] = [getattr(s, name) for s in sources]
        faults += [
            Fault(
                "duplicate",
                str(path),
                f"{name} {v!r} stands {values.count(v)} times",
                "once",
                "rename or remove one",
            )
            for v in sorted({v for v in values if v and values.count(v) > 1})
        ]
    if faults:
        raise InputError(faults)
    if not sources:
        raise InputError(
            Fault(
                "bad-manifest",
                str(path),
                "no [[document]]",
                "at least one",
                "add an entry or remove the file",
            )
        )
    return sources


def _source(record: dict[str, object], where: str) -> Source:
    if strange := set(record) - set(KEYS):
        raise InputError(
            Fault(
                "bad-manifest", where, f"unknown key {', '.join(sorted(strange))}", f"only {', '.join(KEYS)}"
            )
        )
    if wrong := [k for k, v in record.items() if not isinstance(v, str)]:
        raise InputError(
            Fault("bad-manifest", where, f"{', '.join(wrong)} is not a string", "strings in quotes")
        )
    fields = {KEYS[k]: str(v) for k, v in record.items()}
    if not fields.get("file"):
        raise InputError(Fault("bad-manifest", where, "no file", 'file = "…"'))
    if Path(fields["file"]).is_absolute() or ".." in Path(fields["file"]).parts:
        raise InputError(Fault("bad-manifest", where, f"file {fields['file']!r}", "a path inside the folder"))
    if fields.get("lang"):
        try:
            fields["lang"] = langs.normalise(fields["lang"])
        except HexaplaError as error:
            raise InputError(dataclasses.replace(error.faults[0], where=where)) from None
    try:
        # an entry may leave id and lang to the build, which fills them in
        return Source(**({"doc_id": "", "lang": ""} | fields))
    except ValueError as error:
        raise InputError(Fault("bad-manifest", where, str(error))) from None


def write_manifest(path: Path, sources: Iterable[Source]) -> None:
    """Write the manifest, keeping what an existing file says beside our keys (comments, order, blank lines)."""
    from hexapla.store import write_text

    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    tables = document.get("document")
    if tables is None:
        if not path.exists():
            document.add(
                tomlkit.comment(
                    "One [[document]] per file: see docs/build-your-own.md. What the first build finds is kept."
                )
            )
            document.add(tomlkit.nl())
        tables = document["document"] = tomlkit.aot()
    by_file = {str(t["file"]): t for t in tables}
    for source in sources:
        table = by_file.get(source.file)
        if table is None:
            table = tomlkit.table()
            tables.append(table)
        for key, name in KEYS.items():
            value = getattr(source, name)
            default = value == "unknown" or not value
            if table.get(key) != value and not (default and key not in table):
                table[key] = value
    write_text(path, tomlkit.dumps(document))
