"""The manifest of a folder of texts (`manifest.toml`): one `[[document]]` per file. Comments and order are kept."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

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


_HEAD = "One [[document]] per file: see docs/build-your-own.md. What the first build finds is kept."


def _parse(path: Path) -> tuple[str, tomlkit.TOMLDocument]:
    from hexapla.store import read_text

    text = read_text(path).removeprefix("\ufeff")
    try:
        return text, tomlkit.parse(text)
    except (TOMLKitError, RecursionError) as error:
        where = f"{path}:{getattr(error, 'line', 1)}"
        raise InputError(Fault("bad-manifest", where, str(error), "TOML", "mend the manifest")) from None


def read_manifest(path: Path) -> list[Source]:
    """The documents of a manifest, in its order; every fault in it is named in one `InputError`."""
    text, document = _parse(path)
    parsed = document.unwrap()
    records = parsed.get("document")
    sources: list[Source] = []
    faults = [
        Fault(
            "bad-manifest",
            f"{path}:{_line(text, key)}",
            f"unknown key {key!r}",
            "only [[document]]",
            "correct or remove it",
        )
        for key in parsed
        if key != "document"
    ]
    if not isinstance(records, list) or not records:
        fix = "add an entry or remove the file"
        raise InputError([*faults, Fault("bad-manifest", str(path), "no [[document]]", "at least one", fix)])
    starts = [
        n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*document\s*\]\]", line)
    ]
    for number, record in enumerate(records):
        where = f"{path}:{starts[number] if number < len(starts) else 1}"
        try:
            sources.append(_source(record, where))
        except HexaplaError as error:
            faults += error.faults
    for name in ("doc_id", "file"):
        # file systems may not tell capitals from small letters
        counts = Counter(getattr(s, name).casefold() for s in sources if getattr(s, name))
        faults += [
            Fault(
                "duplicate", str(path), f"{name} {value!r} stands {n} times", "once", "rename or remove one"
            )
            for value, n in sorted(counts.items())
            if n > 1
        ]
    if faults:
        raise InputError(faults)
    return sources


def _line(text: str, key: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if re.match(rf"[\s\[]*[\"']?{re.escape(key)}\b", line)), 1)


def _source(record: object, where: str) -> Source:
    if not isinstance(record, dict):
        raise InputError(Fault("bad-manifest", where, f"{record!r}", "a table [[document]]"))
    if strange := set(record) - set(KEYS):
        found = f"unknown key {', '.join(sorted(strange))}"
        raise InputError(
            Fault("bad-manifest", where, found, f"only {', '.join(KEYS)}", "correct or remove it")
        )
    if wrong := [k for k, v in record.items() if not isinstance(v, str)]:
        found = f"{', '.join(wrong)} is not a string"
        raise InputError(Fault("bad-manifest", where, found, 'strings in quotes: published = "2026-01-16"'))
    fields = {KEYS[k]: v for k, v in record.items()}
    if not fields.get("file"):
        raise InputError(Fault("bad-manifest", where, "no file", 'file = "…"'))
    fields["file"] = _plain(fields["file"])
    if fields["file"].startswith("/") or re.search(r"(?:^|/)\.\.(?:/|$)|[\\\x00]|^[A-Za-z]:", fields["file"]):
        raise InputError(
            Fault("bad-manifest", where, f"file {fields['file']!r}", "a path inside the folder, with /")
        )
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


def _plain(file: str) -> str:
    """`./a//b.txt` -> `a/b.txt`."""
    return PurePosixPath(file).as_posix()


def write_manifest(path: Path, sources: Iterable[Source]) -> None:
    """Write the manifest, keeping what an existing file says beside our keys (comments, order, blank lines).

    A file that says all that already is left untouched.
    """
    from hexapla.store import write_text

    text, document = _parse(path) if path.exists() else ("", tomlkit.document())
    if not text:
        document.add(tomlkit.comment(_HEAD))
        document.add(tomlkit.nl())
    if "document" not in document:
        document["document"] = tomlkit.aot()
    tables = document["document"]
    by_file = {_plain(str(t["file"])): t for t in tables}
    for source in sources:
        table = by_file.get(source.file)
        if table is None:
            table = tomlkit.table()
            tables.append(table)
        for key, name in KEYS.items():
            value = getattr(source, name)
            default = value == "unknown" or not value
            if name == "file" and key in table:
                continue  # as it was written
            if table.get(key) != value and not (default and key not in table):
                table[key] = value
    written = tomlkit.dumps(document)
    if written != text:
        write_text(path, written)
