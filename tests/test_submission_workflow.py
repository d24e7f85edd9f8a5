"""Submissions by pull request: the workflows as text, and the script between them on folders as a stranger may send them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_leaderboard import GOLD, perfect, submit
from toy import corpus

from hexapla.store import write_corpus
from hexapla.submission import read_submission

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
FROM_OUTSIDE = re.compile(r"\$\{\{[^}]*(?:head_ref|\.title|\.body|\.label|head\.ref|head_branch|commits|comment)[^}]*\}\}")  # fmt: skip


def _read(name: str) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The workflow, its only job, and the job's steps."""
    told = yaml.safe_load((WORKFLOWS / name).read_text("utf-8"))
    (job,) = told["jobs"].values()
    return told, job, job["steps"]


def _on(told: dict[Any, Any]) -> dict[str, Any]:
    return dict(told[True])  # YAML 1.1 reads the key `on` as true


def test_the_first_job_has_no_rights_and_no_secrets() -> None:
    told, job, steps = _read("submission.yml")
    assert list(_on(told)) == ["pull_request"]
    assert told["permissions"] == {}
    assert job["permissions"] == {"contents": "read"}
    text = (WORKFLOWS / "submission.yml").read_text("utf-8")
    assert not re.search(r"secrets\.|github\.token|pull_request_target|environment:", text)
    checkouts = [step["with"] for step in steps if step.get("uses", "").startswith("actions/checkout")]
    assert all(c["persist-credentials"] is False for c in checkouts)


def test_the_first_job_runs_code_of_the_base_branch_only() -> None:
    _, _, steps = _read("submission.yml")
    places = {s["with"]["ref"]: s["with"]["path"] for s in steps if s.get("uses", "").startswith("actions/checkout")}  # fmt: skip
    assert places == {
        "${{ github.event.pull_request.base.sha }}": "base",
        "${{ github.event.pull_request.head.sha }}": "incoming",
    }
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[0] == "python -m pip install ./base"
    assert commands[1].startswith("python -I base/")
    assert len(commands) == 2
    # the other checkout is an argument, never where something is run, installed or looked for
    assert not any(re.search(r"(?:python|pip install|sh|source|make)\s+\S*incoming/", c) for c in commands)
    assert not any("working-directory" in step for step in steps)


def test_the_second_job_runs_on_the_default_branch_and_fetches_no_pull_request() -> None:
    told, job, steps = _read("submission-score.yml")
    assert _on(told) == {"workflow_run": {"workflows": ["submission"], "types": ["completed"]}}
    assert told["permissions"] == {}
    assert job["permissions"] == {"contents": "write", "actions": "read"}
    assert "conclusion == 'success'" in job["if"]
    assert job["environment"] == "leaderboard"
    (checkout,) = [s["with"] for s in steps if s.get("uses", "").startswith("actions/checkout")]
    assert checkout == {"ref": "${{ github.event.repository.default_branch }}"}
    text = (WORKFLOWS / "submission-score.yml").read_text("utf-8")
    assert not re.search(r"secrets\.|head_sha|pull_requests|gh pr|refs/pull", text)


@pytest.mark.parametrize("name", ["submission.yml", "submission-score.yml"])
def test_no_text_of_a_stranger_gets_into_a_command(name: str) -> None:
    _, _, steps = _read(name)
    for step in steps:
        assert "${{" not in step.get("run", "")
    assert not FROM_OUTSIDE.search((WORKFLOWS / name).read_text("utf-8"))


def test_each_action_is_pinned_to_a_version_of_the_same_few() -> None:
    used = {s["uses"] for name in ("submission.yml", "submission-score.yml") for s in _read(name)[2] if "uses" in s}  # fmt: skip
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)


# ---- the script between the two jobs -------------------------------------------------------------------------------


