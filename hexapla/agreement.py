"""Agreement between two independent annotations of the same documents, before adjudication.

Spans: exact span F1, per label and language. On spans that both marked: share of equal labels; of equal quantities
(value, upper value, unit, modifier) among numbers. Links: F1 over pairs of mentions that share a fact, on the mentions
that both marked, in all languages of an article together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

from hexapla.corpus import LABELS, Mention
from hexapla.errors import Fault, InputError
from hexapla.store import dumps, read_mentions, write_text


@dataclass(slots=True)
class Tally:
    """Additive counts of two annotations, A and B, for one label of one language (or sums of such)."""

    a: int = 0
    b: int = 0
    both: int = 0  # the same span with the same label
    same_span: int = 0  # A's mentions whose span B marked too, with any label
    quantities: int = 0  # number mentions on which span and label agree
    same_quantity: int = 0

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_json(self) -> dict[str, Any]:
        """Scores as decimals of four places; None where there is nothing to compare."""
        return {
            "mentions_a": self.a,
            "mentions_b": self.b,
            "span_f1": _ratio(2 * self.both, self.a + self.b),
            "label": _ratio(self.both, self.same_span),
            "value": _ratio(self.same_quantity, self.quantities),
        }


@dataclass(slots=True)
class Agreement:
    """language -> label -> counts, and the link counts of all articles."""

    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    links_a: int = 0
    links_b: int = 0
    links_both: int = 0
    disagreements: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, dict[str, dict[str, Any]]]:
        """`{language: {label: {measure: number}}}`, with sums under `all`; the link F1 under `all`, `all`."""
        table: dict[str, dict[str, dict[str, Any]]] = {}
        total = Tally()
        for lang, labels in sorted(self.tallies.items()):
            whole = Tally()
            for tally in labels.values():
                whole.add(tally)
            total.add(whole)
            table[lang] = {label: labels[label].to_json() for label in LABELS if label in labels} | {
                "all": whole.to_json()
            }
        table["all"] = {
            "all": total.to_json() | {"link_f1": _ratio(2 * self.links_both, self.links_a + self.links_b)}
        }
        return table


def _ratio(part: int, whole: int) -> float | None:
    return round(float(Fraction(part, whole)), 4) if whole else None


def agreement(a: str | Path, b: str | Path) -> Agreement:
    """Compare two folders of annotation files (`<article>/<doc>.json`); B may hold fewer documents than A.

    `InputError` where B has a document that A lacks, or one made on another text.
    """
    result = Agreement()
    folders = [p for p in sorted(Path(b).iterdir()) if p.is_dir()] if Path(b).is_dir() else []
    if not folders:
        raise InputError(
            Fault(
                "no-annotations", str(b), "no article folder", "<article>/<doc>.json files", "check the path"
            )
        )
    for folder in folders:
        shared: dict[tuple[str, int, int, str], tuple[str | None, str | None]] = {}
        for file in sorted(folder.glob("*.json")):
            if file.name in ("facts.json", "beads.json"):
                continue
            other = Path(a) / folder.name / file.name
            _, lang, digest_b, said_b = read_mentions(file)
            _, _, digest_a, said_a = read_mentions(other)
            if digest_a != digest_b:
                raise InputError(
                    Fault(
                        "text-changed",
                        str(file),
                        f"made on the text {digest_b[:12]}…",
                        f"{digest_a[:12]}… as {other}",
                    )
                )
            _compare(result, lang, said_a, said_b, f"{folder.name}/{file.stem}")
            in_b = {(m.start, m.end, m.label): m.fact_id for m in said_b}
            for m in said_a:
                if (m.start, m.end, m.label) in in_b:
                    shared[file.stem, *m.span, m.label] = (m.fact_id, in_b[m.start, m.end, m.label])
        links = [_pairs({key: fact[side] for key, fact in shared.items()}) for side in (0, 1)]
        result.links_a += len(links[0])
        result.links_b += len(links[1])
        result.links_both += len(links[0] & links[1])
        result.disagreements += [
            f"{folder.name}: linked by one reader only: {x[0]}:{x[1]} ~ {y[0]}:{y[1]}"
            for x, y in sorted(links[0] ^ links[1])
        ]
    return result


def _compare(result: Agreement, lang: str, a: Iterable[Mention], b: Iterable[Mention], where: str) -> None:
    labels = result.tallies.setdefault(lang, {})
    in_b = {m.span: m for m in b}
    for m in in_b.values():
        labels.setdefault(m.label, Tally()).b += 1
    seen = set()
    for m in a:
        tally = labels.setdefault(m.label, Tally())
        tally.a += 1
        seen.add(m.span)
        other = in_b.get(m.span)
        if other is None:
            result.disagreements.append(f"{where}: only A has {m.label} {m.surface!r} at {m.start}")
            continue
        tally.same_span += 1
        if other.label != m.label:
            result.disagreements.append(
                f"{where}: {m.surface!r} at {m.start} is {m.label} in A, {other.label} in B"
            )
            continue
        tally.both += 1
        if m.is_number:
            tally.quantities += 1
            tally.same_quantity += m.quantity == other.quantity
            if m.quantity != other.quantity:
                result.disagreements.append(
                    f"{where}: {m.surface!r} at {m.start} is {m.quantity} in A, {other.quantity} in B"
                )
    for m in in_b.values():
        if m.span not in seen:
            result.disagreements.append(f"{where}: only B has {m.label} {m.surface!r} at {m.start}")


def _pairs(facts: Mapping[Any, str | None]) -> set[tuple[Any, Any]]:
    """All pairs of mentions that share a fact, each pair in order."""
    groups: dict[str, list[Any]] = {}
    for key, fact in facts.items():
        if fact is not None:
            groups.setdefault(fact, []).append(key)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


def write_agreement(result: Agreement, path: Path) -> None:
    """The figures as JSON, one language a line."""
    table = result.to_json()
    write_text(
        path,
        "{\n" + ",\n".join(f"{dumps(lang)}: {dumps(labels)}" for lang, labels in table.items()) + "\n}\n",
    )
