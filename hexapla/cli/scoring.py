"""Sub-commands of the benchmark: train and predict, score and compare, submissions and the leaderboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli import FILE, FOLDER, as_json_option, console, main, say

if TYPE_CHECKING:
    from hexapla.leaderboard import Entry
    from hexapla.score.uncertainty import Contest

as_csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
partial_option = click.option(
    "--partial", is_flag=True, help="Take predictions that leave documents out; the result says so."
)
gold_option = click.option(
    "--gold", "--corpus", type=FOLDER, default="data", show_default=True,
    help="The gold: released data, a built corpus, or the organiser's folder of a blind test.",
)  # fmt: skip
commitment_option = click.option(
    "--commitment",
    type=FILE,
    help="The digest published before a blind test; the gold must be the one that was sealed.",
)
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Of the resampling.")


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


@main.command()
@click.argument("gold", type=FILE)
@click.argument("pred", type=FILE)
@partial_option
@click.option("--labels", is_flag=True, help="A row per label under each language.")
@seed_option
@as_csv_option
@as_json_option
def score(
    gold: Path, pred: Path, partial: bool, labels: bool, seed: int, as_csv: bool, as_json: bool
) -> None:
    """Score PRED (predictions.jsonl) against GOLD (released data, a built corpus, or a packed gold, .npz).

    From 20 articles on, each headline has its 95 % interval.
    """
    from hexapla.score import score as run
    from hexapla.score.table import print_report

    report = run(gold, pred, partial=partial, seed=seed)
    if as_json:
        say(report.to_json())
    elif as_csv:
        click.echo(report.to_csv(), nl=False)
    else:
        print_report(report, console(), labels=labels)


@main.command()
@click.argument("gold", type=FILE)
@click.argument("pred", type=FILE)
@partial_option
@click.option("--limit", type=int, default=10, show_default=True, help="So many of each kind; 0 for all.")
@click.option("--lang", help="Only this language.")
@click.option("--kind", help="Only this kind, such as missed, spurious, scale.")
@as_csv_option
@as_json_option
def errors(
    gold: Path, pred: Path, partial: bool, limit: int, lang: str | None, kind: str | None, as_csv: bool, as_json: bool
) -> None:  # fmt: skip
    """List what PRED misses and what it invents, with context, by kind of error."""
    from hexapla.langs import normalise
    from hexapla.score.mistakes import as_csv as table
    from hexapla.score.mistakes import errors as run
    from hexapla.score.mistakes import only, print_mistakes

    found, signature = run(gold, pred, partial=partial)
    found = only(found, lang=normalise(lang) if lang else None, kind=kind)
    if as_json:
        say({"signature": signature, "errors": [mistake.to_json() for mistake in found]})
    elif as_csv:
        click.echo(table(found, signature), nl=False)
    else:
        print_mistakes(found, console(), limit=limit, signature=signature)


@main.command()
@click.argument("preds", nargs=-1, required=True, type=FILE, metavar="A B [C …]")
@gold_option
@seed_option
@as_csv_option
@as_json_option
def compare(preds: tuple[Path, ...], gold: Path, seed: int, as_csv: bool, as_json: bool) -> None:
    """Do the predictions files A and B differ by more than chance?

    Paired randomisation over articles, 10,000 resamples, Holm-corrected over all pairs. With fewer than 20 articles
    the scores are shown and nothing is claimed.
    """
    from hexapla.score.uncertainty import contest

    result = contest(gold, preds, seed=seed)
    if as_json:
        say(result.to_json())
    elif as_csv:
        click.echo(result.to_csv(), nl=False)
    else:
        _show_contest(result)


def _show_contest(result: Contest) -> None:
    from rich.table import Table
    from rich.text import Text

    from hexapla.score.table import percent

    out = console()
    table = Table(box=None, pad_edge=False, title="Headlines", title_justify="left", title_style="bold")
    table.add_column("")
    for headline in result.scores:
        table.add_column(headline, justify="right")
    for name in result.names:
        table.add_row(Text(name), *(percent(scores[name]) for scores in result.scores.values()))
    out.print(table)
    if result.note:
        out.print(Text(result.note), style="bold")
    for headline, pairs in result.pairs.items():
        out.print()
        table = Table(
            title=f"{headline} · paired randomisation", box=None, pad_edge=False, title_justify="left"
        )
        for column in ("", "difference", "p", "p, Holm"):
            table.add_column(column, justify="right" if column else "left")
        for pair in pairs:
            sure = "bold" if pair.p_holm < 0.05 else ""
            table.add_row(
                Text(f"{pair.first} − {pair.second}"), f"{100 * pair.difference:+.1f}", f"{pair.p:.4f}", f"{pair.p_holm:.4f}", style=sure
            )  # fmt: skip
        out.print(table)
    out.print(Text(result.signature), style="dim", soft_wrap=True)


@main.command()
def schema() -> None:
    """Print the JSON Schema of one line of a predictions file."""
    from hexapla.predictions import schema as run

    say(run())


@main.group()
def submit() -> None:
    """A submission to the leaderboard."""


@submit.command()
@click.argument("folder", type=FILE)
@gold_option
@as_json_option
def check(folder: Path, gold: Path, as_json: bool) -> None:
    """Name every fault of the submission in FOLDER, in one pass; exit code 1 if there is one."""
    from hexapla.errors import CheckFailed, InputError
    from hexapla.score.gold import read_gold
    from hexapla.submission import read_submission

    data = read_gold(gold)
    try:
        submission = read_submission(folder, data)
    except InputError as error:
        if not as_json:
            raise CheckFailed(error.faults) from None
        say({"sound": False, "faults": [fault.to_json() for fault in error.faults]})
        raise SystemExit(1) from None
    mentions = sum(map(len, submission.predictions.values()))
    if as_json:
        say({"sound": True, "faults": [], "name": submission.name, "documents": len(submission.predictions), "mentions": mentions})  # fmt: skip
    else:
        click.echo(
            f"{submission.name}: {mentions} mentions in {len(submission.predictions)} documents, no fault"
        )


submissions_option = click.option(
    "--submissions", type=FOLDER, default="leaderboard/submissions", show_default=True
)
board_option = click.option(
    "-o", "--out", type=FOLDER, default="leaderboard", show_default=True, help="The folder of the page."
)


@main.group()
def leaderboard() -> None:
    """Submissions and the page."""


@leaderboard.command()
@click.argument("folder", type=FILE)
@submissions_option
@gold_option
def add(folder: Path, submissions: Path, gold: Path) -> None:
    """Check the submission in FOLDER and copy it to the others, whole or not at all."""
    from hexapla.submission import add as run

    click.echo(f"added: {run(folder, gold, submissions)}")


@leaderboard.command()
@submissions_option
@gold_option
@commitment_option
@board_option
@as_json_option
def build(submissions: Path, gold: Path, commitment: Path | None, out: Path, as_json: bool) -> None:
    """Score every submission again and write the page, leaderboard.json, leaderboard.csv and eval.yaml."""
    from hexapla.leaderboard import build as run

    entries = run(submissions, gold, out, commitment)
    if as_json:
        say(_summary(entries, out))
    else:
        click.echo(f"{len(entries)} systems: {out / 'index.html'}")


@leaderboard.command()
@submissions_option
@gold_option
@commitment_option
@board_option
@as_json_option
def verify(submissions: Path, gold: Path, commitment: Path | None, out: Path, as_json: bool) -> None:
    """Score everything again and name what the published files say differently; exit code 1 if anything."""
    from hexapla.leaderboard import verify as run

    entries = run(submissions, gold, out, commitment)
    if as_json:
        say(_summary(entries, out))
    else:
        click.echo(f"{len(entries)} systems scored again: the same")


@leaderboard.command()
@click.argument("gold", type=FOLDER)
@click.option("-o", "--out", type=FILE, help="Write the digest into this file, beside the published texts.")
def seal(gold: Path, out: Path | None) -> None:
    """Print the salted digest of a GOLD that is kept back, to be published before a blind test."""
    from hexapla.score.gold import seal as run
    from hexapla.store import write_text

    digest = run(gold)
    if out:
        write_text(out, f"{digest}\n")
    click.echo(digest)


def _summary(entries: list[Entry], out: Path) -> dict[str, Any]:
    scores = {entry.name: entry.report.headlines() for entry in entries}
    return {"page": str(out / "index.html"), "systems": scores}
