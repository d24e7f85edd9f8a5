import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import hexapla
from hexapla import ingest as module
from hexapla.corpus import Document, Source
from hexapla.errors import InputError
from hexapla.ingest import decode, ingest, read_document, sources

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
DEMO = Path(hexapla.__file__).parent / "demo"

A = "The ferry left at dawn with forty people on board. Nobody on the pier knew when it would come back to the town."
B = "The captain said that the sea was calm. Two boats of the coast guard followed it for an hour and then turned home."
C = "In the evening the mayor spoke for ten minutes, and the crowd listened with patience until the band began to play."


def read(text: str | bytes, name: str = "a.txt", lang: str = "en", **fields) -> Document:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_document(Source("", name, lang, **fields), raw, name, force=True)[0]


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def reasons(document: Document) -> list[tuple[int, str]]:
    return [(d.line, d.reason) for d in document.dropped]


def check_map(document: Document, raw: str) -> None:
    """Every run equals its part of the raw file, runs are in order, and what no run holds is white space or was changed by NFC."""
    end = 0
    for start, raw_start, length in document.raw_map:
        assert start >= end
        assert document.text[start : start + length] == raw[raw_start : raw_start + length]
        end = start + length


# ---- the four seeds --------------------------------------------------------------------------------------------------

FIL_AR = [
    (1, "navigation"), (2, "navigation"), (3, "navigation"), (6, "doubled-title"), (8, "byline"), (9, "translation-toggle"),
    (10, "byline"), (60, "newsletter"), (62, "share-counter"), (63, "share-counter"), (65, "disclaimer"), (67, "promotion"),
    (68, "promotion"), (69, "promotion"), (70, "copyright"),
]  # fmt: skip
DROPPED = {
    "ai-gap-fil": FIL_AR,
    "ai-gap-ar": FIL_AR,
    "chips-pl": [
        (3, "doubled-title"), (11, "pull-quote"), (13, "teaser"), (33, "follow-prompt"), (35, "comment-prompt"), (37, "share-counter"),
        (38, "next-article"), (39, "next-article"), (40, "next-article"), (41, "next-article"),
    ],
    "souring-pt": [(1, "navigation"), (5, "share-counter"), (6, "share-counter"), (58, "tail-fragment")],
}  # fmt: skip
HEADINGS = {
    "ai-gap-fil": [
        "20% o mas mababa ang tsansa ng industriya na makahabol",
        "Pinapalapit ng DeepSeek ang agwat sa pamamagitan ng pagiging episyente",
        "Hindi inaasahang magbago ang laro ng pag-apruba sa H200 chip",
    ],
    "ai-gap-ar": [
        "قادة الصناعة يقدرون احتمالية اللحاق بـ 20٪ أو أقل",
        "DeepSeek تقلل الفجوة من خلال الكفاءة",
        "من غير المرجح أن تغير موافقة شريحة H200 قواعد اللعبة",
    ],
    "chips-pl": [
        "Huawei stawia na moc, ale i na wolumen",
        "Rządowe miliardy i trudne realia",
        "Największa słabość: trening modeli AI",
        "Perspektywy: chiński ekosystem AI kontra NVIDIA",
    ],
    "souring-pt": ["A saga dos chips", "Por que Pequim mudou de idéia?"],
}
TITLES = {
    "ai-gap-fil": "Ang pag-asa ng China sa AI ay nabigo habang lumalaki ang agwat sa Amerika dahil sa kakulangan ng chips",
    "ai-gap-ar": "آمال الصين في الذكاء الاصطناعي تصطدم بعقبة مع اتساع فجوة نقص الرقائق مع أمريكا",
    "chips-pl": "Alibaba, Huawei i Cambricon zagrożeniem dla chipów z USA. NVIDIA niepotrzebna Chinom",
    "souring-pt": "A China está azedando na NVIDIA. Aqui está o porquê",
}


@pytest.fixture(scope="module")
def seeds() -> dict[str, Document]:
    documents, warnings = ingest(SEEDS)
    assert warnings == []
    return {d.doc_id: d for d in documents}


@pytest.mark.parametrize("doc_id", DROPPED)
def test_what_goes_of_a_seed_and_why(seeds: dict[str, Document], doc_id: str) -> None:
    document = seeds[doc_id]
    assert reasons(document) == DROPPED[doc_id]
    assert [t for k, t in blocks(document) if k == "title"] == [TITLES[doc_id]]
    assert blocks(document)[0][0] == "title"
    assert [t for k, t in blocks(document) if k == "heading"] == HEADINGS[doc_id]
    lines = (SEEDS / document.source.file).read_text("utf-8").splitlines()
    assert all(lines[d.line - 1].strip() == d.text for d in document.dropped)


