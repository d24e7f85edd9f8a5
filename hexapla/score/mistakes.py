"""What a system got wrong: every miss and false alarm with its context, by kind of error.

Each mention is in at most one error. Gold and predicted mentions are paired by overlap, one-to-one: first those that
are right, then those with the same label, then the rest.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla.corpus import Corpus, Document, Mention
from hexapla.errors import Fault, InputError
from hexapla.predictions import TRACKS, Prediction, read_predictions
from hexapla.score.gold import gold_of, read_data, read_salt
from hexapla.score.match import best, is_scale_error, overlaps
from hexapla.score.report import score_documents
from hexapla.values import Quantity

KINDS = {
    "missed": "in the gold, nothing predicted there",
    "spurious": "predicted, nothing in the gold there",
    "label": "right span, wrong label",
    "span": "right label, wrong span",
    "span and label": "overlapping span, wrong label",
    "scale": "right label and unit, value wrong by a power of ten",
    "value": "right label, wrong value",
    "no value": "right label, no value predicted",
    "unit": "right value, wrong unit",
    "modifier": "all right but the modifier",
}
if TYPE_CHECKING:
    from rich.console import Console

_CONTEXT = 40


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error: `gold` is None where it is spurious, `pred` where it is missed. `before` and `after` are the text around."""

    kind: str
    doc_id: str
    lang: str
    gold: Mention | None
    pred: Prediction | None
    before: str
    surface: str
    after: str

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "doc_id": self.doc_id, "lang": self.lang,
            "gold": None if self.gold is None else Prediction.of(self.gold).to_json(),
            "pred": None if self.pred is None else self.pred.to_json(),
            "before": self.before, "surface": self.surface, "after": self.after,
        }  # fmt: skip


def mistakes(corpus: Corpus, predictions: Mapping[str, Sequence[Prediction]]) -> list[Mistake]:
    """All errors, in order of documents and places; documents without predictions are left out."""
    return [
        mistake
        for document in corpus.documents
        if document.doc_id in predictions
        for mistake in _of_document(document, predictions[document.doc_id])
    ]


def errors(gold: str | Path, pred: str | Path, *, partial: bool = False) -> tuple[list[Mistake], str]:
    """The errors of a predictions file against a built corpus or a release, and the signature."""
    corpus, version = read_data(gold)
    data = gold_of(corpus, version=version, salt=read_salt(gold))
    found = read_predictions(pred, data.lengths, texts=data.texts, partial=partial)
    return mistakes(corpus, found), score_documents(data, found).signature


def only(found: Iterable[Mistake], *, lang: str | None = None, kind: str | None = None) -> list[Mistake]:
    """Those of one language and one kind."""
    if kind is not None and kind not in KINDS:
        raise InputError(Fault("bad-kind", "kind", f"{kind!r}", ", ".join(KINDS)))
    return [m for m in found if lang in (None, m.lang) and kind in (None, m.kind)]


