"""Other people's formats: `export` a corpus into them, and `import_iob2` corpora that come in IOB2.

iob2         CoNLL-2002, a file per language: token and tag
jsonl        a document a line, with everything
brat         text and stand-off annotation, a pair of files per document
labelstudio  tasks with predictions, and the configuration of the project
spacy        a DocBin per language (needs spaCy)
"""

from hexapla.exchange.iob2 import import_iob2, read_iob2
from hexapla.exchange.write import FORMATS, export

__all__ = ["FORMATS", "export", "import_iob2", "read_iob2"]
