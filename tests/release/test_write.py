"""The dataset repository, loaded with the real `datasets` library in an interpreter of its own, without a network."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from release_corpus import FIL, corpus, document, facts

from hexapla.corpus import Article, Bead, Corpus, Mention
from hexapla.errors import InputError
from hexapla.release import columns, release, tables
from hexapla.release.folder import CHECKSUMS, checksums, read_checksums
from hexapla.release.loading import load, table_files, table_rows
from hexapla.release.tables import TableWriter
from hexapla.validate import validate

pytest.importorskip("datasets", reason="the extra [datasets] is not installed")

CONFIGS = ("articles", "beads", "ar", "fil", "pl", "ar-fil")
NONE = Path("no-such-folder")

# runs elsewhere: any socket is an error, and the hub is set to offline before the first import
CLIENT = """
import json, socket, sys
def refuse(*args): raise RuntimeError("a socket was opened")
socket.socket.connect = refuse
sys.path[:0] = json.loads(sys.argv[2])
from datasets import load_dataset, get_dataset_config_names, get_dataset_default_config_name
folder = sys.argv[1]
told = {"names": sorted(get_dataset_config_names(folder)), "default": get_dataset_default_config_name(folder), "configs": {}}
for name in told["names"]:
    data = load_dataset(folder, name, split="test")
    streamed = list(load_dataset(folder, name, split="test", streaming=True))
    assert streamed == list(data), name
    told["configs"][name] = {"features": data.features.to_dict(), "yaml": data.features._to_yaml_list(), "rows": list(data)}
told["splits"] = list(load_dataset(folder, "articles"))
tags = load_dataset(folder, "fil", split="test").features["entity_tags"].feature
told["tag"] = tags.int2str(1)
from release_corpus import corpus
from hexapla.release import release
release(corpus(), sys.argv[3], "0.1.0", annotation="no-such-folder")
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "data"
    release(corpus(), out, "0.1.0", annotation=NONE)
    return out


