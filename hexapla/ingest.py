"""Raw page -> clean document: furniture goes, each piece with a reason; title, headings and paragraphs stay as blocks.

The clean text joins the blocks with a blank line and is never edited afterwards. It is made of runs of the raw text, so
every offset maps back (`Document.raw_map`). What counts as furniture in a language is data: `hexapla/lang/<code>/ingest.toml`.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hexapla import langid, langs
from hexapla.corpus import Block, Document, Dropped, Source, sha256
from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.html import read_html
from hexapla.manifest import read_manifest

SUFFIXES = (".txt", ".md", ".html", ".htm")
MAX_RAW = 20_000_000  # bytes of one raw file
BLOCK_GAP = "\n\n"

Run = tuple[int, int]
"""Half-open code-point offsets into the decoded raw file."""
Run3 = tuple[int, int, int]
"""(start in the clean text, start in the raw file, length)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate block: runs of the raw text (joined by a line end), its line in the raw file, its kind if known."""

    runs: tuple[Run, ...]
    line: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A raw file taken apart: its text, drafts in order, and what the page says of itself."""

    raw: str
    drafts: tuple[Draft, ...]
    publisher: str = ""
    published: str = ""
    origin: tuple[int, ...] | None = (
        None  # file offset of each character of `raw`, where that is not the file itself
    )


# ---- files ---------------------------------------------------------------------------------------------------------


def sources(folder: Path) -> list[Source]:
    """The documents of a folder: those of its manifest, and text files that the manifest does not name yet.

    Raises `InputError` where a manifest entry has no file, or there is nothing to read.
    """
    if not folder.is_dir():
        raise InputError(
            Fault(
                "no-folder",
                str(folder),
                "not a folder",
                "a folder of .txt, .md or .html files",
                "check the path",
            )
        )
    manifest = folder / "manifest.toml"
    known = read_manifest(manifest) if manifest.exists() else []
    faults = [
        Fault(
            "no-file",
            f"{manifest}",
            f"{s.file!r} is not in the folder",
            "a file for each entry",
            "add the file or remove the entry",
        )
        for s in known
        if not (folder / s.file).is_file()
    ]
    if faults:
        raise InputError(faults)
    named = {s.file for s in known}
    found = (
        p.relative_to(folder).as_posix()
        for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in SUFFIXES and p.is_file() and not p.is_symlink()
    )
    skip = re.compile(r"(?i)(?:^|/)(?:\.|readme\.|licen[cs]e)")
    listed = known + [Source("", name, "") for name in found if name not in named and not skip.search(name)]
    if not listed:
        raise InputError(
            Fault(
                "no-documents",
                str(folder),
                "no text file",
                f"files ending in {', '.join(SUFFIXES)}",
                "check the path",
            )
        )
    return listed


