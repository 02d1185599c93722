"""What a run has counted: rows by status and by level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appraise._core import ScoringPlan
from appraise._scores import Scores

Table = dict[str, dict[str, int]]
"""Rows by scale and by label."""


class Counts:
    """Statuses and levels of each scale, and findings by code. It can be kept as JSON and gone on with."""

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        kept = kept or {}
        self.statuses: Table = kept.get("statuses", {})
        self.levels: Table = kept.get("levels", {})
        self.quarantined: dict[str, int] = kept.get("quarantined", {})
        self.scored: int = kept.get("scored", 0)
        self.unreadable: int = kept.get("unreadable", 0)

    def kept(self) -> dict[str, Any]:
        """A copy as JSON."""
        return {
            "scored": self.scored,
            "unreadable": self.unreadable,
            "statuses": _copy(self.statuses),
            "levels": _copy(self.levels),
            "quarantined": dict(self.quarantined),
        }

    def add_scores(self, plan: ScoringPlan, prefix: str, scores: Scores) -> None:
        """Counts rows of one instrument."""
        columns = set(scores.columns)
        for scale in plan.scales:
            _add(self.statuses, prefix + scale, scores.counts(f"{scale}_status"))
            if f"{scale}_level" in columns:
                _add(self.levels, prefix + scale, scores.counts(f"{scale}_level"))

    def add_findings(self, code: str, rows: int) -> None:
        """Counts rows in which something is wrong."""
        self.quarantined[code] = self.quarantined.get(code, 0) + rows


def _add(table: Table, scale: str, counts: Mapping[str, int]) -> None:
    known = table.setdefault(scale, {})
    for label, count in counts.items():
        known[label] = known.get(label, 0) + count


def _copy(table: Table) -> Table:
    return {scale: dict(counts) for scale, counts in table.items()}
