"""Tables in: every kind gives the same scores, and what can be read in place is."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import appraise as ap
from appraise._core import Batches, Caseload
from appraise._frames import Reading, frame_of
from conftest import ROWS, SAMPLE, STATUSES, TOTALS

Rows = dict[str, list[Any]]
CONNECTION = duckdb.connect()


def caseloads(table: Any, names: list[str]) -> list[Caseload]:
    return list(frame_of(table).caseloads(Reading({name: name for name in names}, {}, [])))


class Foreign:
    """A table of a library that only has the Arrow interface."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def as_relation(rows: Rows) -> Any:
    return CONNECTION.from_arrow(pa.table(rows))


def as_coded(rows: Rows) -> Any:
    table = pa.table(rows)
    for name in ("severity", "first"):
        table = table.set_column(table.column_names.index(name), name, table[name].dictionary_encode())
    return table


def as_options(rows: Rows) -> Any:
    """Numbers in place of text: values of options, Booleans, narrow types."""
    values = {"none": 0, "some": 1, "much": 2, "huge": 9, None: None}
    return pa.table(
        {
            "severity": pa.array([values[each] for each in rows["severity"]], pa.int8()),
            "first": pa.array([None if each is None else each == "yes" for each in rows["first"]]),
            "priors": pa.array(rows["priors"], pa.uint16()),
            "age": pa.array(rows["age"], pa.float32()),
        }
    )


def as_structured(rows: Rows) -> Any:
    """Text, whole and real numbers in fields of one array; what is missing is masked."""
    kinds = [("severity", "U4"), ("first", "U3"), ("priors", "i2"), ("age", "f4")]
    array = np.ma.zeros(len(rows["age"]), kinds)
    for name, _ in kinds:
        for at, value in enumerate(rows[name]):
            array[name][at] = np.ma.masked if value is None else value
    return array


