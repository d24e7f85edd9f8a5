"""Every fault that the server and its SDK let through, one by one; and what is not a fault."""

import copy
from contextlib import suppress

import pytest
from annotated import demo, submitted
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.annotate import check, from_tasks, to_tasks
from hexapla.annotate.check import sift
from hexapla.corpus import Corpus
from hexapla.errors import InputError

CORPUS = Corpus((demo(),))


def tasks():
    return copy.deepcopy(to_tasks(demo(), "parallel", ("ar", "fil")))


def result(task):
    return task["predictions"][0]["result"]


def first(task, kind="labels", **fields):
    return next(
        i for i in result(task) if i["type"] == kind and all(i.get(k) == v for k, v in fields.items())
    )


def number(task, control):
    return next(i for i in result(task) if i.get("from_name") == f"{control}_fil")


def entity(task):
    return next(i for i in result(task) if i["type"] == "labels" and i["value"]["labels"] == ["ORG"])


def hang(task, **more):
    """A value hung on a name."""
    e = entity(task)
    lang = e["to_name"].removeprefix("text_")
    place = {k: e["value"][k] for k in ("start", "end")}
    result(task).append({"id": e["id"], "from_name": f"value_{lang}", "to_name": e["to_name"], "type": "textarea", "value": {**place, "text": ["5"]}} | more)  # fmt: skip


def rename(task, name):
    """The first region with another id, everywhere."""
    old = first(task)["id"]
    for item in result(task):
        item |= {k: name for k in ("id", "from_id", "to_id") if item.get(k) == old}


# fault -> what is done to the second task of the demo, Arabic and Filipino
FAULTS = [
    ("unknown-label", lambda t: first(t)["value"].update(labels=["PERSON"])),
    ("unknown-label", lambda t: first(t)["value"].update(labels=["PER", "ORG"])),
    ("unknown-label", lambda t: first(t)["value"].update(labels=[])),
    ("unknown-label", lambda t: first(t, "relation").update(labels=["same"])),
    ("unknown-label", lambda t: first(t, "relation").update(direction="up")),
    ("out-of-range", lambda t: first(t)["value"].update(end=100_000)),
    ("out-of-range", lambda t: first(t)["value"].update(start=-4)),
    ("empty-span", lambda t: first(t)["value"].update(start=3, end=3)),
    ("reversed-span", lambda t: first(t)["value"].update(start=9, end=3)),
    ("bad-offset", lambda t: first(t)["value"].update(start=True)),
    ("bad-offset", lambda t: first(t)["value"].update(end="12")),
    ("bad-offset", lambda t: first(t)["value"].update(start=1.0)),
    ("surface-mismatch", lambda t: first(t)["value"].update(start=first(t)["value"]["start"] - 1)),
    ("surface-mismatch", lambda t: first(t)["value"].update(text=["x"])),
    ("duplicate-id", lambda t: result(t).append(copy.deepcopy(first(t)))),
    ("bad-id", lambda t: rename(t, "a#b")),
    ("bad-id", lambda t: rename(t, "a:b")),
    ("bad-id", lambda t: rename(t, "")),
    ("bad-id", lambda t: t["predictions"][0].update(result=[first(t) | {"id": None}])),
    ("dangling-relation", lambda t: first(t, "relation").update(to_id="gone")),
    ("dangling-relation", lambda t: first(t, "relation").update(from_id=["x"])),
    ("dangling-relation", lambda t: first(t, "relation").update(to_id=first(t, "relation")["from_id"])),
    ("unlike-link", lambda t: first(t, "relation").update(from_id=entity(t)["id"], to_id=number(t, "value")["id"])),
    ("bad-value", lambda t: number(t, "value")["value"].update(text=["8,4 billion"])),
    ("bad-value", lambda t: number(t, "value")["value"].update(text="8.4")),
    ("bad-value", lambda t: number(t, "value")["value"].update(text=["8.4", "8.5"])),
    ("bad-value", lambda t: number(t, "value")["value"].update(text=[8])),
    ("bad-value", lambda t: number(t, "unit")["value"].update(text=["Philippine pesos"])),
    ("bad-value", lambda t: number(t, "modifier")["value"].update(choices=["nearly"])),
    ("bad-value", lambda t: number(t, "modifier")["value"].update(choices=["approx", "at_most"])),
    ("bad-value", lambda t: number(t, "value").update(from_name="value_high_fil")),
    ("bad-fact", lambda t: number(t, "fact_id")["value"].update(text=["a\nb"])),
    ("bad-fact", lambda t: number(t, "fact_id")["value"].update(text=["f" * 201])),
    ("orphan-attribute", hang),
    ("orphan-attribute", lambda t: hang(t, id="gone")),
    ("orphan-attribute", lambda t: hang(t, id={"a": 1})),
    ("orphan-attribute", lambda t: number(t, "value")["value"].update(start=0)),
    ("unknown-control", lambda t: first(t).update(from_name="label")),
    ("unknown-control", lambda t: first(t, from_name="label_ar").update(to_name="text_fil")),
    ("unknown-control", lambda t: number(t, "value").update(to_name="text_ar")),
    ("unknown-type", lambda t: result(t).append({"type": "rectanglelabels", "value": {}})),
    ("unknown-type", lambda t: result(t).append("x")),
    ("bad-result", lambda t: first(t).update(value=None)),
    ("bad-result", lambda t: t["predictions"][0].update(result=None)),
    ("bad-result", lambda t: t.update(predictions={"result": []})),
    ("bad-result", lambda t: t.update(annotations=["x"])),
    ("bad-score", lambda t: t["predictions"][0].update(score=5)),
    ("overlap", lambda t: result(t).append({**copy.deepcopy(first(t)), "id": "new"})),
    ("not-nfc", lambda t: t["data"].update(text_fil="e\u0301")),
    ("not-nfc", lambda t: t["data"].update(text_fil="a\r\nb")),
    ("text-changed", lambda t: t["data"].update(text_fil=t["data"]["text_fil"] + " ")),
    ("text-changed", lambda t: t["data"].update(sha256_fil="0" * 64)),
    ("text-changed", lambda t: t["data"].update(start_fil=t["data"]["start_fil"] + 1)),
    ("unknown-article", lambda t: t["data"].update(article_id="other")),
    ("unknown-document", lambda t: t["data"].update(doc_id_fil="other")),
    ("not-ours", lambda t: t["data"].pop("hexapla_id")),
    ("not-ours", lambda t: t["data"].update(task="poem")),
    ("not-ours", lambda t: t["data"].update(langs="ar")),
    ("not-ours", lambda t: t["data"].update(langs="ar,!!")),
    ("not-ours", lambda t: t["data"].update(start_fil=-1)),
    ("not-a-task", lambda t: t.pop("data")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "spoil"), FAULTS, ids=[f"{c}-{n}" for n, (c, _) in enumerate(FAULTS)])
