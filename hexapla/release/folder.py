"""The folder of a release: its checksums, and the exchange of an older release for a new one."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from hexapla.errors import Fault, InputError
from hexapla.store import read_text

CHECKSUMS = "manifest.sha256"
"""One line a file, as `sha256sum -c` reads it."""


def digest(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(folder: Path) -> str:
    """`<sha256>  <path>` of every file below `folder` but the list itself, in order of path."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{digest(folder / file)}  {file}\n" for file in files if file != CHECKSUMS)


def read_checksums(path: Path) -> dict[str, str]:
    """File -> hex digest; `InputError` names the line that is not `<sha256>  <path inside the folder>`."""
    listed: dict[str, str] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        match = re.fullmatch(r"([0-9a-f]{64})  ([^/\\\0][^\\\0]*)", line)
        if not match or ".." in match[2].split("/") or match[2] in listed:
            raise InputError(
                Fault(
                    "bad-manifest", f"{path}:{number}", f"{line[:100]!r}", "<sha256>, two spaces, a file once"
                )
            )
        listed[match[2]] = match[1]
    return listed


def old_files(out: Path) -> set[str]:
    """The files of the release that `out` holds; refuses a folder that is something else."""
    if not out.exists() or (out.is_dir() and all(p.name.startswith(".") for p in out.iterdir())):
        return set()
    if not (out / CHECKSUMS).is_file():
        raise InputError(Fault("not-a-release", str(out), f"no {CHECKSUMS} in it", "a new folder or an older release", "choose another folder"))  # fmt: skip
    return set(read_checksums(out / CHECKSUMS))


def move(fresh: Path, out: Path, old: Iterable[str]) -> None:
    """Each file by a rename, the checksums last: a release that was cut off does not pass validation."""
    new = sorted(p.relative_to(fresh).as_posix() for p in fresh.rglob("*") if p.is_file())
    for file in sorted(set(old) - set(new)):
        (out / file).unlink(missing_ok=True)
    for file in [*(f for f in new if f != CHECKSUMS), CHECKSUMS]:
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh / file, out / file)
    for folder in {(out / file).parent for file in old} - {out}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
