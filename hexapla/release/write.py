"""The dataset repository: Parquet tables, card, pictures, Croissant, version, changelog and checksums of a corpus.

The same corpus, version and annotation folder give the same bytes (with the same release of pyarrow and datasets).
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hexapla.corpus import Article, Corpus
from hexapla.errors import Fault, InputError, need
from hexapla.release.articles import Articles, Held, read_splits
from hexapla.release.folder import CHECKSUMS, checksums, move, old_files
from hexapla.release.standoff import FULL, INPUTS, REBUILD, closed
from hexapla.release.statistics import Statistics
from hexapla.release.tables import Table, Track, write_tables
from hexapla.release.version import LabelDigest, check_digest
from hexapla.store import read_text, write_text

_VERSION = re.compile(r"\d+\.\d+\.\d+")


def release(
    corpus: Corpus | Articles,
    out: str | Path,
    version: str,
    *,
    annotation: str | Path = "annotation",
    standoff: bool = False,
    track: Track = lambda items, label: items,
) -> dict[str, Table]:
    """Write the dataset repository into `out`; returns configuration -> what was written.

    corpus: in memory, or articles that are read as they are written (`hexapla.release.Stored`). version:
    `major.minor.patch`. annotation: a folder; `card.toml` (`hexapla.release.card.About`), `agreement.json`, `CHANGELOG.md`,
    `splits.toml` and `labels.sha256` are taken from it if they are there. standoff: leave out the texts that the manifest
    does not call open. Files of an older release in `out` are replaced, others are left. `track` wraps the articles in a
    progress bar; the default shows none. `InputError` if the corpus, its version, the changelog or `out` does not allow a
    release; nothing has been written then.
    """
    from hexapla.release import card

    need("datasets", "datasets")
    out, annotation = Path(out), Path(annotation)
    articles: Articles = Held(corpus) if isinstance(corpus, Corpus) else corpus
    if not _VERSION.fullmatch(version):
        raise InputError(Fault("bad-version", "version", f"{version!r}", "major.minor.patch such as 0.1.0"))
    if not len(articles):
        raise InputError(Fault("empty-corpus", "corpus", "no articles", "at least one"))
    old = old_files(out)
    words = card.Words(
        card.read_about(annotation / "card.toml"), card.read_agreement(annotation / "agreement.json")
    )
    splits = read_splits(annotation / "splits.toml", articles.langs)
    changes = _changelog(annotation / "CHANGELOG.md", version)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as name:
        writer = _Writer(articles, splits, version, words, changes, annotation, track)
        fresh = Path(name) / "full"
        tables = writer.write(fresh)
        if standoff:
            full = read_text(fresh / CHECKSUMS)
            fresh = Path(name) / "standoff"
            tables = writer.write(fresh, full)
        move(fresh, out, old)
    return tables


class _Writer:
    """Writes a whole release into an empty folder."""

    def __init__(
        self, articles: Articles, splits: dict[str, str], version: str, words: object, changes: str | None, annotation: Path,
        track: Track,
    ) -> None:  # fmt: skip
        self._articles, self._splits, self._version, self._words = articles, splits, version, words
        self._changes, self._annotation, self._track = changes, annotation, track

    def write(self, folder: Path, full: str | None = None) -> dict[str, Table]:
        """The full release, or, given the checksums of that, the stand-off one."""
        from hexapla.release import card, croissant, leakage, pictures

        statistics, digest = Statistics(), LabelDigest()
        withheld: list[str] = []

        def hold_back(article: Article) -> None:
            withheld.extend(d.doc_id for d in article.documents if d.lang in closed(article))

        watchers = [statistics.add, digest.add, *([hold_back] if full is not None else [])]
        tables = write_tables(self._articles, self._splits, folder, standoff=full is not None, watchers=watchers, track=self._track)  # fmt: skip
        check_digest(self._annotation, self._version, digest.hexdigest())
        if full is None and len(next(iter(tables.values())).parts) > 1 and (faults := list(leakage.leaks(folder))):  # fmt: skip
            raise InputError(faults)
        drawn = pictures.draw(statistics)
        for name, svg in drawn.items():
            write_text(folder / name, svg)
        assert isinstance(self._words, card.Words)
        text = card.render(
            tables, statistics, self._version, self._words, pictures=list(drawn), withheld=len(withheld)
        )
        write_text(folder / "README.md", text)
        write_text(folder / "CHANGELOG.md", self._changes or _counts(statistics, self._version))
        write_text(folder / "VERSION", f"{self._version}\n")
        if full is not None:
            write_text(folder / FULL, full)
            for name in INPUTS:
                if (self._annotation / name).is_file():
                    write_text(folder / REBUILD / name, read_text(self._annotation / name))
        described = croissant.describe(
            folder, tables, statistics, self._version, self._words, bool(withheld), self._date()
        )
        write_text(folder / croissant.FILE, described)
        write_text(folder / CHECKSUMS, checksums(folder))
        return tables

    def _date(self) -> str | None:
        """The date beside the version in the changelog."""
        found = re.search(
            rf"(?m)^## {re.escape(self._version)}\s+\(?(\d{{4}}-\d\d-\d\d)\b", self._changes or ""
        )
        return found[1] if found else None


def _changelog(path: Path, version: str) -> str | None:
    """The kept changelog, which must have an entry for this version (`## 0.1.0`, or with its date `## 0.1.0 2026-01-31`); None
    if there is none."""
    if not path.is_file():
        return None
    text = read_text(path)
    if not re.search(rf"(?m)^## {re.escape(version)}(?:\s|$)", text):
        raise InputError(Fault("no-change-entry", str(path), f"no entry `## {version}`", "what changed in this version", "add it"))  # fmt: skip
    return text


def _counts(statistics: Statistics, version: str) -> str:
    """A changelog of bare counts."""
    told = f"Articles {statistics.articles}, documents {statistics.documents.total()}, mentions {statistics.mentions.total()}"
    return f"# Changes of the data\n\n## {version}\n\n{told}.\n"
