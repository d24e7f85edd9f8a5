"""Run all baselines on the released data or a built corpus, record their scores, and write them as leaderboard submissions.

    python baselines/run_all.py data

Writes baselines/results.md and leaderboard/submissions/<name>/; `hexapla leaderboard build` then makes the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from hexapla.leaderboard import Entry, enter
from hexapla.predictions import TRACKS, Predictions, merge, write_predictions
from hexapla.score import Gold, gold_of
from hexapla.score.gold import read_data
from hexapla.score.table import percent
from hexapla.store import write_text
from hexapla.submission import PREDICTIONS, SYSTEM, read_submission
from hexapla.taggers import TAGGERS, leave_one_article_out, numbers_by_rule

ROOT = Path(__file__).resolve().parents[1]
NAMES = {"crf": "CRF + number rules", "linear": "Linear SVM + number rules"}
ABOUT = {
    "crf": "Linear-chain CRF over word shape, script, affixes and neighbours; numbers by rule.",
    "linear": "Linear SVM over the same features, hashed; the best valid tag sequence is taken. Numbers by rule.",
}


def system_yaml(model: str) -> str:
    return f"""name: "{NAMES[model]}"
version: "1"
licence: "Apache-2.0"
description: "{ABOUT[model]}"
training_data: "The corpus itself, leave-one-article-out; no other text. The number rules are not trained."
contamination: "An article's own annotations are never used for its predictions. The articles share a subject and many names, and the rules for numbers were developed with these articles in view: their scores do not carry over to other texts."
"""


def results(entries: list[Entry], gold: Gold) -> str:
    """The scores as a Markdown page."""

    def table(head: list[str], rows: Iterator[list[str]]) -> str:
        lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    parts = [
        "# Results of the baselines\n\nWritten by `python baselines/run_all.py data`; do not edit.\n\n"
        f"Leave-one-article-out on {len(gold.articles)} articles, {len(gold.documents)} documents: a pilot. Differences of a few points "
        "mean nothing. Names that are written the same in every language carry most of the entity scores. The rules for numbers were developed "
        "with these articles in view: their scores here do not carry over to other texts."
    ]
    for track, rule in (("entities", "strict span F1"), ("numbers", "value F1 on overlapping spans")):
        rows = (
            [
                e.system.name,
                percent(e.score(track)),
                *(percent(e.cell(track, lang).f1) for lang in gold.langs),
            ]
            for e in entries
        )
        parts.append(
            f"## {track.capitalize()}: {rule}\n\n"
            + table(["system", "macro over languages", *gold.langs], rows)
        )
        labels = (
            [e.system.name, *(percent(e.report.f1(track, label=label).f1) for label in TRACKS[track])]
            for e in entries
        )
        parts.append(table(["system", *TRACKS[track]], labels))
    rows = (
        [
            e.system.name,
            *(f"{percent(c.all.share)} ({percent(c.expected)})" for c in map(e.report.consistency, TRACKS)),
        ]
        for e in entries
    )
    parts.append(
        "## Consistency: facts right in every language (were errors independent)\n\n"
        + table(["system", *TRACKS], rows)
    )
    parts.append(
        "## Signatures\n\n" + "\n".join(f"- {e.system.name}: `{e.report.signature}`" for e in entries)
    )
    return "\n\n".join(parts) + "\n"


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False), default="data")
def main(corpus: str) -> None:
    data, version = read_data(corpus)
    gold = gold_of(data, version=version)
    numbers = numbers_by_rule(data)
    entries = []
    for model in TAGGERS:
        predictions: Predictions = merge(leave_one_article_out(data, model), numbers)
        folder = ROOT / "leaderboard" / "submissions" / f"{model}-rules"
        write_predictions(folder / PREDICTIONS, predictions)
        write_text(folder / SYSTEM, system_yaml(model))
        entries.append(enter(read_submission(folder, gold), gold))
    write_text(ROOT / "baselines" / "results.md", results(entries, gold))
    click.echo("baselines/results.md")


if __name__ == "__main__":
    main()
