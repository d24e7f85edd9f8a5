"""The pictures of the card: well-formed, and showing the counts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from release_corpus import corpus

from hexapla.corpus import LABELS, Corpus
from hexapla.release import pictures
from hexapla.release.statistics import Statistics

SVG = "{http://www.w3.org/2000/svg}"


def counted(of: Corpus) -> Statistics:
    statistics = Statistics()
    for article in of.articles:
        statistics.add(article)
    return statistics


@pytest.fixture(scope="module")
def drawn() -> dict[str, ET.Element]:
    return {name: ET.fromstring(svg) for name, svg in pictures.draw(counted(corpus())).items()}


def texts(picture: ET.Element) -> Counter[str]:
    return Counter(e.text or "" for e in picture.iter(f"{SVG}text"))


def test_nothing_is_drawn_outside_the_frame(drawn: dict[str, ET.Element]) -> None:
    assert list(drawn) == ["pictures/labels.svg", "pictures/values.svg", "pictures/ladder.svg"]
    for picture in drawn.values():
        width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
        for e in picture.iter(f"{SVG}rect"):
            x, y, w, h = (float(e.get(n, -1)) for n in ("x", "y", "width", "height"))
            assert 0 <= x <= x + w <= width
            assert 0 <= y <= y + h <= height
        for e in picture.iter(f"{SVG}text"):
            assert 0 <= float(e.get("x", -1)) <= width
            assert 0 <= float(e.get("y", -1)) <= height


def test_labels(drawn: dict[str, ET.Element]) -> None:
    said, s = texts(drawn["pictures/labels.svg"]), counted(corpus())
    assert {*LABELS, "ar", "fil", "pl"} <= said.keys()
    assert said["2"] == sum(s.mentions[label, lang] == 2 for label in LABELS for lang in s.langs)


def test_values(drawn: dict[str, ET.Element]) -> None:
    said = texts(drawn["pictures/values.svg"])
    assert said["3 / 3"] == 1  # cardinals: 240, 240, 3
    assert said["2 / 2"] == 1  # two prices
    assert said["2 / 3"] == 1  # of three dates one is "yesterday"
    assert len(list(drawn["pictures/values.svg"].iter(f"{SVG}circle"))) == 5
    assert {"1", "100", "1 bn", "2031"} <= said.keys()


def test_the_ladder_shows_who_has_no_counterpart(drawn: dict[str, ET.Element]) -> None:
    colours = Counter(e.get("fill") for e in drawn["pictures/ladder.svg"].iter(f"{SVG}rect"))
    assert colours["#be123c"] == 1 + 1  # the last Arabic sentence, and the key
    assert len(list(drawn["pictures/ladder.svg"].iter(f"{SVG}polygon"))) == 3


def test_no_ladder_without_a_second_version() -> None:
    alone = Corpus((corpus().article("boats"),))
    assert list(pictures.draw(counted(alone))) == ["pictures/labels.svg", "pictures/values.svg"]
    assert pictures.draw(counted(Corpus(()))).keys() == {"pictures/labels.svg", "pictures/values.svg"}
