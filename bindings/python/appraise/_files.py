"""Caseload files of the command line: CSV and Parquet in and out, a batch at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

BATCH_ROWS = 1 << 17
BLOCK_BYTES = 8 << 20


class FileError(Exception):
    """A file that cannot be read or written, in one line."""


@contextmanager
def problems(doing: str, path: Path) -> Iterator[None]:
    """Turns what goes wrong with a file into one line."""
    try:
        yield
    except FileNotFoundError:
        raise FileError(f"cannot {doing} {path}: there is no such file or folder") from None
    except (pa.ArrowException, OSError, UnicodeError) as problem:
        reason = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
        raise FileError(f"cannot {doing} {path}: {reason}") from None


def format_of(path: Path) -> str:
    """csv or parquet, by the ending of the name."""
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        return "csv"
    if name.endswith((".parquet", ".pq")):
        return "parquet"
    raise FileError(f"{path}: the name of a caseload ends in .csv, .csv.gz, .parquet or .pq")


@dataclass
class CaseloadFile:
    """A caseload on disk."""

    path: Path
    columns: list[str] = field(init=False)
    rows: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.format = format_of(self.path)
        with problems("read", self.path):
            if self.format == "parquet":
                with pyarrow.parquet.ParquetFile(self.path) as file:
                    self.columns = list(file.schema_arrow.names)
                    self.rows = file.metadata.num_rows
            else:
                with pyarrow.csv.open_csv(os.fspath(self.path)) as reader:
                    self.columns = list(reader.schema.names)
        twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
        if twice:
            raise FileError(f"{self.path}: the column {twice[0]!r} comes twice")

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The columns, some rows at a time; at least one batch."""
        schema = None
        with problems("read", self.path):
            for batch in self._csv(columns) if self.format == "csv" else self._parquet(columns):
                schema = batch.schema
                yield batch
            if schema is None:
                empty = [pa.array([], pa.string()) for _ in columns]
                yield pa.RecordBatch.from_arrays(empty, names=list(columns))

    def _csv(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        # Cells are read as text: whether one is a response is for the instrument to say, cell by cell.
        convert = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(self.columns, pa.string()),
            include_columns=list(columns),
            strings_can_be_null=False,
        )
        read = pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES)
        with pyarrow.csv.open_csv(os.fspath(self.path), read, convert_options=convert) as reader:
            for batch in reader:
                if batch.num_rows:
                    self._estimate(batch.num_rows)
                    yield batch

    def _estimate(self, rows: int) -> None:
        """Rows of the whole file, from those of its first block."""
        size = self.path.stat().st_size
        if self.rows is None and not self.path.name.endswith(".gz"):
            self.rows = rows if size <= BLOCK_BYTES else rows * size // BLOCK_BYTES

    def _parquet(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with pyarrow.parquet.ParquetFile(self.path) as file:
            text = [each.name for each in file.schema_arrow if pa.types.is_string(each.type) and each.name in columns]
        with pyarrow.parquet.ParquetFile(self.path, read_dictionary=text) as file:
            yield from file.iter_batches(BATCH_ROWS, columns=list(columns))


class ScoredFile:
    """Scored rows on their way to disk. The file appears under its name only when it is complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.format = format_of(path)
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        self._writer: Any = None

    def __enter__(self) -> ScoredFile:
        return self

    def write(self, table: pa.Table) -> None:
        """Appends rows."""
        with problems("write", self.path):
            if self.format == "csv":
                table = _flat(table)
            if self._writer is None:
                self._writer = self._open(table.schema)
            self._writer.write_table(table)

    def _open(self, schema: pa.Schema) -> Any:
        if self.format == "parquet":
            return pyarrow.parquet.ParquetWriter(self._partial, schema, compression="zstd")
        sink: Any = os.fspath(self._partial)
        if self.path.name.lower().endswith(".gz"):
            sink = pa.CompressedOutputStream(sink, "gzip")
        return pyarrow.csv.CSVWriter(sink, schema)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            with problems("write", self.path):
                if self._writer is not None:
                    self._writer.close()
                if kind is None:
                    self._partial.replace(self.path)
        finally:
            self._partial.unlink(missing_ok=True)


def _flat(table: pa.Table) -> pa.Table:
    """The same for a format that knows only plain values: labels as text, lists of text joined by "; "."""
    for position, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(position, column.name, table[position].cast(column.type.value_type))
        elif pa.types.is_large_list(column.type):
            joined = pc.binary_join(table[position].cast(pa.list_(pa.string())), "; ")
            table = table.set_column(position, column.name, joined)
    return table
