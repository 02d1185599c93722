"""polars: lazy expressions over nullable int8 columns; results as int8 codes, and in the types that appraise gives."""

from __future__ import annotations

import polars as pl

from peers import static_99r as s99
from peers.caseload import Caseload
from peers.result import INCOMPLETE, NOT_APPLICABLE, OMITTED, SCORED, STATUSES, Column, Peer, Result


def _code(number: int) -> pl.Expr:
    return pl.lit(number, pl.Int8)


def _cuts(value: pl.Expr, *cuts: int) -> pl.Expr:
    """How many cuts a value has reached."""
    banded = pl.when(value < cuts[0]).then(_code(0))
    for number, cut in enumerate(cuts[1:], 1):
        banded = banded.when(value < cut).then(_code(number))
    return banded.otherwise(_code(len(cuts)))


def _total() -> pl.Expr:
    age = pl.col("age_at_release")
    age_points = pl.when(age < 35).then(_code(1)).when(age < 40).then(_code(0)).when(age < 60).then(_code(-1))
    partner = pl.when(pl.col(s99.PARTNER) == 0).then(_code(1)).otherwise(_code(0))
    charges = _cuts(pl.col("prior_sex_charges"), 1, 3, 6)
    convictions = _cuts(pl.col("prior_sex_convictions"), 1, 2, 4)
    parts = [
        age_points.otherwise(_code(-3)),
        partner,
        pl.max_horizontal(charges, convictions),
        _cuts(pl.col("prior_sentencing_dates"), 4),
        *(pl.col(name) for name in s99.YES_NO),
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _status(complete: bool) -> pl.Expr:
    young = pl.when(pl.col("age_at_release") < 18).then(_code(NOT_APPLICABLE))
    if complete:
        return young.otherwise(_code(SCORED))
    incomplete = pl.any_horizontal(pl.col(name).is_null() for name in s99.REQUIRED)
    without_partner = pl.col(s99.PARTNER).is_null()
    return (
        young.when(incomplete)
        .then(_code(INCOMPLETE))
        .when(without_partner)
        .then(_code(OMITTED))
        .otherwise(_code(SCORED))
    )


def _codes(frame: pl.DataFrame, complete: bool) -> pl.LazyFrame:
    usable = pl.col("status") < INCOMPLETE
    return (
        frame.lazy()
        .select(_status(complete).alias("status"), _total().alias("any_total"))
        .select("status", pl.when(usable).then("any_total").alias("total"))
        .with_columns(pl.when(usable).then(_cuts(pl.col("total"), -1, 1, 4, 6)).alias("level"))
        .with_columns(pl.col("level").alias("standard"))
    )


def _labels(frame: pl.DataFrame, complete: bool) -> pl.LazyFrame:
    """The same with a total of four bytes, and status and levels that have names."""
    status, level = (
        pl.col(name).cast(pl.UInt8).cat.to(pl.Enum(labels))
        for name, labels in (("status", STATUSES), ("level", s99.LEVELS))
    )
    named = _codes(frame, complete).select(pl.col("total").cast(pl.Int32), status, level)
    return named.with_columns(pl.col("level").alias("standard"))


def _plain(values: pl.Series) -> Column:
    codes = values.to_physical() if values.dtype == pl.Enum else values
    return Column(codes.fill_null(0).to_numpy(), values.is_null().to_numpy())


def _read(scores: pl.DataFrame) -> Result:
    status = scores["status"].to_physical().to_numpy()
    return s99.result(_plain(scores["total"]), status, _plain(scores["level"]), _plain(scores["standard"]))


def _peer(name: str, query: pl.LazyFrame) -> Peer:
    return Peer(name, query.collect, _read, pl.thread_pool_size())


def static_99r(caseload: Caseload, threads: int) -> Peer:
    return _peer("polars", _codes(pl.DataFrame(caseload.to_arrow()), caseload.complete))


def static_99r_labels(caseload: Caseload, threads: int) -> Peer:
    return _peer("polars, labels", _labels(pl.DataFrame(caseload.to_arrow()), caseload.complete))
