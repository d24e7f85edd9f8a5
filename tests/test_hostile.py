"""Every hostile submission is refused with its own code, without a traceback, and nothing is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hostile import CASES, GOLD, sound
from toy import corpus

from hexapla.errors import InputError
from hexapla.store import write_corpus
from hexapla.submission import add, read_submission

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    write_corpus(corpus(), folder)
    return folder


def test_the_one_without_a_fault_is_taken(tmp_path: Path) -> None:
    assert len(read_submission(sound(tmp_path / "mine"), GOLD).predictions) == len(GOLD.documents)


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_code(
    tmp_path: Path, gold: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, spoil = CASES[name]
    spoil(sound(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)  # what was run would leave a file here
    with pytest.raises(InputError) as error:
        add(tmp_path / "mine", gold, tmp_path / "board")
    assert code in {fault.code for fault in error.value.faults}
    assert len(error.value.faults) <= 102
    assert all(len(str(fault)) < 1000 for fault in error.value.faults)
    assert str(error.value).replace("\n", " ").isprintable()
    assert not (tmp_path / "board").exists() or not list((tmp_path / "board").iterdir())
    assert not (tmp_path / "taken").exists()


def test_offsets_in_bytes_are_recognised(tmp_path: Path) -> None:
    CASES["offsets in bytes"][1](sound(tmp_path / "mine"))
    with pytest.raises(InputError, match="The offsets are bytes"):
        read_submission(tmp_path / "mine", GOLD)


@pytest.mark.parametrize(
    "name", ["..", "a..b", "a\nb", "<b>", "Аbc", "a\u202eb", "x" * 65, ".hidden", "nul\x7f"]
)
def test_a_folder_with_an_odd_name_is_refused(tmp_path: Path, name: str) -> None:
    if name == "..":
        place = sound(tmp_path / "mine") / ".."
    else:
        place = sound(tmp_path / name)
    with pytest.raises(InputError) as error:
        read_submission(place, GOLD)
    assert {"bad-name", "path", "no-file"} & {f.code for f in error.value.faults}
    assert str(error.value).replace("\n", " ").isprintable()


def test_two_adds_at_the_same_time_lose_nothing(tmp_path: Path, gold: Path) -> None:
    """Four processes: two of different names, two of the same."""
    places = [sound(tmp_path / "one" / "a"), sound(tmp_path / "one" / "b"), sound(tmp_path / "one" / "c"), sound(tmp_path / "two" / "c")]  # fmt: skip
    command = [sys.executable, "-m", "hexapla", "leaderboard", "add"]
    started = [
        subprocess.Popen(
            [*command, str(place), "--gold", str(gold), "--submissions", str(tmp_path / "board")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for place in places
    ]  # fmt: skip
    told = [process.communicate(timeout=120) for process in started]
    assert sorted(process.returncode for process in started) == [0, 0, 0, 3]
    assert sum("[name-taken]" in err for _, err in told) == 1
    assert sorted(p.name for p in (tmp_path / "board").iterdir()) == ["a", "b", "c"]
    for name in "abc":
        assert read_submission(tmp_path / "board" / name, GOLD).predictions
