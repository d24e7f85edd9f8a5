"""What a task and its results say, read strictly: the server and its SDK let nearly everything through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hexapla import langs as codes
from hexapla.annotate.names import (
    AMBIGUOUS,
    CHOICE_CONTROLS,
    QUANTITY_CONTROLS,
    TASKS,
    TEXT_CONTROLS,
    key,
)
from hexapla.annotate.tasks import text_hash
from hexapla.corpus import LABELS, NUMBER_LABELS, Span
from hexapla.errors import Fault, HexaplaError
from hexapla.predictions import show
from hexapla.values import Quantity, parse_value

_UNIT = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_REGION_ID = re.compile(
    r"[A-Za-z0-9_-]{1,200}"
)  # it becomes part of a CSS class: "a:b" would not be coloured
MAX_FACT = 200  # characters of a fact id


@dataclass(frozen=True, slots=True)
class Pane:
    """One text of a task: a slice of a document, from code point `start`."""

    lang: str
    text: str
    doc_id: str
    start: int
    sha256: str

    @property
    def span(self) -> Span:
        """The slice, in the document's offsets."""
        return self.start, self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class TaskData:
    """The `data` of a task. `bead_id` and the sentences' hashes are set for `align` only."""

    hexapla_id: str
    task: str
    article_id: str
    panes: tuple[Pane, ...]
    bead_id: str = ""
    sentences_sha256: Mapping[str, str] = field(default_factory=dict)

    def pane(self, name: str) -> Pane | None:
        """By the key of its language."""
        return next((p for p in self.panes if key(p.lang) == name), None)


@dataclass(frozen=True, slots=True)
class Region:
    """A marked span in the offsets of its document, with all that was said of it."""

    id: str
    lang: str
    start: int
    end: int
    label: str
    quantity: Quantity | None
    ambiguous: bool
    fact_id: str | None

    @property
    def content(self) -> tuple[Any, ...]:
        """What two annotations must share to be the same."""
        return self.lang, self.start, self.end, self.label, self.quantity, self.ambiguous, self.fact_id


