"""Review of beads: accept, reject, edit; sentences never stand in two beads and never get lost."""

import dataclasses

import pytest
import toy
from annotated import submitted
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.annotate import check, from_tasks, to_tasks
from hexapla.corpus import Bead, Corpus
from hexapla.errors import InputError

SENTENCES = {
    "en": "The tide came in.\nThe boats rose.\nNobody slept.\nMorning came.",
    "fil": "Tumaas ang tubig.\nUmangat ang mga bangka.\nWalang natulog.\nDumating ang umaga.",
    "pl": "Przyszedł przypływ.\nŁodzie uniosły się.\nNikt nie spał.\nNastał ranek.",
}


def corpus():
    """Three languages, four sentences each, beads b1 to b4; b4 has no Filipino."""
    plain = toy.article("tide", SENTENCES)
    beads = tuple(
        Bead(f"b{n + 1}", {d.lang: (d.sentences[n],) for d in plain.documents if (n, d.lang) != (3, "fil")})
        for n in range(4)
    )
    return Corpus((dataclasses.replace(plain, beads=beads),))


def reviewed(changes):
    """The export of the review English–Filipino: bead -> its verdict, or the sentence numbers of an edit."""
    tasks = submitted(to_tasks(corpus().articles[0], "align", ("en", "fil")))
    for task in tasks:
        change = changes.get(task["data"]["bead_id"])
        for item in task["annotations"][0]["result"]:
            if change and item["from_name"] == "verdict":
                item["value"]["choices"] = [change if isinstance(change, str) else "edit"]
            elif isinstance(change, dict):
                item["value"]["text"] = [change[item["from_name"].removeprefix("sentences_")]]
    return tasks


def shape(article):
    """Beads as the numbers of their sentences."""
    return {
        b.bead_id: {lang: [article.document(lang).sentences.index(s) + 1 for s in spans] for lang, spans in b.spans.items()}
        for b in article.beads
    }  # fmt: skip


def pulled(changes):
    return shape(from_tasks(reviewed(changes), corpus()).articles[0])


AS_IS = {
    "b1": {"en": [1], "fil": [1], "pl": [1]},
    "b2": {"en": [2], "fil": [2], "pl": [2]},
    "b3": {"en": [3], "fil": [3], "pl": [3]},
    "b4": {"en": [4], "pl": [4]},
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, AS_IS),
        # rejected: the second language leaves the bead, the others stay with the first
        ({"b2": "reject"}, AS_IS | {"b2": {"en": [2], "pl": [2]}, "b2-fil": {"fil": [2]}}),
        ({"b4": "reject"}, AS_IS),
        # the sentence without a counterpart finds it
        ({"b4": {"en": "4", "fil": "4"}}, AS_IS | {"b4": {"en": [4], "fil": [4], "pl": [4]}, "left": None}),
        # two sentences in one, taken from a rejected bead
        ({"b2": {"en": "2", "fil": "2, 3"}, "b3": "reject"}, AS_IS | {"b2": {"en": [2], "fil": [2, 3], "pl": [2]}, "b3": {"en": [3], "pl": [3]}}),
        # one given up stands alone
        ({"b3": {"en": "3", "fil": "0"}}, AS_IS | {"b3": {"en": [3], "pl": [3]}, "left-fil-1": {"fil": [3]}}),
    ],
)  # fmt: skip
def test_verdicts(changes, expected):
    assert pulled(changes) == {k: v for k, v in expected.items() if v}


def test_new_beads_stand_in_reading_order():
    assert list(pulled({"b2": "reject"})) == ["b1", "b2", "b2-fil", "b3", "b4"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"b2": {"en": "2", "fil": "2 3"}}, "beads-disagree"),  # b3 was accepted with the same sentence
        ({"b2": {"en": "2", "fil": "9"}}, "bad-value"),
        ({"b2": {"en": "two", "fil": "2"}}, "bad-value"),
        ({"b2": {"en": "0", "fil": "0"}}, "bad-value"),
        ({"b2": "perhaps"}, "no-verdict"),
    ],
)
def test_what_cannot_be_is_refused(changes, code):
    with pytest.raises(InputError) as error:
        from_tasks(reviewed(changes), corpus())
    assert [f.code for f in error.value.faults] == [code]


def test_sentences_cut_anew_are_refused():
    other = toy.article("tide", SENTENCES)
    documents = tuple(
        dataclasses.replace(
            d, sentences=((d.sentences[0][0], d.sentences[1][1]), *d.sentences[2:]), mentions=()
        )
        for d in other.documents
    )
    beads = tuple(Bead(f"b{n}", {d.lang: (d.sentences[n - 1],) for d in documents}) for n in (1, 2, 3))
    with pytest.raises(InputError) as error:
        from_tasks(reviewed({}), Corpus((dataclasses.replace(other, documents=documents, beads=beads),)))
    assert {f.code for f in error.value.faults} == {"sentences-changed"}


def test_a_task_shows_the_bead_marked_among_its_neighbours():
    tasks = to_tasks(corpus().articles[0], "align", ("en", "fil"))
    assert (
        tasks[0]["data"]["text_en"]
        == "● 1 · The tide came in.\n\u2003 2 · The boats rose.\n\u2003 3 · Nobody slept."
    )
    # without a sentence of its own, the ones around its place
    assert (
        tasks[3]["data"]["text_fil"]
        == "\u2003 2 · Umangat ang mga bangka.\n\u2003 3 · Walang natulog.\n\u2003 4 · Dumating ang umaga."
    )
    assert check(tasks, corpus()) == []


def test_beads_of_other_languages_only_are_not_shown():
    article = corpus().articles[0]
    alone = Bead("b5", {"pl": (article.document("pl").sentences[3],)})
    article = dataclasses.replace(article, beads=(*article.beads[:3], alone))
    assert [t["data"]["bead_id"] for t in to_tasks(article, "align", ("en", "fil"))] == ["b1", "b2", "b3"]


def test_a_bead_that_is_no_sentence_is_named():
    article = corpus().articles[0]
    broken = dataclasses.replace(article, beads=(Bead("b1", {"en": ((0, 3),)}),))
    with pytest.raises(InputError, match="b1"):
        to_tasks(broken, "align", ("en", "fil"))


numbers = st.lists(st.integers(1, 4), max_size=2, unique=True).map(lambda n: " ".join(map(str, n)) or "0")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["b1", "b2", "b3", "b4"]), st.just("reject") | st.fixed_dictionaries({"en": numbers, "fil": numbers})))  # fmt: skip
def test_no_sentence_is_lost_or_doubled(changes):
    try:
        beads = pulled(changes)
    except InputError:
        return
    for lang in SENTENCES:
        held = sorted(n for bead in beads.values() for n in bead.get(lang, ()))
        assert held == ([1, 2, 3, 4] if lang != "fil" or 4 in held else [1, 2, 3])
