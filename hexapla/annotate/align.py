"""Review of the alignment, one task per bead: accepted, rejected, or other sentences given by number.

Sentences are numbered from 1 in their document. A task shows those of the bead, marked, and their neighbours.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Any

from hexapla.annotate.names import VERDICTS, key
from hexapla.annotate.reading import Faults, Reading, TaskData
from hexapla.annotate.tasks import MODEL_VERSION, Task, task_data, text_hash
from hexapla.corpus import Article, Bead, Document, Span, sha256
from hexapla.errors import Fault, InputError
from hexapla.layout import clean
from hexapla.predictions import show

AROUND = 2  # sentences shown before and after those of the bead
_MARK, _PLAIN = "●", "\u2003"


def review_tasks(article: Article, panes: Sequence[str]) -> list[Task]:
    """One task per bead that has a sentence in one of the two languages; the prediction accepts it."""
    out: list[Task] = []
    documents = [article.document(lang) for lang in panes]
    index = {d.lang: {span: n for n, span in enumerate(d.sentences, 1)} for d in documents}
    beads = [b for b in article.beads if any(lang in b.spans for lang in panes)]
    _whole(article, beads, index)
    last = dict.fromkeys(panes, 0)
    for number, bead in enumerate(beads, 1):
        data = task_data(
            f"{article.article_id}/{'-'.join(panes)}/bead/{bead.bead_id}", "align", article, panes
        )
        data |= {
            "bead_id": bead.bead_id,
            "title": f"{article.article_id} · {clean(bead.bead_id)} · {number} of {len(beads)}",
        }
        result: list[dict[str, Any]] = [
            {"id": "verdict", "from_name": "verdict", "to_name": f"text_{key(panes[0])}", "type": "choices", "value": {"choices": ["accept"]}}
        ]  # fmt: skip
        for d in documents:
            k = key(d.lang)
            own = [index[d.lang][span] for span in bead.spans.get(d.lang, ())]
            data[f"text_{k}"] = _lines(d, own, last[d.lang])
            data[f"sentences_sha256_{k}"] = sentences_hash(d)
            last[d.lang] = max(own, default=last[d.lang])
            numbers = " ".join(map(str, own)) or "0"
            result.append({"id": f"sentences-{k}", "from_name": f"sentences_{k}", "to_name": f"text_{k}", "type": "textarea", "value": {"text": [numbers]}})  # fmt: skip
        data["text_sha256"] = text_hash(data, panes)
        out.append({"data": data, "predictions": [{"model_version": MODEL_VERSION, "result": result}]})
    return out


def _whole(article: Article, beads: Iterable[Bead], index: dict[str, dict[Span, int]]) -> None:
    faults = [
        Fault("bad-bead", article.article_id, f"bead {bead.bead_id}: {lang} {list(span)} is not a sentence", "spans of sentences", "build the corpus again")
        for bead in beads for lang, spans in bead.spans.items() if lang in index for span in spans if span not in index[lang]
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def _lines(document: Document, own: Sequence[int], after: int) -> str:
    """Numbered sentences: those of the bead marked, with the ones around; without any, those around its place."""
    first, last = (min(own), max(own)) if own else (after + 1, after)
    shown = range(max(first - AROUND, 1), min(last + AROUND, len(document.sentences)) + 1)
    return "\n".join(
        f"{_MARK if n in own else _PLAIN} {n} · {clean(document.text[slice(*document.sentences[n - 1])])}"
        for n in shown
    )


def sentences_hash(document: Document) -> str:
    """Changes when a sentence number would come to mean another sentence."""
    return sha256(repr([(int(s), int(e)) for s, e in document.sentences]))


def stale_sentences(data: TaskData, article: Article, lang: str, faults: Faults) -> None:
    """Have the sentences been cut anew, or the bead gone, since the task was made?"""
    if sentences_hash(article.document(lang)) != data.sentences_sha256.get(lang):
        faults.add("sentences-changed", f"the sentences of {lang} were cut anew since", "those that were numbered in the task", "push the review again")  # fmt: skip
    elif not any(b.bead_id == data.bead_id for b in article.beads):
        faults.add("unknown-bead", f"bead {show(data.bead_id)}", f"a bead of {data.article_id}", "push the review again")  # fmt: skip


def read_review(result: Any, data: TaskData, faults: Faults) -> Reading:
    """The verdict, and the sentence numbers where it is `edit`."""
    verdicts: list[Any] = []
    given: dict[str, Any] = {}
    for item in result if isinstance(result, list) else ():
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, dict):
            faults.add("bad-result", show(item), "a choice or a list of numbers")
        elif item.get("from_name") == "verdict" and item.get("type") == "choices":
            verdicts.append(value.get("choices"))
        elif pane := next(
            (p for p in data.panes if item.get("from_name") == f"sentences_{key(p.lang)}"), None
        ):
            if pane.lang in given:
                faults.add("bad-value", f"sentences of {pane.lang} given twice", "one list of numbers")
            given[pane.lang] = value.get("text")
        else:
            faults.add("unknown-control", show(item.get("from_name")), "verdict or sentences_<lang>",
                       "use the configuration of `hexapla annotate config`")  # fmt: skip
    if len(verdicts) != 1 or verdicts[0] not in [[v] for v in VERDICTS]:
        faults.add("no-verdict", f"verdict {show(verdicts)}", f"one of {', '.join(VERDICTS)}")
        return Reading()
    verdict = verdicts[0][0]
    if verdict != "edit":
        return Reading(verdict=verdict)
    sentences: dict[str, tuple[int, ...]] = {}
    for pane in data.panes:
        numbers = _numbers(given.get(pane.lang))
        if numbers is None:
            faults.add("bad-value", f"sentences of {pane.lang}: {show(given.get(pane.lang))}", "numbers such as 4 5, or 0 for none")  # fmt: skip
        else:
            sentences[pane.lang] = numbers
    if not faults.found and not any(sentences.values()):
        faults.add("bad-value", "no sentence in either language", "at least one", "reject the bead instead")
    return Reading(verdict=verdict, sentences=sentences)


def _numbers(given: Any) -> tuple[int, ...] | None:
    if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], str):
        return None
    words = re.split(r"[\s,;]+", given[0].strip())
    if not all(re.fullmatch(r"[0-9]{1,6}", word) for word in words):
        return None
    return tuple(sorted({int(word) for word in words} - {0}))


# ---- taking the verdicts over --------------------------------------------------------------------------------------


Claims = dict[tuple[str, Span], str]
"""(language, sentence) -> the reviewed bead that it belongs to."""


def claim(article: Article, data: TaskData, reading: Reading, claims: Claims, faults: Faults) -> None:
    """Enter the sentences of an accepted or edited bead; faults where a number is no sentence, or another bead has it.

    Those of a rejected bead are free for others.
    """
    mine: Claims = {}
    bead = next(b for b in article.beads if b.bead_id == data.bead_id)
    for pane in data.panes:
        sentences = article.document(pane.lang).sentences
        spans = bead.spans.get(pane.lang, ())
        if reading.verdict == "edit":
            wanted = reading.sentences[pane.lang]
            if max(wanted, default=0) > len(sentences):
                faults.add(
                    "bad-value", f"sentence {max(wanted)} of {pane.lang}", f"numbers up to {len(sentences)}"
                )
                continue
            spans = tuple(sentences[n - 1] for n in wanted)
        if reading.verdict == "reject":
            continue
        for span in spans:
            mine[pane.lang, span] = bead.bead_id
            other = claims.get((pane.lang, span), bead.bead_id)
            if other != bead.bead_id:
                number = sentences.index(span) + 1
                faults.add("beads-disagree", f"sentence {number} of {pane.lang} stands in the reviewed bead {show(other)} too", "each sentence in one bead", "correct one of the two reviews")  # fmt: skip
    if not faults.found:
        claims |= mine


def apply_reviews(article: Article, reviews: Sequence[tuple[TaskData, Reading]]) -> Article:
    """The article with its beads as reviewed; the reviews agree with each other (`claim`).

    A rejected bead loses the second language of the pair to a bead of its own. A sentence that an edit takes leaves the
    bead that held it; one that an edit gives up becomes a bead of its own.
    """
    held = {b.bead_id: {lang: set(spans) for lang, spans in b.spans.items()} for b in article.beads}
    before = {lang: {s for b in held.values() for s in b.get(lang, ())} for lang in article.langs}
    claims: Claims = {}
    for data, reading in reviews:
        claim(article, data, reading, claims, Faults(data.hexapla_id))
    for data, reading in reviews:
        mine = held[data.bead_id]
        first, second = (p.lang for p in data.panes)
        if reading.verdict == "reject" and first in mine and second in mine:
            held[_free(held, f"{data.bead_id}-{second}")] = {second: mine.pop(second)}
        if reading.verdict == "edit":
            for lang in (first, second):
                mine[lang] = {s for (code, s), name in claims.items() if (code, name) == (lang, data.bead_id)}
    for bead_id, spans_of in held.items():
        for lang, own in spans_of.items():
            own -= {s for s in own if claims.get((lang, s), bead_id) != bead_id}
    for lang, every in before.items():
        for n, span in enumerate(sorted(every - {s for b in held.values() for s in b.get(lang, ())}), 1):
            held[_free(held, f"left-{lang}-{n}")] = {lang: {span}}
    beads = [
        Bead(name, {lang: tuple(sorted(spans)) for lang, spans in sorted(of.items()) if spans})
        for name, of in held.items()
        if any(of.values())
    ]
    return dataclasses.replace(article, beads=tuple(_in_order(article, beads)))


def _free(held: dict[str, Any], name: str) -> str:
    while name in held:
        name += "x"
    return name


def _in_order(article: Article, beads: list[Bead]) -> list[Bead]:
    """New beads go before the first bead that follows them in their language; the others keep their order."""
    old = [b.bead_id for b in article.beads]
    out = sorted((b for b in beads if b.bead_id in old), key=lambda b: old.index(b.bead_id))
    for bead in (b for b in beads if b.bead_id not in old):
        lang, spans = next(iter(bead.spans.items()))
        after = (n for n, b in enumerate(out) if lang in b.spans and b.spans[lang][0] > spans[0])
        out.insert(next(after, len(out)), bead)
    return out
