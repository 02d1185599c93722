"""Frames: the caller's own kind comes out, with its index and its types; what is wrong is told at once."""

import datetime
import gc
import weakref
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import appraise as ap
from appraise._frames import Reading, frame_of
from conftest import STATUSES, TOTALS

Rows = dict[str, list[Any]]
CONNECTION = duckdb.connect()


class Untouchable:
    """Fails as soon as anybody looks at it, once it is armed."""

    armed = False

    def __getattr__(self, name: str) -> Any:
        assert not Untouchable.armed, f"{name} of an unrelated column was asked for"
        raise AttributeError(name)

    def __bool__(self) -> bool:
        raise AssertionError("an unrelated column was looked at")


@pytest.fixture
def people(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows, index=pd.Index(["e", "d", "c", "b", "a"], name="person"))


def test_pandas_comes_out_with_its_index(sample: ap.Instrument, people: pd.DataFrame) -> None:
    frame = ap.score(sample, people).frame
    assert isinstance(frame, pd.DataFrame)
    assert frame.index is people.index
    assert frame.columns.tolist() == ap.score(sample, people).columns
    assert frame.loc["e", "total"] == 5
    assert frame["total"].isna().tolist() == [each is None for each in TOTALS]


def test_pandas_types_are_nullable_ordered_and_dated(sample: ap.Instrument, people: pd.DataFrame) -> None:
    people["born"] = pd.to_datetime(["2000-02-29", None, "1990-01-01", None, None])
    frame = ap.score(sample, people, norms="all").frame
    assert frame["total"].dtype == pd.Int32Dtype()
    assert frame["chance"].dtype == pd.Float64Dtype()
    assert frame["total_five-years_rate"].dtype == pd.Float64Dtype()
    assert frame["majority"].dtype == np.dtype("datetime64[s]")
    assert frame["majority"].tolist()[0] == pd.Timestamp(2018, 3, 1)
    assert frame["majority"].isna().tolist() == [False, True, False, True, True]
    level, status = frame["total_level"].dtype, frame["total_status"].dtype
    assert isinstance(level, pd.CategoricalDtype)
    assert isinstance(status, pd.CategoricalDtype)
    assert (level.categories.tolist(), level.ordered) == (["low", "middle", "high"], True)
    assert status.ordered
    assert (frame["total_status"] <= "scored_with_omissions").tolist() == [True, False, False, True, False]
    assert frame["reasons"].map(type).eq(list).all()


def test_pandas_can_be_written_to(sample: ap.Instrument, people: pd.DataFrame) -> None:
    scores = ap.score(sample, people)
    scores.frame.loc["e", "total"] = 0
    assert scores["total"].tolist() == TOTALS


def test_pandas_carries_what_made_it(sample: ap.Instrument, people: pd.DataFrame) -> None:
    scores = ap.score(sample, people)
    assert scores.frame.attrs["appraise"] == scores.metadata
    assert scores.frame.head(2).attrs["appraise"]["instrument"] == "sample"


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(["x"] * 5),
        pd.MultiIndex.from_product([["a"], range(5)], names=["site", "number"]),
        pd.date_range("2020-01-01", periods=5),
        pd.RangeIndex(10, 0, -2),
    ],
    ids=["duplicates", "levels", "dates", "backwards"],
)
def test_any_index_of_pandas_is_kept(sample: ap.Instrument, people: pd.DataFrame, index: pd.Index) -> None:
    frame = ap.score(sample, people.set_index(index)).frame
    pd.testing.assert_index_equal(frame.index, index)
    assert pd.concat([people.set_index(index), frame], axis=1)["total"].isna().tolist() == [t is None for t in TOTALS]


def test_a_sorted_and_filtered_pandas_frame_is_scored_in_its_order(sample: ap.Instrument, people: pd.DataFrame) -> None:
    frame = ap.score(sample, people.sort_index().iloc[1:]).frame
    assert frame.index.tolist() == ["b", "c", "d", "e"]
    assert frame["total"].astype(object).where(frame["total"].notna(), None).tolist() == [1, None, None, 5]


