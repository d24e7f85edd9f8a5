"""Adjudication: what is agreed is taken, what is not is asked again with every version, and nothing is done silently."""

import copy
import json
from itertools import permutations

import pytest
from annotated import demo, submitted, unreviewed

from hexapla.annotate import adjudicate, check, to_tasks
from hexapla.corpus import Corpus
from hexapla.store import write_corpus

PANES = ("ar", "fil")


@pytest.fixture
def built(tmp_path):
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    return tmp_path / "build"


def by(name, change=lambda result: None, task=1, kind="parallel"):
    """The tasks as `name` submitted them, after `change` to the result of one."""
    tasks = submitted(to_tasks(demo(), kind, PANES))
    for t in tasks:
        t["annotations"][0]["completed_by"] = name
    change(tasks[task]["annotations"][0]["result"])
    return tasks


def together(*versions):
    """One export with the annotations of several."""
    tasks = copy.deepcopy(versions[0])
    for other in versions[1:]:
        for task, more in zip(tasks, other, strict=True):
            task["annotations"] += more["annotations"]
    return tasks


def write(path, tasks):
    path.write_text(json.dumps(tasks), "utf-8")
    return path


def run(built, *exports):
    folder = built.parent
    files = [write(folder / f"export{n}.json", e) for n, e in enumerate(exports)]
    return adjudicate(built, files, folder / "gold", folder / "again.json")


def relabel(result):
    """The first organisation becomes a product."""
    next(i for i in result if i.get("value", {}).get("labels") == ["ORG"])["value"]["labels"] = ["PRODUCT"]


def drop(result):
    """The last region of all goes, with what hangs on it."""
    name = [i for i in result if i["type"] == "labels"][-1]["id"]
    result[:] = [i for i in result if name not in (i.get("id"), i.get("from_id"), i.get("to_id"))]


def test_what_all_say_is_taken_and_nothing_is_left(built):
    done = run(built, together(by("Ana"), by("Ben")))
    assert (done.agreed, done.open, done.alone, done.tasks, done.disagreements, done.faults) == (
        15,
        0,
        0,
        None,
        (),
        (),
    )
    assert (built.parent / "gold" / "kite" / "kite-fil.json").is_file()


def test_order_of_what_is_said_does_not_matter(built):
    done = run(built, together(by("Ana"), by("Ben", lambda result: result.reverse())))
    assert (done.agreed, done.open) == (15, 0)


@pytest.mark.parametrize("change", [relabel, drop])
def test_what_differs_becomes_a_task_with_every_version(built, change):
    done = run(built, together(by("Ana"), by("Ben", change)))
    assert (done.agreed, done.open) == (14, 1)
    assert len(done.disagreements) == 1
    assert "Ana" in done.disagreements[0]
    assert "Ben" in done.disagreements[0]
    (task,) = json.loads(done.tasks.read_text("utf-8"))
    assert task["data"]["hexapla_id"].endswith("/adjudicate")
    assert [p["model_version"] for p in task["predictions"]] == ["agreed", "Ana", "Ben"]
    agreed, ana, ben = ({i["id"] for i in p["result"] if i["type"] == "labels"} for p in task["predictions"])
    assert agreed < ana
    assert ana >= ben
    assert check([task], Corpus((demo(),))) == []


def test_a_disagreed_task_changes_nothing_until_it_is_decided(built):
    first = together(by("Ana"), by("Ben", drop))
    run(built, first)
    gold = (built.parent / "gold" / "kite" / "kite-fil.json").read_text("utf-8")
    (task,) = json.loads((built.parent / "again.json").read_text("utf-8"))
    shown = [
        i["id"].partition("-")[2]
        for i in task["predictions"][1]["result"]
        if i["type"] == "labels" and i["id"].startswith("fil-")
    ]
    reviewed = {m["id"]: m["reviewed"] for m in json.loads(gold)["mentions"]}
    assert not any(reviewed[name] for name in shown)
    task |= {"id": 1, "annotations": [{"completed_by": "Cleo", "result": task["predictions"][2]["result"]}]}
    done = run(built, first, [task])
    assert (done.agreed, done.decided, done.open, done.tasks) == (14, 1, 0, None)
    assert not (built.parent / "again.json").exists()
    after = json.loads((built.parent / "gold" / "kite" / "kite-fil.json").read_text("utf-8"))["mentions"]
    assert len(after) == len(reviewed) - 1
    assert all(m["reviewed"] for m in after)


