"""The Croissant description, validated and loaded with the field's own library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from release_corpus import corpus

from hexapla.release import load, release
from hexapla.release.croissant import CONTEXT, FILE
from hexapla.release.folder import CHECKSUMS, checksums
from hexapla.validate import validate

pytest.importorskip("datasets", reason="the extra [datasets] is not installed")
pytest.importorskip("mlcroissant", reason="mlcroissant is not installed (extra [test])")

WORDS = """
title = "Buses and boats"
reader = "language model"
selection = "Two articles, made up."
limits = ["Short.", "Invented."]
"""

# in a process of its own: the library loads pandas and rdflib, and must open no socket
CLIENT = """
import json, os, socket, sys
def refuse(*args): raise RuntimeError("a socket was opened")
socket.socket.connect = refuse
import mlcroissant as mlc
def plain(value):
    if isinstance(value, bytes): return value.decode()
    if isinstance(value, dict): return {k: plain(v) for k, v in value.items()}
    if hasattr(value, "tolist"): return plain(value.tolist())
    if isinstance(value, (list, tuple)): return [plain(v) for v in value]
    return value
dataset = mlc.Dataset(jsonld=sys.argv[1])
meta = dataset.metadata
told = {"errors": list(meta.issues.errors), "warnings": list(meta.issues.warnings), "sets": [r.id for r in meta.record_sets],
        "version": str(meta.version), "limits": list(meta.data_limitations or []), "collection": meta.data_collection,
        "personal": list(meta.personal_sensitive_information or [])}
told["rows"] = {name: [plain(r) for r in dataset.records(name)] for name in told["sets"]}
print(json.dumps(told, default=str), flush=True)
os._exit(0)  # a thread of one of its libraries now and then aborts the interpreter as it ends
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("croissant")
    (folder / "card.toml").write_text(WORDS, "utf-8")
    (folder / "CHANGELOG.md").write_text("## 0.1.0 2031-01-02\n\nNew.\n", "utf-8")
    release(corpus(), folder / "data", "0.1.0", annotation=folder)
    return folder / "data"


def client(data: Path) -> subprocess.CompletedProcess[str]:
    cache = {"CROISSANT_CACHE": str(data.parent / "cache"), "XDG_CACHE_HOME": str(data.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", CLIENT, str(data / FILE)], capture_output=True, text=True, timeout=200, env=os.environ | cache
    )  # fmt: skip


def test_it_is_valid_and_every_table_is_read_with_it(data: Path) -> None:
    done = client(data)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["errors"] == told["warnings"] == []
    assert told["version"] == "0.1.0"
    assert told["limits"] == ["Short.", "Invented."]
    assert told["collection"] == "Two articles, made up."
    assert told["personal"][0].startswith("Published news names people")
    assert told["sets"] == ["articles", "beads", "ar", "fil", "pl", "ar-fil"]
    for name, rows in told["rows"].items():
        assert len(rows) == load(name, path=data).num_rows
    mine, theirs = load("articles", path=data).to_pylist()[2], told["rows"]["articles"][2]
    assert theirs["articles/text"] == mine["text"]
    found = [
        (m["articles/mentions/surface"], m["articles/mentions/start"]) for m in theirs["articles/mentions"]
    ]
    assert found == [(m["surface"], m["start"]) for m in mine["mentions"]]
    assert told["rows"]["fil"][1]["fil/tokens"] == load("fil", path=data).to_pylist()[1]["tokens"]
    assert told["rows"]["fil"][1]["fil/entity_tags"] == [0, 0, 3, 4, 0, 0, 0, 0]


def test_a_changed_file_is_refused(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    file = tmp_path / "data" / "pl" / "test-00000.parquet"
    file.write_bytes((data / "fil" / "test-00000.parquet").read_bytes())
    done = client(tmp_path / "data")
    assert done.returncode != 0
    assert "Hash of downloaded file" in done.stderr or "hash" in done.stderr.lower()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"version": "0.1.0"', '"version": "0.2.0"', "croissant-version"),
        ('"sha256": "', '"sha256": "0', "croissant-files"),
        ('"contentUrl": "pl/', '"contentUrl": "ply/', "croissant-files"),
        ('"distribution"', '"files"', "bad-croissant"),
        ('"distribution"', "distribution", "bad-json"),
    ],
)
def test_a_description_that_does_not_fit_is_found_without_the_library(
    data: Path, tmp_path: Path, old: str, new: str, code: str
) -> None:
    shutil.copytree(data, tmp_path / "data")
    file = tmp_path / "data" / FILE
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    (tmp_path / "data" / CHECKSUMS).write_text(checksums(tmp_path / "data"), "utf-8")
    assert {f.code for f in validate(tmp_path / "data")} == {code}


def test_the_context_is_the_official_one() -> None:
    context = pytest.importorskip("mlcroissant._src.core.context", reason="another release of mlcroissant")
    rdf = pytest.importorskip("mlcroissant._src.core.rdf", reason="another release of mlcroissant")

    assert rdf.make_context(context.Context(conforms_to=context.CroissantVersion.V_1_1)) == CONTEXT


def test_the_rai_fields_are_there(data: Path) -> None:
    record = json.loads((data / FILE).read_text("utf-8"))
    assert record["conformsTo"] == [
        "http://mlcommons.org/croissant/1.1",
        "http://mlcommons.org/croissant/RAI/1.0",
    ]
    assert {k for k in record if k.startswith("rai:")} >= {
        "rai:dataCollection", "rai:dataBiases", "rai:dataLimitations", "rai:dataUseCases", "rai:annotatorDemographics",
        "rai:machineAnnotationTools", "rai:personalSensitiveInformation", "rai:dataReleaseMaintenancePlan",
    }  # fmt: skip
    assert "a language model, which read the texts by the guidelines" in record["rai:machineAnnotationTools"]
