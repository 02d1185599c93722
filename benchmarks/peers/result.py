"""Results of any peer as plain columns, and whether two are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STATUSES = ("scored", "scored_with_omissions", "incomplete", "invalid", "not_applicable")
SCORED, OMITTED, INCOMPLETE, INVALID, NOT_APPLICABLE = range(5)


@dataclass(frozen=True)
class Column:
    """Numbers, or codes of labels; without meaning where `missing`."""

    values: NDArray[Any]
    missing: NDArray[np.bool_]
    labels: tuple[str, ...] = ()

    def text(self, row: int) -> str:
        if self.missing[row]:
            return "null"
        return self.labels[self.values[row]] if self.labels else str(self.values[row])


Result = dict[str, Column]


def column(values: NDArray[Any], missing: NDArray[np.bool_] | None = None, labels: tuple[str, ...] = ()) -> Column:
    return Column(values, np.zeros(len(values), np.bool_) if missing is None else missing, labels)


@dataclass(frozen=True)
class Peer:
    """One program, with its answers in its own memory: `run` is timed, `read` is not."""

    name: str
    run: Callable[[], Any]
    read: Callable[[Any], Result]
    threads: int = 1


def _same(expected: Column, found: Column, tolerance: float) -> NDArray[np.bool_]:
    if expected.labels or found.labels:
        order = np.array([found.labels.index(each) if each in found.labels else -1 for each in expected.labels])
        equal = order[np.where(expected.missing, 0, expected.values)] == found.values
    elif tolerance:
        near = np.abs(expected.values - found.values) <= tolerance * np.maximum(np.abs(expected.values), 1)
        equal = near | (expected.values == found.values)
    else:
        equal = expected.values == found.values
    same: NDArray[np.bool_] = (expected.missing == found.missing) & (expected.missing | equal)
    return same


def first_difference(expected: Result, found: Result, tolerance: float = 0.0) -> str | None:
    """Where two results part, or None. The tolerance is relative to values above 1, and absolute below."""
    if expected.keys() != found.keys():
        return f"columns {sorted(found)} instead of {sorted(expected)}"
    for name, wanted in expected.items():
        given = found[name]
        if len(wanted.values) != len(given.values):
            return f"column '{name}' has {len(given.values)} rows instead of {len(wanted.values)}"
        same = _same(wanted, given, tolerance)
        if not same.all():
            row = int(np.argmin(same))
            return f"column '{name}', row {row}: {given.text(row)} instead of {wanted.text(row)}"
    return None
