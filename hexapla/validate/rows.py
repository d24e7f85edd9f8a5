"""The rows of a release: labels, offsets, values, and whether the tables agree.

`articles` and `beads` hold everything; the rows of all other tables are written again from them and compared, so that
a change in one table shows, wherever it was made. Memory holds one article at a time. Where a text is left out, its length,
its offsets and its tokens' places stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexapla.corpus import LABELS, Article, Source, is_id, sha256
from hexapla.errors import Fault, HexaplaError
from hexapla.release import columns
from hexapla.release.loading import Group, Placed, article_groups, table_rows
from hexapla.release.rows import Row, article_of, article_rows, bead_faults, rows
from hexapla.release.standoff import blanked, is_stripped, stripped, tokens_of
from hexapla.validate.checks import Wrong, mention_faults, span_faults, text_faults

AGAIN = "fetch or write the release again"
MOST = 20
"""So many disagreements are named of one table; the rest is counted."""


class Content:
    """Goes through the articles once, and beside them through every table that follows from them."""

    def __init__(
        self, folder: Path, split: str, langs: Sequence[str], files: Mapping[str, list[Path]], broken: set[str],
        standoff: bool,
    ) -> None:  # fmt: skip
        self._folder, self._split, self._langs, self._broken = folder, split, langs, broken
        self._standoff = standoff
        # without beads nothing follows from the articles, and they are looked at by themselves
        self._beads = "beads" in files
        self._files = {n: listed for n, listed in files.items() if n != "articles" and self._beads}
        self._derived = {name: table_rows(listed) for name, listed in self._files.items()}
        self._next = {name: next(stream, None) for name, stream in self._derived.items()}
        self._named = dict.fromkeys(("articles", *self._files), 0)
        self._documents: set[str] = set()

    def faults(self) -> Iterator[Fault]:
        before = ""
        for group in article_groups(self._folder, self._beads, self._split):
            if (
                not isinstance(group.article_id, str)
                or not is_id(group.article_id)
                or group.article_id <= before
            ):
                yield Fault("article-order", group.documents[0][0], f"article_id {group.article_id!r} after {before!r}", "ids in order, each article in one place", AGAIN)  # fmt: skip
            before = max(before, str(group.article_id))
            found = list(self._article_faults(group))
            yield from found
            stored = {name: self._take(name, group.article_id) for name in self._derived}
            if found:
                yield from self._where_texts_differ(group, stored)
            elif self._beads:
                try:
                    whole = [blanked(row) for _, row in group.documents]
                    yield from self._compare(group, article_of(whole, [r for _, r in group.beads]), stored)
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    yield Fault("bad-article", group.documents[0][0], str(error), "", AGAIN)
                except HexaplaError as error:
                    yield from error.faults
        for name in self._derived:
            while (left := self._next[name]) is not None:
                self._next[name] = next(self._derived[name], None)
                yield from self._disagree(
                    name, left[0], "the row", "one that no article calls for", "nothing"
                )
        for name, count in self._named.items():
            if count > MOST:
                yield Fault("rows-disagree", str(self._folder / name), f"{count - MOST} more rows that disagree", "the tables of one release", AGAIN)  # fmt: skip

    def _take(self, name: str, article_id: str) -> list[Placed]:
        """The next rows of a table, as far as they belong to the article."""
        taken = []
        while (head := self._next[name]) is not None and head[1].get("article_id") == article_id:
            taken.append(head)
            self._next[name] = next(self._derived[name], None)
        return taken

    def _article_faults(self, group: Group) -> Iterator[Fault]:
        """Of the rows of `articles` by themselves."""
        first = group.documents[0][1]
        langs: set[str] = set()
        for where, row in group.documents:
            doc_id, lang = row["doc_id"], row["lang"]
            if doc_id in self._documents:
                yield Fault("duplicate", where, f"the document {doc_id!r} stands twice", "once", AGAIN)
            if lang in langs:
                yield Fault(
                    "two-of-a-language",
                    where,
                    f"a second document in {lang}",
                    "one document a language",
                    AGAIN,
                )
            if row["facts"] != first["facts"]:
                yield Fault("facts-differ", where, "facts unlike those of the article's first document", "the same list", AGAIN)  # fmt: skip
            langs.add(lang)
            self._documents.add(doc_id)
            yield from (
                Fault(code, where, found, expected, AGAIN)
                for code, found, expected in document_faults(row, self._standoff)
            )

    def _compare(self, group: Group, article: Article, stored: Mapping[str, list[Placed]]) -> Iterator[Fault]:
        """The tables as they follow from the article, against the tables as they are."""
        places = {row["lang"]: where for where, row in group.documents}
        beads = {row["bead_id"]: where for where, row in group.beads}
        faults = [
            Fault(f.code, beads.get(f.where, group.documents[0][0]), f.found, f.expected, AGAIN) for f in bead_faults(article)
        ]  # fmt: skip
        if faults:
            yield from faults
            return
        expected: dict[str, list[Row]] = {name: [] for name in stored}
        silent = [row["lang"] for _, row in group.documents if is_stripped(row)]
        known = tokens_of(
            [row for _, row in group.documents], {c: [r for _, r in stored.get(c, ())] for c in silent}
        )
        for name, row in rows(article, self._langs, known):
            if name in expected:
                expected[name].append(stripped(name, row, silent) if silent else row)
        for (where, row), again in zip(sorted(group.documents, key=lambda p: p[1]["lang"]), article_rows(article), strict=True):  # fmt: skip
            if is_stripped(row):
                again = stripped("articles", again, silent) | {"text_sha256": row["text_sha256"]}
            if differ := difference(row, again):
                yield from self._disagree("articles", where, *differ)
        for name, calls in expected.items():
            found = stored[name]
            if len(found) != len(calls):
                where = found[-1][0] if found else str(self._files[name][0])
                yield from self._disagree(name, where, f"number of rows of article {article.article_id!r}", str(len(found)), str(len(calls)))  # fmt: skip
            for (where, row), again in zip(found, calls, strict=False):
                if differ := difference(row, again):
                    side = re.split(r"_mentions|_spans|\[|\s", differ[0])[
                        0
                    ]  # the language whose column differs
                    origin = places.get(name) or places.get(side, group.documents[0][0])
                    yield from self._disagree(name, where, *differ, origin)

    def _where_texts_differ(self, group: Group, stored: Mapping[str, list[Placed]]) -> Iterator[Fault]:
        """The sentences that read otherwise in the table of their language."""
        for origin, row in group.documents:
            for where, sentence in stored.get(row["lang"], ()):
                start, end, there = sentence["start"], sentence["end"], sentence["text"]
                if row["text"] is None or sentence["doc_id"] != row["doc_id"] or None in (start, end, there):
                    continue
                if differ := difference(there, row["text"][start:end], "text"):
                    yield from self._disagree(row["lang"], where, *differ, origin)

    def _disagree(
        self, name: str, where: str, path: str, found: str, expected: str, origin: str = ""
    ) -> Iterator[Fault]:
        """A difference between the row at `where` and what follows from `origin`. Blames the file that the checksums blame."""
        self._named[name] += 1
        if self._named[name] > MOST:
            return
        blamed = [place.rsplit(" (row", 1)[0] in self._broken for place in (where, origin)]
        if blamed == [False, True]:
            told = f"says {expected} where {path} of {where} is {found}"
            yield Fault("rows-disagree", origin, told, f"{found} in both", AGAIN)
        else:
            expected += f" as in {origin}" if origin else ""
            yield Fault("rows-disagree", where, f"{path} is {found}", expected, AGAIN)


def document_faults(row: Row, standoff: bool = False) -> Iterator[Wrong]:
    """What is wrong with a row of `articles` by itself. In a stand-off release a text that is not open is left out."""
    silent = standoff and is_stripped(row)
    plain = ("article_id", "doc_id", "lang", *(() if silent else ("text",)), "characters", "text_sha256", "source_file", "role", "translation")  # fmt: skip
    lists = ("blocks", "sentences", "mentions", "facts")
    if nothing := [name for name in (*plain, *lists) if row[name] is None]:
        yield "null", f"no {', '.join(nothing)}", "a value"
        return
    hollow = [name for name in lists if any(item is None or None in (item.get("start", 0), item.get("end", 0)) for item in row[name])]  # fmt: skip
    if hollow:
        yield "null", f"empty entries in {', '.join(hollow)}", "values"
        return
    if silent:
        yield from _silent_faults(row)
        if not re.fullmatch(r"[0-9a-f]{64}", row["text_sha256"]) or row["characters"] < 0:
            yield "bad-hash", f"text_sha256 {row['text_sha256'][:20]!r}, {row['characters']} characters", "a SHA-256 and a length"  # fmt: skip
            return
        row = blanked(row)
    elif standoff and not Source("x", "x", "x", licence=row["licence"] or "").is_open:
        yield "text-not-open", "a text without an open licence in a stand-off release", "no text"
    text = row["text"]
    if row["characters"] != len(text):
        yield "characters", f"{row['characters']} characters", f"{len(text)}, the length of the text"
    if not is_id(row["doc_id"]):
        yield "bad-id", f"doc_id {row['doc_id']!r}", "letters, digits, '.', '_' and '-'"
    yield from (
        (code, f"line {line} of the text: {found}", expected)
        for line, (code, found, expected) in text_faults(text)
    )
    if not silent and row["text_sha256"] != sha256(text):
        yield "text-changed", f"sha256 of the text is {sha256(text)[:12]}…", f"{row['text_sha256'][:12]}…"
    for name in ("blocks", "sentences"):
        for number, (code, found, expected) in span_faults(
            [(s["start"], s["end"]) for s in row[name]], len(text)
        ):
            yield code, f"{name}[{number}]: {found}", expected
    yield from (
        ("label-range", f"{path} is the class label {index}", f"0 to {size - 1}")
        for path, index, size in out_of_range(row, columns.ARTICLES)
    )
    facts = {f["fact_id"]: (_label(f["label"]), f["value"] or "") for f in row["facts"]}
    if len(facts) != len(row["facts"]):
        yield "duplicate", "a fact_id stands twice in facts", "once"
    seen: set[str] = set()
    for number, mention in enumerate(row["mentions"]):
        record = {k: v for k, v in mention.items() if v is not None} | {"label": _label(mention["label"])}
        if record.get("ambiguous") is False:
            del record["ambiguous"]
        name = f"mentions[{number}] ({mention['id']!r})"
        if mention["id"] in seen:
            yield "duplicate", f"{name}: the id stands twice", "once"
        seen.add(mention["id"])
        yield from (
            (code, f"{name}: {found}", expected)
            for code, found, expected in mention_faults(record, text, facts)
        )


def _silent_faults(row: Row) -> Iterator[Wrong]:
    """What a row without a text must not hold either."""
    if row["title"] is not None:
        yield "text-not-open", "a title without its text", "null"
    if shown := [m["id"] for m in row["mentions"] if m["surface"] is not None]:
        yield "text-not-open", f"the surface of the mentions {', '.join(map(str, shown[:5]))}", "null"


def _label(index: Any) -> str:
    return LABELS[index] if isinstance(index, int) and 0 <= index < len(LABELS) else f"class label {index}"


def out_of_range(row: Row, table: columns.Columns) -> Iterator[tuple[str, Any, int]]:
    """(path, index, number of names) of every class label that has no name."""

    def walk(value: Any, kind: columns.Type, path: str) -> Iterator[tuple[str, Any, int]]:
        if isinstance(kind, columns.Label):
            if not isinstance(value, int) or not 0 <= value < len(kind.names):
                yield path, value, len(kind.names)
        elif isinstance(kind, columns.Many):
            for number, item in enumerate(value or ()):
                yield from walk(item, kind.of, f"{path}[{number}]")
        elif isinstance(kind, columns.Record) and value is not None:
            for c in kind.columns:
                yield from walk(value[c.name], c.type, f"{path}.{c.name}")

    for column in table:
        yield from walk(row[column.name], column.type, column.name)


def difference(found: Any, expected: Any, path: str = "") -> tuple[str, str, str] | None:
    """The first place where two rows differ: (path, what is there, what is called for)."""
    if isinstance(found, dict) and isinstance(expected, dict) and set(found) == set(expected):
        for name in expected:
            if differ := difference(found[name], expected[name], f"{path}.{name}" if path else name):
                return differ
        return None
    if isinstance(found, list) and isinstance(expected, list):
        for number, (a, b) in enumerate(zip(found, expected, strict=False)):
            if differ := difference(a, b, f"{path}[{number}]"):
                return differ
        return None if len(found) == len(expected) else (f"{path}, its length,", str(len(found)), str(len(expected)))  # fmt: skip
    if found == expected:
        return None
    if isinstance(found, str) and isinstance(expected, str) and len(found) > 40:
        pairs = enumerate(zip(found, expected, strict=False))
        at = next((n for n, (a, b) in pairs if a != b), min(len(found), len(expected)))
        part = slice(max(at - 10, 0), at + 10)
        return f"{path}, at {at},", repr(found[part]), repr(expected[part])
    return path, repr(found), repr(expected)
