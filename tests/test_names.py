import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla import langs
from hexapla.corpus import Block, Document, Source
from hexapla.names import propose
from hexapla.segment import sentences

LANGS = langs.with_data("entities")


def document(text: str, lang: str) -> Document:
    blocks = (Block(0, len(text)),) if text else ()
    return Document(Source("d", "d.txt", lang), text, blocks, tuple(sentences(text, lang)))


def names(text: str, lang: str, numbers: tuple[tuple[int, int], ...] = ()) -> list[tuple[str, str]]:
    return [(text[s:e], label) for s, e, label in propose(document(text, lang), numbers)]


CASES = [
    ("en", "The mayor met Lina Haddad in Poland. Haddad laughed.", [("Lina Haddad", "PER"), ("Poland", "LOC"), ("Haddad", "PER")]),
    ("en", "The boats were built in Poland for Orbis Technologies.", [("Poland", "LOC"), ("Orbis Technologies", "ORG")]),
    ("en", "They bought the Kite H200 from a maker.", [("Kite H200", "PRODUCT")]),
    ("en", "Nobody came. Everybody slept.", []),
    ("en", "FERRY LEAVES THE TOWN AT DAWN TODAY", []),
    ("fil", "Sinabi ni Lina Haddad na malamig sa Japan.", [("Lina Haddad", "PER"), ("Japan", "LOC")]),
    ("pl", "Statek popłynął do Polski, a potem do Japonii.", [("Polski", "LOC"), ("Japonii", "LOC")]),
    ("pt", "O barco foi do Brasil ao Japão com Lina Haddad.", [("Brasil", "LOC"), ("Japão", "LOC"), ("Lina Haddad", "PER")]),
    ("ar", "وصلت السفينة إلى اليابان ثم عادت للصين ومصر.", [("اليابان", "LOC"), ("للصين", "LOC"), ("ومصر", "LOC")]),
    ("ar", "اشترت المدينة القارب من Maris وباعته إلى Orbis.", [("Maris", "ORG"), ("Orbis", "ORG")]),
    ("zh", "渡轮从日本开往菲律宾。", [("日本", "LOC"), ("菲律宾", "LOC")]),
    ("de", "Die Fähre fuhr von Japan nach Polen.", [("Japan", "LOC"), ("Polen", "LOC")]),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_names_proposed_by_rules(lang: str, text: str, expected: list[tuple[str, str]]) -> None:
    found = names(text, lang)
    if lang == "de":  # nouns are capitals there: places only
        found = [pair for pair in found if pair[1] == "LOC"]
    assert found == expected


def test_a_number_is_no_name_and_a_model_number_is_part_of_one() -> None:
    text = "The ship Maris 12 left with 240 people."
    at = text.index("240")
    assert names(text, "en", ((at, at + 3),)) == [("Maris 12", "PRODUCT")]
    twelve = text.index("12")
    assert names(text, "en", ((twelve, twelve + 2), (at, at + 3))) == [("Maris", "ORG")]


def test_no_place_is_proposed_inside_a_number() -> None:
    text = "船从日本来。"
    assert names(text, "zh", ((1, 4),)) == []


@pytest.mark.parametrize("lang", [*LANGS, "ja", "hi", "xx"])
@given(text=st.text(st.sampled_from("Aa Bb.1中ا\u0301\n,’$-ßİال للΣ")).map(str.strip))
@settings(max_examples=40, deadline=None)
def test_proposals_are_sorted_apart_and_inside_the_text(lang: str, text: str) -> None:
    import unicodedata

    text = unicodedata.normalize("NFC", text)
    end = 0
    for start, stop, label in propose(document(text, lang)):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        assert label in ("PER", "ORG", "LOC", "PRODUCT")
        end = stop


@pytest.mark.parametrize("lang", LANGS)
def test_cues_are_of_the_known_kinds(lang: str) -> None:
    file = resources.files("hexapla") / "lang" / lang / "entities.toml"
    cues = tomllib.loads(file.read_text("utf-8"))
    lists = {"person_before", "organisation_before", "ignore", "places"}
    assert set(cues) <= lists | {"inflects", "capitalised_nouns", "clitic", "place_forms"}
    assert all(isinstance(word, str) and word for key in lists for word in cues.get(key, ()))
    assert all(word == word.casefold() for word in cues["ignore"])
