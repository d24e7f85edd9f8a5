import importlib
import re
import shutil
from pathlib import Path

import pytest

import hexapla
from hexapla.build import STAGES, build, replace_folder
from hexapla.corpus import Corpus
from hexapla.errors import InputError
from hexapla.manifest import read_manifest
from hexapla.store import read_corpus

ROOT = Path(__file__).parents[1]
DEMO = Path(hexapla.__file__).parent / "demo"
GOLD = ROOT / "annotation/gold"
module = importlib.import_module("hexapla.build")

FERRY = {
    "en": "The Maris ferry leaves Cebu with 240 people\n\nThe ferry Maris left Cebu on 4 May 2026 with 240 people on board. Captain Lina Haddad said that the sea was calm. The ticket costs 12 dollars, and students pay half.\n\nThe crossing takes 45 minutes. In July the company Orbis Lines will buy three more boats for 7 million dollars.\n",
    "fil": "Umalis sa Cebu ang ferry na Maris sakay ang 240 katao\n\nUmalis sa Cebu ang ferry na Maris noong Mayo 4, 2026 sakay ang 240 katao. Sinabi ni Kapitan Lina Haddad na kalmado ang dagat. Ang tiket ay 12 dolyar, at kalahati ang bayad ng mga estudyante.\n\nAng pagtawid ay 45 minuto. Sa Hulyo, bibili ang kumpanyang Orbis Lines ng tatlo pang bangka sa halagang 7 milyong dolyar.\n",
    "pl": "Prom Maris opuszcza Cebu z 240 osobami\n\nProm Maris wypłynął z Cebu 4 maja 2026 roku z 240 osobami na pokładzie. Kapitan Lina Haddad powiedziała, że morze było spokojne. Bilet kosztuje 12 dolarów, a studenci płacą połowę.\n\nPrzeprawa trwa 45 minut. W lipcu firma Orbis Lines kupi trzy kolejne łodzie za 7 milionów dolarów.\n",
}
BAKERY = {
    "en": "A bakery in Braga feeds the night\n\nThe bakery of Rosa Pinto in Braga opens at 23:30 and closes at dawn. She bakes 900 loaves every night, twice as many as last year.\n\n“Nobody sleeps in this street,” she said. Nurses and drivers come first, students after them.\n",
    "pt": "Uma padaria em Braga alimenta a noite\n\nA padaria de Rosa Pinto em Braga abre às 23:30 e fecha ao amanhecer. Ela assa 900 pães todas as noites, o dobro do ano passado.\n\n“Ninguém dorme nesta rua”, disse ela. Enfermeiros e motoristas vêm primeiro, os estudantes depois.\n",
}


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def groups(corpus: Corpus) -> list[list[str]]:
    return sorted(sorted(d.source.file for d in a.documents) for a in corpus.articles)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    place.mkdir()
    for lang, text in FERRY.items():
        (place / f"{lang}.txt").write_text(text)
    return place


def copy(source: Path, place: Path, *, manifest: bool = True) -> Path:
    shutil.copytree(source, place)
    if not manifest:
        (place / "manifest.toml").unlink()
    return place


# ---- grouping --------------------------------------------------------------------------------------------------------

SEED_GROUPS = [
    ["000_3a684e7bccfa2e7b.txt", "001_a79dcb9d40726754.txt"],
    ["002_09e63cda75ce1be0.txt"],
    ["003_6868148a03f71b00.txt"],
]


@pytest.mark.parametrize("manifest", [True, False])
def test_the_seeds_group_alike_with_and_without_their_manifest(tmp_path: Path, manifest: bool) -> None:
    seeds = copy(ROOT / "seeds", tmp_path / "seeds", manifest=manifest)
    corpus = build(seeds, tmp_path / "out", gold=GOLD if manifest else None)
    assert groups(corpus) == SEED_GROUPS
    assert len({a.topic_id for a in corpus.articles}) == 1
    assert corpus.articles[0].topic_id
    by_rule = {m.by for d in corpus.documents for m in d.mentions}
    assert by_rule == ({"read"} if manifest else {"rule"})


