"""An article as Label Studio tasks, its mentions as predictions.

    {"data": {"hexapla_id", "task", "langs", "article_id", "title", "text_sha256",
              "text_<lang>", "doc_id_<lang>", "start_<lang>", "sha256_<lang>"},
     "predictions": [{"model_version", "result": [regions, their values, relations]}]}

`text_<lang>` is a slice of the document from code point `start_<lang>`; `sha256_<lang>` is the hash of the whole
document, `text_sha256` that of the task's own texts. `hexapla_id` names the article, the languages and the place: it is
the same on every export, so that a second import can find the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from hexapla.annotate.names import AMBIGUOUS, key, languages
from hexapla.annotate.passages import passages
from hexapla.corpus import Article, Document, Mention, Span, sha256
from hexapla.errors import Fault, InputError
from hexapla.layout import clean, title

MODEL_VERSION = "hexapla"
"""Under this name the predictions stand, so that a later push can replace them."""

Task = dict[str, Any]
Result = list[dict[str, Any]]


def to_tasks(article: Article, task: str = "single", langs: Sequence[str] = ()) -> list[Task]:
    """The tasks of an article, in reading order.

    `single`: one task, the whole document. `parallel`: one task per smallest passage that is whole in both languages.
    `align`: one task per bead. `langs` may be left out where the article has no more languages than the task takes.
    `InputError` if the article lacks one.
    """
    panes = languages(task, list(langs) or list(article.langs))
    if missing := [lang for lang in panes if lang not in article.langs]:
        raise InputError(
            Fault("no-such-language", article.article_id, f"no version in {', '.join(missing)}", ", ".join(article.langs), "choose among these")
        )  # fmt: skip
    if task == "align":
        from hexapla.annotate.align import review_tasks

        return review_tasks(article, panes)
    documents = [article.document(lang) for lang in panes]
    if task == "single":
        stretches = [{d.lang: (0, len(d.text))} for d in documents]
    else:
        stretches = passages(article, panes)
    out = []
    for number, stretch in enumerate(stretches, 1):
        place = f"/{stretch[panes[0]][0]}" if task == "parallel" else ""
        of = f" · {number} of {len(stretches)}" if task == "parallel" else ""
        data = task_data(f"{article.article_id}/{'-'.join(panes)}{place}", task, article, panes)
        data["title"] = f"{article.article_id}{of} · {clean(title(documents[0]))[:80]}"
        for d in documents:
            data[f"text_{key(d.lang)}"] = d.text[slice(*stretch[d.lang])]
            data[f"start_{key(d.lang)}"] = stretch[d.lang][0]
        data["text_sha256"] = text_hash(data, panes)
        result = [item for d in documents for item in _regions(d, stretch[d.lang])]
        result += _relations(documents, stretch)
        out.append({"data": data, "predictions": [{"model_version": MODEL_VERSION, "result": result}]})
    return out


def task_data(hexapla_id: str, task: str, article: Article, panes: Sequence[str]) -> dict[str, Any]:
    """The fields that every task has."""
    data: dict[str, Any] = {
        "hexapla_id": hexapla_id,
        "task": task,
        "langs": ",".join(panes),
        "article_id": article.article_id,
    }
    for lang in panes:
        document = article.document(lang)
        data |= {f"doc_id_{key(lang)}": document.doc_id, f"sha256_{key(lang)}": document.text_sha256}
    return data


def text_hash(data: Mapping[str, Any], panes: Sequence[str]) -> str:
    """sha256 over the task's texts in the order of its panes."""
    return sha256("\x00".join(data[f"text_{key(lang)}"] for lang in panes))


def region_id(document: Document, mention: Mention) -> str:
    """Names the mention in a task of several documents. Label Studio keeps it."""
    return f"{key(document.lang)}-{mention.id}"


def _inside(document: Document, stretch: Span) -> list[Mention]:
    return sorted(document.within(stretch), key=lambda m: (m.start, m.end, m.id))


def _regions(document: Document, stretch: Span) -> Iterator[dict[str, Any]]:
    k, origin = key(document.lang), stretch[0]
    for m in _inside(document, stretch):
        place = {"start": m.start - origin, "end": m.end - origin}

        def item(
            control: str, kind: str, value: Mapping[str, Any], m: Mention = m, place: dict[str, int] = place
        ) -> dict[str, Any]:
            return {
                "id": region_id(document, m), "from_name": f"{control}_{k}", "to_name": f"text_{k}", "type": kind,
                "value": {**place, **value},
            }  # fmt: skip

        yield item("label", "labels", {"text": m.surface, "labels": [m.label]})
        if m.fact_id is not None:
            yield item("fact_id", "textarea", {"text": [m.fact_id]})
        fields = m.quantity.to_json() if m.quantity is not None else {}
        for name in ("value", "value_high", "unit"):
            if name in fields:
                yield item(name, "textarea", {"text": [fields[name]]})
        if "modifier" in fields:
            yield item("modifier", "choices", {"choices": [fields["modifier"]]})
        if m.ambiguous:
            yield item("ambiguous", "choices", {"choices": [AMBIGUOUS]})


def _relations(documents: Sequence[Document], stretch: Mapping[str, Span]) -> Iterator[dict[str, Any]]:
    """A relation between the first mentions of a fact in both texts, between the second ones, and so on."""
    if len(documents) != 2:
        return
    by_fact: dict[str, tuple[list[str], list[str]]] = {}
    for n, document in enumerate(documents):
        for m in _inside(document, stretch[document.lang]):
            if m.fact_id is not None:
                by_fact.setdefault(m.fact_id, ([], []))[n].append(region_id(document, m))
    for left, right in by_fact.values():
        if left and right:
            for a, b in zip_longest(left, right):
                yield {"type": "relation", "from_id": a or left[-1], "to_id": b or right[-1], "direction": "bi", "labels": []}  # fmt: skip
