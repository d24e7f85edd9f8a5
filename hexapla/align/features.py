"""What speaks for a bead: comparable keys that two sentences share, lengths, terminators and places.

A sentence is reduced to *keys* that look the same in a translation: numbers, names kept in Latin script, transliterated
consonant skeletons, punctuation, countries, months and the like. Each key belongs to a class; `weights.json` says how much a shared or a missing key of a
class counts. Arrays over beads are [k, i, j] as in `dp.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from hexapla import langs
from hexapla.align.concepts import NUMERAL, Known, plain_number
from hexapla.align.dp import BEADS, LONGEST, SRC, TGT, Floats, product, sums_before
from hexapla.errors import Fault, InputError

Ids = NDArray[np.int64]

CLASSES = (
    "number",
    "digit",
    "name",
    "same",
    "skeleton",
    "stem",
    "short",
    "head",
    "mark",
    "concept",
    "thing",
    "spelt",
    "word",
)
SHAPES = ("null", "1-1", "1-2", "2-2", "1-3", "1-4", "2-3", "3-3")
GEOMETRY = (
    "null length", "|log ratio|", "log ratio²", "|deviation|", "deviation²", "terminators differ", "terminators differ by more",
    "both end alike",
)  # fmt: skip
ALIKE = "alike"  # all that tells in one: the first few keys that are shared say more than the next
NAMES = (*SHAPES, *GEOMETRY, ALIKE, *(f"{c} {what}" for c in CLASSES for what in ("shared", "missing")))

# the classes by which texts are told to say the same; the others are frequent, or marks
TELLING = [
    CLASSES.index(c)
    for c in ("number", "name", "same", "skeleton", "head", "concept", "thing", "spelt", "word")
]
_SCALE = 3.0
SHAPE = np.array([SHAPES.index("null" if not a or not b else f"{min(a, b)}-{max(a, b)}") for a, b in BEADS])
_NULL = (SRC == 0) | (TGT == 0)
_REAL = np.flatnonzero(~_NULL)
_TELLS = np.isin(np.arange(len(CLASSES)), TELLING)
_TERMINATORS = re.compile(r"[.!?…؟۔।።။។།։]+[\"'”’»」』)]*(?=\s|$)")
_WIDE_TERMINATORS = "。！？"
_WIDE = re.compile("[\u2e80-\uffee]")
_MARKS = {
    **dict.fromkeys("?؟？", "?"), **dict.fromkeys("!！", "!"), **dict.fromkeys("\"“”„«»「」『』", '"'), **dict.fromkeys("()（）[]", "("),
    **dict.fromkeys("%٪％", "%"), **dict.fromkeys(":：", ":"), **dict.fromkeys(";؛；", ";"), "$": "$", "€": "€", "£": "£",
}  # fmt: skip
_LAST = {
    **dict.fromkeys("?؟？", 2),
    **dict.fromkeys("!！", 3),
    **dict.fromkeys(":：", 4),
    **dict.fromkeys(".。।۔…።", 1),
}
_STRETCH = 300  # sentences within which a key is rare or frequent
_OTHER = re.compile(r"[^a-z0-9\n]+")
_CLASS = {kind: at << 32 for at, kind in enumerate(CLASSES)}
# sounds that languages write differently, brought together; then vowels are left out
_DIGRAPHS = tuple(
    (letters, sound)
    for sound, all_letters in (("s", "tsch tch sch sh cz sz ch"), ("f", "ph"), ("t", "th dh"), ("k", "kh gh"))
    for letters in all_letters.split()
)
_SOUNDS = str.maketrans(
    {
        **dict.fromkeys("qcg", "k"),
        "x": "ks",
        "z": "s",
        "v": "f",
        "w": "f",
        "p": "b",
        **dict.fromkeys("aeiouyh'`"),
    }
)
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Side:
    """One document, ready to be compared.

    `keys` are the keys of all sentences one after the other, `start[i]:start[i + 1]` those of sentence i; `often` says in
    how many sentences (of `_STRETCH`, in a longer document) each of them is; `distinct` are the keys without repetitions,
    ascending, `first` where each of them is first, and `which` of them each of `keys` is. `lengths` in characters;
    `terminators` counted; `last` the kind of the final mark.
    """

    keys: Ids
    often: Floats
    distinct: Ids
    first: NDArray[np.intp]
    which: NDArray[np.intp]
    start: NDArray[np.intp]
    lengths: Floats
    terminators: Floats
    last: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.lengths)

    def part(self, lo: int, hi: int) -> Side:
        """Sentences lo to hi."""
        start = self.start[lo : hi + 1]
        inside = slice(start[0], start[-1])
        here = slice(lo, hi)
        return Side(
            self.keys[inside],
            self.often[inside],
            *np.unique(self.keys[inside], return_index=True, return_inverse=True),
            start - start[0],
            self.lengths[here],
            self.terminators[here],
            self.last[here],
        )


def side(sentences: Sequence[str], lang: str) -> Side:
    """Analyse the sentences of one document."""
    if isinstance(sentences, str):
        raise InputError(
            Fault(
                "not-sentences",
                "sentences",
                "a text",
                "a list of sentences",
                "cut it with hexapla.segment.sentences",
            )
        )
    terminators = _TERMINATORS.findall
    keys: list[int] = []
    start = [0]
    ends, last, lengths = [], [], []
    for text, found in zip(sentences, _known(lang)(sentences), strict=True):
        keys += found
        start.append(len(keys))
        wide = 0 if text.isascii() else len(_WIDE.findall(text))
        ends.append(len(terminators(text)) + (sum(map(text.count, _WIDE_TERMINATORS)) if wide else 0))
        last.append(_LAST.get(text.rstrip("\"'”’“»«」』)）] \xa0")[-1:], 0))
        # a character of the wide East Asian scripts says as much as three letters
        lengths.append(len(text) + 2 * wide)
    every = np.array(keys, dtype=np.int64)
    distinct, first, which, counts = np.unique(
        every, return_index=True, return_inverse=True, return_counts=True
    )
    often = np.maximum(1.0, counts * min(1.0, _STRETCH / max(1, len(sentences))))[which]
    sizes, marks = np.array(lengths, dtype=float), np.array(ends, dtype=float)
    return Side(
        every, often, distinct, first, which, np.array(start), sizes, marks, np.array(last, dtype=np.intp)
    )


@cache
def _known(lang: str) -> Known:
    prefixes = tuple(langs.data(lang, "text").get("align", {}).get("prefixes", ()))
    return Known(lang, key, lambda tokens: token_keys(tokens, prefixes))


def key(kind: str, text: str) -> int:
    """A key as a number: its class in the upper, a checksum of its text in the lower 32 bits."""
    return _CLASS[kind] | crc32(text.encode("utf-8", "surrogatepass"))


def token_keys(tokens: Sequence[str], prefixes: tuple[str, ...] = ()) -> list[list[int]]:
    """The keys of each token; `prefixes` are words that the language writes together with the next."""
    out: list[list[int]] = []
    spoken: list[tuple[int, str]] = []  # words, by the place of their token
    for at, token in enumerate(tokens):
        out.append([])
        if not token[0].isalnum():
            if mark := _MARKS.get(token):
                out[at].append(key("mark", mark))
            continue
        if number := NUMERAL.match(token):
            value = plain_number(number.group())
            out[at].append(key("number" if len(value) > 1 else "digit", value))
        if (
            not (number and number.end() == len(token))
            and len(token) > 1
            and not "\u3040" <= token[0] <= "\u9fff"
        ):
            spoken.append((at, token))
            spoken += [
                (at, token[len(p) :]) for p in prefixes if token.startswith(p) and len(token) - len(p) > 1
            ]
    for (at, word), plain, bones in zip(spoken, *_sounds([word for _, word in spoken]), strict=True):
        found = out[at]
        if word.isascii() and word != word.lower():
            found.append(key("name", plain))
        if len(plain) >= 4:
            found.append(key("same", plain))
        if len(plain) >= 6:
            found.append(key("head", plain[:5]))
        if len(bones) >= 3:
            found += (key("skeleton", bones), key("stem", bones[:4]))
        elif len(bones) == 2:
            found.append(key("short", bones))
    return out


def _sounds(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words in Latin letters, and their skeletons; all at once, which is many times as fast."""
    if not words:
        return [], []
    joined = "\n".join(words)
    if not joined.isascii():
        from anyascii import anyascii

        joined = anyascii(joined)
    latin = joined.lower()
    plain, bones = _OTHER.sub("", latin).split("\n"), skeleton(latin).split("\n")
    return plain, bones


