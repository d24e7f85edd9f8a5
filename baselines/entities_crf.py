"""CRF baseline for entities (python-crfsuite), leave-one-article-out.

    python baselines/entities_crf.py build predictions.jsonl --numbers

With --numbers the rule baseline's numbers go into the same file: one submission for both tracks.
"""

from __future__ import annotations

import click

from hexapla.taggers import cross_predict


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False))
@click.argument("out", type=click.Path(dir_okay=False))
@click.option("--numbers", is_flag=True, help="Add the numbers that the rules find.")
@click.option("--seed", default=0, show_default=True)
def main(corpus: str, out: str, numbers: bool, seed: int) -> None:
    click.echo(f"{cross_predict(corpus, out, model='crf', numbers=numbers, seed=seed)} mentions in {out}")


if __name__ == "__main__":
    main()
