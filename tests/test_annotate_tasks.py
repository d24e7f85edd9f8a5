"""Corpus → tasks → export → corpus gives the corpus back; what a person changes arrives, and nothing else."""

import copy
import dataclasses
import json
import unicodedata
from fractions import Fraction

import pytest
import toy
from annotated import demo, submitted, unreviewed
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.annotate import check, from_tasks, to_tasks
from hexapla.corpus import (
    ENTITY_LABELS,
    NUMBER_LABELS,
    Article,
    Bead,
    Block,
    Corpus,
    Document,
    Fact,
    Mention,
    Source,
)
from hexapla.errors import InputError
from hexapla.values import MODIFIERS, Quantity

# What moves offsets, or comes back changed, where a tool counts UTF-16 units, bytes or graphemes, or reads markup
PIECES = (
    "قَالَ", "الشَّرِكَةُ", "\u200f", "👩‍👩‍👧‍👦", "🇵🇭", "𝐁𝐢𝐠", "a\u00a0b", "12\u202f000", "q\u0323\u0307", "x\u0338", "ẹ́", "漢字", "한국어", "ไทย", "<b>", "</b>",
    "&amp;", "&lt;", "{{x}}", "$text_ar", "\\n", '"', "'", "\t", "\ufeff", "\u2028", "\u2066", " ", " ", ". ", "\n", "\n\n",
)  # fmt: skip
LANGS = ("ar", "fil")


@st.composite
def texts(draw):
    pieces = draw(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=25))
    text = "".join(c for c in "".join(pieces) if c != "\r" and unicodedata.category(c) != "Cs")
    return unicodedata.normalize("NFC", text).strip("\n") or "x"


def quantities(label):
    kind = label.lower()
    value = (
        st.sampled_from(["2026-01-16", "XXXX-01", "13:20"])
        if kind in ("date", "time")
        else st.fractions(max_denominator=1000)
    )
    unit = st.sampled_from([None, "USD", "percentage-point"])
    modifier = st.sampled_from([None, *MODIFIERS])
    whole = st.builds(Quantity, st.just(kind), value, st.none() | value, unit, modifier)
    return whole | st.builds(Quantity, st.just(kind), unit=unit, modifier=modifier)


@st.composite
def documents(draw, lang):
    text = draw(texts())
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=min(4, len(text)), max_size=14)))
    mentions = []
    for n, (start, end) in enumerate(zip(cuts[::2], cuts[1::2], strict=False), 1):
        label = draw(st.sampled_from(ENTITY_LABELS + NUMBER_LABELS))
        quantity = draw(quantities(label)) if label in NUMBER_LABELS else None
        mentions.append(
            Mention(
                f"m{n:03d}", start, end, text[start:end], label, draw(st.sampled_from([None, "n-two", "n-خبر"] if quantity else [None, "e-one", "e-اسم"])), quantity,
                quantity is not None and draw(st.booleans()), draw(st.sampled_from(["rule", "read", "projection", "model:x"])), False,
            )
        )  # fmt: skip
    ends = sorted({*draw(st.sets(st.integers(1, len(text)), max_size=3)), len(text)})
    sentences = tuple(zip([0, *ends[:-1]], ends, strict=True))
    source = Source(f"d-{lang}", f"{lang}.txt", lang, article="a")
    return Document(source, text, (Block(0, len(text)),), sentences, tuple(mentions))


@st.composite
def corpora(draw):
    """One article in two languages; sentences beaded in order, some without a counterpart, some crossing."""
    ar, fil = draw(documents("ar")), draw(documents("fil"))
    right = draw(st.permutations(fil.sentences)) if draw(st.integers(0, 3)) == 0 else list(fil.sentences)
    beads = []
    for n in range(max(len(ar.sentences), len(right))):
        spans = {
            lang: (own[n],) for lang, own in zip(LANGS, (ar.sentences, right), strict=True) if n < len(own)
        }
        beads.append(Bead(f"b{n}", spans))
    used = {m.fact_id: m.label for d in (ar, fil) for m in d.mentions if m.fact_id}
    facts = {fact_id: Fact(fact_id, label, name="x", note="kept") for fact_id, label in used.items()}
    facts["e-unsaid"] = Fact("e-unsaid", "ORG", name="never said")
    return Corpus((Article("a", (ar, fil), tuple(beads), facts),))


