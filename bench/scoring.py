"""Speed of the scorer: tags against seqeval on the same lists, predictions files from disk to report. CPU seconds.

python bench/scoring.py [SENTENCES]
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from hexapla.corpus import Mention
from hexapla.predictions import Prediction, read_predictions, write_predictions
from hexapla.score import Gold, GoldDocument, interval, score_documents, score_tags

LABELS = ("PER", "ORG", "LOC")
LANGS = ("ar", "en", "fil", "pl", "pt", "zh")


def timed(task: Callable[[], Any]) -> tuple[float, Any]:
    """Best of three, for what takes under a second; otherwise of one."""
    seconds: list[float] = []
    result = None
    while len(seconds) < 3 and sum(seconds) < 1:
        start = time.process_time()
        result = task()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def tag_lists(rng: random.Random, sentences: int) -> tuple[list[list[str]], list[list[str]]]:
    """Gold of about 21 tokens and 2 mentions a sentence, and predictions with noise on every twentieth token."""
    gold = []
    for _ in range(sentences):
        tags: list[str] = []
        while len(tags) < 20:
            label = rng.choice(LABELS)
            tags += (
                [f"B-{label}", *[f"I-{label}"] * rng.choice((0, 0, 1, 2))] if rng.random() < 0.11 else ["O"]
            )
        gold.append(tags)
    noise = ("O", "B-PER", "I-PER", "I-LOC")
    return gold, [[rng.choice(noise) if rng.random() < 0.05 else tag for tag in tags] for tags in gold]


def documents(
    rng: random.Random, articles: int, mentions: int = 45
) -> tuple[Gold, dict[str, tuple[Prediction, ...]]]:
    """Articles in six languages, a third of the mentions numbers; predictions miss every fifth."""
    made = tuple(
        Prediction(10 * k, 10 * k + 7, "MEASURE" if k % 3 == 0 else LABELS[k % 3]) for k in range(mentions)
    )
    listed = tuple(
        Mention(f"m{k}", p.start, p.end, "x" * 7, p.label, f"f{k}", p.quantity, by="read")
        for k, p in enumerate(made)
    )
    gold = Gold(
        tuple(
            GoldDocument(f"a{a:05}-{lang}", f"a{a:05}", lang, 10 * mentions, listed)
            for a in range(articles)
            for lang in LANGS
        )
    )
    return gold, {d.doc_id: tuple(p for p in made if rng.random() < 0.8) for d in gold.documents}


def main(sentences: int) -> None:
    warnings.simplefilter("ignore")
    rng = random.Random(1)
    gold, pred = tag_lists(rng, sentences)
    print(f"{sentences:,} sentences, {sum(map(len, gold)):,} tokens, as lists of tags")
    for mode, options in (("conlleval", {}), ("strict", {"mode": "strict", "scheme": IOB2})):
        ours, _ = timed(lambda mode=mode: score_tags(gold, pred, mode=mode))  # type: ignore[misc]
        theirs, _ = timed(lambda options=options: classification_report(gold, pred, **options))  # type: ignore[misc]
        print(
            f"  {mode:9}  score_tags {ours:.3f}  seqeval classification_report {theirs:.3f}  ×{theirs / ours:.0f}"
        )
    data, found = documents(rng, 200)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "predictions.jsonl"
        write_predictions(file, found)
        read, again = timed(lambda: read_predictions(file, data.lengths))
    counted, report = timed(lambda: score_documents(data, again))
    drawn, _ = timed(lambda: interval(report, "entities"))
    n = sum(map(len, found.values()))
    print(f"200 articles × {len(LANGS)} languages, {n:,} predicted mentions")
    print(f"  read and check {read:.2f}  count {counted:.2f}  10,000 resamples {drawn:.2f}")
    print(f"Peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
