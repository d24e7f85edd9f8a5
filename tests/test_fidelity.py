import dataclasses
import json
import shutil
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_article import TEXTS, make, toy

from hexapla.build import build
from hexapla.corpus import Corpus
from hexapla.fidelity import (
    KINDS,
    Difference,
    Version,
    corpus_differences,
    describe,
    differences,
    summary,
    to_json,
)

FACTS = {
    "p": ("PERCENT", "20 percent"),
    "d": ("MEASURE", "14 day"),
    "m": ("MONEY", "57 USD"),
    "n": ("CARDINAL", "7"),
    "n2": ("CARDINAL", "7"),
    "when": ("DATE", "2026-01-16"),
    "who": ("PER", "Ana Reyes"),
    "whom": ("PER", "Omar Haddad"),
    "where": ("LOC", "Cebu"),
}


def found(en, fil, linked=True, source="", zh=None):
    """(kind, description) of two or three one-bead versions, or of several beads where lists are given."""
    texts = {"en": en, "fil": fil} | ({"zh": zh} if zh is not None else {})
    texts = {lang: tuple([text] if isinstance(text, str) else text) for lang, text in texts.items()}
    return [(d.kind, describe(d)) for d in differences(make(texts, FACTS, linked=linked, source=source))]


LINKED = [
    # (en, fil, differences)
    ("Up [p|20%].", "Tumaas ng [p|20%].", []),
    ("Up [p|20%].", "Tumaas ng [p=25 percent|25%].", [("value", "percent differs: English: 20 percent; Filipino: 25 percent")]),
    ("Up [p|20%].", "Tumaas ng [p=20 percentage-point|20 puntos].", [("unit", "percent differs: English: 20 percent; Filipino: 20 percentage-point")]),
    ("Up [p|20%].", "Tumaas ng higit [p=> 20 percent|20%].", [("modifier", "percent differs: English: 20 percent; Filipino: > 20 percent")]),
    ("Up [p|20%].", "Tumaas.", [("missing", "20% (percent): in English, not in Filipino")]),
    ("Up.", "Tumaas ng [p|20%].", [("missing", "20% (percent): in Filipino, not in English")]),
    # the same time in another unit; a rounded conversion
    ("For [d|14 days].", "Sa [d=2 week|2 linggo].", [("unit", "measure differs: English: 14 day; Filipino: 2 week")]),
    ("For [d|14 days].", "Sa [d=3 week|3 linggo].", [("value", "measure differs: English: 14 day; Filipino: 3 week")]),
    ("[d=160 kilometer|160 km] away", "[d=100 mile|100 milya]", [("unit", "measure differs: English: 160 kilometer; Filipino: 100 mile")]),
    ("[m|$57]", "[m=57 EUR|€57]", [("unit", "money differs: English: 57 USD; Filipino: 57 EUR")]),
    # ranges
    ("[d=3..5 year|three to five years]", "[d=3..5 year|3 hanggang 5 taon]", []),
    ("[d=3..5 year|three to five years]", "[d=3 year|3 taon]", [("value", "measure differs: English: 3 – 5 year; Filipino: 3 year")]),
    # dates
    ("[when|16 January 2026]", "[when=2026-01|Enero 2026]", [("precision", "date differs: English: 2026-01-16; Filipino: 2026-01")]),
    ("[when=2026-01|January 2026]", "[when=XXXX-01|Enero]", [("precision", "date differs: English: 2026-01; Filipino: XXXX-01")]),
    ("[when|16 January 2026]", "[when=2026-01-17|Enero 17, 2026]", [("value", "date differs: English: 2026-01-16; Filipino: 2026-01-17")]),
    ("[when=-|last Friday]", "[when|Enero 16, 2026]", []),
    # one language says it twice, once as the other does
    ("[m|$57], yes [m=> 57 USD|$57]", "[m|$57]", []),
    # two facts of one kind in one place: one number that differs, or one name
    ("[n|7] boats", "[n2=8|8] bangka", [("value", "count differs: English: 7; Filipino: 8")]),
    ("[n|7] boats", "[n2|7] bangka", []),
    ("said [who|Ana Reyes]", "sabi ni [whom|Omar Haddad]", [("name", "person differs: English: Ana Reyes; Filipino: Omar Haddad")]),
    ("said [who|Ana Reyes]", "sa [where|Cebu]", [
        ("missing", "Ana Reyes (person): in English, not in Filipino"), ("missing", "Cebu (place): in Filipino, not in English")]),
    # a name is compared by presence, not by spelling
    ("said [who|Ana Reyes]", "sabi ni [who|Reyes]", []),
]  # fmt: skip


@pytest.mark.parametrize(("en", "fil", "expected"), LINKED)
def test_linked(en, fil, expected):
    assert found(en, fil) == expected