def test_fault_is_found_and_the_other_tasks_are_sound(code, spoil):
    made = tasks()
    spoil(made[1])
    found = check(made, CORPUS, "tasks.json")
    assert {f.code for f in found} == {code}
    assert all(f.where.startswith("tasks.json: task 2") for f in found)


def test_sound_tasks_have_no_fault():
    assert check(tasks(), CORPUS) == []
    assert check(submitted(tasks())) == []


def test_a_task_twice_is_found():
    made = tasks()
    assert [f.code for f in check([*made, made[0]])] == ["duplicate-task"]


@pytest.mark.parametrize("what", [None, {}, "x", 3])
def test_what_is_no_list_is_said_to_be_none(what):
    assert [f.code for f in check(what)] == ["not-a-task-list"]
    assert [f.code for f in sift(what, CORPUS).faults] == ["not-a-task-list"]


@pytest.mark.parametrize("what", [None, [], "x", {"data": None}, {"data": []}, {"id": 4, "ar": "flat"}])
def test_what_is_no_task_is_said_to_be_none(what):
    assert [f.code for f in check([what])] == ["not-a-task"]
    assert [f.code for f in sift([what], CORPUS).faults] == ["not-a-task"]


def test_line_ends_written_as_backslash_n_are_no_mismatch():
    task = to_tasks(demo(), "single", ("en",))[0]
    text = task["data"]["text_en"]
    at = text.index("\n\n")
    task["predictions"][0]["result"] = [
        {"id": "x", "from_name": "label_en", "to_name": "text_en", "type": "labels", "value": {"start": at - 1, "end": at + 3, "text": text[at - 1 : at + 3].replace("\n", "\\n"), "labels": ["PER"]}}
    ]  # fmt: skip
    assert check([task], CORPUS) == []


def test_extra_fields_of_the_server_are_no_fault():
    made = submitted(tasks())
    for n, task in enumerate(made):
        task |= {
            "predictions": [n],
            "drafts": [],
            "meta": {},
            "total_annotations": 1,
            "file_upload": "x.json",
        }
        for item in task["annotations"][0]["result"]:
            item |= {"origin": "manual", "meta": {"text": ["a note"]}, "score": None}
    assert check(made, CORPUS) == []


def test_a_skipped_annotation_is_not_looked_into():
    made = submitted(tasks())
    made[0]["annotations"][0] |= {"was_cancelled": True, "result": [{"type": "labels", "value": {}}]}
    assert check(made, CORPUS) == []


def test_one_faulty_task_is_set_aside_and_the_rest_is_answered():
    made = submitted(tasks())
    made[1]["annotations"][0]["result"][0]["value"]["end"] = 100_000
    made[2]["annotations"] = []
    made[3]["annotations"][0]["was_cancelled"] = True
    sifted = sift(made, CORPUS)
    assert (len(sifted.answers), len(sifted.faulty), sifted.open, sifted.skipped) == (len(made) - 3, 1, 1, 1)
    assert sifted.faulty[0].task == made[1]
    # what hangs on the broken region is not complained of again
    assert [f.code for f in sifted.faults] == ["out-of-range"]


def test_a_message_names_place_and_excerpt_without_control_characters():
    made = tasks()
    made[0]["data"]["hexapla_id"] = "kite\x1b[31m"
    first(made[0])["value"]["labels"] = ["\x1b[31mRED"]
    (fault,) = check(made[:1], where="t.json")
    assert "\x1b" not in str(fault)
    assert fault.where.startswith("t.json: task 1")


# ---- anything at all -----------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**9) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
EXPORTS = [
    submitted(tasks()[1:3]),
    submitted(to_tasks(demo(), "align", ("ar", "fil"))[1:3]),
    submitted(to_tasks(demo(), "single", ("zh",))),
]


def places(node, path=()):
    """Every place in a JSON value."""
    yield path
    for name, inner in (
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    ):
        yield from places(inner, (*path, name))


PLACES = [[path for path in places(export) if path] for export in EXPORTS]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_an_export_is_a_fault_or_a_corpus_never_a_crash(data):
    n = data.draw(st.integers(0, len(EXPORTS) - 1))
    export = copy.deepcopy(EXPORTS[n])
    *way, last = data.draw(st.sampled_from(PLACES[n]))
    node = export
    for step in way:
        node = node[step]
    if data.draw(st.booleans()):
        node[last] = data.draw(anything)
    else:
        del node[last]
    assert all(str(fault) for fault in check(export, CORPUS))
    with suppress(InputError):
        from_tasks(export, CORPUS, drafts=True)
