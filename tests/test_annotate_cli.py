"""`hexapla annotate`, as the guide has it: what it says, what it writes, and its exit codes."""

import copy
import json
import re
import shlex
from pathlib import Path

import pytest
from annotated import demo, submitted
from click.testing import CliRunner
from fake_server import FakeServer

from hexapla.cli import main
from hexapla.corpus import Corpus
from hexapla.store import write_corpus

GUIDE = Path(__file__).parents[1] / "docs" / "annotate.md"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the demo built in it, and a server in memory."""
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    monkeypatch.chdir(tmp_path)
    server = FakeServer()
    monkeypatch.setattr("hexapla.annotate.server.connect", lambda url=None: server)
    return server


def run(line, code=0):
    done = CliRunner().invoke(main, ["annotate", *shlex.split(line)], catch_exceptions=False)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


def submit(server, *people, spoil=lambda result: None):
    """Everybody submits every task as proposed; the last of them with a difference in the second."""
    for p in server.made.values():
        for n, task in enumerate(p["tasks"].values()):
            (done,) = submitted([task])
            task["annotations"] = []
            for who in people:
                one = copy.deepcopy(done["annotations"][0]) | {"completed_by": who}
                if n == 1 and who == people[-1]:
                    spoil(one["result"])
                task["annotations"].append(one)


def relabel(result):
    next(i for i in result if i.get("value", {}).get("labels") == ["ORG"])["value"]["labels"] = ["PRODUCT"]


def test_files_out_and_back(here):
    assert run("push --file tasks.json --langs ar,fil") == "15 tasks with 116 mentions in tasks.json\n"
    assert run("check tasks.json --folder build") == "tasks.json: no faults\n"
    export = submitted(json.loads(Path("tasks.json").read_text("utf-8")))
    export[0]["annotations"][0]["was_cancelled"] = True
    Path("export.json").write_text(json.dumps(export), "utf-8")
    said = run("pull --file export.json -o gold")
    assert said.startswith("14 tasks taken over, 1 skipped, 0 open\n1 articles written to gold: kite\n")
    assert run("status --file export.json").startswith(
        "export.json\n15 tasks: 14 answered, 1 skipped, 0 begun, 0 open"
    )
    assert json.loads(run("status --file export.json --json"))["answered"] == 14


def test_a_server_there_and_back(here):
    assert "would be done" in run("push --langs ar,fil --dry-run")
    assert "15 tasks imported, 0 were there" in run("push --langs ar,fil")
    assert "0 tasks imported, 15 were there" in run("push --langs ar,fil")
    assert "15 tasks: 0 answered" in run("status --langs ar,fil")
    submit(here, 1)
    assert "15 tasks taken over" in run("pull --langs ar,fil -o gold --export export.json")
    assert "Ana Cruz: 15 annotations" in run("status --langs ar,fil")
    assert "no two of them" in run("agreement export.json")


def test_faults_are_told_after_what_was_done_and_the_code_is_1(here):
    def spoil(result):
        result[0]["value"]["end"] = 10**6

    run("push --langs ar,fil")
    submit(here, 1, spoil=spoil)
    said = run("pull --langs ar,fil -o gold", code=1)
    assert "14 tasks taken over" in said
    assert "out-of-range" in said
    assert "set aside, with reasons: project-parallel-ar-fil.quarantine.json" in said
    assert Path("project-parallel-ar-fil.quarantine.json").is_file()
    Path("bad.json").write_text(json.dumps([{"data": {}}]), "utf-8")
    assert "not-ours" in run("check bad.json", code=1)
    assert "not-ours" in run("pull --file bad.json -o gold", code=1)


def test_agreement_and_adjudication(here):
    run("push --langs ar,fil --annotators 2")
    submit(here, 1, 2, spoil=relabel)
    assert "two-answers" in run("pull --langs ar,fil -o gold --export export.json", code=1)
    said = run("agreement export.json")
    assert "annotators: A Ana Cruz, B ben@example.com (1 articles, 2 documents; too few for intervals" in said
    assert said.count("annotator and pre-annotation: ") == 2
    assert "is ORG in A, PRODUCT in B" in said
    run("agreement export.json --out figures.json")
    assert "kappa" in json.loads(Path("figures.json").read_text("utf-8"))["all"]["all"]
    said = run("adjudicate export.json -o gold")
    assert "14 tasks agreed, 0 decided, 1 disagreed" in said
    assert "Ana Cruz: ORG; ben@example.com: PRODUCT" in said
    assert "to be adjudicated: adjudicate.json" in said
    assert "1 tasks imported" in run("push --tasks adjudicate.json")
    assert "1 tasks: 0 answered" in run("status --langs ar,fil --project 'adjudicate parallel ar-fil'")


@pytest.mark.parametrize(
    "line",
    [
        "push", "push --file x.json --langs ar,fil --dry-run", "push --file x.json --langs ar,fil --url http://x", "pull",
        "pull --file x.json --export y.json", "status", "agreement", "agreement a b c", "config", "push --task poem --langs fil",
        "push --langs ar,fil --annotators 0", "adjudicate",
    ],
)  # fmt: skip
def test_wrong_usage(here, line):
    run(line, code=2)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("push --langs ar,sw", 3, "no-tasks"), ("push --langs ar", 3, "wrong-languages"), ("pull --langs ar,fil", 8, "no-such-project"),
        ("status --langs ar,fil --project 12", 8, "no-such-project"), ("agreement nowhere build", 3, "no-annotations"),
        ("adjudicate nowhere.json", 3, "nowhere.json"), ("push --tasks nowhere.json", 3, "nowhere.json"),
    ],
)  # fmt: skip
def test_errors_are_one_line(here, line, code, says):
    said = run(line, code)
    assert says in said
    assert said.count("error: ") == 1


def test_the_token_has_no_option():
    """It would stand in the shell's history and in the list of processes."""
    for command in main.commands["annotate"].commands.values():
        names = {name for option in command.params for name in option.opts}
        assert not any("token" in name or "key" in name for name in names)


def test_every_command_of_the_guide_runs(here):
    """Its lines of `hexapla annotate`, in order, with answers where the guide has people work."""
    text = GUIDE.read_text("utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]
    commands = [
        line.partition("  #")[0].removeprefix("hexapla annotate ")
        for line in lines
        if line.startswith("hexapla annotate ")
    ]
    assert {c.split()[0] for c in commands} == set(main.commands["annotate"].commands)
    told: list[str] = []
    for command in commands:
        if command.startswith(("pull", "adjudicate")):
            submit(here, 1, 2, spoil=relabel)
        if command.startswith("adjudicate export.json decided.json"):
            export = here.export(max(here.made))
            export[0]["annotations"] = export[0]["annotations"][:1]
            Path("decided.json").write_text(json.dumps(export), "utf-8")
        done = CliRunner().invoke(main, ["annotate", *shlex.split(command)], catch_exceptions=False)
        assert done.exit_code in (0, 1), (command, done.output)
        told.append(done.output)
        if done.exit_code:
            assert "two-answers" in done.output, (command, done.output)
        if command.startswith("push") and "--file" in command:
            name = shlex.split(command)[shlex.split(command).index("--file") + 1]
            Path("exported.json").write_text(
                json.dumps(submitted(json.loads(Path(name).read_text("utf-8")))), "utf-8"
            )
    assert any("1 decided, 0 disagreed" in said for said in told)
