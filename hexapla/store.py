"""A corpus on disk: `manifest.toml`, `texts/<doc>.{txt,json}`, `annotations/<article>/{<doc>,facts,beads}.json`.

The annotation files have the same form as the gold (`annotation/gold/`): one mention, fact or bead a line, so that a
change is one line of a diff and a fault has a line number.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import tempfile
from collections import Counter
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
    except OSError as error:
        raise InputError(
            Fault("unreadable", str(path), error.strerror or str(error), "", "check the file's permissions")
        ) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise ValueError(f"duplicate key {counts.most_common(1)[0][0]!r}")
    return record


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def parse_json(text: str, where: str) -> Any:
    """Strict JSON: no NaN, no duplicate keys, no deep nesting, no half characters; `InputError` names the place."""
    try:
        return _strict(text)
    except json.JSONDecodeError as error:
        raise InputError(
            Fault("bad-json", f"{where}:{error.lineno}", error.msg, "JSON", "mend the file")
        ) from None
    except (ValueError, RecursionError) as error:
        line = _faulty_line(text)
        raise InputError(
            Fault("bad-json", f"{where}:{line}" if line else where, str(error), "plain JSON", "mend the file")
        ) from None


def _strict(text: str) -> Any:
    record = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    if "\\ud" in text.lower():
        dumps(record).encode()  # an escaped surrogate without its other half is no character
    return record


def _faulty_line(text: str) -> int:
    """The first line that is JSON by itself, as records are in our files, and breaks the rules; 0 if none does."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            # a record of facts.json stands after its key
            _strict(
                line.strip().rstrip(",").split(": ", 1)[-1]
                if line.startswith('"')
                else line.strip().rstrip(",")
            )
        except json.JSONDecodeError:
            continue
        except (ValueError, RecursionError):
            return number
    return 0


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
        if not isinstance(listed, list) or not all(isinstance(field, str) for field in head):
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
    for number, item in enumerate(listed, 1):
        try:
            mention = Mention.from_json(item)
            if mention.id in seen:
                raise ValueError(f"the mention id {mention.id!r} stands twice")
            seen.add(mention.id)
            mentions.append(mention)
        except KeyError as error:
            where = _place(path, raw, item, "id", f"mention {number}")
            faults.append(
                Fault(
                    "bad-mention", where, f"no field {error}", "id, start, end, surface, label, by, reviewed"
                )
            )
        except (ValueError, TypeError, AttributeError) as error:
            faults.append(
                Fault("bad-mention", _place(path, raw, item, "id", f"mention {number}"), str(error))
            )
    if faults:
        raise InputError(faults)
    return (*head, tuple(mentions))