def _script(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(ROOT / "leaderboard" / "incoming.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    """`base` and `incoming`, the same but for one new submission."""
    for name in ("base", "incoming"):
        write_corpus(corpus(), tmp_path / name / "data")
        submit(tmp_path / name / "leaderboard" / "submissions", "old", perfect())
        (tmp_path / name / "code.py").write_text("print('ours')\n")
    submit(tmp_path / "incoming" / "leaderboard" / "submissions", "new", perfect())
    return tmp_path


def _check(place: Path) -> subprocess.CompletedProcess[str]:
    return _script("check", "--base", place / "base", "--incoming", place / "incoming", "--out", place / "incoming.json")  # fmt: skip


def _add(place: Path) -> subprocess.CompletedProcess[str]:
    return _script("add", "--incoming", place / "incoming.json", "--submissions", place / "base" / "leaderboard" / "submissions", "--gold", place / "base" / "data")  # fmt: skip


def test_a_submission_goes_from_one_job_to_the_other(checkouts: Path) -> None:
    done = _check(checkouts)
    assert (done.returncode, done.stdout) == (0, "check: new\n"), done.stderr
    done = _add(checkouts)
    assert (done.returncode, done.stdout) == (0, "add: new\n"), done.stderr
    there = checkouts / "base" / "leaderboard" / "submissions" / "new"
    assert read_submission(there, GOLD).predictions == perfect()
    assert "name-taken" in _add(checkouts).stderr


def _changes_code(place: Path) -> None:
    (place / "code.py").write_text("print('theirs')\n")


def _changes_gold(place: Path) -> None:
    next((place / "data").rglob("facts.json")).write_text("{}\n")


def _changes_another(place: Path) -> None:
    (place / "leaderboard" / "submissions" / "old" / "system.yaml").write_text("name: x\n")


def _speaks_to_the_runner(place: Path) -> None:
    (place / "a\n::warning::b").write_text("")


def _adds_a_workflow(place: Path) -> None:
    (place / ".github" / "workflows").mkdir(parents=True)
    (place / ".github" / "workflows" / "evil.yml").write_text("on: push\n")


def _links(place: Path) -> None:
    (place / "leaderboard" / "submissions" / "new" / "README.md").symlink_to("/etc/passwd")


def _adds_code(place: Path) -> None:
    (place / "leaderboard" / "submissions" / "new" / "setup.py").write_text("raise SystemExit(9)\n")


def _spoils(place: Path) -> None:
    (place / "leaderboard" / "submissions" / "new" / "predictions.jsonl").write_bytes(b"PK\x03\x04")


def _odd_name(place: Path) -> None:
    new = place / "leaderboard" / "submissions" / "new"
    new.rename(new.with_name("new\n..<b>"))


def _nothing(place: Path) -> None:
    new = place / "leaderboard" / "submissions" / "new"
    for file in new.iterdir():
        file.unlink()
    os.rmdir(new)


REFUSED = [
    (_changes_code, "other-change"), (_changes_gold, "other-change"), (_changes_another, "other-change"),
    (_adds_a_workflow, "other-change"), (_speaks_to_the_runner, "other-change"), (_links, "link"), (_adds_code, "stray-file"), (_spoils, "archive"),
    (_odd_name, "path"), (_nothing, "no-submission"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "code"), REFUSED)
def test_a_pull_request_that_is_more_than_a_submission_is_refused(
    checkouts: Path, spoil: Any, code: str
) -> None:
    spoil(checkouts / "incoming")
    done = _check(checkouts)
    assert done.returncode in (1, 3)
    assert f"[{code}]" in done.stderr
    assert "Traceback" not in done.stderr
    assert "\n::" not in done.stderr
    assert not (checkouts / "incoming.json").exists()


@pytest.mark.parametrize(
    "told",
    [[], {}, {"../x": {}}, {"x": {"../../y": "z"}}, {"x": {"run.py": "1"}}, {"x": {"system.yaml": 7}}, {"x": ["system.yaml"]}, {"x": {}}],
)  # fmt: skip
def test_the_second_job_trusts_nothing_of_what_it_gets(checkouts: Path, told: Any) -> None:
    (checkouts / "incoming.json").write_text(json.dumps(told))
    before = sorted(p.relative_to(checkouts) for p in checkouts.rglob("*"))
    done = _add(checkouts)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(p.relative_to(checkouts) for p in checkouts.rglob("*")) == before
