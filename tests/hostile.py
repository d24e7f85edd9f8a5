"""Submissions that a stranger might send, each with the code it is refused with: for the tests and for the benchmark."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import pickle
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from toy import corpus

from hexapla.predictions import Prediction, write_predictions
from hexapla.score import gold_of

GOLD = gold_of(corpus())
YAML = 'name: "A system"\nversion: "1"\nlicence: "MIT"\ntraining_data: "none"\ncontamination: "none known"\n'
LENGTH = GOLD.lengths["ferry-en"]
Spoil = Callable[[Path], Any]


def sound(folder: Path) -> Path:
    """A submission without a fault."""
    predictions = {d.doc_id: tuple(map(Prediction.of, d.mentions)) for d in GOLD.documents}
    write_predictions(folder / "predictions.jsonl", predictions)
    (folder / "system.yaml").write_text(YAML, "utf-8")
    return folder


def _file(content: bytes | str) -> Spoil:
    """The whole predictions file."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return lambda folder: (folder / "predictions.jsonl").write_bytes(raw)


def _mention(text: str) -> Spoil:
    """The only mention of one document."""
    return _file(f'{{"doc_id": "ferry-en", "mentions": [{text}]}}\n')


def _yaml(text: str) -> Spoil:
    return lambda folder: (folder / "system.yaml").write_text(text, "utf-8")


def _name(name: str) -> Spoil:
    return _yaml(YAML.replace("A system", name))


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../predictions.jsonl", b"0" * 20_000_000)  # a bomb, and a way out
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("/etc/passwd")
        member.type, member.linkname = tarfile.SYMTYPE, "../../../etc/passwd"
        archive.addfile(member)
    return out.getvalue()


class _Evil:
    def __reduce__(self) -> Any:
        return os.system, ("echo taken > taken",)


def _long_line(folder: Path) -> None:
    with (folder / "predictions.jsonl").open("wb") as file:
        file.write(b'{"doc_id": "ferry-en", "mentions": [')
        for _ in range(100):
            file.write(b'{"start": 0, "end": 3, "label": "PER"},' * 25_641)
        file.write(b"]}\n")


def _link(name: str, to: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to)

    return spoil


def _shotgun(*, step: int = 1) -> Iterator[str]:
    for start, end in combinations(range(0, LENGTH, step), 2):
        yield f'{{"start": {start}, "end": {end}, "label": "PER"}}'


def _twice(folder: Path) -> None:
    file = folder / "predictions.jsonl"
    file.write_text(file.read_text("utf-8") + '{"doc_id": "ferry-en", "mentions": []}\n', "utf-8")


def _utf16_units(folder: Path) -> None:
    """Offsets as a program in another language counts them."""
    lines = []
    for d in GOLD.documents:
        shifted = [
            {"start": len(d.text[: m.start].encode()), "end": len(d.text[: m.end].encode()), "label": m.label, "text": m.surface}  # type: ignore[index]
            for m in d.mentions
            if d.lang == "ar"
        ]  # fmt: skip
        lines.append(json.dumps({"doc_id": d.doc_id, "mentions": shifted}))
    (folder / "predictions.jsonl").write_text("\n".join(lines), "utf-8")


