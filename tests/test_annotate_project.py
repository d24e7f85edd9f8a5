"""Push, pull and status with a server that behaves as the real one: nothing twice, nothing lost, every mishap survived."""

import copy
import dataclasses
import itertools
import json

import pytest
from annotated import demo, submitted, unreviewed
from fake_server import FakeServer, Killed
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.annotate import pull_from, push_to, to_tasks
from hexapla.annotate.files import status_from
from hexapla.annotate.project import fetch, find, project_name, send
from hexapla.corpus import Corpus
from hexapla.errors import ConfigDiffers, HexaplaError, ProjectChanged, ServerError
from hexapla.store import write_corpus

PANES = ("ar", "fil")
TASKS = to_tasks(demo(), "parallel", PANES)


def sent(server, tasks=TASKS, **more):
    return send(server, tasks, "parallel", PANES, pause=0, **more)


def held(server):
    return [t.data["hexapla_id"] for t in server.tasks(1)]


@pytest.fixture
def built(tmp_path, monkeypatch):
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "build"


def answer(server, change=lambda tasks: None):
    """Somebody submits every task as proposed, after `change`."""
    tasks = list(server.made[1]["tasks"].values())
    for task, done in zip(tasks, submitted(tasks), strict=True):
        task["annotations"] = done["annotations"]
    change(tasks)


# ---- push ----------------------------------------------------------------------------------------------------------


def test_a_first_push_makes_the_project_and_a_second_adds_nothing():
    server = FakeServer()
    first = sent(server)
    assert (first.new_project, first.imported, first.unchanged) == (True, len(TASKS), 0)
    before = copy.deepcopy(server.made)
    second = sent(server)
    assert (second.new_project, second.imported, second.unchanged, second.predictions) == (
        False,
        0,
        len(TASKS),
        0,
    )
    assert server.made == before


def test_a_dry_run_changes_nothing_and_says_what_a_push_then_does():
    server = FakeServer()
    planned = sent(server, dry_run=True)
    assert server.made == {}
    done = sent(server)
    assert dataclasses.replace(done, dry_run=True, project=None) == planned
    changed = [t | {"predictions": [{"model_version": "hexapla", "result": []}]} for t in TASKS]
    before = copy.deepcopy(server.made)
    planned = sent(server, changed, dry_run=True)
    assert server.made == before
    assert dataclasses.replace(sent(server, changed), dry_run=True) == planned


def test_a_project_is_found_after_it_was_renamed():
    server = FakeServer()
    sent(server)
    server.made[1] |= {"title": "Monday", "description": "For Monday.\n" + server.made[1]["description"]}
    assert find(server, project_name("parallel", PANES)).id == 1
    assert find(server, "1").id == 1
    assert find(server, "other") is None


def test_batches():
    server = FakeServer()
    sent(server, batch=4)
    assert server.imports == [4, 4, 4, 3]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["lost", "late", "unheard", "half", "down", ""]), max_size=8),
    st.integers(1, 20),
    st.integers(0, 15),
)
def test_whatever_happens_each_task_is_there_once(mishaps, batch, already):
    server = FakeServer()
    if already:
        sent(server, TASKS[:already])
    server.mishaps = mishaps
    for _ in range(4):  # as often as a person would try
        try:
            sent(server, batch=batch)
            break
        except ServerError:
            continue
    sent(server)
    assert sorted(held(server)) == sorted(t["data"]["hexapla_id"] for t in TASKS)
    assert len(server.predictions(1)) == len(TASKS)


@pytest.mark.parametrize("n", range(4))
def test_a_push_that_is_killed_is_finished_by_the_next(n):
    server = FakeServer([*[""] * n, "killed"])
    with pytest.raises(Killed):
        sent(server, batch=4)
    assert len(held(server)) in (4 * (n + 1), len(TASKS))
    assert sent(server).imported == len(TASKS) - min(4 * (n + 1), len(TASKS))
    assert sorted(held(server)) == sorted(t["data"]["hexapla_id"] for t in TASKS)


def test_a_push_gives_up_after_some_failures_and_says_so():
    server = FakeServer(["lost"] * 10)
    with pytest.raises(ServerError, match="connection-dropped"):
        sent(server)


@pytest.mark.parametrize("part", ["annotations", "drafts"])
def test_doubles_without_answers_go_and_answered_ones_stay(part):
    server = FakeServer()
    sent(server)
    server._arrive(1, TASKS[:3])
    double = len(TASKS) + 2  # of the second task: the later of the two is answered
    server.made[1]["tasks"][double][part] = [{"result": []}]
    assert sent(server).doubles == 3
    assert sorted(held(server)) == sorted(t["data"]["hexapla_id"] for t in TASKS)
    assert double in server.made[1]["tasks"]


