"""Time and memory of a release, over its number of documents.

    .venv/bin/python bench/release.py [--articles 200 2000] [--stored] [--standoff]

The articles are made up, in six languages, each of `--sentences` sentences with names and numbers. They are made one at a time,
as `hexapla release` reads a built corpus; `--stored` writes them as a built corpus first and releases that. Each size is
measured in a process of its own; memory is its largest resident set.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from hexapla.corpus import Article, Bead, Block, Corpus, Document, Fact, Mention, Source, sha256
from hexapla.values import Quantity

LANGS = ("ar", "en", "fil", "pl", "pt", "zh")
WORDS = [
    "harbour",
    "kite",
    "library",
    "baker",
    "ferry",
    "orchard",
    "window",
    "lantern",
    "market",
    "bridge",
    "river",
    "garden",
    "teacher",
    "engine",
    "season",
    "letter",
]


@dataclass(frozen=True, slots=True)
class Invented:
    """`number` articles, each the same whenever it is made."""

    number: int
    sentences: int

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Article]:
        return (article(f"a{n:07}", self.sentences) for n in range(self.number))

    @property
    def langs(self) -> Mapping[str, tuple[str, ...]]:
        return dict.fromkeys((f"a{n:07}" for n in range(self.number)), LANGS)


def article(name: str, sentences: int) -> Article:
    """An article in six languages; the words are English in all of them, which costs the same."""
    documents, places = [], {}
    for lang in LANGS:
        rng = random.Random(f"{name}-{lang}")
        text, spans, mentions = "", [], []
        for n in range(sentences):
            start = len(text)
            for piece in (
                *rng.choices(WORDS, k=9),
                f"Rosa{n}",
                *rng.choices(WORDS, k=5),
                f"{rng.randrange(10**6)}",
            ):
                if piece.startswith("Rosa") or piece.isdigit():
                    number = piece.isdigit()
                    quantity = Quantity("cardinal", Fraction(piece)) if number else None
                    at = len(text)
                    mentions.append(
                        Mention(f"m{len(mentions)}", at, at + len(piece), piece, "CARDINAL" if number else "PER", f"{'n' if number else 'p'}{n}", quantity)
                    )  # fmt: skip
                text += piece + " "
            text = text[:-1] + ".\n"
            spans.append((start, len(text) - 1))
        text = text[:-1]
        source = Source(
            f"{name}-{lang}",
            f"{name}-{lang}.txt",
            lang,
            sha256(text),
            name,
            licence="CC-BY-4.0" if lang == "en" else "",
        )
        documents.append(Document(source, text, (Block(0, len(text)),), tuple(spans), tuple(mentions)))
        places[lang] = spans
    facts = {f"p{n}": Fact(f"p{n}", "PER", f"Rosa{n}") for n in range(sentences)} | {
        f"n{n}": Fact(f"n{n}", "CARDINAL") for n in range(sentences)
    }
    beads = tuple(Bead(f"b{n}", {lang: (places[lang][n],) for lang in LANGS}) for n in range(sentences))
    return Article(name, tuple(documents), beads, facts)


def measure(number: int, sentences: int, stored: bool, standoff: bool) -> None:
    """One size, in this process; prints a line of JSON."""
    from hexapla.release import Stored, release
    from hexapla.store import write_article, write_corpus

    articles = Invented(number, sentences)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = articles
        if stored:
            place = folder / "build"
            for one in articles:  # one at a time: the corpus is never in memory
                write_corpus(Corpus((one,)), folder / "one")
                (place / "texts").mkdir(parents=True, exist_ok=True)
                for file in (folder / "one" / "texts").iterdir():
                    file.rename(place / "texts" / file.name)
                write_article(one, place / "annotations")
                with (place / "manifest.toml").open("a", encoding="utf-8") as manifest:
                    manifest.write(
                        (folder / "one" / "manifest.toml").read_text("utf-8").split("\n\n", 1)[1].rstrip("\n")
                        + "\n\n"
                    )
                (folder / "one" / "manifest.toml").unlink()
        started = time.perf_counter()
        release(
            Stored(place) if stored else source,
            folder / "data",
            "0.1.0",
            annotation=folder / "none",
            standoff=standoff,
        )
        seconds = time.perf_counter() - started
        size = sum(f.stat().st_size for f in (folder / "data").rglob("*.parquet"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"documents": number * len(LANGS), "seconds": round(seconds, 1), "documents_per_second": round(number * len(LANGS) / seconds),
                      "peak_mb": round(peak), "parquet_mb": round(size / 1e6, 1)}))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, nargs="+", default=[167, 1667, 16667], help="six documents each"
    )
    parser.add_argument("--sentences", type=int, default=10)
    parser.add_argument("--stored", action="store_true")
    parser.add_argument("--standoff", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        measure(given.one, given.sentences, given.stored, given.standoff)
        return
    flags = [f"--{name}" for name in ("stored", "standoff") if getattr(given, name)]
    for number in given.articles:
        subprocess.run([sys.executable, __file__, "--one", str(number), "--sentences", str(given.sentences), *flags], check=True)  # fmt: skip


if __name__ == "__main__":
    main()
