"""SVG by hand: texts, bars, lines and bands as strings, in the colours that all pictures share.

Numbers are written with one decimal and everything is escaped, so a picture is the same for the same input, and any
string may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

INK, PALE, RULE = "#1f2937", "#6b7280", "#d1d5db"
TEAL, AMBER, CRIMSON = "#0f766e", "#b45309", "#be123c"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def number(value: float) -> str:
    """A length with at most one decimal: 12, 12.5."""
    return f"{value:.1f}".removesuffix(".0")


def escaped(said: object) -> str:
    """Text for XML; characters that XML does not allow, and controls that no reader shows, become U+FFFD.

    >>> escaped("a < b\\x00")
    'a &lt; b�'
    """
    return escape(_FORBIDDEN.sub("\ufffd", str(said)))


def text(
    x: float,
    y: float,
    said: object,
    anchor: str = "start",
    colour: str = INK,
    size: int = 13,
    direction: str = "ltr",
) -> str:
    """One line of text. In right-to-left text the `anchor` `start` is its right end."""
    turned = ' direction="rtl" unicode-bidi="isolate"' if direction == "rtl" else ""
    return f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" fill="{colour}" font-size="{size}"{turned}>{escaped(said)}</text>'


def bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{colour}"/>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str = RULE) -> str:
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} stroke="{colour}" stroke-width="1"/>'


def band(
    left: tuple[float, float, float],
    right: tuple[float, float, float],
    colour: str,
    opacity: float,
    more: str = "",
) -> str:
    """What joins two places: `left` and `right` are (x, top, bottom)."""
    corners = ((left[0], left[1]), (right[0], right[1]), (right[0], right[2]), (left[0], left[2]))
    shape = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
    return f'<polygon points="{shape}" fill="{colour}" fill-opacity="{opacity:.2f}"{more}/>'


def picture(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """A whole picture on white, with its title for those who cannot see it."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="system-ui, sans-serif">'
    return "\n".join([head, f"<title>{escaped(title)}</title>", bar(0, 0, width, height, "#ffffff"), *parts, "</svg>", ""])  # fmt: skip