def skeleton(latin: str) -> str:
    """The consonants of lower-case Latin words, with those that languages render differently brought together."""
    for letters, sound in _DIGRAPHS:
        latin = latin.replace(letters, sound)
    return _TWICE.sub(r"\1", latin.translate(_SOUNDS))


@dataclass(frozen=True, slots=True)
class Shared:
    """The keys of two documents: `x` [n, K] and `y` [m, K] hold the weight of each shared key where it occurs, `kinds` its
    class; `lone_x` [n, C] and `lone_y` [m, C] the weight per class of keys that the other document does not have at all."""

    x: Floats
    y: Floats
    kinds: Ids
    lone_x: Floats
    lone_y: Floats


def shared_keys(a: Side, b: Side) -> Shared:
    """Keys that both documents hold. A key weighs the less, the more sentences hold it."""
    common, from_a, from_b = np.intersect1d(a.distinct, b.distinct, assume_unique=True, return_indices=True)
    weight = 1 / np.sqrt(a.often[a.first[from_a]] * b.often[b.first[from_b]])
    filled = []
    for document, known in ((a, from_a), (b, from_b)):
        place = np.full(len(document.distinct), -1)
        place[known] = np.arange(len(common))
        row = np.repeat(np.arange(len(document)), np.diff(document.start))
        column = place[document.which]
        x = np.zeros((len(document), len(common)))
        here = column >= 0
        x[row[here], column[here]] = weight[column[here]]
        cell = row[~here] * len(CLASSES) + (document.keys[~here] >> 32)
        lone = np.bincount(cell, 1 / document.often[~here], len(document) * len(CLASSES))
        filled.append((x, lone.astype(float).reshape(len(document), len(CLASSES))))
    return Shared(filled[0][0], filled[1][0], common >> 32, filled[0][1], filled[1][1])


