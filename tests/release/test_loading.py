"""Reading a release with pyarrow alone, and getting the corpus back."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from release_corpus import corpus, document, facts

import hexapla
from hexapla.corpus import Article, Bead, Corpus
from hexapla.errors import InputError
from hexapla.release import load, read_release, release

pytest.importorskip("datasets", reason="the extra [datasets] is not installed: no release to read")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "data"
    release(corpus(), out, "0.1.0", annotation=out / "none")
    return out


def test_the_corpus_comes_back_equal(data: Path) -> None:
    assert read_release(data) == corpus()


def test_beads_of_a_single_document_are_not_released(data: Path, tmp_path: Path) -> None:
    article = corpus().article("boats")
    span = article.documents[0].sentences[0]
    beaded = dataclasses.replace(article, beads=(Bead("b1", {"pl": (span,)}),))
    release(Corpus((beaded,)), tmp_path / "data", "0.1.0", annotation=tmp_path / "none")
    assert read_release(tmp_path / "data") == Corpus((article,))
    assert load("pl", path=tmp_path / "data")["bead_id"].null_count == 2


def test_load_is_public_and_gives_names_for_labels(data: Path) -> None:
    table = hexapla.load(path=data)
    assert hexapla.load("pl", path=data).num_rows == 2  # a second call finds the function, too
    assert table["lang"].to_pylist() == ["pl", "ar", "fil"]
    assert table["translation"].to_pylist() == ["unknown", "unknown", "machine"]
    assert [m["label"] for m in table["mentions"][0].as_py()] == ["PER", "CARDINAL", "LOC", "PERCENT", "DATE"]
    assert [b["kind"] for b in table["blocks"][2].as_py()] == ["title", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("config", "split"), [("de", "test"), ("../data/fil", "test"), ("fil", "train"), ("", "test")]
)
def test_what_is_not_there_is_named(data: Path, config: str, split: str) -> None:
    with pytest.raises(InputError, match="no-config"):
        load(config, split, data)


@pytest.mark.parametrize("name", ["articles", "beads"])
def test_without_its_tables_a_folder_is_no_release(data: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "test-00000.parquet").write_bytes((data / name / "test-00000.parquet").read_bytes())
    with pytest.raises(InputError, match="no-config"):
        read_release(tmp_path)


@pytest.mark.parametrize("size", [0, 3, 4000])
def test_a_damaged_file_is_named(data: Path, tmp_path: Path, size: int) -> None:
    file = tmp_path / "fil" / "test-00000.parquet"
    file.parent.mkdir()
    file.write_bytes((data / "fil" / "test-00000.parquet").read_bytes()[:size])
    with pytest.raises(InputError, match="bad-parquet") as caught:
        load("fil", path=tmp_path)
    assert caught.value.faults[0].where == str(file)


def test_reading_does_not_need_the_datasets_library(data: Path) -> None:
    code = (
        "import sys; sys.modules['datasets'] = None; import hexapla; from hexapla.validate import validate; "
        f"t = hexapla.load('fil', path={str(data)!r}); assert validate({str(data)!r}) == []; "
        "print(t.num_rows)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout == "4\n", done.stderr


WORDS = st.lists(
    st.sampled_from(["[Ny|LOC|ny]", "[7|CARDINAL|n|7]", "gik", "🚌", "ب", "."]), min_size=1, max_size=6
)


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_any_corpus_comes_back_equal(left: list[list[str]], right: list[list[str]]) -> None:
    """Rows of an article and back, without files: sentences, mentions, facts and beads."""
    from hexapla.release.rows import article_of, article_rows, bead_rows, rows

    da, no = (
        document(f"d-{c}", c, "\n".join(map(" ".join, text)), article="a")
        for c, text in (("da", left), ("no", right))
    )
    both = min(len(da.sentences), len(no.sentences))
    beads = [Bead(f"b{n}", {"da": (da.sentences[n],), "no": (no.sentences[n],)}) for n in range(both)]
    beads += [Bead(f"b{n}", {"da": (da.sentences[n],)}) for n in range(both, len(da.sentences))]
    article = Article("a", (da, no), tuple(beads), facts(da, no))
    assert article_of(list(article_rows(article)), list(bead_rows(article, ["da", "fi", "no"]))) == article
    for _, row in rows(article, ["da", "fi", "no"]):
        for name, found in row.items():
            if name in ("entities", "quantities", "mentions") or name.endswith("_mentions"):
                text = row[name.removesuffix("_mentions")] if name.endswith("_mentions") else row["text"]
                assert all(text[m["start"] : m["end"]] == m["surface"] for m in found)
