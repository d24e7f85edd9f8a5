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


def render(mentions: Iterable[QuantityMention]) -> Table:
    """A table of the mentions of one text: what stands there, its kind, its value, and the other reading if there is one."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("at", justify="right")
    table.add_column("text")
    table.add_column("kind")
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("")
    for mention in mentions:
        value = "–" if mention.value is None else show_value(mention.value)
        if mention.value_high is not None:
            value += f" – {show_value(mention.value_high)}"
        notes = [_MODIFIERS[mention.modifier]] if mention.modifier else []
        if mention.other is not None:
            notes.append(f"or {show_value(mention.other)}")
        surface = Text(" ".join(mention.surface.split()))
        table.add_row(str(mention.start), surface, mention.kind, value, mention.unit or "", ", ".join(notes))
    return table


def to_json(mentions: Iterable[QuantityMention]) -> list[dict[str, Any]]:
    """The mentions as JSON records: offsets as numbers, values as strings, what is not there as null.

    >>> from hexapla.quantities import extract
    >>> record = to_json(extract("about 20% of it", "en"))[0]
    >>> record["surface"], record["kind"], record["value"], record["modifier"]
    ('20%', 'percent', '20', 'approx')
    """
    return [
        {
            "start": m.start,
            "end": m.end,
            "surface": m.surface,
            "kind": m.kind,
            "value": None if m.value is None else format_value(m.value),
            "value_high": None if m.value_high is None else format_value(m.value_high),
            "unit": m.unit,
            "modifier": m.modifier,
            "ambiguous": m.ambiguous,
            "other": None if m.other is None else format_value(m.other),
            "number_start": m.number_start,
            "number_end": m.number_end,
        }
        for m in mentions
    ]
