"""The leaderboard in a real browser: it sorts, opens systems, fits a phone, fetches nothing, shows hostile text as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import browser
import pytest
from toy import corpus

from hexapla.leaderboard import Entry, enter, page
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
    file.write_text(page(entries, GOLD), "utf-8")
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


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits(board: Path, width: int) -> None:
    with browser.chromium(width) as driver:
        driver.get(board.as_uri())
        driver.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        browser.picture(driver, PICTURES / f"leaderboard-{width}.png", whole=True)
        assert driver.execute_script("return document.documentElement.scrollWidth") == width
