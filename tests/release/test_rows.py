"""Tags and joined sentences, on texts drawn at random."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from release_corpus import document

from hexapla.corpus import ENTITY_LABELS
from hexapla.release import columns
from hexapla.release.rows import by_sentence, joined, tags
from hexapla.tokens import tokens

PIECES = st.lists(
    st.tuples(st.sampled_from(["", *ENTITY_LABELS]), st.lists(st.sampled_from(["ab", "Łódź", "ب", "🚌", "-", "7"]), min_size=1, max_size=3)),
    min_size=1, max_size=8,
)  # fmt: skip


def marked(pieces: list[tuple[str, list[str]]]) -> str:
    return " ".join(f"[{' '.join(words)}|{label}|]" if label else " ".join(words) for label, words in pieces)


@given(PIECES)
def test_iob2_tags_say_the_same_as_the_spans(pieces: list) -> None:
    text = document("d", "pl", marked(pieces))
    spans = tokens(text.text)
    names = columns.iob2(ENTITY_LABELS).names
    found: list[list] = []
    for (start, end), tag in zip(
        spans, (names[t] for t in tags(spans, text.mentions, ENTITY_LABELS, 0)), strict=True
    ):
        if tag.startswith("B-"):
            found.append([start, end, tag[2:]])
        elif tag.startswith("I-"):
            assert found
            assert found[-1][2] == tag[2:]
            found[-1][1] = end
    assert found == [[m.start, m.end, m.label] for m in text.mentions]


@given(st.lists(PIECES, min_size=1, max_size=4), st.randoms())
def test_joined_sentences_keep_every_mention(texts: list, chance) -> None:
    text = document("d", "pl", "\n".join(map(marked, texts)))
    held, faults = by_sentence(text)
    assert not faults
    chosen = sorted(chance.sample(range(len(text.sentences)), chance.randint(1, len(text.sentences))))
    line, mentions = joined(text, [text.sentences[n] for n in chosen], held)
    assert [line[m["start"] : m["end"]] for m in mentions] == [m["surface"] for m in mentions]
    assert len(mentions) == sum(len(held[text.sentences[n]]) for n in chosen)
