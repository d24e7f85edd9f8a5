import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.align import align, beads, nway
from hexapla.align.dp import BEADS, best_path, posteriors
from hexapla.align.features import NAMES, design, scores, side
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
    assert np.allclose(scores(a, b, 0.9, weights().features), np.tensordot(weights().features, design(a, b, 0.9), 1))


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
