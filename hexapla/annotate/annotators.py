"""What each annotator said, side by side: from folders of annotation files, or from an export with several annotations.

A page is one document of a folder, or one text of one task: the unit that two annotators can both have done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from hexapla.annotate.back import joined_facts
from hexapla.annotate.check import Answer
from hexapla.annotate.reading import Faults, Reading, TaskData, read_data, read_result
from hexapla.annotate.status import annotator
from hexapla.annotate.tasks import Result
from hexapla.corpus import NUMBER_LABELS, Article, Corpus, Mention
from hexapla.errors import Fault, InputError
from hexapla.predictions import show
from hexapla.store import read_mentions
from hexapla.values import Quantity

BEFORE = "pre-annotation"


class Said(NamedTuple):
    """A mention as somebody marked it. `fact`: equal within an article for what was said to be the same."""

    start: int
    end: int
    label: str
    surface: str
    quantity: Quantity | None
    fact: str | None

    @property
    def is_number(self) -> bool:
        return self.label in NUMBER_LABELS


@dataclass(frozen=True, slots=True)
class Page:
    article_id: str
    doc_id: str
    lang: str
    text_sha256: str
    said: tuple[Said, ...]


Version = Mapping[tuple[str, str], Page]
"""(article or task, document) -> the page."""


@dataclass(frozen=True, slots=True)
class Voices:
    """The versions of an export by annotator; `before` by model version. `skipped`: tasks that an annotator skipped.
    `faults`: annotations that could not be read, and were left out."""

    by: Mapping[str, Version]
    before: Mapping[str, Version]
    skipped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def of_folder(folder: str | Path) -> dict[tuple[str, str], Page]:
    """The version in a folder like `annotation/gold` (`<article>/<doc>.json`). `InputError` if it holds none."""
    root = Path(folder)
    pages: dict[tuple[str, str], Page] = {}
    for where in sorted(p for p in root.iterdir() if p.is_dir()) if root.is_dir() else ():
        for file in sorted(where.glob("*.json")):
            if file.name not in ("facts.json", "beads.json"):
                doc_id, lang, digest, mentions = read_mentions(file)
                said = tuple(_said(m) for m in mentions)
                pages[where.name, doc_id] = Page(where.name, doc_id, lang, digest, said)
    if not pages:
        raise InputError(
            Fault("no-annotations", str(folder), "no article folder", "<article>/<doc>.json files", "check the path")
        )  # fmt: skip
    return pages


def _said(m: Mention) -> Said:
    return Said(m.start, m.end, m.label, m.surface, m.quantity, m.fact_id)


def of_export(tasks: Any, corpus: Corpus, where: str = "tasks") -> Voices:
    """Every annotator's version in an export of `single` or `parallel` tasks, and the predictions as versions of their own.

    Where the export names predictions by number only, the corpus as built stands for them.
    """
    articles = {a.article_id: a for a in corpus.articles}
    answers: dict[str, dict[str, Answer]] = {}
    before: dict[str, dict[str, Answer]] = {}
    seen: dict[str, TaskData] = {}
    skipped: dict[str, set[str]] = {}
    faults: list[Fault] = []
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        found = Faults(f"{where}: task {number}")
        data = read_data(task, found)
        faults += found.found
        if data is None or data.task == "align":
            continue
        if not _known(data, articles):
            faults.append(Fault("unknown-article", found.where, f"article {show(data.article_id)} with these texts", "an article of this corpus", "name the build that was pushed"))  # fmt: skip
            continue
        seen[data.hexapla_id] = data
        for one in task.get("annotations") or ():
            name = annotator(one)
            if one.get("was_cancelled"):
                skipped.setdefault(name, set()).add(data.hexapla_id)
            else:
                faults += _take(answers, name, data, one.get("result"), f"{found.where} by {name}")
        for one in task.get("predictions") or ():
            if isinstance(one, dict):
                faults += _take(before, str(one.get("model_version")), data, one.get("result"), f"{found.where} prediction")  # fmt: skip
    by = {name: _version(of.values(), articles) for name, of in sorted(answers.items())}
    priors = {f"{BEFORE} {name}": _version(of.values(), articles) for name, of in sorted(before.items())}
    if not priors and seen:
        priors = {BEFORE: _built(seen.values(), articles)}
    return Voices(by, priors, {n: frozenset(of) for n, of in sorted(skipped.items())}, tuple(faults))


def _known(data: TaskData, articles: Mapping[str, Article]) -> bool:
    article = articles.get(data.article_id)
    documents = {d.lang: d for d in article.documents} if article is not None else {}
    return all(p.lang in documents and documents[p.lang].text_sha256 == p.sha256 for p in data.panes)


def _take(held: dict[str, dict[str, Answer]], name: str, data: TaskData, result: Result | Any, where: str) -> list[Fault]:  # fmt: skip
    """Enter what `name` said of a task; the faults if it cannot be read, or was said twice."""
    faults = Faults(where)
    reading = read_result(result, data, faults)
    mine = held.setdefault(name, {})
    if not faults.found and data.hexapla_id in mine:
        faults.add(
            "two-answers",
            f"{name} annotated the task twice",
            "one annotation",
            "delete one; the first was counted",
        )
    if not faults.found:
        mine[data.hexapla_id] = Answer(data, reading)
    return faults.found


def _version(answers: Iterable[Answer], articles: Mapping[str, Article]) -> dict[tuple[str, str], Page]:
    by_article: dict[str, list[Answer]] = {}
    for answer in answers:
        by_article.setdefault(answer.data.article_id, []).append(answer)
    pages: dict[tuple[str, str], Page] = {}
    for article_id, mine in sorted(by_article.items()):
        article = articles[article_id]
        facts, _ = joined_facts(article, mine)
        for answer in mine:
            for pane in answer.data.panes:
                text = article.document(pane.lang).text
                said = [
                    Said(r.start, r.end, r.label, text[r.start : r.end], r.quantity, facts.get(
                        ("fact", r.fact_id) if r.fact_id is not None else ("mention", pane.doc_id, r.start, r.end), r.fact_id
                    ))
                    for r in answer.reading.regions if r.lang == pane.lang
                ]  # fmt: skip
                pages[answer.data.hexapla_id, pane.doc_id] = Page(
                    article_id, pane.doc_id, pane.lang, pane.sha256, tuple(sorted(said, key=lambda s: s[:3]))
                )
    return pages


def _built(seen: Iterable[TaskData], articles: Mapping[str, Article]) -> dict[tuple[str, str], Page]:
    return {
        (data.hexapla_id, p.doc_id): Page(
            data.article_id, p.doc_id, p.lang, p.sha256, tuple(_said(m) for m in articles[data.article_id].document(p.lang).within(p.span))
        )
        for data in seen for p in data.panes
    }  # fmt: skip


def canonical(reading: Reading) -> Any:
    """What two annotations must share to agree: regions, values, and which mentions say the same, however that was
    entered (a fact id, or a relation between mentions without one)."""
    if reading.verdict:
        return reading.content
    parent = {r.id: r.id for r in reading.regions}

    def find(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    by_fact: dict[str, str] = {}
    joins: list[tuple[str, str]] = list(reading.links)
    for r in reading.regions:
        if r.fact_id is not None:
            joins.append((r.id, by_fact.setdefault(r.fact_id, r.id)))
    for a, b in joins:
        parent[find(a)] = find(b)
    groups: dict[str, list[Any]] = {}
    for r in reading.regions:
        groups.setdefault(find(r.id), []).append(r)
    return frozenset(_group(group) for group in groups.values())


def _group(regions: Sequence[Any]) -> Any:
    ids = frozenset(r.fact_id for r in regions if r.fact_id is not None)
    return ids, frozenset((r.lang, r.start, r.end, r.label, r.quantity, r.ambiguous) for r in regions)
