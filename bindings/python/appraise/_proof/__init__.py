"""Proof of what was scored: what a rescoring moves, whether stored results follow, the store that keeps them."""
