import importlib
import json
import shutil
from pathlib import Path

import pytest

import hexapla
from hexapla.build import build
from hexapla.corpus import Document
from hexapla.errors import InputError
from hexapla.gold import apply_gold, has_gold, migrate
from hexapla.ingest import ingest
from hexapla.store import read_beads, read_mentions

DEMO = Path(hexapla.__file__).parent / "demo"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's seeds without their checksums, its gold, and a build of it."""
    root = tmp_path_factory.mktemp("gold")
    shutil.copytree(DEMO / "seeds", root / "seeds")
    shutil.copytree(DEMO / "gold", root / "gold")
    manifest = root / "seeds/manifest.toml"
    kept = "\n".join(line for line in manifest.read_text().split("\n") if not line.startswith("sha256"))
    manifest.write_text(kept)
    build(root / "seeds", root / "build", gold=root / "gold")
    manifest.write_text(kept)
    return root


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "place"))


def change(place: Path, lang: str, old: str, new: str) -> None:
    file = place / "seeds" / f"{lang}.txt"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def documents(place: Path) -> list[Document]:
    return ingest(place / "seeds")[0]


def gold_file(place: Path, lang: str) -> Path:
    return place / "gold/kite" / f"kite-{lang}.json"


# ---- laying on -------------------------------------------------------------------------------------------------------


def test_a_text_that_changed_under_its_gold_is_refused_and_the_old_build_stays(place: Path) -> None:
    before = listing(place / "build")
    change(place, "en", "Velmora, a drone maker", "Velmora, the drone maker")
    with pytest.raises(InputError, match="text-changed") as caught:
        build(place / "seeds", place / "build", gold=place / "gold")
    assert caught.value.faults[0].where == str(gold_file(place, "en"))
    assert "gold migrate" in caught.value.faults[0].fix
    assert listing(place / "build") == before


def test_has_gold(tmp_path: Path) -> None:
    assert has_gold("kite", DEMO / "gold")
    assert not has_gold("other", DEMO / "gold")
    assert not has_gold("kite", None)
    assert not has_gold("kite", tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["facts.json", "beads.json", "kite-pl.json"])
def test_gold_of_which_a_file_is_missing_is_refused(place: Path, file: str) -> None:
    (place / "gold/kite" / file).unlink()
    with pytest.raises(InputError, match=file):
        build(place / "seeds", place / "build", gold=place / "gold")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("kite-en.json", '"surface": "Velmora"', '"surface": "Velmore"', "surface-mismatch"),
        ("kite-en.json", '"fact_id": "e-velmora"', '"fact_id": "e-nobody"', "bad-gold"),
        ("kite-en.json", '"lang": "en"', '"lang": "de"', "wrong-language"),
        ("kite-en.json", '"text_sha256": "', '"text_sha256": "0', "text-changed"),
        ("beads.json", '"en": [[0, ', '"en": [[1, 99999], [0, ', "bad-bead"),
        ("beads.json", '"spans": {', '"spans": {"xx": [[0, 1]], ', "bad-gold"),
        ("facts.json", '"label": "ORG"', '"label": "FIRM"', "bad-fact"),
    ],
)
def test_faulty_gold_is_refused(place: Path, file: str, old: str, new: str, code: str) -> None:
    path = place / "gold/kite" / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    article = build(place / "seeds", place / "other", gold=None).article("kite")
    with pytest.raises(InputError) as caught:
        apply_gold(article, place / "gold")
    assert {f.code for f in caught.value.faults} == {code}


def test_sentences_are_those_of_the_beads(place: Path) -> None:
    article = apply_gold(build(place / "seeds", place / "other", gold=None).article("kite"), place / "gold")
    for document in article.documents:
        assert document.sentences == tuple(s for b in article.beads for s in b.spans.get(document.lang, ()))


# ---- moving ----------------------------------------------------------------------------------------------------------


def test_nothing_moves_where_nothing_changed(place: Path) -> None:
    before = listing(place / "gold")
    assert migrate(documents(place), place / "gold", place / "build") == []
    assert listing(place / "gold") == before


CHANGES = [
    ("a new line above", "en", "Velmora to sell 240", "By the editors of this page\n\nVelmora to sell 240"),
    (
        "a longer word",
        "en",
        "Velmora, a drone maker in Braga, said",
        "Velmora, a well-known drone maker in Braga, declared",
    ),
    ("a character beyond the basic plane", "en", "It is the first order", "🪁🪁 It is the first order"),
    ("a longer word in Arabic", "ar", "،", " ،"),
    ("a longer word in Chinese", "zh", "。", "了。"),
    ("another title", "pl", "\n\n", " dziś\n\n"),
]


