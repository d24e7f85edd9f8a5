"""`hexapla validate`: is a folder what it says it is? A release, a built corpus, or gold annotations with their texts.

Every fault is named with its file and line (in Parquet: row, from 0) and nothing is changed. Damaged files are faults
like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from hexapla.corpus import BLOCK_KINDS, Span, sha256
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.manifest import read_manifest
from hexapla.store import dumps, line_hashes, line_of, parse_json, read_facts, read_text
from hexapla.validate.checks import Wrong, mention_faults, span_faults, text_faults


def validate(path: str | Path, texts: str | Path | None = None) -> list[Fault]:
    """All faults of a release (`data/`), a built corpus (`build/`) or gold (`annotation/gold/`); `[]` if there is none.

    `texts` is the folder of clean texts that gold was made on; without it, `build/texts` beside the gold's checkout.
    `InputError` if the folder is none of the three.
    """
    folder = Path(path)
    if (
        (folder / "VERSION").exists()
        or (folder / "manifest.sha256").exists()
        or (folder / "articles").is_dir()
    ):
        from hexapla.validate.released import release_faults

        return list(release_faults(folder))
    if (folder / "manifest.toml").exists() and (folder / "texts").is_dir():
        return list(_corpus_faults(folder))
    if folder.is_dir() and any(folder.glob("*/facts.json")):
        beside = Path(texts) if texts is not None else folder.resolve().parent.parent / "build" / "texts"
        if not beside.is_dir():
            raise InputError(Fault("no-texts", str(beside), "no such folder", "the texts that the gold was made on", "build the corpus, or name the folder with --texts"))  # fmt: skip
        known = {file.stem: file for file in sorted(beside.glob("*.txt"))}
        return [f for article in _articles(folder) for f in _article_faults(article, known, None)]
    raise InputError(
        Fault("not-a-corpus", str(folder), "neither a release, nor a built corpus, nor gold",
              "a folder with manifest.sha256, with manifest.toml and texts/, or with <article>/facts.json", "check the path")
    )  # fmt: skip


def _articles(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _fault(where: str, wrong: Wrong) -> Fault:
    code, found, expected = wrong
    return Fault(code, where, found, expected, "put it right, or restore the file")


# ---- a built corpus --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """What the annotation files of a built corpus are held against."""

    file: Path
    lang: str
    sentences: frozenset[Span]


def _corpus_faults(folder: Path) -> Iterator[Fault]:
    try:
        sources = read_manifest(folder / "manifest.toml")
    except HexaplaError as error:
        yield from error.faults
        return
    articles: dict[str, dict[str, _Text]] = {}
    for source in sources:
        file = folder / "texts" / f"{source.doc_id}.txt"
        sentences: list[Span] = []
        yield from _side_faults(file, sentences)
        article = articles.setdefault(source.article or source.doc_id, {})
        if source.lang in (t.lang for t in article.values()):
            yield Fault("two-of-a-language", str(folder / "manifest.toml"), f"two documents in {source.lang} in article {source.article!r}", "one document a language")  # fmt: skip
        article[source.doc_id] = _Text(file, source.lang, frozenset(sentences))
    for name, documents in sorted(articles.items()):
        where = folder / "annotations" / name
        for doc_id in documents:
            if not (where / f"{doc_id}.json").is_file():
                yield Fault(
                    "no-file", str(where / f"{doc_id}.json"), "no annotations", "a file for each document"
                )
        if where.is_dir():
            yield from _article_faults(where, {n: t.file for n, t in documents.items()}, documents)
    for file in sorted((folder / "annotations").glob("*")):
        if file.name not in articles and not file.name.startswith("."):
            yield Fault("unlisted-file", str(file), "an article that the manifest does not have", "", "remove it, or build again")  # fmt: skip


def _side_faults(file: Path, sentences: list[Span]) -> Iterator[Fault]:
    """Of `texts/<doc>.txt` and `texts/<doc>.json`; collects the sentences."""
    side = file.with_suffix(".json")
    try:
        text = read_text(file)
        raw = read_text(side)
        record = parse_json(raw, str(side))
    except HexaplaError as error:
        yield from error.faults
        return
    yield from (_fault(f"{file}:{line}", wrong) for line, wrong in text_faults(text))
    if not isinstance(record, dict) or not all(
        isinstance(record.get(k), list) for k in ("blocks", "sentences")
    ):
        yield Fault(
            "bad-text", str(side), "not an object with blocks and sentences", "as `hexapla build` writes it"
        )
        return
    if record.get("text_sha256") != sha256(text):
        yield _changed(file, text, record.get("text_sha256"), record.get("line_sha256"))
    for key, size in (("blocks", 3), ("sentences", 2)):
        rows = record[key]
        if odd := [n for n, row in enumerate(rows) if not isinstance(row, list) or len(row) != size]:
            yield Fault(
                "bad-span",
                f"{side}:{_row_line(raw, key, odd[0], rows)}",
                f"{dumps(rows[odd[0]])[:60]} in {key}",
                f"lists of {size}",
            )
            continue
        wrongs = dict(span_faults([(row[0], row[1]) for row in rows], len(text)))
        for number, wrong in wrongs.items():
            yield _fault(f"{side}:{_row_line(raw, key, number, rows)}", wrong)
        if key == "sentences":
            sentences += [(row[0], row[1]) for n, row in enumerate(rows) if n not in wrongs]
        for number, row in enumerate(rows if key == "blocks" else ()):
            if row[2] not in BLOCK_KINDS:
                yield Fault("block-kind", f"{side}:{_row_line(raw, key, number, rows)}", repr(row[2]), " or ".join(BLOCK_KINDS))  # fmt: skip


def _changed(file: Path, text: str, digest: object, lines: object) -> Fault:
    """A text that is not the one its hash was taken of; the first changed line, where line hashes tell it."""
    where = str(file)
    if isinstance(lines, list):
        now = line_hashes(text)
        differ = [n for n, (a, b) in enumerate(zip(now, lines, strict=False)) if a != b]
        where += f":{(differ[0] if differ else min(len(now), len(lines))) + 1}"
    told = f"{digest[:12]}…" if isinstance(digest, str) else "a hash"
    return Fault("text-changed", where, f"sha256 of the text is {sha256(text)[:12]}…", told, "put the text back, or run `hexapla gold migrate`")  # fmt: skip


def _row_line(raw: str, key: str, number: int, rows: list[Any]) -> int:
    """The line of `rows[number]` below `"key": [`, if the file has a row a line; else the line of the key."""
    lines = raw.split("\n")
    start = next((n for n, line in enumerate(lines) if f'"{key}": [' in line), 0)
    at = start + 1 + number
    return (at if at < len(lines) and lines[at].rstrip(",") == dumps(rows[number]) else start) + 1


# ---- annotation files: of a built corpus and of gold ---------------------------------------------------------------


def _article_faults(
    folder: Path, texts: Mapping[str, Path], built: Mapping[str, _Text] | None
) -> Iterator[Fault]:
    """Of `<article>/{<doc>,facts,beads}.json`. In a built corpus languages and sentences are known as well."""
    facts: dict[str, tuple[str, str]] | None = None
    try:
        facts = {name: (f.label, f.value) for name, f in read_facts(folder / "facts.json").items()}
    except HexaplaError as error:
        yield from error.faults
    lengths: dict[str, int] = {}
    files = [f for f in sorted(folder.glob("*.json")) if f.name not in ("facts.json", "beads.json")]
    for file in files:
        yield from _mentions_faults(file, texts, built, facts, lengths)
    sentences = None if built is None else {t.lang: t.sentences for t in built.values()}
    if built is not None or len(lengths) == len(files):  # else the languages of the article are not all known
        yield from _beads_faults(folder / "beads.json", lengths, sentences)


def _mentions_faults(
    file: Path,
    texts: Mapping[str, Path],
    built: Mapping[str, _Text] | None,
    facts: Mapping[str, tuple[str, str]] | None,
    lengths: dict[str, int],
) -> Iterator[Fault]:
    try:
        raw = read_text(file)
        record = parse_json(raw, str(file))
    except HexaplaError as error:
        yield from error.faults
        return
    if not isinstance(record, dict) or not isinstance(record.get("mentions"), list) or not all(isinstance(record.get(k), str) for k in ("doc_id", "lang", "text_sha256")):  # fmt: skip
        yield Fault(
            "bad-annotation",
            str(file),
            "not an annotation file",
            "an object with doc_id, lang, text_sha256, mentions",
        )
        return
    doc_id, lang = record["doc_id"], record["lang"]
    if doc_id != file.stem:
        yield Fault(
            "wrong-document", f"{file}:1", f"doc_id {doc_id!r}", f"{file.stem!r}, the name of the file"
        )
    if doc_id not in texts:
        yield Fault(
            "no-text",
            f"{file}:1",
            f"no text of the document {doc_id!r}",
            f"one of {', '.join(texts) or 'none'}",
        )
        return
    if built is not None and lang != built[doc_id].lang:
        yield Fault(
            "wrong-language", f"{file}:1", f"lang {lang!r}", f"{built[doc_id].lang!r} as in the manifest"
        )
    if lang in lengths:
        yield Fault(
            "two-of-a-language", f"{file}:1", f"a second document in {lang}", "one document a language"
        )
    try:
        text = read_text(texts[doc_id])
    except HexaplaError as error:
        if built is None:  # else it was named with the texts
            yield from error.faults
        return
    lengths[lang] = len(text)
    if record["text_sha256"] != sha256(text):
        yield Fault("text-changed", f"{file}:1", f"annotated on a text with sha256 {record['text_sha256'][:12]}…", f"{sha256(text)[:12]}… of {texts[doc_id]}", "put the text back, or run `hexapla gold migrate`")  # fmt: skip
    seen: set[str] = set()
    for number, item in enumerate(record["mentions"]):
        name = item.get("id") if isinstance(item, dict) else None
        where = (
            f"{file}:{line_of(raw, 'id', name)}"
            if isinstance(name, str)
            else f"{file} (mention {number + 1})"
        )
        if isinstance(name, str) and name in seen:
            yield Fault("duplicate", where, f"the mention id {name!r} stands twice", "once", "rename one")
        seen.add(name if isinstance(name, str) else "")
        yield from (_fault(where, wrong) for wrong in mention_faults(item, text, facts))


def _beads_faults(
    file: Path, lengths: Mapping[str, int], sentences: Mapping[str, frozenset[Span]] | None
) -> Iterator[Fault]:
    try:
        raw = read_text(file)
        record = parse_json(raw, str(file))
    except HexaplaError as error:
        yield from error.faults
        return
    taken: dict[str, list[tuple[Span, str, str]]] = {}
    names: set[str] = set()
    for number, bead in enumerate(record if isinstance(record, list) else [record]):
        name = bead.get("bead_id") if isinstance(bead, dict) else None
        where = (
            f"{file}:{line_of(raw, 'bead_id', name)}"
            if isinstance(name, str)
            else f"{file} (bead {number + 1})"
        )
        spans = bead.get("spans") if isinstance(bead, dict) else None
        if not isinstance(name, str) or not isinstance(spans, dict) or not spans or not all(isinstance(s, list) and s for s in spans.values()):  # fmt: skip
            yield Fault(
                "bad-bead", where, "not a bead with sentences", "{bead_id, spans: {lang: [[start, end], …]}}"
            )
            continue
        if name in names:
            yield Fault("duplicate", where, f"the bead id {name!r} stands twice", "once", "rename one")
        names.add(name)
        for lang, listed in spans.items():
            if lang not in lengths and (sentences is None or lang not in sentences):
                yield Fault(
                    "wrong-language",
                    where,
                    f"lang {lang!r}",
                    f"a language of the article: {', '.join(lengths)}",
                )
                continue
            if not all(isinstance(s, list) and len(s) == 2 for s in listed):
                yield Fault("bad-span", where, dumps(listed)[:60], "[[start, end], …]")
                continue
            wrongs = list(span_faults([(a, b) for a, b in listed], lengths.get(lang, 1 << 40)))
            yield from (_fault(where, wrong) for _, wrong in wrongs)
            for span in [] if wrongs else [(a, b) for a, b in listed]:
                if sentences is not None and span not in sentences.get(lang, ()):
                    yield Fault("bead-not-sentence", where, f"the {lang} span {span[0]}:{span[1]} is not a sentence", "sentence spans", "build the corpus again")  # fmt: skip
                taken.setdefault(lang, []).append((span, name, where))
    for lang, held in taken.items():
        held.sort(key=lambda item: item[0])
        for (before, owner, _), (span, _, where) in pairwise(held):
            if span[0] < before[1]:
                yield Fault("bead-overlap", where, f"the {lang} span {span[0]}:{span[1]} is also in bead {owner!r}", "each sentence in at most one bead", "remove it from one")  # fmt: skip