def through_json(tasks):
    return json.loads(json.dumps(tasks, ensure_ascii=False))


@settings(max_examples=80, deadline=None)
@given(corpora())
@pytest.mark.parametrize("task", ["single", "parallel", "align"])
def test_untouched_submission_is_the_identity(task, corpus):
    article = corpus.articles[0]
    tasks = (
        [t for lang in LANGS for t in to_tasks(article, task, [lang])]
        if task == "single"
        else to_tasks(article, task)
    )
    assert check(tasks, corpus) == []
    export = through_json(submitted(tasks))
    assert check(export, corpus) == []
    back = from_tasks(export, corpus)
    assert unreviewed(back) == corpus
    if task != "align":
        assert all(m.reviewed for d in back.documents for m in d.mentions)


@settings(max_examples=60, deadline=None)
@given(corpora(), st.data())
def test_a_task_without_an_answer_changes_nothing(corpus, data):
    tasks = submitted(to_tasks(corpus.articles[0], "parallel"))
    for task in tasks:
        how = data.draw(st.sampled_from(["done", "open", "skipped"]))
        if how == "open":
            task["annotations"] = []
        elif how == "skipped":
            task["annotations"] = [{"was_cancelled": True, "result": []}]
    assert unreviewed(from_tasks(tasks, corpus)) == corpus


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_passages_hold_every_mention_once_and_a_text_in_each_language(corpus):
    article = corpus.articles[0]
    tasks = to_tasks(article, "parallel")
    regions = [r["id"] for t in tasks for r in t["predictions"][0]["result"] if r["type"] == "labels"]
    assert sorted(regions) == sorted(f"{d.lang}-{m.id}" for d in article.documents for m in d.mentions)
    for task in tasks:
        assert all(task["data"][f"text_{lang}"] for lang in LANGS)
    assert len({t["data"]["hexapla_id"] for t in tasks}) == len(tasks)


@settings(max_examples=30, deadline=None)
@given(corpora())
def test_answers_in_any_order_give_the_same_corpus(corpus):
    export = submitted(to_tasks(corpus.articles[0], "parallel"))
    assert from_tasks(export[::-1], corpus) == from_tasks(export, corpus)


# ---- a small article, edited by hand -------------------------------------------------------------------------------


def article():
    plain = toy.article(
        "port",
        {
            "en": "[Mara Diaz|PER f1] runs the port of [Cebu|LOC f2].\nIt cost [$2 million|MONEY f3 value=2000000 unit=USD modifier=more_than].",
            "fil": "Pinamumunuan ni [Mara Diaz|PER f1] ang daungan ng [Cebu|LOC f2].\nHigit [$2 milyon|MONEY f3 value=2000000 unit=USD modifier=more_than] ang halaga.",
            "pl": "[Mara Diaz|PER f1] kieruje portem w [Cebu|LOC f2].\nKosztował [2 mln dolarów|MONEY f3 value=2000000 unit=USD].",
        },
    )  # fmt: skip
    documents = tuple(
        dataclasses.replace(
            d, mentions=tuple(dataclasses.replace(m, by="rule", reviewed=False) for m in d.mentions)
        )
        for d in plain.documents
    )
    beads = tuple(Bead(f"b{n}", {d.lang: (d.sentences[n],) for d in documents}) for n in range(2))
    return dataclasses.replace(plain, documents=documents, beads=beads)


CORPUS = Corpus((article(),))


def export(langs=("en", "fil"), task="parallel"):
    return submitted(to_tasks(CORPUS.articles[0], task, langs))


def result(task):
    return task["annotations"][0]["result"]


def items(task, region, kind=None):
    return [r for r in result(task) if r.get("id") == region and kind in (None, r["from_name"])]


def add(task, region, lang, surface, label, nth=0, **said):
    text = task["data"][f"text_{lang}"]
    start = text.index(surface)
    place = {"start": start, "end": start + len(surface)}
    result(task).append(
        {"id": region, "from_name": f"label_{lang}", "to_name": f"text_{lang}", "type": "labels", "origin": "manual", "value": {**place, "text": surface, "labels": [label]}}
    )  # fmt: skip
    for name, text in said.items():
        result(task).append(
            {"id": region, "from_name": f"{name}_{lang}", "to_name": f"text_{lang}", "type": "textarea", "value": {**place, "text": [text]}}
        )  # fmt: skip


