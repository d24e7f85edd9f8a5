import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import corpus
from toy_article import toy

from hexapla import store
from hexapla.corpus import (
    ENTITY_LABELS,
    Article,
    Bead,
    Block,
    Corpus,
    Document,
    Dropped,
    Fact,
    Mention,
    Source,
)
from hexapla.errors import InputError
from hexapla.store import (
    parse_json,
    read_beads,
    read_corpus,
    read_facts,
    read_mentions,
    read_text,
    write_corpus,
)
from hexapla.values import Quantity


@pytest.mark.parametrize(
    "whole",
    [corpus(), Corpus((toy(),)), Corpus((toy(linked=False),)), Corpus(())],
    ids=["two", "linked", "unlinked", "empty"],
)
def test_a_corpus_survives_the_disk(tmp_path: Path, whole: Corpus) -> None:
    write_corpus(whole, tmp_path)
    if not whole.articles:
        with pytest.raises(InputError, match="document"):
            read_corpus(tmp_path)
        return
    back = read_corpus(tmp_path)
    assert [a.documents for a in back.articles] == [a.documents for a in whole.articles]
    assert [a.facts for a in back.articles] == [a.facts for a in whole.articles]
    assert [a.beads for a in back.articles] == [a.beads for a in whole.articles]


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
LINE = (
    st.text(LETTERS, min_size=1, max_size=12).map(lambda s: unicodedata.normalize("NFC", s)).filter(str.strip)
)
NAME = st.text(LETTERS, max_size=8)


@st.composite
def documents(draw, lang: str) -> tuple[Document, dict[str, Fact]]:
    lines = draw(st.lists(LINE, min_size=1, max_size=4))
    text = unicodedata.normalize("NFC", "\n\n".join(lines))
    blocks, at = [], 0
    for line in text.split("\n\n"):
        if line:
            blocks.append(Block(at, at + len(line), draw(st.sampled_from(["title", "heading", "paragraph"]))))
        at += len(line) + 2
    mentions, facts = [], {}
    for n, block in enumerate(blocks):
        label = draw(st.sampled_from([*ENTITY_LABELS, "MONEY", "DATE"]))
        quantity = {
            "MONEY": Quantity("money", draw(st.fractions()), None, "USD", "approx"),
            "DATE": Quantity("date", "XXXX-05", "2026"),
        }.get(label)
        fact_id = f"f{n}"
        facts[fact_id] = Fact(fact_id, label, name=draw(NAME), note=draw(NAME))
        mentions.append(
            Mention(
                f"m{n}",
                block.start,
                block.end,
                text[block.start : block.end],
                label,
                fact_id,
                quantity,
                draw(st.booleans()),
                "model:x/y@1",
                True,
            )
        )
    source = Source(
        f"d-{lang}",
        f"{lang}.txt",
        lang,
        "0" * 64,
        "a",
        publisher=draw(NAME),
        rights=draw(NAME),
        role="source",
    )
    dropped = (Dropped(3, "share", draw(NAME)),)
    spans = tuple((b.start, b.end) for b in blocks)
    return Document(source, text, tuple(blocks), spans, tuple(mentions), dropped, ((0, 7, 1),)), facts


