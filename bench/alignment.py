"""Measure segmentation, alignment, n-way beads and document relation, beside other aligners.

    python bench/alignment.py TOOL [--what segment,align,confidence,nway,relate,groups,book,size] [--max-docs 40]

TOOL is the folder that holds `score_alignment.py` and, beside it, its cases; they are not part of this repository. Of the
80 documents, the weights were fitted on those from number 40 on; `--max-docs 40` measures on the others. Aligners that
learn from a set learn from these documents as well, without their beads.

NLTK's gale_church, the Rust galechurch and ICU's break iterator are compared where they are installed: pip install nltk
galechurch icu4py.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from hexapla import langs
from hexapla.align import Aligner, align, relate
from hexapla.align.embedding import Encoder, encoder
from hexapla.align.pairwise import Beads
from hexapla.segment import sentences

CONFIDENCE = (0.0, 0.4, 0.6, 0.8, 0.9, 0.97, 1.0)  # bounds of the bins
learning = Aligner()  # for `score_alignment.py --aligner bench.alignment:learning`


def gale_church(src: list[str], tgt: list[str], src_lang: str, tgt_lang: str) -> Beads:
    """NLTK's aligner; it gives sentence pairs, which are joined into beads."""
    from nltk.translate.gale_church import align_blocks

    links = align_blocks([len(s) for s in src], [len(t) for t in tgt])
    return _joined(links, len(src), len(tgt))


def rust_gale_church(src: list[str], tgt: list[str], src_lang: str, tgt_lang: str) -> Beads:
    """The package galechurch; lines such as `[0]:[0, 1]`."""
    import galechurch

    lines = [line.split(":") for line in galechurch.align(src, tgt).to_pharaoh_lines()]
    return [(json.loads(x), json.loads(y)) for x, y in lines]


def vecalign(encode: Encoder, largest: int = 6) -> Callable[..., Beads]:
    """Vecalign's dynamic programming, as the package sentweave has it: beads of up to `largest` sentences, both sides
    together; deletion percentile .05, since the usual .2 is bad on short documents."""

    def aligned(src: list[str], tgt: list[str], src_lang: str, tgt_lang: str) -> Beads:
        import sentweave

        found = sentweave.align(
            src, tgt, encode, alignment_max_size=largest, del_percentile_frac=0.05
        ).alignments
        return [(list(bead.src_indices), list(bead.tgt_indices)) for bead in found]

    return aligned


def _joined(links: Sequence[tuple[int, int]], n: int, m: int) -> Beads:
    beads: Beads = []
    for i, j in sorted(links):
        if beads and (i in beads[-1][0] or j in beads[-1][1]):
            beads[-1] = (sorted({*beads[-1][0], i}), sorted({*beads[-1][1], j}))
        else:
            beads.append(([i], [j]))
    seen_i, seen_j = {i for x, _ in beads for i in x}, {j for _, y in beads for j in y}
    return (
        beads
        + [([i], []) for i in range(n) if i not in seen_i]
        + [([], [j]) for j in range(m) if j not in seen_j]
    )


def aligners(encoders: Sequence[str]) -> dict[str, Callable[..., Beads]]:
    found: dict[str, Callable[..., Beads]] = {
        "hexapla, each document alone": align,
        "hexapla, learning from the set": learning,
    }
    for module, name, function in (
        ("galechurch", "galechurch", rust_gale_church),
        ("nltk", "NLTK gale_church", gale_church),
    ):
        if importlib.util.find_spec(module):
            found[name] = function
        else:
            print(f"{module} is not installed: left out")
    for name in encoders:
        encode = encoder(name)
        found[f"hexapla, each document alone + {name}"] = Aligner(encode)
        found[f"hexapla, learning from the set + {name}"] = Aligner(encode)
        if importlib.util.find_spec("sentweave"):
            found[f"vecalign's DP (sentweave) + {name}"] = vecalign(encode)
    return found


