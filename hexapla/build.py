"""`hexapla build`: a folder of translations in; an aligned, annotated corpus and its report out.

The stages are plain functions over `Document`s and `Article`s; files are read at the start and written, all or none, at
the end.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hexapla.align import nway, relate
from hexapla.corpus import Article, Bead, Corpus, Document, Source
from hexapla.errors import Fault, InputError
from hexapla.gold import apply_gold, has_gold
from hexapla.ingest import ingest
from hexapla.manifest import write_manifest
from hexapla.preannotate import preannotate
from hexapla.segment import sentences
from hexapla.store import dumps, read_corpus, write_corpus, write_text

STAGES = ("ingest", "segment", "group", "align", "annotate", "report")
GOLD = Path("annotation/gold")  # beside the checkout's seeds; used where it is there

Track = Callable[[Sequence[Any], str], Iterable[Any]]
"""Wraps a sequence in a progress bar; the default shows none."""


def build(
    folder: str | Path = "seeds",
    out: str | Path = "build",
    *,
    only: str | None = None,
    gold: str | Path | None = GOLD,
    force: bool = False,
    warn: Callable[[str], None] = lambda text: None,
    track: Track = lambda items, label: items,
) -> Corpus:
    """Build the corpus of `folder` into `out` and return it.

    gold: folder of gold annotations, laid over the articles that have them; None for the pipeline alone.
    only: run one stage, on what `out` holds from an earlier build.
    force: take a declared language that detection contradicts.
    The manifest in `folder` is written (or completed) with what was found. Raises `InputError`, and then writes nothing.
    """
    folder, out = Path(folder), Path(out)
    gold = Path(gold) if gold is not None and Path(gold).is_dir() else None
    if only is not None and only not in STAGES:
        raise InputError(Fault("no-stage", "--only", repr(only), f"one of {', '.join(STAGES)}"))
    _check_out(out)
    if only in (None, "ingest"):
        documents, warnings = ingest(folder, force)
        for text in warnings:
            warn(text)
        if only == "ingest":
            corpus = _ungrouped(documents)
        else:
            segmented = [segment(d) for d in track(documents, "segment")]
            corpus = group(segmented)
            corpus = Corpus(tuple(align(a) for a in track(corpus.articles, "align")))
            corpus = Corpus(tuple(annotate(a, gold) for a in track(corpus.articles, "annotate")))
    else:
        corpus = _one_stage(read_corpus(out), only, gold, track)
    replace_folder(out, lambda place: _write(corpus, place, with_report=only in (None, "report")))
    if only is None:
        write_manifest(folder / "manifest.toml", _in_file_order(corpus))
    return corpus


def _one_stage(corpus: Corpus, stage: str, gold: Path | None, track: Track) -> Corpus:
    if stage == "segment":
        return _ungrouped([segment(d) for d in track(list(corpus.documents), "segment")])
    if stage == "group":
        return group([dataclasses.replace(d, mentions=()) for d in corpus.documents])
    if stage == "align":
        return Corpus(tuple(align(a) for a in track(corpus.articles, "align")))
    if stage == "annotate":
        return Corpus(tuple(annotate(a, gold) for a in track(corpus.articles, "annotate")))
    return corpus


# ---- stages --------------------------------------------------------------------------------------------------------


def segment(document: Document) -> Document:
    """Sentences inside each block; what depended on older ones is dropped."""
    spans = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        spans += [(block.start + s, block.start + e) for s, e in sentences(text, document.lang)]
    return dataclasses.replace(document, sentences=tuple(spans), mentions=())


def group(documents: Iterable[Document]) -> Corpus:
    """Which documents are translations of one text, and which report on the same subject.

    What the manifest says of a document stands; the rest is found (`hexapla.align.relate`).
    """
    by_id = {d.doc_id: d for d in documents}
    found = relate({i: (d.lang, [d.text[s:e] for s, e in d.sentences]) for i, d in by_id.items()})
    articles = _named(found.articles, {i: d.source.article for i, d in by_id.items()}, "article")
    topics = _named(found.topics, {i: d.source.topic for i, d in by_id.items()}, "topic")
    members: dict[str, list[Document]] = {}
    for doc_id, document in sorted(by_id.items()):
        source = dataclasses.replace(document.source, article=articles[doc_id], topic=topics[doc_id])
        members.setdefault(source.article, []).append(dataclasses.replace(document, source=source))
    faults = []
    for article_id, group_of in members.items():
        counts = Counter(d.lang for d in group_of)
        for lang in (lang for lang, n in counts.items() if n > 1):
            files = ", ".join(d.source.file for d in group_of if d.lang == lang)
            faults.append(Fault("two-of-one-language", files, f"{counts[lang]} documents in {lang!r} in the article {article_id!r}", "one per language", "correct article or lang in the manifest"))  # fmt: skip
    if faults:
        raise InputError(faults)
    return Corpus(tuple(_article(article_id, group_of) for article_id, group_of in sorted(members.items())))


def _article(article_id: str, documents: list[Document]) -> Article:
    documents = sorted(documents, key=lambda d: d.lang)
    topics = sorted({d.source.topic for d in documents})
    return Article(article_id, tuple(documents), topic_id=topics[0])


def _named(groups: Iterable[Sequence[str]], declared: dict[str, str], kind: str) -> dict[str, str]:
    """doc_id -> group name. A declared name is kept; found members of its group without a name of their own take it."""
    names = dict(declared)
    for members in groups:
        given = sorted({declared[i] for i in members if declared[i]})
        name = given[0] if given else f"{kind}-{min(members)}"
        for i in members:
            names[i] = declared[i] or name
    return {i: name or f"{kind}-{i}" for i, name in names.items()}


def align(article: Article) -> Article:
    """The article's beads, in reading order."""
    texts = {d.lang: [d.text[s:e] for s, e in d.sentences] for d in article.documents}
    spans = {d.lang: d.sentences for d in article.documents}
    beads = []
    for number, row in enumerate(nway(texts), 1):
        beads.append(
            Bead(
                f"b{number:03d}",
                {lang: tuple(spans[lang][i] for i in ix) for lang, ix in sorted(row.items()) if ix},
            )
        )
    return dataclasses.replace(article, beads=tuple(beads))


