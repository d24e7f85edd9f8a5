"""Article text from an HTML page, through trafilatura, mapped back to the page's source."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from hexapla.errors import Fault, InputError

if TYPE_CHECKING:
    from hexapla.ingest import Page

_PIECE = re.compile(
    r"(?is)<(script|style|noscript|template|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|&(?:#\d+|#x[0-9a-f]+|\w+);|[^<&]+|."
)


def read_html(raw: str, where: str) -> Page:
    """Title, headings and paragraphs as trafilatura finds them; publisher and date where the page declares them."""
    import trafilatura

    from hexapla.ingest import Draft, Page

    tree = trafilatura.bare_extraction(
        raw, include_comments=False, include_tables=False, with_metadata=True, favor_precision=True
    )
    if tree is None or isinstance(tree, dict) or tree.body is None:
        raise InputError(
            Fault(
                "no-text",
                where,
                "no article found in the page",
                "HTML with running text",
                "save the page's text as .txt",
            )
        )
    visible, origin = visible_text(raw)
    wanted = [("title", tree.title)] if tree.title else []
    for element in tree.body.iter("head", "p", "quote", "item"):
        wanted.append(("heading" if element.tag == "head" else "", "".join(element.itertext()).strip()))
    drafts: list[Draft] = []
    at = 0
    for kind, text in wanted:
        span = _find(visible, text, at) or _find(visible, text, 0)
        if not span or (drafts and drafts[-1].text == visible[slice(*span)]):
            continue
        at = span[1]
        drafts.append(Draft((span,), raw.count("\n", 0, origin[span[0]]) + 1, visible[slice(*span)], kind))
    return Page(visible, tuple(drafts), tree.sitename or "", tree.date or "", tuple(origin))


def visible_text(raw: str) -> tuple[str, list[int]]:
    """The page's text as a reader sees it (no tags, entities resolved, white space collapsed), and for each of its
    characters the offset in the source where it comes from.
    """
    chars: list[str] = []
    origin: list[int] = []
    for match in _PIECE.finditer(raw):
        piece = match.group()
        if piece.startswith("<") and len(piece) > 1:
            continue
        entity = piece.startswith("&") and len(piece) > 1
        for i, char in enumerate(html.unescape(piece) if entity else piece):
            if char in " \t\n\r\f":
                if chars and chars[-1] == " ":
                    continue
                char = " "
            chars.append(char)
            origin.append(match.start() + (0 if entity else i))
    return "".join(chars), origin


def _find(visible: str, text: str, at: int) -> tuple[int, int] | None:
    words = text.split()
    match = re.compile(r"\s*".join(map(re.escape, words))).search(visible, at) if words else None
    return match.span() if match else None
