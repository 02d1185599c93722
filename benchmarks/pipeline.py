"""Files in, files out: what a run of `appraise score` costs beside pyarrow and DuckDB, each as a process of its own.

    python benchmarks/pipeline.py [--rows N] [--csv-rows N] [--folder DIR] [--json FILE]

* Parquet to Parquet (100 million rows unless told otherwise): the most memory that the process held, and its time over
  that of pyarrow reading the same columns and writing the same result, which is handed to it ready-made.
* CSV to Parquet: its time over that of DuckDB, which reads with its own reader, computes the same score in SQL and
  writes the same columns with the same compression. Both results are compared row by row.

Times are of the whole process, wall clock and processor; ratios below 1 say that appraise is faster.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from peers import static_99r as s99
from peers.with_duckdb import TOTAL

GROUP = 1 << 20
COMPRESSION = "zstd"
COLUMNS = ("person", *s99.NAMES)
COUNTS = {"age_at_release": (18, 80), "prior_sex_charges": (0, 9), "prior_sex_convictions": (0, 4)}
OPTIONS = ["--accept-unverified", "--no-bounds", "--no-distance", "--no-reasons", "--quiet"]


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds by the wall clock and of the processor, and the most memory it held."""

    wall: float
    processor: float
    mebibytes: float

    @classmethod
    def of(cls, arguments: list[str]) -> Cost:
        """Runs a program to its end."""
        start = time.perf_counter()
        pid = os.posix_spawn(arguments[0], arguments, os.environ)
        _, status, usage = os.wait4(pid, 0)
        if status:
            sys.exit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
        return cls(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def over(self, other: Cost) -> dict[str, float]:
        return {"wall": self.wall / other.wall, "processor": self.processor / other.processor}


def people(first: int, rows: int) -> pa.Table:
    """Made-up answers to the items of Static-99R, one in fifty missing."""
    random = np.random.default_rng(first)
    columns: dict[str, Any] = {"person": np.arange(first, first + rows)}
    for name in s99.ITEMS:
        missing = random.random(rows) < 0.02
        if name in COUNTS or name == "prior_sentencing_dates":
            low, high = COUNTS.get(name, (0, 8))
            columns[name] = pa.array(random.integers(low, high, rows, np.int16), mask=missing)
        else:
            codes = pa.array((random.random(rows) < 0.4).astype(np.int8), mask=missing)
            columns[name] = pa.DictionaryArray.from_arrays(codes, ["no", "yes"]).cast(pa.string())
    return pa.table(columns)


def write_people(path: Path, rows: int) -> None:
    writer: Any = None
    for first in range(0, rows, GROUP):
        table = people(first, min(GROUP, rows - first))
        if writer is None:
            is_csv = path.suffix == ".csv"
            writer = (
                pyarrow.csv.CSVWriter(path, table.schema, write_options=pyarrow.csv.WriteOptions(quoting_style="none"))
                if is_csv
                else pq.ParquetWriter(path, table.schema, compression=COMPRESSION)
            )
        writer.write_table(table)
    writer.close()


def score(source: Path, output: Path) -> list[str]:
    threads = ["--threads", str(os.cpu_count() or 1)]
    program = [sys.executable, "-m", "appraise.cli", "score", "static-99r", str(source), "-o", str(output)]
    return [*program, *threads, *OPTIONS]


def read_and_write(source: Path, result: Path, output: Path) -> dict[str, float]:
    """What pyarrow takes for the same: reads the columns of the caseload, and writes a result that is in memory.

    Reading the ready-made result into memory is not counted.
    """
    columns = ["person", *s99.ITEMS]
    wall, processor = time.perf_counter(), time.process_time()
    with pq.ParquetFile(source) as file:
        for batch in file.iter_batches(1 << 17, columns=columns):
            batch.num_rows  # noqa: B018
    spent = [time.perf_counter() - wall, time.process_time() - processor]
    with (
        pq.ParquetFile(result) as file,
        pq.ParquetWriter(output, file.schema_arrow, compression=COMPRESSION) as writer,
    ):
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            wall, processor = time.perf_counter(), time.process_time()
            writer.write_table(table, row_group_size=GROUP)
            spent[0] += time.perf_counter() - wall
            spent[1] += time.process_time() - processor
    return {"wall": spent[0], "processor": spent[1]}


def in_sql(source: Path, output: Path) -> None:
    """The same score in SQL: DuckDB reads CSV by itself and writes Parquet."""
    required = " OR ".join(f"{name} IS NULL" for name in s99.REQUIRED)
    total = TOTAL
    for name in (s99.PARTNER, *s99.YES_NO):
        total = total.replace(name, f"CAST({name} AS TINYINT)")
    level = " ".join(f"WHEN total < {cut} THEN '{name}'" for cut, name in zip((-1, 1, 4, 6), s99.LEVELS, strict=False))
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(f"""
        COPY (
          SELECT person, total, total_status, level AS total_level, level AS total_standard_level FROM (
            SELECT *, CASE WHEN total IS NOT NULL THEN CASE {level} ELSE 'IVb' END END AS level FROM (
              SELECT person, CASE WHEN NOT ({required}) THEN {total} END AS total,
                CASE WHEN {required} THEN 'incomplete' WHEN {s99.PARTNER} IS NULL THEN 'scored_with_omissions'
                     ELSE 'scored' END AS total_status
              FROM read_csv('{source}'))))
        TO '{output}' (FORMAT parquet, COMPRESSION {COMPRESSION}, ROW_GROUP_SIZE {GROUP})""")


def differing_rows(one: Path, other: Path) -> int:
    """How many rows of two results are not the same."""
    columns = ", ".join(f"{name}::VARCHAR" for name in COLUMNS)
    query = f"SELECT {columns} FROM '{one}' EXCEPT ALL SELECT {columns} FROM '{other}'"
    (count,) = duckdb.sql(f"SELECT count(*) FROM ({query})").fetchall()[0]
    return int(count)


def measure_parquet(folder: Path, rows: int) -> dict[str, Any]:
    source, output, copy = folder / "people.parquet", folder / "scored.parquet", folder / "copied.parquet"
    write_people(source, rows)
    cost = Cost.of(score(source, output))
    told = folder / "limit.json"
    Cost.of([sys.executable, __file__, "--limit", str(source), str(output), str(copy), str(told)])
    limit = json.loads(told.read_text())
    sizes = {"input_bytes": source.stat().st_size, "output_bytes": output.stat().st_size}
    for path in (source, output, copy):
        path.unlink()
    return {
        "rows": rows,
        **sizes,
        "appraise": cost.__dict__,
        "pyarrow reads and writes": limit,
        "ratio": {"wall": cost.wall / limit["wall"], "processor": cost.processor / limit["processor"]},
    }


def measure_csv(folder: Path, rows: int, repeats: int) -> dict[str, Any]:
    source, output, sql = folder / "people.csv", folder / "scored.parquet", folder / "sql.parquet"
    write_people(source, rows)
    costs, others = [], []
    for _ in range(repeats):
        costs.append(Cost.of(score(source, output)))
        others.append(Cost.of([sys.executable, __file__, "--sql", str(source), str(sql)]))
    cost, other = (min(each, key=lambda one: one.wall) for each in (costs, others))
    differing = differing_rows(output, sql) + differing_rows(sql, output)
    size = source.stat().st_size
    for path in (source, output, sql):
        path.unlink()
    return {
        "rows": rows,
        "input_bytes": size,
        "appraise": cost.__dict__,
        "DuckDB": other.__dict__,
        "ratio": cost.over(other),
        "differing rows": differing,
    }


def tell(name: str, measured: dict[str, Any], peer: str) -> None:
    own, ratio = measured["appraise"], measured["ratio"]
    print(f"{name}, {measured['rows']:,} rows: {own['wall']:.1f} s, {own['mebibytes']:.0f} MiB at most; ", end="")
    print(f"over {peer}: {ratio['wall']:.2f} by the clock, {ratio['processor']:.2f} of processor time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000_000, help="of Parquet to Parquet; 0: not measured")
    parser.add_argument("--csv-rows", type=int, default=10_000_000, help="of CSV to Parquet; 0: not measured")
    parser.add_argument("--repeats", type=int, default=3, help="of CSV to Parquet; the fastest counts")
    parser.add_argument("--folder", type=Path, help="where the files lie meanwhile; default: a temporary folder")
    parser.add_argument("--json", type=Path, default=Path("build/bench/pipeline.json"))
    parser.add_argument("--limit", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--sql", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.limit:
        source, result, output, told = map(Path, given.limit)
        told.write_text(json.dumps(read_and_write(source, result, output)))
        return
    if given.sql:
        in_sql(*map(Path, given.sql))
        return
    folder = Path(tempfile.mkdtemp(prefix="appraise-pipeline-", dir=given.folder))
    measured = {}
    try:
        if given.rows:
            measured["Parquet to Parquet"] = measure_parquet(folder, given.rows)
            tell("Parquet to Parquet", measured["Parquet to Parquet"], "pyarrow reads and writes")
        if given.csv_rows:
            measured["CSV to Parquet"] = measure_csv(folder, given.csv_rows, given.repeats)
            tell("CSV to Parquet", measured["CSV to Parquet"], "DuckDB")
    finally:
        shutil.rmtree(folder)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(measured, indent=2) + "\n")


if __name__ == "__main__":
    main()