@pytest.mark.parametrize(("lang", "old", "new"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_gold_moves_with_its_text(place: Path, lang: str, old: str, new: str) -> None:
    file = gold_file(place, lang)
    surfaces = [(m.id, m.surface, m.label, m.fact_id, m.quantity) for m in read_mentions(file)[3]]
    beads = read_beads(place / "gold/kite/beads.json")
    change(place, lang, old, new)
    assert set(migrate(documents(place), place / "gold", place / "build")) == {
        str(file),
        str(place / "gold/kite/beads.json"),
    }
    moved = read_mentions(file)[3]
    assert [(m.id, m.surface, m.label, m.fact_id, m.quantity) for m in moved] == surfaces
    text = next(d.text for d in documents(place) if d.lang == lang)
    assert all(text[m.start : m.end] == m.surface for m in moved)
    after = read_beads(place / "gold/kite/beads.json")
    assert [b.bead_id for b in after] == [b.bead_id for b in beads]
    assert all({**b.spans, lang: ()} == {**a.spans, lang: ()} for a, b in zip(after, beads, strict=True))
    corpus = build(place / "seeds", place / "build", gold=place / "gold")
    assert {m.by for d in corpus.documents for m in d.mentions} == {"read"}


def test_gold_moves_after_a_change_of_the_ingest_rules(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furniture = importlib.import_module("hexapla.furniture")
    before = [m.surface for m in read_mentions(gold_file(place, "en"))[3]]
    new, rule = documents(place), furniture._reason
    heading = next(
        d.text[b.start : b.end] for d in new if d.lang == "en" for b in d.blocks if b.kind == "heading"
    )
    lost = [m for m in read_mentions(gold_file(place, "en"))[3] if m.surface in heading]
    monkeypatch.setattr(
        furniture, "_reason", lambda text, lang: "advertisement" if text == heading else rule(text, lang)
    )
    with pytest.raises(InputError) as caught:
        migrate(documents(place), place / "gold", place / "build")
    assert (
        {f.code for f in caught.value.faults} == {"mention-lost", "sentence-lost"}
        if lost
        else {"sentence-lost"}
    )
    assert [m.surface for m in read_mentions(gold_file(place, "en"))[3]] == before


def test_a_lost_mention_is_refused_and_nothing_is_written(place: Path) -> None:
    before = listing(place / "gold")
    change(place, "en", "Sarimanok Express had ordered", "Someone had ordered")
    change(place, "pl", "\n\n", " dziś\n\n")
    with pytest.raises(InputError, match="mention-lost") as caught:
        migrate(documents(place), place / "gold", place / "build")
    assert "Sarimanok Express" in caught.value.faults[0].found
    assert listing(place / "gold") == before


def test_a_sentence_whose_end_is_gone_is_refused(place: Path) -> None:
    text = (place / "seeds/en.txt").read_text("utf-8")
    last = text.strip().split("\n\n")[-1]
    (place / "seeds/en.txt").write_text(text.replace(last, ""), "utf-8")
    before = listing(place / "gold")
    with pytest.raises(InputError, match="sentence-lost"):
        migrate(documents(place), place / "gold", place / "build")
    assert listing(place / "gold") == before


def test_gold_moves_only_from_the_text_it_was_made_on(place: Path) -> None:
    change(place, "en", "Velmora to sell", "Velmora to sell some")
    build(place / "seeds", place / "build", gold=None)
    with pytest.raises(InputError, match="no-old-text"):
        migrate(documents(place), place / "gold", place / "build")
    with pytest.raises(InputError, match="no such file"):
        migrate(documents(place), place / "gold", place / "nowhere")


def test_gold_that_is_not_there_is_refused(place: Path) -> None:
    with pytest.raises(InputError, match="no-folder"):
        migrate(documents(place), place / "nowhere", place / "build")


def test_gold_files_stay_one_mention_a_line(place: Path) -> None:
    change(place, "en", "\n\n", " today\n\n")
    migrate(documents(place), place / "gold", place / "build")
    lines = gold_file(place, "en").read_text("utf-8").splitlines()
    assert len(lines) == len(json.loads("".join(lines))["mentions"]) + 2
