"""Agreement of annotators, two at a time, on the pages that both did.

- `span_f1`: the same span and label; `overlap_f1`: the same label on spans that overlap, one to one.
- On spans that both marked: `label`, the share with equal labels, and `kappa`, the same corrected for chance (Cohen 1960, over
  the labels of those spans; in the row of one label, that label against the rest). Unmarked text is no class: what nobody marked
  is not counted as agreement.
- `value`: of numbers with equal span and label, the share with equal value, upper value, unit and modifier.
- `link_f1`: F1 over pairs of mentions that share a fact, among the mentions that both marked alike. A pair counts in every row that
  one of its ends belongs to, and once in a sum.

No measure depends on the order of mentions, files or tasks, nor on who is A. Intervals are percentiles of a bootstrap
(Efron 1979) over articles, or over documents where there are too few articles; none are given below `ENOUGH` of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from hexapla.annotate.annotators import Page, Said, Version, Voices, of_export, of_folder
from hexapla.annotate.files import read_export
from hexapla.corpus import LABELS
from hexapla.errors import Fault, InputError
from hexapla.store import dumps, read_corpus, write_text

ENOUGH = 10  # articles or documents below which an interval would say more than is known
RESAMPLES = 1000
MEASURES = ("span_f1", "overlap_f1", "label", "kappa", "value", "link_f1")
ALL = "all"

Cell = tuple[str, str]
"""(language, label); `all` for sums."""
Table = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A and B compared. `table`: {language: {label: {measure: number}}}, with sums under `all`; None where there is nothing
    to compare. `intervals`: the same shape, (low, high) of 95 %, per `unit` ("article", "document", or "" for too few).
    `skipped`: tasks left out because one of the two skipped them."""

    a: str
    b: str
    table: Table
    intervals: Table
    unit: str
    articles: int
    documents: int
    skipped: int
    disagreements: tuple[str, ...] = field(repr=False)

    def to_json(self) -> Table:
        """The table: what `annotation/agreement.json` holds."""
        return self.table

    def full(self) -> dict[str, Any]:
        """All of it, for a machine."""
        return {name: getattr(self, name) for name in self.__slots__}


def agreement(a: str | Path, b: str | Path) -> Agreement:
    """Compare two folders of annotation files (`<article>/<doc>.json`); either may hold documents that the other lacks.

    `InputError` where they have no document in common, or one made on two texts.
    """
    return compare(str(a), of_folder(a), str(b), of_folder(b))


def among(voices: Voices) -> tuple[list[Agreement], list[Agreement]]:
    """Every pair of annotators, and apart from them every annotator against each pre-annotation; pairs without a common page
    are left out."""
    names = list(voices.by)
    pairs = [(x, voices.by[x], y, voices.by[y]) for x, y in combinations(names, 2)]
    prior = [(x, voices.by[x], y, version) for x in names for y, version in voices.before.items()]

    def run(listed: Iterable[tuple[str, Version, str, Version]]) -> list[Agreement]:
        nobody: frozenset[str] = frozenset()
        return [
            compare(x, v, y, w, skipped=len(voices.skipped.get(x, nobody) | voices.skipped.get(y, nobody)))
            for x, v, y, w in listed if v.keys() & w.keys()
        ]  # fmt: skip

    return run(pairs), run(prior)


def of_file(
    file: str | Path, folder: str | Path
) -> tuple[list[Agreement], list[Agreement], dict[str, int], tuple[Fault, ...]]:
    """The same of an export of the corpus built in `folder`, with the number of tasks that each skipped, and what could not
    be read."""
    voices = of_export(read_export(file), read_corpus(folder), str(file))
    return *among(voices), {name: len(of) for name, of in voices.skipped.items()}, voices.faults