def test_polars_comes_out_with_enums(sample: ap.Instrument, rows: Rows) -> None:
    frame = ap.score(sample, pl.DataFrame(rows)).frame
    assert isinstance(frame, pl.DataFrame)
    assert frame["total"].to_list() == TOTALS
    assert frame.schema["total"] == pl.Int32
    assert frame.schema["total_level"] == pl.Enum(["low", "middle", "high"])
    assert frame.schema["majority"] == pl.Date
    assert frame.schema["reasons"] == pl.List(pl.String)
    assert frame["total_status"].to_list() == STATUSES


def test_a_lazy_frame_stays_lazy_and_is_run_once_for_what_is_needed(sample: ap.Instrument, rows: Rows) -> None:
    runs = []

    def look(frame: pl.DataFrame) -> pl.DataFrame:
        runs.append(frame.columns)
        return frame

    lazy = pl.LazyFrame({**rows, "person": list("abcde"), "other": range(5)}).map_batches(look)
    scores = ap.score(sample, lazy, key="person")
    frame = scores.frame
    assert isinstance(frame, pl.LazyFrame)
    assert frame.select("person", "total").collect().rows() == list(zip("abcde", TOTALS, strict=True))
    assert len(runs) == 1


def test_pyarrow_comes_out_as_it_went_in(sample: ap.Instrument, rows: Rows) -> None:
    table = pa.table({**rows, "person": list("abcde")})
    for given in (table, table.to_batches()[0], table.to_reader(max_chunksize=2)):
        frame = ap.score(sample, given, key="person").frame
        assert type(frame) is type(given)
        whole = frame.read_all() if isinstance(frame, pa.RecordBatchReader) else frame
        assert whole.schema.names[:2] == ["person", "total"]
        assert whole["person"].to_pylist() == list("abcde")
        assert whole["total"].to_pylist() == TOTALS
        assert whole.schema.metadata[b"instrument"] == b"sample"


def test_numbers_of_frames_are_read_in_place() -> None:
    reading = Reading({"x": "x"}, {}, [])
    frame = pd.DataFrame({"y": [1.5, 2], "x": np.array([1, 2], np.int64), "z": [3, 4]})
    (caseload,) = frame_of(frame).caseloads(reading)
    assert caseload.address("x") == frame["x"].to_numpy().ctypes.data
    nullable = pd.DataFrame({"x": pd.array([1, 2], "Int64")})
    (caseload,) = frame_of(nullable).caseloads(reading)
    assert caseload.address("x") == nullable["x"].to_numpy(dtype="int64").ctypes.data
    records = np.array([(1, 2.0), (3, 4.0)], [("w", "i4"), ("x", "f8")])
    (caseload,) = frame_of(records).caseloads(reading)
    assert caseload.rows == 2


def test_numbers_of_pyarrow_and_polars_are_not_copied(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, pa.table(rows))
    address = np.ma.getdata(scores["total"]).ctypes.data
    assert scores.frame["total"].chunk(0).buffers()[1].address == address
    assert scores.to_polars()["total"].drop_nulls().len() == 2


def test_an_empty_record_batch_comes_out_empty(sample: ap.Instrument, rows: Rows) -> None:
    frame = ap.score(sample, pa.RecordBatch.from_pydict(rows).slice(0, 0)).frame
    assert isinstance(frame, pa.RecordBatch)
    assert frame.num_rows == 0


def test_a_relation_comes_out_on_its_own_connection(sample: ap.Instrument, rows: Rows) -> None:
    connection = duckdb.connect()
    given = pa.table({**rows, "per son": list("abcde")})  # noqa: F841
    connection.execute("create table people as select * from given")
    scores = ap.score(sample, connection.table("people"), key="per son")
    frame = scores.frame
    assert isinstance(frame, duckdb.DuckDBPyRelation)
    joined = frame.set_alias("s").join(connection.table("people").set_alias("p"), 's."per son" = p."per son"')
    assert joined.project('s."per son", total, priors').order("1").fetchall() == [
        (person, total, priors) for person, total, priors in zip("abcde", TOTALS, rows["priors"], strict=True)
    ]


