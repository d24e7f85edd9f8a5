"""Speed of the scorer against its targets, in one run on the same data. CPU seconds; every check included.

python bench/scoring.py [--quick]     needs seqeval

1. tag lists and packed tags against seqeval's classification_report
2. a million sentences from JSONL, gold packed before
3. intervals and all paired tests of 20 systems over 500 articles in 6 languages
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hexapla.corpus import LABELS, Mention
from hexapla.predictions import Prediction, Predictions
from hexapla.score import Gold, GoldDocument, compare, intervals, pack_tags, score_documents, score_tags
from hexapla.score.packed import Mentions, PackedGold
from hexapla.score.uncertainty import HEADLINES
from hexapla.values import Quantity, parse_value

NAMES = ("PER", "ORG", "LOC")
LANGS = ("ar", "en", "fil", "pl", "pt", "zh")


def timed(task: Callable[[], Any], seconds: float = 1.0) -> tuple[float, Any]:
    """Best of five, or of as many as begin within some seconds; one at least."""
    taken: list[float] = []
    result = None
    while not taken or (len(taken) < 5 and sum(taken) < seconds):
        start = time.process_time()
        result = task()
        taken.append(time.process_time() - start)
    return min(taken), result


# ---- tags ----------------------------------------------------------------------------------------------------------


def tag_lists(rng: random.Random, sentences: int) -> tuple[list[list[str]], list[list[str]]]:
    """Gold of about 21 tokens and 2 mentions a sentence, and predictions with noise on every twentieth token."""
    gold = []
    for _ in range(sentences):
        tags: list[str] = []
        while len(tags) < 20:
            label = rng.choice(NAMES)
            tags += (
                [f"B-{label}", *[f"I-{label}"] * rng.choice((0, 0, 1, 2))] if rng.random() < 0.11 else ["O"]
            )
        gold.append(tags)
    noise = ("O", "B-PER", "I-PER", "I-LOC")
    return gold, [[rng.choice(noise) if rng.random() < 0.05 else tag for tag in tags] for tags in gold]


def tags(sentences: int) -> None:
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    gold, pred = tag_lists(random.Random(1), sentences)
    packed = pack_tags(gold), pack_tags(pred)
    print(f"\n1. {sentences:,} sentences, {sum(map(len, gold)):,} tokens\n")
    print("| | score_tags, lists | score_tags, packed | seqeval classification_report | lists | packed |")
    print("|---|--:|--:|--:|--:|--:|")
    for mode, options in (("conlleval", {}), ("strict", {"mode": "strict", "scheme": IOB2})):
        ours, report = timed(lambda mode=mode: score_tags(gold, pred, mode=mode))  # type: ignore[misc]
        quick, again = timed(lambda mode=mode: score_tags(*packed, mode=mode))  # type: ignore[misc]
        theirs, _ = timed(lambda options=options: classification_report(gold, pred, **options))  # type: ignore[misc]
        assert report == again
        print(
            f"| {mode} | {ours:.4f} | {quick:.4f} | {theirs:.3f} | {theirs / ours:.0f} times | {theirs / quick:.0f} times |"
        )


# ---- a million sentences -------------------------------------------------------------------------------------------


def million(folder: Path, sentences: int) -> None:
    """Writes a packed gold and a predictions file (a line per sentence, one mention on average), and scores them in a
    process of its own, whose CPU seconds and memory are counted from its start, imports included."""
    rng = np.random.default_rng(1)
    per = rng.integers(0, 3, sentences)
    ends = np.concatenate(([0], np.cumsum(per)))
    doc = np.repeat(np.arange(sentences), per)
    start = (np.arange(len(doc)) - ends[:-1][doc]) * 40 + rng.integers(0, 10, len(doc))
    end, label, none = start + rng.integers(1, 20, len(doc)), rng.integers(0, 5, len(doc)), np.full(len(doc), -1)  # fmt: skip
    ids = [f"s{n:07}" for n in range(sentences)]
    PackedGold(
        "bench", "test", "0" * 64, tuple(f"a{n:04}" for n in range(2000)), LANGS,
        np.frombuffer("".join(ids).encode(), np.uint8), (np.arange(sentences + 1) * 8).astype(np.int32),
        np.arange(sentences) // 6 % 2000, np.arange(sentences) % 6, np.full(sentences, 120),
        Mentions(doc, start, end, label, none, none, (), ()),
        np.zeros(len(doc), np.int64), none, np.empty(0, np.int64), np.empty(0, bool),
    ).write(folder / "gold.npz")  # fmt: skip
    kept, longer, other = (rng.random(len(doc)) < share for share in (0.9, 0.1, 0.05))
    rows = zip(start.tolist(), (end + longer).tolist(), np.where(other, 0, label).tolist(), strict=True)
    mentions = [f'{{"start": {s}, "end": {e}, "label": "{LABELS[k]}"}}' for s, e, k in rows]
    with (folder / "predictions.jsonl").open("w") as file:
        for n, doc_id in enumerate(ids):
            listed = ", ".join(mentions[m] for m in range(ends[n], ends[n + 1]) if kept[m])
            file.write(f'{{"doc_id": "{doc_id}", "mentions": [{listed}]}}\n')
    size = (folder / "predictions.jsonl").stat().st_size
    print(f"\n2. {sentences:,} sentences from JSONL ({size / 1e6:.0f} MB), {len(LANGS)} languages, 2,000 articles\n")  # fmt: skip
    run = [sys.executable, "-c", _SCORE, folder / "gold.npz", folder / "predictions.jsonl"]
    print(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


_SCORE = """
import resource, sys, time
import pyarrow.compute, pyarrow.json
from hexapla.score import score
start = time.process_time()
print(score(*sys.argv[1:]).headlines())
print(f"{time.process_time() - start:.2f} CPU seconds, and {start:.2f} for the start of Python, numpy and pyarrow;"
      f" peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
"""


# ---- twenty systems ------------------------------------------------------------------------------------------------


def documents(articles: int, mentions: int) -> Gold:
    """Articles in six languages, a third of the mentions amounts; the same facts in each language."""
    listed = []
    for k in range(mentions):
        money = k % 3 == 0
        quantity = Quantity("money", parse_value(str(k + 5), "money"), None, "USD") if money else None
        listed.append(Mention(f"m{k}", 10 * k, 10 * k + 7, "7654321", "MONEY" if money else NAMES[k % 3], f"f{k}", quantity, by="read"))  # fmt: skip
    return Gold(
        tuple(
            GoldDocument(f"a{a:05}-{lang}", f"a{a:05}", lang, 10 * mentions, tuple(listed))
            for a in range(articles)
            for lang in LANGS
        )
    )


def system(gold: Gold, rng: random.Random, rate: float) -> Predictions:
    return {
        d.doc_id: tuple(Prediction.of(m) for m in d.mentions if rng.random() < rate) for d in gold.documents
    }


def contest(systems: int, articles: int) -> None:
    gold = documents(articles, 12)
    rng = random.Random(1)
    start = time.process_time()
    reports = {f"s{n:02}": score_documents(gold, system(gold, rng, 0.7 + n * 0.01)) for n in range(systems)}
    print(f"3. {systems} systems, {articles} articles, {len(LANGS)} languages, 10,000 resamples\n")
    print(f"made and counted {time.process_time() - start:.1f}")
    whole = 0.0
    for headline in HEADLINES:
        drawn, _ = timed(lambda headline=headline: intervals(reports, headline), 0)  # type: ignore[misc]
        tested, pairs = timed(lambda headline=headline: compare(reports, headline), 0)  # type: ignore[misc]
        whole += drawn + tested
        print(f"{headline}: intervals {drawn:.1f}, {len(pairs)} paired tests with Holm {tested:.1f}")
    print(f"together {whole:.1f} CPU seconds")


def main(quick: bool) -> None:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        tags(2_000 if quick else 20_000)
        million(Path(folder), 50_000 if quick else 1_000_000)
    contest(4 if quick else 20, 50 if quick else 500)
    print(f"Peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main("--quick" in sys.argv)