@pytest.mark.parametrize("doc_id", DROPPED)
def test_nothing_of_a_seed_is_lost(seeds: dict[str, Document], doc_id: str) -> None:
    document = seeds[doc_id]
    lines = [
        line.strip()
        for line in (SEEDS / document.source.file).read_text("utf-8").splitlines()
        if line.strip()
    ]
    there = [d.text for d in document.dropped] + [t for _, t in blocks(document)]
    assert sorted(lines) == sorted(there)


@pytest.mark.parametrize("doc_id", DROPPED)
def test_a_seed_maps_back_to_its_file(seeds: dict[str, Document], doc_id: str) -> None:
    document = seeds[doc_id]
    raw = (SEEDS / document.source.file).read_bytes().decode()
    check_map(document, raw)
    mapped = sum(length for _, _, length in document.raw_map)
    assert mapped == len(document.text) - 2 * (len(document.blocks) - 1)


@pytest.mark.parametrize("doc_id", DROPPED)
def test_the_clean_text_is_the_one_that_was_annotated(seeds: dict[str, Document], doc_id: str) -> None:
    document = seeds[doc_id]
    gold = json.loads(
        (ROOT / "annotation/gold" / document.source.article / f"{doc_id}.json").read_text("utf-8")
    )
    assert document.text_sha256 == gold["text_sha256"]


def test_publisher_and_date_are_read_where_the_page_has_them() -> None:
    for name, lang, publisher, published in [
        ("000_3a684e7bccfa2e7b.txt", "fil", "Cointelegraph", "2026-01-16T13:20"),
        ("001_a79dcb9d40726754.txt", "ar", "Cointelegraph", "2026-01-16T13:20"),
        ("002_09e63cda75ce1be0.txt", "pl", "", ""),
        ("003_6868148a03f71b00.txt", "pt", "", ""),
    ]:
        document = read((SEEDS / name).read_bytes(), name, "")
        assert (document.lang, document.source.publisher, document.source.published) == (
            lang,
            publisher,
            published,
        )


def test_the_demo_loses_nothing() -> None:
    for document in ingest(DEMO / "seeds")[0]:
        assert document.dropped == ()
        gold = json.loads((DEMO / "gold" / "kite" / f"{document.doc_id}.json").read_text("utf-8"))
        assert document.text_sha256 == gold["text_sha256"]


# ---- any string ------------------------------------------------------------------------------------------------------

