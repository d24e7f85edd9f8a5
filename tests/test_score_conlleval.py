"""`score_tags(mode="conlleval")` against the rules of the CoNLL-2000 evaluation, written down here a second time.

The rules (Tjong Kim Sang and Buchholz 2000; conlleval reads token by token): a chunk begins at a `B-` tag, and at an
`I-` tag after `O`, after the start of a sentence, or after another label. It ends before a `B-`, before `O`, before a
tag of another label and at the end of the sentence. A predicted chunk is right if a chunk of the gold has the same
label, begins at the same token and ends at the same token. Precision, recall and F1 are over chunks.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from hexapla.errors import InputError
from hexapla.score import pack_tags, score_tags

TAGS = ("O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "I-LOC-X", "B-LOC-X")


def _split(tag: str) -> tuple[str, str]:
    prefix, _, label = tag.partition("-")
    return prefix, label


def _begins(before: tuple[str, str], here: tuple[str, str]) -> bool:
    if here[0] == "O":
        return False
    return here[0] == "B" or before[0] == "O" or before[1] != here[1]


def _ends(before: tuple[str, str], here: tuple[str, str]) -> bool:
    """Does the chunk that `before` is in end at the border to `here`?"""
    if before[0] == "O":
        return False
    return here[0] in ("B", "O") or before[1] != here[1]


def conlleval(gold: list[list[str]], pred: list[list[str]]) -> dict[str, tuple[int, int, int]]:
    """Label -> (right, predicted, in the gold), in one pass over the tokens as conlleval makes it."""
    right, guessed, correct = Counter[str](), Counter[str](), Counter[str]()
    for golds, preds in zip(gold, pred, strict=True):
        last_g, last_p, open_label = ("O", ""), ("O", ""), ""
        for tag_g, tag_p in (*zip(golds, preds, strict=True), ("O", "O")):
            g, p = _split(tag_g), _split(tag_p)
            end_g, end_p = _ends(last_g, g), _ends(last_p, p)
            if open_label and (end_g or end_p):
                if end_g and end_p:
                    right[open_label] += 1
                open_label = ""
            begin_g, begin_p = _begins(last_g, g), _begins(last_p, p)
            if begin_g and begin_p and g[1] == p[1]:
                open_label = g[1]
            correct[g[1]] += begin_g
            guessed[p[1]] += begin_p
            last_g, last_p = g, p
    labels = {k for k in (*correct, *guessed) if correct[k] or guessed[k]}
    return {label: (right[label], guessed[label], correct[label]) for label in sorted(labels)}


def _sequences(rng: random.Random) -> tuple[list[list[str]], list[list[str]]]:
    gold = [[rng.choice(TAGS) for _ in range(rng.randint(0, 9))] for _ in range(rng.randint(1, 25))]
    pred = [[t if rng.random() < 0.6 else rng.choice(TAGS) for t in tags] for tags in gold]
    return gold, pred


@pytest.mark.parametrize("seed", range(8))
def test_counts_equal_those_of_conlleval(seed: int) -> None:
    """10,000 sequences and more in all, valid and not."""
    rng = random.Random(seed)
    for _ in range(110):
        gold, pred = _sequences(rng)
        report = score_tags(gold, pred, mode="conlleval")
        counts = {name: (s.tp, s.tp + s.fp, s.support) for name, s in report.labels.items()}
        assert counts == conlleval(gold, pred)


@pytest.mark.parametrize("mode", ["strict", "conlleval"])
def test_packed_tags_score_the_same(mode: str) -> None:
    rng = random.Random(mode)
    for _ in range(100):
        gold, pred = _sequences(rng)
        expected = score_tags(gold, pred, mode=mode)  # type: ignore[arg-type]
        for a, b in ((pack_tags(gold), pred), (gold, pack_tags(pred)), (pack_tags(gold), pack_tags(pred))):
            assert score_tags(a, b, mode=mode) == expected  # type: ignore[arg-type]


def test_packed_tags_must_be_of_the_same_length() -> None:
    with pytest.raises(InputError, match="sequence 1"):
        score_tags(pack_tags([["O"], ["O"]]), pack_tags([["O"], ["O", "O"]]))
