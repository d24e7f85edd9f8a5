"""Splits: by article, and nothing of one in another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from release_corpus import document, facts

from hexapla.corpus import Article, Corpus
from hexapla.errors import InputError
from hexapla.release import load, read_release, release
from hexapla.release.leakage import Sentence, near_duplicates, shingles
from hexapla.validate import validate

SPLITS = 'train = ["a1", "a2"]\nvalidation = ["a3"]\ntest = ["a4"]\n'
TEXTS = {
    "a1": "[Rosa Abad|PER|r] opened the new harbour of the town on a windy morning.\nNobody came.",
    "a2": "The library lends kites and drums to everyone who brings a book back in time.",
    "a3": "Two ferries cross the strait at night, and a third one waits for the festival.",
    "a4": "A baker from the old quarter sells bread with sesame and dried figs on Fridays.\nNobody came.",
}


def corpus(**other: str) -> Corpus:
    articles = []
    for name, text in (TEXTS | other).items():
        d = document(f"{name}-en", "en", text, article=name)
        articles.append(Article(name, (d,), (), facts(d)))
    return Corpus(tuple(articles))


def pairs(*listed: tuple[str, str]) -> list[tuple[str, str]]:
    found = near_duplicates(Sentence(f"{split} {n}", split, text) for n, (split, text) in enumerate(listed))
    return [(a.where, b.where) for a, b, _ in found]


LONG = "The library lends kites and drums to everyone who brings a book back in time."


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (LONG, True),
        (LONG.upper().replace(".", "!"), True),
        (LONG.replace("time", "1999"), True),
        (LONG.replace("kites", "skates"), True),
        (f"“{LONG}”", True),
        ("A baker from the old quarter sells bread with sesame and dried figs on Fridays.", False),
        ("The library lends nothing to anyone who has not brought a book back, they say, in years.", False),
    ],
)
def test_near_duplicates(other: str, alike: bool) -> None:
    assert pairs(("train", LONG), ("test", other)) == ([("train 0", "test 1")] if alike else [])
    assert pairs(("train", LONG), ("train", other)) == []


def test_formulas_are_not_compared() -> None:
    assert pairs(("train", "He did not answer."), ("test", "He did not answer.")) == []
    assert shingles("图书馆把风筝和鼓借给每一个按时还书的人，包括所有住在老城区的孩子和老人。")


@given(st.lists(st.sampled_from("abcdefgh "), min_size=40, max_size=120), st.integers(0, 39))
def test_a_copy_with_one_letter_changed_is_alike_or_too_short(letters: list[str], place: int) -> None:
    text = "".join(letters)
    a, b = shingles(text), shingles(text[:place] + "z" + text[place + 1 :])
    found = pairs(("train", text), ("test", text))
    assert found == ([("train 0", "test 1")] if a else [])
    if a and b and len(a & b) / len(a | b) < 0.8:
        assert pairs(("train", text), ("test", text[:place] + "z" + text[place + 1 :])) == []


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    folder = tmp_path_factory.mktemp("splits")
    (folder / "splits.toml").write_text(SPLITS, "utf-8")
    release(corpus(), folder / "data", "0.1.0", annotation=folder)
    return folder / "data"


def test_a_release_in_splits(data: Path) -> None:
    assert validate(data) == []
    assert {split: load("articles", split, data)["article_id"].to_pylist() for split in ("train", "validation", "test")} == {
        "train": ["a1", "a2"], "validation": ["a3"], "test": ["a4"],
    }  # fmt: skip
    assert read_release(data) == corpus()
    code = "import json,sys\nfrom datasets import load_dataset\nd = load_dataset(sys.argv[1], 'en')\nprint(json.dumps({k: v.num_rows for k, v in d.items()}))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)],
        capture_output=True,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(data.parent / "home")},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"train": 3, "validation": 1, "test": 2}, done.stderr


def test_a_sentence_in_two_splits_is_refused_and_named(tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    (tmp_path / "splits.toml").write_text(SPLITS, "utf-8")
    leaky = corpus(a4=TEXTS["a2"].replace("kites", "skates"))
    with pytest.raises(InputError) as caught:
        release(leaky, tmp_path / "data", "0.1.0", annotation=tmp_path)
    (fault,) = caught.value.faults
    assert fault.code == "sentence-leaks"
    assert "train-00000.parquet (row 2)" in fault.found
    assert not (tmp_path / "data").exists()


def test_an_article_in_two_splits_is_found(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    for name in ("articles", "beads", "en"):
        shutil.copy(
            tmp_path / "data" / name / "train-00000.parquet",
            tmp_path / "data" / name / "validation-00000.parquet",
        )
    codes = [f.code for f in validate(tmp_path / "data")]
    assert codes.count("article-leaks") == 2
    assert "sentence-leaks" in codes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('train = ["a1"]\ntest = ["a2", "a3"]', "no-split"),
        (SPLITS + 'dev = ["a1"]', "bad-splits"),
        (SPLITS.replace('"a3"', '"a3", "a1"'), "two-splits"),
        ("train = 3", "bad-splits"),
        ("train = [", "bad-splits"),
    ],
)
def test_splits_that_are_none(tmp_path: Path, content: str, code: str) -> None:
    pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    (tmp_path / "splits.toml").write_text(content, "utf-8")
    with pytest.raises(InputError, match=code):
        release(corpus(), tmp_path / "data", "0.1.0", annotation=tmp_path)
