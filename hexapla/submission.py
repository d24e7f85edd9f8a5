"""A leaderboard submission: a folder with `predictions.jsonl` and `system.yaml`, read as data from a stranger.

No archives, no links, no other files; nothing of it is run.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.jsonlines import plain, plain_file, show
from hexapla.predictions import Predictions, read_predictions
from hexapla.score.gold import Gold, read_gold
from hexapla.system import System, read_system

__all__ = ["Submission", "System", "add", "check", "read_submission", "read_system"]

SYSTEM, PREDICTIONS, README = "system.yaml", "predictions.jsonl", "README.md"
MAX_README = 50_000  # bytes
NAMES = (README, PREDICTIONS, SYSTEM)
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Submission:
    """A checked submission. `name` is that of its folder, unique on the board."""

    name: str
    system: System
    predictions: Predictions


def read_submission(folder: str | Path, gold: Gold) -> Submission:
    """Read and check one submission against the documents of the gold; all faults of its files come in one error."""
    folder = Path(folder)
    if folder.is_symlink() or not folder.is_dir():
        code = "link" if folder.is_symlink() else "no-submission"
        raise InputError(
            Fault(code, str(folder), "not a folder", f"a folder with {SYSTEM} and {PREDICTIONS}")
        )
    name = folder.resolve().name
    faults = [*_name_faults(name, folder), *_stray(folder)]
    system, predictions = None, None
    try:
        system = read_system(folder / SYSTEM)
    except HexaplaError as error:
        faults += error.faults
    try:
        partial = system is not None and system.partial == "yes"
        predictions = read_predictions(folder / PREDICTIONS, gold.lengths, texts=gold.texts, partial=partial)
    except HexaplaError as error:
        faults += error.faults
    if faults or system is None or predictions is None:
        raise InputError(dataclasses.replace(fault, where=plain(fault.where)) for fault in faults)
    return Submission(name, system, predictions)


def is_name(text: str) -> bool:
    """May a submission's folder be called so?"""
    return bool(_ID.fullmatch(text)) and ".." not in text


def _name_faults(name: str, folder: Path) -> list[Fault]:
    if is_name(name):
        return []
    code = "path" if ".." in name else "bad-name"
    expected = "lower-case letters, digits, '.', '_', '-', at most 64, without '..'"
    return [Fault(code, str(folder.parent), f"the folder {show(name)}", expected, "rename the folder")]


def _stray(folder: Path) -> list[Fault]:
    """What does not belong into the folder, at most ten of them named."""
    faults: list[Fault] = []
    for file in sorted(folder.iterdir()):
        if file.name not in NAMES and len(faults) < 10:
            faults.append(
                Fault("stray-file", str(folder), f"{show(file.name)}", ", ".join(NAMES), "remove it")
            )
    if os.path.lexists(folder / README):
        try:
            plain_file(folder / README, MAX_README)
        except InputError as error:
            faults += error.faults
    return faults


def check(folder: str | Path, corpus: str | Path) -> Submission:
    """What `hexapla submit check` does: the submission if it is sound, else `InputError` with all its faults."""
    return read_submission(folder, read_gold(corpus))


def add(folder: str | Path, corpus: str | Path, submissions: str | Path) -> Path:
    """Copy a submission, check the copy, and make it `submissions/<name>`, whole or not at all.

    What is checked is what is kept, also where the folder changes meanwhile. A name that is taken is refused, also
    where two are added at the same moment.
    """
    folder = Path(folder)
    gold = read_gold(corpus)
    submission = read_submission(folder, gold)
    target = Path(submissions) / submission.name
    taken = InputError(
        Fault("name-taken", str(target), "is there already", "a new name", "give the new version its own folder name")
    )  # fmt: skip
    if os.path.lexists(target):
        raise taken
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as place:
        fresh = Path(place) / submission.name
        fresh.mkdir()
        for name in NAMES:
            if os.path.lexists(folder / name):
                plain_file(folder / name)
                shutil.copyfile(folder / name, fresh / name, follow_symlinks=False)
        try:
            read_submission(fresh, gold)
        except InputError as error:
            told = [
                dataclasses.replace(f, where=f.where.replace(str(fresh), str(folder))) for f in error.faults
            ]
            raise InputError(told) from None
        try:
            fresh.rename(target)  # onto a folder with files in it this fails
        except OSError:
            raise taken from None
    return target
