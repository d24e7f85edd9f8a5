"""From counts to scores: the report of one system, as a table, JSON, CSV or pandas frame, each with its signature.

F1 is 2·TP / (gold + predicted). A score that is 0/0 is None and printed as `–`; a macro average leaves it out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import hexapla
from hexapla.corpus import LABELS
from hexapla.errors import Fault, InputError, need
from hexapla.predictions import TRACKS, Prediction, read_predictions
from hexapla.score.counts import Counts, count
from hexapla.score.gold import Gold, read_gold
from hexapla.score.links import Links
from hexapla.score.match import MEASURES
from hexapla.score.scores import F1, Consistency, Linking, Share, consistency, mean
from hexapla.score.slices import SLICES

if TYPE_CHECKING:
    import pandas

SCORER = 1
"""Goes up whenever the same files would score differently."""

NORMALISER = 1
"""Goes up whenever the same value or unit, as written in a file, would compare differently."""

PILOT = 20
"""Below so many articles differences between systems are noise: no ranks are given."""

# metric -> (true positives, predicted, gold) among the measures
METRICS: dict[str, dict[str, tuple[str, str, str]]] = {
    "entities": {
        "strict": ("strict", "pred", "gold"),
        "type": ("type", "pred", "gold"),
        "overlap": ("overlap", "pred", "gold"),
    },
    "numbers": {
        "value": ("value", "value_pred", "value_gold"),
        "strict": ("strict", "pred", "gold"),
        "type": ("type", "pred", "gold"),
        "overlap": ("overlap", "pred", "gold"),
    },
}
HEADLINE = {"entities": "strict", "numbers": "value"}
_TOTAL_ONLY = ("overlap",)  # label-blind: no meaning per label


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of one system. `f1("entities", "strict", lang="fil", label="PER")` and the like read the counts."""

    counts: Counts
    version: str
    split: str
    sha256: str
    seed: int = 0  # of the intervals
    sums: Any = field(
        init=False, repr=False, compare=False
    )  # cells summed over articles: [lang, label, measure]

    def __post_init__(self) -> None:
        object.__setattr__(self, "sums", self.counts.cells.sum(axis=0))

    # ---- scores

    @property
    def partial(self) -> bool:
        return self.counts.scored < self.counts.documents

    @property
    def langs(self) -> tuple[str, ...]:
        return self.counts.langs

    def _sum(self, labels: Sequence[str], measure: str, lang: str | None = None) -> int:
        rows = [LABELS.index(label) for label in labels]
        column = self.sums[:, rows, MEASURES.index(measure)].sum(axis=1)
        return int(column.sum() if lang is None else column[self.langs.index(lang)])

    def f1(
        self, track: str, metric: str | None = None, *, lang: str | None = None, label: str | None = None
    ) -> F1:
        """Counts of a metric (the headline's by default), over all languages and labels or one of them."""
        labels = TRACKS[track] if label is None else (label,)
        tp, pred, gold = METRICS[track][metric or HEADLINE[track]]
        return F1(self._sum(labels, tp, lang), self._sum(labels, pred, lang), self._sum(labels, gold, lang))

    def macro_labels(self, track: str, metric: str | None = None, *, lang: str | None = None) -> float | None:
        """Mean F1 over the labels that the gold or the predictions have."""
        return mean(self.f1(track, metric, lang=lang, label=label).f1 for label in TRACKS[track])

    def macro_langs(self, track: str, metric: str | None = None) -> float | None:
        """Mean over languages of the F1 over all labels: the headline of a track."""
        return mean(self.f1(track, metric, lang=lang).f1 for lang in self.langs)

    def worst(self, track: str, metric: str | None = None) -> tuple[str, float] | None:
        """The language with the lowest F1, and it."""
        scores = [(self.f1(track, metric, lang=lang).f1, lang) for lang in self.langs]
        defined = sorted((f1, lang) for f1, lang in scores if f1 is not None)
        return (defined[0][1], defined[0][0]) if defined else None

    def gap(self, track: str, metric: str | None = None) -> float | None:
        """F1 of the best language minus that of the worst."""
        defined = [f1 for lang in self.langs if (f1 := self.f1(track, metric, lang=lang).f1) is not None]
        return max(defined) - min(defined) if defined else None

    def share(self, name: str, *, lang: str | None = None, label: str | None = None) -> Share:
        """`unit`: right among numbers with the right value; `modifier`: among right values; `scale`: of gold values,
        those predicted wrong by a power of ten."""
        labels = TRACKS["numbers"] if label is None else (label,)
        whole = {"unit": "number", "modifier": "value", "scale": "value_gold"}[name]
        return Share(self._sum(labels, name, lang), self._sum(labels, whole, lang))

    def consistency(self, track: str | None = None) -> Consistency:
        """Over the facts of a track, or of both."""
        facts = self.counts.facts
        wanted = np.ones(len(facts.number), bool) if track is None else facts.number == (track == "numbers")
        return consistency(facts, self.langs, wanted)

    def slice(self, name: str, *, lang: str | None = None) -> Share:
        """Right values among the gold numbers that are written so: a recall, since only the gold is sliced."""
        sums = self.counts.slices.sum(axis=0)[:, SLICES.index(name)]
        right, whole = sums.sum(axis=0) if lang is None else sums[self.langs.index(lang)]
        return Share(int(right), int(whole))

    def linking(self, track: str) -> Linking:
        """Across languages, by `fact_id`."""
        links = sum(self.counts.links[track], Links())
        return Linking(
            F1(links.pairs_right, links.pairs_pred, links.pairs_gold), *links.b3, linked=links.pred
        )

    def predicted(self, track: str) -> int:
        """How many mentions of the track were predicted: 0 means that the system takes no part in it."""
        return self._sum(TRACKS[track], "pred")

    @property
    def signature(self) -> str:
        """What a score must be cited with."""
        parts = {
            "data": self.version,
            "gold": self.sha256[:12],
            "split": self.split,
            "langs": "+".join(self.langs),
            "articles": len(self.counts.articles),
            "documents": f"{self.counts.scored}/{self.counts.documents}",
            "entities": "strict",
            "numbers": "value-overlap",
            "macro": "langs",
            "normaliser": NORMALISER,
            "scorer": SCORER,
            "seed": self.seed,
        }
        return "|".join(f"{name}:{value}" for name, value in parts.items())

    # ---- output

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every score as one flat record, `score` being the F1 or the share; `*` stands for all languages or labels
        together, `macro` for a mean. Of a share, `tp` of `gold` are right; `expected` stands with consistency only."""
        langs: tuple[str | None, ...] = (None, *self.langs)
        for track, metrics in METRICS.items():
            for metric in metrics:
                labels = () if metric in _TOTAL_ONLY else TRACKS[track]
                for lang in langs:
                    for label in (None, *labels):
                        found = self.f1(track, metric, lang=lang, label=label)
                        if label is None or found.f1 is not None:
                            yield _row(track, metric, lang or "*", label or "*", **found.to_json())
                    if labels:
                        yield _row(
                            track,
                            metric,
                            lang or "*",
                            "macro",
                            f1=self.macro_labels(track, metric, lang=lang),
                        )
                yield _row(track, metric, "macro", "*", f1=self.macro_langs(track, metric))
        for lang in langs:
            for name in ("unit", "modifier", "scale"):
                yield _share_row("numbers", name, lang or "*", self.share(name, lang=lang))
            for name in SLICES:
                yield _share_row("numbers", f"value, {name}", lang or "*", self.slice(name, lang=lang))
        for track in TRACKS:
            linked = self.linking(track)
            yield _row(track, "links", "*", "*", **linked.pairs.to_json())
            b3 = {"precision": linked.b3_precision, "recall": linked.b3_recall, "f1": linked.b3_f1}
            yield _row(track, "links, B3", "*", "*", **b3)
        for name, found_in in (
            ("both", self.consistency()),
            *((track, self.consistency(track)) for track in TRACKS),
        ):
            yield _share_row(name, "consistency", "*", found_in.all, found_in.expected)
            for pair, (share, expected) in found_in.pairs.items():
                yield _share_row(name, "consistency", "-".join(pair), share, expected)

    def intervals(self) -> dict[str, tuple[float, float] | None]:
        """The 95 % interval of each headline (`hexapla.score.uncertainty.interval`); None below `PILOT` articles."""
        from hexapla.score.uncertainty import interval

        return {name: interval(self, name, seed=self.seed) for name in self.headlines()}

    def to_json(self, intervals: Mapping[str, tuple[float, float] | None] | None = None) -> dict[str, Any]:
        """Everything, as JSON values; scores unrounded. `intervals`, where they were computed before."""
        result: dict[str, Any] = {
            "signature": self.signature,
            "hexapla": hexapla.__version__,
            "gold_sha256": self.sha256,
            "partial": self.partial,
            "documents": {"scored": self.counts.scored, "of": self.counts.documents},
            "headlines": self.headlines(),
            "intervals": self.intervals() if intervals is None else dict(intervals),
        }
        for track, metrics in METRICS.items():
            result[track] = {metric: self._block(track, metric) for metric in metrics}
        for name in ("unit", "modifier", "scale"):
            langs = {lang: self.share(name, lang=lang).to_json() for lang in self.langs}
            result["numbers"][name] = self.share(name).to_json() | {"langs": langs}
        result["numbers"]["slices"] = {
            name: self.slice(name).to_json()
            | {"langs": {lang: self.slice(name, lang=lang).to_json() for lang in self.langs}}
            for name in SLICES
        }
        result["linking"] = {track: self.linking(track).to_json() for track in TRACKS}
        result["consistency"] = {track: self.consistency(track).to_json() for track in TRACKS}
        result["consistency"]["all"] = self.consistency().to_json()
        return result

    def headlines(self) -> dict[str, float | None]:
        """The three figures that are never averaged together."""
        return {
            "entities": self.macro_langs("entities"),
            "numbers": self.macro_langs("numbers"),
            "consistency": self.consistency().all.share,
        }

    def _block(self, track: str, metric: str) -> dict[str, Any]:
        def one(lang: str | None) -> dict[str, Any]:
            block: dict[str, Any] = {"micro": self.f1(track, metric, lang=lang).to_json()}
            if metric not in _TOTAL_ONLY:
                block["macro_labels"] = self.macro_labels(track, metric, lang=lang)
                scores = {label: self.f1(track, metric, lang=lang, label=label) for label in TRACKS[track]}
                block["labels"] = {
                    label: score.to_json() for label, score in scores.items() if score.f1 is not None
                }
            return block

        worst = self.worst(track, metric)
        return {
            "macro_langs": self.macro_langs(track, metric),
            "worst": {"lang": worst[0], "f1": worst[1]} if worst else None,
            "gap": self.gap(track, metric),
            **one(None),
            "langs": {lang: one(lang) for lang in self.langs},
        }

    def to_csv(self) -> str:
        """`rows()` as CSV, with the interval where there is one and the signature in the last columns."""
        out = io.StringIO()
        found = {name: between for name, between in self.intervals().items() if between}
        rows = []
        for row in self.rows():
            between = found.get(_headline_of(row), (None, None))
            rows.append(row | {"low": between[0], "high": between[1], "signature": self.signature})
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def frame(self) -> pandas.DataFrame:
        """`rows()` as a pandas frame; needs the extra `datasets`."""
        return need("pandas", "datasets").DataFrame(list(self.rows()))


def _headline_of(row: Mapping[str, Any]) -> str:
    """The headline that a row is; "" if it is none."""
    if (row["metric"], row["lang"], row["track"]) == ("consistency", "*", "both"):
        return "consistency"
    return row["track"] if (row["lang"], row["metric"]) == ("macro", HEADLINE.get(row["track"])) else ""


def _row(track: str, metric: str, lang: str, label: str, **figures: Any) -> dict[str, Any]:
    head = {
        "track": track,
        "metric": metric,
        "lang": lang,
        "label": label,
        "score": figures.get("f1"),
        "expected": None,
    }
    return head | {name: figures.get(name) for name in ("tp", "fp", "fn", "precision", "recall", "gold")}


def _share_row(
    track: str, metric: str, lang: str, share: Share, expected: float | None = None
) -> dict[str, Any]:
    row = _row(track, metric, lang, "*", tp=share.n, gold=share.of)
    return row | {"score": share.share, "expected": expected}


def score_documents(gold: Gold, predictions: Mapping[str, Sequence[Prediction]], *, seed: int = 0) -> Report:
    """Score predictions in memory; flat per track, as `read_predictions` gives them."""
    return Report(count(gold, predictions), gold.version, gold.split, gold.sha256, seed)


def score(gold: str | Path, pred: str | Path, *, partial: bool = False, seed: int = 0) -> Report:
    """Score a predictions file against a corpus folder, or against a packed gold (`PackedGold.write`), which is quicker
    and takes no part of the documents. Raises `InputError` with every fault of either."""
    if Path(gold).suffix == ".npz":
        from hexapla.score.columns import score_packed
        from hexapla.score.packed import PackedGold

        if partial:
            raise InputError(
                Fault("partial", str(gold), "--partial with a packed gold", "the corpus itself", "score with the folder")
            )  # fmt: skip
        return score_packed(PackedGold.read(gold), pred, seed=seed)
    data = read_gold(gold)
    predictions = read_predictions(pred, data.lengths, texts=data.texts, partial=partial)
    return score_documents(data, predictions, seed=seed)
