"""Sub-commands of the dataset release: write it, leave the texts out and bring them back, compare versions, push it, other formats."""

from __future__ import annotations

from pathlib import Path

import click

from hexapla.cli import FILE, FOLDER, as_json_option, main, say, track
from hexapla.cli.corpus import gold

ANNOTATION = click.option(
    "--annotation", type=FOLDER, default="annotation", show_default=True, help="Folder of card.toml, agreement.json, CHANGELOG.md, splits.toml, labels.sha256.",
)  # fmt: skip


@main.command()
@click.argument("folder", type=FOLDER, default="build")
@click.option("-o", "--out", type=FOLDER, default="data", show_default=True)
@click.option("--version", "number", help="major.minor.patch; by default that of annotation/VERSION.")
@ANNOTATION
@click.option("--standoff", is_flag=True, help="Leave out the texts that the manifest does not call open.")
def release(folder: Path, out: Path, number: str | None, annotation: Path, standoff: bool) -> None:
    """Write the dataset repository (Parquet, card, checksums) of a built corpus."""
    from hexapla.release import Stored
    from hexapla.release import release as run
    from hexapla.store import read_text

    version = number or read_text(annotation / "VERSION").strip()
    tables = run(Stored(folder), out, version, annotation=annotation, standoff=standoff, track=track)
    for name, table in tables.items():
        click.echo(f"{name}: {table.rows} rows")


@main.command()
@click.argument("path", type=FOLDER)
@click.argument("texts", type=FOLDER)
@click.option("-o", "--out", type=FOLDER, default="data", show_default=True)
@click.option(
    "--fetch", is_flag=True, help="Get what is not in TEXTS from its address, where the site allows it."
)
def rehydrate(path: Path, texts: Path, out: Path, fetch: bool) -> None:
    """From the stand-off release in PATH (or ORG/NAME@v0.1.0 on the hub) and the TEXTS as received, write the full release."""
    from hexapla.release.rehydrate import rehydrate as run

    tables = run(path, texts, out, fetch=fetch, track=track)
    click.echo(f"{out}: {tables['articles'].rows} documents, byte for byte the full release")


@main.command()
@click.argument("v1")
@click.argument("v2")
@as_json_option
def diff(v1: str, v2: str, as_json: bool) -> None:
    """Which texts, labels, values, links and facts changed from V1 to V2.

    Each is a release, a built corpus, a gold folder, or ORG/NAME@v0.1.0 on the hub.
    """
    from hexapla.release.diff import diff as run

    found = run(v1, v2)
    if as_json:
        say(found.to_json())
        return
    for change in found.changes:
        click.echo(str(change))
    told = ", ".join(f"{n} {what}" for what, n in found.counts().items())
    click.echo(f"{found.before} -> {found.after}: {told or 'no change'}")


@main.group()
def hub() -> None:
    """The Hugging Face hub."""


@hub.command()
@click.argument("repo")
@click.argument("path", type=FOLDER, default="data")
@ANNOTATION
@click.option("--texts", is_flag=True, help="Also texts that are not open; only into a private repository.")
@click.option("--dry-run/--no-dry-run", default=True, show_default=True, help="Only say what would go.")
@as_json_option
def push(repo: str, path: Path, annotation: Path, texts: bool, dry_run: bool, as_json: bool) -> None:
    """Push the release in PATH to the dataset REPO (ORG/NAME). The token is taken from HF_TOKEN."""
    from hexapla.release.hub import push as run

    plan = run(repo, path, annotation=annotation, texts=texts, dry_run=dry_run)
    if as_json:
        say(plan.to_json())
        return
    for file, size in plan.files:
        click.echo(f"{size:>12,}  {file}")
    kind = "a private repository" if plan.private else "the repository"
    click.echo(f"{len(plan.files)} files, {plan.size:,} bytes, {'pushed to' if plan.done else 'would go to'} {kind} {plan.repo} as {plan.tag}")  # fmt: skip
    if plan.withheld:
        click.echo(f"Without the texts of {len(plan.withheld)} documents, which are not open: {', '.join(plan.withheld[:20])}")  # fmt: skip
    if not plan.done:
        click.echo("This was a dry run; push with --no-dry-run.")


@gold.command()
@ANNOTATION
@click.option("--again", is_flag=True, help="Take other labels for a version that was never given out.")
def lock(annotation: Path, again: bool) -> None:
    """Write down the digest of the gold as that of the version in VERSION."""
    from hexapla.release.version import lock as run

    click.echo(f"{annotation / 'labels.sha256'}: version {run(annotation, again=again)}")


@main.command()
@click.argument("path", type=FOLDER, default="build")
@click.option(
    "--format", "kind", type=click.Choice(["iob2", "jsonl", "brat", "labelstudio", "spacy"]), required=True
)
@click.option("-o", "--out", type=FOLDER, required=True)
@click.option(
    "--layer",
    type=click.Choice(["entities", "numbers"]),
    default="entities",
    show_default=True,
    help="Of iob2.",
)
def export(path: Path, kind: str, out: Path, layer: str) -> None:
    """Write a built corpus or a release in another tool's format."""
    from hexapla.exchange import export as run

    for file in run(path, out, kind, layer=layer):
        click.echo(str(file))


@main.command("import")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--lang", required=True, help="Language of the files.")
@click.option("-o", "--out", type=FOLDER, required=True)
@as_json_option
def import_(files: tuple[Path, ...], lang: str, out: Path, as_json: bool) -> None:
    """Read IOB2 FILES (CoNLL-2002, Universal NER) into a corpus like a built one, to train and score on."""
    from hexapla.exchange import import_iob2

    done = import_iob2(files, lang, out)
    if as_json:
        say(done.to_json())
        return
    click.echo(f"{out}: {done.documents} documents, {done.sentences} sentences, {done.mentions} mentions")
    for label, count in done.left_out.items():
        click.echo(f"left out: {count} {label}, no label of ours", err=True)
