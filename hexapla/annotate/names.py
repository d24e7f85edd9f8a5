"""What a Label Studio configuration, its tasks and their results agree on: tags, colours, keys.

Every pane of a task is one language and has controls of its own, named `<control>_<lang>`: one `Labels` for two texts
would let nobody mark the second.
"""

from __future__ import annotations

from hexapla import langs as codes
from hexapla.corpus import NUMBER_LABELS
from hexapla.errors import Fault, InputError

TASKS = {"single": 1, "parallel": 2, "align": 2}
"""Task -> the number of languages that it shows."""

# The families of hue are the report's (persons blue, organisations red to orange, places green, products purple, events
# sky, numbers amber, dates slate). Any two differ, and from the page, as seen normally, by protanopes and by deuteranopes, also
# under Label Studio's highlight, which lays them on the page at 30 %.
COLOURS = {
    "PER": "#0040ff", "ORG": "#cf6317", "LOC": "#0f8a61", "PRODUCT": "#990073", "EVENT": "#0095ff",
    "CARDINAL": "#e8bb7d", "ORDINAL": "#4c2d00", "PERCENT": "#e6a100", "MONEY": "#ffee00", "MEASURE": "#ffe566",
    "DATE": "#0b0b0e", "TIME": "#8f8fbc",
}  # fmt: skip

# "u" is Label Studio's own key (unselect). The second pane has the same letters with Shift.
HOTKEYS = {
    "PER": "p", "ORG": "o", "LOC": "l", "PRODUCT": "d", "EVENT": "e",
    "CARDINAL": "c", "ORDINAL": "n", "PERCENT": "r", "MONEY": "m", "MEASURE": "s", "DATE": "y", "TIME": "t",
}  # fmt: skip

NUMBERS_ONLY = ",".join(NUMBER_LABELS)
AMBIGUOUS = "ambiguous"
VERDICTS = ("accept", "reject", "edit")

TEXT_CONTROLS = ("value", "value_high", "unit", "fact_id")
CHOICE_CONTROLS = ("modifier", "ambiguous")
QUANTITY_CONTROLS = ("value", "value_high", "unit", "modifier", "ambiguous")


def key(lang: str) -> str:
    """A language as it stands in tag and field names: a `$variable` of Label Studio holds no hyphen.

    >>> key("pt-BR")
    'pt_BR'
    """
    return lang.replace("-", "_")


def languages(task: str, langs: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a task, normalised, in the order of the panes; `InputError` if they do not fit the task."""
    if task not in TASKS:
        raise InputError(Fault("no-such-task", "--task", repr(task), f"one of {', '.join(TASKS)}"))
    found = tuple(codes.normalise(code) for code in langs)
    if len(found) != TASKS[task] or len(set(found)) != len(found):
        number = "one language" if TASKS[task] == 1 else "two different languages"
        raise InputError(
            Fault("wrong-languages", "--langs", ", ".join(found) or "none", f"{number} for the task {task!r}",
                  "make one configuration per document language or per pair; with more languages, pairs with one pivot")
        )  # fmt: skip
    return found
