"""What the layers need to know about the numbers of one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from hexapla.quantities.phrases import Phrases
from hexapla.quantities.scan import Lexicon


@dataclass(slots=True)
class Locale:
    """The data of one language, compiled for the layers. Built once per language by `locale`."""

    code: str
    strip: bool = True
    decimal: str = "."
    group: str = ","
    order: str = "dMy"
    lexicon: Lexicon = field(default_factory=Lexicon)
    below: Lexicon | None = None  # what may stand below a fraction line: "thirds"
    articles: frozenset[str] = frozenset()  # "one" that is more often an article
    never_one: frozenset[str] = frozenset()  # an article that is never the number by itself: "a"
    gap: frozenset[str] = frozenset()  # words that may stand between a modifier and its number
    own_money: frozenset[str] = (
        frozenset()
    )  # currencies that an article alone may count: "a dollar", not "a real"
    money_first: bool = False  # names of currencies and units stand before the number
    of: frozenset[str] = frozenset()  # words between a number and its unit or currency
    letters: dict[str, int] = field(default_factory=dict)  # glued scale letters, case matters
    dotted: frozenset[str] = frozenset()  # abbreviations written with a full stop
    minus: Phrases[int] = field(default_factory=Phrases)
    point: Phrases[int] = field(default_factory=Phrases)
    joiners: frozenset[str] = frozenset()  # "and" between an amount and its cents
    percent: Phrases[str] = field(default_factory=Phrases)
    percent_before: Phrases[str] = field(default_factory=Phrases)
    ordinal_before: frozenset[str] = frozenset()
    ordinal_after: Phrases[int] = field(default_factory=Phrases)
    ordinal_dot: bool = False
    local_signs: frozenset[str] = frozenset()  # signs of the language that are letters: Php, Rp, zł
    symbols: Phrases[str] = field(default_factory=Phrases)
    prefix_money: Phrases[str] = field(default_factory=Phrases)
    money: Phrases[str] = field(default_factory=Phrases)
    heads: dict[str, str] = field(default_factory=dict)
    adjectives: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # head -> (stem, code)
    subunits: Phrases[tuple[str, Fraction]] = field(default_factory=Phrases)
    units: Phrases[str] = field(default_factory=Phrases)
    short_units: dict[str, str] = field(default_factory=dict)  # as written, case matters
    duals: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # word -> kind, unit
    dual_suffix: tuple[str, ...] = ()
    not_dual: frozenset[str] = frozenset()
    times: Phrases[int] = field(default_factory=Phrases)
    denominators: Phrases[int] = field(default_factory=Phrases)
    halves: Phrases[Fraction] = field(default_factory=Phrases)  # "and a half"
    modifier_before: Phrases[str] = field(default_factory=Phrases)
    modifier_after: Phrases[str] = field(default_factory=Phrases)
    range_between: Phrases[int] = field(default_factory=Phrases)
    range_and: Phrases[int] = field(default_factory=Phrases)
    range_open: Phrases[int] = field(default_factory=Phrases)
    months: Phrases[int] = field(default_factory=Phrases)
    year_cue: Phrases[int] = field(default_factory=Phrases)
    month_cue: Phrases[int] = field(default_factory=Phrases)
    year_word: Phrases[int] = field(default_factory=Phrases)
    time_before: Phrases[int] = field(default_factory=Phrases)
    time_after: Phrases[int] = field(default_factory=Phrases)
    date_of: frozenset[str] = frozenset()  # small words between the parts of a date
    month_capital: bool = False  # month names are capitalised
    spelled_day: bool = False  # the day of a date may be spelled out
    written_date: dict[str, str] = field(default_factory=dict)  # 年 -> y, 月 -> m, 日 -> d
    not_month: frozenset[str] = frozenset()  # what makes months a duration: 月間
    marked: dict[str, Fraction] = field(default_factory=dict)  # fractions told by a vowel mark alone
    unit_before: bool = False  # the unit may stand before its number: السنوات الثلاث
    ignore: Phrases[int] = field(default_factory=Phrases)
    counters: frozenset[str] = frozenset()
    need_counter: bool = False  # a number of one sign must be followed by a counter or a unit
    word_start: bool = False  # a number in words starts where a written word does
    divide: Phrases[int] = field(default_factory=Phrases)  # "one over three"
    over: Phrases[int] = field(default_factory=Phrases)  # "5 over 1" is a fifth
    tenths: Phrases[int] = field(default_factory=Phrases)  # a tenth as a unit: 三成 = 30 %
    after_half: Phrases[int] = field(default_factory=Phrases)  # a half that follows the unit
    nouns_capital: bool = False
    prefixes: tuple[str, ...] = ()
    suffixes: frozenset[str] = frozenset()
    suffix_lengths: tuple[int, ...] = ()  # longest first
    known: frozenset[str] = frozenset()  # all words of the tables
    starts: frozenset[str] = frozenset()  # words that can start a mention in a text without digits
    analysed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()  # words that may make a number of an article beside them
    heat: dict[str, bool] = field(default_factory=dict)  # whether a word can begin a mention, as far as asked
    dull: set[str] = field(default_factory=set)  # words as written that cannot, as far as asked
