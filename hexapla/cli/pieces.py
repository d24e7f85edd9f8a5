"""Sub-commands for a single piece of text: numbers, sentences, alignment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from hexapla.cli import FILE, as_json_option, codes, console, main, say


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
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--langs", required=True, metavar="L,L", help="The languages of the two files, e.g. fil,ar.")
@as_json_option
def align(source: Path, target: Path, langs: str, as_json: bool) -> None:
    """Align two files of one sentence per line: tab-separated beads, or JSON lines with confidence."""
    from hexapla.align import beads
    from hexapla.store import read_text

    pair = codes(langs) or []
    if len(pair) != 2:
        raise click.UsageError("--langs takes two codes, e.g. --langs fil,ar")
    sides = [[line for line in read_text(path).splitlines() if line.strip()] for path in (source, target)]
    for bead in beads(sides[0], sides[1], pair[0], pair[1]):
        left, right = [sides[0][i] for i in bead.src], [sides[1][j] for j in bead.tgt]
        if as_json:
            click.echo(
                json.dumps(
                    {
                        "src": bead.src,
                        "tgt": bead.tgt,
                        "confidence": round(bead.confidence, 4),
                        "texts": [left, right],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            click.echo("\t".join(" ".join(side).replace("\t", " ") for side in (left, right)))
