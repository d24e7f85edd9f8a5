import dataclasses
from fractions import Fraction

import pytest
from toy import article, corpus, document

from hexapla.corpus import Article, Bead, Block, Corpus, Document, Fact, Mention, Source, is_id, sha256
from hexapla.values import Quantity

HERE = Source("d1", "d1.txt", "en")


def mention(**changes) -> Mention:
    return dataclasses.replace(Mention("m1", 0, 3, "Ann", "PER", "f1", by="read", reviewed=True), **changes)


def doc(text: str = "Ann paid.", **parts) -> Document:
    return Document(HERE, text, **({"blocks": (Block(0, len(text)),)} | parts))


@pytest.mark.parametrize("name", ["a", "A1", "ai-gap_2.fil", "0" * 80])
def test_ids(name: str) -> None:
    assert is_id(name)
    assert Source(name, "f", "en").doc_id == name


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "a..b", ".hidden", "-x", "a b", "é", "0" * 81, "a\n", "facts", "beads", "a\\b"]
)
def test_a_doc_id_that_is_no_file_name_of_its_own_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        Source(name, "f", "en")


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "copy"), ("translation", "google"), ("article", "a/b"), ("topic", "..")],
)
def test_sources_take_only_what_they_know(field: str, value: str) -> None:
    with pytest.raises(ValueError):
        Source("d", "f", "en", **{field: value})


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [
        ("CC-BY-4.0", True), ("CC BY 4.0", True), ("cc0-1.0", True), ("CC BY-SA 4.0", True), ("Public Domain", True),
        ("CC-BY-NC-4.0", False), ("CC BY-NC-ND", False), ("", False), ("proprietary", False), ("not CC-BY", False),
    ],
)  # fmt: skip
def test_a_text_is_open_only_under_an_open_licence(licence: str, is_open: bool) -> None:
    assert Source("d", "f", "en", licence=licence).is_open is is_open


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 3},
        {"start": -1},
        {"end": 0},
        {"start": 0.0},
        {"end": True},
        {"label": "PERSON"},
        {"label": None},
        {"by": "manual"},
        {"by": "model:"},
        {"by": None},
        {"id": ""},
        {"id": 1},
        {"surface": None},
        {"fact_id": 7},
        {"fact_id": ""},
        {"reviewed": "yes"},
        {"ambiguous": 1},
        {"quantity": Quantity("money", Fraction(1))},
    ],
    ids=str,
)
def test_a_mention_that_makes_no_sense_is_refused(changes: dict) -> None:
    with pytest.raises(ValueError):
        mention(**changes)


def test_a_number_mention_always_has_a_quantity() -> None:
    assert mention(label="DATE").quantity == Quantity("date")
    assert not mention().is_number


RECORD = {"id": "m1", "start": 0, "end": 4, "surface": "$5.0", "label": "MONEY", "fact_id": "f1", "value": "5", "unit": "USD", "by": "read", "reviewed": False}  # fmt: skip


def test_a_mention_survives_its_record() -> None:
    assert Mention.from_json(RECORD).to_json() == RECORD
    full = RECORD | {"value_high": "6", "modifier": "approx", "ambiguous": True}
    assert Mention.from_json(full).to_json() == full


