"""Maintainers: write `hexapla/lang/<code>/places.txt`, the names of countries, regions and large cities, from CLDR.

python -m hexapla.build_places        (needs Babel: the extra [tables])
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from hexapla import langs
from hexapla.errors import need
from hexapla.store import write_text

HEAD = "# Countries, regions and cities: Unicode CLDR {version}, Unicode-3.0. Written by `python -m hexapla.build_places`.\n"


def places(lang: str) -> list[str]:
    """Territory names and exemplar cities of time zones in one language, without glosses in brackets."""
    babel = need("babel", "tables")
    locale = babel.Locale.parse(lang.replace("-", "_"))
    names = {
        name for code, name in locale.territories.items() if code != "001"
    }  # the world is no place among others
    names |= {zone["city"] for zone in locale.time_zones.values() if "city" in zone}
    # "Hongkong (SRA Chin)" and "Hong Kong, RAE da China" are called by their first part
    names |= {re.split(r"\s*[(（,]", name)[0] for name in names}
    return sorted(n for n in names if len(n) > 1 and not re.search(r"[(（,]", n))


def main() -> None:
    from babel.core import get_cldr_version

    root = Path(str(resources.files("hexapla") / "lang"))
    for code in langs.with_data("name"):
        write_text(
            root / code / "places.txt",
            HEAD.format(version=get_cldr_version()) + "\n".join(places(code)) + "\n",
        )


if __name__ == "__main__":
    main()
