"""Delimited text as a source: rows that cannot be read are told by number and line, and reading goes on."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv

from appraise._io.blocks import BLOCK_BYTES, Block, Cutter, chunks
from appraise._io.locations import FileLocation
from appraise._io.problems import LocationError, problems
from appraise._io.source import BadRow, FileSource, ReadOptions, SourceBatch, from_row, unique

if TYPE_CHECKING:
    from numpy.typing import NDArray

OTHER_DELIMITERS = ";\t|,"
WORKERS = min(4, os.cpu_count() or 1)


@dataclass
class Parsed:
    """The rows of a block: those that could be read, and number in the block, code and message of the others."""

    block: Block
    table: pa.RecordBatch
    bad: list[tuple[int, str, str]]


class TextSource(FileSource):
    """A file of delimited text. Cells are read as text: whether one is a response is for the instrument to say."""

    def __init__(self, location: FileLocation, options: ReadOptions) -> None:
        super().__init__(location)
        self._delimiter = options.delimiter or location.delimiter
        self._encoding = options.encoding
        if len(self._delimiter) != 1 or not self._delimiter.isascii() or self._delimiter in '"\r\n':
            raise LocationError(f"{self.name}: a delimiter is one character of ASCII; found {self._delimiter!r}")
        with problems("read", self.name):
            self.columns = self._header(self._cutter().header())

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[SourceBatch]:
        return from_row(self._all(columns), start)

    def _cutter(self) -> Cutter:
        texts = chunks(self._path, self._location.compressed, self._encoding)
        return Cutter(texts, self._delimiter)

    def _header(self, text: bytes) -> list[str]:
        if not text:
            raise LocationError(f"cannot read {self.name}: it is empty; expected a header")
        try:
            names = next(csv.reader([text.decode()], delimiter=self._delimiter), [])
        except (UnicodeError, csv.Error) as problem:
            raise LocationError(f"cannot read {self.name}: the header is not UTF-8 text: {problem}") from None
        others = [each for each in OTHER_DELIMITERS if each != self._delimiter and each in names[0]]
        if len(names) == 1 and others:
            raise LocationError(
                f"cannot read {self.name}: the header is the one column {names[0]!r}; is the delimiter {others[0]!r}?"
            )
        return unique(names, self.name)

    def _all(self, columns: Sequence[str]) -> Iterator[SourceBatch]:
        first = 1
        with problems("read", self.name):
            for parsed in ahead(self._parser(columns), self._blocks()):
                batch = self._batch(parsed, first)
                first += len(batch)
                self._estimate(parsed, first)
                yield batch
            if first == 1:
                yield SourceBatch(_nothing(columns), 1)
        self.rows = first - 1

    def _blocks(self) -> Iterator[Block]:
        # Of a single column an empty line is a row without an answer; otherwise it is no row.
        cutter = self._cutter()
        cutter.header()
        return cutter.blocks(count_empty=len(self.columns) == 1)

    def _parser(self, columns: Sequence[str]) -> Callable[[Block], Parsed]:
        convert = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(self.columns, pa.string()),
            include_columns=list(columns),
            strings_can_be_null=False,
            check_utf8=False,
        )

        def parse(block: Block) -> Parsed:
            if block.fault:
                return Parsed(block, _nothing(columns), [(1, *block.fault)])
            data, undecodable = block.data, np.empty(0, np.int64)
            if not is_utf8(data):
                data, undecodable = without_undecodable(block)
            ragged: list[tuple[int, str]] = []

            def skip(row: pyarrow.csv.InvalidRow) -> str:
                ragged.append((row.number, f"{row.actual_columns} cells; expected {row.expected_columns}"))
                return "skip"

            table = _nothing(columns)
            if data.strip(b"\r\n") or (data and block.count_empty):
                read = pyarrow.csv.ReadOptions(
                    column_names=self.columns, use_threads=False, block_size=max(len(data) + 1, BLOCK_BYTES)
                )
                rows = pyarrow.csv.ParseOptions(
                    delimiter=self._delimiter,
                    invalid_row_handler=skip,
                    newlines_in_values=True,
                    ignore_empty_lines=not block.count_empty,
                )
                table = one_batch(pyarrow.csv.read_csv(pa.BufferReader(data), read, rows, convert), columns)
            return Parsed(block, table, _merged(table.num_rows, ragged, undecodable))

        return parse

    def _batch(self, parsed: Parsed, first: int) -> SourceBatch:
        block = parsed.block

        def line(row: int) -> str:
            return str(block.lines[row - first] if block.data else block.line)

        bad = [
            BadRow(first + number - 1, line(first + number - 1), code, message) for number, code, message in parsed.bad
        ]
        return SourceBatch(parsed.table, first, bad, line)

    def _estimate(self, parsed: Parsed, first: int) -> None:
        """Rows of the whole file, from those of its first block."""
        if self.rows is None and not self._location.compressed and parsed.block.data:
            size = self._path.stat().st_size
            self.rows = max(first - 1, round((first - 1) * size / len(parsed.block.data)))


def ahead(work: Callable[[Block], Parsed], blocks: Iterator[Block]) -> Iterator[Parsed]:
    """The work on the blocks, in order, a few of them at a time in other threads."""
    waiting: deque[Future[Parsed]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for block in blocks:
                waiting.append(pool.submit(work, block))
                if len(waiting) > WORKERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


def is_utf8(data: bytes) -> bool:
    """Whether text is UTF-8."""
    if data.isascii():
        return True
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def without_undecodable(block: Block) -> tuple[bytes, NDArray[np.int64]]:
    """The text without the rows that are not UTF-8, and the numbers of these, counted from 1."""
    rows, left_out = block.rows, block.undecodable()
    ends = np.append(rows[1:], len(block.data))
    kept = np.delete(np.arange(len(rows)), left_out)
    data = b"".join(block.data[rows[at] : ends[at]] for at in kept.tolist())
    return data, left_out + 1


def one_batch(table: pa.Table, columns: Sequence[str]) -> pa.RecordBatch:
    """A table of one chunk or none as a record batch."""
    batches = table.to_batches()
    return batches[0] if batches else _nothing(columns)


def _nothing(columns: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(0, pa.string()) for _ in columns], names=list(columns))


def _merged(rows: int, ragged: Sequence[tuple[int, str]], undecodable: NDArray[np.int64]) -> list[tuple[int, str, str]]:
    """The bad rows by number. Ragged ones are numbered among those that are left without the undecodable."""
    if not ragged and not len(undecodable):
        return []
    count = rows + len(ragged) + len(undecodable)
    left = np.delete(np.arange(1, count + 1), undecodable - 1)
    bad = [(int(left[number - 1]), "row.ragged", message) for number, message in ragged]
    bad += [(number, "row.undecodable", "bytes that are not UTF-8 text") for number in undecodable.tolist()]
    return sorted(bad)
