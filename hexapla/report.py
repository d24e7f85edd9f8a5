"""The HTML report of a corpus: one file that shows the versions side by side and where they differ.

It makes no request and runs only its own style and script, and escapes all text of the corpus: see `sealed.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla import fidelity, langs, sealed
from hexapla.corpus import LABELS, NUMBER_LABELS, Article, Corpus, Document, Mention, Span
from hexapla.counterparts import groups, is_sure
from hexapla.fidelity import Difference
from hexapla.layout import LABEL_NAMES, LETTERS, Row, clean, language_name, quoted, reading_order, rows, title
from hexapla.store import write_text

if TYPE_CHECKING:
    from jinja2 import Environment

OPEN_AT_MOST = 3  # so many articles are unfolded from the start


def write_report(corpus: Corpus, path: Path) -> None:
    """Write the report, whole or not at all."""
    write_text(path, render(corpus))


def render(corpus: Corpus) -> str:
    """The report as one HTML page."""
    from hexapla import __version__

    style, script = sealed.asset("report.css"), sealed.asset("report.js")
    views = [ArticleView(n, article) for n, article in enumerate(corpus.articles, 1)]
    return (
        _environment()
        .get_template("report.html")
        .render(
            corpus=corpus,
            views=views,
            style=style,
            script=script,
            policy=sealed.policy(style, script, "img-src data:; "),
            version=__version__,
            open_at_most=OPEN_AT_MOST,
            topics=Counter(a.topic_id for a in corpus.articles if a.topic_id),
            totals=totals(views),
        )
    )


def _environment() -> Environment:
    from markupsafe import Markup

    environment = sealed.environment()
    environment.filters |= {
        "clean": clean,
        "quoted": quoted,
        # our own two files, never text of the corpus
        "verbatim": Markup,
        "direction": langs.direction,
        "english": lambda lang: language_name(lang)[0],
        "own": lambda lang: language_name(lang)[1],
        "thousands": lambda number: f"{number:,}".replace(",", "\u202f"),
        "marked": _marked,
        "describe": fidelity.describe,
    }
    environment.globals |= {
        "LETTERS": LETTERS,
        "LABEL_NAMES": LABEL_NAMES,
        "LABELS": LABELS,
        "NUMBER_LABELS": NUMBER_LABELS,
        "SYMBOLS": fidelity.SYMBOLS,
        "KINDS": fidelity.KINDS,
    }
    return environment


def _marked(sentence: str, marks: Iterable[Span]) -> list[tuple[str, bool]]:
    """The sentence in runs: (text, is it marked)."""
    out: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(marks):
        if start >= at:
            out += [(sentence[at:start], False), (sentence[start:end], True)]
            at = end
    return [(text, mark) for text, mark in [*out, (sentence[at:], False)] if text]


# ---- what the template asks for ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One way in which a version says a fact: `value` only where it is not the one that most versions give."""

    surface: str
    count: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class FactView:
    """A line of the table of facts. `key` is the fact's id, or that of a group which nothing links.

    Only where a reader linked the mentions (`is_sure`) does a version without one not say the fact.
    """

    key: str
    label: str
    name: str
    value: str
    said: Mapping[str, tuple[Said, ...]]
    kinds: tuple[str, ...]
    is_sure: bool


