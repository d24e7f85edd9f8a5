"""Counts of a corpus, gathered article by article: what the dataset card and the build's summary show."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from hexapla.corpus import LABELS, Article, Mention
from hexapla.fidelity import differences


@dataclass(slots=True)
class Statistics:
    """Feed it articles with `add`. All counters are keyed by language where a language makes sense.

    A fact is *shared* if several documents of its article mention it. `differences` are those of `hexapla.fidelity`, by
    their kind.
    """

    articles: int = 0
    parallel: int = 0
    beads: int = 0
    full_beads: int = 0
    topics: set[str] = field(default_factory=set)
    documents: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    mentions: Counter[tuple[str, str]] = field(default_factory=Counter)  # (label, lang)
    valued: Counter[str] = field(default_factory=Counter)  # number mentions with a value
    by: Counter[str] = field(default_factory=Counter)
    reviewed: int = 0
    ambiguous: int = 0
    units: Counter[str] = field(default_factory=Counter)
    modifiers: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)  # entity | number
    shared: Counter[str] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)  # "ar-fil" -> aligned pairs
    sources: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    """(language, publisher, rights, licence, kind of text) -> documents."""

    magnitudes: Counter[tuple[str, int]] = field(default_factory=Counter)
    """(label, power of ten: 3 for 1000 to 9999) -> numbers; zero has no power, and counts as -99."""
    years: Counter[int] = field(default_factory=Counter)  # of dates that have one
    ladder: Article | None = None  # the first parallel article, for a picture of its alignment

    def add(self, article: Article) -> None:
        """Count one article."""
        self.articles += 1
        several = len(article.documents) > 1
        self.parallel += several
        if article.topic_id:
            self.topics.add(article.topic_id)
        for d in article.documents:
            self.documents[d.lang] += 1
            self.characters[d.lang] += len(d.text)
            self.sentences[d.lang] += len(d.sentences)
            made = {"translation": f"{d.source.translation} translation"}.get(d.source.role, d.source.role)
            kind = made.replace("unknown translation", "translation")
            self.sources[d.lang, d.source.publisher, d.source.rights, d.source.licence, kind] += 1
            for mention in d.mentions:
                self._mention(mention, d.lang)
        if several:
            self.ladder = self.ladder or article
            self.beads += len(article.beads)
            self.full_beads += sum(len(b.spans) == len(article.documents) for b in article.beads)
            for bead in article.beads:
                codes = sorted(bead.spans)
                self.pairs.update(f"{a}-{b}" for n, a in enumerate(codes) for b in codes[n + 1 :])
        for fact_id, said in article.by_fact().items():
            layer = "number" if article.facts[fact_id].is_number else "entity"
            self.facts[layer] += 1
            self.shared[layer] += len(said) > 1
        self.differences.update(d.kind for d in differences(article))

    def _mention(self, mention: Mention, lang: str) -> None:
        self.mentions[mention.label, lang] += 1
        self.by[mention.by] += 1
        self.reviewed += mention.reviewed
        self.ambiguous += mention.ambiguous
        if mention.quantity is not None:
            self.valued[lang] += mention.quantity.value is not None
            self.units[mention.quantity.unit or "–"] += 1
            self.modifiers[mention.quantity.modifier or "–"] += 1
            if isinstance(mention.quantity.value, Fraction):
                self.magnitudes[mention.label, magnitude(mention.quantity.value)] += 1
            elif mention.label == "DATE" and re.match(r"\d{4}", mention.quantity.value or ""):
                self.years[int(str(mention.quantity.value)[:4])] += 1

    @property
    def langs(self) -> list[str]:
        return sorted(self.documents)

    def of_label(self, label: str) -> int:
        """Mentions of a label in all languages."""
        return sum(self.mentions[label, lang] for lang in self.langs)

    def of_lang(self, lang: str) -> int:
        """Mentions of a language, all labels."""
        return sum(self.mentions[label, lang] for label in LABELS)


def magnitude(value: Fraction) -> int:
    """The power of ten just below a number's absolute value; exact, and -99 for zero.

    >>> [magnitude(Fraction(n)) for n in ("1/3", "1", "9.99", "1000", "0")]
    [-1, 0, 0, 3, -99]
    """
    value = abs(value)
    if not value:
        return -99
    power = len(str(value.numerator)) - len(str(value.denominator))
    return power if value >= Fraction(10) ** power else power - 1
