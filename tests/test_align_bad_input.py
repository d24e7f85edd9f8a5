"""What the functions of `hexapla.align` make of bad input: a sane result or a clear error, in bounded time and memory.

Work is counted, not timed; memory is bounded by the operating system, in a process of its own.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest

from hexapla.align import Aligner, Bead, align, beads, nway, relate, relation_score
from hexapla.align.concepts import Known
from hexapla.align.dp import BEADS, posteriors
from hexapla.align.nway import Pairs
from hexapla.align.pairwise import WINDOW, _best
from hexapla.errors import InputError

Pair = tuple[Sequence[str], Sequence[str]]


def covered(pair: Pair, found: Sequence[tuple[Sequence[int], Sequence[int]]]) -> bool:
    """Every sentence in exactly one bead, in order."""
    return all([i for bead in found for i in bead[side]] == list(range(len(pair[side]))) for side in (0, 1))


WORDS = random.Random(7).sample([a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrst"], 300)


def prose(sentences: int, words: int = 12, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=words)).capitalize() + f" {n}." for n in range(sentences)]


ODD: dict[str, Pair] = {
    "both sides empty": ([], []),
    "empty source": ([], ["Um.", "Dois."]),
    "empty target": (["One.", "Two."], []),
    "one sentence": (["One."], ["Um."]),
    "one against many": (["One."], prose(700)),
    "many against one": (prose(700), ["Um."]),
    "empty sentences": (["", ""], ["", "", ""]),
    "white space only": ([" ", "\t\n", "\u3000"], ["\u00a0", "\u2028 "]),
    "white space between": (["One dog.", " ", "Two cats."], ["Um cão.", "Dois gatos."]),
    "control characters": (["\x00\x01\x02", "a\x00b \x1b[31m 12"], ["\x7f\x80\x9f", "a\x00b 12"]),
    "lone surrogates": (["a \ud800 b", "\udfff"], ["c", "\ud83d x"]),
    "no characters at all": (["\ufffe", "\U0010ffff"], ["\ufdd0"]),
    "bidirectional controls": (["\u202e\u2066", "\u200f1\u200f2"], ["\u202c", "12"]),
    "only marks": (["...", "?!", "—"], ["。", "！"]),
    "only combining marks": (["\u0301" * 50], ["\u0651" * 50]),
    "digits of many scripts": (["١٢٣ ५६ ７８ 𝟡 ① ½ ²"], ["123 56 78 9 1 1/2 2"]),
    "no shared script": (["한국어 문장입니다.", "둘째 문장."] * 40, ["ქართული წინადადება.", "მეორე."] * 40),
    "a long word": (["x" * 20_000], ["y" * 20_000]),
    "a megabyte in a sentence": (["word 12 " * 125_000], ["palavra 12 " * 90_000]),
    "a megabyte of ideographs": (["國" * 350_000], ["国" * 350_000]),
    "a megabyte against many": (["word 12. " * 110_000], prose(50)),
    "identical": (["Same line."] * 140, ["Same line."] * 150),
}


@pytest.mark.parametrize("name", ODD)
def test_every_sentence_is_in_one_bead(name: str) -> None:
    pair = ODD[name]
    assert covered(pair, align(*pair, "en", "pt"))  # type: ignore[arg-type]
    found = beads(*pair, "ko", "ka")
    assert covered(pair, [(bead.src, bead.tgt) for bead in found])
    assert all(0 <= bead.confidence <= 1 for bead in found)


@pytest.mark.parametrize("name", [name for name in ODD if "megabyte" not in name])
def test_an_aligner_that_learns_takes_it_too(name: str) -> None:
    pair = ODD[name]
    aligner = Aligner().fit([pair, (prose(4), prose(4)), pair], "en", "pt")
    assert covered(pair, aligner(*pair, "en", "pt"))
    assert covered((prose(3), []), aligner(prose(3), [], "en", "pt"))


@pytest.mark.parametrize("pairs", [[], [([], [])], [([], ["a"]), (["a"], [])], [(["a"], ["b"])]])
def test_a_set_that_teaches_nothing(pairs: list[Pair]) -> None:
    assert Aligner().fit(pairs, "en", "pt")(["One."], ["Um."], "en", "pt") == [([0], [0])]


@pytest.mark.filterwarnings("error")
def test_a_set_without_words_divides_nothing_by_zero() -> None:
    assert Aligner().fit([([" "] * 5, [" "] * 5)], "en", "pt")(["One."], ["Um."], "en", "pt") == [([0], [0])]


@pytest.mark.parametrize("name", ODD)
def test_relation_is_a_number(name: str) -> None:
    score = relation_score(*ODD[name], "en", "pt")
    assert score == score
    assert score < float("inf")
    assert (score == float("-inf")) == (not all(ODD[name]))


@pytest.mark.parametrize("name", ODD)
def test_relate_groups_every_document_once(name: str) -> None:
    a, b = ODD[name]
    found = relate({"x": ("en", a), "y": ("pt", b), "z": ("ar", [])})
    for groups in (found.articles, found.topics):
        assert sorted(d for group in groups for d in group) == ["x", "y", "z"]


@pytest.mark.parametrize("name", [name for name in ODD if "many" not in name])
def test_nway_holds_every_sentence_once(name: str) -> None:
    a, b = ODD[name]
    texts = {"en": a, "pt": b, "zh": ["一。"], "ar": []}
    groups = nway(texts)
    held = sorted((lang, i) for group in groups for lang, ids in group.items() for i in ids)
    assert held == sorted((lang, i) for lang, lines in texts.items() for i in range(len(lines)))


def test_nothing_at_all() -> None:
    assert nway({}) == []
    assert nway({"en": ["One."]}) == [{"en": [0]}]
    assert nway({"en": [], "pt": []}) == []
    assert relate({}).articles == ()
    assert relate({"x": ("en", ["One."])}).articles == (("x",),)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (2, 12),
        (160, 12),
        (500, 12),
        (200, 40),
    ],
)
def test_a_text_with_itself(n: int, words: int) -> None:
    text = prose(n, words)
    assert align(text, text, "en", "pt") == [([i], [i]) for i in range(n)]


def test_scores_of_any_size_are_summed() -> None:
    n, m = 60, 90
    score = np.full((len(BEADS), n + 1, m + 1), -30.0)
    score[[BEADS.index((1, 0)), BEADS.index((0, 1))]] = -4.0
    score[BEADS.index((1, 1)), range(1, n + 1), range(1, n + 1)] = 40.0
    chance, log_z = posteriors(score)
    assert chance[BEADS.index((1, 1)), range(1, n + 1), range(1, n + 1)] == pytest.approx(1)
    assert log_z == pytest.approx(40 * n - 4 * (m - n))


def test_a_text_with_itself_but_for_a_passage() -> None:
    text = prose(300, 60)
    left = [*range(120), *range(180, 300)]
    found = align(text, [text[i] for i in left], "en", "pt")
    assert found == [([i], [left.index(i)] if i in left else []) for i in range(300)]


# ---- numbers too long for Python's int -------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", ["7" * 5000, "٧" * 5000, "7" * 20_000])
def test_a_numeral_of_any_length(digits: str) -> None:
    pair = ([f"It cost {digits} euros.", "Two."], [f"Custou {digits} euros.", "Dois."])
    assert align(*pair, "en", "pt") == [([0], [0]), ([1], [1])]
    assert relation_score(*pair, "en", "pt") > 0


# ---- work ------------------------------------------------------------------------------------------------------------


class TooMuch(Exception):
    pass


def counted(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Aligner.scores raises once it has looked at more windows than `most`."""
    scores, calls = Aligner.scores, [0]

    def limited(*args: object, **more: object) -> np.ndarray:
        calls[0] += 1
        if calls[0] > most:
            raise TooMuch(f"more than {most} windows")
        return scores(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Aligner, "scores", limited)


