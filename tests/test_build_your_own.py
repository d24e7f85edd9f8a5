"""The page docs/build-your-own.md: its commands run, its example is a manifest, its reasons are all there are."""

import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest

from hexapla import langs
from hexapla.manifest import read_manifest
from hexapla.store import read_corpus

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/build-your-own.md").read_text("utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^    hexapla (.+)$", PAGE, re.M)]
TEXTS = {
    "en.txt": "Rain on the pier\n\nOn 4 May 2026 it rained for 12 hours in Japan. Lina Haddad sold 300 umbrellas at 5 dollars each.\n\nIn June the pier will be closed for two weeks, she said.\n",
    "fil.md": "# Ulan sa pantalan\n\nNoong Mayo 4, 2026, umulan nang 12 oras sa Japan. Nagbenta si **Lina Haddad** ng 300 payong sa halagang 5 dolyar bawat isa.\n\nSa Hunyo, isasara ang pantalan nang dalawang linggo, sabi niya.\n",
    "pl.html": "<html><body><h1>Deszcz na przystani</h1><p>4 maja 2026 roku w Japonii padało przez 12 godzin. Lina Haddad sprzedała 300 parasoli po 5 dolarów.</p><p>W czerwcu przystań będzie zamknięta przez dwa tygodnie, powiedziała.</p></body></html>",
}  # fmt: skip


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) >= 10
    assert {command[0] for command in COMMANDS} == {"build", "fidelity", "gold"}


@pytest.mark.skipif(importlib.util.find_spec("hexapla.cli") is None, reason="the command is not there")
def test_the_commands_of_the_page_run_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from hexapla import cli

    monkeypatch.chdir(tmp_path)
    Path("mytexts").mkdir()
    for name, text in TEXTS.items():
        Path("mytexts", name).write_text(text, "utf-8")
    for command in COMMANDS:
        if "mygold" in command and not Path("mygold").exists():
            shutil.copytree("mybuild/annotations", "mygold")
        done = CliRunner().invoke(getattr(cli, "app", None) or cli.main, command)
        assert done.exit_code in (0, 1 if command[0] == "fidelity" else 0), (
            command,
            done.output,
            done.exception,
        )
    (article,) = read_corpus("mybuild").articles
    assert article.langs == ("en", "fil", "pl")
    assert Path("mybuild/report.html").is_file()


def test_the_example_is_a_manifest(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.S)
    assert example
    (tmp_path / "manifest.toml").write_text(example[1], "utf-8")
    assert read_manifest(tmp_path / "manifest.toml")[0].is_open


def test_every_reason_is_on_the_page() -> None:
    reasons = {r for lang in langs.with_data("ingest") for r in langs.data(lang, "ingest")["furniture"]}
    for module in ("furniture", "markdown", "html"):
        code = (ROOT / f"hexapla/{module}.py").read_text("utf-8")
        reasons |= set(
            re.findall(
                r'(?:reasons\[\w+\] = |reason=|drop\(line, |range\(title\), |else |or \(|return )"([a-z-]{4,})"',
                code,
            )
        )
    listed = set(re.findall(r"`([a-z-]+)`", PAGE.split("| reason |")[1].split("\n\n")[0]))
    assert {"navigation", "pull-quote", "boilerplate", "code"} <= reasons
    assert reasons - {"heading", "paragraph", "title"} <= listed
