"""The commands of scoring as a user runs them: in a process of their own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from test_cli import hexapla
from test_leaderboard import perfect, submit
from toy import article, corpus

from hexapla.corpus import Corpus
from hexapla.predictions import Prediction, Predictions, schema, write_predictions
from hexapla.score import gold_of
from hexapla.store import write_corpus

MANY = Corpus(
    tuple(article(f"a{k:02}", dict.fromkeys(("en", "pl"), "[Ann|PER f] in [Oslo|LOC g].")) for k in range(21))
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles and their predictions, right and wanting; twenty-one articles and two systems."""
    folder = tmp_path_factory.mktemp("scoring")
    write_corpus(corpus(), folder / "gold")
    write_predictions(folder / "right.jsonl", perfect())
    wanting: Predictions = {k: v[1:] for k, v in perfect().items()}
    write_predictions(folder / "wanting.jsonl", wanting)
    write_predictions(folder / "part.jsonl", {"ferry-en": perfect()["ferry-en"]})
    write_corpus(MANY, folder / "many")
    full = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in gold_of(MANY).documents}
    write_predictions(folder / "a" / "predictions.jsonl", full)
    write_predictions(
        folder / "b" / "predictions.jsonl", {k: v[n % 2 :] for n, (k, v) in enumerate(full.items())}
    )
    return folder


def test_score_says_it_three_ways(place: Path) -> None:
    told = hexapla("score", place / "gold", place / "wanting.jsonl")
    assert told.returncode == 0, told.stderr
    assert "Headlines: entities" in told.stdout
    assert "|scorer:1|seed:0" in told.stdout
    record = json.loads(
        hexapla("score", place / "gold", place / "wanting.jsonl", "--json", "--seed", "7").stdout
    )
    assert record["intervals"] == {"entities": None, "numbers": None, "consistency": None}
    assert record["signature"].endswith("|seed:7")
    rows = list(
        csv.DictReader(io.StringIO(hexapla("score", place / "gold", place / "wanting.jsonl", "--csv").stdout))
    )
    (headline,) = [r for r in rows if (r["track"], r["metric"], r["lang"]) == ("entities", "strict", "macro")]
    assert float(headline["score"]) == record["headlines"]["entities"]


def test_score_gives_intervals_from_twenty_articles_on(place: Path) -> None:
    told = hexapla("score", place / "many", place / "b" / "predictions.jsonl")
    assert "95 % intervals" in told.stdout
    record = json.loads(hexapla("score", place / "many", place / "b" / "predictions.jsonl", "--json").stdout)
    low, high = record["intervals"]["entities"]
    assert low <= record["headlines"]["entities"] <= high
    assert record["intervals"]["numbers"] is None


def test_score_refuses_a_part_unless_told(place: Path) -> None:
    done = hexapla("score", place / "gold", place / "part.jsonl")
    assert (done.returncode, "[missing-document]" in done.stderr) == (3, True)
    done = hexapla("score", place / "gold", place / "part.jsonl", "--partial")
    assert (done.returncode, "PARTIAL: 1 of 5" in done.stdout) == (0, True)


def test_errors_lists_by_kind(place: Path) -> None:
    told = hexapla("errors", place / "gold", place / "wanting.jsonl")
    assert told.returncode == 0, told.stderr
    assert "missed · 5" in told.stdout
    assert "|scorer:1" in told.stdout
    record = json.loads(
        hexapla("errors", place / "gold", place / "wanting.jsonl", "--json", "--lang", "tl").stdout
    )
    assert [(e["kind"], e["lang"], e["surface"]) for e in record["errors"]] == [
        ("missed", "fil", "Mara Diaz")
    ]
    rows = list(
        csv.DictReader(
            io.StringIO(
                hexapla("errors", place / "gold", place / "wanting.jsonl", "--csv", "--kind", "missed").stdout
            )
        )
    )
    assert {row["gold_label"] for row in rows} == {"PER", "ORG"}
    done = hexapla("errors", place / "gold", place / "wanting.jsonl", "--kind", "nonsense")
    assert (done.returncode, "[bad-kind]" in done.stderr) == (3, True)


