"""Where an article may be cut into tasks: between beads, where no sentence or mention of either language is cut."""

from __future__ import annotations

from collections.abc import Sequence

from hexapla.corpus import Article, Span
from hexapla.layout import Cell, rows

Passage = dict[str, Span]
"""language -> the stretch of its document, from its first sentence's start to its last sentence's end."""


def passages(article: Article, langs: Sequence[str]) -> list[Passage]:
    """The smallest stretches that hold whole beads in every language, in reading order.

    Each holds text in every language, and each mention lies in one of them: crossing beads, a sentence without a
    counterpart and a mention over two sentences make a longer stretch. Empty if a language has no sentence.
    """
    cells = [{lang: _spans(row.cells[lang]) for lang in langs if lang in row.cells} for row in rows(article)]
    found: list[Passage] = []
    held: list[dict[str, tuple[Span, ...]]] = []
    later = _starts(cells, langs)
    for n, cell in enumerate(cells):
        held.append(cell)
        stretch = _stretch(held, langs)
        if len(stretch) == len(langs) and all(
            end <= later[n + 1][lang] for lang, (_, end) in stretch.items()
        ):
            found.append(stretch)
            held = []
    if held:  # the end of the article in one language only
        tail = _stretch(held, langs)
        if not found and len(tail) == len(langs):
            return [tail]
        if found:
            last = found.pop()
            found.append(
                {lang: (s, max(e, tail[lang][1]) if lang in tail else e) for lang, (s, e) in last.items()}
            )
    return found


def _spans(cell: Cell) -> tuple[Span, ...]:
    """Of its sentences, and of its mentions: one may pass the end of its sentence."""
    return (*cell.spans, *(m.span for m in cell.mentions))


def _stretch(cells: Sequence[dict[str, tuple[Span, ...]]], langs: Sequence[str]) -> Passage:
    out: Passage = {}
    for lang in langs:
        spans = [span for cell in cells for span in cell.get(lang, ())]
        if spans:
            out[lang] = min(s for s, _ in spans), max(e for _, e in spans)
    return out


def _starts(cells: Sequence[dict[str, tuple[Span, ...]]], langs: Sequence[str]) -> list[dict[str, float]]:
    """For every place between rows, where the text after it begins, per language."""
    out: list[dict[str, float]] = [dict.fromkeys(langs, float("inf"))]
    for cell in reversed(cells):
        out.append({g: min([out[-1][g], *(s for s, _ in cell.get(g, ()))]) for g in langs})
    return out[::-1]