def test_two_answered_doubles_are_named_and_both_stay():
    server = FakeServer()
    sent(server)
    server._arrive(1, TASKS[:1])
    for n in (1, len(TASKS) + 1):
        server.made[1]["tasks"][n]["annotations"] = [{"result": []}]
    ((_, faults),) = sent(server).faulty
    assert [f.code for f in faults] == ["duplicate-task"]
    assert len(held(server)) == len(TASKS) + 1


def test_changed_predictions_are_replaced_and_those_of_other_models_stay():
    server = FakeServer()
    sent(server)
    sent(server, model_version="gold")
    assert len(server.predictions(1)) == 2 * len(TASKS)
    changed = copy.deepcopy(TASKS)
    changed[1]["predictions"][0]["result"] = []
    assert sent(server, changed).predictions == 1
    assert [p.result for p in server.predictions(1) if p.task == 2 and p.model_version == "hexapla"] == [[]]
    assert sum(p.model_version == "gold" for p in server.predictions(1)) == len(TASKS)
    assert len(server.predictions(1)) == 2 * len(TASKS)


def test_a_lost_prediction_is_given_again():
    server = FakeServer()
    sent(server)
    server.made[1]["tasks"][3]["predictions"] = []
    assert sent(server).predictions == 1
    assert len(server.predictions(1)) == len(TASKS)


def test_annotations_survive_a_push():
    server = FakeServer()
    sent(server)
    answer(server)
    before = [t["annotations"] for t in server.made[1]["tasks"].values()]
    sent(server, [t | {"predictions": [{"model_version": "hexapla", "result": []}]} for t in TASKS])
    assert [t["annotations"] for t in server.made[1]["tasks"].values()] == before


@pytest.mark.parametrize(
    "change",
    [
        lambda task: task["data"].update(text_fil="edited " + task["data"]["text_fil"]),
        lambda task: task["data"].pop("text_fil"),
        lambda task: task["data"].update(text_sha256="0" * 64),
        lambda task: task["data"].update(sha256_ar="0" * 64),
    ],
)
def test_a_text_that_is_another_is_named_left_alone_and_the_rest_goes_on(change):
    server = FakeServer()
    sent(server, TASKS[:5])
    change(server.made[1]["tasks"][2])
    before = copy.deepcopy(server.made[1]["tasks"][2])
    done = sent(server)
    ((task, faults),) = done.faulty
    assert (task, [f.code for f in faults]) == (TASKS[1], ["text-changed"])
    assert server.made[1]["tasks"][2] == before
    assert done.imported == len(TASKS) - 5


def test_other_tasks_of_the_project_are_left_alone():
    server = FakeServer()
    sent(server)
    server.made[1]["tasks"][99] = {
        "id": 99,
        "data": {"text": "mine"},
        "annotations": [],
        "drafts": [],
        "predictions": [],
    }
    assert sent(server).others == 1
    assert 99 in server.made[1]["tasks"]


# ---- the project changed -------------------------------------------------------------------------------------------


def test_a_configuration_that_gives_other_results_is_refused_and_nothing_is_sent():
    server = FakeServer()
    sent(server, TASKS[:3])
    server.made[1]["config"] = server.made[1]["config"].replace('value="PER"', 'value="PERSON"')
    with pytest.raises(ConfigDiffers, match="label_ar") as error:
        sent(server)
    assert error.value.exit_code == 9
    assert len(held(server)) == 3


def test_colours_and_captions_may_differ():
    server = FakeServer()
    sent(server, TASKS[:3])
    server.made[1]["config"] = (
        server.made[1]["config"].replace("#0040ff", "red").replace("upper value", "max")
    )
    assert sent(server).imported == len(TASKS) - 3


def test_a_project_that_is_gone_is_said_to_be(built):
    server = FakeServer()
    sent(server)
    server.made.clear()
    for run in (
        lambda: status_from(server, "parallel", PANES),
        lambda: sent(server, name="1"),
        lambda: pull_from(server, built, "gold", "parallel", PANES),
    ):
        with pytest.raises(ProjectChanged) as error:
            run()
        assert error.value.exit_code == 8


def test_two_projects_of_one_name_are_named():
    server = FakeServer()
    sent(server)
    server.made[2] = copy.deepcopy(server.made[1])
    with pytest.raises(ProjectChanged, match="projects 1, 2"):
        sent(server)


# ---- pull and status -----------------------------------------------------------------------------------------------


def test_push_then_pull_gives_the_corpus_back(built, tmp_path):
    server = FakeServer()
    assert push_to(server, built, "parallel", PANES).sent.imported == len(TASKS)
    answer(server)
    pulled = pull_from(server, built, tmp_path / "gold", "parallel", PANES)
    assert (pulled.answers, pulled.skipped, pulled.open, pulled.faults) == (len(TASKS), 0, 0, ())
    assert unreviewed(pulled.corpus) == Corpus((demo(),))
    assert list(pulled.annotators) == ["Ana Cruz"]


