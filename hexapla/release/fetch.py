"""Getting a text from where it was published, if the site's robots.txt allows it."""

from __future__ import annotations

from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from urllib.robotparser import RobotFileParser

from hexapla import __version__
from hexapla.errors import Fault, InputError, ServerError
from hexapla.ingest import MAX_RAW

AGENT = f"hexapla/{__version__}"
TIMEOUT = 30  # seconds


def fetch(url: str) -> bytes:
    """The bytes behind an http address. `InputError` if the site asks programs to stay away, `ServerError` if it fails."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(Fault("bad-url", url[:200], "no http address", "http:// or https://", "get the text by hand"))  # fmt: skip
    rules = RobotFileParser()
    try:
        rules.parse(_read(f"{parts.scheme}://{parts.netloc}/robots.txt", 500_000).decode("utf-8", "replace").splitlines())  # fmt: skip
    except URLError as error:
        if getattr(error, "code", None) != 404:  # without the file everything is allowed
            raise _failed(url, error) from None
        rules.parse([])
    if not rules.can_fetch(AGENT, url):
        raise InputError(Fault("not-allowed", url, "the site's robots.txt asks programs to stay away", "", "get the text by hand"))  # fmt: skip
    try:
        content = _read(url, MAX_RAW + 1)
    except (URLError, OSError, ValueError) as error:
        raise _failed(url, error) from None
    if len(content) > MAX_RAW:
        raise InputError(Fault("too-large", url, f"more than {MAX_RAW:,} bytes", "an article", "get the text by hand"))  # fmt: skip
    return content


def _read(url: str, most: int) -> bytes:
    with urlopen(Request(url, headers={"User-Agent": AGENT}), timeout=TIMEOUT) as answer:
        return bytes(answer.read(most))


def _failed(url: str, error: Exception) -> ServerError:
    return ServerError(Fault("not-fetched", url, str(error)[:200], "", "get the text by hand"))
