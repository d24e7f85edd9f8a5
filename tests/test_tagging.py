"""Tokens ↔ tags ↔ spans, and features."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import corpus, document

from hexapla.errors import InputError
from hexapla.predictions import TRACKS, Prediction
from hexapla.score import score_tags
from hexapla.tagging import features, lost, script, sentence_tokens, shape, spans_of, tags_of

TOKENS = [(0, 3), (4, 8), (8, 9), (10, 14)]
TAG_CASES = [
    ([], "O O O O"),
    ([(0, 8, "PER")], "B-PER I-PER O O"),
    ([(0, 3, "PER"), (4, 8, "PER")], "B-PER B-PER O O"),
    ([(0, 3, "PER"), (4, 9, "LOC")], "B-PER B-LOC I-LOC O"),
    ([(10, 14, "ORG"), (0, 3, "PER")], "B-PER O O B-ORG"),
    ([(5, 7, "PER")], "O B-PER O O"),  # inside a token: the token is tagged whole
    ([(0, 5, "PER"), (6, 9, "LOC")], "B-PER I-PER B-LOC O"),  # both claim the second token
    ([(20, 24, "PER")], "O O O O"),
]


@pytest.mark.parametrize(("mentions", "expected"), TAG_CASES)
def test_tags_of(mentions: list[tuple[int, int, str]], expected: str) -> None:
    assert tags_of(TOKENS, [Prediction(*m) for m in mentions]) == expected.split()


SPAN_CASES = [
    ("O O O O", []),
    ("B-PER I-PER O B-PER", [(0, 8, "PER"), (10, 14, "PER")]),
    ("I-PER I-LOC I-LOC O", [(0, 3, "PER"), (4, 9, "LOC")]),
    ("B-PER O I-PER I-PER", [(0, 3, "PER"), (8, 14, "PER")]),
    ("B-PER B-PER I-PER I-PER", [(0, 3, "PER"), (4, 14, "PER")]),
]


@pytest.mark.parametrize(("tags", "expected"), SPAN_CASES)
def test_spans_of(tags: str, expected: list[tuple[int, int, str]]) -> None:
    assert spans_of(TOKENS, tags.split()) == expected


@given(st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]), max_size=12))
def test_spans_are_those_that_conlleval_counts(tags: list[str]) -> None:
    tokens = [(2 * n, 2 * n + 1) for n in range(len(tags))]
    found = spans_of(tokens, tags)
    assert len(found) == score_tags([tags], [tags], mode="conlleval").micro.support
    again = tags_of(tokens, [Prediction(*span) for span in found])
    assert spans_of(tokens, again) == found
    assert score_tags([again], [again]).micro.support == len(found)


def test_spans_need_a_tag_per_token() -> None:
    with pytest.raises(InputError, match="bad-length"):
        spans_of(TOKENS, ["O"])


def test_every_mention_of_the_toy_corpus_survives_tags() -> None:
    for d in corpus().documents:
        for labels in TRACKS.values():
            assert lost(d, [m for m in d.mentions if m.label in labels]) == []


def test_lost_names_what_tags_cannot_hold() -> None:
    d = document("d", "en", "Ann Lee sang.\nBob left.")
    inside, across, whole = Prediction(1, 3, "PER"), Prediction(8, 17, "EVENT"), Prediction(0, 7, "PER")
    assert lost(d, [whole]) == []
    assert lost(d, [inside]) == [inside]
    assert lost(d, [across]) == [across]


def test_sentence_tokens_are_offsets_of_the_document() -> None:
    d = document("d", "fil", "Si Ana ito.\nUmuwi siya.")
    assert [[d.text[a:b] for a, b in spans] for spans in sentence_tokens(d)] == [
        ["Si", "Ana", "ito", "."],
        ["Umuwi", "siya", "."],
    ]


@pytest.mark.parametrize(
    ("char", "expected"),
    [("a", "LATIN"), ("س", "ARABIC"), ("中", "CJK"), ("٣", "DIGIT"), ("-", "PUNCT"), ("$", "SYMBOL")],
)
def test_script(char: str, expected: str) -> None:
    assert script(char) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("Łódź", "Xxx"), ("57", "00"), ("iPhone", "xXxx"), ("مدينة", "cc"), ("A-B", "X-X")]
)
def test_shape(word: str, expected: str) -> None:
    assert shape(word) == expected


def test_features_see_neighbours_and_edges() -> None:
    rows = features(["Ann", "met", "Bob"])
    assert len(rows) == 3
    assert {"w=ann", "capital", "1:w=met", "2:w=bob", "-1:edge"} <= set(rows[0])
    assert {"-1:w=met", "1:edge"} <= set(rows[2])
    assert features([]) == []
