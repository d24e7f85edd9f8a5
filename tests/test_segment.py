import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla import langs
from hexapla.segment import sentences


def cut(text: str, lang: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text, lang)]


# A | marks each boundary; it is taken out, with a space left where the script uses spaces.
CASES = [
    ("en", "Mr. Hill left at 5 p.m. on Monday.|Why?|Nobody knows."),
    ("en", "The U.S. fleet sailed.|It was 3.5 km away.|“Go!” she cried."),
    ("en", "He lives in the U.S.|The house is old."),
    ("en", "J. K. Stone wrote No. 4 in Jan. 1990.|Acme Inc. paid."),
    ("en", "They sell pens, ink, etc.|They also sell paper (in bulk.)|It sells."),
    ("en", "Wait... what?|... And then it rained."),
    ("fil", "“Bakit ngayon?” tanong ni G. Reyes.|“Hindi ko alam,” sagot ng kapitbahay.|Umalis sila."),
    ("fil", "Dumating si Gng. Cruz noong 8 a.m. sa plasa.|Umulan."),
    ("ar", "هل وصل القطار؟|نعم، وصل أمس.|قال: \"تأخرنا\"."),
    ("pl", "W 2019 r. kupiono 3 tys. książek, m.in. powieści.|„Dobrze!” powiedział prof. Lis.|Wyszedł."),
    ("pl", "To był 3. maja, dzień świąteczny.|Potem spadł śnieg."),
    ("pt", "O Sr. Dias comprou 2,5 kg de café.|“Caro!”, disse a Dra. Lima.|Saiu."),
    ("de", "Am 3. Oktober kam Dr. Maier.|Er sagte: „Gut.“|Dann ging er."),
    ("es", "¿Vino la Sra. Gil?|¡No!|El tren de las 5.30 no paró."),
    ("fr", "M. Petit dit : « Venez ! »|Elle vint."),
    ("zh", "他说：“很好。”|“为什么？”她问。|没有人知道！|价格是3.5元。"),
    ("zh", '雨停了。|"走吧。"|他们走了。'),
    ("ja", "「行こう。」と彼は言った。|雨が降る。|駅は遠い？"),
    ("ko", "비가 왔다.|우리는 3.5킬로미터를 걸었다.|“왜?”라고 물었다."),
    ("hi", "डॉ. राव आए।|क्या हुआ?|कुछ नहीं।"),
    ("tr", "\"Gel.\" dedi annesi.|Çocuk 2. sınıfa gitti.|Yağmur yağdı."),
    ("ru", "В 1990 г. построили дом на ул. Лесной.|Кто там?|Никого."),
    ("am", "ዝናብ ዘነበ።|ማን መጣ?|ልጁ ሄደ፡፡|በሩ ተዘጋ።"),
    ("ka", "წვიმდა.|ვინ მოვიდა?|არავინ."),
    ("hy", "Անձրև եկավ։|Ոչ ոք չգիտի։"),
    ("my", "မိုးရွာသည်။|သူသွားသည်။"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "marked"), CASES)
def test_boundaries(lang: str, marked: str) -> None:
    expected = marked.split("|")
    assert cut(("" if lang in ("zh", "ja") else " ").join(expected), lang) == expected


def test_a_blank_line_ends_a_headline() -> None:
    assert cut("Lluvia en la sierra\n\nLlovió\ndos días.  \n \n\nFin", "es") == [
        "Lluvia en la sierra",
        "Llovió\ndos días.",
        "Fin",
    ]


@given(st.text(), st.sampled_from([*langs.with_data("text"), "th", "am"]))
def test_sentences_cover_all_but_white_space_in_order(text: str, lang: str) -> None:
    at = 0
    for start, end in sentences(text, lang):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(
    st.lists(
        st.sampled_from(["Mr.", "3.", "U.S.", "end.", "\n\n", '"', "”", "…", "。", "A.", "a", "?!", "»"]),
        max_size=20,
    )
)
def test_any_mix_of_marks_is_covered(parts: list[str]) -> None:
    text = " ".join(parts)
    spans = sentences(text, "en")
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@pytest.mark.parametrize("lang", langs.with_data("text"))
def test_the_data_of_each_language_is_well_formed(lang: str) -> None:
    table = langs.data(lang, "text")["segment"]
    known = {
        "never", "homographs", "before_digit", "seldom", "starters", "abbreviation", "after_quote", "continues", "finals",
        "ordinal_dot", "terminators", "doubled",
    }  # fmt: skip
    assert set(table) <= known
    assert all(
        isinstance(word, str) and word.strip()
        for key in known - {"ordinal_dot", "terminators", "doubled", "abbreviation"}
        for word in table.get(key, [])
    )
