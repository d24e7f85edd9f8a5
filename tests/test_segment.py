import itertools

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
    ("af", "Mnr. Botha het gister gekom.|Dit was in die 19de eeu, d.w.s. lank gelede.|“Wie is daar?” vra sy."),
    ("cs", "Dne 3. října přijel Karel IV. na hrad.|Prof. Novák řekl: „Dobře.“|Pak odešel."),
    ("sk", "Prišiel o 5. hodine ráno.|MUDr. Kováč mlčal.|Bolo zima."),
    ("hu", "II. Rákóczi Ferenc 1703. május 6-án indult el.|Dr. Nagy maradt.|Esett."),
    ("sr", "Г. Петровић је стигао 5. маја.|Ко је тамо?|Нико."),
    ("bg", "През 1990 г. построиха къща на ул. Шипка.|Кой е там?|Никой."),
    ("el", "Ποιος ήρθε;|Ο κ. Παππάς, π.χ. από την Αθήνα.|Έβρεχε."),
    ("da", "Den 3. oktober kom hr. Olsen.|Han sagde: »Godt.«|Så gik han."),
    ("fi", "Hän tuli 3. lokakuuta.|”Kuka siellä?” kysyi äiti.|Kukaan ei vastannut."),
    ("lt", "1990 m. gegužės 5 d. atvyko p. Jonaitis.|Lijo."),
    ("hy", "Նա ասաց. «Գնանք»։|Անձրև եկավ:|Ոչ ոք չեկավ։"),
    ("he", "ד\"ר לוי הגיע בשעה 3.30.|\"מי שם?\" שאלה האישה.|איש לא ענה."),
    ("fa", "باران بارید.|چه کسی آمد؟|او گفت: «هیچ‌کس.»|در بسته شد."),
    ("ur", "بارش ہوئی۔|کون آیا؟|کوئی نہیں۔"),
    ("ps", "باران وشو.|څوک راغی؟|هېڅوک نه."),
    ("ug", "يامغۇر ياغدى.|كىم كەلدى؟|ھېچكىم."),
    ("dv", "ވާރޭ ވެހުނެވެ.|ކާކު އައީ؟|އެއްވެސް މީހެއް ނާދެއެވެ."),
    ("am", "“ማን መጣ?” ሲል ጠየቀ።|ዓ.ም. አዲስ ነው።|ሄደ።"),
    ("ti", "ዝናብ ዘነበ።|መን መጺኡ፧|ማንም።"),
    ("bn", "বৃষ্টি হল।|“কে এল?” বলেন মা।|ড. রায় এলেন৷|কেউ নেই।"),
    ("mr", "डॉ. जोशी आले.|“कोण आहे?” असे तिने विचारले.|पाऊस पडला."),
    ("ne", "पानी पर्‍यो।|“को आयो?” भनेर आमाले सोध्नुभयो।|कोही आएन।"),
    ("gu", "ડૉ. શાહ આવ્યા.|કોણ છે?|કોઈ નહીં."),
    ("pa", "ਡਾ. ਸਿੰਘ ਆਏ।|ਕੌਣ ਹੈ?|ਕੋਈ ਨਹੀਂ।"),
    ("ta", "மு. க. வேலன் வந்தார்.|“யார் அது?” என்று கேட்டார்.|மழை பெய்தது."),
    ("te", "డా. రావు వచ్చారు.|“ఎవరు?” అని అడిగారు.|వాన పడింది."),
    ("kn", "ಡಾ. ರಾವ್ ಬಂದರು.|“ಯಾರು?” ಎಂದು ಕೇಳಿದರು.|ಮಳೆ ಬಂತು."),
    ("ml", "ഡോ. നായർ വന്നു.|“ആരാണ്?” എന്ന് ചോദിച്ചു.|മഴ പെയ്തു."),
    ("si", "වැස්ස වැටුණා.|කවුද ආවේ?|කවුරුත් නැහැ."),
    ("km", "ភ្លៀងធ្លាក់។|មានផ្លែឈើ បន្លែ ។ល។|គាត់ទៅ។"),
    ("yue", "「邊個嚟？」佢問。|落雨喇。"),
]  # fmt: skip
# Nothing but the marks: no space between sentences
JOINED = [
    ("ja", "駅は遠い？|はい。|田中氏は3.5キロ歩いた。|「雨だ。」などと話した。|終わり"),
    ("zh", "他走了。|“为什么？”|没人知道！|“A.B.公司在这里。”|好"),
    ("zh", '他说："走吧。"|雨停了。|"好。"|他们走了。'),
    ("zh", "他说：“走吧。“|雨停了。|“好。“|他们走了。"),  # one form of quote for both ends
    ("am", "ዝናብ ዘነበ።|ማን መጣ?|ልጁ ሄደ፡፡|በሩ ተዘጋ።"),
    ("my", "မိုးရွာသည်။|သူက “သွားမည်။” ဟု ပြောသည်။|သူသွားသည်၊ ငါနေသည်။"),
    ("km", "ភ្លៀងធ្លាក់។|តើអ្នកណាមក?|គ្មាននរណាទេ។"),
    ("lo", "ຝົນຕົກແຮງຫຼາຍ.|ດຣ.ສົມ ມາແລ້ວ.|ໃຜມາ?|ບໍ່ມີໃຜ."),
    ("th", "ฝนตกหนัก?|ใช่!|ดร. สมชายเกิด พ.ศ. 2510"),
    ("bo", "ཆར་པ་བབས་སོང་།|ཁོ་ཕྱིན་པ་དང་། ང་བསྡད་པ་ཡིན།།|སུ་ཡོང་བ་རེད།"),
    ("dz", "ཆརཔ་རྐྱབ་ནུག།|ཁོ་འོང་ཡི། །|ང་ཨིན།"),
    ("hi", "डॉ. राव आए।|क्या हुआ?|कुछ नहीं।"),
    ("hy", "Անձրև եկավ։|Ժամը 18։30 էր։"),
]