def relate(task, a, b):
    result(task).append({"type": "relation", "from_id": a, "to_id": b, "direction": "right", "labels": []})


def mention(corpus, lang, surface):
    return next(m for m in corpus.articles[0].document(lang).mentions if m.surface == surface)


def test_tasks_name_their_place_text_and_article():
    first, second = to_tasks(article(), "parallel", ("fil", "en"))
    assert first["data"]["hexapla_id"] == "port/fil-en/0"
    assert second["data"]["hexapla_id"] == f"port/fil-en/{second['data']['start_fil']}"
    assert second["data"]["text_en"] == "It cost $2 million."
    assert first["data"]["sha256_en"] == article().document("en").text_sha256
    assert first["data"]["text_sha256"] != second["data"]["text_sha256"]
    assert to_tasks(article(), "parallel", ("fil", "en")) == [first, second]
    assert to_tasks(article(), "single", ("fil",))[0]["data"]["hexapla_id"] == "port/fil"


def test_links_are_relations_between_the_panes():
    first, _ = to_tasks(article(), "parallel", ("en", "fil"))
    related = {
        (r["from_id"], r["to_id"]) for r in first["predictions"][0]["result"] if r["type"] == "relation"
    }
    assert related == {("en-m1", "fil-m1"), ("en-m2", "fil-m2")}


def test_a_pane_without_sentences_gives_no_parallel_task():
    bare = dataclasses.replace(article(), beads=())
    documents = tuple(
        d if d.lang != "fil" else dataclasses.replace(d, sentences=(), mentions=()) for d in bare.documents
    )
    assert to_tasks(dataclasses.replace(bare, documents=documents), "parallel", ("en", "fil")) == []


def test_untouched_keeps_by_and_is_reviewed():
    back = from_tasks(export(), CORPUS)
    m = mention(back, "en", "Cebu")
    assert (m.by, m.reviewed) == ("rule", True)
    assert not any(m.reviewed for m in back.articles[0].document("pl").mentions)


def test_a_new_mention_is_read_and_takes_a_free_id():
    tasks = export()
    add(tasks[1], "Qx7_fresh", "en", "cost", "EVENT", fact_id="e-cost")
    back = from_tasks(tasks, CORPUS)
    m = mention(back, "en", "cost")
    assert (m.id, m.label, m.by, m.reviewed, m.fact_id) == ("m4", "EVENT", "read", True, "e-cost")
    assert back.articles[0].facts["e-cost"] == Fact("e-cost", "EVENT", name="cost")
    assert mention(back, "en", "$2 million").by == "rule"


def test_a_removed_mention_is_gone_and_so_is_a_fact_that_nothing_says():
    tasks = submitted(to_tasks(CORPUS.articles[0], "single", ("en",)))
    kept = copy.deepcopy(tasks)
    tasks[0]["annotations"][0]["result"] = [r for r in result(tasks[0]) if r.get("id") != "en-m2"]
    back = from_tasks(tasks, CORPUS)
    assert [m.surface for m in back.articles[0].document("en").mentions] == ["Mara Diaz", "$2 million"]
    assert "f2" in back.articles[0].facts  # the other versions say it
    alone = Corpus((dataclasses.replace(article(), documents=(article().document("en"),), beads=()),))
    assert "f2" in from_tasks(kept, alone).articles[0].facts
    assert "f2" not in from_tasks(tasks, alone).articles[0].facts