@pytest.mark.parametrize(
    "change",
    [
        {"start": "0"}, {"start": 0.0}, {"start": True}, {"start": None}, {"end": 10**30, "start": 10**31}, {"label": []}, {"label": "per"},
        {"value": 5}, {"value": 5.0}, {"value": "five"}, {"value": None, "value_high": "6"}, {"unit": 5}, {"unit": []}, {"modifier": "ca"},
        {"modifier": {}}, {"note": "x"}, {"surface": 5}, {"id": None}, {"by": []}, {"label": "PER"}, {"label": "DATE"}, {"fact_id": {}},
        {"reviewed": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_mention_record_that_makes_no_sense_is_refused_with_a_reason(change: dict) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)) as caught:
        Mention.from_json(RECORD | change)
    assert str(caught.value)


@pytest.mark.parametrize("missing", ["id", "start", "end", "surface", "label", "by", "reviewed"])
def test_a_mention_record_without_a_field_names_it(missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        Mention.from_json({k: v for k, v in RECORD.items() if k != missing})


@pytest.mark.parametrize(
    "parts",
    [
        {"text": "Ann\r\npaid."},
        {"text": "cafe\u0301"},
        {"blocks": (Block(0, 10),)},
        {"blocks": (Block(0, 5), Block(4, 9))},
        {"blocks": (Block(4, 9), Block(0, 3))},
        {"sentences": ((0, 10),)},
        {"sentences": ((4, 9), (0, 3))},
        {"sentences": ((3, 3),)},
        {"mentions": (mention(surface="Bob"),)},
        {"mentions": (mention(start=4, end=20, surface="paid."),)},
    ],
    ids=str,
)
def test_a_document_whose_parts_do_not_fit_its_text_is_refused(parts: dict) -> None:
    with pytest.raises(ValueError):
        doc(**parts)


@pytest.mark.parametrize("fields", [(3, 3), (-1, 2), (0, 1, "footnote"), (0.0, 1), ("0", "1")], ids=str)
def test_a_block_that_makes_no_sense_is_refused(fields: tuple) -> None:
    with pytest.raises(ValueError):
        Block(*fields)


@pytest.mark.parametrize(
    "spans", [{}, {"en": ()}, {"en": ((3, 3),)}, {"en": ((-1, 2),)}, {"en": ((0, 1.5),)}], ids=str
)
def test_a_bead_that_makes_no_sense_is_refused(spans: dict) -> None:
    with pytest.raises(ValueError):
        Bead("b1", spans)


def test_hashes_are_of_the_utf8_bytes() -> None:
    assert sha256("é") == sha256("é".encode())
    assert doc().text_sha256 == sha256("Ann paid.")


def test_an_article_holds_one_document_per_language_and_knows_its_facts() -> None:
    one = document("a-en", "en", "[Ann|PER f1] left.")
    fact = Fact("f1", "PER", "Ann")
    with pytest.raises(ValueError, match="distinct"):
        Article("a", (one, one), (), {"f1": fact})
    with pytest.raises(ValueError, match="unknown fact"):
        Article("a", (one,))
    with pytest.raises(ValueError, match="unknown language"):
        Article("a", (one,), (Bead("b1", {"pl": ((0, 3),)}),), {"f1": fact})
    with pytest.raises(ValueError, match="beyond the end"):
        Article("a", (one,), (Bead("b1", {"en": ((0, 99),)}),), {"f1": fact})
    assert Article("a", (one,), (), {"f1": fact}).document("en") is one
    with pytest.raises(KeyError):
        Article("a", (one,), (), {"f1": fact}).document("pl")


@pytest.mark.parametrize("field", ["name", "value", "entity", "qid", "note"])
def test_fields_of_a_fact_are_strings(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Fact("f1", "PER", **{field: 5})


def test_a_corpus_finds_articles_by_their_id_or_a_documents() -> None:
    whole = corpus()
    assert whole.article("ferry") is whole.article("ferry-pl")
    assert [d.doc_id for d in whole.documents][:2] == ["ferry-en", "ferry-pl"]
    with pytest.raises(KeyError):
        whole.article("none")
    with pytest.raises(ValueError, match="in order"):
        Corpus(whole.articles[::-1])


def test_mentions_by_fact_and_language() -> None:
    table = article(
        "a", {"en": "[Ann|PER f1] met [Ann|PER f1].", "pl": "[Anna|PER f1] [dziś|DATE -]."}
    ).by_fact()
    assert {lang: [m.surface for m in ms] for lang, ms in table["f1"].items()} == {
        "en": ["Ann", "Ann"],
        "pl": ["Anna"],
    }


def test_mentions_within_a_span() -> None:
    one = document("d", "en", "[Ann|PER -] met [Bob|PER -].")
    assert [m.surface for m in one.within((0, 7))] == ["Ann"]
    assert [m.surface for m in one.within((0, 11))] == ["Ann", "Bob"]