@pytest.mark.parametrize(
    ("src", "tgt"),
    [
        (["Same line."] * 600, ["Same line."] * 600),
        (["It cost 57 dollars."] * 600, ["Custou 57 dólares."] * 590),
        ([" "] * 600, ["\u00a0"] * 600),
        (["One.", "Two."] * 300, ["Um.", "Dois."] * 300),
        (prose(600), prose(600, seed=2)),
        (["a"] * 600, ["b"] * 200),
    ],
    ids=["identical", "numbers", "white space", "alternating", "unrelated", "shorter"],
)
def test_few_windows_whatever_the_text(
    monkeypatch: pytest.MonkeyPatch, src: list[str], tgt: list[str]
) -> None:
    # each of the three passes may go on by a quarter of a window at least
    counted(monkeypatch, 3 * (4 * len(src) // WINDOW + 4))
    assert covered((src, tgt), align(src, tgt, "en", "pt"))


def test_where_nothing_fits_there_are_no_long_beads() -> None:
    chance = np.full((len(BEADS), 13, 13), 1e-3)
    chance[[BEADS.index((1, 0)), BEADS.index((0, 1))]] = 1e-2
    found = _best(chance, 0, 0)
    assert covered((range(12), range(12)), [(bead.src, bead.tgt) for bead in found])  # type: ignore[arg-type]
    assert all(len(bead.src) + len(bead.tgt) <= 2 for bead in found)


def test_a_word_without_end_is_looked_up_a_few_times() -> None:
    known = Known("en", lambda kind, text: 0, lambda tokens: [()] * len(tokens))

    class Counted(dict[str, object]):
        calls = 0

        def get(self, *args: object) -> object:  # type: ignore[override]
            Counted.calls += 1
            if Counted.calls > 1000:
                raise TooMuch
            return dict.get(self, *args)  # type: ignore[call-overload]

    known.forms = Counted(known.forms)  # type: ignore[assignment]
    assert known(["x" * 100_000]) == [set()]


# ---- memory ----------------------------------------------------------------------------------------------------------


def bounded(code: str, gigabytes: float = 2.0) -> subprocess.CompletedProcess[str]:
    """Run code in a process that may not hold more memory; it prints `ok` at its end."""
    bytes_ = int(gigabytes * 2**30)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))

    head = "from hexapla.align import *\n"
    return subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(code) + "\nprint('ok')"],
        capture_output=True, text=True, timeout=120, preexec_fn=limit,
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "assert len(align([f'Line {i}.' for i in range(10_000)], ['Uma.'], 'en', 'pt')) > 9_000",
        "assert len(align(['Uma.'], [f'Line {i}.' for i in range(10_000)], 'en', 'pt')) > 9_000",
        "relation_score(['One.'] * 10_000, ['Um.'], 'en', 'pt')",
        "relation_score(['One.'] * 4_000, ['Um.'] * 4_000, 'en', 'pt')",
        "relate({'x': ('en', ['One.'] * 10_000), 'y': ('pt', ['Um.'] * 10_000)})",
    ],
)
def test_memory_is_bounded(code: str) -> None:
    done = bounded(code)
    assert done.stdout == "ok\n", done.stderr[-300:]


