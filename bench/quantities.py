"""Measure the number extractor: speed, linear time, a long fuzz, and scores on case files with an outside ruler.

    python bench/quantities.py speed                                   sentences a second, loading, 1 MB of one thing
    python bench/quantities.py fuzz [N]                                N random strings over all scripts
    python bench/quantities.py results --ruler SCRIPT --cases FILE [--peers]     scores, into docs/quantities.md

`SCRIPT` is called as `python SCRIPT hexapla.quantities:extract --cases FILE --json OUT`; its JSON holds, per
source/language/model, the counts gold, value_tp, fp, kind_ok, unit_ok, unit_n. `speed` and `results` write their tables
between the markers of `docs/quantities.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from hexapla.quantities import extract
from hexapla.quantities.coverage import replace, table
from hexapla.quantities.tables import locale

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "quantities.md"
SEEDS = {
    "fil": "000_3a684e7bccfa2e7b",
    "ar": "001_a79dcb9d40726754",
    "pl": "002_09e63cda75ce1be0",
    "pt": "003_6868148a03f71b00",
}


def write(name: str, content: str) -> None:
    DOC.write_text(replace(DOC.read_text("utf-8"), name, content), "utf-8")


def speed() -> None:
    """Seed articles cut at sentence ends, one core, CPU time; the best of five runs."""
    lines = ["| text | sentences | sentences / s | locale loads in |", "|---|---|---|---|"]
    for lang, name in SEEDS.items():
        text = (ROOT / "seeds" / f"{name}.txt").read_text("utf-8")
        sentences = [s for s in re.split(r"(?<=[.!?؟])\s+|\n+", text) if len(s) > 20]
        locale.cache_clear()
        start = time.process_time()
        locale(lang)
        loading = time.process_time() - start
        best = 0.0
        for _ in range(5):
            start = time.process_time()
            for _ in range(10):
                for sentence in sentences:
                    extract(sentence, lang)
            best = max(best, 10 * len(sentences) / (time.process_time() - start))
        lines.append(f"| seed article, {lang} | {len(sentences)} | {best:,.0f} | {1000 * loading:.0f} ms |")
    lines += ["", "| 1 MB of | lang | 100 kB | 1 MB |", "|---|---|---|---|"]
    for unit, lang in (
        ("9", "en"),
        ("1,", "en"),
        ("one hundred and ", "en"),
        ("isang daan at ", "fil"),
        ("百", "zh"),
    ):
        times = []
        for size in (100_000, 1_000_000):
            start = time.process_time()
            extract(unit * (size // len(unit)), lang)
            times.append(time.process_time() - start)
        lines.append(f"| `{unit}` | {lang} | {times[0]:.1f} s | {times[1]:.1f} s |")
    write("speed", "\n".join(lines))
    print("\n".join(lines))


def fuzz(number: int) -> None:
    """Random strings over all scripts and over the extractor's own words; stops at the first broken promise."""
    pick = random.Random(20260116)
    languages = [
        "en",
        "fil",
        "ar",
        "pl",
        "pt",
        "es",
        "fr",
        "de",
        "it",
        "nl",
        "ru",
        "uk",
        "tr",
        "hi",
        "id",
        "vi",
        "zh",
        "ja",
        "ko",
        "sv",
        "ro",
        "sw",
        "th",
        "he",
        "bn",
        "ta",
        "fa",
    ]
    words = {lang: list(locale(lang).known) for lang in languages}
    blocks = [(0, 0x250), (0x250, 0x600), (0x600, 0x780), (0x900, 0xE80), (0x1000, 0x1100), (0x2000, 0x2200), (0x3000, 0x3100),
              (0x4E00, 0x5000), (0xAC00, 0xAE00), (0xD800, 0xE000), (0xFE00, 0x10000), (0x10000, 0x1F700)]  # fmt: skip
    found = 0
    for _ in range(number):
        lang = pick.choice(languages)
        parts = []
        for _ in range(pick.randint(1, 12)):
            kind = pick.random()
            if kind < 0.4:
                parts.append(pick.choice(words[lang]))
            elif kind < 0.7:
                parts.append(
                    "".join(pick.choice("0123456789.,-/:%$€ '٣٫½²") for _ in range(pick.randint(1, 8)))
                )
            else:
                low, high = pick.choice(blocks)
                parts.append("".join(chr(pick.randrange(low, high)) for _ in range(pick.randint(1, 8))))
        text = pick.choice(("", " ", "-", "\n")).join(parts)
        last = 0
        for mention in extract(text, lang):
            assert mention.start >= last, (lang, text)
            assert mention.start <= mention.number_start < mention.number_end <= mention.end, (lang, text)
            assert text[mention.start : mention.end] == mention.surface, (lang, text)
            mention.quantity.to_json()
            last = mention.end
            found += 1
    print(f"{number} strings, {found} mentions, no exception")


def _f(tp: int, fp: int, gold: int) -> float:
    return 200 * tp / (tp + fp + gold) if tp + fp + gold else 0.0


