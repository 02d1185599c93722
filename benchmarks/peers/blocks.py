"""Rows in blocks whose columns stay in the cache, with all memory laid out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.int8]


def blocks(rows: int, size: int) -> Iterator[slice]:
    for first in range(0, rows, size):
        yield slice(first, min(first + size, rows))


class Scratch:
    """Columns of one block."""

    def __init__(self, columns: int, size: int) -> None:
        self._columns = [np.empty(size, np.int8) for _ in range(columns)]

    def __call__(self, rows: int) -> list[Bytes]:
        return [each[:rows] for each in self._columns]


def outputs(names: Sequence[str], rows: int) -> dict[str, Bytes]:
    return {name: np.zeros(rows, np.int8) for name in names}
