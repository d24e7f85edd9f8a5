import dataclasses
import io
import json
import re
import unicodedata

import pytest
from rich.cells import cell_len
from rich.console import Console
from toy_article import FACTS, make, toy

from hexapla.corpus import Corpus
from hexapla.errors import InputError
from hexapla.layout import LETTERS
from hexapla.show import STYLES, as_json, only, show, show_differences

CODES = re.compile(r"\x1b\[[0-9;]*m")


def drawn(article, width=80, colour=False, **options):
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None
    )
    if isinstance(article, Corpus):
        show_differences(article, console)
    else:
        show(article, console, **options)
    return out.getvalue()


def words(text):
    """The text without what is drawn around it, white space runs as one space."""
    return " ".join(re.sub(r"[\u2068\u2069\u200f]|\[[^\]]{1,2}\]", "", text).split())


def test_every_sentence_and_mention_is_there():
    text = words(drawn(toy(), width=400))
    for document in toy().documents:
        for start, end in document.sentences:
            assert words(document.text[start:end]) in text


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("what", ["article", "differences"])
def test_no_line_is_wider_than_the_terminal(width, what):
    lines = drawn(toy() if what == "article" else Corpus((toy(),)), width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any(cell_len(line) > width // 2 for line in lines)


@pytest.mark.parametrize("width", [12, 25, 40, 100])
@pytest.mark.parametrize("what", ["article", "differences"])
def test_right_to_left_lines_are_isolated_and_balanced(width, what):
    lines = drawn(toy() if what == "article" else Corpus((toy(),)), width).splitlines()
    for line in lines:
        depth = 0
        for char in line:
            depth += (char == "\u2068") - (char == "\u2069")
            assert depth >= 0
            if unicodedata.bidirectional(char) in ("R", "AL") and char != "\u200f":
                assert depth, f"outside of an isolate: {line!r}"
        assert depth == 0, line
    assert any("\u2068\u200f" in line for line in lines)


def test_left_to_right_text_is_not_isolated():
    assert "\u2068" not in drawn(toy(), langs=["en", "zh"])


def test_mentions_are_coloured_and_lettered():
    text = drawn(toy(), width=200, colour=True, langs=["en"])
    assert "Talisay[L] opens a night ferry with 24[#] boats" in CODES.sub("", text)
    assert re.search(r"\x1b\[1;\S*mTalisay\x1b\[0m", text)  # bold, with a colour
    assert set(STYLES) == set(LETTERS)
    assert len(set(LETTERS.values())) == len(LETTERS)


HOSTILE = "Up \x1b[31mred\x1b]0;title\x07 \x9b2J [bold]x[/bold] \u202edesrever\u202c \u2066in\u2069 [share=20 percent|20\x1b0m%] \x7f"


@pytest.mark.parametrize("what", ["article", "differences"])
def test_no_control_character_of_the_text_reaches_the_terminal(what):
    article = make(
        {"en": (HOSTILE,), "ar": ("\u202eقال\x1b[2J [share=25 percent|25%]",)}, FACTS, article_id="x"
    )
    evil = dataclasses.replace(article.facts["share"], value="\x1b[5m20")
    article = dataclasses.replace(article, facts=article.facts | {"share": evil})
    text = drawn(article if what == "article" else Corpus((article,)), width=300)
    controls = {c for c in text if unicodedata.category(c) in ("Cc", "Cf")} - {
        "\n",
        "\u2068",
        "\u2069",
        "\u200f",
    }
    assert controls == set()
    assert "␛[31mred" in text
    assert "[bold]x[/bold]" in text
    # the colours of ours are the only escapes
    coloured = CODES.sub(
        "", drawn(article if what == "article" else Corpus((article,)), width=300, colour=True)
    )
    assert "\x1b" not in coloured


def test_differences_of_a_bead_stand_below_it():
    lines = drawn(toy(), width=200).splitlines()
    heads = [n for n, line in enumerate(lines) if line.startswith("b3 ")]
    below = lines[heads[0] : heads[0] + 8]
    assert any("≠ value percent differs: Arabic: ≈ 25 percent;" in line for line in below)


def test_languages_can_be_chosen_by_any_code():
    text = drawn(toy(), langs=["arb", "tl"])
    assert "Haddad" in text
    assert "حداد" in text
    assert "Tickets" not in text
    with pytest.raises(InputError, match=r"no version in pl; expected ar, en, fil, zh"):
        drawn(toy(), langs=["pl", "en"])


def test_only_drops_beads_that_become_empty():
    assert [b.bead_id for b in only(toy(), ["ar"]).beads] == ["b1", "b2", "b3", "b4", "b5"]


def test_json_is_plain_and_its_offsets_hold():
    record = as_json(toy(), ["ar", "en"])
    assert record == json.loads(json.dumps(record))
    assert list(record["documents"]) == ["ar", "en"]
    assert [b["bead_id"] for b in record["beads"]] == [f"b{n}" for n in range(1, 7)]
    text = toy().document("ar").text
    mentions = [m for b in record["beads"] for m in b["versions"].get("ar", {"mentions": []})["mentions"]]
    assert len(mentions) == len(toy().document("ar").mentions)
    assert all(text[m["start"] : m["end"]] == m["surface"] for m in mentions)
    assert {d["kind"] for d in record["differences"]} == {"value", "name", "bead-missing"}


def test_differences_report():
    text = drawn(Corpus((make({"en": ("Alone.",)}, FACTS, article_id="alone"), toy(source="en"))), width=200)
    assert "alone: one version, nothing to compare" in text
    assert "toy · en (source), ar, fil, zh · 6 beads" in text
    assert "≠ value percent differs from the source (English)" in text
    assert "4 differences between versions" in text
    # the sentences stand once, under all that is said of their bead
    assert words(text).count("The boats were built in Gdańsk.") == 1
    assert "proposed by rules" not in text
    assert "proposed by rules" in drawn(Corpus((toy(linked=False),)))
    same = make({"en": ("Up [share|20%].",), "fil": ("Tumaas ng [share|20%].",)}, FACTS)
    assert "no differences found" in drawn(Corpus((same,)))
