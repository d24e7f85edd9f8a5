"""Puts this folder on the path, so that the folders below share its corpora."""

from __future__ import annotations

import os

from hypothesis import settings

# the same examples on every run of the CI; new ones on every other run
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
