"""Agreement of two annotations: hand-computed cases, and the published figures."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from annotated import demo, submitted
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.annotate import to_tasks
from hexapla.annotate.agreement import MEASURES, agreement, among, compare, write_agreement
from hexapla.annotate.annotators import Page, Said, of_export
from hexapla.corpus import Corpus, Mention, sha256
from hexapla.errors import InputError
from hexapla.store import mentions_json, write_text
from hexapla.values import Quantity

TEXT = "Ana paid 5 euros in Rome. Ana left Rome."
A = (
    Mention("m1", 0, 3, "Ana", "PER", "e-ana", by="read"),
    Mention("m2", 9, 16, "5 euros", "MONEY", "n-price", Quantity("money", 5, unit="EUR"), by="read"),
    Mention("m3", 20, 24, "Rome", "LOC", "e-rome", by="read"),
    Mention("m4", 26, 29, "Ana", "PER", "e-ana", by="read"),
    Mention("m5", 35, 39, "Rome", "LOC", "e-rome", by="read"),
)


def write(folder: Path, mentions: tuple[Mention, ...], text: str = TEXT) -> Path:
    write_text(folder / "trip" / "trip-en.json", mentions_json("trip-en", "en", sha256(text), mentions))
    return folder


def test_equal_annotations_agree(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a", A), write(tmp_path / "b", A[::-1])
    result = agreement(a, b)
    assert result.disagreements == ()
    assert result.to_json()["all"]["all"] == {
        "mentions_a": 5, "mentions_b": 5, "span_f1": 1.0, "overlap_f1": 1.0, "label": 1.0, "kappa": 1.0, "value": 1.0, "link_f1": 1.0,
    }  # fmt: skip


def test_each_kind_of_disagreement_counts_where_it_belongs(tmp_path: Path) -> None:
    other = (
        A[0],
        dataclasses.replace(A[1], quantity=Quantity("money", 50, unit="EUR")),  # another value
        dataclasses.replace(A[2], label="ORG"),  # another label
        dataclasses.replace(A[3], fact_id="e-other-ana"),  # another link
        # the last Rome is missing
    )
    result = agreement(write(tmp_path / "a", A), write(tmp_path / "b", other))
    table = result.to_json()
    # spans with label: 3 of A's 5 and of B's 4 (Ana, the money, Ana)
    assert table["en"]["all"]["span_f1"] == round(2 * 3 / 9, 4)
    assert table["en"]["all"]["label"] == 0.75
    assert table["en"]["MONEY"] == {
        "mentions_a": 1,
        "mentions_b": 1,
        "span_f1": 1.0,
        "overlap_f1": 1.0,
        "label": 1.0,
        "kappa": 1.0,
        "value": 0.0,
    }
    # four spans that both marked, three with equal labels; by chance (PER 2·2 + MONEY 1·1 + LOC 1·0 + ORG 0·1) / 16
    assert table["en"]["all"]["kappa"] == round((3 / 4 - 5 / 16) / (1 - 5 / 16), 4)
    assert table["en"]["LOC"]["kappa"] == 0.0
    # of the mentions both marked alike, A links the two Anas and B does not
    assert table["all"]["all"]["link_f1"] == 0.0
    assert len(result.disagreements) == 4


def test_order_of_mentions_does_not_matter(tmp_path: Path) -> None:
    other = (*A[:2], dataclasses.replace(A[3], label="ORG"))
    forth = agreement(write(tmp_path / "a", A), write(tmp_path / "b", other)).to_json()
    back = agreement(write(tmp_path / "c", A[::-1]), write(tmp_path / "d", other[::-1])).to_json()
    assert forth == back


SPANS = [(0, 3), (0, 8), (4, 8), (9, 16), (20, 24), (26, 29), (35, 39)]


def flat(chosen) -> tuple[Mention, ...]:
    """Mentions that stand apart, of the spans chosen."""
    out: list[Mention] = []
    for (start, end), label, fact, value in sorted(chosen):
        if not out or out[-1].end <= start:
            quantity = Quantity("money", value, unit="EUR") if label == "MONEY" else None
            out.append(Mention(f"m{len(out)}", start, end, TEXT[start:end], label, fact, quantity, by="read"))
    return tuple(out)


some_mentions = st.lists(
    st.tuples(st.sampled_from(SPANS), st.sampled_from(["LOC", "MONEY", "PER"]), st.sampled_from(["f1", "f2"]), st.integers(1, 2)), max_size=7
).map(flat)  # fmt: skip
documents = st.lists(st.tuples(some_mentions, some_mentions), min_size=1, max_size=12)


def version(pages, side: int) -> dict[tuple[str, str], Page]:
    return {
        (f"a{n // 2}", f"d{n}"): Page(f"a{n // 2}", f"d{n}", "en" if n % 2 else "fil", "", tuple(Said(m.start, m.end, m.label, m.surface, m.quantity, m.fact_id) for m in page[side]))
        for n, page in enumerate(pages)
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(documents, st.randoms(use_true_random=False))
def test_no_order_matters_and_neither_does_who_is_a(pages, random) -> None:
    a, b = version(pages, 0), version(pages, 1)
    one = compare("A", a, "B", b, resamples=50)

    def shuffled(of):
        names = random.sample(sorted(of), len(of))
        return {
            n: dataclasses.replace(of[n], said=tuple(random.sample(of[n].said, len(of[n].said))))
            for n in names
        }

    two = compare("A", shuffled(a), "B", shuffled(b), resamples=50)
    assert one == two
    swapped = compare("B", b, "A", a, resamples=50)
    assert swapped.intervals == one.intervals
    for lang, labels in one.table.items():
        for label, figures in labels.items():
            other = dict(swapped.table[lang][label])
            other["mentions_a"], other["mentions_b"] = other["mentions_b"], other["mentions_a"]
            assert other == figures


@settings(max_examples=60, deadline=None)
@given(documents)
def test_measures_are_within_their_bounds_and_an_annotator_agrees_with_himself(pages) -> None:
    a, b = version(pages, 0), version(pages, 1)
    for labels in compare("A", a, "B", b, resamples=20).table.values():
        for figures in labels.values():
            shares = [figures.get(m) for m in ("span_f1", "overlap_f1", "label", "value", "link_f1")]
            assert all(v is None or 0 <= v <= 1 for v in shares)
            assert figures["kappa"] is None or -1 <= figures["kappa"] <= 1
            if figures["span_f1"] is not None:
                assert figures["span_f1"] <= figures["overlap_f1"]
    same = compare("A", a, "A2", a, resamples=20)
    assert same.disagreements == ()
    assert {
        v for labels in same.table.values() for f in labels.values() for m, v in f.items() if m in MEASURES
    } <= {1.0, None}


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        # observed 0.7; by chance 25·30 + 25·20 of 50²: 0.5
        ({("PER", "PER"): 20, ("PER", "LOC"): 5, ("LOC", "PER"): 10, ("LOC", "LOC"): 15}, 0.4),
        # three labels: observed 5/8; by chance (4·3 + 2·3 + 2·2) / 64
        ({("PER", "PER"): 3, ("PER", "LOC"): 1, ("LOC", "LOC"): 1, ("LOC", "ORG"): 1, ("ORG", "ORG"): 1, ("ORG", "LOC"): 1}, 0.4286),
        ({("PER", "LOC"): 2, ("LOC", "PER"): 2}, -1.0),
        ({("PER", "PER"): 3}, None),  # one label only: chance explains all
    ],
)  # fmt: skip
def test_kappa_by_hand(pairs, kappa) -> None:
    labels = [pair for pair, number in pairs.items() for _ in range(number)]
    a, b = (
        {("t", "d"): Page("t", "d", "en", "", tuple(Said(n, n + 1, pair[side], "x", None, None) for n, pair in enumerate(labels)))}
        for side in (0, 1)
    )  # fmt: skip
    assert compare("A", a, "B", b).table["en"]["all"]["kappa"] == kappa


def test_overlap_counts_each_mention_once(tmp_path: Path) -> None:
    wide = (Mention("m1", 0, 8, TEXT[:8], "PER", by="read"),)
    narrow = (Mention("m1", 0, 3, "Ana", "PER", by="read"), Mention("m2", 4, 8, "paid", "PER", by="read"))
    figures = agreement(write(tmp_path / "a", wide), write(tmp_path / "b", narrow)).to_json()["en"]["PER"]
    assert (figures["span_f1"], figures["overlap_f1"]) == (0.0, round(2 / 3, 4))
    other = (dataclasses.replace(wide[0], label="LOC"),)
    assert (
        agreement(tmp_path / "b", write(tmp_path / "c", other)).to_json()["all"]["all"]["overlap_f1"] == 0.0
    )


@pytest.mark.parametrize(
    ("documents", "unit"), [(1, ""), (9, ""), (10, "document"), (18, "document"), (20, "article")]
)
def test_intervals_where_there_is_enough(documents: int, unit: str) -> None:
    pages = [(A if n % 3 else A[:3], A if n % 4 else A[1:]) for n in range(documents)]
    result = compare("A", version(pages, 0), "B", version(pages, 1))
    assert result.unit == unit
    assert bool(result.intervals) == bool(unit)
    if unit:
        low, high = result.intervals["all"]["all"]["span_f1"]
        assert low < result.table["all"]["all"]["span_f1"] < high
        assert ("link_f1" in result.intervals["all"]["all"]) == (unit == "article")  # a link spans documents


# ---- exports -------------------------------------------------------------------------------------------------------


def answered(change=lambda result: None, **fields):
    """The demo's Arabic and Filipino tasks, submitted; the second with `change`."""
    tasks = submitted(to_tasks(demo(), "parallel", ("ar", "fil")))
    change(tasks[1]["annotations"][0]["result"])
    for task in tasks:
        task["annotations"][0] |= fields
    return tasks


