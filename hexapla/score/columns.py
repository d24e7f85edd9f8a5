"""A plain predictions file read as columns (pyarrow), about ten times as fast as line by line.

What is read so is exactly what `hexapla.predictions.read_predictions` reads. Wherever a file is not as plain as it mostly is
(a fault of any kind, `text` fields, blank lines), nothing is returned and the strict reader is asked, which names the faults.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hexapla.corpus import LABELS
from hexapla.jsonlines import MAX_LINE, Bad, plain_file
from hexapla.predictions import TRACKS, read_predictions, read_quantity
from hexapla.score.packed import TRACK_OF_LABEL, Ints, Mentions, PackedGold, count_packed, pack_predictions
from hexapla.score.report import Report
from hexapla.values import Quantity

_BLOCK = 1 << 22  # bytes read at a time; more than the longest line
_QUANTITY = ("value", "value_high", "unit", "modifier")


def score_packed(gold: PackedGold, pred: str | Path, *, seed: int = 0) -> Report:
    """Score a predictions file for all documents against a packed gold: what `score` gives. `InputError` as there."""
    mentions = read_columns(pred, gold)
    if mentions is None:
        mentions = pack_predictions(gold, read_predictions(pred, gold.lengths))
    return Report(count_packed(gold, mentions), gold.version, gold.split, gold.sha256, seed)


def read_columns(path: str | Path, gold: PackedGold) -> Mentions | None:
    """The mentions of a plain, faultless file with all documents; None if it is not that."""
    import pyarrow as pa
    import pyarrow.json as pj

    path = Path(path)
    if not plain_file(path):
        return None
    rows = _plain_lines(path)
    if rows != len(gold.length):
        return None
    # fields that no line has need not be looked for: the first line with one of them ends the first attempt
    for names in (("label",), ("label", "fact_id", *_QUANTITY)):
        mention = pa.struct([(n, pa.int64()) for n in ("start", "end")] + [(n, pa.string()) for n in names])
        schema = pa.schema([("doc_id", pa.string()), ("mentions", pa.list_(mention))])
        try:
            table = pj.read_json(
                path,
                # one thread: two wait for each other longer than they work
                read_options=pj.ReadOptions(block_size=_BLOCK, use_threads=False),
                parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
            )
        except pa.ArrowException:
            continue
        # two objects on a line, or one over two lines: each line begins and ends one, so the numbers differ
        docs = _documents(table.column("doc_id"), gold) if table.num_rows == rows else None
        try:
            return None if docs is None else _mentions(table.column("mentions"), docs, gold)
        except (Bad, ValueError):
            return None
    return None


def _plain_lines(path: Path) -> int:
    """The number of lines, -1 if one is not `{…}` at once, is too long or no UTF-8, or the file has a null in it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        if whole.find(b"null") >= 0:
            return -1
        count, at = 0, 0
        while at < len(whole):
            chunk = whole[at : at + _BLOCK]
            if at + len(chunk) < len(whole):
                chunk = chunk[: chunk.rfind(b"\n") + 1]
            elif not chunk.endswith(b"\n"):
                chunk += b"\n"
            ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n"))
            if not len(ends) or not _objects(np.frombuffer(chunk, np.uint8), ends):
                return -1
            if not chunk.isascii():
                try:
                    chunk.decode("utf-8")
                except UnicodeDecodeError:
                    return -1
            count += len(ends)
            at += len(chunk)
        return count


def _objects(chunk: npt.NDArray[np.uint8], ends: npt.NDArray[np.intp]) -> bool:
    starts = np.concatenate(([0], ends[:-1] + 1))
    return bool(
        (ends - starts).min() > 1
        and (ends - starts).max() < MAX_LINE
        and (chunk[starts] == ord("{")).all()
        and (chunk[ends - 1] == ord("}")).all()
    )


