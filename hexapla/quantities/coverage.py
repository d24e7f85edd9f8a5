"""The coverage table of `docs/quantities.md`: what is known, per language.

    python -m hexapla.quantities.coverage [FILE]

Without a file the table is printed; with one it is written between its `coverage` markers.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from hexapla import langs

COLUMNS = (
    "language",
    "spelled numbers",
    "ordinals",
    "currencies",
    "units",
    "months",
    "fractions",
    "modifiers",
    "own cases",
)


def rows() -> list[tuple[str, ...]]:
    """One row per language with a supplement, then one line for all other locales."""
    folder = resources.files("hexapla.quantities") / "cldr"
    tables = {
        f.name[:-5]: json.loads(f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".json")
    }
    out: list[tuple[str, ...]] = []
    for lang in langs.with_data("quantities"):
        own, table = langs.data(lang, "quantities"), tables.get(lang, {})
        spell: dict[str, Any] = table.get("spell", {})

        def count(name: str, own: dict[str, Any] = own, spell: dict[str, Any] = spell) -> int:
            return len({**spell.get(name, {}), **own.get(name, {})})

        modifiers = sum(
            len(v.get("before", ())) + len(v.get("after", ())) for v in own.get("modifier", {}).values()
        )
        cases = Path(__file__).parents[2] / "tests" / "cases" / "quantities" / f"{lang}.toml"
        number = cases.read_text("utf-8").count("[[case]]") if cases.is_file() else 0
        regular = bool(
            spell.get("ordinal_prefix")
            or spell.get("ordinal_suffix")
            or own.get("ordinal_prefix")
            or own.get("ordinal_suffix")
        )
        out.append(
            (
                lang,
                str(count("cardinal") + count("multiplier") + count("bare")),
                str(count("ordinal") + count("ordinal_multiplier")) + (" + affix" if regular else ""),
                str(len(table.get("currency", {}))),
                str(len({*table.get("unit", {}), *own.get("unit", {})})),
                str(len({*table.get("months", {}), *own.get("month", {})})),
                str(len(own.get("fraction", {})) + len(own.get("denominator", {}))),
                str(modifiers),
                str(number or "–"),
            )
        )
    return out


def others() -> tuple[int, int]:
    """How many further locales have a table, and how many of them spelled numbers."""
    folder = resources.files("hexapla.quantities") / "cldr"
    names = {f.name[:-5] for f in folder.iterdir() if f.name.endswith(".json")} - set(
        langs.with_data("quantities")
    )
    spelled = sum(
        bool(json.loads((folder / f"{n}.json").read_text("utf-8"))["spell"].get("cardinal")) for n in names
    )
    return len(names), spelled


def table() -> str:
    """The coverage as Markdown: entries per language."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(row) + " |" for row in rows()]
    more, spelled = others()
    lines += [
        "",
        f"{more} further locales have CLDR's digits, signs, currencies, units and months; {spelled} of them spelled numbers as well.",
    ]
    return "\n".join(lines)


def replace(text: str, name: str, content: str) -> str:
    """Put content between the markers `<!-- name…-->` and `<!-- /name -->` of a Markdown text."""
    pattern = re.compile(rf"(<!-- {name}[^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return pattern.sub(lambda m: m.group(1) + content + "\n" + m.group(2), text)


def main(argv: list[str]) -> None:
    if not argv:
        print(table())
        return
    file = Path(argv[0])
    file.write_text(replace(file.read_text("utf-8"), "coverage", table()), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