KINDS: dict[str, Callable[[Rows], Any]] = {
    "mapping of lists": dict,
    "mapping of arrays": lambda rows: {name: np.array(values) for name, values in rows.items()},
    "mapping of series": lambda rows: {name: pl.Series(values) for name, values in rows.items()},
    "pyarrow table": pa.table,
    "pyarrow batch": pa.RecordBatch.from_pydict,
    "pyarrow reader": lambda rows: pa.table(rows).to_reader(max_chunksize=2),
    "pyarrow coded": as_coded,
    "pyarrow numbers": as_options,
    "of another library": lambda rows: Foreign(pa.table(rows)),
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "polars enum": lambda rows: pl.DataFrame(rows).cast({"severity": pl.Enum(["none", "some", "much", "huge"])}),
    "polars categorical": lambda rows: pl.DataFrame(rows).with_columns(pl.col("severity").cast(pl.Categorical)),
    "structured array": as_structured,
    "pandas": pd.DataFrame,
    "pandas nullable": lambda rows: pd.DataFrame(rows).astype({"priors": "Int64", "age": "Float32"}),
    "pandas of arrow": lambda rows: pd.DataFrame(rows).convert_dtypes(dtype_backend="pyarrow"),
    "pandas of objects": lambda rows: pd.DataFrame(rows, dtype=object),
    "pandas of old strings": lambda rows: pd.DataFrame(rows).astype({"severity": pd.StringDtype("python")}),
    "pandas categorical": lambda rows: pd.DataFrame(rows).astype({"severity": "category"}),
    "duckdb": as_relation,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_is_scored_alike(sample: ap.Instrument, rows: Rows, kind: str) -> None:
    scores = ap.score(sample, KINDS[kind](rows))
    assert scores["total_status"].tolist() == STATUSES
    assert scores["total"].tolist() == TOTALS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_is_explained_alike(sample: ap.Instrument, rows: Rows, kind: str) -> None:
    assert ap.explain(sample, KINDS[kind](rows), 3).value == "1"


DAY = datetime.date(2000, 2, 29)
DATES: dict[str, Any] = {
    "python": [DAY, None],
    "text": ["2000-02-29", ""],
    "numpy values": [np.datetime64(DAY, "ns"), np.datetime64("NaT")],
    "datetime": [datetime.datetime(2000, 2, 29), None],
    "numpy days": np.array([DAY, None], "datetime64[D]"),
    "numpy nanoseconds": np.array([DAY, None], "datetime64[ns]"),
    "masked": np.ma.MaskedArray(np.array([DAY, DAY], "datetime64[D]"), [False, True]),
}
ARROW_DATES = [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns")]


def dated(dates: Any) -> Any:
    return {"severity": [0, 0], "first": [True, True], "priors": [0, 0], "age": [30, 30], "born": dates}


@pytest.mark.parametrize("kind", DATES)
def test_dates_of_numpy_and_python(sample: ap.Instrument, kind: str) -> None:
    scores = ap.score(sample, dated(DATES[kind]))
    assert scores["majority"].tolist() == [datetime.date(2018, 3, 1), None]


@pytest.mark.parametrize("kind", ARROW_DATES, ids=str)
def test_dates_of_arrow(sample: ap.Instrument, kind: pa.DataType) -> None:
    table = pa.table(dated(pa.array([DAY, None]).cast(kind)))
    assert ap.score(sample, table)["majority"].tolist() == [datetime.date(2018, 3, 1), None]


NOON = datetime.datetime(2000, 2, 29, 12)


@pytest.mark.parametrize(
    "dates",
    [[NOON, "x"], np.array([NOON, NOON], "datetime64[s]"), pa.array([NOON, NOON]), pa.array([NOON, None])],
)
def test_times_of_day_are_refused(sample: ap.Instrument, dates: Any) -> None:
    table = dated(dates)
    with pytest.raises(ap.UsageError, match=r"born.*times? of day"):
        ap.score(sample, pa.table(table) if isinstance(dates, pa.Array) else table)


def test_time_zones_are_refused(sample: ap.Instrument) -> None:
    midnight = datetime.datetime(2000, 2, 29, tzinfo=datetime.UTC)
    with pytest.raises(ap.UsageError, match="time zone"):
        ap.score(sample, pa.table(dated(pa.array([midnight, None]))))


@pytest.mark.parametrize(
    "strange",
    [
        pa.array([[1], [2]]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([1, 2], pa.decimal128(5)),
        pa.array([b"1", b"2"]),
        pa.array([datetime.time(1), None]),
        pa.array([1, 2]).dictionary_encode(),
    ],
    ids=lambda array: str(array.type),
)
def test_types_that_no_response_has_are_refused(sample: ap.Instrument, strange: pa.Array) -> None:
    table = pa.table({**dated([None, None]), "age": strange})
    with pytest.raises(ap.UsageError, match="'age'"):
        ap.score(sample, table)
    unrelated = pa.table({**dated([None, None]), "remark": strange})
    assert len(ap.score(sample, unrelated)) == 2


@pytest.mark.parametrize(
    "strange", [np.zeros((2, 2)), np.array([1j, 2j]), [b"1", b"2"], [object(), 1], [2**70, 1]], ids=str
)
def test_arrays_that_no_response_has_are_refused(sample: ap.Instrument, strange: Any) -> None:
    with pytest.raises(ap.UsageError, match="'age'"):
        ap.score(sample, {**dated([None, None]), "age": strange})


@pytest.mark.parametrize("table", [42, "caseload.csv", [1, 2], None])
def test_what_is_not_a_table_is_refused(sample: ap.Instrument, table: Any) -> None:
    with pytest.raises(ap.UsageError, match="not a table"):
        ap.score(sample, table)


def test_columns_of_different_lengths_are_refused(sample: ap.Instrument, rows: Rows) -> None:
    rows["age"].pop()
    with pytest.raises(ap.UsageError):
        ap.score(sample, rows)


def test_a_table_without_any_item_is_refused(sample: ap.Instrument) -> None:
    for table in ({"other": [1]}, pa.table({"other": [1]})):
        with pytest.raises(ap.UsageError):
            ap.score(sample, table)


def test_one_person_is_a_mapping_of_plain_values(sample: ap.Instrument) -> None:
    scores = ap.score(sample, {"severity": "much", "first": True, "priors": 4, "age": 40, "born": DAY})
    assert scores["total"].tolist() == [5]
    assert scores["majority"].tolist() == [datetime.date(2018, 3, 1)]


def test_mixed_objects_are_read_as_text_cell_by_cell(sample: ap.Instrument) -> None:
    table = {"severity": ["much", 1, 2.0, True], "first": ["no", False, 0, "maybe"], "priors": [0] * 4, "age": [30] * 4}
    scores = ap.score(sample, table)
    assert scores["total"].tolist() == [4, 2, 4, None]
    assert scores["reasons"][3] == ["invalid: first", "invalid: severity", "missing: act", "missing: born"]


def test_every_spelling_of_missing_is_missing(sample: ap.Instrument) -> None:
    table = {
        "severity": [None, "", "much"],
        "first": np.ma.MaskedArray([True, True, True], [True, True, False]),
        "priors": [pd.NA, None, 1],
        "age": [float("nan"), pd.NaT, 30],
    }
    assert ap.score(sample, table)["total_status"].tolist() == ["incomplete", "incomplete", "scored"]


def test_strided_and_swapped_arrays_are_read_right(sample: ap.Instrument) -> None:
    table = {
        "severity": np.array([2, 9, 1, 9])[::2],
        "first": np.array([True, False, True, False])[::2],
        "priors": np.array([4, 0], ">i4"),
        "age": np.array([40, 30], np.float16),
    }
    assert ap.score(sample, table)["total"].tolist() == [5, 1]


NUMERIC = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64]


@pytest.mark.parametrize("kind", [*NUMERIC, np.bool_])
def test_arrays_are_viewed_in_place(kind: Any) -> None:
    array = np.zeros(5, kind)
    (caseload,) = caseloads({"x": array}, ["x"])
    assert caseload.address("x") == array.ctypes.data


@pytest.mark.parametrize("kind", [*map(pa.from_numpy_dtype, NUMERIC), pa.bool_(), pa.date32()], ids=str)
def test_arrow_columns_are_viewed_in_place(kind: pa.DataType) -> None:
    array = pa.nulls(5, kind)
    (caseload,) = caseloads(pa.table({"x": array}), ["x"])
    assert caseload.address("x") == array.buffers()[1].address


def test_codes_of_dictionaries_are_viewed_in_place() -> None:
    array = pa.array(["a", "b", None]).dictionary_encode()
    (caseload,) = caseloads(pa.record_batch({"x": array}), ["x"])
    assert caseload.address("x") == array.indices.buffers()[1].address


def test_polars_columns_are_viewed_in_place() -> None:
    frame = pl.DataFrame({"x": [1, 2, 3]})
    (caseload,) = caseloads(frame, ["x"])
    assert caseload.address("x") == frame["x"].to_numpy(allow_copy=False).ctypes.data


def test_slices_are_read_from_their_first_row(sample: ap.Instrument, rows: Rows) -> None:
    for start in range(5):
        table = pa.table({name: [None] * 7 + values for name, values in rows.items()}).slice(7 + start)
        assert ap.score(sample, table)["total"].tolist() == TOTALS[start:]


def test_rows_that_are_null_as_a_whole_are_missing(sample: ap.Instrument, rows: Rows) -> None:
    records: list[dict[str, Any] | None] = [{name: values[at] for name, values in rows.items()} for at in range(5)]
    records[0] = None
    structs = pa.array([None, *records])[1:]
    assert ap.score(sample, structs)["total_status"].tolist() == ["incomplete", *STATUSES[1:]]


def test_a_stream_without_batches_has_no_rows_and_all_columns(sample: ap.Instrument, rows: Rows) -> None:
    schema = pa.table(rows).schema
    scores = ap.score(sample, pa.RecordBatchReader.from_batches(schema, []))
    assert len(scores) == 0
    assert scores.columns == ap.score(sample, rows).columns
    assert scores.to_pyarrow().num_rows == 0


def test_an_arrow_capsule_is_taken_once() -> None:
    capsule = pa.table({"x": [1]}).__arrow_c_stream__()
    assert [batch.rows for batch in Batches(capsule).read({"x": "x"})] == [1]
    with pytest.raises(ValueError, match="used before"):
        Batches(capsule)
    with pytest.raises(ValueError, match="PyCapsule"):
        Caseload.from_arrow(capsule, capsule, {"x": "x"})


def test_an_error_of_the_producer_is_told(sample: ap.Instrument, rows: Rows) -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        raise OSError("the disk is gone")
        yield

    schema = pa.table(rows).schema
    with pytest.raises(OSError, match="the disk is gone"):
        ap.score(sample, pa.RecordBatchReader.from_batches(schema, broken()))
    with pytest.raises(RuntimeError, match="the disk is gone"):
        ap.score(sample, Foreign(pa.RecordBatchReader.from_batches(schema, broken())))


def test_a_long_stream_is_scored_batch_by_batch(sample: ap.Instrument) -> None:
    first = pa.record_batch({name: values * 1000 for name, values in ROWS.items()})
    before, most = pa.total_allocated_bytes(), 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal most
        for _ in range(200):
            most = max(most, pa.total_allocated_bytes() - before)
            yield pa.record_batch({name: values * 1000 for name, values in ROWS.items()})

    scores = ap.score(sample, pa.RecordBatchReader.from_batches(first.schema, batches()), bounds=False, reasons=False)
    assert len(scores) == 1_000_000
    assert scores.counts("total_status") == dict.fromkeys(scores.labels("total_status"), 200_000)
    assert most < 10 * first.nbytes


answers = st.fixed_dictionaries(
    {
        "severity": st.sampled_from(["none", "some", "much", "huge", "", None]),
        "first": st.sampled_from(["yes", "no", "true", "0", "maybe", None]),
        "priors": st.one_of(st.none(), st.integers(-5, 120)),
        "age": st.one_of(st.none(), st.floats(allow_nan=True)),
        "born": st.one_of(st.none(), st.dates(datetime.date(1800, 1, 1), datetime.date(2100, 1, 1))),
    }
)
SCHEMA = pa.schema(
    {"severity": pa.string(), "first": pa.string(), "priors": pa.int64(), "age": pa.float64(), "born": pa.date32()}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(answers, min_size=1, max_size=40), st.integers(1, 10))
def test_rows_are_scored_alike_alone_and_in_any_table(people: list[dict[str, Any]], size: int) -> None:
    instrument = ap.load(SAMPLE)
    table = pa.Table.from_pylist(people, SCHEMA)
    whole = ap.score(instrument, table, contributions=True).to_pyarrow()
    parts = ap.score(instrument, table.to_reader(max_chunksize=size), contributions=True).to_pyarrow()
    backwards = ap.score(instrument, table.take(list(range(len(people)))[::-1]), contributions=True).to_pyarrow()
    columns = {name: [person[name] for person in people] for name in SCHEMA.names}
    arrays = ap.score(instrument, columns, contributions=True).to_pyarrow()
    frame = ap.score(instrument, pl.DataFrame(people, {**pl.DataFrame(table).schema}), contributions=True).to_pyarrow()
    pandas = ap.score(instrument, table.to_pandas(), contributions=True).to_pyarrow()
    nullable = ap.score(instrument, table.to_pandas(types_mapper=pd.ArrowDtype), contributions=True).to_pyarrow()
    relation = ap.score(instrument, CONNECTION.from_arrow(table), contributions=True).to_pyarrow()
    assert parts.to_pylist() == whole.to_pylist()
    assert pandas.to_pylist() == whole.to_pylist()
    assert nullable.to_pylist() == whole.to_pylist()
    assert relation.to_pylist() == whole.to_pylist()
    assert backwards.to_pylist()[::-1] == whole.to_pylist()
    assert arrays.to_pylist() == whole.to_pylist()
    assert frame.to_pylist() == whole.to_pylist()