def decode(raw: bytes, where: str) -> str:
    """UTF-8 (a byte-order mark is dropped), or `InputError` with the offset of the first bad byte."""
    if not raw.strip():
        raise InputError(Fault("empty-file", where, "an empty file", "a text", "remove it or fill it"))
    if len(raw) > MAX_RAW:
        raise InputError(
            Fault("too-large", where, f"{len(raw):,} bytes", f"at most {MAX_RAW:,}", "split the file")
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(Fault("not-utf8", where, "UTF-16", "UTF-8", "save the file as UTF-8"))
    if b"\x00" in raw:
        raise InputError(
            Fault("binary-file", where, f"a NUL byte at offset {raw.index(0)}", "text", "remove the file")
        )
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(
            Fault(
                "not-utf8",
                where,
                f"byte {raw[error.start]:#04x} at offset {error.start}",
                "UTF-8",
                "save the file as UTF-8",
            )
        ) from None


def ingest(folder: Path, force: bool = False) -> tuple[list[Document], list[str]]:
    """All documents of a folder, and warnings. Every refused file is named in one `InputError`; nothing is written."""
    documents: list[Document] = []
    warnings: list[str] = []
    faults: list[Fault] = []
    for source in sources(folder):
        where = str(folder / source.file)
        try:
            raw = (folder / source.file).read_bytes()
            if source.sha256 and source.sha256 != sha256(raw):
                raise InputError(
                    Fault("file-changed", where, f"sha256 {sha256(raw)[:12]}…", f"{source.sha256[:12]}… (manifest)",
                          "put the file back, or remove the sha256 from the manifest if the change is meant")
                )  # fmt: skip
            document, told = read_document(source, raw, where, force)
            documents.append(document)
            warnings += told
        except HexaplaError as error:
            faults += error.faults
    for name, values in (
        ("doc_id", [d.doc_id for d in documents]),
        ("content", [d.source.sha256 for d in documents]),
    ):
        for value in sorted({v for v in values if values.count(v) > 1}):
            files = ", ".join(d.source.file for d, v in zip(documents, values, strict=True) if v == value)
            faults.append(
                Fault(
                    "duplicate", str(folder), f"{files}: the same {name}", "distinct documents", "remove one"
                )
            )
    if faults:
        raise InputError(dict.fromkeys(faults))
    return documents, warnings


def read_document(source: Source, raw: bytes, where: str, force: bool = False) -> tuple[Document, list[str]]:
    """One raw file as a clean document, its source completed (id, language, publisher, date)."""
    decoded = decode(raw, where)
    suffix = Path(source.file).suffix.lower()
    page = (
        read_html(decoded, where)
        if suffix in (".html", ".htm")
        else read_lines(decoded, markdown=suffix == ".md")
    )
    lang, told = langid.check(source.lang, "\n".join(d.text for d in page.drafts), source.file, where, force)
    kept, dropped, page = clean(page, lang)
    if not kept:
        raise InputError(
            Fault("no-text", where, "nothing but page furniture", "an article", "check the file")
        )
    text, blocks, raw_map = assemble(page.raw, kept)
    if page.origin is not None:
        raw_map = tuple(_through(raw_map, page.raw, page.origin, decoded))
    source = dataclasses.replace(
        source,
        doc_id=source.doc_id or sha256(raw)[:12],
        lang=lang,
        sha256=sha256(raw),
        publisher=source.publisher or page.publisher,
        published=source.published or page.published,
    )
    return Document(source, text, blocks, dropped=tuple(dropped), raw_map=raw_map), told


# ---- lines and paragraphs ------------------------------------------------------------------------------------------

_LINE = re.compile(r"[^\n\r]*(?:\r\n|\n|\r|$)")
_MARKDOWN = re.compile(
    r"!?\[([^\]]*)\]\([^)]*\)|(\*\*|__|`)(.+?)\2|(?<![\w*])([*_])(\S(?:.*?\S)?)\4(?![\w*])"
)
_MD_BLOCK = re.compile(r"(#{1,6})\s+|[-*+]\s+|>\s?|\d+\.\s+(?=\D)")


def read_lines(raw: str, markdown: bool = False) -> Page:
    """Plain text or Markdown as drafts. A line is a block, unless the file is hard-wrapped: then a paragraph is."""
    lines, at = [], 0
    for number, match in enumerate(_LINE.finditer(raw), 1):
        start, end = match.start(), match.start() + len(match.group().rstrip("\r\n"))
        start, end = _trim(raw, start, end)
        lines.append((number, start, end))
        at = match.end()
        if at >= len(raw):
            break
    groups: list[list[tuple[int, int, int]]] = []
    wrapped = _is_hard_wrapped([raw[s:e] for _, s, e in lines])
    previous_blank = True
    for line in lines:
        blank = line[1] == line[2]
        if not blank:
            if groups and wrapped and not previous_blank:
                groups[-1].append(line)
            else:
                groups.append([line])
        previous_blank = blank
    drafts = []
    for group in groups:
        kind = ""
        runs = [(s, e) for _, s, e in group]
        if markdown:
            mark = _MD_BLOCK.match(raw, *runs[0])
            if mark:
                kind = {"#": "title"}.get(mark[1] or "", "heading") if mark[1] else ""
                runs[0] = (mark.end(), runs[0][1])
            runs = [run for whole in runs for run in _inline(raw, *whole)]
        text = "\n".join(raw[s:e] for s, e in runs) if not markdown else _joined(raw, runs)
        if text.strip():
            drafts.append(Draft(tuple(runs), group[0][0], text, kind))
    return Page(raw, tuple(drafts))


def _trim(raw: str, start: int, end: int) -> Run:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return start, end


def _inline(raw: str, start: int, end: int) -> Iterator[Run]:
    """The runs of a Markdown line without its marks: emphasis, code, links (their text stays, their address goes)."""
    at = start
    for match in _MARKDOWN.finditer(raw, start, end):
        inner = next(g for g in (1, 3, 5) if match[g] is not None)
        if match.start() > at:
            yield at, match.start()
        if match.start(inner) < match.end(inner):
            yield match.start(inner), match.end(inner)
        at = match.end()
    if at < end:
        yield at, end


def _joined(raw: str, runs: Sequence[Run]) -> str:
    """Runs joined as `assemble` joins them: a line end where the raw text has one between them, else nothing."""
    text = ""
    for i, (s, e) in enumerate(runs):
        text += ("\n" if i and re.search(r"[\n\r]", raw[runs[i - 1][1] : s]) else "") + raw[s:e]
    return text


def _is_hard_wrapped(lines: Sequence[str]) -> bool:
    """Lines of running text broken at a fixed width: most lines that another follows are nearly as long as the longest."""
    followed = [len(a) for a, b in itertools.pairwise(lines) if a and b]
    longest = max(map(len, lines), default=0)
    return (
        len(followed) >= 4
        and 40 <= longest <= 120
        and sum(n >= 0.7 * longest for n in followed) >= 0.8 * len(followed)
    )


# ---- furniture -----------------------------------------------------------------------------------------------------

_COUNTER = re.compile(r"[\d\s.,]{1,12}[KkMm]?")
_BYLINE = re.compile(r"(?P<who>.{0,80}?)\s*(?P<date>\d{4}[/-]\d{2}[/-]\d{2})(?:[ T]+(?P<time>\d{2}:\d{2}))?")
_BY = re.compile(r"(?i)by\s*:\s*(?P<who>.{1,60})")
_COPYRIGHT = re.compile(r"©|\(c\)\s*\d{4}|(?i:copyright|all rights reserved)")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»」)\]]*$|[:：]$")
_CUE_LENGTH = 320  # furniture is short: a longer block is never cut by a cue alone
END_REASONS = {"newsletter", "disclaimer", "copyright", "comment-prompt", "follow-prompt", "next-article"}


