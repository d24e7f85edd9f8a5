import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.align import Aligner, align, beads, nway
from hexapla.align.concepts import Known
from hexapla.align.dp import BEADS, best_path, posteriors
from hexapla.align.features import NAMES, design, key, scores, side
from hexapla.align.pairwise import weights

EN = [
    "The bridge over the Dulas opened in 1904.",
    "It cost £12,500.",
    "Was it worth the money?",
    "Farmer Tom Beddoes, 71, thinks so.",
    "“My grandfather carried stones for it,” he said.",
    "Last winter 340 cars a day crossed it.",
    "The council wants to close it.",
]
PT = [
    "A ponte sobre o Dulas foi inaugurada em 1904.",
    "Custou £12.500. Valeu o dinheiro?",
    "O agricultor Tom Beddoes, de 71 anos, acha que sim.",
    "Gosta de pescar.",
    "“O meu avô carregou pedras para ela”, disse.",
    "No inverno passado, 340 carros por dia atravessavam-na.",
]
AR = [
    "افتتح الجسر فوق نهر Dulas عام 1904.",
    "وبلغت تكلفته 12500 جنيه.",
    "هل كان يستحق المال؟",
    "يعتقد ذلك المزارع توم بيدوز (71 عاما).",
    "وقال: \"حمل جدي الحجارة من أجله\".",
    "في الشتاء الماضي عبرته 340 سيارة يوميا. ويريد المجلس إغلاقه.",
]  # fmt: skip


def test_sums_over_paths_stay_in_range() -> None:
    rng = np.random.default_rng(5)
    for scale in (1.0, 30.0, 300.0):
        score = rng.normal(size=(len(BEADS), 81, 71)) * scale
        score[:, :40] += 10 * scale  # half of the document wins far more than the rest
        chance, log_z = posteriors(score)
        assert np.isfinite(log_z)
        assert np.isfinite(chance).all()
        assert chance.max() <= 1.0
        covered = sum(
            chance[k, i + 1 : i + 1 + a].sum() for i in (3, 60) for k, (a, _) in enumerate(BEADS) if a
        )
        assert covered == pytest.approx(2.0, abs=1e-6)


def test_merged_added_and_dropped_sentences() -> None:
    assert align(EN, PT, "en", "pt") == [
        ([0], [0]), ([1, 2], [1]), ([3], [2]), ([], [3]), ([4], [4]), ([5], [5]), ([6], []),
    ]  # fmt: skip


def test_another_script() -> None:
    assert align(EN, AR, "en", "ar") == [
        ([0], [0]),
        ([1], [1]),
        ([2], [2]),
        ([3], [3]),
        ([4], [4]),
        ([5, 6], [5]),
    ]


def test_confidence_is_a_probability_and_lower_where_nothing_fits() -> None:
    found = beads(EN, PT, "en", "pt")
    assert all(0 <= bead.confidence <= 1 for bead in found)
    odd = beads(
        EN[:2],
        ["Os gatos dormem.", "Chove muito na serra e ninguém sabe porquê, nem quando vai parar."],
        "en",
        "pt",
    )
    assert min(b.confidence for b in odd) < min(b.confidence for b in found if b.src == (0,))


@pytest.mark.parametrize(
    ("src", "tgt"),
    [
        ([], []),
        ([], ["Um."]),
        (["One."], []),
        (["One."], ["Um."]),
        (["", " ", "\x00\x07"], ["", "a"]),
        (["Same."] * 40, ["Mesmo."] * 37),
        (["한국어 문장입니다."] * 3, ["Ett.", "Två."]),
        (["x" * 5000], ["y"] * 9),
    ],
)
def test_odd_input_gives_every_index_once(src: list[str], tgt: list[str]) -> None:
    found = align(src, tgt, "en", "pt")
    assert [i for x, _ in found for i in x] == list(range(len(src)))
    assert [j for _, y in found for j in y] == list(range(len(tgt)))


texts = st.lists(st.text(max_size=40), max_size=7)


