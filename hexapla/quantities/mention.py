"""The number mention that `extract` returns."""

from __future__ import annotations

from dataclasses import dataclass

from hexapla.values import Quantity, Value


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A number in a text. Offsets are code points of the text, half-open; the span holds the unit, not the modifier.

    `other` is the other reading of an ambiguous literal such as `1.234` (then `ambiguous` is set); `number_start` and
    `number_end` delimit the bare number inside the mention. `value` is None for a date without one.
    """

    start: int
    end: int
    surface: str
    kind: str
    value: Value | None
    value_high: Value | None = None
    unit: str | None = None
    modifier: str | None = None
    ambiguous: bool = False
    other: Value | None = None
    number_start: int = 0
    number_end: int = 0

    @property
    def quantity(self) -> Quantity:
        """The normalised content alone, as mentions of a corpus carry it."""
        return Quantity(self.kind, self.value, self.value_high, self.unit, self.modifier)