def geometry(a: Side, b: Side, ratio: float) -> list[Floats]:
    """Features of length, end and place, in the order of `GEOMETRY`. `ratio`: target characters per source character."""
    n, m = len(a), len(b)
    la, lb = sums_before(a.lengths * ratio, SRC)[:, :, None], sums_before(b.lengths, TGT)[:, None, :]
    real = (~_NULL)[:, None, None].astype(float)
    null_length = np.zeros((len(BEADS), n + 1, m + 1))
    null_length[_NULL] = np.log1p((la + lb)[_NULL] / 50)
    log_ratio = np.abs(np.log(lb + 10) - np.log(la + 10)) * real
    deviation = np.abs(lb - la) * (real / 4) / np.sqrt(lb + la + 20)
    ends = (
        np.abs(sums_before(a.terminators, SRC)[:, :, None] - sums_before(b.terminators, TGT)[:, None, :])
        * real
    )
    alike = np.zeros((n + 1, m + 1))
    alike[1:, 1:] = a.last[:, None] == b.last[None, :]
    return [
        null_length, log_ratio, np.minimum(log_ratio**2, 4), deviation, np.minimum(deviation**2, 9), ends > 0, ends > 1,
        alike * real,
    ]  # fmt: skip


def _mass(a: Sequence[Floats], b: Sequence[Floats]) -> Floats:
    """Weight of the keys that the two sides of a bead share, from both sides, for several weightings of the same keys: each
    [n, K] of `a` with that [m, K] of `b`. [weighting, k, i, j]"""
    n, m = len(a[0]), len(b[0])
    forward = _cumulated(a, _any_in_window(b[0]))
    backward = _cumulated(b, _any_in_window(a[0])).transpose(0, 1, 3, 2)
    i, j = np.arange(n + 1), np.arange(m + 1)
    p, q = SRC[_REAL, None], TGT[_REAL, None]
    out = np.zeros((len(a), len(BEADS), n + 1, m + 1))
    found = forward[:, q - 1, i]
    found -= forward[:, q - 1, np.maximum(i - p, 0)]
    found += backward[:, p[..., None] - 1, i[:, None], j]
    found -= backward[:, p[..., None] - 1, i[:, None], np.maximum(j - q, 0)[:, None, :]]
    out[:, _REAL] = found
    return out


