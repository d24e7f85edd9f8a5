"""The dataset release: `release` writes the dataset repository of a corpus, `load` and `read_release` read it."""

from hexapla.release.articles import Stored
from hexapla.release.loading import load, read_release
from hexapla.release.write import release

__all__ = ["Stored", "load", "read_release", "release"]