@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_every_index_exactly_once_in_order(src: list[str], tgt: list[str]) -> None:
    found = align(src, tgt, "fil", "ar")
    assert [i for x, _ in found for i in x] == list(range(len(src)))
    assert [j for _, y in found for j in y] == list(range(len(tgt)))


def brute_force(score: np.ndarray) -> tuple[float, float]:
    n, m = score.shape[1] - 1, score.shape[2] - 1
    best, total = np.full((n + 1, m + 1), -np.inf), np.full((n + 1, m + 1), -np.inf)
    best[0, 0] = total[0, 0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            for k, (a, b) in enumerate(BEADS):
                if i >= a and j >= b:
                    best[i, j] = max(best[i, j], best[i - a, j - b] + score[k, i, j])
                    total[i, j] = np.logaddexp(total[i, j], total[i - a, j - b] + score[k, i, j])
    return best[n, m], total[n, m]


@pytest.mark.parametrize(("n", "m"), [(1, 1), (0, 3), (4, 2), (6, 7)])
def test_dynamic_programming_agrees_with_the_plain_recursion(n: int, m: int) -> None:
    score = np.random.default_rng(n * 10 + m).normal(size=(len(BEADS), n + 1, m + 1)) * 3
    path = best_path(score)
    best, total = brute_force(score)
    assert sum(score[k, i, j] for k, i, j in path) == pytest.approx(best)
    chance, log_z = posteriors(score)
    assert log_z == pytest.approx(total)
    for i in range(n):  # each sentence is in one bead
        covered = sum(
            chance[k, e].sum() for k, (a, _) in enumerate(BEADS) for e in range(i + 1, min(n, i + a) + 1)
        )
        assert covered == pytest.approx(1)


def test_fast_scores_are_the_weighted_features() -> None:
    a, b = side(EN, "en"), side(AR, "ar")
    assert len(weights().features) == len(NAMES)
    assert np.allclose(
        scores(a, b, 0.9, weights().features),
        np.tensordot(weights().features, design(a, b, 0.9), 1),
        atol=1e-4,
    )


def test_three_languages() -> None:
    groups = nway({"en": EN, "pt": PT, "ar": AR})
    assert {"en": [0], "pt": [0], "ar": [0]} in groups
    assert {"en": [1, 2], "pt": [1], "ar": [1, 2]} in groups
    assert {"pt": [3]} in groups
    assert groups == nway({"ar": AR, "en": EN, "pt": PT})


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["en", "fil", "ar", "pl", "zh"]), texts, max_size=4))
def test_nway_holds_every_sentence_once(documents: dict[str, list[str]]) -> None:
    groups = nway(documents)
    held = sorted((lang, i) for group in groups for lang, ids in group.items() for i in ids)
    assert held == sorted((lang, i) for lang, lines in documents.items() for i in range(len(lines)))
    assert all(ids == sorted(ids) and ids for group in groups for ids in group.values())


def numbered(lang: str, numbers: list[int]) -> list[str]:
    said = {
        "en": "In {}, the people of the valley counted {} sheep.",
        "pt": "Em {}, a gente do vale contou {} ovelhas.",
    }
    return [said[lang].format(1200 + n, n * 37 + 11) for n in numbers]


def test_a_long_document_is_searched_in_windows_across_a_large_gap() -> None:
    src = numbered("en", list(range(400)))
    tgt = numbered("pt", [*range(150), *range(240, 400)])
    found = align(src, tgt, "en", "pt")
    assert [i for x, _ in found for i in x] == list(range(400))
    assert [j for _, y in found for j in y] == list(range(310))
    right = {(n, n if n < 150 else n - 90) for n in (*range(150), *range(240, 400))}
    assert len(right & {(x[0], y[0]) for x, y in found if len(x) == len(y) == 1}) > 300