def test_adjudicators_who_differ_are_asked_again(built):
    first = together(by("Ana"), by("Ben", drop))
    run(built, first)
    (task,) = json.loads((built.parent / "again.json").read_text("utf-8"))
    task["annotations"] = [
        {"completed_by": n, "result": task["predictions"][k]["result"]} for n, k in (("Cleo", 1), ("Dan", 2))
    ]
    done = run(built, first, [task])
    assert (done.decided, done.open) == (0, 1)
    (again,) = json.loads(done.tasks.read_text("utf-8"))
    assert again["data"]["hexapla_id"] == task["data"]["hexapla_id"]
    assert again["data"]["title"] == task["data"]["title"]
    assert [p["model_version"] for p in again["predictions"]] == ["agreed", "Cleo", "Dan"]


def test_the_ground_truth_decides(built):
    export = together(by("Ana"), by("Ben", drop))
    export[1]["annotations"][0]["ground_truth"] = True
    assert (run(built, export).agreed, run(built, export).open) == (15, 0)


def test_one_annotator_agrees_with_nobody(built):
    done = run(built, by("Ana"))
    assert (done.agreed, done.alone, done.articles) == (0, 15, ())
    assert not (built.parent / "gold").exists()


def test_skips_and_open_tasks_are_counted(built):
    export = together(by("Ana"), by("Ben"))
    for one in export[0]["annotations"]:
        one["was_cancelled"] = True
    export[1]["annotations"] = []
    done = run(built, export)
    assert (done.agreed, done.unanswered) == (13, 2)


def test_separate_exports_are_merged_in_any_order(built):
    versions = [by("Ana"), by("Ben", relabel), by("Cleo", drop, task=3)]
    told = {
        (d.agreed, d.open, frozenset(line.partition(": ")[0] for line in d.disagreements))
        for d in (run(built, *p) for p in permutations(versions))
    }
    assert len(told) == 1
    assert next(iter(told))[:2] == (13, 2)


def test_a_link_that_only_one_drew_is_a_disagreement(built):
    def unlink(result):
        fact = next(i for i in result if i["type"] == "textarea" and i["from_name"].startswith("fact_id"))
        fact["value"]["text"] = ["another"]

    done = run(built, together(by("Ana"), by("Ben", unlink)))
    assert (done.agreed, done.open) == (14, 1)
    assert "facts or links" in done.disagreements[0]


def test_a_link_may_be_drawn_or_written(built):
    """Without the ids of facts, a relation and an equal new id say the same; with an old id it must be that one."""

    def forget(result):
        result[:] = [i for i in result if not str(i.get("from_name")).startswith("fact_id")]

    done = run(built, together(by("Ana", forget), by("Ben", lambda r: (forget(r), r.reverse()))))
    assert (done.agreed, done.open) == (15, 0)


def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(built):
    def spoil(result):
        result[0]["value"]["end"] = 10**6

    done = run(built, together(by("Ana"), by("Ben", spoil)))
    assert (done.agreed, done.alone) == (14, 1)
    assert [f.code for f in done.faults] == ["out-of-range"]
    assert "by Ben" in done.faults[0].where
    assert done.quarantine.is_file()


def test_reviews_of_beads(built):
    def reject(result):
        next(i for i in result if i["from_name"] == "verdict")["value"]["choices"] = ["reject"]

    done = run(built, together(by("Ana", kind="align"), by("Ben", reject, kind="align")))
    assert done.open == 1
    assert "Ana: accept" in done.disagreements[0]
    assert "Ben: reject" in done.disagreements[0]


def test_agreed_tasks_are_the_corpus_they_came_from(built):
    run(built, together(by("Ana"), by("Ben")))
    from hexapla.gold import apply_gold

    assert unreviewed(Corpus((apply_gold(demo(), built.parent / "gold"),))) == Corpus((demo(),))
