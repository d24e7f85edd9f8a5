"""What speaks for a bead: comparable keys that two sentences share, lengths, terminators and places.

A sentence is reduced to *keys* that look the same in a translation: numbers, names kept in Latin script, transliterated
consonant skeletons, punctuation. Each key belongs to a class; `weights.json` says how much a shared or a missing key of a
class counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hexapla import langs
from hexapla.align.dp import BEADS, SRC, TGT, Floats
from hexapla.tokens import token_pattern

CLASSES = ("number", "digit", "name", "same", "skeleton", "stem", "short", "head", "mark")
GEOMETRY = (
    "null", "1-1", "1-2", "2-2", "1-3", "1-4", "2-3", "3-3", "null length", "|log ratio|", "log ratio²", "|deviation|",
    "deviation²", "terminators differ", "terminators differ by more", "both end alike", "off the diagonal",
)  # fmt: skip
NAMES = (*GEOMETRY, *(f"{c} {what}" for c in CLASSES for what in ("shared", "missing")))

_TERMINATORS = re.compile(r"[.!?…。！？؟۔।።]+[\"'”’»」』)]*(?=\s|$)|[。！？]")
_MARKS = {
    **dict.fromkeys("?؟？", "?"), **dict.fromkeys("!！", "!"), **dict.fromkeys("\"“”„«»「」『』", '"'), **dict.fromkeys("()（）[]", "("),
    **dict.fromkeys("%٪％", "%"), **dict.fromkeys(":：", ":"), **dict.fromkeys(";؛；", ";"), "$": "$", "€": "€", "£": "£",
}  # fmt: skip
_DIGITS = re.compile(r"\d+(?:[.,٫٬\xa0\u202f]\d+)*")
_SOUNDS = (
    (re.compile(r"tsch|tch|sch|sh|cz|sz|ch"), "s"), (re.compile(r"ph"), "f"), (re.compile(r"th|dh"), "t"), (re.compile(r"kh|gh|[qcg]"), "k"),
    (re.compile(r"x"), "ks"), (re.compile(r"z"), "s"), (re.compile(r"[vw]"), "f"), (re.compile(r"p"), "b"), (re.compile(r"[aeiouyh'`]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


class Keys(NamedTuple):
    """Keys of one token, as (class, key)."""

    items: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One document, ready to be compared: per sentence its keys, length in characters and number of terminators."""

    keys: tuple[frozenset[tuple[int, str]], ...]
    lengths: Floats
    terminators: Floats
    last: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.keys)


def side(sentences: Sequence[str], lang: str) -> Side:
    """Analyse the sentences of one document."""
    prefixes = tuple(langs.data(lang, "text").get("align", {}).get("prefixes", ()))
    find = token_pattern().findall
    keys, ends, last = [], [], []
    for text in sentences:
        found: set[tuple[int, str]] = set()
        for token in find(text):
            found.update(token_keys(token, prefixes))
        keys.append(frozenset(found))
        ends.append(len(_TERMINATORS.findall(text)))
        last.append(_last_mark(text))
    lengths = np.array([_size(text) for text in sentences], dtype=float)
    return Side(tuple(keys), lengths, np.array(ends, dtype=float), np.array(last, dtype=np.intp))


@lru_cache(maxsize=1 << 17)
def token_keys(token: str, prefixes: tuple[str, ...] = ()) -> tuple[tuple[int, str], ...]:
    if not token[0].isalnum():
        mark = _MARKS.get(token)
        return ((8, mark),) if mark else ()
    out: list[tuple[int, str]] = []
    number = _DIGITS.match(token)
    if number:
        value = _plain_number(number.group())
        out.append((0 if len(value) > 1 else 1, value))
        if number.end() == len(token):
            return tuple(out)
    if "\u3040" <= token[0] <= "\u9fff" or len(token) < 2:
        return tuple(out)
    from anyascii import anyascii

    forms = [token]
    forms += [token[len(p) :] for p in prefixes if token.startswith(p) and len(token) - len(p) >= 2]
    for form in forms:
        latin = anyascii(form).lower()
        plain = re.sub(r"[^a-z0-9]", "", latin)
        if form.isascii() and (form != form.lower()) and len(form) > 1:
            out.append((2, plain))
        if len(plain) >= 4:
            out.append((3, plain))
            if len(plain) >= 6:
                out.append((7, plain[:5]))
        bones = latin
        for pattern, sound in _SOUNDS:
            bones = pattern.sub(sound, bones)
        if len(bones) >= 3:
            out.append((4, bones))
            out.append((5, bones[:4] if len(bones) > 3 else bones))
        elif len(bones) == 2:
            out.append((6, bones))
    return tuple(dict.fromkeys(out))


