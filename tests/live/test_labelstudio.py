"""A real Label Studio with a real browser: what is pushed is what people see, and what they do is what is pulled.

Runs in the environment that holds the server: `make test-live`.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import browser
import labelstudio_server
import pytest
from annotated import demo
from click.testing import CliRunner
from toy import article as toy_article

from hexapla.annotate import config, connect, pull_from, push_to, to_tasks
from hexapla.annotate.files import status_from
from hexapla.annotate.names import key
from hexapla.annotate.project import find
from hexapla.build import build
from hexapla.cli import main
from hexapla.corpus import Corpus
from hexapla.gold import apply_gold
from hexapla.preannotate import preannotate
from hexapla.store import read_corpus, write_corpus

why_not = browser.missing() or labelstudio_server.missing()
pytestmark = [pytest.mark.live, pytest.mark.skipif(bool(why_not), reason=why_not or "-")]

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".live"  # looked at by people; not kept in the repository
PAIR = ("ar", "fil")


@pytest.fixture(scope="module")
def studio():
    """The server; the port that it is told first is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        with labelstudio_server.label_studio(port=busy) as here:
            assert not here.url.endswith(f":{busy}")
            yield here
    with pytest.raises(ProcessLookupError):
        os.kill(here.pid, 0)


@pytest.fixture(scope="module")
def server(studio):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABEL_STUDIO_URL", studio.url)
        patch.setenv("LABEL_STUDIO_API_KEY", studio.token)
        yield connect()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The Filipino–Arabic article, built with its gold: folder `gold`; and with the number extractor's mentions: `numbers`."""
    folder = tmp_path_factory.mktemp("corpus")
    build(ROOT / "seeds", folder / "all", gold=ROOT / "annotation" / "gold")
    article = next(a for a in read_corpus(folder / "all").articles if set(PAIR) <= set(a.langs))
    write_corpus(Corpus((article,)), folder / "gold")
    proposed = preannotate(article)
    numbers = dataclasses.replace(
        proposed,
        documents=tuple(dataclasses.replace(d, mentions=tuple(m for m in d.mentions if m.is_number)) for d in proposed.documents),
    )  # fmt: skip
    write_corpus(Corpus((numbers,)), folder / "numbers")
    return folder


@pytest.fixture(scope="module")
def driver(studio):
    from selenium.webdriver.common.by import By

    with browser.chromium(1500, 1100) as driver:
        driver.get(f"{studio.url}/user/login")
        driver.find_element(By.NAME, "email").send_keys(studio.email)
        driver.find_element(By.NAME, "password").send_keys(studio.password)
        driver.find_element(By.CSS_SELECTOR, "form button, form input[type=submit]").click()
        until(lambda: "/login" not in driver.current_url)
        yield driver


def until(ready, seconds=60):
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.25)
    return found


def opened(driver, studio, project, regions):
    """The labelling page of the project's next task, with so many highlights."""
    driver.get(f"{studio.url}/projects/{project}/data?labeling=1")
    until(lambda: len(marks(driver)) >= regions and len(panes(driver)) > 0)
    time.sleep(2)  # its own animations


def marks(driver):
    return driver.execute_script(
        "return [...document.querySelectorAll('.htx-highlight')].map(m => m.textContent)"
    )


def panes(driver):
    """(direction, top, left) of each text."""
    return driver.execute_script(
        "return [...document.querySelectorAll('.lsf-richtext__container')].map(c => "
        "[getComputedStyle(c).direction, Math.round(c.getBoundingClientRect().top), Math.round(c.getBoundingClientRect().left)])"
    )


def hexapla(*words):
    return CliRunner().invoke(main, ["annotate", *map(str, words)], catch_exceptions=False)


# ---- pushed, seen, changed by hand, pulled -------------------------------------------------------------------------


