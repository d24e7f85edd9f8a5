"""Build the tables in `cldr/` from CLDR (through Babel) and ICU. A maintainers' command; users need neither.

python -m hexapla.quantities.build_tables [LOCALE ...]
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from hexapla.quantities.build_affixes import affixes
from hexapla.quantities.build_spellout import KEEP_MARKS, spellout, words
from hexapla.quantities.common import CURRENCIES

OUT = Path(__file__).parent / "cldr"


def calendar(code: str) -> dict[str, Any]:
    """Signs, month names and the order of a written date, from Babel."""
    from babel import Locale

    locale = Locale.parse(code.replace("-", "_"))
    symbols = locale.number_symbols
    signs: dict[str, str] = symbols.get("latn") or next(iter(symbols.values()), {})
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
    split = {
        c: [[w for w in words(f, strip) if any(x.isalpha() for x in w)] for f in forms]
        for c, forms in names.items()
    }
    shared: dict[str, set[str]] = defaultdict(set)
    for currency, forms in split.items():
        for parts in forms:
            for word in parts[:1] + parts[-1:]:
                shared[word].add(currency)
    last = sum(
        len(shared[p[-1]]) > len(shared[p[0]]) for forms in split.values() for p in forms if len(p) > 1
    )
    first = sum(
        len(shared[p[-1]]) < len(shared[p[0]]) for forms in split.values() for p in forms if len(p) > 1
    )
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
            kept[
                max(ends, key=lambda w: len(shared[w]))
                if most > 3
                else (ends[-1] if last >= first else ends[0])
            ] = None
        if kept:
            out[currency] = list(kept)
    return out


def build(code: str, root: dict[str, Any]) -> dict[str, Any] | None:
    """The table of a locale; None where it has nothing that the root locale has not."""
    import icu

    table: dict[str, Any] = {"locale": code}
    try:
        table.update(calendar(code))
    except Exception as error:  # Babel lacks a few locales that ICU has
        print(f"{code}: no calendar ({error})", file=sys.stderr)
        table.update({"decimal": ".", "group": ",", "months": {}, "order": "dMy", "symbol": {}})
    table.update(affixes(icu, code))
    own = [
        k for name in ("currency", "unit") for k, v in table[name].items() if root.get(name, {}).get(k) != v
    ]
    table["head"] = heads(table["currency"], code not in KEEP_MARKS)
    table["spell"] = spellout(icu, code)
    if not (table["spell"] or own or table["months"]):
        return None
    return {name: value for name, value in table.items() if value or name == "spell"}


def main(argv: list[str]) -> None:
    from babel.localedata import locale_identifiers

    OUT.mkdir(exist_ok=True)
    languages = {c for c in locale_identifiers() if "_" not in c} - {"root", "nb", "tl"}
    import icu

    root = affixes(icu, "root")
    for code in argv or sorted(languages | {"fil", "no", "zh-Hant"}):
        table, file = build(code, root), OUT / f"{code}.json"
        if table is None:
            file.unlink(missing_ok=True)
            continue
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        file.write_text(text + "\n", "utf-8")
        print(code, len(text.encode()) // 1024, "KB", len(table["spell"].get("cardinal", ())), "spelled")


if __name__ == "__main__":
    main(sys.argv[1:])
