"""A leaderboard submission: a folder with `predictions.jsonl` and `system.yaml`, read as data from a stranger.

`system.yaml` is a flat mapping of names to plain strings: no anchors, no tags, no nesting, so that what is read is
what stands there (`no` stays "no").
"""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

from hexapla.errors import Fault, HexaplaError, InputError
from hexapla.predictions import Predictions, read_predictions, show
from hexapla.score.gold import Gold, read_gold
from hexapla.store import read_text

SYSTEM, PREDICTIONS = "system.yaml", "predictions.jsonl"
MAX_SYSTEM = 20_000  # bytes
_FILES = {SYSTEM, PREDICTIONS, "README.md"}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,.:()+/_-]{0,79}")
_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~:/?#@!$&()*+,;%=-]*)?")


@dataclass(frozen=True, slots=True)
class System:
    """Who made the predictions, and what a reader must know to judge them. Optional fields are empty."""

    name: str
    version: str
    licence: str
    training_data: str
    contamination: str  # could the system have seen the test articles or their gold?
    description: str = ""
    parameters: str = ""
    url: str = ""
    partial: str = ""  # "yes" if documents are left out on purpose

    def __post_init__(self) -> None:
        for name in ("name", "version"):
            if not _NAME.fullmatch(getattr(self, name)):
                raise ValueError(
                    f"{name} {show(getattr(self, name))} is not 1 to 80 plain ASCII letters, digits and , . : ( ) + / _ -"
                )
        for field in fields(self):
            text = getattr(self, field.name)
            if len(text) > 2000 or not text.replace("\n", " ").isprintable():
                raise ValueError(f"{field.name} {show(text)} is too long or has characters that do not print")
        if self.url and not _URL.fullmatch(self.url):
            raise ValueError(f"url {show(self.url)} is not an https address")
        if self.partial not in ("", "yes", "no"):
            raise ValueError(f"partial {show(self.partial)} is not yes or no")


_REQUIRED = ("name", "version", "licence", "training_data", "contamination")


@dataclass(frozen=True, slots=True)
class Submission:
    """A checked submission. `name` is that of its folder, unique on the board."""

    name: str
    system: System
    predictions: Predictions


def read_system(path: Path) -> System:
    """Read and check a `system.yaml`; `InputError` names every fault with its line."""
    import yaml

    _plain_file(path)
    text = read_text(path, MAX_SYSTEM)
    values: dict[str, str] = {}
    faults: list[Fault] = []

    def fault(code: str, line: int, found: str, expected: str = "") -> None:
        faults.append(Fault(code, f"{path}:{line}", found, expected, "see docs/scoring.md"))

    key: str | None = None
    depth = documents = 0
    flat = "a flat mapping of names to strings"
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    fault("bad-yaml", line, "a second document", "one")
                    break
            if getattr(event, "anchor", None):
                fault("yaml-alias", line, "an anchor or alias", flat)
            if getattr(event, "tag", None):
                fault("yaml-tag", line, f"the tag {show(event.tag)}", flat)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
                if depth > 1 or isinstance(event, yaml.SequenceStartEvent):
                    fault("yaml-nested", line, "a list or a mapping inside", flat)
                    break
            if isinstance(event, yaml.MappingEndEvent):
                depth -= 1
            if isinstance(event, yaml.ScalarEvent) and not depth:
                fault("yaml-nested", line, "a bare value", flat)
            elif isinstance(event, yaml.ScalarEvent) and key is None:
                key = event.value
                if key in values:
                    fault("duplicate-key", line, f"{show(key)} stands twice", "once")
                elif key not in System.__dataclass_fields__:
                    fault("unknown-field", line, f"field {show(key)}", ", ".join(System.__dataclass_fields__))
            elif isinstance(event, yaml.ScalarEvent) and key is not None:
                values[key], key = event.value.strip(), None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fault(
            "bad-yaml",
            mark.line + 1 if mark else 1,
            show(getattr(error, "problem", None) or "not YAML"),
            flat,
        )
    except RecursionError:
        fault("bad-yaml", 1, "nested too deeply", flat)
    if not faults and not documents:
        fault("bad-yaml", 1, "an empty file", flat)
    if not faults:
        for name in _REQUIRED:
            if not values.get(name):
                fault("missing-field", 1, f"no {name}", ", ".join(_REQUIRED))
    if not faults:
        try:
            return System(**values)
        except ValueError as error:
            fault("bad-field", 1, str(error))
    raise InputError(faults)


def read_submission(folder: str | Path, gold: Gold) -> Submission:
    """Read and check one submission against the documents of the gold; all faults of both files come in one error."""
    folder = Path(folder)
    faults: list[Fault] = []
    if folder.is_symlink() or not folder.is_dir():
        raise InputError(
            Fault("no-submission", str(folder), "not a folder", f"a folder with {SYSTEM} and {PREDICTIONS}")
        )
    name = folder.resolve().name
    if not _ID.fullmatch(name):
        faults.append(
            Fault("bad-name", str(folder.parent), f"the folder {show(name)}", "lower-case letters, digits, '.', '_', '-', at most 64",
                  "rename the folder")
        )  # fmt: skip
    for file in sorted(folder.iterdir()):
        if file.name not in _FILES:
            faults.append(
                Fault("stray-file", str(folder), f"{show(file.name)}", ", ".join(sorted(_FILES)), "remove it")
            )
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
        raise InputError(faults)
    return Submission(name, system, predictions)


def check(folder: str | Path, corpus: str | Path) -> Submission:
    """What `hexapla submit check` does: the submission if it is sound, else `InputError` with all its faults."""
    return read_submission(folder, read_gold(corpus))


def add(folder: str | Path, corpus: str | Path, submissions: str | Path) -> Path:
    """Check a submission and copy its files into `submissions/<name>`, whole or not at all.

    A name that is taken is refused, also where two are added at the same moment.
    """
    submission = check(folder, corpus)
    target = Path(submissions) / submission.name
    taken = InputError(
        Fault(
            "name-taken",
            str(target),
            "is there already",
            "a new name",
            "give the new version its own folder name",
        )
    )
    if target.exists():
        raise taken
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as place:
        fresh = Path(place) / submission.name
        fresh.mkdir()
        for name in sorted(_FILES):
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink():
                shutil.copyfile(file, fresh / name)
        try:
            fresh.rename(target)  # onto a folder with files in it this fails
        except OSError:
            raise taken from None
    return target


def _plain_file(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        raise InputError(
            Fault("no-file", str(path), "no such file", "", "write one: docs/scoring.md")
        ) from None
    if not stat.S_ISREG(mode):
        raise InputError(
            Fault("no-file", str(path), "a link, folder or device", "a plain file", "give the file itself")
        )
