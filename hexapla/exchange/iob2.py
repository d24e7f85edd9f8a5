"""IOB2 files, written and read: CoNLL-2002 (token first, tag last) and Universal NER (numbered tokens, text in a comment).

Tjong Kim Sang 2002, Introduction to the CoNLL-2002 shared task; Mayhew et al. 2024, Universal NER.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla import langs
from hexapla.corpus import LABELS, Article, Block, Corpus, Document, Mention, Source, Span, is_id, sha256
from hexapla.errors import Fault, InputError
from hexapla.store import read_text, write_corpus
from hexapla.tagging import sentence_tokens, tags_of

ALIASES = {"PERSON": "PER", "LOCATION": "LOC", "ORGANIZATION": "ORG", "ORGANISATION": "ORG"}
_TAG = re.compile(r"O|([BI])-(\S+)")
_DOCUMENT = re.compile(r"-DOCSTART-|#\s*newdoc\b")
MOST = 50
"""So many faults are named of one file."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence: its text, the spans of its tokens in it, and a tag for each."""

    text: str
    tokens: tuple[Span, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote, and the mentions it left out because we have no such label: label -> how many."""

    documents: int
    sentences: int
    mentions: int
    left_out: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def iob2(documents: Iterable[Document], labels: Sequence[str]) -> str:
    """CoNLL-2002 of the mentions with these labels: `-DOCSTART- O` before each document, an empty line after each sentence."""
    lines: list[str] = []
    for document in documents:
        lines += ["-DOCSTART- O", ""]
        mentions = [m for m in document.mentions if m.label in labels]
        for spans in sentence_tokens(document):
            tags = tags_of(spans, mentions)
            lines += [f"{document.text[a:b]} {tag}" for (a, b), tag in zip(spans, tags, strict=True)]
            lines.append("")
    return "\n".join(lines)


# ---- reading ---------------------------------------------------------------------------------------------------------


def read_iob2(path: str | Path) -> list[list[Tagged]]:
    """The documents of a file, each a list of sentences. `InputError` names the lines that are not IOB2."""
    path = Path(path)
    documents: list[list[Tagged]] = [[]]
    faults: list[Fault] = []
    rows: list[tuple[int, str, str]] = []
    text = ""

    def close() -> None:
        nonlocal text
        if rows:
            documents[-1].append(_sentence(rows, text, path, faults))
        rows.clear()
        text = ""

    for number, line in enumerate([*unicodedata.normalize("NFC", read_text(path)).split("\n"), ""], 1):
        line = line.rstrip("\r")
        if _DOCUMENT.match(line):
            close()
            if documents[-1]:
                documents.append([])
        elif not line.strip(" \t"):
            close()
        elif line.startswith("# ") and not rows:
            if found := re.match(r"# text = (.*)", line):
                text = found[1].strip()
        elif row := _row(line):
            rows.append((number, *row))
        else:
            faults.append(Fault("bad-iob2", f"{path}:{number}", f"{line[:60]!r}", "token and tag", "mend the line"))  # fmt: skip
        if len(faults) >= MOST:
            break
    if faults:
        raise InputError(faults[:MOST])
    if not any(documents):
        raise InputError(Fault("empty-file", str(path), "no sentence", "lines of token and tag", "check the file"))  # fmt: skip
    return [d for d in documents if d]


def _row(line: str) -> tuple[str, str] | None:
    """(token, tag): the first and last column, or the second and third where tokens are numbered."""
    if "\t" in line:
        cells = line.split("\t")
        if len(cells) >= 3 and re.fullmatch(r"\d+", cells[0]):
            return (cells[1], cells[2]) if cells[1].strip() else None
    else:
        cells = line.split(" ")
    cells = [c for c in cells if c]
    return (cells[0], cells[-1]) if len(cells) >= 2 else None


def _sentence(rows: Sequence[tuple[int, str, str]], text: str, path: Path, faults: list[Fault]) -> Tagged:
    before = "O"
    for number, _, tag in rows:
        match = _TAG.fullmatch(tag)
        if match is None:
            faults.append(Fault("bad-tag", f"{path}:{number}", f"{tag[:40]!r}", "O, B-LABEL or I-LABEL"))
        elif match[1] == "I" and before[2:] != match[2]:
            faults.append(Fault("not-iob2", f"{path}:{number}", f"{tag} after {before}", f"B-{match[2]}: in IOB2 every mention begins with B-", "convert the file from IOB1"))  # fmt: skip
        before = tag
    words = [word for _, word, _ in rows]
    spans = _places(words, text)
    if spans is None:  # the comment is not the text of these tokens
        text, spans = " ".join(words), []
        for word in words:
            start = spans[-1][1] + 1 if spans else 0
            spans.append((start, start + len(word)))
    return Tagged(text, tuple(spans), tuple(tag for _, _, tag in rows))


def _places(words: Sequence[str], text: str) -> list[Span] | None:
    """Where the words stand in the text, if it is them and white space."""
    spans: list[Span] = []
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0 or text[at:start].strip():
            return None
        at = start + len(word)
        spans.append((start, at))
    return None if text[at:].strip() else spans


def import_iob2(files: Iterable[str | Path], lang: str, out: str | Path) -> Imported:
    """Write the corpus of IOB2 files into `out`, in the form of a built one: each document is an article of its own.

    Mentions with another label than ours are left out and counted. What is written can be trained on, predicted and
    scored; it has no facts and no beads.
    """
    out, lang = Path(out), langs.normalise(lang)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(Fault("not-empty", str(out), "something is there", "a new folder", "choose another -o"))  # fmt: skip
    left_out: Counter[str] = Counter()
    articles: dict[str, Article] = {}
    for file in map(Path, files):
        documents = read_iob2(file)
        stem = re.sub(r"[^A-Za-z0-9._-]+|\.\.+", "-", file.stem).strip("-._")[:60] or "document"
        for number, sentences in enumerate(documents, 1):
            name = stem if len(documents) == 1 else f"{stem}-{number}"
            if name in articles or not is_id(name):
                raise InputError(Fault("duplicate", str(file), f"a second document {name!r}", "files of distinct names", "rename one"))  # fmt: skip
            articles[name] = Article(name, (_document(name, lang, file, sentences, left_out),))
    corpus = Corpus(tuple(articles[name] for name in sorted(articles)))
    write_corpus(corpus, out)
    listed = list(corpus.documents)
    return Imported(
        len(listed), sum(len(d.sentences) for d in listed), sum(len(d.mentions) for d in listed), dict(sorted(left_out.items())),
    )  # fmt: skip


def _document(name: str, lang: str, file: Path, sentences: Iterable[Tagged], left_out: Counter[str]) -> Document:  # fmt: skip
    parts: list[str] = []
    spans: list[Span] = []
    mentions: list[Mention] = []
    at = 0
    for sentence in sentences:
        for start, end, label in _mentions(sentence):
            ours = ALIASES.get(label, label)
            if ours not in LABELS:
                left_out[label] += 1
                continue
            number = f"m{len(mentions) + 1}"
            mentions.append(Mention(number, at + start, at + end, sentence.text[start:end], ours, by="read"))
        parts.append(sentence.text)
        spans.append((at, at + len(sentence.text)))
        at += len(sentence.text) + 1
    text = "\n".join(parts)
    source = Source(name, f"{name}.txt", lang, sha256(file.read_bytes()), name)
    return Document(source, text, tuple(Block(a, b) for a, b in spans), tuple(spans), tuple(mentions))


def _mentions(sentence: Tagged) -> Iterator[tuple[int, int, str]]:
    """(start, end, label) of the runs B, I, I, …"""
    start, end, label = 0, 0, ""
    for (a, b), tag in zip(sentence.tokens, sentence.tags, strict=True):
        if tag.startswith("I-"):
            end = b
            continue
        if label:
            yield start, end, label
        start, end, label = a, b, tag[2:]
    if label:
        yield start, end, label
