from __future__ import annotations

from release_corpus import corpus, document, facts

from hexapla.corpus import Article
from hexapla.statistics import Statistics


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
    assert dict(s.missing) == {"entity": 1, "number": 1}  # Rosa Abad and the months are in Filipino only
    assert (s.differs, s.hedged) == (1, 0)  # 1.5 and 1.4 billion


def test_a_modifier_is_a_difference_of_its_own() -> None:
    da = document("a", "da", "[7|CARDINAL|n|7|]")
    no = document("b", "no", "[7|CARDINAL|n|7||approx]")
    s = counted(Article("x", (da, no), (), facts(da, no)))
    assert (s.differs, s.hedged) == (0, 1)