CASES: dict[str, tuple[str, Spoil]] = {
    "NaN": ("nan", _mention('{"start": NaN, "end": 3, "label": "PER"}')),
    "Infinity": ("nan", _mention('{"start": 0, "end": Infinity, "label": "PER"}')),
    "1e999": ("infinite-number", _mention('{"start": 0, "end": 1e999, "label": "PER"}')),
    "a key twice in a mention": ("duplicate-key", _mention('{"start": 0, "start": 1, "end": 3, "label": "PER"}')),
    "a key twice in a line": ("duplicate-key", _file('{"doc_id": "ferry-en", "doc_id": "ferry-pl", "mentions": []}\n')),
    "an integer of 5,000 digits": ("long-integer", _mention('{"start": 0, "end": ' + "9" * 5000 + ', "label": "PER"}')),
    "a value of 5,000 digits": ("bad-value", _mention('{"start": 0, "end": 3, "label": "PERCENT", "value": "' + "9" * 5000 + '"}')),
    "lists 10,000 deep": ("deep-nesting", _mention("[" * 10_000 + "]" * 10_000)),
    "objects 10,000 deep": ("deep-nesting", _mention('{"a":' * 10_000 + "1" + "}" * 10_000)),
    "a boolean as an offset": ("boolean-offset", _mention('{"start": false, "end": true, "label": "PER"}')),
    "a fraction as an offset": ("bad-offset", _mention('{"start": 0.5, "end": 3, "label": "PER"}')),
    "a missing field": ("missing-field", _mention('{"start": 0, "label": "PER"}')),
    "a null field": ("null-field", _mention('{"start": 0, "end": 3, "label": null}')),
    "two objects on a line": ("two-objects", _file('{"doc_id": "ferry-en", "mentions": []} {"doc_id": "ferry-pl", "mentions": []}\n')),
    "a line of 100 MB": ("long-line", _long_line),
    "a million empty lists": ("too-many-mentions", _mention("[]," * 1_000_000 + "[]")),
    "a million blank lines": ("too-many-lines", _file(b"\n" * 1_000_000)),
    "a zip archive": ("archive", _file(_zip())),
    "a tar archive": ("archive", _file(_tar())),
    "a bzip2 archive": ("archive", _file(bz2.compress(b"0" * 1_000_000))),
    "a gzip bomb": ("archive", _file(gzip.compress(b"0" * 50_000_000))),
    "an archive beside": ("stray-file", lambda folder: (folder / "predictions.zip").write_bytes(_zip())),
    **{f"a pickle, protocol {n}": ("pickle", _file(pickle.dumps({"a": _Evil()}, n))) for n in range(6)},
    "a link to a file": ("link", _link("predictions.jsonl", "/etc/passwd")),
    "a link as system.yaml": ("link", _link("system.yaml", "/etc/passwd")),
    "a link as README": ("link", _link("README.md", "../../../../etc/passwd")),
    "a device": ("link", _link("predictions.jsonl", "/dev/zero")),
    "a pipe": ("no-file", lambda folder: ((folder / "predictions.jsonl").unlink(), os.mkfifo(folder / "predictions.jsonl"))),
    ".. in the name": ("path", _name("a/../../b")),
    ".. in the document's id": ("unknown-document", _file('{"doc_id": "../../etc/passwd", "mentions": []}\n')),
    "a YAML anchor": ("yaml-anchor", _yaml(YAML.replace('"none"', '&a "none"') + "url: *a\n")),
    "YAML laughs": ("yaml-nested", _yaml(YAML + "".join(f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)))),
    "a YAML tag": ("yaml-tag", _yaml(YAML + 'parameters: !!python/object/apply:os.system ["echo taken > taken"]\n')),
    "no without quotes": ("yaml-word", _yaml(YAML + "partial: no\n")),
    "a version without quotes": ("yaml-word", _yaml(YAML.replace('"1"', "1.10"))),
    "a key twice in YAML": ("duplicate-key", _yaml(YAML + 'name: "B"\n')),
    "YAML 10,000 deep": ("yaml-nested", _yaml(YAML + "parameters: " + "[" * 9_000 + "\n")),
    "scores in YAML": ("unknown-field", _yaml(YAML + 'score: "99.9"\n')),
    "HTML in the name": ("markup", _name("<img src=x onerror=alert(1)>")),
    "a formula as the name": ("bad-name", _name("=HYPERLINK(1)")),
    "a control character in the name": ("control-character", _name("a\\x1b[2J")),
    "a zero-width character in the name": ("control-character", _name("a\\u200Bb")),
    "a bidi override in the name": ("bidi-character", _name("a\\u202Ecod")),
    "a look-alike in the name": ("look-alike", _name("Ηexapla")),  # a Greek letter
    "a full-width letter in the name": ("look-alike", _name("Ａ")),
    "a script as the address": ("bad-url", _yaml(YAML + 'url: "javascript:alert(1)"\n')),
    "a document twice": ("duplicate-document", _twice),
    "an unknown document": ("unknown-document", _file('{"doc_id": "elsewhere", "mentions": []}\n')),
    "a missing document": ("missing-document", _file('{"doc_id": "ferry-en", "mentions": []}\n')),
    "a span outside the text": ("out-of-range", _mention(f'{{"start": {LENGTH - 1}, "end": {LENGTH + 1}, "label": "PER"}}')),
    "a negative span": ("bad-span", _mention('{"start": -3, "end": 2, "label": "PER"}')),
    "a prediction for every span": ("too-many-mentions", _mention(", ".join(_shotgun()))),
    "a prediction for many spans": ("overlap", _mention(", ".join(list(_shotgun(step=9))[: 2 * LENGTH]))),
    "both labels of one span": ("duplicate-span", _mention('{"start": 0, "end": 3, "label": "PER"}, {"start": 0, "end": 3, "label": "ORG"}')),
    "offsets in bytes": ("out-of-range", _utf16_units),
    "UTF-16": ("other-encoding", _file('{"doc_id": "ferry-en", "mentions": []}\n'.encode("utf-16"))),
    "UTF-16 without a mark": ("other-encoding", _file('{"doc_id": "ferry-en", "mentions": []}\n'.encode("utf-16-le"))),
    "Latin-1": ("not-utf8", _file('{"doc_id": "é", "mentions": []}\n'.encode("latin-1"))),
    "half a character": ("half-character", _mention(r'{"start": 0, "end": 3, "label": "PER", "fact_id": "\ud800"}')),
    "an empty file": ("empty-file", _file(b"")),
    "an empty system.yaml": ("empty-file", _yaml("")),
    "code beside": ("stray-file", lambda folder: (folder / "setup.py").write_text("raise SystemExit('taken')\n")),
    "a script in place of JSON": ("bad-json", _file("import os\n")),
}  # fmt: skip
