"""Sub-commands of the dataset: its release."""

from __future__ import annotations

from pathlib import Path

import click

from hexapla.cli import FOLDER, main, read


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
