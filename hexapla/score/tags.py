"""Scores of tag sequences, equal to seqeval strict and to conlleval (seqeval's default), counted with numpy.

In both modes a mention ends before the first token that does not continue it (`I-` of the same label). They differ
in where one begins: strict, only at `B-`; conlleval, also at an `I-` that continues nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from hexapla.errors import Fault, InputError

Ints = npt.NDArray[np.int64]
# a label may hold hyphens inside, not at its ends; `B` and `I` alone are of the label "_", as in seqeval
_TAG = re.compile(r"O|([BI])(?:-([^\s-](?:\S*[^\s-])?))?")


@dataclass(frozen=True, slots=True)
class TagScore:
    """Counts of one label or of all, and scores from them. An undefined score (0/0) is None."""

    tp: int
    fp: int
    fn: int
    precision: float | None
    recall: float | None
    f1: float | None
    support: int

    @classmethod
    def of(cls, tp: int, pred: int, gold: int) -> TagScore:
        """From true positives, predicted and gold mentions."""
        return cls(
            tp, pred - tp, gold - tp, _ratio(tp, pred), _ratio(tp, gold), _ratio(2 * tp, pred + gold), gold
        )


@dataclass(frozen=True, slots=True)
class TagReport:
    """`micro` over all mentions; `macro` the mean over `labels`, in which 0/0 counts as 0, as in seqeval."""

    micro: TagScore
    macro: TagScore
    labels: Mapping[str, TagScore]


class _Codes(dict[str, int]):
    """Tag -> code: `O` 0, then 2k+1 for `B-` and 2k+2 for `I-` of the k-th label met."""

    def __init__(self) -> None:
        super().__init__({"O": 0})
        self.labels: list[str] = []

    def __missing__(self, tag: str) -> int:
        found = _TAG.fullmatch(tag) if isinstance(tag, str) else None
        if found is None:
            raise InputError(
                Fault("bad-tag", "tags", f"{tag!r}", "O, B-LABEL or I-LABEL (IOB2)", "convert the tags first")
            )
        label = found[2] or "_"
        if label not in self.labels:
            self.labels.append(label)
        self[tag] = 2 * self.labels.index(label) + (1 if found[1] == "B" else 2)
        return self[tag]


@dataclass(frozen=True, slots=True, eq=False)
class PackedTags:
    """Checked tags as numbers: `codes` in one row, the `lengths` of the sequences, and `labels`; `O` is 0, `B-` and `I-`
    of the k-th label are 2k+1 and 2k+2. Made by `pack_tags`; to be kept where one side is scored often."""

    codes: npt.NDArray[np.int32]
    lengths: Ints
    labels: tuple[str, ...]


def pack_tags(tags: Sequence[Sequence[str]]) -> PackedTags:
    """Check IOB2 tags and pack them. Raises `InputError` where a tag is none."""
    codes = _Codes()
    lengths = np.fromiter(map(len, tags), np.int64, len(tags))
    row = np.fromiter(map(codes.__getitem__, chain.from_iterable(tags)), np.int32, int(lengths.sum()))
    return PackedTags(row, lengths, tuple(codes.labels))


def score_tags(
    gold: Sequence[Sequence[str]] | PackedTags,
    pred: Sequence[Sequence[str]] | PackedTags,
    mode: Literal["strict", "conlleval"] = "strict",
    scheme: str = "IOB2",
) -> TagReport:
    """Score predicted tags against gold tags, each a list of lists or packed.

    `strict` gives what seqeval gives with `mode="strict", scheme=IOB2`; `conlleval` what seqeval gives by default and
    conlleval.pl does. On valid IOB2 the two are equal. Raises `InputError` where lengths differ or a tag is none.

    >>> score_tags([["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "O"]]).micro.f1
    0.0
    >>> score_tags([["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "O"]], mode="conlleval").micro.f1
    1.0
    """
    if mode not in ("strict", "conlleval"):
        raise InputError(Fault("bad-mode", "mode", f"{mode!r}", "strict or conlleval"))
    if scheme != "IOB2":
        raise InputError(Fault("bad-scheme", "scheme", f"{scheme!r}", "IOB2", "convert the tags first"))
    mine = gold if isinstance(gold, PackedTags) else pack_tags(gold)
    theirs = pred if isinstance(pred, PackedTags) else pack_tags(pred)
    if not np.array_equal(mine.lengths, theirs.lengths):
        pairs = enumerate(zip(mine.lengths.tolist(), theirs.lengths.tolist(), strict=False))
        at = next((i for i, (a, b) in pairs if a != b), min(len(mine.lengths), len(theirs.lengths)))
        raise InputError(
            Fault("bad-length", f"sequence {at}", "gold and predicted tags differ in length", "as many tags", "tag the same tokens")
        )  # fmt: skip
    names = tuple(dict.fromkeys((*mine.labels, *theirs.labels)))
    begin, end, label = _chunks(mine, mode)
    begin_p, end_p, label_p = _chunks(theirs, mode)
    label_p = np.array([names.index(name) for name in theirs.labels], np.int64)[label_p]
    # at most one mention begins at a token: compare where both have one
    stop, kind = np.zeros(len(mine.codes), np.int32), np.zeros(len(mine.codes), np.int32)
    stop[begin_p], kind[begin_p] = end_p, label_p
    hits = label[(stop[begin] == end) & (kind[begin] == label)]
    n = len(names)
    tp, pred_n, gold_n = (np.bincount(x, minlength=n) for x in (hits, label_p, label))
    labels = {
        names[k]: TagScore.of(int(tp[k]), int(pred_n[k]), int(gold_n[k]))
        for k in sorted(range(n), key=names.__getitem__)
        if pred_n[k] or gold_n[k]
    }
    micro = TagScore.of(int(tp.sum()), int(pred_n.sum()), int(gold_n.sum()))
    return TagReport(micro, _macro(labels, micro), labels)


def _chunks(tags: PackedTags, mode: str) -> tuple[Ints, Ints, Ints]:
    """(begin, end, label) of the mentions in a row of codes."""
    row = tags.codes
    label = (row - 1) >> 1  # of O: -1
    continues = (row > 0) & (row & 1 == 0)
    continues[1:] &= label[1:] == label[:-1]
    starts = np.cumsum(tags.lengths)[
        :-1
    ]  # of the sequences but the first; an empty one at the end has no token
    continues[starts[starts < len(row)]] = False
    continues[:1] = False
    begin = np.flatnonzero(row & 1 if mode == "strict" else (row > 0) & ~continues)
    breaks = np.append(np.flatnonzero(~continues), len(row))
    end = breaks[np.searchsorted(breaks, begin, side="right")]
    return begin, end, label[begin]


def _macro(labels: Mapping[str, TagScore], micro: TagScore) -> TagScore:
    def mean(name: str) -> float | None:
        values: list[Any] = [getattr(score, name) or 0.0 for score in labels.values()]
        return sum(values) / len(values) if values else None

    return TagScore(
        micro.tp, micro.fp, micro.fn, mean("precision"), mean("recall"), mean("f1"), micro.support
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