@cache
def _cues(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(reason, pattern) pairs of a language, English ones included (pages mix)."""
    table: dict[str, list[str]] = {}
    for code in dict.fromkeys((lang, "en")):
        for reason, patterns in langs.data(code, "ingest").get("furniture", {}).items():
            table.setdefault(reason, []).extend(patterns)
    return tuple((reason, re.compile("|".join(patterns), re.I)) for reason, patterns in table.items())


def clean(page: Page, lang: str) -> tuple[list[Draft], list[Dropped], Page]:
    """Split the drafts of a page into article blocks (kinds set) and furniture (with reasons)."""
    drafts = list(page.drafts)
    title = _title_index(drafts)
    reasons: dict[int, str] = dict.fromkeys(range(title), "navigation")
    publisher, published = page.publisher, page.published
    ended = False
    seen_paragraphs: list[str] = []
    for i in range(title + 1, len(drafts)):
        text = drafts[i].text
        byline = _BYLINE.fullmatch(text) if len(text) <= 120 else None
        by = _BY.fullmatch(text)
        if text == drafts[title].text:
            reasons[i] = "doubled-title"
        elif byline or by:
            reasons[i] = "byline"
            who = (by or byline)["who"].strip()  # type: ignore[index]
            publisher = publisher or _undouble(who)
            if byline and not published:
                published = byline["date"].replace("/", "-") + (
                    f"T{byline['time']}" if byline["time"] else ""
                )
        elif _COUNTER.fullmatch(text):
            reasons[i] = "share-counter"
        elif len(text) <= _CUE_LENGTH and (
            reason := next((r for r, cue in _cues(lang) if cue.search(text)), "")
        ):
            reasons[i] = reason
            ended = ended or (reason in END_REASONS and not _goes_on(drafts[i + 1 :]))
        elif _COPYRIGHT.search(text) and len(text) <= _CUE_LENGTH:
            reasons[i] = "copyright"
        elif ended:
            reasons[i] = "promotion"
        elif any(len(text) > 40 and text in earlier for earlier in seen_paragraphs):
            reasons[i] = "pull-quote"
        else:
            seen_paragraphs.append(text)
    kept = [i for i in range(len(drafts)) if i not in reasons]
    # a heading between a cut piece and another heading has no text of its own: a link to another article
    for a, b in itertools.pairwise(kept):
        if a > title and _is_heading(drafts[a]) and _is_heading(drafts[b]) and a - 1 in reasons:
            reasons[a] = "teaser"
    # a last word or two without an end are the remains of a link
    if len(kept) > 3 and len(drafts[kept[-1]].text.split()) <= 2 and _is_heading(drafts[kept[-1]]):
        reasons[kept[-1]] = "tail-fragment"
    blocks = [
        dataclasses.replace(
            d,
            kind="title"
            if i == title and _is_heading(d, 300)
            else d.kind or ("heading" if _is_heading(d) else "paragraph"),
        )
        for i, d in enumerate(drafts)
        if i not in reasons
    ]
    dropped = [Dropped(drafts[i].line, reason, drafts[i].text) for i, reason in sorted(reasons.items())]
    return blocks, dropped, dataclasses.replace(page, publisher=publisher, published=published)


def _title_index(drafts: Sequence[Draft]) -> int:
    """The title: a marked one; else the first of the top lines that stands there twice; else the first line."""
    for i, draft in enumerate(drafts[:30]):
        if draft.kind == "title":
            return i
    top = [d.text for d in drafts[:15]]
    for i, text in enumerate(top):
        if len(text) > 15 and text in top[i + 1 :]:
            return i
    # a breadcrumb ends in the title
    for i, text in enumerate(top[1:], 1):
        if len(text) > 15 and any(earlier.endswith(text) for earlier in top[:i]):
            return i
    return 0


def _goes_on(rest: Iterable[Draft]) -> bool:
    """Does the article go on below a cue? Then the cue stands inside it, and only it is cut."""
    return sum(len(d.text) for d in rest if len(d.text) > 200) > 800


def _is_heading(draft: Draft, longest: int = 140) -> bool:
    if draft.kind in ("title", "heading"):
        return True
    return len(draft.text) <= longest and "\n" not in draft.text and not _SENTENCE_END.search(draft.text)


def _undouble(name: str) -> str:
    """`CointelegraphCointelegraph` (an image's text and a link's) -> `Cointelegraph`."""
    half = len(name) // 2
    return name[:half] if half and name == name[:half] * 2 else name


# ---- assembling ----------------------------------------------------------------------------------------------------


def assemble(raw: str, drafts: Sequence[Draft]) -> tuple[str, tuple[Block, ...], tuple[Run3, ...]]:
    """The clean text (NFC), its blocks, and the map back to the raw text."""
    parts: list[str] = []
    blocks: list[Block] = []
    raw_map: list[Run3] = []
    at = 0
    for draft in drafts:
        if blocks:
            parts.append(BLOCK_GAP)
            at += len(BLOCK_GAP)
        start = at
        for i, (s, e) in enumerate(draft.runs):
            if i and re.search(r"[\n\r]", raw[draft.runs[i - 1][1] : s]):
                parts.append("\n")
                at += 1
            for piece, piece_start in _pieces(raw, s, e):
                composed = unicodedata.normalize("NFC", piece)
                if composed == piece:
                    if (
                        raw_map
                        and raw_map[-1][0] + raw_map[-1][2] == at
                        and raw_map[-1][1] + raw_map[-1][2] == piece_start
                    ):
                        raw_map[-1] = (raw_map[-1][0], raw_map[-1][1], raw_map[-1][2] + len(piece))
                    else:
                        raw_map.append((at, piece_start, len(piece)))
                parts.append(composed)
                at += len(composed)
        blocks.append(Block(start, at, draft.kind))
    return "".join(parts), tuple(blocks), tuple(raw_map)


def _pieces(raw: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """A run whole where it is NFC already; else word by word, so that the map is split only around what NFC changes."""
    if unicodedata.is_normalized("NFC", raw[start:end]):
        yield raw[start:end], start
        return
    for match in re.compile(r"\S+|\s+").finditer(raw, start, end):
        yield match.group(), match.start()


def _through(runs: Iterable[Run3], text: str, origin: Sequence[int], file: str) -> Iterator[Run3]:
    """A map into `text` as a map into the file behind it; characters that stand otherwise in the file are left out."""
    for start, raw_start, length in runs:
        at = 0
        while at < length:
            size = 0
            where = origin[raw_start + at]
            while (
                at + size < length
                and origin[raw_start + at + size] == where + size
                and file[where + size] == text[raw_start + at + size]
            ):
                size += 1
            if size:
                yield start + at, where, size
            at += max(size, 1)
