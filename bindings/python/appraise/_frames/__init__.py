"""Tables of every library: their columns in, results of the caller's own kind out."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from appraise._core import UsageError
from appraise._frames.base import ArrowArray, ArrowStream, Frame, Giver, Lazy, Reading
from appraise._frames.of_arrays import MappingFrame, StructuredFrame
from appraise._frames.of_arrow import ArrowFrame, CapsuleFrame, ReaderFrame
from appraise._frames.reading import Codes, Columns, check_types, reading_of

__all__ = [
    "ArrowArray",
    "ArrowStream",
    "Codes",
    "Columns",
    "Frame",
    "Giver",
    "Lazy",
    "Reading",
    "check_types",
    "frame_of",
    "reading_of",
]


def frame_of(table: object) -> Frame:
    """The table of a caller as a frame. Nothing of it is read yet."""
    if isinstance(table, Mapping):
        return MappingFrame(table)
    # A table of a library that was never imported cannot be here.
    if (numpy := sys.modules.get("numpy")) and isinstance(table, numpy.ndarray | numpy.void) and table.dtype.names:
        return StructuredFrame(table)
    if (pandas := sys.modules.get("pandas")) and isinstance(table, pandas.DataFrame):
        from appraise._frames.of_pandas import PandasFrame

        return PandasFrame(table)
    if (polars := sys.modules.get("polars")) and isinstance(table, polars.DataFrame | polars.LazyFrame):
        from appraise._frames.of_polars import LazyFrame, PolarsFrame

        return LazyFrame(table) if isinstance(table, polars.LazyFrame) else PolarsFrame(table)
    if pyarrow := sys.modules.get("pyarrow"):
        if isinstance(table, pyarrow.Table | pyarrow.RecordBatch):
            return ArrowFrame(table)
        if isinstance(table, pyarrow.RecordBatchReader):
            return ReaderFrame(table)
    if (duckdb := sys.modules.get("duckdb")) and isinstance(table, duckdb.DuckDBPyRelation):
        from appraise._frames.of_duckdb import RelationFrame

        return RelationFrame(table)
    if isinstance(table, ArrowArray | ArrowStream):
        return CapsuleFrame(table)
    raise UsageError(
        f"{type(table).__name__} is not a table; give a data frame of pandas or polars, a table of pyarrow, a relation "
        "of DuckDB, a mapping of arrays, or anything with __arrow_c_stream__"
    )
