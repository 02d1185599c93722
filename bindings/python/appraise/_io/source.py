"""Sources: named columns of one caseload, read batch by batch.

>>> source = open_source("caseload.csv")  # doctest: +SKIP
>>> for batch in source.batches(["person", "age"]):  # doctest: +SKIP
...     score(batch.table)  # the rows that could be read
...     report(batch.bad)  # those that could not
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from appraise._io.digests import file_digest, stamp_of
from appraise._io.locations import FileLocation
from appraise._io.problems import LocationError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH_ROWS = 1 << 17


@dataclass(frozen=True)
class ReadOptions:
    """How delimited text is to be read. Nothing of it is guessed.

    Attributes
    ----------
    delimiter : str, optional
        One character; default: a tab in .tsv files, otherwise a comma.
    encoding : str
        Any encoding that Python knows. A mark of byte order is passed over.
    """

    delimiter: str | None = None
    encoding: str = "utf-8"


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read: its number from 1, its line (of text files), a stable code and what is wrong."""

    row: int
    line: str
    code: str
    message: str


@dataclass
class SourceBatch:
    """Rows that follow each other in a source: those that could be read as a table, those that could not as `bad`.

    Attributes
    ----------
    table : pyarrow.RecordBatch
        The rows that could be read, in order.
    first : int
        The number of the first row, counted from 1; bad rows are counted too.
    bad : list of BadRow
        In order.
    """

    table: pa.RecordBatch
    first: int
    bad: list[BadRow] = field(default_factory=list)
    lines: Callable[[int], str] | None = None

    def __len__(self) -> int:
        """Rows, read or not."""
        return int(self.table.num_rows) + len(self.bad)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The numbers of the rows of `table` in the source, counted from 1."""
        numbers = np.arange(self.first, self.first + len(self), dtype=np.int64)
        return np.delete(numbers, [each.row - self.first for each in self.bad]) if self.bad else numbers

    def line(self, row: int) -> str:
        """The line of the row of that number: of text files, and with the name of the file in a folder; else empty."""
        return self.lines(row) if self.lines else ""

    def cut(self, row: int) -> tuple[SourceBatch, SourceBatch]:
        """The rows before number `row`, and the others."""
        before = [each for each in self.bad if each.row < row]
        at = max(0, min(row - self.first, len(self)) - len(before))
        return (
            replace(self, table=self.table.slice(0, at), bad=before),
            replace(self, table=self.table.slice(at), first=max(row, self.first), bad=self.bad[len(before) :]),
        )

    def moved(self, rows: int, file: str) -> SourceBatch:
        """The same batch as part of a folder: behind `rows` rows of other files."""
        lines = self.lines
        return replace(
            self,
            first=self.first + rows,
            bad=[replace(each, row=each.row + rows, line=f"{file}:{each.line}") for each in self.bad],
            lines=(lambda row: f"{file}:{lines(row - rows)}") if lines else (lambda _: file),
        )


class Source(Protocol):
    """Named columns of one caseload, always in the same order.

    Attributes
    ----------
    name : str
        As printed; never with a password.
    columns : list of str
        No name comes twice.
    rows : int or None
        Exact or estimated; None while unknown.
    """

    name: str
    columns: list[str]

    @property
    def rows(self) -> int | None: ...

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[SourceBatch]:
        """The columns from the row after the first `start` ones; at least one batch, with all columns.

        Raises
        ------
        LocationError
            If the source cannot be read (a single bad row does not raise).
        """
        ...

    def digest(self) -> dict[str, Any]:
        """What was read, for a manifest: files with SHA-256, or a table or query with the digest of its values.

        The digest of a database is that of the values that the last call of `batches` has read so far.
        """
        ...

    def stamp(self) -> list[int]:
        """Size and time of change of the files: another stamp later means that they were changed meanwhile."""
        ...

    def digest_at(self, rows: int) -> str | None:
        """The digest of the values of the first `rows` rows that were read; None of files, which are hashed whole."""
        ...

    def close(self) -> None:
        """Ends the connection to a database; files are closed when they have been read."""
        ...


class FileSource:
    """What sources of files have in common. Nothing stays open between calls."""

    def __init__(self, location: FileLocation) -> None:
        self.name = location.name
        self.rows: int | None = None
        self._location = location
        self._path = location.path

    def digest(self) -> dict[str, Any]:
        return file_digest(self._path)

    def stamp(self) -> list[int]:
        return stamp_of(self._path)

    def digest_at(self, rows: int) -> str | None:
        return None

    def close(self) -> None:
        pass


def unique(columns: Sequence[str], name: str) -> list[str]:
    """The columns, each of which must come once."""
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            raise LocationError(f"{name}: the column {column!r} comes twice")
        seen.add(column)
    return list(columns)


def from_row(batches: Iterator[SourceBatch], start: int) -> Iterator[SourceBatch]:
    """The batches without the first `start` rows; at least one batch."""
    kept = None
    for batch in batches:
        if batch.first + len(batch) <= start + 1 and len(batch):
            kept = batch
            continue
        yield batch.cut(start + 1)[1] if batch.first <= start else batch
        kept = None
        break
    if kept is not None:
        yield kept.cut(kept.first + len(kept))[1]
    yield from batches
