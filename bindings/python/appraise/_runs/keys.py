"""Finds keys that come twice, on disk: a caseload may have more keys than fit into memory."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from appraise._io.problems import problems

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS = 64
RECORD = np.dtype([("high", "<u8"), ("low", "<u8"), ("row", "<i8")])


class KeyCheck:
    """Keys as digests of 128 bits with their row, in `PARTS` files by digest: each is looked through by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[IO[bytes]] = []

    def begin(self) -> None:
        """Starts from nothing."""
        self.discard()
        with problems("write", self._folder):
            self._folder.mkdir()
            self._files = [(self._folder / str(part)).open("w+b") for part in range(PARTS)]

    def resume(self, sizes: list[int]) -> None:
        """Goes on behind the sizes of the files."""
        with problems("write", self._folder):
            self._files = [(self._folder / str(part)).open("r+b") for part in range(PARTS)]
            for file, size in zip(self._files, sizes, strict=True):
                file.truncate(size)
                file.seek(size)

    def add(self, keys: pa.Array, rows: NDArray[np.int64]) -> None:
        """Remembers keys and their rows. A missing key is not remembered."""
        given = pc.is_valid(keys).to_numpy(False)
        texts = keys.filter(pa.array(given)).cast(pa.string()).to_pylist()
        records = np.empty(len(texts), RECORD)
        digests = b"".join(blake2b(text.encode(), digest_size=16).digest() for text in texts)
        halves = np.frombuffer(digests, "<u8").reshape(-1, 2)
        records["high"], records["low"], records["row"] = halves[:, 0], halves[:, 1], rows[given]
        parts = (records["high"] % PARTS).astype(np.int64)
        order = np.argsort(parts, kind="stable")
        ends = np.searchsorted(parts[order], np.arange(1, PARTS))
        with problems("write", self._folder):
            for file, part in zip(self._files, np.split(records[order], ends), strict=True):
                file.write(part.tobytes())

    def checkpoint(self) -> list[int]:
        """Makes everything durable and returns the sizes of the files."""
        with problems("write", self._folder):
            for file in self._files:
                file.flush()
                os.fsync(file.fileno())
            return [file.tell() for file in self._files]

    def repeated(self) -> NDArray[np.int64]:
        """The rows whose key an earlier row has, in order."""
        found = [np.empty(0, np.int64)]
        for file in self._files:
            file.seek(0)
            records = np.frombuffer(file.read(), RECORD)
            records = records[np.lexsort((records["row"], records["low"], records["high"]))]
            same = (records["high"][1:] == records["high"][:-1]) & (records["low"][1:] == records["low"][:-1])
            found.append(records["row"][1:][same])
        return np.sort(np.concatenate(found))

    def close(self) -> None:
        """Closes the files; what was made durable can be gone on with."""
        for file in self._files:
            file.close()
        self._files = []

    def discard(self) -> None:
        """Forgets everything."""
        self.close()
        if self._folder.exists():
            for each in self._folder.iterdir():
                each.unlink()
            self._folder.rmdir()
