"""Names proposed by rules: capitalised runs where the script has case, Latin-script runs where it has none, places from CLDR.

A starting point for annotators on any language, without a model: it reads the whole document, so that a name met once in
mid-sentence is also known at the start of one. Cue words per language are data (`hexapla/lang/<code>/entities.toml`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from hexapla import langs
from hexapla.corpus import Document, Span
from hexapla.tokens import tokens

# marks of a company in any language that writes it in Latin letters
_COMPANY = re.compile(r"(?:AG|AI|AMD|Bank|Capital|Co|Corp|Corporation|Group|Holdings?|Inc|LLC|Labs?|Ltd|Media|Motors|News|PLC|Press|SA|SE|Systems|Tech|Technologies|Technology|TV|University)$")  # fmt: skip
_MODEL = re.compile(r"(?:.*\s)?(?=\S*\d)(?=\S*[^\W\d_])[\w.-]+$|.*\s\d{1,4}$")  # H200, R1; Siyuan 590
_MIN_STEM = 4


@cache
def _places(lang: str) -> dict[str, str]:
    """Folded place name -> the name, and its stem without the last one or two letters for languages that inflect."""
    file = resources.files("hexapla") / "lang" / langs.base(lang) / "places.txt"
    if not file.is_file():
        return {}
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {name.casefold(): name for name in [*lines, *langs.data(lang, "entities").get("places", ())]}


@cache
def _stems(lang: str) -> frozenset[str]:
    if not langs.data(lang, "entities").get("inflects"):
        return frozenset()
    return frozenset(
        name[: max(_MIN_STEM - 1, len(name) - 2)]
        for name in _places(lang)
        if len(name) >= _MIN_STEM and " " not in name
    )


@cache
def _clitic(lang: str) -> re.Pattern[str]:
    """What may be written together with the word after it; matches nothing in most languages."""
    return re.compile(langs.data(lang, "entities").get("clitic", "(?!)"))


def _is_place(name: str, lang: str) -> bool:
    folded = name.casefold()
    if folded in _places(lang) or _clitic(lang).sub("", folded, count=1) in _places(lang):
        return True
    return " " not in folded and any(
        folded[:-k] in _stems(lang) for k in (1, 2, 3, 4) if len(folded) - k >= _MIN_STEM - 1
    )


def propose(document: Document, numbers: Sequence[Span] = ()) -> list[tuple[int, int, str]]:
    """(start, end, label) of every proposed name, sorted, not overlapping.

    numbers: spans taken by quantities; a digit group that is none of them may be part of a name (`Siyuan 590`).
    """
    text, lang = document.text, document.lang
    cues = langs.data(lang, "entities")
    breaks = {w.casefold() for key in ("person_before", "organisation_before") for w in cues.get(key, ())}
    ignored = {w.casefold() for w in cues.get("ignore", ())}
    digits = {start for start, _ in numbers}
    runs = [
        run
        for sentence in document.sentences
        for run in _runs(text, sentence, lang, bool(cues.get("capitalised_nouns")), breaks, digits)
    ]
    # a word that also stands in small letters is an ordinary word at the start of its sentence or title
    small = {w for w in re.findall(r"\w+", text) if w.islower()}
    known = {text[s:e] for s, e, first in runs if not first}
    known |= {name.split()[-1] for name in known}  # a surname later stands alone
    found = []
    for start, end, first in runs:
        name = text[start:end]
        head = name.split()[0]
        plain = head.lower() in small or (first and head == name and (len(head) == 1 or head[1:].islower()))
        if plain and not (first and name in known and head.lower() not in small):
            start += len(head) + 1
        if (
            start < end
            and text[start:end].casefold() not in ignored
            and not any(s < end and start < e for s, e in numbers)
        ):
            found.append((start, end))
    labels = _labels(text, found, lang, cues)
    spans = {(s, e): labels[text[s:e]] for s, e in found}
    for s, e in _place_spans(text, lang):
        if not any(a < e and s < b for a, b in (*spans, *numbers)):
            spans[s, e] = "LOC"
    return sorted((s, e, label) for (s, e), label in spans.items())


def _runs(
    text: str, sentence: Span, lang: str, capitalised_nouns: bool, breaks: set[str], digits: set[int]
) -> list[tuple[int, int, bool]]:
    """Runs of name-like tokens in a sentence, and whether a run stands at its start."""
    start, end = sentence
    spans = [(start + s, start + e) for s, e in tokens(text[start:end], lang)]
    words = [text[s:e] for s, e in spans]
    lettered = [w for w in words if w[0].isalpha()]
    capitals = sum(w[0].isupper() for w in lettered)
    if len(lettered) > 4 and capitals > 0.7 * len(lettered):  # a headline in capitals tells nothing
        return []
    runs: list[tuple[int, int, bool]] = []
    for i, (word, (s, e)) in enumerate(zip(words, spans, strict=True)):
        touches = bool(runs) and runs[-1][1] == s - 1 and text[s - 1] == " "
        if (
            word.isdigit()
            and len(word) <= 4
            and touches
            and s not in digits
            and not any(map(str.isdigit, text[runs[-1][0] : s]))
        ):
            runs[-1] = (runs[-1][0], e, runs[-1][2])
            continue
        clitic = _clitic(lang).match(word)
        bare = (word[clitic.end() :] if clitic else "") or word
        shaped = bare[0].isupper() and word.casefold() not in breaks
        if capitalised_nouns and bare[1:].islower() and bare.isalpha() and not _is_place(bare, lang):
            shaped = False
        if not shaped:
            continue
        if touches and bare == word and not text[runs[-1][0] : s - 1].endswith(word):
            runs[-1] = (runs[-1][0], e, runs[-1][2])
        else:
            runs.append((s, e, not any(w[0].isalnum() for w in words[:i])))
    return runs


def _labels(text: str, spans: list[Span], lang: str, cues: dict[str, list[str]]) -> dict[str, str]:
    """One label per name, by what it looks like and what stands before it anywhere in the document."""
    before_people = {w.casefold() for w in cues.get("person_before", ())}
    before_companies = {w.casefold() for w in cues.get("organisation_before", ())}
    cue: dict[str, Counter[str]] = {}
    for start, end in spans:
        before = re.findall(r"\w+", text[max(0, start - 40) : start])
        last = before[-1].casefold() if before else ""
        seen = cue.setdefault(text[start:end], Counter())
        seen["all"] += 1
        seen["PER"] += last in before_people
        seen["ORG"] += last in before_companies
    labels = {}
    for name, seen in cue.items():
        words = name.split()
        titled = 2 <= len(words) <= 3 and all(w[:1].isupper() and w[1:].islower() for w in words)
        vote = {
            "LOC": 6.0 * _is_place(name, lang),
            "PRODUCT": 5.0 * bool(_MODEL.match(name)),
            "ORG": max(1.0, 4.0 * bool(_COMPANY.search(name)), 2.0 * bool(seen["ORG"])),
            "PER": max(5.0 * seen["PER"] / seen["all"] - 1, 3.0 * titled),
        }
        labels[name] = max(sorted(vote), key=lambda label: vote[label])
    people = {name.split()[-1] for name, label in labels.items() if label == "PER"}
    return {name: "PER" if name in people and label == "ORG" else label for name, label in labels.items()}


@cache
def _place_pattern(lang: str) -> re.Pattern[str] | None:
    """For scripts without case: any CLDR place, in the forms that the language gives it."""
    names = [n for n in _places(lang).values() if not n[0].isascii() and n.lower() == n.upper()]
    if not names:
        return None
    forms = langs.data(lang, "entities").get("place_forms")
    if forms is None:
        return re.compile(_any_of(names))
    written = (
        f"{before}(?:{_any_of(n.removeprefix(part) for n in names if n.startswith(part))})"
        for before, part in forms
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)")


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) or "(?!)"


def _place_spans(text: str, lang: str) -> list[Span]:
    pattern = _place_pattern(lang)
    return [m.span() for m in pattern.finditer(text)] if pattern else []
