"""Digests of what was read and written."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_digest(path: Path) -> dict[str, Any]:
    """A file for a manifest."""
    return {"location": str(path), "bytes": path.stat().st_size, "sha256": sha256_of(path)}


def stamp_of(path: Path) -> list[int]:
    """Size and time of change of a file."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


class ValuesDigest:
    """SHA-256 over the values of rows, whatever batches they come in.

    Rows are taken together to groups of a fixed number. Each group is hashed column by column (type, which are null,
    the values), and with the digest of the groups before it.

    Parameters
    ----------
    at : dict, optional
        Filled with the digest after each full group, by number of rows.
    """

    GROUP = 1 << 16

    def __init__(self, *, at: dict[int, str] | None = None) -> None:
        self._chain = hashlib.sha256().hexdigest()
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._closed = 0
        self._at = {} if at is None else at

    def add(self, batch: pa.RecordBatch) -> None:
        """Some more rows."""
        self._waiting.append(batch)
        self._rows += batch.num_rows
        while self._rows >= self.GROUP:
            table = pa.Table.from_batches(self._waiting)
            self._close(table.slice(0, self.GROUP))
            self._closed += self.GROUP
            self._at[self._closed] = self._chain
            self._waiting = table.slice(self.GROUP).to_batches()
            self._rows -= self.GROUP

    def end(self) -> str:
        """The digest, also of a last group that is not full. Rows that follow start a group."""
        if self._rows:
            self._close(pa.Table.from_batches(self._waiting))
            self._waiting, self._rows = [], 0
        return self._chain

    def _close(self, table: pa.Table) -> None:
        digest = hashlib.sha256(bytes.fromhex(self._chain))
        for name, column in zip(table.column_names, table.columns, strict=True):
            hash_column(digest, name, column)
        self._chain = digest.hexdigest()


def hash_column(digest: Any, name: str, column: pa.ChunkedArray) -> None:
    """Hashes name, type, which values are null, and the values; text as lengths and bytes."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    digest.update(f"{name}\0{column.type}\0{len(column)}\0".encode())
    digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        digest.update(pc.fill_null(column, 0).to_numpy().tobytes())
        return
    texts = pc.fill_null(column.cast(pa.large_string()), "")
    digest.update(pc.binary_length(texts).to_numpy().tobytes())
    for chunk in texts.chunks:
        _, offsets, data = chunk.buffers()
        if len(chunk) and data is not None:
            ends = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
            digest.update(memoryview(data)[ends[0] : ends[-1]])
