"""Faults put into copies of a release, of a built corpus and of gold: each must be named, with its place."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from release_corpus import corpus

from hexapla.errors import InputError
from hexapla.release import release
from hexapla.release.folder import CHECKSUMS, checksums
from hexapla.store import write_article, write_corpus
from hexapla.validate import validate

pytest.importorskip("datasets", reason="the extra [datasets] is not installed: no release to validate")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`data/` (release), `build/` (built corpus) and `gold/` without faults."""
    folder = tmp_path_factory.mktemp("sound")
    release(corpus(), folder / "data", "0.1.0", annotation=folder / "none")
    write_corpus(corpus(), folder / "build")
    for article in corpus().articles:
        write_article(article, folder / "gold")
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def found(folder: Path) -> list[tuple[str, str]]:
    """(code, place within the folder) of each fault."""
    faults = validate(folder, texts=folder.parent / "build" / "texts" if folder.name == "gold" else None)
    return [(f.code, f.where.removeprefix(f"{folder}/")) for f in faults]


@pytest.mark.parametrize("name", ["data", "build", "gold"])
def test_what_is_sound_has_no_faults(sound: Path, name: str) -> None:
    assert found(sound / name) == []


# ---- a built corpus and gold -----------------------------------------------------------------------------------------

FIL, AR, PL = "bus/bus-fil.json", "bus/bus-ar.json", "boats/boats-pl.json"

# file, what is replaced, by what -> code, line (None: the whole file)
JSON_FAULTS = [
    (FIL, '"start": 42', '"start": 41', "surface-mismatch", 3),
    (FIL, '"end": 53', '"end": 54', "surface-mismatch", 3),
    (FIL, '"end": 53', '"end": 5300', "offset-out-of-range", 3),
    (FIL, '"start": 42', '"start": -1', "bad-mention", 3),
    (FIL, '"start": 42', '"start": 42.0', "bad-mention", 3),
    (FIL, '"start": 42', '"start": true', "bad-mention", 3),
    (FIL, '"label": "ORG"', '"label": "COMPANY"', "bad-mention", 3),
    (FIL, '"surface": "Lumen Works", ', "", "bad-mention", 3),
    (FIL, '"id": "m3"', '"id": "m2"', "duplicate", 3),
    (FIL, '"fact_id": "lumen"', '"fact_id": "lumens"', "unknown-fact", 3),
    (FIL, '"fact_id": "lumen"', '"fact_id": "cebu"', "fact-label", 3),
    (FIL, '"value": "1500000000"', '"value": "1500000000.0"', "value-form", 5),
    (FIL, '"value": "1500000000"', '"value": "1,500,000,000"', "bad-mention", 5),
    (FIL, '"value": "1500000000"', '"value": 1500000000', "bad-mention", 5),
    (FIL, '"value": "1500000000"', '"value": "2/4"', "value-form", 5),
    (FIL, '"value": "1500000000"', '"value": NaN', "bad-json", 5),
    (FIL, '"value": "1500000000"', '"value": "1600000000"', "fact-value", 5),
    ("bus/facts.json", "1500000000", "1600000000", "fact-value", "bus-fil.json:5"),
    (FIL, '"unit": "PHP"', '"unit": "pesos"', "unknown-unit", 5),
    (FIL, '"unit": "PHP", ', "", "no-unit", 5),
    (FIL, '"unit": "PHP"', '"unit": ["PHP"]', "bad-mention", 5),
    (FIL, '"modifier": "more_than"', '"modifier": "over"', "bad-mention", 5),
    (FIL, '"value": "2031-01"', '"value": "January 2031"', "bad-mention", 7),
    (FIL, '"value_high": "12"', '"value_high": "9"', "range-order", 8),
    (FIL, '"unit": "month"', '"unit": "Months"', "unknown-unit", 8),
    (PL, '"unit": "percent"', '"unit": "%"', "unknown-unit", 5),
    (FIL, '"reviewed": false', '"reviewed": 0', "bad-mention", 2),
    (FIL, '"by": "read"', '"by": "manual"', "bad-mention", 2),
    (FIL, '"by": "read"', '"by": "read", "who": "me"', "bad-mention", 2),
    (FIL, '"by": "read"', '"by": "read", "by": "rule"', "bad-json", 2),
    (FIL, '"lang": "fil"', '"lang": "ar"', "two-of-a-language", 1),
    (FIL, '"doc_id": "bus-fil"', '"doc_id": "bus-ar"', "wrong-document", 1),
    (FIL, "]}\n", "]\n", "bad-json", 10),
    ("bus/facts.json", '"label": "ORG"', '"label": "PER"', "fact-label", "bus-ar.json:3"),
    ("bus/facts.json", '"label": "ORG"', '"label": "FIRM"', "bad-fact", 3),
    ("bus/beads.json", "[79, 98]", "[70, 98]", "bead-overlap", 4),
    ("bus/beads.json", '"bead_id": "b2"', '"bead_id": "b1"', "duplicate", 2),
    ("bus/beads.json", '"fil"', '"pl"', "wrong-language", 2),
    ("bus/beads.json", "[31, 65]", "[65, 31]", "offset-out-of-range", 3),
    ("bus/beads.json", "[31, 65]", '["31", 65]', "bad-span", 3),
    ("bus/beads.json", "[31, 65]", "31, 65", "bad-span", 3),
]  # fmt: skip


