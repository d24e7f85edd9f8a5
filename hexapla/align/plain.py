"""Two plain texts: what their sentences are, and their beads as tab-separated or JSON lines.

A file holds one sentence a line, or running text. Offsets count the code points of the file as
`Path(file).read_text("utf-8-sig")` gives it: without byte order mark, with `\\n` line ends, and otherwise as it stands.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hexapla import langs
from hexapla.align.ladder import LOW
from hexapla.align.pairwise import Bead
from hexapla.corpus import Span
from hexapla.errors import Fault, InputError

Layout = Literal["lines", "text"]

_SAID = {"lines": "one a line", "text": "cut from running text"}
_WIDTH = 40  # characters that a line has at least, if it was broken to keep to a width
_SHOWN = 10  # doubtful beads that a summary names
_UNRELATED = 0.5  # mean confidence
_FAR_EAST = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60"
_WRAPPED = re.compile(
    rf"(?<=[{_FAR_EAST}])\s*\n\s*(?=[{_FAR_EAST}])"
)  # no space stands where such a line ends
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029]")  # JSON lets them stand; they end lines or steer a terminal


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text to be aligned, and the spans of its sentences. `notes`: what a reader of the file should be told."""

    where: str
    text: str
    lang: str
    layout: Layout
    spans: tuple[Span, ...]
    notes: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """The sentences as they are compared: in NFC, white space runs as one space."""
        return [unicodedata.normalize("NFC", _line(self.text[a:b])) for a, b in self.spans]

    def lines(self) -> list[int]:
        """The line (1-based) on which each sentence begins."""
        ends = [match.start() for match in re.finditer("\n", self.text)]
        return [bisect_right(ends, start) + 1 for start, _ in self.spans]


# ---- reading ---------------------------------------------------------------------------------------------------------


def read(source: Path, lang: str | None = None, layout: Layout | None = None) -> PlainText:
    """Read a file, or standard input for `-`. Without `lang` the language is identified, without `layout` it is
    recognised. `InputError` if there is no text, or its language is not certain."""
    where = "standard input" if str(source) == "-" else str(source)
    text = _read_stdin() if str(source) == "-" else _decoded(source)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    notes: list[str] = []
    if not text.strip():
        found = "empty" if not text else "white space only"
        raise InputError(Fault("no-sentences", where, found, "a text", "check the path"))
    if lang:
        lang, notes = _declared(langs.normalise(lang), text, where)
        how = ""
    else:
        lang = _identified(text, source.name, where)
        how = " (identified; overrule with --langs)"
    cut, spans = _cut(text, lang, layout)
    other = "text" if cut == "lines" else "lines"
    recognised = "" if layout else f" (recognised; overrule with --input {other})"
    said = f"{where}: {lang}{how}, {len(spans):,} sentences, {_SAID[cut]}{recognised}"
    return PlainText(where, text, lang, cut, tuple(spans), (said, *notes))


def _decoded(source: Path) -> str:
    from hexapla.store import read_text

    return read_text(source)


