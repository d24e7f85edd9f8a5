"""Predictions: `predictions.jsonl`, one line per document, read as a file from a stranger.

    {"doc_id": "…", "mentions": [{"start", "end", "label", "fact_id"?, "value"?, "value_high"?, "unit"?, "modifier"?}]}

Offsets are Unicode code points, half-open. A system without offsets gives `text` in their place (`hexapla.grounding`). The mentions of one track (entities, numbers) are flat: they do not
overlap, as in the gold. Nothing is repaired: every fault is named with its line, at most `MAX_FAULTS` in one pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.corpus import ENTITY_LABELS, LABELS, NUMBER_LABELS, Mention
from hexapla.errors import Fault, InputError
from hexapla.grounding import ground, unit_of
from hexapla.jsonlines import Bad, lines, parse_line, show
from hexapla.store import dumps, write_text
from hexapla.values import MODIFIERS, Quantity, parse_value

TRACKS: dict[str, tuple[str, ...]] = {"entities": ENTITY_LABELS, "numbers": NUMBER_LABELS}
TRACK_OF = {label: track for track, labels in TRACKS.items() for label in labels}
FORMAT = 1
MAX_FAULTS = 100
MAX_SURFACE = 1000  # characters of a mention's `text`

_UNIT = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_QUANTITY_FIELDS = ("value", "value_high", "unit", "modifier")
_FIELDS = ("start", "end", "text", "label", "fact_id", *_QUANTITY_FIELDS)


@dataclass(frozen=True, slots=True)
class Prediction:
    """One predicted mention. Number labels always have a quantity (its value may be None), entity labels none."""

    start: int
    end: int
    label: str
    fact_id: str | None = None
    quantity: Quantity | None = None

    def __post_init__(self) -> None:
        if self.label not in LABELS:
            raise ValueError(f"label {self.label!r} is not one of {', '.join(LABELS)}")
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}:{self.end} is empty, reversed or negative")
        if self.quantity is None and self.label in NUMBER_LABELS:
            object.__setattr__(self, "quantity", Quantity(self.label.lower()))
        elif self.quantity is not None and self.quantity.label != self.label:
            raise ValueError(f"label {self.label} with a quantity of kind {self.quantity.kind}")

    @property
    def track(self) -> str:
        return TRACK_OF[self.label]

    @classmethod
    def of(cls, mention: Mention) -> Prediction:
        """A mention of a corpus, as a prediction."""
        return cls(mention.start, mention.end, mention.label, mention.fact_id, mention.quantity)

    def to_json(self) -> dict[str, Any]:
        record: dict[str, Any] = {"start": self.start, "end": self.end, "label": self.label}
        if self.fact_id is not None:
            record["fact_id"] = self.fact_id
        return record | (self.quantity.to_json() if self.quantity is not None else {})


Predictions = dict[str, tuple[Prediction, ...]]
"""Document id -> its mentions, in order of their spans."""


def read_predictions(
    path: str | Path,
    lengths: Mapping[str, int],
    *,
    texts: Mapping[str, str] | None = None,
    partial: bool = False,
) -> Predictions:
    """Read and check a predictions file.

    `lengths` maps the id of every document to the length of its text in code points; `texts`, where they are at hand,
    to the text: mentions may then have a `text`, with offsets (which it must agree with) or in their place. Documents without a line are
    refused unless `partial`. Raises `InputError` with every fault found, each with `file:line`, capped.
    """
    path = Path(path)
    found: Predictions = {}
    first_line: dict[str, int] = {}
    faults: list[Fault] = []
    try:
        for number, line in lines(path, 2 * len(lengths) + 1000):
            where = f"{path}:{number}"
            if len(faults) >= MAX_FAULTS:
                break
            try:
                doc_id, items = _document(line, lengths)
                if doc_id in first_line:
                    raise Bad("duplicate-document", f"{show(doc_id)} stands on line {first_line[doc_id]} too", "one line per document",
                              "merge the two lines")  # fmt: skip
            except Bad as bad:
                faults.append(bad.at(where))
                continue
            first_line[doc_id] = number
            found[doc_id] = _mentions(items, lengths[doc_id], (texts or {}).get(doc_id), where, faults)
    except InputError as error:  # the rest of the file cannot be read
        faults += error.faults
    if not first_line and not faults:
        raise InputError(
            Fault("empty-file", str(path), "no line", "one JSON object per document", "write the predictions")
        )
    missing = [doc_id for doc_id in lengths if doc_id not in found]
    if missing and not partial and not faults:
        named = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        faults.append(
            Fault("missing-document", str(path), f"no line for {len(missing)} of {len(lengths)} documents: {named}",
                  "a line for each, with an empty list where nothing was found", "add the lines, or score with --partial")
        )  # fmt: skip
    if faults:
        if len(faults) >= MAX_FAULTS:
            del faults[MAX_FAULTS:]
            faults.append(
                Fault(
                    "too-many-faults", str(path), f"stopped after {MAX_FAULTS} faults", "", "mend these first"
                )
            )
        raise InputError(faults)
    return {doc_id: found[doc_id] for doc_id in lengths if doc_id in found}


def write_predictions(path: str | Path, predictions: Mapping[str, Iterable[Prediction]]) -> None:
    """Write a predictions file, whole or not at all: documents in the order given, mentions in order of their spans."""
    lines = []
    for doc_id, mentions in predictions.items():
        ordered = sorted(mentions, key=lambda m: (m.start, m.end, m.label))
        lines.append(dumps({"doc_id": doc_id, "mentions": [m.to_json() for m in ordered]}))
    write_text(Path(path), "".join(f"{line}\n" for line in lines))


def merge(*parts: Mapping[str, Iterable[Prediction]]) -> Predictions:
    """Several systems' predictions as one, for instance one system's entities and another's numbers."""
    merged: dict[str, list[Prediction]] = {}
    for part in parts:
        for doc_id, mentions in part.items():
            merged.setdefault(doc_id, []).extend(mentions)
    return {doc_id: tuple(sorted(m, key=lambda p: (p.start, p.end, p.label))) for doc_id, m in merged.items()}


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one line of the file. That documents exist, spans fit and do not overlap, and values
    suit their label, only `read_predictions` checks."""
    text = {"type": "string"}
    number = {"type": "string", "pattern": r"^\S+$", "maxLength": 1300}
    fields: dict[str, Any] = {
        "start": {"type": "integer", "minimum": 0, "description": "first code point"},
        "end": {"type": "integer", "minimum": 1, "description": "code point after the last"},
        "text": text
        | {
            "minLength": 1,
            "maxLength": MAX_SURFACE,
            "description": "the surface, NFC; may stand for start and end",
        },
        "label": {"enum": list(LABELS)},
        "fact_id": text | {"minLength": 1, "maxLength": 200},
        "value": number | {"description": "exact decimal or n/d; EDTF for DATE and TIME"},
        "value_high": number | {"description": "upper end of a range"},
        "unit": text | {"pattern": f"^{_UNIT.pattern}$"},
        "modifier": {"enum": list(MODIFIERS)},
    }
    numeric = {"properties": {"label": {"enum": list(NUMBER_LABELS)}}}
    mention = {
        "type": "object",
        "properties": fields,
        "required": ["label"],
        "anyOf": [{"required": ["start", "end"]}, {"required": ["text"]}],
        "additionalProperties": False,
        "dependentRequired": {"value_high": ["value"], "start": ["end"], "end": ["start"]},
        "dependentSchemas": dict.fromkeys(_QUANTITY_FIELDS, numeric),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Hexapla predictions, format {FORMAT}: one line",
        "type": "object",
        "properties": {"doc_id": text, "mentions": {"type": "array", "items": mention}},
        "required": ["doc_id", "mentions"],
        "additionalProperties": False,
    }


# ---- one line ------------------------------------------------------------------------------------------------------


def _document(line: str, lengths: Mapping[str, int]) -> tuple[str, list[Any]]:
    record = parse_line(line)
    if not isinstance(record, dict):
        raise Bad("bad-record", show(record), 'an object {"doc_id", "mentions"}')
    if strange := sorted(set(record) - {"doc_id", "mentions"}):
        raise Bad(
            "unknown-field", f"field {show(strange[0])}", "doc_id and mentions only", "remove the field"
        )
    for name, kind in (("doc_id", str), ("mentions", list)):
        if name not in record:
            raise Bad("missing-field", f"no {name}", 'an object {"doc_id", "mentions"}')
        if not isinstance(record[name], kind):
            raise Bad(
                "bad-record", f"{name} is {show(record[name])}", "a string" if kind is str else "a list"
            )
    if record["doc_id"] not in lengths:
        raise Bad(
            "unknown-document",
            f"doc_id {show(record['doc_id'])}",
            "a document of this corpus",
            "take the ids from the data",
        )
    length, n = lengths[record["doc_id"]], len(record["mentions"])
    if n > len(TRACKS) * length:
        raise Bad("too-many-mentions", f"{n:,} mentions in a text of {length:,} characters", "mentions of a track that do not overlap",
                  "predict what the system is sure of, not every span")  # fmt: skip
    return record["doc_id"], record["mentions"]


def _mentions(
    items: list[Any], length: int, text: str | None, where: str, faults: list[Fault]
) -> tuple[Prediction, ...]:
    """The mentions of one line in order; what is wrong with them goes to `faults`."""
    good: list[tuple[Prediction, int]] = []
    unplaced: dict[str, list[tuple[dict[str, Any], int]]] = {}
    for index, item in enumerate(items, 1):
        try:
            _check_fields(item, text is not None)
            if "start" in item:
                good.append((_mention(item, length, text), index))
            else:
                unplaced.setdefault(TRACK_OF[item["label"]], []).append((item, index))
        except Bad as bad:
            faults.append(bad.at(where, index))
            if len(faults) > MAX_FAULTS:
                return ()
    for track, waiting in unplaced.items():
        taken = [(m.start, m.end) for m, _ in good if m.track == track]
        places = ground(text or "", [item["text"] for item, _ in waiting], taken)
        for (item, index), place in zip(waiting, places, strict=True):
            try:
                if place is None:
                    raise Bad("not-in-text", f"text {show(item['text'])}", "a part of the document that no other mention has",
                               "copy it from the document, or leave the mention out")  # fmt: skip
                good.append((_mention(item | {"start": place[0], "end": place[1]}, length, text), index))
            except Bad as bad:
                faults.append(bad.at(where, index))
                if len(faults) > MAX_FAULTS:
                    return ()
    good.sort(key=lambda pair: (pair[0].start, pair[0].end, pair[0].label))
    last: dict[str, Prediction] = {}
    for mention, index in good:
        before = last.get(mention.track)
        if before is not None and mention.start < before.end and len(faults) <= MAX_FAULTS:
            same = (before.start, before.end) == (mention.start, mention.end)
            faults.append(
                Bad("duplicate-span" if same else "overlap",
                    f"{mention.label} {mention.start}:{mention.end} and {before.label} {before.start}:{before.end}",
                    f"{mention.track} that do not overlap", "keep one of the two").at(where, index)
            )  # fmt: skip
        if before is None or mention.end > before.end:
            last[mention.track] = mention
    return tuple(mention for mention, _ in good)


def _check_fields(item: Any, with_text: bool) -> None:
    """Names of fields, the label, and that the mention has a place: offsets, or a `text` where texts are at hand."""
    if not isinstance(item, dict):
        raise Bad("bad-record", show(item), "an object with start, end, label")
    for name in item:
        if name not in _FIELDS:
            raise Bad("unknown-field", f"field {show(name)}", ", ".join(_FIELDS), "remove the field")
        if item[name] is None:
            raise Bad("null-field", f"{name} is null", "a value, or no such field", "leave the field out")
    placed = "start" in item or "end" in item
    for name in ("start", "end", "label") if placed or not (with_text and "text" in item) else ("label",):
        if name not in item:
            raise Bad("missing-field", f"no {name}", "start, end and label")
    if "text" in item and not (isinstance(item["text"], str) and 0 < len(item["text"]) <= MAX_SURFACE):
        raise Bad("bad-text", f"text {show(item['text'])}", f"a string of 1 to {MAX_SURFACE} characters")
    if not isinstance(item["label"], str) or item["label"] not in TRACK_OF:
        raise Bad("bad-label", f"label {show(item['label'])}", ", ".join(LABELS))


def _mention(item: dict[str, Any], length: int, text: str | None) -> Prediction:
    """A mention whose fields were checked and that has offsets."""
    start, end, label = item["start"], item["end"], item["label"]
    for name in ("start", "end"):
        if isinstance(item[name], bool):
            raise Bad("boolean-offset", f"{name} is {show(item[name])}", "a whole number of code points")
        if type(item[name]) is not int:
            raise Bad("bad-offset", f"{name} is {show(item[name])}", "a whole number of code points")
    if not 0 <= start < end:
        raise Bad("bad-span", f"span {show(start)}:{show(end)}", "0 ≤ start < end", "ends are exclusive")
    unit = unit_of(text, start, end, item["text"]) if text is not None and "text" in item else ""
    told = f"the offsets are {unit}: count code points"
    if end > length:
        raise Bad("out-of-range", f"span {show(start)}:{show(end)}", f"an end of at most {length}, the length of the text",
                   told if unit else "count Unicode code points, not bytes or UTF-16 units")  # fmt: skip
    if text is not None and "text" in item and text[start:end] != unicodedata.normalize("NFC", item["text"]):
        raise Bad("surface-mismatch", f"text {show(item['text'])}", f"{show(text[start:end])} as at {start}:{end}",
                   told if unit else "correct the offsets or the text")  # fmt: skip
    if "fact_id" in item and not (isinstance(item["fact_id"], str) and 0 < len(item["fact_id"]) <= 200):
        raise Bad("bad-fact", f"fact_id {show(item['fact_id'])}", "a string of 1 to 200 characters")
    return Prediction(start, end, label, item.get("fact_id"), read_quantity(item, label))


def read_quantity(item: dict[str, Any], label: str) -> Quantity | None:
    """The quantity of a mention of this label from its fields, None for an entity; `Bad` says what is wrong with them."""
    given = [name for name in _QUANTITY_FIELDS if name in item]
    if label not in NUMBER_LABELS:
        if given:
            raise Bad(
                "bad-value",
                f"{label} with {', '.join(given)}",
                f"{given[0]} on number labels only",
                "remove it",
            )
        return None
    kind = label.lower()
    for name in ("value", "value_high"):
        if name in item:
            try:
                parse_value(item[name], kind)
            except ValueError as error:
                raise Bad("bad-value", f"{name} of {label}: {show(item[name])}", _safe(error)) from None
    if "value_high" in item and "value" not in item:
        raise Bad("bad-value", "value_high without value", "both, for a range")
    if "unit" in item and not (isinstance(item["unit"], str) and _UNIT.fullmatch(item["unit"])):
        raise Bad(
            "bad-unit", f"unit {show(item['unit'])}", "an ISO 4217 code or a CLDR unit such as kilometer"
        )
    if "modifier" in item and item["modifier"] not in MODIFIERS:
        raise Bad("bad-modifier", f"modifier {show(item['modifier'])}", ", ".join(MODIFIERS))
    return Quantity.from_json(item, label)


def _safe(error: ValueError) -> str:
    """What a value should look like, from `parse_value`'s message without the stranger's text."""
    return str(error).rpartition(" is not ")[2][:120] if " is not " in str(error) else "a string"