def edited(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, f"{old} is not in {file}:\n{text}"
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("kind", ["gold", "build/annotations"])
@pytest.mark.parametrize(("file", "old", "new", "code", "line"), JSON_FAULTS)
def test_a_fault_in_annotations(
    copy: Path, kind: str, file: str, old: str, new: str, code: str, line: int | str | None
) -> None:
    edited(copy / kind / file, old, new)
    root = copy / kind.split("/")[0]
    prefix = "annotations/" if kind != "gold" else ""
    where = prefix + (
        file
        if line is None
        else f"{file.split('/')[0]}/{line}"
        if isinstance(line, str)
        else f"{file}:{line}"
    )
    if kind != "gold" and (code, old) == ("bead-overlap", "[79, 98]"):
        code = "bead-not-sentence"
    if code == "two-of-a-language" and kind != "gold":
        code = "wrong-language"
    faults = found(root)
    assert (code, where) in faults
    assert code != "bad-json" or len(faults) == 1  # nothing is said of what could not be looked at


TEXT_FAULTS = [
    ("texts/bus-fil.txt", "halaga", "halaaga", "text-changed", "texts/bus-fil.txt:4"),
    ("texts/bus-fil.txt", "240", "241", "surface-mismatch", "annotations/bus/bus-fil.json:4"),
    ("texts/bus-fil.txt", "240", "241", "text-changed", "annotations/bus/bus-fil.json:1"),
    ("texts/bus-fil.txt", "ngayon.", "ngayon. At", "text-changed", "texts/bus-fil.txt:6"),
    ("texts/bus-fil.txt", "ngayon.", "ngayon.\n", "text-changed", "texts/bus-fil.txt:7"),
    ("texts/boats-pl.txt", "ł", "l\u0301", "not-nfc", "texts/boats-pl.txt:1"),
    ("texts/boats-pl.txt", "\n", "\r\n", "line-end", "texts/boats-pl.txt:1"),
    ("texts/bus-fil.json", "[31, 65]", "[31, 6500]", "offset-out-of-range", "texts/bus-fil.json:10"),
    ("texts/bus-fil.json", "[31, 65]", "[30, 65]", "bead-not-sentence", "annotations/bus/beads.json:3"),
    ("texts/bus-fil.json", "[31, 65]", "[28, 65]", "span-order", "texts/bus-fil.json:10"),
    ("texts/bus-fil.json", "[31, 65]", "[31]", "bad-span", "texts/bus-fil.json:10"),
    ("texts/bus-fil.json", '"paragraph"', '"caption"', "block-kind", "texts/bus-fil.json:5"),
    ("texts/bus-fil.json", '"blocks"', '"parts"', "bad-text", "texts/bus-fil.json"),
    ("manifest.toml", 'lang = "fil"', 'lang = "ar"', "two-of-a-language", "manifest.toml"),
    ("manifest.toml", 'lang = "fil"', 'lang = "??"', "bad-lang", "manifest.toml:"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "where"), TEXT_FAULTS)
def test_a_fault_in_texts(copy: Path, file: str, old: str, new: str, code: str, where: str) -> None:
    path = copy / "build" / file
    content = path.read_bytes().decode()
    assert old in content
    path.write_bytes(content.replace(old, new, 1).encode())
    assert any(c == code and w.startswith(where) for c, w in found(copy / "build")), found(copy / "build")


def test_a_changed_text_is_noticed_by_the_gold(copy: Path) -> None:
    edited(copy / "build" / "texts" / "bus-fil.txt", "halaga", "halaaga")
    assert ("text-changed", f"{FIL}:1") in found(copy / "gold")


@pytest.mark.parametrize(
    ("file", "code"),
    [("texts/bus-fil.txt", "no-file"), ("texts/bus-fil.json", "no-file"), ("annotations/bus/bus-fil.json", "no-file"),
     ("annotations/bus/facts.json", "no-file"), ("annotations/bus/beads.json", "no-file")],
)  # fmt: skip
def test_a_missing_file(copy: Path, file: str, code: str) -> None:
    (copy / "build" / file).unlink()
    assert (code, file) in found(copy / "build")


def test_undecodable_bytes(copy: Path) -> None:
    (copy / "build" / "texts" / "bus-ar.txt").write_bytes(b"\xff\xfe")
    assert ("not-utf8", "texts/bus-ar.txt") in found(copy / "build")


def test_gold_needs_its_texts(sound: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-texts"):
        validate(sound / "gold", texts=tmp_path / "nowhere")
    (tmp_path / "checkout" / "annotation").mkdir(parents=True)
    shutil.copytree(sound / "gold", tmp_path / "checkout" / "annotation" / "gold")
    shutil.copytree(sound / "build", tmp_path / "checkout" / "build")
    assert validate(tmp_path / "checkout" / "annotation" / "gold") == []


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not-a-corpus"):
        validate(tmp_path)


# ---- a release -------------------------------------------------------------------------------------------------------


def rewritten(
    file: Path, change: Callable[[list[dict]], object], schema: Callable[[pa.Schema], pa.Schema] = lambda s: s
) -> None:
    """Rewrite a Parquet file with changed rows, or a changed schema."""
    table = pq.read_table(file)
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema(table.schema)), file)


