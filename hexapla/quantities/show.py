"""Number mentions for people and for machines: a table for the terminal, records for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hexapla.quantities.mention import QuantityMention
from hexapla.values import format_value, show_value

if TYPE_CHECKING:
    from rich.table import Table

_MODIFIERS = {
    "approx": "about",
    "at_least": "at least",
    "at_most": "at most",
    "more_than": "more than",
    "less_than": "less than",
}


def render(mentions: Iterable[QuantityMention], text: str) -> Table:
    """A table of the mentions of one text: what stands there, its kind, its value, and the other reading if there is one."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (
        ("at", "right"),
        ("text", "left"),
        ("kind", "left"),
        ("value", "right"),
        ("unit", "left"),
        ("", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for mention in mentions:
        value = "–" if mention.value is None else show_value(mention.value)
        if mention.value_high is not None:
            value += f" – {show_value(mention.value_high)}"
        notes = [_MODIFIERS[mention.modifier]] if mention.modifier else []
        if mention.other is not None:
            notes.append(f"or {show_value(mention.other)}")
        surface = Text(text[mention.start : mention.end].replace("\n", " "))
        table.add_row(str(mention.start), surface, mention.kind, value, mention.unit or "", ", ".join(notes))
    return table


def to_json(mention: QuantityMention) -> dict[str, Any]:
    """One mention as a JSON record: offsets as numbers, values as strings, as `predictions.jsonl` has them.

    >>> from hexapla.quantities import extract
    >>> to_json(extract("about 20% of it", "en")[0])
    {'start': 6, 'end': 9, 'surface': '20%', 'label': 'PERCENT', 'value': '20', 'unit': 'percent', 'modifier': 'approx'}
    """
    record: dict[str, Any] = {
        "start": mention.start,
        "end": mention.end,
        "surface": mention.surface,
        "label": mention.kind.upper(),
    }
    record.update(mention.quantity.to_json())
    if mention.other is not None:
        record["ambiguous"], record["other"] = True, format_value(mention.other)
    return record
