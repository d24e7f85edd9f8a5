"""The report in a real browser: what is highlighted, which way text runs, that nothing is fetched or refused."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import browser
import pytest
from toy_article import toy

from hexapla.build import build
from hexapla.corpus import Corpus
from hexapla.report import write_report

pytestmark = [pytest.mark.live, pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "-")]

PICTURES = Path(".live")  # looked at by people; not kept in the repository


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Reports to open: the toy article, three of it (folded index), and the built demo article in six languages."""
    folder = tmp_path_factory.mktemp("report")
    write_report(Corpus((toy(),)), folder / "toy.html")
    write_report(Corpus(tuple(toy(article_id=f"t{n:02}") for n in range(12))), folder / "many.html")
    with resources.as_file(resources.files("hexapla") / "demo") as demo:
        shutil.copytree(demo, folder / "demo")
    build(folder / "demo" / "seeds", folder / "build", gold=folder / "demo" / "gold")
    (folder / "build" / "report.html").rename(folder / "demo.html")
    return folder


@pytest.fixture(scope="module")
def driver():
    with browser.chromium() as driver:
        yield driver


def opened(driver, page: Path):
    """The page, with the pointer in a corner: it stays where the last test left it."""
    from selenium.webdriver.common.actions.action_builder import ActionBuilder

    driver.get(page.as_uri())
    corner = ActionBuilder(driver)
    corner.pointer_action.move_to_location(1, 1)
    corner.perform()
    return driver


def lit(driver) -> set[tuple[str, str]]:
    """(language, fact) of what is highlighted."""
    return {
        (lang, fact)
        for lang, fact in driver.execute_script(
            "return [...document.querySelectorAll('.beads .m.hl')].map(m => [m.closest('[lang]').lang, m.dataset.fact])"
        )
    }


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_quiet_and_fitting(pages, width, dark):
    with browser.chromium(width, dark=dark) as driver:
        for page in ("toy", "demo"):
            check_page(driver, pages, page, width, dark)


def check_page(driver, pages, page, width, dark):
    opened(driver, pages / f"{page}.html")
    browser.picture(driver, PICTURES / f"{page}-{width}{'-dark' if dark else ''}.png")
    assert browser.console(driver) == []
    assert browser.requests(driver) == [(pages / f"{page}.html").as_uri()]
    # no sideways scrolling of the page
    assert driver.execute_script("return document.documentElement.scrollWidth") == width
    cells = driver.execute_script(
        "return [...document.querySelector('.bead .cells').children].map(c => Math.round(c.getBoundingClientRect().left))"
    )
    assert len(set(cells)) == (1 if width == 390 else len(cells)), (
        "columns side by side, or stacked on a phone"
    )
    ground = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in ground[4:-1].split(","))
    assert brightness < 150 if dark else brightness > 700


def test_pointing_at_a_mention_highlights_the_fact_in_all_languages(pages, driver):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    opened(driver, pages / "demo.html")
    assert lit(driver) == set()
    mention = driver.find_element(By.CSS_SELECTOR, ".bead [lang=pl] [data-fact=n-prepaid]")
    ActionChains(driver).move_to_element(mention).perform()
    assert lit(driver) == {(lang, "n-prepaid") for lang in ("ar", "en", "fil", "pl", "pt", "zh")}
    bar = driver.find_element(By.ID, "bar")
    assert bar.is_displayed()
    assert "12 percent" in bar.text
    assert "another number" in bar.text
    assert (
        driver.find_element(By.CSS_SELECTOR, "tr[data-fact=n-prepaid]").get_attribute("class") == "differs hl"
    )
    ActionChains(driver).move_to_element(driver.find_element(By.TAG_NAME, "h1")).perform()
    assert lit(driver) == set()
    assert not bar.is_displayed()
    assert browser.console(driver) == []


def test_a_click_keeps_the_highlight_and_escape_lets_it_go(pages, driver):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    opened(driver, pages / "toy.html")
    driver.find_element(By.CSS_SELECTOR, ".bead [lang=zh] [data-fact=price]").click()
    ActionChains(driver).move_to_element(
        driver.find_element(By.CSS_SELECTOR, ".bead [data-fact=talisay]")
    ).perform()
    assert {fact for _, fact in lit(driver)} == {"price"}
    ActionChains(driver).move_to_element(driver.find_element(By.TAG_NAME, "h1")).perform()
    assert {fact for _, fact in lit(driver)} == {"price"}
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert lit(driver) == set()
    # from the table of facts too
    driver.find_element(By.CSS_SELECTOR, "tr[data-fact=maris] .fact").click()
    assert lit(driver) == {(lang, "maris") for lang in ("ar", "en", "fil", "zh")}


