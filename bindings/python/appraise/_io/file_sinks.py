"""Files as sinks: delimited text, Parquet and Arrow IPC."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc

from appraise._io import parquet_parts
from appraise._io.digests import file_digest
from appraise._io.locations import FileLocation
from appraise._io.problems import LocationError, problems
from appraise._io.run_folder import RunFolder, durable_folder
from appraise._io.sink import plain

COMPRESSION = "zstd"
STATE = "sink"


class FileSink:
    """What the kinds of files have in common: the partial output and the journal lie in the run folder."""

    keeps_order = True

    def __init__(self, location: FileLocation) -> None:
        self.name = location.name
        self._location = location
        self._folder = RunFolder(location.path)
        self._partial = self._folder.path / "output"
        self._file: IO[bytes] | None = None
        self._done = False

    def journal(self) -> dict[str, Any] | None:
        return self._folder.journal()

    def begin(self) -> None:
        self._folder.clear()
        with problems("write", self.name):
            self._file = self._partial.open("w+b")
            self._start()

    def resume(self) -> None:
        journal = self._folder.journal()
        assert journal is not None
        if not self._partial.exists():
            if not self._location.path.exists():
                raise LocationError(f"cannot go on with {self.name}: what was written of it is gone")
            return  # it has appeared: all that is left to do is `finish`
        with problems("write", self.name):
            self._file = self._partial.open("r+b")
            self._go_on(journal[STATE])

    def write(self, table: pa.Table) -> None:
        with problems("write", self.name):
            self._append(table)

    def checkpoint(self, journal: dict[str, Any]) -> None:
        with problems("write", self.name):
            self._make_durable(self._opened)
            self._folder.save({**journal, STATE: self._state()})

    def commit(self) -> None:
        if not self._partial.exists():
            return
        with problems("write", self.name):
            self._end()
            self._make_durable(self._opened)
            self._opened.close()
            self._partial.replace(self._location.path)
            durable_folder(self._location.path.parent)

    def digest(self) -> dict[str, Any]:
        with problems("read", self.name):
            return file_digest(self._location.path)

    def finish(self) -> None:
        self._done = True
        self.close()

    def close(self) -> None:
        if self._file:
            self._file.close()
        self._folder.close(keep=not self._done and self._folder.journal() is not None)

    @property
    def _opened(self) -> IO[bytes]:
        assert self._file
        return self._file

    @staticmethod
    def _make_durable(file: IO[bytes]) -> None:
        file.flush()
        os.fsync(file.fileno())

    def _cut(self, file: IO[bytes], size: int) -> None:
        """Throws away what is behind a size."""
        file.truncate(size)
        file.seek(size)

    # What a kind of file adds:

    def _start(self) -> None:
        """Writes what comes before the rows."""

    def _go_on(self, state: dict[str, Any]) -> None:
        self._cut(self._opened, state["bytes"])

    def _append(self, table: pa.Table) -> None:
        raise NotImplementedError

    def _state(self) -> dict[str, Any]:
        return {"bytes": self._opened.tell()}

    def _end(self) -> None:
        """Writes what comes after the rows."""


class TextSink(FileSink):
    """Delimited text. Compressed, each `write` is one member of the gzip file."""

    def _append(self, table: pa.Table) -> None:
        buffer = pa.BufferOutputStream()
        options = pyarrow.csv.WriteOptions(include_header=self._opened.tell() == 0, delimiter=self._location.delimiter)
        pyarrow.csv.write_csv(plain(table), buffer, options)
        data = buffer.getvalue()
        self._opened.write(gzip.compress(data, mtime=0) if self._location.compressed else data)


class ParquetSink(FileSink):
    """Parquet: each `write` is one row group. The footers of the row groups wait in a file of their own."""

    _footers: IO[bytes] | None = None

    def _start(self) -> None:
        self._opened.write(parquet_parts.MAGIC)
        self._footers = (self._folder.path / "footers").open("w+b")

    def _go_on(self, state: dict[str, Any]) -> None:
        super()._go_on(state)
        self._footers = (self._folder.path / "footers").open("r+b")
        self._cut(self._footers, state["footers"])

    def _append(self, table: pa.Table) -> None:
        part = parquet_parts.part_of(table, COMPRESSION)
        head = [number.to_bytes(8, "little") for number in (self._opened.tell(), len(part.footer))]
        self._kept.write(b"".join([*head, part.footer]))
        self._opened.write(part.body)

    def _state(self) -> dict[str, Any]:
        self._make_durable(self._kept)
        return {**super()._state(), "footers": self._kept.tell()}

    def _end(self) -> None:
        self._cut(self._opened, self._opened.tell())
        self._opened.write(parquet_parts.tail(self._kept_footers()))

    def close(self) -> None:
        if self._footers:
            self._footers.close()
        super().close()

    def _kept_footers(self) -> Iterator[tuple[int, bytes]]:
        self._kept.seek(0)
        while head := self._kept.read(16):
            yield int.from_bytes(head[:8], "little"), self._kept.read(int.from_bytes(head[8:], "little"))

    @property
    def _kept(self) -> IO[bytes]:
        assert self._footers
        return self._footers


class ArrowSink(FileSink):
    """Arrow IPC, file or stream: each `write` is one record batch. To resume copies the batches that are there."""

    _writer: Any = None
    _batches = 0

    def _go_on(self, state: dict[str, Any]) -> None:
        old = self._partial.rename(self._partial.with_name("before"))
        self._opened.close()
        self._file = self._partial.open("w+b")
        with pa.OSFile(os.fspath(old)) as file:
            file.seek(8 if self._location.format == "arrow" else 0)  # a file is a stream between two magics
            reader = pyarrow.ipc.open_stream(file)
            for _ in range(state["batches"]):
                self._append(pa.Table.from_batches([reader.read_next_batch()]))
        self._make_durable(self._opened)
        old.unlink()

    def _append(self, table: pa.Table) -> None:
        if self._writer is None:
            make = pyarrow.ipc.new_file if self._location.format == "arrow" else pyarrow.ipc.new_stream
            self._writer = make(self._opened, table.schema)
        for batch in table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]:
            self._writer.write_batch(batch)
            self._batches += 1

    def _state(self) -> dict[str, Any]:
        return {**super()._state(), "batches": self._batches}

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
