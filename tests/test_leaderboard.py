"""Submissions as data, and the page: what is refused, what is shown, and how hostile names come out."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import article, corpus

from hexapla.corpus import Corpus
from hexapla.errors import CheckFailed, InputError
from hexapla.leaderboard import (
    VIEWS,
    Board,
    Entry,
    as_csv,
    as_eval_yaml,
    as_json,
    board_of,
    build,
    enter,
    files,
    ranks,
    verify,
)
from hexapla.leaderboard_page import Axis, page, shade
from hexapla.predictions import Prediction, Predictions, write_predictions
from hexapla.score import Gold, gold_of, read_gold, score_documents
from hexapla.score.gold import seal
from hexapla.store import write_corpus
from hexapla.submission import Submission, System, add, read_submission, read_system

ROOT = Path(__file__).parents[1]
GOLD = gold_of(corpus())
YAML = 'name: "{name}"\nversion: "1"\nlicence: "MIT"\ntraining_data: "none"\ncontamination: "none known"\n'


def perfect(gold: Gold = GOLD) -> Predictions:
    return {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in gold.documents}


def submit(folder: Path, name: str, predictions: Predictions, yaml: str = YAML, **extra: str) -> Path:
    place = folder / name
    write_predictions(place / "predictions.jsonl", predictions)
    text = yaml.format(name=f"System {name}") + "".join(f'{k}: "{v}"\n' for k, v in extra.items())
    (place / "system.yaml").write_text(text, "utf-8")
    return place


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A corpus and three submissions: all right, numbers only, one document missing."""
    write_corpus(corpus(), tmp_path / "build")
    submit(tmp_path / "in", "all", perfect(), url="https://example.org/a?b=1&c=2")
    submit(
        tmp_path / "in",
        "numbers",
        {k: tuple(p for p in v if p.track == "numbers") for k, v in perfect().items()},
    )
    some = perfect()
    del some["ferry-pl"]
    submit(tmp_path / "in", "some", some, partial="yes")
    return tmp_path


# ---- submissions ---------------------------------------------------------------------------------------------------

GOOD = YAML.format(name="A")
BAD_YAML = [
    ("duplicate-key", GOOD + 'name: "B"\n'),
    ("unknown-field", GOOD + 'score: "99"\n'),
    ("yaml-anchor", GOOD.replace('"none"', "&a none", 1) + "url: *a\n"),
    ("yaml-tag", GOOD + "parameters: !!python/object/apply:os.system [ls]\n"),
    ("yaml-tag", GOOD + "parameters: !!int 7\n"),
    ("yaml-nested", GOOD + "parameters: [1, 2]\n"),
    ("yaml-nested", GOOD + "parameters: {a: b}\n"),
    ("yaml-nested", GOOD + "parameters: " + "[" * 9000 + "\n"),
    ("yaml-nested", "just text\n"),
    ("yaml-nested", "- name: A\n"),
    ("yaml-word", GOOD + "partial: no\n"),
    ("yaml-word", GOOD.replace('"1"', "1.10")),
    ("yaml-word", GOOD.replace('"1"', "2024-01-01")),
    ("yaml-word", GOOD.replace('"MIT"', "null")),
    ("bad-yaml", GOOD + 'url: "open\n'),
    ("bad-yaml", GOOD + "---\n" + GOOD),
    ("empty-file", ""),
    ("missing-field", GOOD.replace("licence", "description")),
    ("missing-field", GOOD.replace('"MIT"', '""')),
    ("markup", YAML.format(name="<script>alert(1)</script>")),
    ("bad-name", YAML.format(name="=SUM(A1)")),
    ("look-alike", YAML.format(name="Аlpha")),  # a Cyrillic letter that looks like A
    ("bad-name", YAML.format(name="x" * 81)),
    ("path", YAML.format(name="a/../../b")),
    ("bidi-character", GOOD + 'description: "a\\u202Eb"\n'),
    ("bidi-character", GOOD + "description: a\u202eb\n"),
    ("control-character", GOOD + 'description: "a\\x1Bb"\n'),
    ("control-character", GOOD + "description: a\x1bb\n"),
    ("bad-url", GOOD + 'url: "javascript:alert(1)"\n'),
    ("bad-url", GOOD + "url: 'https://a.org/\"onclick=\"x'\n"),
    ("bad-field", GOOD + 'partial: "maybe"\n'),
    ("long-text", GOOD + f'description: "{"x" * 2001}"\n'),
    ("too-large", GOOD + f'description: "{"x" * 20_000}"\n'),
]


