"""Rows of two tables brought together by their keys, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from appraise._proof.cells import whole

KEY = "\x1fkey"
ROW = "\x1frow"
"""Names that no column of a caseload has: the key of a row, and its number counted from 1."""


def with_key(table: pa.Table, keys: Sequence[str], start: int) -> pa.Table:
    """The table with the key of each row, made of the columns `keys`, and its number: the key if there are none."""
    rows = pa.array(np.arange(start, start + len(table)), pa.int64())
    if keys:
        columns = [pc.fill_null(table[name].cast(pa.string()), "") for name in keys]
        key = pc.binary_join_element_wise(*columns, "\x1f") if len(columns) > 1 else columns[0]
    else:
        key = rows.cast(pa.string())
    return table.append_column(KEY, key).append_column(ROW, rows)


class Aligner:
    """Pairs rows with the same key; the k-th of one side with the k-th of the other where a key comes more than once.

    Rows without a partner wait: memory grows with how far the order of the two sides differs, not with their length.
    """

    def __init__(self) -> None:
        self._waiting: list[pa.Table | None] = [None, None]

    def pair(self, first: pa.Table | None, second: pa.Table | None) -> tuple[pa.Table, pa.Table] | None:
        """Takes the next rows of either side; returns those that have a partner by now, in the order of the first."""
        left, right = (_joined(*each) for each in zip(self._waiting, (first, second), strict=True))
        self._waiting = [left, right]
        if left is None or right is None:
            return None
        if len(left) == len(right) and pc.all(pc.equal(left[KEY], right[KEY]), min_count=0).as_py():
            self._waiting = [None, None]
            return left, right
        at = _partners(left[KEY], right[KEY])
        self._waiting = [_without(left, at[0]), _without(right, at[1])]
        return left.take(pa.array(at[0])), right.take(pa.array(at[1]))

    @property
    def waiting(self) -> tuple[pa.Table | None, pa.Table | None]:
        """Rows that have no partner."""
        return self._waiting[0], self._waiting[1]


def _joined(waiting: pa.Table | None, new: pa.Table | None) -> pa.Table | None:
    if waiting is None or new is None:
        return new if waiting is None else waiting
    # Batches of a file may differ in how they code text.
    return pa.concat_tables([_plain(waiting), _plain(new)], promote_options="permissive")


def _plain(table: pa.Table) -> pa.Table:
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, table[at].cast(field.type.value_type))
    return table


def _partners(left: pa.ChunkedArray, right: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions in both sides of the rows that belong together, ascending on the left."""
    both = whole(pa.chunked_array([*left.chunks, *right.chunks], pa.string()))
    coded = both.dictionary_encode().indices.to_numpy()
    sides = coded[: len(left)].astype(np.int64), coded[len(left) :].astype(np.int64)
    ids = [side * (len(coded) + 1) + _occurrence(side) for side in sides]
    _, first, second = np.intersect1d(ids[0], ids[1], assume_unique=True, return_indices=True)
    order = np.argsort(first, kind="stable")
    return first[order], second[order]


def _occurrence(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for the first place of a value, 1 for its second, and so on."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(values) else np.empty(0, np.int64)
    within = np.arange(len(values)) - np.repeat(starts, np.diff(np.r_[starts, len(values)]))
    result = np.empty(len(values), np.int64)
    result[order] = within
    return result


def _without(table: pa.Table, places: NDArray[np.int64]) -> pa.Table | None:
    left = np.ones(len(table), np.bool_)
    left[places] = False
    return table.filter(pa.array(left)) if left.any() else None
