"""A corpus in the formats of other tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hexapla.corpus import LABELS, Corpus, Document, Mention
from hexapla.errors import Fault, InputError, need
from hexapla.exchange.iob2 import iob2
from hexapla.predictions import TRACKS
from hexapla.score.gold import read_data
from hexapla.store import dumps, write_bytes, write_text
from hexapla.tagging import sentence_tokens


def export(path: str | Path, out: str | Path, kind: str, *, layer: str = "entities") -> list[Path]:
    """Write the built corpus or release in `path` into the folder `out`; returns the files.

    kind: one of `FORMATS`; layer: `entities` or `numbers`, for iob2, which holds one.
    """
    if kind not in FORMATS:
        raise InputError(Fault("no-format", kind, "unknown", f"one of {', '.join(FORMATS)}"))
    if layer not in TRACKS:
        raise InputError(Fault("no-layer", layer, "unknown", f"one of {', '.join(TRACKS)}"))
    corpus, files = read_data(path)[0], []
    for name, content in FORMATS[kind](corpus, layer):
        file = Path(out) / name
        if isinstance(content, bytes):
            write_bytes(file, content)
        else:
            write_text(file, content)
        files.append(file)
    return files


Files = Iterator[tuple[str, str | bytes]]
"""(path below the output folder, content)."""


def _by_lang(corpus: Corpus) -> dict[str, list[Document]]:
    held: dict[str, list[Document]] = {}
    for document in corpus.documents:
        held.setdefault(document.lang, []).append(document)
    return dict(sorted(held.items()))


def _iob2(corpus: Corpus, layer: str) -> Files:
    for lang, documents in _by_lang(corpus).items():
        yield f"{lang}.iob2", iob2(documents, TRACKS[layer])


def _jsonl(corpus: Corpus, layer: str) -> Files:
    lines = []
    for article in corpus.articles:
        facts = {name: fact.to_json() for name, fact in article.facts.items()}
        for d in article.documents:
            beads = [{"bead_id": b.bead_id, "sentences": b.spans[d.lang]} for b in article.beads if d.lang in b.spans]  # fmt: skip
            head = {"doc_id": d.doc_id, "article_id": article.article_id, "lang": d.lang, "text_sha256": d.text_sha256, "text": d.text}  # fmt: skip
            body = {"sentences": d.sentences, "beads": beads, "mentions": [m.to_json() for m in d.mentions], "facts": facts}  # fmt: skip
            lines.append(dumps(head | body))
    yield "documents.jsonl", "".join(f"{line}\n" for line in lines)


# ---- brat: https://brat.nlplab.org/standoff.html ---------------------------------------------------------------------


def _brat(corpus: Corpus, layer: str) -> Files:
    entity = "<ENTITY>"
    yield (
        "annotation.conf",
        "[entities]\n" + "\n".join(LABELS) + f"\n\n[relations]\nEquiv Arg1:{entity}, Arg2:{entity}, <REL-TYPE>:symmetric-transitive\n\n[events]\n\n[attributes]\n",
    )  # fmt: skip
    for article in corpus.articles:
        for d in article.documents:
            yield f"{article.article_id}/{d.doc_id}.txt", d.text
            yield f"{article.article_id}/{d.doc_id}.ann", "".join(f"{line}\n" for line in _ann(d))


def _ann(document: Document) -> Iterator[str]:
    """`T` for a mention, a note for its value and fact, `*` for mentions of one fact."""
    names: dict[str, list[str]] = {}
    for number, m in enumerate(document.mentions, 1):
        yield f"T{number}\t{m.label} {_fragments(m)}\t{' '.join(m.surface.split(chr(10)))}"
        told = dict(m.quantity.to_json() if m.quantity else {}) | ({"fact": m.fact_id} if m.fact_id else {})
        if told:
            yield f"#{number}\tAnnotatorNotes T{number}\t{' '.join(f'{k}={v}' for k, v in told.items())}"
        if m.fact_id:
            names.setdefault(m.fact_id, []).append(f"T{number}")
    for same in names.values():
        if len(same) > 1:
            yield f"*\tEquiv {' '.join(same)}"


def _fragments(mention: Mention) -> str:
    """`start end`; a span may not hold a line end, so it is given in parts."""
    parts = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", mention.surface)]
    return ";".join(f"{mention.start + a} {mention.start + b}" for a, b in parts)


# ---- Label Studio, spaCy ---------------------------------------------------------------------------------------------


def _labelstudio(corpus: Corpus, layer: str) -> Files:
    from hexapla.annotate import config, to_tasks

    for lang in _by_lang(corpus):
        tasks = [t for a in corpus.articles if lang in a.langs for t in to_tasks(a, "single", [lang])]
        yield f"single-{lang}.json", dumps(tasks) + "\n"
        yield f"single-{lang}.xml", config("single", [lang])


def _spacy(corpus: Corpus, layer: str) -> Files:
    """Entities as `doc.ents`, numbers as `doc.spans["numbers"]`, whose values are in `doc.user_data["hexapla"]` by place."""
    spacy = need("spacy", "spacy")
    from spacy.tokens import DocBin, Span
    from spacy.util import get_words_and_spaces

    for lang, documents in _by_lang(corpus).items():
        held = DocBin(attrs=["SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_ID"], store_user_data=True)
        vocab = spacy.blank("xx").vocab
        for d in documents:
            words = [d.text[a:b] for spans in sentence_tokens(d) for a, b in spans]
            listed, spaces = get_words_and_spaces(words, d.text)
            starts = {a for a, _ in d.sentences}
            doc = spacy.tokens.Doc(vocab, words=listed, spaces=spaces)
            for token in doc:
                token.is_sent_start = token.idx in starts
            layers: dict[bool, list[Span]] = {True: [], False: []}
            values: dict[str, dict[str, str]] = {}
            for m in d.mentions:
                span = doc.char_span(m.start, m.end, label=m.label, span_id=m.fact_id or "", alignment_mode="expand")  # fmt: skip
                layers[m.is_number].append(span)
                if m.quantity is not None:
                    values[f"{m.start}:{m.end}"] = m.quantity.to_json()
            doc.set_ents(layers[False])
            doc.spans["numbers"] = layers[True]
            doc.user_data["hexapla"] = {"doc_id": d.doc_id, "lang": d.lang, "values": values}
            held.add(doc)
        yield f"{lang}.spacy", held.to_bytes()


FORMATS: Mapping[str, Callable[[Corpus, str], Files]] = {
    "iob2": _iob2, "jsonl": _jsonl, "brat": _brat, "labelstudio": _labelstudio, "spacy": _spacy,
}  # fmt: skip
