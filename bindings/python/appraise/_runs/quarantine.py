"""The quarantine: rows in which something is wrong, one line for each thing."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from appraise._io.problems import problems
from appraise._io.run_folder import durable_folder
from appraise._io.source import SourceBatch
from appraise._runs.counts import Counts
from appraise._runs.findings import Finding

HEADER = ("row", "line", "key", "column", "code", "message", "value")
Entry = tuple[int, str, str, str, str, str, str]


def entries(batch: SourceBatch, findings: list[Finding], key: str, counts: Counts) -> list[Entry]:
    """The lines for a batch, in the order of its rows.

    Of the columns of a row only the key and the one with the wrong response are told.
    """
    found: list[Entry] = [(bad.row, bad.line, "", "", bad.code, bad.message, "") for bad in batch.bad]
    for bad in batch.bad:
        counts.add_findings(bad.code, 1)
    counts.unreadable += len(batch.bad)
    numbers = batch.rows
    for finding in findings:
        counts.add_findings(finding.code, len(finding.rows))
        keys = batch.table.column(key).take(finding.rows).to_pylist() if key else [""] * len(finding.rows)
        values = [""] * len(finding.rows)
        if finding.column:
            values = batch.table.column(finding.column).take(finding.rows).to_pylist()
        for at, name, value in zip(finding.rows.tolist(), keys, values, strict=True):
            row = int(numbers[at])
            found.append(
                (row, batch.line(row), _text(name), finding.column, finding.code, finding.message, _text(value))
            )
    return sorted(found)


def lines(found: Sequence[tuple[object, ...]]) -> bytes:
    """Lines as they stand in the file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(found)
    return text.getvalue().encode("utf-8", "replace")


def _text(value: object) -> str:
    return "" if value is None else str(value)


class Quarantine:
    """The file on its way: it appears under its name at the end, and can be gone on with after a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._partial = path.with_name(f".{path.name}.partial")
        self._file: IO[bytes] | None = None

    def begin(self) -> None:
        """Starts a new file."""
        with problems("write", self.path):
            self._file = self._partial.open("w+b")
        self.write(lines([HEADER]))

    def resume(self, size: int) -> None:
        """Goes on behind a size."""
        if not self._partial.exists():
            return
        with problems("write", self.path):
            self._file = self._partial.open("r+b")
            self._file.truncate(size)
            self._file.seek(size)

    def write(self, told: bytes) -> None:
        """Appends lines."""
        assert self._file
        with problems("write", self.path):
            self._file.write(told)

    def checkpoint(self) -> int:
        """Makes all lines durable and returns the size."""
        assert self._file
        with problems("write", self.path):
            self._file.flush()
            os.fsync(self._file.fileno())
            return self._file.tell()

    def commit(self) -> None:
        """Gives the file its name. May be repeated."""
        self.close()
        if self._partial.exists():
            with problems("write", self.path):
                self._partial.replace(self.path)
                durable_folder(self.path.parent)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Forgets a file that did not come to its end."""
        self.close()
        self._partial.unlink(missing_ok=True)