def test_compare_tests_pairs(place: Path) -> None:
    files = place / "a" / "predictions.jsonl", place / "b" / "predictions.jsonl"
    told = hexapla("compare", *files, "--gold", place / "many")
    assert told.returncode == 0, told.stderr
    assert "paired randomisation" in told.stdout
    record = json.loads(hexapla("compare", *files, "--gold", place / "many", "--json").stdout)
    (pair,) = record["pairs"]["entities"]
    assert (pair["first"], pair["second"]) == ("a/predictions", "b/predictions")
    assert pair["p_holm"] < 0.01
    assert "numbers" not in record["pairs"]
    rows = list(
        csv.DictReader(io.StringIO(hexapla("compare", *files, "--gold", place / "many", "--csv").stdout))
    )
    assert float(rows[0]["p"]) == pair["p"]
    assert "|test:paired-randomisation-10000-holm" in rows[0]["signature"]


def test_compare_with_few_articles_says_so(place: Path) -> None:
    told = hexapla("compare", place / "right.jsonl", place / "wanting.jsonl", "--gold", place / "gold")
    assert told.returncode == 0, told.stderr
    assert "No test: 2 articles" in told.stdout
    assert "paired randomisation" not in told.stdout
    done = hexapla("compare", place / "right.jsonl", "--gold", place / "gold")
    assert (done.returncode, "[nothing-to-compare]" in done.stderr) == (3, True)


def test_schema_is_json(place: Path) -> None:
    assert json.loads(hexapla("schema").stdout) == schema()


def test_submission_from_check_to_verify(place: Path, tmp_path: Path) -> None:
    mine = submit(tmp_path / "mine", "reader", perfect())
    gold = ("--gold", place / "gold")
    done = hexapla("submit", "check", mine, *gold)
    assert (done.returncode, "no fault" in done.stdout) == (0, True), done.stderr
    board = ("--submissions", tmp_path / "in", *gold)
    assert hexapla("leaderboard", "add", mine, *board).returncode == 0
    done = hexapla("leaderboard", "add", mine, *board)
    assert (done.returncode, "[name-taken]" in done.stderr) == (3, True)
    done = hexapla("leaderboard", "build", *board, "-o", tmp_path / "out", "--json")
    assert json.loads(done.stdout)["systems"]["reader"]["entities"] == 1.0
    assert hexapla("leaderboard", "verify", *board, "-o", tmp_path / "out").returncode == 0
    file = tmp_path / "out" / "leaderboard.csv"
    file.write_text(file.read_text().replace(",1.0,", ",0.9,", 1))
    done = hexapla("leaderboard", "verify", *board, "-o", tmp_path / "out")
    assert (done.returncode, "[other-score]" in done.stderr) == (1, True)


def test_submit_check_names_all_faults(place: Path, tmp_path: Path) -> None:
    bad = submit(tmp_path, "bad", {"ferry-en": ()}, yaml='name: "\u202ex"\nversion: 1.0\n')
    done = hexapla("submit", "check", bad, "--gold", place / "gold")
    assert done.returncode == 1
    for code in ("bidi-character", "yaml-word", "missing-document"):
        assert f"[{code}]" in done.stderr
    assert "\u202e" not in done.stderr
    record = json.loads(hexapla("submit", "check", bad, "--gold", place / "gold", "--json").stdout)
    assert record["sound"] is False
    assert all(fault["where"] and fault["code"] for fault in record["faults"])


def test_a_blind_gold_is_sealed_and_held_to_it(place: Path, tmp_path: Path) -> None:
    write_corpus(corpus(), tmp_path / "private")
    submit(tmp_path / "in", "reader", perfect())
    done = hexapla("leaderboard", "seal", tmp_path / "private", "-o", tmp_path / "gold.sha256")
    assert done.stdout.strip() == (tmp_path / "gold.sha256").read_text().strip()
    build = ("leaderboard", "build", "--submissions", tmp_path / "in", "-o", tmp_path / "out", "--commitment", tmp_path / "gold.sha256")  # fmt: skip
    done = hexapla(*build, "--gold", place / "gold")
    assert (done.returncode, "[other-gold]" in done.stderr) == (1, True)
    assert not (tmp_path / "out").exists()
    assert hexapla(*build, "--gold", tmp_path / "private").returncode == 0
