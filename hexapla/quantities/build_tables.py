"""Build the tables in `cldr/` from CLDR (through Babel) and ICU's spell-out rules. A maintainers' command.

    python -m hexapla.quantities.build_tables [LOCALE ...]

Spelled numbers are learnt: each form that ICU writes for 0-999 is read with the entries known so far, by the reader
that users run, and only what it cannot read yet becomes an entry. So the tables stay small and are known to be readable.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from hexapla.quantities.fold import TOKEN, fold
from hexapla.quantities.scan import Lexicon, Token, read_number

OUT = Path(__file__).parent / "cldr"
KEEP_MARKS = {"vi", "yo"}
SCALES = [100, 1000, 10**4, 10**5, 10**6, 10**7, 10**8, 10**9, 10**11, 10**12, 10**15]
PROBES = (1, 2, 3, 4, 5, 6, 7, 10, 11, 20, 21, 100, 1.5)
CURRENCIES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP "
    "CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR "
    "ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW "
    "DEM FRF ITL ESP NLG BEF ATS PTE GRD IEP FIM LTL LVL EEK SKK SIT"
).split()
UNITS = (
    "century decade year quarter month week day hour minute second millisecond microsecond nanosecond "
    "kilometer meter decimeter centimeter millimeter micrometer nanometer mile yard foot inch nautical-mile light-year "
    "square-kilometer hectare square-meter square-centimeter square-mile acre square-yard square-foot square-inch "
    "cubic-kilometer cubic-meter cubic-centimeter cubic-foot cubic-inch cubic-yard liter deciliter centiliter milliliter hectoliter "
    "gallon quart pint cup fluid-ounce tablespoon teaspoon barrel bushel "
    "tonne kilogram gram milligram microgram ton stone pound ounce ounce-troy carat "
    "celsius fahrenheit kelvin degree arc-minute arc-second radian "
    "kilometer-per-hour meter-per-second mile-per-hour knot liter-per-100-kilometer mile-per-gallon "
    "petabyte terabyte terabit gigabyte gigabit megabyte megabit kilobyte kilobit byte bit "
    "gigahertz megahertz kilohertz hertz gigawatt megawatt kilowatt watt milliwatt horsepower kilowatt-hour "
    "kilocalorie calorie kilojoule joule ampere milliampere ohm volt newton "
    "hectopascal pascal kilopascal megapascal bar millibar atmosphere millimeter-ofhg pixel megapixel dot-per-inch lux lumen item"
).split()
CASES = ("NOMINATIVE", "GENITIVE", "ACCUSATIVE", "DATIVE", "INSTRUMENTAL", "LOCATIVE", "PREPOSITIONAL", "PARTITIVE", "INESSIVE", "ABLATIVE")


def words(form: str, strip: bool) -> list[str]:
    """The folded words of a form, without hyphens."""
    folded, _ = fold(form, strip)
    return [m.group() for m in TOKEN.finditer(folded) if m.group() != "-"]


def _tokens(form: str, lexicon: Lexicon, strip: bool) -> list[Token]:
    made: list[Token] = []
    for word in words(form, strip):
        parts = (word,)
        if lexicon.fused and word not in lexicon.pieces and word not in lexicon.connectors:
            parts = lexicon.split(word) or parts
        made.extend(Token(0, 0, p, 0) for p in parts)
    return made


def _readable(form: str, value: int, role: str, lexicon: Lexicon, strip: bool) -> bool:
    made = _tokens(form, lexicon, strip)
    number = read_number(made, 0, lexicon, ".", ",") if made else None
    return bool(number and number.last == len(made) and number.value == value and number.role == role)


def spellout(icu: Any, code: str) -> dict[str, Any]:
    """The number words of a locale; empty where ICU cannot spell it."""
    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(code))
    names = [rules.getRuleSetName(i) for i in range(rules.getNumberOfRuleSetNames())]
    seven = rules.format(7)
    if code != "en" and not code.startswith("en") and seven == "seven" or not names or any(c.isdigit() for c in seven):
        return {}
    names = [n for n in names if "year" not in n and "days" not in n and "%%" not in n and "verbose" not in n or n.endswith("cardinal-verbose")]
    cardinal_sets = [n for n in names if "ordinal" not in n and "digits" not in n]
    ordinal_sets = [n for n in names if "ordinal" in n]
    strip = code not in KEEP_MARKS

    def say(value: float, rule: str) -> str:
        try:
            return str(rules.format(value, rule)).strip()
        except icu.ICUError:
            return ""

    lexicon = Lexicon()
    main = min(cardinal_sets, key=lambda n: (n != "%spellout-cardinal", "masculine" not in n or n.count("-") > 2, "cardinal" not in n, len(n)))
    lexicon.fused = len(words(say(343, main), strip)) == 1
    entries: dict[str, dict[str, int]] = {"cardinal": {}, "multiplier": {}, "bare": {}, "ordinal": {}, "ordinal_multiplier": {}}
    minus = _difference(words(say(-5, main), strip), words(say(5, main), strip))
    point = words(say(1.5, main), strip)[len(words(say(1, main), strip)) : -len(words(say(5, main), strip))]

    def learn(form: str, role: str, value: int, table: str, bare: bool = True) -> None:
        parts = words(form, strip)
        if role == "q" and " ".join(parts) in {**entries["multiplier"], **entries["bare"]}:
            return
        if parts and not any(any(c.isdigit() for c in p) for p in parts):
            lexicon.add(parts, role, value, bare)
            entries[table][" ".join(parts)] = value

    connectors: Counter[str] = Counter()
    for rule in cardinal_sets:
        for whole, left, right in ((101, 100, 1), (105, 100, 5), (21, 20, 1), (25, 20, 5), (1005, 1000, 5), (120, 100, 20), (1100, 1000, 100)):
            w, a, b = (words(say(n, rule), strip) for n in (whole, left, right))
            if len(w) == len(a) + len(b) + 1 and w[: len(a)] == a and w[len(a) + 1 :] == b:
                connectors[w[len(a)]] += 1
            elif len(w) == len(a) == len(b) == 1 and w[0].startswith(a[0]) and w[0].endswith(b[0]):
                connectors[w[0][len(a[0]) : len(w[0]) - len(b[0])]] += 1
    reverse = 0
    for rule in cardinal_sets:
        for tens in (20, 30, 40, 50):
            for unit in (2, 3, 4, 5, 6):
                w, a, b = ("".join(words(say(n, rule), strip)) for n in (tens + unit, unit, tens))
                if w.startswith(a) and w.endswith(b) and len(w) > len(a) + len(b):
                    middle = w[len(a) : len(w) - len(b)]
                    if middle.isalpha():
                        reverse += 1
                        connectors[middle] += 1
    lexicon.connectors = frozenset(c for c in connectors if c and c.isalpha() or c == "'")
    lexicon.reverse = reverse >= 8
    for rule in [main, *(n for n in cardinal_sets if n != main)]:
        tens: Counter[str] = Counter()
        for k in range(2, 10):  # "three ten"
            head, form = words(say(k, rule), strip), words(say(k * 10, rule), strip)
            if head and len(form) > len(head) and form[: len(head)] == head:
                tens[" ".join(form[len(head) :])] += 1
        for n in range(100):
            if n == 11:
                for name, count in tens.items():
                    if count >= 4:
                        ten = words(say(10, rule), strip)
                        learn(name, "m", 10, "bare" if name.split() == ten else "multiplier", name.split() == ten)
            form = say(n, rule)
            if n == 0 and form in ("", "0"):
                continue
            if not _readable(form, n, "n", lexicon, strip):
                learn(form, "n", n, "cardinal")
        for scale in SCALES:
            for k in (2, 3, 4, 5, 6, 10, 1):
                if k == 10 and scale == 100:
                    continue
                form = words(say(k * scale, rule), strip)
                if _readable(" ".join(form), k * scale, "n", lexicon, strip):
                    continue
                rest = _rest(form, k, rule, say, strip, cardinal_sets, lexicon)
                if rest and k != 1 and (scale > 100 or len(rest) < 3):
                    learn(" ".join(rest), "m", scale, "multiplier", False)
                elif k == 1:
                    if rest and rest != form:
                        learn(" ".join(rest), "m", scale, "multiplier", False)
                    elif form:
                        learn(" ".join(form), "m", scale, "bare", True)
                elif scale <= 1000 and form:
                    learn(" ".join(form), "n", k * scale, "cardinal")
        for n in (*range(100, 200), *range(200, 1000, 50), *range(211, 1000, 37)):
            form = say(n, rule)
            if form and not _readable(form, n, "n", lexicon, strip) and len(words(form, strip)) < 8:
                learn(form, "n", n, "cardinal")
    prefixes, suffixes = _ordinal_affixes(ordinal_sets, cardinal_sets, say, strip)
    for prefix in prefixes:
        lexicon.add(prefix.split(), "p", 0)
    for suffix in suffixes:
        lexicon.add(suffix.split(), "s", 0)
    for rule in ordinal_sets:
        if say(7, rule) == say(7, main) and say(5, rule) == say(5, main):
            continue
        for n in range(1, 100):
            form = say(n, rule)
            if form and not _readable(form, n, "o", lexicon, strip) and not _readable(form, n, "n", lexicon, strip):
                learn(form, "o", n, "ordinal")
        for scale in SCALES:
            for k in (2, 3, 5, 1):
                form = words(say(k * scale, rule), strip)
                if not form or _readable(" ".join(form), k * scale, "o", lexicon, strip) or _readable(" ".join(form), k * scale, "n", lexicon, strip):
                    continue
                rest = _rest(form, k, rule, say, strip, cardinal_sets, lexicon)
                if rest:
                    learn(" ".join(rest), "q", scale, "ordinal_multiplier", True)
                elif k == 1:
                    learn(" ".join(form), "q", scale, "ordinal_multiplier", True)
                elif scale == 100:
                    learn(" ".join(form), "o", k * scale, "ordinal")
        for n in (*range(100, 130), 150, 199, 201, 345, 999):
            form = say(n, rule)
            if form and not _readable(form, n, "o", lexicon, strip) and len(words(form, strip)) < 8 and not _readable(form, n, "n", lexicon, strip):
                learn(form, "o", n, "ordinal")
    out: dict[str, Any] = {k: v for k, v in entries.items() if v}
    out["ordinal_prefix"], out["ordinal_suffix"] = prefixes, suffixes
    out["connectors"] = sorted(lexicon.connectors)
    out["minus"], out["point"] = [" ".join(minus)] if minus else [], [" ".join(point)] if point else []
    out["reverse"], out["fused"] = lexicon.reverse, lexicon.fused
    return out


def _ordinal_affixes(ordinals: list[str], cardinals: list[str], say: Any, strip: bool) -> tuple[list[str], list[str]]:
    """Words before or after a cardinal that make it an ordinal, where they do so regularly."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    sample = (3, 5, 8, 12, 25, 40, 66, 99)
    for rule in ordinals:
        for n in sample:
            form = words(say(n, rule), strip)
            for head in {tuple(words(say(n, c), strip)) for c in cardinals}:
                if head and len(form) > len(head) and form[-len(head) :] == list(head):
                    before[" ".join(form[: -len(head)])] += 1
                if head and len(form) > len(head) and form[: len(head)] == list(head):
                    after[" ".join(form[len(head) :])] += 1
    return [w for w, n in before.items() if n >= 6], [w for w, n in after.items() if n >= 6]


