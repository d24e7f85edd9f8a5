"""Percent words, currency names, units, compact forms and ordinal affixes, as ICU writes them. Part of the builder."""

from __future__ import annotations

import re
from typing import Any

from hexapla.quantities.common import CURRENCIES

PROBES = (1, 2, 3, 4, 5, 6, 7, 10, 11, 20, 21, 100, 1.5)
UNITS = [
    "century",
    "decade",
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
    "kilometer",
    "meter",
    "decimeter",
    "centimeter",
    "millimeter",
    "micrometer",
    "nanometer",
    "mile",
    "yard",
    "foot",
    "inch",
    "nautical-mile",
    "light-year",
    "square-kilometer",
    "hectare",
    "square-meter",
    "square-centimeter",
    "square-mile",
    "acre",
    "square-yard",
    "square-foot",
    "square-inch",
    "cubic-kilometer",
    "cubic-meter",
    "cubic-centimeter",
    "cubic-foot",
    "cubic-inch",
    "cubic-yard",
    "liter",
    "deciliter",
    "centiliter",
    "milliliter",
    "hectoliter",
    "gallon",
    "quart",
    "pint",
    "cup",
    "fluid-ounce",
    "tablespoon",
    "teaspoon",
    "barrel",
    "bushel",
    "tonne",
    "kilogram",
    "gram",
    "milligram",
    "microgram",
    "ton",
    "stone",
    "pound",
    "ounce",
    "ounce-troy",
    "carat",
    "celsius",
    "fahrenheit",
    "kelvin",
    "degree",
    "arc-minute",
    "arc-second",
    "radian",
    "kilometer-per-hour",
    "meter-per-second",
    "mile-per-hour",
    "knot",
    "liter-per-100-kilometer",
    "mile-per-gallon",
    "petabyte",
    "terabyte",
    "terabit",
    "gigabyte",
    "gigabit",
    "megabyte",
    "megabit",
    "kilobyte",
    "kilobit",
    "byte",
    "bit",
    "gigahertz",
    "megahertz",
    "kilohertz",
    "hertz",
    "gigawatt",
    "megawatt",
    "kilowatt",
    "watt",
    "milliwatt",
    "horsepower",
    "kilowatt-hour",
    "kilocalorie",
    "calorie",
    "kilojoule",
    "joule",
    "ampere",
    "milliampere",
    "ohm",
    "volt",
    "newton",
    "hectopascal",
    "pascal",
    "kilopascal",
    "megapascal",
    "bar",
    "millibar",
    "atmosphere",
    "millimeter-ofhg",
    "pixel",
    "megapixel",
    "dot-per-inch",
    "lux",
    "lumen",
    "item",
]
CASES = (
    "NOMINATIVE",
    "GENITIVE",
    "ACCUSATIVE",
    "DATIVE",
    "INSTRUMENTAL",
    "LOCATIVE",
    "PREPOSITIONAL",
    "PARTITIVE",
    "INESSIVE",
    "ABLATIVE",
)


_NUMERAL = re.compile(r"\d(?:[\d.,\u00a0\u202f\u066b\u066c]*\d)?")


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
        return str(
            formatter.formatInt(n) if isinstance(n, int) and n < 2**31 else formatter.formatDouble(float(n))
        )

    names: dict[str, list[str]] = {}
    for currency in CURRENCIES:
        forms: dict[str, None] = {}
        formatter = (
            base.unit(icu.CurrencyUnit(currency)).unitWidth(full).precision(icu.Precision.maxFraction(1))
        )
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
        forms = {}
        brief: dict[str, None] = {}
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
                    if (
                        any(c.isalpha() for c in affix)
                        and factor >= 1000
                        and abs(factor - round(factor)) < 1e-6
                        and 10 ** (len(str(round(factor))) - 1) == round(factor)
                    ):
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
