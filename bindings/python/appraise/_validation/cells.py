"""Cells as what they stand for: numbers, outcomes, labels, keys. Whole columns at a time; what is wrong is pointed "
"at."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = ("", "NA")
"""Texts that mean that there is no value."""

WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
SECONDS = 86400
EPOCH = datetime.date(1970, 1, 1).toordinal()
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def text(column: pa.ChunkedArray) -> pa.Array:
    """A column as text, in one piece; empty where nothing is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    filled = pc.fill_null(column.cast(pa.large_string()), "")
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


def coded(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int64]]:
    """The texts that occur, and which of them each cell is."""
    found = text(column).dictionary_encode()
    return found.dictionary.to_pylist(), found.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _by_text(column: pa.ChunkedArray, one: Callable[[str], float]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Each text once: its number, NaN where it is missing, infinite where it is none."""
    texts, codes = coded(column)
    values = np.array([math.nan if each in MISSING else one(each) for each in texts] or [math.nan])
    found = values[codes] if len(codes) else np.empty(0)
    wrong = np.isinf(found)
    return np.where(wrong, np.nan, found), wrong


def _number(cell: str) -> float:
    return float(cell) if NUMBER.fullmatch(cell.strip()) else math.inf


def numbers(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A column as numbers, NaN where there is none; and where it holds what is no finite number."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = column.cast(pa.float64()).to_numpy().astype(np.float64)
        wrong = np.isinf(values)
        return np.where(wrong, np.nan, values), wrong
    return _by_text(column, _number)


def kinds(column: pa.ChunkedArray, highest: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A column of 0, 1 ... `highest`, true and false, yes and no; and where it holds something else."""
    import pyarrow as pa

    if pa.types.is_boolean(column.type):
        values, wrong = column.cast(pa.int8()).cast(pa.float64()).to_numpy(), np.zeros(len(column), np.bool_)
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        values, wrong = numbers(column)
    else:
        values, wrong = _by_text(column, lambda cell: WORDS.get(cell.strip().casefold(), _number(cell)))
    beyond = np.isfinite(values) & ((values != np.floor(values)) | (values < 0) | (values > highest))
    return np.where(beyond, np.nan, values), wrong | beyond


def days(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A column of dates as days since 1970, NaN where there is none; and where it holds what is no date."""
    import pyarrow as pa

    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        dates = column.cast(pa.timestamp("s"), safe=False).cast(pa.int64()).cast(pa.float64())
        return np.floor(dates.to_numpy() / SECONDS), np.zeros(len(column), np.bool_)
    return _by_text(column, _day)


def _day(cell: str) -> float:
    try:
        return float(datetime.date.fromisoformat(cell.strip()).toordinal() - EPOCH)
    except ValueError:
        return math.inf


def labels(column: pa.ChunkedArray, order: Sequence[str] | None = None) -> tuple[list[str], NDArray[np.int64]]:
    """The labels of a column in order, and the number of each cell's, -1 where there is none.

    Without `order` numbers come by size and texts by the alphabet.
    """
    texts, codes = coded(column)
    seen = [each for each in texts if each not in MISSING]
    if order is None:
        by_size = all(NUMBER.fullmatch(each) for each in seen)
        names = sorted(seen, key=float) if by_size else sorted(seen)
    else:
        names = [*order, *sorted(set(seen).difference(order))]
    place = {name: at for at, name in enumerate(names)}
    places = np.array([place.get(each, -1) for each in texts] or [-1], np.int64)
    return names, places[codes] if len(codes) else np.empty(0, np.int64)


def shown(column: pa.ChunkedArray, rows: NDArray[np.int64]) -> list[str]:
    """Cells as text, for the quarantine."""
    values: list[Any] = text(column.take(rows)).to_pylist()
    return values
