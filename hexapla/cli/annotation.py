"""`hexapla annotate`: Label Studio configurations and tasks, by files or with a server; agreement and adjudication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli import FILE, FOLDER, as_json_option, codes, main, report_faults, say, track
from hexapla.errors import CheckFailed, Fault

if TYPE_CHECKING:
    from hexapla.annotate.agreement import Agreement
    from hexapla.annotate.project import Sent
    from hexapla.annotate.status import Status, Work

TASKS = click.Choice(["single", "parallel", "align"])
_task = click.option("--task", type=TASKS, default="parallel", show_default=True)
_out = click.option(
    "-o", "--out", type=FOLDER, default="annotation/gold", show_default=True, help="Where the annotation files go."
)  # fmt: skip


def _server(command: Callable[..., None]) -> Callable[..., None]:
    """Options of what talks to a server. The token has none: it would stand in the shell's history."""
    url = click.option("--url", help="The server, such as http://localhost:8080 [LABEL_STUDIO_URL]. The token: LABEL_STUDIO_API_KEY.")  # fmt: skip
    project = click.option(
        "--project", help="Its name or number; by default it is named after task and languages."
    )
    return url(project(command))


@main.group()
def annotate() -> None:
    """Annotation with Label Studio."""


@annotate.command()
@click.option("--task", type=TASKS, default="single", show_default=True)
@click.option(
    "--langs", required=True, metavar="L[,L]", help="One language for single, two for parallel and align."
)
def config(task: str, langs: str) -> None:
    """Print the XML of a labelling configuration."""
    from hexapla.annotate import config as run

    click.echo(run(task, codes(langs) or []), nl=False)


@annotate.command()
@click.argument("folder", type=FOLDER, default="build")
@_task
@click.option("--langs", metavar="L[,L]", help="The languages; not with --tasks.")
@click.option("--file", type=FILE, help="Write the tasks here instead of sending them.")
@click.option("--tasks", type=FILE, help="Send the tasks of this file, such as `adjudicate` writes.")
@_server
@click.option("--model-version", default="hexapla", show_default=True, help="The name of the predictions; those of that name are replaced.")  # fmt: skip
@click.option("--annotators", type=click.IntRange(1), default=1, show_default=True, help="Of a new project: how many annotate each task.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def push(
    folder: Path, task: str, langs: str | None, file: Path | None, tasks: Path | None, url: str | None, project: str | None,
    model_version: str, annotators: int, dry_run: bool,
) -> None:  # fmt: skip
    """Send the tasks of a built corpus to a Label Studio server, or write them to a file.

    A second push adds nothing that is there; one that was cut off is finished by the next."""
    from hexapla.annotate import files

    if not langs and not tasks:
        raise click.UsageError("--langs is missing")
    if file is not None:
        if tasks or url or project or dry_run:
            raise click.UsageError("--file works without a server")
        written = files.push(folder, file, task, codes(langs) or [])
        click.echo(f"{written.tasks} tasks with {written.mentions} mentions in {written.file}")
        _left_out(written.without)
        _finish(written.faults, written.quarantine)
        return
    from hexapla.annotate.server import connect

    done = files.push_to(
        connect(url), folder, task, codes(langs) or [], project, tasks=tasks, model_version=model_version, annotators=annotators,
        dry_run=dry_run, track=track,
    )  # fmt: skip
    click.echo(_sent(done.sent))
    _left_out(done.without)
    _finish(done.faults, done.quarantine)


def _sent(sent: Sent) -> str:
    where = f"{sent.url}/projects/{sent.project}" if sent.project is not None else sent.url
    lines = [f"project {sent.name!r}{' (new)' if sent.new_project else ''}: {where}",
             f"{sent.imported} tasks imported, {sent.unchanged} were there, predictions of {sent.predictions} of them replaced"]  # fmt: skip
    if sent.doubles:
        lines.append(f"{sent.doubles} doubles without annotations removed")
    if sent.others:
        lines.append(f"{sent.others} other tasks in the project, left alone")
    return "\n".join(["would be done (dry run):", *lines] if sent.dry_run else lines)


