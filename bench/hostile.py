"""Hostile submissions through `hexapla submit check`, a process each: seconds and memory, the start of Python included.

python bench/hostile.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hostile import CASES, sound
from toy import corpus

from hexapla.store import write_corpus

LIMITS = 2.0, 300.0  # seconds, MB


def main() -> int:
    over = 0
    worst = [("", 0.0), ("", 0.0)]
    print("| submission | code | CPU s | elapsed s | MB |\n|---|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as place:
        write_corpus(corpus(), Path(place) / "gold")
        for n, (name, (code, spoil)) in enumerate(CASES.items()):
            folder = sound(Path(place) / f"s{n}")
            spoil(folder)
            start = time.monotonic()
            with (Path(place) / "told").open("w+") as told:
                command = [sys.executable, "-m", "hexapla", "submit", "check", str(folder), "--gold", f"{place}/gold"]  # fmt: skip
                process = subprocess.Popen(command, stdout=told, stderr=told)
                _, _, used = os.wait4(process.pid, 0)
                process.returncode = 1
                told.seek(0)
                text = told.read()
            seconds, elapsed = used.ru_utime + used.ru_stime, time.monotonic() - start
            memory = used.ru_maxrss / 1024
            sound_code = f"[{code}]" in text and "Traceback" not in text
            over += not sound_code or seconds > LIMITS[0] or memory > LIMITS[1]
            worst = [max(worst[0], (name, seconds), key=lambda w: w[1]), max(worst[1], (name, memory), key=lambda w: w[1])]  # fmt: skip
            print(
                f"| {name} | {code if sound_code else 'NOT ' + code} | {seconds:.2f} | {elapsed:.2f} | {memory:.0f} |"
            )
    print(f"\n{len(CASES)} submissions; longest {worst[0][1]:.2f} CPU s ({worst[0][0]}), most memory {worst[1][1]:.0f} MB ({worst[1][0]}); {over} over the limits")  # fmt: skip
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
