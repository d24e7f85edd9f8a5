"""Offline language identification (py3langid), and the check of what a manifest declares."""

from __future__ import annotations

import re
from functools import cache

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
    {"en", "pcm"},
    {"ar", "ary", "arz", "apc", "ajp"},
    {"zh", "wuu"},
]
_LOOKED_AT = 20_000  # characters looked at
# nats by which another language must be likelier before a declaration is doubted: per character, and at least
_MARGIN = 0.02
_FLOOR = 8.0  # a greeting or a name tells nothing


def rank(text: str) -> list[tuple[str, float]]:
    """(BCP-47 code, log score) of every language of the model, best first."""
    import py3langid

    return [(langs.normalise(code), float(score)) for code, score in py3langid.rank(text[:_LOOKED_AT])]


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
        if code == best or _close(code, best) or code not in scores:
            return True
        return top - scores[code] < max(_MARGIN * len(text[:_LOOKED_AT]), _FLOOR)

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
    if hint:
        return best, [f"{where}: the name says {hint!r}, the text looks like {best!r}: taken as {best!r}"]
    rivals = [code for code in scores if code != best and agrees(code) and not _close(code, best)]
    if rivals:
        told = f"{where}: too short to tell its language, taken as {best!r}; name the file {best}.txt or declare lang"
        return best, [told]
    return best, []


def _close(a: str, b: str) -> bool:
    return any({a, b} <= group for group in _CLOSE)


def name_hint(name: str) -> str:
    """The language that a file's name ends in (`fil.txt`, `story_pt-BR.md`), or its folder is called by; else ''."""
    *folders, file = name.split("/")
    for part in (re.split(r"[._ ]", file.rsplit(".", 1)[0])[-1], *folders[-1:]):
        try:
            code = langs.normalise(part)
        except HexaplaError:
            continue
        if langs.base(code) in _known():
            return code
    return ""


@cache
def _known() -> frozenset[str]:
    return frozenset(code for code, _ in rank("a"))
