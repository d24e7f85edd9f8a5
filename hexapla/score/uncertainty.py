"""How sure a score is: intervals by bootstrap, comparisons by paired randomisation, both over articles.

Sentences and languages of one article are not independent, so whole articles are drawn. Scores are functions of summed
counts: a resample is a weight per article, and all resamples together one matrix product. Below `PILOT` articles
nothing is computed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hexapla.corpus import LABELS
from hexapla.errors import Fault, InputError
from hexapla.predictions import TRACKS, read_predictions
from hexapla.score.counts import Counts
from hexapla.score.gold import read_gold
from hexapla.score.match import MEASURES
from hexapla.score.report import HEADLINE, METRICS, PILOT, Report, score_documents

Floats = npt.NDArray[np.float64]
HEADLINES = (*TRACKS, "consistency")
_CONSISTENCY = {"consistency": None} | {
    f"consistency/{track}": track for track in TRACKS
}  # of both, of one track
RESAMPLES, SEED = 10_000, 0
_BLOCK = 1_000  # resamples at a time: bounds the memory


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on one headline: `difference` is that of `first` minus that of `second`; `p` two-sided, `p_holm`
    corrected for all comparisons made together."""

    first: str
    second: str
    difference: float
    p: float
    p_holm: float


def interval(
    report: Report, headline: str, *, level: float = 0.95, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float] | None:
    """Percentile interval of a headline (`entities`, `numbers` or `consistency`); None below `PILOT` articles."""
    return intervals({"": report}, headline, level=level, resamples=resamples, seed=seed)[""]


