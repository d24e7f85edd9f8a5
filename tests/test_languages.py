"""Every language folder: files parse, keys are known, patterns compile, and what docs/add-a-language.md says is true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hexapla import langs

ROOT = Path(__file__).parent.parent
FOLDERS = sorted(p for p in (ROOT / "hexapla" / "lang").iterdir() if p.is_dir())
REQUIRED = {
    "en",
    "fil",
    "ar",
    "pl",
    "pt",
    "es",
    "fr",
    "de",
    "it",
    "nl",
    "ru",
    "uk",
    "tr",
    "hi",
    "id",
    "vi",
    "zh",
    "ja",
    "ko",
    "sv",
    "ro",
    "sw",
}
KEYS = {
    "name": {"english", "own"},
    "ingest": {"furniture"},
    "entities": {
        "person_before",
        "organisation_before",
        "ignore",
        "places",
        "inflects",
        "clitic",
        "place_forms",
        "capitalised_nouns",
    },
}
FURNITURE = {
    "translation-toggle",
    "newsletter",
    "disclaimer",
    "comment-prompt",
    "follow-prompt",
    "next-article",
    "share",
    "advertisement",
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_files_of_a_language(folder: Path) -> None:
    assert langs.normalise(folder.name) == folder.name
    names = {p.name for p in folder.iterdir()}
    assert names <= {
        "name.toml",
        "ingest.toml",
        "text.toml",
        "quantities.toml",
        "entities.toml",
        "places.txt",
        "concepts.txt",
        "words.txt",
    }
    for file in folder.glob("*.toml"):
        table = tomllib.loads(file.read_text("utf-8"))
        assert table, f"{file} is empty"
        assert set(table) <= KEYS.get(file.stem, set(table))
    for reason, patterns in langs.data(folder.name, "ingest").get("furniture", {}).items():
        assert reason in FURNITURE
        for pattern in patterns:
            assert re.compile(pattern, re.I)


def test_the_languages_promised_are_there() -> None:
    for concern in ("text", "quantities", "name"):
        assert set(langs.with_data(concern)) >= REQUIRED


@pytest.mark.parametrize("code", sorted(REQUIRED))
def test_each_has_number_cases(code: str) -> None:
    assert tomllib.loads((ROOT / "tests" / "cases" / "quantities" / f"{code}.toml").read_text("utf-8"))


def test_the_page_names_every_kind_of_file() -> None:
    page = (ROOT / "docs" / "add-a-language.md").read_text("utf-8")
    for name in {p.name for folder in FOLDERS for p in folder.iterdir()}:
        assert f"`{name}`" in page
