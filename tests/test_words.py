"""The lists of common words, `hexapla/lang/<code>/words.txt`: their form, and what of them is found in a text."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from hexapla.align.concepts import Known

LANG = Path(__file__).parent.parent / "hexapla" / "lang"
CODES = sorted(file.parent.name for file in LANG.glob("*/words.txt"))


def lines(code: str) -> list[str]:
    return (LANG / code / "words.txt").read_text("utf-8").splitlines()


def table(code: str) -> dict[str, list[str]]:
    """The forms by key, without the sign of a whole word."""
    split = (line.split("\t") for line in lines(code)[1:])
    return {key: [form.removesuffix("=") for form in forms.split(", ")] for key, forms in split}


def found(code: str, *sentences: str) -> list[set[str]]:
    """The words' keys in each sentence."""
    numbers: dict[tuple[str, str], int] = {}

    def number(kind: str, meant: str) -> int:
        return numbers.setdefault((kind, meant), len(numbers))

    each = Known(code, number, lambda tokens: [()] * len(tokens))(sentences)
    names = list(numbers)
    return [{names[n][1] for n in one if names[n][0] == "word"} for one in each]


@pytest.mark.parametrize("code", CODES)
def test_a_list_keeps_its_rules(code: str) -> None:
    first, *rest = lines(code)
    assert first.startswith("# Written for Hexapla, ")
    by_form: dict[str, set[str]] = defaultdict(set)
    keys = set()
    for line in rest:
        key, forms = line.split("\t")
        assert key not in keys, f"{key} twice"
        keys.add(key)
        plain = [form.removesuffix("=").lower() for form in forms.split(", ")]
        assert all(form and form == form.strip() for form in plain), line
        assert not set('()/;|="') & set("".join(plain)), line
        assert len(set(plain)) == len(plain), f"a form twice: {line}"
        assert unicodedata.is_normalized("NFC", forms), line
        for form in plain:
            by_form[form].add(key)
    assert len(keys) >= 600
    assert not keys - set(table("en")), "keys that the English list does not have"
    assert not {form: keys for form, keys in by_form.items() if len(keys) > 3}


@pytest.mark.parametrize("code", CODES)
def test_a_form_alone_gives_its_key(code: str) -> None:
    words = table(code)
    sample = [(key, form) for key in sorted(words)[len(code) :: 9] for form in words[key]]
    missing = [
        (key, form)
        for (key, form), keys in zip(sample, found(code, *[form for _, form in sample]), strict=True)
        if key not in keys
    ]
    assert not missing


# one text in many languages: what is found in all of them
FLOOD = {
    "en": "After heavy rain the river flooded the village, and rescue teams searched for two missing children.",
    "fil": "Matapos ang malakas na ulan, binaha ng ilog ang nayon, at hinanap ng mga tagapagligtas ang dalawang nawawalang bata.",
    "ar": "بعد أمطار غزيرة غمر النهر القرية، وبحثت فرق الإنقاذ عن طفلين مفقودين.",
    "pl": "Po ulewnym deszczu rzeka zalała wioskę, a ratownicy szukali dwojga zaginionych dzieci.",
    "pt": "Depois da chuva forte, o rio inundou a aldeia, e as equipas de resgate procuraram duas crianças desaparecidas.",
    "zh": "大雨过后,河水淹没了村庄,救援队搜寻两名失踪儿童。",
    "ja": "大雨の後、川が村を襲い、救助隊は行方不明の子ども2人を捜索した。",
    "ko": "폭우 후 강이 마을을 덮쳤고 구조대는 실종된 어린이 두 명을 수색했다.",
    "vi": "Sau trận mưa lớn, nước sông tràn vào ngôi làng, và các đội cứu hộ tìm kiếm hai trẻ em mất tích.",
    "th": "หลังฝนตกหนัก แม่น้ำท่วมหมู่บ้าน และทีมกู้ภัยค้นหาเด็กสองคนที่สูญหาย",
    "hi": "भारी बारिश के बाद नदी का पानी गाँव में घुस गया और बचाव दल ने दो लापता बच्चों की तलाश की।",
    "de": "Nach starkem Regen überflutete der Fluss das Dorf, und die Rettungskräfte suchten nach zwei vermissten Kindern.",
    "fr": "Après de fortes pluies, la rivière a inondé le village et les secouristes ont cherché deux enfants disparus.",
    "es": "Tras las fuertes lluvias, el río inundó el pueblo y los equipos de rescate buscaron a dos niños desaparecidos.",
    "ru": "После сильного дождя река затопила деревню, и спасатели искали двух пропавших детей.",
    "tr": "Şiddetli yağmurdan sonra nehir köyü bastı ve kurtarma ekipleri kayıp iki çocuğu aradı.",
    "id": "Setelah hujan lebat, sungai membanjiri desa, dan tim penyelamat mencari dua anak yang hilang.",
    "sw": "Baada ya mvua kubwa mto ulifurika kijijini, na waokoaji waliwatafuta watoto wawili waliopotea.",
    "he": "אחרי גשם כבד הנהר הציף את הכפר, וצוותי ההצלה חיפשו שני ילדים נעדרים.",
    "fa": "پس از باران شدید، رودخانه روستا را فرا گرفت و گروه‌های نجات دو کودک مفقود را جستجو کردند.",
}  # fmt: skip


@pytest.mark.parametrize("code", FLOOD)
def test_a_sentence_of_each_language(code: str) -> None:
    assert found(code, FLOOD[code])[0] >= {
        "after",
        "rain",
        "river",
        "village",
        "child",
        "missing (person)",
        "rescue",
    }


@pytest.mark.parametrize(
    ("code", "text", "given", "not_given"),
    [
        # a known word is not another that begins like it, but is one that it hardly extends
        ("en", "an important international statement", {"important"}, {"import", "internet", "state (nation)"}),
        ("en", "the public listened", {"public", "listen"}, {"publish", "list"}),
        ("en", "four people were killed", {"people", "dead", "kill"}, set()),
        ("de", "starker Regen", {"strong", "rain"}, {"die", "star"}),
        # words of a phrase do not count alone
        ("en", "the prime minister", {"prime minister"}, {"minister"}),
        ("vi", "người đàn ông", {"man"}, {"people", "he"}),
        ("ar", "لرئيس الوزراء", {"prime minister"}, {"minister"}),
        ("he", "שבבית המשפט", {"court"}, {"home", "trial"}),
        # nor those of a longer one in a script without spaces
        ("zh", "总统府", {"president"}, set()),
        ("th", "เมืองหลวง", {"capital (city)"}, {"hand", "city"}),
        ("my", "မြို့တော်ဝန်", {"mayor"}, {"capital (city)"}),
        # whole words
        ("pl", "przez rząd przed wyborami", {"government", "before", "election"}, set()),
        ("pl", "przez", set(), {"before"}),
        ("pt", "pelos estados", {"state (nation)"}, {"hair", "be"}),
        # words written together, and signs of the verb
        ("he", "ולממשלה", {"government"}, set()),
        ("am", "የመንግሥት", {"government"}, set()),
        ("fa", "نمی‌پذیرد", {"accept"}, set()),
        ("sw", "hawakusaidia", {"help"}, set()),
        ("uz", "maʼlumot ma’lumot ma'lumot", {"information"}, set()),
    ],
)  # fmt: skip
def test_what_is_found_and_what_is_not(code: str, text: str, given: set[str], not_given: set[str]) -> None:
    keys = found(code, text)[0]
    assert keys >= given
    assert not keys & not_given