def test_texts_without_a_sure_bead_are_laid_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    unsure = [Bead((i,), (i,), 0.5) for i in range(2000)]
    monkeypatch.setattr(Pairs, "_beads", lambda *_: unsure)
    ends = [(0, 0), *Pairs({"en": ["Same."] * 2000, "pt": ["Same."] * 2000}, {}).parts()]
    assert ends[-1] == (2000, 2000)
    assert all(b[0] - a[0] <= 600 for a, b in pairwise(ends))


# ---- languages and types ---------------------------------------------------------------------------------------------

calls: dict[str, Callable[[str], object]] = {
    "align": lambda code: align(["One."], ["Um."], "en", code),
    "beads": lambda code: beads(["One."], ["Um."], code, "pt"),
    "Aligner": lambda code: Aligner()(["One."], ["Um."], code, "pt"),
    "fit": lambda code: Aligner().fit([(["One."], ["Um."])], "en", code),
    "relation_score": lambda code: relation_score(["One."], ["Um."], code, "pt"),
    "relate": lambda code: relate({"x": (code, ["One."])}),
    "nway": lambda code: nway({"en": ["One."], code: ["Um."]}),
}


@pytest.mark.parametrize("name", calls)
def test_languages(name: str) -> None:
    for code in ("xx", "qqq", "pt-BR", "por", "zh-Hant"):  # unknown ones go by the general rules
        calls[name](code)
    for code in ("", "!", "english", "e n", "\x00", "fil,ar"):
        with pytest.raises(InputError, match="bad-lang"):
            calls[name](code)


@pytest.mark.parametrize(
    "call",
    [
        lambda: align([], ["Um."], "en", "!"),
        lambda: beads(["One."], [], "!", "pt"),
    ],
)
def test_languages_of_empty_sides(call: Callable[[], object]) -> None:
    with pytest.raises(InputError, match="bad-lang"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: align("One. Two.", ["Um."], "en", "pt"),  # type: ignore[arg-type]
        lambda: beads(["One."], "Um. Dois.", "en", "pt"),
        lambda: Aligner().fit([("One.", "Um.")], "en", "pt"),
        lambda: relation_score("One.", "Um.", "en", "pt"),
        lambda: relate({"x": ("en", "One.")}),
        lambda: nway({"en": "One.", "pt": ["Um."]}),
    ],
)
def test_a_text_that_was_not_cut_into_sentences(call: Callable[[], object]) -> None:
    with pytest.raises(InputError, match="sentences"):
        call()