def test_pushed_changed_by_mouse_and_pulled(studio, server, corpus, driver, tmp_path):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    first = push_to(server, corpus / "gold", "parallel", PAIR, model_version="gold")
    second = push_to(server, corpus / "numbers", "parallel", PAIR, model_version="numbers")
    project, number = first.sent.project, first.sent.imported
    assert number > 5
    assert (second.sent.imported, second.sent.unchanged, second.sent.predictions, second.faults) == (
        0,
        number,
        number,
        (),
    )
    assert {p.model_version for p in server.predictions(project)} == {"gold", "numbers"}

    base = read_corpus(corpus / "gold").articles[0]
    task = to_tasks(base, "parallel", PAIR)[0]
    regions = [i for i in task["predictions"][0]["result"] if i["type"] == "labels"]
    opened(driver, studio, project, len(regions))
    assert sorted(marks(driver)) == sorted(i["value"]["text"] for i in regions)
    words = {lang: unmarked(task, lang) for lang in PAIR}

    def press(*keys):
        chain = ActionChains(driver)
        for k in keys[:-1]:
            chain.key_down(k)
        chain.send_keys(keys[-1])
        for k in keys[:-1]:
            chain.key_up(k)
        chain.perform()
        time.sleep(0.7)

    def drag(pane, start, end):
        """By mouse over the characters, from where reading begins to where it ends."""
        box = driver.execute_script(PLACE, pane, start, end)
        left, top, right, bottom, rtl = box
        x0, x1, y = (
            (right - 1, left + 1, (top + bottom) / 2) if rtl else (left + 1, right - 1, (top + bottom) / 2)
        )
        chain = ActionChains(driver)
        pointer = chain.w3c_actions.pointer_action
        pointer.move_to_location(int(x0), int(y))
        pointer.pointer_down()
        for k in range(1, 7):
            pointer.move_to_location(int(x0 + (x1 - x0) * k / 6), int(y))
        pointer.pointer_up()
        chain.perform()
        time.sleep(1)

    def click(lang):
        surface = task["data"][f"text_{lang}"][slice(*words[lang])]
        next(m for m in driver.find_elements(By.CSS_SELECTOR, ".htx-highlight") if m.text == surface).click()
        time.sleep(1)

    press(Keys.SHIFT, "e")
    drag(1, *words["fil"])
    press(Keys.ESCAPE)
    press("e")
    drag(0, *words["ar"])
    press(Keys.ESCAPE)
    click("ar")
    press(Keys.ALT, "r")
    click("fil")
    press(Keys.ESCAPE)
    browser.picture(driver, PICTURES / "labelstudio-parallel.png")
    press(Keys.CONTROL, Keys.ENTER)
    until(lambda: any(t.answers for t in server.tasks(project)))

    export = tmp_path / "export.json"
    pulled = pull_from(server, corpus / "gold", tmp_path / "gold", "parallel", PAIR, export=export)
    assert (pulled.answers, pulled.open, pulled.faults) == (1, number - 1, ())
    assert list(pulled.annotators) == [studio.email]
    after = pulled.corpus.articles[0]
    made = []
    for lang in PAIR:
        old, new = base.document(lang), after.document(lang)
        (added,) = [m for m in new.mentions if m.span not in {x.span for x in old.mentions}]
        start = task["data"][f"start_{key(lang)}"]
        assert (added.start - start, added.end - start, added.label, added.by) == (
            *words[lang],
            "EVENT",
            "read",
        )
        rest = tuple(dataclasses.replace(m, reviewed=False) for m in new.mentions if m != added)
        assert rest == tuple(dataclasses.replace(m, reviewed=False) for m in old.mentions)
        made.append(added)
    assert made[0].fact_id == made[1].fact_id is not None
    assert after.facts.keys() - base.facts.keys() == {made[0].fact_id}

    again = push_to(server, corpus / "gold", "parallel", PAIR, model_version="gold")
    assert (again.sent.imported, again.sent.unchanged, again.sent.predictions, again.sent.doubles) == (
        0,
        number,
        0,
        0,
    )
    assert len(server.tasks(project)) == number

    # the same by the commands, and the agreement of the one annotator with both pre-annotations
    done = hexapla("status", "--langs", "ar,fil")
    assert (done.exit_code, f"{number} tasks: 1 answered" in done.output) == (0, True), done.output
    done = hexapla("agreement", export, "--folder", corpus / "gold", "--json")
    report = json.loads(done.output)
    assert [x["b"] for x in report["annotator and pre-annotation"]] == [
        "pre-annotation gold",
        "pre-annotation numbers",
    ]
    gold = report["annotator and pre-annotation"][0]["table"]["all"]["all"]
    assert gold["mentions_a"] == gold["mentions_b"] + 2


