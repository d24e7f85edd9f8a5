"""A headless Chromium for tests and pictures: Debian's `chromium` and `chromium-driver`, driven by selenium."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMEDRIVER = os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")
_ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-default-browser-check", "--hide-scrollbars",
)  # fmt: skip


def missing() -> str:
    """Why no browser can be started here; "" if one can."""
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium is not installed"
    gone = [path for path in (CHROMIUM, CHROMEDRIVER) if not shutil.which(path)]
    return f"{' and '.join(gone)} not found: apt-get install chromium chromium-driver" if gone else ""


@contextmanager
def chromium(width: int = 1440, height: int = 900, *, dark: bool = False, scale: float = 1) -> Iterator[Any]:
    """A selenium driver with a fresh profile. What was started is ended, whatever happens.

    The width is that of the page, also below the least width of a window (phones); `scale` is device pixels per pixel.
    chromedriver picks a free port by itself. Console and network logs are kept: see `console` and `requests`.
    """
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    profile = tempfile.mkdtemp(prefix="hexapla-chromium-")
    options = Options()
    options.binary_location = CHROMIUM
    for argument in (*_ARGUMENTS, f"--user-data-dir={profile}", f"--window-size={max(width, 500)},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = None
    try:
        driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        yield driver
    finally:
        if driver is not None:
            driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def console(driver: Any) -> list[str]:
    """What the page wrote to the console or was refused, since the last call."""
    return [f"{entry['level']} {entry['message']}" for entry in driver.get_log("browser")]


def requests(driver: Any) -> list[str]:
    """The addresses that were requested since the last call, without `data:` and the start page (`chrome:`)."""
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    urls = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in urls if not url.startswith(("data:", "chrome:"))]


def picture(driver: Any, path: Path, *, whole: bool = False) -> None:
    """A PNG of the window, or of the whole page."""
    import base64

    shot = driver.execute_cdp_cmd(
        "Page.captureScreenshot",
        {"format": "png", "captureBeyondViewport": whole} | (_page(driver) if whole else {}),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(shot["data"]))


def _page(driver: Any) -> dict[str, Any]:
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}
