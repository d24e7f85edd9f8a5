import base64
import dataclasses
import hashlib
import html
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from toy_article import FACTS, make, toy

from hexapla.corpus import Article, Corpus, Dropped, Mention
from hexapla.layout import LETTERS
from hexapla.report import ArticleView, render, write_report

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """The page as a list of elements: (tag, attributes, ancestors' attributes, own and inner text)."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.text = [], [], ""
        self.feed(text)
        self.close()
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag, attributes):
        element = {
            "tag": tag,
            "attrs": dict(attributes),
            "around": [e["attrs"] for e in self.open],
            "text": "",
        }
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open[-1]["tag"] == tag, f"</{tag}> closes <{self.open[-1]['tag']}>"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag=None, **attrs):
        return [
            e
            for e in self.elements
            if (tag is None or e["tag"] == tag)
            and all((v in e["attrs"].get(k, "").split()) if k == "class" else e["attrs"].get(k) == v for k, v in attrs.items())
        ]  # fmt: skip


def page(*articles):
    return Page(render(Corpus(articles)))


def mentions_of(p):
    return [e for e in p.elements if "data-mention" in e["attrs"]]


@pytest.mark.parametrize("linked", [True, False])
def test_every_mention_is_there_once_with_its_data(linked):
    article = toy(linked=linked)
    view = ArticleView(1, article)
    found = {e["attrs"]["data-mention"]: e for e in mentions_of(page(article))}
    assert len(found) == len(mentions_of(page(article))) == sum(len(d.mentions) for d in article.documents)
    for document in article.documents:
        for m in document.mentions:
            element = found[f"{document.doc_id}:{m.id}"]
            attrs = element["attrs"]
            assert element["text"] == m.surface
            assert attrs["data-label"] == m.label
            assert attrs["data-letter"] == LETTERS[m.label]
            assert f"k-{m.label}" in attrs["class"].split()
            assert attrs["tabindex"] == "0"
            assert attrs["data-fact"] == view.keys[document.lang, m.id]
            assert not linked or attrs["data-fact"] == m.fact_id
            assert element["around"][-2]["lang"] == document.lang


def test_without_links_what_is_said_alike_shares_a_key():
    keys = Counter(
        e["attrs"]["data-fact"]
        for e in mentions_of(page(toy(linked=False)))
        if e["attrs"]["data-label"] == "MONEY"
    )
    assert list(keys.values()) == [4]


def test_nested_and_crossing_mentions_are_each_there_once():
    article = toy()
    en = article.document("en")
    extra = [Mention("x1", 0, 13, en.text[0:13], "EVENT"), Mention("x2", 4, 20, en.text[4:20], "PRODUCT")]
    documents = tuple(
        dataclasses.replace(d, mentions=(*d.mentions, *extra)) if d.lang == "en" else d
        for d in article.documents
    )
    p = page(dataclasses.replace(article, documents=documents))
    ids = [e["attrs"]["data-mention"] for e in mentions_of(p)]
    assert Counter(ids)["toy-en:x1"] == Counter(ids)["toy-en:x2"] == 1
    assert len(ids) == len(set(ids))
    cell = next(e for e in p.all("p", **{"class": "text"}) if e["around"][-1].get("lang") == "en")
    assert cell["text"] == en.text[slice(*en.sentences[0])]


def test_directions_and_languages():
    p = page(toy())
    cells = [e for e in p.all("div", **{"class": "cell"}) if "absent" not in e["attrs"]["class"]]
    assert {e["attrs"]["lang"]: e["attrs"]["dir"] for e in cells} == {
        "ar": "rtl",
        "en": "ltr",
        "fil": "ltr",
        "zh": "ltr",
    }
    assert all(
        e["attrs"]["dir"] == ("rtl" if e["attrs"]["lang"] == "ar" else "ltr")
        for e in p.all("span", **{"class": "says"})
    )
    assert p.all("html")[0]["attrs"]["lang"] == "en"


def test_a_missing_counterpart_is_said():
    absent = page(toy()).all("div", **{"class": "absent"})
    assert [e["text"] for e in absent] == ["arno counterpart in Arabic"]


HOSTILE = '<script>alert(1)</script> &amp; <img src=x onerror=alert(1)> "\' \u202e\x1b[31m {{ 7*7 }} [share|20%"><b>]'


def hostile_article():
    dropped = (Dropped(1, "<i>reason</i>", "</details><script>x</script>"),)
    article = make(
        {"en": (HOSTILE,), "ar": ("قال [share=25 percent|<b>25%]",)}, FACTS, dropped=dropped, source="en"
    )
    renamed = {k: dataclasses.replace(f, note="</td><script>y</script>") for k, f in article.facts.items()}
    documents = tuple(
        dataclasses.replace(
            d,
            source=dataclasses.replace(
                d.source,
                publisher='"><script>z</script>',
                url="javascript:alert(1)",
                rights="<u>",
                licence="&lt;",
            ),
        )
        for d in article.documents
    )
    beads = tuple(dataclasses.replace(b, bead_id='"><script>b') for b in article.beads)
    return dataclasses.replace(article, facts=renamed, documents=documents, beads=beads)


def test_hostile_text_is_text():
    p = page(hostile_article())
    assert len(p.all("script")) == 1
    assert not p.all("img")
    assert not p.all("b", onerror="")
    assert not p.all("u")
    assert not [e for e in p.elements for name in e["attrs"] if name.startswith("on") or name == "style"]
    cell = next(e for e in p.all("p", **{"class": "text"}) if e["around"][-1].get("lang") == "en")
    assert cell["text"].startswith(
        "<script>alert(1)</script> &amp; <img src=x onerror=alert(1)> \"' �␛[31m {{ 7*7 }} "
    )
    assert not [e for e in p.all("a") if not e["attrs"]["href"].startswith(("#", "https://", "http://"))]
    text = render(Corpus((hostile_article(),)))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", text)


def test_the_page_is_self_contained_and_its_policy_names_its_own_code():
    text = render(Corpus((toy(),)))
    p = Page(text)
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1))
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (element,) = p.all(tag)
        digest = base64.b64encode(hashlib.sha256(element["text"].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert "unsafe" not in policy
    loads = [
        e["attrs"].get(name, "")
        for e in p.elements
        if e["tag"] != "a"
        for name in ("src", "href")
        if name in e["attrs"]
    ]
    assert loads == ["data:,"]
    assert "url(" not in p.all("style")[0]["text"]
    assert "@import" not in p.all("style")[0]["text"]


def test_totals():
    p = page(toy(), toy(article_id="toy2"))
    words = [e["text"] for e in p.all("dt")]
    totals = dict(zip(words, [e["text"] for e in p.all("dd")], strict=True))
    assert totals == {
        "articles": "2", "documents": "8", "languages": "4", "sentences": "46", "beads": "12", "names": "38", "numbers": "54",
        "differences": "8",
    }  # fmt: skip


def test_facts_table():
    p = page(toy(source="en"))
    lines = {e["attrs"]["data-fact"]: e for e in p.all("tr") if "data-fact" in e["attrs"]}
    assert set(lines) == set(FACTS)
    assert "differs" in lines["share"]["attrs"]["class"]
    assert "≠ another number" in lines["share"]["text"]
    assert "≠ ≈ 25 percent" in lines["share"]["text"]
    assert "not said" in lines["gdansk"]["text"]
    assert "another name" in lines["gdansk"]["text"]
    assert "class" not in lines["price"]["attrs"]
    assert "no difference" in lines["price"]["text"]
    assert "class" not in lines["lina"]["attrs"]
    assert "in another sentence" in lines["lina"]["text"]


def test_what_nothing_links_is_not_called_missing_or_equal():
    lines = [e["text"] for e in page(toy(linked=False)).all("tr") if "data-fact" in e["attrs"]]
    assert any("nothing linked" in line for line in lines)
    assert not any("not said" in line or "no difference" in line for line in lines)


def test_differences_stand_with_their_sentences():
    p = page(toy())
    (part,) = p.all("ol", **{"class": "differences"})
    assert [e["text"] for e in p.all("mark")] == [
        "25%",
        "20%",
        "20%",
        "20%",
        "إزمير",
        "Gdańsk",
        "Gdańsk",
        "格但斯克",
    ]
    for sentence in (
        "The boats were built in Gdańsk.",
        "约20%的座位供学生免费乘坐，航程45分钟。",
        "نحو 25% من المقاعد مجانية للطلاب",
    ):
        assert sentence in part["text"]


def test_what_was_left_out_and_who_annotated():
    text = Page(render(Corpus((toy(),)))).all("main")[0]["text"]
    assert "share counter 2, navigation 1" in text
    assert "46 by read (not reviewed)" in text
    assert "Proposed by rules" not in text
    assert "Proposed by rules" in page(toy(linked=False)).all("main")[0]["text"]


def test_many_articles_are_folded_and_indexed():
    few, many = page(toy()), page(*(toy(article_id=f"t{n:02}") for n in range(12)))
    assert "open" in few.all("details", **{"class": "article"})[0]["attrs"]
    assert not few.all("section", **{"class": "index"})
    folded = many.all("details", **{"class": "article"})
    assert len(folded) == 12
    assert not [e for e in folded if "open" in e["attrs"]]
    targets = {e["attrs"]["href"][1:] for e in many.all("a") if e["attrs"]["href"].startswith("#")}
    ids = [e["attrs"]["id"] for e in many.elements if "id" in e["attrs"]]
    assert targets <= set(ids)
    assert len(ids) == len(set(ids))


def test_an_article_of_one_version_or_without_mentions():
    single = make({"en": ("Up [share|20%].",)}, FACTS, linked=False)
    assert not page(single).all("ol", **{"class": "differences"})
    bare = Article("bare", tuple(dataclasses.replace(d, mentions=()) for d in toy().documents), toy().beads)
    assert "No names or numbers are marked" in page(bare).all("main")[0]["text"]
    assert page().all("title")[0]["text"] == "Hexapla report"


def test_written_whole(tmp_path):
    write_report(Corpus((toy(),)), tmp_path / "new" / "report.html")
    assert (tmp_path / "new" / "report.html").read_text("utf-8") == render(Corpus((toy(),)))
    assert [f.name for f in (tmp_path / "new").iterdir()] == ["report.html"]
