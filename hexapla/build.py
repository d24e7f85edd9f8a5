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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexapla.align import nway, relate
from hexapla.corpus import Article, Bead, Corpus, Document, Source
from hexapla.errors import Fault, InputError
from hexapla.gold import apply_gold, has_gold
from hexapla.ingest import BUILD_MARK, ingest
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
    gold = None if gold is None else Path(gold)
    if gold is not None and not gold.is_dir():
        if gold != GOLD:
            raise InputError(
                Fault(
                    "no-folder", str(gold), "not a folder", "the folder of gold annotations", "check the path"
                )
            )
        gold = None
    if only is not None and only not in STAGES:
        raise InputError(Fault("no-stage", "--only", repr(only), f"one of {', '.join(STAGES)}"))
    _check_out(out, [folder, *([gold] if gold else [])])
    if only in (None, "ingest"):
        documents, warnings = ingest(folder, force)
        for text in warnings:
            warn(text)
        if only == "ingest":
            corpus = Corpus(tuple(_articles(documents)))
        else:
            segmented = [segment(d) for d in track(documents, "segment")]
            corpus = group(segmented)
            corpus = Corpus(tuple(align(a) for a in track(corpus.articles, "align")))
            corpus = Corpus(tuple(annotate(a, gold) for a in track(corpus.articles, "annotate")))
    else:
        corpus = _one_stage(read_corpus(out), only, gold, track)
    try:
        replace_folder(out, lambda place: _write(corpus, place, with_report=only in (None, "report")))
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError(
            Fault("cannot-write", str(error.filename or out), found, "", "choose another -o")
        ) from None
    if only is None:
        try:
            write_manifest(folder / "manifest.toml", _in_file_order(corpus))
        except OSError as error:
            warn(
                f"{folder / 'manifest.toml'}: not written, {error.strerror or error}; the next build finds it all again"
            )
    return corpus


def _one_stage(corpus: Corpus, stage: str, gold: Path | None, track: Track) -> Corpus:
    if stage == "segment":
        return Corpus(tuple(_articles(segment(d) for d in track(list(corpus.documents), "segment"))))
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
    names = _article_names(found.articles, by_id)
    articles = _articles(
        dataclasses.replace(d, source=dataclasses.replace(d.source, article=names[i]))
        for i, d in by_id.items()
    )
    topics = _topic_names(found.topics, articles)
    return Corpus(
        tuple(
            dataclasses.replace(
                a,
                topic_id=topics[a.article_id],
                documents=tuple(
                    dataclasses.replace(d, source=dataclasses.replace(d.source, topic=topics[a.article_id]))
                    for d in a.documents
                ),
            )
            for a in articles
        )
    )


def _articles(documents: Iterable[Document]) -> list[Article]:
    """Articles by what the sources say; a document that names none is one by itself."""
    members: dict[str, list[Document]] = {}
    for document in sorted(documents, key=lambda d: (d.lang, d.doc_id)):
        members.setdefault(document.source.article or document.doc_id, []).append(document)
    faults = []
    for article_id, group_of in sorted(members.items()):
        for lang, n in Counter(d.lang for d in group_of).items():
            if n > 1:
                files = ", ".join(d.source.file for d in group_of if d.lang == lang)
                faults.append(Fault("two-of-one-language", files, f"{n} documents in {lang!r} in the article {article_id!r}", "one per language", "correct article or lang in the manifest"))  # fmt: skip
    if faults:
        raise InputError(faults)
    return [Article(article_id, tuple(group_of)) for article_id, group_of in sorted(members.items())]


def _article_names(groups: Iterable[Sequence[str]], documents: Mapping[str, Document]) -> dict[str, str]:
    """doc_id -> article. A declared name is kept; the other members of a found group take it, where it has no document
    in their language yet; else the group is named after its first document.
    """
    names = {i: d.source.article for i, d in documents.items()}
    taken = {(name, documents[i].lang) for i, name in names.items() if name}
    for members in groups:
        given = Counter(names[i] for i in members if names[i])
        name = min(given, key=lambda n: (-given[n], n)) if given else f"article-{min(members)}"
        for i in members:
            if not names[i]:
                names[i] = f"article-{i}" if (name, documents[i].lang) in taken else name
                taken.add((names[i], documents[i].lang))
    return names


def _topic_names(groups: Iterable[Sequence[str]], articles: Sequence[Article]) -> dict[str, str]:
    """article_id -> topic: the declared one of its documents, or of another article of its found group; a group of one
    article without a declared topic has none.
    """
    declared = {
        a.article_id: sorted({d.source.topic for d in a.documents if d.source.topic}) for a in articles
    }
    if twice := {name: given for name, given in declared.items() if len(given) > 1}:
        raise InputError(
            Fault(
                "two-topics",
                name,
                f"topics {', '.join(given)} in one article",
                "one",
                "correct topic in the manifest",
            )
            for name, given in twice.items()
        )
    of = {d.doc_id: a.article_id for a in articles for d in a.documents}
    names = {name: given[0] if given else "" for name, given in declared.items()}
    for members in groups:
        together = sorted({of[i] for i in members})
        given = sorted({names[name] for name in together if names[name]})
        if given or len(together) > 1:
            for name in together:
                names[name] = names[name] or (given[0] if given else f"topic-{min(members)}")
    return names


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


def _in_file_order(corpus: Corpus) -> Iterator[Source]:
    yield from sorted((d.source for d in corpus.documents), key=lambda s: s.file)


def _write(corpus: Corpus, place: Path, with_report: bool) -> None:
    write_corpus(corpus, place)
    write_text(place / BUILD_MARK, dumps(summary(corpus)) + "\n")
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


def _check_out(out: Path, inputs: Iterable[Path]) -> None:
    for folder in inputs:
        if folder.resolve().is_relative_to(out.resolve()):
            raise InputError(
                Fault("not-a-build", str(out), f"the folder that holds the input {folder}", "a folder beside it",
                      "choose another -o")
            )  # fmt: skip
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / BUILD_MARK).is_file())):
        raise InputError(
            Fault(
                "not-a-build",
                str(out),
                "something that no build made",
                "an empty or new folder, or an earlier build",
                "choose another -o",
            )
        )


_OURS = {"texts", "annotations", "manifest.toml", "report.html", BUILD_MARK}


def replace_folder(out: Path, write: Callable[[Path], None]) -> None:
    """Fill a new folder, then put it in the place of `out`: readers see the old or the new, never a half.

    What somebody else put into `out` is taken over.
    """
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    old = place.with_name(place.name + ".old")
    try:
        write(place)
        os.chmod(place, 0o755)
        if out.exists():
            os.rename(out, old)
        os.rename(place, out)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if old.exists():
            os.rename(old, out)
        raise
    if old.exists():
        for entry in old.iterdir():
            if entry.name not in _OURS and not (out / entry.name).exists():
                os.rename(entry, out / entry.name)
        shutil.rmtree(old)
