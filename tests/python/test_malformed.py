"""Malformed caseloads: a clear error or a quarantined row, the right exit code, and every row accounted for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from appraise._io import LocationError, ReadOptions, connect, open_source
from appraise._io.blocks import Cutter
from conftest import SAMPLE, Run
from malformed import GOOD, HEADER, BadFile, BadRow, bad_files, bad_rows

BAD_ROWS = list(bad_rows())
BAD_FILES = list(bad_files())


def rows_of(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_more_than_two_hundred() -> None:
    assert len(BAD_ROWS) + len(BAD_FILES) > 200


@pytest.mark.parametrize("bad", BAD_ROWS, ids=lambda bad: bad.name)
def test_a_bad_row_is_told_and_nothing_else_changes(run: Run, tmp_path: Path, bad: BadRow) -> None:
    lines = [*GOOD[: bad.at], bad.row + bad.ending, *GOOD[bad.at :]]
    path, out = tmp_path / "c.csv", tmp_path / "o.csv"
    path.write_bytes(HEADER + b"".join(lines))
    result = run("score", SAMPLE, path, "-o", out, "--key", "key", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    told = rows_of(tmp_path / "o.csv.quarantine.csv")
    assert [each["code"] for each in told] == [bad.code]
    assert (told[0]["row"], told[0]["line"]) == (str(bad.at + 1), str(bad.at + 2))
    assert (told[0]["column"], told[0]["value"]) == (bad.column, bad.value)
    scored = rows_of(out)
    assert [row["key"] for row in scored if row["key"] != "z"] == list("abcde")
    assert [row["total_status"] for row in scored if row["key"] != "z"] == ["scored"] * 4 + ["scored_with_omissions"]
    assert [row["key"] for row in scored].count("z") == bad.kept
    rows = json.loads((tmp_path / "o.csv.manifest.json").read_text(encoding="utf-8"))["rows"]
    assert rows == {"read": 6, "scored": len(scored), "unreadable": 6 - len(scored)}
    assert run("score", SAMPLE, path, "-o", out, "--quiet", "--strict").exit_code == 1


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_one_line_and_leaves_nothing(run: Run, tmp_path: Path, bad: BadFile) -> None:
    path, out = tmp_path / bad.file, tmp_path / "o.parquet"
    path.write_bytes(bad.content)
    result = run("score", SAMPLE, path, "-o", out, *bad.options)
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1, result.output
    assert result.output.startswith("appraise: ")
    assert bad.told in result.output
    assert [each.name for each in tmp_path.iterdir()] == [bad.file]


def test_dates_out_of_order_are_a_contradiction(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "c.csv", tmp_path / "o.csv"
    path.write_text(
        "id,assessment_date,date_of_birth,gender,date_of_current_conviction,age_at_first_sanction,"
        "total_number_of_sanctions_for_all_offences,current_offence_code\n"
        "a,2026-01-01,1980-05-05,male,2025-12-01,20,3,00101\n"
        "b,2026-01-01,1980-05-05,male,1979-12-01,20,3,00101\n",
        encoding="utf-8",
    )
    result = run("score", "oasys-arp", path, "-o", out, "--accept-unverified")
    assert result.exit_code == 0, result.output
    told = [each for each in rows_of(tmp_path / "o.csv.quarantine.csv") if each["code"] == "rule.contradiction"]
    assert {each["row"] for each in told} == {"2"}
    assert any("the current conviction must be later than the date of birth" in each["message"] for each in told)
    assert len(rows_of(out)) == 2


def test_a_folder_that_is_no_caseload(run: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "o.csv"
    folder.mkdir()
    assert "no caseload file" in run("score", SAMPLE, folder, "-o", out).output
    (folder / "1.csv").write_bytes(HEADER + GOOD[0])
    (folder / "2.csv").write_bytes(HEADER.replace(b"born", b"burn") + GOOD[1])
    assert "differ in the column 'born'" in run("score", SAMPLE, folder, "-o", out).output
    (folder / "2.csv").write_bytes(HEADER + GOOD[1])
    (folder / "notes.md").write_text("no caseload", encoding="utf-8")
    result = run("score", SAMPLE, folder, "-o", out)
    assert (result.exit_code, "'notes.md' is no caseload file" in result.output) == (2, True)
    (folder / "notes.md").unlink()
    assert run("score", SAMPLE, folder, "-o", out).exit_code == 0


NAMES = ['quo"te', "apo'strophe", "semi;colon", "sp ace", "drop table people; --", '"', "ünï", "a.b", "select"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_sql_names_are_only_names(
    run: Run, tmp_path: Path, name: str, kind: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else f"sqlite:{tmp_path / 'a.db'}"
    columns = HEADER.decode().strip().split(",")
    people = pa.table([[row.decode().strip().split(",")[at] for row in GOOD] for at in range(6)], [name, *columns[1:]])
    written = '"' + name.replace('"', '""') + '"'
    with connect(server, create=True) as database, database.transaction():
        database.execute(f"drop table if exists {written}")
        database.ingest([name], people, create=True)
    places = ("--manifest", tmp_path / "m.json", "--quarantine", tmp_path / "q.csv", "--replace")
    out = f'{server}#"{name.replace(chr(34), chr(34) * 2)} scored"'
    result = run("score", SAMPLE, f"{server}#{written}", "-o", out, "--key", name, *places)
    assert result.exit_code == 0, result.output
    assert "secret" not in result.output + (tmp_path / "m.json").read_text(encoding="utf-8")
    itself = run("score", SAMPLE, f"{server}#{written}", "-o", f"{server}#{written}", *places)
    assert (itself.exit_code, "is the caseload itself" in itself.output) == (2, True)
    assert "secret" not in itself.output
    with connect(server) as database:
        scored = database.quote(f"{name} scored")
        rows = database.rows(f"select {written}, total from {scored} order by row")
        assert database.rows(f"select count(*) from {written}")[0][0] == 5
        with database.transaction():
            database.execute(f"drop table {scored}")
            database.execute(f"drop table {written}")
    assert rows == [("a", 5), ("b", 2), ("c", 1), ("d", 6), ("e", 2)]


BAD_DATABASES = {
    "no such table": ("PLACE#nothing", (), "nothing"),
    "no table": ("PLACE", (), "name a table after #"),
    "a name of three parts": ("PLACE#a.b.c", (), "expected TABLE or SCHEMA.TABLE"),
    "a quote that is not closed": ('PLACE#"people', (), "expected TABLE or SCHEMA.TABLE"),
    "a query that is no SQL": ("PLACE", ("--query", "selec 1"), "cannot read"),
    "a query of no column": ("PLACE", ("--query", "select nope from (select 1 as a) as q"), "nope"),
    "a query and a table": ("PLACE#people", ("--query", "select 1"), "not both"),
}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize(("place", "options", "told"), BAD_DATABASES.values(), ids=BAD_DATABASES)
def test_a_bad_place_in_a_database_is_one_line_without_a_password(
    run: Run,
    tmp_path: Path,
    kind: str,
    place: str,
    options: tuple[str, ...],
    told: str,
    request: pytest.FixtureRequest,
) -> None:
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else f"sqlite:{tmp_path / 'a.db'}"
    connect(server, create=True).close()
    result = run("score", SAMPLE, place.replace("PLACE", server), "-o", tmp_path / "o.csv", *options)
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1
    assert told in result.output
    assert "secret" not in result.output


def test_a_file_that_is_no_database(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"this is not a database, but long enough to be read as the header of one" * 20)
    result = run("score", SAMPLE, f"sqlite:{path}#people", "-o", tmp_path / "o.csv")
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
    assert run("score", SAMPLE, f"sqlite:{tmp_path / 'none.db'}#people", "-o", tmp_path / "o.csv").exit_code == 2
    assert not (tmp_path / "none.db").exists()


# The reader of text


CELLS = st.text(max_size=8).filter(lambda text: "\0" not in text)
ENCODED = [("cp1252", "é€"), ("utf-16", "é\U0001f600"), ("latin-1", "ÿ"), ("utf-8-sig", "é")]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=8).filter(lambda text: "\0" not in text), min_size=3, max_size=3), max_size=20)
)
def test_what_a_writer_of_csv_writes_is_read_as_it_was(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    read = [row for batch in open_source(path).batches(["a", "b", "c"]) for row in batch.table.to_pylist()]
    assert [list(row.values()) for row in read] == rows


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='ab,"\r\n\0é', max_size=200).map(str.encode))
@example(b'a,b\n1,"\n2,3\n')
@example(b'a,b\r"x\r\n')
@example(b"a\n\n\r\n1")
def test_any_bytes_are_rows_or_an_error_of_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(data)
    numbers: list[int] = []
    try:
        source = open_source(path)
        for batch in source.batches(source.columns):
            numbers += sorted([*batch.rows.tolist(), *(bad.row for bad in batch.bad)])
            for number in batch.rows.tolist():
                assert 1 <= int(batch.line(number)) <= data.count(b"\n") + data.count(b"\r") + 1
    except LocationError as problem:
        numbers = []
        assert len(str(problem).splitlines()) == 1  # noqa: PT017 - most of these bytes are no caseload
    assert numbers == list(range(1, len(numbers) + 1))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab,"\r\n', max_size=120).map(str.encode), st.integers(1, 40))
def test_where_a_block_ends_makes_no_difference(data: bytes, size: int) -> None:
    def rows(size: int) -> list[bytes]:
        cutter = Cutter(iter([data[at : at + size] for at in range(0, len(data), size)]), ",")
        cutter.header()
        found: list[bytes] = []
        for block in cutter.blocks(count_empty=False):
            if block.fault:
                found.append(block.fault[0].encode())
            ends = [*block.rows.tolist()[1:], len(block.data)] if len(block.rows) else []
            found += [
                block.data[start:end].rstrip(b"\r\n") for start, end in zip(block.rows.tolist(), ends, strict=True)
            ]
        return found

    assert rows(size) == rows(1000)


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1252", "é€"), ("utf-16", "é\U0001f600"), ("latin-1", "ÿ"), ("utf-8-sig", "é")]
)
def test_a_declared_encoding_is_read(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(f"key,name\n1,{text}\n2,{text}\n".encode(encoding))
    (batch,) = open_source(path, read=ReadOptions(encoding=encoding)).batches(["name"])
    assert batch.table["name"].to_pylist() == [text, text]


def test_bytes_that_a_declared_encoding_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"key,name\n1,\x80\n2,\x81\n3,x\n")
    (batch,) = open_source(path, read=ReadOptions(encoding="cp1252")).batches(["key", "name"])
    assert batch.table["name"].to_pylist() == ["€", "x"]
    assert [(bad.row, bad.line, bad.code) for bad in batch.bad] == [(2, "3", "row.undecodable")]


def test_a_row_longer_than_the_limit_is_told_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    with path.open("wb") as file:
        file.write(b"key,name\n1,x\n2,")
        for _ in range(20):
            file.write(b"y" * (1 << 20))
        file.write(b"\n3,z\n")
    batches = list(open_source(path).batches(["key", "name"]))
    assert [key for batch in batches for key in batch.table["key"].to_pylist()] == ["1", "3"]
    assert [(bad.row, bad.line, bad.code) for batch in batches for bad in batch.bad] == [(2, "3", "row.too-long")]
    assert batches[-1].line(3) == "4"


@pytest.mark.parametrize("start", [0, 1, 70_000, 199_999, 200_000, 300_000])
def test_reading_can_start_at_any_row(tmp_path: Path, start: int) -> None:
    path = tmp_path / "c.csv"
    path.write_text("key,name\n" + "".join(f"{at},{'x' * 30}\n" for at in range(200_000)), encoding="utf-8")
    batches = list(open_source(path).batches(["key"], start=start))
    keys = [key for batch in batches for key in batch.table["key"].to_pylist()]
    assert keys == [str(at) for at in range(start, 200_000)]
    assert batches[0].first == min(start, 200_000) + 1
