from pathlib import Path

import pytest

from hexapla.corpus import Source
from hexapla.errors import InputError
from hexapla.manifest import KEYS, read_manifest, write_manifest

FULL = Source("a-en", "sub/a.txt", "en", "0" * 64, "a", "t", 'The "Gazette"\n', "2026-03-12", "https://example.org/?q=1", "mine ©", "CC-BY-4.0", "source", "human")  # fmt: skip


def manifest(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "manifest.toml"
    path.write_bytes(text.encode())
    return path


def test_a_manifest_survives_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "manifest.toml"
    sources = [FULL, Source("b", "b.txt", "pt-BR"), Source("", "c.md", "")]
    write_manifest(path, sources)
    assert read_manifest(path) == sources
    assert "docs/build-your-own.md" in path.read_text().splitlines()[0]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", None, "no [[document]]"),
        ("[[documents]]\nfile = 'a'\n", 1, "unknown key 'documents'"),
        ("title = 'x'\n[[document]]\nfile = 'a'\n", 1, "unknown key 'title'"),
        ("[document]\nfile = 'a'\n", None, "no [[document]]"),
        ("document = [1]\n", 1, "1"),
        ("document = ['a']\n", 1, "'a'"),
        ("[[document]]\n", 1, "no file"),
        ("[[document]]\nfile = ''\n", 1, "no file"),
        (
            "[[document]]\nfile = 'a'\n\n[[document]]\nfile = 'b'\nlanguage = 'en'\n",
            4,
            "unknown key language",
        ),
        ("[[document]]\nfile = 5\n", 1, "not a string"),
        ("[[document]]\nfile = 'a'\npublished = 2026-01-16\n", 1, "published is not a string"),
        ("[[document]]\nfile = '/etc/passwd'\n", 1, "/etc/passwd"),
        ("[[document]]\nfile = '../a.txt'\n", 1, "../a.txt"),
        ("[[document]]\nfile = 'a/../../b.txt'\n", 1, "b.txt"),
        ("[[document]]\nfile = 'a\\b.txt'\n", 1, "b.txt"),
        ("[[document]]\nfile = 'C:/b.txt'\n", 1, "C:/b.txt"),
        ("[[document]]\nfile = 'a'\nid = '../x'\n", 1, "../x"),
        ("[[document]]\nfile = 'a'\nid = 'facts'\n", 1, "facts"),
        ("[[document]]\nfile = 'a'\nrole = 'original'\n", 1, "original"),
        ("[[document]]\nfile = 'a'\nlang = 'Polish!'\n", 1, "Polish!"),
        ("[[document]]\nfile = 'a'\n\n[[document]]\nfile = 'b\n", 5, ""),
        ("[[document]]\nfile = 'a'\nfile = 'b'\n", None, "file"),
        ("[[document]\n", 1, ""),
        ("x = " + "[" * 3000, None, ""),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int | None, found: str
) -> None:
    path = manifest(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    assert any(found in f.found for f in caught.value.faults)
    assert {f.code for f in caught.value.faults} <= {"bad-manifest", "bad-lang"}
    if line:
        assert f"{path}:{line}" in [f.where for f in caught.value.faults]
    assert path.read_text() == text


@pytest.mark.parametrize(
    "rest",
    [
        "id = 'x'\nfile = 'b.txt'",
        "id = 'X'\nfile = 'b.txt'",
        "id = 'y'\nfile = 'a.txt'",
        "id = 'y'\nfile = './a.txt'",
        "id = 'y'\nfile = 'A.txt'",
    ],
)
def test_ids_and_files_stand_once(tmp_path: Path, rest: str) -> None:
    path = manifest(tmp_path, f"[[document]]\nid = 'x'\nfile = 'a.txt'\n\n[[document]]\n{rest}\n")
    with pytest.raises(InputError, match="stands 2 times"):
        read_manifest(path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = manifest(tmp_path, "[[document]]\nfil = 'a'\n\n[[document]]\nfile = 'b'\nlang = '?'\n")
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    assert len(caught.value.faults) == 2


def test_codes_are_normalised_and_a_byte_order_mark_is_forgiven(tmp_path: Path) -> None:
    path = manifest(tmp_path, "\ufeff[[document]]\r\nfile = './a//b.txt'\r\nlang = 'tl'\r\n")
    assert read_manifest(path) == [Source("", "a/b.txt", "fil")]


COMMENTED = """\
# Mine, all mine.

[[document]]
# the first one
file = "./a.txt"   # as I wrote it
lang = "en"

# between

[[document]]
file = "b.txt"
rights = '''held by
the author'''
# the end
"""


def test_comments_order_and_spelling_survive(tmp_path: Path) -> None:
    path = manifest(tmp_path, COMMENTED)
    first, second = read_manifest(path)
    new = Source("c", "c.txt", "pl")
    write_manifest(path, [first, second, new])
    text = path.read_text()
    assert text.startswith(COMMENTED.rstrip().rsplit("\n", 1)[0])
    assert "# the end" in text
    assert read_manifest(path) == [first, second, new]
    write_manifest(path, [first.__class__("a", "a.txt", "en"), second, new])
    text = path.read_text()
    for comment in (
        "# Mine, all mine.",
        "# the first one",
        '"./a.txt"   # as I wrote it',
        "# between",
        "# the end",
    ):
        assert comment in text
    assert read_manifest(path)[0].doc_id == "a"


def test_a_manifest_that_says_it_all_is_left_untouched(tmp_path: Path) -> None:
    path = manifest(tmp_path, COMMENTED)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    write_manifest(path, read_manifest(path))
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_keys_are_the_documented_ones() -> None:
    page = (Path(__file__).parents[1] / "docs/build-your-own.md").read_text("utf-8")
    assert [key for key in KEYS if f"`{key}`" not in page] == []
