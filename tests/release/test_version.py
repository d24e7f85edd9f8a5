"""Versions: a changed label needs a new one, and what changed is told."""

from __future__ import annotations

import dataclasses
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from release_corpus import corpus

from hexapla.corpus import Article, Bead, Corpus, Document, Mention
from hexapla.errors import InputError
from hexapla.release import load, read_release, release
from hexapla.release.diff import diff
from hexapla.release.loading import table_files
from hexapla.release.version import LOCK, LabelDigest, check_lock, gold_digest, lock
from hexapla.store import write_article, write_corpus
from hexapla.validate import validate
from hexapla.values import Quantity

ROOT = Path(__file__).parents[2]


def changed(change, doc_id: str = "bus-fil") -> Corpus:
    """The corpus with other mentions in one document."""

    def of(document: Document) -> Document:
        mentions = change(list(document.mentions)) if document.doc_id == doc_id else document.mentions
        return dataclasses.replace(document, mentions=tuple(mentions))

    return Corpus(
        tuple(dataclasses.replace(a, documents=tuple(map(of, a.documents))) for a in corpus().articles)
    )


def edit(number: int, **fields):
    """A change of one mention."""

    def change(mentions: list[Mention]) -> list[Mention]:
        mentions[number] = dataclasses.replace(mentions[number], **fields)
        return mentions

    return change


def digest(of: Corpus) -> str:
    found = LabelDigest()
    for article in of.articles:
        found.add(article)
    return found.hexdigest()


# ---- the lock --------------------------------------------------------------------------------------------------------


def test_no_label_of_this_project_changed_without_a_version() -> None:
    check_lock(ROOT / "annotation")


@pytest.fixture
def annotation(tmp_path: Path) -> Path:
    folder = tmp_path / "annotation"
    for article in corpus().articles:
        write_article(article, folder / "gold")
    (folder / "VERSION").write_text("0.1.0\n", "utf-8")
    (folder / "CHANGELOG.md").write_text("## 0.1.0\n\n## 0.2.0\n", "utf-8")
    assert lock(folder) == "0.1.0"
    return folder


def test_the_digest_of_gold_and_of_its_corpus_is_the_same(annotation: Path) -> None:
    assert gold_digest(annotation / "gold") == digest(corpus())
    check_lock(annotation)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("bus/bus-fil.json", '"label": "LOC"', '"label": "ORG"'),
        ("bus/bus-fil.json", '"value": "240"', '"value": "241"'),
        ("bus/bus-fil.json", '"fact_id": "lumen"', '"fact_id": "abad"'),
        ("bus/bus-fil.json", '"start": 42', '"start": 41'),
        ("bus/facts.json", '"name": "Cebu"', '"name": "Cebu City"'),
        ("bus/beads.json", "[[31, 65]", "[[31, 66]"),
    ],
)
def test_a_changed_label_without_a_version_is_found(annotation: Path, file: str, old: str, new: str) -> None:
    path = annotation / "gold" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match="labels-changed"):
        check_lock(annotation)
    with pytest.raises(InputError, match="labels-changed"):
        lock(annotation)
    (annotation / "VERSION").write_text("0.2.0\n", "utf-8")
    with pytest.raises(InputError, match="version-not-locked"):
        check_lock(annotation)
    lock(annotation)
    check_lock(annotation)
    assert [line.split()[1] for line in (annotation / LOCK).read_text("utf-8").splitlines()] == [
        "0.1.0",
        "0.2.0",
    ]


@pytest.mark.parametrize(("old", "new"), [('"reviewed": false', '"reviewed": true'), ('"id": "m1"', '"id": "m01"'), ('"by": "read"', '"by": "rule"')])  # fmt: skip
def test_what_is_no_label_needs_no_version(annotation: Path, old: str, new: str) -> None:
    path = annotation / "gold" / "bus" / "bus-fil.json"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    check_lock(annotation)


def test_a_version_that_was_never_given_out_can_be_locked_again(annotation: Path) -> None:
    path = annotation / "gold" / "bus" / "bus-fil.json"
    path.write_text(path.read_text("utf-8").replace('"label": "LOC"', '"label": "ORG"', 1), "utf-8")
    lock(annotation, again=True)
    check_lock(annotation)


@pytest.mark.parametrize("content", ["", "abc  0.1.0\n", f"{'0' * 64}  0.1.0\n{'1' * 64}  0.1.0\n"])
def test_a_damaged_lock(annotation: Path, content: str) -> None:
    (annotation / LOCK).write_text(content, "utf-8")
    with pytest.raises(InputError, match=r"bad-lock|version-not-locked"):
        check_lock(annotation)


