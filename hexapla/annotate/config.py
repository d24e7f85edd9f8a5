"""Label Studio configurations, generated per language or pair: direction cannot depend on the task's data."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hexapla import langs as codes
from hexapla.annotate.names import (
    AMBIGUOUS,
    COLOURS,
    HOTKEYS,
    NUMBERS_ONLY,
    VERDICTS,
    key,
    languages,
)
from hexapla.corpus import LABELS
from hexapla.layout import LABEL_NAMES, language_name
from hexapla.values import MODIFIERS

_ROW = "display: flex; gap: 1.5em; align-items: flex-start;"
_COLUMN = "flex: 1 1 0; min-width: 0;"
_TEXT = "margin-top: 1.5em;"  # room for the arrows of relations
_CAPTION = "font-size: 0.85em; margin: 0.3em 0 0;"
# Label Studio's own size and line height do not yield to those of a View
_STYLE = ".lsf-htx-richtext { font-size: 1.15em !important; line-height: 2 !important; }"

_VERDICTS = {
    "accept": ("the sentences translate each other", "a"),
    "reject": ("they do not belong together", "x"),
    "edit": ("other sentences belong here", "e"),
}


def config(task: str = "single", langs: Sequence[str] = ()) -> str:
    """The XML of a labelling configuration.

    task: `single` (one document), `parallel` (two versions side by side, with links) or `align` (one bead, accepted,
    rejected or edited). langs: one language for `single`, two for the others, the first is the first pane.
    """
    panes = languages(task, list(langs))
    root = ET.Element("View")
    ET.SubElement(root, "Style").text = _STYLE
    ET.SubElement(root, "Header", value="$title", size="5")
    if task == "align":
        _review(root, panes)
    else:
        _mentions(root, panes)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _column(row: ET.Element, lang: str | None = None) -> ET.Element:
    """A column of a row; with a language, in its direction (`unicode-bidi: plaintext` would be wrong on Arabic lines
    that begin with a Latin word)."""
    style = _COLUMN
    if lang is not None:
        direction = codes.direction(lang)
        style += f" direction: {direction}; text-align: {'right' if direction == 'rtl' else 'left'}; {_TEXT}"
    return ET.SubElement(row, "View", style=style)


def _titles(root: ET.Element, panes: Sequence[str]) -> None:
    row = ET.SubElement(root, "View", style=_ROW)
    for lang in panes:
        english, own = language_name(lang)
        ET.SubElement(_column(row), "Header", value=own if own == english else f"{own} · {english}", size="6")


def _texts(root: ET.Element, panes: Sequence[str]) -> None:
    row = ET.SubElement(root, "View", style=_ROW)
    for lang in panes:
        ET.SubElement(
            _column(row, lang), "Text", name=f"text_{key(lang)}", value=f"$text_{key(lang)}", granularity="symbol"
        )  # fmt: skip


def _mentions(root: ET.Element, panes: Sequence[str]) -> None:
    # Names, label bars and texts each in a row of their own: bars of different height would push one text down.
    _titles(root, panes)
    row = ET.SubElement(root, "View", style=_ROW)
    for n, lang in enumerate(panes):
        bar = ET.SubElement(_column(row), "Labels", name=f"label_{key(lang)}", toName=f"text_{key(lang)}")
        for label in LABELS:
            shift = "shift+" if n else ""
            ET.SubElement(
                bar, "Label", value=label, background=COLOURS[label], hotkey=shift + HOTKEYS[label],
                hint=LABEL_NAMES[label],
            )  # fmt: skip
    _texts(root, panes)
    for n, lang in enumerate(panes):
        _boxes(root, lang, "shift+" if n else "")


def _boxes(root: ET.Element, lang: str, shift: str) -> None:
    """What is asked of the selected region; `shift` goes before the keys.

    `visibleWhen` works on a `View` only; `whenLabelValue` on the control itself makes Label Studio drop a value that a
    number left behind when it was relabelled a name.
    """
    k = key(lang)
    box = ET.SubElement(root, "View", visibleWhen="region-selected", whenTagName=f"label_{k}")

    def area(
        parent: ET.Element, name: str, title: str, placeholder: str, only: dict[str, str] | None = None
    ) -> None:
        ET.SubElement(parent, "Header", value=title, size="6", style=_CAPTION)
        ET.SubElement(
            parent, "TextArea", only or {}, name=f"{name}_{k}", toName=f"text_{k}", perRegion="true", rows="1", maxSubmissions="1",
            editable="true", placeholder=placeholder,
        )  # fmt: skip

    area(box, "fact_id", "fact", "one id for the same thing in every language")
    numbers = ET.SubElement(
        box, "View", visibleWhen="region-selected", whenTagName=f"label_{k}", whenLabelValue=NUMBERS_ONLY
    )
    only = {"whenLabelValue": NUMBERS_ONLY}
    row = ET.SubElement(numbers, "View", style=_ROW)
    area(_column(row), "value", "value", "57000000000, 8.2, 1/10; a date: 2026-01-16, 2026-01, XXXX-01", only)
    area(_column(row), "value_high", "upper value", "of a range", only)
    area(_column(row), "unit", "unit", "USD, month, percent, times", only)
    row = ET.SubElement(numbers, "View", style=_ROW)
    digits = iter("123456789")
    for name, values in (("modifier", MODIFIERS), ("ambiguous", (AMBIGUOUS,))):
        choices = ET.SubElement(
            _column(row), "Choices", only, name=f"{name}_{k}", toName=f"text_{k}", perRegion="true",
            choice="single", showInline="true",
        )  # fmt: skip
        for value in values:
            ET.SubElement(choices, "Choice", value=value, hotkey=shift + next(digits))


def _review(root: ET.Element, panes: Sequence[str]) -> None:
    _titles(root, panes)
    _texts(root, panes)
    first = key(panes[0])
    choices = ET.SubElement(
        root, "Choices", name="verdict", toName=f"text_{first}", choice="single-radio", required="true", showInline="true"
    )  # fmt: skip
    for verdict in VERDICTS:
        hint, hotkey = _VERDICTS[verdict]
        ET.SubElement(choices, "Choice", value=verdict, hint=hint, hotkey=hotkey)
    edit = ET.SubElement(
        root, "View", visibleWhen="choice-selected", whenTagName="verdict", whenChoiceValue="edit", style=_ROW
    )
    for lang in panes:
        column = _column(edit)
        ET.SubElement(
            column, "Header", value=f"sentences, {language_name(lang)[0]}", size="6", style=_CAPTION
        )
        ET.SubElement(
            column, "TextArea", name=f"sentences_{key(lang)}", toName=f"text_{key(lang)}", rows="1", maxSubmissions="1",
            editable="true", placeholder="their numbers, such as 4 5; 0 for none",
        )  # fmt: skip
