"""A corpus on disk: `manifest.toml`, `texts/<doc>.{txt,json}`, `annotations/<article>/{<doc>,facts,beads}.json`.

The annotation files have the same form as the gold (`annotation/gold/`): one mention, fact or bead a line, so that a
change is one line of a diff and a fault has a line number.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hexapla.corpus import Article, Bead, Block, Corpus, Document, Dropped, Fact, Mention, Source, sha256
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.manifest import read_manifest, write_manifest

MAX_BYTES = 50_000_000  # of one JSON or text file


# ---- reading JSON from strangers ---------------------------------------------------------------------------------


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """A UTF-8 file, or `InputError` that says what is wrong with it."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise InputError(
                Fault("too-large", str(path), f"{size:,} bytes", f"at most {limit:,}", "split the file")
            )
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(Fault("no-file", str(path), "no such file", "", "check the path")) from None
    except IsADirectoryError:
        raise InputError(Fault("no-file", str(path), "a folder", "a file", "check the path")) from None
    except UnicodeDecodeError as error:
        raise InputError(
            Fault(
                "not-utf8",
                str(path),
                f"byte {error.object[error.start]:#04x} at offset {error.start}",
                "UTF-8",
                "save the file as UTF-8",
            )
        ) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"duplicate key {next(n for n in names if names.count(n) > 1)!r}")
    return record


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def parse_json(text: str, where: str) -> Any:
    """Strict JSON: no NaN, no duplicate keys, no deep nesting; `InputError` names the place."""
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InputError(
            Fault("bad-json", f"{where}:{error.lineno}", error.msg, "JSON", "mend the file")
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(Fault("bad-json", where, str(error), "plain JSON", "mend the file")) from None


def line_of(text: str, key: str, value: str) -> int:
    """The 1-based line on which `"key": "value"` first stands (1 if nowhere)."""
    at = text.find(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


# ---- writing, whole or not at all ----------------------------------------------------------------------------------


def write_bytes(path: Path, content: bytes) -> None:
    """Write to a temporary file beside `path`, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: Path, content: str) -> None:
    write_bytes(path, content.encode("utf-8"))


def dumps(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


# ---- annotation files ----------------------------------------------------------------------------------------------


def mentions_json(doc_id: str, lang: str, text_sha256: str, mentions: Iterable[Mention]) -> str:
    head = dumps({"doc_id": doc_id, "lang": lang, "text_sha256": text_sha256})[:-1]
    return head + ', "mentions": [\n' + ",\n".join(dumps(m.to_json()) for m in mentions) + "\n]}\n"


def facts_json(facts: Mapping[str, Fact]) -> str:
    return "{\n" + ",\n".join(f"{dumps(k)}: {dumps(f.to_json())}" for k, f in facts.items()) + "\n}\n"


def beads_json(beads: Iterable[Bead]) -> str:
    return "[\n" + ",\n".join(dumps({"bead_id": b.bead_id, "spans": b.spans}) for b in beads) + "\n]\n"


def read_mentions(path: Path) -> tuple[str, str, str, tuple[Mention, ...]]:
    """(doc_id, lang, text_sha256, mentions) of an annotation file. All faulty mentions are named in one error."""
    raw = read_text(path)
    record = parse_json(raw, str(path))
    faults: list[Fault] = []
    try:
        head = record["doc_id"], record["lang"], record["text_sha256"]
        listed = record["mentions"]
        if not isinstance(listed, list):
            raise TypeError
    except (KeyError, TypeError):
        raise InputError(
            Fault(
                "bad-annotation",
                str(path),
                "not an annotation file",
                "an object with doc_id, lang, text_sha256, mentions",
                "see annotation/guidelines.md",
            )
        ) from None
    mentions, seen = [], set()
    for number, item in enumerate(listed):
        name = item.get("id") if isinstance(item, dict) else None
        where = (
            f"{path}:{line_of(raw, 'id', name)}"
            if isinstance(name, str)
            else f"{path} (mention {number + 1})"
        )
        try:
            mention = Mention.from_json(item)
            if mention.id in seen:
                raise ValueError(f"the mention id {mention.id!r} stands twice")
            seen.add(mention.id)
            mentions.append(mention)
        except KeyError as error:
            faults.append(
                Fault(
                    "bad-mention", where, f"no field {error}", "id, start, end, surface, label, by, reviewed"
                )
            )
        except (ValueError, TypeError, AttributeError) as error:
            faults.append(Fault("bad-mention", where, str(error)))
    if faults:
        raise InputError(faults)
    return (*head, tuple(mentions))


def read_facts(path: Path) -> dict[str, Fact]:
    raw = read_text(path)
    record = parse_json(raw, str(path))
    facts, faults = {}, []
    for fact_id, fields in record.items() if isinstance(record, dict) else ():
        try:
            facts[fact_id] = Fact(fact_id, **fields)
        except (TypeError, ValueError) as error:
            line = raw.count("\n", 0, max(raw.find(dumps(fact_id) + ":"), 0)) + 1
            faults.append(
                Fault("bad-fact", f"{path}:{line}", str(error), "label, name or value, entity?, qid?, note?")
            )
    if faults or not isinstance(record, dict):
        raise InputError(faults or Fault("bad-fact", str(path), "not an object", "{fact_id: {label, …}}"))
    return facts


def read_beads(path: Path) -> tuple[Bead, ...]:
    record = parse_json(read_text(path), str(path))
    try:
        return tuple(
            Bead(
                b["bead_id"],
                {lang: tuple((int(s), int(e)) for s, e in spans) for lang, spans in b["spans"].items()},
            )
            for b in record
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            Fault("bad-bead", str(path), str(error), "[{bead_id, spans: {lang: [[start, end], …]}}]")
        ) from None


def write_article(article: Article, folder: Path) -> None:
    """`<folder>/<article>/…`: the annotation files of one article."""
    where = folder / article.article_id
    for d in article.documents:
        write_text(where / f"{d.doc_id}.json", mentions_json(d.doc_id, d.lang, d.text_sha256, d.mentions))
    write_text(where / "facts.json", facts_json(article.facts))
    write_text(where / "beads.json", beads_json(article.beads))


# ---- a whole corpus ------------------------------------------------------------------------------------------------


def write_corpus(corpus: Corpus, folder: Path) -> None:
    """Write the built corpus into `folder` (made if it is not there). `read_corpus` gives it back equal."""
    for d in corpus.documents:
        write_text(folder / "texts" / f"{d.doc_id}.txt", d.text)
        parts: dict[str, Iterable[Any]] = {
            "blocks": ((b.start, b.end, b.kind) for b in d.blocks),
            "sentences": d.sentences,
            "dropped": ((x.line, x.reason, x.text) for x in d.dropped),
            "raw_map": d.raw_map,
        }
        lines = [f'"doc_id": {dumps(d.doc_id)}, "text_sha256": {dumps(d.text_sha256)}']
        lines += [f'"line_sha256": {dumps(line_hashes(d.text))}']
        lines += [f'"{name}": [\n' + ",\n".join(map(dumps, rows)) + "\n]" for name, rows in parts.items()]
        write_text(folder / "texts" / f"{d.doc_id}.json", "{" + ",\n".join(lines) + "}\n")
    for article in corpus.articles:
        write_article(article, folder / "annotations")
    write_manifest(folder / "manifest.toml", [d.source for d in corpus.documents])


def line_hashes(text: str) -> list[str]:
    """Eight hex digits of the SHA-256 of each line: enough to say which line of a text was changed."""
    return [sha256(line)[:8] for line in text.split("\n")]


def _read_document(folder: Path, source: Source, mentions_file: Path) -> Document:
    text = read_text(folder / "texts" / f"{source.doc_id}.txt")
    side = folder / "texts" / f"{source.doc_id}.json"
    record = parse_json(read_text(side), str(side))
    doc_id, _, digest, mentions = read_mentions(mentions_file)
    try:
        document = Document(
            source,
            text,
            tuple(Block(s, e, kind) for s, e, kind in record["blocks"]),
            tuple((s, e) for s, e in record["sentences"]),
            (),
            tuple(Dropped(*row) for row in record["dropped"]),
            tuple((a, b, c) for a, b, c in record["raw_map"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(Fault("bad-text", str(side), str(error), "", "build the corpus again")) from None
    if document.text_sha256 not in (digest, record.get("text_sha256")) or digest != record.get("text_sha256"):
        raise InputError(
            Fault("text-changed", str(folder / "texts" / f"{doc_id}.txt"), f"sha256 {document.text_sha256[:12]}…", f"{digest[:12]}…",
                  "put the text back, or run `hexapla gold migrate`")
        )  # fmt: skip
    return with_mentions(document, mentions, mentions_file)


def with_mentions(document: Document, mentions: Iterable[Mention], file: Path) -> Document:
    """The document with these mentions, each checked against the text; all mismatches are named with file and line."""
    raw, mentions = read_text(file), tuple(mentions)
    faults: list[Fault] = []
    for m in mentions:
        if document.text[m.start : m.end] != m.surface:
            faults.append(
                Fault("surface-mismatch", f"{file}:{line_of(raw, 'id', m.id)}",
                      f"the text at {m.start}:{m.end} reads {document.text[m.start : m.end][:60]!r}", f"{m.surface!r}",
                      "correct the offsets or the surface")
            )  # fmt: skip
    if faults:
        raise InputError(faults)
    return dataclasses.replace(document, mentions=mentions)


def read_corpus(folder: str | Path) -> Corpus:
    """Read a built corpus. Every fault found in its files is named in one `InputError`."""
    folder = Path(folder)
    sources = read_manifest(folder / "manifest.toml")
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.article or source.doc_id, []).append(source)
    articles: list[Article] = []
    faults: list[Fault] = []
    for article_id, members in sorted(groups.items()):
        where = folder / "annotations" / article_id
        documents = []
        for source in sorted(members, key=lambda s: s.lang):
            try:
                documents.append(_read_document(folder, source, where / f"{source.doc_id}.json"))
            except HexaplaError as error:
                faults += error.faults
        try:
            beads, facts = read_beads(where / "beads.json"), read_facts(where / "facts.json")
            if not faults:
                articles.append(Article(article_id, tuple(documents), beads, facts, members[0].topic))
        except HexaplaError as error:
            faults += error.faults
        except ValueError as error:
            faults.append(Fault("bad-article", str(where), str(error)))
    if faults:
        raise InputError(faults)
    return Corpus(tuple(articles))
