"""What changed between two versions of the data: texts, labels, values, links, facts and beads, by document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.corpus import Bead, Fact, Mention
from hexapla.errors import Fault, InputError
from hexapla.release.loading import article_groups, located, splits_of
from hexapla.release.rows import article_of
from hexapla.release.standoff import blanked
from hexapla.release.version import Labelled, labels_of
from hexapla.store import dumps, read_corpus, read_text

Content = tuple[list[Labelled], Mapping[str, Fact], tuple[Bead, ...]]
"""Of an article: its documents, facts and beads."""

_FIELDS = {"label": "label", "value": "value", "value_high": "value", "unit": "value", "modifier": "value", "fact_id": "link", "ambiguous": "label"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise.

    what: `article`, `document`, `text`, `label`, `value`, `link`, `fact` or `bead`. how: `added`, `removed` or `changed`.
    item: the mention with its place, the fact, or the bead; field: of a mention or fact. `before` and `after` are empty where
    there is nothing.
    """

    article_id: str
    doc_id: str
    what: str
    how: str
    item: str = ""
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        place = "/".join(p for p in (self.article_id, self.doc_id) if p)
        said = " ".join(p for p in (self.what, self.how, self.item, self.field) if p)
        told = " -> ".join(p for p in (self.before, self.after) if p) if self.how == "changed" else self.before or self.after  # fmt: skip
        return f"{place}: {said}" + (f": {told}" if told else "")


@dataclass(frozen=True, slots=True)
class Differences:
    """All changes from one version to another, in order of articles and documents."""

    before: str
    after: str
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, int]:
        """`label changed` -> how often, most frequent first."""
        counted = Counter(f"{c.what} {c.how}" for c in self.changes)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def to_json(self) -> dict[str, Any]:
        listed = [{n: v for n in Change.__slots__ if (v := getattr(c, n))} for c in self.changes]
        return {"before": self.before, "after": self.after, "counts": self.counts(), "changes": listed}


def diff(v1: str | Path, v2: str | Path) -> Differences:
    """What is otherwise in `v2`. Each is a release (with or without texts), a built corpus, gold, or `ORG/NAME@v0.1.0` on the hub.

    Mentions are the same if they stand at the same place of the same text; where the text or the place changed, if they have
    the same id.
    """
    (name1, old), (name2, new) = _content(v1), _content(v2)
    changes: list[Change] = []
    for article_id in sorted(old.keys() | new.keys()):
        if article_id not in new or article_id not in old:
            how, side = ("added", new) if article_id in new else ("removed", old)
            told = ", ".join(d[0] for d in side[article_id][0])
            changes.append(Change(article_id, "", "article", how, after=told))
            continue
        changes += _article(article_id, old[article_id], new[article_id])
    return Differences(name1, name2, tuple(changes))


def _content(path: str | Path) -> tuple[str, dict[str, Content]]:
    """(name, article -> content) of any form of the data."""
    folder = located(path)
    if (folder / "VERSION").is_file() and (folder / "articles").is_dir():
        found: dict[str, Content] = {}
        for split in splits_of(folder):
            for group in article_groups(folder, split=split):
                try:
                    article = article_of([blanked(r) for _, r in group.documents], [r for _, r in group.beads])  # fmt: skip
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    raise InputError(Fault("bad-article", group.documents[0][0], str(error), "", "run `hexapla validate` on the release")) from None  # fmt: skip
                hashes = {row["doc_id"]: row["text_sha256"] for _, row in group.documents}
                # the hash of a text that is left out stands in its row
                documents = [(d.doc_id, d.lang, hashes[d.doc_id], d.mentions) for d in article.documents]
                found[article.article_id] = (documents, article.facts, article.beads)
        return read_text(folder / "VERSION").strip(), found
    if (folder / "manifest.toml").is_file():
        corpus = read_corpus(folder)
        return str(path), {
            a.article_id: ([(d.doc_id, d.lang, d.text_sha256, d.mentions) for d in a.documents], a.facts, a.beads)
            for a in corpus.articles
        }  # fmt: skip
    if folder.is_dir() and any(folder.glob("*/facts.json")):
        return str(path), {p.name: labels_of(p) for p in sorted(folder.iterdir()) if (p / "facts.json").is_file()}  # fmt: skip
    raise InputError(Fault("not-a-corpus", str(path), "neither a release, nor a built corpus, nor gold", "two versions of the data", "check the path"))  # fmt: skip