def _difference(longer: list[str], shorter: list[str]) -> list[str]:
    return longer[: len(longer) - len(shorter)] if longer[len(longer) - len(shorter) :] == shorter else []


def _rest(form: list[str], k: int, rule: str, say: Any, strip: bool, sets: list[str], lexicon: Lexicon) -> list[str]:
    """What is left of the form for k × scale after a form of k: the name of the scale."""
    for name in (rule, *sets):
        head = words(say(k, name), strip)
        if not head:
            continue
        if len(form) > len(head) and form[: len(head)] == head:
            return form[len(head) :]
        if lexicon.fused and len(form) == len(head) == 1 and form[0].startswith(head[0]) and len(form[0]) > len(head[0]) + 1:
            return [form[0][len(head[0]) :]]
    return []


_NUMERAL = re.compile(r"[\d.,\u00a0\u202f\u066b\u066c]*\d[\d.,\u066b\u066c]*")


def _strip_number(text: str) -> tuple[str, str] | None:
    """What stands before and after the number of a formatted quantity; None if it holds no digits."""
    text = re.sub("[\u200e\u200f\u061c]", "", text)
    folded = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    found = _NUMERAL.search(folded)
    if not found:
        return None
    return text[: found.start()].strip(" \u00a0\u202f"), text[found.end() :].strip(" \u00a0\u202f")


