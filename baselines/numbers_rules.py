"""Rule baseline for numbers: `hexapla.quantities` on every document of a built corpus, no training.

python baselines/numbers_rules.py build numbers.jsonl
"""

from __future__ import annotations

import click

from hexapla.taggers import predict_numbers


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False))
@click.argument("out", type=click.Path(dir_okay=False))
def main(corpus: str, out: str) -> None:
    click.echo(f"{predict_numbers(corpus, out)} mentions in {out}")


if __name__ == "__main__":
    main()
