"""Article text from an HTML page, through trafilatura, mapped back to the page's source."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from hexapla.errors import Fault, InputError
from hexapla.page import LINE_END, Draft, Page, Run, draft, trim

_TAG = re.compile(
    r"<!--|</?([A-Za-z][A-Za-z0-9-]*)[^<>]*>|<[!?][^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "title", "svg", "iframe", "textarea", "select")
)
# tags within a line of text; any other one ends the line
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
# block elements of the tree that trafilatura gives, and the kind of what stands in them ("" as around them)
_BLOCKS = {
    "head": "heading",
    "quote": "paragraph",
    "item": "paragraph",
    "p": "",
    "list": "",
    "div": "",
    "body": "",
}
_SURE = 4  # words in a row by which a piece of a block is known again in the page
_TRIES = 20


def read_html(raw: str, where: str) -> Page:
    """Title, headings and paragraphs as trafilatura finds them; publisher and date where the page declares them.

    What else the page shows is dropped as `boilerplate`. `InputError` where there is no text.
    """
    visible, origin = visible_text(raw)
    lines = [trim(visible, *match.span()) for match in re.finditer(r"[^\n]+", visible)]
    lines = [(start, end) for start, end in lines if start < end]
    if not lines:
        raise InputError(
            Fault("no-text", where, "a page without text", "running text", "save the page's text as .txt")
        )
    newlines = [match.start() for match in re.finditer("\n", raw)]

    def at_line(runs: Sequence[Run], kind: str = "", reason: str = "") -> Draft:
        return draft(visible, runs, bisect_right(newlines, origin[runs[0][0]]) + 1, kind, reason)

    extracted = _extract(raw)
    drafts, at = [], 0
    for kind, text in _blocks(extracted.body) if extracted is not None and extracted.body is not None else ():
        if runs := _find(visible, text, at):
            drafts.append(at_line(runs, kind))
            at = runs[-1][1]
    if drafts:
        # the title stands on a line of its own above the text
        title = " ".join((extracted.title or "").split())
        start = drafts[0].runs[0][0]
        same = [run for run in lines if run[1] <= start and " ".join(visible[slice(*run)].split()) == title]
        if same:
            drafts.insert(0, at_line(same[-1:], "title"))
    else:
        # too little for trafilatura to tell an article from its page
        drafts = [at_line([run]) for run in lines]
    taken = sorted(run for d in drafts for run in d.runs)
    drafts += [at_line([run], reason="boilerplate") for run in _rest(visible, lines, taken)]
    drafts.sort(key=lambda d: d.runs[0])
    return Page(visible, tuple(drafts), extracted.sitename or "" if extracted is not None else "",
                extracted.date or "" if extracted is not None else "", tuple(origin))  # fmt: skip


def _extract(raw: str) -> Any:
    """trafilatura's document, or None. A date is taken that the page declares, none that is guessed from its text."""
    import trafilatura

    return trafilatura.bare_extraction(
        raw, include_comments=False, include_tables=False, with_metadata=True, favor_precision=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip


def _blocks(body: Any) -> list[tuple[str, str]]:
    """(kind, text) of each block of trafilatura's tree; what stands in nested blocks is told once."""
    from lxml import etree

    kinds = [""]
    found: list[tuple[str, list[str]]] = [("", [])]
    for event, element in etree.iterwalk(body, events=("start", "end")):
        kind = _BLOCKS.get(element.tag)
        if kind is not None:
            if event == "start":
                kinds.append(kind or kinds[-1])
            else:
                kinds.pop()
            found.append((kinds[-1], []))
        text = element.text if event == "start" else element.tail if element is not body else ""
        found[-1][1].append(text or "")
    return [(kind, text) for kind, parts in found if (text := " ".join(" ".join(parts).split()))]


def visible_text(raw: str) -> tuple[str, list[int]]:
    """The page's text as a reader sees it (no tags, entities resolved, a block a line, white space collapsed), and for
    each of its characters the offset in the source where it comes from.
    """
    chars: list[str] = []
    origin: list[int] = []

    def add(text: str, start: int, step: int) -> None:
        for i, char in enumerate(text):
            if char in " \t" or LINE_END.match(char):
                if not chars or chars[-1] in " \n":
                    continue
                char = " "
            chars.append(char)
            origin.append(start + i * step)

    at = 0
    while at < len(raw):
        match = _TAG.search(raw, at)
        add(raw[at : match.start() if match else len(raw)], at, 1)
        if match is None:
            break
        piece, name, at = match.group(), (match[1] or "").lower(), match.end()
        if piece == "<!--":
            end = raw.find("-->", at)
            at = end + 3 if end >= 0 else len(raw)
        elif piece[0] == "&":
            add(html.unescape(piece), match.start(), 0)
        elif name in _UNSEEN and piece[1] != "/":
            close = re.compile(rf"(?i)</{name}\s*>").search(raw, at)
            at = close.end() if close else len(raw)
        elif name not in _INLINE and chars and chars[-1] != "\n":
            if chars[-1] == " ":
                chars.pop()
                origin.pop()
            chars.append("\n")
            origin.append(match.start())
    return "".join(chars), origin


def _find(visible: str, text: str, at: int) -> list[Run]:
    """Where a block stands in the visible text from `at` on: one run, or more where the page shows something between.

    What is not found is left to be told as boilerplate.
    """
    words, runs, failed = text.split(), [], 0
    while words and failed < _TRIES:
        match = _search(visible, words, at)
        size = len(words)
        if match is None:
            low, high = 0, size  # the longest beginning that is there
            while high - low > 1:
                middle = (low + high) // 2
                if _search(visible, words[:middle], at):
                    low = middle
                else:
                    high = middle
            size = low
            match = _search(visible, words[:size], at) if size >= _SURE else None
        if match is None:
            words, failed = words[1:], failed + 1
            continue
        words, at = words[size:], match.end()
        # white space before the next run belongs to the text
        runs.append((match.start(), at + (bool(words) and visible[at : at + 1] == " ")))
    return [*runs[:-1], trim(visible, *runs[-1])] if runs else []


def _search(visible: str, words: Sequence[str], at: int) -> re.Match[str] | None:
    return re.compile(r"\s*".join(map(re.escape, words))).search(visible, at)


def _rest(visible: str, lines: Sequence[Run], taken: Sequence[Run]) -> Iterator[Run]:
    """The parts of the lines that no run takes."""
    spans = iter([*taken, (len(visible), len(visible))])
    span = next(spans)
    for start, end in lines:
        while start < end:
            while span[1] <= start < len(visible) and span[0] < len(visible):
                span = next(spans)
            piece = trim(visible, start, min(end, max(span[0], start)))
            if piece[0] < piece[1]:
                yield piece
            start = max(start, min(end, span[1])) if span[0] < end else end