def affixes(icu: Any, code: str) -> dict[str, Any]:
    """Percent words, currency names, units, compact forms and ordinal affixes, as ICU writes them."""
    locale = icu.Locale(code)
    base = icu.NumberFormatter.withLocale(locale)
    full, short = icu.UNumberUnitWidth.FULL_NAME, icu.UNumberUnitWidth.SHORT
    out: dict[str, Any] = {}

    def say(formatter: Any, n: float) -> str:
        return str(formatter.formatInt(n) if isinstance(n, int) and n < 2**31 else formatter.formatDouble(float(n)))

    names: dict[str, list[str]] = {}
    for currency in CURRENCIES:
        forms: dict[str, None] = {}
        formatter = base.unit(icu.CurrencyUnit(currency)).unitWidth(full).precision(icu.Precision.maxFraction(1))
        for n in PROBES:
            cut = _strip_number(say(formatter, n))
            if cut:
                forms.update({f.casefold(): None for f in cut if f and f.casefold() != currency.casefold()})
        if forms:
            names[currency] = list(forms)
    out["currency"] = names
    units: dict[str, list[str]] = {}
    shorts: dict[str, list[str]] = {}
    duals: dict[str, str] = {}
    for unit in UNITS:
        measure = icu.MeasureUnit.forIdentifier(unit)
        forms, brief = {}, {}
        for case in CASES:
            kind = getattr(icu.UDisplayOptionsGrammaticalCase, case, None)
            if kind is None:
                continue
            options = icu.DisplayOptions.builder().setGrammaticalCase(kind).build()
            formatter = base.unit(measure).unitWidth(full).displayOptions(options)
            for n in PROBES:
                text = say(formatter, n)
                cut = _strip_number(text)
                if cut:
                    forms.update({f.casefold(): None for f in cut if f})
                elif n == 2:
                    duals[text.casefold()] = unit
                elif n == 1:
                    forms[text.casefold()] = None
        for n in PROBES:
            cut = _strip_number(say(base.unit(measure).unitWidth(short), n))
            if cut:
                brief.update({f: None for f in cut if f and f.casefold() not in forms})
        if forms:
            units[unit] = list(forms)
        if brief:
            shorts[unit] = list(brief)
    out["unit"], out["unit_short"], out["dual"] = units, shorts, duals
    for key, style in (("scale", icu.Notation.compactLong()), ("scale_short", icu.Notation.compactShort())):
        scales: dict[str, int] = {}
        for power in range(3, 16):
            for n in (1, 2, 3, 5, 11, 1.5):
                text = say(base.notation(style), int(n * 10**power) if power > 1 else n)
                cut = _strip_number(text)
                if not cut:
                    continue
                clean = "".join(str(int(c)) if c.isdecimal() else c for c in text)
                shown = _NUMERAL.search(re.sub("[\u200e\u200f\u061c]", "", clean))
                parts = re.findall(r"\d+", shown.group()) if shown else []
                digits = float(".".join(parts)) if 0 < len(parts) < 3 and len("".join(parts)) < 4 else 0
                factor = n * 10**power / digits if digits else 0
                for affix in cut:
                    if any(c.isalpha() for c in affix) and factor >= 1000 and abs(factor - round(factor)) < 1e-6 and 10 ** (len(str(round(factor))) - 1) == round(factor):
                        scales.setdefault(affix if key == "scale_short" else affix.casefold(), round(factor))
        out[key] = scales
    percent: dict[str, None] = {}
    for width in (full, short):
        for n in PROBES:
            cut = _strip_number(say(base.unit(icu.MeasureUnit.forIdentifier("percent")).unitWidth(width), n))
            percent.update({f.casefold(): None for f in cut or () if f})
    out["percent"] = list(percent)
    ordinals = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.ORDINAL, locale)
    before: dict[str, None] = {}
    after: dict[str, None] = {}
    for i in range(ordinals.getNumberOfRuleSetNames()):
        name = ordinals.getRuleSetName(i)
        if "%%" in name:
            continue
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 11, 20, 21, 22, 23, 100):
            cut = _strip_number(str(ordinals.format(n, name)))
            if cut:
                before.update({cut[0].casefold(): None} if cut[0] not in ("", "-", "−") else {})
                after.update({cut[1].casefold(): None} if cut[1] else {})
    out["ordinal_before"], out["ordinal_after"] = list(before), list(after)
    return out