def beside(own: dict[str, Counter[str]], peers: dict[str, dict[str, Counter[str]]]) -> list[str]:
    """A row per other package and source: its macro scores, and ours over the languages that it reads."""
    lines = [
        "",
        "| package | cases | languages | value recall / precision | typF | sentences / s | here: recall / precision | typF | sentences / s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]

    def scores(
        counts: dict[str, Counter[str]], source: str, languages: set[str]
    ) -> tuple[float, float, float, float]:
        total: dict[str, Counter[str]] = defaultdict(Counter)
        for key, n in counts.items():
            if key.split("/")[0] == source and key.split("/")[1] in languages:
                total[key.split("/")[1]].update(n)
        every = [n for n in total.values() if n["gold"]]
        recall = sum(100 * n["value_tp"] / n["gold"] for n in every) / len(every)
        precision = sum(100 * n["value_tp"] / max(n["value_tp"] + n["fp"], 1) for n in every) / len(every)
        typed = sum(_f(n["kind_ok"], n["value_tp"] + n["fp"] - n["kind_ok"], n["gold"]) for n in every) / len(
            every
        )
        return (
            recall,
            precision,
            typed,
            sum(n["cases"] for n in every) / max(sum(n["t"] for n in every), 1e-9),
        )

    for name, theirs in peers.items():
        for source in ("spec", "duckling"):
            languages = {
                k.split("/")[1]
                for k, n in theirs.items()
                if k.startswith(source) and not n["unsupported"] and not n["errors"]
            }
            if languages:
                a, b = scores(theirs, source, languages), scores(own, source, languages)
                typed = f"{a[2]:.0f}" if a[2] else "–"
                lines.append(
                    f"| {name} | {source} | {len(languages)} | {a[0]:.0f} / {a[1]:.0f} | {typed} | {a[3]:,.0f} | {b[0]:.0f} / {b[1]:.0f} | {b[2]:.0f} | {b[3]:,.0f} |"
                )
    return lines


# name -> (function of quantities_peers.py, what its environment needs)
PEERS = {
    "ms-recognizers-text-suite": ("recognizers", ("ms-recognizers-text-suite", "setuptools<81")),
    "words2num2": ("words2num2", ("words2num2",)),
    "text2num": ("text2num", ("text2num",)),
    "quantulum3": ("quantulum3", ("quantulum3", "setuptools<81")),
}


def run_peers(ruler: str, cases: str) -> dict[str, dict[str, Counter[str]]]:
    """The ruler's counts of every other package, each in a new environment of its own, one after the other."""
    counts = {}
    for name, (function, packages) in PEERS.items():
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name} …", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python, out = f"{folder}/bin/python", f"{folder}/out.json"
            subprocess.run([python, "-m", "pip", "install", "-q", "Babel", *packages], check=True)
            command = [
                python,
                ruler,
                f"quantities_peers:{function}",
                "--cases",
                cases,
                "--brief",
                "--json",
                out,
            ]
            path = os.environ | {"PYTHONPATH": str(ROOT / "bench")}
            subprocess.run(command, check=True, env=path, cwd=folder, stdout=subprocess.DEVNULL)
            counts[name] = {k: Counter(v) for k, v in json.loads(Path(out).read_text("utf-8")).items()}
    return counts


def results(ruler: str, cases: str, with_peers: bool) -> None:
    """Scores by model and by language, of all cases and of the natural ones; beside other packages in the same run."""
    peers = run_peers(ruler, cases) if with_peers else {}
    runs: dict[str, dict[str, Counter[str]]] = {}
    for name, extra in (("all", []), ("natural", ["--natural"])):
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            command = [
                sys.executable,
                ruler,
                "hexapla.quantities:extract",
                "--cases",
                cases,
                "--brief",
                "--json",
                out.name,
                *extra,
            ]
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
            runs[name] = {k: Counter(v) for k, v in json.loads(Path(out.name).read_text("utf-8")).items()}

    def row(title: str, n: Counter[str]) -> str:
        predicted = n["value_tp"] + n["fp"]
        unit = f"{100 * n['unit_ok'] / n['unit_n']:.1f}" if n["unit_n"] else "–"
        recall = 100 * n["value_tp"] / n["gold"] if n["gold"] else 0
        typed = _f(n["kind_ok"], predicted - n["kind_ok"], n["gold"])
        return f"| {title} | {n['gold']} | {recall:.1f} | {_f(n['value_tp'], n['fp'], n['gold']):.1f} | {typed:.1f} | {unit} |"

    head = "| cases | numbers | value recall | value F | typF | unit |\n|---|---|---|---|---|---|"
    lines = [head]
    for source in ("spec", "duckling"):
        for name in ("all", "natural") if source == "spec" else ("all",):
            total: dict[str, Counter[str]] = defaultdict(Counter)
            for key, n in runs[name].items():
                if key.startswith(source):
                    total[key.split("/")[2]].update(n)
            lines += [row(f"{source}, {name}: {model}", n) for model, n in sorted(total.items())]
    lines += ["", head.replace("cases", "language", 1)]
    recalls: dict[str, list[float]] = defaultdict(list)
    for source in ("spec", "duckling"):
        total = defaultdict(Counter)
        for key, n in runs["all"].items():
            if key.startswith(source):
                total[key.split("/")[1]].update(n)
        for lang, n in sorted(total.items()):
            lines.append(row(f"{source} {lang}", n))
            recalls[source].append(100 * n["value_tp"] / n["gold"])
    for source, values in recalls.items():
        lines.append(
            f"\nValue recall, macro over the {len(values)} languages of {source}: {sum(values) / len(values):.1f}."
        )
    if peers:
        lines += beside(runs["all"], peers)
    write("results", "\n".join(lines))
    print("\n".join(lines))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("speed", "fuzz", "results", "coverage"))
    parser.add_argument("number", nargs="?", type=int, default=100_000)
    parser.add_argument("--ruler")
    parser.add_argument("--cases")
    parser.add_argument(
        "--peers", action="store_true", help="install and run the other packages too (minutes)"
    )
    args = parser.parse_args()
    if args.what == "speed":
        speed()
    elif args.what == "fuzz":
        fuzz(args.number)
    elif args.what == "coverage":
        write("coverage", table())
    elif args.ruler and args.cases:
        results(args.ruler, args.cases, args.peers)
    else:
        parser.error("results needs --ruler and --cases")


if __name__ == "__main__":
    main()
