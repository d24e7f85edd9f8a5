"""Fold a text for matching, with a map back to its code points, and cut it into tokens.

Folding: NFKC and case folding; every decimal digit becomes ASCII; marks are stripped for scripts in which people leave
them out (Latin, Greek, Cyrillic, Arabic, Hebrew), never for Indic scripts or Thai, where they are letters; invisible
format characters go. Superscripts and vulgar fractions stay as they are: `m²` is not `m2`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_UNIFY = {
    "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ı": "i",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "՚": "'", "´": "'", "′": "'", "″": '"',
    "٪": "%", "﹪": "%", "−": "-", "‐": "-", "‑": "-", "⁃": "-", "﹣": "-", "－": "-",
    "‒": "–", "—": "–", "―": "–", "〜": "~", "～": "~", "ـ": "", "，": "，",
}  # fmt: skip


def _is_stripped_mark(char: str) -> bool:
    code = ord(char)
    return 0x300 <= code < 0x370 or 0x483 <= code < 0x488 or 0x591 <= code < 0x5C8 or 0x610 <= code < 0x61B or (
        0x64B <= code < 0x660 or code == 0x670 or 0x6D6 <= code < 0x6DD or (0x6DF <= code < 0x6EE and code not in (0x6E5, 0x6E6))
    )  # fmt: skip


@cache
def _fold_char(char: str, strip: bool) -> str:
    if char in _UNIFY:
        return _UNIFY[char]
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in ("Cf", "Mn") and (category == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F):
        return ""
    if category == "No" or char in "ªº™℠":
        return char
    text = unicodedata.normalize("NFKC", char).casefold()
    if strip:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not _is_stripped_mark(c))
        text = unicodedata.normalize("NFC", text)
    text = "".join(_UNIFY.get(c, c) for c in text)
    # a compatibility character that unfolds into several words ("℀", "﷼") would tear a token
    return char if len(text) > 1 and any(c.isspace() or c == "⁄" for c in text) else text


_WIDE_GROUP = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


class _Folder(dict[int, str]):
    """A `str.translate` table that fills itself."""

    def __init__(self, strip: bool) -> None:
        super().__init__()
        self.strip = strip
        self.single: set[str] = set()  # characters that fold to one

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_char(chr(code), self.strip)
        if len(folded) == 1:
            self.single.add(chr(code))
        return folded


_FOLDERS = {True: _Folder(True), False: _Folder(False)}


def fold(text: str, strip: bool = True) -> tuple[str, list[int] | None]:
    """The folded text and, where its positions differ from the original's, the original offset of each position.

    The map has one entry more than the folded text: its end. `strip` tells whether marks are stripped.

    >>> fold("１２ Tatló")
    ('12 tatlo', None)
    >>> fold("Straße")
    ('strasse', [0, 1, 2, 3, 4, 4, 5, 6])
    """
    if text.isascii():
        return text.lower().replace("`", "'"), None
    if "，" in text:  # a comma of full width groups full-width digits, else it ends a clause
        text = _WIDE_GROUP.sub(",", text)
    table = _FOLDERS[strip]
    if not unicodedata.is_normalized("NFC", text):
        return _fold_decomposed(text, table)
    folded = text.translate(table)
    if len(folded) == len(text) and table.single.issuperset(text):
        return folded, None
    offsets: list[int] = []
    for position, char in enumerate(text):
        offsets.extend([position] * len(table[ord(char)]))
    offsets.append(len(text))
    return folded, offsets


# a character and the marks, or the jamo, that may be composed with it
_CLUSTER = re.compile(
    "[\u1100-\u115f][\u1160-\u11ff]+|.(?:[^\\w\\s\u0000-\u02ff\u2000-\u2fff\u3000-\u3098]+)?", re.S
)


def _fold_decomposed(text: str, table: _Folder) -> tuple[str, list[int]]:
    """Fold a text that is not in NFC: each cluster is composed first, and maps to its first code point."""
    parts: list[str] = []
    offsets: list[int] = []
    for match in _CLUSTER.finditer(text):
        cluster, start = match.group(), match.start()
        composed = unicodedata.normalize("NFC", cluster)
        kept = len(composed) == len(cluster)
        for k, char in enumerate(composed):
            folded = table[ord(char)]
            parts.append(folded)
            offsets.extend([start + k if kept else start] * len(folded))
    offsets.append(len(text))
    return "".join(parts), offsets


def _ranges(characters: list[int]) -> str:
    parts: list[str] = []
    start = previous = -2
    for code in [*characters, -2]:
        if code == previous + 1:
            previous = code
            continue
        if start >= 0:
            parts.append(f"\\U{start:08x}-\\U{previous:08x}")
        start = previous = code
    return "".join(parts)


# combining marks that survive folding belong to words; `\w` leaves them out
_MARKS = _ranges(
    [
        c
        for low, high in ((0x300, 0x1D00), (0xA600, 0xAC00))
        for c in range(low, high)
        if unicodedata.category(chr(c))[0] == "M"
    ]
)
# scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han; and Hangul, whose particles are glued on
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_DIGITS = (
    r"\d{1,3}(?:[\u00a0\u202f\u2009 ]\d{3})+(?![\d])(?:[.,]\d+)?"  # 1 234 567,8
    r"|(?<![\w.,])[.,]\d+"
    r"|\d+(?:[.,'\u066b\u066c\u00b7]\d+)*"
)
TOKEN = re.compile(
    rf"(?:{_DIGITS})|[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W\d_]|(?![{_UNSPACED}])[{_MARKS}])+|[^\s\w]|_|\w"
)
