"""Agreement of two annotations: hand-computed cases, and the published figures."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from hexapla.annotate.agreement import agreement, write_agreement
from hexapla.corpus import Mention, sha256
from hexapla.errors import InputError
from hexapla.store import mentions_json, write_text
from hexapla.values import Quantity

TEXT = "Ana paid 5 euros in Rome. Ana left Rome."
A = (
    Mention("m1", 0, 3, "Ana", "PER", "e-ana", by="read"),
    Mention("m2", 9, 16, "5 euros", "MONEY", "n-price", Quantity("money", 5, unit="EUR"), by="read"),
    Mention("m3", 20, 24, "Rome", "LOC", "e-rome", by="read"),
    Mention("m4", 26, 29, "Ana", "PER", "e-ana", by="read"),
    Mention("m5", 35, 39, "Rome", "LOC", "e-rome", by="read"),
)


def write(folder: Path, mentions: tuple[Mention, ...], text: str = TEXT) -> Path:
    write_text(folder / "trip" / "trip-en.json", mentions_json("trip-en", "en", sha256(text), mentions))
    return folder


def test_equal_annotations_agree(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a", A), write(tmp_path / "b", A[::-1])
    result = agreement(a, b)
    assert result.disagreements == []
    assert result.to_json()["all"]["all"] == {
        "mentions_a": 5, "mentions_b": 5, "span_f1": 1.0, "label": 1.0, "value": 1.0, "link_f1": 1.0,
    }  # fmt: skip


def test_each_kind_of_disagreement_counts_where_it_belongs(tmp_path: Path) -> None:
    other = (
        A[0],
        dataclasses.replace(A[1], quantity=Quantity("money", 50, unit="EUR")),  # another value
        dataclasses.replace(A[2], label="ORG"),  # another label
        dataclasses.replace(A[3], fact_id="e-other-ana"),  # another link
        # the last Rome is missing
    )
    result = agreement(write(tmp_path / "a", A), write(tmp_path / "b", other))
    table = result.to_json()
    # spans with label: 3 of A's 5 and of B's 4 (Ana, the money, Ana)
    assert table["en"]["all"]["span_f1"] == round(2 * 3 / 9, 4)
    assert table["en"]["all"]["label"] == 0.75
    assert table["en"]["MONEY"] == {
        "mentions_a": 1,
        "mentions_b": 1,
        "span_f1": 1.0,
        "label": 1.0,
        "value": 0.0,
    }
    # of the mentions both marked alike, A links the two Anas and B does not
    assert table["all"]["all"]["link_f1"] == 0.0
    assert len(result.disagreements) == 4


def test_order_of_mentions_does_not_matter(tmp_path: Path) -> None:
    other = (*A[:2], dataclasses.replace(A[3], label="ORG"))
    forth = agreement(write(tmp_path / "a", A), write(tmp_path / "b", other)).to_json()
    back = agreement(write(tmp_path / "c", A[::-1]), write(tmp_path / "d", other[::-1])).to_json()
    assert forth == back


def test_another_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="text-changed"):
        agreement(write(tmp_path / "a", A), write(tmp_path / "b", A, TEXT + " Ciao."))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-annotations"):
        agreement(write(tmp_path / "a", A), tmp_path / "nowhere")


def test_published_figures_are_those_of_the_two_annotations() -> None:
    root = Path(__file__).parent.parent / "annotation"
    table = agreement(root / "gold", root / "second").to_json()
    assert json.loads((root / "agreement.json").read_text("utf-8")) == table
    assert table["all"]["all"]["mentions_b"] > 100


def test_written_figures_read_back(tmp_path: Path) -> None:
    result = agreement(write(tmp_path / "a", A), write(tmp_path / "b", A))
    write_agreement(result, tmp_path / "agreement.json")
    assert json.loads((tmp_path / "agreement.json").read_text("utf-8")) == result.to_json()
