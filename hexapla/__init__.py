"""Hexapla: parallel translations of one article become an aligned, annotated corpus and a benchmark.

Importing the package loads nothing heavy; each name below is imported on first use.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# public name -> the module it lives in
_PUBLIC = {
    "Corpus": "hexapla.corpus",
    "read_corpus": "hexapla.store",
    "extract": "hexapla.quantities",
    "load": "hexapla.release",
    "sentences": "hexapla.segment",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'hexapla' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
