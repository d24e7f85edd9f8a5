"""From a stand-off release and the texts as they were received, the full release again, byte for byte."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hexapla.corpus import Article, Corpus, Document, sha256
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.ingest import MAX_RAW, read_document
from hexapla.release.fetch import fetch as download
from hexapla.release.folder import CHECKSUMS, move, old_files, read_checksums
from hexapla.release.loading import Group, article_groups, located, splits_of
from hexapla.release.rows import Row, article_of, document_of
from hexapla.release.standoff import FULL, INPUTS, REBUILD, blanked, is_standoff, is_stripped
from hexapla.release.tables import Table, Track
from hexapla.release.write import release
from hexapla.store import read_text, write_text


def rehydrate(
    path: str | Path,
    texts: str | Path,
    out: str | Path = "data",
    *,
    fetch: bool = False,
    track: Track = lambda items, label: items,
) -> dict[str, Table]:
    """Write into `out` the full release of the stand-off release in `path` (or `ORG/NAME@v0.1.0` on the hub).

    texts: a folder of the files as received, under any names; each is known by its sha256. fetch: get what is not there from
    the address in the release, where the site allows it. `InputError` names every text that is missing or differs, and
    nothing has been written then.
    """
    folder, texts, out = located(path), Path(texts), Path(out)
    if not is_standoff(folder):
        raise InputError(Fault("not-standoff", str(folder), f"no {FULL} in it", "a stand-off release", "it needs no texts, or is no release"))  # fmt: skip
    old = old_files(out)
    groups = [g for split in splits_of(folder) for g in article_groups(folder, split=split)]
    find = _finder(texts, fetch)
    articles: list[Article] = []
    faults: list[Fault] = []
    for group in track(groups, "rehydrate"):
        try:
            articles.append(_article(group, texts, find))
        except HexaplaError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    corpus = Corpus(tuple(sorted(articles, key=lambda a: a.article_id)))
    version = read_text(folder / "VERSION").strip()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as name:
        words, fresh = Path(name) / "annotation", Path(name) / "data"
        for file in INPUTS:
            if (folder / REBUILD / file).is_file():
                write_text(words / file, read_text(folder / REBUILD / file))
        write_text(words / "CHANGELOG.md", read_text(folder / "CHANGELOG.md"))
        tables = release(corpus, fresh, version, annotation=words, track=track)
        _compare(folder, fresh)
        move(fresh, out, old)
    return tables


def _compare(folder: Path, fresh: Path) -> None:
    """Is what was rebuilt what was left out?"""
    then, now = read_checksums(folder / FULL), read_checksums(fresh / CHECKSUMS)
    differ = sorted(file for file in then.keys() | now.keys() if then.get(file) != now.get(file))
    if differ:
        import datasets
        import pyarrow

        raise InputError(
            Fault("not-the-same", file, "is not, byte for byte, the file of the full release", "the same bytes",
                  f"use the releases of pyarrow and datasets that it was written with (here {pyarrow.__version__}, {datasets.__version__})")
            for file in differ
        )  # fmt: skip


def _finder(texts: Path, fetch: bool) -> Callable[[Row], bytes]:
    """Gives the raw file of a row of `articles`; `InputError` if there is none with its sha256."""
    if not texts.is_dir() and not fetch:
        raise InputError(Fault("no-folder", str(texts), "not a folder", "the texts as received", "check the path"))  # fmt: skip
    known = {sha256(content): file for file, content in _files(texts)}

    def find(row: Row) -> bytes:
        wanted, file = row["source_sha256"], texts / row["source_file"]
        if wanted in known:
            return known[wanted].read_bytes()
        fix = f"the text of {row['doc_id']} as it was received" + (
            f" from {row['url']}" if row["url"] else ""
        )
        if file.is_file() and file.resolve().is_relative_to(texts.resolve()):
            raise InputError(Fault("text-differs", str(file), f"sha256 {sha256(file.read_bytes())[:12]}…", f"{str(wanted)[:12]}…", f"put there {fix}"))  # fmt: skip
        if fetch and row["url"]:
            content = download(row["url"])
            if sha256(content) != wanted:
                raise InputError(Fault("text-differs", row["url"], f"sha256 {sha256(content)[:12]}… now", f"{str(wanted)[:12]}…", f"get {fix}"))  # fmt: skip
            return content
        raise InputError(Fault("text-missing", str(file), f"no file with sha256 {str(wanted)[:12]}… in {texts}", "", f"put there {fix}"))  # fmt: skip

    return find


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_RAW:
            yield file, file.read_bytes()


def _article(group: Group, texts: Path, find: Callable[[Row], bytes]) -> Article:
    """The article with its texts; what the release holds of it is laid over them."""
    whole: list[Row] = []
    faults: list[Fault] = []
    for where, row in group.documents:
        if not is_stripped(row):
            whole.append(row)
            continue
        try:
            text = _ingested(row, find(row), str(texts / row["source_file"]))
            mentions = [m | {"surface": text[m["start"] : m["end"]]} for m in row["mentions"]]
            whole.append(row | {"text": text, "mentions": mentions})
        except HexaplaError as error:
            faults += error.faults
        except (KeyError, TypeError) as error:
            faults.append(Fault("bad-article", where, str(error), "", "run `hexapla validate` on the release"))  # fmt: skip
    if faults:
        raise InputError(faults)
    try:
        return article_of(whole, [row for _, row in group.beads])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(Fault("bad-article", group.documents[0][0], str(error), "", "run `hexapla validate` on the release")) from None  # fmt: skip


def _ingested(row: Row, raw: bytes, where: str) -> str:
    """The clean text of a raw file, if it is the one that was annotated."""
    source = dataclasses.replace(document_of(blanked(row)).source, sha256="")
    document: Document = read_document(source, raw, where, force=True)[0]
    if document.text_sha256 != row["text_sha256"]:
        raise InputError(Fault("text-differs", where, f"as it is read now, the clean text has sha256 {document.text_sha256[:12]}…", f"{row['text_sha256'][:12]}…",
              "use the version of hexapla that the release was made with"))  # fmt: skip
    return document.text
