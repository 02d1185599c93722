"""Parquet, Arrow IPC and folders as sources."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from appraise._io.locations import FORMATS, FileLocation
from appraise._io.problems import LocationError, problems
from appraise._io.source import BATCH_ROWS, FileSource, Source, SourceBatch, from_row, unique

BUFFER_BYTES = 1 << 20
END_OF_STREAM = b"\xff\xff\xff\xff\0\0\0\0"


class ParquetSource(FileSource):
    """A Parquet file. Columns are read at their own types, text dictionary-coded."""

    def __init__(self, location: FileLocation) -> None:
        super().__init__(location)
        with problems("read", self.name), pyarrow.parquet.ParquetFile(self._path) as file:
            self.columns = unique(file.schema_arrow.names, self.name)
            self.rows = file.metadata.num_rows
            self._groups = [file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups)]
            self._texts = [each.name for each in file.schema_arrow if pa.types.is_string(each.type)]
            self._schema = file.schema_arrow

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[SourceBatch]:
        passed, first = 0, 0
        while passed < len(self._groups) and first + self._groups[passed] <= start:
            first += self._groups[passed]
            passed += 1
        return from_row(self._from_group(columns, passed, first), start)

    def _from_group(self, columns: Sequence[str], passed: int, first: int) -> Iterator[SourceBatch]:
        texts = [name for name in self._texts if name in columns]
        groups = range(passed, len(self._groups))
        first += 1
        with (
            problems("read", self.name),
            # Without pre_buffer, and with a buffer of its own, no row group has to fit into memory.
            pyarrow.parquet.ParquetFile(
                self._path, read_dictionary=texts, pre_buffer=False, buffer_size=BUFFER_BYTES
            ) as file,
        ):
            none = True
            for batch in file.iter_batches(BATCH_ROWS, groups, columns=list(columns)):
                none = False
                yield SourceBatch(batch.select(list(columns)), first)
                first += batch.num_rows
            if none:
                yield SourceBatch(no_rows(self._schema, columns), first)


class ArrowSource(FileSource):
    """An Arrow IPC file or stream."""

    def __init__(self, location: FileLocation) -> None:
        super().__init__(location)
        with problems("read", self.name), pa.OSFile(os.fspath(self._path)) as file:
            self._schema = self._opened(file).schema
            if location.format == "arrows":
                # A reader takes a stream that breaks off between two batches for whole.
                file.seek(max(0, file.size() - len(END_OF_STREAM)))
                if file.read() != END_OF_STREAM:
                    raise LocationError(f"cannot read {self.name}: the mark of its end is missing; it is not whole")
        self.columns = unique(self._schema.names, self.name)

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[SourceBatch]:
        return from_row(self._all(columns), start)

    def _opened(self, file: Any) -> Any:
        if self._location.format == "arrow":
            return pyarrow.ipc.open_file(file)
        return pyarrow.ipc.open_stream(file)

    def _all(self, columns: Sequence[str]) -> Iterator[SourceBatch]:
        first = 1
        with problems("read", self.name), pa.OSFile(os.fspath(self._path)) as file:
            reader = self._opened(file)
            if self._location.format == "arrow":
                batches = (reader.get_batch(at) for at in range(reader.num_record_batches))
            else:
                batches = iter(reader)
            for batch in batches:
                # Files of one huge batch are the rule: smaller ones keep memory and progress steady.
                for at in range(0, batch.num_rows, BATCH_ROWS):
                    part = batch.select(list(columns)).slice(at, BATCH_ROWS)
                    yield SourceBatch(part, first)
                    first += part.num_rows
            if first == 1:
                yield SourceBatch(no_rows(self._schema, columns), first)
        self.rows = first - 1


class FolderSource:
    """The files of a folder, by name, as one source. All have the same columns, in any order."""

    def __init__(self, path: Path, files: list[Source]) -> None:
        self.name = str(path)
        self.columns = files[0].columns
        self._files = files
        for file in files[1:]:
            if differing := sorted(set(file.columns) ^ set(self.columns)):
                raise LocationError(
                    f"{file.name} and {files[0].name} differ in the column {differing[0]!r}; "
                    "the files of a folder have the same columns"
                )

    @property
    def rows(self) -> int | None:
        """All rows, if every file knows its own."""
        known = [file.rows for file in self._files]
        return None if None in known else sum(each or 0 for each in known)

    def digest(self) -> dict[str, Any]:
        return {"location": self.name, "files": [file.digest() for file in self._files]}

    def stamp(self) -> list[int]:
        return [number for file in self._files for number in file.stamp()]

    def digest_at(self, rows: int) -> str | None:
        return None

    def close(self) -> None:
        pass

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[SourceBatch]:
        before, none = 0, True
        for file in self._files:
            name, rows = Path(file.name).name, 0
            for batch in file.batches(columns, start=max(0, start - before)):
                rows = batch.first + len(batch) - 1
                if len(batch):
                    none = False
                    yield batch.moved(before, name)
            before += rows
        if none:
            last = SourceBatch(next(self._files[-1].batches(columns)).table.slice(0, 0), before + 1)
            yield last


def files_in(folder: Path) -> list[Path]:
    """The caseload files of a folder, by name. Hidden files are passed over; a file of another kind is an error."""
    with problems("read", folder):
        names = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    known = [each for each in names if Path(each.name.lower().removesuffix(".gz")).suffix in FORMATS]
    if not known:
        raise LocationError(f"cannot read {folder}: there is no caseload file in the folder")
    if others := [each.name for each in names if each not in known]:
        raise LocationError(f"cannot read {folder}: {others[0]!r} is no caseload file")
    return known


def no_rows(schema: pa.Schema, columns: Sequence[str]) -> pa.RecordBatch:
    """A batch of the columns without rows."""
    fields = [schema.field(name) for name in columns]
    return pa.RecordBatch.from_arrays([pa.nulls(0, each.type) for each in fields], schema=pa.schema(fields))