def set_value(*path: object) -> Callable[[list[dict]], object]:
    """A change: the last of `path` is put where the others lead."""

    def change(rows: list[dict]) -> None:
        *way, last, value = path
        place: object = rows
        for step in way:
            place = place[step]  # type: ignore[index]
        place[last] = value  # type: ignore[index]

    return change


def changed_text(name: str, number: int, old: str, new: str) -> Callable[[list[dict]], object]:
    def change(rows: list[dict]) -> None:
        assert old in rows[number][name]
        rows[number][name] = rows[number][name].replace(old, new, 1)

    return change


# table, change -> code, row (in that table). Rows of `articles`: 0 boats-pl, 1 bus-ar, 2 bus-fil.
ROW_FAULTS = [
    ("articles", changed_text("text", 2, "halaga", "halaaga"), "text-changed", 2),
    ("articles", changed_text("text", 2, "240", "241"), "surface-mismatch", 2),
    ("articles", changed_text("text", 0, "ł", "l\u0301"), "not-nfc", 0),
    ("articles", set_value(2, "mentions", 1, "start", 41), "surface-mismatch", 2),
    ("articles", set_value(2, "mentions", 1, "end", 9999), "offset-out-of-range", 2),
    ("articles", set_value(2, "mentions", 1, "start", None), "null", 2),
    ("articles", set_value(2, "mentions", 1, None), "null", 2),
    ("articles", set_value(2, "mentions", None), "null", 2),
    ("articles", set_value(2, "mentions", 1, "label", 99), "label-range", 2),
    ("articles", set_value(2, "mentions", 1, "label", None), "label-range", 2),
    ("articles", set_value(2, "mentions", 1, "label", 0), "fact-label", 2),
    ("articles", set_value(2, "mentions", 1, "value", "7"), "bad-mention", 2),
    ("articles", set_value(2, "mentions", 1, "id", "m1"), "duplicate", 2),
    ("articles", set_value(2, "mentions", 1, "fact_id", "nobody"), "unknown-fact", 2),
    ("articles", set_value(2, "mentions", 3, "value", "1.50"), "value-form", 2),
    ("articles", set_value(2, "mentions", 3, "value", "1600000000"), "fact-value", 2),
    ("articles", set_value(2, "mentions", 2, "value", "241"), "rows-disagree", 2),
    ("articles", set_value(2, "mentions", 3, "modifier", None), "rows-disagree", 2),
    ("articles", set_value(2, "mentions", 1, "reviewed", True), "rows-disagree", 2),
    ("articles", set_value(2, "title", "Another"), "rows-disagree", 2),
    ("articles", set_value(2, "sentences", 1, "end", 67), "span-order", 2),
    ("articles", set_value(2, "facts", 0, "note", "x"), "facts-differ", 2),
    ("articles", set_value(2, "lang", "ar"), "two-of-a-language", 2),
    ("articles", set_value(0, "role", 3), "label-range", 0),
    ("articles", set_value(0, "blocks", 0, "kind", -1), "label-range", 0),
    ("articles", set_value(0, "source_file", None), "null", 0),
    ("articles", set_value(0, "doc_id", "../boats"), "bad-id", 0),
    ("articles", list.reverse, "article-order", 2),
    ("articles", lambda rows: rows.append(rows[2]), "duplicate", 3),
    ("articles", lambda rows: rows.pop(0), "stray-rows", 0),
    ("beads", set_value(1, "fil_spans", 0, "end", 64), "bead-not-sentence", 1),
    ("beads", lambda rows: rows.append(rows[3] | {"bead_id": "b5"}), "bead-overlap", 4),
    ("beads", changed_text("fil", 1, "halaga", "halaaga"), "rows-disagree", 1),
    ("beads", set_value(3, "article_id", "car"), "stray-bead", 3),
    ("fil", changed_text("text", 2, "halaga", "halaaga"), "rows-disagree", 2),
    ("fil", set_value(1, "entities", 0, "start", 10), "rows-disagree", 1),
    ("fil", set_value(1, "quantities", 0, "value", "241"), "rows-disagree", 1),
    ("fil", set_value(1, "quantities", 0, "label", 7), "rows-disagree", 1),
    ("fil", set_value(1, "entity_tags", 0, 3), "rows-disagree", 1),
    ("fil", set_value(1, "entity_tags", 0, 11), "rows-disagree", 1),
    ("fil", set_value(1, "tokens", 0, None), "rows-disagree", 1),
    ("fil", set_value(1, "text", None), "rows-disagree", 1),
    ("ar-fil", set_value(0, "fil_mentions", 0, "fact_id", "lumen"), "rows-disagree", 0),
    ("ar-fil", set_value(0, "shared_facts", []), "rows-disagree", 0),
    ("ar-fil", lambda rows: rows.append(rows[0] | {"article_id": "z"}), "rows-disagree", 3),
]  # fmt: skip