PLACE = """
const [pane, start, end] = arguments;
const c = document.querySelectorAll('.lsf-richtext__container')[pane];
const w = document.createTreeWalker(c, NodeFilter.SHOW_TEXT, n => n.parentElement.closest('style,[data-skip-node]') ? 2 : 1);
let at = 0, n, r = document.createRange(), begun = false;
while (n = w.nextNode()) {
  const size = [...n.data].length;
  if (!begun && start < at + size) { r.setStart(n, start - at); begun = true; }
  if (end <= at + size) { r.setEnd(n, end - at); break; }
  at += size;
}
c.scrollIntoView({block: 'center'});
const b = r.getBoundingClientRect();
return [b.left, b.top, b.right, b.bottom, getComputedStyle(c).direction === 'rtl'];
"""


def unmarked(task, lang):
    """The first long word of a text that no region touches."""
    import re

    text = task["data"][f"text_{lang}"]
    taken = [
        (i["value"]["start"], i["value"]["end"]) for i in task["predictions"][0]["result"]
        if i["type"] == "labels" and i["to_name"] == f"text_{lang}"
    ]  # fmt: skip
    return next(
        w.span() for w in re.finditer(r"\w{5,}", text)
        if not any(s < w.end() + 1 and w.start() - 1 < e for s, e in taken) and text.count(w[0]) == 1
    )  # fmt: skip


# ---- every configuration looks as it should ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "langs"), [("parallel", PAIR), ("single", ("ar",)), ("single", ("zh",)), ("align", PAIR)]
)
def test_configurations_in_the_browser(studio, server, driver, tmp_path, task, langs):
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    done = push_to(server, tmp_path / "build", task, langs, f"look {task} {'-'.join(langs)}")
    made = to_tasks(demo(), task, langs)[0]
    regions = [i["value"]["text"] for i in made["predictions"][0]["result"] if i["type"] == "labels"]
    opened(driver, studio, done.sent.project, len(regions))
    browser.picture(driver, PICTURES / f"labelstudio-{task}-{'-'.join(langs)}.png")
    assert sorted(marks(driver)) == sorted(regions)
    seen = panes(driver)
    assert [direction for direction, _, _ in seen] == ["rtl" if lang == "ar" else "ltr" for lang in langs]
    assert len({top for _, top, _ in seen}) == 1  # level
    assert sorted(left for _, _, left in seen) == [
        left for _, _, left in seen
    ]  # the first language on the left


# ---- two annotators, agreement, adjudication -----------------------------------------------------------------------


