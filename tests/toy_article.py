"""A small article in four languages, written for the tests, in which the versions differ on purpose.

Marks in the sentences: `[fact|surface]`, with `[fact=3 day >|surface]` where a version's quantity is its own.
What differs: `share` (Arabic 25 %, Filipino without "about"), the place the boats come from (Arabic names another),
`lina` (Chinese has "she" in sentence 5), and sentence 6, which Arabic does not have.
"""

from __future__ import annotations

import re

from hexapla.corpus import Article, Bead, Block, Document, Dropped, Fact, Mention, Source
from hexapla.values import Quantity, parse_value

SIGNS = {"~": "approx", ">": "more_than", "<": "less_than", ">=": "at_least", "<=": "at_most"}

FACTS = {
    "talisay": ("LOC", "Talisay"),
    "boats": ("CARDINAL", "24"),
    "lina": ("PER", "Lina Haddad"),
    "maris": ("ORG", "Maris Lines"),
    "price": ("MONEY", "3500000 USD"),
    "day": ("DATE", "2026-05-04"),
    "share": ("PERCENT", "~20 percent"),
    "time": ("MEASURE", "45 minute"),
    "gdansk": ("LOC", "Gdańsk"),
    "izmir": ("LOC", "Izmir"),
    "wait": ("MEASURE", "2 year"),
    "sale": ("TIME", "18:30"),
}

TEXTS = {
    "en": (
        "[talisay|Talisay] opens a night ferry with [boats|24] boats",
        "[lina|Lina Haddad], who leads the harbour company [maris|Maris Lines], paid [price|$3.5 million] for the fleet on [day|4 May 2026].",
        "About [share|20%] of the seats are free for students, and a crossing takes [time|45 minutes].",
        "The boats were built in [gdansk|Gdańsk].",
        "“We waited [wait|two years],” said [lina|Haddad].",
        "Tickets go on sale at [sale|18:30].",
    ),
    "ar": (
        "[talisay|تاليساي] تفتتح خط عبّارات ليلي يضم [boats|24] قاربًا",
        "دفعت [lina|لينا حداد]، التي تقود شركة الميناء [maris|ماريس لاينز]، [price|3.5 مليون دولار] ثمنًا للأسطول في [day|4 مايو 2026].",
        "نحو [share=~25 percent|25%] من المقاعد مجانية للطلاب، ويستغرق العبور [time|45 دقيقة].",
        "بُنيت القوارب في [izmir|إزمير].",
        "قالت [lina|حداد]: «انتظرنا [wait|عامين]».",
        "",
    ),
    "zh": (
        "[talisay|塔利赛]开通夜间渡轮，配备[boats|24]艘船",
        "领导港口公司[maris|马里斯航运]的[lina|莉娜·哈达德]于[day|2026年5月4日]以[price|350万美元]购入船队。",
        "约[share|20%]的座位供学生免费乘坐，航程[time|45分钟]。",
        "这些船在[gdansk|格但斯克]建造。",
        "“我们等了[wait|两年]，”她说。",
        "船票于[sale|18:30]开售。",
    ),
    "fil": (
        "Nagbukas ang [talisay|Talisay] ng panggabing ferry na may [boats|24] na bangka",
        "Nagbayad si [lina|Lina Haddad], na namumuno sa kumpanya ng daungan na [maris|Maris Lines], ng [price|$3.5 milyon] para sa mga bangka noong [day|Mayo 4, 2026].",
        "[share=20 percent|20%] ng mga upuan ay libre para sa mga estudyante, at [time|45 minuto] ang pagtawid.",
        "Ginawa ang mga bangka sa [gdansk|Gdańsk].",
        "“Naghintay kami ng [wait|dalawang taon],” sabi ni [lina|Haddad].",
        "Ibebenta ang mga tiket sa [sale|18:30].",
    ),
}


def quantity(label: str, spec: str) -> Quantity:
    """`~20 percent`, `3..5 year`, `2026-05-04`, `-` (none) -> a quantity of that label."""
    sign, amount, unit = re.fullmatch(r"([~<>]=?)? ?(\S+)(?: (\S+))?", spec).groups()
    kind = label.lower()
    low, _, high = amount.partition("..")
    return Quantity(
        kind,
        None if low == "-" else parse_value(low, kind),
        parse_value(high, kind) if high else None,
        unit,
        SIGNS.get(sign),
    )


def make(
    texts: dict[str, tuple[str, ...]],
    facts: dict[str, tuple[str, str]],
    *,
    linked: bool = True,
    source: str = "",
    article_id: str = "toy",
    dropped: tuple[Dropped, ...] = (),
) -> Article:
    """An article from marked-up sentences, n-th sentence with n-th sentence ("" = no counterpart)."""
    documents = []
    beads: list[dict[str, tuple[tuple[int, int], ...]]] = [{} for _ in range(max(map(len, texts.values())))]
    for lang in sorted(texts):
        text, blocks, mentions = "", [], []
        for number, marked in enumerate(texts[lang]):
            if not marked:
                continue
            start = len(text)
            for part in re.split(r"(\[[^\[\]|]+\|[^\[\]]+\])", marked):
                if not (part.startswith("[") and "|" in part):
                    text += part
                    continue
                key, surface = part[1:-1].split("|", 1)
                fact_id, _, own = key.partition("=")
                label, value = facts[fact_id]
                is_number = Fact(fact_id, label).is_number
                mentions.append(
                    Mention(
                        f"m{len(mentions) + 1}", len(text), len(text) + len(surface), surface, label,
                        fact_id if linked else None, quantity(label, own or value) if is_number else None,
                        by="read" if linked else "rule",
                    )
                )  # fmt: skip
                text += surface
            beads[number][lang] = ((start, len(text)),)
            blocks.append(Block(start, len(text), "paragraph" if number else "title"))
            text += "\n\n"
        where = Source(
            f"{article_id}-{lang}", f"{lang}.txt", lang, "0" * 64, article_id, publisher="Harbour Gazette",
            published="2026-05-05", url="https://example.org/ferry", rights="our own text", licence="CC BY 4.0",
            role="source" if lang == source else "translation" if source else "unknown",
        )  # fmt: skip
        spans = tuple(s for b in beads if lang in b for s in b[lang])
        documents.append(Document(where, text, tuple(blocks), spans, tuple(mentions), dropped))
    return Article(
        article_id,
        tuple(documents),
        tuple(Bead(f"b{n}", spans) for n, spans in enumerate(beads, 1) if spans),
        {
            k: Fact(k, label, **{"value" if Fact(k, label).is_number else "name": value})
            for k, (label, value) in facts.items()
        }
        if linked
        else {},
    )


def toy(*, linked: bool = True, source: str = "", article_id: str = "toy") -> Article:
    return make(
        TEXTS,
        FACTS,
        linked=linked,
        source=source,
        article_id=article_id,
        dropped=(Dropped(1, "navigation", "Home · Sport"), Dropped(9, "share counter", "0"), Dropped(10, "share counter", "3")),
    )  # fmt: skip