class ArticleView:
    """One article as the template shows it."""

    def __init__(self, number: int, article: Article) -> None:
        self.number = number
        self.article = article
        self.documents: tuple[Document, ...] = reading_order(article)
        self.langs = tuple(d.lang for d in self.documents)
        self.rows: list[Row] = rows(article)
        self.differences: list[Difference] = list(fidelity.differences(article))
        self.summary = fidelity.summary(self.differences)
        self.title = title(self.documents[0])
        self.anchors = {row.bead_id: f"a{number}-b{n}" for n, row in enumerate(self.rows, 1)}

    @property
    def sentences(self) -> int:
        return sum(len(d.sentences) for d in self.documents)

    @cached_property
    def mentions(self) -> list[Mention]:
        return [m for d in self.documents for m in d.mentions]

    @property
    def by(self) -> list[tuple[str, int, int]]:
        """(how mentions came to be, how many, how many of these are reviewed), the most frequent first."""
        every = Counter(m.by for m in self.mentions)
        reviewed = Counter(m.by for m in self.mentions if m.reviewed)
        return [(by, count, reviewed[by]) for by, count in every.most_common()]

    @property
    def is_read(self) -> bool:
        """Did a reader link mentions? Else they, and what is said of differences, are proposals."""
        return any(is_sure(m) for m in self.mentions)

    @cached_property
    def by_row(self) -> dict[str, list[Difference]]:
        table: dict[str, list[Difference]] = {}
        for difference in self.differences:
            table.setdefault(difference.bead_id, []).append(difference)
        return table

    def symbols(self, row: Row) -> list[str]:
        """The kinds of differences in a row, gravest first, `elsewhere` left out."""
        found = {d.kind for d in self.by_row.get(row.bead_id, ())}
        return [kind for kind in fidelity.KINDS if kind in found and kind != "elsewhere"]

    @cached_property
    def keys(self) -> dict[tuple[str, str], str]:
        """(language, mention id) -> key: the fact, or the group of a mention that nothing links."""
        table: dict[tuple[str, str], str] = {}
        for row in self.rows:
            for group in groups(self.article, row):
                for lang, said in group.said.items():
                    table |= {(lang, m.id): m.fact_id or group.key for m in said}
        return table

    def dropped(self, document: Document) -> list[tuple[str, int]]:
        """(reason, how many parts of the raw file) of what is no article text."""
        return Counter(d.reason for d in document.dropped).most_common()

    @cached_property
    def facts(self) -> list[FactView]:
        """Every fact, entities before numbers, each in order of its first mention."""
        said: dict[str, dict[str, list[Mention]]] = {}
        for row in self.rows:
            for lang, cell in row.cells.items():
                for mention in cell.mentions:
                    said.setdefault(self.keys[lang, mention.id], {}).setdefault(lang, []).append(mention)
        kinds: dict[str, set[str]] = {}
        for difference in self.differences:
            for key in difference.fact_ids or (difference.key,):
                kinds.setdefault(key, set()).add(difference.kind)
        views = [self._fact(key, versions, kinds.get(key, set())) for key, versions in said.items()]
        return sorted(views, key=lambda view: view.label in NUMBER_LABELS)

    def _fact(self, key: str, versions: Mapping[str, list[Mention]], kinds: set[str]) -> FactView:
        fact = self.article.facts.get(key)
        first = next(iter(versions.values()))[0]
        values = Counter(
            str(m.quantity)
            for ms in versions.values()
            for m in ms
            if m.quantity and m.quantity.value is not None
        )
        shared = values.most_common(1)[0][0] if values else ""
        name = (fact.note if fact.is_number else fact.name or fact.entity) if fact else ""
        return FactView(
            key,
            first.label,
            name or first.surface,
            shared,
            {lang: tuple(_ways(versions[lang], shared)) for lang in self.langs if lang in versions},
            tuple(kind for kind in fidelity.KINDS if kind in kinds),
            any(is_sure(m) for ms in versions.values() for m in ms),
        )


def _ways(mentions: Iterable[Mention], shared: str) -> Iterable[Said]:
    counts: Counter[tuple[str, str]] = Counter()
    for m in mentions:
        value = str(m.quantity) if m.quantity and m.quantity.value is not None else ""
        counts[m.surface, "" if value == shared else value] += 1
    return (Said(surface, count, value) for (surface, value), count in counts.items())


def totals(views: Iterable[ArticleView]) -> list[tuple[str, Any]]:
    """(word, count) for the head of the report."""
    views = list(views)
    mentions = [m for v in views for m in v.mentions]
    return [
        ("articles", len(views)),
        ("documents", sum(len(v.documents) for v in views)),
        ("languages", len({code for v in views for code in v.langs})),
        ("sentences", sum(v.sentences for v in views)),
        ("beads", sum(len(v.article.beads) for v in views)),
        ("names", sum(not m.is_number for m in mentions)),
        ("numbers", sum(m.is_number for m in mentions)),
        ("differences", sum(len(v.differences) for v in views)),
    ]