def annotate(article: Article, gold: Path | None) -> Article:
    """Gold where there is some, else the rules' proposals."""
    if gold is not None and has_gold(article.article_id, gold):
        return apply_gold(article, gold)
    return preannotate(article)


# ---- writing -------------------------------------------------------------------------------------------------------


def _ungrouped(documents: Iterable[Document]) -> Corpus:
    return Corpus(tuple(Article(d.doc_id, (d,)) for d in sorted(documents, key=lambda d: d.doc_id)))


def _in_file_order(corpus: Corpus) -> Iterator[Source]:
    yield from sorted((d.source for d in corpus.documents), key=lambda s: s.file)


def _write(corpus: Corpus, place: Path, with_report: bool) -> None:
    write_corpus(corpus, place)
    write_text(place / "summary.json", dumps(summary(corpus)) + "\n")
    if with_report:
        from hexapla.report import write_report

        write_report(corpus, place / "report.html")


def summary(corpus: Corpus) -> dict[str, Any]:
    """Counts for people and machines: per article, and what ingest dropped by reason."""
    rows = []
    for a in corpus.articles:
        mentions = [m for d in a.documents for m in d.mentions]
        rows.append(
            {
                "article": a.article_id,
                "topic": a.topic_id,
                "langs": list(a.langs),
                "sentences": sum(len(d.sentences) for d in a.documents),
                "beads": len(a.beads),
                "entities": sum(not m.is_number for m in mentions),
                "numbers": sum(m.is_number for m in mentions),
                "facts": len(a.facts),
                "by": sorted({m.by for m in mentions}),
            }
        )
    dropped = Counter(x.reason for d in corpus.documents for x in d.dropped)
    return {"articles": rows, "dropped": dict(sorted(dropped.items()))}


def _check_out(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / "summary.json").is_file())):
        raise InputError(
            Fault(
                "not-a-build",
                str(out),
                "something that no build made",
                "an empty or new folder, or an earlier build",
                "choose another -o",
            )
        )


def replace_folder(out: Path, write: Callable[[Path], None]) -> None:
    """Fill a new folder, then put it in the place of `out`: readers see the old or the new, never a half."""
    out.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        write(place)
        os.chmod(place, 0o755)
        if out.exists():
            old = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.old."))
            os.rename(out, old / "was")
            os.rename(place, out)
            shutil.rmtree(old)
        else:
            os.rename(place, out)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
