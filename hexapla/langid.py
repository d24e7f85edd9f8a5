"""Offline language identification (py3langid), and the check of what a manifest declares."""

from __future__ import annotations

import re

from hexapla import langs
from hexapla.errors import Fault, HexaplaError, InputError

# varieties that a character model cannot tell apart; one declared as another of its group is taken at its word
_CLOSE = [
    {"no", "nb", "nn", "da"},
    {"hr", "bs", "sr", "sh"},
    {"id", "ms"},
    {"zh", "zh-Hant", "yue"},
    {"gl", "pt"},
    {"af", "nl"},
]
_MARGIN = (
    0.02  # nats per character by which another language must be likelier before a declaration is doubted
)


def rank(text: str) -> list[tuple[str, float]]:
    """(BCP-47 code, log score) of every language of the model, best first."""
    import py3langid

    return [(langs.normalise(code), float(score)) for code, score in py3langid.rank(text[:20_000])]


def check(declared: str, text: str, name: str, where: str, force: bool) -> tuple[str, list[str]]:
    """The language of a document, and warnings.

    A declared language must not be contradicted by detection (`InputError`, a warning with `force`). Without one,
    detection decides; a code in the file name (`fil.txt`, `story.pt.txt`) settles close calls.
    """
    ranked = rank(text)
    best, top = ranked[0]
    scores = dict(reversed(ranked))

    def agrees(lang: str) -> bool:
        code = langs.base(lang)
        if code == best or any({code, best} <= group for group in _CLOSE) or code not in scores:
            return True
        return top - scores[code] < _MARGIN * len(text[:20_000])

    if declared:
        if agrees(declared):
            return declared, []
        found = f"the text looks like {best!r}, not the declared {declared!r}"
        if not force:
            raise InputError(
                Fault("wrong-language", where, found, "", "correct lang in the manifest, or pass --force")
            )
        return declared, [f"{where}: {found}"]
    hint = name_hint(name)
    if hint and agrees(hint):
        return hint, []
    return best, [
        f"{where}: the name says {hint!r}, the text looks like {best!r}: taken as {best!r}"
    ] if hint else []


def name_hint(name: str) -> str:
    """The language code that a file name ends in, or ''."""
    last = re.split(r"[./_]", name)[-2:-1]
    try:
        code = langs.normalise(last[0]) if last else ""
    except HexaplaError:
        return ""
    return code if code in dict(rank("a")) else ""
