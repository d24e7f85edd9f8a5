"""How a number is written, told from its surface and value alone, in any language."""

from __future__ import annotations

import re
from fractions import Fraction

from hexapla.values import Quantity

SLICES = ("plain digits", "separator", "other digits", "scale word", "spelled out")
_SEPARATED = re.compile(r"\d[.,'’\u066b\u066c\u00b7 \u00a0\u2009\u202f]\d")


def slices_of(surface: str, quantity: Quantity) -> tuple[str, ...]:
    """The slices of a number mention; several may hold. None for dates and times, and without a value.

    - `spelled out`: no digit at all;
    - `scale word`: the value has more whole digits than are written ("57 bilyon");
    - `separator`: a point, comma, apostrophe or space between digits;
    - `other digits`: digits that are not 0-9;
    - `plain digits`: digits and none of the above.

    >>> from fractions import Fraction
    >>> slices_of("$1.5 milyon", Quantity("money", Fraction(1_500_000), None, "USD"))
    ('separator', 'scale word')
    """
    if not isinstance(quantity.value, Fraction):
        return ()
    digits = [c for c in surface if c.isdecimal()]
    if not digits:
        return ("spelled out",)
    found = {
        "separator": bool(_SEPARATED.search(surface)),
        "other digits": any(not c.isascii() for c in digits),
        "scale word": abs(quantity.value) >= 10 ** len(digits),
    }
    return tuple(name for name in SLICES if found.get(name)) or ("plain digits",)