def test_two_annotators_until_gold(studio, server, driver, tmp_path, monkeypatch):
    """The guide's last part, command by command."""
    monkeypatch.chdir(tmp_path)
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    done = hexapla("push", "build", "--langs", "ar,fil", "--project", "double", "--annotators", "2")
    assert done.exit_code == 0, done.output
    project = find(server, "double").id
    ben = server._sdk.users.create(email="ben@example.com", username="ben", first_name="Ben", last_name="Lim")
    proposed = {p.task: p.result for p in server.predictions(project)}
    for n, (task, result) in enumerate(sorted(proposed.items())):
        server._sdk.annotations.create(task, result=result)
        other = copy.deepcopy(result)
        if n == 1:
            next(i for i in other if i.get("value", {}).get("labels") == ["ORG"])["value"]["labels"] = [
                "PRODUCT"
            ]
        server._sdk.annotations.create(task, result=other, completed_by=ben.id)
    done = hexapla(
        "pull", "build", "--langs", "ar,fil", "--project", "double", "-o", "tmp", "--export", "export.json"
    )
    assert (done.exit_code, "two-answers" in done.output) == (1, True), done.output
    done = hexapla("agreement", "export.json", "--json")
    (pair,) = json.loads(done.output)["annotators"]
    assert {pair["a"], pair["b"]} == {studio.email, "Ben Lim"}
    assert 0.9 < pair["table"]["all"]["all"]["kappa"] < 1
    done = hexapla("adjudicate", "export.json", "-o", "gold")
    assert "14 tasks agreed, 0 decided, 1 disagreed" in done.output
    done = hexapla("push", "build", "--tasks", "adjudicate.json", "--project", "again")
    assert done.exit_code == 0, done.output
    project = find(server, "again").id
    driver.get(f"{studio.url}/projects/{project}/data?task={server.tasks(project)[0].id}")
    until(lambda: len(marks(driver)) > 1 and len(panes(driver)) > 0)
    time.sleep(2)
    assert all(name in driver.page_source for name in ("agreed", "Ben Lim"))  # every version can be opened
    browser.picture(driver, PICTURES / "labelstudio-adjudicate.png")
    (task,) = server.tasks(project)
    choice = next(p.result for p in server.predictions(project) if p.model_version == "Ben Lim")
    server._sdk.annotations.create(task.id, result=choice)
    hexapla(
        "pull", "build", "--langs", "ar,fil", "--project", "again", "-o", "tmp", "--export", "decided.json"
    )
    done = hexapla("adjudicate", "export.json", "decided.json", "-o", "gold")
    assert "14 tasks agreed, 1 decided, 0 disagreed" in done.output
    gold = [m for d in apply_gold(demo(), tmp_path / "gold").documents if d.lang in PAIR for m in d.mentions]
    before = [m for d in demo().documents if d.lang in PAIR for m in d.mentions]
    assert all(m.reviewed for m in gold)
    assert [(a.label, b.label) for a, b in zip(before, gold, strict=True) if a.label != b.label] == [
        ("ORG", "PRODUCT")
    ]


# ---- offsets -------------------------------------------------------------------------------------------------------

HARD = {
    "en": "[Mara 👩‍👩‍👧 Díaz|PER f1] paid [€5 million|MONEY n1 value=5000000 unit=EUR] 🎉 for <b>[Kite|ORG f2]</b> &amp; {{x}}\u00a0at 𝐍oon. [q̇uay|LOC f3]!",
    "ar": "دَفَعَتْ [مَارَا|PER f1] ‏5 ملايين‎ 👨‍👩‍👦 لـ[كَايْت|ORG f2] &lt;هنا&gt;. [الميناء|LOC f3]",
}  # fmt: skip


def test_texts_that_tempt_to_shift_come_back_as_they_went(studio, server, tmp_path):
    hard = Corpus((toy_article("hard", HARD),))
    write_corpus(hard, tmp_path / "build")
    done = push_to(server, tmp_path / "build", "parallel", ("ar", "en"))
    (task,) = server.tasks(done.sent.project)
    (prediction,) = server.predictions(done.sent.project)
    sdk = server._sdk
    sdk.annotations.create(task.id, result=prediction.result)
    pulled = pull_from(server, tmp_path / "build", tmp_path / "gold", "parallel", ("ar", "en"))
    assert (pulled.answers, pulled.faults) == (1, ())
    assert pulled.corpus == hard


def test_drafts_and_skips_of_the_real_export(studio, server, tmp_path):
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    project = push_to(server, tmp_path / "build", "parallel", PAIR, "drafts").sent.project
    (skipped, begun), predicted = (
        server.tasks(project)[:2],
        {p.task: p.result for p in server.predictions(project)},
    )
    server._sdk.annotations.create(skipped.id, result=[], was_cancelled=True)
    draft = {"result": predicted[begun.id], "lead_time": 1}
    server._sdk._client_wrapper.httpx_client.request(
        f"api/tasks/{begun.id}/drafts", method="POST", json=draft
    )
    tasks = server.tasks(project)
    assert [t.answers for t in tasks[:3]] == [1, 0, 0]
    assert [server.answers(t.id) for t in tasks[:3]] == [1, 1, 0]
    found, _, _ = status_from(server, "parallel", PAIR, "drafts")
    assert (found.answered, found.skipped, found.begun, found.open) == (0, 1, 1, 13)
    assert [(n, w.skipped, w.drafts) for n, w in found.annotators.items()] == [(studio.email, 1, 1)]
    assert pull_from(server, tmp_path / "build", tmp_path / "gold", "parallel", PAIR, "drafts").answers == 0
    pulled = pull_from(server, tmp_path / "build", tmp_path / "gold", "parallel", PAIR, "drafts", drafts=True)
    assert (pulled.answers, pulled.skipped, pulled.open, pulled.faults) == (1, 1, 13, ())


