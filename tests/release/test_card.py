"""The card: what it says, and the offline check of its head."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from release_corpus import corpus, document, facts

from hexapla.corpus import Article, Corpus
from hexapla.errors import InputError
from hexapla.release import card, columns, release
from hexapla.release.tables import CANARY
from hexapla.validate.card import card_faults

pytest.importorskip("datasets", reason="the extra [datasets] is not installed")

ROOT = Path(__file__).parents[2]
DECLARED = columns.configs(["ar", "fil", "pl"], [("ar", "fil")])
COUNTED = {
    name: {"test": n}
    for name, n in {"articles": 3, "beads": 4, "ar": 4, "fil": 4, "pl": 2, "ar-fil": 3}.items()
}


def made(folder: Path, of: Corpus | None = None, **annotation: str) -> tuple[dict, str]:
    """Head and text of the card of a release."""
    for name, content in annotation.items():
        (folder / name.replace("_", ".")).write_text(content, "utf-8")
    release(of or corpus(), folder / "data", "0.1.0", annotation=folder)
    _, head, text = (folder / "data" / "README.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), text


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, str]:
    folder = tmp_path_factory.mktemp("card")
    head, text = made(folder)
    return folder / "data", head, text


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_the_head_has_what_the_hub_asks_for(plain: tuple) -> None:
    _, head, _ = plain
    assert set(card.REQUIRED) <= set(head)
    assert head["language"] == ["ar", "fil", "pl"]
    assert head["multilinguality"] == ["multilingual", "translation"]
    assert (head["license"], head["size_categories"]) == ("other", ["n<1K"])
    assert [c["config_name"] for c in head["configs"] if c.get("default")] == ["articles"]


@pytest.mark.parametrize(
    "said",
    [
        "**This is a pilot.**", "one split `test`", CANARY, "| fil | Balita \\| Ngayon | machine translation | 1 | Balita Ngayon | none given |",
        "| pl | not known | unknown | 1 | not stated | CC BY 4.0 |", "| `read` | 17 |", "Not measured.", "| LOC | 1 | 1 | 1 | 3 |",
        "| value | another number | 1 |", "2 entities and 3 numbers are mentioned in two or more versions", "Not documented.", "not recorded",
        "CC BY 4.0](https", "2 mentions are labelled PER",
    ],
)  # fmt: skip
def test_the_text_says(plain: tuple, said: str) -> None:
    assert said in plain[2]


def test_no_machine_s_reading_is_called_manual(tmp_path: Path) -> None:
    head, text = made(
        tmp_path,
        card_toml='reader = "language model"\ntitle = "T"\nselection = "Drawn by lot."\nlimits = ["Small."]\n',
    )
    assert head["annotations_creators"] == ["machine-generated"]
    assert head["pretty_name"] == "T"
    assert "a language model" in text
    assert "no native speaker" in text
    assert "Drawn by lot." in text
    assert "- Small.\n" in text
    assert "manual" not in text.lower()


def test_labels_by_rule_need_no_reader(tmp_path: Path) -> None:
    import dataclasses

    d = document("d", "pl", "[trzy|CARDINAL|n|3] łodzie")
    ruled = dataclasses.replace(d, mentions=tuple(dataclasses.replace(m, by="rule") for m in d.mentions))
    head, text = made(
        tmp_path, Corpus((Article("x", (ruled,), (), facts(ruled)),)), card_toml='reader = "person"\n'
    )
    assert head["annotations_creators"] == ["machine-generated"]
    assert "The reader was" not in text
    assert "Not measured." in text  # the figures are about labels that were read


def test_open_texts_have_an_open_licence(tmp_path: Path) -> None:
    d = document("d", "pl", "Nic.", licence="CC BY 4.0")
    head, _ = made(tmp_path, Corpus((Article("x", (d,), (), {}),)))
    assert head["license"] == "cc-by-4.0"
    assert head["multilinguality"] == ["monolingual"]
    assert head["annotations_creators"] == ["no-annotation"]


def test_agreement_is_a_table(tmp_path: Path) -> None:
    figures = {"all": {"all": {"span_f1": 0.9, "link": 0.7}}, "fil": {"PER": {"span_f1": 0.8, "link": None}}}
    _, text = made(tmp_path, agreement_json=json.dumps(figures))
    table = "| language | label | span_f1 | link |\n|---|---|--:|--:|\n| fil | PER | 0.8 | – |\n| all | all | 0.9 | 0.7 |\n"
    assert table in text


def test_names_from_a_manifest_cannot_break_the_page(tmp_path: Path) -> None:
    d = document("d", "pl", "Nic.", publisher="<script>x</script>\n# Head | y")
    _, text = made(tmp_path, Corpus((Article("x", (d,), (), {}),)))
    assert "| pl | &lt;script>x&lt;/script> # Head \\| y | unknown | 1 |" in text


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("card.toml", 'reader = "manual"', "bad-card-text"),
        ("card.toml", "title = 3", "bad-card-text"),
        ("card.toml", 'colour = "red"', "bad-card-text"),
        ("card.toml", "title = ", "bad-card-text"),
        ("card.toml", 'limits = "one"\n[limits2]', "bad-card-text"),
        ("agreement.json", "[1]", "bad-agreement"),
        ("agreement.json", '{"fil": {"PER": 3}}', "bad-agreement"),
        ("agreement.json", "{", "bad-json"),
    ],
)
def test_faulty_words_are_refused(tmp_path: Path, name: str, content: str, code: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(InputError, match=code):
        release(corpus(), tmp_path / "data", "0.1.0", annotation=tmp_path)
    assert not (tmp_path / "data").exists()


def test_the_project_s_own_words_are_readable() -> None:
    about = card.read_about(ROOT / "annotation" / "card.toml")
    assert about.reader == "language model"
    assert about.selection
    assert about.limits


# ---- the offline check -----------------------------------------------------------------------------------------------


def test_a_fresh_card_has_no_faults(plain: tuple) -> None:
    assert card_faults(plain[0], DECLARED, COUNTED) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pretty_name:", "other_name:", "card-key"),
        ("- named-entity-recognition\n", "", "card-key"),
        ("language:\n- ar\n- fil\n- pl\n", "language: []\n", "card-key"),
        ("  default: true\n", "", "card-default"),
        ("  default: true\n", "  default: 'yes'\n", "card-default"),
        (
            "- config_name: fil\n  data_files:\n",
            "- config_name: fil\n  default: true\n  data_files:\n",
            "card-default",
        ),
        ("- config_name: fil\n", "- config_name: tl\n", "card-config"),
        ("path: fil/test-*.parquet", "path: ar/test-*.parquet", "card-files"),
        ("- split: test\n    path: fil", "- split: train\n    path: fil", "card-files"),
        ("'1': B-PER", "'1': B-PERSON", "card-features"),
        ("num_examples: 2", "num_examples: 20", "card-count"),
        ("num_examples: 2", "num_examples: two", "card-count"),
        ("---\nannotations_creators", "annotations_creators", "bad-card"),
        ("configs:", "configs: [", "bad-card"),
        ("license: other", "license: other\nlicense: mit", "bad-card"),
        ("license: other", "license: 2031-99-99", "bad-card"),
        ("configs:", "configs: &a [*a]\nold:", "card-config"),
        ("dataset_info:", "dataset_info: 3\nold:", "card-config"),
        ("- config_name: ar\n  data_files", "- config_name: [ar]\n  data_files", "card-config"),
    ],
)
def test_a_fault_in_the_card(plain: tuple, tmp_path: Path, old: str, new: str, code: str) -> None:
    text = (plain[0] / "README.md").read_text("utf-8")
    assert old in text
    (tmp_path / "README.md").write_text(text.replace(old, new, 1), "utf-8")
    faults = card_faults(tmp_path, DECLARED, COUNTED)
    assert code in [f.code for f in faults]
    assert all(f.where.startswith(f"{tmp_path / 'README.md'}:") for f in faults)


def test_a_count_is_named_with_its_line(plain: tuple, tmp_path: Path) -> None:
    text = (plain[0] / "README.md").read_text("utf-8")
    (tmp_path / "README.md").write_text(text.replace("num_examples: 2", "num_examples: 20"), "utf-8")
    (fault,) = card_faults(tmp_path, DECLARED, COUNTED)
    line = int(fault.where.rsplit(":", 1)[1])
    assert text.split("\n")[line - 1] == "- config_name: pl"
    assert line > text.split("\n").index("dataset_info:")
    assert (fault.found, fault.expected) == ("splits of 'pl': test 20", "test 2")
