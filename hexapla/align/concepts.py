"""Words whose translations are known beforehand, in all languages that have the lists.

`hexapla/lang/<code>/concepts.txt`: names of countries, languages, months, days and units, `T:PL<tab>Polska`, from CLDR by
`build_concepts.py`. `hexapla/lang/<code>/words.txt`: about a thousand common words of news, `government<tab>rząd, gabinet`,
written for Hexapla; `but=` is this word only. Number words are those of `quantities.toml`.

Words are compared by their beginnings, since most languages inflect them: see `_Form`. Languages that write no spaces are
searched for the forms as they are; one that is inside a longer one does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from importlib import resources
from itertools import chain, takewhile
from typing import NamedTuple

from hexapla import langs
from hexapla.tokens import token_pattern

_LONGEST = 6  # tokens of a name
_DIGITS = 300  # of a numeral; Python refuses to read one of some thousands
_MORE = 2  # letters by which a known word may extend another and still mean it
_KEPT = 24  # characters
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
_SPELT = "\u3040"  # from here on no script has syllables of several characters
NUMERAL = re.compile(r"\d+(?:[.,٫٬\xa0\u202f]\d+)*")
# what a number before them is multiplied by: keys of the lists, and characters
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_HAN_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_Key = tuple[str, str]  # class, what is meant
_OWN = ("word", "spelt")  # classes of Hexapla's own lists; the others are CLDR's


class _Form(NamedTuple):
    """One way to write a concept.

    Each word must begin with a head, and have no more letters than a number: `words`. The head is the form's word less its
    last letter (from five letters on), or its last two (from seven). `at`: the place of its longest word, which is looked for;
    `whole`: this word.
    """

    words: tuple[tuple[str, int], ...]
    at: int
    key: _Key
    capital: bool
    whole: str


def _fold(word: str) -> str:
    word = word.lower()
    if not word.isascii():
        for spelling, letter in _FOLDED:
            word = word.replace(spelling, letter)
    return word


def plain_number(text: str) -> str:
    """A numeral in one notation: `1.234,5` and `1,234.5` -> `1234.5`. A lone group of three is taken for thousands."""
    parts = re.split(r"[.,٫٬\xa0\u202f]", text)
    digits = ["".join(str(int(c)) for c in p) for p in parts]
    digits[0] = digits[0].lstrip("0") or "0"  # not by int(): it refuses numerals of thousands of digits
    if len(digits) > 1 and len(digits[-1]) != 3:
        return "".join(digits[:-1]) + "." + digits[-1]
    return "".join(digits)


def _head(word: str) -> tuple[str, int]:
    """The head of a folded word, and how many letters a word that begins with it may have."""
    size = len(word)
    if size > 6:
        return word[:-2], size + 5
    if size > 4:
        return word[:-1], size + 5
    # a Hangul syllable says as much as two letters, and particles follow it
    if size > 1 and "가" <= word[0] <= "힣":
        return word, size + 3
    return word, size + 2 if size == 4 else size


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
    """What the tokens of one language name. `of_tokens` gives the keys that tokens have by themselves."""

    def __init__(
        self,
        lang: str,
        number: Callable[[str, str], int],
        of_tokens: Callable[[Sequence[str]], Sequence[Sequence[int]]],
    ) -> None:
        self.number, self.of_tokens = number, of_tokens
        self.forms: dict[str, list[_Form]] = {}  # by the head of the longest word
        # of scripts without spaces: by the first two characters
        self.pieces: dict[str, list[tuple[str, _Key]]] = {}
        # forms of several words by tokens met so far that are their longest word; see `_Phrases`
        self.long: dict[str, _Phrases] = {}
        # their keys without those of the words of the lists, for tokens that are inside such a form
        self.alone: dict[str, tuple[int, ...]] = {}
        self.keys: dict[str, tuple[int, ...]] = {}
        self.first: dict[str, str] = {}  # the first letter of a token, folded
        self.scales = dict(_HAN_SCALES)  # tokens met so far that multiply a number
        self.tokens = _Chunks()
        self.clitics = ("", *langs.data(lang, "text").get("align", {}).get("clitics", ()))
        for key, forms in _names(lang):
            folded = key[0] in _OWN
            for form in forms:
                if folded and _PLAIN.fullmatch(form):  # most are
                    words = (_head(form),)
                    self.forms.setdefault(words[0][0], []).append(_Form(words, 0, key, False, form))
                elif form.endswith("="):  # no other word that begins with it
                    words = ((form[:-1], len(form) - 1),)
                    self.forms.setdefault(form[:-1], []).append(_Form(words, 0, key, False, form[:-1]))
                else:
                    self._add(key, form)
        self.longest = max(map(len, self.forms), default=0)
        for pieces in self.pieces.values():
            pieces.sort(key=lambda piece: -len(piece[0]))

    def _add(self, key: _Key, form: str) -> None:
        if _UNSPACED.match(form) and " " not in form:
            self.pieces.setdefault(form[:2], []).append((form, key))
            return
        if "'" in form:  # a text may have ʼ there, which is a letter to the tokeniser
            self._add(key, form.replace("'", "ʼ"))
        words = token_pattern().findall(form)
        if len(words) > 1 and form[0] >= "\u0e00" and " " not in form:
            self.pieces.setdefault(form[:2], []).append((form, key))
        elif 1 < len(words) <= _LONGEST or (words and (len(words[0]) > 2 or key[0] in _OWN)):
            at = words.index(max(words, key=len)) if len(words) > 1 else 0
            heads = tuple([_head(_fold(word)) for word in words])
            capital = key[0] == "concept" and len(words) == 1 and form[0].isupper()
            found = _Form(heads, at, key, capital, _fold(words[at]))
            self.forms.setdefault(heads[at][0], []).append(found)

    def __call__(self, sentences: Sequence[str]) -> list[set[int]]:
        """The keys of each sentence."""
        cut = [list(chain.from_iterable(map(self.tokens.__getitem__, text.split(" ")))) for text in sentences]
        self._meet(set().union(*cut))
        out = []
        for text, tokens in zip(sentences, cut, strict=True):
            keys = [self.keys[token] for token in tokens]
            found: set[int] = set()
            if not self.long.keys().isdisjoint(tokens):
                for places, key in self._phrases(tokens):
                    found.add(self.number(*key))
                    for at in places:
                        keys[at] = self.alone.get(tokens[at], keys[at])
            found.update(*keys)
            if not self.scales.keys().isdisjoint(tokens):
                found.update(self.number("number", value) for value in self._scaled(tokens))
            if self.pieces:
                found.update(self.number(*key) for key in self._pieces(text))
            out.append(found)
        return out

    def _meet(self, tokens: Collection[str]) -> None:
        """Find the keys of tokens; of many at once, which is faster."""
        if len(self.keys) > _MEMO:
            for memo in (self.keys, self.long, self.alone, self.first, self.tokens):
                memo.clear()
        new = [token for token in tokens if token not in self.keys]
        for token, by_itself in zip(new, self.of_tokens(new), strict=True):
            forms = self.matches(token)
            if long := [form for form in forms if len(form.words) > 1]:
                self.long[token] = _Phrases.of(long, bool(self.clitics[1:]))
            for form in forms:
                if form.key[0] == "word" and form.key[1] in _SCALES and len(form.words) == 1:
                    self.scales.setdefault(
                        token, _SCALES[form.key[1]]
                    )  # 亿 stands under billion, and is less
            out = dict.fromkeys(by_itself)
            if forms:
                self.alone[token] = tuple(out)
                out.update(dict.fromkeys(self.number(*form.key) for form in forms if len(form.words) == 1))
            if token.isdecimal() and len(token) <= _DIGITS:
                out[self.number("spelt", str(int(token)))] = None
            self.keys[token] = tuple(out)
            self.first[token] = _fold(token[:1])[:1]

    def _phrases(self, tokens: Sequence[str]) -> list[tuple[range, _Key]]:
        """Where the forms of several words stand, and what they mean: none inside another."""
        here = []
        for at in [at for at, token in enumerate(tokens) if token in self.long]:
            for form in self.long[tokens[at]].near(
                self.first[tokens[at - 1]] if at else "",
                self.first[tokens[at + 1]] if at + 1 < len(tokens) else "",
            ):
                start = at - form.at
                if start >= 0 and _same(form.words, tokens[start : start + len(form.words)], self.clitics):
                    here.append((start, -start - len(form.words), form.key))
        out, end, last = [], 0, 0
        for start, stop, key in sorted(here):
            if -stop > end or (start == last and -stop == end):
                last, end = start, -stop
                out.append((range(start, end), key))
        return out

    def _scaled(self, tokens: Sequence[str]) -> Iterator[str]:
        """Values of numbers before words such as million: `36,5 milhões` and `3650万` -> `36500000`."""
        for at, token in enumerate(tokens[:-1]):
            if tokens[at + 1] in self.scales and len(token) <= _DIGITS and NUMERAL.fullmatch(token):
                value = Fraction(plain_number(token))
                for word in takewhile(self.scales.__contains__, tokens[at + 1 :]):
                    value *= self.scales[word]
                yield str(value)

    def _pieces(self, text: str) -> Iterator[_Key]:
        """What the pieces of a text mean: of those that begin at one place the longest, and none inside another."""
        end = 0
        for at in [at for at in range(len(text) - 1) if text[at : at + 2] in self.pieces]:
            longest = 0
            for piece, key in self.pieces[text[at : at + 2]]:  # the longest first
                size = len(piece)
                if size < longest or at + size <= end:
                    break
                if text.startswith(piece, at) and (
                    piece >= _SPELT or not (_INSIDE.match(text, at) or _INSIDE.match(text, at + size))
                ):
                    longest = size
                    yield key
            end = max(end, at + longest)

    def matches(self, token: str) -> list[_Form]:
        """The forms whose longest word this token is, by itself or after a clitic; if it is one just so, only these."""
        found: list[_Form] = []
        for clitic in self.clitics:
            if token.startswith(clitic):
                word = _fold(token[len(clitic) :])
                here = [
                    form
                    for size in range(1 + bool(clitic), min(len(word), self.longest) + 1)
                    for form in self.forms.get(word[:size], ())
                    if len(word) <= form.words[form.at][1] and not (form.capital and token[0].islower())
                ]
                here, exact = _likely(word, here)
                if exact:
                    return here + [form for form in found if len(form.words) > 1]
                found += here
        return found


def _likely(word: str, forms: Sequence[_Form]) -> tuple[list[_Form], bool]:
    """Of the forms that a word may be, those that it likely is; and whether it is one of them as it stands.

    The longest form that the word begins with is taken for its stem. Other forms must have a longer head, or be this stem
    less very little: `starker` is not `starb`, `important` not `import`, but `killed` is `kill`.
    """
    stem = 0
    for form in forms:
        if len(form.whole) > stem and len(form.words) == 1 and word.startswith(form.whole):
            stem = len(form.whole)
    out = []
    for form in forms:
        if word.startswith(form.whole):
            good = len(form.whole) >= stem - _MORE
        else:
            good = len(form.words[form.at][0]) > stem
        if good or len(form.words) > 1:
            out.append(form)
    return out, stem == len(word)


def _same(words: Sequence[tuple[str, int]], tokens: Sequence[str], clitics: Sequence[str]) -> bool:
    """Whether the tokens are the words, the first of them perhaps after a clitic."""
    if len(tokens) != len(words):
        return False
    for token, (head, longest) in zip(tokens[1:], words[1:], strict=True):
        if len(token) > longest or not _fold(token).startswith(head):
            return False
    head, longest = words[0]
    for clitic in clitics:
        if tokens[0].startswith(clitic):
            token = tokens[0][len(clitic) :]
            if len(token) <= longest and _fold(token).startswith(head):
                return True
    return False


class _Phrases(NamedTuple):
    """Forms of several words, by the first letter of the word after their longest, or of the word before it where it is the
    last; `""` where a clitic may stand before that."""

    after: dict[str, list[_Form]]
    before: dict[str, list[_Form]]

    @classmethod
    def of(cls, forms: Sequence[_Form], clitics: bool) -> _Phrases:
        found = cls({}, {})
        for form in forms:
            if form.at + 1 < len(form.words):
                found.after.setdefault(form.words[form.at + 1][0][:1], []).append(form)
            else:
                letter = "" if clitics and form.at == 1 else form.words[form.at - 1][0][:1]
                found.before.setdefault(letter, []).append(form)
        return found

    def near(self, before: str, after: str) -> list[_Form]:
        """The forms that may stand here, by the first letters of the tokens before and after; `""` for none."""
        out = self.after.get(after, [])
        if self.before:
            out = out + self.before.get(before, []) + (self.before.get("", []) if before else [])
        return out


class _Chunks(dict[str, list[str]]):
    """The tokens of what stands between two spaces; long ones are not kept."""

    def __missing__(self, chunk: str) -> list[str]:
        tokens = token_pattern().findall(chunk)
        if len(chunk) <= _KEPT:
            self[chunk] = tokens
        return tokens