def intervals(
    reports: Mapping[str, Report],
    headline: str,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[str, tuple[float, float] | None]:
    """The interval of each of several systems, all from the same draws of articles: what `interval` gives, faster."""
    tables = {name: _statistics(report.counts, headline) for name, report in reports.items()}
    found: dict[str, tuple[float, float] | None] = dict.fromkeys(tables)
    for n in {len(table) for table in tables.values() if len(table) >= PILOT}:
        mine = {name: table for name, table in tables.items() if len(table) == n}
        draw = np.random.default_rng(seed)
        drawn: dict[str, list[Floats]] = {name: [] for name in mine}
        for size in _blocks(resamples):
            weights = _weights(draw, size, n)
            for name, table in mine.items():
                drawn[name].append(_headline(np.tensordot(weights, table, axes=1)))
        for name, scores in drawn.items():
            defined = np.concatenate(scores)
            defined = defined[~np.isnan(defined)]
            if len(defined):  # nothing to score gives no interval
                low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
                found[name] = float(low), float(high)
    return found


def _weights(draw: np.random.Generator, size: int, n: int) -> Floats:
    """`[resample, article]`: how often each article is among n drawn with replacement."""
    drawn = draw.integers(0, n, (size, n)) + np.arange(size)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(np.float64)


def compare(
    reports: Mapping[str, Report], headline: str, *, resamples: int = RESAMPLES, seed: int = SEED
) -> list[Comparison]:
    """All pairs of systems by paired approximate randomisation (Noreen 1989), with Holm's correction.

    In every resample each article's two results change sides with probability 1/2; p is the share of resamples
    with at least the observed difference, the observation included. Raises `InputError` below `PILOT` articles, for
    partial results, and where the systems were not scored on the same gold.
    """
    listed = sorted(reports.items())
    _comparable(listed)
    tables = {name: _statistics(report.counts, headline) for name, report in listed}
    n = len(listed[0][1].counts.articles)
    draw = np.random.default_rng(seed)
    pairs = list(combinations(tables, 2))
    sums = {name: table.sum(axis=0) for name, table in tables.items()}
    observed = {name: float(_headline(total[None])[0]) for name, total in sums.items()}
    extreme = dict.fromkeys(pairs, 0)
    for size in _blocks(resamples):
        swap = draw.integers(0, 2, (size, n)).astype(np.float64)  # shared by all pairs
        # counts are whole numbers, so these sums are exact; what moves between two systems is their difference
        swapped = {name: np.tensordot(swap, table, axes=1) for name, table in tables.items()}
        for a, b in pairs:
            moved = swapped[b] - swapped[a]
            difference = np.abs(_headline(sums[a] + moved) - _headline(sums[b] - moved))
            extreme[a, b] += int((difference >= abs(observed[a] - observed[b]) - 1e-12).sum())
    ps = [(extreme[pair] + 1) / (resamples + 1) for pair in pairs]
    corrected = holm(ps)
    return [
        Comparison(a, b, observed[a] - observed[b], p, q)
        for (a, b), p, q in zip(pairs, ps, corrected, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Contest:
    """Several predictions files on one gold: scores, and the tests of all pairs or the `note` why there are none."""

    names: tuple[str, ...]
    scores: dict[str, dict[str, float | None]]  # headline -> name -> score
    pairs: dict[str, list[Comparison]]
    note: str
    signature: str

    def to_json(self) -> dict[str, Any]:
        pairs = {headline: [asdict(pair) for pair in listed] for headline, listed in self.pairs.items()}
        return {"signature": self.signature, "scores": self.scores, "pairs": pairs, "note": self.note}

    def to_csv(self) -> str:
        """A row per headline and pair; `p` and `p_holm` are empty where no test was made."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ("headline", "first", "second", "score_first", "score_second", "p", "p_holm", "signature")
        )
        for headline, scores in self.scores.items():
            tested = {(c.first, c.second): (c.p, c.p_holm) for c in self.pairs.get(headline, ())}
            for a, b in combinations(sorted(self.names), 2):
                writer.writerow((headline, a, b, scores[a], scores[b], *tested.get((a, b), ("", "")), self.signature))  # fmt: skip
        return out.getvalue()


def contest(gold: str | Path, preds: Sequence[str | Path], *, seed: int = SEED) -> Contest:
    """Score predictions files against one gold and test all pairs, on every headline."""
    data = read_gold(gold)
    names = _names([Path(pred) for pred in preds])
    reports = {
        name: score_documents(data, read_predictions(pred, data.lengths, texts=data.texts), seed=seed)
        for name, pred in zip(names, preds, strict=True)
    }
    scores = {h: {name: report.headlines()[h] for name, report in reports.items()} for h in HEADLINES}
    signature = next(iter(reports.values())).signature + f"|test:paired-randomisation-{RESAMPLES}-holm"
    n = len(data.articles)
    if n < PILOT:
        note = f"No test: {n} articles are fewer than the {PILOT} that one needs; differences may be chance."
        return Contest(names, scores, {}, note, signature)
    pairs = {h: compare(reports, h, seed=seed) for h in HEADLINES if None not in scores[h].values()}
    return Contest(names, scores, pairs, "", signature)


def _names(paths: Sequence[Path]) -> tuple[str, ...]:
    """The shortest ends of the paths that tell them apart."""
    if len(paths) < 2:
        raise InputError(Fault("nothing-to-compare", "systems", f"{len(paths)}", "two or more"))
    whole = [path.absolute().with_suffix("").parts for path in paths]
    for length in range(1, max(map(len, whole)) + 1):
        names = tuple("/".join(parts[-length:]) for parts in whole)
        if len(set(names)) == len(names):
            return names
    raise InputError(Fault("nothing-to-compare", "systems", "the same file twice", "different files"))


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    out, running = [0.0] * len(ps), 0.0
    for rank, k in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        running = max(running, min(1.0, (len(ps) - rank) * ps[k]))
        out[k] = running
    return out


def _statistics(counts: Counts, headline: str) -> Floats:
    """`[article, language, (2·right, all)]`, whose summed ratio per language is averaged; consistency has one "language"."""
    if headline in _CONSISTENCY:
        facts = counts.facts
        shared = facts.expressed.sum(axis=1) >= 2
        if (track := _CONSISTENCY[headline]) is not None:
            shared &= facts.number == (track == "numbers")
        right: npt.NDArray[np.bool_] = np.all(facts.right | ~facts.expressed, axis=1)
        table = np.zeros((len(counts.articles), 1, 2))
        np.add.at(table, (facts.article[shared], 0, 0), right[shared])
        np.add.at(table, (facts.article[shared], 0, 1), 1.0)
        return table
    if headline not in METRICS:
        raise InputError(
            Fault("bad-headline", "headline", f"{headline!r}", ", ".join((*TRACKS, *_CONSISTENCY)))
        )
    rows = [LABELS.index(label) for label in TRACKS[headline]]
    tp, pred, gold = (
        counts.cells[:, :, rows, MEASURES.index(measure)].sum(axis=2)
        for measure in METRICS[headline][HEADLINE[headline]]
    )
    return np.stack([2.0 * tp, 1.0 * (pred + gold)], axis=-1)


def _headline(sums: Floats) -> Floats:
    """Scores of resamples from `sums[resample, language, 2]`: the mean over languages that are defined."""
    part, whole = sums[..., 0], sums[..., 1]
    defined = whole > 0
    scores = np.divide(part, whole, out=np.zeros_like(part, dtype=np.float64), where=defined)
    n = defined.sum(axis=1)
    return np.divide(scores.sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0)


def _blocks(resamples: int) -> list[int]:
    full, rest = divmod(resamples, _BLOCK)
    return [_BLOCK] * full + ([rest] if rest else [])


def _comparable(listed: Sequence[tuple[str, Report]]) -> None:
    if len(listed) < 2:
        raise InputError(Fault("nothing-to-compare", "systems", f"{len(listed)}", "two or more"))
    n = len(listed[0][1].counts.articles)
    if len({report.sha256 for _, report in listed}) > 1:
        raise InputError(
            Fault("other-gold", "systems", "scored on different gold", "one gold", "score them again")
        )
    if partial := [name for name, report in listed if report.partial]:
        raise InputError(
            Fault("partial", "systems", f"{', '.join(partial)} left documents out", "all documents")
        )
    if n < PILOT:
        raise InputError(
            Fault(
                "too-few-articles",
                "gold",
                f"{n} articles",
                f"{PILOT} or more",
                "a test on fewer would say nothing; show the scores alone",
            )
        )