def _read_stdin() -> str:
    from hexapla.store import MAX_BYTES

    where = "standard input"
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise InputError(Fault("too-large", where, f"over {MAX_BYTES:,} bytes", "", "split the text"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at offset {error.start}"
        raise InputError(Fault("not-utf8", where, found, "UTF-8", "convert it to UTF-8")) from None


def _declared(lang: str, text: str, where: str) -> tuple[str, list[str]]:
    """The language as declared, with a warning where the text looks like another, or nothing is known about it."""
    from hexapla import langid

    _, warnings = langid.check(lang, text, "", where, force=True)
    if not langs.data(lang, "text") and lang not in {code for code, _ in langid.rank("a")}:
        warnings.append(f"{where}: nothing is known about the language {lang!r}; the general rules are used")
    return lang, [f"warning: {warning}" for warning in warnings]


def _identified(text: str, name: str, where: str) -> str:
    from hexapla import langid

    lang, doubts = langid.check("", text, name, where, force=False)
    if doubts:
        raise InputError(
            Fault(
                "unsure-language",
                where,
                f"the language is not certain (perhaps {lang!r})",
                "",
                "name both languages, in the order of the files: --langs fil,ar",
            )
        )
    return lang


def _cut(text: str, lang: str, layout: Layout | None) -> tuple[Layout, list[Span]]:
    from hexapla.segment import sentences

    lines = [
        (m.start() + len(m[0]) - len(m[0].lstrip()), m.start() + len(m[0].rstrip()))
        for m in re.finditer(r"[^\n]+", text)
        if not m[0].isspace()
    ]
    if layout == "lines":
        return "lines", lines
    spans = sentences(text, lang)
    if layout == "text" or is_running(text, lines, spans):
        return "text", spans
    return "lines", lines


def is_running(text: str, lines: Sequence[Span], sentences: Sequence[Span]) -> bool:
    """Whether a text is running text rather than one sentence a line.

    It is if in more than a third of its lines a sentence begins within the line, or the line goes on, in lower case,
    with the sentence of a line that was broken at a usual width. `lines` and `sentences`: spans, in order.
    """
    begins = [start for start, _ in sentences]
    signs = 0
    before = (0, 0)
    for start, end in lines:
        at = bisect_right(begins, start) - 1
        within = bisect_right(begins, end) - 1 > at
        broken = before[1] - before[0] >= _WIDTH and (
            text[before[1] - 1].isalnum() or text[before[1] - 1] in ",;"
        )
        signs += within or (broken and text[start].islower() and begins[at] < start)
        before = (start, end)
    return 3 * signs > len(lines)


# ---- writing ---------------------------------------------------------------------------------------------------------


def tsv(beads: Sequence[Bead], src: PlainText, tgt: PlainText) -> Iterator[str]:
    """A line a bead: source, target, confidence. The sentences of a side are joined; a side may be empty. White space
    is one space, other control characters are shown by their pictures (ESC is ␛)."""
    for bead in beads:
        yield f"{_cell(src, bead.src)}\t{_cell(tgt, bead.tgt)}\t{bead.confidence:.4f}\n"


def jsonl(beads: Sequence[Bead], src: PlainText, tgt: PlainText) -> Iterator[str]:
    """A JSON object a bead: `src` and `tgt` (sentence numbers from 0), `confidence`, and for [source, target] the
    `spans`, the `lines` on which they begin (from 1), and the `texts`, `text[start:end]` as they stand in the files."""
    lines = src.lines(), tgt.lines()
    for bead in beads:
        sides = list(zip((src, tgt), lines, (bead.src, bead.tgt), strict=True))
        record = {
            "src": bead.src,
            "tgt": bead.tgt,
            "confidence": round(bead.confidence, 4),
            "spans": [[side.spans[i] for i in indices] for side, _, indices in sides],
            "lines": [[of[i] for i in indices] for _, of, indices in sides],
            "texts": [[side.text[slice(*side.spans[i])] for i in indices] for side, _, indices in sides],
        }
        yield _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(record, ensure_ascii=False)) + "\n"


def summary(beads: Sequence[Bead], src: PlainText, tgt: PlainText) -> list[str]:
    """What was found: beads by kind, sentences without a counterpart, mean confidence, and the doubtful beads."""
    kinds = Counter((len(bead.src), len(bead.tgt)) for bead in beads)
    shapes = ", ".join(
        f"{count:,} × {a}-{b}"
        for (a, b), count in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    )
    lone = [sum(len(bead.src) for bead in beads if not bead.tgt), sum(len(bead.tgt) for bead in beads if not bead.src)]  # fmt: skip
    mean = sum(bead.confidence for bead in beads) / max(1, len(beads))
    told = [
        f"{len(beads):,} beads: {shapes}",
        f"without counterpart: {lone[0]:,} of {len(src.spans):,} source and {lone[1]:,} of {len(tgt.spans):,} target sentences",
        f"mean confidence {mean:.3f}",
    ]
    low = [(n, bead) for n, bead in enumerate(beads, 1) if bead.confidence < LOW]
    if low:
        named = ", ".join(f"{n} ({bead.confidence:.2f})" for n, bead in low[:_SHOWN])
        more = f" and {len(low) - _SHOWN:,} more" if len(low) > _SHOWN else ""
        told[-1] += f"; below {LOW}: {len(low):,}, on output lines {named}{more}"
    if mean < _UNRELATED:
        told.append("warning: so little fits that the texts may not be translations of each other")
    return told


def _cell(side: PlainText, indices: Sequence[int]) -> str:
    """The text from the first to the last of neighbouring sentences, on one line."""
    if not indices:
        return ""
    return _CONTROL.sub(_shown, _line(side.text[side.spans[indices[0]][0] : side.spans[indices[-1]][1]]))


def _line(text: str) -> str:
    return " ".join(_WRAPPED.sub("", text).split())


def _shown(match: re.Match[str]) -> str:
    from hexapla.layout import clean

    return clean(match[0])
