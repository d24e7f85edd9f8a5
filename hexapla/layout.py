"""An article laid out for reading: one row a bead, per language its sentences, cut into plain text and mentions.

Nothing of an article is left out: sentences and mentions that no bead holds get rows of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hexapla import langs
from hexapla.corpus import Article, Bead, Document, Mention, Span

LETTERS = {
    "PER": "P", "ORG": "O", "LOC": "L", "PRODUCT": "Pr", "EVENT": "E",
    "CARDINAL": "#", "ORDINAL": "№", "PERCENT": "%", "MONEY": "¤", "MEASURE": "m", "DATE": "D", "TIME": "T",
}  # fmt: skip
"""The sign that tells a label where colour cannot."""

LABEL_NAMES = {
    "PER": "person", "ORG": "organisation", "LOC": "place", "PRODUCT": "product", "EVENT": "event",
    "CARDINAL": "count", "ORDINAL": "ordinal", "PERCENT": "percent", "MONEY": "money", "MEASURE": "measure",
    "DATE": "date", "TIME": "time",
}  # fmt: skip


RTL_ISOLATE, POP = "\u2068\u200f", "\u2069"
"""A first-strong isolate takes its direction from its first letter; the mark makes that right-to-left for a line that
begins with a Latin name too."""

_KEPT = frozenset(
    "\u200c\u200d\u200e\u200f\u061c\xad"
)  # joiners and marks that words are written with; soft hyphen


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, plain or a mention. `first` is False where a mention goes on that began in an earlier piece."""

    text: str
    mention: Mention | None = None
    first: bool = True
    inner: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one language has in a row: its sentences and the mentions that begin in them, in order."""

    lang: str
    direction: str
    sentences: tuple[str, ...]
    spans: tuple[Span, ...]
    mentions: tuple[Mention, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def place(self, mention: Mention) -> Span:
        """Where a mention of this cell stands in `text`, cut at the end of its sentence."""
        offset = 0
        for sentence, (start, end) in zip(self.sentences, self.spans, strict=True):
            if start <= mention.start < end:
                return mention.start - start + offset, min(mention.end, end) - start + offset
            offset += len(sentence) + 1
        raise ValueError(f"mention {mention.id} begins outside of the cell")

    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        """Per sentence its pieces, in order; joined they give the sentence."""
        out = []
        for sentence, (start, end) in zip(self.sentences, self.spans, strict=True):
            items = [(m.start, min(m.end, end), m, True) for m in self.mentions if start <= m.start < end]
            out.append(_cut(sentence, start, (start, end), items))
        return tuple(out)


@dataclass(frozen=True, slots=True)
class Row:
    """One bead, or a sentence that no bead holds (`bead_id` is then `<lang>:<start>`).

    `kind` is that of the block it begins; `cells` are in reading order.
    """

    bead_id: str
    kind: str
    cells: Mapping[str, Cell]


_Item = tuple[int, int, Mention, bool]


def _in_order(items: Iterable[_Item]) -> list[_Item]:
    return sorted(items, key=lambda i: (i[0], -i[1], not i[3], i[2].id))


def _cut(text: str, origin: int, span: Span, items: Iterable[_Item]) -> tuple[Piece, ...]:
    """Pieces of `span`; mentions nest, and one that crosses another's end goes on after it."""
    out: list[Piece] = []
    at, rest = span[0], _in_order(items)
    while rest:
        start, end, mention, first = rest.pop(0)
        inside: list[_Item] = []
        after: list[_Item] = []
        for item in rest:
            if item[0] >= end:
                after.append(item)
            elif item[1] <= end:
                inside.append(item)
            else:
                inside.append((item[0], end, item[2], item[3]))
                after.append((end, item[1], item[2], False))
        if start > at:
            out.append(Piece(text[at - origin : start - origin]))
        inner = _cut(text, origin, (start, end), inside) if inside else ()
        out.append(Piece(text[start - origin : end - origin], mention, first, inner))
        at, rest = end, _in_order(after)
    if at < span[1]:
        out.append(Piece(text[at - origin : span[1] - origin]))
    return tuple(out)