def compare(a: str, of_a: Version, b: str, of_b: Version, skipped: int = 0, resamples: int = RESAMPLES) -> Agreement:  # fmt: skip
    """Agreement of two versions on their common pages."""
    common = sorted(of_a.keys() & of_b.keys())
    if not common:
        raise InputError(
            Fault("no-common-pages", b, f"no document or task that {a} has too", "two annotations of the same texts", "name others")
        )  # fmt: skip
    faults = [
        Fault("text-changed", f"{b}: {of_b[k].doc_id}", f"made on the text {of_b[k].text_sha256[:12]}…", f"{of_a[k].text_sha256[:12]}… as {a}")
        for k in common if of_a[k].text_sha256 != of_b[k].text_sha256
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    units: dict[tuple[str, str], dict[Cell, Counter[str]]] = {}
    links: dict[str, dict[Cell, Counter[str]]] = {}
    said: list[str] = []
    by_article: dict[str, list[tuple[Page, Page]]] = {}
    for name in common:
        one, two = of_a[name], of_b[name]
        by_article.setdefault(one.article_id, []).append((one, two))
        cells = units.setdefault((one.article_id, one.doc_id), {})
        _mentions(cells, one, two, said, f"{one.article_id}/{one.doc_id}")
    for article_id, pages in sorted(by_article.items()):
        links[article_id] = _links(pages, said, article_id)
    unit = "article" if len(links) >= ENOUGH else "document" if len(units) >= ENOUGH else ""
    table, intervals = _tables(units, links, unit, resamples)
    return Agreement(a, b, table, intervals, unit, len(links), len(units), skipped, tuple(said))


# ---- counting ------------------------------------------------------------------------------------------------------


def _mentions(cells: dict[Cell, Counter[str]], one: Page, two: Page, said: list[str], where: str) -> None:
    def count(what: str, *labels: str) -> None:
        for label in labels:
            for cell in ((one.lang, label), (one.lang, ALL), (ALL, ALL)):
                cells.setdefault(cell, Counter())[what] += 1

    in_a, in_b = ({s[:2]: s for s in page.said} for page in (one, two))
    for m in in_a.values():
        count("a", m.label)
    for m in in_b.values():
        count("b", m.label)
    for label, number in sorted(_overlapping(in_a.values(), in_b.values()).items()):
        for _ in range(number):
            count("overlap", label)
    for span in sorted(in_a.keys() | in_b.keys()):
        x, y = in_a.get(span), in_b.get(span)
        if x is None or y is None:
            only = in_a.get(span) or in_b[span]
            said.append(
                f"{where}: only {'B' if x is None else 'A'} has {only.label} {only.surface!r} at {only.start}"
            )
            continue
        count("matched_a", x.label)
        count("matched_b", y.label)
        if x.label != y.label:
            said.append(f"{where}: {x.surface!r} at {x.start} is {x.label} in A, {y.label} in B")
            continue
        count("both", x.label)
        if x.is_number:
            count("numbers", x.label)
            if x.quantity == y.quantity:
                count("values", x.label)
            else:
                said.append(f"{where}: {x.surface!r} at {x.start} is {x.quantity} in A, {y.quantity} in B")


def _overlapping(a: Iterable[Said], b: Iterable[Said]) -> Counter[str]:
    """Per label, the most pairs of overlapping mentions, each mention in one. Those of one annotator stand apart, so that taking
    the pair that ends first leaves the most for the rest."""
    found: Counter[str] = Counter()
    by_label: dict[str, tuple[list[Said], list[Said]]] = {}
    for side, listed in enumerate((a, b)):
        for m in listed:
            by_label.setdefault(m.label, ([], []))[side].append(m)
    for label, (left, right) in by_label.items():
        left.sort(key=lambda m: (m.end, m.start))
        right.sort(key=lambda m: (m.end, m.start))
        i = j = 0
        while i < len(left) and j < len(right):
            x, y = left[i], right[j]
            if max(x.start, y.start) < min(x.end, y.end):
                found[label] += 1
                i, j = i + 1, j + 1
            elif x.end <= y.end:
                i += 1
            else:
                j += 1
    return found


def _links(pages: Sequence[tuple[Page, Page]], said: list[str], article_id: str) -> dict[Cell, Counter[str]]:
    shared: dict[tuple[str, int, int, str, str], tuple[str | None, str | None]] = {}
    for one, two in pages:
        in_b = {(m.start, m.end, m.label): m.fact for m in two.said}
        for m in one.said:
            place = m.start, m.end, m.label
            if place in in_b:
                shared[one.doc_id, *place, one.lang] = m.fact, in_b[place]
    cells: dict[Cell, Counter[str]] = {}
    pairs = [_pairs({k: facts[side] for k, facts in shared.items()}) for side in (0, 1)]
    for what, some in (("links_a", pairs[0]), ("links_b", pairs[1]), ("links", pairs[0] & pairs[1])):
        for x, y in some:
            rows = {cell for end in (x, y) for cell in ((end[4], end[3]), (end[4], ALL))}
            for cell in rows | {(ALL, ALL)}:
                cells.setdefault(cell, Counter())[what] += 1
    for x, y in sorted(pairs[0] ^ pairs[1]):
        who = "A" if (x, y) in pairs[0] else "B"
        said.append(f"{article_id}: linked by {who} only: {x[0]} {x[1]}:{x[2]} ~ {y[0]} {y[1]}:{y[2]}")
    return cells


def _pairs(facts: Mapping[Any, str | None]) -> set[tuple[Any, Any]]:
    """All pairs of mentions that share a fact, each pair in order."""
    groups: dict[str, list[Any]] = {}
    for name, fact in facts.items():
        if fact is not None:
            groups.setdefault(fact, []).append(name)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


# ---- measures and intervals ----------------------------------------------------------------------------------------

_COUNTS = (
    "a",
    "b",
    "both",
    "overlap",
    "matched_a",
    "matched_b",
    "numbers",
    "values",
    "links_a",
    "links_b",
    "links",
)


def _tables(
    units: Mapping[tuple[str, str], Mapping[Cell, Counter[str]]], links: Mapping[str, Mapping[Cell, Counter[str]]],
    unit: str, resamples: int,
) -> tuple[Table, Table]:  # fmt: skip
    """Point values and intervals. The first row of the weights is the sample itself, the others its resamples."""
    import numpy as np

    by_document = unit == "document"
    names = sorted(units) if by_document else [(a, "") for a in sorted(links)]
    row = {name: n for n, name in enumerate(names)}
    cells = sorted({c for of in (*units.values(), *links.values()) for c in of})
    counts = {c: np.zeros((len(names), len(_COUNTS))) for c in cells}
    parts = [((article, doc), of) for (article, doc), of in units.items()]
    parts += [((article, next(d for a, d in units if a == article)), of) for article, of in links.items()]
    for (article, doc), of in parts:
        for cell, counter in of.items():
            for n, what in enumerate(_COUNTS):
                counts[cell][row[article, doc if by_document else ""], n] += counter[what]
    weights = np.ones((1, len(names)))
    if unit:
        draws = np.random.default_rng(0).multinomial(
            len(names), [1 / len(names)] * len(names), size=resamples
        )
        weights = np.concatenate([weights, draws])
    sums = {c: dict(zip(_COUNTS, (weights @ counts[c]).T, strict=True)) for c in cells}
    table: Table = {}
    intervals: Table = {}
    for lang in [*sorted({lang for lang, _ in cells} - {ALL}), ALL]:
        for label in [*(x for x in LABELS if (lang, x) in sums), ALL]:
            if (lang, label) not in sums:
                continue
            values = _measures(sums, lang, label)
            at = sums[lang, label]
            table.setdefault(lang, {})[label] = {
                "mentions_a": int(at["a"][0]), "mentions_b": int(at["b"][0]),
                **{m: _number(v[0]) for m, v in values.items() if m != "link_f1" or (at["links_a"] + at["links_b"])[0] or lang == ALL},
            }  # fmt: skip
            if unit:
                intervals.setdefault(lang, {})[label] = {
                    m: _interval(v[1:]) for m, v in values.items() if _number(v[0]) is not None and not (m == "link_f1" and by_document)
                }  # fmt: skip
    if ALL not in table:
        table[ALL] = {ALL: {"mentions_a": 0, "mentions_b": 0} | dict.fromkeys(MEASURES)}
    return table, intervals


def _measures(sums: Mapping[Cell, Mapping[str, Any]], lang: str, label: str) -> dict[str, Any]:
    """Measure -> array over resamples, nan where nothing is compared."""
    import numpy as np

    at = sums[lang, label]

    def ratio(part: Any, whole: Any) -> Any:
        return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0)

    everything = sums[lang, ALL]["matched_a"]  # spans that both marked
    if label == ALL:
        observed = ratio(at["both"], everything)
        products = (x * y for x, y in _by_label(sums, lang))
        chance = ratio(sum(products, np.zeros(len(everything))), everything**2)
    else:
        x, y = at["matched_a"], at["matched_b"]
        observed = ratio(everything - x - y + 2 * at["both"], everything)
        chance = ratio(x * y + (everything - x) * (everything - y), everything**2)
    return {
        "span_f1": ratio(2 * at["both"], at["a"] + at["b"]),
        "overlap_f1": ratio(2 * at["overlap"], at["a"] + at["b"]),
        "label": ratio(2 * at["both"], at["matched_a"] + at["matched_b"]),
        "kappa": ratio(observed - chance, 1 - chance),
        "value": ratio(at["values"], at["numbers"]),
        "link_f1": ratio(2 * at["links"], at["links_a"] + at["links_b"]),
    }


def _by_label(sums: Mapping[Cell, Mapping[str, Any]], lang: str) -> list[tuple[Any, Any]]:
    """(A's, B's) matched spans with each label, in one language or over all."""
    out: dict[str, tuple[Any, Any]] = {}
    for (code, label), of in sums.items():
        if label != ALL and lang in (ALL, code):
            x, y = out.get(label, (0, 0))
            out[label] = x + of["matched_a"], y + of["matched_b"]
    return list(out.values())


def _number(value: Any) -> float | None:
    return None if value != value else round(float(value), 4)


def _interval(values: Any) -> list[float] | None:
    """95 %; None where most resamples hold nothing to compare."""
    import numpy as np

    known = values[~np.isnan(values)]
    if 2 * len(known) < len(values):
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def write_agreement(result: Agreement, path: Path) -> None:
    """The figures as JSON, one language a line."""
    lines = [f"{dumps(lang)}: {dumps(labels)}" for lang, labels in result.table.items()]
    write_text(path, "{\n" + ",\n".join(lines) + "\n}\n")
