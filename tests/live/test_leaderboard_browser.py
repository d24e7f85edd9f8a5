"""The leaderboard in a real browser: it sorts, opens systems, fits a phone, fetches nothing, shows hostile text as text."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import browser
import pytest
from toy import article, corpus

from hexapla.corpus import Corpus
from hexapla.leaderboard import Entry, board_of, enter
from hexapla.leaderboard_page import page
from hexapla.predictions import Prediction, Predictions
from hexapla.score import gold_of
from hexapla.submission import Submission, System

pytestmark = [pytest.mark.live, pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "-")]

PICTURES = Path(".live")  # looked at by people; not kept in the repository
GOLD = gold_of(corpus())
HOSTILE = "<b id=bold>bold</b><script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"


def _entry(name: str, system: str, drop: int, description: str = "") -> Entry:
    predictions: Predictions = {
        d.doc_id: tuple(map(Prediction.of, d.mentions[drop:])) for d in GOLD.documents
    }
    about = System(system, "1", "MIT", "none", "none known", description)
    return enter(Submission(name, about, predictions), GOLD)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alpha misses a mention of each document, Beta nothing, Gamma everything."""
    file = tmp_path_factory.mktemp("board") / "index.html"
    entries = [_entry("a", "Alpha", 1, HOSTILE), _entry("b", "Beta", 0), _entry("c", "Gamma", 99)]
    file.write_text(page(board_of(entries, GOLD)), "utf-8")
    return file


def names(driver: Any) -> list[str]:
    return list(
        driver.execute_script(
            "return [...document.querySelector('table').tBodies[0].rows].map(r => r.cells[0].innerText.trim())"
        )
    )


def head(driver: Any, column: int) -> Any:
    return driver.find_elements("css selector", "table")[0].find_elements("css selector", "thead th button")[
        column
    ]


