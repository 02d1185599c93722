"""The two tables of a validation, from files, databases or a caller's memory."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from appraise._core import Instrument, UsageError
from appraise._frames import frame_of
from appraise._io import BadRow, LocationError, ValuesDigest, is_database, open_source
from appraise._runs.manifest import read_manifest
from appraise._scores import Scores

if TYPE_CHECKING:
    import pyarrow as pa

Lines = Callable[[NDArray[np.int64]], list[str]]


@dataclass(frozen=True)
class Rows:
    """The columns of a table that were asked for.

    Attributes
    ----------
    table : pyarrow.Table
        The rows that could be read.
    numbers : array
        The number of each in its source, from 1.
    bad : list of BadRow
        The rows that could not be read.
    """

    table: pa.Table
    numbers: NDArray[np.int64]
    bad: Sequence[BadRow] = ()

    def __len__(self) -> int:
        """All rows, read or not."""
        return len(self.numbers) + len(self.bad)


@dataclass
class Given(ABC):
    """A table of the caller's: its columns, and what it says of itself.

    Attributes
    ----------
    role : str
        "scored" or "outcomes".
    metadata : dict
        What scores say of themselves (Parquet, Arrow, `Scores`, pandas): instrument, edition, digests.
    manifest : dict or None
        That of the run which wrote the file.
    instrument : Instrument or None
        What gave the scores, where they are at hand.
    """

    role: str
    name: str
    columns: list[str]
    metadata: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    manifest: dict[str, Any] | None = None
    instrument: Instrument | None = None

    @abstractmethod
    def read(self, columns: Sequence[str]) -> Rows:
        """Reads columns."""

    @abstractmethod
    def digest(self) -> dict[str, Any]:
        """What was read, to be asked for after `read`."""

    def frame(self, table: pa.Table) -> Any:
        """A table of results in the caller's own kind."""
        return table

    def lines(self, rows: NDArray[np.int64]) -> list[str]:
        """The lines of rows, where the source has lines; `rows` are numbers, ascending."""
        return [""] * len(rows)

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Ends a connection."""


class FromLocation(Given):
    """A file, a folder of files or a table of a database."""

    def __init__(self, role: str, location: str) -> None:
        self._source = open_source(location)
        super().__init__(role, self._source.name, self._source.columns)
        self._stamp = self._source.stamp()
        beside = Path(f"{location}.manifest.json")
        if not is_database(location) and beside.exists():
            try:
                self.manifest = read_manifest(beside)
            except LocationError:
                self.manifest = None

    def read(self, columns: Sequence[str]) -> Rows:
        import pyarrow as pa

        batches, numbers, bad = [], [], []
        for batch in self._source.batches(columns):
            batches.append(batch.table)
            numbers.append(batch.rows)
            bad += batch.bad
        table = pa.Table.from_batches(batches)
        self.metadata, self.fields = _metadata_of(table.schema)
        return Rows(table, np.concatenate(numbers), bad)

    def digest(self) -> dict[str, Any]:
        told = self._source.digest()
        if self._source.stamp() != self._stamp:
            raise LocationError(f"{self.name} was changed while it was read")
        return told

    def lines(self, rows: NDArray[np.int64]) -> list[str]:
        told: list[str] = []
        for batch in self._source.batches(self.columns[:1]):
            within = rows[(rows >= batch.first) & (rows < batch.first + len(batch))]
            told += [batch.line(int(row)) for row in within]
        return told

    def close(self) -> None:
        self._source.close()


class FromMemory(Given):
    """A data frame, a mapping of columns, or the result of `score`."""

    def __init__(self, role: str, table: Any) -> None:
        self._kind = type(table).__name__
        scores = table if isinstance(table, Scores) else None
        held = _with_index(table.frame if scores is not None else table)
        self._table = held
        super().__init__(role, f"{role} ({self._kind})", [str(name) for name in frame_of(held).columns])
        attributes = getattr(held, "attrs", {}).get("appraise") if hasattr(held, "attrs") else None
        if isinstance(attributes, Mapping):
            self.metadata = {str(name): str(text) for name, text in attributes.items()}
        if scores is not None:
            self.metadata = scores.metadata
            self.instrument = scores.plan.instrument
            self.fields = {
                name: scores.column_metadata(name) for name in scores.columns if scores.kind(name) != "texts"
            }
        self._digest = ""
        self._rows = 0

    def read(self, columns: Sequence[str]) -> Rows:
        table = arrow_table(self._table, columns)
        metadata, fields = _metadata_of(table.schema)
        self.metadata, self.fields = self.metadata or metadata, self.fields or fields
        values = ValuesDigest()
        for batch in table.to_batches():
            values.add(batch)
        self._digest, self._rows = values.end(), len(table)
        return Rows(table, np.arange(1, len(table) + 1))

    def frame(self, table: pa.Table) -> Any:
        kind = type(self._table).__module__.partition(".")[0]
        if kind == "pandas":
            return table.to_pandas()
        if kind == "polars":
            import polars

            return polars.from_arrow(table)
        if isinstance(self._table, Mapping | np.ndarray):
            return {name: column.to_numpy() for name, column in zip(table.column_names, table.columns, strict=True)}
        return table

    def digest(self) -> dict[str, Any]:
        return {"location": None, "kind": self._kind, "rows": self._rows, "values_sha256": self._digest}


def _with_index(table: Any) -> Any:
    """A data frame of pandas with its named index as columns: there the key often is."""
    if type(table).__module__.partition(".")[0] != "pandas" or table.index.names == [None]:
        return table
    attributes = dict(table.attrs)
    table = table.reset_index()
    table.attrs.update(attributes)
    return table


def given(role: str, table: Any) -> Given:
    """What a caller gave as a table."""
    if isinstance(table, str | os.PathLike):
        return FromLocation(role, os.fspath(table))
    return FromMemory(role, table)


def arrow_table(table: Any, columns: Sequence[str]) -> pa.Table:
    """Some columns of a caller's table as an Arrow table."""
    import pyarrow as pa

    kind = type(table).__module__.partition(".")[0]
    if isinstance(table, Mapping) or (isinstance(table, np.ndarray) and table.dtype.names):
        arrays = [_array(name, table[name]) for name in columns]
        if len({len(array) for array in arrays}) > 1:
            lengths = ", ".join(f"{name} {len(array)}" for name, array in zip(columns, arrays, strict=True))
            raise UsageError(f"columns differ in length: {lengths}")
        return pa.table(dict(zip(columns, arrays, strict=True)))
    if kind == "pandas":
        return pa.Table.from_pandas(table[list(columns)], preserve_index=False)
    if kind == "polars":
        lazy = table.select(columns)
        return (lazy.collect() if hasattr(lazy, "collect") else lazy).to_arrow()
    if kind == "duckdb":
        quoted = ('"' + name.replace('"', '""') + '"' for name in columns)
        return pa.table(table.project(", ".join(quoted)).to_arrow_table())
    if isinstance(table, pa.Table | pa.RecordBatch):
        return pa.table(
            {name: table[name] for name in columns},
            pa.schema([table.schema.field(name) for name in columns], table.schema.metadata),
        )
    return pa.table(table).select(list(columns))


def _array(name: str, values: Any) -> pa.Array:
    import pyarrow as pa

    try:
        if isinstance(values, np.ma.MaskedArray):
            return pa.array(np.asarray(values.filled(values.fill_value)), mask=np.ma.getmaskarray(values))
        return pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        # Numbers and text in one column: as text, of which each cell is looked at.
        texts = [None if value is None or value != value else str(value) for value in values]
        return pa.array(texts, pa.string())


def _metadata_of(schema: pa.Schema) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    def plain(given: Mapping[bytes, bytes] | None) -> dict[str, str]:
        return {name.decode(): text.decode(errors="replace") for name, text in (given or {}).items()}

    return plain(schema.metadata), {each.name: plain(each.metadata) for each in schema}
