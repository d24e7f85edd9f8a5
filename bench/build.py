"""Speed and memory of the build at several sizes: seconds by stage, sentences per second, peak memory.

python bench/build.py [--json] [DOCUMENTS …]

Each size runs in a process of its own, on synthetic articles in six languages: the blocks of the demo article in another
order, with other names and other digits, alike in all languages of an article. `texts` is ingest and segmentation alone.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import hexapla
from hexapla.build import align, annotate, group, segment
from hexapla.corpus import Corpus
from hexapla.ingest import ingest
from hexapla.store import read_mentions, write_corpus

SEEDS = Path(hexapla.__file__).parent / "demo/seeds"
GOLD = Path(hexapla.__file__).parent / "demo/gold/kite"
SIZES = (12, 60, 240, 600)
TEXTS = 2000
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ke",
    "li",
    "mo",
    "nu",
    "pa",
    "re",
    "si",
    "to",
    "vu",
    "za",
    "che",
    "dra",
    "fli",
    "gro",
]


def write_articles(folder: Path, documents: int) -> None:
    """That many documents, six an article, without a manifest."""
    blocks = {
        file.stem: file.read_text("utf-8").strip().split("\n\n") for file in sorted(SEEDS.glob("*.txt"))
    }
    names = {
        lang: {m.surface: m.fact_id for m in read_mentions(GOLD / f"kite-{lang}.json")[3] if not m.is_number}
        for lang in blocks
    }
    facts = sorted({str(fact) for table in names.values() for fact in table.values()})
    for number in range(documents):
        lang = sorted(blocks)[number % len(blocks)]
        rng = random.Random(number // len(blocks))
        order = [0, *rng.sample(range(1, len(blocks[lang])), len(blocks[lang]) - 1)]
        digits = str.maketrans("123456789", "".join(rng.sample("123456789", 9)))
        other = {fact: "".join(rng.choices(SYLLABLES, k=4)).title() for fact in facts}
        known = re.compile("|".join(map(re.escape, sorted(names[lang], key=len, reverse=True))))
        text = "\n\n".join(blocks[lang][i] for i in order).translate(digits)
        text = known.sub(lambda m, table=names[lang], other=other: other[str(table[m.group()])], text)  # type: ignore[misc]
        (folder / f"{number:05d}.{lang}.txt").write_text(text + "\n", "utf-8")


def peak_mib() -> int:
    """Of this process since it began; `ru_maxrss` would count its parent's memory too."""
    status = Path("/proc/self/status")
    if status.exists():
        return round(int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) / 1024)  # type: ignore[index]
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(documents: int, texts_only: bool) -> dict[str, Any]:
    """One build, in this process."""
    seconds: dict[str, float] = {}
    clock = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal clock
        seconds[stage], clock = round(time.perf_counter() - clock, 2), time.perf_counter()

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        folder.mkdir()
        write_articles(folder, documents)
        clock = time.perf_counter()
        found, _ = ingest(folder)
        lap("ingest")
        found = [segment(d) for d in found]
        lap("segment")
        sentences, articles = sum(len(d.sentences) for d in found), None
        if not texts_only:
            corpus = group(found)
            articles = len(corpus.articles)
            lap("group")
            corpus = Corpus(tuple(align(a) for a in corpus.articles))
            lap("align")
            corpus = Corpus(tuple(annotate(a, None) for a in corpus.articles))
            lap("annotate")
            write_corpus(corpus, Path(place) / "out")
            lap("write")
    return {
        "documents": documents,
        "articles": articles,
        "sentences": sentences,
        "seconds": seconds,
        "sentences_per_second": round(sentences / sum(seconds.values())),
        "peak_mib": peak_mib(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="DOCUMENTS")
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of a table")
    parser.add_argument(
        "--texts", type=int, default=TEXTS, help="documents for ingest and segmentation alone; 0 for none"
    )
    parser.add_argument("--one", choices=("build", "texts"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.sizes[0], options.one == "texts")))
        return
    jobs = [(n, "build") for n in options.sizes] + ([(options.texts, "texts")] if options.texts else [])
    rows = []
    stages = ("ingest", "segment", "group", "align", "annotate", "write")
    if not options.json:
        print(
            f"{'documents':>10}{'articles':>10}{'sentences':>10}"
            + "".join(f"{s:>10}" for s in stages)
            + f"{'sent./s':>10}{'peak MiB':>10}"
        )
    for number, kind in jobs:
        done = subprocess.run(
            [sys.executable, __file__, "--one", kind, str(number)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        rows.append(json.loads(done.stdout) | {"stages": kind})
        if not options.json:
            row = rows[-1]
            cells = [row["seconds"].get(stage, "") for stage in stages]
            print(
                f"{number:>10,}{row['articles'] or '':>10}{row['sentences']:>10,}"
                + "".join(f"{cell:>10}" for cell in cells)
                + f"{row['sentences_per_second']:>10,}{row['peak_mib']:>10,}",
                flush=True,
            )
    if options.json:
        print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
