"""The command line: what it prints, what it writes, and its exit codes."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import appraise as ap
from conftest import ROWS, SAMPLE, STATUSES, TOTALS, Run

CSV = '''person,severity,first,priors,age,remark
a,much,yes,4,40,"says ""hello, you"""
b,some,no,0,20,
c,,,1,71.5,
d,none,,2,30,
e,huge,no,3,,
'''


@pytest.fixture
def caseload(tmp_path: Path) -> Path:
    path = tmp_path / "caseload.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    file = tmp_path / "sample" / "1" / "instrument.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    document["levels"]["main"]["bands"][1]["from"] = 3
    file.write_text(json.dumps(document), encoding="utf-8")
    return file.parent


def read(path: Path) -> pa.Table:
    return pyarrow.parquet.read_table(path) if path.suffix == ".parquet" else pyarrow.csv.read_csv(path)


def test_list_names_every_built_in_instrument(run: Run) -> None:
    result = run("list")
    assert result.exit_code == 0
    for listed in ap.instruments():
        assert listed.id in result.output


def test_show_tells_of_items_levels_norms_sources_and_parts(run: Run, sample: ap.Instrument) -> None:
    result = run("show", SAMPLE)
    assert result.exit_code == 0
    for text in ("Sample <b>scale</b>", "severity", "middle risk", "five-years", "The tests of the", "scoring"):
        assert text in result.output
    assert sample.parts[0].digest in result.output


def test_check_has_findings_or_not(run: Run, faulty: Path) -> None:
    good, bad = run("check", SAMPLE), run("check", SAMPLE, faulty)
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "0 errors" in good.output
    assert "error: levels.gap" in bad.output


def test_check_of_nothing_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    result = run("check", tmp_path / "none")
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1


def test_verify_has_findings_or_not(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    cases = tmp_path / "sample" / "1" / "cases.json"
    cases.write_text(cases.read_text(encoding="utf-8").replace('"total": 5', '"total": 4'), encoding="utf-8")
    good, bad = run("verify", SAMPLE), run("verify", cases.parent)
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "2 cases, 5 comparisons, 0 mismatches" in good.output
    assert "case high (worked by hand: 3 + 0 + 2): total: expected 4, found 5" in bad.output


def test_verify_without_names_verifies_all_that_are_built_in(run: Run) -> None:
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == len(ap.instruments())


def test_verify_tells_what_cases_exercise(run: Run) -> None:
    text = run("verify", "--coverage", SAMPLE)
    assert text.exit_code == 0, text.output
    assert "  not exercised: " in text.output
    report = run("verify", "--all", "--coverage", "--json")
    assert report.exit_code == 0, report.output
    reports = json.loads(report.output)
    assert len(reports) == len(ap.instruments())
    for each in reports:
        assert each["cases"] > 0
        assert each["mismatches"] == []
        idle = [part for part in each["not_exercised"] if part["kind"] != "condition"]
        assert idle == [], each["instrument"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_score_keeps_every_row_in_order(run: Run, caseload: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"scored.{ending}"
    result = run("score", SAMPLE, caseload, "-o", out)
    assert result.exit_code == 0, result.output
    table = read(out)
    assert table["person"].to_pylist() == ["a", "b", "c", "d", "e"]
    assert table["total"].to_pylist() == TOTALS
    assert table["total_status"].to_pylist() == STATUSES
    assert table.column_names[:3] == ["person", "total", "total_status"]


def test_score_tells_statuses_levels_and_absent_columns(run: Run, caseload: Path, tmp_path: Path) -> None:
    result = run("score", SAMPLE, caseload, "-o", tmp_path / "scored.csv")
    assert "5 rows" in result.output
    assert "sample 1; evidence: verified" in result.output
    assert "scored with omissions" in result.output
    assert "Levels of total" in result.output
    assert "missing in every row: born, act" in result.output
    assert run("score", SAMPLE, caseload, "-o", tmp_path / "scored.csv", "--quiet").output == ""


def test_parquet_keeps_what_made_the_scores(run: Run, caseload: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.parquet"
    run("score", SAMPLE, caseload, "-o", out, "--norms", "all")
    table = read(out)
    assert table.schema.metadata[b"instrument"] == b"sample"
    assert b"everybody" in table.schema.field("total_five-years_rate").metadata.values()
    assert table["reasons"].to_pylist()[1] == ["does not apply: adult", "missing: act", "missing: born"]


def test_csv_has_plain_values(run: Run, caseload: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"
    run("score", SAMPLE, caseload, "-o", out, "--contributions", "--keep-all")
    table = pyarrow.csv.read_csv(
        out, convert_options=pyarrow.csv.ConvertOptions(column_types={"age": pa.string(), "total": pa.string()})
    )
    assert table["remark"].to_pylist()[0] == 'says "hello, you"'
    assert table["age"].to_pylist() == ["40", "20", "71.5", "30", ""]
    assert table["reasons"].to_pylist()[1] == "does not apply: adult; missing: act; missing: born"
    assert table["total_from_severity"].to_pylist()[0] == 3


def test_cells_that_are_no_response_make_their_row_invalid_only(run: Run, tmp_path: Path) -> None:
    bad = ["abc", "1.5", "-1", " 4", "4 ", "1e400", "²", "NaN", "0x4", "4,0", "\x00", "null"]
    path, out = tmp_path / "bad.csv", tmp_path / "scored.csv"
    lines = [f'{at},much,yes,"{cell}",40' for at, cell in enumerate(bad)]
    path.write_text("\n".join(["key,severity,first,priors,age", "ok,much,yes,4,40", *lines]), encoding="utf-8")
    assert run("score", SAMPLE, path, "-o", out).exit_code == 0
    statuses = read(out)["total_status"].to_pylist()
    assert len(statuses) == 1 + len(bad)
    assert statuses[0] == "scored"
    assert "scored" not in statuses[1:]


def test_parquet_is_read_at_its_own_types(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "caseload.parquet", tmp_path / "scored.parquet"
    pyarrow.parquet.write_table(pa.table({"key": [1, 2, 3, 4, 5], **ROWS}), path)
    assert run("score", SAMPLE, path, "-o", out).exit_code == 0
    table = read(out)
    assert table["key"].to_pylist() == [1, 2, 3, 4, 5]
    assert table["total"].to_pylist() == TOTALS


def test_compressed_csv_in_and_out(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "caseload.csv.gz", tmp_path / "scored.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()))
    assert run("score", SAMPLE, path, "-o", out).exit_code == 0
    assert gzip.decompress(out.read_bytes()).decode().splitlines()[1].startswith('"a",5,"scored"')


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_caseload_of_many_batches_is_scored_row_for_row(run: Run, tmp_path: Path, ending: str) -> None:
    path, out = tmp_path / f"many.{ending}", tmp_path / "scored.parquet"
    rows = 400_000
    table = pa.table({"key": range(rows), **{name: (values * (rows // 5)) for name, values in ROWS.items()}})
    pyarrow.csv.write_csv(table, path) if ending == "csv" else pyarrow.parquet.write_table(table, path)
    result = run("score", SAMPLE, path, "-o", out)
    assert result.exit_code == 0, result.output
    assert "400,000 rows" in result.output
    scored = read(out)
    assert [int(key) for key in scored["key"].to_pylist()] == list(range(rows))
    assert scored["total"].to_pylist() == TOTALS * (rows // 5)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_caseload_of_no_rows_gives_the_columns(run: Run, tmp_path: Path, ending: str) -> None:
    path, out = tmp_path / "empty.csv", tmp_path / f"scored.{ending}"
    path.write_text(CSV.splitlines()[0] + "\n", encoding="utf-8")
    result = run("score", SAMPLE, path, "-o", out)
    assert result.exit_code == 0, result.output
    assert out.exists()
    if ending == "parquet":
        assert read(out).num_rows == 0


BAD_FILES = {
    "nothing": b"",
    "a column twice": b"person,severity,severity,first,priors,age\na,much,much,yes,4,40\n",
    "an item absent": b"person,severity,first,priors\na,much,yes,4\n",
    "no items": b"person,name\na,b\n",
    "a clash": b"total,severity,first,priors,age\n1,much,yes,4,40\n",
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_told_in_one_line_and_leaves_nothing(run: Run, tmp_path: Path, content: bytes) -> None:
    path, out = tmp_path / "bad.csv", tmp_path / "scored.csv"
    path.write_bytes(content)
    out.write_text("older", encoding="utf-8")
    result = run("score", SAMPLE, path, "-o", out)
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1
    assert result.output.startswith("appraise: ")
    assert out.read_text(encoding="utf-8") == "older"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.csv", "scored.csv"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"a,much", "row.ragged"),
        (b"a,much,yes,4,40,50,60", "row.ragged"),
        (b"a,\xff\xfe,yes,4,40", "row.undecodable"),
        (b'a,"much,yes,4,40', "row.unclosed-quote"),
    ],
)
def test_a_row_that_cannot_be_read_is_quarantined_and_the_run_goes_on(
    run: Run, tmp_path: Path, row: bytes, code: str
) -> None:
    path, out = tmp_path / "bad.csv", tmp_path / "scored.csv"
    path.write_bytes(CSV.encode() + row + b"\nz,much,yes,4,40,\n")
    result = run("score", SAMPLE, path, "-o", out)
    assert result.exit_code == 0, result.output
    assert "Rows that could not be read, and are only in the quarantine: 1" in result.output
    assert read(out)["person"].to_pylist() == ["a", "b", "c", "d", "e", "z"]
    told = (tmp_path / "scored.csv.quarantine.csv").read_text(encoding="utf-8").splitlines()
    assert told[-1].startswith(f"6,7,,,{code},")
    assert run("score", SAMPLE, path, "-o", out, "--strict", "--quiet").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", SAMPLE, "absent.csv", "-o", "out.csv"),
        ("score", SAMPLE, "CASELOAD", "-o", "absent/out.csv"),
        ("score", SAMPLE, "CASELOAD", "-o", "out.xlsx"),
        ("score", SAMPLE, "caseload.txt", "-o", "out.csv"),
        ("score", SAMPLE, "CASELOAD", "-o", "out.csv", "--keep", "nothing"),
        ("score", SAMPLE, "CASELOAD", "-o", "out.csv", "--norms", "nothing"),
        ("score", SAMPLE, "CASELOAD", "-o", "out.csv", "--levels", "total"),
        ("score", "nothing", "CASELOAD", "-o", "out.csv"),
        ("explain", SAMPLE, "CASELOAD"),
        ("explain", SAMPLE, "CASELOAD", "--row", "6"),
        ("explain", SAMPLE, "CASELOAD", "--key", "z"),
        ("explain", SAMPLE, "CASELOAD", "--row", "1", "--scale", "nothing"),
        ("show", "nothing"),
    ],
    ids=lambda arguments: " ".join(Path(each).name for each in arguments),
)
def test_usage_errors_are_one_line(
    run: Run, caseload: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(caseload.parent)
    result = run(*("caseload.csv" if each == "CASELOAD" else each for each in arguments))
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1
    assert result.output.startswith("appraise: ")


def test_unverified_figures_are_findings_without_the_opt_in(run: Run, caseload: Path, tmp_path: Path) -> None:
    arguments = ("score", SAMPLE, caseload, "-o", tmp_path / "out.csv", "--levels", "total=guess")
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "evidence.unverified" in refused.output
    assert "--accept-unverified" in refused.output
    accepted = run(*arguments, "--accept-unverified")
    assert accepted.exit_code == 0
    assert "evidence: unverified" in accepted.output


def test_a_faulty_definition_is_not_scored_with(run: Run, faulty: Path, caseload: Path, tmp_path: Path) -> None:
    result = run("score", faulty, caseload, "-o", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert "error: levels.gap" in result.output


def test_explain_by_row_and_by_key(run: Run, caseload: Path) -> None:
    by_row, by_key = run("explain", SAMPLE, caseload, "--row", 1), run("explain", SAMPLE, caseload, "--key", "a")
    assert by_row.exit_code == by_key.exit_code == 0
    assert by_row.output == by_key.output
    assert by_row.output.startswith("Total: 5, level high (high risk)")
    assert by_row.output.rstrip().endswith("Made up: not for use.")
    by_age = run("explain", SAMPLE, caseload, "--key-column", "age", "--key", "30")
    assert by_age.output.startswith("Total: 1")


def test_explain_refuses_a_key_that_is_not_one_persons(run: Run, caseload: Path) -> None:
    result = run("explain", SAMPLE, caseload, "--key-column", "first", "--key", "no")
    assert result.exit_code == 2
    assert "2 rows have first = no" in result.output


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "appraise.cli", *map(str, arguments)]
    return subprocess.run(program, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_the_command_runs_as_a_program(caseload: Path, tmp_path: Path) -> None:
    ended = command("score", SAMPLE, caseload, "-o", tmp_path / "scored.csv")
    assert ended.returncode == 0, ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    assert command("--version").stdout == f"appraise {ap.__version__}\n"
    assert command("score", SAMPLE).returncode == 2
    assert "Traceback" not in command("show", "nothing").stderr


def test_the_command_is_installed() -> None:
    program = shutil.which("appraise", path=str(Path(sys.executable).parent))
    assert program is not None
    assert subprocess.run([program, "--help"], capture_output=True, check=True).stdout


def test_without_its_packages_the_command_says_what_to_install() -> None:
    program = "import sys; sys.modules['typer'] = None; import appraise.cli; appraise.cli.main()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert ended.stderr == "appraise: the command line needs typer; install it with: pip install 'appraise[cli]'\n"