# ---- cut off, and errors -------------------------------------------------------------------------------------------


def test_killed_in_the_middle_of_an_import_and_resumed(studio, server, tmp_path):
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    base = to_tasks(demo(), "parallel", PAIR)
    many = []
    for n in range(700):
        one = copy.deepcopy(base[n % len(base)])
        one["data"]["hexapla_id"] += f"-{n}"
        many.append(one)
    (tmp_path / "many.json").write_text(json.dumps(many), "utf-8")
    words = [
        sys.executable,
        "-m",
        "hexapla",
        "annotate",
        "push",
        str(tmp_path / "build"),
        "--tasks",
        str(tmp_path / "many.json"),
    ]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    project = until(lambda: process.poll() is not None or find(server, "many parallel ar-fil"), 120)
    assert process.poll() is None, process.stdout.read()
    # the first batch is there, the second is on its way
    until(lambda: server.project(project.id).tasks > 0, 120)
    process.kill()
    process.wait(20)
    there = server.project(project.id).tasks
    assert 0 < there < 700
    done = push_to(server, tmp_path / "build", tasks=tmp_path / "many.json")
    assert done.faults == ()
    ids = [t.data["hexapla_id"] for t in server.tasks(project.id)]
    assert sorted(ids) == sorted(t["data"]["hexapla_id"] for t in many)
    assert push_to(server, tmp_path / "build", tasks=tmp_path / "many.json").sent.imported == 0


def test_errors_as_people_meet_them(studio, server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    push = ("push", tmp_path / "build", "--task", "single", "--langs", "pl", "--project", "errors")
    outputs = []

    def fails(code, says, *words, **environment):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            done = hexapla(*words)
        outputs.append(done.output)
        assert (done.exit_code, says in done.output) == (code, True), done.output
        assert done.output.count("error: ") == 1
        assert "Traceback" not in done.output

    assert hexapla(*push).exit_code == 0
    number = find(server, "errors").id
    fails(5, "server-down", *push, LABEL_STUDIO_URL=f"http://127.0.0.1:{labelstudio_server.free_port()}")
    fails(6, "bad-token", *push, LABEL_STUDIO_API_KEY="f" * 40)
    fails(6, "bad-token", *push, LABEL_STUDIO_API_KEY=" ")
    fails(7, "not-label-studio", *push, LABEL_STUDIO_URL=studio.url + "/api")
    fails(7, "not-label-studio", *push, "--url", studio.url.removeprefix("http://"))
    server._sdk.projects.update(
        number, label_config=config("single", ["pl"]).replace('value="PER"', 'value="PERSON"')
    )
    fails(9, "config-differs", *push)
    server._sdk.projects.update(number, label_config=config("single", ["pl"]))
    (task,) = server.tasks(number)
    server._sdk.tasks.update(str(task.id), data=dict(task.data) | {"text_pl": "edited"})
    fails(1, "text-changed", *push)
    assert len(server.tasks(number)) == 1
    server._sdk.projects.delete(number)
    fails(
        8,
        "no-such-project",
        "pull",
        tmp_path / "build",
        "--task",
        "single",
        "--langs",
        "pl",
        "--project",
        "errors",
        "-o",
        tmp_path / "gold",
    )
    fails(8, "no-such-project", *push[:-1], number)
    assert not any(studio.token in text or "f" * 40 in text for text in outputs)
