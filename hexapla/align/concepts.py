"""Words whose translations are known beforehand, in all languages that have the lists.

`hexapla/lang/<code>/concepts.txt`: names of countries, languages, months, days and units, `T:PL<tab>Polska`, from CLDR by
`build_concepts.py`. `hexapla/lang/<code>/words.txt`: about a thousand common words of news, `government<tab>rząd, gabinet`,
written for Hexapla. Number words are those of `quantities.toml`.

Words are compared by their beginnings, since most languages inflect them: see `_Form`. Languages that write no spaces are
searched for the forms as they are; one that is inside a longer one does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import NamedTuple

from hexapla import langs
from hexapla.tokens import token_pattern

_LONGEST = 6  # tokens of a name
_DIGITS = 300  # of a numeral; Python refuses to read one of some thousands
_MEMO = 1 << 17  # tokens remembered per language
# spellings of one letter: apostrophes, the Turkish İ in lower case, Russian ё, Romanian cedillas
_FOLDED = (("’", "'"), ("ʼ", "'"), ("\u0307", ""), ("ё", "е"), ("ş", "ș"), ("ţ", "ț"))
_PLAIN = re.compile(r"[^\W\d_\u0e00-\U0010ffff]+")  # one token, whatever the tokeniser says of other scripts
# a letter of a script that writes no spaces, and after it what begins another token
_UNSPACED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30fa\u3400-\u9fff](?=\\w)")
# a place inside a syllable: after a vowel of Thai or Lao that is written first, or a sign that stacks; before a vowel or a mark
# of Thai, Lao, Burmese or Khmer, or a consonant of Burmese that closes the syllable
_INSIDE = re.compile(
    "(?<=[\u0e40-\u0e44\u0ec0-\u0ec4\u1039\u17d2])|[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0eb0-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u17b4-\u17d3]|[\u1000-\u1021]\u1037?[\u1039\u103a]"
)
_Key = tuple[str, str]  # class, what is meant
_OWN = ("word", "spelt")  # classes of Hexapla's own lists; the others are CLDR's


class _Form(NamedTuple):
    """One way to write a concept.

    Each word must begin with a head, and have no more letters than a number: `words`. The head is the form's word less its
    last letter (from five letters on), or its last two (from seven). `at`: the place of its longest word, which is looked for.
    """

    words: tuple[tuple[str, int], ...]
    at: int
    key: _Key
    capital: bool


def _fold(word: str) -> str:
    word = word.lower()
    if not word.isascii():
        for spelling, letter in _FOLDED:
            word = word.replace(spelling, letter)
    return word


def _head(word: str) -> tuple[str, int]:
    """The head of a folded word, and how many letters a word that begins with it may have."""
    size = len(word)
    if size > 6:
        return word[:-2], size + 5
    if size > 4:
        return word[:-1], size + 5
    hangul = "가" <= word[0] <= "힣"  # a syllable says as much as two letters, and particles follow it
    return word, size + 2 if size == 4 or (hangul and size > 1) else size


def _names(lang: str) -> Iterator[tuple[_Key, Sequence[str]]]:
    """What is meant, and the ways to write it: folded, but for the names of CLDR."""
    folder = resources.files("hexapla") / "lang" / langs.base(lang)
    for file, kind in (("concepts.txt", "concept"), ("words.txt", "word")):
        if (folder / file).is_file():
            for line in (folder / file).read_text("utf-8").splitlines():
                if not line.startswith("#"):
                    key, forms = line.split("\t")
                    if kind == "word":
                        yield (kind, key), _fold(forms).split(", ")
                    else:
                        yield ("thing" if key[0] in "LU" else kind, key), (forms,)
    for word, value in langs.data(lang, "quantities").get("cardinal", {}).items():
        yield ("spelt", str(value)), (_fold(word),)


class Known:
    """What the tokens of one language name. `of_token` adds the keys that a token has by itself."""

    def __init__(
        self, lang: str, number: Callable[[str, str], int], of_token: Callable[[str], Sequence[int]]
    ) -> None:
        self.number, self.of_token = number, of_token
        self.forms: dict[str, list[_Form]] = {}  # by the head of the longest word
        # of scripts without spaces: by the first two characters
        self.pieces: dict[str, list[tuple[str, _Key]]] = {}
        # tokens met so far that are the longest word of a form of several
        self.long: dict[str, tuple[_Form, ...]] = {}
        self.keys = _Memo(self)
        self.clitics = ("", *langs.data(lang, "text").get("align", {}).get("clitics", ()))
        for key, forms in _names(lang):
            folded = key[0] in _OWN
            for form in forms:
                if folded and _PLAIN.fullmatch(form):  # most are
                    words = (_head(form),)
                    self.forms.setdefault(words[0][0], []).append(_Form(words, 0, key, False))
                else:
                    self._add(key, form)
        self.longest = max(map(len, self.forms), default=0)

    def _add(self, key: _Key, form: str) -> None:
        if _UNSPACED.match(form) and " " not in form:
            self.pieces.setdefault(form[:2], []).append((form, key))
            return
        words = token_pattern().findall(form)
        if len(words) > 1 and form[0] >= "\u0e00" and " " not in form:
            self.pieces.setdefault(form[:2], []).append((form, key))
        elif 1 < len(words) <= _LONGEST or (words and (len(words[0]) > 2 or key[0] in _OWN)):
            at = words.index(max(words, key=len)) if len(words) > 1 else 0
            heads = tuple([_head(word if key[0] in _OWN else _fold(word)) for word in words])
            found = _Form(heads, at, key, key[0] == "concept" and words[at][0].isupper())
            self.forms.setdefault(heads[at][0], []).append(found)

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
            found.update(self.number(*key) for key in self._pieces(text))
        return found

    def _pieces(self, text: str) -> Iterator[_Key]:
        """What the pieces of a text mean: of those that begin at one place the longest, and none inside another."""
        end = 0
        for at in [at for at in range(len(text) - 1) if text[at : at + 2] in self.pieces]:
            here = [
                (at + len(piece), key)
                for piece, key in self.pieces[text[at : at + 2]]
                if at + len(piece) > end and text.startswith(piece, at)
                if not _INSIDE.match(text, at) and not _INSIDE.match(text, at + len(piece))
            ]
            if here:
                end = max(here)[0]
                yield from (key for last, key in here if last == end)

    def matches(self, token: str) -> Iterator[_Form]:
        """The forms whose longest word this token is, by itself or after a clitic."""
        for clitic in self.clitics:
            if token.startswith(clitic):
                word = _fold(token[len(clitic) :])
                for size in range(1 + bool(clitic), min(len(word), self.longest) + 1):
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
        if token.isdecimal() and len(token) <= _DIGITS:
            out[known.number("spelt", str(int(token)))] = None
        self[token] = tuple(out)
        return self[token]