@pytest.mark.parametrize(
    ("region", "control", "value", "expected"),
    [
        (
            "en-m3",
            "value",
            {"text": ["2500000"]},
            Quantity("money", Fraction(2500000), None, "USD", "more_than"),
        ),
        ("en-m3", "value", {"text": [" 1/3 "]}, Quantity("money", Fraction(1, 3), None, "USD", "more_than")),
        ("en-m3", "unit", {"text": ["EUR"]}, Quantity("money", Fraction(2000000), None, "EUR", "more_than")),
        (
            "en-m3",
            "modifier",
            {"choices": ["approx"]},
            Quantity("money", Fraction(2000000), None, "USD", "approx"),
        ),
        ("en-m3", "modifier", {"choices": []}, Quantity("money", Fraction(2000000), None, "USD")),
        ("en-m3", "unit", {"text": []}, Quantity("money", Fraction(2000000), None, None, "more_than")),
    ],
)
def test_a_corrected_value_arrives_and_is_read(region, control, value, expected):
    tasks = export()
    (item,) = items(tasks[1], region, f"{control}_en")
    item["value"] = {"start": item["value"]["start"], "end": item["value"]["end"], **value}
    m = mention(from_tasks(tasks, CORPUS), "en", "$2 million")
    assert (m.quantity, m.by, m.id, m.fact_id) == (expected, "read", "m3", "f3")


def test_the_fact_of_a_corrected_number_says_what_the_versions_say():
    tasks = export()
    items(tasks[1], "en-m3", "value_en")[0]["value"]["text"] = ["2500000"]
    fact = from_tasks(tasks, CORPUS).articles[0].facts["f3"]
    assert fact.value == "en: more_than 2500000 USD; fil: more_than 2000000 USD; pl: 2000000 USD"


def test_a_moved_span_keeps_its_id():
    tasks = export()
    for item in items(tasks[0], "fil-m2"):
        item["value"]["start"] -= len("daungan ng ")
        item["value"].pop("text") if item["type"] == "labels" else None
    m = mention(from_tasks(tasks, CORPUS), "fil", "daungan ng Cebu")
    assert (m.id, m.by, m.fact_id) == ("m2", "read", "f2")


def test_an_ambiguous_value_is_marked():
    tasks = export()
    place = {k: items(tasks[1], "en-m3")[0]["value"][k] for k in ("start", "end")}
    result(tasks[1]).append({"id": "en-m3", "from_name": "ambiguous_en", "to_name": "text_en", "type": "choices", "value": {**place, "choices": ["ambiguous"]}})  # fmt: skip
    assert mention(from_tasks(tasks, CORPUS), "en", "$2 million").ambiguous


# ---- links ---------------------------------------------------------------------------------------------------------


def test_a_relation_joins_mentions_without_a_fact():
    tasks = export()
    add(tasks[1], "a", "en", "cost", "EVENT")
    add(tasks[1], "b", "fil", "halaga", "EVENT")
    relate(tasks[1], "b", "a")
    back = from_tasks(tasks, CORPUS)
    fact_id = mention(back, "en", "cost").fact_id
    assert fact_id == mention(back, "fil", "halaga").fact_id == "f001"
    assert back.articles[0].facts[fact_id] == Fact("f001", "EVENT", name="cost")


def test_a_relation_gives_its_fact_to_a_mention_without_one():
    tasks = export()
    add(tasks[0], "a", "en", "port", "LOC")
    relate(tasks[0], "a", "fil-m2")
    assert mention(from_tasks(tasks, CORPUS), "en", "port").fact_id == "f2"


def test_a_relation_between_two_facts_makes_them_one_in_the_whole_article():
    corpus = CORPUS
    facts = {**article().facts, "f9": Fact("f9", "PER", qid="Q1")}
    documents = tuple(
        d
        if d.lang == "en"
        else dataclasses.replace(
            d, mentions=(dataclasses.replace(d.mentions[0], fact_id="f9"), *d.mentions[1:])
        )
        for d in article().documents
    )
    corpus = Corpus((dataclasses.replace(article(), documents=documents, facts=facts),))
    tasks = submitted(to_tasks(corpus.articles[0], "parallel", ("en", "fil")))
    relate(tasks[0], "en-m1", "fil-m1")
    back = from_tasks(tasks, corpus)
    assert {mention(back, lang, "Mara Diaz").fact_id for lang in ("en", "fil", "pl")} == {"f1"}
    assert "f9" not in back.articles[0].facts
    assert back.articles[0].facts["f1"].qid == "Q1"


def test_another_fact_id_unlinks():
    tasks = export()
    items(tasks[0], "en-m2", "fact_id_en")[0]["value"]["text"] = ["e-cebu-city"]
    tasks[0]["annotations"][0]["result"] = [r for r in result(tasks[0]) if r.get("from_id") != "en-m2"]
    back = from_tasks(tasks, CORPUS)
    assert mention(back, "en", "Cebu").fact_id == "e-cebu-city"
    assert mention(back, "fil", "Cebu").fact_id == "f2"
    assert mention(back, "en", "Cebu").by == "rule"  # what it is was not changed, only what it is linked to


