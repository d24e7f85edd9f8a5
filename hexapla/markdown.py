"""Markdown as drafts: CommonMark's block structure as far as articles use it, and text without its marks.

Text stays; addresses of links, images, code, tables, comments and front matter go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hexapla.page import Draft, Line, Page, Run, draft, lines_of, trim

_FENCE = re.compile(r"(```|~~~)")
_HEADING = re.compile(r"(#{1,6})(?:\s+|$)")
_CLOSING = re.compile(r"\s+#+$")
_UNDERLINE = re.compile(r"=+|-{2,}")
_ITEM = re.compile(r"[-*+]\s+|\d{1,3}[.)]\s+")
_QUOTE = re.compile(r"(?:>\s?)+")
_DEFINITION = re.compile(r"\[[^\]]{1,200}\]:\s")
_COMMENT = re.compile(r"<!--.*-->")
_RULE = re.compile(r"(?:[-*_]\s*){3,}")
_FIELD = re.compile(r"title\s*:\s*([\"']?)(.+?)\1\s*")
# lengths are bounded: an open mark on a long line must not be looked for to its end again and again
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<image>!\[[^\]]{0,500}\](?:\([^)]{0,2000}\)|\[[^\]]{0,200}\]))"
    r"|\[(?P<link>[^\[\]]{0,500})\](?:\([^)]{0,2000}\)|\[[^\]]{0,200}\])"
    r"|(?P<tag></?[A-Za-z][^<>]{0,500}>|<!--.{0,500}?-->)"
    r"|(?P<tick>`+)(?P<code>[^`]{1,500})(?P=tick)"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<bold>.{1,500}?)(?<=\S)(?P=strong)"
    r"|(?<![\w*_])(?P<mark>[*_])(?=[^\s*_])(?P<emphasis>.{1,500}?)(?<=\S)(?P=mark)(?![\w*])"
)


def read_markdown(raw: str) -> Page:
    """Headings, paragraphs, list items and quotations, in order."""
    drafts: list[Draft] = []
    runs: list[Run] = []  # of the open paragraph
    kind, first = "", 0
    fence = ""

    def close() -> None:
        nonlocal runs, kind
        if runs:
            inline = [run for start, end in runs for run in _inline(raw, start, end)]
            # a mark that is cut can leave white space at either end
            while inline and not raw[slice(*inline[0])].strip():
                del inline[0]
            while inline and not raw[slice(*inline[-1])].strip():
                del inline[-1]
            if inline:
                inline[0] = (trim(raw, *inline[0])[0], inline[0][1])
                inline[-1] = (inline[-1][0], trim(raw, *inline[-1])[1])
            drafts.append(draft(raw, inline or runs, first, kind, "" if inline else "image"))
        runs, kind = [], ""

    def drop(line: Line, reason: str) -> None:
        close()
        drafts.append(draft(raw, [line[1:]], line[0], reason=reason))

    lines = lines_of(raw)
    matter = _front_matter(raw, lines)
    for line in lines[:matter]:
        if line[1] < line[2]:
            title = _FIELD.fullmatch(raw, *line[1:])
            drop(line, "front-matter")
            if title:
                drafts[-1] = draft(raw, [title.span(2)], line[0], "title")
    for line in lines[matter:]:
        number, start, end = line
        if fence or _FENCE.match(raw, start, end):
            if start < end:
                drop(line, "code")
            mark = raw[start : start + 3]
            fence = ("" if mark == fence else fence) if fence else mark
        elif start == end:
            close()
        elif runs and not kind and _UNDERLINE.fullmatch(raw, start, end):
            kind = "title" if raw[start] == "=" else "heading"
            close()
        elif _COMMENT.fullmatch(raw, start, end):
            drop(line, "comment")
        elif _DEFINITION.match(raw, start, end):
            drop(line, "link-definition")
        elif raw[start] == "|":
            drop(line, "table")
        elif _RULE.fullmatch(raw, start, end):
            drop(line, "ornament")
        elif heading := _HEADING.match(raw, start, end):
            close()
            closing = _CLOSING.search(raw, heading.end(), end)
            start, end = trim(raw, heading.end(), closing.start() if closing else end)
            runs, kind, first = (
                ([(start, end)] if start < end else []),
                "title" if heading[1] == "#" else "heading",
                number,
            )
            close()
        else:
            quote, item = _QUOTE.match(raw, start, end), _ITEM.match(raw, start, end)
            if item:
                close()
                kind = "paragraph"
            if prefix := quote or item:
                start, end = trim(raw, prefix.end(), end)
            first = first if runs else number
            if start < end:
                runs.append((start, end))
    close()
    return Page(raw, tuple(drafts))


def _front_matter(raw: str, lines: list[Line]) -> int:
    """How many lines of front matter stand at the top."""
    if not lines or raw[slice(*lines[0][1:])] != "---":
        return 0
    ends = (i for i, (_, start, end) in enumerate(lines[1:], 2) if raw[start:end] in ("---", "..."))
    return next(ends, 0)


def _inline(raw: str, start: int, end: int) -> Iterator[Run]:
    """The runs of a line without its marks: emphasis, code, links (their text stays, their address goes)."""
    at = start
    for match in _INLINE.finditer(raw, start, end):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
        if match["link"] is not None:
            yield from _inline(raw, *match.span("link"))
        elif match["strong"]:
            yield from _inline(raw, *match.span("bold"))
        elif match["mark"]:
            yield from _inline(raw, *match.span("emphasis"))
        elif match["escaped"]:
            yield match.span("escaped")
        elif match["tick"]:
            yield match.span("code")
    if at < end:
        yield at, end
