"""Page furniture: which blocks of a page are not the article, and why.

What counts as furniture in a language is data: `hexapla/lang/<code>/ingest.toml`. The rest is told by place and shape.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache

from hexapla import langs
from hexapla.corpus import Dropped
from hexapla.page import SENTENCE_END, Draft, Page
from hexapla.tokens import tokens
from hexapla.values import is_edtf

_NEAR = 20  # blocks within which a repeated sentence is looked for
_COUNTER = re.compile(r"(?!(?:19|20)\d\d$)[\d\s.,]{1,12}[KkMm]?")  # a year may be a heading
_BYLINE = re.compile(r"(?P<who>.{0,60}?)\s*(?P<date>\d{4}[/-]\d{2}[/-]\d{2})(?:[ T]+(?P<time>\d{2}:\d{2}))?")
_BY = re.compile(r"(?i)by\s*:\s*(?P<who>.{1,60})")
_COPYRIGHT = re.compile(r"^©|(?:©|\(c\))\s*\d{4}|\d{4}\s*©|(?i:^copyright\b|\ball rights reserved)")
_CRUMBS = re.compile(r"(?:\w\s|[>/»›|·•→])\s*$")  # before the title: "Home Sport ", "Home > "
_QUESTION = re.compile(r"[¿\w][^.!?…。！？؟]*[?؟？]")
_CALL = re.compile(r"^[^.!?…。！？؟\n]+[!?！？؟]$")
_CUE_LENGTH = 320  # furniture is short: a longer block is never cut by a cue alone
END_REASONS = {"newsletter", "disclaimer", "copyright", "comment-prompt", "follow-prompt", "next-article"}


@cache
def _cues(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(reason, pattern) pairs of a language, English ones included (pages mix)."""
    table: dict[str, list[str]] = {}
    for code in dict.fromkeys((lang, "en")):
        for reason, patterns in langs.data(code, "ingest").get("furniture", {}).items():
            table.setdefault(reason, []).extend(patterns)
    return tuple((reason, re.compile("|".join(patterns), re.I)) for reason, patterns in table.items())


def clean(page: Page, lang: str) -> tuple[list[Draft], list[Dropped], Page]:
    """Split the drafts of a page into article blocks (kinds set) and furniture (with reasons)."""
    drafts = page.drafts
    reasons = {i: reason for i, d in enumerate(drafts) if (reason := d.reason or _reason(d.text, lang))}
    top = _top(drafts, reasons)
    title = top[-1] if top else len(drafts)
    reasons = dict.fromkeys(range(title), "navigation") | reasons
    # running text from each draft on: what is left of the article below
    left = list(itertools.accumulate((_running(drafts[i].text) * (i not in reasons) for i in reversed(range(len(drafts)))), initial=0))[::-1]  # fmt: skip
    publisher, published = page.publisher, page.published
    ended = begun = False
    recent: deque[str] = deque(maxlen=_NEAR)
    for i in range(title, len(drafts)):
        text = drafts[i].text
        if i in reasons:
            # a cue inside the article cuts only itself
            ended = ended or (reasons[i] in END_REASONS and 4 * left[i] < left[title])
        elif i > title and text == drafts[title].text:
            reasons[i] = "doubled-title"
        elif i > title and not ended and (by := _byline(text, begun)):
            reasons[i] = "byline"
            publisher, published = publisher or by[0], published or by[1]
        elif ended:
            reasons[i] = "promotion"
        elif any(len(text) > 40 and text in earlier for earlier in recent):
            reasons[i] = "pull-quote"
        else:
            recent.append(text)
            begun = begun or (i > title and _running(text) > 0)
    kept = [i for i in range(len(drafts)) if i not in reasons]
    first = next((i for i in kept if i > title and _running(drafts[i].text)), len(drafts))
    # a heading between a cut piece and another heading has no text of its own: a link to another article
    for a, b in itertools.pairwise(kept):
        if (
            a > first
            and not drafts[a].kind
            and _is_heading(drafts[a])
            and _is_heading(drafts[b])
            and a - 1 in reasons
        ):
            reasons[a] = "teaser"
    # a last word or two without an end are the remains of a link
    if len(kept) > 3 and not drafts[kept[-1]].kind and _is_fragment(drafts[kept[-1]].text, lang):
        reasons[kept[-1]] = "tail-fragment"
    blocks = _with_kinds([d for i, d in enumerate(drafts) if i not in reasons], drafts[title : title + 1])
    dropped = [Dropped(drafts[i].line, reason, drafts[i].text) for i, reason in sorted(reasons.items())]
    return blocks, dropped, dataclasses.replace(page, publisher=publisher, published=published)


