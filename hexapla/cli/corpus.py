"""Sub-commands about a corpus: build it, look at it, check it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli import (
    FILE,
    FOLDER,
    as_json_option,
    codes,
    console,
    main,
    read,
    report_faults,
    say,
    track,
    warn,
)
from hexapla.errors import Fault, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from hexapla.corpus import Corpus


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

    corpus = read(folder)
    try:
        found = corpus.article(article)
    except KeyError:
        names = ", ".join(a.article_id for a in corpus.articles)
        raise InputError(
            Fault("no-article", str(folder), f"no article {article!r}", f"one of {names}")
        ) from None
    wanted = codes(langs)
    if as_json:
        say(record(found, wanted))
    else:
        draw(found, console(), wanted)


@main.command()
@click.argument("folder", type=FOLDER, default="build")
@as_json_option
def fidelity(folder: Path, as_json: bool) -> None:
    """Every number or name that one version has and another lacks or changes."""
    from hexapla.fidelity import corpus_differences, to_json
    from hexapla.show import show_differences

    corpus = read(folder)
    if as_json:
        say(to_json(corpus_differences(corpus)))
    else:
        show_differences(corpus, console())


@main.command()
@click.argument("path", type=FILE, default="build")
@click.option(
    "--texts", type=FOLDER, help="Of gold: the clean texts it was made on; by default build/texts beside it."
)
@as_json_option
def validate(path: Path, texts: Path | None, as_json: bool) -> None:
    """Check a release folder, a built corpus or a gold folder; name every fault with file and line."""
    from hexapla.validate import validate as run

    faults = run(path, texts)
    report_faults(faults, path, as_json)


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
