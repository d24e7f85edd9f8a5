"""Baseline systems: a CRF and a linear classifier for entities, rules for numbers; on a laptop, in seconds.

Anything trained on the corpus is evaluated leave-one-article-out: the mentions of an article are predicted by a model
that has seen none of its versions in any language.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from hexapla.corpus import ENTITY_LABELS, Corpus, Document
from hexapla.errors import Fault, InputError, need
from hexapla.predictions import Prediction, Predictions, merge, write_predictions
from hexapla.score.gold import read_data
from hexapla.store import dumps, parse_json, read_text, write_bytes, write_text
from hexapla.tagging import FEATURES, features, sentence_tokens, spans_of, tags_of

Rows = list[list[str]]
"""The features of the tokens of one sentence."""


class Tagger(Protocol):
    """A model of tags over features. `save` writes files into a folder, `load` reads them back."""

    def fit(self, sentences: Sequence[Rows], tags: Sequence[Sequence[str]], seed: int) -> None: ...
    def predict(self, rows: Rows) -> list[str]: ...
    def save(self, folder: Path) -> None: ...
    def load(self, folder: Path) -> None: ...


class Crf:
    """Linear-chain CRF (python-crfsuite: L-BFGS, elastic net). Deterministic: the seed changes nothing."""

    FILE = "model.crfsuite"

    def __init__(self, iterations: int = 100, l1: float = 0.1, l2: float = 0.01) -> None:
        self._lib = need("pycrfsuite", "baselines")
        self._options = {
            "c1": l1,
            "c2": l2,
            "max_iterations": iterations,
            "feature.possible_transitions": True,
        }
        self._bytes = b""
        self._tagger: Any = None

    def fit(self, sentences: Sequence[Rows], tags: Sequence[Sequence[str]], seed: int) -> None:
        trainer = self._lib.Trainer(algorithm="lbfgs", params=self._options, verbose=False)
        for rows, row_tags in zip(sentences, tags, strict=True):
            trainer.append(rows, row_tags)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, self.FILE)
            trainer.train(str(file))
            self._open(file.read_bytes())

    def _open(self, content: bytes) -> None:
        self._bytes = content
        self._tagger = self._lib.Tagger()
        self._tagger.open_inmemory(content)

    def predict(self, rows: Rows) -> list[str]:
        return list(self._tagger.tag(rows))

    def save(self, folder: Path) -> None:
        write_bytes(folder / self.FILE, self._bytes)

    def load(self, folder: Path) -> None:
        self._open((folder / self.FILE).read_bytes())


class Linear:
    """Linear SVM per tag over hashed features (scikit-learn); the best valid IOB2 sequence of their scores is taken."""

    FILE = "model.npz"
    SIZE = 2**18

    def __init__(self, c: float = 0.3) -> None:
        self._extraction = need("sklearn.feature_extraction", "baselines")
        self._c = c
        self._tags: list[str] = []
        self._weights: Any = None
        self._bias: Any = None

    def _matrix(self, rows: Iterable[list[str]]) -> Any:
        return self._extraction.FeatureHasher(self.SIZE, input_type="string").transform(rows)

    def fit(self, sentences: Sequence[Rows], tags: Sequence[Sequence[str]], seed: int) -> None:
        import numpy as np

        svm = need("sklearn.svm", "baselines").LinearSVC(C=self._c, random_state=seed)
        svm.fit(
            self._matrix(row for rows in sentences for row in rows),
            [t for row_tags in tags for t in row_tags],
        )
        self._tags = [str(tag) for tag in svm.classes_]
        weights, bias = svm.coef_, svm.intercept_
        if len(self._tags) == 2:  # one row of weights, for the second tag
            weights, bias = np.vstack([-weights, weights]), np.append(-bias, bias)
        self._weights, self._bias = weights.astype(np.float32), bias.astype(np.float32)

    def predict(self, rows: Rows) -> list[str]:
        import numpy as np

        scores = self._matrix(rows) @ self._weights.T + self._bias
        allowed = np.array([[_may_follow(a, b) for b in self._tags] for a in self._tags])
        step = np.where(allowed, 0.0, -np.inf)
        total = scores[0] + np.where([_may_follow("O", tag) for tag in self._tags], 0.0, -np.inf)
        back = []
        for row in scores[1:]:
            paths = total[:, None] + step
            back.append(paths.argmax(axis=0))
            total = paths.max(axis=0) + row
        at = int(total.argmax())
        best = [at]
        for pointers in reversed(back):
            at = int(pointers[at])
            best.append(at)
        return [self._tags[k] for k in reversed(best)]

    def save(self, folder: Path) -> None:
        import io

        import numpy as np

        out = io.BytesIO()
        np.savez_compressed(out, weights=self._weights, bias=self._bias, tags=np.array(self._tags))
        write_bytes(folder / self.FILE, out.getvalue())

    def load(self, folder: Path) -> None:
        import numpy as np

        with np.load(folder / self.FILE, allow_pickle=False) as stored:
            self._weights, self._bias = stored["weights"], stored["bias"]
            self._tags = [str(tag) for tag in stored["tags"]]


def _may_follow(before: str, tag: str) -> bool:
    return not tag.startswith("I-") or before[2:] == tag[2:]


TAGGERS: dict[str, type[Crf] | type[Linear]] = {"crf": Crf, "linear": Linear}


def new_tagger(model: str) -> Tagger:
    """An untrained model: `crf` or `linear`."""
    if model not in TAGGERS:
        raise InputError(Fault("bad-model", "model", f"{model!r}", " or ".join(TAGGERS)))
    return TAGGERS[model]()


def fit(tagger: Tagger, documents: Iterable[Document], *, seed: int = 0) -> None:
    """Train on the entity mentions of documents."""
    sentences: list[Rows] = []
    tags: list[list[str]] = []
    for document in documents:
        entities = [m for m in document.mentions if m.label in ENTITY_LABELS]
        for spans in sentence_tokens(document):
            sentences.append(features([document.text[a:b] for a, b in spans]))
            inside = [m for m in entities if m.start < spans[-1][1] and spans[0][0] < m.end]
            tags.append(tags_of(spans, inside))
    if not any(tag != "O" for row in tags for tag in row):
        raise InputError(
            Fault("nothing-to-learn", "corpus", "no entity mention in the training documents", "an annotated corpus",
                  "build with gold, and with more than one article")
        )  # fmt: skip
    tagger.fit(sentences, tags, seed)


def tag(tagger: Tagger, document: Document) -> tuple[Prediction, ...]:
    """The entities that a trained model finds in a document."""
    found: list[Prediction] = []
    for spans in sentence_tokens(document):
        tags = tagger.predict(features([document.text[a:b] for a, b in spans]))
        found += [Prediction(*span) for span in spans_of(spans, tags)]
    return tuple(found)


def leave_one_article_out(corpus: Corpus, model: str, *, seed: int = 0) -> Predictions:
    """Entities of every article by a model trained on all other articles."""
    if len(corpus.articles) < 2:
        raise InputError(
            Fault(
                "nothing-to-learn",
                "corpus",
                "one article",
                "two or more",
                "leave-one-article-out trains on the others",
            )
        )
    predictions: Predictions = {}
    for held_out in corpus.articles:
        tagger = new_tagger(model)
        fit(tagger, (d for a in corpus.articles if a is not held_out for d in a.documents), seed=seed)
        predictions |= {d.doc_id: tag(tagger, d) for d in held_out.documents}
    return predictions


def numbers_by_rule(corpus: Corpus) -> Predictions:
    """Numbers of every document by `hexapla.quantities`, block by block; no training, every language."""
    extract = need("hexapla.quantities", "all").extract
    predictions: Predictions = {}
    for document in corpus.documents:
        found: list[Prediction] = []
        for block in document.blocks:
            text = document.text[block.start : block.end]
            for m in extract(text, document.lang):
                found.append(
                    Prediction(block.start + m.start, block.start + m.end, m.quantity.label, None, m.quantity)
                )
        predictions[document.doc_id] = tuple(found)
    return predictions


# ---- files: what the commands call; `corpus` is a built corpus or a release ---------------------------------------------------------------------------------


def train(corpus: str | Path, out: str | Path, *, model: str = "crf", seed: int = 0) -> None:
    """Train on every article of a corpus and write the model into the folder `out`.

    For use on other texts; to score a model on the corpus itself, use `cross_predict`.
    """
    data, _ = read_data(corpus)
    tagger = new_tagger(model)
    fit(tagger, data.documents, seed=seed)
    tagger.save(Path(out))
    head = {
        "model": model,
        "features": FEATURES,
        "seed": seed,
        "articles": [a.article_id for a in data.articles],
    }
    write_text(Path(out) / "model.json", dumps(head) + "\n")


def predict(model: str | Path, corpus: str | Path, out: str | Path) -> int:
    """Run a trained model on a corpus and write predictions; gives the number of mentions.

    Articles that the model was trained on are refused: a score on these would mean nothing.
    """
    folder = Path(model)
    head = parse_json(read_text(folder / "model.json"), str(folder / "model.json"))
    if not isinstance(head, dict) or head.get("features") != FEATURES:
        raise InputError(
            Fault(
                "old-model",
                str(folder / "model.json"),
                "trained with other features",
                f"features {FEATURES}",
                "train again",
            )
        )
    tagger = new_tagger(head.get("model", ""))
    tagger.load(folder)
    data, _ = read_data(corpus)
    if seen := sorted({a.article_id for a in data.articles} & set(head.get("articles", ()))):
        raise InputError(
            Fault("trained-on", str(corpus), f"the model has seen {', '.join(seen[:5])}", "other articles",
                  "score the corpus leave-one-article-out: baselines/entities_crf.py")
        )  # fmt: skip
    predictions = {d.doc_id: tag(tagger, d) for d in data.documents}
    write_predictions(out, predictions)
    return sum(map(len, predictions.values()))


def cross_predict(
    corpus: str | Path, out: str | Path, *, model: str = "crf", numbers: bool = False, seed: int = 0
) -> int:
    """Leave-one-article-out entities (and, with `numbers`, the rule baseline's numbers) of a corpus, written to `out`."""
    data, _ = read_data(corpus)
    predictions = leave_one_article_out(data, model, seed=seed)
    if numbers:
        predictions = merge(predictions, numbers_by_rule(data))
    write_predictions(out, predictions)
    return sum(map(len, predictions.values()))


def predict_numbers(corpus: str | Path, out: str | Path) -> int:
    """The rule baseline for numbers on a corpus, written to `out`; gives the number of mentions."""
    predictions = numbers_by_rule(read_data(corpus)[0])
    write_predictions(out, predictions)
    return sum(map(len, predictions.values()))
