"""DuckDB: one SELECT of CASE expressions over a table in memory, its result as Arrow columns."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from peers import static_99r as s99
from peers.caseload import Caseload
from peers.result import INCOMPLETE, NOT_APPLICABLE, OMITTED, SCORED, Column, Peer, Result


def _cuts(value: str, *cuts: int) -> str:
    """How many cuts a value has reached."""
    whens = " ".join(f"WHEN {value} < {cut} THEN {number}::TINYINT" for number, cut in enumerate(cuts))
    return f"CASE {whens} ELSE {len(cuts)}::TINYINT END"


TOTAL = f"""
    CASE WHEN age_at_release < 35 THEN 1::TINYINT WHEN age_at_release < 40 THEN 0::TINYINT
         WHEN age_at_release < 60 THEN -1::TINYINT ELSE -3::TINYINT END
  + CASE WHEN {s99.PARTNER} = 0 THEN 1::TINYINT ELSE 0::TINYINT END
  + greatest({_cuts("prior_sex_charges", 1, 3, 6)}, {_cuts("prior_sex_convictions", 1, 2, 4)})
  + {_cuts("prior_sentencing_dates", 4)}
  + {" + ".join(s99.YES_NO)}"""

GAPS = f"""
    WHEN {" OR ".join(f"{name} IS NULL" for name in s99.REQUIRED)} THEN {INCOMPLETE}::TINYINT
    WHEN {s99.PARTNER} IS NULL THEN {OMITTED}::TINYINT"""


def _query(complete: bool) -> str:
    return f"""
        SELECT total, status, level, level AS standard FROM (
          SELECT status, total, CASE WHEN status < {INCOMPLETE} THEN {_cuts("total", -1, 1, 4, 6)} END AS level FROM (
            SELECT status, CASE WHEN status < {INCOMPLETE} THEN any_total END AS total FROM (
              SELECT {TOTAL} AS any_total,
                CASE WHEN age_at_release < 18 THEN {NOT_APPLICABLE}::TINYINT {"" if complete else GAPS}
                     ELSE {SCORED}::TINYINT END AS status
              FROM caseload)))"""


def _plain(array: pa.ChunkedArray) -> Column:
    return Column(pc.fill_null(array, 0).to_numpy(), array.is_null().to_numpy())


def _read(scores: pa.Table) -> Result:
    status = scores["status"].to_numpy()
    return s99.result(_plain(scores["total"]), status, _plain(scores["level"]), _plain(scores["standard"]))


def static_99r(caseload: Caseload, threads: int) -> Peer:
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute("SET enable_progress_bar = false")
    connection.register("given", caseload.to_arrow())
    connection.execute("CREATE TABLE caseload AS SELECT * FROM given")
    query = _query(caseload.complete)
    return Peer("DuckDB", lambda: connection.sql(query).to_arrow_table(), _read, threads)
