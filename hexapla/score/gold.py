"""The gold as the scorer sees it: documents, lengths and mentions, with a digest that changes when a label does."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hexapla.corpus import Corpus, Mention, is_id
from hexapla.errors import CheckFailed, Fault, InputError
from hexapla.predictions import TRACK_OF, Prediction
from hexapla.store import dumps, read_corpus, read_text, write_text

UNRELEASED = "unreleased"
SALT = "SALT"
"""The file beside a gold that is kept back for a blind test."""


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
    """All documents of a split, in order of their ids, and what a citation needs.

    `sha256` is over ids, lengths, spans, labels, values and links. With a `salt` it is keyed with it (HMAC, RFC 2104):
    such a digest can be published before the gold is, and nobody can try guesses of the gold on it.
    """

    documents: tuple[GoldDocument, ...]
    version: str = UNRELEASED
    split: str = "test"
    salt: str = field(default="", repr=False)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        documents = tuple(sorted(self.documents, key=lambda d: d.doc_id))
        ids = [d.doc_id for d in documents]
        if len(set(ids)) != len(ids):
            raise InputError(
                Fault("duplicate-document", "gold", "a document id stands twice", "distinct ids")
            )
        object.__setattr__(self, "documents", documents)
        digest = hmac.new(self.salt.encode(), digestmod=hashlib.sha256) if self.salt else hashlib.sha256()
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


def gold_of(corpus: Corpus, *, version: str = UNRELEASED, split: str = "test", salt: str = "") -> Gold:
    """The gold of a corpus."""
    return Gold(
        tuple(
            GoldDocument(d.doc_id, article.article_id, d.lang, len(d.text), d.mentions, d.text)
            for article in corpus.articles
            for d in article.documents
        ),
        version,
        split,
        salt,
    )


def read_gold(folder: str | Path, commitment: str | Path | None = None) -> Gold:
    """The gold of a built corpus (`hexapla build -o FOLDER`) or of a release (`data/`), which has a version.

    A folder of a blind test has the file `SALT` in it. `commitment` is the digest published before (`seal`): `CheckFailed`
    if the gold is not the one that was sealed.
    """
    corpus, version = read_data(folder)
    gold = gold_of(corpus, version=version, salt=read_salt(folder))
    if commitment is not None:
        published = read_text(Path(commitment)).split()
        if published[:1] != [gold.sha256]:
            raise CheckFailed(
                Fault("other-gold", str(commitment), f"{' '.join(published)[:64]!r}", gold.sha256,
                      "score with the gold and the salt that were sealed")
            )  # fmt: skip
    return gold


def seal(folder: str | Path) -> str:
    """The salted digest of a gold that is kept back, to be published with its texts; makes the salt if there is none.

    The salt lies beside the gold, in `SALT`, and is published with it after the test: anyone can then check the digest.
    """
    folder = Path(folder)
    read_data(folder)
    if not (folder / SALT).exists():
        write_text(folder / SALT, f"{secrets.token_hex(32)}\n")
        os.chmod(folder / SALT, 0o600)
    return read_gold(folder).sha256


def read_salt(folder: str | Path) -> str:
    """The salt beside a gold that is kept back, "" if there is none."""
    folder = Path(folder)
    if not (folder / SALT).exists():
        return ""
    salt = read_text(folder / SALT).strip()
    if not re.fullmatch(r"[0-9a-f]{32,128}", salt):
        raise InputError(Fault("bad-salt", str(folder / SALT), "not a salt", "32 to 128 hexadecimal digits"))
    return salt


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