def calendar(code: str) -> dict[str, Any]:
    """Signs, month names and the order of a written date, from Babel."""
    from babel import Locale

    locale = Locale.parse(code.replace("-", "_"))
    symbols = locale.number_symbols
    signs = symbols.get("latn") or next(iter(symbols.values()), {})
    months: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months.get(context, {}).get(width, {}).items():
                if not any(c.isdigit() for c in name) or code.split("-")[0] in ("zh", "ja", "ko"):
                    months.setdefault(name.casefold().rstrip("."), number)
    pair = str(locale.list_patterns.get("standard", {}).get("2", ""))
    joiner = pair.replace("{0}", "").replace("{1}", "").strip()
    order = re.sub(r"'[^']*'|[^dMy]", "", str(locale.date_formats["short"].pattern))
    order = re.sub(r"(.)\1+", r"\1", order)
    local = {sign: c for c, sign in locale.currency_symbols.items() if sign != c and c in CURRENCIES}
    return {
        "decimal": signs.get("decimal", "."), "group": signs.get("group", ","), "months": months, "order": order,
        "and": [joiner] if joiner.isalpha() else [], "symbol": local, "currency_local": _local_currency(locale),
    }  # fmt: skip


def _local_currency(locale: Any) -> str:
    """The currency of the territory where most speakers of the language live."""
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    tag = get_global("likely_subtags").get(str(locale), str(locale))
    territory = tag.split("_")[-1]
    current = get_territory_currencies(territory) if len(territory) == 2 else []
    return str(current[0]) if current else ""