def _plain_number(text: str) -> str:
    """A numeral in one notation: `1.234,5` and `1,234.5` -> `1234.5`. A lone group of three is taken for thousands."""
    parts = re.split(r"[.,٫٬\xa0\u202f]", text)
    digits = [str(int(p)) if n == 0 else "".join(str(int(c)) for c in p) for n, p in enumerate(parts)]
    if len(digits) > 1 and len(digits[-1]) != 3:
        return "".join(digits[:-1]) + "." + digits[-1]
    return "".join(digits)


def _size(text: str) -> float:
    """Length in characters; one of the wide East Asian scripts counts as three."""
    return (
        len(text) + 2.0 * sum(1 for c in text if "\u2e80" <= c <= "\uffee")
        if not text.isascii()
        else float(len(text))
    )


def _last_mark(text: str) -> int:
    tail = text.rstrip("\"'”’“»«」』)）] \xa0")[-1:]
    return (
        ("?؟？".find(tail) >= 0 and 2)
        or ("!！".find(tail) >= 0 and 3)
        or (":：".find(tail) >= 0 and 4)
        or (tail in ".。।۔…") * 1
    )


def shared_keys(a: Side, b: Side) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.intp]]:
    """Presence of the keys that both sides hold: source [n, K], target [m, K]; missing-key mass per class [n, C], [m, C]; classes."""
    ours: dict[tuple[int, str], list[int]] = {}
    theirs: dict[tuple[int, str], list[int]] = {}
    for store, document in ((ours, a), (theirs, b)):
        for at, keys in enumerate(document.keys):
            for key in keys:
                store.setdefault(key, []).append(at)
    common = [key for key in ours if key in theirs]
    x, y = np.zeros((len(a), len(common))), np.zeros((len(b), len(common)))
    for at, key in enumerate(common):
        weight = (len(ours[key]) * len(theirs[key])) ** -0.5
        x[ours[key], at] = weight
        y[theirs[key], at] = weight
    lone_a, lone_b = np.zeros((len(a), len(CLASSES))), np.zeros((len(b), len(CLASSES)))
    for lone, store, other in ((lone_a, ours, theirs), (lone_b, theirs, ours)):
        for key, places in store.items():
            if key not in other:
                lone[places, key[0]] += 1.0 / len(places)
    return x, y, lone_a, lone_b, np.array([key[0] for key in common], dtype=np.intp)


def _windows(values: Floats, sizes: NDArray[np.intp]) -> Floats:
    """Sums of `values` [n, ...] over the `sizes[k]` rows that end before row i: [k, i, ...]; 0 where there are too few."""
    total = np.concatenate([np.zeros((1, *values.shape[1:])), values.cumsum(0)])
    start = np.maximum(np.arange(len(values) + 1)[None, :] - sizes[:, None], 0)
    result: Floats = total[None, :] - total[start]
    return result


def geometry(a: Side, b: Side, ratio: float) -> Floats:
    """Features of length, shape and place: [feature, k, i, j]. `ratio`: target characters per source character."""
    n, m = len(a), len(b)
    la, lb = _windows(a.lengths * ratio, SRC)[:, :, None], _windows(b.lengths, TGT)[:, None, :]
    null = ((SRC == 0) | (TGT == 0))[:, None, None]
    out = np.zeros((len(GEOMETRY), len(BEADS), n + 1, m + 1))
    for k, (p, q) in enumerate(BEADS):
        name = "null" if not p or not q else f"{min(p, q)}-{max(p, q)}"
        out[GEOMETRY.index(name), k] = 1.0
    out[8] = np.where(null, np.log1p(np.maximum(la, lb) / 50), 0)
    log_ratio = np.where(null, 0, np.abs(np.log((lb + 10) / (la + 10))))
    deviation = np.where(null, 0, np.abs(lb - la) / np.sqrt(lb + la + 20))
    out[9], out[10] = log_ratio, np.minimum(log_ratio**2, 4)
    out[11], out[12] = deviation / 4, np.minimum((deviation / 4) ** 2, 9)
    ends = np.abs(_windows(a.terminators, SRC)[:, :, None] - _windows(b.terminators, TGT)[:, None, :])
    out[13] = np.where(null, 0, ends > 0)
    out[14] = np.where(null, 0, ends > 1)
    alike = np.zeros((n + 1, m + 1))
    alike[1:, 1:] = a.last[:, None] == b.last[None, :]
    out[15] = np.where(null, 0, alike)
    place = (np.arange(n + 1)[None, :] - SRC[:, None] / 2)[:, :, None] / n - (
        np.arange(m + 1)[None, :] - TGT[:, None] / 2
    )[:, None, :] / m
    out[16] = np.abs(place) * np.where(null, 0, 1)
    return out


