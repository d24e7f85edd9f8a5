"""`system.yaml`: who made the predictions, read as data from a stranger.

A flat mapping of names to strings: no anchors, no tags, no nesting, and no unquoted word that a YAML reader would take for
something else (`no` is false, `1.10` is 1.1, to most of them). What is read is what stands there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from hexapla.errors import Fault, InputError
from hexapla.jsonlines import Bad, plain_file, show
from hexapla.store import read_text

MAX_BYTES = 20_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,.:()+/_-]{0,79}")
_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~:/?#@!$&()*+,;%=-]*)?")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FLAT = "a flat mapping of names to strings"


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
        for field in fields(self):
            if found := _fault_of(field.name, getattr(self, field.name)):
                raise ValueError(f"{found[1]}; expected {found[2]}")


REQUIRED = ("name", "version", "licence", "training_data", "contamination")


def _fault_of(field: str, text: str) -> tuple[str, str, str] | None:
    """(code, found, expected) of what is wrong with a field's text; None if it is sound."""
    told = f"{field} {show(text)}"
    if any(c in _BIDI for c in text):
        return "bidi-character", told, "no characters that turn the direction of writing"
    if any(not c.isprintable() for c in text.replace("\n", " ")):
        return "control-character", told, "characters that print"
    if len(text) > 2000:
        return "long-text", f"{field} of {len(text):,} characters", "at most 2,000"
    if field in ("name", "version"):
        expected = "1 to 80 plain letters, digits, spaces and , . : ( ) + / _ -"
        if re.search(r"[<>&\"']", text):
            return "markup", told, expected
        if foreign := next((c for c in text if not c.isascii()), None):
            name = unicodedata.name(foreign, "a character without a name")
            return (
                "look-alike",
                f"{told} with {name}",
                f"ASCII, so that no two names look the same: {expected}",
            )
        if ".." in text:
            return "path", told, expected
        if text and not _NAME.fullmatch(text):
            return "bad-name", told, expected
    if field == "url" and text and not _URL.fullmatch(text):
        return "bad-url", told, "an https address"
    if field == "partial" and text not in ("", "yes", "no"):
        return "bad-field", told, "yes or no"
    return None


def read_system(path: Path) -> System:
    """Read and check a `system.yaml`; `InputError` names every fault with its line."""
    plain_file(path, MAX_BYTES)
    faults: list[Fault] = []
    values = _values(read_text(path, MAX_BYTES), path, faults)
    if not faults:
        faults += [
            Fault("missing-field", f"{path}:1", f"no {name}", ", ".join(REQUIRED), "see docs/scoring.md")
            for name in REQUIRED
            if not values.get(name, ("", 0))[0]
        ]
    for name, (text, line) in values.items():
        if found := _fault_of(name, text):
            faults.append(Bad(*found).at(f"{path}:{line}"))
    if faults:
        raise InputError(faults)
    return System(**{name: text for name, (text, _) in values.items()})


def _values(text: str, path: Path, faults: list[Fault]) -> dict[str, tuple[str, int]]:
    """Name -> (text, line) of a flat YAML mapping; what is not flat or not plain goes to `faults`."""
    import yaml

    values: dict[str, tuple[str, int]] = {}

    def fault(code: str, line: int, found: str, expected: str = "") -> None:
        faults.append(Fault(code, f"{path}:{line}", found, expected, "see docs/scoring.md"))

    resolver = yaml.SafeLoader("")
    key: str | None = None
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    fault("bad-yaml", line, "a second document", "one")
                    break
            if getattr(event, "anchor", None):
                fault("yaml-anchor", line, "an anchor or alias", _FLAT)
            if getattr(event, "tag", None):
                fault("yaml-tag", line, f"the tag {show(event.tag)}", _FLAT)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
                if depth > 1 or isinstance(event, yaml.SequenceStartEvent):
                    fault("yaml-nested", line, "a list or a mapping inside", _FLAT)
                    break
            if isinstance(event, yaml.MappingEndEvent):
                depth -= 1
            if not isinstance(event, yaml.ScalarEvent):
                continue
            if not depth:
                fault("yaml-nested", line, "a bare value", _FLAT)
            elif key is None:
                key = event.value
                if key in values:
                    fault("duplicate-key", line, f"{show(key)} stands twice", "once")
                elif key not in System.__dataclass_fields__:
                    fault("unknown-field", line, f"field {show(key)}", ", ".join(System.__dataclass_fields__))
            else:
                if event.value and _not_a_string(event, resolver):
                    fault("yaml-word", line, f"{key}: {show(event.value)} without quotes",
                          "text in quotes, since YAML readers take this for a number, a date or yes and no")  # fmt: skip
                if key in System.__dataclass_fields__:
                    values[key] = event.value.strip(), line
                key = None
    except yaml.reader.ReaderError:
        # the same characters as below, but the YAML reader stops at them
        line = next(
            (n for n, one in enumerate(text.split("\n"), 1) if not one.replace("\t", " ").isprintable()), 1
        )
        fault("control-character", line, "a character that YAML does not allow", "characters that print")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fault("bad-yaml", mark.line + 1 if mark else 1, show(getattr(error, "problem", None) or "not YAML"), _FLAT)  # fmt: skip
    except RecursionError:
        fault("yaml-nested", 1, "nested too deeply", _FLAT)
    if not faults and not documents:
        fault("empty-file", 1, "an empty file", _FLAT)
    return values


def _not_a_string(event: Any, resolver: Any) -> bool:
    """Would YAML 1.1 make something else than a string of this plain scalar?"""
    import yaml

    if not event.implicit[0] or event.style is not None:
        return False
    return bool(resolver.resolve(yaml.ScalarNode, event.value, (True, False)) != "tag:yaml.org,2002:str")
