"""What README and docs say: links lead somewhere, sub-commands and make targets exist, the quoted result is the real one."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from hexapla.build import build
from hexapla.cli import main
from hexapla.fidelity import corpus_differences, describe
from hexapla.quantities import extract

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "annotation").glob("*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_named_commands_exist(page: Path) -> None:
    for words in re.findall(r"(?:^|[ `/])hexapla ([a-z]+(?: [a-z]+)?)", page.read_text("utf-8"), re.M):
        first, *rest = words.split()
        if first not in main.commands:
            continue  # prose, such as "hexapla reads"
        command = main.commands[first]
        if rest and isinstance(command, click.Group) and len(rest[0]) > 2:
            assert rest[0] in command.commands, f"{page.name}: hexapla {words}"


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for page in PAGES:
        for name in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.M):
            assert name in targets, f"{page.name}: make {name}"


def test_the_quoted_results_are_true(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for file in (ROOT / "seeds").iterdir():
        (seeds / file.name).write_bytes(file.read_bytes())
    corpus = build(seeds, tmp_path / "build", gold=ROOT / "annotation" / "gold")
    for difference in corpus_differences(corpus):
        if difference.bead_id in ("b031", "b049"):
            assert describe(difference).replace("\u202f", " ") in readme.replace("\u202f", " ")
    assert f"{len(corpus.article('ai-gap').facts)} linked facts" in readme
    text = re.search(r'quantities "(.+?)" --lang fil', readme)
    assert text
    for mention in extract(text[1].replace("\\$", "$"), "fil"):
        assert mention.surface in readme