@annotate.command()
@click.argument("folder", type=FOLDER, default="build")
@click.option("--file", type=FILE, help="Read this export (Label Studio's JSON) instead of asking a server.")
@_task
@click.option("--langs", metavar="L[,L]", help="The languages of the project on the server.")
@_server
@_out
@click.option("--drafts", is_flag=True, help="Where there is no annotation, take the last draft.")
@click.option(
    "--export", type=FILE, help="Also keep the server's export, with annotators' names and predictions."
)
def pull(
    folder: Path, file: Path | None, task: str, langs: str | None, url: str | None, project: str | None, out: Path, drafts: bool,
    export: Path | None,
) -> None:  # fmt: skip
    """Lay annotations over the built corpus and write the articles that they touch."""
    from hexapla.annotate import files

    if file is not None:
        if export or url or project:
            raise click.UsageError("--file works without a server")
        done = files.pull(folder, file, out, drafts)
    else:
        if not langs:
            raise click.UsageError("--langs or --file is missing")
        from hexapla.annotate.server import connect

        done = files.pull_from(connect(url), folder, out, task, codes(langs) or [], project, drafts=drafts, export=export)  # fmt: skip
    click.echo(f"{done.answers} tasks taken over, {done.skipped} skipped, {done.open} open")
    _written(done.articles, out)
    _annotators(done.annotators.items())
    if done.export:
        click.echo(f"export kept in {done.export}")
    _finish(done.faults, done.quarantine)


@annotate.command()
@click.option("--file", type=FILE, help="Read this export instead of asking a server.")
@_task
@click.option("--langs", metavar="L[,L]", help="The languages of the project on the server.")
@_server
@as_json_option
def status(file: Path | None, task: str, langs: str | None, url: str | None, project: str | None, as_json: bool) -> None:  # fmt: skip
    """How far the work in a project, or in an export, is."""
    from hexapla.annotate import files

    faults: tuple[Fault, ...] = ()
    if file is not None:
        found, where = files.status_of(file), str(file)
    else:
        if not langs:
            raise click.UsageError("--langs or --file is missing")
        from hexapla.annotate.server import connect

        found, where, faults = files.status_from(connect(url), task, codes(langs) or [], project)
    if as_json:
        say(found.to_json() | {"where": where, "faults": [str(f) for f in faults]})
    else:
        click.echo(f"{where}\n{_counts(found)}")
        _annotators(found.annotators.items())
        for version, number in found.predictions.items():
            click.echo(f"  predictions {version}: {number} tasks")
    _finish(faults, None)


def _counts(found: Status) -> str:
    return f"{found.tasks} tasks: {found.answered} answered, {found.skipped} skipped, {found.begun} begun, {found.open} open"


def _annotators(annotators: Iterable[tuple[str, Work]]) -> None:
    for name, work in annotators:
        click.echo(f"  {name}: {work.answers} annotations, {work.skipped} skipped, {work.drafts} drafts")


@annotate.command()
@click.argument("file", type=FILE)
@click.option("--folder", type=FOLDER, help="A built corpus, to check the texts too.")
@as_json_option
def check(file: Path, folder: Path | None, as_json: bool) -> None:
    """Name what is wrong with a file of tasks, or with an export."""
    from hexapla.annotate import check_file

    faults = check_file(file, folder)
    report_faults(faults, file, as_json)