# ---- which answer is taken -----------------------------------------------------------------------------------------


def test_drafts_only_on_request():
    tasks = export()
    for task in tasks:
        task["drafts"] = [{"result": []}, {"result": []}]
        task["annotations"] = []
    assert from_tasks(tasks, CORPUS) == CORPUS
    assert from_tasks(tasks, CORPUS, drafts=True).articles[0].document("en").mentions == ()


@pytest.mark.parametrize("done", range(15))
def test_only_the_passage_that_was_answered_changes(done):
    corpus = Corpus((demo(),))
    tasks = submitted(to_tasks(demo(), "parallel", ("en", "fil")))
    shown = {r["id"] for r in result(tasks[done]) if r.get("from_name", "").startswith("label_")}
    tasks[done]["annotations"][0]["result"] = []
    for n, task in enumerate(tasks):
        if n != done:
            task["annotations"] = []
    back = from_tasks(tasks, corpus).articles[0]
    for old, new in zip(demo().documents, back.documents, strict=True):
        assert new.mentions == tuple(m for m in old.mentions if f"{old.lang}-{m.id}" not in shown)


def codes(error):
    return [f.code for f in error.value.faults]


def test_two_annotations_must_agree_or_one_be_the_truth():
    tasks = export()
    tasks[0]["annotations"] *= 2
    assert unreviewed(from_tasks(tasks, CORPUS)) == CORPUS
    tasks[0]["annotations"] = [copy.deepcopy(a) for a in tasks[0]["annotations"]]
    tasks[0]["annotations"][1]["result"] = []
    with pytest.raises(InputError) as error:
        from_tasks(tasks, CORPUS)
    assert codes(error) == ["two-answers"]
    tasks[0]["annotations"][0]["ground_truth"] = True
    assert unreviewed(from_tasks(tasks, CORPUS)) == CORPUS


def test_pairs_that_share_a_pivot_are_joined():
    tasks = export(("en", "fil")) + export(("en", "pl"))
    back = from_tasks(tasks, CORPUS)
    assert unreviewed(back) == CORPUS
    assert all(m.reviewed for d in back.documents for m in d.mentions)


def test_pairs_that_say_different_things_of_their_pivot_are_refused():
    tasks = export(("en", "fil")) + export(("en", "pl"))
    items(tasks[3], "en-m3", "value_en")[0]["value"]["text"] = ["3"]
    with pytest.raises(InputError) as error:
        from_tasks(tasks, CORPUS)
    assert codes(error) == ["tasks-disagree"]


# ---- texts that are not those that were pushed ---------------------------------------------------------------------


def test_a_text_edited_since_is_refused():
    longer = toy.article("port", {"en": "A new word. [Mara Diaz|PER f1].", "fil": "[Mara Diaz|PER f1]."})
    with pytest.raises(InputError) as error:
        from_tasks(export(), Corpus((longer,)))
    assert "text-changed" in codes(error)


@pytest.mark.parametrize(
    ("text", "code"),
    [("It cost $2 million!", "text-changed"), ("Cafe\u0301", "not-nfc"), ("one\r\ntwo", "not-nfc")],
)
def test_a_text_edited_in_the_task_is_refused(text, code):
    tasks = export()
    tasks[1]["data"]["text_en"] = text
    with pytest.raises(InputError) as error:
        from_tasks(tasks, CORPUS)
    assert codes(error) == [code]


def test_an_unknown_article_is_refused():
    with pytest.raises(InputError) as error:
        from_tasks(export(), Corpus(()))
    assert set(codes(error)) == {"unknown-article"}


def test_demo_in_every_pair_with_the_source():
    corpus = Corpus((demo(),))
    tasks = [
        t for lang in ("ar", "fil", "pl", "pt", "zh") for t in to_tasks(demo(), "parallel", ("en", lang))
    ]
    assert check(tasks, corpus) == []
    assert unreviewed(from_tasks(submitted(tasks), corpus)) == corpus
