"""The `hexapla` command: each sub-command is a thin wrapper over a public function with the same argument names.

This module holds what they share; the sub-commands are in `corpus`, `pieces`, `release`,
`scoring` and `annotation` beside it. Results go to standard output, progress and warnings to standard error. Exit codes: see `hexapla.errors`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla import __version__
from hexapla.errors import CheckFailed, Fault, HexaplaError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from hexapla.corpus import Corpus

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    # into a file or pipe there is no width to keep to
    width = None if (sys.stderr if stderr else sys.stdout).isatty() else 120
    return Console(stderr=stderr, highlight=False, soft_wrap=stderr, width=width)


def say(record: Any) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))


def report_faults(faults: Sequence[Fault], checked: Path, as_json: bool) -> None:
    """What a check found; exit code 1 if anything."""
    if as_json:
        say([fault.to_json() for fault in faults])
        sys.exit(bool(faults))
    if faults:
        raise CheckFailed(faults)
    click.echo(f"{checked}: no faults")


def track(items: Sequence[Any], label: str) -> Iterable[Any]:
    """A progress bar on standard error; it shows only on a terminal."""
    from rich.progress import track as bar

    return bar(
        items,
        description=label,
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def warn(text: str) -> None:
    click.echo(f"warning: {text}", err=True)


@contextmanager
def told() -> Iterator[None]:
    """Errors raised on purpose become one line per fault and an exit code; no traceback."""
    try:
        yield
    except HexaplaError as error:
        for fault in error.faults[:100]:
            click.echo(f"error: {fault}", err=True)
        if len(error.faults) > 100:
            click.echo(f"error: … and {len(error.faults) - 100} more", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)


class Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        with told():
            return super().invoke(ctx)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hexapla")
def main() -> None:
    """Parallel translations in; an aligned, annotated corpus and a cross-lingual benchmark out."""


def read(folder: Path) -> Corpus:
    from hexapla.store import read_corpus

    if not (folder / "manifest.toml").is_file():
        raise InputError(
            Fault(
                "no-corpus",
                str(folder),
                "not a built corpus",
                "the output of `hexapla build`",
                "run `hexapla build` first",
            )
        )
    return read_corpus(folder)


def codes(langs: str | None) -> list[str] | None:
    from hexapla.langs import normalise

    return [normalise(code) for code in langs.split(",")] if langs else None


from hexapla.cli import annotation, corpus, pieces, release, scoring  # noqa: E402, F401  each adds its sub-commands to `main`