def icu_sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """ICU's break iterator, through the package icu4py; spans trimmed of white space."""
    from icu4py.breakers import SentenceBreaker

    pieces = SentenceBreaker(text, langs.base(langs.normalise(lang))).segments()
    return [(a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in pieces]


def measure_segment(tool: ModuleType, codes: Sequence[str]) -> None:
    """Boundaries in all documents with their lines joined, as `tool.segmentation`; speed in processor time."""
    segmenters: dict[str, Callable[[str, str], list[tuple[int, int]]]] = {"hexapla": sentences}
    if importlib.util.find_spec("icu4py"):
        segmenters["ICU"] = icu_sentences
    else:
        print("icu4py is not installed: left out")
    print("| language | segmenter | precision | recall | F1 | sentences/s |\n|---|---|---|---|---|---|")
    for code in codes:
        joint, lines = "" if code in tool.NOSPACE else " ", tool.ntrex_lines(code)
        for name, segmenter in segmenters.items():
            right = found = wanted = 0
            seconds = 0.0
            for indices in tool.ntrex_docs().values():
                units = [lines[i] for i in indices if lines[i]]
                text = joint.join(units)
                gold = {len(joint.join(units[:k])) for k in range(1, len(units))}
                begun = time.process_time()
                spans = segmenter(text, code)
                seconds += time.process_time() - begun
                ends = {end for _, end in spans if end < len(text)}
                right, found, wanted = right + len(gold & ends), found + len(ends), wanted + len(gold)
            precision, recall, f1 = tool.f1(right, found, right, wanted)
            print(
                f"| {code} | {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {found / seconds:.0f} |",
                flush=True,
            )


def measure_align(
    tool: ModuleType,
    max_docs: int,
    chosen: dict[str, Callable[..., Beads]],
    noise: Sequence[tuple[float, float]],
) -> None:
    """Speed leaves out what `fit` takes; with an encoder none is given, since `fit` has encoded the sentences already."""
    print(
        "| aligner | merge/drop | strict F1 | worst pair | lax F1 | not 1-1 | nulls | sentences/s |\n|---|---|---|---|---|---|---|---|"
    )
    for name, aligner in chosen.items():
        for merge, drop in noise:
            rows, units, seconds = [], 0, 0.0
            for pair in tool.PAIRS:
                a, b, cases = tool.ntrex_cases(pair, merge, drop)
                if isinstance(aligner, Aligner) and "learning" in name:
                    aligner.fit([(s, t) for _, s, t, _ in cases], a, b)
                begun = time.process_time()
                rows.append(tool.score([(gold, aligner(s, t, a, b)) for _, s, t, gold in cases[:max_docs]]))
                seconds += time.process_time() - begun
                units += sum(len(s) + len(t) for _, s, t, _ in cases[:max_docs])
            mean = {
                key: statistics.mean(row[key] for row in rows) for key in ("F1", "laxF1", "nmF1", "nullF1")
            }
            print(
                f"| {name} | {merge}/{drop} | {mean['F1']:.4f} | {min(row['F1'] for row in rows):.3f} | {mean['laxF1']:.3f} "
                f"| {mean['nmF1']:.3f} | {mean['nullF1']:.3f} | {'–' if '+' in name else round(units / seconds)} |",
                flush=True,
            )


def measure_confidence(tool: ModuleType, max_docs: int) -> None:
    """How often beads of a confidence are right: a confidence is calibrated if both columns are alike."""
    print(
        "| confidence | beads | mean confidence | right | beads, learning | mean | right |\n|---|---|---|---|---|---|---|"
    )
    columns = []
    for learns in (False, True):
        bins: list[list[tuple[float, bool]]] = [[] for _ in CONFIDENCE[1:]]
        for pair in tool.PAIRS:
            a, b, cases = tool.ntrex_cases(pair)
            aligner = Aligner().fit([(s, t) for _, s, t, _ in cases], a, b) if learns else Aligner()
            for _, s, t, gold in cases[:max_docs]:
                right = {(tuple(x), tuple(y)) for x, y in gold}
                for bead in aligner.beads(s, t, a, b):
                    at = max(n for n, least in enumerate(CONFIDENCE[:-1]) if bead.confidence >= least)
                    bins[at].append((bead.confidence, (bead.src, bead.tgt) in right))
        columns.append(bins)
    for n, (low, high) in enumerate(pairwise(CONFIDENCE)):
        told = [f"{low:.2f} – {high:.2f}"]
        for bins in columns:
            told += [str(len(bins[n]))]
            told += [
                f"{statistics.mean(column):.3f}" if bins[n] else "–"
                for column in list(zip(*bins[n], strict=True)) or ([], [])
            ]
        print("| " + " | ".join(told) + " |", flush=True)


def measure_groups(tool: ModuleType, sizes: Sequence[tuple[int, int]]) -> None:
    """Documents in several languages, mixed: how many articles are found whole, and how many groups mix articles."""
    codes = ["eng", "fil", "arb", "pol", "por", "deu", "fra", "spa", "rus", "tur", "hin", "zho-CN"]
    for many, languages in sizes:
        documents = {}
        for code in codes[:languages]:
            lines = tool.ntrex_lines(code)
            for n, indices in enumerate(list(tool.ntrex_docs().values())[:many]):
                documents[f"{n:03}-{code}"] = (code, [lines[i] for i in indices if lines[i]])
        begun = time.process_time()
        found = relate(documents)
        seconds = time.process_time() - begun
        subjects = [{name[:3] for name in article} for article in found.articles]
        whole = sum(
            len(s) == 1 and len(a) == languages for s, a in zip(subjects, found.articles, strict=True)
        )
        print(
            f"{len(documents)} documents, {many} articles in {languages} languages: {whole} found whole, "
            f"{sum(len(s) > 1 for s in subjects)} groups mixed, {len(found.pairs)} pairs, {seconds:.0f} s, "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB",
            flush=True,
        )


def measure_book(tool: ModuleType, chosen: dict[str, Callable[..., Beads]]) -> None:
    for name, aligner in chosen.items():
        if "learning" not in name:  # a single document: `align` learns from it by itself
            a, b, cases = tool.berg_cases("dev")
            row = tool.score([(gold, aligner(s, t, a, b)) for _, s, t, gold in cases])
            print(f"Text+Berg dev, {name}: strict {row['F1']:.3f} lax {row['laxF1']:.3f}", flush=True)


def measure_size(tool: ModuleType, sizes: Sequence[int]) -> None:
    """One long document of repeated news, every seventh line numbered so that the repetitions differ."""
    for size in sizes:
        rounds = range(size // len(tool.ntrex_lines("eng")) + 1)
        sides = []
        rng = random.Random(3)
        for lang in ("eng", "deu"):
            lines = [
                f"{r}{i:04}. {x}" if i % 7 == 0 else x
                for r in rounds
                for i, x in enumerate(tool.ntrex_lines(lang))
            ]
            sides.append(tool.perturb(lines[:size], lang, rng, 0.15, 0.05))
        begun = time.process_time()
        beads = align([text for text, _ in sides[0]], [text for text, _ in sides[1]], "en", "de")
        seconds = time.process_time() - begun
        row = tool.score([(tool.gold_beads(*sides), beads)])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        count = len(sides[0]) + len(sides[1])
        print(
            f"{size} lines: {count} sentences, {seconds:.1f} s, {count / seconds:.0f}/s, F1 {row['F1']:.3f}, {peak:.2f} GiB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tool", type=Path)
    parser.add_argument("--what", default="segment,align,confidence,nway,relate,groups,book,size")
    parser.add_argument("--encoder", action="append", default=[])
    parser.add_argument("--only", default="", help="aligners whose name has this in it")
    parser.add_argument(
        "--noise", default="0.15/0.05,0/0,0.3/0.1", help="shares of merged and of dropped lines"
    )
    parser.add_argument("--max-docs", type=int, default=40)
    parser.add_argument("--sizes", default="5000,10000,20000")
    options = parser.parse_args()
    sys.path.insert(0, str(options.tool))
    import score_alignment as tool

    what = options.what.split(",")
    codes = ["eng", "fil", "arb", "pol", "por", "deu", "zho-CN", "hin"]
    if "segment" in what:
        measure_segment(tool, [*codes, "tur", "fra", "spa", "rus"])
    chosen = {name: found for name, found in aligners(options.encoder).items() if options.only in name}
    noise = [(float(m), float(d)) for m, d in (pair.split("/") for pair in options.noise.split(","))]
    if "align" in what:
        measure_align(tool, options.max_docs, chosen, noise)
    if "nway" in what:
        for some in (codes[:4], codes):
            for documents in (30, 80):
                print(f"{documents} documents, ", end="")
                tool.nway("hexapla.align:nway", some, documents)
    if "confidence" in what:
        measure_confidence(tool, options.max_docs)
    if "groups" in what:
        measure_groups(tool, [(20, 6), (40, 12), (80, 12)])
    if "relate" in what:
        tool.relation("hexapla.align:relation_score", tool.PAIRS)
    if "book" in what:
        measure_book(tool, chosen)
    if "size" in what:
        measure_size(tool, [int(size) for size in options.sizes.split(",")])


if __name__ == "__main__":
    main()
