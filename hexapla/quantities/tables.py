"""What is known about the numbers of one language: the CLDR and ICU table with the language's supplement over it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from hexapla import langs
from hexapla.quantities.common import CURRENCIES, INTERNATIONAL, LETTERS, PRIORITY, SYMBOLS, UNIT_SIGNS
from hexapla.quantities.fold import TOKEN, fold
from hexapla.quantities.locale import Locale
from hexapla.quantities.phrases import Phrases, V
from hexapla.quantities.scan import Lexicon


def words(form: str, strip: bool) -> list[str]:
    """The folded words of a form, without hyphens.

    >>> words("Vierzig-Eins", True)
    ['vierzig', 'eins']
    """
    folded, _ = fold(form, strip)
    found = [m.group() for m in TOKEN.finditer(folded)]
    return [w for w in found if w != "-"] if " - " not in folded and len(found) > 1 else found


def _table(code: str) -> dict[str, Any]:
    folder = resources.files("hexapla.quantities") / "cldr"
    for name in (code, langs.base(code), "root"):
        file = folder / f"{name}.json"
        if file.is_file():
            table: dict[str, Any] = json.loads(file.read_text("utf-8"))
            return table
    return {}


def _fill(table: Phrases[V], forms: Iterable[str], value: V, strip: bool) -> None:
    for form in forms:
        table.add(words(form, strip), value)


@cache
def locale(lang: str) -> Locale:
    """The data of a language; digits and signs of the root locale for a language without data."""
    code = langs.normalise(lang)
    raw, extra = _table(code), langs.data(code, "quantities")
    spell: dict[str, Any] = raw.get("spell", {})
    strip = extra.get("marks", "strip" if code not in ("vi", "yo") else "keep") != "keep"
    out = Locale(code, strip, raw.get("decimal", "."), raw.get("group", ","), raw.get("order", "dMy"))
    lexicon = out.lexicon
    lexicon.reverse = extra.get("reverse", spell.get("reverse", False))
    lexicon.fused = extra.get("fused", spell.get("fused", False))
    lexicon.digitwise = extra.get("digitwise", False)
    lexicon.colloquial = extra.get("colloquial", False)
    lexicon.prefix_glued = extra.get("ordinal_prefix_glued", False)
    lexicon.prefix_scale = extra.get("prefix_scale", False)
    lexicon.connectors = frozenset(
        fold(w, strip)[0]
        for w in (*extra.get("connectors", spell.get("connectors", ())), *extra.get("more_connectors", ()))
    )
    for source in (extra, spell):
        for name, role, bare in (
            ("cardinal", "n", True), ("bare", "m", True), ("multiplier", "m", False), ("ordinal", "o", True), ("ordinal_multiplier", "q", True),
        ):  # fmt: skip
            if source is spell and name in extra.get("replace", ()):
                continue
            for form, value in source.get(name, {}).items():
                made = words(form, strip) if source is extra else form.split(" ")
                if form not in extra.get("drop", ()):
                    lexicon.add(made, role, int(value), bare)
    for suffix in extra.get("ordinal_plural", ()):
        for word, pieces in list(lexicon.pieces.items()):
            stem = (
                {(p.rest, p.role, p.value) for p in lexicon.pieces.get(word[: -len(suffix)], ())}
                if word.endswith(suffix)
                else set()
            )
            if any(
                not p.rest and (p.rest, p.role, p.value) in stem for p in pieces
            ):  # the plural of another entry
                lexicon.pieces[word] = tuple(p._replace(bare=False) if p.role in "oq" else p for p in pieces)
                continue
            for piece in pieces:
                if piece.role in "oq":
                    made = [word, *piece.rest]
                    lexicon.add([*made[:-1], made[-1] + suffix], piece.role, piece.value, False)
    for ending in extra.get("ordinal_ending", ()):  # makes an ordinal of every number word
        for word, pieces in list(lexicon.pieces.items()):
            for piece in pieces:
                if piece.role in "nm" and piece.value > 0:
                    made = [word, *piece.rest]
                    role = "o" if piece.role == "n" else "q"
                    lexicon.add([*made[:-1], made[-1] + ending], role, piece.value, piece.bare)
    for source in (extra, spell):
        for name, role in (("ordinal_prefix", "p"), ("ordinal_suffix", "s")):
            for form in (
                source.get(name, ()) if source is extra or name not in extra.get("replace", ()) else ()
            ):
                lexicon.add(words(form, strip), role, 0)
    for name, role in (("fraction", "f"), ("times", "t")):
        for form, value in extra.get(name, {}).items():
            lexicon.add(words(form, strip), role, Fraction(str(value)))
    for form, value in {
        **raw.get("scale", {}),
        **raw.get("scale_short", {}),
        **extra.get("abbreviation", {}),
    }.items():
        made = words(form.rstrip("."), strip)
        if len(form) == 1 and form.isascii():
            out.letters[form] = value
        elif made and form not in extra.get("drop", ()):
            lexicon.add(made, "m", value, False)
    out.letters = {**LETTERS, **out.letters, **extra.get("letter", {})}
    out.dotted = frozenset(
        fold(f.rstrip("."), strip)[0]
        for f in (*raw.get("scale_short", ()), *extra.get("abbreviation", ()))
        if f.endswith(".")
    )
    out.articles = frozenset(fold(w, strip)[0] for w in extra.get("article", ()))
    out.never_one = frozenset(w for w in out.articles if w not in lexicon.pieces)
    for word in out.articles:
        lexicon.add([word], "n", 1)
    lexicon.not_after_digits = frozenset(w for w in extra.get("subunit", {}) if " " not in w)
    out.below = _below(lexicon, extra.get("fraction_suffix", ()), extra.get("fraction_cardinal_suffix", ()))
    out.money_first = extra.get("money_first", False)
    out.gap = out.articles | frozenset(
        fold(w, strip)[0] for w in (*extra.get("of", ()), *extra.get("gap", ()))
    )
    out.of = frozenset(fold(w, strip)[0] for w in extra.get("of", ()))
    _fill(out.point, (*spell.get("point", ()), *extra.get("point", ())), 1, strip)
    out.joiners = lexicon.connectors | frozenset(
        fold(w, strip)[0] for w in (*raw.get("and", ()), *extra.get("and", ()))
    )
    _fill(out.minus, (*spell.get("minus", ()), *extra.get("minus", ())), -1, strip)
    _fill(out.percent, extra.get("percentage_point", ()), "percentage-point", strip)
    _fill(out.percent, ("%", *raw.get("percent", ()), *extra.get("percent", ())), "percent", strip)
    _fill(out.percent, ("‰", *extra.get("permille", ())), "permille", strip)
    for word, entries in out.percent.first.items():
        longer = [rest for rest, _ in entries if rest]
        if longer and any(p.role == "m" for p in lexicon.pieces.get(word, ())):
            lexicon.barred[word] = longer
    _fill(out.percent_before, ("%", *extra.get("percent_before", ())), "percent", strip)
    out.ordinal_before = frozenset(
        fold(w, strip)[0] for w in (*raw.get("ordinal_before", ()), *extra.get("ordinal_before", ()))
    )
    after = [*raw.get("ordinal_after", ()), *extra.get("ordinal_after", ())]
    out.ordinal_dot = "." in after
    _fill(out.ordinal_after, (w for w in after if w != "."), 1, strip)
    _money(out, raw, extra, strip)
    for unit, forms in (*extra.get("unit", {}).items(), *raw.get("unit", {}).items()):
        _fill(out.units, forms, unit, strip)
    for unit, forms in (
        *extra.get("unit_short", {}).items(),
        *((u, f.split()) for u, f in UNIT_SIGNS.items()),
        *raw.get("unit_short", {}).items(),
    ):
        for form in forms:
            if form.casefold() not in ("in", "a", "as", "pt", "c", "st"):  # words before they are units
                out.short_units.setdefault(form.rstrip(".") or form, unit)
    for form, unit in raw.get("dual", {}).items():
        made = words(form, strip)
        if len(made) == 1:
            out.duals[made[0]] = ("measure", unit)
    for form, unit in extra.get("dual", {}).items():
        out.duals[words(form, strip)[0]] = ("measure", unit) if unit else ("cardinal", None)
    out.dual_suffix = tuple(extra.get("dual_suffix", ()))
    out.not_dual = frozenset(fold(w, strip)[0] for w in extra.get("not_dual", ()))
    _fill(out.times, extra.get("times_after", ()), 1, strip)
    for form, value in extra.get("denominator", {}).items():
        out.denominators.add(words(form, strip), int(value))
    for form, value in extra.get("and_part", {}).items():
        out.halves.add(words(form, strip), Fraction(str(value)))
    for name, lists in extra.get("modifier", {}).items():
        _fill(out.modifier_before, lists.get("before", ()), name, strip)
        _fill(out.modifier_after, lists.get("after", ()), name, strip)
    spans = extra.get("range", {})
    _fill(out.range_between, spans.get("between", ()), 1, strip)
    _fill(out.range_and, spans.get("and", ()), 1, strip)
    _fill(out.range_open, spans.get("open", ()), 1, strip)
    for form, number in (*extra.get("month", {}).items(), *raw.get("months", {}).items()):
        out.months.add(words(form, strip), number)
    dates = extra.get("date", {})
    for table, name in (
        (out.year_cue, "year_cue"),
        (out.month_cue, "month_cue"),
        (out.year_word, "year_word"),
        (out.time_before, "time_before"),
    ):
        _fill(table, dates.get(name, ()), 1, strip)
    for form, hours in dates.get("time_after", {}).items():
        out.time_after.add(words(form, strip), int(hours))
    for form in ("am", "a. m.") if "M" in out.order[:1] or code == "en" else ():
        out.time_after.add(words(form, strip), 0)
    for form in ("pm", "p. m."):
        out.time_after.add(words(form, strip), 12)
    out.date_of = frozenset(fold(w, strip)[0] for w in (*extra.get("of", ()), *dates.get("of", ())))
    out.month_capital = dates.get("capital", False)
    out.spelled_day = dates.get("spelled_day", False)
    out.written_date = {sign: part for part, signs in dates.get("written", {}).items() for sign in signs}
    out.not_month = frozenset(dates.get("not_month", ()))
    out.marked = {form: Fraction(value) for form, value in extra.get("marked", {}).items()}
    out.unit_before = extra.get("unit_before", False)
    _fill(out.ignore, extra.get("ignore", ()), 1, strip)
    out.counters = frozenset(w for f in extra.get("counter", ()) for w in words(f, strip)[:1])
    out.word_start = extra.get("word_start", False)
    for table, name in (
        (out.over, "over"),
        (out.tenths, "tenths"),
        (out.after_half, "after_half"),
        (out.divide, "divide"),
    ):
        _fill(table, extra.get(name, ()), 1, strip)
    out.need_counter = extra.get("need_counter", False)
    out.nouns_capital = extra.get("nouns_capital", False)
    affix = extra.get("affix", {})
    out.prefixes = tuple(sorted((fold(w, strip)[0] for w in affix.get("prefix", ())), key=len, reverse=True))
    out.suffixes = frozenset(fold(w, strip)[0] for w in affix.get("suffix", ()))
    out.suffix_lengths = tuple(sorted({len(w) for w in out.suffixes}, reverse=True))
    known = set(lexicon.pieces) | lexicon.connectors | set(out.duals)
    for name in (
        "percent",
        "percent_before",
        "money",
        "units",
        "months",
        "subunits",
        "denominators",
        "times",
        "minus",
        "point",
        "range_between",
        "ignore",
        "time_before",
        "time_after",
    ):
        table = getattr(out, name)
        known.update(table.first)
    known.update(out.heads)
    for pieces in lexicon.pieces.values():
        known.update(w for p in pieces for w in p.rest)
    out.known = frozenset(known)
    known.update(out.of, out.joiners, out.minus.last, out.percent_before.last)
    for phrases in (out.halves, out.tenths, out.divide, out.over, out.symbols, out.after_half):
        known.update(phrases.first)
    if out.below:
        known.update(out.below.pieces)
    out.beside = frozenset(known)
    out.starts = frozenset((*lexicon.pieces, *out.months.first, *out.time_before.first, *out.marked))
    return out


def _below(lexicon: Lexicon, suffixes: Sequence[str], cardinal: Sequence[str]) -> Lexicon | None:
    """The lexicon of denominators: ordinals with the suffix that makes them parts (`fifth` -> `fifths`)."""
    if not suffixes:
        return None
    below = Lexicon(lexicon.reverse)
    below.connectors = lexicon.connectors
    for word, pieces in lexicon.pieces.items():
        for piece in pieces:
            parts = [word, *piece.rest]
            if piece.role in "oq" and piece.value > 2 and piece.bare:
                for suffix in suffixes:
                    below.add([*parts[:-1], parts[-1] + suffix], piece.role, piece.value, piece.bare)
            elif piece.role in "nm" and piece.value > 1:
                for suffix in cardinal:  # "once" -> "onceavos", "treinta" -> "treintavos"
                    stem = parts[-1][:-1] if parts[-1].endswith(suffix[0]) else parts[-1]
                    below.add([*parts[:-1], stem + suffix], "o", piece.value)
                below.add(parts, piece.role, piece.value, piece.bare)
    return below


def _money(out: Locale, raw: dict[str, Any], extra: dict[str, Any], strip: bool) -> None:
    """Currency signs, names, head words with the adjectives that tell the country, and subunits."""
    for sign, code in {**SYMBOLS, **raw.get("symbol", {}), **extra.get("symbol", {})}.items():
        out.symbols.add(words(sign, strip), code)
    out.local_signs = frozenset(
        s for s in map(str.lower, (*raw.get("symbol", ()), *extra.get("symbol", ()), "rm")) if s.isalpha()
    )
    codes = raw.get("currency", {})
    for code in CURRENCIES:
        out.symbols.add([code.lower()], code)
    own = extra.get("currency", {})
    out.own_money = frozenset((*own, raw.get("currency_local", ""), "USD", "EUR", "GBP"))
    rank = {c: i for i, c in enumerate([raw.get("currency_local", ""), *PRIORITY])}
    for code, forms in own.items():
        for form in forms:
            made = words(form, strip)
            out.money.add(made, code)
            if len(made) == 1:
                out.heads.setdefault(made[0], code)
    for code, names in INTERNATIONAL.items():
        for name in names.split():  # "euro 20"
            out.prefix_money.add([name], code)
    heads = raw.get("head", {})
    for code in sorted(heads, key=lambda c: rank.get(c, 99)):
        for word in heads[code]:
            if word in out.gap:
                continue
            out.heads.setdefault(word, code)
    unspaced = not strip or bool(
        re.search(
            "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u9fff]", "".join(f for forms in codes.values() for f in forms)
        )
    )
    for code, forms in codes.items():
        for form in forms:
            made = words(form, strip)
            if len(made) > 1 or (made and (unspaced or made[0] not in out.heads)):
                out.money.add(made, code)
            head = next((w for w in made if w in out.heads), None)
            if head and len(made) > 1:
                for word in made:
                    if word != head and len(word) > 2:
                        out.adjectives.setdefault(head, []).append((word[: max(4, len(word) - 3)], code))
    for code, names in INTERNATIONAL.items():
        for name in names.split():
            out.heads.setdefault(name, code)
            out.money.add([name], out.heads[name])
    local = raw.get("currency_local") or "USD"
    for form in ["¢", "c", "cent", "cents"]:
        out.subunits.add([form], ("EUR" if local == "EUR" else "USD", Fraction(1, 100)))
    for form, spec in extra.get("subunit", {}).items():
        out.subunits.add(words(form, strip), (spec[0], Fraction(spec[1])))
