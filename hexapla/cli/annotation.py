"""`hexapla annotate`: Label Studio configurations and tasks on files, agreement of two annotations."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hexapla.cli import FILE, FOLDER, as_json_option, codes, main, say
from hexapla.errors import CheckFailed

TASKS = click.Choice(["single", "parallel", "align"])


@main.group()
def annotate() -> None:
    """Annotation with Label Studio."""


@annotate.command()
@click.option("--task", type=TASKS, default="single", show_default=True)
@click.option(
    "--langs", required=True, metavar="L[,L]", help="One language for single, two for parallel and align."
)
def config(task: str, langs: str) -> None:
    """Print the XML of a labelling configuration."""
    from hexapla.annotate import config as run

    click.echo(run(task, codes(langs) or []), nl=False)


@annotate.command()
@click.argument("folder", type=FOLDER, default="build")
@click.option("--file", type=FILE, required=True, help="Where the tasks go.")
@click.option("--task", type=TASKS, default="parallel", show_default=True)
@click.option("--langs", required=True, metavar="L[,L]")
def push(folder: Path, file: Path, task: str, langs: str) -> None:
    """Write the tasks of a built corpus, ready to be imported."""
    from hexapla.annotate import push as run

    done = run(folder, file, task, codes(langs) or [])
    click.echo(str(done))


@annotate.command()
@click.argument("folder", type=FOLDER, default="build")
@click.option("--file", type=FILE, required=True, help="An export in Label Studio's JSON.")
@click.option(
    "-o",
    "--out",
    type=FOLDER,
    default="annotation/gold",
    show_default=True,
    help="Where the annotation files go.",
)
@click.option("--drafts", is_flag=True, help="Where there is no annotation, take the last draft.")
def pull(folder: Path, file: Path, out: Path, drafts: bool) -> None:
    """Lay an export over the built corpus and write the articles that it touches."""
    from hexapla.annotate import pull as run

    click.echo(str(run(folder, file, out, drafts)))


@annotate.command()
@click.argument("file", type=FILE)
@click.option("--folder", type=FOLDER, help="A built corpus, to check the texts too.")
@as_json_option
def check(file: Path, folder: Path | None, as_json: bool) -> None:
    """Name what is wrong with a file of tasks, or with an export."""
    from hexapla.annotate import check_file

    faults = check_file(file, folder)
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
    click.echo(f"{file}: no faults")


@annotate.command()
@click.argument("a", type=FOLDER)
@click.argument("b", type=FOLDER)
@click.option("-o", "--out", type=FILE, help="Also write the figures as JSON.")
@as_json_option
def agreement(a: Path, b: Path, out: Path | None, as_json: bool) -> None:
    """Agreement of two annotations A and B (folders like annotation/gold) of the same texts."""
    from hexapla.agreement import agreement as run
    from hexapla.agreement import write_agreement

    result = run(a, b)
    if out:
        write_agreement(result, out)
    table = result.to_json()
    if as_json:
        say(table)
        return
    for lang, labels in table.items():
        for label, figures in labels.items():
            click.echo(
                f"{lang:4} {label:9}"
                + "".join(f"  {k} {'–' if v is None else v}" for k, v in figures.items())
            )
    for line in result.disagreements:
        click.echo(line)
