from __future__ import annotations

from release_corpus import corpus, document, facts

from hexapla.corpus import Article, Bead
from hexapla.release.statistics import Statistics


def counted(*articles: Article) -> Statistics:
    statistics = Statistics()
    for article in articles:
        statistics.add(article)
    return statistics


def test_counts_of_the_corpus() -> None:
    s = counted(*corpus().articles)
    assert (s.articles, s.parallel, s.beads, s.full_beads, s.topics) == (2, 1, 4, 3, {"transport"})
    assert dict(s.sentences) == {"pl": 2, "ar": 4, "fil": 4}
    assert s.mentions["LOC", "fil"] == 1
    assert (s.of_label("LOC"), s.of_lang("pl")) == (3, 5)
    assert (s.valued["pl"], s.by["read"], s.reviewed) == (2, 17, 0)
    assert dict(s.pairs) == {"ar-fil": 3}


def test_facts_across_versions() -> None:
    s = counted(*corpus().articles)
    assert dict(s.facts) == {"entity": 5, "number": 6}
    assert dict(s.shared) == {"entity": 2, "number": 3}
    # 1.5 and 1.4 billion; Rosa Abad and the months are in Filipino only; the last sentence is in Arabic only
    assert dict(s.differences) == {"value": 1, "missing": 2, "bead-missing": 1}


def test_a_modifier_is_a_difference_of_its_own() -> None:
    da = document("a", "da", "[7|CARDINAL|n|7|]")
    no = document("b", "no", "[7|CARDINAL|n|7||approx]")
    bead = Bead("b1", {"da": da.sentences, "no": no.sentences})
    assert dict(counted(Article("x", (da, no), (bead,), facts(da, no))).differences) == {"modifier": 1}
