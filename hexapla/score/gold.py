"""The gold as the scorer sees it: documents, lengths and mentions, with a digest that changes when a label does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hexapla.corpus import Corpus, Mention, is_id
from hexapla.errors import Fault, InputError
from hexapla.predictions import TRACK_OF, Prediction
from hexapla.store import dumps, read_corpus, read_text

UNRELEASED = "unreleased"


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One document: `length` is that of its text in code points; mentions of one track do not overlap.

    The text itself is needed only for predictions without offsets.
    """

    doc_id: str
    article_id: str
    lang: str
    length: int
    mentions: tuple[Mention, ...]
    text: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "mentions", tuple(sorted(self.mentions, key=lambda m: (m.start, m.end, m.label)))
        )
        ends: dict[str, Mention] = {}
        for mention in self.mentions:
            before = ends.get(TRACK_OF[mention.label])
            if before is not None and mention.start < before.end:
                raise InputError(
                    Fault("overlap", self.doc_id, f"gold mentions {before.id} and {mention.id} overlap",
                          f"{TRACK_OF[mention.label]} that do not", "correct the annotation")
                )  # fmt: skip
            ends[TRACK_OF[mention.label]] = mention


@dataclass(frozen=True, slots=True)
class Gold:
    """All documents of a split, in order of their ids, and what a citation needs."""

    documents: tuple[GoldDocument, ...]
    version: str = UNRELEASED
    split: str = "test"
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        documents = tuple(sorted(self.documents, key=lambda d: d.doc_id))
        ids = [d.doc_id for d in documents]
        if len(set(ids)) != len(ids):
            raise InputError(
                Fault("duplicate-document", "gold", "a document id stands twice", "distinct ids")
            )
        object.__setattr__(self, "documents", documents)
        digest = hashlib.sha256()
        for d in documents:
            rows = [Prediction.of(m).to_json() for m in d.mentions]
            digest.update(dumps([d.doc_id, d.article_id, d.lang, d.length, rows]).encode() + b"\n")
        object.__setattr__(self, "sha256", digest.hexdigest())

    @property
    def lengths(self) -> Mapping[str, int]:
        return {d.doc_id: d.length for d in self.documents}

    @property
    def texts(self) -> Mapping[str, str]:
        return {d.doc_id: d.text for d in self.documents if d.text is not None}

    @property
    def langs(self) -> tuple[str, ...]:
        return tuple(sorted({d.lang for d in self.documents}))

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(sorted({d.article_id for d in self.documents}))


def gold_of(corpus: Corpus, *, version: str = UNRELEASED, split: str = "test") -> Gold:
    """The gold of a corpus."""
    return Gold(
        tuple(
            GoldDocument(d.doc_id, article.article_id, d.lang, len(d.text), d.mentions, d.text)
            for article in corpus.articles
            for d in article.documents
        ),
        version,
        split,
    )


def read_gold(folder: str | Path) -> Gold:
    """The gold of a built corpus (`hexapla build -o FOLDER`) or of a release (`data/`), which has a version."""
    corpus, version = read_data(folder)
    return gold_of(corpus, version=version)


def read_data(folder: str | Path) -> tuple[Corpus, str]:
    """A built corpus or a release, with its version."""
    folder = Path(folder)
    if (folder / "manifest.toml").is_file():
        return read_corpus(folder), UNRELEASED
    if (folder / "VERSION").is_file():
        from hexapla.release import read_release

        version = read_text(folder / "VERSION").strip()
        if not is_id(version):
            raise InputError(
                Fault("bad-version", str(folder / "VERSION"), f"{version[:40]!r}", "such as 0.1.0")
            )
        return read_release(folder), version
    raise InputError(
        Fault("no-corpus", str(folder), "neither manifest.toml nor VERSION", "a built corpus or a release",
              "run `hexapla build -o FOLDER`")
    )  # fmt: skip