@pytest.mark.parametrize(("lang", "marked"), JOINED)
def test_boundaries_without_spaces(lang: str, marked: str) -> None:
    expected = marked.split("|")
    assert cut("".join(expected), lang) == expected


# What stands around the mark
MARKS = [
    ("fr", "« Il pleut ! », dit-elle."),
    ("en", "He read Grace v. Stone and a bottle of Co. Ltd. wine."),
    ("es", "El embajador de EE. UU. en Lima habló."),
    ("tr", "Ev 125. Sokak'ta, II. Murat çeşmesinin yanında."),
    ("de", "Am 21. Dezember begann im XXI. Jahrhundert der Winter."),
    ("ru", "Он дал 5 млн долл. США и уехал на ул. Мира."),
    ("fil", "Dumating ang pagka-Mr. Santos noong Okt. 2 sa bayan."),
    ("xx", "Seen by Dr. Stone and Mrs. Hill at 3 p.m. on Monday."),
    ("en", "a" + " " * 60 + ". b"),
    ("th", "ราคา 3.5 บาท เวลา 18.00 น. ที่กทม. และเชียงใหม่"),
]


@pytest.mark.parametrize(("lang", "text"), MARKS)
def test_one_sentence(lang: str, text: str) -> None:
    assert cut(text, lang) == [text]


SPLIT = [
    ("hi", 'वह कौन है? " राम ने पूछा।', 1),
    ("hi", 'उसने कहा, "वह कौन है? " राम आया।', 1),
    ("hi", "वह आया। । फिर गया।", 1),
    ("fr", "« Il pleut ! » Elle sortit.", 1),
    ("de", "Er fragte: ‚Warum?‘ Niemand sprach.", 1),
    ("pl", "Zajęli miejsca 1 i 3. Zespół świętował.", 1),
    ("pl", "Nie wierzył im. W domu milczał.", 1),
    ("de", "Sie gewannen 2 zu 1. Danach regnete es.", 1),
    ("en", "Wait! ! Now.", 1),
]


@pytest.mark.parametrize(("lang", "text", "cuts"), SPLIT)
def test_two_sentences(lang: str, text: str, cuts: int) -> None:
    assert len(cut(text, lang)) == cuts + 1


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


