"""Descriptions of definitions: the codebook, the score sheet, the scaffold of a new definition."""