def _cell(document: Document, spans: Iterable[Span]) -> Cell:
    spans = tuple(spans)
    mentions = sorted(
        (m for m in document.mentions if any(a <= m.start < b for a, b in spans)),
        key=lambda m: (m.start, -m.end, m.id),
    )
    texts = tuple(document.text[a:b] for a, b in spans)
    return Cell(document.lang, document.direction, texts, spans, tuple(mentions))


def _loose(document: Document, beads: Iterable[Bead]) -> list[Span]:
    """Sentences that no bead touches, and mentions that neither a bead nor a sentence holds."""
    held = [span for bead in beads for span in bead.spans.get(document.lang, ())]
    loose = [s for s in document.sentences if not any(a < s[1] and s[0] < b for a, b in held)]
    for mention in document.mentions:
        if not any(a <= mention.start < b for a, b in held + loose):
            loose.append(mention.span)
    return sorted(loose)


def rows(article: Article) -> list[Row]:
    """The beads in their order, with sentences that no bead holds after the bead that precedes them in their text."""
    documents = {d.lang: d for d in article.documents}
    beads = list(article.beads)
    for lang, document in documents.items():
        for span in _loose(document, article.beads):
            before = [
                n for n, b in enumerate(beads) if any(end <= span[0] for _, end in b.spans.get(lang, ()))
            ]
            beads.insert(before[-1] + 1 if before else 0, Bead(f"{lang}:{span[0]}", {lang: (span,)}))
    return [
        Row(
            bead.bead_id,
            _kind(documents, bead),
            {d.lang: _cell(d, bead.spans[d.lang]) for d in reading_order(article) if d.lang in bead.spans},
        )
        for bead in beads
    ]


def _kind(documents: Mapping[str, Document], bead: Bead) -> str:
    """`title`, `heading` or `paragraph`: that of the block in which the bead begins."""
    for lang in sorted(bead.spans):
        start = bead.spans[lang][0][0]
        for block in documents[lang].blocks:
            if block.start <= start < block.end:
                return block.kind
    return "paragraph"


def clean(text: str) -> str:
    """The text with its control characters made visible, one for one, so that offsets hold.

    Line ends and tabs become spaces, C0 controls their pictures (ESC is ␛), and other control characters, among them
    the bidirectional overrides and isolates, U+FFFD.

    >>> clean("a\\x1b[31mb\\tc\\u202ed")
    'a␛[31mb c�d'
    """
    out = []
    for char in text:
        if char in "\t\n\r\x0b\x0c\x85\u2028\u2029":
            char = " "
        elif char < " ":
            char = chr(0x2400 + ord(char))
        elif char == "\x7f":
            char = "␡"
        elif unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") and char not in _KEPT:
            char = "�"
        out.append(char)
    return "".join(out)


def isolated(text: str, direction: str) -> str:
    """Right-to-left text between U+2068 and U+2069, so that what stands around it keeps its place."""
    return f"{RTL_ISOLATE}{text}{POP}" if direction == "rtl" else text


def quoted(text: str) -> str:
    """Text of an article inside a line of ours: cleaned, and isolated if it holds right-to-left letters."""
    text = clean(text)
    return f"\u2068{text}{POP}" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in text) else text


def reading_order(article: Article) -> tuple[Document, ...]:
    """The source first, if it is there, then by language code."""
    return tuple(sorted(article.documents, key=lambda d: (d.source.role != "source", d.lang)))


def title(document: Document) -> str:
    """The first title block, else the first sentence, else the id; white space runs are one space."""
    spans = [(b.start, b.end) for b in document.blocks if b.kind == "title"] or list(document.sentences)
    return " ".join(document.text[slice(*spans[0])].split()) if spans else document.doc_id


def language_name(lang: str) -> tuple[str, str]:
    """(English name, own name); the code itself where no data file names it.

    >>> language_name("fil"), language_name("pt-BR"), language_name("xx")
    (('Filipino', 'Filipino'), ('Portuguese (BR)', 'Português'), ('xx', 'xx'))
    """
    names = langs.data(lang, "name")
    if not names:
        return lang, lang
    tail = lang.removeprefix(langs.base(lang)).strip("-")
    return f"{names['english']} ({tail})" if tail else names["english"], names["own"]
