"""Delimited text as blocks of whole rows: bytes that can be parsed by themselves, one after the other or at once."""

from __future__ import annotations

import codecs
import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from appraise._core import record_ends
from appraise._io.problems import LocationError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_BYTES = 4 << 20
LONGEST_ROW = 16 << 20
MARK = b"\xef\xbb\xbf"
OTHER_KINDS = {
    b"\x1f\x8b": "gzip; its name should end in .csv.gz",
    b"PK\x03\x04": "a ZIP archive or a spreadsheet",
    b"PAR1": "Parquet; its name should end in .parquet",
    b"ARROW1": "Arrow IPC; its name should end in .arrow",
    b"\xff\xfe": "UTF-16; declare its encoding",
    b"\xfe\xff": "UTF-16; declare its encoding",
}


@dataclass
class Block:
    """Whole rows of text. A block with a fault is one row that cannot be read, without its text.

    Attributes
    ----------
    data : bytes
        UTF-8, as far as the file was.
    line : int
        The line of the first byte, counted from 1.
    count_empty : bool
        Whether an empty line is a row.
    """

    data: bytes
    line: int
    delimiter: str
    count_empty: bool = False
    fault: tuple[str, str] | None = None

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where the rows start, empty lines included."""
        ends, _ = record_ends(self.data, self.delimiter)
        starts = np.concatenate([np.zeros(1, np.int64), ends])
        return starts[:-1] if starts[-1] == len(self.data) else starts

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Where the rows start, without empty lines unless they count."""
        if self.count_empty:
            return self.starts
        first = np.frombuffer(self.data, np.uint8)[self.starts]
        rows: NDArray[np.int64] = self.starts[(first != 10) & (first != 13)]
        return rows

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """The line of each row, counted from 1."""
        text = np.frombuffer(self.data, np.uint8)
        ends = text == 10
        if b"\r" in self.data:
            ends |= (text == 13) & np.append(text[1:] != 10, True)
        numbers: NDArray[np.int64] = np.searchsorted(np.flatnonzero(ends), self.rows) + self.line
        return numbers

    def undecodable(self) -> NDArray[np.int64]:
        """The rows, counted from 0, with bytes that are no UTF-8."""
        _found.places = []
        self.data.decode("utf-8", "appraise.find")
        return np.unique(np.searchsorted(self.rows, _found.places, side="right") - 1)


def lines_in(data: bytes) -> int:
    """How many lines end in a text."""
    newlines = int(np.count_nonzero(np.frombuffer(data, np.uint8) == 10))  # several times as fast as bytes.count
    return newlines + (data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0)


def opened(path: Path, compressed: bool) -> IO[bytes]:
    """The bytes of a file, decompressed."""
    return cast(IO[bytes], gzip.open(path)) if compressed else path.open("rb")


def _mark_undecodable(problem: UnicodeError) -> tuple[str, int]:
    # Becomes a byte that is no UTF-8: the row is then found to be undecodable like any other.
    assert isinstance(problem, UnicodeDecodeError)
    return "\udcff", problem.end


def _find_undecodable(problem: UnicodeError) -> tuple[str, int]:
    assert isinstance(problem, UnicodeDecodeError)
    _found.places.append(problem.start)
    return "", problem.end


_found = threading.local()
codecs.register_error("appraise.mark", _mark_undecodable)
codecs.register_error("appraise.find", _find_undecodable)


def chunks(path: Path, compressed: bool, encoding: str) -> Iterator[bytes]:
    """The text of a file as UTF-8, without a mark of byte order."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise LocationError(f"{path}: there is no encoding {encoding!r}") from None
    plain = name in ("utf-8", "utf-8-sig", "ascii")
    decoder = codecs.getincrementaldecoder(name)("appraise.mark")
    first = True
    with opened(path, compressed) as file:
        while data := file.read(BLOCK_BYTES):
            if first and plain:
                for start, kind in OTHER_KINDS.items():
                    if data.startswith(start):
                        raise LocationError(f"cannot read {path}: expected UTF-8 text, found {kind}")
            if not plain:
                data = decoder.decode(data).encode("utf-8", "surrogateescape")
            yield data.removeprefix(MARK) if first else data
            first = False
        if not plain and (rest := decoder.decode(b"", final=True)):
            yield rest.encode("utf-8", "surrogateescape")


class Cutter:
    """Cuts text into blocks where rows end."""

    def __init__(self, texts: Iterator[bytes], delimiter: str) -> None:
        self._texts = texts
        self._delimiter = delimiter
        self._rest = b""
        self._line = 1
        self._ended = False

    def header(self) -> bytes:
        """The first row that is not an empty line; empty if there is none."""
        while True:
            self._read()
            text = self._rest.lstrip(b"\r\n")
            self._line += lines_in(self._rest[: len(self._rest) - len(text)])
            self._rest = text
            ends, _ = record_ends(text, self._delimiter)
            if len(ends) or self._ended or len(text) > LONGEST_ROW:
                return self._take(int(ends[0]) if len(ends) else len(text))

    def blocks(self, *, count_empty: bool) -> Iterator[Block]:
        """The rows that follow."""
        while True:
            end, is_open = self._whole_rows()
            if end:
                line = self._line
                yield Block(self._take(end), line, self._delimiter, count_empty)
            elif self._ended and not self._rest:
                return
            elif len(self._rest) > LONGEST_ROW or self._ended:
                yield self._unreadable(is_open)
            self._read()

    def _whole_rows(self) -> tuple[int, bool]:
        text = self._rest
        if b'"' not in text:
            end = len(text) if self._ended else text.rfind(b"\n") + 1
            if end:
                return end, False
        ends, is_open = record_ends(text, self._delimiter)
        if self._ended and not is_open:
            return len(text), False
        return (int(ends[-1]) if len(ends) else 0), is_open

    def _unreadable(self, is_open: bool) -> Block:
        """Leaves out the line at which the text starts: its row does not end."""
        line = self._line
        end = self._rest.find(b"\n") + 1
        while not end and not self._ended:
            self._rest = b""
            self._read()
            end = self._rest.find(b"\n") + 1
        self._take(end or len(self._rest))
        size = f"{LONGEST_ROW >> 20} MiB"
        if is_open:
            fault = "row.unclosed-quote", f"a quote is opened and not closed within {size}; the line is left out"
        else:
            fault = "row.too-long", f"the row is longer than {size}"
        return Block(b"", line, self._delimiter, fault=fault)

    def _read(self) -> None:
        if (text := next(self._texts, None)) is None:
            self._ended = True
        else:
            self._rest = self._rest + text if self._rest else text

    def _take(self, end: int) -> bytes:
        taken, self._rest = self._rest[:end], self._rest[end:]
        self._line += lines_in(taken)
        return taken
