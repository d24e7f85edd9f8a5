"""The card's three pictures, as SVG: labels per language, kinds and sizes of values, the ladder of an alignment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hexapla.corpus import ENTITY_LABELS, LABELS, NUMBER_LABELS, Article, Span
from hexapla.release.statistics import Statistics
from hexapla.svg import AMBER, CRIMSON, INK, PALE, RULE, TEAL, band, bar, line, number, picture, text

LABELS_FILE, VALUES_FILE, LADDER_FILE = "pictures/labels.svg", "pictures/values.svg", "pictures/ladder.svg"

_ENTITY, _NUMBER, _LONE = TEAL, AMBER, CRIMSON
_MOST = 8
"""So many languages are drawn; the largest, where there are more."""
_PREFIX = ("", " k", " M", " bn", " tn")


def draw(statistics: Statistics) -> dict[str, str]:
    """File -> SVG. The ladder is there if an article has several versions."""
    drawn = {LABELS_FILE: labels(statistics), VALUES_FILE: values(statistics)}
    if statistics.ladder is not None:
        drawn[LADDER_FILE] = ladder(statistics.ladder)
    return drawn


# ---- labels per language ---------------------------------------------------------------------------------------------


def labels(s: Statistics) -> str:
    """A column of bars for each language, a row for each label; all bars on one scale."""
    langs = sorted(sorted(s.langs, key=lambda lang: -s.of_lang(lang))[:_MOST])
    left, column, row, top = 110.0, 120.0, 24.0, 60.0
    most = max((s.mentions[label, lang] for label in LABELS for lang in langs), default=0) or 1
    parts = [text(16, 28, "Mentions per label and language", size=15)]
    parts += [text(left + n * column, top - 8, lang, colour=PALE) for n, lang in enumerate(langs)]
    for r, label in enumerate(LABELS):
        y = top + r * row + (10 if label in NUMBER_LABELS else 0)
        parts.append(text(left - 10, y + 15, label, "end"))
        for n, lang in enumerate(langs):
            count, x = s.mentions[label, lang], left + n * column
            width = count / most * (column - 50)
            parts.append(bar(x, y + 4, max(width, 1), row - 9, (_ENTITY if label in ENTITY_LABELS else _NUMBER) if count else RULE))  # fmt: skip
            parts.append(text(x + width + 5, y + 15, count, colour=INK if count else PALE, size=12))
    height = top + len(LABELS) * row + 10 + 16
    return picture(left + len(langs) * column + 10, height, "Mentions per label and language", parts)


# ---- values ----------------------------------------------------------------------------------------------------------


def values(s: Statistics) -> str:
    """A row for each kind of number: circles on a scale of powers of ten, their area the count; below, the years of dates."""
    kinds = [label for label in NUMBER_LABELS if label not in ("DATE", "TIME")]
    powers = [p for _, p in s.magnitudes if p != -99] or [0]
    low, high = min(powers), max(powers)
    left, top, row = 110.0, 66.0, 46.0
    step = min(max(560 / (high - low + 1), 34), 64)
    most = max(s.magnitudes.values(), default=1)
    parts = [text(16, 28, "Values: kinds and sizes (area: how many numbers)", size=15)]
    bottom = top + len(kinds) * row
    for power in range(low, high + 1):
        x = left + (power - low + 0.5) * step
        parts += [
            line(x, top - 6, x, bottom - 8),
            text(x, top - 14, _power(power), "middle", PALE, 11),
        ]
    right = left + (high - low + 1) * step + 16
    parts.append(text(right, top - 14, "with a value / all", colour=PALE, size=11))
    for n, label in enumerate(kinds):
        y = top + n * row + row / 2 - 6
        parts.append(text(left - 10, y + 5, label, "end"))
        for power in range(low, high + 1):
            if count := s.magnitudes[label, power]:
                x, radius = left + (power - low + 0.5) * step, max(17 * (count / most) ** 0.5, 2.5)
                parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{_NUMBER}" fill-opacity="0.75"/>')  # fmt: skip
                parts.append(text(x + radius + 2, y + 4, count, size=11))
        given = sum(count for (kind, _), count in s.magnitudes.items() if kind == label)
        parts.append(text(right, y + 5, f"{given} / {s.of_label(label)}"))
    parts += _years(s, left, bottom + 26, right)
    return picture(right + 120, bottom + 126, "Kinds and sizes of values", parts)


def _power(power: int) -> str:
    """How a power of ten is written: 0.1, 10 k, 1 bn."""
    if -4 < power < 0:
        return f"{10.0**power:.{-power}f}"
    if not 0 <= power < 3 * len(_PREFIX):
        return f"1e{power}"
    return f"{10 ** (power % 3)}{_PREFIX[power // 3]}"


def _years(s: Statistics, left: float, top: float, right: float) -> Iterator[str]:
    """Bars of the years of dates, or of the decades where the years are far apart."""
    yield text(left - 10, top + 34, "DATE", "end")
    yield text(right, top + 16, "with a year / all", colour=PALE, size=11)
    yield text(right, top + 34, f"{s.years.total()} / {s.of_label('DATE')}")
    if not s.years:
        return
    unit = 1 if max(s.years) - min(s.years) < 40 else 10
    first, last = min(s.years) // unit, max(s.years) // unit
    counts = [
        sum(n for year, n in s.years.items() if year // unit == place) for place in range(first, last + 1)
    ]
    step = (right - 16 - left) / len(counts)
    yield line(left, top + 50, right - 16, top + 50)
    for n, count in enumerate(counts):
        height = 44 * count / max(counts)
        if count:
            yield bar(left + n * step + 1, top + 50 - height, min(max(step - 2, 1), 40), height, _NUMBER)
            yield text(left + n * step + min(step, 42) / 2, top + 46 - height, count, "middle", size=11)
        if n % max(round(40 / step), 1) == 0:
            yield text(left + n * step + min(step, 42) / 2, top + 66, (first + n) * unit, "middle", PALE, 11)  # fmt: skip


# ---- the ladder ------------------------------------------------------------------------------------------------------


def ladder(article: Article) -> str:
    """The versions as columns, their sentences as bars as long as their text; a band joins those that translate each other."""
    documents = article.documents[:_MOST]
    top, height, width, left = 66.0, 460.0, 26.0, 40.0
    column = max(130.0, 360 / max(len(documents) - 1, 1))
    place = {d.lang: (left + n * column, len(d.text) or 1) for n, d in enumerate(documents)}

    def y(lang: str, at: int) -> float:
        return top + height * at / place[lang][1]

    parts = [text(16, 28, f"Which sentences translate each other: article “{article.article_id}”", size=15)]
    met: set[tuple[str, Span]] = set()
    for n, bead in enumerate(article.beads):
        for first, second in pairwise([d.lang for d in documents if d.lang in bead.spans]):
            ends = [(lang, min(bead.spans[lang])[0], max(bead.spans[lang])[1]) for lang in (first, second)]
            met |= {(lang, span) for lang in (first, second) for span in bead.spans[lang]}
            a, b = ((x, y(lang, start), y(lang, end)) for x, (lang, start, end) in zip((place[first][0] + width, place[second][0]), ends, strict=True))  # fmt: skip
            parts.append(band(a, b, _ENTITY, 0.30 if n % 2 else 0.16))
    for d in documents:
        x = place[d.lang][0]
        parts.append(text(x + width / 2, top - 12, d.lang, "middle", PALE))
        for start, end in d.sentences:
            colour = _ENTITY if (d.lang, (start, end)) in met else _LONE
            parts.append(bar(x, y(d.lang, start), width, max(y(d.lang, end) - y(d.lang, start) - 1.5, 1), colour))  # fmt: skip
        parts.append(text(x + width / 2, top + height + 18, f"{len(d.sentences)}", "middle", PALE, 12))
    low = top + height + 42
    parts += [
        bar(left, low - 10, 12, 12, _ENTITY), text(left + 18, low, "has a counterpart", size=12),
        bar(left, low + 10, 12, 12, _LONE), text(left + 18, low + 20, "has none", size=12),
        text(left + 150, low, "below each version: its number of sentences", colour=PALE, size=12),
    ]  # fmt: skip
    return picture(max(left * 2 + (len(documents) - 1) * column + width, 470), low + 40, "Ladder of an alignment", parts)  # fmt: skip
