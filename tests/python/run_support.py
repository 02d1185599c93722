"""What the tests of runs share: a caseload with faults, requests, runs that end early."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

from appraise._io import Database, open_sink
from appraise._runs import Chosen, Request, run
from conftest import SAMPLE

ROWS = 100_000
SEGMENT = 1 << 15
BLOCK = {
    "severity": ["much", "some", "", "none", "huge"],
    "first": ["yes", "no", "", "", "no"],
    "priors": ["4", "0", "1", "2", "3"],
    "age": ["40.0", "20.0", "71.5", "30.0", ""],
}


def write_caseload(path: Path) -> Path:
    """Many rows, one in five with something wrong, and two that cannot be read."""
    table = pa.table({"key": range(ROWS), **{name: values * (ROWS // 5) for name, values in BLOCK.items()}})
    pyarrow.csv.write_csv(table, path, pyarrow.csv.WriteOptions(quoting_style="none"))
    with path.open("ab") as file:
        file.write(b"ragged\n\xff,much,yes,4,40\n")
    return path


def asked(source: Path | str, output: Path | str, **more: Any) -> Request:
    return Request([Chosen(str(SAMPLE))], str(source), str(output), **{"segment_rows": SEGMENT, **more})


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def left_behind(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.name.startswith("."))


def kind_of_sink(out: Path) -> Any:
    sink = open_sink(out)
    sink.close()
    return type(sink)


class Stop(Exception):  # noqa: N818 - stands for whatever ends a process
    pass


def unfinished(caseload: Path | str, out: Path, monkeypatch: pytest.MonkeyPatch, after: int = 2, **more: Any) -> None:
    """Leaves a run that has ended at a checkpoint."""
    kind = kind_of_sink(out)
    count: list[int] = []

    def checkpoint(self: Any, journal: dict[str, Any]) -> None:
        original(self, journal)
        count.append(1)
        if len(count) == after:
            raise Stop

    original = kind.checkpoint
    with monkeypatch.context() as patched:
        patched.setattr(kind, "checkpoint", checkpoint)
        with pytest.raises(Stop):
            run(asked(caseload, out, **more))


def fill(database: Database, table: pa.Table) -> None:
    with database.transaction():
        database.ingest(["people"], table, create=True)