def test_a_release_holds_the_labels_of_its_version(annotation: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    release(corpus(), tmp_path / "data", "0.1.0", annotation=annotation)
    again = tmp_path / "again"
    release(read_release(tmp_path / "data"), again, "0.1.0", annotation=annotation)
    with pytest.raises(InputError, match="labels-changed"):
        release(changed(edit(0, label="ORG")), tmp_path / "other", "0.1.0", annotation=annotation)
    with pytest.raises(InputError, match="version-not-locked"):
        release(corpus(), tmp_path / "other", "0.2.0", annotation=annotation)
    assert not (tmp_path / "other").exists()


# ---- diff ------------------------------------------------------------------------------------------------------------


def two(tmp_path: Path, after: Corpus) -> tuple[Path, Path]:
    for name, of in (("old", corpus()), ("new", after)):
        write_corpus(of, tmp_path / name)
    return tmp_path / "old", tmp_path / "new"


CHANGES = [
    (edit(0, label="ORG"), [("label", "changed", "label", "LOC", "ORG")]),
    (edit(2, quantity=Quantity("cardinal", Fraction(241))), [("value", "changed", "value", "240", "241")]),
    (edit(3, quantity=Quantity("money", Fraction(1_500_000_000), None, "PHP")), [("value", "changed", "modifier", "more_than", "nothing")]),
    (edit(1, fact_id="abad"), [("link", "changed", "fact_id", "lumen", "abad")]),
    (edit(1, fact_id=None), [("link", "changed", "fact_id", "lumen", "nothing")]),
    (edit(1, ambiguous=True), [("label", "changed", "ambiguous", "nothing", "True")]),
    (lambda ms: ms[1:], [("label", "removed", "", "LOC [cebu]", "")]),
    (edit(1, start=48, surface="Works"), [("label", "changed", "span", "42:53", "48:53 'Works'")]),
    (lambda ms: [dataclasses.replace(m, id=f"x{m.id}", reviewed=True) for m in ms[::-1]], []),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_what_changed_in_a_document(tmp_path: Path, change, expected: list) -> None:
    found = diff(*two(tmp_path, changed(change)))
    assert [(c.what, c.how, c.field, c.before, c.after) for c in found.changes] == expected
    assert {(c.article_id, c.doc_id) for c in found.changes} <= {("bus", "bus-fil")}


def test_there_and_back_differ_the_other_way(tmp_path: Path) -> None:
    old, new = two(tmp_path, changed(lambda ms: ms[1:]))
    (there,), (back,) = diff(old, new).changes, diff(new, old).changes
    assert (there.how, back.how, there.item) == ("removed", "added", back.item)
    assert diff(old, old).changes == ()


def test_facts_beads_articles_and_texts(tmp_path: Path) -> None:
    boats, bus = corpus().articles
    facts = {name: f for name, f in bus.facts.items() if name != "price"} | {"cebu": dataclasses.replace(bus.facts["cebu"], qid="Q1467")}  # fmt: skip
    documents = tuple(
        dataclasses.replace(d, mentions=tuple(m for m in d.mentions if m.fact_id != "price")) for d in bus.documents
    )  # fmt: skip
    beads = (*bus.beads[:3], Bead("b9", bus.beads[3].spans))
    pl = boats.documents[0]
    text = pl.text.replace("wczoraj", "dzisiaj")
    last = dataclasses.replace(pl.mentions[-1], surface="dzisiaj")
    moved = dataclasses.replace(pl, text=text, mentions=(*pl.mentions[:-1], last))
    after = Corpus(
        (
            dataclasses.replace(boats, documents=(moved,)),
            Article("bus", documents, beads[:2], facts),
            Article("cars", (dataclasses.replace(pl, source=dataclasses.replace(pl.source, doc_id="cars-pl", file="c.txt", article="cars")),), (), boats.facts),
        )
    )  # fmt: skip
    found = diff(*two(tmp_path, after))
    assert found.counts() == {"bead removed": 2, "label removed": 2, "article added": 1, "fact changed": 1, "fact removed": 1, "text changed": 1}  # fmt: skip
    said = "\n".join(map(str, found.changes))
    assert "bus: fact changed cebu qid: nothing -> Q1467" in said
    assert "cars: article added: cars-pl" in said
    assert json.loads(json.dumps(found.to_json()))["counts"] == found.counts()


def test_every_form_of_the_data_can_be_compared(tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    after = changed(edit(2, quantity=Quantity("cardinal", Fraction(241))))
    old, new = two(tmp_path, after)
    for article in after.articles:
        write_article(article, tmp_path / "gold")
    for name, of, standoff in (("r1", corpus(), False), ("r2", after, False), ("s2", after, True)):
        release(of, tmp_path / name, "0.1.0", annotation=tmp_path / "none", standoff=standoff)
    wanted = [(c.what, c.field, c.before, c.after) for c in diff(old, new).changes]
    assert wanted == [("value", "value", "240", "241")]
    for name in ("r2", "s2", "gold"):
        found = diff(tmp_path / "r1", tmp_path / name)
        assert [(c.what, c.field, c.before, c.after) for c in found.changes] == wanted, name
    shutil.rmtree(tmp_path / "gold")
    with pytest.raises(InputError, match="not-a-corpus"):
        diff(tmp_path / "r1", tmp_path / "gold")


# ---- the data that this project released -----------------------------------------------------------------------------


@pytest.mark.skipif(
    not (ROOT / "data" / "VERSION").is_file(), reason="no release in data/: `make release` writes it"
)
def test_the_released_data_is_sound_and_holds_the_gold_of_its_version() -> None:
    assert validate(ROOT / "data") == []
    version = (ROOT / "data" / "VERSION").read_text("utf-8").strip()
    if version == (ROOT / "annotation" / "VERSION").read_text("utf-8").strip():
        assert diff(ROOT / "data", ROOT / "annotation" / "gold").changes == ()
    for name in table_files(ROOT / "data"):
        assert load(name, path=ROOT / "data").num_rows > 0
