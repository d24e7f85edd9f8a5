"""Pages of one file that load nothing and run only their own style and script: both stand in the page, and its content
security policy names their hashes. Templates escape all they are given."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def environment() -> Environment:
    """The templates of the package, escaping, and strict about names that are not given."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("hexapla"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str) -> str:
    """A style or script that lies beside the templates."""
    return (resources.files("hexapla") / "templates" / name).read_text("utf-8")


def policy(style: str, script: str, more: str = "") -> str:
    """The content security policy of a page with this style and script; `more`: further directives, each with its `; `."""
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; {more}"
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    """The source expression of inline content, as CSP level 2 defines it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
