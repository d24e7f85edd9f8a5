"""Sentence alignment, n-way beads and the relation between documents."""

from hexapla.align.pairwise import Bead, align, beads

__all__ = ["Bead", "align", "beads"]
