from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from hexapla.release import columns

TABLES = columns.configs(["no", "zh-Hant", "fil"], [("no", "zh-Hant"), ("fil", "no")])


def test_names_and_order_of_configurations() -> None:
    assert list(TABLES) == ["articles", "beads", "fil", "no", "zh-Hant", "fil-no", "no-zh-Hant"]


@pytest.mark.parametrize("name", TABLES)
def test_the_library_s_own_classes_agree(name: str) -> None:
    datasets = pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
    features = datasets.Features.from_dict(columns.features(TABLES[name]))
    assert features.to_dict() == columns.features(TABLES[name])
    assert features._to_yaml_list() == columns.yaml_list(TABLES[name])
    assert features.arrow_schema.equals(columns.arrow_schema(TABLES[name]), check_metadata=True)


@pytest.mark.parametrize(
    ("kind", "arrow", "words"),
    [
        ("string", pa.string(), "string"),
        (columns.Label(("a", "b")), pa.int64(), "label"),
        (columns.Many("int32"), pa.list_(pa.int32()), "list of int32s"),
        (columns.SPANS, pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())])), "list of records"),
    ],
)
def test_types(kind: columns.Type, arrow: pa.DataType, words: str) -> None:
    assert columns.arrow_type(kind) == arrow
    assert columns.type_name(kind) == words


@pytest.mark.parametrize(
    "table", [columns.ARTICLES, columns.SENTENCES, columns.beads(["ar", "fil"]), columns.pair("ar", "fil")],
    ids=["articles", "sentences", "beads", "pair"],
)  # fmt: skip
def test_the_documentation_holds_the_tables_as_they_are(table: columns.Columns) -> None:
    page = (Path(__file__).parents[2] / "docs" / "dataset.md").read_text("utf-8")
    assert columns.markdown(table) in page