@pytest.mark.parametrize("signed", [False, True], ids=["", "checksums renewed"])
@pytest.mark.parametrize(("table", "change", "code", "row"), ROW_FAULTS)
def test_a_fault_in_a_table(
    copy: Path, table: str, change: Callable, code: str, row: int, signed: bool
) -> None:
    data = copy / "data"
    file = data / table / "test-00000.parquet"
    rewritten(file, change)
    if signed:
        (data / CHECKSUMS).write_text(checksums(data), "utf-8")
    faults = found(data)
    name = f"{table}/test-00000.parquet"
    assert signed or ("changed-file", name) in faults
    if (
        code == "stray-rows"
    ):  # an article went: its language goes with it, and the card and the folders say so
        assert {"card-config", "card-count"} <= {c for c, _ in faults}
        return
    if signed and code == "rows-disagree" and table == "articles":
        # nothing tells which of two tables was changed: both places are named
        told = [str(f) for f in validate(data) if f.code == code]
        assert told
        assert all(f"{name} (row {row})" in t for t in told)
    else:
        assert (code, f"{name} (row {row})") in faults, faults


def test_a_changed_character_is_pointed_at(copy: Path) -> None:
    rewritten(copy / "data" / "articles" / "test-00000.parquet", changed_text("text", 2, "halaga", "halaaga"))
    (told,) = (str(f) for f in validate(copy / "data") if f.code == "rows-disagree" and "halaa" in str(f))
    assert told.startswith(f"{copy / 'data'}/articles/test-00000.parquet (row 2): says ")
    assert "says 'n ang halaaga, ayon ' where text, at " in told
    assert "fil/test-00000.parquet (row 2)" in told


