"""The demo article and its gold: six versions, alike but for one number, one name and one joined pair of sentences."""

import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import hexapla
from hexapla.corpus import LABELS, Article, Bead, Document, Fact, Mention, Source, sha256
from hexapla.manifest import read_manifest
from hexapla.segment import sentences
from hexapla.store import (
    beads_json,
    facts_json,
    mentions_json,
    read_beads,
    read_facts,
    read_mentions,
    read_text,
    with_mentions,
)
from hexapla.tokens import tokens
from hexapla.values import MODIFIERS

DEMO = Path(hexapla.__file__).parent / "demo"
GOLD = DEMO / "gold" / "kite"
LANGS = ("ar", "en", "fil", "pl", "pt", "zh")
each_lang = pytest.mark.parametrize("lang", LANGS)

# Mentions of each bead: title, three sentences, heading, four sentences, heading, …
MENTIONS = [4, 7, 5, 5, 1, 3, 4, 4, 2, 0, 5, 3, 7, 4, 4]
JOINED = ("kite-13", "zh")  # one sentence there, two in the other versions

# What the versions say otherwise than the source, by bead and language: (not said, said instead)
DIFFERENCES = {
    ("kite-11", "pl"): ("e-gdansk None", "e-gdynia None"),
    ("kite-12", "pt"): ("n-prepaid 10 percent", "n-prepaid 12 percent"),
}
NOT_EXPRESSED = {("e-gdansk", "pl")} | {("e-gdynia", lang) for lang in LANGS if lang != "pl"}


def gold_file(lang: str) -> Path:
    return GOLD / f"kite-{lang}.json"


@cache
def source(lang: str) -> Source:
    return next(s for s in read_manifest(DEMO / "seeds" / "manifest.toml") if s.lang == lang)


@cache
def text(lang: str) -> str:
    return read_text(DEMO / "seeds" / source(lang).file).removesuffix("\n")


@cache
def mentions(lang: str) -> tuple[Mention, ...]:
    return read_mentions(gold_file(lang))[3]


@cache
def facts() -> dict[str, Fact]:
    return read_facts(GOLD / "facts.json")


@cache
def beads() -> tuple[Bead, ...]:
    return read_beads(GOLD / "beads.json")


def gold_sentences(lang: str) -> list[tuple[int, int]]:
    return [span for bead in beads() for span in bead.spans[lang]]


def within(bead: Bead, lang: str) -> list[Mention]:
    return [m for m in mentions(lang) if any(a <= m.start and m.end <= b for a, b in bead.spans[lang])]


def said(bead: Bead, lang: str) -> Counter[str]:
    """What a version says in a bead: facts, with the value as this version has it."""
    return Counter(f"{m.fact_id} {m.quantity}" for m in within(bead, lang))


# ---- the texts -----------------------------------------------------------------------------------------------------


def test_manifest_names_six_versions_of_one_open_article():
    listed = read_manifest(DEMO / "seeds" / "manifest.toml")
    assert sorted(s.lang for s in listed) == list(LANGS)
    assert {s.article for s in listed} == {"kite"}
    assert {s.licence for s in listed} == {"CC-BY-4.0"}
    assert {s.lang: (s.role, s.translation) for s in listed} == {
        lang: ("source", "unknown") if lang == "en" else ("translation", "machine") for lang in LANGS
    }


@each_lang
def test_text_is_clean_and_is_the_one_of_the_manifest_and_the_gold(lang):
    raw = (DEMO / "seeds" / source(lang).file).read_bytes()
    assert sha256(raw) == source(lang).sha256
    assert raw.decode() == text(lang) + "\n"
    assert unicodedata.is_normalized("NFC", text(lang))
    assert all(block and "\n" not in block and block == block.strip() for block in text(lang).split("\n\n"))
    assert len(text(lang).split("\n\n")) == 7
    assert read_mentions(gold_file(lang))[:3] == (f"kite-{lang}", lang, sha256(text(lang)))


# ---- mentions ------------------------------------------------------------------------------------------------------