def _documents(ids: Any, gold: PackedGold) -> Ints | None:
    """The gold's number of each line's document, if every document has one line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    # not pa.array, which would import pandas
    buffers = (pa.py_buffer(gold.id_ends), pa.py_buffer(gold.id_text))
    known = pa.StringArray.from_buffers(len(gold.length), *buffers)
    if ids.equals(pa.chunked_array([known])):
        return np.arange(len(known), dtype=np.int64)
    found = pc.index_in(ids, value_set=known)
    if found.null_count:
        return None
    docs = _numbers(found)
    return docs if (np.bincount(docs, minlength=len(known)) == 1).all() else None


def _mentions(column: Any, docs: Ints, gold: PackedGold) -> Mentions | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    counts = pc.list_value_length(column)
    flat = pa.chunked_array([chunk.flatten() for chunk in column.chunks], column.type.value_type)
    if column.null_count or flat.null_count:
        return None
    parts = dict(zip((field.name for field in column.type.value_type), flat.flatten(), strict=True))
    if any(parts[name].null_count for name in ("start", "end", "label")):
        return None
    start, end = _numbers(parts["start"]), _numbers(parts["end"])
    doc = np.repeat(docs, _numbers(counts))
    label, names = _codes(parts["label"])
    if not set(names) <= set(LABELS):
        return None
    label = np.array([LABELS.index(name) for name in names], np.int64)[label]
    if not ((start >= 0) & (start < end) & (end <= gold.length[doc])).all():
        return None
    fact: Ints = np.full(len(doc), -1, np.int64)
    facts: tuple[str, ...] = ()
    if "fact_id" in parts:
        fact, facts = _codes(parts["fact_id"])
        if not all(0 < len(name) <= 200 for name in facts):
            return None
    quantity, quantities = _quantities(parts, label)
    mentions = Mentions(doc, start, end, label, quantity, fact, quantities, facts)
    order = doc * (int(gold.length.max(initial=0)) + 1) + start
    if (order[1:] < order[:-1]).any():
        mentions = mentions.take(np.argsort(order, kind="stable"))
    for number in range(len(TRACKS)):
        m = mentions.track(number)
        if ((m.doc[1:] == m.doc[:-1]) & (m.start[1:] < m.end[:-1])).any():
            return None
    return mentions


def _codes(column: Any) -> tuple[Ints, tuple[str, ...]]:
    """Code of each row (-1: none) and the strings."""
    # nulls as an entry of the dictionary: filling them afterwards would import pandas
    column = column.dictionary_encode(null_encoding="encode").unify_dictionaries()
    listed = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
    codes = _numbers(chunk.indices for chunk in column.chunks)
    if None in listed:
        gap = listed.index(None)
        codes = np.where(codes == gap, -1, codes - (codes > gap))
    return codes, tuple(string for string in listed if string is not None)


def _numbers(chunks: Any) -> Ints:
    """Whole numbers without nulls, from Arrow. Not `to_numpy`, which would import pandas."""
    parts = [np.asarray(np.from_dlpack(c), np.int64) for c in getattr(chunks, "chunks", chunks)]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _quantities(parts: dict[str, Any], label: Ints) -> tuple[Ints, tuple[Quantity, ...]]:
    """Code of each row's quantity and the quantities; each that differs is read once. `Bad` or `ValueError` if one is unsound."""
    fields = [(name, *_codes(parts[name])) for name in _QUANTITY if name in parts]
    if not fields and not TRACK_OF_LABEL[label].any():
        return np.full(len(label), -1, np.int64), ()
    key = label
    for _, codes, listed in fields:
        key = key * (len(listed) + 1) + codes + 1
    keys, back = np.unique(key, return_inverse=True)
    number: dict[Quantity, int] = {}
    found = []
    for k in keys.tolist():
        item: dict[str, Any] = {}
        for name, _, listed in reversed(fields):
            k, code = divmod(k, len(listed) + 1)
            if code:
                item[name] = listed[code - 1]
        quantity = read_quantity(item, LABELS[k])
        if quantity is None and TRACK_OF_LABEL[k]:
            quantity = Quantity(LABELS[k].lower())
        found.append(-1 if quantity is None else number.setdefault(quantity, len(number)))
    return np.array(found, np.int64)[back], tuple(number)
