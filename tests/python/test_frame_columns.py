"""Columns of frames: missing values, Booleans, dates and codes of every type that a frame can have."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import appraise as ap
from conftest import SAMPLE

Rows = dict[str, list[Any]]
CONNECTION = duckdb.connect()


def test_codes_of_every_type_are_told_apart(sample: ap.Instrument, rows: Rows) -> None:
    day = datetime.date(1999, 9, 9)
    big = 2**53 + 1
    table = pa.table(
        {
            "severity": pa.array([big, big - 1, None, 0, 1]),
            "first": pa.array([True, False, None, True, False]),
            "priors": rows["priors"],
            "age": [40] * 5,
            "born": pa.array([day, datetime.date(2000, 2, 29), None, day, day]),
        }
    )
    codes: dict[str, dict[Any, str | None]] = {
        "severity": {big: "much", big - 1: "none"},
        "first": {True: "no", False: "yes"},
        "born": {day: None},
    }
    scores = ap.score(sample, table, codes=codes, contributions=True)
    assert scores["total_from_severity"].tolist()[:2] == [3, 0]
    assert scores["total_from_first"].tolist()[:2] == [1, 0]
    assert scores["majority"].tolist()[:2] == [None, datetime.date(2018, 3, 1)]


def test_codes_of_slices_and_missing_rows(sample: ap.Instrument, rows: Rows) -> None:
    codes: dict[str, dict[Any, str | None]] = {"severity": {"much": "none"}, "first": {"yes": "no"}, "priors": {4: "0"}}
    whole = pa.table({name: [None] * 9 + values for name, values in rows.items()})
    plain = ap.score(sample, rows, codes=codes)["total"].tolist()
    for start in range(5):
        assert ap.score(sample, whole.slice(9 + start), codes=codes)["total"].tolist() == plain[start:]


MISSING: dict[str, Callable[[], Any]] = {
    "Categorical": lambda: pd.Categorical(["much", None, "none"], ["none", "some", "much"]),
    "text": lambda: pd.Series(["much", None, "none"]),
    "string[pyarrow]": lambda: pd.array(["much", pd.NA, "none"], "string[pyarrow]"),
    "arrow text": lambda: pd.array(["much", None, "none"], pd.ArrowDtype(pa.string())),
    "arrow dictionary": lambda: pd.array(["much", None, "none"], pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))),
    "object": lambda: np.array(["much", float("nan"), "none"], object),
    "Int8": lambda: pd.array([2, None, 0], "Int8"),
    "UInt64": lambda: pd.array([2, None, 0], "UInt64"),
    "arrow numbers": lambda: pd.array([2, None, 0], pd.ArrowDtype(pa.int16())),
    "float": lambda: np.array([2, np.nan, 0]),
    "Float32": lambda: pd.array([2, None, 0], "Float32"),
    "sparse": lambda: pd.arrays.SparseArray([2, np.nan, 0]),
    "categories of numbers": lambda: pd.Categorical([2, None, 0]),
    "mixed objects": lambda: np.array(["much", pd.NA, 0], object),
}


@pytest.mark.parametrize("kind", MISSING)
def test_missing_values_of_every_pandas_type(sample: ap.Instrument, kind: str) -> None:
    frame = pd.DataFrame({"severity": MISSING[kind](), "first": ["yes"] * 3, "priors": [0] * 3, "age": [30] * 3})
    scores = ap.score(sample, frame, contributions=True)
    assert scores["total_from_severity"].tolist() == [3, None, 0]
    assert "missing: severity" in scores["reasons"][1]


BOOLEANS: dict[str, Callable[[], Any]] = {
    "bool": lambda: np.array([True, False, False]),
    "boolean": lambda: pd.array([True, None, False], "boolean"),
    "arrow": lambda: pd.array([True, None, False], pd.ArrowDtype(pa.bool_())),
    "object": lambda: np.array([True, None, False], object),
    "categories": lambda: pd.Categorical([True, None, False]),
}


@pytest.mark.parametrize("kind", BOOLEANS)
def test_booleans_of_every_pandas_type(sample: ap.Instrument, kind: str) -> None:
    frame = pd.DataFrame({"first": BOOLEANS[kind](), "severity": [0] * 3, "priors": [0] * 3, "age": [30] * 3})
    scores = ap.score(sample, frame)
    assert scores["total"].tolist()[::2] == [0, 1]
    assert ("omitted: first" in scores["reasons"][1]) == (kind != "bool")


DAYS = ["2000-02-29", None]


DATES: dict[str, Callable[[], Any]] = {
    "seconds": lambda: pd.Series(pd.to_datetime(DAYS)).astype("datetime64[s]"),
    "milliseconds": lambda: pd.Series(pd.to_datetime(DAYS)).astype("datetime64[ms]"),
    "microseconds": lambda: pd.Series(pd.to_datetime(DAYS)).astype("datetime64[us]"),
    "nanoseconds": lambda: pd.Series(pd.to_datetime(DAYS)).astype("datetime64[ns]"),
    "text": lambda: pd.Series(DAYS),
    "python dates": lambda: pd.Series([datetime.date(2000, 2, 29), None], dtype=object),
    "arrow days": lambda: pd.Series([datetime.date(2000, 2, 29), None], dtype=pd.ArrowDtype(pa.date32())),
    "arrow times": lambda: pd.Series(pd.to_datetime(DAYS)).astype(pd.ArrowDtype(pa.timestamp("us"))),
    "categories": lambda: pd.Series(pd.Categorical(DAYS)),
}


@pytest.mark.parametrize("kind", DATES)
def test_dates_of_every_pandas_type(sample: ap.Instrument, kind: str) -> None:
    frame = pd.DataFrame({"severity": [0, 0], "first": [True, True], "priors": [0, 0], "age": [30, 30]})
    frame["born"] = DATES[kind]()
    assert ap.score(sample, frame)["majority"].tolist() == [datetime.date(2018, 3, 1), None]


NOTHING: dict[str, Callable[[], Any]] = {
    "pandas objects": lambda: pd.DataFrame({"first": [None, None]}),
    "pandas categories": lambda: pd.DataFrame({"first": pd.Categorical([None, None])}),
    "pandas text": lambda: pd.DataFrame({"first": pd.array([None, None], "string")}),
    "pandas numbers": lambda: pd.DataFrame({"first": pd.array([None, None], "Int64")}),
    "pandas dates": lambda: pd.DataFrame({"born": pd.to_datetime([None, None])}),
    "polars null": lambda: pl.DataFrame({"first": [None, None]}),
    "polars enum": lambda: pl.DataFrame({"first": pl.Series([None, None], dtype=pl.Enum(["yes", "no"]))}),
    "pyarrow null": lambda: pa.table({"first": pa.nulls(2)}),
    "pyarrow dictionary": lambda: pa.table({"first": pa.nulls(2, pa.dictionary(pa.int8(), pa.string()))}),
    "duckdb": lambda: CONNECTION.sql("select null as first from range(2)"),
    "mapping": lambda: {"first": [None, None]},
}


@pytest.mark.parametrize("kind", NOTHING)
def test_columns_without_any_value_are_missing(tmp_path: Path, kind: str) -> None:
    table = NOTHING[kind]()
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    file = tmp_path / "sample" / "1" / "instrument.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    for item in document["items"]:
        item["optional"] = True
    file.write_text(json.dumps(document), encoding="utf-8")
    scores = ap.score(file, table)
    assert len(scores) == 2
    assert scores["total_status"].tolist() == ["incomplete", "incomplete"]


def test_dates_of_numpy_are_codes_too(sample: ap.Instrument, rows: Rows) -> None:
    rows["born"] = [datetime.date(1999, 9, 9), datetime.date(2000, 2, 29), None, None, None]
    for unit in ("D", "s", "ns"):
        scores = ap.score(sample, pa.table(rows), codes={"born": {np.datetime64("1999-09-09", unit): None}})
        assert scores["majority"].tolist()[:2] == [None, None]
        assert "missing: born" in scores["reasons"][0]
