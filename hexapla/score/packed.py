"""The gold and the predictions as columns, for a million documents: numpy arrays in place of objects.

`pack` makes the columns of a gold once; `PackedGold.write` and `read` keep them in one file without any text. The counts
of `count_packed` are those of `hexapla.score.counts.count`: documents in which every mention overlaps at most one of the
other side are counted together, the few others one by one by the same matching.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from hexapla.corpus import LABELS
from hexapla.errors import Fault, InputError
from hexapla.predictions import TRACKS, Prediction
from hexapla.score.gold import Gold
from hexapla.score.links import Links, count_links
from hexapla.score.match import MEASURES, compare_quantities, match
from hexapla.score.slices import SLICES, slices_of
from hexapla.values import Quantity

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FORMAT = 1
_M = {measure: n for n, measure in enumerate(MEASURES)}
TRACK_OF_LABEL = np.array([int(label in TRACKS["numbers"]) for label in LABELS], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Mentions in order of document and start: `doc`, `start`, `end`, `label` (index into `LABELS`), `quantity` (index
    into `quantities`, -1 for none) and `fact` (index into `facts`, -1 for none)."""

    doc: Ints
    start: Ints
    end: Ints
    label: Ints
    quantity: Ints
    fact: Ints
    quantities: tuple[Quantity, ...]
    facts: tuple[str, ...]

    def take(self, rows: Any) -> Mentions:
        """Those of some rows."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _COLUMNS})

    def track(self, number: int) -> Mentions:
        """Those of a track: 0 entities, 1 numbers."""
        mine = TRACK_OF_LABEL[self.label] == number
        return self if mine.all() else self.take(mine)

    def predictions(self) -> list[Prediction]:
        """As objects."""
        return [
            Prediction(s, e, LABELS[k], None, self.quantities[q] if q >= 0 else None)
            for s, e, k, q in zip(self.start.tolist(), self.end.tolist(), self.label.tolist(), self.quantity.tolist(), strict=True)
        ]  # fmt: skip

    def has_value(self) -> Bools:
        """Which mentions have a value."""
        known = np.array([q.value is not None for q in self.quantities] + [False])
        return known[self.quantity]


@dataclass(frozen=True, slots=True, eq=False)
class PackedGold:
    """A gold without its texts: documents in order of their ids, each with `article`, `lang` and `length`.

    The n-th id is `id_text[id_ends[n]:id_ends[n + 1]]`, UTF-8, which Arrow takes as it is.

    `slices[mention]` has a bit per slice; `row[mention]` is the row of its fact in the table of facts, -1 where it is not
    scored; the rows are described by `row_article` and `row_number`.
    """

    version: str
    split: str
    sha256: str
    articles: tuple[str, ...]
    langs: tuple[str, ...]
    id_text: npt.NDArray[np.uint8]
    id_ends: npt.NDArray[np.int32]
    article: Ints
    lang: Ints
    length: Ints
    mentions: Mentions
    slices: Ints
    row: Ints
    row_article: Ints
    row_number: Bools

    @property
    def ids(self) -> list[str]:
        text, ends = self.id_text.tobytes(), self.id_ends.tolist()
        return [text[a:b].decode() for a, b in pairwise(ends)]

    @property
    def lengths(self) -> Mapping[str, int]:
        return dict(zip(self.ids, self.length.tolist(), strict=True))

    def write(self, path: str | Path) -> None:
        """Into one file, whole or not at all."""
        path = Path(path)
        told = {name: getattr(self, name) for name in ("version", "split", "sha256", "articles", "langs")}
        told |= {
            "format": FORMAT,
            "facts": self.mentions.facts,
            "quantities": [{"label": q.label, **q.to_json()} for q in self.mentions.quantities],
        }
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays |= {f"mention_{name}": getattr(self.mentions, name) for name in _COLUMNS}
        out = io.BytesIO()
        np.savez(out, about=np.frombuffer(json.dumps(told).encode(), np.uint8), **arrays)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(out.getbuffer())
        os.replace(file.name, path)

    @classmethod
    def read(cls, path: str | Path) -> PackedGold:
        """From such a file; `InputError` if it is none."""
        try:
            with np.load(path, allow_pickle=False) as found:
                about = json.loads(found["about"].tobytes())
                if about.pop("format") != FORMAT:
                    raise ValueError("another format")
                quantities = tuple(Quantity.from_json(q, q["label"]) for q in about.pop("quantities"))
                columns = {name: found[f"mention_{name}"] for name in _COLUMNS}
                mentions = Mentions(**columns, quantities=quantities, facts=tuple(about.pop("facts")))
                arrays = {name: found[name] for name in _ARRAYS}
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise InputError(
                Fault("bad-packed-gold", str(path), str(error)[:80], "what PackedGold.write wrote", "pack the gold again")
            ) from None  # fmt: skip
        about |= {name: tuple(about[name]) for name in ("articles", "langs")}
        return cls(**about, mentions=mentions, **arrays)


_COLUMNS = tuple(f.name for f in fields(Mentions) if f.name not in ("quantities", "facts"))
_ARRAYS = ("id_text", "id_ends", "article", "lang", "length", "slices", "row", "row_article", "row_number")


class _Table:
    """Values numbered as they come."""

    def __init__(self) -> None:
        self.number: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        return -1 if value is None else self.number.setdefault(value, len(self.number))


def pack(gold: Gold) -> PackedGold:
    """The columns of a gold."""
    articles = {name: n for n, name in enumerate(gold.articles)}
    langs = {name: n for n, name in enumerate(gold.langs)}
    mentions = _columns([d.mentions for d in gold.documents])
    slices = [
        sum(1 << SLICES.index(name) for name in slices_of(m.surface, m.quantity)) if m.quantity else 0
        for d in gold.documents
        for m in d.mentions
    ]
    article = np.array([articles[d.article_id] for d in gold.documents], np.int64)
    keys: list[tuple[int, int, str] | None] = []
    for d in gold.documents:
        for m in d.mentions:
            scored = m.fact_id is not None and (m.quantity is None or m.quantity.value is not None)
            keys.append((articles[d.article_id], int(m.label in TRACKS["numbers"]), m.fact_id or "") if scored else None)  # fmt: skip
    rows = {key: n for n, key in enumerate(sorted({key for key in keys if key is not None}))}
    return PackedGold(
        gold.version, gold.split, gold.sha256, gold.articles, gold.langs,
        np.frombuffer("".join(d.doc_id for d in gold.documents).encode(), np.uint8),
        np.cumsum([0, *(len(d.doc_id.encode()) for d in gold.documents)]).astype(np.int32),
        article,
        np.array([langs[d.lang] for d in gold.documents], np.int64),
        np.array([d.length for d in gold.documents], np.int64),
        mentions,
        np.array(slices, np.int64),
        np.array([-1 if key is None else rows[key] for key in keys], np.int64),
        np.array([key[0] for key in rows], np.int64),
        np.array([key[1] == 1 for key in rows], bool),
    )  # fmt: skip


def pack_predictions(gold: PackedGold, predictions: Mapping[str, Sequence[Prediction]]) -> Mentions:
    """Predictions for all documents of the gold, as columns. `InputError` where a document is missing."""
    ids = gold.ids
    if missing := [doc_id for doc_id in ids if doc_id not in predictions]:
        raise InputError(
            Fault("missing-document", "predictions", f"{len(missing)} documents have none", "all of them",
                  "score a part against the corpus itself, with --partial")
        )  # fmt: skip
    ordered = [sorted(predictions[doc_id], key=lambda p: (p.start, p.end, p.label)) for doc_id in ids]
    return _columns(ordered)


def _columns(documents: Sequence[Sequence[Any]]) -> Mentions:
    quantities, facts = _Table(), _Table()
    rows = [
        (n, m.start, m.end, LABELS.index(m.label), quantities(m.quantity), facts(m.fact_id))
        for n, listed in enumerate(documents)
        for m in listed
    ]
    columns = np.array(rows, np.int64).reshape(-1, 6).T.copy()
    return Mentions(
        **dict(zip(_COLUMNS, columns, strict=True)),
        quantities=tuple(quantities.number),
        facts=tuple(facts.number),
    )


# ---- counting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Paired:
    """One track: gold mention n and predicted mention m overlap; which documents need the full matching."""

    gold: Ints
    pred: Ints
    hard: Bools


def _pairs(gold: Mentions, pred: Mentions, base: Ints) -> _Paired:
    """Pairs in documents in which no mention overlaps two. `base` puts all documents on one axis, one after another."""
    g_start, g_end = base[gold.doc] + gold.start, base[gold.doc] + gold.end
    p_start, p_end = base[pred.doc] + pred.start, base[pred.doc] + pred.end
    first = np.searchsorted(p_end, g_start, side="right")
    n = np.searchsorted(p_start, g_end, side="left") - first
    single = np.flatnonzero(n == 1)
    met = first[single]
    hard = np.zeros(len(base), bool)
    hard[gold.doc[n > 1]] = True
    # two neighbouring gold mentions with the same prediction; one with several has its document marked already
    hard[gold.doc[single[1:][met[1:] == met[:-1]]]] = True
    easy = ~hard[gold.doc[single]]
    return _Paired(single[easy], met[easy], hard)


def count_packed(gold: PackedGold, pred: Mentions) -> Any:
    """The `Counts` of predictions for all documents, flat per track and in order, against a gold."""
    from hexapla.score.counts import Counts, Facts

    shape = (len(gold.articles), len(gold.langs), len(LABELS), len(MEASURES))
    place = (gold.article * len(gold.langs) + gold.lang) * len(LABELS)  # of a document's first cell
    base = np.concatenate(([0], np.cumsum(gold.length + 1)[:-1])).astype(np.int64)
    keys: list[Ints] = []
    right = np.zeros(len(gold.mentions.doc), bool)
    links: dict[str, tuple[Links, ...]] = {}
    for number, track in enumerate(TRACKS):
        mine = TRACK_OF_LABEL[gold.mentions.label] == number
        ours, theirs = gold.mentions.track(number), pred.track(number)
        paired = _pairs(ours, theirs, base)
        found, good = _easy(ours, theirs, paired, place, number == 1)
        keys += found
        matched = [(paired.gold, paired.pred)]
        for doc in np.flatnonzero(paired.hard).tolist():
            a, b = (slice(*np.searchsorted(side.doc, (doc, doc + 1))) for side in (ours, theirs))
            one = match(ours.take(a).predictions(), theirs.take(b).predictions(), numbers=number == 1)
            good[a] = one.right
            for (label, measure), n in one.counts.items():
                keys.append(np.full(n, (place[doc] + LABELS.index(label)) * len(MEASURES) + _M[measure]))
            if one.pairs:
                i, j = np.array(one.pairs, np.int64).T
                matched.append((i + a.start, j + b.start))
        right[mine] = good
        links[track] = _links(gold, ours, theirs, matched)
    cells = np.bincount(np.concatenate(keys), minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
    facts = gold.mentions.doc[gold.row >= 0], gold.row[gold.row >= 0], right[gold.row >= 0]
    expressed, got = (np.zeros((len(gold.row_article), len(gold.langs)), bool) for _ in range(2))
    langs = gold.lang[facts[0]]
    expressed[facts[1], langs] = True
    got[facts[1][facts[2]], langs[facts[2]]] = True
    table = Facts(gold.row_article, gold.row_number, expressed, got)
    n = len(gold.length)
    return Counts(gold.articles, gold.langs, cells, _slices(gold, right), table, links, n, n)


def _easy(
    gold: Mentions, pred: Mentions, paired: _Paired, place: Ints, numbers: bool
) -> tuple[list[Ints], Bools]:
    """Cells to be counted, and which gold mentions are right, in the documents that are not hard."""
    width = len(MEASURES)

    def cells(side: Mentions, rows: Any, measure: str) -> Ints:
        return np.asarray((place[side.doc[rows]] + side.label[rows]) * width + _M[measure])

    alone_g, alone_p = ~paired.hard[gold.doc], ~paired.hard[pred.doc]
    g, p = paired.gold, paired.pred
    label = gold.label[g] == pred.label[p]
    strict = label & (gold.start[g] == pred.start[p]) & (gold.end[g] == pred.end[p])
    found = [cells(gold, alone_g, "gold"), cells(pred, alone_p, "pred"), cells(gold, g, "overlap")]
    found += [cells(gold, g[label], "type"), cells(gold, g[strict], "strict")]
    right = np.zeros(len(gold.doc), bool)
    if not numbers:
        right[g[strict]] = True
        return found, right
    verdicts = _verdicts(gold, pred, g, p)
    value, number, unit, modifier, scale = verdicts.T
    for measure, flag in (
        ("value", value), ("number", number), ("unit", number & unit), ("modifier", value & modifier), ("scale", scale)
    ):  # fmt: skip
        found.append(cells(gold, g[flag], measure))
    right[g[value]] = True
    valued_g, valued_p = gold.has_value(), pred.has_value()
    aside = np.zeros(len(pred.doc), bool)
    aside[p] = ~valued_g[g]
    found += [cells(gold, alone_g & valued_g, "value_gold"), cells(pred, alone_p & valued_p & ~aside, "value_pred")]  # fmt: skip
    return found, right


def _verdicts(gold: Mentions, pred: Mentions, g: Ints, p: Ints) -> Bools:
    """What `match` says of each pair's quantities; each two different quantities are compared once."""
    width = len(pred.quantities) + 1
    keys, back = np.unique((gold.quantity[g] + 1) * width + pred.quantity[p] + 1, return_inverse=True)
    told = [
        compare_quantities(gold.quantities[a - 1] if a else None, pred.quantities[b - 1] if b else None)
        for a, b in (divmod(key, width) for key in keys.tolist())
    ]
    return np.array(told, bool).reshape(-1, 5)[back]


