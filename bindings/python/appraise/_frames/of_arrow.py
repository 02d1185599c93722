"""Tables of pyarrow, and everything else that has the Arrow PyCapsule interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from appraise._core import Batches, Caseload, UsageError, column_names
from appraise._frames.base import ArrowArray, ArrowStream, Frame, Giver, Reading

if TYPE_CHECKING:
    import pyarrow

    from appraise._scores import Scores


class ArrowFrame(Frame):
    """A pyarrow table or record batch; the columns that are not read are not exported either."""

    def __init__(self, table: pyarrow.Table | pyarrow.RecordBatch) -> None:
        self._table = table

    @property
    def columns(self) -> Sequence[object]:
        return list(self._table.schema.names)

    def type_of(self, column: str) -> str:
        return str(self._table.schema.field(self.columns.index(column)).type)

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        import pyarrow as pa

        table = _selected(self._table, reading.answers)
        if isinstance(table, pa.RecordBatch):
            yield _from_batch(table, reading)
        else:
            yield from _nonempty(Batches(table.__arrow_c_stream__()).read(reading.items, reading.codes), reading)

    def giver(self, key: Sequence[str]) -> Giver:
        import pyarrow as pa

        keys = _selected(self._table, key)
        return lambda scores: _batch(keys, scores) if isinstance(keys, pa.RecordBatch) else beside(keys, scores)


class ReaderFrame(Frame):
    """A pyarrow reader, read batch by batch and once; results are a reader too."""

    def __init__(self, reader: pyarrow.RecordBatchReader) -> None:
        self._reader = reader
        self._keys: list[pyarrow.RecordBatch] = []

    @property
    def columns(self) -> Sequence[object]:
        return list(self._reader.schema.names)

    def type_of(self, column: str) -> str:
        return str(self._reader.schema.field(self.columns.index(column)).type)

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        none = True
        for batch in self._reader:
            none = False
            if reading.key:
                self._keys.append(_selected(batch, reading.key))
            yield _from_batch(_selected(batch, reading.answers), reading)
        if none:
            yield no_caseload(list(reading.items))

    def keys(self, key: Sequence[str]) -> pyarrow.Table:
        """The key columns of all batches that were read."""
        import pyarrow as pa

        schema = pa.schema([self._reader.schema.field(self.columns.index(name)) for name in key])
        return pa.Table.from_batches(self._keys, schema)

    def giver(self, key: Sequence[str]) -> Giver:
        keys = self.keys(key)
        return lambda scores: beside(keys, scores).to_reader()


class CapsuleFrame(Frame):
    """A table of any other library that has the interface; results are a pyarrow table."""

    def __init__(self, table: ArrowStream | ArrowArray) -> None:
        self._capsules = table.__arrow_c_array__() if isinstance(table, ArrowArray) else None
        self._batches = Batches(table.__arrow_c_stream__()) if isinstance(table, ArrowStream) else None

    @property
    def columns(self) -> Sequence[object]:
        return self._batches.columns if self._batches else column_names(self._capsules[0]) if self._capsules else []

    def type_of(self, column: str) -> str:
        return ""

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        if reading.key:
            raise UsageError("key: this kind of table cannot give its key columns; pass it as a pyarrow table")
        if self._capsules:
            yield Caseload.from_arrow(*self._capsules, reading.items, reading.codes)
        elif self._batches:
            yield from _nonempty(self._batches.read(reading.items, reading.codes), reading)

    def giver(self, key: Sequence[str]) -> Giver:
        return lambda scores: scores.to_pyarrow()


def no_caseload(items: Sequence[str]) -> Caseload:
    """No rows of some items."""
    import numpy as np

    return Caseload([(item, "int32", np.empty(0, np.int32), None, []) for item in items])


def _from_batch(batch: pyarrow.RecordBatch, reading: Reading) -> Caseload:
    schema, array = batch.__arrow_c_array__()
    return Caseload.from_arrow(schema, array, reading.items, reading.codes)


def _nonempty(batches: Iterator[Caseload], reading: Reading) -> Iterator[Caseload]:
    none = True
    for caseload in batches:
        none = False
        yield caseload
    if none:
        yield no_caseload(list(reading.items))


def _selected(table: Any, columns: Sequence[str]) -> Any:
    # By position: a name may come twice, which is told of.
    names = table.schema.names
    for name in columns:
        if names.count(name) > 1:
            raise UsageError(f"column '{name}' comes twice")
    return table.select([names.index(name) for name in columns])


def _batch(keys: pyarrow.RecordBatch, scores: Scores) -> pyarrow.RecordBatch:
    import pyarrow as pa

    table = beside(keys, scores)
    return pa.RecordBatch.from_arrays([each.combine_chunks() for each in table.columns], schema=table.schema)


def beside(keys: Any, scores: Scores) -> pyarrow.Table:
    """Key columns, then results, with the metadata of the results."""
    table = scores.to_pyarrow()
    for place, field in enumerate(keys.schema):
        table = table.add_column(place, field, keys.column(place))
    return table
