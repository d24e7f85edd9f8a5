import pytest

from hexapla.errors import InputError
from hexapla.langid import check, name_hint, rank

TEXTS = {
    "en": "The ferry left at dawn and nobody on the pier knew when it would come back.",
    "fil": "Umalis ang bangka sa madaling-araw at walang nakaaalam sa pantalan kung kailan ito babalik.",
    "ar": "غادرت العبّارة عند الفجر ولم يكن أحد على الرصيف يعرف متى ستعود.",
    "pl": "Prom odpłynął o świcie i nikt na przystani nie wiedział, kiedy wróci.",
    "pt": "A balsa partiu ao amanhecer e ninguém no cais sabia quando ela voltaria.",
    "zh": "渡轮在黎明时分离开，码头上没有人知道它什么时候回来。",
    "de": "Die Fähre legte im Morgengrauen ab, und niemand am Kai wusste, wann sie zurückkommen würde.",
    "es": "El transbordador salió al amanecer y nadie en el muelle sabía cuándo volvería.",
    "fr": "Le ferry est parti à l'aube et personne sur le quai ne savait quand il reviendrait.",
    "id": "Kapal feri berangkat saat fajar dan tidak seorang pun di dermaga tahu kapan ia akan kembali.",
    "ja": "渡し船は夜明けに出発し、桟橋の誰もそれがいつ戻るのか知らなかった。",
    "tr": "Feribot şafakta ayrıldı ve iskelede kimse ne zaman döneceğini bilmiyordu.",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_a_sentence_is_enough_to_tell_the_language(lang: str) -> None:
    assert check("", TEXTS[lang] * 2, "a.txt", "a.txt", False) == (lang, [])
    assert check(lang, TEXTS[lang], "a.txt", "a.txt", False) == (lang, [])


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("declared", ["en", "pl", "ar"])
def test_a_wrong_declaration_is_refused_and_force_takes_it_with_a_warning(lang: str, declared: str) -> None:
    if declared == lang:
        return
    with pytest.raises(InputError, match="wrong-language") as caught:
        check(declared, TEXTS[lang], "a.txt", "dir/a.txt", False)
    assert caught.value.faults[0].where == "dir/a.txt"
    kept, warnings = check(declared, TEXTS[lang], "a.txt", "dir/a.txt", True)
    assert kept == declared
    assert len(warnings) == 1
    assert repr(declared) in warnings[0]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("en", "Hello."),
        ("fil", "Kumusta."),
        ("de", "Hallo."),
        ("ja", "東京"),
        ("pt", "Olá."),
        ("pl", "NVIDIA H200"),
        ("en", "12 345"),
        ("ar", "OpenAI"),
    ],
)
def test_a_few_letters_contradict_no_declaration(declared: str, text: str) -> None:
    assert check(declared, text, "a.txt", "a.txt", False) == (declared, [])


@pytest.mark.parametrize(
    ("declared", "lang"),
    [("no", "da"), ("ms", "id"), ("pt-BR", "pt"), ("zh-Hant", "zh"), ("gsw", "de"), ("tlh", "en")],
)
def test_close_varieties_regions_and_languages_unknown_to_the_model_are_taken_at_their_word(
    declared: str, lang: str
) -> None:
    text = TEXTS.get(
        lang, "Færgen sejlede ved daggry, og ingen på kajen vidste, hvornår den ville komme tilbage."
    )
    assert check(declared, text, "a.txt", "a.txt", False) == (declared, [])


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("fil.txt", "fil"), ("tl.txt", "fil"), ("story.pt.txt", "pt"), ("story_pt-BR.md", "pt-BR"), ("pl/story.html", "pl"),
        ("deep/zh/page.html", "zh"), ("story.txt", ""), ("the.txt", ""), ("x.html", ""), ("a/b/c.txt", ""), ("000_3a684e.txt", ""),
        (".txt", ""), ("pl/en.txt", "en"), ("my story en.md", "en"),
    ],
)  # fmt: skip
def test_languages_named_by_files_and_folders(name: str, hint: str) -> None:
    assert name_hint(name) == hint


def test_the_name_settles_a_close_call_and_yields_to_the_text() -> None:
    assert check("", "Hello.", "en.txt", "en.txt", False) == ("en", [])
    assert check("", TEXTS["pt"], "pt-BR.txt", "pt-BR.txt", False) == ("pt-BR", [])
    lang, warnings = check("", TEXTS["pl"], "en.txt", "en.txt", False)
    assert lang == "pl"
    assert "en.txt" in warnings[0]


def test_a_guess_about_a_short_text_is_told() -> None:
    lang, warnings = check("", "Hola.", "a.txt", "a.txt", False)
    assert lang
    assert "too short" in warnings[0]


def test_codes_of_the_model_are_normalised() -> None:
    codes = [code for code, _ in rank("Magandang umaga po sa inyong lahat")]
    assert codes[0] == "fil"
    assert "tl" not in codes
    assert len(codes) == len(set(codes))
