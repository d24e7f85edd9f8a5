"""A picture of one alignment as SVG: two columns of sentences, and a rung for each bead.

Up to `READABLE` rows the sentences are written out, shortened to a line. A longer alignment is drawn as an overview: a
sentence is a bar as long as its text, and the ladder goes on in further strips to the right.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hexapla import langs, svg
from hexapla.align.pairwise import Bead
from hexapla.layout import language_name

LOW = 0.6
"""Confidence below which a bead is drawn as doubtful: such beads are wrong about as often as right."""
READABLE = 300
"""Rows up to which the sentences are written out."""

_SURE = 0.9  # below, the confidence is written on the rung
_MARGIN = 16.0
_ROW, _GAP = 22.0, 5.0  # of the readable ladder: a sentence; between beads
_TEXT, _NUMBER, _BAR, _RUNG = 440.0, 40.0, 8.0, 110.0  # widths, from the outside to the middle
_SIZE = 13
_STRIP_BAR, _STRIP_RUNG, _STRIP_NUMBER = 46.0, 44.0, 38.0
_STRIPS = 16
_UNIT = 4.0  # height of a sentence in the overview, at most
_EVERY = 50  # sentences between two numbers of the overview


class _Placed(NamedTuple):
    """A bead and its place: rows from the top, `height` rows high."""

    bead: Bead
    top: int
    height: int


def ladder(
    src: Sequence[str],
    tgt: Sequence[str],
    beads: Sequence[Bead],
    src_lang: str,
    tgt_lang: str,
    title: str = "Alignment",
) -> str:
    """Draw the beads of two lists of sentences, in their order, as an SVG document.

    The darker a rung, the higher its confidence; below `LOW` it is amber with a dashed edge. Sentences without a
    counterpart are crimson. The same input gives the same picture.

    >>> from hexapla.align import beads
    >>> en, pt = ["One dog.", "Two cats."], ["Um cão.", "Dois gatos."]
    >>> ladder(en, pt, beads(en, pt, "en", "pt"), "en", "pt").count("<g>")
    2
    """
    placed = []
    rows = 0
    for bead in beads:
        height = max(len(bead.src), len(bead.tgt), 1)
        placed.append(_Placed(bead, rows, height))
        rows += height
    draw = _readable if rows <= READABLE else _overview
    return draw((src, tgt), placed, rows, (langs.normalise(src_lang), langs.normalise(tgt_lang)), title)


Columns = tuple[Sequence[str], Sequence[str]]


def _heads(texts: Columns, codes: tuple[str, str]) -> list[str]:
    return [
        f"{language_name(code)[0]} · {len(column):,} sentence{'' if len(column) == 1 else 's'}"
        for column, code in zip(texts, codes, strict=True)
    ]


def _key(y: float) -> Iterator[str]:
    """What the colours mean."""
    x = _MARGIN
    for colour, opacity, dashed, said, width in (
        (svg.TEAL, _shade(1.0), "", "sure", 60.0),
        (svg.TEAL, _shade(LOW), "", "less sure", 90.0),
        (svg.AMBER, 0.35, _DASHED, f"doubtful: confidence below {LOW}", 235.0),
        (svg.CRIMSON, 1.0, "", "no counterpart", 0.0),
    ):
        yield svg.band((x, y - 10, y + 2), (x + 12, y - 10, y + 2), colour, opacity, dashed)
        yield svg.text(x + 18, y, said, size=12)
        x += width + 18


_DASHED = f' stroke="{svg.AMBER}" stroke-dasharray="3 2"'


def _shade(confidence: float) -> float:
    """The opacity of a rung, in tenths of confidence."""
    return 0.08 + 0.42 * int(confidence * 10 + 0.5) / 10


def _is_lone(bead: Bead) -> bool:
    return not bead.src or not bead.tgt


# ---- written out -----------------------------------------------------------------------------------------------------


def _readable(
    texts: Columns, placed: Sequence[_Placed], rows: int, codes: tuple[str, str], title: str
) -> str:
    top = 84.0
    edge = _MARGIN + _TEXT + _NUMBER + _BAR  # where rungs begin
    width = 2 * edge + _RUNG
    height = top + rows * _ROW + len(placed) * _GAP
    bars = (edge - _BAR, edge + _RUNG)
    numbers = ((bars[0] - 6, "end"), (bars[1] + _BAR + 6, "start"))
    columns = (_MARGIN, edge + _RUNG + _BAR + _NUMBER)
    parts = [svg.text(_MARGIN, 28, _shortened(title, 1.2 * width), size=15)]
    for x, head, code in zip(columns, _heads(texts, codes), codes, strict=True):
        right = langs.direction(code) == "rtl"
        parts.append(svg.text(x + right * _TEXT, top - 22, head, "end" if right else "start", svg.PALE))
    lines: tuple[list[str], list[str]] = ([], [])
    for n, (bead, row, tall) in enumerate(placed):
        y = top + row * _ROW + n * _GAP
        colour = svg.CRIMSON if _is_lone(bead) else svg.AMBER if bead.confidence < LOW else svg.TEAL
        ends = []
        inside = []
        for side, indices in enumerate((bead.src, bead.tgt)):
            begin = y + (tall - len(indices)) * _ROW / 2  # the side with fewer sentences stands in the middle
            ends.append((begin, begin + len(indices) * _ROW))
            for k, i in enumerate(indices):
                at = begin + k * _ROW
                inside.append(svg.bar(bars[side], at + 1, _BAR, _ROW - 2, colour))
                inside.append(svg.text(*_at(numbers[side], at), i + 1, numbers[side][1], svg.PALE, 10))
                lines[side].append(_line(texts[side][i], codes[side], at))
        said = "\n".join([f"{n + 1} · confidence {bead.confidence:.2f}", *_whole(bead, texts)])
        parts += ["<g>", f"<title>{svg.escaped(said)}</title>", *_rung(bead, ends, edge), *inside, "</g>"]
    for x, code, column in zip(columns, codes, lines, strict=True):
        # a picture of its own cuts off what is longer than it was taken for
        parts += [
            f'<svg x="{svg.number(x)}" y="0" width="{svg.number(_TEXT)}" height="{svg.number(height)}" xml:lang="{svg.escaped(code)}">',
            *column,
            "</svg>",
        ]
    return svg.picture(width, height + 44, title, [*parts, *_key(height + 24)])


def _at(place: tuple[float, str], y: float) -> tuple[float, float]:
    return place[0], y + _ROW / 2 + 4


def _line(sentence: str, code: str, y: float) -> str:
    direction = langs.direction(code)
    x = _TEXT if direction == "rtl" else 0.0
    return svg.text(x, y + _ROW / 2 + 5, _shortened(sentence, _TEXT), size=_SIZE, direction=direction)


def _whole(bead: Bead, texts: Columns) -> list[str]:
    return [
        " ".join(" ".join(side[i] for i in indices).split()) or "∅"
        for side, indices in zip(texts, (bead.src, bead.tgt), strict=True)
    ]


def _rung(bead: Bead, ends: Sequence[tuple[float, float]], edge: float) -> Iterator[str]:
    """The band between the two sides; of a sentence without a counterpart a point that meets nothing."""
    (a, b), (c, d) = ends
    middle = edge + _RUNG / 2, (a + b + c + d) / 4 + 4
    # not rounded up to a bound that it does not reach
    written = f"{int(bead.confidence * 100) / 100:.2f}" if bead.confidence < _SURE else ""
    if _is_lone(bead):
        x, point = (edge, edge + _RUNG / 3) if bead.src else (edge + _RUNG, edge + _RUNG * 2 / 3)
        top, bottom = ends[0] if bead.src else ends[1]
        centre = (top + bottom) / 2
        yield svg.band((x, top + 1, bottom - 1), (point, centre, centre), svg.CRIMSON, 0.25)
        yield svg.text(*middle, f"∅ {written}".strip(), "middle", svg.CRIMSON, 12)
        return
    low = bead.confidence < LOW
    colour, opacity = (svg.AMBER, 0.35) if low else (svg.TEAL, _shade(bead.confidence))
    left, right = (edge, a + 1, b - 1), (edge + _RUNG, c + 1, d - 1)
    yield svg.band(left, right, colour, opacity, _DASHED if low else "")
    if written:
        yield svg.text(*middle, written, "middle", svg.INK, 11)


def _shortened(sentence: str, width: float) -> str:
    """What fits on a line of so many pixels, by a rough measure of the letters; white space runs are one space."""
    words = " ".join(sentence[:4000].split())
    used = 0.0
    for at, char in enumerate(words):
        mark = unicodedata.category(char) in ("Mn", "Me", "Cf")
        if not mark:
            used += _SIZE * (1.0 if unicodedata.east_asian_width(char) in "WF" else 0.55)
        if used > width - _SIZE:
            while at and unicodedata.category(words[at])[0] == "M":
                at -= 1  # letters keep their marks
            return words[:at].rstrip() + "…"
    return words


# ---- overview --------------------------------------------------------------------------------------------------------


def _overview(
    texts: Columns, placed: Sequence[_Placed], rows: int, codes: tuple[str, str], title: str
) -> str:
    tall = 1000.0 if rows * _UNIT <= _STRIPS * 1000 else 2000.0
    unit = min(_UNIT, _STRIPS * tall / rows)
    strips = _strips(placed, int(tall / unit))
    top = 92.0
    strip = 2 * (_STRIP_NUMBER + _STRIP_BAR) + _STRIP_RUNG + _MARGIN
    usual = [sorted(map(len, column))[len(column) * 9 // 10] or 1 if column else 1 for column in texts]
    shapes: dict[tuple[str, float], list[str]] = defaultdict(list)  # by colour and opacity
    parts = [svg.text(_MARGIN, 28, _shortened(title, 700), size=15)]
    parts.append(svg.text(_MARGIN, 52, " – ".join(_heads(texts, codes)), colour=svg.PALE))
    for s, beads in enumerate(strips):
        left = _MARGIN + s * strip + _STRIP_NUMBER + _STRIP_BAR
        right = left + _STRIP_RUNG
        for x, end, code in zip((left - 4, right + 4), ("end", "start"), codes, strict=True):
            parts.append(svg.text(x, top - 12, code, end, svg.PALE, 11))
        for bead, row, height in beads:
            y = top + (row - beads[0].top) * unit
            ends = []
            for side, indices in enumerate((bead.src, bead.tgt)):
                begin = y + (height - len(indices)) * unit / 2
                ends.append((begin, begin + len(indices) * unit))
                for k, i in enumerate(indices):
                    at = begin + k * unit
                    long = max(2.0, _STRIP_BAR * min(1.0, len(texts[side][i]) / usual[side]))
                    x = left - long if side == 0 else right
                    colour = svg.CRIMSON if _is_lone(bead) else svg.TEAL
                    shapes[colour, 0.9].append(f"M{x:.1f} {at:.2f}h{long:.1f}v{unit * 0.8:.2f}h-{long:.1f}z")
                    if (i + 1) % _EVERY == 0:
                        place = (left - _STRIP_BAR - 4, "end") if side == 0 else (right + _STRIP_BAR + 4, "start")  # fmt: skip
                        parts.append(svg.text(place[0], at + 4, f"{i + 1}", place[1], svg.PALE, 10))
            (a, b), (c, d) = ends
            if not _is_lone(bead):
                low = bead.confidence < LOW
                shade = (svg.AMBER, 0.8) if low else (svg.TEAL, _shade(bead.confidence))
                shapes[shade].append(f"M{left:.1f} {a:.2f}L{right:.1f} {c:.2f}V{d:.2f}L{left:.1f} {b:.2f}z")
    for (colour, opacity), paths in sorted(shapes.items()):
        parts.append(f'<path fill="{colour}" fill-opacity="{opacity:.2f}" d="{"".join(paths)}"/>')
    bottom = top + tall + 20
    parts.append(svg.text(_MARGIN, bottom + 24, "A bar is a sentence, as long as its text; it goes on at the top of the next strip. Numbers count sentences.", colour=svg.PALE, size=12))  # fmt: skip
    width = max(_MARGIN + len(strips) * strip, 720.0)
    return svg.picture(width, bottom + 64, title, [*parts, *_key(bottom + 48)])


def _strips(placed: Sequence[_Placed], most: int) -> list[list[_Placed]]:
    """Beads that stand below each other, `most` rows and no bead cut in two."""
    strips: list[list[_Placed]] = [[]]
    for item in placed:
        if strips[-1] and item.top + item.height - strips[-1][0].top > most:
            strips.append([])
        strips[-1].append(item)
    return strips
