"""The `hexapla` command: each sub-command is a thin wrapper over a public function with the same argument names.

Results go to standard output, progress and warnings to standard error. Exit codes: see `hexapla.errors`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla import __version__
from hexapla.errors import CheckFailed, Fault, HexaplaError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from hexapla.corpus import Corpus

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=stderr)


def say(record: Any) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))


def track(items: Sequence[Any], label: str) -> Iterable[Any]:
    """A progress bar on standard error; it shows only on a terminal."""
    from rich.progress import track as bar

    return bar(
        items,
        description=label,
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def warn(text: str) -> None:
    click.echo(f"warning: {text}", err=True)


@contextmanager
def told() -> Iterator[None]:
    """Errors raised on purpose become one line per fault and an exit code; no traceback."""
    try:
        yield
    except HexaplaError as error:
        for fault in error.faults[:100]:
            click.echo(f"error: {fault}", err=True)
        if len(error.faults) > 100:
            click.echo(f"error: … and {len(error.faults) - 100} more", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)


class Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        with told():
            return super().invoke(ctx)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hexapla")
def main() -> None:
    """Parallel translations in; an aligned, annotated corpus and a cross-lingual benchmark out."""


# ---- corpus --------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("folder", type=FOLDER, default="seeds")
@click.option("-o", "--out", type=FOLDER, default="build", show_default=True, help="Where the corpus goes.")
@click.option("--only", metavar="STAGE", help="One stage, on what an earlier build left in OUT.")
@click.option(
    "--gold", type=FOLDER, default="annotation/gold", show_default=True, help="Gold annotations to lay on."
)
@click.option("--no-gold", is_flag=True, help="The pipeline alone.")
@click.option("--force", is_flag=True, help="Take a declared language that detection contradicts.")
@as_json_option
def build(
    folder: Path, out: Path, only: str | None, gold: Path, no_gold: bool, force: bool, as_json: bool
) -> None:
    """Build the corpus of a FOLDER of translations (.txt, .md, .html), with its report."""
    from hexapla.build import build as run
    from hexapla.build import summary

    corpus = run(folder, out, only=only, gold=None if no_gold else gold, force=force, warn=warn, track=track)
    report = out / "report.html"
    if as_json:
        say(summary(corpus) | {"report": str(report)})
        return
    _summary(corpus, console())
    if report.exists():
        click.echo(f"Report: {report}")


def _summary(corpus: Corpus, out: Console) -> None:
    from rich.table import Table

    from hexapla.build import summary
    from hexapla.fidelity import corpus_differences

    found = summary(corpus)
    differences = corpus_differences(corpus)
    table = Table("article", "languages", box=None, pad_edge=False)
    for name in ("sentences", "beads", "entities", "numbers", "facts", "differences"):
        table.add_column(name, justify="right")
    table.add_column("labels by")
    for row in found["articles"]:
        count = sum(d.article_id == row["article"] for d in differences)
        table.add_row(
            row["article"], " ".join(row["langs"]),
            *(str(row[n]) for n in ("sentences", "beads", "entities", "numbers", "facts")), str(count), ", ".join(row["by"]),
        )  # fmt: skip
    out.print(table)
    if found["dropped"]:
        out.print("Left out: " + ", ".join(f"{n} {reason}" for reason, n in found["dropped"].items()))


@main.command()
@click.option("-o", "--out", type=FOLDER, default="hexapla-demo", show_default=True)
def demo(out: Path) -> None:
    """Build the demo article in six languages and show it."""
    from importlib import resources

    from hexapla.build import build as run
    from hexapla.show import show as draw
    from hexapla.show import show_differences

    with resources.as_file(resources.files("hexapla") / "demo") as folder:
        seeds = _copy(folder / "seeds", out / "seeds")
        corpus = run(seeds, out / "build", gold=folder / "gold")
    for article in corpus.articles:
        draw(article, console())
    show_differences(corpus, console())
    click.echo(f"Report: {out / 'build' / 'report.html'}")


def _copy(source: Path, to: Path) -> Path:
    import shutil

    return Path(shutil.copytree(source, to, dirs_exist_ok=True))


@main.command()
@click.argument("article")
@click.option("--dir", "folder", type=FOLDER, default="build", show_default=True, help="A built corpus.")
@click.option("--langs", metavar="L,L", help="Only these languages.")
@as_json_option
def show(article: str, folder: Path, langs: str | None, as_json: bool) -> None:
    """Draw an ARTICLE (its id, or that of one of its documents) bead by bead."""
    from hexapla.show import as_json as record
    from hexapla.show import show as draw

    corpus = _read(folder)
    try:
        found = corpus.article(article)
    except KeyError:
        names = ", ".join(a.article_id for a in corpus.articles)
        raise InputError(
            Fault("no-article", str(folder), f"no article {article!r}", f"one of {names}")
        ) from None
    codes = _codes(langs)
    if as_json:
        say(record(found, codes))
    else:
        draw(found, console(), codes)


@main.command()
@click.argument("folder", type=FOLDER, default="build")
@as_json_option
def fidelity(folder: Path, as_json: bool) -> None:
    """Every number or name that one version has and another lacks or changes."""
    from hexapla.fidelity import corpus_differences, to_json
    from hexapla.show import show_differences

    corpus = _read(folder)
    if as_json:
        say(to_json(corpus_differences(corpus)))
    else:
        show_differences(corpus, console())


@main.command()
@click.argument("path", type=FILE, default="build")
@as_json_option
def validate(path: Path, as_json: bool) -> None:
    """Check a release folder, a built corpus or a gold folder; name every fault with file and line."""
    from hexapla.validate import validate as run

    faults = run(path)
    if as_json:
        say(
            [
                {name: getattr(f, name) for name in ("code", "where", "found", "expected", "fix")}
                for f in faults
            ]
        )
        sys.exit(bool(faults))
    if faults:
        raise CheckFailed(faults)
    click.echo(f"{path}: no faults")


@main.group()
def gold() -> None:
    """The gold annotations."""


@gold.command()
@click.argument("folder", type=FOLDER, default="seeds")
@click.option("--gold", "where", type=FOLDER, default="annotation/gold", show_default=True)
@click.option(
    "--from",
    "old_build",
    type=FOLDER,
    default="build",
    show_default=True,
    help="A build of the texts under the gold.",
)
def migrate(folder: Path, where: Path, old_build: Path) -> None:
    """Move gold offsets after an ingest rule has changed a text."""
    from hexapla.gold import migrate as run
    from hexapla.ingest import ingest

    files = run(ingest(folder)[0], where, old_build)
    click.echo("\n".join(files) if files else "nothing to move: every text is the one under its gold")


# ---- single pieces -------------------------------------------------------------------------------------------------


def _read(folder: Path) -> Corpus:
    from hexapla.store import read_corpus

    if not (folder / "manifest.toml").is_file():
        raise InputError(
            Fault(
                "no-corpus",
                str(folder),
                "not a built corpus",
                "the output of `hexapla build`",
                "run `hexapla build` first",
            )
        )
    return read_corpus(folder)


def _codes(langs: str | None) -> list[str] | None:
    from hexapla.langs import normalise

    return [normalise(code) for code in langs.split(",")] if langs else None


def _text(source: str) -> str:
    """The text itself, the content of the file of that name, or standard input for '-'."""
    from hexapla.store import read_text

    if source == "-":
        return click.get_text_stream("stdin", encoding="utf-8").read()
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

    found = extract(_text(text), _codes(lang)[0])  # type: ignore[index]
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
    spans = sentences(content, _codes(lang)[0])  # type: ignore[index]
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

    codes = _codes(langs) or []
    if len(codes) != 2:
        raise click.UsageError("--langs takes two codes, e.g. --langs fil,ar")
    sides = [[line for line in read_text(path).splitlines() if line.strip()] for path in (source, target)]
    for bead in beads(sides[0], sides[1], codes[0], codes[1]):
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
