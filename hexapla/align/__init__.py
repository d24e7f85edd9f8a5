"""Sentence alignment, n-way beads and the relation between documents."""

from hexapla.align.nway import nway
from hexapla.align.pairwise import Aligner, Bead, align, beads
from hexapla.align.relate import Grouping, Pair, relate, relation_score

__all__ = ["Aligner", "Bead", "Grouping", "Pair", "align", "beads", "nway", "relate", "relation_score"]