HEADLINES = [
    ("en", "Harbour town opens its first library|The mayor cut the ribbon on Friday.|It rained."),
    ("es", "El puerto estrena una nueva biblioteca pública|La alcaldesa cortó la cinta."),
    ("pl", "Miasto otwiera nową bibliotekę nad rzeką|Po południu burmistrz przeciął wstęgę."),
    ("fr", "Le port ouvre sa première grande bibliothèque|Le maire a coupé le ruban."),
    ("ru", "Город открывает первую библиотеку у самой реки|После обеда мэр перерезал ленту."),
    (
        "de",
        "Hafenstadt eröffnet am Freitag die neue Bibliothek.|Wer mehr wissen will, dem helfen Sie bitte weiter.",
    ),
    ("es", "La familia vive desde hace años en La rioja alta."),
    ("en", "She said that the day before “was when they saw The last man” leave."),
]


@pytest.mark.parametrize(("lang", "marked"), HEADLINES)
def test_a_headline_may_run_on_into_the_text(lang: str, marked: str) -> None:
    expected = marked.split("|")
    assert cut(" ".join(expected), lang) == expected


@given(st.text() | st.text(st.characters()), st.sampled_from([*langs.with_data("text"), "xx"]))
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
        st.sampled_from(
            [
                "Mr.",
                "3.",
                "U.S.",
                "end.",
                "\n\n",
                '"',
                "”",
                "“",
                "…",
                "。",
                "A.",
                "a",
                "?!",
                "»",
                "།",
                "។ល។",
                "፡፡",
                "The man",
            ]
        ),
        max_size=20,
    ),
    st.sampled_from(["", " ", "\r\n", "\u2029"]),
    st.sampled_from(["en", "zh", "bo", "km", "am", "hy", "th", "de"]),
)
def test_any_mix_of_marks_is_covered(parts: list[str], between: str, lang: str) -> None:
    text = between.join(parts)
    spans = sentences(text, lang)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(a < b <= c < d for (a, b), (c, d) in itertools.pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@pytest.mark.parametrize("lang", ["en", "zh", "bo", "th", "de"])
@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "a",
        '"',
        "“",
        " ",
        "\n",
        "\n ",
        "\0",
        "\ud800",
        "。",
        "a. ",
        '. "',
        "。“",
        "好.",
        "A. B. ",
        "! ",
        "།",
        "a b The ",
        "።",
        "1. ",
    ],
)
def test_hostile_repetition_comes_to_an_end(unit: str, lang: str) -> None:
    text = unit * (100_000 // len(unit)) + "x"  # nested repetition in a pattern would take years
    spans = sentences(text, lang)
    assert spans[-1][1] == len(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@pytest.mark.parametrize("lang", ["en", "zh", "hi"])
def test_nothing_but_white_space_has_no_sentence(lang: str) -> None:
    assert sentences("", lang) == sentences(" \n\t\r\n\u2029 \u3000", lang) == []


def test_line_ends_of_any_kind() -> None:
    lines = "First line\n\nIt rained. They\nleft.\n"
    assert cut(lines, "en") == ["First line", "It rained.", "They\nleft."]
    assert cut(lines.replace("\n", "\r\n"), "en") == ["First line", "It rained.", "They\r\nleft."]
    assert cut("One\u2029Two", "en") == ["One", "Two"]


@pytest.mark.parametrize("lang", langs.with_data("text"))
def test_the_data_of_each_language_is_well_formed(lang: str) -> None:
    table = langs.data(lang, "text")["segment"]
    known = {
        "never", "homographs", "capitals", "before_digit", "seldom", "starters", "abbreviation", "after_quote", "continues", "finals",
        "ordinal_dot", "terminators", "doubled", "dot_introduces",
    }  # fmt: skip
    assert set(table) <= known
    assert all(
        isinstance(word, str) and word.strip()
        for key in known - {"ordinal_dot", "dot_introduces", "terminators", "doubled", "abbreviation"}
        for word in table.get(key, [])
    )
