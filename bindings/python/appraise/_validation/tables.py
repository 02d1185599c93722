"""The numbers of a validation: one set of tables, from which the page, the CSV files and the JSON document are made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from appraise.statistics import Estimate, Sample, Test

Row = dict[str, Any]

WHOLE, REAL, TEXT = "whole", "real", "text"

INTERVAL = {"value": REAL, "standard_error": REAL, "low": REAL, "high": REAL, "status": TEXT, "interval": TEXT}
PEOPLE = {"n": WHOLE, "events": WHOLE}


def _estimates(*names: str) -> dict[str, str]:
    return {
        f"{name}{end}": TEXT if end == "_status" else REAL for name in names for end in ("", "_low", "_high", "_status")
    }


COLUMNS: dict[str, dict[str, str]] = {
    "flow": {"sample": TEXT, "step": TEXT, "code": TEXT, "rows": WHOLE},
    "distribution": {
        **{"variable": TEXT, "n": WHOLE, "missing": WHOLE, "mean": REAL, "sd": REAL},
        **dict.fromkeys(("minimum", "q1", "median", "q3", "maximum"), REAL),
    },
    "counts": {"variable": TEXT, "category": TEXT, "n": WHOLE, "share": REAL},
    "figures": {"section": TEXT, "by": TEXT, "group": TEXT, "figure": TEXT, **INTERVAL, **PEOPLE, "left_out": WHOLE},
    "tests": {
        **{"section": TEXT, "by": TEXT, "test": TEXT, "statistic": REAL, "degrees_of_freedom": REAL},
        **{"p_value": REAL, "status": TEXT},
    },
    "differences": {
        **{"by": TEXT, "group": TEXT, "reference": TEXT, "figure": TEXT},
        **_estimates("difference"),
        **{"p_value": REAL, "p_value_status": TEXT},
    },
    "cuts": {
        "cut": REAL,
        **dict.fromkeys(("true_positives", "false_positives", "false_negatives", "true_negatives"), WHOLE),
        **_estimates("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value"),
    },
    "numbers_needed": {"cut": REAL, "flagged": WHOLE, "missed": WHOLE, **_estimates("needed")},
    "decision_curve": {"threshold": REAL, "rates": REAL, "everybody": REAL, "flagged": REAL},
    "calibration_curve": {"predicted": REAL, "observed": REAL, "people": WHOLE},
    "hosmer_lemeshow": {"lowest": REAL, "highest": REAL, "n": WHOLE, "expected": REAL, "observed": WHOLE},
    "survival": {
        **{"by": TEXT, "group": TEXT, "time": REAL, "at_risk": WHOLE, "events": WHOLE},
        **_estimates("survival", "incidence"),
    },
    "hazards": {
        **{"start": REAL, "end": REAL, "at_risk": WHOLE, "events": WHOLE, "person_time": REAL},
        **_estimates("hazard", "probability"),
    },
    "level_pairs": {"first": TEXT, "second": TEXT, "n": WHOLE},
}
"""Every table with its columns. What has no figure is null, and a status column beside it says why."""


@dataclass
class Numbers:
    """All numbers, as rows by table; a table that does not apply has no rows and its reason in `left_out`."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    left_out: dict[str, str] = field(default_factory=dict)

    def add(self, table: str, **cells: Any) -> None:
        """Appends a row; cells that are not named are null."""
        unknown = set(cells).difference(COLUMNS[table])
        assert not unknown, unknown
        self.rows[table].append({name: plain(cells.get(name), kind) for name, kind in COLUMNS[table].items()})

    def add_rows(self, table: str, columns: Mapping[str, Any], rows: Iterable[int] | None = None, **same: Any) -> None:
        """Appends rows of a statistic's table, with cells that all share; other columns are passed over."""
        named = {name: column for name, column in columns.items() if name in COLUMNS[table]}
        for row in range(len(next(iter(named.values())))) if rows is None else rows:
            self.add(table, **{name: column[row] for name, column in named.items()}, **same)

    def figure(
        self, section: str, name: str, estimate: Estimate, people: Sample | None = None, by: str = "", group: str = ""
    ) -> None:
        """Appends an estimate to the figures."""
        self.add(
            "figures",
            section=section,
            by=by,
            group=group,
            figure=name,
            value=estimate.value,
            standard_error=estimate.standard_error,
            low=estimate.low,
            high=estimate.high,
            status=estimate.status,
            interval=estimate.interval,
            n=people.n if people else None,
            events=people.events if people and section != "agreement" else None,
            left_out=people.left_out if people else None,
        )

    def test(self, section: str, name: str, test: Test, by: str = "") -> None:
        """Appends a test."""
        self.add(
            "tests",
            section=section,
            by=by,
            test=name,
            statistic=test.statistic,
            degrees_of_freedom=test.degrees_of_freedom,
            p_value=test.p_value,
            status=test.status,
        )

    def find(self, table: str, **cells: str) -> Iterator[Row]:
        """The rows in which the named cells are as given."""
        return (row for row in self.rows[table] if all(row[name] == cell for name, cell in cells.items()))

    def first(self, table: str, **cells: str) -> Row | None:
        """The first such row, if there is one."""
        return next(self.find(table, **cells), None)

    def documents(self) -> dict[str, list[Row]]:
        """The tables for JSON: numbers without a bound, which JSON has not, as the text "Infinity"."""
        return {
            name: [{cell: _told(value) for cell, value in row.items()} for row in rows]
            for name, rows in self.rows.items()
        }


def _told(value: Any) -> Any:
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def plain(value: Any, kind: str) -> Any:
    """A value of NumPy as one of Python; NaN, which says that nothing is there, as None."""
    value = value.item() if hasattr(value, "item") else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return int(value) if kind == WHOLE else float(value) if kind == REAL else str(value)