def heads(names: dict[str, list[str]], strip: bool) -> dict[str, list[str]]:
    """Per currency the word that names it without its country: `US dollars` -> `dollars`.

    Of the first and the last word of a name, the head is the one that more currencies share; where none is shared, it
    stands where the heads of this language mostly stand.
    """
    split = {c: [[w for w in words(f, strip) if any(x.isalpha() for x in w)] for f in forms] for c, forms in names.items()}
    shared: dict[str, set[str]] = defaultdict(set)
    for currency, forms in split.items():
        for parts in forms:
            for word in parts[:1] + parts[-1:]:
                shared[word].add(currency)
    last = sum(len(shared[p[-1]]) > len(shared[p[0]]) for forms in split.values() for p in forms if len(p) > 1)
    first = sum(len(shared[p[-1]]) < len(shared[p[0]]) for forms in split.values() for p in forms if len(p) > 1)
    # the other end of a name with a shared head is no head: "new" of "new Taiwan dollar"
    weak = {
        w for forms in split.values() for p in forms if len(p) > 1
        for w, o in ((p[0], p[-1]), (p[-1], p[0])) if len(shared[o]) > 3 and len(shared[o]) > len(shared[w])
    }  # fmt: skip
    out: dict[str, list[str]] = {}
    for currency, forms in split.items():
        kept: dict[str, None] = {}
        for parts in forms:
            ends = [w for w in parts[:1] + parts[-1:] if len(w) > 2 and (len(parts) == 1 or w not in weak)]
            if not ends:
                continue
            most = max(len(shared[w]) for w in ends)
            kept[max(ends, key=lambda w: len(shared[w])) if most > 3 else (ends[-1] if last >= first else ends[0])] = None
        if kept:
            out[currency] = list(kept)
    return out


def build(code: str) -> dict[str, Any] | None:
    """The whole table of a locale, or None where CLDR has nothing of its own for it."""
    import icu

    table: dict[str, Any] = {"locale": code}
    try:
        table.update(calendar(code))
    except Exception as error:  # Babel lacks a few locales that ICU has
        print(f"{code}: no calendar ({error})", file=sys.stderr)
        table.update({"decimal": ".", "group": ",", "months": {}, "order": "dMy", "symbol": {}})
    table.update(affixes(icu, code))
    table["head"] = heads(table["currency"], code not in KEEP_MARKS)
    table["spell"] = spellout(icu, code)
    return table


def main(argv: list[str]) -> None:
    from babel.localedata import locale_identifiers

    OUT.mkdir(exist_ok=True)
    languages = {c for c in locale_identifiers() if "_" not in c} - {"root", "nb", "nn", "tl"}
    for code in argv or sorted(languages | {"fil", "no", "zh-Hant"}):
        table = build(code)
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        (OUT / f"{code}.json").write_text(text.replace(',"', ',\n"', 1) + "\n", "utf-8")
        print(code, len(text.encode()) // 1024, "KB", {k: len(v) if isinstance(v, (dict, list)) else v for k, v in (table or {})["spell"].items()})


if __name__ == "__main__":
    main(sys.argv[1:])