@given(st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_small_corpus_survives_the_disk(tmp_path: Path, data: st.DataObject) -> None:
    (one, facts), (two, more) = data.draw(documents("ar")), data.draw(documents("zh-Hant"))
    other = [m for m in two.mentions if m.fact_id not in facts or facts[m.fact_id].label == m.label]
    two = store.dataclasses.replace(two, mentions=tuple(other))
    bead = Bead("b1", {"ar": one.sentences, "zh-Hant": two.sentences})
    whole = Corpus((Article("a", (one, two), (bead,), more | facts),))
    shutil.rmtree(tmp_path)
    write_corpus(whole, tmp_path)
    assert read_corpus(tmp_path) == whole


DAMAGE = [
    # file, old, new, code, the place named
    ("texts/ferry-en.txt", "three", "thrse", "text-changed", "texts/ferry-en.txt:1"),
    ("texts/ferry-en.txt", "sail", "sall", "text-changed", "texts/ferry-en.txt:2"),
    ("texts/ferry-en.txt", "They", "\u0301They", "text-changed", "texts/ferry-en.txt:2"),
    ("texts/ferry-en.json", '"blocks": [', '"blocks": [[0, 9999, "title"],', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"sentences": [', '"sentences": [[0, 0.5],', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"sentences": [', '"sentences": [[0, true],', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"sentences": [', '"sentences": [[0, 1, 2],', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"dropped": [', '"dropped": [["1", 2, 3]', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"raw_map": [', '"raw_map": [[-1, 0, 5]', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"raw_map"', '"rawmap"', "bad-text", "texts/ferry-en.json"),
    ("texts/ferry-en.json", '"text_sha256": "', '"text_sha256": "0', "text-changed", "texts/ferry-en.txt"),
    ("annotations/ferry/ferry-en.json", '"start": 19', '"start": 18', "surface-mismatch", "ferry-en.json:3"),
    ("annotations/ferry/ferry-en.json", '"end": 83', '"end": 8300', "surface-mismatch", "ferry-en.json:6"),
    ("annotations/ferry/ferry-en.json", '"value": "3"', '"value": "three"', "bad-mention", "ferry-en.json:3"),
    ("annotations/ferry/ferry-en.json", '"value": "3"', '"value": NaN', "bad-json", "ferry-en.json:3"),
    ("annotations/ferry/ferry-en.json", '"value": "3"', '"value": "3", "value": "4"', "bad-json", "ferry-en.json:3"),
    ("annotations/ferry/ferry-en.json", '"value": "2024-05-05"', '"value": "2024-13-45"', "bad-mention", "ferry-en.json:4"),
    ("annotations/ferry/ferry-en.json", '"id": "m2"', '"id": "m1"', "bad-mention", "ferry-en.json:2"),
    ("annotations/ferry/ferry-en.json", '"id": "m2"', '"id": 2', "bad-mention", "mention 2"),
    ("annotations/ferry/ferry-en.json", '"fact_id": "g1"', '"fact_id": "g9"', "bad-article", "annotations/ferry"),
    ("annotations/ferry/ferry-en.json", '"doc_id": "ferry-en"', '"doc_id": "ferry-pl"', "wrong-document", "ferry-en.json"),
    ("annotations/ferry/ferry-en.json", '"lang": "en"', '"lang": "de"', "wrong-document", "ferry-en.json"),
    ("annotations/ferry/ferry-en.json", '"lang": "en"', '"lang": ["en"]', "bad-annotation", "ferry-en.json"),
    ("annotations/ferry/ferry-en.json", '"text_sha256": "', '"text_sha256": "0', "text-changed", "ferry-en.json"),
    ("annotations/ferry/ferry-en.json", "[\n", "{\n", "bad-json", "ferry-en.json:2"),
    ("annotations/ferry/facts.json", '"label": "ORG"', '"label": "FIRM"', "bad-fact", "facts.json:2"),
    ("annotations/ferry/facts.json", '"label": "ORG"', '"label": "ORG", "name": 5', "bad-fact", "facts.json:2"),
    ("annotations/ferry/facts.json", '"label": "ORG"', '"label": "ORG", "fact_id": "x"', "bad-fact", "facts.json:2"),
    ("annotations/ferry/facts.json", '"g1": {', '"g1": {}, "g1": {', "bad-json", "facts.json"),
    ("annotations/ferry/beads.json", "[\n", "{\n", "bad-json", "beads.json"),
    ("manifest.toml", 'article = "ferry"', 'article = "f/erry"', "bad-manifest", "manifest.toml:3"),
    ("manifest.toml", 'lang = "en"', 'lang = "english"', "bad-lang", "manifest.toml:3"),
    ("manifest.toml", 'id = "ferry-en"', 'id = "ferry-en', "bad-manifest", "manifest.toml:4"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "place"), DAMAGE)
def test_each_kind_of_damage_names_code_and_place(
    tmp_path: Path, file: str, old: str, new: str, code: str, place: str
) -> None:
    write_corpus(corpus(), tmp_path)
    path = tmp_path / file
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(tmp_path)
    assert code in [f.code for f in caught.value.faults]
    assert any(f.code == code and place in f.where for f in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("file", ["manifest.toml", "texts/ferry-en.txt", "texts/ferry-en.json", "annotations/ferry/ferry-en.json", "annotations/ferry/facts.json", "annotations/ferry/beads.json"])  # fmt: skip
def test_a_file_that_is_gone_a_folder_or_not_text_is_named(tmp_path: Path, file: str) -> None:
    write_corpus(corpus(), tmp_path)
    path = tmp_path / file
    path.write_bytes(b"ab\xff\xfe")
    with pytest.raises(InputError, match="offset 2") as caught:
        read_corpus(tmp_path)
    assert caught.value.faults[0].where == str(path)
    path.unlink()
    with pytest.raises(InputError, match="no such file"):
        read_corpus(tmp_path)
    path.mkdir()
    with pytest.raises(InputError, match="a folder"):
        read_corpus(tmp_path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write_corpus(corpus(), tmp_path)
    (tmp_path / "texts/ferry-en.txt").unlink()
    (tmp_path / "annotations/harbour/beads.json").write_text("{}")
    with pytest.raises(InputError) as caught:
        read_corpus(tmp_path)
    assert {f.code for f in caught.value.faults} == {"no-file", "bad-bead"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", 1),
        ('{"a": 1,\n"b": }', 2),
        ('{"a": 1, "a": 2}', 1),
        ('[\n{"a": 1},\n{"a": 1, "a": 2}\n]', 3),
        ("[NaN]", 1),
        ("[\n1,\n-Infinity\n]", 3),
        ("[" * 100_000 + "]" * 100_000, 1),
        ('{"a":' * 100_000, 1),
        ("[" + "9" * 5000 + "]", 1),
        ('["\\ud800"]', 1),
        ('["\\uDC00x"]', 1),
        ("\ufeff{}", 1),
        ("", 1),
        ("{}{}", 1),
        ("{'a': 1}", 1),
    ],
    ids=lambda x: str(x)[:20],
)
def test_json_from_strangers_is_refused_with_a_line(text: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        parse_json(text, "f.json")
    assert caught.value.faults[0].code == "bad-json"
    assert caught.value.faults[0].where == f"f.json:{line}"
    str(caught.value).encode()


@pytest.mark.parametrize("text", ['{"a": [1, 2.5, null, true, "é"]}', '["\\ud83d\\ude00"]', "5"])
def test_json_that_is_read(text: str) -> None:
    assert parse_json(text, "f") == json.loads(text)


@pytest.mark.parametrize("content", ["[]", "5", "null", '"x"', "{}", '{"doc_id": "d", "lang": "en", "text_sha256": "0", "mentions": {}}', '{"doc_id": 1, "lang": "en", "text_sha256": "0", "mentions": []}'])  # fmt: skip
def test_json_that_is_no_annotation_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(InputError, match="bad-annotation"):
        read_mentions(path)


@pytest.mark.parametrize("item", ["5", "null", "[]", '"m"', "{}", '{"id": "m", "start": 0}', '{"id": ["m"]}'])
def test_mentions_that_are_none(tmp_path: Path, item: str) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"doc_id": "d", "lang": "en", "text_sha256": "0", "mentions": [\n' + item + "]}")
    with pytest.raises(InputError, match="bad-mention"):
        read_mentions(path)


@pytest.mark.parametrize("content", ["[]", "5", '{"f": 5}', '{"f": []}', '{"f": {}}', '{"": {"label": "PER"}}', '{"f": {"label": ["PER"]}}', '{"f": {"label": "PER", "x": ""}}'])  # fmt: skip
def test_facts_that_are_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(content)
    with pytest.raises(InputError, match="bad-fact"):
        read_facts(path)


@pytest.mark.parametrize(
    "content",
    [
        "{}", "5", "[5]", "[null]", "[{}]", '[{"bead_id": "b"}]', '[{"bead_id": "b", "spans": []}]', '[{"bead_id": "b", "spans": {}}]',
        '[{"bead_id": "b", "spans": {"en": []}}]', '[{"bead_id": "b", "spans": {"en": [[0]]}}]', '[{"bead_id": "b", "spans": {"en": [["0", "5"]]}}]',
        '[{"bead_id": "b", "spans": {"en": [[0, 5.0]]}}]', '[{"bead_id": "b", "spans": {"en": [[5, 0]]}}]', '[{"bead_id": "b", "spans": {"en": 5}}]',
        '[{"bead_id": 5, "spans": {"en": [[0, 5]]}}]', '[{"bead_id": "b", "spans": {"en": [[0, 5]]}, "note": ""}]',
        '[{"bead_id": "b", "spans": {"en": [[0, 5]]}},\n{"bead_id": "b", "spans": {"en": [[6, 7]]}}]',
    ],
)  # fmt: skip
def test_beads_that_are_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "beads.json"
    path.write_text(content)
    with pytest.raises(InputError, match="bad-bead"):
        read_beads(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("abc")
    with pytest.raises(InputError, match="too-large"):
        read_text(path, limit=2)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "x").write_text("abc")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        read_text(tmp_path / "x")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.txt"
    store.write_text(path, "old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(store.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        store.write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_one_mention_fact_and_bead_a_line(tmp_path: Path) -> None:
    whole = corpus()
    write_corpus(whole, tmp_path)
    article = whole.article("ferry")
    mentions = article.document("en").mentions
    assert len((tmp_path / "annotations/ferry/ferry-en.json").read_text().splitlines()) == len(mentions) + 2
    assert len((tmp_path / "annotations/ferry/facts.json").read_text().splitlines()) == len(article.facts) + 2