def _reason(text: str, lang: str) -> str:
    """Why a block cannot be article text whatever stands around it; '' if it can."""
    if not any(map(str.isalnum, text)):
        return "ornament"
    if _COUNTER.fullmatch(text):
        return "share-counter"
    if len(text) > _CUE_LENGTH:
        return ""
    cue = next((reason for reason, cue in _cues(lang) if cue.search(text)), "")
    return cue or ("copyright" if _COPYRIGHT.search(text) else "")


def _top(drafts: Sequence[Draft], reasons: Mapping[int, str]) -> list[int]:
    """Where the article begins: a marked title; else the first of the top lines that stands there twice, or ends a
    breadcrumb; else the first block that is no furniture. Empty if there is none. What stands above is navigation."""
    free = [i for i in range(len(drafts)) if i not in reasons]
    for i in free[:30]:
        if drafts[i].kind == "title":
            return [i]
    for a, i in enumerate(free[:15]):
        text = drafts[i].text
        if SENTENCE_END.search(text) and _running(text) > 100:
            break  # running text: the article has begun
        near = [drafts[j].text for j in free[a + 1 : a + 3]]
        if near[1:] == [text] and SENTENCE_END.search(near[0]):
            near = []  # a refrain
        above = drafts[free[a - 1]].text if a else ""
        crumbs = above.removesuffix(text) if above.endswith(text) and not text[0].islower() else ""
        if len(text) > 15 and (text in near or (crumbs and len(crumbs) <= 80 and _CRUMBS.search(crumbs))):
            return [i]
    return free[:1]


def _byline(text: str, begun: bool) -> tuple[str, str] | None:
    """(publisher or author, date) of a line that says only those; a date alone is one only above the running text."""
    if by := _BY.fullmatch(text):
        return _undouble(by["who"].strip()), ""
    match = _BYLINE.fullmatch(text) if len(text) <= 120 and not begun else None
    if match is None:
        return None
    date = match["date"].replace("/", "-") + (f"T{match['time']}" if match["time"] else "")
    return (_undouble(match["who"].strip(" ,|·•–—-")), date) if is_edtf(date) else None


def _running(text: str) -> int:
    """The length of a block of running text, 0 of anything else: it ends as a sentence, and is no single short one."""
    return len(text) if len(text) >= 40 and SENTENCE_END.search(text) else 0


def _with_kinds(drafts: Sequence[Draft], title: Sequence[Draft]) -> list[Draft]:
    """The drafts that stay, each as title, heading or paragraph."""
    kinds = []
    for i, d in enumerate(drafts):
        kind = "heading" if _is_heading(d) else "paragraph"
        if d in title:
            # a title may be a question or a call
            below = len(drafts[i + 1].text) if i + 1 < len(drafts) else 0
            called = len(d.text) <= min(120, below) and _CALL.search(d.text)
            kind = "title" if _is_heading(d, 300) or (not d.kind and called) else kind
        kinds.append(kind)
    for i in range(1, len(drafts) - 1):
        # a short question alone between paragraphs is their heading
        text = drafts[i].text
        around = [len(drafts[j].text) for j in (i - 1, i + 1) if kinds[j] == "paragraph"]
        if (
            len(around) == 2
            and len(text) <= 80
            and min(around) >= max(3 * len(text), 60)
            and _QUESTION.fullmatch(text)
        ):
            kinds[i] = "heading"
    return [dataclasses.replace(d, kind=kind) for d, kind in zip(drafts, kinds, strict=True)]


def _is_heading(draft: Draft, longest: int = 140) -> bool:
    if draft.kind:
        return draft.kind in ("title", "heading")
    return len(draft.text) <= longest and "\n" not in draft.text and not SENTENCE_END.search(draft.text)


def _is_fragment(text: str, lang: str) -> bool:
    return len(text) <= 40 and not SENTENCE_END.search(text) and len(tokens(text, lang)) <= 2


def _undouble(name: str) -> str:
    """`CointelegraphCointelegraph` (an image's text and a link's) -> `Cointelegraph`."""
    half = len(name) // 2
    return name[:half] if half and name == name[:half] * 2 else name
