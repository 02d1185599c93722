"""The committed synthetic caseload is what its generator makes, and has the gaps that an agency's data has."""

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMITTED = EXAMPLES / "caseload.csv"


def generate(out: Path, rows: int, seed: int) -> Path:
    program = str(EXAMPLES / "generate_caseload.py")
    arguments = ["--rows", str(rows), "--seed", str(seed), "--out", str(out)]
    subprocess.run([sys.executable, program, *arguments], check=True)
    return out


def test_the_committed_caseload_is_generated_with_seed_99(tmp_path: Path) -> None:
    assert generate(tmp_path / "caseload.csv", rows=200, seed=99).read_bytes() == COMMITTED.read_bytes()


def test_another_seed_gives_another_caseload(tmp_path: Path) -> None:
    assert generate(tmp_path / "caseload.csv", rows=200, seed=100).read_bytes() != COMMITTED.read_bytes()


def test_rows_are_missing_invalid_and_out_of_population() -> None:
    with COMMITTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["person"] for row in rows}) == len(rows) == 200
    assert any(row["ever_lived_with_partner"] == "" for row in rows)
    assert any(row["sex"] == "female" for row in rows)
    wrong = {"age_at_release": "999", "prior_sex_charges": "-1", "any_male_victim": "unknown", "impulsive_acts": "3"}
    assert any(row[column] == answer for row in rows for column, answer in wrong.items())


def test_parquet_has_numbers_and_dates(tmp_path: Path) -> None:
    table = pq.read_table(generate(tmp_path / "caseload.parquet", rows=1000, seed=1))
    assert table.num_rows == 1000
    assert str(table.schema.field("age_at_release").type) == "int16"
    assert str(table.schema.field("released_on").type) == "date32[day]"
    assert table["impulsive_acts"].null_count > 0