def test_the_manifest_of_the_seeds_says_all_that_a_build_finds(tmp_path: Path) -> None:
    seeds = copy(ROOT / "seeds", tmp_path / "seeds")
    before = listing(seeds)
    build(seeds, tmp_path / "out", gold=None)
    assert listing(seeds) == before


@pytest.mark.parametrize("manifest", [True, False])
def test_the_demo_groups_into_one_article_of_six_languages(tmp_path: Path, manifest: bool) -> None:
    seeds = copy(DEMO / "seeds", tmp_path / "seeds", manifest=manifest)
    before = listing(seeds)
    corpus = build(seeds, tmp_path / "out", gold=None)
    (article,) = corpus.articles
    assert article.langs == ("ar", "en", "fil", "pl", "pt", "zh")
    assert article.topic_id == ""
    assert manifest == (listing(seeds) == before)


def test_the_gold_of_the_demo_is_laid_on(tmp_path: Path) -> None:
    corpus = build(copy(DEMO / "seeds", tmp_path / "seeds"), tmp_path / "out", gold=DEMO / "gold")
    assert {m.by for d in corpus.documents for m in d.mentions} == {"read"}
    assert len(corpus.article("kite").beads) == 15
    assert read_corpus(tmp_path / "out") == corpus


def test_two_articles_in_one_folder(folder: Path, tmp_path: Path) -> None:
    for lang, text in BAKERY.items():
        (folder / f"bakery_{lang}.md").write_text("# " + text)
    corpus = build(folder, tmp_path / "out", gold=None)
    assert groups(corpus) == [["bakery_en.md", "bakery_pt.md"], ["en.txt", "fil.txt", "pl.txt"]]


def test_the_manifest_overrides_what_is_found(folder: Path, tmp_path: Path) -> None:
    entries = [
        f'[[document]]\nid = "{x}"\nfile = "{x}.txt"\narticle = "{a}"\n'
        for x, a in (("en", "one"), ("fil", "one"), ("pl", "two"))
    ]
    (folder / "manifest.toml").write_text("\n".join(entries))
    corpus = build(folder, tmp_path / "out", gold=None)
    assert {a.article_id: a.langs for a in corpus.articles} == {"one": ("en", "fil"), "two": ("pl",)}


def test_a_second_version_in_a_language_is_no_part_of_a_declared_article(
    folder: Path, tmp_path: Path
) -> None:
    build(folder, tmp_path / "out", gold=None)
    (folder / "other.en.txt").write_text(FERRY["en"].replace("calm", "quiet").replace("half", "50 cents"))
    corpus = build(folder, tmp_path / "out", gold=None)
    assert sorted(len(a.documents) for a in corpus.articles) == [1, 3]


@pytest.mark.parametrize("stage", [None, "ingest"])
def test_two_documents_of_a_language_in_a_declared_article_are_refused(
    folder: Path, tmp_path: Path, stage: str | None
) -> None:
    (folder / "en2.txt").write_text(FERRY["en"] + "It rained.\n")
    (folder / "manifest.toml").write_text(
        "".join(f'[[document]]\nfile = "{x}.txt"\narticle = "a"\n' for x in ("en", "en2"))
    )
    before = listing(tmp_path)
    with pytest.raises(
        InputError, match=r"en\.txt, en2\.txt.*two-of-one-language|en2\.txt, en\.txt.*two-of-one-language"
    ):
        build(folder, tmp_path / "out", gold=None, only=stage)
    assert listing(tmp_path) == before


def test_two_topics_in_one_article_are_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "manifest.toml").write_text(
        "".join(f'[[document]]\nfile = "{x}.txt"\narticle = "a"\ntopic = "{x}"\n' for x in ("en", "pl"))
    )
    with pytest.raises(InputError, match="two-topics"):
        build(folder, tmp_path / "out", gold=None)