def test_the_bar_does_not_cover_what_is_pointed_at(pages, driver):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    opened(driver, pages / "demo.html")
    for block in ("end", "start"):
        mention = driver.find_element(By.CSS_SELECTOR, ".bead [lang=en] [data-fact=n-prepaid]")
        driver.execute_script("document.documentElement.style.scrollPadding = 0")
        driver.execute_script(f"arguments[0].scrollIntoView({{block: '{block}'}})", mention)
        ActionChains(driver).move_to_element(mention).perform()
        place = "const r = arguments[0].getBoundingClientRect(); return [r.top, r.bottom]"
        top, bottom = driver.execute_script(place, mention)
        bar_top, bar_bottom = driver.execute_script(place, driver.find_element(By.ID, "bar"))
        assert bar_bottom > bar_top
        assert bottom < bar_top or top > bar_bottom


def test_the_keyboard_reaches_every_mention(pages, driver):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    opened(driver, pages / "toy.html")
    stops = driver.execute_script(
        "return [...document.querySelectorAll('.bead')].map(b => b.querySelectorAll('[tabindex=\"0\"]').length)"
    )
    assert stops == [1] * 6
    driver.execute_script("document.querySelector('.bead [data-fact=talisay]').focus()")
    assert lit(driver) == {(lang, "talisay") for lang in ("ar", "en", "fil", "zh")}
    # the first cell is Arabic: the next mention is to the left
    ActionChains(driver).send_keys(Keys.ARROW_LEFT).perform()
    assert {fact for _, fact in lit(driver)} == {"boats"}
    seen = set()
    for _ in range(12):
        seen.add(driver.execute_script("return document.activeElement.dataset.mention"))
        right_to_left = driver.execute_script("return document.activeElement.closest('[dir]').dir === 'rtl'")
        ActionChains(driver).send_keys(Keys.ARROW_LEFT if right_to_left else Keys.ARROW_RIGHT).perform()
    assert seen == {"toy-ar:m2", *(f"toy-{lang}:m{n}" for lang in ("en", "fil", "zh") for n in (1, 2))}


def test_right_to_left_text_runs_right_to_left(pages, driver):
    opened(driver, pages / "demo.html")
    style = "return getComputedStyle(document.querySelector(arguments[0])).direction"
    assert driver.execute_script(style, ".bead .cell[data-lang=ar]") == "rtl"
    assert driver.execute_script(style, ".facts .says[lang=ar]") == "rtl"
    assert driver.execute_script(style, ".bead .cell[data-lang=zh]") == "ltr"
    # the first word of an Arabic sentence begins at the right edge of its column
    edges = driver.execute_script(
        "const p = document.querySelector('.bead .cell[data-lang=ar] .text'), m = p.querySelector('.m');"
        "return [p.getBoundingClientRect().right, m.getBoundingClientRect().right]"
    )
    assert edges[0] - edges[1] < 2


def test_languages_can_be_left_out(pages, driver):
    from selenium.webdriver.common.by import By

    opened(driver, pages / "demo.html")
    driver.find_element(By.CSS_SELECTOR, ".langs input[value=pl]").click()
    shown = driver.execute_script(
        "return [...document.querySelectorAll('[data-lang=pl]')].filter(e => e.offsetParent).length"
    )
    assert shown == 0
    driver.find_element(By.CSS_SELECTOR, ".langs input[value=pl]").click()
    assert driver.find_element(By.CSS_SELECTOR, ".bead [data-lang=pl]").is_displayed()


def test_folded_articles_open_from_the_index(pages, driver):
    from selenium.webdriver.common.by import By

    opened(driver, pages / "many.html")
    assert driver.find_elements(By.CSS_SELECTOR, "details.article[open]") == []
    driver.find_element(By.ID, "find").send_keys("t07")
    rows = [r for r in driver.find_elements(By.CSS_SELECTOR, ".index tbody tr") if r.is_displayed()]
    assert len(rows) == 1
    rows[0].find_element(By.TAG_NAME, "a").click()
    assert [
        e.get_attribute("id") for e in driver.find_elements(By.CSS_SELECTOR, "details.article[open]")
    ] == ["a8"]
    # facts of one article, not of its neighbours with the same ids
    driver.execute_script("document.querySelector('#a8 .bead [data-fact=price]').focus()")
    inside = driver.execute_script(
        "return [...document.querySelectorAll('.hl')].every(e => e.closest('#a8'))"
    )
    assert inside
    assert browser.console(driver) == []


def test_only_those_that_differ(pages, driver):
    from selenium.webdriver.common.by import By

    opened(driver, pages / "toy.html")
    driver.find_element(By.CSS_SELECTOR, ".filter input").click()
    rows = driver.find_elements(By.CSS_SELECTOR, ".facts tbody tr")
    assert {r.get_attribute("data-fact") for r in rows if r.is_displayed()} == {
        "share",
        "gdansk",
        "izmir",
    }
