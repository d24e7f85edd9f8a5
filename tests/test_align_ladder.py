"""The picture of an alignment: well-formed, the same every time, nothing left out, nothing outside its frame."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla import svg
from hexapla.align import Bead
from hexapla.align.ladder import LOW, READABLE, ladder

SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

FIL = ["Bumagsak ang tulay.", "Walang nasaktan.", "Isinara ang daan.", "Lunes noon."]
AR = ["انهار الجسر.", "لم يصب أحد بأذى، وأغلق الطريق.", "شكرا."]
BEADS = [Bead((0,), (0,), 0.99), Bead((1, 2), (1,), 0.4), Bead((3,), (), 0.85), Bead((), (2,), 0.95)]


def drawn(*args: object) -> ET.Element:
    return ET.fromstring(ladder(*args))  # type: ignore[arg-type]


def said(picture: ET.Element) -> list[str]:
    return [e.text or "" for e in picture.iter(f"{SVG}text")]


def test_every_sentence_is_written_beside_its_number() -> None:
    picture = drawn(FIL, AR, BEADS, "fil", "ar", "Two & <two>")
    texts = said(picture)
    assert {*FIL, *AR, "Two & <two>", "Filipino · 4 sentences", "Arabic · 3 sentences"} <= set(texts)
    assert [text for text in texts if text.isdecimal()] == ["1", "1", "2", "3", "2", "4", "3"]


def test_right_to_left_text_starts_at_its_right_end() -> None:
    picture = drawn(FIL, AR, BEADS, "fil", "ar")
    filipino, arabic = picture.findall(f"{SVG}svg")
    assert (filipino.get(XML_LANG), arabic.get(XML_LANG)) == ("fil", "ar")
    for line in arabic.iter(f"{SVG}text"):
        assert (line.get("direction"), line.get("unicode-bidi"), line.get("text-anchor")) == (
            "rtl",
            "isolate",
            "start",
        )
        assert line.get("x") == arabic.get("width")
    for line in filipino.iter(f"{SVG}text"):
        assert (line.get("direction"), line.get("x")) == (None, "0")


def test_a_rung_shows_its_confidence() -> None:
    picture = drawn(FIL, AR, BEADS, "fil", "ar")
    sure, doubtful, source, target = picture.findall(f"{SVG}g")
    assert [rung.get("fill") for rung in picture.iterfind(f"{SVG}g/{SVG}polygon")] == [
        svg.TEAL, svg.AMBER, svg.CRIMSON, svg.CRIMSON,
    ]  # fmt: skip
    assert "0.40" in said(doubtful)
    assert doubtful.find(f"{SVG}polygon").get("stroke-dasharray")  # type: ignore[union-attr]
    assert "0.99" not in said(sure)
    assert {"∅ 0.85"} <= set(said(source))
    assert {"∅"} <= set(said(target))
    assert sure.find(f"{SVG}title").text == f"1 · confidence 0.99\n{FIL[0]}\n{AR[0]}"  # type: ignore[union-attr]
    assert source.find(f"{SVG}title").text.endswith("∅")  # type: ignore[union-attr]


def test_the_surer_the_darker() -> None:
    def shade(confidence: float) -> float:
        picture = drawn(["a"], ["b"], [Bead((0,), (0,), confidence)], "en", "pt")
        return float(picture.find(f"{SVG}g/{SVG}polygon").get("fill-opacity"))  # type: ignore[union-attr, arg-type]

    assert shade(LOW) < shade(0.8) < shade(1.0)


def test_a_confidence_is_not_rounded_up_to_the_bound() -> None:
    picture = drawn(["a"], ["b"], [Bead((0,), (0,), 0.5999)], "en", "pt")
    assert "0.59" in said(picture)
    assert picture.find(f"{SVG}g/{SVG}polygon").get("fill") == svg.AMBER  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("short", "short"),
        (" a\n\tb  c ", "a b c"),
        ("x" * 5000, "x" * 59 + "…"),
        ("字" * 100, "字" * 32 + "…"),
        (
            "e\u0301" * 100,
            "e\u0301" * 59 + "…",
        ),  # marks have no width of their own, and stay with their letters
        ("", ""),
    ],
)
def test_long_sentences_are_shortened(sentence: str, shown: str) -> None:
    assert said(drawn([sentence], ["b"], [Bead((0,), (0,), 1.0)], "en", "pt"))[-2 - 4] == shown


HOSTILE = [
    "<script>alert(1)</script>&amp;\"'",
    "\x00\x1b[31m\x7f\x9b",
    "\ud800 \udfff",
    "\ufffe\uffff",
    "]]>",
    "\u202e\u2066",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_picture(text: str) -> None:
    picture = drawn([text], [text], [Bead((0,), (0,), 1.0)], "en", "ar", text)
    assert not list(picture.iter(f"{SVG}script"))
    ladder([text], [text], [Bead((0,), (0,), 1.0)], "en", "ar", text).encode()


def test_nothing_to_draw() -> None:
    assert "English · 0 sentences" in said(drawn([], [], [], "en", "pt"))
    assert "∅" in said(drawn(["One."], [], [Bead((0,), (), 1.0)], "en", "pt"))


def in_frame(picture: ET.Element) -> None:
    width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
    for e in picture.iter(f"{SVG}rect"):
        x, y, w, h = (float(e.get(n, -1)) for n in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width
        assert 0 <= y <= y + h <= height
    for e in picture.iter(f"{SVG}polygon"):
        for corner in e.get("points", "").split():
            x, y = map(float, corner.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height
    for e in picture.iter(f"{SVG}text"):
        assert 0 <= float(e.get("x", -1)) <= width
        assert 0 <= float(e.get("y", -1)) <= height
    for e in picture.iter(f"{SVG}path"):
        for x, y in re.findall(r"M([\d.]+) ([\d.]+)", e.get("d", "")):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height


beads_of = st.lists(
    st.tuples(st.sampled_from([(1, 1), (1, 2), (4, 1), (1, 0), (0, 1), (3, 3)]), st.floats(0, 1)), max_size=30
)


def laid(shapes: list[tuple[tuple[int, int], float]]) -> tuple[list[str], list[str], list[Bead]]:
    i = j = 0
    beads = []
    for (a, b), confidence in shapes:
        beads.append(Bead(tuple(range(i, i + a)), tuple(range(j, j + b)), confidence))
        i, j = i + a, j + b
    return [f"s{n}" for n in range(i)], [f"t{n}" for n in range(j)], beads


@settings(max_examples=40, deadline=None)
@given(beads_of)
def test_every_bead_has_its_place(shapes: list[tuple[tuple[int, int], float]]) -> None:
    src, tgt, beads = laid(shapes)
    picture = drawn(src, tgt, beads, "en", "zh")
    in_frame(picture)
    assert len(picture.findall(f"{SVG}g")) == len(beads)
    shown = Counter(said(picture))
    assert all(shown[text] == 1 for text in src + tgt)
    tops = [
        float(line.get("y", 0))
        for column in picture.findall(f"{SVG}svg")
        for line in column.iter(f"{SVG}text")
    ]
    assert tops[: len(src)] == sorted(set(tops[: len(src)]))  # one below the other
    assert tops[len(src) :] == sorted(set(tops[len(src) :]))


@pytest.mark.parametrize("size", [READABLE + 1, 2000, 20000])
def test_a_long_alignment_is_an_overview(size: int) -> None:
    pattern = [((1, 1), 0.99), ((2, 1), 0.5), ((1, 0), 0.9), ((1, 1), 0.7)]
    src, tgt, beads = laid([pattern[n % 4] for n in range(size)])
    text = ladder(src, tgt, beads, "en", "ar")
    picture = ET.fromstring(text)
    in_frame(picture)
    assert float(picture.get("width", 0)) < 4000
    assert float(picture.get("height", 0)) < 2300
    assert len(text) < 160 * size + 10_000
    drawn_shapes: Counter[str] = Counter()
    for path in picture.iter(f"{SVG}path"):
        drawn_shapes[path.get("fill", "")] += path.get("d", "").count("M")
    lone = sum(not bead.tgt for bead in beads)
    assert drawn_shapes[svg.CRIMSON] == lone
    assert drawn_shapes[svg.AMBER] == sum(bead.confidence < LOW for bead in beads)
    assert drawn_shapes.total() == len(src) + len(tgt) + len(beads) - lone
    assert "50" in said(picture)


def test_the_same_input_gives_the_same_picture() -> None:
    for shapes in ([((1, 1), 0.9)] * 5, [((1, 1), n % 10 / 10) for n in range(1000)]):
        src, tgt, beads = laid(shapes)
        assert ladder(src, tgt, beads, "en", "pt") == ladder(
            tuple(src), tuple(tgt), tuple(beads), "en", "por"
        )