# ---- the first build and the next ------------------------------------------------------------------------------------


def test_a_clean_folder_builds_and_its_manifest_says_what_was_found(folder: Path, tmp_path: Path) -> None:
    (folder / "README.md").write_text("Our translations of a short text about a ferry that leaves at dawn.")
    (folder / "LICENSE").write_text("All rights reserved by us, and by nobody else in this world.")
    told: list[str] = []
    corpus = build(folder, tmp_path / "out", gold=None, warn=told.append)
    assert [text.rsplit("/", 1)[1].split(":")[0] for text in told] == ["LICENSE"]
    (article,) = corpus.articles
    assert article.langs == ("en", "fil", "pl")
    assert [[len(b.spans[x]) for x in article.langs] for b in article.beads] == [[1, 1, 1]] * 6
    assert all(d.dropped == () for d in corpus.documents)
    sources = {s.file: s for s in read_manifest(folder / "manifest.toml")}
    assert {s.lang for s in sources.values()} == {"en", "fil", "pl"}
    assert {s.article for s in sources.values()} == {article.article_id}
    assert all(len(s.sha256) == 64 and s.doc_id == s.sha256[:12] for s in sources.values())
    assert read_corpus(tmp_path / "out") == corpus
    assert {m.by for d in corpus.documents for m in d.mentions} == {"rule"}


def test_building_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "one", gold=None)
    written = listing(folder)
    build(folder, tmp_path / "two", gold=None)
    assert listing(tmp_path / "one") == listing(tmp_path / "two")
    assert listing(folder) == written
    build(folder, tmp_path / "one", gold=None)
    assert listing(tmp_path / "one") == listing(tmp_path / "two")


def test_adding_a_file_renames_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "en.txt").rename(tmp_path / "en.txt")
    before = build(folder, tmp_path / "out", gold=None)
    names = {d.source.file: (d.doc_id, d.source.article) for d in before.documents}
    (tmp_path / "en.txt").rename(folder / "en.txt")
    (folder / "bakery.txt").write_text(BAKERY["pt"])
    after = build(folder, tmp_path / "out", gold=None)
    now = {d.source.file: (d.doc_id, d.source.article) for d in after.documents}
    assert {file: now[file] for file in names} == names
    assert now["en.txt"][1] == now["pl.txt"][1] != now["bakery.txt"][1]


def test_ids_and_comments_in_the_manifest_are_kept(folder: Path, tmp_path: Path) -> None:
    (folder / "manifest.toml").write_text(
        '# mine\n[[document]]\nid = "ferry-en"  # this one\nfile = "en.txt"\nrole = "source"\n'
    )
    corpus = build(folder, tmp_path / "out", gold=None)
    assert corpus.article("ferry-en").langs == ("en", "fil", "pl")
    text = (folder / "manifest.toml").read_text()
    assert text.startswith(
        '# mine\n[[document]]\nid = "ferry-en"  # this one\nfile = "en.txt"\nrole = "source"\n'
    )
    assert text.count("[[document]]") == 3


def test_the_output_may_lie_in_the_folder(folder: Path) -> None:
    first = build(folder, folder / "build", gold=None)
    assert (
        groups(build(folder, folder / "build", gold=None))
        == groups(first)
        == [["en.txt", "fil.txt", "pl.txt"]]
    )