def test_a_structured_array_comes_out_structured(sample: ap.Instrument) -> None:
    array = np.array(
        [(2, 1, 4, 40, 7), (9, 1, 0, 30, 8)], [(n, "i4") for n in ("severity", "first", "priors", "age", "id")]
    )
    frame = ap.score(sample, array, key="id").frame
    assert isinstance(frame, np.ma.MaskedArray)
    assert frame["id"].tolist() == [7, 8]
    assert frame["total"].tolist() == [5, None]
    assert frame["total_level"].tolist() == ["high", None]
    assert frame["total_status"].tolist() == ["scored", "invalid"]


def test_a_mapping_comes_out_as_one(sample: ap.Instrument, rows: Rows) -> None:
    frame = ap.score(sample, {**rows, "person": list("abcde")}, key=["person"]).frame
    assert list(frame)[:2] == ["person", "total"]
    assert frame["total"].tolist() == TOTALS


FRAMES: dict[str, Callable[[Rows], Any]] = {
    "mapping": dict,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "lazy": pl.LazyFrame,
    "table": pa.table,
    "batch": pa.RecordBatch.from_pydict,
    "reader": lambda rows: pa.table(rows).to_reader(),
    "duckdb": lambda rows: CONNECTION.from_arrow(pa.table(rows)),
    "array": lambda rows: pd.DataFrame(rows).to_records(index=False),
}


CODES: dict[str, dict[Any, str | None]] = {
    "severity": {"A": "much", "B": "none"},
    "first": {1: "yes", 2: "no", 9: None},
    "priors": {99: None},
}


@pytest.mark.parametrize("kind", FRAMES)
def test_columns_and_codes_are_the_callers_own(sample: ap.Instrument, kind: str) -> None:
    table = FRAMES[kind](
        {"how": ["A", "B", "Z", "some"], "ERST": [1, 2, 2, 9], "priors": [4.0, 0.0, 99.0, 1.0], "age": [40, 30, 20, 50]}
    )
    scores = ap.score(sample, table, columns={"how": "severity", "ERST": "first"}, codes=CODES)
    assert scores["total_status"].tolist()[0] == "scored"
    assert scores["total"].tolist()[:2] == [5, 1]
    assert "invalid: severity" in scores["reasons"][2]
    assert "missing: priors" in scores["reasons"][2]
    assert "omitted: first" in scores["reasons"][3]
    assert "invalid: severity" not in scores["reasons"][3]


def test_time_zones_and_times_of_pandas_are_refused(sample: ap.Instrument, people: pd.DataFrame) -> None:
    zoned = people.assign(born=pd.Timestamp("2000-02-29", tz="UTC"))
    with pytest.raises(ap.UsageError, match=r"'born'.*time zone"):
        ap.score(sample, zoned)
    with pytest.raises(ap.UsageError, match=r"'born'.*times of day"):
        ap.score(sample, people.assign(born=pd.Timestamp("2000-02-29 12:00")))