def relabel(result) -> None:
    next(i for i in result if i.get("value", {}).get("labels") == ["ORG"])["value"]["labels"] = ["PRODUCT"]


def export():
    tasks = answered(completed_by="Ana")
    for task, other in zip(tasks, answered(relabel, completed_by="Ben"), strict=True):
        task["annotations"] += other["annotations"]
    tasks[0]["annotations"][1]["was_cancelled"] = True
    return tasks


def test_annotators_of_an_export_and_the_pre_annotation_apart() -> None:
    voices = of_export(export(), Corpus((demo(),)))
    people, before = among(voices)
    (one,) = people
    assert (one.a, one.b, one.skipped) == ("Ana", "Ben", 1)
    assert len(one.disagreements) == 1
    assert one.table["all"]["all"]["mentions_a"] == one.table["all"]["all"]["mentions_b"] < 116
    assert [(x.a, x.b, len(x.disagreements)) for x in before] == [
        ("Ana", "pre-annotation hexapla", 0), ("Ben", "pre-annotation hexapla", 1)
    ]  # fmt: skip
    assert before[0].table["all"]["all"]["mentions_a"] == 116  # of the task that Ben skipped, too


def test_predictions_by_number_are_the_corpus_as_built() -> None:
    tasks = export()
    expected = [x.table for x in among(of_export(tasks, Corpus((demo(),))))[1]]
    for n, task in enumerate(tasks):
        task["predictions"] = [n]
    before = among(of_export(tasks, Corpus((demo(),))))[1]
    assert ([x.table for x in before], before[0].b) == (expected, "pre-annotation")