def matches(x: Floats, y: Floats, totals_a: Floats, totals_b: Floats, mix: Floats) -> tuple[Floats, Floats]:
    """Shared and missing key mass: two arrays [group, k, i, j]. `mix` [K, group] weighs the keys into groups."""
    n, m = len(x), len(y)
    groups = mix.shape[1]
    null = (SRC == 0) | (TGT == 0)
    shared = np.zeros((groups, len(BEADS), n + 1, m + 1))
    for g in range(groups):
        keep = mix[:, g] != 0
        if not keep.any():
            continue
        xs, ys, w = x[:, keep], y[:, keep], mix[keep, g]
        forward = (xs * w) @ _any_in_window(ys).transpose(0, 2, 1)  # [b, n, m+1]
        backward = (ys * w) @ _any_in_window(xs).transpose(0, 2, 1)  # [a, m, n+1]
        for k, (p, q) in enumerate(BEADS):
            if null[k]:
                continue
            shared[g, k] = (
                _windows(forward[q - 1], SRC[k : k + 1])[0] + _windows(backward[p - 1], TGT[k : k + 1])[0].T
            )
    total = (
        _windows(totals_a, SRC).transpose(2, 0, 1)[:, :, :, None]
        + _windows(totals_b, TGT).transpose(2, 0, 1)[:, :, None, :]
    )
    total = np.where(null[:, None, None], 0, total)
    return shared, total


def _any_in_window(present: Floats, longest: int = 4) -> Floats:
    """1 where a key is in one of the last s sentences: [s-1, i, K], for nodes i = 0..n."""
    there = (present > 0).astype(float)
    out = np.zeros((longest, len(there) + 1, there.shape[1]))
    out[0, 1:] = there
    for s in range(1, longest):
        out[s] = out[s - 1]
        out[s, s + 1 :] = np.maximum(out[s - 1, s + 1 :], there[: len(there) - s])
    return out


def design(a: Side, b: Side, ratio: float) -> Floats:
    """All features, one by one: [feature, k, i, j], in the order of `NAMES`. For fitting the weights."""
    x, y, lone_a, lone_b, kinds = shared_keys(a, b)
    mix = np.eye(len(CLASSES))[kinds].reshape(-1, len(CLASSES))
    shared, total = matches(x, y, lone_a + x @ mix, lone_b + y @ mix, mix)
    both = np.stack([shared, total - shared], axis=1).reshape(-1, *shared.shape[1:])
    return np.concatenate([geometry(a, b, ratio), both])


def scores(a: Side, b: Side, ratio: float, weights: Floats) -> Floats:
    """The weighted sum of all features: [k, i, j]; the same as `weights @ design(...)`, in less work."""
    x, y, lone_a, lone_b, kinds = shared_keys(a, b)
    class_weights = weights[len(GEOMETRY) :].reshape(-1, 2)
    gain, loss = class_weights[:, 0], class_weights[:, 1]
    mix = np.eye(len(CLASSES))[kinds].reshape(-1, len(CLASSES))
    value = mix @ (gain - loss)
    shared, total = matches(
        x, y, ((lone_a + x @ mix) @ loss)[:, None], ((lone_b + y @ mix) @ loss)[:, None], value[:, None]
    )
    result: Floats = np.tensordot(weights[: len(GEOMETRY)], geometry(a, b, ratio), 1) + shared[0] + total[0]
    return result
