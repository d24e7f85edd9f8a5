"""Learn the number words of a locale from ICU's spell-out rules. Part of the maintainers' table builder.

Each form that ICU writes for 0-999 is read with the entries known so far, by the reader that users run; only what it
cannot read yet becomes an entry. So the tables stay small and are known to be readable.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from hexapla.quantities.fold import TOKEN, fold
from hexapla.quantities.scan import Lexicon, Token, read_number

SCALES = [100, 1000, 10**4, 10**5, 10**6, 10**7, 10**8, 10**9, 10**11, 10**12, 10**15]
KEEP_MARKS = {"vi", "yo"}


def words(form: str, strip: bool) -> list[str]:
    """The folded words of a form, without hyphens."""
    folded, _ = fold(form, strip)
    return [m.group() for m in TOKEN.finditer(folded) if m.group() != "-"]


def _tokens(form: str, lexicon: Lexicon, strip: bool) -> list[Token]:
    made: list[Token] = []
    for word in words(form, strip):
        parts: tuple[str, ...] = (word,)
        for connector in lexicon.connectors:  # a connector written together with what follows
            if (
                len(connector) == 1
                and word.startswith(connector)
                and word not in lexicon.pieces
                and word[1:] in lexicon.pieces
            ):
                parts = (connector, word[1:])
        if (
            len(parts) == 1
            and lexicon.fused
            and word not in lexicon.pieces
            and word not in lexicon.connectors
        ):
            parts = lexicon.split(word) or parts
        made.extend(Token(0, 0, p, 0) for p in parts)
    return made


def _readable(form: str, value: int, role: str, lexicon: Lexicon, strip: bool) -> bool:
    made = _tokens(form, lexicon, strip)
    number = read_number(made, 0, lexicon, ".", ",") if made else None
    return bool(number and number.last == len(made) and number.value == value and number.role == role)


def spellout(icu: Any, code: str) -> dict[str, Any]:
    """The number words of a locale; empty where ICU cannot spell it."""
    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(code))
    names = [rules.getRuleSetName(i) for i in range(rules.getNumberOfRuleSetNames())]
    seven = rules.format(7)
    if (
        (code != "en" and not code.startswith("en") and seven == "seven")
        or not names
        or any(c.isdigit() for c in seven)
    ):
        return {}
    names = [
        n
        for n in names
        if ("year" not in n and "days" not in n and "%%" not in n and "verbose" not in n)
        or n.endswith("cardinal-verbose")
    ]
    cardinal_sets = [n for n in names if "ordinal" not in n and "digits" not in n]
    ordinal_sets = [n for n in names if "ordinal" in n]
    strip = code not in KEEP_MARKS

    def say(value: float, rule: str) -> str:
        try:
            return str(rules.format(value, rule)).strip()
        except icu.ICUError:
            return ""

    lexicon = Lexicon()
    main = min(
        cardinal_sets,
        key=lambda n: (
            n != "%spellout-cardinal",
            "masculine" not in n or n.count("-") > 2,
            "cardinal" not in n,
            len(n),
        ),
    )
    lexicon.fused = len(words(say(343, main), strip)) == 1
    entries: dict[str, dict[str, int]] = {
        "cardinal": {},
        "multiplier": {},
        "bare": {},
        "ordinal": {},
        "ordinal_multiplier": {},
    }
    minus = _difference(words(say(-5, main), strip), words(say(5, main), strip))
    point = words(say(1.5, main), strip)[len(words(say(1, main), strip)) : -len(words(say(5, main), strip))]

    def learn(form: str, role: str, value: int, table: str, bare: bool = True) -> None:
        parts = words(form, strip)
        if role == "q" and " ".join(parts) in {**entries["multiplier"], **entries["bare"]}:
            return
        if parts and not any(any(c.isdigit() for c in p) for p in parts):
            lexicon.add(parts, role, value, bare)
            entries[table][" ".join(parts)] = value

    connectors: Counter[str] = Counter()
    for rule in cardinal_sets:
        for whole, left, right in (
            (101, 100, 1),
            (105, 100, 5),
            (21, 20, 1),
            (25, 20, 5),
            (1005, 1000, 5),
            (120, 100, 20),
            (1100, 1000, 100),
        ):
            w, a, b = (words(say(n, rule), strip) for n in (whole, left, right))
            if len(w) == len(a) + len(b) + 1 and w[: len(a)] == a and w[len(a) + 1 :] == b:
                connectors[w[len(a)]] += 1
            elif len(w) == len(a) == len(b) == 1 and w[0].startswith(a[0]) and w[0].endswith(b[0]):
                connectors[w[0][len(a[0]) : len(w[0]) - len(b[0])]] += 1
    reverse = 0
    for rule in cardinal_sets:
        for ten in (20, 30, 40, 50):
            for unit in (2, 3, 4, 5, 6):
                joint, low, high = ("".join(words(say(n, rule), strip)) for n in (ten + unit, unit, ten))
                middle = joint[len(low) : len(joint) - len(high)]
                if joint.startswith(low) and joint.endswith(high) and middle.isalpha():
                    reverse += 1
                    connectors[middle] += 1
    lexicon.connectors = frozenset(c for c in connectors if (c and c.isalpha()) or c == "'")
    lexicon.reverse = reverse >= 8
    for rule in [main, *(n for n in cardinal_sets if n != main)]:
        tens: Counter[str] = Counter()
        for k in range(2, 10):  # "three ten"
            head, parts = words(say(k, rule), strip), words(say(k * 10, rule), strip)
            if head and len(parts) > len(head) and parts[: len(head)] == head:
                tens[" ".join(parts[len(head) :])] += 1
        for n in range(100):
            if n == 11:
                for name, count in tens.items():
                    if count >= 4:
                        alone = name.split() == words(say(10, rule), strip)
                        learn(name, "m", 10, "bare" if alone else "multiplier", alone)
            form = say(n, rule)
            if n == 0 and form in ("", "0"):
                continue
            if not _readable(form, n, "n", lexicon, strip):
                learn(form, "n", n, "cardinal")
        for scale in SCALES:
            for k in (2, 3, 4, 5, 6, 10, 1):
                if k == 10 and scale == 100:
                    continue
                parts = words(say(k * scale, rule), strip)
                if _readable(" ".join(parts), k * scale, "n", lexicon, strip):
                    continue
                rest = _rest(parts, k, rule, say, strip, cardinal_sets, lexicon)
                if rest and k != 1 and (scale > 100 or len(rest) < 3):
                    learn(" ".join(rest), "m", scale, "multiplier", False)
                elif k == 1:
                    if rest and rest != parts:
                        learn(" ".join(rest), "m", scale, "multiplier", False)
                    elif parts:
                        learn(" ".join(parts), "m", scale, "bare", True)
                elif scale <= 1000 and parts:
                    learn(" ".join(parts), "n", k * scale, "cardinal")
        for n in (*range(100, 200), *range(200, 1000, 50), *range(211, 1000, 37)):
            form = say(n, rule)
            if form and not _readable(form, n, "n", lexicon, strip) and len(words(form, strip)) < 8:
                learn(form, "n", n, "cardinal")
    prefixes, suffixes = _ordinal_affixes(ordinal_sets, cardinal_sets, say, strip)
    for prefix in prefixes:
        lexicon.add(prefix.split(), "p", 0)
    for suffix in suffixes:
        lexicon.add(suffix.split(), "s", 0)
    for rule in ordinal_sets:
        if say(7, rule) == say(7, main) and say(5, rule) == say(5, main):
            continue
        for n in range(1, 100):
            form = say(n, rule)
            if (
                form
                and not _readable(form, n, "o", lexicon, strip)
                and not _readable(form, n, "n", lexicon, strip)
            ):
                learn(form, "o", n, "ordinal")
        for scale in SCALES:
            for k in (2, 3, 5, 1):
                parts = words(say(k * scale, rule), strip)
                if (
                    not parts
                    or _readable(" ".join(parts), k * scale, "o", lexicon, strip)
                    or _readable(" ".join(parts), k * scale, "n", lexicon, strip)
                ):
                    continue
                rest = _rest(parts, k, rule, say, strip, cardinal_sets, lexicon)
                if rest:
                    learn(" ".join(rest), "q", scale, "ordinal_multiplier", True)
                elif k == 1:
                    learn(" ".join(parts), "q", scale, "ordinal_multiplier", True)
                elif scale == 100:
                    learn(" ".join(parts), "o", k * scale, "ordinal")
        for n in (*range(100, 130), 150, 199, 201, 345, 999):
            form = say(n, rule)
            if (
                form
                and not _readable(form, n, "o", lexicon, strip)
                and len(words(form, strip)) < 8
                and not _readable(form, n, "n", lexicon, strip)
            ):
                learn(form, "o", n, "ordinal")
    out: dict[str, Any] = {k: v for k, v in entries.items() if v}
    out["ordinal_prefix"], out["ordinal_suffix"] = prefixes, suffixes
    out["connectors"] = sorted(lexicon.connectors)
    out["minus"], out["point"] = [" ".join(minus)] if minus else [], [" ".join(point)] if point else []
    out["reverse"], out["fused"] = lexicon.reverse, lexicon.fused
    return out


def _ordinal_affixes(
    ordinals: list[str], cardinals: list[str], say: Any, strip: bool
) -> tuple[list[str], list[str]]:
    """Words before or after a cardinal that make it an ordinal, where they do so regularly."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    sample = (3, 5, 8, 12, 25, 40, 66, 99)
    for rule in ordinals:
        for n in sample:
            form = words(say(n, rule), strip)
            for head in {tuple(words(say(n, c), strip)) for c in cardinals}:
                if head and len(form) > len(head) and form[-len(head) :] == list(head):
                    before[" ".join(form[: -len(head)])] += 1
                if head and len(form) > len(head) and form[: len(head)] == list(head):
                    after[" ".join(form[len(head) :])] += 1
    return [w for w, n in before.items() if n >= 6], [w for w, n in after.items() if n >= 6]


def _difference(longer: list[str], shorter: list[str]) -> list[str]:
    return longer[: len(longer) - len(shorter)] if longer[len(longer) - len(shorter) :] == shorter else []


def _rest(
    form: list[str], k: int, rule: str, say: Any, strip: bool, sets: list[str], lexicon: Lexicon
) -> list[str]:
    """What is left of the form for k × scale after a form of k: the name of the scale."""
    for name in (rule, *sets):
        head = words(say(k, name), strip)
        if not head:
            continue
        if len(form) > len(head) and form[: len(head)] == head:
            return form[len(head) :]
        if (
            lexicon.fused
            and len(form) == len(head) == 1
            and form[0].startswith(head[0])
            and len(form[0]) > len(head[0]) + 1
        ):
            return [form[0][len(head[0]) :]]
    return []