def without(name: str) -> Callable[[pa.Schema], pa.Schema]:
    return lambda schema: schema.remove(schema.get_field_index(name))


def typed(name: str, kind: pa.DataType) -> Callable[[pa.Schema], pa.Schema]:
    return lambda schema: schema.set(schema.get_field_index(name), pa.field(name, kind))


def labels(old: bytes, new: bytes) -> Callable[[pa.Schema], pa.Schema]:
    return lambda schema: schema.with_metadata({k: v.replace(old, new) for k, v in schema.metadata.items()})


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        (without("number_tags"), "missing-column"),
        (lambda s: s.append(pa.field("mood", pa.string())), "extra-column"),
        (typed("start", pa.float64()), "column-type"),
        (labels(b"B-PER", b"B-PERSON"), "features"),
        (lambda s: s.remove_metadata(), "features"),
    ],
)
@pytest.mark.parametrize("signed", [False, True])
def test_a_fault_in_the_schema(copy: Path, schema: Callable, code: str, signed: bool) -> None:
    data = copy / "data"
    rewritten(data / "fil" / "test-00000.parquet", lambda rows: None, schema)
    if signed:
        (data / CHECKSUMS).write_text(checksums(data), "utf-8")
    assert (code, "fil/test-00000.parquet") in found(data)


@pytest.mark.parametrize("file", ["articles", "beads", "fil", "ar-fil"])
def test_a_missing_table(copy: Path, file: str) -> None:
    shutil.rmtree(copy / "data" / file)
    codes = {code for code, where in found(copy / "data") if where.startswith(file)}
    assert "missing-file" in codes


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("VERSION", "zero\n", "bad-version"),
        ("VERSION", "0.3.0\n", "no-change-entry"),
        (CHECKSUMS, "nonsense\n", "bad-manifest"),
        ("notes.txt", "x", "unlisted-file"),
        ("fil/test-00001.parquet", "PAR1", "bad-parquet"),
    ],
)
def test_a_fault_in_another_file(copy: Path, file: str, content: str, code: str) -> None:
    (copy / "data" / file).write_text(content, "utf-8")
    assert code in {c for c, _ in found(copy / "data")}


def test_row_counts_against_the_card(copy: Path) -> None:
    edited(copy / "data" / "README.md", "num_examples: 3", "num_examples: 5")
    codes = dict(found(copy / "data"))
    line = int(codes["card-count"].removeprefix("README.md:"))
    text = (copy / "data" / "README.md").read_text("utf-8").split("\n")
    assert re.fullmatch(r"- config_name: ar-fil", text[line - 1])


def test_many_faults_are_counted_not_listed(copy: Path) -> None:
    data = copy / "data"

    def double(rows: list[dict]) -> None:
        rows += [rows[-1] | {"article_id": "zz"} for _ in range(50)]

    rewritten(data / "fil" / "test-00000.parquet", double)
    told = [f for f in validate(data) if f.code == "rows-disagree"]
    assert len(told) == 21
    assert "30 more rows" in told[-1].found


# ---- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(24))
def test_damaged_bytes_are_faults_and_never_errors(copy: Path, seed: int) -> None:
    """Bytes of one file are changed or cut off, checksums aside: validation ends, with faults."""
    chance = random.Random(seed)
    root = copy / ("data" if seed % 2 else "build")
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.name != CHECKSUMS)
    file = chance.choice(files)
    content = bytearray(file.read_bytes())
    if seed % 6 == 0:
        del content[chance.randrange(len(content)) :]
    else:
        for _ in range(8):
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    file.write_bytes(content)
    faults = validate(root)
    assert faults
    assert all(f.code and f.where for f in faults)


@pytest.mark.parametrize(
    "content",
    ["null", "[]", "{}", '{"a": 1}', "[[[", "3", '"x"', "[null]", '{"mentions": [null]}', "[" * 100_000],
)
@pytest.mark.parametrize(
    "file",
    [
        "annotations/bus/bus-fil.json",
        "annotations/bus/facts.json",
        "annotations/bus/beads.json",
        "texts/bus-fil.json",
    ],
)
def test_json_of_another_shape_is_a_fault(copy: Path, file: str, content: str) -> None:
    if file.endswith("beads.json") and content == "[]":
        return  # an article may have no beads
    (copy / "build" / file).write_text(content, "utf-8")
    assert found(copy / "build")