def test_skips_are_counted_drafts_come_on_request_and_names_are_resolved(built, tmp_path):
    def change(tasks):
        tasks[0]["annotations"][0] |= {"was_cancelled": True, "completed_by": 2}
        tasks[1]["drafts"] = [{"user": 7, "result": tasks[1]["annotations"][0]["result"]}]
        tasks[1]["annotations"] = []
        tasks[2]["annotations"] = []

    server = FakeServer()
    push_to(server, built, "parallel", PANES)
    answer(server, change)
    kept = tmp_path / "export.json"
    pulled = pull_from(server, built, tmp_path / "gold", "parallel", PANES, export=kept)
    assert (pulled.answers, pulled.skipped, pulled.open) == (len(TASKS) - 3, 1, 2)
    assert (
        pull_from(server, built, tmp_path / "gold", "parallel", PANES, drafts=True).answers == len(TASKS) - 2
    )
    found, where, faults = status_from(server, "parallel", PANES)
    assert (found.answered, found.skipped, found.begun, found.open) == (len(TASKS) - 3, 1, 1, 1)
    assert {n: (w.answers, w.skipped, w.drafts) for n, w in found.annotators.items()} == {
        "Ana Cruz": (len(TASKS) - 3, 0, 0), "ben@example.com": (0, 1, 0), "user 7": (0, 0, 1),
    }  # fmt: skip
    assert (found.predictions, where, faults) == ({"hexapla": len(TASKS)}, "http://fake/projects/1", ())
    assert json.loads(kept.read_text("utf-8")) == fetch(server, server.project(1), predictions=True)


def test_pulls_add_up(built, tmp_path):
    """What an earlier pull brought stays when the next export does not speak of it."""
    server = FakeServer()
    push_to(server, built, "parallel", PANES)
    answer(server, lambda tasks: [t.update(annotations=[]) for t in tasks[5:]])
    pull_from(server, built, tmp_path / "gold", "parallel", PANES)
    answer(server, lambda tasks: [t.update(annotations=[]) for t in tasks[:5]])
    both = pull_from(server, built, tmp_path / "gold", "parallel", PANES).corpus.articles[0]
    assert all(m.reviewed for lang in PANES for m in both.document(lang).mentions)
    assert unreviewed(Corpus((both,))) == Corpus((demo(),))


def test_a_task_edited_on_the_server_is_set_aside_at_the_pull_and_the_rest_is_taken(built, tmp_path):
    server = FakeServer()
    push_to(server, built, "parallel", PANES)
    answer(server, lambda tasks: tasks[1]["data"].update(text_fil="edited"))
    pulled = pull_from(server, built, tmp_path / "gold", "parallel", PANES)
    assert pulled.answers == len(TASKS) - 1
    assert [f.code for f in pulled.faults] == ["text-changed"]
    assert json.loads(pulled.quarantine.read_text("utf-8"))[0]["task"]["annotations"]


def test_a_configuration_that_differs_is_named_and_what_is_sound_is_taken(built, tmp_path):
    server = FakeServer()
    push_to(server, built, "parallel", PANES)
    answer(server)
    server.made[1]["config"] = "<View/>"
    pulled = pull_from(server, built, tmp_path / "gold", "parallel", PANES)
    assert ([f.code for f in pulled.faults], pulled.answers) == (["config-differs"], len(TASKS))


def test_a_file_of_tasks_is_pushed_to_a_project_of_its_own(built, tmp_path):
    server = FakeServer()
    push_to(server, built, "parallel", PANES)
    file = tmp_path / "again.json"
    spoiled = copy.deepcopy(TASKS[:3])
    spoiled[1]["predictions"][0]["result"][0]["value"]["end"] = 10**6
    file.write_text(json.dumps(spoiled), "utf-8")
    done = push_to(server, built, tasks=file)
    assert (done.sent.name, done.sent.imported) == ("again parallel ar-fil", 2)
    assert [f.code for f in done.faults] == ["out-of-range"]
    assert done.quarantine.is_file()
    file.write_text("[]", "utf-8")
    with pytest.raises(HexaplaError, match="no-tasks"):
        push_to(server, built, tasks=file)


def test_every_task_and_language_has_a_project_of_its_own(built):
    server = FakeServer()
    kinds = [("single", ("fil",)), ("single", ("ar",)), ("parallel", PANES), ("align", PANES)]
    for (task, panes), again in itertools.product(kinds, (False, True)):
        assert push_to(server, built, task, panes).sent.new_project is not again
    assert len(server.made) == len(kinds)
