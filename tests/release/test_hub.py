"""Push and load with the real clients, against a small server on this machine that speaks the hub's API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import Hub, serve
from release_corpus import corpus

from hexapla.errors import InputError
from hexapla.release import read_release, release
from hexapla.release.hub import push
from hexapla.validate import validate

pytest.importorskip("datasets", reason="the extra [datasets] is not installed")

HERE = Path(__file__).parent
NONE = Path("no-such-folder")
TOKEN = "hf_not_a_token_of_anyone"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "data"
    release(corpus(), out, "0.1.0", annotation=NONE)
    return out


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with serve() as running:
        yield running


def client(code: str, hub: Hub, home: Path, **environ: str) -> dict:
    """What a program of its own prints as JSON; the libraries read their settings when they are imported."""
    settings = {
        "HF_ENDPOINT": hub.url, "HF_HUB_DISABLE_XET": "1", "HF_UPDATE_DOWNLOAD_COUNTS": "0", "HF_HOME": str(home),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
        "PYTHONPATH": os.pathsep.join((str(HERE.parents[1]), str(HERE.parent))), "NO_PROXY": "localhost,127.0.0.1",
    }  # fmt: skip
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    done = subprocess.run(
        [sys.executable, "-c", f"import json, os, sys\n{code}\nsys.stdout.flush()\nos._exit(0)"], env=clean | settings | environ, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:] + "\n".join(hub.log[-20:])
    assert TOKEN not in done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


PUSH = """
from hexapla.release.hub import push
from hexapla.errors import HexaplaError
plan = push("lab/bus", {data!r}, annotation="no-such-folder", dry_run=False)
told = plan.to_json()
try:
    push("lab/bus", {data!r}, annotation="no-such-folder", dry_run=False)
except HexaplaError as error:
    told["again"] = error.faults[0].code
print(json.dumps(told))
"""

LOAD = """
from datasets import load_dataset, get_dataset_config_names
from huggingface_hub import snapshot_download
import hexapla
from hexapla.errors import HexaplaError
told = {"names": sorted(get_dataset_config_names("lab/bus"))}
rows = load_dataset("lab/bus", split="test")
told["default"] = [row["doc_id"] for row in rows]
told["texts"] = rows["text"][:]
told["tagged"] = list(load_dataset("lab/bus", "fil", split="test", revision="v0.1.0")["entity_tags"])
told["streamed"] = list(load_dataset("lab/bus", "fil", split="test", streaming=True)) == list(load_dataset("lab/bus", "fil", split="test"))
told["folder"] = snapshot_download("lab/bus", repo_type="dataset", revision="v0.1.0")
told["table"] = hexapla.load("pl", path="lab/bus@v0.1.0").num_rows
told["refused"] = []
for path in ("lab/nothing", "lab/bus@v9.9.9"):
    try:
        hexapla.load("fil", path=path)
    except HexaplaError as error:
        told["refused"].append([error.faults[0].code, error.exit_code])
print(json.dumps(told))
"""

OFFLINE = """
import socket
def refuse(*args): raise RuntimeError("a socket was opened")
socket.socket.connect = refuse
from datasets import load_dataset
import hexapla
told = {"default": load_dataset("lab/bus", "articles", split="test")["doc_id"][:], "table": hexapla.load("pl", path="lab/bus@v0.1.0").num_rows}
print(json.dumps(told))
"""


def test_push_load_stream_snapshot_and_offline(data: Path, hub: Hub, tmp_path: Path) -> None:
    home = tmp_path / "home"
    told = client(PUSH.format(data=str(data)), hub, home, HF_TOKEN=TOKEN)
    assert told["done"]
    assert told["again"] == "version-taken"
    assert sorted(told["withheld"]) == ["bus-ar", "bus-fil"]
    repo = hub.repos["lab/bus"]
    tree = repo.commits[repo.refs["main"]]
    assert repo.tags == {"v0.1.0": repo.refs["main"]}
    assert not repo.private
    assert hub.tokens == {TOKEN}
    assert {f["path"]: f["size"] for f in told["files"]} == {p: len(c) for p, c in tree.items()}

    found = client(LOAD, hub, home)
    assert found["names"] == ["ar", "ar-fil", "articles", "beads", "fil", "pl"]
    assert found["default"] == ["boats-pl", "bus-ar", "bus-fil"]
    polish = corpus().article("boats").documents[0].text
    assert found["texts"] == [polish, None, None]  # only the open text went
    assert found["tagged"][1] == [0, 0, 3, 4, 0, 0, 0, 0]
    assert found["streamed"]
    assert found["table"] == 2
    assert found["refused"] == [["not-on-hub", 3], ["not-on-hub", 3]]
    assert validate(found["folder"]) == []
    assert {
        p.relative_to(found["folder"]).as_posix(): p.read_bytes()
        for p in Path(found["folder"]).rglob("*")
        if p.is_file()
    } == tree

    before = len(hub.log)
    assert client(OFFLINE, hub, home, HF_HUB_OFFLINE="1") == {"default": found["default"], "table": 2}
    assert len(hub.log) == before


def test_texts_that_are_not_open_go_only_to_a_private_repository(
    data: Path, hub: Hub, tmp_path: Path
) -> None:
    code = """
from hexapla.release.hub import push
from hexapla.errors import HexaplaError
told = [push("lab/closed", {data!r}, texts=True, dry_run=False).to_json()]
from huggingface_hub import create_repo
create_repo("lab/public", repo_type="dataset", token="{token}")
try:
    push("lab/public", {data!r}, texts=True, dry_run=False)
except HexaplaError as error:
    told.append(error.faults[0].code)
print(json.dumps(told))
"""
    plan, refused = client(code.format(data=str(data), token=TOKEN), hub, tmp_path, HF_TOKEN=TOKEN)
    assert plan["private"]
    assert plan["withheld"] == []
    assert refused == "public-repo"
    assert hub.repos["lab/closed"].private
    assert hub.repos["lab/public"].commits[hub.repos["lab/public"].refs["main"]] == {}
    tree = hub.repos["lab/closed"].commits[hub.repos["lab/closed"].refs["main"]]
    assert tree == {p.relative_to(data).as_posix(): p.read_bytes() for p in data.rglob("*") if p.is_file()}


def test_a_dry_run_needs_neither_network_nor_token(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("socket.socket.connect", lambda *args: pytest.fail("a socket was opened"))
    plan = push("lab/bus", data, annotation=NONE)
    assert not plan.done
    assert plan.tag == "v0.1.0"
    assert sorted(plan.withheld) == ["bus-ar", "bus-fil"]
    assert ("rebuild/full.sha256", plan.size) not in plan.files
    assert {file for file, _ in plan.files} >= {
        "README.md",
        "rebuild/full.sha256",
        "articles/test-00000.parquet",
    }
    assert push("lab/bus", data, annotation=NONE, texts=True).private
    with pytest.raises(InputError, match="no-token"):
        push("lab/bus", data, annotation=NONE, dry_run=False)


def test_a_release_with_faults_is_not_pushed(data: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "VERSION").write_text("0.1.1\n", "utf-8")
    with pytest.raises(InputError, match="changed-file"):
        push("lab/bus", tmp_path / "data", annotation=NONE)
    assert read_release(data) == corpus()
