"""`validate`: every fault of a release, a built corpus or gold, named with its place."""

from hexapla.validate.folders import validate

__all__ = ["validate"]
