"""Formats of other tools: what was written is read back by the tools themselves, or by the rules of their format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from hexapla.corpus import ENTITY_LABELS, NUMBER_LABELS, Article, Corpus, Fact
from hexapla.errors import InputError
from hexapla.exchange import export, import_iob2, read_iob2
from hexapla.exchange.iob2 import iob2
from hexapla.predictions import Prediction, write_predictions
from hexapla.score import score
from hexapla.store import read_corpus, write_corpus
from hexapla.validate import validate


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "build"
    write_corpus(toy.corpus(), folder)
    return folder


# ---- out -------------------------------------------------------------------------------------------------------------


def test_iob2(built: Path, tmp_path: Path) -> None:
    files = export(built, tmp_path, "iob2")
    assert [f.name for f in files] == ["ar.iob2", "en.iob2", "fil.iob2", "pl.iob2"]
    lines = (tmp_path / "pl.iob2").read_text("utf-8").split("\n")
    assert lines[:7] == ["-DOCSTART- O", "", "Orbis B-ORG", "Lines I-ORG", "kupiła O", "trzy O", "promy O"]
    export(built, tmp_path / "n", "iob2", layer="numbers")
    assert "trzy B-CARDINAL" in (tmp_path / "n" / "pl.iob2").read_text("utf-8")


def test_jsonl_holds_everything(built: Path, tmp_path: Path) -> None:
    (file,) = export(built, tmp_path, "jsonl")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for row, document in zip(rows, toy.corpus().documents, strict=True):
        assert row["text"] == document.text
        assert [m["surface"] for m in row["mentions"]] == [
            row["text"][m["start"] : m["end"]] for m in row["mentions"]
        ]
        assert row["mentions"] == [m.to_json() for m in document.mentions]
        assert {m["fact_id"] for m in row["mentions"] if "fact_id" in m} <= row["facts"].keys()


def test_brat_by_the_rules_of_its_format(built: Path, tmp_path: Path) -> None:
    files = export(built, tmp_path, "brat")
    declared = (tmp_path / "annotation.conf").read_text("utf-8")
    checked = 0
    for file in [f for f in files if f.suffix == ".ann"]:
        text = file.with_suffix(".txt").read_text("utf-8")
        ids = set()
        for line in file.read_text("utf-8").splitlines():
            if match := re.fullmatch(r"(T\d+)\t([A-Z]+) (\d+) (\d+)\t(.+)", line):
                assert text[int(match[3]) : int(match[4])] == match[5]
                assert f"\n{match[2]}\n" in declared
                ids.add(match[1])
                checked += 1
            elif match := re.fullmatch(r"#\d+\tAnnotatorNotes (T\d+)\t\S.*", line):
                assert match[1] in ids
            else:
                assert re.fullmatch(r"\*\tEquiv( T\d+){2,}", line)
    assert checked == sum(len(d.mentions) for d in toy.corpus().documents)
    assert "value=2000000 unit=USD modifier=more_than fact=f3" in (
        tmp_path / "harbour" / "harbour-en.ann"
    ).read_text("utf-8")


def test_a_brat_span_over_a_line_end_is_given_in_parts(tmp_path: Path) -> None:
    document = toy.document("d", "en", "[Ann\nLee|PER f1] left.", "d")
    broken = Article("d", (document,), (), {"f1": Fact("f1", "PER")})
    write_corpus(Corpus((broken,)), tmp_path / "build")
    export(tmp_path / "build", tmp_path / "out", "brat")
    assert "T1\tPER 0 3;4 7\tAnn Lee\n" in (tmp_path / "out" / "d" / "d.ann").read_text("utf-8")


def test_label_studio_tasks_pass_their_check(built: Path, tmp_path: Path) -> None:
    from hexapla.annotate import check

    files = export(built, tmp_path, "labelstudio")
    assert {f.name for f in files} >= {"single-fil.json", "single-fil.xml"}
    for file in files:
        if file.suffix == ".json":
            assert list(check(json.loads(file.read_text("utf-8")))) == []


def test_docbin_is_read_by_spacy(built: Path, tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy", reason="the extra [spacy] is not installed")
    from spacy.tokens import DocBin

    export(built, tmp_path, "spacy")
    for lang in ("ar", "en", "fil", "pl"):
        docs = list(DocBin().from_disk(tmp_path / f"{lang}.spacy").get_docs(spacy.blank("xx").vocab))
        documents = [d for d in toy.corpus().documents if d.lang == lang]
        for doc, document in zip(docs, documents, strict=True):
            assert doc.text == document.text
            found = [(s.start_char, s.end_char, s.label_) for s in (*doc.ents, *doc.spans["numbers"])]
            assert sorted(found) == sorted((*m.span, m.label) for m in document.mentions)
            assert [e.ent_id_ for e in doc.ents] == [m.fact_id for m in document.mentions if not m.is_number]
            assert [s.start_char for s in doc.sents] == [a for a, _ in document.sentences]
            values = doc.user_data["hexapla"]["values"]
            assert values == {
                f"{m.start}:{m.end}": m.quantity.to_json() for m in document.mentions if m.quantity
            }


@pytest.mark.parametrize(
    ("kind", "layer", "code"), [("xml", "entities", "no-format"), ("iob2", "all", "no-layer")]
)
def test_unknown_formats(built: Path, tmp_path: Path, kind: str, layer: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        export(built, tmp_path, kind, layer=layer)


# ---- in --------------------------------------------------------------------------------------------------------------

CONLL = "-DOCSTART- -X- O\n\nRosa NP B-PER\nAbad NP I-PER\nsaw V O\nCebu NP B-LOC\n\nShe P O\nlikes V O\nJazz N B-MISC\n. . O\n\n-DOCSTART- -X- O\n\nLumen N B-ORG\nWorks N I-ORG\n"  # fmt: skip
UNER = "# sent_id = 1\n# text = Rosa Abad's dog, in Cebu.\n1\tRosa\tB-PER\t-\tann\n2\tAbad\tI-PER\t-\tann\n3\t's\tO\t-\tann\n4\tdog\tO\t-\tann\n5\t,\tO\t-\tann\n6\tin\tO\t-\tann\n7\tCebu\tB-LOC\t-\tann\n8\t.\tO\t-\tann\n\n# sent_id = 2\n# text = Something else here.\n1\tKite\tB-OTH\t-\tann\n2\tDay\tI-OTH\t-\tann\n"  # fmt: skip


def test_conll_2002(tmp_path: Path) -> None:
    (tmp_path / "news dev.txt").write_text(CONLL, "utf-8")
    done = import_iob2([tmp_path / "news dev.txt"], "en", tmp_path / "out")
    assert (done.documents, done.sentences, done.mentions, done.left_out) == (2, 3, 3, {"MISC": 1})
    corpus = read_corpus(tmp_path / "out")
    assert [d.doc_id for d in corpus.documents] == ["news-dev-1", "news-dev-2"]
    first, second = corpus.documents
    assert first.text == "Rosa Abad saw Cebu\nShe likes Jazz ."
    assert [(m.surface, m.label) for m in first.mentions] == [("Rosa Abad", "PER"), ("Cebu", "LOC")]
    assert [(m.surface, m.label) for m in second.mentions] == [("Lumen Works", "ORG")]


def test_universal_ner_keeps_the_text_where_it_is_that_of_the_tokens(tmp_path: Path) -> None:
    (tmp_path / "x.iob2").write_text(UNER.replace("\n", "\r\n"), "utf-8")
    done = import_iob2([tmp_path / "x.iob2"], "tl", tmp_path / "out")
    (document,) = read_corpus(tmp_path / "out").documents
    assert document.text == "Rosa Abad's dog, in Cebu.\nKite Day"
    assert document.lang == "fil"
    assert [(m.surface, m.span) for m in document.mentions] == [("Rosa Abad", (0, 9)), ("Cebu", (20, 24))]
    assert done.left_out == {"OTH": 1}
    assert validate(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("Rosa B-PER\nAbad I-LOC\n", "not-iob2", 2),
        ("Rosa O\n\nAbad I-PER\n", "not-iob2", 3),
        ("Rosa I-PER\n", "not-iob2", 1),
        ("Rosa B-PER\nAbad\n", "bad-iob2", 2),
        ("Rosa PER\n", "bad-tag", 1),
        ("Rosa B-PER\nAbad S-PER\n", "bad-tag", 2),
        ("\n\n", "empty-file", 0),
    ],
)
def test_what_is_not_iob2_is_named_with_its_line(tmp_path: Path, content: str, code: str, line: int) -> None:
    file = tmp_path / "x.txt"
    file.write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        import_iob2([file], "en", tmp_path / "out")
    assert [(f.code, f.where) for f in caught.value.faults] == [
        (code, f"{file}:{line}" if line else str(file))
    ]
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(CONLL, "utf-8")
    with pytest.raises(InputError, match="not-empty"):
        import_iob2([tmp_path / "x.txt"], "en", tmp_path)


def test_what_was_imported_is_scored(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(CONLL, "utf-8")
    import_iob2([tmp_path / "x.txt"], "en", tmp_path / "out")
    found = {
        d.doc_id: [Prediction.of(m) for m in d.mentions] for d in read_corpus(tmp_path / "out").documents
    }
    write_predictions(tmp_path / "right.jsonl", found)
    write_predictions(tmp_path / "none.jsonl", {name: [] for name in found})
    assert (
        score(tmp_path / "out", tmp_path / "right.jsonl").to_json()
        != score(tmp_path / "out", tmp_path / "none.jsonl").to_json()
    )


def test_the_baselines_run_on_what_was_imported(tmp_path: Path) -> None:
    pytest.importorskip("pycrfsuite", reason="the extra [baselines] is not installed")
    from hexapla.predictions import read_predictions
    from hexapla.taggers import predict, train

    for name in ("train", "test"):
        (tmp_path / f"{name}.txt").write_text(CONLL * 5, "utf-8")
        import_iob2([tmp_path / f"{name}.txt"], "en", tmp_path / name)
    train(tmp_path / "train", tmp_path / "model")
    predict(tmp_path / "model", tmp_path / "test", tmp_path / "pred.jsonl")
    gold = list(read_corpus(tmp_path / "test").documents)
    found = read_predictions(tmp_path / "pred.jsonl", {d.doc_id: len(d.text) for d in gold})
    assert [(p.start, p.end, p.label) for p in found["test-1"] if p.label in ENTITY_LABELS] == [
        (0, 9, "PER"),
        (14, 18, "LOC"),
    ]


WORD = st.sampled_from(
    ["[Ny|PER f1]", "[Ny By|LOC f2]", "[7|CARDINAL f3 value=7]", "gik", "ب", ".", "[Å.S|ORG f4]"]
)


@given(
    st.lists(st.lists(WORD, min_size=1, max_size=6), min_size=1, max_size=4),
    st.sampled_from([ENTITY_LABELS, NUMBER_LABELS]),
)
def test_what_is_written_is_read_back(lines: list[list[str]], labels: tuple[str, ...]) -> None:
    import tempfile

    document = toy.document("d", "da", "\n".join(map(" ".join, lines)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.iob2"
        file.write_text(iob2([document], labels), "utf-8")
        (sentences,) = read_iob2(file)
        file.write_text(iob2([document], labels) + "\n", "utf-8")
        done = import_iob2([file], "da", Path(folder) / "out")
    wanted = [m for m in document.mentions if m.label in labels]
    assert len(sentences) == len(lines)
    assert done.mentions == len(wanted)
