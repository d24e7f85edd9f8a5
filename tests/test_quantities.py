"""The number extractor: its cases in every language, its promises on any text."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tomllib
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla import langs
from hexapla.errors import InputError
from hexapla.quantities import QuantityMention, extract
from hexapla.quantities.digits import read
from hexapla.quantities.fold import fold
from hexapla.quantities.render import render, to_json
from hexapla.values import Quantity, format_value

CASES = Path(__file__).parent / "cases" / "quantities"
CORE = [
    "en",
    "fil",
    "ar",
    "pl",
    "pt",
    "es",
    "fr",
    "de",
    "it",
    "nl",
    "ru",
    "uk",
    "tr",
    "hi",
    "id",
    "vi",
    "zh",
    "ja",
    "ko",
    "sv",
    "ro",
    "sw",
]
LANGUAGES = sorted(p.stem for p in CASES.glob("*.toml"))


def row(mention: QuantityMention) -> list[str]:
    value = "" if mention.value is None else format_value(mention.value)
    if mention.value_high is not None:
        value += f"..{format_value(mention.value_high)}"
    return [mention.surface, mention.kind, value, mention.unit or "", mention.modifier or ""]


def cases() -> list[tuple[str, str, list[list[str]]]]:
    out = []
    for lang in LANGUAGES:
        for case in tomllib.loads((CASES / f"{lang}.toml").read_text("utf-8"))["case"]:
            out.append((lang, case["text"], case["mentions"]))
    return out


@pytest.mark.parametrize(("lang", "text", "mentions"), cases())
def test_cases(lang: str, text: str, mentions: list[list[str]]) -> None:
    assert [row(m) for m in extract(text, lang)] == mentions


@pytest.mark.parametrize("lang", CORE)
def test_core_languages_have_a_supplement_and_cases(lang: str) -> None:
    assert lang in langs.with_data("quantities")
    assert lang in LANGUAGES
    text = " ".join(case[1] for case in cases() if case[0] == lang)
    kinds = {m.kind for m in extract(text, lang)}
    assert {"cardinal", "percent", "money", "measure"} <= kinds


@pytest.mark.parametrize("lang", langs.with_data("quantities"))
def test_supplements_are_read_whole(lang: str) -> None:
    """A misspelt table name would be passed over in silence."""
    known = {
        "article",
        "relative",
        "of",
        "gap",
        "and",
        "connectors",
        "more_connectors",
        "percent",
        "percent_before",
        "percentage_point",
        "permille",
        "tenths",
        "ordinal_before",
        "ordinal_after",
        "ordinal_prefix",
        "ordinal_suffix",
        "ordinal_ending",
        "ordinal_plural",
        "ordinal_prefix_glued",
        "times_after",
        "minus",
        "point",
        "divide",
        "over",
        "after_half",
        "ignore",
        "marks",
        "reverse",
        "fused",
        "prefix_scale",
        "digitwise",
        "colloquial",
        "need_counter",
        "word_start",
        "counter",
        "nouns_capital",
        "unit_before",
        "money_first",
        "replace",
        "drop",
        "fraction_suffix",
        "fraction_cardinal_suffix",
        "affix",
        "cardinal",
        "multiplier",
        "bare",
        "ordinal",
        "ordinal_multiplier",
        "abbreviation",
        "letter",
        "times",
        "fraction",
        "marked",
        "denominator",
        "and_part",
        "modifier",
        "range",
        "currency",
        "symbol",
        "subunit",
        "unit",
        "unit_short",
        "dual",
        "dual_suffix",
        "not_dual",
        "month",
        "date",
    }
    assert set(langs.data(lang, "quantities")) <= known


# --- the two readings of a literal -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("literal", "decimal", "group", "value", "other"),
    [
        ("1.234", ",", ".", 1234, Fraction("1.234")),
        ("1.234", ".", ",", Fraction("1.234"), 1234),
        ("1,234,567", ".", ",", 1234567, None),
        ("1.234,5", ".", ",", Fraction("1234.5"), None),
        ("12,34,567", ".", ",", 1234567, None),
        ("10,000", ",", " ", 10000, Fraction(10)),
        ("3.14", ",", ".", Fraction("3.14"), None),
        ("1 234", ",", " ", 1234, None),
        ("0.683", ",", ".", Fraction("0.683"), None),
        (".5", ".", ",", Fraction(1, 2), None),
        ("007", ".", ",", 7, None),
    ],
)
def test_digits(
    literal: str, decimal: str, group: str, value: int | Fraction, other: int | Fraction | None
) -> None:
    reading = read(literal, decimal, group)
    assert reading is not None
    assert (reading.value, reading.other) == (value, other)


@pytest.mark.parametrize("literal", ["192.168.1.2", "1.2.3", "1,23,4", "9" * 61])
def test_no_number(literal: str) -> None:
    assert read(literal, ".", ",") is None


def test_an_ambiguous_literal_says_so() -> None:
    (mention,) = extract("Es sind 1.234 km", "de")
    assert (mention.value, mention.ambiguous, mention.other) == (1234, True, Fraction("1.234"))
    assert not extract("Es sind 1.2345 km", "de")[0].ambiguous


# --- the interface ---------------------------------------------------------------------------------------------------


def test_mention_carries_the_bare_number_and_a_quantity() -> None:
    text = "umabot ng higit $57 bilyon ang kita"
    (mention,) = extract(text, "fil")
    assert text[mention.start : mention.end] == mention.surface == "$57 bilyon"
    assert text[mention.number_start : mention.number_end] == "57 bilyon"
    assert mention.quantity == Quantity("money", Fraction(57 * 10**9), None, "USD", "more_than")
    with pytest.raises(AttributeError):
        mention.value = Fraction(1)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("code", "same"), [("tl", "fil"), ("tgl", "fil"), ("arb", "ar"), ("pt_BR", "pt"), ("zho-cn", "zh")]
)
def test_other_codes(code: str, same: str) -> None:
    text = "$57 bilyon 20% 3 km"
    assert extract(text, code) == extract(text, same)


@pytest.mark.parametrize("lang", ["xx", "qaa", "tlh", "en-AU"])
def test_a_language_without_data_reads_digits(lang: str) -> None:
    assert [row(m)[:4] for m in extract("12% and $3.5", lang)] == [
        ["12%", "percent", "12", "percent"],
        ["$3.5", "money", "3.5", "USD"],
    ]


def test_a_code_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="bad-lang"):
        extract("1", "no such language")


def test_import_loads_no_table() -> None:
    code = "import hexapla.quantities.tables as t; assert not t.locale.cache_info().currsize; import sys; assert not {'icu', 'babel', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- scripts, signs, names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("١٢٣", "ar", 123),
        ("१२३", "hi", 123),
        ("๑๒๓", "th", 123),
        ("１２３", "ja", 123),
        ("۱۲۳", "fa", 123),
        ("১২৩", "bn", 123),
        ("½", "en", Fraction(1, 2)),
        ("2½", "en", Fraction(5, 2)),
        ("3/4", "en", Fraction(3, 4)),
        ("1 1/2", "en", Fraction(3, 2)),
    ],
)
def test_digits_of_any_script(text: str, lang: str, value: int | Fraction) -> None:
    assert [m.value for m in extract(text, lang)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "the H200 and the R1",
        "Covid-19",
        "the A320neo",
        "GPT-4o",
        "ask for Siyuan 590 there",
        "10.0.0.1",
        "see https://example.org/2026/01",
        "mail a1@b2.org",
        "the one we saw",
        "9" * 80,
    ],
)
def test_names_and_addresses_are_no_numbers(text: str) -> None:
    assert extract(text, "en") == []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("isang bagay", "fil"),
        ("isa sa kanila", "fil"),
        ("um dia bom", "pt"),
        ("un homme", "fr"),
        ("ein Haus", "de"),
        ("bir ev", "tr"),
        ("un coche", "es"),
        ("jedna sprawa", "pl"),
    ],
)
def test_articles_are_no_numbers(text: str, lang: str) -> None:
    assert [m for m in extract(text, lang) if m.kind == "cardinal"] == []


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("one hundred thousand million", "en", 10**11), ("mil millones", "es", 10**9), ("dos mil millones", "es", 2 * 10**9),
        ("three lakh twenty thousand", "en", 320_000), ("2 crore", "en", 20_000_000), ("三千五", "zh", 3500), ("三千零五", "zh", 3005),
        ("一億二千万", "ja", 120_000_000), ("二〇二六", "zh", 2026), ("quatre-vingt-dix-neuf", "fr", 99), ("siebenhunderteinundzwanzig", "de", 721),
        ("viginti unum", "en", None), ("eine Billion", "de", 10**12), ("un billón", "es", 10**12), ("1 bilhão", "pt", 10**9),
        ("خمسمائة وثلاثة وعشرون", "ar", 523), ("مليونان", "ar", 2_000_000), ("dwadzieścia jeden tysięcy", "pl", 21_000),
        ("siyam na raan at siyamnapu't siyam", "fil", 999), ("sanlibo't isang daan", "fil", 1100), ("labing-isang libo", "fil", 11_000),
        ("trăm nghìn", "vi", None), ("hai mươi mốt", "vi", 21), ("이만칠천", "ko", 27_000),
    ],
)  # fmt: skip
def test_spelled_numbers(text: str, lang: str, value: int | None) -> None:
    values = [m.value for m in extract(text, lang) if m.start == 0 and m.end == len(text)]
    assert values == ([] if value is None else [value])


def test_every_locale_reads_digits_percent_and_money() -> None:
    folder = Path(__file__).parents[1] / "hexapla/quantities/cldr"
    wrong = {}
    for file in folder.glob("*.json"):
        got = [(m.kind, m.value, m.unit) for m in extract("12% ; 7 EUR", file.stem)]
        if got != [("percent", 12, "percent"), ("money", 7, "EUR")]:
            wrong[file.stem] = got
    assert not wrong


def test_no_locale_falls_back_to_english() -> None:
    """A locale that ICU cannot spell must have no spelled numbers, not the English ones."""
    folder = Path(__file__).parents[1] / "hexapla/quantities/cldr"
    spelled = 0
    for file in folder.glob("*.json"):
        spell = json.loads(file.read_text("utf-8"))["spell"]
        numbers = {**spell.get("cardinal", {}), **spell.get("multiplier", {})}
        spelled += bool(numbers)
        if file.stem not in ("en", "sco"):
            assert not {"seven", "eight", "nine", "hundred", "thousand"} & set(numbers), file.stem
    assert spelled > 70


# --- any text --------------------------------------------------------------------------------------------------------

ALPHABET = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "one",
                "hundred",
                "and",
                "12",
                "3.5",
                "1,000",
                "%",
                "$",
                "€",
                "-",
                "–",
                "/",
                ":",
                ".",
                ",",
                "'",
                "million",
                "dollars",
                "isang",
                "dalawampu't",
                "limang",
                "piso",
                "na",
                "ng",
                "مليون",
                "شركتان",
                "و",
                "٪",
                "١٢",
                "三",
                "万",
                "五",
                "年",
                "月",
                "分之",
                "mld",
                "zł",
                "tys.",
                "k",
                "M",
                "km",
                "°C",
                "½",
                "2026",
                "01",
                "16",
                "enero",
                "at",
                "p.m.",
                "②",
                "﷼",
                "ﬁ",
                "İ",
                "ß",
                "\u200f",
                "́",
                "�",
                "\x00",
                "\n",
                "x",
            ]
        )
    ).map(" ".join),
    st.text(alphabet="0123456789.,-/%$ abkm'\u00a0\u202f٣٫६零百万이만"),
)


@given(ALPHABET, st.sampled_from([*CORE, "th", "he", "xx"]))
@settings(max_examples=250, deadline=None)
def test_any_text(text: str, lang: str) -> None:
    last = 0
    for mention in extract(text, lang):
        assert mention.start >= last
        assert mention.start <= mention.number_start < mention.number_end <= mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
        assert mention.quantity.to_json() is not None
        last = mention.end


@given(st.integers(0, 10**15))
@settings(deadline=None)
def test_an_integer_is_read_back(number: int) -> None:
    assert [m.value for m in extract(f"x {number:,} y", "en")] == [number]


@given(st.text(), st.booleans())
def test_fold_maps_every_position(text: str, strip: bool) -> None:
    folded, offsets = fold(text, strip)
    if offsets is None:
        assert len(folded) == len(text)
    else:
        assert len(offsets) == len(folded) + 1
        assert offsets == sorted(offsets)
        assert offsets[-1] == len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "1 ",
        "1,",
        "one hundred and ",
        "one and ",
        "isang daan at ",
        "einhundertundeinhundert",
        "١",
        "百",
        "12/",
        "12:",
        "1-",
        "a",
        "$",
    ],
)
def test_long_texts_end(unit: str) -> None:
    """Much of one thing: no recursion error, no huge integer. `bench/quantities.py` measures that the time is linear."""
    for lang in ("en", "zh"):
        extract(unit * (10_000 // len(unit)), lang)


# --- for people and machines -----------------------------------------------------------------------------------------


def test_json_records_hold_every_field_as_text() -> None:
    (record,) = to_json(extract("Es sind 1.234 km", "de"))
    assert record == {
        "start": 8, "end": 16, "surface": "1.234 km", "kind": "measure", "value": "1234", "value_high": None, "unit": "kilometer",
        "modifier": None, "ambiguous": True, "other": "1.234", "number_start": 8, "number_end": 13,
    }  # fmt: skip
    assert json.loads(json.dumps([record])) == [record]


def test_table_shows_value_unit_and_the_other_reading() -> None:
    from rich.console import Console

    console = Console(width=120, record=True, file=io.StringIO())
    console.print(render(extract("nearly 1.234 km or 3 to 5 years", "de")))
    console.print(render(extract("more than $5 million", "en")))
    text = console.export_text()
    assert "or 1.234" in text
    assert "more than" in text
    assert "USD" in text


@pytest.mark.parametrize(
    ("lang", "text", "surface", "value"),
    [
        ("ko", "이십오 퍼센트", "이십오 퍼센트", 25),
        ("bn", "পঁচিশ কোটি", "পঁচিশ কোটি", 250_000_000),
        ("fil", "may isáng daáng bahay", "isáng daáng", 100),
        ("te", "ఇరవై ఐదు", "ఇరవై ఐదు", 25),
    ],
)
def test_decomposed_text_reads_alike(lang: str, text: str, surface: str, value: int) -> None:
    for form in ("NFC", "NFD"):
        found = extract(unicodedata.normalize(form, text), lang)
        assert [(m.surface, m.value) for m in found] == [(unicodedata.normalize(form, surface), value)]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("my", "၂၀ ရာခိုင်နှုန်း", [("၂၀ ရာခိုင်နှုန်း", "percent")]),  # not "20 hundred"
        ("th", "10 ถึง 20", [("10 ถึง 20", "cardinal")]),  # not "10 cups"
        ("hi", "अठारहवा", [("अठारहवा", "ordinal")]),
        ("en", "some 700 buses a day", [("700", "cardinal")]),
        ("nl", "80 euro een jaar", [("80 euro", "money")]),
        ("en", "they walked a day", [("a day", "measure")]),
    ],
)
def test_what_ends_a_number(lang: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(m.surface, m.kind) for m in extract(text, lang)] == expected


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("es", "siete con cincuenta por ciento", Fraction("7.5")),
        ("es", "ocho con tres cuartos por ciento", Fraction("8.75")),
        ("es", "el sexcentésimo cuadragésimo", 640),
        ("de", "der zweihundert Milliardste Punkt", 200 * 10**9),
        ("en", "two thousand, three hundred and five", 2305),
    ],
)
def test_one_number_of_several_words(lang: str, text: str, value: Fraction | int) -> None:
    assert [m.value for m in extract(text, lang)] == [value]