def test_order_of_tasks_and_annotations_does_not_matter() -> None:
    tasks = export()
    back = [t | {"annotations": t["annotations"][::-1]} for t in tasks[::-1]]
    assert among(of_export(tasks, Corpus((demo(),)))) == among(of_export(back, Corpus((demo(),))))


def test_what_cannot_be_read_is_named_and_left_out() -> None:
    tasks = export()
    tasks[1]["annotations"][1]["result"][0]["value"]["end"] = 10**6
    tasks[2]["annotations"].append(tasks[2]["annotations"][0])
    voices = of_export(tasks, Corpus((demo(),)))
    assert [f.code for f in voices.faults] == ["out-of-range", "two-answers"]
    assert len(voices.by["Ben"]) == 2 * (len(tasks) - 2)
    assert {f.code for f in of_export(tasks, Corpus(())).faults} == {"unknown-article"}


def test_another_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="text-changed"):
        agreement(write(tmp_path / "a", A), write(tmp_path / "b", A, TEXT + " Ciao."))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-annotations"):
        agreement(write(tmp_path / "a", A), tmp_path / "nowhere")


def test_published_figures_are_those_of_the_two_annotations() -> None:
    root = Path(__file__).parent.parent / "annotation"
    table = agreement(root / "gold", root / "second").to_json()
    assert json.loads((root / "agreement.json").read_text("utf-8")) == table
    assert table["all"]["all"]["mentions_b"] > 100


def test_written_figures_read_back(tmp_path: Path) -> None:
    result = agreement(write(tmp_path / "a", A), write(tmp_path / "b", A))
    write_agreement(result, tmp_path / "agreement.json")
    assert json.loads((tmp_path / "agreement.json").read_text("utf-8")) == result.to_json()
