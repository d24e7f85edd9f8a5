"""The gold annotations (`annotation/gold/<article>/`): laying them on a document, and moving them when ingest changes a text."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

from hexapla.corpus import Article, Bead, Document, Mention, Span
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.store import (
    beads_json,
    mentions_json,
    parse_json,
    read_beads,
    read_facts,
    read_mentions,
    read_text,
    with_mentions,
    write_text,
)


def has_gold(article_id: str, gold: Path | None) -> bool:
    return gold is not None and (gold / article_id / "facts.json").is_file()


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

    The old text and its map come from an earlier build; an offset goes old text -> raw file -> new text. A mention or
    sentence that the new text no longer holds is a fault, and then nothing is written.
    """
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
            move[lang] = mover = _mover(old_build, doc_id, digest, document)
            moved: list[Mention] = []
            for m in mentions:
                span = mover(m.span)
                if span is None or document.text[slice(*span)] != m.surface:
                    faults.append(
                        Fault(
                            "mention-lost",
                            str(file),
                            f"{m.id} {m.surface!r} is not in the new text",
                            "",
                            "remove the mention or restore the text",
                        )
                    )
                else:
                    moved.append(dataclasses.replace(m, start=span[0], end=span[1]))
            writes.append((file, mentions_json(doc_id, lang, document.text_sha256, moved)))
        if move:
            beads = []
            for bead in read_beads(folder / "beads.json"):
                spans = {}
                for lang, listed in bead.spans.items():
                    kept = tuple(s for s in map(move.get(lang, lambda span: span), listed) if s is not None)
                    if len(kept) != len(listed):
                        faults.append(
                            Fault(
                                "sentence-lost",
                                str(folder / "beads.json"),
                                f"{bead.bead_id}: a {lang} sentence is not in the new text",
                                "",
                                "edit the bead",
                            )
                        )
                    if kept:
                        spans[lang] = kept
                if spans:
                    beads.append(Bead(bead.bead_id, spans))
            writes.append((folder / "beads.json", beads_json(beads)))
    if faults:
        raise InputError(faults)
    for path, content in writes:
        write_text(path, content)
    return [str(path) for path, _ in writes]


def _mover(old_build: Path, doc_id: str, digest: str, document: Document) -> Callable[[Span], Span | None]:
    side = old_build / "texts" / f"{doc_id}.json"
    record = parse_json(read_text(side), str(side))
    if record.get("text_sha256") != digest:
        raise InputError(
            Fault(
                "no-old-text",
                str(side),
                "not the text under the gold",
                f"sha256 {digest[:12]}…",
                "name the build that the gold was made on (--from)",
            )
        )
    to_raw = {a + i: b + i for a, b, n in record["raw_map"] for i in range(n)}
    from_raw = {b + i: a + i for a, b, n in document.raw_map for i in range(n)}

    def move(span: Span) -> Span | None:
        first = from_raw.get(to_raw.get(span[0], -1))
        last = from_raw.get(to_raw.get(span[1] - 1, -1))
        return None if first is None or last is None or last < first else (first, last + 1)

    return move
