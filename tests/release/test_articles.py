"""Articles read as they are written: the same as the corpus in memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from release_corpus import corpus, document, facts

from hexapla.corpus import Article, Corpus
from hexapla.errors import InputError
from hexapla.manifest import read_manifest
from hexapla.release import Stored, release
from hexapla.release.articles import Held, manifest
from hexapla.store import write_corpus


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write_corpus(corpus(), tmp_path / "build")
    return tmp_path / "build"


def test_the_same_articles(built: Path) -> None:
    stored, held = Stored(built), Held(corpus())
    assert list(stored) == list(held) == list(corpus().articles)
    assert list(stored) == list(stored)  # more than once
    assert stored.langs == held.langs == {"boats": ("pl",), "bus": ("ar", "fil")}
    assert len(stored) == len(held) == 2


def test_the_same_release(built: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    for name, articles in (("a", corpus()), ("b", Stored(built))):
        release(articles, tmp_path / name, "0.1.0", annotation=tmp_path / "none")
    assert (tmp_path / "a" / "manifest.sha256").read_bytes() == (
        tmp_path / "b" / "manifest.sha256"
    ).read_bytes()


def test_a_fault_in_a_file_is_named(built: Path) -> None:
    (built / "annotations" / "bus" / "facts.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match="bad-json"):
        list(Stored(built))


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-corpus"):
        Stored(tmp_path)


ENTRY = '[[document]]\nid = "d{n}"\nfile = "d{n}.txt"\nlang = "fil"\nrights = "who \U0001f68c"\n\n'


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "x = 1\n",
        '[[document]]\nid = "d1"\nfile = "x.txt"\nlang = "ar"\n',
        '[[document]]\nid = "z"\nfile = "z.txt"\nlang = "ar"\nurl = "a\\\\"b"\n',
    ],
)
def test_a_large_manifest_is_read_in_pieces_as_it_is_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text("# head\n\n" + "".join(ENTRY.format(n=n) for n in range(3)) + odd, "utf-8")

    def told(read) -> object:
        try:
            return list(read(path))
        except InputError as error:
            return error.faults[0].code

    whole = told(read_manifest)
    monkeypatch.setattr("hexapla.release.articles.WHOLE", 0)
    assert told(manifest) == whole


def test_memory_does_not_grow_with_the_articles(tmp_path: Path) -> None:
    """What is held beside the manifest is one article: ten times as many take about the same."""

    def peak(number: int) -> int:
        articles = []
        for n in range(number):
            d = document(
                f"d{n:04}", "en", "[Rosa Abad|PER|r] paid [7|CARDINAL|s|7] coins.\n" * 40, article=f"a{n:04}"
            )
            articles.append(Article(f"a{n:04}", (d,), (), facts(d)))
        folder = tmp_path / str(number)
        write_corpus(Corpus(tuple(articles)), folder)
        del articles
        tracemalloc.start()
        for _ in Stored(folder):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(30) < 2 * peak(3)
