"""The sub-commands around the release, one after another on one corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from release_corpus import corpus

from hexapla.cli import main
from hexapla.store import write_article, write_corpus

pytest.importorskip("datasets", reason="the extra [datasets] is not installed")


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(w) for w in words])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout: annotation, build, data, standoff, and the texts as received."""
    folder = tmp_path_factory.mktemp("checkout")
    write_corpus(corpus(), folder / "build")
    for article in corpus().articles:
        write_article(article, folder / "annotation" / "gold")
    (folder / "annotation" / "VERSION").write_text("0.1.0\n", "utf-8")
    (folder / "annotation" / "CHANGELOG.md").write_text("## 0.1.0\n\nNew.\n", "utf-8")
    (folder / "texts").mkdir()
    for document in corpus().documents:
        (folder / "texts" / document.source.file).write_bytes(document.text.encode())
    options = ("--annotation", folder / "annotation")
    assert "0.1.0" in run("gold", "lock", *options).output
    assert "articles: 3 rows" in run("release", folder / "build", "-o", folder / "data", *options).output
    run("release", folder / "build", "-o", folder / "standoff", "--standoff", *options)
    return folder


def test_both_are_sound(place: Path) -> None:
    for name in ("data", "standoff"):
        assert "no faults" in run("validate", place / name).output


def test_gold_is_validated_with_texts_from_anywhere(place: Path, tmp_path: Path) -> None:
    (place / "build" / "texts").rename(tmp_path / "texts")
    try:
        run("validate", place / "annotation" / "gold", code=3)
        assert (
            "no faults"
            in run("validate", place / "annotation" / "gold", "--texts", tmp_path / "texts").output
        )
    finally:
        (tmp_path / "texts").rename(place / "build" / "texts")


def test_rehydrate_names_what_differs(place: Path, tmp_path: Path) -> None:
    """That it succeeds with the right texts is in `test_standoff`."""
    (place / "texts" / "bus-fil.txt").rename(tmp_path / "kept.txt")
    said = run("rehydrate", place / "standoff", place / "texts", "-o", tmp_path / "no", code=3).output
    (tmp_path / "kept.txt").rename(place / "texts" / "bus-fil.txt")
    assert "text-missing" in said
    assert "bus-fil.txt" in said
    assert not (tmp_path / "no").exists()


def test_diff(place: Path, tmp_path: Path) -> None:
    assert run("diff", place / "data", place / "standoff").output == "0.1.0 -> 0.1.0: no change\n"
    file = tmp_path / "gold" / "bus" / "bus-fil.json"
    for article in corpus().articles:
        write_article(article, tmp_path / "gold")
    file.write_text(file.read_text("utf-8").replace('"value": "240"', '"value": "241"'), "utf-8")
    assert (
        "bus/bus-fil: value changed m3 57:60 '240' value: 240 -> 241"
        in run("diff", place / "data", tmp_path / "gold").output
    )
    told = json.loads(run("diff", place / "data", tmp_path / "gold", "--json").output)
    assert told["counts"] == {"value changed": 1}
    assert told["changes"][0]["after"] == "241"
    run("diff", place / "data", tmp_path / "nothing", code=3)


def test_a_push_is_a_dry_run(place: Path) -> None:
    said = run("hub", "push", "lab/bus", place / "data", "--annotation", place / "annotation").output
    assert "would go to the repository lab/bus as v0.1.0" in said
    assert "Without the texts of 2 documents" in said
    told = json.loads(
        run(
            "hub",
            "push",
            "lab/bus",
            place / "data",
            "--texts",
            "--annotation",
            place / "annotation",
            "--json",
        ).output
    )
    assert (told["private"], told["done"], told["withheld"]) == (True, False, [])


def test_export_and_import(place: Path, tmp_path: Path) -> None:
    run("export", place / "data", "--format", "iob2", "-o", tmp_path / "iob2")
    said = run("import", tmp_path / "iob2" / "fil.iob2", "--lang", "tl", "-o", tmp_path / "corpus").output
    assert "1 documents, 4 sentences, 3 mentions" in said
    told = json.loads(
        run("import", tmp_path / "iob2" / "pl.iob2", "--lang", "pl", "-o", tmp_path / "pl", "--json").output
    )
    assert told == {"documents": 1, "sentences": 2, "mentions": 2, "left_out": {}}
    assert "no faults" in run("validate", tmp_path / "corpus").output


def test_what_is_no_corpus_is_named(tmp_path: Path) -> None:
    assert (
        "no-corpus" in run("release", tmp_path, "-o", tmp_path / "data", "--version", "0.1.0", code=3).output
    )
