"""The gold annotations (`annotation/gold/<article>/`): laying them on a document, and moving them when ingest changes a text."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from hexapla.corpus import Article, Bead, Document, Mention, Span, sha256
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.store import (
    beads_json,
    mentions_json,
    read_beads,
    read_facts,
    read_mentions,
    read_text,
    with_mentions,
    write_text,
)


def has_gold(article_id: str, gold: Path | None) -> bool:
    return gold is not None and (gold / article_id).is_dir()


def apply_gold(article: Article, gold: Path) -> Article:
    """The article with its gold mentions, facts and beads; the beads' spans become its sentences.

    `InputError` where a text is not the one that was annotated, or a version has no gold.
    """
    folder = gold / article.article_id
    facts, beads = read_facts(folder / "facts.json"), read_beads(folder / "beads.json")
    documents: list[Document] = []
    faults: list[Fault] = []
    for document in article.documents:
        file = folder / f"{document.doc_id}.json"
        try:
            if not file.exists():
                raise InputError(
                    Fault("no-gold", str(file), f"no gold for this version of {article.article_id!r}", "a file for each version",
                          "annotate it, or build without gold")
                )  # fmt: skip
            _, lang, digest, mentions = read_mentions(file)
            if digest != document.text_sha256:
                raise InputError(
                    Fault("text-changed", str(file), f"the text now has sha256 {document.text_sha256[:12]}…", f"{digest[:12]}…, under which it was annotated",
                          "put the text or the ingest rule back, or move the offsets with `hexapla gold migrate`")
                )  # fmt: skip
            if lang != document.lang:
                raise InputError(
                    Fault(
                        "wrong-language", str(file), f"lang {lang!r}", f"{document.lang!r} as in the manifest"
                    )
                )
            sentences = tuple(sorted(span for bead in beads for span in bead.spans.get(lang, ())))
            documents.append(
                dataclasses.replace(with_mentions(document, mentions, file), sentences=sentences)
            )
        except HexaplaError as error:
            faults += error.faults
        except ValueError as error:
            faults.append(Fault("bad-bead", str(folder / "beads.json"), str(error)))
    if faults:
        raise InputError(faults)
    try:
        return dataclasses.replace(article, documents=tuple(documents), facts=facts, beads=beads)
    except ValueError as error:
        raise InputError(Fault("bad-gold", str(folder), str(error), "", "mend the gold files")) from None


def migrate(documents: Iterable[Document], gold: Path, old_build: Path) -> list[str]:
    """Move the gold of every document whose clean text has changed; returns the files that were rewritten.

    The text that was annotated comes from an earlier build; the offsets follow the characters that both texts share, in
    order. A mention or sentence that the new text does not hold as it was is a fault, and then nothing is written.
    """
    if not gold.is_dir():
        raise InputError(
            Fault("no-folder", str(gold), "not a folder", "the folder of gold annotations", "check the path")
        )
    new = {d.doc_id: d for d in documents}
    writes: list[tuple[Path, str]] = []
    faults: list[Fault] = []
    for folder in sorted(p for p in gold.iterdir() if p.is_dir()):
        move: dict[str, Callable[[Span], Span | None]] = {}
        for file in sorted(folder.glob("*.json")):
            document = new.get(file.stem)
            if document is None:
                continue
            doc_id, lang, digest, mentions = read_mentions(file)
            if digest == document.text_sha256:
                continue
            move[lang] = mover = _mover(_old_text(old_build, doc_id, digest), document.text)
            moved: list[Mention] = []
            for m in mentions:
                span = mover(m.span)
                if span is None or document.text[slice(*span)] != m.surface:
                    found = f"{m.id} {m.surface!r} is not in the new text"
                    faults.append(
                        Fault("mention-lost", str(file), found, "", "remove the mention or restore the text")
                    )
                else:
                    moved.append(dataclasses.replace(m, start=span[0], end=span[1]))
            writes.append((file, mentions_json(doc_id, lang, document.text_sha256, moved)))
        if move:
            beads = []
            for bead in read_beads(folder / "beads.json"):
                spans = {
                    lang: tuple(map(move.get(lang, lambda span: span), listed))
                    for lang, listed in bead.spans.items()
                }
                for lang in (lang for lang, listed in spans.items() if None in listed):
                    found = f"{bead.bead_id}: a sentence in {lang!r} is not in the new text"
                    faults.append(
                        Fault("sentence-lost", str(folder / "beads.json"), found, "", "edit the bead")
                    )
                beads.append((bead.bead_id, spans))
            if not faults:
                content = beads_json(
                    Bead(name, {k: tuple(s for s in v if s) for k, v in spans.items()})
                    for name, spans in beads
                )
                writes.append((folder / "beads.json", content))
    if faults:
        raise InputError(faults)
    for path, content in writes:
        write_text(path, content)
    return [str(path) for path, _ in writes]


def _old_text(old_build: Path, doc_id: str, digest: str) -> str:
    file = old_build / "texts" / f"{doc_id}.txt"
    text = read_text(file)
    if sha256(text) != digest:
        raise InputError(
            Fault("no-old-text", str(file), "not the text under the gold", f"sha256 {digest[:12]}…",
                  "name the build that the gold was made on (--from)")
        )  # fmt: skip
    return text


def _mover(old: str, new: str) -> Callable[[Span], Span | None]:
    """From a span of the old text to that of the new one; None where its first or last character is gone.

    Texts are compared line by line, changed lines character by character (Ratcliff and Obershelp, as in `difflib`).
    """
    place: dict[int, int] = {}

    def match(a: int, b: int, olds: Sequence[str], news: Sequence[str]) -> None:
        for tag, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
            start, other = a + sum(map(len, olds[:i])), b + sum(map(len, news[:k]))
            if tag == "equal":
                place.update((start + n, other + n) for n in range(sum(map(len, olds[i:j]))))
            elif tag == "replace" and isinstance(olds, list):
                match(start, other, "".join(olds[i:j]), "".join(news[k:m]))

    match(0, 0, old.splitlines(keepends=True), new.splitlines(keepends=True))

    def move(span: Span) -> Span | None:
        first, last = place.get(span[0]), place.get(span[1] - 1)
        return None if first is None or last is None or last < first else (first, last + 1)

    return move
