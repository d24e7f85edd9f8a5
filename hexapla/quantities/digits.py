"""Read numbers written in digits: group and decimal signs by locale, with the other reading where there are two."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

MAX_DIGITS = 60  # a longer run of digits is a code, not a quantity; also bounds the arithmetic

_SPACES = "\u00a0\u202f\u2009 "
_THREES = re.compile(r"\d{1,3}(?:\D\d{3})+")
_LAKHS = re.compile(r"\d{1,2}(?:\D\d{2})+\D\d{3}")
_MYRIADS = re.compile(r"\d{1,4}(?:,\d{4})+")


class Reading(NamedTuple):
    """A value, and the other one that the same signs could mean."""

    value: Fraction
    other: Fraction | None
    plain: bool  # digits only, no sign among them


@lru_cache(maxsize=4096)
def read(literal: str, decimal: str, group: str) -> Reading | None:
    """The value of a folded literal such as `1.234,5`; None if it is no number (a version, an address, a code).

    `decimal` and `group` are the locale's own signs; they decide only where the literal can be read both ways.

    >>> read("1.234", ",", ".").value, read("1.234", ",", ".").other
    (Fraction(1234, 1), Fraction(617, 500))
    >>> read("3.14", ",", ".").value
    Fraction(157, 50)
    """
    if len(literal) > MAX_DIGITS:
        return None
    signs = [c for c in literal if not c.isdecimal()]
    if not signs:
        return Reading(Fraction(int(literal)), None, True)
    if literal[0] in ".,":
        return Reading(Fraction("0." + literal[1:]), None, False) if len(signs) == 1 else None
    last = signs[-1]
    kinds = set(signs)
    if len(kinds) == 1:
        grouped = bool(_THREES.fullmatch(literal) or _LAKHS.fullmatch(literal)) and literal[0] != "0"
        whole = Fraction(int("".join(c for c in literal if c.isdecimal())))
        if last in _SPACES or last in "'\u066c":
            return Reading(whole, None, False) if grouped or last in _SPACES else None
        if len(signs) > 1:
            return Reading(whole, None, False) if grouped or _MYRIADS.fullmatch(literal) else None
        left, right = literal.split(last)
        fraction = Fraction(f"{left}.{right}")
        if last in "\u066b\u00b7" or not grouped:
            return Reading(fraction, None, False)
        if last == decimal and right != "000":  # nobody writes 10,000 for ten
            return Reading(fraction, whole, False)
        return Reading(whole, fraction, False)
    left, _, right = literal.rpartition(last)
    groups = kinds - {last}
    if signs.count(last) > 1 or len(groups) > 1 or last in _SPACES + "'\u066c":
        return None
    if not (_THREES.fullmatch(left) or _LAKHS.fullmatch(left) or _MYRIADS.fullmatch(left)):
        return None
    return Reading(Fraction("".join(c for c in left if c.isdecimal()) + "." + right), None, False)
