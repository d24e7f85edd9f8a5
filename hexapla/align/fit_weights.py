"""Fits `weights.json` on documents with known beads: a conditional random field over whole alignments.

    python -m hexapla.align.fit_weights CASES.py [--out weights.json]

CASES.py is a Python file with a function `cases()` that yields sets of documents of one pair of languages:
(lang, lang, [(sentences, sentences, beads or None), ...]), where beads are pairs of index lists; documents with None are
learnt from and not fitted on. Needs scipy, which the package itself does not.
"""

from __future__ import annotations

import argparse
import json
import runpy
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hexapla.align import features, lexicon
from hexapla.align.dp import BEADS, Floats, posteriors
from hexapla.align.features import SHAPE, SHAPES
from hexapla.align.pairwise import Aligner, Beads, Document, length_ratio, weights

Ids = NDArray[np.intp]
Set = tuple[str, str, Sequence[tuple[list[str], list[str], Beads | None]]]
Example = tuple[
    Floats, Floats, Floats
]  # features [f, k, i, j], their sums on the gold path, fixed scores [k]


def gold_path(beads: Beads, n: int, m: int) -> Iterator[tuple[int, int, int]]:
    """The beads as (k, i, j), in order. `ValueError` where they are no path of known bead kinds."""
    by_src = {x[0]: (x, y) for x, y in beads if x}
    by_tgt = {y[0]: (x, y) for x, y in beads if y}
    i = j = 0
    while i < n or j < m:
        x, y = by_src.get(i, ([], []))
        if not x or (y and y[0] != j):
            x, y = by_tgt.get(j, ([], []))
        if not (x or y) or (x and x[0] != i) or (len(x), len(y)) not in BEADS:
            raise ValueError("no path")
        i, j = i + len(x), j + len(y)
        yield BEADS.index((len(x), len(y))), i, j


def labelled(
    sets: Sequence[Set], learnt: bool
) -> Iterator[tuple[Aligner, Hashable, Document, Document, tuple[Ids, Ids, Ids]]]:
    """The documents that have beads: an aligner, which with `learnt` has learnt from their set, what `Aligner.analysed` gives,
    and the gold path as arrays k, i, j."""
    for lang_a, lang_b, documents in sets:
        aligner = Aligner()
        if learnt:
            aligner.fit([(src, tgt) for src, tgt, _ in documents], lang_a, lang_b)
        for src, tgt, beads in documents:
            try:
                k, i, j = np.array(list(gold_path(beads or [], len(src), len(tgt)))).T
            except ValueError:
                continue
            yield aligner, *aligner.analysed(src, tgt, lang_a, lang_b, learnt), (k, i, j)


def examples(sets: Sequence[Set], learnt: bool) -> Iterator[Example]:
    """Features of the documents that have beads."""
    for aligner, key, a, b, path in labelled(sets, learnt):
        offset = np.zeros(len(BEADS))
        if aligner.learnt:
            grid = features.design(a.side, b.side, aligner.learnt.ratio)
            left, right = lexicon.bag(a.words), lexicon.bag(b.words)
            ratios = aligner.learnt.lexicon.ratios(left, right, key)
            grid = np.concatenate([grid, lexicon.evidence(left, right, ratios)])
            offset = np.log(aligner.learnt.shapes / weights().shapes)[SHAPE]
        else:
            grid = features.design(a.side, b.side, length_ratio(a.side, b.side))
        yield grid.astype(np.float32), grid[:, *path].sum(1), offset


def fit(data: Sequence[Example], usual: Floats, ridge: float = 1.0, steps: int = 160) -> Floats:
    """Weights of the highest conditional likelihood of the gold paths, with a Gaussian prior around the usual ones."""
    from scipy.optimize import minimize

    def loss(w: Floats) -> tuple[float, Floats]:
        value, slope = 0.5 * ridge * float((w - usual) @ (w - usual)), ridge * (w - usual)
        for grid, gold, offset in data:
            flat = grid.reshape(len(w), -1)
            score = (w.astype(np.float32) @ flat).astype(float).reshape(grid.shape[1:])
            p, log_z = posteriors(score + offset[:, None, None])
            value += log_z - float(w @ gold)
            slope = slope + flat @ p.reshape(-1).astype(np.float32) - gold
        return value, slope

    result = minimize(loss, usual, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    print(f"{len(data)} documents, loss {result.fun / len(data):.3f} per document")
    found: Floats = result.x
    return found


def rounded(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def _shapes(sets: Iterable[Set]) -> dict[str, float]:
    counts = np.full(len(SHAPES), 0.5)
    for _, _, documents in sets:
        for _, _, beads in documents:
            for x, y in beads or []:
                if (len(x), len(y)) in BEADS:
                    counts[SHAPE[BEADS.index((len(x), len(y)))]] += 1
    return rounded(SHAPES, counts / counts.sum())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("weights.json"))
    options = parser.parse_args()
    sets = list(runpy.run_path(options.cases)["cases"]())
    table = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    table["shapes"] = _shapes(sets)
    for name, learnt in (("plain", False), ("learnt", True)):
        names = (*features.NAMES, *(lexicon.EVIDENCE if learnt else ()))
        table[name] = rounded(names, fit(list(examples(sets, learnt)), np.zeros(len(names))))
        options.out.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")
        weights.cache_clear()  # the second fit aligns with the weights of the first


if __name__ == "__main__":
    main()