def test_sorting_by_mouse_and_keyboard(board: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    with browser.chromium() as driver:
        driver.get(board.as_uri())
        assert names(driver) == ["Alpha", "Beta", "Gamma"]
        head(driver, 1).click()
        assert names(driver) == ["Beta", "Alpha", "Gamma"]
        head(driver, 1).send_keys(Keys.ENTER)
        assert names(driver) == ["Alpha", "Beta", "Gamma"]  # ascending; what is undefined stays last
        head(driver, 0).click()
        head(driver, 0).send_keys(Keys.SPACE)
        assert names(driver) == ["Gamma", "Beta", "Alpha"]
        sorts = driver.execute_script(
            "return [...document.querySelectorAll('th[aria-sort]')].map(h => h.ariaSort)"
        )
        assert sorts == ["descending"]


def test_a_name_opens_its_system(board: Path) -> None:
    with browser.chromium() as driver:
        driver.get(board.as_uri())
        driver.find_element("css selector", "a[href='#system-b']").click()
        opened = "return [...document.querySelectorAll('details[open]')].map(d => d.id)"
        for _ in range(50):  # the browser tells of the new address a moment later
            if found := driver.execute_script(opened):
                break
        assert found == ["system-b"]


def test_hostile_text_is_text_and_nothing_is_fetched(board: Path) -> None:
    with browser.chromium() as driver:
        driver.get(board.as_uri())
        driver.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert driver.title == "Hexapla leaderboard"
        assert driver.find_elements("id", "bold") == []
        assert HOSTILE in driver.find_element("id", "system-a").text
        assert browser.requests(driver) == [board.as_uri()]
        assert browser.console(driver) == []


def test_the_policy_stops_a_script_that_is_not_ours(board: Path) -> None:
    file = board.with_name("tampered.html")
    file.write_text(
        board.read_text("utf-8").replace("</main>", "<script>document.title = 'taken'</script></main>"),
        "utf-8",
    )
    with browser.chromium() as driver:
        driver.get(file.as_uri())
        assert driver.title == "Hexapla leaderboard"
        assert any("Content Security Policy" in line for line in browser.console(driver))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four articles in six languages, nine systems: two alike, one partial, one of numbers only."""
    langs = ("ar", "en", "fil", "pl", "pt", "zh")
    text = "[Ann|PER f{k}] met [Orbis|ORG g{k}] in [Oslo|LOC h{k}], paid [$5|MONEY n{k} value=5 unit=USD] and [7 km|MEASURE m{k} value=7 unit=kilometer] on."
    told = (article(f"a{k:02}", dict.fromkeys(langs, text.replace("{k}", str(k)))) for k in range(24))
    gold = gold_of(Corpus(tuple(told)))
    rng = random.Random(5)
    entries = []
    for n, rate in enumerate((0.95, 0.94, 0.9, 0.85, 0.8, 0.7, 0.6, 0.8, 0.9)):
        found = {
            d.doc_id: tuple(Prediction.of(m) for m in d.mentions if rng.random() < rate - 0.05 * langs.index(d.lang))
            for d in gold.documents
        }  # fmt: skip
        if n == 7:
            del found["a00-en"]
        if n == 8:
            found = {k: tuple(p for p in v if p.track == "numbers") for k, v in found.items()}
        about = System(
            f"Reader {'ABCDEFGHI'[n]} (a long name, version {n})", "1", "MIT", "none", "none known"
        )
        entries.append(enter(Submission(f"reader-{n}", about, found), gold))
    file = tmp_path_factory.mktemp("large") / "index.html"
    file.write_text(page(board_of(entries, gold)), "utf-8")
    return file


def shown(driver: Any, css: str) -> list[str]:
    return [e.text for e in driver.find_elements("css selector", css) if e.is_displayed()]


def test_views_are_buttons_and_one_is_shown(large: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    with browser.chromium() as driver:
        driver.get(large.as_uri())
        assert shown(driver, "main h2") == ["Overview", "Systems"]
        buttons = {b.text: b for b in driver.find_elements("css selector", "button[data-view]")}
        buttons["Numbers"].send_keys(Keys.ENTER)
        assert shown(driver, "main h2") == ["Numbers by language", "Systems"]
        assert buttons["Numbers"].get_attribute("aria-pressed") == "true"
        buttons["Consistency"].click()
        assert shown(driver, "main h2") == ["Consistency of entities", "Consistency of numbers", "Systems"]
        driver.get(large.as_uri() + "#entities")
        assert shown(driver, "main h2") == ["Entities by language", "Systems"]
        assert browser.console(driver) == []


def test_the_filter_narrows_tables_and_systems(large: Path) -> None:
    with browser.chromium() as driver:
        driver.get(large.as_uri())
        box = driver.find_element("id", "filter")
        box.send_keys("reader VERSION 3")
        assert len(shown(driver, "section[data-of=overview] tbody tr")) == 1
        assert shown(driver, "#shown") == ["1 of 9 systems"]
        assert shown(driver, "details summary") == ["Reader D (a long name, version 3) 1"]
        box.clear()
        box.send_keys("<img src=x>")
        assert shown(driver, "section[data-of=overview] tbody tr") == []


def test_ranks_sort_from_the_best_and_the_forest_has_an_interval(large: Path) -> None:
    with browser.chromium() as driver:
        driver.get(large.as_uri() + "#entities")
        table = driver.find_element("css selector", "section[data-of=entities] table")
        heads = {b.text: b for b in table.find_elements("css selector", "thead button")}
        heads["Gap"].click()
        heads["Rank"].click()
        first = table.find_elements("css selector", "tbody tr")[0].text
        assert first.startswith(("Reader A", "Reader B"))
        plots = table.find_elements("css selector", "tbody svg")
        assert "95 % interval" in plots[0].get_attribute("aria-label")
        bar, point = (plots[0].find_element("css selector", c).rect for c in (".bar", ".point"))
        assert bar["x"] <= point["x"] + point["width"] / 2 <= bar["x"] + bar["width"]


def test_a_card_shows_where_numbers_go_wrong(large: Path) -> None:
    with browser.chromium() as driver:
        driver.get(large.as_uri() + "#system-reader-3")
        for _ in range(50):
            if shown(driver, "#system-reader-3[open] dl"):
                break
        text = driver.find_element("id", "system-reader-3").text
        assert "plain digits" in text
        assert "TP / FP / FN" in text
        assert "scorer:1" in text


@pytest.mark.parametrize("which", ["overview", "entities", "numbers", "consistency"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits(large: Path, width: int, which: str) -> None:
    with browser.chromium(width) as driver:
        driver.get(large.as_uri())
        driver.find_element("css selector", f"button[data-view={which}]").click()
        if which == "overview":
            driver.execute_script("document.querySelector('details').open = true")
        browser.picture(driver, PICTURES / f"leaderboard-{which}-{width}.png", whole=True)
        assert driver.execute_script("return document.documentElement.scrollWidth") == width
