"""Submissions that come by pull request, between two jobs: the first has no rights, the second no foreign code.

    python -I leaderboard/incoming.py check --base base --incoming incoming --out incoming.json
    python leaderboard/incoming.py add --incoming incoming.json --submissions leaderboard/submissions --gold data

`check` compares two checkouts: a pull request adds folders of submissions and changes nothing else. It writes the files
of these folders into one JSON file of names and texts. `add` reads that file as input from a stranger, writes the folders
into an empty place, checks each again and adds it. Exit codes as those of `hexapla`.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import sys
import tempfile
from pathlib import Path

from hexapla.errors import CheckFailed, Fault, HexaplaError, InputError
from hexapla.jsonlines import plain, plain_file, show
from hexapla.score.gold import read_gold
from hexapla.store import parse_json, read_text, write_text
from hexapla.submission import NAMES, add, is_name, read_submission

SUBMISSIONS = Path("leaderboard") / "submissions"
MAX_BYTES = 50_000_000  # of all files together
MAX_NEW = 5  # submissions in one pull request


def check(base: Path, incoming: Path, out: Path) -> list[str]:
    """The names of the new submissions; their files go to `out`. `InputError` with all faults."""
    faults = [
        Fault("other-change", plain(str(path)), "not a new submission", f"new folders in {SUBMISSIONS} only", "make it a pull request of its own")
        for path in changed(base, incoming)
    ]  # fmt: skip
    if faults:
        raise InputError(faults[:100])
    new = sorted(set(os.listdir(incoming / SUBMISSIONS)) - set(os.listdir(base / SUBMISSIONS)))
    if not 0 < len(new) <= MAX_NEW:
        raise CheckFailed(
            Fault("no-submission", str(SUBMISSIONS), f"{len(new)} new folders", f"1 to {MAX_NEW}")
        )
    gold = read_gold(base / "data")
    told: dict[str, dict[str, str]] = {}
    for name in new:
        folder = incoming / SUBMISSIONS / name
        try:
            read_submission(folder, gold)
            told[name] = {file: read_text(folder / file) for file in NAMES if (folder / file).is_file()}
        except HexaplaError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    write_text(out, json.dumps(told, ensure_ascii=False))
    return new


def changed(base: Path, incoming: Path) -> list[Path]:
    """What differs between two checkouts, new folders of submissions left out; names only, nothing is opened as code."""
    found: list[Path] = []
    waiting = [Path()]
    while waiting and len(found) < 100:
        place = waiting.pop()
        ours, theirs = (
            {e.name: e for e in os.scandir(root / place) if (place / e.name) != Path(".git")}
            if (root / place).is_dir()
            else {}
            for root in (base, incoming)
        )
        for name in sorted(ours.keys() | theirs.keys()):
            path, a, b = place / name, ours.get(name), theirs.get(name)
            if place == SUBMISSIONS and a is None:
                continue  # a new submission
            if a is None or b is None or a.is_symlink() != b.is_symlink():
                found.append(path)
            elif a.is_symlink():
                if os.readlink(a) != os.readlink(b):
                    found.append(path)
            elif a.is_dir() and b.is_dir():
                waiting.append(path)
            elif a.is_dir() or b.is_dir() or not filecmp.cmp(base / path, incoming / path, shallow=False):
                found.append(path)
    return found


def add_all(incoming: Path, submissions: Path, gold: Path) -> list[str]:
    """Add what `check` wrote; a name that is taken is refused. `InputError` if the file is not what `check` writes."""
    plain_file(incoming, MAX_BYTES)
    told = parse_json(read_text(incoming, MAX_BYTES), str(incoming))
    sound = isinstance(told, dict) and 0 < len(told) <= MAX_NEW
    if not sound or not all(is_name(name) and _are_files(files) for name, files in told.items()):
        raise InputError(
            Fault("bad-record", str(incoming), show(told), "names of submissions with their files")
        )
    with tempfile.TemporaryDirectory() as place:
        for name, files in told.items():
            for file, text in files.items():
                write_text(Path(place) / name / file, text)
        for name in told:
            add(Path(place) / name, gold, submissions)
    return sorted(told)


def _are_files(files: object) -> bool:
    return isinstance(files, dict) and all(n in NAMES and isinstance(t, str) for n, t in files.items())


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("check", "add"))
    parser.add_argument("--base", type=Path, default=Path())
    parser.add_argument("--incoming", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("incoming.json"))
    parser.add_argument("--submissions", type=Path, default=SUBMISSIONS)
    parser.add_argument("--gold", type=Path, default=Path("data"))
    options = parser.parse_args()
    try:
        if options.what == "check":
            names = check(options.base, options.incoming, options.out)
        else:
            names = add_all(options.incoming, options.submissions, options.gold)
    except HexaplaError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{options.what}: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
