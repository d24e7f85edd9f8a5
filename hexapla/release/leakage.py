"""Near-duplicate sentences in different splits: what a system has seen in training must not stand in the test.

Two sentences of one language are near-duplicates if their sets of five characters, without case, digits and punctuation,
share `ALIKE` of their union (Jaccard). Candidates come from MinHash with banding (Broder 1997; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, chapter 3), and are then compared in full: no pair is reported that is none; one of similarity 0.8
is found with probability 0.997.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hexapla.errors import Fault
from hexapla.release.loading import article_groups, splits_of, table_files, table_rows

ALIKE = 0.8
SHORTEST = 25
"""Shorter sentences, counted in letters, are formulas ("He did not answer.") and are not compared."""
MOST = 100

_BANDS, _ROWS = 8, 3
_PRIME = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it is."""

    where: str
    split: str
    text: str


def shingles(text: str) -> frozenset[str]:
    """The sets of five characters of a sentence; empty if it is too short to compare."""
    plain = re.sub(r"[\W\d_]+", " ", text.casefold()).strip()
    if len(plain.replace(" ", "")) < SHORTEST:
        return frozenset()
    return frozenset(plain[n : n + 5] for n in range(max(len(plain) - 4, 1)))


def near_duplicates(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, Sentence, float]]:
    """Pairs in different splits, with their similarity; each sentence is named with the first it is like.

    Held in memory: a signature and the text of each sentence.
    """
    import numpy as np

    generator = np.random.default_rng(7)  # the same functions each time
    factors = generator.integers(1, _PRIME, _BANDS * _ROWS, dtype=np.uint64)
    offsets = generator.integers(0, _PRIME, _BANDS * _ROWS, dtype=np.uint64)
    buckets: dict[tuple[int, bytes], list[Sentence]] = {}
    for sentence in sentences:
        pieces = shingles(sentence.text)
        if not pieces:
            continue
        hashes = np.array([zlib.crc32(p.encode()) % _PRIME for p in pieces], dtype=np.uint64)
        signature = ((hashes[:, None] * factors + offsets) % _PRIME).min(axis=0).astype(np.uint32)
        told = False
        for band in range(_BANDS):
            key = band, signature[band * _ROWS : (band + 1) * _ROWS].tobytes()
            held = buckets.setdefault(key, [])
            for other in held:
                if told or other.split == sentence.split:
                    continue
                theirs = shingles(other.text)
                alike = len(pieces & theirs) / len(pieces | theirs)
                if alike >= ALIKE:
                    yield other, sentence, alike
                    told = True
            # one sentence of each split is enough to meet the next
            if len(held) < MOST:
                held.append(sentence)


def leaks(folder: Path) -> Iterator[Fault]:
    """An article in two splits, or near-duplicate sentences of one language across splits, in the release in `folder`."""
    splits = splits_of(folder)
    if len(splits) < 2:
        return
    held: dict[str, str] = {}
    langs: set[str] = set()
    for split in splits:
        for group in article_groups(folder, False, split):
            langs |= {str(row["lang"]) for _, row in group.documents}
            if held.setdefault(group.article_id, split) != split:
                yield Fault("article-leaks", group.documents[0][0], f"the article {group.article_id!r} is also in {held[group.article_id]}", "all of an article in one split", "put it into one")  # fmt: skip
    for lang in sorted(langs):
        found = near_duplicates(_sentences(folder, lang, splits))
        for number, (first, second, alike) in enumerate(found):
            if number == MOST:
                yield Fault("sentence-leaks", str(folder / lang), f"more than {MOST} sentences stand in several splits", "different texts", "put them into one split")  # fmt: skip
                break
            yield Fault("sentence-leaks", second.where, f"{second.text[:60]!r} is, to {alike:.0%}, a sentence of {first.where}", "no sentence in several splits", "put the articles into one split")  # fmt: skip


def _sentences(folder: Path, lang: str, splits: Iterable[str]) -> Iterator[Sentence]:
    for split in splits:
        for where, row in table_rows(table_files(folder, split).get(lang, []), ["text"]):
            if row["text"] is not None:
                yield Sentence(where, split, row["text"])