UNLINKED = [
    ("Up [p|20%] in [d|14 days].", "Sa [d|14 araw], [p|20%].", []),
    ("Up [p|20%] in [d|14 days].", "Sa [d=15 day|15 araw], [p|20%].", [("value", "measure differs: English: 14 day; Filipino: 15 day")]),
    ("Up [p|20%].", "Tumaas ng [p=> 20 percent|20%].", [("modifier", "percent differs: English: 20 percent; Filipino: > 20 percent")]),
    ("[m|$57] and [n|7]", "[m|$57] at wala", [("missing", "7 (count): in English, not in Filipino")]),
    # the digits are there, no one marked them
    ("[m|$57] and [n|7]", "[m|$57] at 7", []),
    ("[m|$57] and [n=57000|57,000]", "[m|$57] at 57.000", []),
    # a unit may only not have been found
    ("[d|14 days]", "[d=14|14] araw", []),
    # names stand for each other, alike ones first; only one too many is a difference
    ("[who|Ana Reyes], [where|Cebu]", "[where|Cebu], [who|Reyes]", []),
    ("[who|Ana Reyes]", "[whom|Omar Haddad]", []),
    ("[who|Ana Reyes] and [whom|Omar Haddad]", "si [who|Reyes]", [("missing", "Omar Haddad (person): in English, not in Filipino")]),
    ("[who|Ana Reyes] and [whom|Omar Haddad]", "si [who|Reyes] at Haddad", []),
    # a language without any name was not annotated for names
    ("[who|Ana Reyes] and [n|7]", "[n|7]", []),
]  # fmt: skip


@pytest.mark.parametrize(("en", "fil", "expected"), UNLINKED)
def test_unlinked(en, fil, expected):
    assert found(en, fil, linked=False) == expected


def test_what_rules_link_is_no_more_than_unlinked():
    article = make({"en": ("[who|Ana Reyes]",), "fil": ("[whom|Omar Haddad]",)}, FACTS)
    assert [d.kind for d in differences(article)] == ["name"]
    proposed = [
        dataclasses.replace(d, mentions=tuple(dataclasses.replace(m, by="rule") for m in d.mentions))
        for d in article.documents
    ]
    assert list(differences(dataclasses.replace(article, documents=tuple(proposed)))) == []
    reviewed = [
        dataclasses.replace(d, mentions=tuple(dataclasses.replace(m, reviewed=True) for m in d.mentions))
        for d in proposed
    ]
    assert [d.kind for d in differences(dataclasses.replace(article, documents=tuple(reviewed)))] == ["name"]


def test_an_ambiguous_number_is_not_missed_without_links():
    article = make({"en": ("[n|one] boat", "[m|$57]"), "fil": ("bangka", "[m|$57]")}, FACTS, linked=False)
    assert [d.kind for d in differences(article)] == ["missing"]
    en, fil = article.documents
    en = dataclasses.replace(en, mentions=tuple(dataclasses.replace(m, ambiguous=True) for m in en.mentions))
    assert list(differences(dataclasses.replace(article, documents=(en, fil)))) == []


def test_against_the_source():
    assert found("Up.", "Tumaas ng [p|20%].", source="en") == [
        ("added", "20% (percent): in Filipino, not in the source (English)")
    ]
    assert found("Up [p|20%].", "Tumaas.", source="en") == [
        ("missing", "20% (percent): in the source (English), not in Filipino")
    ]
    assert found("Up [p|20%].", "Tumaas ng [p=25 percent|25%].", source="fil") == [
        ("value", "percent differs from the source (Filipino): Filipino: 25 percent; English: 20 percent")
    ]
    assert found(["Up.", ""], ["Tumaas.", "Ayon sa [who|Reyes]."], source="en") == [
        ("bead-missing", "this sentence of Filipino is not in the source (English); it holds Reyes")
    ]


def test_no_version_is_blamed_without_a_source():
    for source in ("", "en"):
        text = " ".join(describe(d) for d in differences(toy(source=source)))
        assert ("source" in text) == bool(source)
        assert not {"error", "wrong", "mistake", "omitted"} & set(text.lower().split())


def test_a_sentence_without_counterpart_is_one_difference():
    assert found(["Up.", "Then [p|20%] for [who|Reyes]."], ["Tumaas.", ""]) == [
        ("bead-missing", "no counterpart in Filipino; it holds 20%, Reyes")
    ]
    # what the version says elsewhere is not lost
    assert found(["[who|Reyes] left.", "Then [p|20%] for [who|Reyes]."], ["Umalis si [who|Reyes].", ""]) == [
        ("bead-missing", "no counterpart in Filipino; it holds 20%")
    ]


def test_said_in_another_sentence():
    en, fil = ["[who|Reyes] left.", "[who|Reyes] slept."], ["Umalis si [who|Reyes].", "Natulog siya."]
    assert found(en, fil) == [
        ("elsewhere", "Ana Reyes (person): here in English, elsewhere in Filipino in b1")
    ]
    # a number that moved and changed is compared, once
    en, fil = ["Up [p|20%].", "Good."], ["Tumaas.", "Mabuti ang [p=25 percent|25%]."]
    assert found(en, fil) == [
        ("value", "percent differs: English: 20 percent; Filipino: 25 percent"),
        ("elsewhere", "25% (percent): here in Filipino, elsewhere in English in b1"),
    ]