@each_lang
def test_mentions_are_in_order_apart_and_say_their_slice(lang):
    end = 0
    for m in mentions(lang):
        assert end <= m.start
        assert text(lang)[m.start : m.end] == m.surface
        assert (m.by, m.reviewed) == ("read", False)
        end = m.end


@each_lang
def test_mentions_end_on_token_edges(lang):
    starts, ends = (set(edges) for edges in zip(*tokens(text(lang), lang), strict=True))
    assert [m for m in mentions(lang) if m.start not in starts or m.end not in ends] == []


@each_lang
def test_every_label_and_every_modifier_occurs(lang):
    assert {m.label for m in mentions(lang)} == set(LABELS)
    assert {m.quantity.modifier for m in mentions(lang) if m.quantity} == {None, *MODIFIERS}


@each_lang
def test_every_sentence_has_its_mentions(lang):
    counted = [len(within(bead, lang)) for bead in beads()]
    assert counted == MENTIONS
    assert sum(counted) == len(mentions(lang))  # so none crosses a sentence


# ---- beads ---------------------------------------------------------------------------------------------------------


@each_lang
def test_beads_hold_every_sentence_once(lang):
    spans = gold_sentences(lang)
    assert spans == sentences(text(lang), lang)
    held = "".join(text(lang)[a:b] for a, b in spans)
    assert "".join(held.split()) == "".join(text(lang).split())


def test_beads_are_one_to_one_but_for_the_joined_pair():
    for bead in beads():
        for lang in LANGS:
            pair = bead.bead_id == JOINED[0] and lang != JOINED[1]
            assert len(bead.spans[lang]) == (2 if pair else 1), (bead.bead_id, lang)


# ---- facts ---------------------------------------------------------------------------------------------------------


def test_facts_are_expressed_in_all_languages_but_the_intended_differences():
    expressed = {(m.fact_id, lang) for lang in LANGS for m in mentions(lang)}
    assert {(fact_id, lang) for fact_id in facts() for lang in LANGS} - expressed == NOT_EXPRESSED
    assert {fact_id for fact_id, _ in expressed} == set(facts())


@each_lang
def test_versions_say_the_same_but_for_the_intended_differences(lang):
    for bead in beads():
        here, there = said(bead, lang), said(bead, "en")
        missing, new = DIFFERENCES.get((bead.bead_id, lang), ("", ""))
        assert (list(there - here), list(here - there)) == ([missing] * bool(missing), [new] * bool(new)), (
            bead.bead_id
        )


def test_facts_say_what_their_mentions_say():
    for fact_id, fact in facts().items():
        found = [(lang, m) for lang in LANGS for m in mentions(lang) if m.fact_id == fact_id]
        assert {m.label for _, m in found} == {fact.label}, fact_id
        if not fact.is_number:
            assert fact.name, fact_id
            assert fact.entity == fact_id.removeprefix("e-")
            continue
        by_value: dict[str, list[str]] = {}
        for lang, m in found:
            by_value.setdefault(str(m.quantity).replace("\u202f", ""), []).append(lang)
        if len(by_value) == 1:
            (value,) = by_value
            assert fact.value == ("" if value == "–" else value), fact_id
        else:
            assert fact.value == "; ".join(
                f"{', '.join(group)}: {value}" for value, group in by_value.items()
            )
        assert fact.note, fact_id


# ---- the disk form -------------------------------------------------------------------------------------------------


def test_gold_files_are_in_the_form_that_the_store_writes():
    for lang in LANGS:
        assert gold_file(lang).read_text("utf-8") == mentions_json(*read_mentions(gold_file(lang)))
    assert (GOLD / "facts.json").read_text("utf-8") == facts_json(facts())
    assert (GOLD / "beads.json").read_text("utf-8") == beads_json(beads())


def test_the_gold_makes_an_article():
    documents = tuple(
        with_mentions(
            Document(source(lang), text(lang), (), tuple(gold_sentences(lang))),
            mentions(lang),
            gold_file(lang),
        )
        for lang in LANGS
    )
    article = Article("kite", documents, beads(), facts())
    assert {m.surface for m in article.by_fact()["n-order-value"]["zh"]} == {"84亿菲律宾比索"}
