"""Takes the pictures of the documentation: `.venv/bin/python docs/make_pictures.py` (`make pictures`).

Needs Debian's chromium, chromium-driver, fonts-noto-core and fonts-noto-cjk, and selenium. The demo article is built
and photographed as it is, two beads in which versions differ in view, one fact held.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "live")]

LIMIT = 300_000  # bytes of a picture


def main() -> None:
    import browser

    from hexapla.build import build

    with (
        tempfile.TemporaryDirectory() as name,
        resources.as_file(resources.files("hexapla") / "demo") as demo,
    ):
        folder = Path(name)
        shutil.copytree(demo, folder / "demo")
        build(folder / "demo" / "seeds", folder / "build", gold=folder / "demo" / "gold")
        target = ROOT / "docs" / "img" / "report.png"
        with browser.chromium(1340, 800) as driver:
            driver.get((folder / "build" / "report.html").as_uri())
            driver.execute_script(
                "const held = document.querySelector('.bead [data-fact=n-prepaid]');"
                "held.closest('.bead').previousElementSibling.previousElementSibling.scrollIntoView();"
                "held.click();"
            )
            browser.picture(driver, target)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}: {size:,} bytes")
    if size > LIMIT:
        raise SystemExit(f"{target} is larger than {LIMIT:,} bytes")


if __name__ == "__main__":
    main()
