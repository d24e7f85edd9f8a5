"""What scorers of tag sequences say of the same few sequences, side by side: F1, and the order of documents turned round.

python bench/scorers.py        needs seqeval; nervaluate 1.2.1 too, if it is there
"""

from __future__ import annotations

import warnings

from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from hexapla.score import score_tags

CASES = {
    "all right": (["B-PER I-PER O"], ["B-PER I-PER O"]),
    "gold right, prediction starts with I-": (["B-PER I-PER O"], ["I-PER I-PER O"]),
    "I- of another label inside": (["B-PER I-PER O"], ["B-PER I-LOC O"]),
    "gold itself is not valid": (["O I-PER O"], ["O B-PER O"]),
    "I- after a mention of another label": (["B-LOC B-PER O"], ["B-LOC I-PER O"]),
    "two mentions touch, predicted as one": (["B-PER B-PER O"], ["B-PER I-PER O"]),
    "nothing in the gold": (["O O O"], ["B-PER O O"]),
    "nothing at all": (["O O O"], ["O O O"]),
}


def split(sentences: list[str]) -> list[list[str]]:
    return [sentence.split() for sentence in sentences]


def nervaluate_f1(gold: list[list[str]], pred: list[list[str]], kind: str) -> str:
    """F1 of one of nervaluate's schemes, or why there is none."""
    try:
        from nervaluate.evaluator import Evaluator
    except ImportError:
        return "not here"
    tags = sorted({t[2:] for s in (*gold, *pred) for t in s if t != "O"}) or ["PER"]
    try:
        found = Evaluator(gold, pred, tags=tags, loader="list").evaluate()["overall"][kind]
    except Exception as error:  # whatever it raises is the finding
        return type(error).__name__
    return f"{found.f1:.3f}"


def main() -> None:
    warnings.simplefilter("ignore")
    kinds = ("strict", "exact", "partial", "ent_type")
    heads = ("score_tags strict", "seqeval strict", "score_tags conlleval", "seqeval default")
    print("| case | " + " | ".join((*heads, *(f"nervaluate {k}" for k in kinds))) + " |")
    print("|---" * (1 + len(heads) + len(kinds)) + "|")
    for name, (a, b) in CASES.items():
        gold, pred = split(a), split(b)
        ours = [score_tags(gold, pred, mode=mode).micro.f1 for mode in ("strict", "conlleval")]  # type: ignore[arg-type]
        theirs = [f1_score(gold, pred, mode="strict", scheme=IOB2), f1_score(gold, pred)]
        told = ["–" if f1 is None else f"{f1:.3f}" for pair in zip(ours, theirs, strict=True) for f1 in pair]
        print(f"| {name} | " + " | ".join((*told, *(nervaluate_f1(gold, pred, k) for k in kinds))) + " |")
    spans()


def spans() -> None:
    """nervaluate on spans: the order of predictions, and mentions that touch."""
    try:
        from nervaluate.evaluator import Evaluator
    except ImportError:
        return

    def told(gold: list[dict[str, object]], pred: list[dict[str, object]], copies: int = 1) -> str:
        found = Evaluator([gold] * copies, [pred] * copies, tags=["PER", "LOC"], loader="dict").evaluate()[
            "overall"
        ]  # type: ignore[list-item]
        return ", ".join(f"{k} {found[k].f1:.3f}" for k in ("strict", "partial", "ent_type"))

    def span(label: str, start: int, end: int) -> dict[str, object]:
        return {"label": label, "start": start, "end": end}

    gold = [span("PER", 0, 9)]
    one, two = span("PER", 0, 3), span("PER", 0, 9)
    print("\nnervaluate, spans (half-open offsets as both sides give them):")
    print("  gold PER 0:9, predicted PER 0:3 and PER 0:9:", told(gold, [one, two]))
    print("  the same, predictions in the other order:   ", told(gold, [two, one]))
    print("  gold PER 0:4, predicted PER 4:8 (they touch):", told([span("PER", 0, 4)], [span("PER", 4, 8)]))
    half = [span("PER", 0, 4)], [span("PER", 0, 3)]
    print("  gold PER 0:4, predicted PER 0:3, one document:", told(*half))
    print("  two copies of that document:                  ", told(*half, copies=2))


if __name__ == "__main__":
    main()
