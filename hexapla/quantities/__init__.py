"""Numbers in running text, in every language of CLDR: where they are, and their exact value, unit and modifier.

>>> from hexapla.quantities import extract
>>> [(m.surface, str(m.quantity)) for m in extract("Gumastos sila ng higit $1 bilyon.", "fil")]
[('$1 bilyon', '> 1\\u202f000\\u202f000\\u202f000 USD')]
"""

from __future__ import annotations

from hexapla.quantities.mention import QuantityMention
from hexapla.quantities.pipeline import extract

__all__ = ["QuantityMention", "extract"]