def test_long_texts_are_analysed_once_for_all_parts_of_their_beads(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(range(200))
    texts = {"en": numbered("en", lines), "pt": numbered("pt", lines)}
    aligner = Aligner().fit([(texts["en"][:40], texts["pt"][:40])], "en", "pt")
    analysed, document = [], Aligner.document

    def counted(self: Aligner, sentences: list[str], *more: object) -> object:
        analysed.append(len(sentences))
        return document(self, sentences, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Aligner, "document", counted)
    assert nway(texts, {("en", "pt"): aligner}) == [{"en": [i], "pt": [i]} for i in lines]
    assert len(analysed) <= 6  # without and with the words of the dictionary, and to find the parts


def test_many_identical_lines_end_in_a_sane_result() -> None:
    found = align(["Same line."] * 330, ["Mesma linha."] * 300, "en", "pt")
    assert [i for x, _ in found for i in x] == list(range(330))
    assert [j for _, y in found for j in y] == list(range(300))


def test_learning_from_a_set_teaches_words_and_the_shape_of_beads() -> None:
    nouns = [
        ("sea", "meer"),
        ("hill", "hügel"),
        ("bird", "vogel"),
        ("stone", "stein"),
        ("tree", "baum"),
        ("river", "fluss"),
    ]
    pairs = []
    for first in range(6):
        order = nouns[first:] + nouns[:first]
        src = [f"We saw a {a} there." for a, _ in order]
        tgt = [f"Dort war {b} zu sehen." for _, b in order]
        pairs.append((src, tgt))
    aligner = Aligner().fit(pairs, "en", "de")
    assert aligner.learnt is not None
    src, tgt = pairs[2]
    assert aligner(src, [*tgt[:2], *tgt[3:]], "en", "de") == [
        ([0], [0]),
        ([1], [1]),
        ([2], []),
        ([3], [2]),
        ([4], [3]),
        ([5], [4]),
    ]


def test_an_encoder_decides_where_nothing_else_does() -> None:
    meaning = {"ka lo.": 0, "mi tu.": 1, "so re.": 2, "be ni.": 0, "do va.": 1, "ze pu.": 2}

    def encode(texts: list[str]) -> np.ndarray:
        return np.array(
            [
                [float(any(m == d for t, m in meaning.items() if t in text)) for d in range(3)]
                for text in texts
            ]
        )

    found = Aligner(encode)(["ka lo.", "mi tu.", "so re."], ["be ni.", "ze pu."], "en", "sw")
    assert found == [([0], [0]), ([1], []), ([2], [1])]


def known(text: str, lang: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    every: dict[int, tuple[str, str]] = {}

    def number(kind: str, meant: str) -> int:
        every[key(kind, meant)] = (kind, meant)
        return key(kind, meant)

    (keys,) = Known(lang, number, lambda tokens: [()] * len(tokens))([text])
    found.update(every[k] for k in keys)
    return found


@pytest.mark.parametrize(
    ("lang", "text", "meant"),
    [
        ("pl", "W Niemczech padało", ("concept", "T:DE")),
        ("ar", "بالصين", ("concept", "T:CN")),
        ("pt", "os Estados Unidos", ("concept", "T:US")),
        ("fil", "tatlo", ("spelt", "3")),
        ("ar", "٣", ("spelt", "3")),
        ("en", "the governments", ("word", "government")),
        ("en", "the prime ministers", ("word", "prime minister")),
        ("ar", "وللحكومة", ("word", "government")),
        ("zh", "她说总统来了", ("word", "president")),
        ("ja", "政府は水曜日に", ("word", "government")),
        ("zh", "斥资3650万欧元", ("number", "36500000")),
        ("zh", "接近6.4亿美元", ("number", "640000000")),
        ("ja", "6.4億ドル", ("number", "640000000")),
        ("pt", "gastou 36,5 milhões de euros", ("number", "36500000")),
        ("es", "1,2 mil millones", ("number", "1200000000")),
    ],
)  # fmt: skip
def test_known_words_are_found_inflected_joined_and_unspaced(
    lang: str, text: str, meant: tuple[str, str]
) -> None:
    assert meant in known(text, lang)


def test_a_name_needs_its_capital_and_a_short_word_its_end() -> None:
    assert ("concept", "T:TR") not in known("a turkey", "en")
    assert ("word", "war") not in known("the warehouse", "en")
    assert known("abc", "und") == set()
