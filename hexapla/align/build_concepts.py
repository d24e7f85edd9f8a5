"""Maintainers: write `hexapla/lang/<code>/concepts.txt`, names of countries, languages, days, months and units, from CLDR.

    python -m hexapla.align.build_concepts

Needs the extra `tables` (Babel). Licence of the data: Unicode-3.0.
"""

from __future__ import annotations

import os
from pathlib import Path

from hexapla.errors import need

_LANGUAGES = [
    "en",
    "ar",
    "zh",
    "fr",
    "de",
    "es",
    "pt",
    "pl",
    "ru",
    "it",
    "ja",
    "ko",
    "tr",
    "hi",
    "fil",
    "id",
    "nl",
    "sv",
    "uk",
    "ro",
    "vi",
    "sw",
    "el",
    "he",
    "fa",
    "th",
    "cs",
    "hu",
    "fi",
    "da",
    "no",
    "bg",
    "hr",
    "sr",
    "sk",
    "ur",
    "bn",
    "ta",
]
_UNITS = [
    "duration-year",
    "duration-month",
    "duration-week",
    "duration-day",
    "duration-hour",
    "duration-minute",
    "duration-second",
    "length-kilometer",
    "length-meter",
    "length-mile",
    "length-foot",
    "length-inch",
    "length-centimeter",
    "mass-kilogram",
    "mass-gram",
    "mass-tonne",
    "mass-pound",
    "temperature-celsius",
    "concentr-percent",
    "area-square-kilometer",
    "volume-liter",
]


def names(lang: str) -> list[tuple[str, str]]:
    """(key, name) of one language, sorted; empty where CLDR does not know it."""
    babel = need("babel", "tables")
    # Babel merges tables that refer to each other into what it keeps: names of one language turn up in the next
    need("babel.localedata", "tables")._cache.clear()
    try:
        locale = babel.Locale.parse(lang)
    except (babel.UnknownLocaleError, ValueError):
        return []
    found = {(f"T:{code}", name) for code, name in locale.territories.items() if code != "ZZ"}
    for key, table in (("D", locale.days), ("M", locale.months)):
        for form in ("stand-alone", "format"):
            found |= {(f"{key}:{number}", name) for number, name in table[form]["wide"].items()}
    found |= {(f"L:{code}", locale.languages[code]) for code in _LANGUAGES if code in locale.languages}
    for unit in _UNITS:
        for pattern in locale._data["unit_patterns"].get(unit, {}).get("long", {}).values():
            if isinstance(pattern, str) and "{0}" in pattern:
                found.add((f"U:{unit.split('-', 1)[1]}", pattern.replace("{0}", "").strip()))
    return sorted((key, " ".join(name.split())) for key, name in found if any(c.isalpha() for c in name))


def main() -> None:
    version = need("babel.core", "tables").get_cldr_version()
    for folder in sorted((Path(__file__).parent.parent / "lang").iterdir()):
        if not folder.is_dir() or folder.name == "und" or not (lines := names(folder.name)):
            continue
        text = (
            f"# Unicode CLDR {version}, Unicode-3.0. Written by `python -m hexapla.align.build_concepts`.\n"
        )
        text += "".join(f"{key}\t{name}\n" for key, name in lines)
        target = folder / "concepts.txt"
        draft = target.with_suffix(".new")
        draft.write_text(text, "utf-8")
        os.replace(draft, target)


if __name__ == "__main__":
    main()