@pytest.fixture(scope="module")
def told(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the `datasets` library sees, and a second release made by that interpreter in `again`."""
    home = tmp_path_factory.mktemp("client")
    paths = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    environ = os.environ | {
        "HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1", "PYTHONHASHSEED": "7",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, str(data), json.dumps(paths), str(home / "again")],
        env=environ, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1]) | {"again": home / "again"}


# ---- the real library ------------------------------------------------------------------------------------------------


def test_every_configuration_loads_offline_and_articles_is_the_default(told: dict) -> None:
    assert told["names"] == sorted(CONFIGS)
    assert told["default"] == "articles"
    assert told["splits"] == ["test"]
    assert told["tag"] == "B-PER"


@pytest.mark.parametrize("name", CONFIGS)
def test_features_are_those_declared(told: dict, name: str) -> None:
    table = columns.configs(["ar", "fil", "pl"], [("ar", "fil")])[name]
    assert told["configs"][name]["features"] == columns.features(table)
    assert told["configs"][name]["yaml"] == columns.yaml_list(table)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_library_reads_what_was_written(told: dict, data: Path, name: str) -> None:
    assert told["configs"][name]["rows"] == [row for _, row in table_rows(table_files(data)[name])]


def test_the_same_corpus_gives_the_same_bytes_in_another_process(told: dict, data: Path) -> None:
    def content(folder: Path) -> dict[str, bytes]:
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert content(told["again"]) == content(data)


# ---- rows ------------------------------------------------------------------------------------------------------------


def test_a_sentence_row(data: Path) -> None:
    row = load("fil", path=data).to_pylist()[1]
    assert row["text"] == "Bumili ang Lumen Works ng 240 bus."
    assert row["tokens"] == ["Bumili", "ang", "Lumen", "Works", "ng", "240", "bus", "."]
    assert row["entity_tags"] == ["O", "O", "B-ORG", "I-ORG", "O", "O", "O", "O"]
    assert row["number_tags"] == ["O", "O", "O", "O", "O", "B-CARDINAL", "O", "O"]
    assert (row["doc_id"], row["sentence"], row["bead_id"]) == ("bus-fil", 1, "b2")
    (company,), (count,) = row["entities"], row["quantities"]
    assert (company["surface"], company["label"], company["fact_id"]) == ("Lumen Works", "ORG", "lumen")
    assert (count["start"], count["end"], count["value"], count["unit"]) == (26, 29, "240", None)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, [("₱1.5 bilyon", "MONEY", "1500000000", None, "PHP", "more_than")]),
        (2, [("Enero 2031", "DATE", "2031-01", None, None, None), ("10-12 buwan", "MEASURE", "10", "12", "month", None)]),
    ],
)  # fmt: skip
def test_quantities_have_value_range_unit_and_modifier(data: Path, number: int, expected: list) -> None:
    row = load("ar-fil", path=data).to_pylist()[number]
    names = ("surface", "label", "value", "value_high", "unit", "modifier")
    found = [tuple(m[n] for n in names) for m in row["fil_mentions"]]
    assert [m for m in found if m[2] and m[1] != "CARDINAL"] == expected


def test_a_pair_joins_sentences_and_shares_facts(data: Path) -> None:
    row = load("ar-fil", path=data).to_pylist()[1]
    assert row["fil"].count("\n") == 0
    assert row["fil"].startswith("Bumili ang Lumen Works ng 240 bus. Higit sa ₱1.5 bilyon")
    assert row["shared_facts"] == ["buses", "lumen", "price"]


@pytest.mark.parametrize("name", CONFIGS)
def test_spans_are_code_points_of_the_row_s_own_text(data: Path, name: str) -> None:
    checked = 0
    for row in load(name, path=data).to_pylist():
        for column, text in (("mentions", "text"), ("entities", "text"), ("quantities", "text"), ("ar_mentions", "ar"), ("fil_mentions", "fil")):  # fmt: skip
            for m in row.get(column, ()):
                assert row[text][m["start"] : m["end"]] == m["surface"]
                checked += 1
        for span, token in zip(row.get("token_spans", ()), row.get("tokens", ()), strict=True):
            assert row["text"][span["start"] : span["end"]] == token
            checked += 1
    assert checked or name == "beads"


def test_beads_have_a_column_per_language_and_null_where_none(data: Path) -> None:
    rows = load("beads", path=data).to_pylist()
    assert [r["bead_id"] for r in rows] == ["b1", "b2", "b3", "b4"]
    assert rows[3]["fil"] is None
    assert rows[3]["fil_spans"] == []
    assert rows[3]["ar"] == "والمدينة جاهزة."
    assert {r["pl"] for r in rows} == {None}  # the Polish article stands alone
    article = corpus().article("bus").document("fil").text
    assert [article[s["start"] : s["end"]] for s in rows[1]["fil_spans"]] == FILS[1:3]


FILS = [line for line in document("x", "fil", FIL).text.split("\n") if line]


def test_all_languages_of_an_article_are_in_one_split(data: Path) -> None:
    held: dict[str, set[str]] = {}
    for file in data.glob("*/*.parquet"):
        for _, row in table_rows([file]):
            held.setdefault(row["article_id"], set()).add(file.name.split("-")[0])
    assert held == {"bus": {"test"}, "boats": {"test"}}


# ---- what is refused -------------------------------------------------------------------------------------------------


def moved(mention: Mention, start: int, end: int) -> Mention:
    text = corpus().article("boats").documents[0].text
    return dataclasses.replace(mention, start=start, end=end, surface=text[start:end])


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(0, 8, "mention-splits-token"), (1, 9, "mention-splits-token"), (5, 19, "mention-overlap"), (29, 55, "mention-outside-sentence")],
)  # fmt: skip
def test_a_mention_that_no_row_can_hold_is_named_and_nothing_is_written(
    tmp_path: Path, start: int, end: int, code: str
) -> None:
    article = corpus().article("boats")
    name, *others = article.documents[0].mentions
    extra = dataclasses.replace(moved(name, start, end), id="extra")
    if code == "mention-overlap":
        mentions = (name, extra, *others)
    else:
        mentions = (extra, *others)
    documents = (dataclasses.replace(article.documents[0], mentions=mentions),)
    with pytest.raises(InputError) as caught:
        release(
            Corpus((dataclasses.replace(article, documents=documents),)),
            tmp_path / "data",
            "0.1.0",
            annotation=NONE,
        )
    assert [(f.code, f.where) for f in caught.value.faults] == [(code, "boats/boats-pl.json (mention extra)")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b: [*b, Bead("b5", {"fil": b[0].spans["fil"]})], "bead-overlap"),
        (lambda b: [*b[:3], Bead("b4", {"ar": ((0, 5),)})], "bead-not-sentence"),
    ],
)
def test_beads_that_are_no_whole_sentences_are_refused(tmp_path: Path, change, code: str) -> None:
    article = corpus().article("bus")
    broken = dataclasses.replace(article, beads=tuple(change(list(article.beads))))
    with pytest.raises(InputError) as caught:
        release(Corpus((broken,)), tmp_path / "data", "0.1.0", annotation=NONE)
    assert [f.code for f in caught.value.faults] == [code]


@pytest.mark.parametrize("version", ["1", "v0.1.0", "0.1", "0.1.0-beta", ""])
def test_a_version_has_three_numbers(tmp_path: Path, version: str) -> None:
    with pytest.raises(InputError, match="bad-version"):
        release(corpus(), tmp_path / "data", version, annotation=NONE)


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty-corpus"):
        release(Corpus(()), tmp_path / "data", "0.1.0", annotation=NONE)


def test_articles_pass_through_the_progress_bar(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    def track(items, label: str):
        for item in items:
            seen.append((label, item.article_id))
            yield item

    release(corpus(), tmp_path / "data", "0.1.0", annotation=NONE, track=track)
    assert seen == [("release", "boats"), ("release", "bus")]


def test_a_folder_that_is_no_release_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear", "utf-8")
    with pytest.raises(InputError, match="not-a-release"):
        release(corpus(), tmp_path, "0.1.0", annotation=NONE)
    assert [p.name for p in tmp_path.iterdir()] == ["letters.txt"]


def test_a_kept_changelog_needs_an_entry_for_the_version(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 0.1.0\n\nFirst.\n", "utf-8")
    release(corpus(), tmp_path / "data", "0.1.0", annotation=tmp_path)
    assert (tmp_path / "data" / "CHANGELOG.md").read_text("utf-8").endswith("First.\n")
    with pytest.raises(InputError, match="no-change-entry"):
        release(corpus(), tmp_path / "data", "0.1.1", annotation=tmp_path)
    assert (tmp_path / "data" / "VERSION").read_text("utf-8") == "0.1.0\n"


# ---- files -----------------------------------------------------------------------------------------------------------


def test_a_new_release_replaces_the_old_one_and_keeps_what_is_not_its_own(tmp_path: Path) -> None:
    out = tmp_path / "data"
    release(corpus(), out, "0.1.0", annotation=NONE)
    (out / ".gitattributes").write_text("*.parquet filter=lfs\n", "utf-8")
    release(Corpus((corpus().article("boats"),)), out, "0.2.0", annotation=NONE)
    assert sorted(p.name for p in out.iterdir()) == sorted(
        [
            ".gitattributes",
            "CHANGELOG.md",
            "README.md",
            "VERSION",
            "articles",
            "beads",
            "croissant.json",
            CHECKSUMS,
            "pictures",
            "pl",
        ]
    )
    assert (out / "VERSION").read_text("utf-8") == "0.2.0\n"


def test_checksums_are_those_of_sha256sum(data: Path) -> None:
    listed = read_checksums(data / CHECKSUMS)
    files = {p.relative_to(data).as_posix() for p in data.rglob("*") if p.is_file()}
    assert set(listed) == files - {CHECKSUMS}
    done = subprocess.run(["sha256sum", "--check", "--strict", CHECKSUMS], cwd=data, capture_output=True)
    assert done.returncode == 0


@pytest.mark.parametrize(
    "line", ["abc  README.md", f"{'0' * 64}  ../outside", f"{'0' * 64}  /etc/passwd", f"{'0' * 64} README.md"]
)
def test_a_list_of_checksums_never_leads_outside(tmp_path: Path, line: str) -> None:
    (tmp_path / CHECKSUMS).write_text(f"{'0' * 64}  VERSION\n{line}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_checksums(tmp_path / CHECKSUMS)
    assert caught.value.faults[0].where.endswith(":2")


def test_rows_go_into_groups_and_shards_of_bounded_size(tmp_path: Path) -> None:
    rows = [{"article_id": "a", "bead_id": f"b{n}", "fil": "x" * 50, "fil_spans": []} for n in range(25)]
    writer = TableWriter(tmp_path, "beads", columns.beads(["fil"]), row_group=4, shard_bytes=600)
    for row in rows:
        writer.add(row)
    table = writer.close()
    assert len(table.files) > 2
    assert table.rows == 25
    assert table.bytes_on_disk == sum((tmp_path / f).stat().st_size for f in table.files)
    assert [row for _, row in table_rows(table_files(tmp_path)["beads"])] == rows
    assert load("beads", path=tmp_path).num_rows == 25


def test_a_shard_has_so_many_row_groups_at_most(tmp_path: Path) -> None:
    rows = [{"article_id": "a", "bead_id": f"b{n}", "fil": "x", "fil_spans": []} for n in range(10)]
    writer = TableWriter(tmp_path, "beads", columns.beads(["fil"]), row_group=2, shard_groups=2)
    for row in rows:
        writer.add(row)
    assert writer.close().files == [f"beads/test-0000{n}.parquet" for n in range(3)]
    assert [row for _, row in table_rows(table_files(tmp_path)["beads"])] == rows


def test_a_release_in_many_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROW_GROUP", 1)
    monkeypatch.setattr(tables, "ARTICLE_GROUP", 1)
    monkeypatch.setattr(tables, "TableWriter", partial(TableWriter, shard_groups=2))
    for standoff in (False, True):
        release(corpus(), tmp_path / "data", "0.1.0", annotation=NONE, standoff=standoff)
        assert [f.name for f in table_files(tmp_path / "data")["articles"]] == ["test-00000.parquet", "test-00001.parquet"]  # fmt: skip
        assert validate(tmp_path / "data") == []
        assert load("fil", path=tmp_path / "data").num_rows == 4
    described = json.loads((tmp_path / "data" / "croissant.json").read_text("utf-8"))
    assert [r["@id"] for r in described["recordSet"]][:2] == ["articles/test-00000", "articles/test-00001"]
    ids = [field["@id"] for r in described["recordSet"] for field in r["field"]]
    assert len(set(ids)) == len(ids)


def test_an_article_of_five_languages_has_all_ten_pairs(tmp_path: Path) -> None:
    versions = [document(f"d-{c}", c, "[Ada Sy|PER|ada] 7.") for c in ("ar", "en", "fil", "no", "zh-Hant")]
    bead = Bead("b1", {d.lang: d.sentences for d in versions})
    tables = release(
        Corpus((Article("five", tuple(versions), (bead,), facts(*versions)),)), tmp_path / "data", "0.1.0", annotation=NONE
    )  # fmt: skip
    assert sum("-" in name.replace("zh-Hant", "zh") for name in tables) == 10
    assert {t.rows for t in tables.values()} == {1, 5}
    card = (tmp_path / "data" / "README.md").read_text("utf-8")
    assert "config_name: 'no'" in card  # bare, YAML reads it as false
    assert checksums(tmp_path / "data") == (tmp_path / "data" / CHECKSUMS).read_text("utf-8")
