"""Seconds to push and to pull a thousand tasks, with a real Label Studio on this machine.

python bench/labelstudio.py [--tasks N] [--json]

Runs in the environment that holds the server (`make bench-labelstudio`), on copies of the demo article in Arabic and Filipino,
fifteen tasks each. Timed is what the command does: read the corpus, make and check the tasks, load the SDK, connect, send; and
export, check, lay over the corpus, write. `pull` is of tasks that all are annotated; `again` is a push that finds all there.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "live")]

from annotated import demo, submitted  # noqa: E402
from labelstudio_server import label_studio, missing  # noqa: E402

from hexapla.annotate import connect, to_tasks  # noqa: E402
from hexapla.annotate.config import config  # noqa: E402
from hexapla.corpus import Article, Corpus  # noqa: E402
from hexapla.store import write_corpus  # noqa: E402

PAIR = ("ar", "fil")


def articles(tasks: int) -> Corpus:
    """Copies of the demo article, enough for so many tasks."""
    per_article = len(to_tasks(demo(), "parallel", PAIR))
    made = []
    for n in range(-(-tasks // per_article)):
        name = f"kite{n:04}"
        documents = tuple(
            dataclasses.replace(d, source=dataclasses.replace(d.source, doc_id=f"{name}-{d.lang}", file=f"{name}-{d.lang}.txt", article=name))
            for d in demo().documents if d.lang in PAIR
        )  # fmt: skip
        beads = tuple(
            dataclasses.replace(b, spans=spans) for b in demo().beads if (spans := {g: s for g, s in b.spans.items() if g in PAIR})
        )  # fmt: skip
        used = {m.fact_id for d in documents for m in d.mentions}
        facts = {k: f for k, f in demo().facts.items() if k in used}
        made.append(Article(name, documents, beads, facts))
    return Corpus(tuple(made))


def timed(folder: Path, *words: str) -> tuple[float, str]:
    """Seconds of a command in a process of its own, and what it said."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "hexapla", "annotate", *words], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - start, done.stdout


def measure(tasks: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name, label_studio() as studio:
        folder = Path(name)
        corpus = articles(tasks)
        write_corpus(corpus, folder / "build")
        os.environ |= {"LABEL_STUDIO_URL": studio.url, "LABEL_STUDIO_API_KEY": studio.token}
        pair = ("--langs", ",".join(PAIR))
        push, said = timed(folder, "push", "build", *pair)
        again, _ = timed(folder, "push", "build", *pair)
        server = connect()
        done = server.create_project(
            "Annotated", "hexapla project: annotated", config("parallel", PAIR), "hexapla", 1
        )
        every = submitted([t for a in corpus.articles for t in to_tasks(a, "parallel", PAIR)])
        for n in range(0, len(every), 500):
            part = copy.deepcopy(every[n : n + 500])
            for task in part:
                task["annotations"] = [{"result": a["result"]} for a in task["annotations"]]
                del task["id"], task["drafts"]
            server.import_tasks(done.id, part)
        pull, pulled = timed(folder, "pull", "build", *pair, "--project", "annotated", "-o", "gold")
    return {
        "tasks": len(every), "push": round(push, 1), "again": round(again, 1), "pull": round(pull, 1),
        "load": round(os.getloadavg()[0], 1), "said": [said.splitlines()[1], pulled.splitlines()[0]],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if missing():
        sys.exit(missing())
    figures = measure(arguments.tasks)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(
        f"{figures['tasks']} tasks: push {figures['push']} s, push again {figures['again']} s, pull {figures['pull']} s (load {figures['load']})"
    )
    print("\n".join(figures["said"]))


if __name__ == "__main__":
    main()
