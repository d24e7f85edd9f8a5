"""Tasks and exports as files."""

import copy
import json

import pytest
from annotated import demo, submitted, unreviewed

from hexapla.annotate import check_file, pull, push
from hexapla.corpus import Corpus
from hexapla.errors import InputError
from hexapla.store import read_beads, read_facts, read_mentions, write_corpus


@pytest.fixture
def built(tmp_path):
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    return tmp_path / "build"


def export(file, change=lambda tasks: None):
    """Submit the tasks of `file` and export them beside it."""
    tasks = submitted(json.loads(file.read_text("utf-8")))
    change(tasks)
    out = file.with_name("export.json")
    out.write_text(json.dumps(tasks), "utf-8")
    return out


def test_push_then_pull_gives_the_corpus_back(built, tmp_path):
    pushed = push(built, tmp_path / "tasks.json", "parallel", ["ar", "fil"])
    assert (pushed.tasks, pushed.mentions, pushed.faults, pushed.quarantine) == (15, 116, (), None)
    file = export(pushed.file)
    assert check_file(file, built) == check_file(file) == []
    pulled = pull(built, file, tmp_path / "gold")
    assert (pulled.answers, pulled.articles, pulled.skipped, pulled.open) == (15, ("kite",), 0, 0)
    assert unreviewed(pulled.corpus) == Corpus((demo(),))
    for document in demo().documents:
        doc_id, lang, digest, mentions = read_mentions(tmp_path / "gold" / "kite" / f"{document.doc_id}.json")
        assert (doc_id, lang, digest) == (document.doc_id, document.lang, document.text_sha256)
        assert [(m.span, m.label, m.quantity, m.fact_id) for m in mentions] == [
            (m.span, m.label, m.quantity, m.fact_id) for m in document.mentions
        ]
        assert {m.reviewed for m in mentions} == {lang in ("ar", "fil")}
    assert read_facts(tmp_path / "gold" / "kite" / "facts.json") == demo().facts
    assert read_beads(tmp_path / "gold" / "kite" / "beads.json") == demo().beads


def test_the_same_push_writes_the_same_file(built, tmp_path):
    one = push(built, tmp_path / "one.json", "parallel", ["arb", "tl"]).file.read_bytes()
    assert push(built, tmp_path / "two.json", "parallel", ["ar", "fil"]).file.read_bytes() == one


def test_a_faulty_task_is_quarantined_with_its_reasons_and_the_rest_goes_on(built, tmp_path):
    def spoil(tasks):
        tasks[1]["annotations"][0]["result"][0]["value"]["end"] = 100_000

    pushed = push(built, tmp_path / "tasks.json", "parallel", ["ar", "fil"])
    file = export(pushed.file, spoil)
    pulled = pull(built, file, tmp_path / "gold")
    assert pulled.answers == 14
    assert [f.code for f in pulled.faults] == ["out-of-range"]
    assert pulled.quarantine == tmp_path / "export.quarantine.json"
    (record,) = json.loads(pulled.quarantine.read_text("utf-8"))
    assert record["file"] == str(file)
    assert "100000" in record["reasons"][0]
    assert record["task"]["data"]["hexapla_id"] in record["reasons"][0]
    assert unreviewed(pulled.corpus) == Corpus((demo(),))  # what was set aside stays as it was
    # mended, nothing is left in quarantine
    assert pull(built, export(pushed.file), tmp_path / "gold").quarantine is None
    assert not (tmp_path / "export.quarantine.json").exists()


def test_an_export_without_answers_writes_nothing(built, tmp_path):
    pushed = push(built, tmp_path / "tasks.json", "single", ["pl"])
    pulled = pull(built, pushed.file, tmp_path / "gold")
    assert (pulled.answers, pulled.open, pulled.articles) == (0, 1, ())
    assert not (tmp_path / "gold").exists()


def test_languages_that_no_article_has_are_refused(built, tmp_path):
    with pytest.raises(InputError, match="no-tasks"):
        push(built, tmp_path / "tasks.json", "parallel", ["ar", "sw"])
    assert not (tmp_path / "tasks.json").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'[{"data": NaN}]', b'[{"a": 1, "a": 2}]'])
def test_a_file_that_is_no_json_is_refused_and_nothing_is_written(built, tmp_path, content):
    file = tmp_path / "export.json"
    file.write_bytes(content)
    with pytest.raises(InputError):
        pull(built, file, tmp_path / "gold")
    with pytest.raises(InputError):
        check_file(file)
    assert not (tmp_path / "gold").exists()


def test_a_flat_export_is_named(built, tmp_path):
    file = tmp_path / "export.json"
    file.write_text(json.dumps([{"id": 1, "text_ar": "x", "label_ar": []}]), "utf-8")
    assert [f.code for f in check_file(file, built)] == ["not-a-task"]


def test_mentions_that_cannot_be_shown_are_quarantined_at_the_push(tmp_path):
    article = demo()
    document = copy.deepcopy(article.document("fil"))
    import dataclasses

    spoiled = dataclasses.replace(
        document, mentions=(dataclasses.replace(document.mentions[0], id="has space"), *document.mentions[1:])
    )
    documents = tuple(spoiled if d.lang == "fil" else d for d in article.documents)
    write_corpus(Corpus((dataclasses.replace(article, documents=documents),)), tmp_path / "build")
    pushed = push(tmp_path / "build", tmp_path / "tasks.json", "parallel", ["ar", "fil"])
    assert pushed.tasks == 14
    assert {f.code for f in pushed.faults} == {"bad-id"}
    assert pushed.quarantine is not None
