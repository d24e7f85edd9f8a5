"""Sub-commands of the benchmark: release, baselines, scores, the leaderboard."""

from __future__ import annotations

from pathlib import Path

import click

from hexapla.cli import FILE, FOLDER, as_json_option, console, main, read, say


@main.command()
@click.argument("folder", type=FOLDER, default="build")
@click.option("-o", "--out", type=FOLDER, default="data", show_default=True)
@click.option("--version", "number", help="major.minor.patch; by default that of annotation/VERSION.")
@click.option(
    "--annotation",
    type=FOLDER,
    default="annotation",
    show_default=True,
    help="Folder of card.toml, agreement.json, CHANGELOG.md.",
)
def release(folder: Path, out: Path, number: str | None, annotation: Path) -> None:
    """Write the dataset repository (Parquet, card, checksums) of a built corpus."""
    from hexapla.release import release as run
    from hexapla.store import read_text

    tables = run(
        read(folder), out, number or read_text(annotation / "VERSION").strip(), annotation=annotation
    )
    for name, table in tables.items():
        click.echo(f"{name}: {table.rows} rows")


@main.command()
@click.argument("gold", type=FILE)
@click.argument("pred", type=FILE)
@click.option("--partial", is_flag=True, help="Take predictions that leave documents out.")
@click.option("--labels", is_flag=True, help="A row per label under each language.")
@click.option("--csv", "as_csv", is_flag=True, help="All scores as CSV.")
@as_json_option
def score(gold: Path, pred: Path, partial: bool, labels: bool, as_csv: bool, as_json: bool) -> None:
    """Score PRED (predictions.jsonl) against GOLD (released data or a built corpus)."""
    from hexapla.score import score as run
    from hexapla.score.table import print_report

    report = run(gold, pred, partial=partial)
    if as_json:
        say(report.to_json())
    elif as_csv:
        click.echo(report.to_csv(), nl=False)
    else:
        print_report(report, console(), labels=labels)


@main.command()
@click.argument("corpus", type=FOLDER, default="build")
@click.option("-o", "--out", type=FOLDER, required=True, help="The folder of the model.")
@click.option("--model", type=click.Choice(["crf", "linear"]), default="crf", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
def train(corpus: Path, out: Path, model: str, seed: int) -> None:
    """Train an entity tagger on a built corpus, for use on other texts."""
    from hexapla.taggers import train as run

    run(corpus, out, model=model, seed=seed)
    click.echo(f"model: {out}")


@main.command()
@click.argument("model", type=FOLDER)
@click.argument("corpus", type=FOLDER)
@click.option("-o", "--out", type=FILE, default="predictions.jsonl", show_default=True)
def predict(model: Path, corpus: Path, out: Path) -> None:
    """Run a trained MODEL on a built CORPUS that it was not trained on."""
    from hexapla.taggers import predict as run

    click.echo(f"{run(model, corpus, out)} mentions: {out}")


@main.group()
def leaderboard() -> None:
    """Submissions and the page."""


@leaderboard.command()
@click.option("--submissions", type=FOLDER, default="leaderboard/submissions", show_default=True)
@click.option(
    "--corpus",
    type=FOLDER,
    default="data",
    show_default=True,
    help="The gold: released data or a built corpus.",
)
@click.option("-o", "--out", type=FOLDER, default="leaderboard", show_default=True)
def build(submissions: Path, corpus: Path, out: Path) -> None:
    """Score every submission again and write the static page."""
    from hexapla.leaderboard import build as run

    entries = run(submissions, corpus, out)
    click.echo(f"{len(entries)} systems: {out / 'index.html'}")