def test_three_versions_are_one_difference():
    assert found("[p|20%]", "[p|20%]", zh="[p=25 percent|25%]") == [
        ("value", "percent differs: English, Filipino: 20 percent; Chinese: 25 percent")
    ]
    assert found("[p|20%]", "[p=25 percent|25%]", zh="没有") == [
        ("value", "percent differs: English: 20 percent; Filipino: 25 percent; nothing in Chinese")
    ]
    assert found("[who|Reyes]", "[who|Reyes]", zh="[whom|哈达德]") == [
        ("name", "person differs: English, Filipino: Ana Reyes; Chinese: Omar Haddad")
    ]


def test_the_toy_article():
    assert summary(differences(toy())) == {"value": 1, "name": 1, "bead-missing": 1, "elsewhere": 1}
    share = next(d for d in differences(toy()) if d.kind == "value")
    assert (share.bead_id, share.fact_ids, share.key, share.label) == ("b3", ("share",), "share", "PERCENT")
    for version in share.versions:
        assert [version.sentence[slice(*m)] for m in version.marks] == [version.says]
    assert share.version("ar").value == "≈ 25 percent"
    with pytest.raises(KeyError):
        share.version("pl")


def test_one_version_has_no_differences():
    article = make({"en": TEXTS["en"]}, toy_facts())
    assert list(differences(article)) == []


def toy_facts():
    from toy_article import FACTS as facts

    return facts


def test_corpus_and_json():
    corpus = Corpus((toy(), toy(article_id="toy2", source="en")))
    every = corpus_differences(corpus)
    assert [d.article_id for d in every] == ["toy"] * 4 + ["toy2"] * 4
    record = to_json(every)
    assert record == json.loads(json.dumps(record))
    assert record["summary"] == {"value": 2, "name": 2, "bead-missing": 2, "elsewhere": 2}
    assert list(record["summary"]) == [kind for kind in KINDS if kind in record["summary"]]
    value = next(d for d in record["differences"] if d["kind"] == "value")
    assert value["says"].startswith("percent differs")
    assert {v["lang"]: v["value"] for v in value["versions"]}["fil"] == "20 percent"


words = st.lists(
    st.sampled_from(["up", "[p|20%]", "[d=3..5 year|3-5]", "[m=> 57 USD|$57]", "[who|Reyes]", "[where|Cebu]", "[n|7]", "[n2|7]", "[when=-|then]"]),
    min_size=1, max_size=8,
)  # fmt: skip


@given(st.lists(words, min_size=1, max_size=4), st.booleans(), st.sampled_from(["", "en", "zh"]))
def test_equal_versions_do_not_differ(sentences, linked, source):
    texts = tuple(" ".join(sentence) for sentence in sentences)
    article = make(dict.fromkeys(("en", "fil", "zh"), texts), FACTS, linked=linked, source=source)
    assert list(differences(article)) == []


@given(st.lists(words, min_size=1, max_size=3), st.integers(0, 7), st.booleans())
def test_a_number_that_changes_in_one_version_is_found(sentences, at, linked):
    texts = [" ".join(sentence) for sentence in sentences]
    en, fil = [*texts, "paid [p|20%]"], [*texts, "bayad [p=21 percent|21%]"]
    at %= len(en)
    en.insert(at, en.pop())
    fil.insert(at, fil.pop())
    article = make({"en": tuple(en), "fil": tuple(fil)}, FACTS, linked=linked)
    hits = [d for d in differences(article) if d.bead_id == f"b{at + 1}"]
    assert [d.kind for d in hits] == ["value"]


def test_the_demo_article_differs_where_it_should(tmp_path):
    with resources.as_file(resources.files("hexapla") / "demo") as demo:
        shutil.copytree(demo, tmp_path / "demo")
    corpus = build(tmp_path / "demo" / "seeds", tmp_path / "build", gold=tmp_path / "demo" / "gold")
    found = corpus_differences(corpus)
    assert [(d.kind, d.fact_ids) for d in found] == [
        ("name", ("e-gdansk", "e-gdynia")),
        ("value", ("n-prepaid",)),
    ]
    assert found[0].statements() == [("Gdansk", ("en", "ar", "fil", "pt", "zh")), ("Gdynia", ("pl",))]
    assert found[1].statements() == [("10 percent", ("en", "ar", "fil", "pl", "zh")), ("12 percent", ("pt",))]
    # without gold the number is found as well
    corpus = build(tmp_path / "demo" / "seeds", tmp_path / "build", gold=None)
    assert any(
        "Portuguese: 12 percent" in describe(d) for d in corpus_differences(corpus) if d.kind == "value"
    )


def test_order_of_mentions_does_not_matter():
    article = toy(linked=False)
    turned = [dataclasses.replace(d, mentions=tuple(reversed(d.mentions))) for d in article.documents]
    assert list(differences(article)) == list(
        differences(dataclasses.replace(article, documents=tuple(turned)))
    )


def test_kind_is_checked():
    with pytest.raises(ValueError, match="typo"):
        Difference("typo", "a", "b", "k", (), "PER", "", (Version("en", ""),))
