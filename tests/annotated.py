"""What the tests of the Label Studio side share: the demo corpus, and exports as the server would write them."""

from __future__ import annotations

import copy
import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

import hexapla
from hexapla.corpus import Article, Block, Corpus, Document
from hexapla.gold import apply_gold
from hexapla.manifest import read_manifest
from hexapla.store import read_text

DEMO = Path(hexapla.__file__).parent / "demo"


@cache
def demo() -> Article:
    """The demo article, six languages, with its gold."""
    documents = []
    for source in sorted(read_manifest(DEMO / "seeds" / "manifest.toml"), key=lambda s: s.lang):
        text = read_text(DEMO / "seeds" / source.file).removesuffix("\n")
        documents.append(Document(source, text, (Block(0, len(text)),)))
    return apply_gold(Article("kite", tuple(documents)), DEMO / "gold")


def submitted(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The export after somebody submitted every task as it was proposed.

    The server copies the prediction's result, adds an origin, and writes line ends in `value.text` as backslash-n.
    """
    out = copy.deepcopy(tasks)
    for n, task in enumerate(out, 1):
        result = copy.deepcopy(task["predictions"][0]["result"])
        for item in result:
            if item["type"] == "labels":
                item["origin"] = "prediction"
                item["value"]["text"] = item["value"]["text"].replace("\n", "\\n")
        task |= {"id": n, "annotations": [{"id": n, "completed_by": 1, "was_cancelled": False, "ground_truth": False, "result": result}], "drafts": []}  # fmt: skip
    return out


def unreviewed(corpus: Corpus) -> Corpus:
    """Without the mark that somebody has looked: all that an untouched submission changes."""
    articles = (
        dataclasses.replace(
            a,
            documents=tuple(
                dataclasses.replace(
                    d, mentions=tuple(dataclasses.replace(m, reviewed=False) for m in d.mentions)
                )
                for d in a.documents
            ),
        )
        for a in corpus.articles
    )
    return Corpus(tuple(articles))