def _any_in_window(present: Floats) -> NDArray[np.float32]:
    """1 where a key is in one of the last s sentences: [s-1, i, K], for nodes i."""
    n = len(present)
    out = np.zeros((LONGEST, n + 1, present.shape[1]), dtype=np.float32)
    out[:, 1:] = present != 0
    for s in range(1, min(LONGEST, n)):
        np.maximum(out[s, s + 1 :], out[s - 1, s:n], out=out[s, s + 1 :])
    for s in range(1, min(LONGEST, n)):
        out[s, 1 : s + 1] = out[s - 1, 1 : s + 1]
    return out


def _cumulated(weighted: Sequence[Floats], windows: NDArray[np.float32]) -> Floats:
    """For each weighting, the weight of the keys of the first i sentences that are in a window: [weighting, s-1, i, j]."""
    s, nodes, size = windows.shape
    n = len(weighted[0])
    x = np.concatenate(weighted).astype(np.float32)
    found = product(x, windows.reshape(s * nodes, size).T).reshape(len(weighted), n, s, nodes)
    out = np.zeros((len(weighted), s, n + 1, nodes))
    found.transpose(0, 2, 1, 3).cumsum(2, out=out[:, :, 1:])
    return out


def _over_bead(of_a: Floats, of_b: Floats) -> Floats:
    """A quantity per sentence summed over the sentences of a bead, both sides; 0 for beads with an empty side."""
    both = sums_before(of_a, SRC)[:, :, None] + sums_before(of_b, TGT)[:, None, :]
    both[_NULL] = 0
    return both


def design(a: Side, b: Side, ratio: float) -> Floats:
    """All features, one by one: [feature, k, i, j], in the order of `NAMES`. For fitting the weights."""
    shared = shared_keys(a, b)
    shape = np.zeros((len(SHAPES), len(BEADS), len(a) + 1, len(b) + 1))
    shape[SHAPE, np.arange(len(BEADS))] = 1.0
    of_class = []
    for c in range(len(CLASSES)):
        x, y = shared.x * (shared.kinds == c), shared.y * (shared.kinds == c)
        found = _mass([x], [y])[0]
        of_class += [
            found,
            _over_bead(shared.lone_x[:, c] + x.sum(1), shared.lone_y[:, c] + y.sum(1)) - found,
        ]
    out = [*shape, *geometry(a, b, ratio), _alike(np.sum([of_class[2 * c] for c in TELLING], 0)), *of_class]
    return np.array(out, dtype=float)


def scores(a: Side, b: Side, ratio: float, weights: Floats) -> Floats:
    """The weighted sum of all features: the same as `weights @ design(...)`, in less work."""
    shared = shared_keys(a, b)
    total = np.zeros((len(BEADS), len(a) + 1, len(b) + 1)) + weights[: len(SHAPES)][SHAPE][:, None, None]
    for weight, feature in zip(weights[len(SHAPES) :], geometry(a, b, ratio), strict=False):
        total += weight * feature
    alike, *of_class = weights[len(SHAPES) + len(GEOMETRY) :]
    gain, loss = np.array(of_class).reshape(-1, 2).T
    total += _over_bead(
        shared.lone_x @ loss + shared.x @ loss[shared.kinds],
        shared.lone_y @ loss + shared.y @ loss[shared.kinds],
    )
    value, telling = (gain - loss)[shared.kinds], _TELLS[shared.kinds]
    found, told = _mass([shared.x * value, shared.x * telling], [shared.y * value, shared.y * telling])
    total += found
    total += alike * _alike(told)
    return total


def _alike(shared: Floats) -> Floats:
    result: Floats = np.log1p(_SCALE * np.maximum(shared, 0.0))
    return result
