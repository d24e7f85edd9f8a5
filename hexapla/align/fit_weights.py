"""Fits `weights.json` on documents with known beads: a conditional random field over whole alignments.

    python -m hexapla.align.fit_weights CASES.py [--out weights.json]

CASES.py is a Python file with a function `cases()` that yields (lang, lang, [sentence], [sentence], [([i], [j])]).
Needs scipy, which the package itself does not.
"""

from __future__ import annotations

import argparse
import json
import runpy
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from hexapla.align import features
from hexapla.align.dp import BEADS, Floats, posteriors
from hexapla.align.pairwise import length_ratio

Case = tuple[str, str, list[str], list[str], list[tuple[list[int], list[int]]]]


def gold_path(beads: list[tuple[list[int], list[int]]], n: int, m: int) -> Iterator[tuple[int, int, int]]:
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


def fit(cases: Iterable[Case], ridge: float = 1.0, steps: int = 80) -> Floats:
    """Weights of the highest conditional likelihood of the gold paths, with a Gaussian prior."""
    from scipy.optimize import minimize

    data = []
    for lang_a, lang_b, src, tgt, beads in cases:
        try:
            path = list(gold_path(beads, len(src), len(tgt)))
        except ValueError:
            continue
        a, b = features.side(src, lang_a), features.side(tgt, lang_b)
        grid = features.design(a, b, length_ratio(a, b)).astype(np.float32)
        k, i, j = np.array(path).T
        data.append((grid, grid[:, k, i, j].sum(1).astype(float)))

    def loss(w: Floats) -> tuple[float, Floats]:
        value, slope = 0.5 * ridge * float(w @ w), ridge * w
        for grid, gold in data:
            flat = grid.reshape(len(w), -1)
            p, log_z = posteriors((w.astype(np.float32) @ flat).astype(float).reshape(grid.shape[1:]))
            value += log_z - float(w @ gold)
            slope = slope + flat @ p.reshape(-1).astype(np.float32) - gold
        return value, slope

    start = np.zeros(len(features.NAMES))
    start[: len(features.GEOMETRY)][[0, 9, 11]] = (-3, -1, -1)
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    weights: Floats = result.x
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("weights.json"))
    options = parser.parse_args()
    weights = fit(runpy.run_path(options.cases)["cases"]())
    text = json.dumps(dict(zip(features.NAMES, [round(float(w), 4) for w in weights], strict=True)), indent=1)
    options.out.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
