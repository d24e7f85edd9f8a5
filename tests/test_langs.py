import tomllib
from importlib import resources

import pytest

from hexapla import langs
from hexapla.errors import InputError


@pytest.mark.parametrize(
    ("code", "normal"),
    [
        ("fil", "fil"), ("tl", "fil"), ("tgl", "fil"), ("TL", "fil"), ("arb", "ar"), ("por", "pt"), ("pt_BR", "pt-BR"),
        ("pt-br", "pt-BR"), ("por-BR", "pt-BR"), ("zh-Hans", "zh"), ("zh-CN", "zh"), ("zh_TW", "zh-Hant"), ("zh-hant", "zh-Hant"),
        ("sr-latn", "sr-Latn"), ("sr-Latn-RS", "sr-Latn-RS"), (" en ", "en"), ("iw", "he"), ("in", "id"), ("nb", "no"), ("gsw", "gsw"),
    ],
)  # fmt: skip
def test_codes_are_normalised_on_entry(code: str, normal: str) -> None:
    assert langs.normalise(code) == normal
    assert langs.normalise(normal) == normal


@pytest.mark.parametrize(
    "code", ["", "e", "english", "../en", "en/", "en--US", "en-", "٣", "en\n\n-x", "日本", "e n", None, 3]
)
def test_what_is_no_code_is_refused(code: object) -> None:
    with pytest.raises(InputError, match="bad-lang"):
        langs.normalise(code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("pa-Arab", "rtl"),
        ("en", "ltr"),
        ("zh", "ltr"),
        ("az", "ltr"),
    ],
)
def test_direction(lang: str, direction: str) -> None:
    assert langs.direction(lang) == direction


def test_data_falls_back_to_the_base_language_and_to_nothing() -> None:
    assert langs.data("pt-BR", "ingest") == langs.data("pt", "ingest") != {}
    assert langs.data("xx", "ingest") == {}
    assert langs.data("en", "no-such-concern") == {}


def test_every_data_file_is_of_a_normal_code_and_parses() -> None:
    root = resources.files("hexapla") / "lang"
    folders = [d for d in root.iterdir() if d.is_dir()]
    assert len(folders) > 5
    for folder in folders:
        assert langs.normalise(folder.name) == folder.name
        for file in folder.iterdir():
            if file.name.endswith(".toml"):
                assert tomllib.loads(file.read_text("utf-8")), file.name


def test_languages_with_data() -> None:
    assert {"ar", "en", "fil", "pl", "pt", "zh"} <= set(langs.with_data("ingest"))
    assert langs.with_data("no-such-concern") == ()
