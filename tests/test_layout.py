import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_article import toy

from hexapla.corpus import Article, Bead, Block, Document, Mention, Source
from hexapla.layout import Piece, clean, isolated, quoted, reading_order, rows, title


def one(text, mentions, sentences=(), beads=(), lang="en"):
    marks = tuple(Mention(f"m{n}", s, e, text[s:e], label) for n, (s, e, label) in enumerate(mentions))
    document = Document(Source("d", "d.txt", lang), text, (Block(0, len(text)),), tuple(sentences), marks)
    return Article("a", (document,), tuple(Bead(f"b{n}", {lang: spans}) for n, spans in enumerate(beads)))


def flat(pieces):
    """(text, label or None, first) of the leaves, and the labels that stand around each."""

    def walk(pieces, around):
        for p in pieces:
            labels = around if p.mention is None else (*around, p.mention.label)
            if p.inner:
                yield from walk(p.inner, labels)
            else:
                yield p.text, labels

    return list(walk(pieces, ()))


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        ([], [("ab cd ef", ())]),
        ([(0, 2, "PER")], [("ab", ("PER",)), (" cd ef", ())]),
        ([(0, 2, "PER"), (3, 5, "LOC")], [("ab", ("PER",)), (" ", ()), ("cd", ("LOC",)), (" ef", ())]),
        # one inside the other
        ([(0, 5, "EVENT"), (3, 5, "CARDINAL")], [("ab ", ("EVENT",)), ("cd", ("EVENT", "CARDINAL")), (" ef", ())]),
        # crossing: the second goes on after the first
        ([(0, 4, "ORG"), (3, 8, "LOC")], [("ab ", ("ORG",)), ("c", ("ORG", "LOC")), ("d ef", ("LOC",))]),
        # the same span twice
        ([(3, 5, "PER"), (3, 5, "ORG")], [("ab ", ()), ("cd", ("PER", "ORG")), (" ef", ())]),
    ],
)  # fmt: skip
def test_pieces(mentions, expected):
    article = one("ab cd ef", mentions, beads=[((0, 8),)])
    (pieces,) = rows(article)[0].cells["en"].pieces()
    assert flat(pieces) == expected


def test_a_crossing_mention_begins_once():
    (pieces,) = (
        rows(one("ab cd ef", [(0, 4, "ORG"), (3, 8, "LOC")], beads=[((0, 8),)]))[0].cells["en"].pieces()
    )
    assert [p.first for p in pieces] == [True, False]
    assert pieces[0].inner == (Piece("ab "), Piece("c", pieces[1].mention, True))


@given(
    st.text("ab ", min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12)), max_size=5),
)
def test_pieces_join_to_the_text_and_hold_every_mention_once(text, spans):
    spans = [(a, b, "PER") for a, b in spans if a < b <= len(text)]
    cell = rows(one(text, spans, beads=[((0, len(text)),)]))[0].cells["en"]

    def walk(pieces):
        for p in pieces:
            assert not p.inner or "".join(q.text for q in p.inner) == p.text
            if p.mention and p.first:
                yield p.mention.id
            yield from walk(p.inner)

    assert "".join(p.text for p in cell.pieces()[0]) == text
    assert (
        sorted(walk(cell.pieces()[0]))
        == sorted(m.id for m in cell.mentions)
        == sorted(f"m{n}" for n in range(len(spans)))
    )


def test_rows_leave_nothing_out():
    text = "One. Two. Three. 4"
    article = one(text, [(17, 18, "CARDINAL")], sentences=[(0, 4), (5, 9), (10, 16)], beads=[((5, 9),)])
    assert [(r.bead_id, r.cells["en"].text) for r in rows(article)] == [
        ("en:0", "One."),
        ("b0", "Two."),
        ("en:10", "Three."),
        ("en:17", "4"),
    ]


def test_a_mention_over_the_end_of_its_sentence_is_cut_for_reading():
    article = one("ab cd", [(0, 5, "PER")], sentences=[(0, 2), (3, 5)], beads=[((0, 2), (3, 5))])
    cell = rows(article)[0].cells["en"]
    assert [[p.text for p in sentence] for sentence in cell.pieces()] == [["ab"], ["cd"]]
    assert cell.place(cell.mentions[0]) == (0, 2)


def test_place_counts_the_space_between_sentences():
    article = one("ab. cd ef.", [(7, 9, "PER")], beads=[((0, 3), (4, 10))])
    cell = rows(article)[0].cells["en"]
    start, end = cell.place(cell.mentions[0])
    assert cell.text[start:end] == "ef"
    stranger = dataclasses.replace(cell.mentions[0], start=3, end=4, surface=" ")
    with pytest.raises(ValueError, match="outside"):
        cell.place(stranger)


def test_the_source_is_read_first():
    assert [d.lang for d in reading_order(toy())] == ["ar", "en", "fil", "zh"]
    assert [d.lang for d in reading_order(toy(source="en"))] == ["en", "ar", "fil", "zh"]
    assert list(rows(toy(source="zh"))[0].cells) == ["zh", "ar", "en", "fil"]


def test_kind_and_title():
    assert [r.kind for r in rows(toy())] == ["title"] + ["paragraph"] * 5
    assert title(toy().document("en")) == "Talisay opens a night ferry with 24 boats"
    assert title(one("untitled", []).documents[0]) == "d"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\nb\tc\r", "a b c "),
        ("\x1b]0;x\x07", "␛]0;x␇"),
        ("\x9b31m\x7f", "�31m␡"),
        ("a\u202eb\u2066c\u2069", "a�b�c�"),
        ("می\u200cخواهم \u200f", "می\u200cخواهم \u200f"),
        ("x\u2028y", "x y"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected
    assert len(clean(text)) == len(text)


def test_isolates():
    assert isolated("OpenAI قال", "rtl") == "\u2068\u200fOpenAI قال\u2069"
    assert isolated("he said", "ltr") == "he said"
    assert quoted("حداد\u2069") == "\u2068حداد�\u2069"
    assert quoted("Haddad") == "Haddad"
