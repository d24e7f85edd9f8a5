"""The dataset release: `release` writes the dataset repository of a corpus, `load` and `read_release` read it."""

from hexapla.release.loading import load, read_release
from hexapla.release.write import release

__all__ = ["load", "read_release", "release"]