ODD = st.sampled_from(
    [
        "e\u0301", "\u1112\u1161\u11ab", "\u0301", "👩‍👩‍👧", "🇵🇭", "\r\n", "\r", "\n", "\n\n", "\xa0", "\u2028", "\u2029", "\x0b", "\x0c",
        "\x85", "\ufeff", "\u202e", "\u2067", "\u200b", "\u200d", "A\u030a", "\u212b", "ﬁ", "\u0344", "𝒳", "\ue000", "\uffff", "\t", " ",
        "Newsletter", "Share", "12", "©", "By: x", "Title", "Title", A, "# ", "**", "`", "[x](y)", "---", "> ", "- ", "<p>", "</p>", "&amp;",
        "&#x301;", "<script>", "<!--", "<title>", "|", "```", "\\", "2026/01/16", "،", "؟", "。", "港口开放",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(ODD, st.text(max_size=5)), max_size=25).map("".join)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@given(text=TEXT)
@settings(max_examples=120, deadline=None)
@example(text="a**\u0301b**")
@example(text="cafe\u0301 [e](x)\u0301")
@example(text="<p>e&#x301; e<b>\u0301</b></p>")
@example(text="\u1112\r\n\u1161")
@example(text="\u2028")
@example(text="---\n---")
@example(text="<script>\t\xe9")
@example(text="&#0;&#55296;&#1114112;&nosuch;")
def test_any_string_becomes_a_clean_text_that_maps_back_or_is_refused(name: str, text: str) -> None:
    try:
        document = read(text.encode("utf-8", "replace"), name)
    except InputError as error:
        assert {f.code for f in error.faults} <= {"empty-file", "binary-file", "no-text"}  # noqa: PT017
        return
    raw = text.encode("utf-8", "replace").decode().removeprefix("\ufeff")
    assert unicodedata.is_normalized("NFC", document.text)
    assert not re.search(r"[\r\x0b\x0c\x85\u2028\u2029]", document.text)
    assert document.text == "\n\n".join(t for _, t in blocks(document))
    assert all(t == t.strip() for _, t in blocks(document))
    assert any(map(str.isalnum, document.text))
    check_map(document, raw)


@given(text=st.text(st.characters(exclude_categories=["Cs", "Zl", "Zp", "Cc"]), max_size=40))
@settings(max_examples=150, deadline=None)
def test_a_line_of_a_plain_text_is_kept_whole(text: str) -> None:
    line = f"Ferries {text} sail."
    assert read(f"{line}\n").text == unicodedata.normalize("NFC", line)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"], ids=repr)
def test_every_line_end_is_one(end: str) -> None:
    document = read(f"Ferry leaves{end}{end}{A}{end}{B}{end}")
    assert [t for _, t in blocks(document)] == ["Ferry leaves", A, B]
    check_map(document, f"Ferry leaves{end}{end}{A}{end}{B}{end}")


@pytest.mark.parametrize(("end", "line"), [("\n", 6), ("\r\n", 6), ("\r", 6), ("\u2028", 1)], ids=repr)
def test_lines_are_counted_as_editors_count_them(end: str, line: int) -> None:
    document = read(end.join(["Ferry leaves", "", A, "", B, "Share"]))
    assert reasons(document) == [(line, "share")]


def test_decomposed_text_is_composed_and_the_rest_still_maps() -> None:
    raw = (
        "Cafe\u0301 opens\n\n"
        + "The cafe\u0301 of the pier opened, and people came from the \u1112\u1161\u11ab river."
    )
    document = read(raw)
    assert document.text.startswith("Café opens\n\nThe café of the pier")
    assert "한" in document.text
    check_map(document, raw)
    words = "".join(document.text[a : a + n] for a, _, n in document.raw_map)
    assert "of the pier opened, and people came from the " in words
    assert "café" not in words


def test_a_byte_order_mark_goes_and_other_odd_characters_stay() -> None:
    raw = "\ufeffThe \u202bferry\u202c\u200b left\xa0at 👩‍👩‍👧 dawn \ufeff today."
    document = read(raw)
    assert document.text == raw[1:]
    check_map(document, raw[1:])


# ---- refusals --------------------------------------------------------------------------------------------------------

REFUSED = [
    ("empty", b"", "empty-file", "empty"),
    ("white space", b" \n\t\r\n ", "empty-file", "empty"),
    ("no-break spaces", "\xa0\u3000\n\u2028".encode(), "empty-file", "empty"),
    ("a lone byte-order mark", b"\xef\xbb\xbf", "empty-file", "empty"),
    ("bad byte", b"abc \xe9t\xe9", "not-utf8", "0xe9 at offset 4"),
    ("bad byte after letters of two bytes", "éé".encode() + b"\xff", "not-utf8", "0xff at offset 4"),
    ("cut in a character", "日本".encode()[:-1], "not-utf8", "at offset 3"),
    ("surrogate", b"ab\xed\xa0\x80", "not-utf8", "at offset 2"),
    ("UTF-16, little end first", "abc".encode("utf-16"), "not-utf8", "UTF-16"),
    ("UTF-16, big end first", b"\xfe\xff\x00a", "not-utf8", "UTF-16"),
    ("NUL byte", b"abc\x00def", "binary-file", "offset 3"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00", "binary-file", "offset 8"),
    (
        "furniture only",
        b"Share\n\n12\n\n0\n\nFollow us on X\n\n\xc2\xa9 2026 Gazette",
        "no-text",
        "furniture",
    ),
    ("a number only", b"12\n", "no-text", "furniture"),
    ("marks only", "***\n\n—\n\u200b".encode(), "no-text", "furniture"),
]


@pytest.mark.parametrize(("raw", "code", "found"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_a_refused_file_is_named_with_the_reason(
    tmp_path: Path, raw: bytes, code: str, found: str, suffix: str
) -> None:
    (tmp_path / f"en.{suffix}").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        ingest(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.code, fault.where) == (code, str(tmp_path / f"en.{suffix}"))
    assert found in fault.found
    assert [p.name for p in tmp_path.iterdir()] == [f"en.{suffix}"]


def test_all_refused_files_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "c.txt").write_text(A)
    with pytest.raises(InputError) as caught:
        ingest(tmp_path)
    assert [f.code for f in caught.value.faults] == ["empty-file", "not-utf8"]


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RAW", 20)
    (tmp_path / "a.txt").write_text(A)
    with pytest.raises(InputError, match="too-large"):
        ingest(tmp_path)
    with pytest.raises(InputError, match="too-large"):
        decode(b"x" * 21, "a")


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(A)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.txt").write_text(A)
    with pytest.raises(InputError, match=r"a\.txt, sub/b\.txt: the same content"):
        ingest(tmp_path)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(A)
    (tmp_path / "manifest.toml").write_text(f'[[document]]\nfile = "a.txt"\nsha256 = "{"0" * 64}"\n')
    with pytest.raises(InputError, match="file-changed"):
        ingest(tmp_path)


def test_a_wrong_language_is_refused_and_force_takes_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(A)
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "a.txt"\nlang = "pl"\n')
    with pytest.raises(InputError, match="wrong-language"):
        ingest(tmp_path)
    documents, warnings = ingest(tmp_path, force=True)
    assert documents[0].lang == "pl"
    assert "looks like 'en'" in warnings[0]


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(A)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        ingest(tmp_path)


# ---- folders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "other files"])
def test_a_folder_without_texts_is_refused(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "in"
    if kind == "file":
        folder.write_text("x")
    elif kind != "missing":
        folder.mkdir()
        if kind == "other files":
            (folder / "a.docx").write_bytes(b"PK")
    code = "no-folder" if kind in ("missing", "file") else "no-documents"
    with pytest.raises(InputError, match=code):
        sources(folder)


def test_what_is_taken_of_a_folder_and_what_is_not(tmp_path: Path) -> None:
    taken = [
        "a.txt",
        "b.MD",
        "c.html",
        "d.htm",
        "licensing-dispute.txt",
        "notices.txt",
        "readmes.md",
        "sub/deep/e.txt",
    ]
    left = ["README.md", "readme.txt", "LICENSE", "LICENSE.txt", "licence.md", "LICENSE-CC.txt", ".hidden.txt", ".git/x.txt", "CHANGELOG.md"]  # fmt: skip
    built = ["build/summary.json", "build/texts/x.txt", "build/report.html"]
    for name in [*taken, *left, *built, "f.docx", "g"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    listed, passed = sources(tmp_path)
    assert [s.file for s in listed] == taken
    assert [re.search(r"[^/]+$", text.split(": ")[0])[0] for text in passed] == [
        "LICENSE",
        "f.docx",
        "g",
        "link.txt",
        "loop",
    ]


def test_a_manifest_entry_may_lead_nowhere_else(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "secret.txt"
    inside.mkdir()
    outside.write_text(A)
    (inside / "link.txt").symlink_to(outside)
    (inside / "manifest.toml").write_text('[[document]]\nfile = "link.txt"\n')
    with pytest.raises(InputError, match="outside-folder"):
        sources(inside)


def test_a_manifest_entry_without_its_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(A)
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "b.txt"\n\n[[document]]\nfile = "c.txt"\n')
    with pytest.raises(InputError) as caught:
        sources(tmp_path)
    assert [f.code for f in caught.value.faults] == ["no-file", "no-file"]


def test_files_that_the_manifest_does_not_name_are_added(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "manifest.toml").write_text('[[document]]\nid = "mine"\nfile = "./b.txt"\n')
    assert [(s.doc_id, s.file) for s in sources(tmp_path)[0]] == [("mine", "b.txt"), ("", "a.txt")]


# ---- plain text ------------------------------------------------------------------------------------------------------

SHAPES = [
    ("title and paragraphs", f"Ferry leaves\n\n{A}\n\n{B}", ["title", "paragraph", "paragraph"]),
    ("no title", f"{A}\n\n{B}", ["paragraph", "paragraph"]),
    ("no blank lines", f"Ferry leaves\n{A}\n{B}", ["title", "paragraph", "paragraph"]),
    ("a title that asks", f"Where is the ferry?\n\n{A}", ["title", "paragraph"]),
    ("a title that calls", f"The ferry is gone!\n\n{A}", ["title", "paragraph"]),
    (
        "a heading",
        f"Ferry leaves\n\n{A}\n\nThe day after\n\n{B}",
        ["title", "paragraph", "heading", "paragraph"],
    ),
    (
        "a question as a heading",
        f"Ferry leaves\n\n{A}\n\nWhy so early?\n\n{B}",
        ["title", "paragraph", "heading", "paragraph"],
    ),
    (
        "a question in quotes",
        f"Ferry leaves\n\n{A}\n\n“Why so early?”\n\n{B}",
        ["title", "paragraph", "paragraph", "paragraph"],
    ),
    (
        "questions in a row",
        f"Ferry leaves\n\n{A}\n\nWhy?\n\nWho?\n\n{B}",
        ["title", "paragraph", "paragraph", "paragraph", "paragraph"],
    ),
    ("one sentence", "It rained.", ["paragraph"]),
    ("one word", "Rain", ["title"]),
    (
        "a year as a heading",
        f"Ferry leaves\n\n{A}\n\n1984\n\n{B}",
        ["title", "paragraph", "heading", "paragraph"],
    ),
    ("a year as the title", f"1984\n\n{A}\n\n{B}", ["title", "paragraph", "paragraph"]),
]


@pytest.mark.parametrize(("text", "kinds"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_blocks_of_a_plain_text(text: str, kinds: list[str]) -> None:
    document = read(text)
    assert [k for k, _ in blocks(document)] == kinds
    assert document.dropped == ()


WRAPPED = """\
Ferry leaves the town at dawn

The ferry left at dawn with forty people on board. Nobody on the
pier knew when it would come back to the town, and those who had
stayed behind went home. It rained.

The captain said that the sea was calm. Two boats of the coast
guard followed it for an hour and then turned home.
"""


def test_a_hard_wrapped_text_is_read_by_paragraphs() -> None:
    document = read(WRAPPED)
    assert [k for k, _ in blocks(document)] == ["title", "paragraph", "paragraph"]
    assert document.text == WRAPPED.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry leaves\n\nThe ferry left at dawn with forty people on\nboard and nobody waved.", 2),
        (f"{A}\n{B}\n{C}", 3),  # a paragraph a line
        ("One came today.\nTwo came today.\nTen came today.\nSix came today.", 4),  # a sentence a line
        ("渡轮在黎明时分离开码头，船上有四十个人，码头上没有人知道它什么\n时候回来，镇上的人都在等待，孩子们跑到水边看着它慢慢消失在雾\n中，再也看不见了。", 1),
    ],
)  # fmt: skip
def test_lines_are_joined_only_where_they_go_on(text: str, expected: int) -> None:
    document = read(text)
    assert len(document.blocks) == expected
    check_map(document, text)


def test_an_untouched_text_of_short_lines_keeps_them_all() -> None:
    poem = "The wind\n\nWho is it at the door?\nIt is the wind, the wind that never ends.\nWho is it at the door?\nIt is the rain that falls upon the sea.\nWho is it at the door?"  # fmt: skip
    document = read(poem)
    assert document.dropped == ()
    assert document.text.split("\n\n") == [line for line in poem.split("\n") if line]


# ---- furniture -------------------------------------------------------------------------------------------------------


def page(*parts: str) -> str:
    return "\n\n".join(parts)


FURNITURE = [
    ("doubled title", page("Ferry leaves the town", "Ferry leaves the town", A, B), [(3, "doubled-title")]),
    ("breadcrumb", page("Home News Ferry leaves the town", "Ferry leaves the town", A, B), [(1, "navigation")]),
    ("arrows", page("Home > News > Ferry leaves the town", "Ferry leaves the town", A), [(1, "navigation")]),
    ("no breadcrumb", page("Sorry, we are late: Ferry leaves the town", "Ferry leaves the town", A), []),
    ("menu over a doubled title", page("Home", "Log in", "Ferry leaves the town", "Ferry leaves the town", A), [(1, "navigation"), (3, "navigation"), (7, "doubled-title")]),
    ("counters", page("Ferry leaves", "12", "1.4K", "0", A, "3,200"), [(3, "share-counter"), (5, "share-counter"), (7, "share-counter"), (11, "share-counter")]),
    ("cue at the end", page("Ferry leaves", A, B, "Subscribe to our newsletter", "Buy one, get one", "Now!"), [(7, "newsletter"), (9, "promotion"), (11, "promotion")]),
    ("cue in the middle", page("Ferry leaves", A, "Follow us on X", B, C), [(5, "follow-prompt")]),
    ("advertisement in the middle", page("Ferry leaves", A, "Advertisement", B, C), [(5, "advertisement")]),
    ("cue on top", page("Newsletter", "Share", "Ferry leaves the town", A), [(1, "newsletter"), (3, "share")]),
    ("pull quote", page("Ferry leaves", A, A.split(". ")[0], B), [(5, "pull-quote")]),
    ("ornaments", page("Ferry leaves", A, "* * *", B, "—"), [(5, "ornament"), (9, "ornament")]),
    ("teaser", page("Ferry leaves", A, "Advertisement", "Ten ferries you must see", "The day after", B), [(5, "advertisement"), (7, "teaser")]),
    ("standfirst below a byline", page("Ferry leaves", "By: Ann Lee", "A day on the pier", "The morning", A), [(3, "byline")]),
    ("tail", page("Ferry leaves", A, B, "avots"), [(7, "tail-fragment")]),
    ("last words that are a sentence", page("Ferry leaves", A, B, "It rained."), []),
    ("last words of a few", page("Ferry leaves", A, B, "Ann Lee in Cebu"), []),
    ("a cue inside a long paragraph", page("Ferry leaves", A + " All rights reserved, said the captain. " + B + C), []),
    ("all rights", page("Ferry leaves", A, "© 2026 Gazette. All rights reserved."), [(5, "copyright")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [f[1:] for f in FURNITURE], ids=[f[0] for f in FURNITURE])
def test_furniture_goes_with_its_reason(text: str, expected: list[tuple[int, str]]) -> None:
    assert reasons(read(text)) == expected


def test_a_last_line_in_a_script_without_spaces_is_no_fragment() -> None:
    document = read(
        "港口开放\n\n港口星期一开放，很多人来看第一艘船。\n\n他说这是好事，大家都很高兴。\n\n船长说旅程平安",
        lang="zh",
    )
    assert document.dropped == ()


BYLINES = [
    ("Gazette 2026/03/12 10:30", "Gazette", "2026-03-12T10:30"),
    ("GazetteGazette2026-03-12", "Gazette", "2026-03-12"),
    ("2026-03-12", "", "2026-03-12"),
    ("Gazette | 2026-03-12", "Gazette", "2026-03-12"),
    ("By: Ann Lee", "Ann Lee", ""),
]


@pytest.mark.parametrize(("line", "publisher", "published"), BYLINES)
def test_bylines_tell_publisher_and_date(line: str, publisher: str, published: str) -> None:
    document = read(page("Ferry leaves", line, A, B))
    assert reasons(document) == [(3, "byline")]
    assert (document.source.publisher, document.source.published) == (publisher, published)


@pytest.mark.parametrize("line", ["Gazette 2026/13/45", "Gazette 2026-02-30 10:00", "Gazette 2026-03-12 25:00", "12 March 2026, Gazette"])  # fmt: skip
def test_a_date_that_does_not_exist_is_none(line: str) -> None:
    document = read(page("Ferry leaves", line, A, B))
    assert document.source.published == ""
    assert document.dropped == ()


def test_a_date_inside_the_article_is_no_byline() -> None:
    document = read(page("Ferry leaves", A, "The launch: 2026-03-12", B))
    assert document.dropped == ()
    assert document.source.published == ""


def test_what_the_manifest_says_is_kept() -> None:
    document = read(page("Ferry leaves", "Gazette 2026-03-12", A), publisher="Mine", published="2025")
    assert (document.source.publisher, document.source.published) == ("Mine", "2025")


# ---- cost ------------------------------------------------------------------------------------------------------------

HOSTILE = [
    ("**a " * 20_000, "a.md"), ("*a " * 20_000, "a.md"), ("`a " * 20_000, "a.md"), ("[" * 40_000, "a.md"), ("[a](" * 20_000, "a.md"),
    ("<" * 40_000, "a.md"), ("![" * 20_000, "a.md"), ("__a" * 20_000, "a.md"), ("\\" * 40_000, "a.md"), ("> " * 20_000, "a.md"),
    ("<a " * 20_000, "a.html"), ("<!-- " * 20_000, "a.html"), ("<script>" * 20_000, "a.html"), ("&" * 40_000, "a.html"),
    ("Follow us on X\n" * 5_000, "a.txt"), ((A + "\n") * 2_000, "a.txt"), ("a\n" * 40_000, "a.txt"), ("." * 100_000, "a.txt"),
    ("a.''" * 30_000, "a.txt"), ("\u0301" * 40_000, "a.txt"), ("e\u0301" * 40_000, "a.txt"), ("\r" * 80_000 + "a", "a.txt"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), HOSTILE, ids=[f"{h[1]} {h[0][:8]!r}" for h in HOSTILE])
def test_hostile_texts_come_to_an_end(text: str, name: str) -> None:
    try:
        document = read(text, name)
    except InputError as error:
        assert {f.code for f in error.faults} == {"no-text"}  # noqa: PT017
    else:
        check_map(document, text)