def _article(article_id: str, old: Content, new: Content) -> Iterator[Change]:
    before, after = ({d[0]: d for d in content[0]} for content in (old, new))
    for doc_id in sorted(before.keys() | after.keys()):
        if doc_id not in before or doc_id not in after:
            side, how = (after, "added") if doc_id in after else (before, "removed")
            yield Change(article_id, doc_id, "document", how, after=side[doc_id][1])
            continue
        same_text = before[doc_id][2] == after[doc_id][2]
        if not same_text:
            yield Change(article_id, doc_id, "text", "changed", before=f"{before[doc_id][2][:12]}…", after=f"{after[doc_id][2][:12]}…")  # fmt: skip
        yield from _mentions(article_id, doc_id, before[doc_id][3], after[doc_id][3], same_text)
    yield from _facts(article_id, old[1], new[1])
    # the beads of a text alone are its sentences: a release does not keep them as beads
    if len(before) > 1 or len(after) > 1:
        yield from _beads(article_id, old[2], new[2])


def _mentions(
    article_id: str, doc_id: str, old: Iterable[Mention], new: Iterable[Mention], same_text: bool
) -> Iterator[Change]:
    olds, news = list(old), list(new)
    matched: list[tuple[Mention, Mention]] = []
    if same_text:
        there = {(m.span, m.is_number): m for m in news}
        matched = [(m, there[m.span, m.is_number]) for m in olds if (m.span, m.is_number) in there]
    taken = {id(m) for pair in matched for m in pair}
    by_id = {m.id: m for m in news if id(m) not in taken}
    matched += [(m, by_id[m.id]) for m in olds if id(m) not in taken and m.id in by_id]
    taken = {id(m) for pair in matched for m in pair}
    for m in olds:
        if id(m) not in taken:
            yield Change(article_id, doc_id, "label", "removed", _place(m), before=_said(m))
    for m in news:
        if id(m) not in taken:
            yield Change(article_id, doc_id, "label", "added", _place(m), after=_said(m))
    for a, b in sorted(matched, key=lambda pair: pair[0].span):
        if same_text and a.span != b.span:
            yield Change(article_id, doc_id, "label", "changed", _place(a), "span", f"{a.start}:{a.end}", f"{b.start}:{b.end} {_shown(b)}".strip())  # fmt: skip
        one, other = a.to_json(), b.to_json()
        for field, what in _FIELDS.items():
            if one.get(field) != other.get(field):
                yield Change(article_id, doc_id, what, "changed", _place(a), field, _word(one.get(field)), _word(other.get(field)))  # fmt: skip


def _facts(article_id: str, old: Mapping[str, Fact], new: Mapping[str, Fact]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            side, how = (new, "added") if name in new else (old, "removed")
            fact = side[name]
            yield Change(
                article_id, "", "fact", how, name, after=" ".join((fact.label, fact.name or fact.value))
            )
            continue
        one, other = old[name].to_json(), new[name].to_json()
        for field in [k for k in ("label", "name", "value", "entity", "qid") if one.get(k) != other.get(k)]:
            yield Change(article_id, "", "fact", "changed", name, field, _word(one.get(field)), _word(other.get(field)))  # fmt: skip


def _beads(article_id: str, old: Iterable[Bead], new: Iterable[Bead]) -> Iterator[Change]:
    """A bead is its sentences; its id is only a name."""
    before, after = ({dumps(dict(sorted(b.spans.items()))): b.bead_id for b in beads} for beads in (old, new))
    for spans in [s for s in before if s not in after]:
        yield Change(article_id, "", "bead", "removed", before[spans], before=spans)
    for spans in [s for s in after if s not in before]:
        yield Change(article_id, "", "bead", "added", after[spans], after=spans)


def _shown(m: Mention) -> str:
    return repr(m.surface) if m.surface.strip("\ue000") else ""


def _place(m: Mention) -> str:
    return f"{m.id} {m.start}:{m.end} {_shown(m)}".strip()


def _said(m: Mention) -> str:
    quantity = str(m.quantity) if m.quantity else ""
    return " ".join(p for p in (m.label, quantity, f"[{m.fact_id}]" if m.fact_id else "") if p)


def _word(value: object) -> str:
    return "nothing" if value is None else str(value)
