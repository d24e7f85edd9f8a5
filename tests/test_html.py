from pathlib import Path

import pytest

from hexapla.corpus import Document, Source
from hexapla.errors import InputError
from hexapla.html import visible_text
from hexapla.ingest import read_document

A = "The ferry left at dawn with forty people on board. Nobody on the pier knew when it would come back to the town."
B = "The captain said that the sea was calm. Two boats of the coast guard followed it for an hour and then turned home."
C = "In the evening the mayor spoke for ten minutes, and the crowd listened with patience until the band began to play."

PAGE = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ferry leaves &amp; nobody waves | The Gazette</title>
<meta property="og:site_name" content="The Gazette"><meta property="article:published_time" content="2026-03-12T10:00:00Z">
<style>p {{ color: red }}</style><script>var x = "<p>{C}</p>";</script></head>
<body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article>
<h1>Ferry leaves &amp; <em>nobody</em> waves</h1>
<!-- <p>{C}</p> -->
<p>{A.replace("forty people", "<b>forty</b> <a href='x'>peo<i>ple</i></a>").replace("dawn", "d&#97;wn")}</p>
<h2>The sea&nbsp;was calm</h2>
<p>{B}</p>
<blockquote><p>We waited two years for this day, and now it is here at last.</p><p>The band will play until the morning comes.</p></blockquote>
<ul><li>The first boat brought 240 people from the islands to the town.</li><li>The second boat brought 300 people from the mainland.</li></ul>
<table><tr><td>a cell</td></tr></table>
<p>She wrote to us:<br>nobody has ever seen so many boats in one place here.</p>
</article>
<footer>© 2026 The Gazette</footer>
</body></html>
"""


def read(text: str, name: str = "page.html") -> Document:
    return read_document(Source("", name, "en"), text.encode(), name, force=True)[0]


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def test_a_page_becomes_its_article() -> None:
    document = read(PAGE)
    assert blocks(document) == [
        ("title", "Ferry leaves & nobody waves"),
        ("paragraph", A),
        ("heading", "The sea\xa0was calm"),
        ("paragraph", B),
        ("paragraph", "We waited two years for this day, and now it is here at last."),
        ("paragraph", "The band will play until the morning comes."),
        ("paragraph", "The first boat brought 240 people from the islands to the town."),
        ("paragraph", "The second boat brought 300 people from the mainland."),
        ("paragraph", "She wrote to us:\nnobody has ever seen so many boats in one place here."),
    ]
    assert (document.source.publisher, document.source.published) == ("The Gazette", "2026-03-12")


def test_what_a_page_shows_beside_its_article_is_told_with_line_and_reason() -> None:
    dropped = [(d.line, d.reason, d.text) for d in read(PAGE).dropped]
    lines = PAGE.split("\n")
    assert [(reason, text) for _, reason, text in dropped] == [
        ("boilerplate", "Home Sport"),
        ("boilerplate", "a cell"),
        ("boilerplate", "© 2026 The Gazette"),
    ]
    assert all(text.split()[-1] in lines[line - 1] for line, _, text in dropped)


def test_a_page_maps_back_to_its_source() -> None:
    document = read(PAGE)
    for start, raw, length in document.raw_map:
        assert document.text[start : start + length] == PAGE[raw : raw + length]
    mapped = {i for start, _, length in document.raw_map for i in range(start, start + length)}
    missing = "".join(c for i, c in enumerate(document.text) if i not in mapped)
    assert missing.replace("\n", "") == "a\xa0"  # the letter and the space written as entities


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>Ferry leaves</h1><p>It rained.</p><p>Nobody waved.</p>", [("title", "Ferry leaves"), ("paragraph", "It rained."), ("paragraph", "Nobody waved.")]),
        ("<p>It rained.", [("paragraph", "It rained.")]),
        ("It rained &amp; rained.", [("paragraph", "It rained & rained.")]),
        ("<div>Ferry leaves</div><div>It rained.</div>", [("title", "Ferry leaves"), ("paragraph", "It rained.")]),
    ],
)  # fmt: skip
def test_very_short_pages_are_read_whole(html: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(read(html)) == expected
    assert blocks(read(f"<html><body>{html}</body></html>")) == expected


@pytest.mark.parametrize("html", ["<html></html>", "<p> </p>", "<script>alert('x')</script>", "<!-- text -->", "<img src='a.png'>", "<title>Only a title</title>"])  # fmt: skip
def test_a_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(InputError, match="no-text"):
        read(html)


def test_a_date_is_not_guessed_from_the_text() -> None:
    page = f"<html><body><article><h1>Ferry leaves</h1><p>On 4 May 2021 it rained. {A}</p><p>{B}</p><p>{C}</p></article><footer>© 2019 X</footer></body></html>"
    document = read(page)
    assert document.source.published == ""
    assert A in document.text


def test_an_interrupted_paragraph_is_put_together() -> None:
    page = f"<html><body><article><h1>Ferry leaves</h1><p>{A}</p><p>The captain said that the sea was calm. <noscript>no</noscript><select><option>Pick</option></select>Two boats followed it for an hour and then turned home.</p><p>{C}</p></article></body></html>"  # fmt: skip
    assert "calm. Two boats followed" in read(page).text


def test_the_title_of_a_page_is_not_doubled() -> None:
    page = f"<html><head><title>Ferry leaves the town</title></head><body><div>Home</div><div>Ferry leaves the town</div><article><h1>Ferry leaves the town</h1><p>{A}</p><p>{B}</p><p>{C}</p></article></body></html>"  # fmt: skip
    document = read(page)
    assert document.text.count("Ferry leaves the town") == 1
    assert document.blocks[0].kind == "title"


def test_deep_nesting_and_broken_markup_are_read() -> None:
    assert read("<div>" * 3000 + "The ferry left." + "</div>" * 10).text == "The ferry left."
    assert "ferry left" in read(f"<p>The ferry left.<p>{A}<b><i></p></b>{B}<div<p>{C}").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a  b\n c", "a b c"),
        ("<p>a</p><p>b</p>", "a\nb\n"),
        ("<b>a</b>b", "ab"),
        ("a<br/>b<hr>c", "a\nb\nc"),
        ("x &lt; y &#38; z &nosuch; &amp", "x < y & z &nosuch; &amp"),
        ("a<!-- b --><script>c</script><style>d</style>e", "ae"),
        ("a<!-- b", "a"),
        ("a<script>b", "a"),
        ("a < b > c", "a < b > c"),
        ("<a title='x'>y</a>", "y"),
        ("caf&eacute;&#x301;", "café\u0301"),
        ("a\u2028b", "a b"),
    ],
)
def test_the_text_that_a_reader_sees(html: str, text: str) -> None:
    seen, origin = visible_text(html)
    assert seen == text
    assert len(origin) == len(seen)
    assert origin == sorted(origin)


def test_the_seed_wrapped_in_a_page_gives_the_same_sentences() -> None:
    seed = (Path(__file__).parents[1] / "hexapla/demo/seeds/pl.txt").read_text("utf-8").strip().split("\n\n")
    body = "\n".join(f"<p>{block}</p>" if block.endswith(".") else f"<h2>{block}</h2>" for block in seed[1:])
    document = read(
        f"<html><body><div class='menu'>Start</div><article><h1>{seed[0]}</h1>{body}</article></body></html>"
    )
    assert document.text == "\n\n".join(seed)