@pytest.mark.parametrize(("code", "text"), BAD_YAML)
def test_bad_system_files_are_refused(tmp_path: Path, code: str, text: str) -> None:
    (tmp_path / "system.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_system(tmp_path / "system.yaml")
    assert code in {fault.code for fault in error.value.faults}
    assert str(error.value).replace("\n", " ").isprintable()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("abn:-{}[]&*!#|>'\"\\n \\t?,\x00é", max_size=40) | st.binary(max_size=30))
def test_any_system_file_is_refused_without_a_traceback(tmp_path: Path, content: str | bytes) -> None:
    (tmp_path / "system.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError):
        read_system(tmp_path / "system.yaml")


def test_words_that_yaml_would_change_stay_words(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text(
        'name: "no"\nversion: "1.10"\nlicence: "null"\ntraining_data: "yes"\ncontamination: known\n'
    )
    system = read_system(tmp_path / "system.yaml")
    assert (system.name, system.version, system.licence) == ("no", "1.10", "null")


def test_all_faults_of_both_files_come_together(tmp_path: Path) -> None:
    place = submit(tmp_path, "a", {}, yaml='name: "A"\n')
    (place / "model.pkl").write_bytes(b"x")
    with pytest.raises(InputError) as error:
        read_submission(place, GOLD)
    assert [f.code for f in error.value.faults] == ["stray-file", *["missing-field"] * 4, "empty-file"]


@pytest.mark.parametrize("name", ["UPPER", "a b", "\u202ea", "-a", "x" * 65])
def test_folder_names_are_plain(tmp_path: Path, name: str) -> None:
    place = submit(tmp_path, "good", perfect())
    place.rename(tmp_path / name)
    with pytest.raises(InputError, match="bad-name"):
        read_submission(tmp_path / name, GOLD)


def test_links_are_refused(tmp_path: Path) -> None:
    place = submit(tmp_path, "a", perfect())
    (place / "system.yaml").rename(tmp_path / "elsewhere")
    (place / "system.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="link"):
        read_submission(place, GOLD)
    (tmp_path / "b").symlink_to(place)
    with pytest.raises(InputError, match="link"):
        read_submission(tmp_path / "b", GOLD)


def test_partial_must_be_declared(tmp_path: Path) -> None:
    some = perfect()
    del some["ferry-pl"]
    with pytest.raises(InputError, match="missing-document"):
        read_submission(submit(tmp_path, "a", some), GOLD)
    assert len(read_submission(submit(tmp_path, "b", some, partial="yes"), GOLD).predictions) == 4


# ---- the board -----------------------------------------------------------------------------------------------------


def test_build_scores_and_writes(board: Path) -> None:
    entries = build(board / "in", board / "build", board / "out")
    assert [e.name for e in entries] == ["all", "numbers", "some"]
    assert sorted(p.name for p in (board / "out").iterdir()) == [
        "eval.yaml",
        "index.html",
        "leaderboard.csv",
        "leaderboard.json",
    ]
    data = json.loads((board / "out" / "leaderboard.json").read_text("utf-8"))
    assert data["pilot"] is True
    assert data["systems"][0]["report"] == score_documents(GOLD, perfect()).to_json()
    rows = list(csv.DictReader(io.StringIO((board / "out" / "leaderboard.csv").read_text("utf-8"))))
    assert [r["entities"] for r in rows] == ["1.0", "", "1.0"]
    assert [r["partial"] for r in rows] == ["False", "False", "True"]


def test_the_files_depend_on_nothing_else(board: Path) -> None:
    build(board / "in", board / "build", board / "out")
    first = {p.name: p.read_bytes() for p in (board / "out").iterdir()}
    build(board / "in", board / "build", board / "again")
    assert {p.name: p.read_bytes() for p in (board / "again").iterdir()} == first


def test_one_bad_submission_stops_the_board_and_writes_nothing(board: Path) -> None:
    submit(board / "in", "bad", {"nowhere": ()})
    submit(board / "in", "worse", perfect(), yaml="name: x\n")
    with pytest.raises(InputError) as error:
        build(board / "in", board / "build", board / "out")
    assert {f.code for f in error.value.faults} == {"unknown-document", "missing-field"}
    assert not (board / "out").exists()


def test_verify_passes_after_build_and_names_a_changed_score(board: Path) -> None:
    build(board / "in", board / "build", board / "out")
    assert len(verify(board / "in", board / "build", board / "out")) == 3
    file = board / "out" / "leaderboard.csv"
    file.write_text(file.read_text("utf-8").replace(",1.0,", ",0.9,", 1), "utf-8")
    (board / "out" / "index.html").unlink()
    with pytest.raises(CheckFailed) as error:
        verify(board / "in", board / "build", board / "out")
    assert [(f.code, Path(f.where).name) for f in error.value.faults] == [
        ("no-file", "index.html"),
        ("other-score", "leaderboard.csv:2"),
    ]


def test_add_copies_once(board: Path, tmp_path: Path) -> None:
    place = submit(tmp_path / "mine", "new", perfect())
    target = add(place, board / "build", board / "in")
    assert sorted(p.name for p in target.iterdir()) == ["predictions.jsonl", "system.yaml"]
    assert [e.name for e in build(board / "in", board / "build", board / "out")] == [
        "all",
        "new",
        "numbers",
        "some",
    ]
    with pytest.raises(InputError, match="name-taken"):
        add(place, board / "build", board / "in")
    with pytest.raises(InputError, match="missing-field"):
        add(submit(tmp_path / "mine", "bad", perfect(), yaml="name: x\n"), board / "build", board / "in")
    assert sorted(p.name for p in (board / "in").iterdir()) == ["all", "new", "numbers", "some"]


def test_two_adds_of_one_name_at_the_same_time_keep_one_whole(board: Path, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    places = [submit(tmp_path / f"from{n}", "same", perfect(), description=f"number {n}") for n in range(8)]

    def attempt(place: Path) -> int:
        try:
            add(place, board / "build", board / "in")
        except InputError as error:
            if error.faults[0].code != "name-taken":
                raise
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, places)) == 1
    assert read_submission(board / "in" / "same", GOLD).system.description.startswith("number ")
    assert not [p for p in (board / "in").iterdir() if p.name.startswith(".")]


class _Reader(HTMLParser):
    """Tags with their attributes, and the text outside style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.inline: dict[str, str] = {}
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in in ("style", "script"):
            self.inline[self._in] = self.inline.get(self._in, "") + data
        elif data.strip():
            self.text.append(data.strip())


def _page(*entries: Entry) -> _Reader:
    return _Reader(page(board_of(entries, GOLD)))


def _entry(
    name: str = "a", system: str = "A", predictions: Predictions | None = None, **fields: str
) -> Entry:
    about = System(system, "1", "MIT", "none", "none known", **fields)
    return enter(Submission(name, about, perfect() if predictions is None else predictions), GOLD)


def test_the_page_allows_its_own_style_and_script_by_hash_and_nothing_else() -> None:
    reader = _page(_entry())
    (policy,) = [a["content"] for tag, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(reader.inline[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    # nothing is loaded: no src, no foreign style sheet, no inline style or handler that the policy would block
    for tag, attributes in reader.tags:
        assert tag not in ("link", "img", "iframe", "object", "form")
        assert not {"src", "style"} & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes)


def test_a_pilot_says_so_and_twenty_articles_do_not() -> None:
    assert "Pilot: no ranks." in _page(_entry()).text
    many = _many(20)
    about = System("A", "1", "MIT", "none", "none")
    assert "Pilot" not in page(board_of([enter(Submission("a", about, perfect(many)), many)], many))


def _many(n: int) -> Gold:
    return gold_of(
        Corpus(tuple(article(f"a{k:02}", {"en": "[Ann|PER f] in [Oslo|LOC g]."}) for k in range(n)))
    )


def _field(gold: Gold) -> list[Entry]:
    """Two equal systems, a worse one, a partial one and one without entities."""
    full = perfect(gold)
    worse = {k: v[1:] for k, v in full.items()}
    partial = {k: v for k, v in full.items() if k != "a00-en"}
    found = {"a": worse, "b": full, "c": full, "d": partial, "e": dict.fromkeys(full, ())}
    return [
        enter(Submission(name, System(name, "1", "MIT", "none", "none"), p), gold)
        for name, p in found.items()
    ]


def test_ranks_are_intervals_and_equal_systems_share_them() -> None:
    entries = _field(_many(24))
    assert ranks(entries, "entities") == {"a": (3, 3), "b": (1, 2), "c": (1, 2)}
    assert ranks(entries, "numbers") == {}
    assert ranks(entries[:1], "entities") == {"a": (1, 1)}
    assert ranks(_field(_many(19)), "entities") == {}


def test_from_twenty_articles_on_the_page_shows_intervals_ranks_and_order() -> None:
    gold = _many(24)
    reader = _Reader(page(board_of(_field(gold), gold)))
    names = [t for t in reader.text if t in "abcde"]
    assert names[:5] == ["b", "c", "a", "e", "d"]  # the partial one last
    assert {"1–2", "3", "100.0–100.0"} <= set(reader.text)
    told = [a["aria-label"] for tag, a in reader.tags if tag == "svg" and a.get("role") == "img"]
    assert "b: 100.0, 95 % interval 100.0 to 100.0" in told
    assert json.loads(as_json(board_of(_field(gold), gold)))["ranks"]["entities"]["a"] == [3, 3]


def test_texts_of_strangers_come_out_as_text() -> None:
    text = "<img src=x onerror=alert(1)> & \"quotes\" 'too' {{ 7*7 }} </script><script>alert(2)</script>"
    reader = _page(_entry(description=text))
    assert text in " ".join(reader.text)
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in reader.tags}


def test_cells_hold_the_score_and_n() -> None:
    text = page(board_of([_entry()], GOLD))
    assert re.search(
        r'<td class="h9" data-v="1\.0">100\.0<small>n=4</small></td>', text
    )  # four entities in English


def test_a_track_without_predictions_is_a_dash_not_zero() -> None:
    entry = _entry(predictions={k: tuple(p for p in v if p.track == "numbers") for k, v in perfect().items()})
    assert (entry.score("entities"), entry.worst("entities"), entry.score("numbers")) == (None, None, 1.0)
    (row,) = csv.DictReader(io.StringIO(as_csv(board_of([entry], GOLD))))
    assert (row["entities"], row["numbers"], row["consistency_entities"]) == ("", "1.0", "")
    assert "No system takes part." in _page(entry).text


def test_csv_and_json_hold_intervals_and_ranks() -> None:
    gold = _many(24)
    board = board_of(_field(gold), gold)
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(as_csv(board)))}
    assert (rows["b"]["entities_rank_best"], rows["b"]["entities_rank_worst"]) == ("1", "2")
    assert (rows["d"]["entities_rank_best"], rows["d"]["partial"]) == ("", "True")
    systems = {s["name"]: s for s in json.loads(as_json(board))["systems"]}
    low, high = systems["a"]["intervals"]["entities"]
    assert (float(rows["a"]["entities_low"]), float(rows["a"]["entities_high"])) == (low, high)
    assert low <= float(rows["a"]["entities"]) <= high
    assert systems["a"]["report"]["intervals"]["entities"] == [low, high]
    assert set(json.loads(as_json(board))["ranks"]) == {"entities", "numbers", "consistency/entities", "consistency/numbers"}  # fmt: skip


def test_the_order_of_systems_changes_nothing() -> None:
    gold = _many(24)
    systems = _field(gold)
    assert files(board_of(systems, gold)) == files(board_of(systems[::-1], gold))


def test_the_hub_file_names_a_task_for_each_view() -> None:
    told = yaml.safe_load(as_eval_yaml(GOLD))
    assert [task["id"] for task in told["tasks"]] == ["entities", "numbers", "consistency-entities", "consistency-numbers"]  # fmt: skip
    assert {task["split"] for task in told["tasks"]} == {"test"}
    assert all(isinstance(told[name], str) for name in ("name", "description", "evaluation_framework"))


AXES = [
    ((0.91, 0.98), (0.9, 1.0)),
    ((0.31, 0.78), (0.3, 1.0)),
    ((1.0, 1.0), (0.95, 1.0)),
    ((0.0, 1.0), (0.0, 1.0)),
]


@pytest.mark.parametrize(("interval", "expected"), AXES)
def test_a_forest_plot_shows_what_there_is(
    interval: tuple[float, float], expected: tuple[float, float]
) -> None:
    entry = _entry()  # which has 100
    axis = Axis.of(Board((entry,), GOLD, {view: {entry.name: interval} for view in VIEWS}, {}), "entities")
    assert (axis.low, axis.high) == expected
    places = [x for x, _ in axis.ticks()]
    assert places == sorted(places)
    assert 2 <= len(places) <= 5


def test_the_gold_of_a_blind_test_is_held_to_its_digest(board: Path) -> None:
    sealed = seal(board / "build")
    assert sealed == seal(board / "build") == read_gold(board / "build").sha256  # the salt is made once
    assert sealed != GOLD.sha256
    (board / "gold.sha256").write_text(f"{sealed}\n")
    entries = build(board / "in", board / "build", board / "out", board / "gold.sha256")
    assert f"gold:{sealed[:12]}|" in entries[0].report.signature
    assert GOLD.sha256 not in (board / "out" / "leaderboard.json").read_text("utf-8")
    verify(board / "in", board / "build", board / "out", board / "gold.sha256")
    (board / "gold.sha256").write_text(f"{GOLD.sha256}\n")
    with pytest.raises(CheckFailed, match="other-gold"):
        verify(board / "in", board / "build", board / "out", board / "gold.sha256")
    (board / "build" / "SALT").write_text("pepper\n")
    with pytest.raises(InputError, match="bad-salt"):
        read_gold(board / "build")


def test_partial_is_shown() -> None:
    some = perfect()
    del some["ferry-pl"]
    assert "partial 4/5" in _page(_entry(predictions=some)).text


def test_an_empty_board_is_a_page() -> None:
    assert "No system yet." in _page().text
    assert json.loads(as_json(board_of([], GOLD)))["systems"] == []


@pytest.mark.parametrize(
    ("score", "expected"), [(None, "none"), (0.0, "h0"), (0.0999, "h0"), (0.5, "h5"), (1.0, "h9")]
)
def test_shade(score: float | None, expected: str) -> None:
    assert shade(score) == expected


def test_the_submissions_of_the_checkout_describe_themselves() -> None:
    folders = sorted((ROOT / "leaderboard" / "submissions").iterdir())
    assert folders
    for folder in folders:
        assert read_system(folder / "system.yaml").contamination


# ---- the script for a bare checkout --------------------------------------------------------------------------------


def _score_script(*arguments: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "leaderboard" / "score.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)


def test_score_script(board: Path) -> None:
    file = board / "in" / "all" / "predictions.jsonl"
    done = _score_script(board / "build", file, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == score_documents(GOLD, perfect()).to_json()
    assert "Headlines" in _score_script(board / "build", file).stdout
    refused = _score_script(board / "build", board / "in" / "some" / "predictions.jsonl")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "[missing-document]" in refused.stderr
    assert "Traceback" not in refused.stderr
