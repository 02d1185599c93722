"""polars data frames and lazy frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from appraise._core import Batches, Caseload, UsageError
from appraise._frames.base import Frame, Giver, Reading

if TYPE_CHECKING:
    import polars


class PolarsFrame(Frame):
    """A polars data frame."""

    def __init__(self, table: polars.DataFrame) -> None:
        self._table = table

    @property
    def columns(self) -> Sequence[object]:
        return list(self._table.columns)

    def type_of(self, column: str) -> str:
        return str(self._table.schema[column])

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        import polars as pl

        table = self._table.select(reading.answers)
        for name, kind in table.schema.items():
            if kind == pl.Object:
                raise UsageError(f"column '{name}' has the type Object; responses are numbers, Booleans, dates or text")
        yield from Batches(table.__arrow_c_stream__()).read(reading.items, reading.codes)

    def giver(self, key: Sequence[str]) -> Giver:
        keys = self._table.select(list(key))
        return lambda scores: keys.hstack(scores.to_polars()) if key else scores.to_polars()


class LazyFrame(Frame):
    """A polars lazy frame: its columns that are needed are collected once, results are lazy again."""

    def __init__(self, table: polars.LazyFrame) -> None:
        self._table = table
        self._schema = table.collect_schema()
        self._collected: polars.DataFrame | None = None

    @property
    def columns(self) -> Sequence[object]:
        return list(self._schema.names())

    def type_of(self, column: str) -> str:
        return str(self._schema[column])

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        self._collected = self._table.select(reading.columns).collect()
        yield from PolarsFrame(self._collected).caseloads(reading)

    def giver(self, key: Sequence[str]) -> Giver:
        assert self._collected is not None
        keys = self._collected.select(list(key))
        return lambda scores: (keys.hstack(scores.to_polars()) if key else scores.to_polars()).lazy()
