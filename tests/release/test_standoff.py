"""The stand-off release and the way back: the demo article, as if its texts were somebody else's."""

from __future__ import annotations

import dataclasses
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import hexapla
from hexapla.build import build
from hexapla.cli import main
from hexapla.corpus import Corpus
from hexapla.errors import HexaplaError, InputError
from hexapla.release import read_release, release
from hexapla.release.rehydrate import rehydrate
from hexapla.validate import validate

pytest.importorskip("datasets", reason="the extra [datasets] is not installed")

DEMO = Path(hexapla.__file__).parent / "demo"
OPEN = ("zh",)


def closed(corpus: Corpus) -> Corpus:
    """All versions but one are no longer open."""

    def without(document):
        source = dataclasses.replace(document.source, licence="CC-BY-4.0" if document.lang in OPEN else "", url=f"http://localhost:1/{document.source.file}")  # fmt: skip
        return dataclasses.replace(document, source=source)

    return Corpus(
        tuple(
            dataclasses.replace(a, documents=tuple(without(d) for d in a.documents)) for a in corpus.articles
        )
    )


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts") / "seeds"
    shutil.copytree(DEMO / "seeds", folder)
    return folder


@pytest.fixture(scope="module")
def corpus(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return closed(build(texts, tmp_path_factory.mktemp("build") / "out", gold=DEMO / "gold"))


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annotation")
    (folder / "card.toml").write_text('title = "Kite"\nreader = "person"\n', "utf-8")
    (folder / "agreement.json").write_text('{"en": {"all": {"span_f1": 0.5}}}', "utf-8")
    (folder / "CHANGELOG.md").write_text("# Changes\n\n## 1.2.3\n\nAll new.\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def full(corpus: Corpus, words: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("full") / "data"
    release(corpus, out, "1.2.3", annotation=words)
    return out


@pytest.fixture(scope="module")
def standoff(corpus: Corpus, words: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("standoff") / "data"
    release(corpus, out, "1.2.3", annotation=words, standoff=True)
    return out


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != "facts":  # names and values are annotation
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_both_are_sound(full: Path, standoff: Path) -> None:
    assert validate(full) == []
    assert validate(standoff) == []


def test_no_text_no_surface_no_token_of_a_closed_document_is_in_it(corpus: Corpus, standoff: Path) -> None:
    held = {s for file in standoff.rglob("*.parquet") for s in strings(pq.read_table(file).to_pylist())}
    shown = 0
    given = " ".join(d.text for d in corpus.documents if d.lang in OPEN)
    for document in corpus.documents:
        surfaces = {m.surface for m in document.mentions if m.surface not in given}
        sentences = {document.text[a:b] for a, b in document.sentences}
        if document.lang in OPEN:
            assert sentences <= held
            shown += 1
            continue
        assert not any(sentence in said for said in held for sentence in sentences)
        assert len(surfaces) > 10
        assert not any(any(c.isalpha() for c in surface) for surface in surfaces & held)
    assert shown == 1
    readme = (standoff / "README.md").read_text("utf-8")
    assert "**Without texts.** 5 of 6 documents" in readme
    everything = b"".join(c for n, c in content(standoff).items() if not n.endswith(".parquet")).decode()
    assert not any(d.text[a:b] in everything for d in corpus.documents if d.lang not in OPEN for a, b in d.sentences)  # fmt: skip


def test_labels_offsets_values_and_hashes_stay(full: Path, standoff: Path) -> None:
    def plain(folder: Path) -> list[dict]:
        rows = pq.read_table(folder / "articles" / "test-00000.parquet").to_pylist()
        return [
            row | {"text": None, "title": None, "mentions": [m | {"surface": None} for m in row["mentions"]]}
            for row in rows
        ]

    assert plain(standoff) == plain(full)
    tags = ["entity_tags", "number_tags", "token_spans", "start", "end", "bead_id"]
    file = Path("fil") / "test-00000.parquet"
    assert pq.read_table(standoff / file, columns=tags).equals(pq.read_table(full / file, columns=tags))


def test_without_texts_it_is_no_corpus(standoff: Path) -> None:
    with pytest.raises(InputError, match="no-texts"):
        read_release(standoff)


def test_rehydrated_it_is_the_full_release_byte_for_byte(standoff: Path, full: Path, texts: Path, tmp_path: Path) -> None:  # fmt: skip
    renamed = tmp_path / "texts" / "deep"
    renamed.mkdir(parents=True)
    for n, file in enumerate(sorted(texts.glob("*.txt"))):
        shutil.copy(file, renamed / f"{n}.txt")
    words = ("rehydrate", standoff, tmp_path / "texts", "-o", tmp_path / "data")
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert "6 documents, byte for byte" in result.output
    assert content(tmp_path / "data") == content(full)


def test_every_text_that_differs_or_is_missing_is_named(standoff: Path, texts: Path, tmp_path: Path) -> None:
    shutil.copytree(texts, tmp_path / "texts")
    changed, gone = tmp_path / "texts" / "fil.txt", tmp_path / "texts" / "pl.txt"
    changed.write_bytes(changed.read_bytes() + b" ")
    gone.unlink()
    with pytest.raises(InputError) as caught:
        rehydrate(standoff, tmp_path / "texts", tmp_path / "data")
    assert [(f.code, f.where) for f in caught.value.faults] == [
        ("text-differs", str(changed)),
        ("text-missing", str(gone)),
    ]
    assert not (tmp_path / "data").exists()


def test_a_full_release_needs_no_texts(full: Path, texts: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not-standoff"):
        rehydrate(full, texts, tmp_path / "data")


def test_texts_can_be_fetched_where_the_site_allows_it(corpus: Corpus, words: Path, full: Path, texts: Path, tmp_path: Path) -> None:  # fmt: skip
    site, mine = tmp_path / "site", tmp_path / "texts"
    shutil.copytree(texts, site)
    mine.mkdir()
    for lang in ("en", "ar", "fil"):
        (site / f"{lang}.txt").rename(mine / f"{lang}.txt")
    handler = partial(type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *args: None}), directory=str(site))  # fmt: skip
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://localhost:{server.server_port}"
        moved = Corpus(
            tuple(
                dataclasses.replace(
                    a,
                    documents=tuple(
                        dataclasses.replace(
                            d, source=dataclasses.replace(d.source, url=f"{address}/{d.source.file}")
                        )
                        for d in a.documents
                    ),
                )
                for a in corpus.articles
            )
        )
        release(moved, tmp_path / "standoff", "1.2.3", annotation=words, standoff=True)
        (site / "robots.txt").write_text("User-agent: *\nDisallow: /pl\n", "utf-8")
        with pytest.raises(HexaplaError) as caught:
            rehydrate(tmp_path / "standoff", mine, tmp_path / "data", fetch=True)
        assert [(f.code, f.where) for f in caught.value.faults] == [("not-allowed", f"{address}/pl.txt")]
        (site / "robots.txt").unlink()
        rehydrate(tmp_path / "standoff", mine, tmp_path / "data", fetch=True)
        assert read_release(tmp_path / "data") == read_release_of(moved, words, tmp_path)
        (site / "pl.txt").write_bytes(b"Something else.\n")
        with pytest.raises(InputError, match="text-differs"):
            rehydrate(tmp_path / "standoff", mine, tmp_path / "other", fetch=True)
    finally:
        server.shutdown()
        server.server_close()


def read_release_of(corpus: Corpus, words: Path, folder: Path) -> Corpus:
    release(corpus, folder / "again", "1.2.3", annotation=words)
    return read_release(folder / "again")


@pytest.mark.parametrize(
    ("table", "change", "code"),
    [
        ("articles", {"title": "A title"}, "text-not-open"),
        ("articles", {"characters": 3}, "offset-out-of-range"),
        ("articles", {"text_sha256": "0"}, "bad-hash"),
        ("articles", {"text_sha256": None}, "null"),
        ("fil", {"start": 1}, "rows-disagree"),
        ("fil", {"tokens": ["x"]}, "rows-disagree"),
        ("ar-fil", {"fil": "text"}, "rows-disagree"),
    ],
)
def test_a_fault_in_a_release_without_texts(standoff: Path, tmp_path: Path, table: str, change: dict, code: str) -> None:  # fmt: skip
    import pyarrow as pa

    shutil.copytree(standoff, tmp_path / "data")
    file = tmp_path / "data" / table / "test-00000.parquet"
    read = pq.read_table(file)
    rows = read.to_pylist()
    rows[0] |= change
    pq.write_table(pa.Table.from_pylist(rows, read.schema), file)
    assert code in {f.code for f in validate(tmp_path / "data")}