def test_unrelated_columns_are_not_touched(
    sample: ap.Instrument, people: pd.DataFrame, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = pd.Series([Untouchable() for _ in range(5)], index=people.index, dtype=object)
    wide = pd.concat([people, *(strange.rename(name) for name in ("remark", "remark", 7, ("a", "b"), None))], axis=1)
    wide["complex"] = np.full(5, 1j)
    wide["periods"] = pd.period_range("2020", periods=5, freq="Y")
    monkeypatch.setattr(Untouchable, "armed", True)
    assert ap.score(sample, wide).frame["total"].isna().tolist() == [each is None for each in TOTALS]
    frame = pl.DataFrame(rows).with_columns(
        pl.Series("object", [object()] * 5, pl.Object), pl.Series("list", [[1]] * 5), pl.lit(1).cast(pl.Decimal(9, 2))
    )
    assert ap.score(sample, frame)["total"].tolist() == TOTALS
    mapping: dict[Any, Any] = {**rows, "remark": Untouchable(), 3: Untouchable()}
    assert ap.score(sample, mapping)["total"].tolist() == TOTALS
    table = pa.table([*pa.table(rows).columns, pa.nulls(5), pa.nulls(5)], [*rows, "twice", "twice"])
    assert ap.score(sample, table)["total"].tolist() == TOTALS


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "table", "reader", "duckdb", "array", "mapping"])
def test_frames_without_rows_have_all_columns(sample: ap.Instrument, rows: Rows, kind: str) -> None:
    empty = pa.table(rows).slice(0, 0)
    fields: list[tuple[str, str]] = [(name, "f8") for name in rows]
    tables: dict[str, Any] = {
        "pandas": pd.DataFrame(columns=list(rows)),
        "polars": pl.DataFrame(empty),
        "lazy": pl.DataFrame(empty).lazy(),
        "table": pa.Table.from_batches([], empty.schema),
        "reader": empty.to_reader(),
        "duckdb": CONNECTION.from_arrow(empty),
        "array": np.empty(0, fields),
        "mapping": {name: [] for name in rows},
    }
    scores = ap.score(sample, tables[kind])
    assert len(scores) == 0
    assert scores.columns == ap.score(sample, rows).columns
    assert type(scores.frame).__name__ in (type(tables[kind]).__name__, "MaskedArray")
    assert scores.counts("total_level") == {"low": 0, "middle": 0, "high": 0}


def test_all_absent_columns_are_named_with_their_nearest(sample: ap.Instrument, rows: Rows) -> None:
    table = {"Age": rows["age"], "prior's": rows["priors"], "first": rows["first"], "colour": [1] * 5}
    with pytest.raises(ap.UsageError) as caught:
        ap.score(sample, table)
    text = str(caught.value)
    for part in ("'severity' is absent; it is needed for: Severity", "'age' is absent (the nearest is 'Age')"):
        assert part in text
    assert "'priors' is absent (the nearest is 'prior's')" in text
    assert "columns={\"prior's\": 'priors', 'Age': 'age'}" in text
    assert "born" not in text


def test_the_hint_of_an_absent_column_can_be_followed(sample: ap.Instrument, rows: Rows) -> None:
    table = {**rows, "Age": rows["age"]}
    del table["age"]
    with pytest.raises(ap.UsageError, match=r"columns=\{'Age': 'age'\}"):
        ap.score(sample, table)
    assert ap.score(sample, table, columns={"Age": "age"})["total"].tolist() == TOTALS


def test_all_types_that_do_not_fit_are_named(sample: ap.Instrument, people: pd.DataFrame) -> None:
    people["alter"] = pd.Timestamp("2000-01-01")
    people["born"] = 1
    people["act"] = 2.5
    with pytest.raises(ap.UsageError) as caught:
        ap.score(sample, people.drop(columns="age"), columns={"alter": "age"})
    text = str(caught.value)
    assert "column 'alter' of item 'age' has dates (datetime64[" in text
    assert "expected numbers or text, for a response that is a number of years" in text
    assert "column 'born' has numbers (int64); expected dates or text" in text
    assert "column 'act' has numbers (float64); expected text, for a response that is a code" in text


