"""Scores out: NumPy columns, and the same table for every library."""

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import appraise as ap
from conftest import STATUSES, TOTALS

Rows = dict[str, list[Any]]


@pytest.fixture
def scores(sample: ap.Instrument, rows: Rows) -> ap.Scores:
    return ap.score(sample, rows)


def test_numbers_are_masked_where_there_is_no_value(scores: ap.Scores) -> None:
    total = scores["total"]
    assert isinstance(total, np.ma.MaskedArray)
    assert total.dtype == np.int32
    assert total.mask.tolist() == [each is None for each in TOTALS]
    assert total.mean() == 3
    assert scores["chance"].dtype == np.float64
    assert scores["majority"].dtype == np.dtype("datetime64[D]")


def test_numbers_of_one_batch_are_a_view(scores: ap.Scores) -> None:
    total = np.ma.getdata(scores["total"])
    assert np.shares_memory(total, np.ma.getdata(scores["total"]))
    assert not total.flags.writeable
    table = scores.to_pyarrow()
    assert table["total"].chunk(0).buffers()[1].address == total.ctypes.data


def test_views_outlive_the_scores(sample: ap.Instrument, rows: Rows) -> None:
    total = ap.score(sample, rows)["total"]
    table = ap.score(sample, rows).to_pyarrow()
    assert total.tolist() == table["total"].to_pylist() == TOTALS


def test_columns_of_several_batches_are_joined(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, pa.table(rows).to_reader(max_chunksize=2))
    assert len(scores) == 5
    assert scores["total"].tolist() == TOTALS
    assert scores["total_status"].tolist() == STATUSES
    assert scores["reasons"].tolist() == ap.score(sample, rows)["reasons"].tolist()


def test_labels_and_counts(scores: ap.Scores) -> None:
    assert scores.labels("total_level") == ["low", "middle", "high"]
    assert scores.counts("total_level") == {"low": 1, "middle": 0, "high": 1}
    assert scores.counts("total_status") == dict.fromkeys(scores.labels("total_status"), 1)


def test_scores_tell_what_made_them(scores: ap.Scores, sample: ap.Instrument) -> None:
    assert scores.metadata["instrument"] == "sample"
    assert sample.parts[0].digest in scores.metadata.values()
    assert scores.column_metadata("total")["unit"] == "points"
    table = scores.to_pyarrow()
    assert table.schema.metadata[b"instrument"] == b"sample"
    assert table.schema.field("total").metadata[b"unit"] == b"points"


def test_a_column_that_is_not_there_is_a_key_error(sample: ap.Instrument, scores: ap.Scores, rows: Rows) -> None:
    assert "total" in scores
    assert "nothing" not in scores
    with pytest.raises(KeyError):
        scores["nothing"]
    with pytest.raises(KeyError):
        ap.score(sample, rows, reasons=False)["reasons"]


def test_repr_names_rows_and_columns(scores: ap.Scores) -> None:
    assert repr(scores).startswith("<Scores: 5 rows, ")
    assert "total_status" in repr(scores)


def test_arrow_types(scores: ap.Scores) -> None:
    schema = pa.schema(scores)
    assert schema == scores.to_pyarrow().schema
    assert schema.field("total").type == pa.int32()
    assert schema.field("total_status").type == pa.dictionary(pa.int8(), pa.string())
    assert schema.field("total_level").type == pa.dictionary(pa.int8(), pa.string(), ordered=True)
    assert schema.field("chance").type == pa.float64()
    assert schema.field("majority").type == pa.date32()
    assert schema.field("reasons").type == pa.large_list(pa.field("item", pa.large_string(), nullable=False))
    scores.to_pyarrow().validate(full=True)


def test_scores_can_be_exported_again_and_again(scores: ap.Scores) -> None:
    first, second = pa.table(scores), pa.table(scores)
    assert first.equals(second)


def test_every_library_reads_the_same(scores: ap.Scores) -> None:
    totals = [None if each is None else int(each) for each in TOTALS]
    assert scores.to_polars()["total"].to_list() == totals
    assert pl.DataFrame(scores)["total_status"].cast(pl.String).to_list() == STATUSES
    frame = scores.to_pandas()
    assert frame["total"].isna().tolist() == [each is None for each in TOTALS]
    assert frame["total"].dtype == pd.Int32Dtype()
    assert frame["total_level"].cat.ordered
    assert frame["total_status"].tolist() == STATUSES
    table = scores.to_pyarrow()
    rows = duckdb.from_arrow(table).project("total, total_status, len(reasons)").fetchall()
    assert [row[0] for row in rows] == totals
    assert [row[1] for row in rows] == STATUSES
    assert [row[2] for row in rows] == [len(each) for each in scores["reasons"]]
    assert table.num_rows == 5
