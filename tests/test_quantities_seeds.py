"""The four seed articles: every number of the body is found with its value, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.ingest import ingest
from hexapla.quantities import extract
from hexapla.store import read_mentions
from hexapla.values import format_value

SEEDS = Path(__file__).parents[1] / "seeds"
GOLD = Path(__file__).parents[1] / "annotation" / "gold"

# surface, kind, value, unit, modifier; in the order of the text, the furniture around the article left out
BODY = {
    "000_3a684e7bccfa2e7b": (
        "fil",
        "Ang mga nangungunang mananaliksik",
        "Huwag lang magbasa",
        [
            ("Enero", "date", "XXXX-01", None, None),
            ("20%", "percent", "20", "percent", "at_most"),
            ("tatlo hanggang limang taon", "measure", "3..5", "year", None),
            ("20%", "percent", "20", "percent", "at_most"),
            ("$57 bilyon", "money", "57000000000", "USD", "approx"),
            ("isang ikasampu", "cardinal", "0.1", None, "approx"),
            ("Dalawa", "cardinal", "2", None, None),
            ("$1 bilyon", "money", "1000000000", "USD", "more_than"),
            ("doble", "cardinal", "2", "times", "more_than"),
            ("isang taon", "measure", "1", "year", None),
            ("dalawang", "cardinal", "2", None, None),
            ("apat na buwan", "measure", "4", "month", None),
            ("pitong buwan", "measure", "7", "month", None),
            ("dalawang", "cardinal", "2", None, None),
            ("45%", "percent", "45", "percent", None),
            ("$3 bilyon", "money", "3000000000", "USD", "approx"),
            ("$57 bilyon", "money", "57000000000", "USD", "more_than"),
            ("third", "ordinal", "3", None, None),
            ("60%", "percent", "60", "percent", "more_than"),
            ("unang", "ordinal", "1", None, None),
            ("$5 trilyon", "money", "5000000000000", "USD", None),
            ("Nobyembre", "date", "XXXX-11", None, None),
        ],
    ),
    "001_a79dcb9d40726754": (
        "ar",
        "يقول كبار الباحثين",
        "لا تكتفَ بقراءة",
        [
            ("يناير", "date", "XXXX-01", None, None),
            ("20٪", "percent", "20", "percent", "at_most"),
            ("السنوات الثلاث إلى الخمس", "measure", "3..5", "year", None),
            ("20٪", "percent", "20", "percent", "at_most"),
            ("57 مليار دولار", "money", "57000000000", "USD", "approx"),
            ("عُشر", "cardinal", "0.1", None, "approx"),
            ("شركتان", "cardinal", "2", None, None),
            ("مليار دولار", "money", "1000000000", "USD", "more_than"),
            ("مرتين", "cardinal", "2", "times", "more_than"),
            ("ورقتين", "cardinal", "2", None, None),
            ("أربعة أشهر", "measure", "4", "month", None),
            ("سبعة أشهر", "measure", "7", "month", None),
            ("جيلين", "cardinal", "2", None, None),
            ("45٪", "percent", "45", "percent", None),
            ("3 مليارات دولار", "money", "3000000000", "USD", "approx"),
            ("57 مليار دولار", "money", "57000000000", "USD", None),
            ("الثالث", "ordinal", "3", None, None),
            ("60٪", "percent", "60", "percent", "more_than"),
            ("أول", "ordinal", "1", None, None),
            ("5 تريليون دولار", "money", "5000000000000", "USD", None),
            ("نوفمبر", "date", "XXXX-11", None, None),
        ],
    ),
    "002_09e63cda75ce1be0": (
        "pl",
        "Chiński sektor technologiczny",
        "Obserwuj nas",
        [
            ("247 mln dolarów", "money", "247000000", "USD", "approx"),
            ("87 mld dolarów", "money", "87000000000", "USD", "more_than"),
            ("384", "cardinal", "384", None, None),
            ("styczniu", "date", "XXXX-01", None, None),
            ("8,4 mld dolarów", "money", "8400000000", "USD", None),
        ],
    ),
    "003_6868148a03f71b00": (
        "pt",
        "A China, que costumava",
        "avots",
        [
            ("julho", "date", "XXXX-07", None, None),
            ("primeiro", "ordinal", "1", None, None),
            ("maio", "date", "XXXX-05", None, None),
            ("US $ 8 bilhões", "money", "8000000000", "USD", "approx"),
            ("julho", "date", "XXXX-07", None, None),
            ("15%", "percent", "15", "percent", None),
            ("primeiras", "ordinal", "1", None, None),
            ("dezembro", "date", "XXXX-12", None, None),
            ("US $ 8,2 bilhões", "money", "8200000000", "USD", None),
        ],
    ),
}


@pytest.mark.parametrize("name", BODY)
def test_body(name: str) -> None:
    lang, first, last, expected = BODY[name]
    text = (SEEDS / f"{name}.txt").read_text("utf-8")
    body = text[text.index(first) : text.index(last) if last in text else len(text)]
    got = []
    for mention in extract(body, lang):
        if mention.value is None:  # relative dates: the comparison with the gold holds them
            continue
        value = format_value(mention.value) if mention.value is not None else ""
        if mention.value_high is not None:
            value += f"..{format_value(mention.value_high)}"
        got.append((mention.surface, mention.kind, value, mention.unit, mention.modifier))
    assert got == expected


@pytest.mark.parametrize("file", sorted(GOLD.glob("*/*-*.json")), ids=lambda p: p.stem)
def test_equals_the_gold(file: Path) -> None:
    """Every number of the gold, relative dates too, with span, kind, value, unit and modifier; and no other."""
    doc_id, lang, digest, mentions = read_mentions(file)
    document = next(d for d in ingest(SEEDS)[0] if d.doc_id == doc_id)
    assert document.text_sha256 == digest
    got = [(m.start, m.end, m.quantity) for m in extract(document.text, lang)]
    assert got == [(m.start, m.end, m.quantity) for m in mentions if m.is_number]


@pytest.mark.parametrize("name", BODY)
def test_whole_page_does_not_fail(name: str) -> None:
    text = (SEEDS / f"{name}.txt").read_text("utf-8")
    assert all(text[m.start : m.end] == m.surface for m in extract(text, BODY[name][0]))
