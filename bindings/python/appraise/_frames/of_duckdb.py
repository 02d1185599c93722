"""DuckDB relations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from appraise._core import Caseload
from appraise._frames.base import Frame, Giver, Reading
from appraise._frames.of_arrow import ReaderFrame, beside

if TYPE_CHECKING:
    import duckdb

    from appraise._scores import Scores


class RelationFrame(Frame):
    """A relation: run once, for the columns that are needed; results are a relation of the same connection."""

    def __init__(self, relation: duckdb.DuckDBPyRelation) -> None:
        self._relation = relation
        self._rows: ReaderFrame | None = None

    @property
    def columns(self) -> Sequence[object]:
        return list(self._relation.columns)

    def type_of(self, column: str) -> str:
        return str(self._relation.types[self._relation.columns.index(column)])

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        import pyarrow as pa

        wanted = self._relation.project(", ".join(map(_quoted, reading.columns)))
        self._rows = ReaderFrame(pa.RecordBatchReader.from_stream(wanted))
        yield from self._rows.caseloads(reading)

    def giver(self, key: Sequence[str]) -> Giver:
        assert self._rows is not None
        keys, relation = self._rows.keys(key), self._relation

        def give(scores: Scores) -> duckdb.DuckDBPyRelation:
            # DuckDB finds the table by the name of this variable; the relation keeps it alive.
            appraise_results_of_relation = beside(keys, scores)  # noqa: F841
            return relation.query("appraise_caseload", "select * from appraise_results_of_relation")

        return give


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
