"""Scores: hand-computed cases, parity with seqeval and conlleval, independence of order."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import subprocess
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from toy import article, corpus

from hexapla.corpus import LABELS, Corpus, Mention
from hexapla.errors import InputError
from hexapla.predictions import Prediction, write_predictions
from hexapla.score import Gold, GoldDocument, Report, gold_of, read_gold, score, score_documents, score_tags
from hexapla.score.match import best, is_scale_error, match, overlaps
from hexapla.score.table import percent, print_report
from hexapla.store import write_corpus
from hexapla.values import Quantity

GOLD = gold_of(corpus())


def _perfect(gold: Gold = GOLD) -> dict[str, tuple[Prediction, ...]]:
    return {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in gold.documents}


def _edited(doc_id: str, edit: Mapping[int, Prediction | None], gold: Gold = GOLD) -> Report:
    """The report of the gold itself with some mentions of one document replaced or removed, by index."""
    predictions = _perfect(gold)
    kept = [edit.get(n, p) for n, p in enumerate(predictions[doc_id])]
    return score_documents(gold, predictions | {doc_id: tuple(p for p in kept if p is not None)})


# ---- entities ------------------------------------------------------------------------------------------------------


def test_gold_against_itself_is_perfect() -> None:
    report = score_documents(GOLD, _perfect())
    assert report.headlines() == {"entities": 1.0, "numbers": 1.0, "consistency": 1.0}
    assert report.f1("entities").tp == 10
    assert (report.f1("numbers").tp, report.f1("numbers", "strict").tp) == (10, 11)  # one date has no value
    assert report.gap("entities") == 0.0
    assert not report.partial


def test_nothing_predicted_scores_zero_and_precision_is_undefined() -> None:
    report = score_documents(GOLD, {d.doc_id: () for d in GOLD.documents})
    found = report.f1("entities")
    assert (found.precision, found.recall, found.f1, found.fn) == (None, 0.0, 0.0, 10)
    assert report.consistency().all.n == 0
    assert report.f1("entities", label="PRODUCT").f1 is None


def test_wrong_label_and_wrong_span_by_hand() -> None:
    # harbour-en: PER 0:9, LOC, MONEY, PERCENT
    report = _edited("harbour-en", {0: Prediction(0, 9, "ORG"), 1: Prediction(24, 31, "LOC")})
    en = {metric: report.f1("entities", metric, lang="en") for metric in ("strict", "type", "overlap")}
    # ferry-en has 2 entities, harbour-en 2
    assert [(s.tp, s.fp, s.fn) for s in en.values()] == [(2, 2, 2), (3, 1, 1), (4, 0, 0)]
    assert report.f1("entities", lang="en", label="PER").f1 == 0.0
    assert report.f1("entities", lang="en", label="ORG").f1 == pytest.approx(2 / 3)
    # labels with gold or predictions in en: PER 0, ORG 2/3, LOC 1/2
    assert report.macro_labels("entities", lang="en") == pytest.approx((0 + 2 / 3 + 1 / 2) / 3)
    assert report.macro_langs("entities") == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert report.worst("entities") == ("en", 0.5)
    assert report.gap("entities") == 0.5


# ---- numbers -------------------------------------------------------------------------------------------------------

ONE = Corpus(
    (
        article(
            "one",
            {
                "en": "It paid about [$57 bn|MONEY f value=57000000000 unit=USD modifier=approx] [last week|DATE -]."
            },
        ),
    )
)
START, END = 14, 20
# (prediction, (value, number, unit, modifier, scale, value_pred))
NUMBER_CASES = [
    (("money", 57_000_000_000, None, "USD", "approx"), (1, 1, 1, 1, 0, 1)),
    (("money", 57_000_000_000, None, "USD", None), (1, 1, 1, 0, 0, 1)),
    (("money", 57_000_000_000, None, "EUR", "approx"), (0, 1, 0, 0, 0, 1)),
    (("money", 57_000_000, None, "USD", "approx"), (0, 0, 0, 0, 1, 1)),
    (("money", 570_000_000_000, None, "EUR", "approx"), (0, 0, 0, 0, 0, 1)),
    (("money", 57_000_000_001, None, "USD", "approx"), (0, 0, 0, 0, 0, 1)),
    (("money", 57_000_000_000, 58_000_000_000, "USD", "approx"), (0, 0, 0, 0, 0, 1)),
    (("measure", 57_000_000_000, None, "USD", "approx"), (0, 1, 1, 0, 0, 1)),
    (("cardinal", 57_000_000_000, None, None, "approx"), (0, 1, 0, 0, 0, 1)),
    (("money", None, None, None, None), (0, 0, 0, 0, 0, 0)),
]


@pytest.mark.parametrize(("given", "expected"), NUMBER_CASES)
@pytest.mark.parametrize("span", [(START, END), (START + 1, END + 1), (0, START + 1)])
def test_value_unit_and_modifier_by_hand(
    given: tuple[str, int | None, int | None, str | None, str | None],
    expected: tuple[int, ...],
    span: tuple[int, int],
) -> None:
    kind, low, high, unit, modifier = given
    quantity = Quantity(kind, *(None if v is None else Fraction(v) for v in (low, high)), unit, modifier)
    gold = gold_of(ONE)
    report = score_documents(gold, {"one-en": (Prediction(*span, kind.upper(), None, quantity),)})
    value = report.f1("numbers")
    unit_right, modifier_right, scale = (report.share(name) for name in ("unit", "modifier", "scale"))
    assert (value.tp, unit_right.of, unit_right.n, modifier_right.n, scale.n, value.pred) == expected
    assert value.gold == 1
    assert report.f1("numbers", "strict").tp == int(span == (START, END) and kind == "money")
    assert report.consistency("numbers").all.of == 0  # one language only


def test_a_span_that_does_not_overlap_earns_nothing() -> None:
    right = Quantity("money", Fraction(57_000_000_000), None, "USD", "approx")
    report = score_documents(gold_of(ONE), {"one-en": (Prediction(END, END + 1, "MONEY", None, right),)})
    assert (report.f1("numbers").tp, report.f1("numbers").fp) == (0, 1)


def test_a_value_for_a_relative_date_counts_neither_way() -> None:
    date = Prediction(END + 1, END + 5, "DATE", None, Quantity("date", "2024-05-05"))
    found = score_documents(gold_of(ONE), {"one-en": (date,)}).f1("numbers")
    assert (found.tp, found.pred, found.gold) == (0, 0, 1)


def test_ranges_need_both_ends() -> None:
    gold = gold_of(Corpus((article("r", {"en": "[3 to 5 days|MEASURE f value=3 value_high=5 unit=day]"}),)))
    for high, tp in ((Fraction(5), 1), (Fraction(50), 0), (None, 0)):
        pred = Prediction(0, 6, "MEASURE", None, Quantity("measure", Fraction(3), high, "day"))
        assert score_documents(gold, {"r-en": (pred,)}).f1("numbers").tp == tp


SCALES = [("100", "1", True), ("1", "1000", True), ("8.2", "0.082", True), ("1", "1", False), ("1", "2", False), ("1", "20", False), ("0", "10", False), ("-5", "50", False), ("-5", "-50", True), ("1/3", "10/3", True), ("1", "1001", False)]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "expected"), SCALES)
def test_scale_errors(a: str, b: str, expected: bool) -> None:
    assert is_scale_error(Quantity("cardinal", Fraction(a)), Quantity("cardinal", Fraction(b))) is (
        expected and a != b
    )


def test_scale_error_of_a_range_is_of_both_ends() -> None:
    gold = Quantity("cardinal", Fraction(2), Fraction(3))
    assert is_scale_error(gold, Quantity("cardinal", Fraction(20), Fraction(30)))
    assert not is_scale_error(gold, Quantity("cardinal", Fraction(20), Fraction(300)))
    assert not is_scale_error(gold, Quantity("cardinal", Fraction(20)))
    assert not is_scale_error(Quantity("date", "2024"), Quantity("date", "2025"))


def test_matching_is_one_to_one_and_as_large_as_can_be() -> None:
    def five(start: int, end: int) -> Prediction:
        return Prediction(start, end, "CARDINAL", None, Quantity("cardinal", Fraction(5)))

    # one long prediction over two gold mentions; and a chain where a greedy choice would lose one
    assert match([five(0, 2), five(3, 5)], [five(0, 5)], numbers=True).counts["CARDINAL", "value"] == 1
    assert (
        match([five(0, 4), five(5, 9)], [five(3, 6), five(8, 9)], numbers=True).counts["CARDINAL", "value"]
        == 2
    )


def _brute(pairs: Sequence[tuple[int, int]], weights: Sequence[int]) -> int:
    top = 0
    for size in range(len(pairs) + 1):
        for chosen in itertools.combinations(range(len(pairs)), size):
            left, right = {pairs[k][0] for k in chosen}, {pairs[k][1] for k in chosen}
            if len(left) == len(right) == size:
                top = max(top, sum(weights[k] for k in chosen))
    return top


def _flat(cuts: list[tuple[int, int]]) -> list[Prediction]:
    """Non-overlapping spans from (gap, length) steps."""
    spans, at = [], 0
    for gap, length in cuts:
        spans.append(Prediction(at + gap, at + gap + length, "LOC"))
        at += gap + length
    return spans


CUTS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), max_size=6)


@given(CUTS, CUTS, st.data())
def test_matching_equals_brute_force(
    a: list[tuple[int, int]], b: list[tuple[int, int]], data: st.DataObject
) -> None:
    gold, pred = _flat(a), _flat(b)
    pairs = overlaps(gold, pred)
    assert pairs == [
        (i, j) for i, g in enumerate(gold) for j, p in enumerate(pred) if g.start < p.end and p.start < g.end
    ]
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)))
    chosen = best(pairs, weights)
    assert len({pairs[k][0] for k in chosen}) == len({pairs[k][1] for k in chosen}) == len(chosen)
    assert all(weights[k] for k in chosen)
    assert sum(weights[k] for k in chosen) == _brute(pairs, weights)


# ---- consistency ---------------------------------------------------------------------------------------------------


def test_consistency_by_hand() -> None:
    # facts of two or more languages: harbour f1..f4 in ar en fil, ferry g1..g4 in en pl; drop f1 in ar and f3 in fil
    predictions = _perfect()
    predictions["harbour-ar"] = predictions["harbour-ar"][1:]
    predictions["harbour-fil"] = tuple(p for p in predictions["harbour-fil"] if p.label != "MONEY")
    report = score_documents(GOLD, predictions)
    both = report.consistency()
    assert (both.all.n, both.all.of) == (6, 8)
    assert {lang: (s.n, s.of) for lang, s in both.langs.items()} == {
        "ar": (3, 4),
        "en": (8, 8),
        "fil": (3, 4),
        "pl": (4, 4),
    }
    # independent: 2 entities at 1/2 · 1 · 1, 2 numbers at 1 · 1 · 1/2, 4 facts of the other article at 1 · 1
    assert both.expected == pytest.approx((2 / 2 + 2 / 2 + 4) / 8)
    pair, expected = both.pairs["ar", "fil"]
    assert (pair.n, pair.of, expected) == (2, 4, pytest.approx(1 / 2))
    entities, numbers = report.consistency("entities"), report.consistency("numbers")
    assert (entities.all.n, entities.all.of, numbers.all.n, numbers.all.of) == (3, 4, 3, 4)


def test_errors_on_the_same_facts_are_above_independence() -> None:
    # half of the facts missed in each language: the same half, or different ones
    text = dict.fromkeys(("en", "pl"), "[Ann|PER f] met [Bob|PER g]")
    gold = gold_of(Corpus((article("c", text),)))
    ann, bob = Prediction(0, 3, "PER"), Prediction(8, 11, "PER")
    same = score_documents(gold, {"c-en": (ann,), "c-pl": (ann,)}).consistency()
    apart = score_documents(gold, {"c-en": (ann,), "c-pl": (bob,)}).consistency()
    assert (same.all.share, same.expected) == (0.5, 0.25)
    assert (apart.all.share, apart.expected) == (0.0, 0.25)


def test_each_version_is_judged_against_its_own_gold() -> None:
    # the versions differ in the number: a system that reads each as it stands is right in both
    gold = gold_of(
        Corpus((article("v", {"en": "[57|CARDINAL f value=57]", "pl": "[75|CARDINAL f value=75]"}),))
    )
    assert score_documents(gold, _perfect(gold)).consistency().all.share == 1.0
    wrong = {
        "v-en": _perfect(gold)["v-en"],
        "v-pl": (Prediction(0, 2, "CARDINAL", None, Quantity("cardinal", Fraction(57))),),
    }
    assert score_documents(gold, wrong).consistency().all.share == 0.0


def test_one_right_mention_of_a_fact_is_enough_and_predicted_fact_ids_play_no_part() -> None:
    gold = gold_of(Corpus((article("m", {"en": "[Ann|PER f] met [Ann|PER f]", "pl": "[Ann|PER f]"}),)))
    found = {"m-en": (Prediction(8, 11, "PER", "other"),), "m-pl": (Prediction(0, 3, "PER"),)}
    assert score_documents(gold, found).consistency().all.n == 1


# ---- order ---------------------------------------------------------------------------------------------------------


@st.composite
def _system(draw: st.DrawFn) -> dict[str, tuple[Prediction, ...]]:
    """Predictions of all kinds, right and wrong, flat per track."""
    predictions = {}
    for d in GOLD.documents:
        found: list[Prediction] = []
        for m in d.mentions:
            fate = draw(st.sampled_from(["keep", "drop", "cut", "label", "value"]))
            p = Prediction.of(m)
            if fate == "cut" and m.end - m.start > 1:
                p = Prediction(m.start, m.end - 1, m.label, None, m.quantity)
            elif fate == "label":
                p = Prediction(m.start, m.end, "CARDINAL" if m.quantity else "EVENT")
            elif fate == "value" and m.quantity and isinstance(m.quantity.value, Fraction):
                p = Prediction(
                    m.start,
                    m.end,
                    m.label,
                    None,
                    Quantity(m.quantity.kind, m.quantity.value * 10, None, m.quantity.unit),
                )
            if fate != "drop":
                found.append(p)
        predictions[d.doc_id] = tuple(found)
    return predictions


@settings(max_examples=40, deadline=None)
@given(_system(), st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_any_order(
    system: dict[str, tuple[Prediction, ...]], shuffle: random.Random
) -> None:
    expected = score_documents(GOLD, system).to_json()

    def shuffled(items: Iterable[Any]) -> list[Any]:
        pool = list(items)
        return shuffle.sample(pool, len(pool))

    documents = [
        GoldDocument(d.doc_id, d.article_id, d.lang, d.length, tuple(shuffled(d.mentions)))
        for d in shuffled(GOLD.documents)
    ]
    mixed = {doc_id: tuple(shuffled(system[doc_id])) for doc_id in shuffled(system)}
    assert score_documents(Gold(tuple(documents)), mixed).to_json() == expected


@settings(max_examples=40, deadline=None)
@given(_system())
def test_counts_hold_together(system: dict[str, tuple[Prediction, ...]]) -> None:
    cells = score_documents(GOLD, system).counts.cells
    from hexapla.score.match import MEASURES

    n = {name: cells[..., k] for k, name in enumerate(MEASURES)}
    for part, whole in (("strict", "type"), ("type", "gold"), ("type", "pred"), ("overlap", "gold"), ("value", "value_gold"),
                        ("value", "value_pred"), ("modifier", "value"), ("unit", "number"), ("value_gold", "gold")):  # fmt: skip
        assert (n[part] <= n[whole]).all(), (part, whole)
    assert n["type"].sum() <= n["overlap"].sum() <= min(n["gold"].sum(), n["pred"].sum())


# ---- gold, signature, output ---------------------------------------------------------------------------------------


def test_signature_changes_with_a_label_and_not_with_the_identity_of_a_mention() -> None:
    def variant(**change: object) -> str:
        import dataclasses

        first, *rest = GOLD.documents
        mention = dataclasses.replace(first.mentions[0], **change)  # type: ignore[arg-type]
        changed = GoldDocument(
            first.doc_id, first.article_id, first.lang, first.length, (mention, *first.mentions[1:])
        )
        return Gold((changed, *rest)).sha256

    assert variant(id="other", by="rule", reviewed=False) == GOLD.sha256
    assert variant(label="LOC") != GOLD.sha256
    assert variant(fact_id="f9") != GOLD.sha256


def test_signature_names_what_a_citation_needs() -> None:
    text = score_documents(GOLD, _perfect()).signature
    for part in (
        "data:unreleased",
        f"gold:{GOLD.sha256[:12]}",
        "split:test",
        "langs:ar+en+fil+pl",
        "articles:2",
        "scorer:1",
        "documents:5/5",
    ):
        assert part in text.split("|")


def test_overlapping_gold_is_refused() -> None:
    mentions = tuple(Mention(f"m{n}", n, n + 2, "xx", "PER", by="read") for n in range(2))
    with pytest.raises(InputError, match="overlap"):
        GoldDocument("d", "a", "en", 9, mentions)


def test_partial_leaves_missing_documents_out_and_says_so() -> None:
    predictions = _perfect()
    del predictions["harbour-ar"]
    report = score_documents(GOLD, predictions)
    assert report.partial
    assert report.f1("entities").gold == 8
    assert report.f1("entities", lang="ar").f1 is None
    assert "documents:4/5" in report.signature
    assert "PARTIAL: 4 of 5" in _printed(report)


def _printed(report: Report, **options: bool) -> str:
    out = io.StringIO()
    print_report(report, Console(file=out, width=100), **options)
    return out.getvalue()


def test_table_shows_counts_rule_and_signature_on_one_line() -> None:
    report = _edited("harbour-en", {0: None})
    text = _printed(report, labels=True)
    assert report.signature in text.splitlines()
    assert "same span and label" in text
    assert any(
        line.split() == ["en", "3", "0", "1", "100.0", "75.0", "85.7", "66.7"] for line in text.splitlines()
    )
    assert "a pilot" in text


def test_a_track_without_predictions_is_named() -> None:
    numbers_only = {k: tuple(p for p in v if p.track == "numbers") for k, v in _perfect().items()}
    assert "No entities among the predictions." in _printed(score_documents(GOLD, numbers_only))


def test_undefined_is_printed_as_a_dash() -> None:
    assert [percent(s) for s in (None, 0.0, 0.87349)] == ["–", "0.0", "87.3"]


def test_json_csv_and_frame_agree() -> None:
    report = _edited("harbour-en", {0: None})
    as_json = json.loads(json.dumps(report.to_json(), allow_nan=False))
    rows = list(csv.DictReader(io.StringIO(report.to_csv())))
    frame = report.frame()
    assert len(rows) == len(frame)
    (row,) = [
        r
        for r in rows
        if (r["track"], r["metric"], r["lang"], r["label"]) == ("entities", "strict", "en", "PER")
    ]
    block = as_json["entities"]["strict"]["langs"]["en"]["labels"]["PER"]
    assert (int(row["fn"]), row["precision"], float(row["score"])) == (1, "", 0.0)
    assert (block["fn"], block["precision"], block["f1"]) == (1, None, 0.0)
    assert row["signature"] == as_json["signature"] == report.signature
    assert (
        frame.query("track == 'entities' and metric == 'strict' and lang == 'macro'").score.item()
        == as_json["headlines"]["entities"]
    )


def test_csv_holds_shares_and_consistency() -> None:
    predictions = _perfect()
    predictions["harbour-ar"] = predictions["harbour-ar"][1:]
    rows = list(csv.DictReader(io.StringIO(score_documents(GOLD, predictions).to_csv())))
    found = {(r["track"], r["metric"], r["lang"]): r for r in rows if r["label"] == "*"}
    assert len(found) == sum(r["label"] == "*" for r in rows)  # no row stands twice
    wanted = [("both", "consistency", "*", "7", "8", "0.875"), ("entities", "consistency", "ar-en", "1", "2", "0.5"),
              ("numbers", "unit", "fil", "2", "2", "1.0"), ("numbers", "value, spelled out", "ar", "1", "1", "1.0")]  # fmt: skip
    for *key, n, of, score_ in wanted:
        row = found[tuple(key)]  # type: ignore[index]
        assert (row["tp"], row["gold"], row["score"]) == (n, of, score_)
    assert found["entities", "consistency", "*"]["expected"] == "0.75"


def test_score_reads_files(tmp_path: Path) -> None:
    write_corpus(corpus(), tmp_path / "build")
    write_predictions(tmp_path / "p.jsonl", _perfect())
    assert (
        score(tmp_path / "build", tmp_path / "p.jsonl").to_json()
        == score_documents(GOLD, _perfect()).to_json()
    )
    with pytest.raises(InputError, match="no-corpus"):
        score(tmp_path, tmp_path / "p.jsonl")


def test_a_release_has_the_same_gold_and_a_version(tmp_path: Path) -> None:
    from hexapla.release import release

    release(corpus(), tmp_path / "data", "0.3.1", annotation=tmp_path)
    gold = read_gold(tmp_path / "data")
    assert (gold.sha256, gold.version) == (GOLD.sha256, "0.3.1")
    assert score_documents(gold, _perfect()).signature.startswith("data:0.3.1|")


def test_scoring_loads_nothing_heavy() -> None:
    code = "import sys, hexapla.score; print([m for m in ('pandas', 'sklearn', 'rich', 'pyarrow', 'seqeval') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- tags ----------------------------------------------------------------------------------------------------------

TAGS = ["O", *(f"{p}-{label}" for p in "BI" for label in ("PER", "LOC", "X-Y")), "B", "I"]


def _random_tags(rng: random.Random, n: int, *, valid: bool) -> list[list[str]]:
    sequences = []
    for _ in range(n):
        tags: list[str] = []
        for _ in range(rng.randint(0, 12)):
            tag = rng.choice(TAGS) if rng.random() > 0.4 or not tags else tags[-1]
            if valid and tag[0] == "I" and (not tags or tags[-1][0] == "O" or tags[-1][1:] != tag[1:]):
                tag = "B" + tag[1:]
            tags.append(tag)
        sequences.append(tags)
    return sequences


def _noisy(rng: random.Random, gold: list[list[str]], *, valid: bool) -> list[list[str]]:
    other = _random_tags(rng, len(gold), valid=valid)
    noisy = []
    for tags, more in zip(gold, other, strict=True):
        mixed = [more[k] if k < len(more) and rng.random() < 0.3 else tag for k, tag in enumerate(tags)]
        if valid:
            for k, tag in enumerate(mixed):
                if tag[0] == "I" and (k == 0 or mixed[k - 1][0] == "O" or mixed[k - 1][1:] != tag[1:]):
                    mixed[k] = "B" + tag[1:]
        noisy.append(mixed)
    return noisy


def _seqeval(
    gold: list[list[str]], pred: list[list[str]], mode: str
) -> dict[str, tuple[float, float, float, int]]:
    from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as default
    from seqeval.metrics.v1 import precision_recall_fscore_support as strict
    from seqeval.metrics.v1 import unique_labels
    from seqeval.scheme import IOB2

    result = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for average in ("micro", "macro"):
            if mode == "strict":
                scores = strict(gold, pred, average=average, scheme=IOB2)
            else:
                scores = default(gold, pred, average=average)
            result[average] = (*map(float, scores[:3]), int(scores[3]))
        if mode == "strict":
            names, per_label = unique_labels(gold, pred, IOB2), strict(gold, pred, average=None, scheme=IOB2)
        else:
            from seqeval.metrics.sequence_labeling import get_entities

            names = sorted({label for label, _, _ in get_entities(gold) + get_entities(pred)})
            per_label = default(gold, pred, average=None)
    for name, p, r, f, s in zip(names, *per_label, strict=True):
        result[name] = (float(p), float(r), float(f), int(s))
    return result


@pytest.mark.parametrize("mode", ["strict", "conlleval"])
@pytest.mark.parametrize("valid", [True, False])
def test_tags_equal_seqeval(mode: str, valid: bool) -> None:
    """3,200 sequences in 200 batches per case, 12,800 in all; counts, micro, macro and every label."""
    rng = random.Random(f"{mode}-{valid}")
    for _ in range(200):
        gold = _random_tags(rng, 16, valid=valid)
        pred = _noisy(rng, gold, valid=valid)
        expected = _seqeval(gold, pred, mode)
        report = score_tags(gold, pred, mode=mode)  # type: ignore[arg-type]
        found = {"micro": report.micro, "macro": report.macro, **report.labels}
        assert found.keys() == expected.keys()
        for name, s in found.items():
            assert ((s.precision or 0.0), (s.recall or 0.0), (s.f1 or 0.0)) == pytest.approx(
                expected[name][:3], abs=1e-12
            )
            assert s.support == expected[name][3]


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_both_modes_agree_on_valid_tags(seed: int) -> None:
    rng = random.Random(seed)
    gold = _random_tags(rng, 8, valid=True)
    pred = _noisy(rng, gold, valid=True)
    assert score_tags(gold, pred) == score_tags(gold, pred, mode="conlleval")


TAG_CASES = [
    # gold, predicted, (tp, fp, fn) strict, (tp, fp, fn) conlleval
    ("B-PER I-PER O", "I-PER I-PER O", (0, 0, 1), (1, 0, 0)),
    ("B-PER I-LOC", "B-PER I-LOC", (1, 0, 0), (2, 0, 0)),
    ("B-PER B-PER", "B-PER I-PER", (0, 1, 2), (0, 1, 2)),
    ("O O", "O O", (0, 0, 0), (0, 0, 0)),
    ("", "", (0, 0, 0), (0, 0, 0)),
    ("B-A-B", "B-A-B", (1, 0, 0), (1, 0, 0)),
]


@pytest.mark.parametrize(("gold", "pred", "strict", "conlleval"), TAG_CASES)
def test_tags_by_hand(gold: str, pred: str, strict: tuple[int, ...], conlleval: tuple[int, ...]) -> None:
    for mode, expected in (("strict", strict), ("conlleval", conlleval)):
        micro = score_tags([gold.split()], [pred.split()], mode=mode).micro  # type: ignore[arg-type]
        assert (micro.tp, micro.fp, micro.fn) == expected


def test_a_mention_does_not_cross_sequences() -> None:
    report = score_tags([["B-PER"], ["I-PER"]], [["B-PER"], ["O"]], mode="conlleval")
    assert (report.micro.tp, report.micro.fn) == (1, 1)


def test_undefined_tag_scores_are_none() -> None:
    report = score_tags([["O"]], [["O"]])
    assert (report.micro.f1, report.macro.f1, dict(report.labels)) == (None, None, {})


@pytest.mark.parametrize(
    ("gold", "pred", "code"),
    [
        ([["O"]], [["O", "O"]], "bad-length"),
        ([["O"]], [], "bad-length"),
        ([["E-PER"]], [["O"]], "bad-tag"),
        ([["B-"]], [["O"]], "bad-tag"),
        ([["O-PER"]], [["O"]], "bad-tag"),
        ([["B_PER"]], [["O"]], "bad-tag"),
        ([[1]], [["O"]], "bad-tag"),
    ],
)
def test_bad_tags_are_refused(gold: list[list[str]], pred: list[list[str]], code: str) -> None:
    with pytest.raises(InputError, match=code):
        score_tags(gold, pred)
    with pytest.raises(InputError, match=r"bad-(mode|scheme)"):
        score_tags([], [], **{"mode": "lenient"} if code == "bad-tag" else {"scheme": "IOBES"})  # type: ignore[arg-type]


def test_labels_of_the_design_are_scored() -> None:
    tags = [[f"B-{label}" for label in LABELS]]
    assert sorted(score_tags(tags, tags).labels) == sorted(LABELS)
