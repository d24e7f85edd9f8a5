"""Raw file -> clean document: furniture goes, each piece with a reason; title, headings and paragraphs stay as blocks.

The clean text joins the blocks with a blank line and is never edited afterwards. It is made of runs of the raw text, so
every offset maps back (`Document.raw_map`).
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hexapla import langid
from hexapla.corpus import Block, Document, Source, sha256
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.furniture import clean
from hexapla.html import read_html
from hexapla.manifest import read_manifest
from hexapla.markdown import read_markdown
from hexapla.page import Draft, Run, joins, read_lines

SUFFIXES = (".txt", ".md", ".html", ".htm")
MAX_RAW = 10_000_000  # bytes of one raw file
BLOCK_GAP = "\n\n"
BUILD_MARK = "summary.json"  # a folder that holds this file is the output of a build

Run3 = tuple[int, int, int]
"""(start in the clean text, start in the raw file, length)."""


# ---- files ---------------------------------------------------------------------------------------------------------


_NOT_ARTICLES = re.compile(r"(?i)(?:readme|licen[cs]e|copying|notice|changelog|contributing)(?:[._-].*)?")


def sources(folder: Path) -> tuple[list[Source], list[str]]:
    """The documents of a folder: those of its manifest, and text files that the manifest does not name yet.

    The second list tells which files were passed over and why. Raises `InputError` where a manifest entry has no file
    in the folder, or there is nothing to read.
    """
    if not folder.is_dir():
        raise InputError(
            Fault(
                "no-folder",
                str(folder),
                "not a folder",
                "a folder of .txt, .md or .html files",
                "check the path",
            )
        )
    manifest = folder / "manifest.toml"
    known = read_manifest(manifest) if manifest.exists() else []
    faults = []
    for s in known:
        file = folder / s.file
        if not file.is_file():
            faults.append(Fault("no-file", str(manifest), f"{s.file!r} is not in the folder", "a file for each entry",
                                "add the file or remove the entry"))  # fmt: skip
        elif not file.resolve().is_relative_to(folder.resolve()):
            faults.append(Fault("outside-folder", str(manifest), f"{s.file!r} leads out of the folder", "a file inside it",
                                "copy the file there"))  # fmt: skip
    if faults:
        raise InputError(faults)
    named = {s.file for s in known} | {"manifest.toml"}
    listed, passed = list(known), []
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        if name in named:
            continue
        if file.is_symlink():
            passed.append(f"{file}: passed over, a link")
        elif file.suffix.lower() not in SUFFIXES:
            passed.append(f"{file}: passed over, not one of {', '.join(SUFFIXES)}")
        elif not _NOT_ARTICLES.fullmatch(file.stem):
            listed.append(Source("", name, ""))
    if not listed:
        found = "; ".join(passed[:3]) or "an empty folder"
        raise InputError(
            Fault(
                "no-documents", str(folder), found, f"files ending in {', '.join(SUFFIXES)}", "check the path"
            )
        )
    return listed, passed


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and its subfolders, in order; hidden ones and earlier builds are left alone."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            if not (path / BUILD_MARK).is_file():
                yield from _files(path)
        else:
            yield path


def decode(raw: bytes, where: str) -> str:
    """UTF-8 (a byte-order mark is dropped), or `InputError` with the offset of the first bad byte."""
    if len(raw) > MAX_RAW:
        raise InputError(
            Fault("too-large", where, f"{len(raw):,} bytes", f"at most {MAX_RAW:,}", "split the file")
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(Fault("not-utf8", where, "UTF-16", "UTF-8", "save the file as UTF-8"))
    if b"\x00" in raw:
        raise InputError(
            Fault("binary-file", where, f"a NUL byte at offset {raw.index(0)}", "text", "remove the file")
        )
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at offset {error.start}"
        raise InputError(Fault("not-utf8", where, found, "UTF-8", "save the file as UTF-8")) from None
    if not text.strip():
        raise InputError(Fault("empty-file", where, "an empty file", "a text", "remove it or fill it"))
    return text


def ingest(folder: Path, force: bool = False) -> tuple[list[Document], list[str]]:
    """All documents of a folder, and warnings. Every refused file is named in one `InputError`; nothing is written."""
    documents: list[Document] = []
    faults: list[Fault] = []
    listed, warnings = sources(folder)
    for source in listed:
        where = str(folder / source.file)
        try:
            raw = _read(folder / source.file)
            if source.sha256 and source.sha256 != sha256(raw):
                raise InputError(
                    Fault("file-changed", where, f"sha256 {sha256(raw)[:12]}…", f"{source.sha256[:12]}… (manifest)",
                          "put the file back, or remove the sha256 from the manifest if the change is meant")
                )  # fmt: skip
            document, told = read_document(source, raw, where, force)
            documents.append(document)
            warnings += told
        except HexaplaError as error:
            faults += error.faults
    for name, values in (
        ("id", [d.doc_id for d in documents]),
        ("content", [d.source.sha256 for d in documents]),
    ):
        for value in sorted(v for v, n in Counter(values).items() if n > 1):
            files = ", ".join(d.source.file for d, v in zip(documents, values, strict=True) if v == value)
            faults.append(
                Fault(
                    "duplicate", str(folder), f"{files}: the same {name}", "distinct documents", "remove one"
                )
            )
    if faults:
        raise InputError(faults)
    return documents, warnings


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_RAW + 1)
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError(Fault("unreadable", str(file), found, "", "check the file's permissions")) from None


def read_document(source: Source, raw: bytes, where: str, force: bool = False) -> tuple[Document, list[str]]:
    """One raw file as a clean document, its source completed (id, language, publisher, date)."""
    decoded = decode(raw, where)
    suffix = Path(source.file).suffix.lower()
    if suffix in (".html", ".htm"):
        page = read_html(decoded, where)
    elif suffix == ".md":
        page = read_markdown(decoded)
    else:
        page = read_lines(decoded)
    wanted = "\n".join(d.text for d in page.drafts if not d.reason)
    lang, told = langid.check(source.lang, wanted, source.file, where, force)
    kept, dropped, page = clean(page, lang)
    if not kept:
        raise InputError(
            Fault("no-text", where, "nothing but page furniture", "an article", "check the file")
        )
    text, blocks, raw_map = assemble(page.raw, kept)
    if page.origin is not None:
        raw_map = tuple(_through(raw_map, page.raw, page.origin, decoded))
    source = dataclasses.replace(
        source,
        doc_id=source.doc_id or sha256(raw)[:12],
        lang=lang,
        sha256=sha256(raw),
        publisher=source.publisher or page.publisher,
        published=source.published or page.published,
    )
    return Document(source, text, blocks, dropped=tuple(dropped), raw_map=raw_map), told


# ---- assembling ----------------------------------------------------------------------------------------------------


def assemble(raw: str, drafts: Sequence[Draft]) -> tuple[str, tuple[Block, ...], tuple[Run3, ...]]:
    """The clean text (NFC), its blocks, and the map back to the raw text."""
    parts: list[str] = []
    blocks: list[Block] = []
    raw_map: list[Run3] = []
    at = 0
    for one in drafts:
        if blocks:
            parts.append(BLOCK_GAP)
            at += len(BLOCK_GAP)
        start = at
        pieces = _pieces(raw, one)
        for piece, run in pieces:
            if run:
                last = raw_map[-1] if raw_map else (0, 0, 0)
                if last[0] + last[2] == at and last[1] + last[2] == run[0] and last[2]:
                    raw_map[-1] = (last[0], last[1], last[2] + len(piece))
                else:
                    raw_map.append((at, run[0], len(piece)))
            parts.append(piece)
            at += len(piece)
        blocks.append(Block(start, at, one.kind))
    return "".join(parts), tuple(blocks), tuple(raw_map)


def _pieces(raw: str, draft: Draft) -> Iterator[tuple[str, Run | None]]:
    """The text of a draft in NFC, in pieces, each with the run of the raw text that it equals, if there is one.

    Where the text is NFC already, a piece is a run; else it goes word by word, so that the map has gaps only where NFC
    changed something.
    """
    if unicodedata.is_normalized("NFC", draft.text):
        for gap, start, end in joins(raw, draft.runs):
            if gap:
                yield gap, None
            yield raw[start:end], (start, end)
        return
    origin: list[int] = []
    for gap, start, end in joins(raw, draft.runs):
        origin += [-1] * len(gap) + list(range(start, end))
    for match in re.finditer(r"\s+|\S+", draft.text):
        piece, (start, end) = match.group(), match.span()
        composed = unicodedata.normalize("NFC", piece)
        where = origin[start:end]
        # a word may be made of two runs (of Markdown): then its characters are not neighbours in the raw text
        whole = composed == piece and where[0] >= 0 and where == list(range(where[0], where[0] + len(where)))
        yield composed, (where[0], where[-1] + 1) if whole else None


def _through(runs: Iterable[Run3], text: str, origin: Sequence[int], file: str) -> Iterator[Run3]:
    """A map into `text` as a map into the file behind it; characters that stand otherwise in the file are left out."""
    for start, raw_start, length in runs:
        at = 0
        while at < length:
            where, size = origin[raw_start + at], 0
            while (
                at + size < length
                and origin[raw_start + at + size] == where + size
                and file[where + size] == text[raw_start + at + size]
            ):
                size += 1
            if size:
                yield start + at, where, size
            at += max(size, 1)
