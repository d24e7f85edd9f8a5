"""The one tokeniser: driven by script, not by language; every character that is not white space is in one token.

- A run of letters, combining marks and digits is a token: `H200`, `57bn`, `hindi`, `الصين`.
- Separators between digits stay inside: `1.000,5`, `٣٫٥`; so does a no-break space before a group of three digits.
- A Han, Hiragana or Katakana character is a token of its own; in Thai, Lao, Khmer and Myanmar, whose words are not
  spaced either, a base letter with its marks is.
- Any other character is a token with the marks that follow it: hyphens, apostrophes, quotes, `$`, `%`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Blocks that hold all combining marks (Mn, Mc, Me) of Unicode 15; looking through them takes 10 ms, once.
_MARK_BLOCKS = (
    (0x300, 0x1E00), (0x20D0, 0x2100), (0x2CE0, 0x3100), (0xA660, 0xABFF), (0xFB1E, 0xFB1F), (0xFE00, 0xFE30),
    (0x101F0, 0x12000), (0x13440, 0x13460), (0x16AF0, 0x16FF2), (0x1BC9D, 0x1BC9F), (0x1CF00, 0x1CF50), (0x1D160, 0x1D250),
    (0x1DA00, 0x1E030), (0x1E08F, 0x1E090), (0x1E130, 0x1E2F0), (0x1E4EC, 0x1E950), (0xE0100, 0xE01F0),
)  # fmt: skip
_CLUSTER_BLOCKS = ((0xE00, 0xF00), (0x1000, 0x10A0), (0x1780, 0x1800), (0xA9E0, 0xAA00), (0xAA60, 0xAA80))
_CJK = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
_STACKERS = "\u17d2\u1039"  # Khmer coeng, Myanmar virama: the next letter is written below


def _ranges(points: list[int]) -> str:
    """Code points as the inside of a character class."""
    out: list[list[int]] = []
    for point in points:
        if out and out[-1][1] == point - 1:
            out[-1][1] = point
        else:
            out.append([point, point])
    return "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in out)


@cache
def token_pattern() -> re.Pattern[str]:
    """The compiled pattern; every match is one token."""
    category = unicodedata.category
    marks = _ranges([p for a, b in _MARK_BLOCKS for p in range(a, b) if category(chr(p))[0] == "M"])
    clusters = _ranges(
        [p for a, b in _CLUSTER_BLOCKS for p in range(a, b) if category(chr(p)) in ("Lo", "Lm")]
    )
    letter = rf"[^\W_{_CJK}{clusters}]"
    # U+200C, U+200D and the soft hyphen stand inside words of Persian, Indic scripts and hyphenated text
    word = rf"{letter}+(?:[{marks}\u200c\u200d\xad]+{letter}*)*"
    return re.compile(
        rf"{word}(?:(?<=\d)(?:[.,\u066b\u066c]|[\xa0\u202f](?=\d\d\d(?!\d)))(?=\d){word})*"
        rf"|[{clusters}][{marks}]*(?:(?<=[{_STACKERS}])[{clusters}][{marks}]*)*"
        rf"|[^\s{marks}][{marks}]*"
        rf"|[{marks}]+"
    )


def tokens(text: str, lang: str | None = None) -> list[tuple[int, int]]:
    """Spans of the tokens of `text`, in order: half-open code-point offsets. `lang` changes nothing so far.

    >>> [("$57bn, H200’s 1,5%")[a:b] for a, b in tokens("$57bn, H200’s 1,5%")]
    ['$', '57bn', ',', 'H200', '’', 's', '1,5', '%']
    """
    return [match.span() for match in token_pattern().finditer(text)]
