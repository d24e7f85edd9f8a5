"""The articles of a corpus one after another: those in memory, or those of a built corpus too large for it."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hexapla.corpus import Article, Corpus, Source
from hexapla.errors import Fault, InputError
from hexapla.manifest import read_manifest
from hexapla.release import columns
from hexapla.store import read_article, read_text


class Articles(Protocol):
    """Articles in order of their ids, read as often as they are gone through; `langs` says more cheaply what is in them."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Article]: ...

    @property
    def langs(self) -> Mapping[str, tuple[str, ...]]:
        """article_id -> its languages, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """The articles of a corpus in memory."""

    corpus: Corpus

    def __len__(self) -> int:
        return len(self.corpus.articles)

    def __iter__(self) -> Iterator[Article]:
        return iter(self.corpus.articles)

    @property
    def langs(self) -> Mapping[str, tuple[str, ...]]:
        return {a.article_id: a.langs for a in self.corpus.articles}


@dataclass(frozen=True, slots=True)
class Stored:
    """The articles of a built corpus, read from its files one at a time. Only the manifest is held in memory."""

    folder: Path
    _members: dict[str, list[Source]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (self.folder / "manifest.toml").is_file():
            raise InputError(Fault("no-corpus", str(self.folder), "not a built corpus", "the output of `hexapla build`", "run `hexapla build` first"))  # fmt: skip
        members: dict[str, list[Source]] = {}
        shared: dict[str, str] = {}  # what most documents have in common is held once
        for source in manifest(self.folder / "manifest.toml"):
            same = {n: shared.setdefault(t, t) for n in _COMMON if (t := getattr(source, n))}
            members.setdefault(source.article or source.doc_id, []).append(
                dataclasses.replace(source, **same)
            )
        object.__setattr__(self, "_members", dict(sorted(members.items())))

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Article]:
        """`InputError` names what is wrong with the files of an article."""
        return (read_article(self.folder, name, sources) for name, sources in self._members.items())

    @property
    def langs(self) -> Mapping[str, tuple[str, ...]]:
        return {name: tuple(sorted(s.lang for s in sources)) for name, sources in self._members.items()}


_COMMON = ("lang", "article", "topic", "publisher", "published", "rights", "licence", "role", "translation")
WHOLE = 1_000_000  # bytes of a manifest that is read as a whole
_ENTRY = re.compile(r"\[\[document\]\]\n(?:[a-z0-9_]+ = \"[^\"\\\n]*\"\n|\n)*")


def manifest(path: Path) -> Iterator[Source]:
    """The documents of a manifest. As the build writes it, entry by entry; any other form is read as a whole."""
    if path.is_file() and path.stat().st_size < WHOLE:
        yield from read_manifest(path)
        return
    text = read_text(path, limit=4_000_000_000)
    start = text.find("[[document]]")
    entries = [m.span() for m in _ENTRY.finditer(text, max(start, 0))]
    plain = start >= 0 and all(not line or line.startswith("#") for line in text[:start].split("\n"))
    if not plain or sum(b - a for a, b in entries) != len(text) - start:
        yield from read_manifest(path)
        return
    seen: set[str] = set()
    for a, b in entries:
        record = tomllib.loads(text[a:b])["document"][0]
        try:
            source = Source(**{"doc_id" if k == "id" else k: v for k, v in record.items()})
        except (TypeError, ValueError) as error:
            raise InputError(Fault("bad-manifest", f"{path}:{text.count(chr(10), 0, a) + 1}", str(error), "an entry of a built corpus", "build the corpus again")) from None  # fmt: skip
        if source.doc_id.casefold() in seen:
            raise InputError(Fault("duplicate", str(path), f"doc_id {source.doc_id!r} stands twice", "once", "rename or remove one"))  # fmt: skip
        seen.add(source.doc_id.casefold())
        yield source


# ---- splits ----------------------------------------------------------------------------------------------------------


def read_splits(path: Path, langs: Mapping[str, object]) -> dict[str, str]:
    """article -> split, from a file `splits.toml`: a list of articles for each of `train`, `validation`, `test`.

    Without the file all articles are in `test`. `InputError` if an article of the corpus is in no list or in two.
    """
    if not path.is_file():
        return dict.fromkeys(langs, columns.SPLIT)
    try:
        record = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(Fault("bad-splits", str(path), str(error), "TOML", "mend the file")) from None
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for split, names in record.items():
        if split not in columns.SPLITS or not isinstance(names, list) or not all(isinstance(n, str) for n in names):  # fmt: skip
            faults.append(Fault("bad-splits", str(path), f"the key {split!r}", f"a list of articles for {', '.join(columns.SPLITS)}", "mend the file"))  # fmt: skip
            continue
        for name in names:
            if name in found:
                faults.append(Fault("two-splits", str(path), f"the article {name!r} is in {found[name]} and in {split}", "one split", "remove it from one"))  # fmt: skip
            found[name] = split
    faults += [
        Fault("no-split", str(path), f"the article {name!r} is in no list", "one split", "add it")
        for name in langs
        if name not in found
    ]
    if faults:
        raise InputError(faults)
    return {name: found[name] for name in langs}
