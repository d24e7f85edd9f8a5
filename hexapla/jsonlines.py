"""One JSON object a line, in a file from a stranger: what is not that is refused with a code, before it costs anything.

Sizes are looked at before bytes, bytes before JSON. The reader takes what RFC 8259 allows and no more: no NaN, no number
that is infinite or longer than any offset, no name twice in an object, no half characters.
"""

from __future__ import annotations

import json
import math
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hexapla.errors import Fault, InputError

MAX_FILE = 1_000_000_000  # bytes
MAX_LINE = 4_000_000  # bytes; a line is one document
MAX_DIGITS = 18  # of a whole number: fits 64 bits

_MAGIC = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
}
# protocols 2 to 5 begin with a byte of their own; 0 and 1 are known by their opcodes around the first name
_PICKLE = re.compile(rb"\x80[\x02-\x05]|\([ld]p\d|c[\w.]+\n[\w.]+\n|[\]}]q")
_UTF16 = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"{\x00": "UTF-16 without a mark",
    b"\x00{": "UTF-16 without a mark",
    b"\xef\xbb\xbf": "UTF-8 with a mark",
}


class Bad(Exception):
    """A fault whose place the caller knows."""

    def __init__(self, code: str, found: str, expected: str = "", fix: str = "") -> None:
        self.parts = code, found, expected, fix

    def at(self, where: str, index: int | None = None) -> Fault:
        """The fault, at a place; `index` is that of a mention in the line."""
        code, found, expected, fix = self.parts
        return Fault(code, where, f"mention {index}: {found}" if index else found, expected, fix)


def show(value: Any) -> str:
    """An excerpt of what a stranger wrote, safe to print: control, bidi and lone surrogate characters escaped, cut at 60.

    >>> show("a\\u202eb")
    "'a\\\\u202eb'"
    """
    text = repr(value[:60]) if isinstance(value, str) else _outline(value)
    return plain(text if len(text) <= 80 else text[:79] + "…")


def plain(text: str) -> str:
    """The text with what does not print escaped: line breaks, control and bidi characters, lone surrogates."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _outline(value: Any) -> str:
    """`repr`, but of the first members of a list or object only: it may hold a million."""
    if isinstance(value, list):
        return "[" + ", ".join(_outline(v) for v in value[:1]) + (", …]" if len(value) > 1 else "]")
    if isinstance(value, dict):
        names = list(value)[:3]
        return "{" + ", ".join(repr(name[:20]) for name in names) + (", …}" if len(value) > 3 else "}")
    return repr(value[:60] if isinstance(value, str) else value)


def plain_file(path: Path, limit: int = MAX_FILE) -> int:
    """The size in bytes of a file that is really one; links, folders, devices and what is too large are refused."""
    try:
        info = path.lstat()
    except (OSError, ValueError):
        raise InputError(
            Fault(
                "no-file", str(path), "no such file", "", "check the path; docs/scoring.md says what goes in"
            )
        ) from None
    if stat.S_ISLNK(info.st_mode):
        raise InputError(Fault("link", str(path), "a symbolic link", "a plain file", "give the file itself"))
    if not stat.S_ISREG(info.st_mode):
        raise InputError(Fault("no-file", str(path), "a folder or device", "a plain file", "give a file"))
    if info.st_size > limit:
        raise InputError(
            Fault("too-large", str(path), f"{info.st_size:,} bytes", f"at most {limit:,}", "make it smaller")
        )
    return info.st_size


def lines(path: Path, most: int) -> Iterator[tuple[int, str]]:
    """(1-based number, text) of the lines that are not blank. `InputError` for what is no JSONL, or has over `most` lines."""

    def refuse(code: str, where: str, found: str, expected: str, fix: str) -> InputError:
        return InputError(Fault(code, where, found, expected, fix))

    plain_file(path)
    with path.open("rb") as file:
        head = file.read(64)
        if name := next((name for magic, name in _MAGIC.items() if head.startswith(magic)), ""):
            raise refuse("archive", str(path), name, "JSON lines as plain UTF-8 text", "unpack it")
        if _PICKLE.match(head):
            raise refuse("pickle", str(path), "a pickle: it is not opened", "JSON lines as plain UTF-8 text",
                         "write the predictions as JSON")  # fmt: skip
        if name := next((name for mark, name in _UTF16.items() if head.startswith(mark)), ""):
            raise refuse("other-encoding", str(path), name, "UTF-8 without a mark", "save the file as UTF-8")
        file.seek(0)
        number = 0
        while raw := file.readline(MAX_LINE + 1):
            number += 1
            where = f"{path}:{number}"
            if len(raw) > MAX_LINE:
                raise refuse("long-line", where, f"a line of more than {MAX_LINE:,} bytes", "one document a line", "split the file")  # fmt: skip
            if number > most:
                raise refuse("too-many-lines", where, f"more than {most:,} lines", "one for each document", "remove blank lines")  # fmt: skip
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise refuse("not-utf8", where, f"byte {raw[error.start]:#04x} at column {error.start}", "UTF-8 without a mark",
                             "save the file as UTF-8") from None  # fmt: skip
            if line.strip():
                yield number, line


# ---- JSON ----------------------------------------------------------------------------------------------------------


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise Bad("duplicate-key", f"{show(twice)} stands twice in an object", "once", "keep one of the two")
    return record


def _constant(name: str) -> Any:
    raise Bad("nan", name, "a number of JSON", "leave out what is undefined")


def _int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Bad("long-integer", f"a whole number of {len(digits):,} digits, {digits[:12]}…", f"at most {MAX_DIGITS} digits",
                  "values are strings")  # fmt: skip
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Bad("infinite-number", show(digits), "a finite number", "values are strings")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_int=_int, parse_float=_float
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_line(line: str) -> Any:
    """The one JSON value of a line; `Bad` says what is wrong with it."""
    text = line.strip(" \t\r\n")
    try:
        record, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        raise Bad("bad-json", f"{error.msg} at column {error.colno}", "JSON", "mend the line") from None
    except RecursionError:
        raise Bad("deep-nesting", "lists or objects nested too deeply", "an object with a list of objects",
                  "write what docs/scoring.md shows") from None  # fmt: skip
    if end < len(text):
        rest = text[end:].lstrip(" \t,")
        if rest.startswith(("{", "[")):
            raise Bad("two-objects", "a second value on the line", "one object a line", "break the line")
        raise Bad("bad-json", f"more after the object: {show(rest)}", "one object a line", "mend the line")
    if "\\ud" in text.lower() and _SURROGATE.search(json.dumps(record, ensure_ascii=False)):
        raise Bad("half-character", "an escaped surrogate without its other half", "whole characters", "write them as UTF-8")  # fmt: skip
    return record