def as_csv(found: Iterable[Mistake], signature: str) -> str:
    """A row per error."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    sides = ("label", "start", "end", "value", "value_high", "unit", "modifier")
    heads = [f"{side}_{name}" for side in ("gold", "pred") for name in sides]
    writer.writerow(["kind", "doc_id", "lang", *heads, "before", "surface", "after", "signature"])
    for m in found:
        record = m.to_json()
        cells = [(record[side] or {}).get(name, "") for side in ("gold", "pred") for name in sides]
        writer.writerow([m.kind, m.doc_id, m.lang, *cells, m.before, m.surface, m.after, signature])
    return out.getvalue()


def _of_document(document: Document, predictions: Iterable[Prediction]) -> Iterator[Mistake]:
    listed = tuple(predictions)
    found: list[tuple[str, Mention | None, Prediction | None]] = []
    for labels in TRACKS.values():
        gold = sorted((m for m in document.mentions if m.label in labels), key=lambda m: m.start)
        pred = sorted((p for p in listed if p.label in labels), key=lambda p: p.start)
        pairs = overlaps(gold, pred)
        kinds = [_kind(gold[i], pred[j]) for i, j in pairs]
        weights = [_weight(kind, gold[i], pred[j]) for kind, (i, j) in zip(kinds, pairs, strict=True)]
        paired = best(pairs, weights)
        found += [(kinds[k], gold[pairs[k][0]], pred[pairs[k][1]]) for k in paired if kinds[k]]
        met_gold, met_pred = {pairs[k][0] for k in paired}, {pairs[k][1] for k in paired}
        found += [("missed", m, None) for i, m in enumerate(gold) if i not in met_gold]
        found += [("spurious", None, p) for j, p in enumerate(pred) if j not in met_pred]
    for kind, mine, theirs in sorted(found, key=_place):
        spans = [s for s in (mine, theirs) if s is not None]
        start, end = min(s.start for s in spans), max(s.end for s in spans)
        text = document.text
        before, after = text[max(start - _CONTEXT, 0) : start], text[end : end + _CONTEXT]
        yield Mistake(kind, document.doc_id, document.lang, mine, theirs, before, text[start:end], after)


def _place(found: tuple[str, Mention | None, Prediction | None]) -> tuple[int, int, str]:
    span = found[1] or found[2]
    assert span is not None
    return span.start, span.end, found[0]


def _kind(gold: Mention, pred: Prediction) -> str:
    """What is wrong with an overlapping prediction; "" if nothing. A number's span may differ."""
    span = (gold.start, gold.end) == (pred.start, pred.end)
    if gold.label != pred.label:
        return "label" if span else "span and label"
    if gold.quantity is None or pred.quantity is None:
        return "" if span else "span"
    return _number_kind(gold.quantity, pred.quantity)


def _number_kind(gold: Quantity, pred: Quantity) -> str:
    if gold.value is None:
        return ""
    if pred.value is None:
        return "no value"
    if (gold.value, gold.value_high) != (pred.value, pred.value_high):
        return "scale" if gold.unit == pred.unit and is_scale_error(gold, pred) else "value"
    if gold.unit != pred.unit:
        return "unit"
    return "" if gold.modifier == pred.modifier else "modifier"


def _weight(kind: str, gold: Mention, pred: Prediction) -> int:
    """Right pairs first, then pairs of one label, then any."""
    return (int(kind in ("", "modifier")) << 48) + (int(gold.label == pred.label) << 24) + 1


def print_mistakes(
    found: Sequence[Mistake], console: Console | None = None, *, limit: int = 10, signature: str = ""
) -> None:
    """Grouped by kind, the most frequent first; at most `limit` of each are shown (0: all)."""
    from rich.console import Console
    from rich.text import Text

    console = console or Console(highlight=False)
    numbers = Counter(mistake.kind for mistake in found)
    for kind, n in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        console.print(Text(f"{kind} · {n} · {KINDS[kind]}", style="bold"))
        shown = [mistake for mistake in found if mistake.kind == kind]
        for mistake in shown[: limit or None]:
            console.print(_line(mistake))
        if limit and n > limit:
            console.print(Text(f"  … {n - limit} more", style="dim"))
        console.print()
    if not found:
        console.print("No errors.")
    if signature:
        console.print(signature, style="dim", soft_wrap=True, highlight=False)


def _line(mistake: Mistake) -> Any:
    from rich.text import Text

    start = min(span.start for span in (mistake.gold, mistake.pred) if span is not None)
    told = []
    for name, span in (("gold", mistake.gold), ("predicted", mistake.pred)):
        if span is not None:
            surface = mistake.surface[span.start - start : span.end - start]
            told.append(
                f"{name} {span.label} \u2068{surface}\u2069" + (f" {span.quantity}" if span.quantity else "")
            )
    # isolates keep a right-to-left context from reordering the rest of the line
    before, surface, after = (
        part.replace("\n", " ") for part in (mistake.before, mistake.surface, mistake.after)
    )
    return Text.assemble(
        f"  {mistake.doc_id}: {', '.join(told)}\n    \u2068",
        before,
        (surface, "bold underline"),
        after,
        "\u2069",
    )
