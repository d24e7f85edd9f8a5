"""The command as a user runs it: in a process of its own, on the demo article and the seeds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "hexapla" / "demo"


def hexapla(*words: str | Path, stdin: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "hexapla", *map(str, words)], input=stdin, text=True, encoding="utf-8",
        capture_output=True, cwd=cwd, env=env, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    seeds = Path(shutil.copytree(DEMO / "seeds", folder / "seeds"))
    done = hexapla("build", seeds, "-o", folder / "build", "--gold", DEMO / "gold")
    assert done.returncode == 0, done.stderr
    assert str(folder / "build" / "report.html") in done.stdout
    return folder / "build"


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, hexapla; print([m for m in ('numpy', 'pyarrow', 'click', 'rich', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_help_names_every_command() -> None:
    text = hexapla("--help").stdout
    for name in ("build", "demo", "show", "fidelity", "quantities", "segment", "align", "validate", "gold", "annotate",
                 "release", "train", "predict", "score", "leaderboard"):  # fmt: skip
        assert f"\n  {name} " in text


def test_demo_needs_no_checkout(tmp_path: Path) -> None:
    done = hexapla("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "hexapla-demo" / "build" / "report.html").is_file()
    assert "12%" in done.stdout or "12 %" in done.stdout or "12 percent" in done.stdout


def test_build_as_json(tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(DEMO / "seeds", tmp_path / "seeds"))
    done = hexapla("build", seeds, "-o", tmp_path / "out", "--no-gold", "--json")
    record = json.loads(done.stdout)
    assert [a["langs"] for a in record["articles"]] == [["ar", "en", "fil", "pl", "pt", "zh"]]
    assert record["articles"][0]["by"] == ["rule"]


def test_show(built: Path) -> None:
    done = hexapla("show", "kite", "--dir", built, "--langs", "en,zh")
    assert done.returncode == 0, done.stderr
    assert "Kite 7" in done.stdout
    assert "fil" not in done.stdout.split("\n", 1)[0]
    record = json.loads(hexapla("show", "kite-en", "--dir", built, "--json").stdout)
    assert record
    done = hexapla("show", "nothing", "--dir", built)
    assert done.returncode == 3
    assert "no-article" in done.stderr
    assert "kite" in done.stderr


def test_fidelity_finds_the_two_intended_differences(built: Path) -> None:
    record = json.loads(hexapla("fidelity", built, "--json").stdout)
    text = json.dumps(record, ensure_ascii=False)
    assert "12" in text
    assert "Gdyni" in text
    assert hexapla("fidelity", built).returncode == 0


def test_validate(built: Path, tmp_path: Path) -> None:
    assert hexapla("validate", built).returncode == 0
    broken = Path(shutil.copytree(built, tmp_path / "broken"))
    text = next((broken / "texts").glob("*-en.txt"))
    text.write_text(text.read_text("utf-8").replace("a", "e", 1), "utf-8")
    done = hexapla("validate", broken)
    assert done.returncode == 1
    assert str(text) in done.stderr
    assert "Traceback" not in done.stderr
    faults = json.loads(hexapla("validate", broken, "--json").stdout)
    assert faults
    assert faults[0]["where"].startswith(str(text))


@pytest.mark.parametrize("how", ["argument", "stdin", "file"])
def test_quantities(how: str, tmp_path: Path) -> None:
    text = "Umabot sa higit $57 bilyon ang kita."
    file = tmp_path / "text.txt"
    file.write_text(text, "utf-8")
    word, stdin = {"argument": (text, ""), "stdin": ("-", text), "file": (str(file), "")}[how]
    record = json.loads(hexapla("quantities", word, "--lang", "tl", "--json", stdin=stdin).stdout)
    assert [(m["surface"], m["kind"], m["value"], m["unit"], m["modifier"]) for m in record] == [
        ("$57 bilyon", "money", "57000000000", "USD", "more_than")
    ]
    table = hexapla("quantities", word, "--lang", "tl", stdin=stdin).stdout
    assert "$57 bilyon" in table
    assert "USD" in table


def test_segment() -> None:
    done = hexapla("segment", "Dr. Cruz came. He left.", "--lang", "en")
    assert done.stdout.splitlines() == ["Dr. Cruz came.", "He left."]


def test_align(tmp_path: Path) -> None:
    (tmp_path / "en").write_text("Ana paid 57 euros.\nShe flew to Manila.\n", "utf-8")
    (tmp_path / "pl").write_text("Ana zapłaciła 57 euro.\nPoleciała do Manili.\n", "utf-8")
    done = hexapla("align", tmp_path / "en", tmp_path / "pl", "--langs", "en,pl")
    assert [line.rsplit("\t", 1)[0] for line in done.stdout.splitlines()] == [
        "Ana paid 57 euros.\tAna zapłaciła 57 euro.",
        "She flew to Manila.\tPoleciała do Manili.",
    ]
    rows = [
        json.loads(line)
        for line in hexapla(
            "align", tmp_path / "en", tmp_path / "pl", "--langs", "en,pl", "--json"
        ).stdout.splitlines()
    ]
    assert [(row["src"], row["tgt"]) for row in rows] == [([0], [0]), ([1], [1])]
    assert all(0 <= row["confidence"] <= 1 for row in rows)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("build", "no-such-folder"), 3, "no-folder"),
        (("show", "x", "--dir", "no-such-build"), 3, "no-corpus"),
        (("fidelity", "no-such-build"), 3, "no-corpus"),
        (("quantities", "5", "--lang", "!"), 3, "bad-lang"),
        (("align", "a", "b", "--langs", "en"), 2, "two codes"),
        (("build", "seeds", "--only", "lunch", "-o", "no-such-build"), 3, "no-stage"),
        (("annotate", "agreement", "annotation/gold", "no-such-folder"), 3, "no-annotations"),
    ],
)
def test_errors_are_one_line_with_a_code(words: tuple[str, ...], code: int, says: str) -> None:
    done = hexapla(*words)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_gold_migrate_has_nothing_to_do_on_the_seeds(tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(ROOT / "seeds", tmp_path / "seeds"))
    done = hexapla("gold", "migrate", seeds, "--from", tmp_path)
    assert done.returncode == 0
    assert "nothing to move" in done.stdout


def test_train_and_predict_on_another_article(built: Path, tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(ROOT / "seeds", tmp_path / "seeds"))
    assert hexapla("build", seeds, "-o", tmp_path / "build").returncode == 0
    done = hexapla("train", built, "-o", tmp_path / "model")
    assert done.returncode == 0, done.stderr
    done = hexapla("predict", tmp_path / "model", tmp_path / "build", "-o", tmp_path / "p.jsonl")
    assert done.returncode == 0, done.stderr
    report = json.loads(hexapla("score", tmp_path / "build", tmp_path / "p.jsonl", "--json").stdout)
    assert "signature" in report
    assert hexapla("predict", tmp_path / "model", built, "-o", tmp_path / "q.jsonl").returncode == 3
    assert not (tmp_path / "q.jsonl").exists()


def test_annotate_files(built: Path, tmp_path: Path) -> None:
    xml = hexapla("annotate", "config", "--task", "parallel", "--langs", "ar,fil").stdout
    assert xml.startswith("<View>")
    done = hexapla("annotate", "push", built, "--file", tmp_path / "tasks.json", "--langs", "ar,fil")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "tasks.json").read_text("utf-8"))
    assert hexapla("annotate", "check", tmp_path / "tasks.json", "--folder", built).returncode == 0