@dataclass(frozen=True, slots=True)
class Reading:
    """One result, read. `links` are pairs of region ids; `verdict` and `sentences` belong to `align`."""

    regions: tuple[Region, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    verdict: str = ""
    sentences: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def content(self) -> tuple[Any, ...]:
        by_id = {r.id: r.content for r in self.regions}
        links = frozenset(frozenset((by_id[a], by_id[b])) for a, b in self.links)
        return frozenset(by_id.values()), links, self.verdict, frozenset(self.sentences.items())


class Faults:
    """Collects the faults of one task under its name."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[Fault] = []
        self.broken: set[str] = (
            set()
        )  # regions already complained of: what hangs on them is not another fault

    def add(self, code: str, found: str, expected: str = "", fix: str = "") -> None:
        self.found.append(Fault(code, self.where, found, expected, fix))


# ---- the data ------------------------------------------------------------------------------------------------------


def read_data(task: Any, faults: Faults) -> TaskData | None:
    """The data of a task, or None with the faults that make it unreadable."""
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict):
        faults.add("not-a-task", show(task), "an object with data", "export in Label Studio's JSON format")
        return None
    strings = ("hexapla_id", "task", "langs", "article_id", "text_sha256")
    for name in strings:
        if not isinstance(data.get(name), str):
            faults.add(
                "not-ours", f"data.{name} is {show(data.get(name))}", "a task made by `hexapla annotate push`"
            )
            return None  # fmt: skip
    panes = tuple(_pane(data, lang, faults) for lang in data["langs"].split(","))
    if data["task"] not in TASKS or len(panes) != TASKS[data["task"]]:
        faults.add(
            "not-ours",
            f"task {show(data['task'])} with langs {show(data['langs'])}",
            f"one of {', '.join(TASKS)}",
        )
    sound = [p for p in panes if p is not None]
    if faults.found or len(sound) != len(panes):
        return None
    if text_hash(data, [p.lang for p in sound]) != data["text_sha256"]:
        faults.add("text-changed", "the texts differ from those that were exported", f"sha256 {data['text_sha256'][:12]}…",
                   "restore the task's data, or push it again")  # fmt: skip
        return None
    hashes = {}
    if data["task"] == "align":
        hashes = {p.lang: str(data.get(f"sentences_sha256_{key(p.lang)}")) for p in sound}
        if not isinstance(data.get("bead_id"), str):
            faults.add("not-ours", "no bead_id", "a task made by `hexapla annotate push`")
            return None
    return TaskData(
        data["hexapla_id"], data["task"], data["article_id"], tuple(sound), data.get("bead_id", ""), hashes
    )


def _pane(data: Mapping[str, Any], lang: str, faults: Faults) -> Pane | None:
    try:
        ours = codes.normalise(lang) == lang
    except HexaplaError:
        ours = False
    k = key(lang)
    text, doc_id, start, digest = (data.get(f"{n}_{k}") for n in ("text", "doc_id", "start", "sha256"))
    if data["task"] == "align":
        start = 0
    if not (
        ours
        and isinstance(text, str)
        and isinstance(doc_id, str)
        and type(start) is int
        and start >= 0
        and isinstance(digest, str)
    ):
        faults.add("not-ours", f"no sound text_{k}, doc_id_{k}, start_{k}, sha256_{k} for language {show(lang)}",
                   "a task made by `hexapla annotate push`")  # fmt: skip
        return None
    if not unicodedata.is_normalized("NFC", text) or "\r" in text:
        faults.add("not-nfc", f"text_{k} is not NFC with \\n line ends", "a text of a built corpus",
                   "run `hexapla build` on it and push what that gives: moving the offsets would be a guess")  # fmt: skip
        return None
    return Pane(lang, text, doc_id, start, digest)


# ---- a result ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A region while its items are gathered: offsets in the pane."""

    pane: Pane
    start: int
    end: int
    label: str
    said: dict[str, str] = field(default_factory=dict)


def read_result(result: Any, data: TaskData, faults: Faults) -> Reading:
    """The regions and links of one annotation, draft or prediction. Call it for `single` and `parallel`."""
    drafts: dict[str, _Draft] = {}
    for item in _items(result, faults, "labels"):
        _label(item, data, drafts, faults)
    for kind, controls in (("textarea", TEXT_CONTROLS), ("choices", CHOICE_CONTROLS)):
        for item in _items(result, faults, kind):
            _attribute(item, kind, controls, drafts, faults)
    links = tuple(
        link for item in _items(result, faults, "relation") if (link := _relation(item, drafts, faults))
    )
    for item in result if isinstance(result, list) else ():
        of: Any = item.get("type") if isinstance(item, dict) else None
        if of not in ("labels", "textarea", "choices", "relation"):
            faults.add("unknown-type", f"a result of type {show(of)}", "labels, textarea, choices or relation",
                       "use the configuration of `hexapla annotate config`")  # fmt: skip
    if not isinstance(result, list):
        faults.add("bad-result", f"result is {show(result)}", "a list")
    regions = tuple(
        r
        for name, draft in sorted(drafts.items(), key=lambda d: (d[1].pane.lang, d[1].start, d[1].end))
        if (r := _region(name, draft, faults))
    )
    _overlaps(regions, faults)
    return Reading(regions, links)


def _items(result: Any, faults: Faults, kind: str) -> Iterator[dict[str, Any]]:
    for item in result if isinstance(result, list) else ():
        if not isinstance(item, dict) or item.get("type") != kind:
            continue
        if kind == "relation" or isinstance(item.get("value"), dict):
            yield item
            continue
        faults.add("bad-result", f"region {show(item.get('id'))} has the value {show(item.get('value'))}", "an object")  # fmt: skip
        if isinstance(item.get("id"), str):
            faults.broken.add(item["id"])


def _control(item: Mapping[str, Any], data: TaskData, known: tuple[str, ...]) -> tuple[str, Pane] | None:
    """Which control of which pane an item belongs to."""
    source, target = item.get("from_name"), item.get("to_name")
    for pane in data.panes:
        for name in known:
            if source == f"{name}_{key(pane.lang)}" and target == f"text_{key(pane.lang)}":
                return name, pane
    return None


def _span(item: Mapping[str, Any], text: str, what: str, faults: Faults) -> Span | None:
    start, end = item["value"].get("start"), item["value"].get("end")
    if type(start) is not int or type(end) is not int:
        faults.add("bad-offset", f"{what} at {show(start)}:{show(end)}", "whole numbers of code points")
    elif start == end:
        faults.add("empty-span", f"{what} at {start}:{end}", "start < end", "remove the region")
    elif start > end:
        faults.add("reversed-span", f"{what} at {start}:{end}", "start < end", "remove the region")
    elif start < 0 or end > len(text):
        faults.add("out-of-range", f"{what} at {start}:{end}", f"offsets within the text, 0 to {len(text)}", "remove the region")  # fmt: skip
    else:
        return start, end
    return None


def _label(item: dict[str, Any], data: TaskData, drafts: dict[str, _Draft], faults: Faults) -> None:
    name, value = item.get("id"), item["value"]
    what = f"region {show(name)}"
    if isinstance(name, str) and name not in drafts:
        faults.broken.add(name)  # until it proves sound
    if not isinstance(name, str) or not _REGION_ID.fullmatch(name):
        faults.add(
            "bad-id",
            what,
            "letters, digits, '_' and '-'",
            "give the mention another id: Label Studio could not show it",
        )
        return
    if name in drafts:
        faults.add("duplicate-id", f"{what} stands twice", "one region per id",
                   "Label Studio would give the second the place of the first: remove one")  # fmt: skip
        return
    control = _control(item, data, ("label",))
    if control is None:
        faults.add("unknown-control", f"{what} comes from {show(item.get('from_name'))} on {show(item.get('to_name'))}",
                   "label_<lang> on text_<lang> of this task's languages")  # fmt: skip
        return
    pane = control[1]
    labels = value.get("labels")
    if not isinstance(labels, list) or len(labels) != 1 or labels[0] not in LABELS:
        faults.add("unknown-label", f"{what} is labelled {show(labels)}", f"one of {', '.join(LABELS)}", "choose a label")  # fmt: skip
        return
    span = _span(item, pane.text, what, faults)
    if span is None:
        return
    surface, said = pane.text[slice(*span)], value.get("text")
    # Label Studio writes line ends as backslash-n here; the offsets decide, this only shows that they were moved
    if said is not None and (
        not isinstance(said, str) or said not in (surface, surface.replace("\n", "\\n"))
    ):
        faults.add("surface-mismatch", f"{what} says {show(said)} where the text has {show(surface)} at {span[0]}:{span[1]}",
                   "the text at these offsets", "mark the words again")  # fmt: skip
        return
    faults.broken.discard(name)
    drafts[name] = _Draft(pane, *span, labels[0])


def _attribute(
    item: dict[str, Any], kind: str, controls: tuple[str, ...], drafts: dict[str, _Draft], faults: Faults
) -> None:
    region_id, value = item.get("id"), item["value"]
    draft = drafts.get(region_id) if isinstance(region_id, str) else None
    if draft is None and isinstance(region_id, str) and region_id in faults.broken:
        return
    if draft is None:
        faults.add("orphan-attribute", f"{show(item.get('from_name'))} belongs to the region {show(region_id)}",
                   "a sound region of this result", "remove it")  # fmt: skip
        return
    k = key(draft.pane.lang)
    name = next((n for n in controls if item.get("from_name") == f"{n}_{k}"), None)
    what = f"{name or show(item.get('from_name'))} of region {show(region_id)}"
    if name is None or item.get("to_name") != f"text_{k}":
        faults.add("unknown-control", f"{what} on {show(item.get('to_name'))}", f"{', '.join(f'{n}_{k}' for n in controls)} on text_{k}")  # fmt: skip
        return
    place = value.get("start", draft.start), value.get("end", draft.end)
    if place != (draft.start, draft.end):
        faults.add("orphan-attribute", f"{what} stands at {show(place[0])}:{show(place[1])}", f"the region's {draft.start}:{draft.end}")  # fmt: skip
        return
    given = value.get("text" if kind == "textarea" else "choices")
    if not isinstance(given, list) or not all(isinstance(t, str) for t in given):
        faults.add("bad-value", f"{what} is {show(given)}", "a list of one string",
                   "a bare string would break the labelling page")  # fmt: skip
        return
    texts = [t.strip() for t in given if t.strip()]
    if len(texts) > 1 or name in draft.said:
        faults.add("bad-value", f"{what} is given twice: {show(given)}", "one value")
    elif texts:
        if name in QUANTITY_CONTROLS and draft.label not in NUMBER_LABELS:
            faults.add("orphan-attribute", f"{what}, which is {draft.label}", f"{name} on numbers only", "remove it, or correct the label")  # fmt: skip
        else:
            draft.said[name] = texts[0]


def _relation(item: dict[str, Any], drafts: dict[str, _Draft], faults: Faults) -> tuple[str, str] | None:
    a, b = item.get("from_id"), item.get("to_id")
    if any(isinstance(name, str) and name in faults.broken for name in (a, b)):
        return None
    if not isinstance(a, str) or not isinstance(b, str) or a not in drafts or b not in drafts or a == b:
        faults.add("dangling-relation", f"a relation from {show(a)} to {show(b)}", "two sound regions of this result",
                   "remove it: the labelling page does not open with it")  # fmt: skip
        return None
    labels = item.get("labels") or []
    if labels != [] or item.get("direction", "bi") not in ("left", "right", "bi"):
        faults.add("unknown-label", f"a relation {show(labels)}, direction {show(item.get('direction'))}", "no label; left, right or bi")  # fmt: skip
        return None
    if (drafts[a].label in NUMBER_LABELS) != (drafts[b].label in NUMBER_LABELS):
        faults.add("unlike-link", f"a relation between {drafts[a].label} {show(a)} and {drafts[b].label} {show(b)}",
                   "two names or two numbers: a fact is one or the other", "remove it, or correct a label")  # fmt: skip
        return None
    return a, b


def _region(name: str, draft: _Draft, faults: Faults) -> Region | None:
    """The region of a draft, in the document's offsets."""
    said, kind = draft.said, draft.label.lower()
    what = f"region {show(name)}, {draft.label} {show(draft.pane.text[draft.start : draft.end])}"
    quantity = None
    if draft.label in NUMBER_LABELS:
        for field_name in ("value", "value_high"):
            try:
                if field_name in said:
                    parse_value(said[field_name], kind)
            except ValueError as error:
                faults.add("bad-value", f"{field_name} of {what}: {show(said[field_name])}",
                           str(error).rpartition(" is not ")[2], "write the number in plain digits")  # fmt: skip
                return None
        if "unit" in said and not _UNIT.fullmatch(said["unit"]):
            faults.add("bad-value", f"unit of {what}: {show(said['unit'])}", "an ISO 4217 code or a CLDR unit such as kilometer")  # fmt: skip
            return None
        try:
            quantity = Quantity.from_json(dict(said), draft.label)
        except ValueError as error:
            faults.add("bad-value", f"{what}: {error}")
            return None
    fact_id = said.get("fact_id")
    if fact_id is not None and (len(fact_id) > MAX_FACT or not fact_id.isprintable()):
        faults.add("bad-fact", f"fact id of {what}: {show(fact_id)}", f"one line of at most {MAX_FACT} characters")  # fmt: skip
        return None
    if said.get("ambiguous", AMBIGUOUS) != AMBIGUOUS:
        faults.add("bad-value", f"ambiguous of {what}: {show(said['ambiguous'])}", f"{AMBIGUOUS!r} or nothing")  # fmt: skip
        return None
    origin = draft.pane.start
    return Region(name, draft.pane.lang, draft.start + origin, draft.end + origin, draft.label, quantity, "ambiguous" in said, fact_id)  # fmt: skip


def _overlaps(regions: tuple[Region, ...], faults: Faults) -> None:
    """Mentions are flat. `regions` are sorted by language and place."""
    last: Region | None = None
    for region in regions:
        if last is not None and last.lang == region.lang and region.start < last.end:
            faults.add("overlap", f"regions {show(last.id)} ({last.label}) and {show(region.id)} ({region.label}) of {region.lang} overlap",
                       "mentions that stand apart", "keep the outermost")  # fmt: skip
        if last is None or last.lang != region.lang or region.end > last.end:
            last = region