@pytest.mark.parametrize("kind", ["numbers", "Booleans", "dates", "text"])
def test_types_are_refused_as_the_library_refuses_them(sample: ap.Instrument, kind: str) -> None:
    columns = {
        "numbers": pa.array([1]),
        "Booleans": pa.array([True]),
        "dates": pa.array([datetime.date(2000, 1, 1)]),
        "text": pa.array(["x"]),
    }
    plain = pa.table({"severity": [0], "first": [True], "priors": [0], "age": [30]})
    plan = ap.compile(sample)
    for name in plan.items:
        if name in plain.column_names:
            table = plain.set_column(plain.column_names.index(name), name, columns[kind])
        else:
            table = plain.append_column(name, columns[kind])
        schema, array = table.to_batches()[0].__arrow_c_array__()
        caseload = ap._core.Caseload.from_arrow(schema, array, {each: each for each in table.column_names})
        assert caseload.types[name] == kind
        accepted = True
        try:
            ap._core.Scorer([plan], True, True, False, True, 1).score(caseload)
        except ap.UsageError:
            accepted = False
        if accepted:
            ap.score(plan, table)
        else:
            with pytest.raises(ap.UsageError, match=f"'{name}' has {kind} .*; expected "):
                ap.score(plan, table)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"aeg": "age"}}, r"columns: there is no column 'aeg' \(the nearest is 'age'\)"),
        ({"columns": {"age": "agee"}}, r"columns: there is no item 'agee' \(the nearest is 'age'\)"),
        ({"columns": {"priors": "age"}}, "item 'age' would be read from several columns: 'priors' and 'age'"),
        ({"key": "persn"}, "key: there is no column 'persn'"),
        ({"key": "total"}, "key: 'total' is the name of a result too"),
        ({"codes": {"sevrity": {}}}, r"codes: there is no item 'sevrity' \(the nearest is 'severity'\)"),
        ({"codes": {"severity": {"x": "mch"}}}, "stands for 'mch', which is none of its options: none, some, much"),
        ({"codes": {"severity": {None: "much"}}}, "a code is text, a number, a Boolean or a date"),
    ],
)
def test_options_that_point_nowhere_are_refused(
    sample: ap.Instrument, rows: Rows, options: dict[str, Any], message: str
) -> None:
    rows["total"] = [0] * 5
    with pytest.raises(ap.UsageError, match=message):
        ap.score(sample, rows, **options)


def test_a_column_that_comes_twice_is_refused(sample: ap.Instrument, people: pd.DataFrame, rows: Rows) -> None:
    twice = pd.concat([people, people[["age"]]], axis=1)
    with pytest.raises(ap.UsageError, match="column 'age' comes twice"):
        ap.score(sample, twice)
    table = pa.table(rows)
    with pytest.raises(ap.UsageError, match="column 'age' comes twice"):
        ap.score(sample, table.append_column("age", table["age"]))


def test_options_are_keywords(sample: ap.Instrument, rows: Rows) -> None:
    with pytest.raises(TypeError):
        ap.score(sample, rows, True)  # type: ignore[call-overload]


def test_explain_takes_the_callers_names_and_codes(sample: ap.Instrument, rows: Rows) -> None:
    rows["how"] = rows.pop("severity")
    explanation = ap.explain(
        sample, pd.DataFrame(rows), columns={"how": "severity"}, codes={"severity": {"much": "some"}}
    )
    assert explanation.value == "3"


def test_scoring_together_gives_a_frame_each(sample: ap.Instrument, people: pd.DataFrame) -> None:
    first, second = ap.score_together([sample, ap.compile(sample)], people, reasons=False)
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.frame.index is people.index


def test_a_frame_that_is_changed_later_changes_no_result(sample: ap.Instrument, people: pd.DataFrame) -> None:
    people["id"] = range(5)
    index = people.index
    scores = ap.score(sample, people, key="id")
    people.index = pd.Index(list("vwxyz"))
    people["id"] = 7
    assert scores.frame.index is index
    assert scores.frame["id"].tolist() == [0, 1, 2, 3, 4]


def test_scores_do_not_hold_on_to_the_table(sample: ap.Instrument, rows: Rows) -> None:
    table = pd.DataFrame(rows)
    gone = weakref.ref(table)
    scores = ap.score(sample, table)
    del table
    gc.collect()
    assert gone() is None
    assert len(scores.frame) == 5


@pytest.mark.parametrize("kind", FRAMES)
def test_one_column_may_answer_several_items(sample: ap.Instrument, rows: Rows, kind: str) -> None:
    table = FRAMES[kind]({"both": [0, 1], "priors": [4, 1], "age": [40, 50]})
    codes: dict[str, dict[Any, str | None]] = {"first": {0: "yes", 1: "no"}}
    scores = ap.score(sample, table, columns={"both": ["severity", "first"]}, codes=codes, contributions=True)
    assert scores["total_from_severity"].tolist() == [0, 1]
    assert scores["total_from_first"].tolist() == [0, 1]
