import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.align import relate, relation_score
from tests.test_align import AR, EN, PT

OTHER_EN = [
    "Marta Kowalik won the 800 metres in Poznań on Saturday.",
    "She ran it in 1:58.31, the best time of her life.",
    "Her coach wept.",
    "Did she expect to win?",
    "“I expected rain,” said Kowalik, who trains 14 times a week.",
    "Next comes Zagreb.",
]
OTHER_PT = [
    "Marta Kowalik venceu os 800 metros em Poznań no sábado.",
    "Correu em 1:58,31, o melhor tempo da sua vida.",
    "O treinador dela chorou.",
    "Esperava vencer?",
    "“Esperava chuva”, disse Kowalik, que treina 14 vezes por semana.",
    "Segue-se Zagreb.",
]
SAME_SUBJECT_PT = [
    "A atleta polaca Marta Kowalik vai casar-se em Zagreb.",
    "Kowalik, de 26 anos, nasceu perto de Poznań.",
    "Em Poznań, a família de Kowalik tem uma padaria muito antiga, onde ela ainda ajuda aos domingos.",
]
SIX = {
    "a-en": ("en", EN), "a-pt": ("pt", PT), "a-ar": ("ar", AR), "b-en": ("en", OTHER_EN), "b-pt": ("pt", OTHER_PT),
    "c-pt": ("pt", SAME_SUBJECT_PT),
}  # fmt: skip


def test_translations_comparable_and_unrelated() -> None:
    found = relate(SIX)
    assert found.articles == (("a-ar", "a-en", "a-pt"), ("b-en", "b-pt"), ("c-pt",))
    assert found.topics == (("a-ar", "a-en", "a-pt"), ("b-en", "b-pt", "c-pt"))
    relation = {(p.a, p.b): p.relation for p in found.pairs}
    assert relation["a-en", "a-pt"] == "translation"
    assert relation["b-en", "c-pt"] == "comparable"
    assert relation["a-en", "b-pt"] == "unrelated"


@settings(max_examples=10, deadline=None)
@given(st.permutations(sorted(SIX)))
def test_the_order_of_the_documents_is_of_no_consequence(order: list[str]) -> None:
    assert relate({d: SIX[d] for d in order}) == relate(SIX)


def test_a_large_folder_compares_few_pairs_and_finds_all_translations() -> None:
    rng = random.Random(5)
    names = [
        "".join(rng.choice("bdgklmnprst") + rng.choice("aeiou") for _ in range(4)).title() for _ in range(300)
    ]
    documents = {}
    for d in range(40):
        mine = rng.sample(names, 6)
        years = [rng.randint(1500, 2000) for _ in range(6)]
        documents[f"{d:02}-en"] = (
            "en",
            [f"In {y}, the town of {n} burnt down." for n, y in zip(mine, years, strict=True)],
        )
        documents[f"{d:02}-es"] = (
            "es",
            [f"En {y} ardió la ciudad de {n}." for n, y in zip(mine, years, strict=True)],
        )
    found = relate(documents)
    assert found.articles == tuple((f"{d:02}-en", f"{d:02}-es") for d in range(40))
    assert sum(p.score is not None for p in found.pairs) < 800


def test_relation_score_ranks_the_translation_first() -> None:
    assert relation_score(EN, PT, "en", "pt") > relation_score(EN, OTHER_PT, "en", "pt")
    assert relation_score([], PT, "en", "pt") == float("-inf")


@pytest.mark.parametrize(
    "documents", [{}, {"x": ("en", [])}, {"x": ("en", ["Hello."]), "y": ("en", ["Hello."])}]
)
def test_nothing_to_relate(documents: dict[str, tuple[str, list[str]]]) -> None:
    found = relate(documents)
    assert found.articles == found.topics == tuple((d,) for d in documents)
