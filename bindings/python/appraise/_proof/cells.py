"""Stored cells against recomputed ones, whatever kind of file they come from."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def differs(stored: pa.ChunkedArray, recomputed: pa.ChunkedArray, tolerance: float) -> NDArray[np.bool_]:
    """In which of n rows the two are not the same. Text that is no number or date differs from every number or date."""
    kind = recomputed.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        first, broken = _numbers(stored)
        second, _ = _numbers(recomputed)
        with np.errstate(invalid="ignore"):
            apart = (first != second) if tolerance == 0 else (np.abs(first - second) > tolerance)
        return broken | np.where(np.isnan(first) | np.isnan(second), np.isnan(first) != np.isnan(second), apart)
    if pa.types.is_date(kind):
        days, broken = _dates(stored)
        return broken | _apart(_days(days), _days(recomputed.cast(pa.date32())))
    return _apart(text(stored), text(recomputed))


def _apart(stored: pa.ChunkedArray, recomputed: pa.ChunkedArray) -> NDArray[np.bool_]:
    apart: NDArray[np.bool_] = pc.not_equal(stored, recomputed).to_numpy()
    return apart


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text; nothing is empty text, and lists are joined by "; "."""
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), "; ")
    return pc.fill_null(column.cast(pa.string()), "")


def shown(column: pa.ChunkedArray, row: int) -> str:
    """One cell as it is printed in a finding."""
    value = column[row].as_py()
    if value is None or value != value:
        return ""
    if isinstance(value, list):
        return "; ".join(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numbers(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A column as numbers, NaN where there is nothing, and where it holds what is no number."""
    if _is_text(column.type):
        return _parsed(text(column), pa.float64(), _float)
    return column.cast(pa.float64()).to_numpy(), np.zeros(len(column), np.bool_)


def _dates(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, NDArray[np.bool_]]:
    if not _is_text(column.type):
        return column.cast(pa.date32()), np.zeros(len(column), np.bool_)
    days, broken = _parsed(text(column), pa.date32(), _day)
    return pa.chunked_array([pa.array(days, pa.date32())]), broken


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days as numbers, none far below all of them."""
    return pc.fill_null(column.cast(pa.int32()).cast(pa.int64()), -(1 << 40))


def _is_text(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_string(kind) or types.is_large_string(kind) or types.is_dictionary(kind) or types.is_null(kind)
    )


def _parsed(column: pa.ChunkedArray, kind: pa.DataType, one: Callable[[str], Any]) -> tuple[Any, NDArray[np.bool_]]:
    """Text as numbers or dates: at once where all of it is, cell by cell where some is not."""
    filled = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    try:
        values = filled.cast(kind)
        broken = np.zeros(len(column), np.bool_)
        return (values.to_numpy() if pa.types.is_floating(kind) else whole(values)), broken
    except pa.ArrowInvalid:
        pass
    parsed = [None if not cell else one(cell) for cell in column.to_pylist()]
    broken = np.array([bool(cell) and value is None for cell, value in zip(column.to_pylist(), parsed, strict=True)])
    array = pa.array(parsed, kind)
    return (array.to_numpy(zero_copy_only=False) if pa.types.is_floating(kind) else array), broken


def _float(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _day(cell: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(cell)
    except ValueError:
        return None