def test_mixed_formats_and_subfolders(tmp_path: Path) -> None:
    place = tmp_path / "in"
    for name in ("en", "fil", "pl"):
        (place / name).mkdir(parents=True)
    (place / "en/story.txt").write_text("\ufeff" + FERRY["en"].replace("\n", "\r\n"))
    (place / "fil/story.md").write_text("# " + FERRY["fil"].replace("Lina Haddad", "**Lina Haddad**"))
    title, *rest = FERRY["pl"].strip().split("\n\n")
    body = "".join(f"<p>{block}</p>" for block in rest)
    (place / "pl/story.html").write_text(
        f"<html><body><nav>Start</nav><article><h1>{title}</h1>{body}</article></body></html>"
    )
    corpus = build(place, tmp_path / "out", gold=None)
    assert groups(corpus) == [["en/story.txt", "fil/story.md", "pl/story.html"]]
    texts = {d.lang: d.text for d in corpus.documents}
    assert texts == {lang: text.strip() for lang, text in FERRY.items()}


def test_a_folder_that_cannot_be_written_is_built_all_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "write_manifest", refuse)
    told: list[str] = []
    build(folder, tmp_path / "out", gold=None, warn=told.append)
    assert "not written" in told[0]
    assert read_corpus(tmp_path / "out").articles


# ---- refusals write nothing ------------------------------------------------------------------------------------------


def spoil(folder: Path, kind: str) -> None:
    if kind == "empty file":
        (folder / "de.txt").write_bytes(b"")
    elif kind == "bad bytes":
        (folder / "de.txt").write_bytes("Fähre".encode("latin-1"))
    elif kind == "binary":
        (folder / "de.txt").write_bytes(b"\x00\x01")
    elif kind == "twice":
        (folder / "copy.txt").write_text(FERRY["en"])
    elif kind == "no file":
        (folder / "manifest.toml").write_text('[[document]]\nfile = "de.txt"\n')
    elif kind == "wrong language":
        (folder / "manifest.toml").write_text('[[document]]\nfile = "en.txt"\nlang = "pl"\n')
    elif kind == "broken manifest":
        (folder / "manifest.toml").write_text('[[document]]\nfile = "en.txt\n')
    elif kind == "escape":
        (folder / "manifest.toml").write_text('[[document]]\nfile = "../secret.txt"\n')


SPOILT = [
    ("empty file", "empty-file"), ("bad bytes", "not-utf8"), ("binary", "binary-file"), ("twice", "duplicate"), ("no file", "no-file"),
    ("wrong language", "wrong-language"), ("broken manifest", "bad-manifest"), ("escape", "bad-manifest"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "code"), SPOILT)
