"""Runs: what comes out, several instruments, quarantine, manifest, replay, the command."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from appraise._io import LocationError, connect, open_source
from appraise._report import RowProgress
from appraise._runs import replay as replay_run
from appraise._runs import run
from appraise._runs.findings import CODES
from appraise._runs.keys import KeyCheck
from conftest import DEFINITIONS, SAMPLE, Run
from run_support import (
    ROWS,
    SEGMENT,
    asked,
    fill,
    left_behind,
    rows_of,
    write_caseload,
)

DOCUMENTS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def caseload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_caseload(tmp_path_factory.mktemp("caseload") / "caseload.csv")


# What comes out


@pytest.mark.parametrize("ending", ["parquet", "csv", "csv.gz", "tsv", "arrow", "arrows"])
def test_every_format_holds_the_same_rows(caseload: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"scored.{ending}"
    manifest = run(asked(caseload, out)).manifest
    assert manifest["rows"] == {"read": ROWS + 2, "scored": ROWS, "unreadable": 2}
    source = open_source(out)
    columns = ["key", "total", "total_status", "total_level"]
    table = pa.Table.from_batches([batch.table for batch in source.batches(columns)])
    assert table["key"].cast(pa.int64()).to_pylist() == list(range(ROWS))
    total = table["total"].cast(pa.string()).to_pylist()[:5]
    assert [text or None for text in total] == ["5", None, None, "1", None]
    assert pc.value_counts(table["total_status"].cast(pa.string())).to_pylist()[0] == {
        "values": "scored",
        "counts": ROWS // 5,
    }
    assert left_behind(tmp_path) == []


def test_a_parquet_file_of_parts_is_read_by_every_reader(caseload: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.parquet"
    run(asked(caseload, out))
    file = pyarrow.parquet.ParquetFile(out)
    assert file.metadata.num_row_groups == ROWS // SEGMENT + 1
    table = file.read()
    table.validate(full=True)
    assert table.schema.metadata[b"instrument"] == b"sample"
    total = pc.sum(table["total"]).as_py()
    assert duckdb.sql(f"select sum(total), count(*), max(key) from '{out}'").fetchall() == [(total, ROWS, str(99999))]
    assert polars.scan_parquet(out).select("total").sum().collect().item() == total
    middle = pyarrow.parquet.ParquetFile(out).read_row_group(2)
    assert middle.equals(table.slice(2 * SEGMENT, SEGMENT))


def test_several_instruments_in_one_pass(run: Run, tmp_path: Path) -> None:
    source, out = Path(__file__).parents[2] / "examples" / "caseload.csv", tmp_path / "scored.parquet"
    result = run("score", "static-99r", "stable-2007@2007", source, "-o", out, "--accept-unverified")
    assert result.exit_code == 0, result.output
    both = pyarrow.parquet.read_table(out)
    for name, prefix in (("static-99r", "static_99r_"), ("stable-2007", "stable_2007_")):
        alone = tmp_path / f"{name}.parquet"
        assert run("score", name, source, "-o", alone, "--accept-unverified").exit_code == 0
        table = pyarrow.parquet.read_table(alone)
        for column in table.column_names[1:]:
            assert both[prefix + column].equals(table[column]), column
    twice = run("score", "static-99r", "static-99r", source, "-o", out, "--accept-unverified")
    assert (twice.exit_code, twice.output) == (2, "appraise: static-99r is asked for twice\n")


def test_the_manifest_tells_what_was_read_used_and_given(caseload: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.parquet"
    given = run(asked(caseload, out, key="key")).manifest
    manifest = json.loads((tmp_path / "scored.parquet.manifest.json").read_text(encoding="utf-8"))
    assert {name: manifest[name] for name in ("rows", "statuses")} == {
        name: given[name] for name in ("rows", "statuses")
    }
    digest = subprocess.run(["sha256sum", caseload, out], capture_output=True, text=True, check=True).stdout.split()
    assert (manifest["input"]["sha256"], manifest["output"]["sha256"]) == (digest[0], digest[2])
    assert manifest["instruments"][0]["parts"]["scoring"]["sha256"]
    assert manifest["quarantine"]["codes"] == {
        "response.unknown-code": ROWS // 5,
        "row.ragged": 1,
        "row.undecodable": 1,
    }
    assert sum(manifest["statuses"]["total"].values()) == ROWS
    assert len(rows_of(tmp_path / "scored.parquet.quarantine.csv")) == ROWS // 5 + 2


def test_nothing_depends_on_threads_or_on_the_kind_of_source(caseload: Path, tmp_path: Path) -> None:
    one, other, parquet = tmp_path / "1.parquet", tmp_path / "2.parquet", tmp_path / "caseload.parquet"
    run(asked(caseload, one), threads=1)
    run(asked(caseload, other), threads=3)
    assert one.read_bytes() == other.read_bytes()
    source = open_source(caseload)
    with pyarrow.parquet.ParquetWriter(parquet, pa.schema([(name, pa.string()) for name in source.columns])) as writer:
        for batch in source.batches(source.columns):
            writer.write_batch(batch.table)
    run(asked(parquet, other))
    assert one.read_bytes() == other.read_bytes()


def test_a_folder_of_files_is_one_caseload(caseload: Path, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    lines = caseload.read_bytes().splitlines(keepends=True)
    for number, start in enumerate(range(1, len(lines), 40_000)):
        (parts / f"{number}.csv").write_bytes(lines[0] + b"".join(lines[start : start + 40_000]))
    whole, out = tmp_path / "whole.parquet", tmp_path / "parts.parquet"
    run(asked(caseload, whole))
    run(asked(parts, out))
    assert whole.read_bytes() == out.read_bytes()
    told = rows_of(tmp_path / "parts.parquet.quarantine.csv")
    assert (told[-1]["row"], told[-1]["line"]) == (str(ROWS + 2), "2.csv:20003")
    assert replay_run(tmp_path / "parts.parquet.manifest.json").same


def test_keys_that_come_twice_are_told(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "caseload.csv", tmp_path / "scored.csv"
    keys = ["a", "b", "a", "", "c", "b", "a"]
    source.write_text(
        "key,severity,first,priors,age\n" + "".join(f"{key},much,yes,4,40\n" for key in keys), encoding="utf-8"
    )
    result = run("score", SAMPLE, source, "-o", out, "--key", "key", "--checkpoint-rows", 2)
    assert result.exit_code == 0, result.output
    told = [(each["row"], each["key"], each["code"]) for each in rows_of(tmp_path / "scored.csv.quarantine.csv")]
    assert told == [
        ("4", "", "key.missing"),
        ("3", "a", "key.duplicate"),
        ("6", "b", "key.duplicate"),
        ("7", "a", "key.duplicate"),
    ]
    assert len(rows_of(out)) == len(keys)
    assert left_behind(tmp_path) == []
    assert run("score", SAMPLE, source, "-o", out).exit_code == 0
    assert rows_of(tmp_path / "scored.csv.quarantine.csv") == []


def test_key_check_agrees_with_a_set(tmp_path: Path) -> None:
    drawn = random.Random(5)
    keys = [str(drawn.randrange(5000)) for _ in range(20_000)]
    check = KeyCheck(tmp_path / "keys")
    check.begin()
    for at in range(0, len(keys), 3000):
        part = keys[at : at + 3000]
        check.add(pa.array(part), pa.array(range(at + 1, at + len(part) + 1)).to_numpy())
    seen: set[str] = set()
    expected = [row for row, key in enumerate(keys, 1) if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
    assert check.repeated().tolist() == expected
    check.discard()


def test_the_output_may_not_be_the_caseload(caseload: Path, tmp_path: Path) -> None:
    source = tmp_path / "caseload.csv"
    source.write_bytes(caseload.read_bytes())
    with pytest.raises(LocationError, match="is the caseload itself"):
        run(asked(source, source))
    with pytest.raises(LocationError, match="one of the files of the caseload"):
        run(asked(tmp_path, tmp_path / "scored.csv"))
    assert source.read_bytes() == caseload.read_bytes()


# Replay


def test_replay_gives_the_same_bytes_or_says_what_differs(run: Run, caseload: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "caseload.csv", tmp_path / "scored.parquet"
    source.write_bytes(b"".join(caseload.read_bytes().splitlines(keepends=True)[:1000]))
    assert run("score", SAMPLE, source, "-o", out, "--norms", "all", "--levels", "total=main").exit_code == 0
    manifest = tmp_path / "scored.parquet.manifest.json"
    again = tmp_path / "again.parquet"
    same = run("replay", manifest, "-o", again)
    assert (same.exit_code, same.output) == (0, "the same\n")
    assert again.read_bytes() == out.read_bytes()
    assert json.loads(run("replay", manifest, "--json").output) == {"same": True, "given": [], "results": []}
    with source.open("a", encoding="utf-8") as file:
        file.write("x,much,yes,4,40\n")
    changed = run("replay", manifest)
    assert changed.exit_code == 1
    assert "not as it was: input.sha256" in changed.output
    document = json.loads(manifest.read_text(encoding="utf-8"))
    source.write_bytes(b"".join(caseload.read_bytes().splitlines(keepends=True)[:1000]))
    document["output"]["sha256"] = "0" * 64
    document["statuses"]["total"]["scored"] += 1
    manifest.write_text(json.dumps(document), encoding="utf-8")
    tampered = run("replay", manifest)
    assert tampered.exit_code == 1
    assert "came out otherwise: output.sha256" in tampered.output
    assert "came out otherwise: statuses.total.scored: 201 before, 200 now" in tampered.output


def test_replay_finds_everything_from_another_folder(
    run: Run, caseload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "caseload.csv").write_bytes(b"".join(caseload.read_bytes().splitlines(keepends=True)[:100]))
    monkeypatch.chdir(tmp_path)
    definition = os.path.relpath(SAMPLE)
    assert run("score", definition, "in/caseload.csv", "-o", "scored.csv").exit_code == 0
    monkeypatch.chdir(DEFINITIONS)
    assert run("replay", tmp_path / "scored.csv.manifest.json").output == "the same\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "verb": "sing"}', "\x00"])
def test_what_is_no_manifest_is_told(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, encoding="utf-8")
    result = run("replay", path)
    assert result.exit_code == 2
    assert "manifest" in result.output
    assert len(result.output.splitlines()) == 1


# The command


def test_json_is_the_manifest_and_nothing_else(run: Run, caseload: Path, tmp_path: Path) -> None:
    result = run("score", SAMPLE, caseload, "-o", tmp_path / "scored.parquet", "--json")
    assert json.loads(result.output)["rows"]["read"] == ROWS + 2


def test_strict_and_quiet(run: Run, caseload: Path, tmp_path: Path) -> None:
    arguments = ["score", SAMPLE, caseload, "-o", tmp_path / "scored.parquet", "--quiet"]
    assert run(*arguments) == (0, "")
    assert run(*arguments, "--strict") == (1, "")


def test_progress_without_a_terminal_is_plain_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appraise._report.PLAIN_INTERVAL", 0.0)
    with RowProgress(quiet=False) as progress:
        progress.go_on(1000)
        progress.advance(2000, 4000)
        progress.advance(3000, None)
    first, second = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"scoring: 2,000 rows, [\d,]+ rows/s of 4,000, \d:\d\d:\d\d left", first)
    assert re.fullmatch(r"scoring: 3,000 rows, [\d,]+ rows/s", second)
    with RowProgress(quiet=True) as progress:
        progress.advance(2000, 4000)
    assert capsys.readouterr().err == ""


def test_the_benchmark_of_the_pipeline_runs_and_agrees_with_sql(tmp_path: Path) -> None:
    program = Path(__file__).parents[2] / "benchmarks" / "pipeline.py"
    told = tmp_path / "pipeline.json"
    rows = ["--rows", "20000", "--csv-rows", "20000", "--repeats", "1", "--folder", tmp_path, "--json", told]
    subprocess.run([sys.executable, program, *map(str, rows)], check=True, capture_output=True)
    measured = json.loads(told.read_text(encoding="utf-8"))
    assert measured["CSV to Parquet"]["differing rows"] == 0
    assert measured["Parquet to Parquet"]["appraise"]["mebibytes"] < 700
    assert [each.name for each in tmp_path.iterdir()] == ["pipeline.json"]


def test_every_quarantine_code_is_documented() -> None:
    text = (DOCUMENTS / "command-line.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"`{code}`" not in text] == []


def test_source_and_result_in_one_sqlite_database(caseload: Path, tmp_path: Path) -> None:
    path = tmp_path / "agency.db"
    place = f"sqlite:{path}"
    lines = caseload.read_bytes().splitlines(keepends=True)[:3001]
    small = tmp_path / "small.csv"
    small.write_bytes(b"".join(lines))
    source = open_source(small)
    (batch,) = source.batches(source.columns)
    with connect(place, create=True) as database:
        fill(database, pa.Table.from_batches([batch.table]))
    places = {name: str(tmp_path / name) for name in ("manifest", "quarantine")}
    run(asked(f"{place}#people", f"{place}#scored", **places))
    run(asked(small, tmp_path / "scored.csv"))
    with connect(place) as database:
        rows = database.rows("select key, total_status from scored order by row")
    assert rows == [(each["key"], each["total_status"]) for each in rows_of(tmp_path / "scored.csv")]
