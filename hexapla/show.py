"""An article, and the differences between its versions, drawn in the terminal.

Languages stand below each other, not side by side: a terminal that orders right-to-left text does so per line, and
would mix columns. The texts are strangers' texts: no control character of theirs reaches the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hexapla import fidelity, langs
from hexapla.corpus import Article, Bead, Corpus, Span
from hexapla.counterparts import is_sure
from hexapla.errors import Fault, InputError
from hexapla.fidelity import Difference
from hexapla.layout import (
    LABEL_NAMES,
    LETTERS,
    POP,
    RTL_ISOLATE,
    Cell,
    Piece,
    Row,
    clean,
    isolated,
    reading_order,
    rows,
    title,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# Each label differs from the others of its family by more than colour: the letter behind it says which it is.
STYLES = {
    "PER": "bold blue", "ORG": "bold magenta", "LOC": "bold green", "PRODUCT": "bold cyan", "EVENT": "bold red",
    "CARDINAL": "underline yellow", "ORDINAL": "underline yellow", "PERCENT": "underline yellow",
    "MONEY": "underline bright_yellow", "MEASURE": "underline yellow", "DATE": "underline bright_cyan",
    "TIME": "underline bright_cyan",
}  # fmt: skip


def only(article: Article, codes: Iterable[str]) -> Article:
    """The article with these languages alone; `InputError` for one that it does not have."""
    wanted = {langs.normalise(code) for code in codes}
    if strange := sorted(wanted - set(article.langs)):
        raise InputError(
            Fault(
                "no-such-language",
                article.article_id,
                f"no version in {', '.join(strange)}",
                ", ".join(article.langs),
                "choose among these",
            )
        )
    beads = (
        Bead(b.bead_id, spans)
        for b in article.beads
        if (spans := {k: v for k, v in b.spans.items() if k in wanted})
    )
    documents = tuple(d for d in article.documents if d.lang in wanted)
    return Article(article.article_id, documents, tuple(beads), article.facts, article.topic_id)


def show(article: Article, console: Console, langs: Sequence[str] | None = None) -> None:
    """Draw the article bead by bead: per language its code, its sentences, each mention coloured with its letter.

    What the versions of a bead differ in stands below it. `langs` limits the languages (any order, any known code).
    """
    from rich.rule import Rule
    from rich.text import Text

    if langs:
        article = only(article, langs)
    found: dict[str, list[Difference]] = {}
    for difference in fidelity.differences(article):
        found.setdefault(difference.bead_id, []).append(difference)
    _print(console, _heading(article))
    console.print(_legend(article))
    for row in rows(article):
        console.print(Rule(Text(clean(row.bead_id), "dim"), align="left", style="dim"))
        for cell in row.cells.values():
            _line(console, cell.lang, _coloured(cell), cell.direction, bold=row.kind != "paragraph")
        for difference in found.get(row.bead_id, ()):
            _print(console, _remark(difference))


def as_json(article: Article, langs: Sequence[str] | None = None) -> dict[str, Any]:
    """What `show` draws, as plain records; offsets are those of the documents."""
    if langs:
        article = only(article, langs)
    return {
        "article_id": article.article_id,
        "documents": {d.lang: d.doc_id for d in reading_order(article)},
        "beads": [_row_json(row) for row in rows(article)],
        "facts": {fact_id: fact.to_json() for fact_id, fact in article.facts.items()},
        "differences": [d.to_json() for d in fidelity.differences(article)],
    }


def show_differences(corpus: Corpus, console: Console) -> None:
    """The fidelity report: per article every difference, with the sentences of the versions; a summary at the end."""
    from rich.rule import Rule
    from rich.table import Table
    from rich.text import Text

    every: list[Difference] = []
    for article in corpus.articles:
        found = list(fidelity.differences(article))
        every += found
        if len(article.documents) < 2:
            console.print(Text(f"{article.article_id}: one version, nothing to compare", "dim"))
            continue
        _print(console, _heading(article))
        if not any(is_sure(m) for d in article.documents for m in d.mentions):
            console.print(
                Text("proposed by rules, read by nobody: look before you trust", "dim italic"),
                soft_wrap=False,
            )
        if not found:
            console.print(Text("no differences found", "green"))
        for bead_id, members in groupby(found, key=lambda d: d.bead_id):
            console.print(Rule(Text(clean(bead_id), "dim"), align="left", style="dim"))
            sentences: dict[tuple[str, str], set[Span]] = {}
            for difference in members:
                _print(console, _remark(difference))
                for version in difference.versions if difference.kind != "elsewhere" else ():
                    sentences.setdefault((version.lang, version.sentence), set()).update(version.marks)
            for (lang, sentence), marks in sentences.items():
                if sentence:
                    _line(console, lang, _marked(sentence, marks), langs.direction(lang))
    table = Table(box=None, show_header=False)
    for kind, count in fidelity.summary(every).items():
        table.add_row(fidelity.SYMBOLS[kind], kind, str(count), fidelity.KINDS[kind])
    console.print()
    console.print(f"{len(every)} {'difference' if len(every) == 1 else 'differences'} between versions")
    console.print(table)


# ---- parts ---------------------------------------------------------------------------------------------------------


def _heading(article: Article) -> Text:
    from rich.text import Text

    document = reading_order(article)[0]
    codes = ", ".join(
        d.lang + (" (source)" if d.source.role == "source" else "") for d in reading_order(article)
    )
    text = Text()
    text.append(article.article_id, "bold")
    text.append(f" · {codes} · {len(rows(article))} beads\n", "dim")
    text.append(isolated(clean(title(document)), document.direction))
    return text


def _legend(article: Article) -> Text:
    from rich.text import Text

    used = {m.label for d in article.documents for m in d.mentions}
    parts = [
        Text.assemble((LABEL_NAMES[label], STYLES[label]), (f"[{LETTERS[label]}]", "dim"))
        for label in STYLES
        if label in used
    ]
    return Text(" ").join(parts) if parts else Text("no mentions", "dim")


def _coloured(cell: Cell) -> Text:
    from rich.text import Text

    out = Text()
    for n, sentence in enumerate(cell.pieces()):
        if n:
            out.append(" ")
        _append(out, sentence, cell.direction, "")
    return out


def _append(out: Text, pieces: Iterable[Piece], direction: str, style: str) -> None:
    for piece in pieces:
        mention = piece.mention
        if mention is None:
            out.append(clean(piece.text), style or None)
            continue
        if piece.inner:
            _append(out, piece.inner, direction, STYLES[mention.label])
        else:
            out.append(clean(piece.text), STYLES[mention.label])
        letter = f"[{LETTERS[mention.label]}]"
        out.append(f"\u2068{letter}{POP}" if direction == "rtl" else letter, "dim")


def _marked(sentence: str, marks: Iterable[Span]) -> Text:
    from rich.text import Text

    text = Text(clean(sentence))
    for start, end in marks:
        text.stylize("bold reverse", start, end)
    return text


def _line(console: Console, lang: str, text: Text, direction: str, bold: bool = False) -> None:
    """One language: its code, then the text in lines of the width that is left."""
    from rich.table import Table
    from rich.text import Text

    gutter = max(len(lang), 3) + 2
    width = max(console.width - gutter, 4)
    if bold:
        text.stylize("bold")
    lines = _lines(console, text, width, RTL_ISOLATE if direction == "rtl" else "")
    grid = Table.grid()
    grid.add_column(width=gutter, no_wrap=True)
    grid.add_column(width=width, no_wrap=True, justify="right" if direction == "rtl" else "left")
    grid.add_row(Text(lang, "bold dim"), Text("\n").join(lines))
    console.print(grid)


def _lines(console: Console, text: Text, width: int, isolate: str = "") -> list[Text]:
    """The text in lines of that width. A terminal takes each line for a paragraph, so that an isolate which a line
    leaves open is closed there and opened again in the next."""
    from rich.text import Text

    out, carried = [], ""
    for line in text.wrap(console, width, overflow="fold"):
        line.rstrip()
        begun = isolate + carried
        depth = (begun + line.plain).count("\u2068") - line.plain.count(POP)
        carried = "\u2068" * (depth - len(isolate[:1]))
        out.append(Text.assemble(begun, line, POP * depth))
    return out


def _print(console: Console, text: Text) -> None:
    for line in _lines(console, text, console.width):
        console.print(line)


def _remark(difference: Difference) -> Text:
    from rich.text import Text

    style = "dim" if difference.kind == "elsewhere" else "bold red"
    text = Text.assemble((f"{fidelity.SYMBOLS[difference.kind]} {difference.kind}", style), " ")
    return text.append(fidelity.describe(difference))


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "bead_id": row.bead_id,
        "kind": row.kind,
        "versions": {
            lang: {
                "sentences": list(cell.sentences),
                "spans": [list(span) for span in cell.spans],
                "mentions": [m.to_json() for m in cell.mentions],
            }
            for lang, cell in row.cells.items()
        },
    }
