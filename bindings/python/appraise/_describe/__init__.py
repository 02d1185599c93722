"""Descriptions of definitions: the codebook, the score sheet, the reference pages, the scaffold of a new definition."""
