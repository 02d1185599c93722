"""Counts by group, with small cells withheld."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from appraise import _core
from appraise._proof.cells import whole

MOST_GROUPS = 1000
NOT_STATED = "(not stated)"


class GroupCounts:
    """How often each outcome fell in each group of one column; memory grows with the number of groups alone."""

    def __init__(self, column: str, outcomes: int) -> None:
        self.column = column
        self._outcomes = outcomes
        self._counts: dict[str, NDArray[np.int64]] = {}

    def add(self, groups: pa.Array, outcomes: NDArray[np.integer]) -> None:
        """Counts the rows of a batch; outcomes are numbers from 0."""
        coded = whole(pc.fill_null(groups.cast(pa.string()), NOT_STATED)).dictionary_encode()
        names = [name.as_py() or NOT_STATED for name in coded.dictionary]
        places = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64) * self._outcomes + outcomes
        counted = np.bincount(places, minlength=len(names) * self._outcomes).reshape(len(names), self._outcomes)
        for name, counts in zip(names, counted, strict=True):
            self._counts[name] = self._counts.get(name, 0) + counts
        if len(self._counts) > MOST_GROUPS:
            raise _core.UsageError(
                f"the column '{self.column}' has more than {MOST_GROUPS} values, so it is no column of groups"
            )

    def table(self) -> tuple[list[str], NDArray[np.int64]]:
        """Groups in alphabetical order, and their counts: groups x outcomes."""
        names = sorted(self._counts)
        rows = [self._counts[name] for name in names]
        return names, np.array(rows, np.int64).reshape(len(names), self._outcomes)


def withheld(counts: NDArray[np.int64], smallest: int) -> NDArray[np.bool_]:
    """Which cells of a table of groups are to be withheld, where the totals of its columns are published.

    Cells of 1 to `smallest` - 1 people are, everything of a group that is so small, and as many of the next smallest as
    it takes that no withheld cell follows from the others.

    Returns
    -------
    array, groups x (outcomes + 1)
        The last column is the number of people in the group.
    """
    table = np.column_stack([counts, counts.sum(axis=1)])
    hidden: NDArray[np.bool_] = (table > 0) & (table < smallest)
    hidden[hidden[:, -1]] = True
    changed = True
    while changed:
        changed = False
        for mask, numbers in ((hidden, table), (hidden.T, table.T)):
            for line, cells in zip(mask, numbers, strict=True):
                if line.sum() == 1 and len(line) > 1:
                    open_cells = np.flatnonzero(~line)
                    # A cell of nobody hides little: it is taken only where there is no other.
                    order = np.lexsort((cells[open_cells], cells[open_cells] == 0))
                    line[open_cells[order[0]]] = True
                    changed = True
    return hidden