@annotate.command()
@click.argument("versions", type=FILE, nargs=-1, required=True, metavar="(A B | EXPORT)")
@click.option(
    "--folder", type=FOLDER, default="build", show_default=True, help="The built corpus of an export."
)
@click.option("-o", "--out", type=FILE, help="Also write the figures of A and B as JSON.")
@as_json_option
def agreement(versions: tuple[Path, ...], folder: Path, out: Path | None, as_json: bool) -> None:
    """Agreement of two annotations A and B (folders like annotation/gold) of the same texts, or of the annotators of an
    export, two at a time, and apart from them of each annotator with the pre-annotation."""
    from hexapla.annotate.agreement import agreement as run
    from hexapla.annotate.agreement import of_file, write_agreement

    pairs: list[tuple[str, list[Agreement]]]
    faults: tuple[Fault, ...] = ()
    skipped: dict[str, int] = {}
    if len(versions) == 2:
        pairs = [("annotators", [run(*versions)])]
    elif len(versions) == 1:
        people, before, skipped, faults = of_file(versions[0], folder)
        pairs = [("annotators", people), ("annotator and pre-annotation", before)]
    else:
        raise click.UsageError("two folders, or one export")
    if out:
        if len(pairs[0][1]) != 1:
            raise click.UsageError("--out takes the figures of one pair")
        write_agreement(pairs[0][1][0], out)
    if as_json:
        say({kind: [x.full() for x in listed] for kind, listed in pairs} | {"skipped": skipped, "faults": [str(f) for f in faults]})  # fmt: skip
    else:
        for kind, listed in pairs:
            for one in listed:
                _show(kind, one)
            if not listed:
                click.echo(f"{kind}: no two of them did the same task")
        for name, number in skipped.items():
            click.echo(f"{name} skipped {number} tasks: left out")
    _finish(faults, None)


def _show(kind: str, one: Agreement) -> None:
    n = f"{one.articles} articles, {one.documents} documents"
    how = f"95 % intervals over {one.unit}s" if one.unit else "too few for intervals"
    click.echo(f"{kind}: A {one.a}, B {one.b} ({n}; {how}; {one.skipped} tasks skipped)")
    for lang, labels in one.table.items():
        for label, figures in labels.items():
            at: dict[str, Any] = one.intervals.get(lang, {}).get(label, {})
            cells = (
                f"  {k} {'–' if v is None else v}" + (f" [{at[k][0]}, {at[k][1]}]" if at.get(k) else "") for k, v in figures.items()
            )  # fmt: skip
            click.echo(f"{lang:4} {label:9}" + "".join(cells))
    for line in one.disagreements:
        click.echo(line)


@annotate.command()
@click.argument("exports", type=FILE, nargs=-1, required=True)
@click.option("--folder", type=FOLDER, default="build", show_default=True, help="The built corpus.")
@_out
@click.option("--tasks", type=FILE, default="adjudicate.json", show_default=True, help="Where the tasks for what is disagreed go.")  # fmt: skip
def adjudicate(exports: tuple[Path, ...], folder: Path, out: Path, tasks: Path) -> None:
    """Take over what annotators agree on; make new tasks, with every version in them, of what they differ in.

    Push those with `annotate push --tasks`, and give their export beside the others afterwards."""
    from hexapla.annotate import adjudicate as run

    done = run(folder, exports, out, tasks)
    click.echo(
        f"{done.agreed} tasks agreed, {done.decided} decided, {done.open} disagreed, {done.alone} with one annotator only, {done.unanswered} unanswered"
    )  # fmt: skip
    _written(done.articles, out)
    for line in done.disagreements:
        click.echo(f"disagreed: {line}")
    if done.tasks:
        click.echo(f"to be adjudicated: {done.tasks}")
    _finish(done.faults, done.quarantine)


def _written(articles: tuple[str, ...], out: Path) -> None:
    if articles:
        more = ", …" if len(articles) > 10 else ""
        click.echo(f"{len(articles)} articles written to {out}: {', '.join(articles[:10])}{more}")


def _left_out(without: Iterable[str]) -> None:
    if names := list(without):
        click.echo(f"{len(names)} articles lack one of the languages: {', '.join(names)}")


def _finish(faults: tuple[Fault, ...], quarantine: Path | None) -> None:
    """What was done is said; then the faults, and exit code 1."""
    if quarantine is not None:
        click.echo(f"set aside, with reasons: {quarantine}")
    if faults:
        raise CheckFailed(faults)
