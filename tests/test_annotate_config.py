"""The configurations: what the annotator's page needs, and that the committed files are what the generator gives."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hexapla.annotate import config, write_configs
from hexapla.annotate.names import COLOURS, HOTKEYS
from hexapla.corpus import LABELS, NUMBER_LABELS
from hexapla.errors import InputError
from hexapla.values import MODIFIERS

COMMITTED = Path(__file__).parent.parent / "annotation" / "labelstudio"
PAIRS = [("ar", "fil"), ("fil", "ar"), ("en", "zh")]


def tree(task, *langs):
    return ET.fromstring(config(task, langs))


def parents(root):
    return {child: parent for parent in root.iter() for child in parent}


def ancestors(root, element):
    up = parents(root)
    while element in up:
        element = up[element]
        yield element


def test_committed_files_are_what_the_generator_gives(tmp_path):
    if not COMMITTED.is_dir():
        pytest.skip("annotation/labelstudio is in a checkout only")
    made = write_configs(tmp_path)
    assert sorted(p.name for p in made) == sorted(p.name for p in COMMITTED.glob("*.xml"))
    for path in made:
        assert path.read_text("utf-8") == (COMMITTED / path.name).read_text("utf-8"), (
            f"{path.name}: run hexapla.annotate.write_configs()"
        )


@pytest.mark.parametrize("langs", PAIRS)
def test_two_texts_have_two_label_bars_with_keys_of_their_own(langs):
    root = tree("parallel", *langs)
    bars = root.findall(".//Labels")
    assert [bar.get("toName") for bar in bars] == [f"text_{lang}" for lang in langs]
    assert [t.get("name") for t in root.iter("Text")] == [f"text_{lang}" for lang in langs]
    for bar in bars:
        assert tuple(label.get("value") for label in bar) == LABELS
    keys = [label.get("hotkey") for bar in bars for label in bar]
    assert len(set(keys)) == len(keys) == 2 * len(LABELS)
    assert all(k.startswith("shift+") for k in keys[len(LABELS) :])
    assert "u" not in HOTKEYS.values()  # Label Studio's own


@pytest.mark.parametrize(
    ("lang", "direction", "side"), [("ar", "rtl", "right"), ("fil", "ltr", "left"), ("he", "rtl", "right"), ("zh", "ltr", "left")]
)  # fmt: skip
@pytest.mark.parametrize("task", ["single", "parallel", "align"])
def test_each_text_stands_in_a_view_of_its_direction(task, lang, direction, side):
    root = tree(task, lang) if task == "single" else tree(task, "en", lang)
    (text,) = (t for t in root.iter("Text") if t.get("name") == f"text_{lang}")
    style = next(ancestors(root, text)).get("style")
    assert f"direction: {direction}; text-align: {side};" in style
    assert "plaintext" not in config(task, [lang] if task == "single" else ["en", lang])


@pytest.mark.parametrize("langs", PAIRS)
def test_label_bars_and_texts_stand_in_different_rows(langs):
    root = tree("parallel", *langs)
    rows = [{e.tag for e in row.iter()} & {"Labels", "Text"} for row in root]
    assert rows.count({"Labels"}) == rows.count({"Text"}) == 1
    assert {"Labels", "Text"} not in rows


@pytest.mark.parametrize("lang", ["fil", "ar"])
def test_numbers_are_asked_for_values_and_nothing_else_is(lang):
    root = tree("single", lang)
    boxes = {e.get("name"): e for e in root.iter() if e.tag in ("TextArea", "Choices")}
    assert set(boxes) == {
        f"{n}_{lang}" for n in ("value", "value_high", "unit", "modifier", "ambiguous", "fact_id")
    }
    for name, box in boxes.items():
        assert box.get("perRegion") == "true"
        assert box.get("toName") == f"text_{lang}"
        views = [v for v in ancestors(root, box) if v.get("visibleWhen") == "region-selected"]
        asked_of = {v.get("whenLabelValue") for v in views} - {None}
        if name == f"fact_id_{lang}":
            assert not asked_of
            assert box.get("whenLabelValue") is None
        else:
            assert asked_of == {",".join(NUMBER_LABELS)} == {box.get("whenLabelValue")}
    assert tuple(c.get("value") for c in boxes[f"modifier_{lang}"]) == MODIFIERS
    assert not root.findall(".//Number")  # a float


def test_visible_when_stands_on_views_only():
    for task, langs in (("single", ["fil"]), ("parallel", ["ar", "fil"]), ("align", ["ar", "fil"])):
        assert {e.tag for e in tree(task, *langs).iter() if e.get("visibleWhen")} == {"View"}


def test_names_hold_no_hyphen():
    root = tree("single", "pt-BR")
    assert [t.get("value") for t in root.iter("Text")] == ["$text_pt_BR"]
    assert "-" not in "".join(e.get("name") or "" for e in root.iter())


def test_review_asks_for_one_verdict_and_for_sentences_where_it_is_edit():
    root = tree("align", "ar", "fil")
    (verdict,) = root.iter("Choices")
    assert [c.get("value") for c in verdict] == ["accept", "reject", "edit"]
    assert verdict.get("required") == "true"
    for box in root.iter("TextArea"):
        assert any(v.get("whenChoiceValue") == "edit" for v in ancestors(root, box))


@pytest.mark.parametrize(
    ("task", "langs"),
    [("single", []), ("single", ["fil", "ar"]), ("parallel", ["ar"]), ("parallel", ["ar", "arb"]), ("align", ["ar", "fil", "pl"]), ("ner", ["ar"]), ("single", ["!"])],
)  # fmt: skip
def test_what_does_not_fit_is_refused(task, langs):
    with pytest.raises(InputError):
        config(task, langs)


def test_codes_are_normalised():
    assert config("parallel", ["arb", "tl"]) == config("parallel", ["ar", "fil"])


# ---- colours -------------------------------------------------------------------------------------------------------

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}  # fmt: skip


def lab(colour, sight):
    """CIE L*a*b* (D65) of an sRGB colour as seen."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (min(max(sum(w * c for w, c in zip(row, linear, strict=True)), 0), 1) for row in SIGHT[sight])
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


PAGE = "#fdfdfc"


def highlighted(colour):
    """As Label Studio lays it on the page, at 30 %."""
    mixed = (0.3 * int(colour[i : i + 2], 16) + 0.7 * int(PAGE[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(c):02x}" for c in mixed)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("shown", "least"), [(str, 21), (highlighted, 8.5)], ids=["label", "highlight"])
def test_colours_differ_from_each_other_and_the_page_for_every_kind_of_sight(sight, shown, least):
    assert set(COLOURS) == set(LABELS)
    seen = {label: lab(shown(colour), sight) for label, colour in COLOURS.items()} | {"page": lab(PAGE, sight)}  # fmt: skip
    for a, b in combinations(seen, 2):
        distance = sum((p - q) ** 2 for p, q in zip(seen[a], seen[b], strict=True)) ** 0.5
        assert distance > least, (a, b)
