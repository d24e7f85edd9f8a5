import dataclasses
from pathlib import Path

import pytest

import hexapla
from hexapla.build import align, group, segment
from hexapla.corpus import Article
from hexapla.ingest import ingest
from hexapla.preannotate import link, mentions, preannotate, said_value

DEMO = Path(hexapla.__file__).parent / "demo"


@pytest.fixture(scope="module")
def kite() -> Article:
    (article,) = group([segment(d) for d in ingest(DEMO / "seeds")[0]]).articles
    return preannotate(align(article))


def test_proposals_are_sorted_apart_and_linked(kite: Article) -> None:
    for document in kite.documents:
        end = 0
        assert document.mentions
        for m in document.mentions:
            assert end <= m.start
            assert m.by == "rule"
            assert not m.reviewed
            assert m.fact_id in kite.facts
            assert kite.facts[m.fact_id].label == m.label or kite.facts[m.fact_id].is_number
            end = m.end


def test_a_number_that_all_versions_give_is_one_fact(kite: Article) -> None:
    table = kite.by_fact()
    whole = {
        said_value(next(iter(said["en"])))
        for fact_id, said in table.items()
        if kite.facts[fact_id].is_number and {"en", "fil", "pl", "pt", "zh", "ar"} <= set(said)
    }
    assert "2027-06" in whole
    assert len(whole) >= 4


def test_versions_that_differ_are_told_by_language(kite: Article) -> None:
    told = [f.value for f in kite.facts.values() if "10 percent" in f.value]
    assert any("pt: 12 percent" in value for value in told)


def test_annotating_again_changes_nothing(kite: Article) -> None:
    assert preannotate(kite) == kite


def test_an_article_of_one_language_is_annotated_too(kite: Article) -> None:
    alone = Article("kite", (dataclasses.replace(kite.document("en"), mentions=()),))
    found = preannotate(alone)
    assert len(found.documents[0].mentions) == len(kite.document("en").mentions)
    assert set(found.facts) == {m.fact_id for m in found.documents[0].mentions}


def test_an_article_without_mentions_has_no_facts(kite: Article) -> None:
    bare = dataclasses.replace(
        kite, documents=tuple(dataclasses.replace(d, mentions=()) for d in kite.documents), facts={}
    )
    assert link(bare).facts == {}


def test_mentions_of_one_document_carry_their_surface(kite: Article) -> None:
    document = kite.document("en")
    for m in mentions(document):
        assert document.text[m.start : m.end] == m.surface
        assert any(s <= m.start and m.end <= e for s, e in document.sentences)