def _slices(gold: PackedGold, right: Bools) -> Ints:
    shape = (len(gold.articles), len(gold.langs), len(SLICES), 2)
    counted = np.zeros(shape, np.int64)
    where = gold.article * len(gold.langs) + gold.lang
    cells = shape[0] * shape[1]
    for n in range(len(SLICES)):
        here = (gold.slices >> n & 1).astype(bool)
        for column, rows in ((0, here & right), (1, here)):
            told = np.bincount(where[gold.mentions.doc[rows]], minlength=cells)
            counted[:, :, n, column] = told.reshape(shape[:2])
    return counted


def _links(
    gold: PackedGold, ours: Mentions, theirs: Mentions, matched: list[tuple[Ints, Ints]]
) -> tuple[Links, ...]:
    """Per article; gathered with Python lists, since only linked mentions play a part."""
    sides: tuple[list[list[Any]], ...] = tuple([[] for _ in gold.articles] for _ in range(3))
    for side, listed in ((0, ours), (1, theirs)):
        rows = np.flatnonzero(listed.fact >= 0)
        docs = listed.doc[rows]
        for article, fact, lang in zip(gold.article[docs].tolist(), listed.fact[rows].tolist(), gold.lang[docs].tolist(), strict=True):  # fmt: skip
            sides[side][article].append((fact, lang))
    for i, j in matched:
        linked = (ours.fact[i] >= 0) & (theirs.fact[j] >= 0) & (ours.label[i] == theirs.label[j])
        i, j = i[linked], j[linked]
        docs = ours.doc[i]
        for article, a, b, lang in zip(gold.article[docs].tolist(), ours.fact[i].tolist(), theirs.fact[j].tolist(), gold.lang[docs].tolist(), strict=True):  # fmt: skip
            sides[2][article].append((a, b, lang))
    return tuple(count_links(*parts) if any(parts) else Links() for parts in zip(*sides, strict=True))
