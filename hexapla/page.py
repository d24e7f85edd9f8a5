"""A raw file taken apart: drafts of blocks over runs of its text. Plain text is read here.

Readers of other formats (`hexapla.markdown`, `hexapla.html`) give the same `Page`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»」』)\]]*$|[:：]$|[.!?…]\s»$")

Run = tuple[int, int]
"""Half-open code-point offsets into the decoded raw file."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate block: runs of the raw text, its line in the raw file, its kind if known, a reason if it must go.

    `text` is the runs joined: with a line end where the raw text has one between them, else as they are.
    """

    runs: tuple[Run, ...]
    line: int
    text: str
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A raw file taken apart: its text, drafts in order, and what the page says of itself."""

    raw: str
    drafts: tuple[Draft, ...]
    publisher: str = ""
    published: str = ""
    # file offset of each character of `raw`, where that is not the file itself
    origin: tuple[int, ...] | None = None


# U+2028, U+2029, vertical tab, form feed and U+0085 end a line of the text, not one that an editor counts
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]*(\r\n|[\n\r\v\f\x85\u2028\u2029]|$)")
LINE_END = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")

Line = tuple[int, int, int]
"""(number of the line in the file, start, end), trimmed; empty where start == end."""


def lines_of(raw: str) -> list[Line]:
    lines, number = [], 1
    for match in _LINE.finditer(raw):
        lines.append((number, *trim(raw, match.start(), match.start(1))))
        if match.end() == len(raw):
            break
        number += match[1] in ("\n", "\r", "\r\n")
    return lines


def read_lines(raw: str) -> Page:
    """Plain text as drafts. A line is a block, unless it goes on in the next one: then a paragraph is."""
    lines = lines_of(raw)
    wrapped = _is_hard_wrapped([raw[s:e] for _, s, e in lines])
    groups: list[list[Line]] = []
    previous: Line | None = None
    for line in lines:
        if line[1] == line[2]:
            previous = None
            continue
        if previous and (wrapped or _goes_on_below(raw[previous[1] : previous[2]], raw[line[1] : line[2]])):
            groups[-1].append(line)
        else:
            groups.append([line])
        previous = line
    return Page(raw, tuple(draft(raw, [(s, e) for _, s, e in group], group[0][0]) for group in groups))


def draft(raw: str, runs: Sequence[Run], line: int, kind: str = "", reason: str = "") -> Draft:
    return Draft(tuple(runs), line, "".join(gap + raw[s:e] for gap, s, e in joins(raw, runs)), kind, reason)


def joins(raw: str, runs: Sequence[Run]) -> Iterator[tuple[str, int, int]]:
    """Each run with what joins it to the one before: a line end where the raw text has one between them, else nothing."""
    end = 0
    for i, (start, stop) in enumerate(runs):
        yield "\n" if i and LINE_END.search(raw, end, start) else "", start, stop
        end = stop


def trim(raw: str, start: int, end: int) -> Run:
    """The span without the white space at its ends."""
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return start, end


def _is_hard_wrapped(lines: Sequence[str]) -> bool:
    """Lines of running text broken at a fixed width: most lines that another follows are nearly as long as the longest,
    and few of them end a sentence."""
    followed = [a for a, b in itertools.pairwise(lines) if a and b]
    longest = max(map(len, lines), default=0)
    return (
        len(followed) >= 2
        and 30 <= longest <= 120
        and sum(len(a) >= 0.7 * longest for a in followed) >= 0.8 * len(followed)
        and sum(bool(SENTENCE_END.search(a)) for a in followed) <= 0.5 * len(followed)
    )


def _goes_on_below(line: str, following: str) -> bool:
    """Is the following line the rest of this one? It begins in small letters, and this one has no end."""
    return len(line) >= 40 and following[0].islower() and not SENTENCE_END.search(line)
