"""Words whose translations are known beforehand, in all languages that have the lists.

`hexapla/lang/<code>/concepts.txt`: names of countries, languages, months, days and units, `T:PL<tab>Polska`, from CLDR by
`build_concepts.py`. `hexapla/lang/<code>/words.txt`: about a thousand common words of news, `government<tab>rząd, gabinet`,
written for Hexapla. Number words are those of `quantities.toml`.

Words are compared by their beginnings, since most languages inflect them: see `_Form`. Languages that write no spaces are
searched for the forms as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import NamedTuple

from hexapla import langs
from hexapla.tokens import token_pattern

_LONGEST = 6  # tokens of a name
_MEMO = 1 << 17  # tokens remembered per language
# spellings of one letter: apostrophes, the Turkish İ in lower case, Russian ё, Romanian cedillas
_FOLDED = str.maketrans({"’": "'", "ʼ": "'", "\u0307": None, "ё": "е", "ş": "ș", "ţ": "ț"})
_UNSPACED = (
    "\u0e00"  # from here on: a form without spaces that is several tokens is of a script without spaces
)


class _Form(NamedTuple):
    """One way to write a concept.

    Each word must begin with a head, and have no more letters than a number: `words`. The head is the form's word less its
    last letter (from five letters on), or its last two (from seven). `at`: the place of its longest word, which is looked for.
    """

    words: tuple[tuple[str, int], ...]
    at: int
    key: tuple[str, str]
    capital: bool


def _fold(word: str) -> str:
    return word.lower().translate(_FOLDED)


def _head(word: str) -> tuple[str, int]:
    word = _fold(word)
    size = len(word)
    hangul = "가" <= word[0] <= "힣"  # a syllable says as much as two letters, and particles follow it
    if size <= 3 and not (hangul and size > 1):
        return word, size
    if size <= 4:
        return word, size + 2
    return word[: size - (1 if size < 7 else 2)], size + 5


def _names(lang: str) -> Iterator[tuple[str, str, str]]:
    """(class, what is meant, how it is written)."""
    folder = resources.files("hexapla") / "lang" / langs.base(lang)
    for file, kind in (("concepts.txt", "concept"), ("words.txt", "word")):
        if (folder / file).is_file():
            for line in (folder / file).read_text("utf-8").splitlines():
                if not line.startswith("#"):
                    key, forms = line.split("\t")
                    own = "thing" if kind == "concept" and key[0] in "LU" else kind
                    yield from (
                        (own, key, form) for form in (forms.split(", ") if kind == "word" else [forms])
                    )
    for word, value in langs.data(lang, "quantities").get("cardinal", {}).items():
        yield "spelt", str(value), word


class Known:
    """What the tokens of one language name. `of_token` adds the keys that a token has by itself."""

    def __init__(
        self, lang: str, number: Callable[[str, str], int], of_token: Callable[[str], Sequence[int]]
    ) -> None:
        self.number, self.of_token = number, of_token
        self.forms: dict[str, dict[_Form, None]] = {}
        self.pieces: dict[
            str, dict[tuple[str, tuple[str, str]], None]
        ] = {}  # unspaced scripts: by the first two characters
        self.long: dict[
            str, tuple[_Form, ...]
        ] = {}  # tokens met so far that are the longest word of a form of several
        self.keys = _Memo(self)
        self.clitics = ("", *langs.data(lang, "text").get("align", {}).get("clitics", ()))
        for kind, meant, form in _names(lang):
            words = token_pattern().findall(form)
            if len(words) > 1 and form[0] >= _UNSPACED and " " not in form:
                self.pieces.setdefault(form[:2], {})[form, (kind, meant)] = None
            elif 1 < len(words) <= _LONGEST or (words and (len(words[0]) > 2 or kind in ("word", "spelt"))):
                at = max(range(len(words)), key=lambda n: len(words[n]))
                heads = tuple(_head(word) for word in words)
                found = _Form(heads, at, (kind, meant), kind == "concept" and words[at][0].isupper())
                self.forms.setdefault(heads[at][0], {})[found] = None

    def __call__(self, text: str, tokens: Sequence[str]) -> set[int]:
        """The keys of a sentence."""
        found: set[int] = set().union(*map(self.keys.__getitem__, tokens))
        if not self.long.keys().isdisjoint(tokens):
            for at in [at for at, token in enumerate(tokens) if token in self.long]:
                for form in self.long[tokens[at]]:
                    if at >= form.at and _same(
                        form.words, tokens[at - form.at : at - form.at + len(form.words)]
                    ):
                        found.add(self.number(*form.key))
        if self.pieces:
            for at in [at for at in range(len(text) - 1) if text[at : at + 2] in self.pieces]:
                for piece, key in self.pieces[text[at : at + 2]]:
                    if text.startswith(piece, at):
                        found.add(self.number(*key))
        return found

    def matches(self, token: str) -> Iterator[_Form]:
        """The forms whose longest word this token is, by itself or after a clitic."""
        for clitic in self.clitics:
            if token.startswith(clitic):
                word = _fold(token[len(clitic) :])
                for size in range(1 + bool(clitic), len(word) + 1):
                    for form in self.forms.get(word[:size], ()):
                        if len(word) <= form.words[form.at][1] and not (form.capital and token[0].islower()):
                            yield form


def _same(words: Sequence[tuple[str, int]], tokens: Sequence[str]) -> bool:
    return len(tokens) == len(words) and all(
        _fold(token).startswith(head) and len(token) <= longest
        for token, (head, longest) in zip(tokens, words, strict=True)
    )


class _Memo(dict[str, tuple[int, ...]]):
    """Keys by token, computed when first asked for."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, token: str) -> tuple[int, ...]:
        known = self.known
        if len(self) >= _MEMO:
            self.clear()
            known.long.clear()
        forms = list(known.matches(token))
        if long := tuple(form for form in forms if len(form.words) > 1):
            known.long[token] = long
        out = dict.fromkeys(known.of_token(token))
        out.update(dict.fromkeys(known.number(*form.key) for form in forms if len(form.words) == 1))
        if token.isdecimal():
            out[known.number("spelt", str(int(token)))] = None
        self[token] = tuple(out)
        return self[token]