@pytest.mark.parametrize("earlier", [False, True])
def test_a_refused_folder_leaves_everything_as_it_was(
    folder: Path, tmp_path: Path, kind: str, code: str, earlier: bool
) -> None:
    if earlier:
        build(folder, tmp_path / "out", gold=None)
        (folder / "manifest.toml").unlink()
    spoil(folder, kind)
    before = listing(tmp_path)
    with pytest.raises(InputError, match=re.escape(f"[{code}]")):
        build(folder, tmp_path / "out", gold=None)
    assert listing(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == (["in", "out"] if earlier else ["in"])


def test_force_builds_what_detection_contradicts(folder: Path, tmp_path: Path) -> None:
    spoil(folder, "wrong language")
    (folder / "pl.txt").unlink()
    told: list[str] = []
    corpus = build(folder, tmp_path / "out", gold=None, force=True, warn=told.append)
    assert "looks like 'en'" in told[0]
    assert {d.source.file: d.lang for d in corpus.documents}["en.txt"] == "pl"


@pytest.mark.parametrize("kind", ["file", "folder of something else", "holds the input", "is the input"])
def test_an_output_that_no_build_made_is_refused(folder: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine")
    elif kind == "folder of something else":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    elif kind == "holds the input":
        (tmp_path / "summary.json").write_text("{}")
        out = tmp_path
    else:
        (folder / "summary.json").write_text("{}")
        out = folder
    before = listing(tmp_path)
    with pytest.raises(InputError, match="not-a-build"):
        build(folder, out, gold=None)
    assert listing(tmp_path) == before


@pytest.mark.parametrize("name", ["nowhere", "in/en.txt"])
def test_a_folder_that_is_none_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no-folder"):
        build(tmp_path / name, tmp_path / "out", gold=None)
    with pytest.raises(InputError, match="no-folder"):
        build(folder, tmp_path / "out", gold=tmp_path / name)
    assert not (tmp_path / "out").exists()


def test_an_output_in_a_place_that_cannot_be_is_refused(folder: Path, tmp_path: Path) -> None:
    before = listing(tmp_path)
    with pytest.raises(InputError, match="cannot-write"):
        build(folder, folder / "en.txt" / "out", gold=None)
    assert listing(tmp_path) == before


@pytest.mark.parametrize("break_at", ["write_corpus", "summary"])
def test_an_interrupted_build_leaves_the_old_output_whole(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, break_at: str
) -> None:
    build(folder, tmp_path / "out", gold=None)
    (folder / "bakery.txt").write_text(BAKERY["en"])
    before = listing(tmp_path)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, break_at, fail)
    with pytest.raises(KeyboardInterrupt):
        build(folder, tmp_path / "out", gold=None)
    assert listing(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]


def test_an_interruption_between_the_renames_puts_the_old_output_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a").write_text("old")
    rename, calls = module.os.rename, []

    def fail_second(a: object, b: object) -> None:
        calls.append(a)
        if len(calls) == 2:
            raise OSError("lost")
        rename(a, b)

    monkeypatch.setattr(module.os, "rename", fail_second)
    with pytest.raises(OSError, match="lost"):
        replace_folder(out, lambda place: (place / "a").write_text("new"))
    assert listing(tmp_path) == {"out/a": b"old"}


def test_what_somebody_put_into_the_output_stays(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "out", gold=None)
    (tmp_path / "out/notes").mkdir()
    (tmp_path / "out/notes/mine.txt").write_text("mine")
    (tmp_path / "out/texts/stray.txt").write_text("not a text of the corpus")
    build(folder, tmp_path / "out", gold=None)
    assert (tmp_path / "out/notes/mine.txt").read_text() == "mine"
    assert not (tmp_path / "out/texts/stray.txt").exists()


# ---- single stages ---------------------------------------------------------------------------------------------------


def test_the_stages_one_by_one_give_what_they_give_together(tmp_path: Path) -> None:
    seeds = copy(DEMO / "seeds", tmp_path / "seeds")
    whole = build(seeds, tmp_path / "whole", gold=DEMO / "gold")
    for stage in STAGES:
        corpus = build(seeds, tmp_path / "steps", only=stage, gold=DEMO / "gold")
        assert read_corpus(tmp_path / "steps") == corpus
        assert (tmp_path / "steps/report.html").exists() == (stage == "report")
    assert corpus == whole
    assert listing(tmp_path / "steps") == listing(tmp_path / "whole")


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_alone_on_a_whole_build(folder: Path, tmp_path: Path, stage: str) -> None:
    whole = build(folder, tmp_path / "out", gold=None)
    corpus = build(folder, tmp_path / "out", only=stage, gold=None)
    assert read_corpus(tmp_path / "out") == corpus
    assert groups(corpus) == groups(whole)
    assert [d.text for d in corpus.documents] == [d.text for d in whole.documents]


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_stage_without_an_earlier_build_is_refused(folder: Path, tmp_path: Path, stage: str) -> None:
    with pytest.raises(InputError, match="no such file"):
        build(folder, tmp_path / "out", only=stage, gold=None)
    assert not (tmp_path / "out").exists()


def test_an_unknown_stage_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-stage"):
        build(folder, tmp_path / "out", only="everything")


def test_progress_is_reported_by_stage(folder: Path, tmp_path: Path) -> None:
    seen: dict[str, int] = {}

    def track(items, label: str):
        seen[label] = len(items)
        return items

    build(folder, tmp_path / "out", gold=None, track=track)
    assert seen == {"segment": 3, "align": 1, "annotate": 1}