def _place(path: Path, raw: str, item: Any, key: str, name: str) -> str:
    """`file:line` of a record, by its id; `file (mention 3)` where it has none."""
    value = item.get(key) if isinstance(item, dict) else None
    return f"{path}:{line_of(raw, key, value)}" if isinstance(value, str) else f"{path} ({name})"


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
    raw = read_text(path)
    record = parse_json(raw, str(path))
    if not isinstance(record, list):
        raise InputError(
            Fault("bad-bead", str(path), "not a list", "[{bead_id, spans: {lang: [[start, end], …]}}]")
        )
    beads: dict[str, Bead] = {}
    faults: list[Fault] = []
    for number, item in enumerate(record, 1):
        try:
            if strange := set(item) - {"bead_id", "spans"}:
                raise ValueError(f"unknown field {', '.join(sorted(strange))}")
            if not isinstance(item["bead_id"], str) or item["bead_id"] in beads:
                raise ValueError(f"the bead id {item['bead_id']!r} stands twice or is no string")
            spans = {lang: tuple((s, e) for s, e in listed) for lang, listed in item["spans"].items()}
            beads[item["bead_id"]] = Bead(item["bead_id"], spans)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            found = f"no field {error}" if isinstance(error, KeyError) else str(error)
            where = _place(path, raw, item, "bead_id", f"bead {number}")
            faults.append(Fault("bad-bead", where, found, "{bead_id, spans: {lang: [[start, end], …]}}"))
    if faults:
        raise InputError(faults)
    return tuple(beads.values())


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
    file = folder / "texts" / f"{source.doc_id}.txt"
    side = folder / "texts" / f"{source.doc_id}.json"
    text, record = read_text(file), parse_json(read_text(side), str(side))
    doc_id, lang, digest, mentions = read_mentions(mentions_file)
    try:
        if sha256(text) != record["text_sha256"]:
            raise _changed(file, text, record)
        document = Document(
            source,
            text,
            tuple(Block(s, e, kind) for s, e, kind in record["blocks"]),
            tuple(_whole(row, 2) for row in record["sentences"]),  # type: ignore[misc]
            (),
            tuple(Dropped(*row) for row in record["dropped"]),
            tuple(_whole(row, 3) for row in record["raw_map"]),  # type: ignore[misc]
        )
    except (KeyError, TypeError, ValueError) as error:
        found = f"no field {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(Fault("bad-text", str(side), found, "", "build the corpus again")) from None
    if (doc_id, lang) != (source.doc_id, source.lang):
        raise InputError(
            Fault("wrong-document", str(mentions_file), f"annotations of {doc_id!r} in {lang!r}",
                  f"{source.doc_id!r} in {source.lang!r} (manifest)", "put the right file there")
        )  # fmt: skip
    if digest != document.text_sha256:
        raise InputError(
            Fault("text-changed", str(mentions_file), f"annotations of a text with sha256 {digest[:12]}…",
                  f"{document.text_sha256[:12]}…", "build again, or run `hexapla gold migrate` if these are edited by hand")
        )  # fmt: skip
    return with_mentions(document, mentions, mentions_file)


def _whole(row: Iterable[Any], size: int) -> tuple[int, ...]:
    numbers = tuple(row)
    if len(numbers) != size or not all(type(n) is int and n >= 0 for n in numbers):
        raise ValueError(f"{row!r} is not {size} whole numbers")
    return numbers


def _changed(file: Path, text: str, record: dict[str, Any]) -> InputError:
    """What was done to a text since it was written: the first line that is another one."""
    pairs = enumerate(itertools.zip_longest(line_hashes(text), record.get("line_sha256") or ()), 1)
    line = next((n for n, (now, then) in pairs if now != then), 1)
    found = f"changed: sha256 {sha256(text)[:12]}…"
    return InputError(
        Fault(
            "text-changed",
            f"{file}:{line}",
            found,
            f"{record['text_sha256'][:12]}…",
            "put the text back, or build again",
        )
    )


def with_mentions(document: Document, mentions: Iterable[Mention], file: Path) -> Document:
    """The document with these mentions, each checked against the text; all mismatches are named with file and line."""
    mentions = tuple(mentions)
    wrong = [m for m in mentions if m.end > len(document.text) or document.text[m.start : m.end] != m.surface]
    if wrong:
        raw = read_text(file)
        raise InputError(
            Fault("surface-mismatch", f"{file}:{line_of(raw, 'id', m.id)}",
                  f"the text at {m.start}:{m.end} reads {document.text[m.start : m.end][:60]!r}", f"{m.surface!r}",
                  "correct the offsets or the surface")
            for m in wrong
        )  # fmt: skip
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
        try:
            articles.append(read_article(folder, article_id, members))
        except HexaplaError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return Corpus(tuple(articles))


def read_article(folder: Path, article_id: str, members: Iterable[Source]) -> Article:
    """One article of a built corpus; `members` are its entries in the manifest. All faults are in one `InputError`."""
    where = folder / "annotations" / article_id
    members = sorted(members, key=lambda s: s.lang)
    documents: list[Document] = []
    faults: list[Fault] = []
    for source in members:
        try:
            documents.append(_read_document(folder, source, where / f"{source.doc_id}.json"))
        except HexaplaError as error:
            faults += error.faults
    try:
        beads, facts = read_beads(where / "beads.json"), read_facts(where / "facts.json")
        if not faults:
            return Article(article_id, tuple(documents), beads, facts, members[0].topic)
    except HexaplaError as error:
        faults += error.faults
    except ValueError as error:
        faults.append(Fault("bad-article", str(where), str(error)))
    raise InputError(faults)
