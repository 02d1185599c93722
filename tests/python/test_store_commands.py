"""The commands that fill the results store and tell what is in it."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest

from appraise._io import connect
from appraise._proof.store import open_store
from conftest import DECISION, ROWS, SAMPLE, Run, count, options

PERSONS = ["p1", "p2", "p3", "p4", "p5"]
SCALES = ["total", "chance", "majority", "category"]


@pytest.fixture
def caseload(tmp_path: Path) -> Path:
    path = tmp_path / "caseload.csv"
    pa.csv.write_csv(pa.table({"person": PERSONS, **ROWS}), path)
    return path


def test_score_tells_what_is_not_stored(run: Run, location: str, tmp_path: Path) -> None:
    people = pa.table({"person": ["p1", "p1", "", "p4", "p5"], **ROWS})
    pa.csv.write_csv(people, tmp_path / "people.csv")
    arguments = "score", SAMPLE, tmp_path / "people.csv", "-o", tmp_path / "out.csv", "--store", location
    ended = run(*arguments, "--checkpoint-rows", 2)
    assert "8 results added" in ended.output
    assert "8 results are not stored: nothing tells the assessment from another one of the same person" in ended.output
    assert "4 results are not stored: the row has no key" in ended.output


def test_score_fills_the_store(run: Run, location: str, caseload: Path, tmp_path: Path) -> None:
    arguments = "score", SAMPLE, caseload, "-o", tmp_path / "out.csv", "--store", location
    first, again = run(*arguments), run(*arguments)
    assert "20 results added to the store" in first.output
    assert " 0 results added to the store" in again.output
    assert "secret" not in first.output
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["store"]["rows"] == 0
    assert "secret" not in manifest["store"]["location"]
    listed = json.loads(run("results", location, "--json").output)
    assert len(listed["rows"]) == 20
    assert not listed["more"]


def test_override_and_results_tell_what_holds(run: Run, location: str, caseload: Path, tmp_path: Path) -> None:
    run("score", SAMPLE, caseload, "-o", tmp_path / "out.csv", "--store", location, "-q")
    person = "--person", "p4"
    ended = run("override", location, *person, *options(**DECISION, at="2026-11-27"))
    assert (ended.exit_code, "the result is kept" in ended.output) == (0, True)
    assert "up to high: seen" in run("results", location, *person).output
    stored = json.loads(run("results", location, *person, "--json").output)["rows"]
    (total,) = [each for each in stored if each["scale"] == "total"]
    assert (total["level"], total["final_level"]) == ("low", "high")
    assert len(json.loads(run("results", location, "--history", "--json").output)["rows"]) == 21
    few = json.loads(run("results", location, "--most", "3", "--json").output)
    assert (len(few["rows"]), few["more"]) == (3, True)
    wrong = run("override", location, *person, *options(**DECISION | {"direction": "down"}))
    assert (wrong.exit_code, "is not down" in wrong.output) == (2, True)


def test_caseload_output_and_store_in_one_database(run: Run, tmp_path: Path) -> None:
    place = f"sqlite:{tmp_path / 'one.db'}"
    with connect(place, create=True) as database, database.transaction():
        database.ingest(["people"], pa.table({"person": PERSONS, **ROWS}), create=True)
    for _ in range(2):
        ended = run(
            "score",
            SAMPLE,
            f"{place}#people",
            "-o",
            f"{place}#scores",
            "--store",
            place,
            "--replace",
            "--manifest",
            tmp_path / "m.json",
            "--quarantine",
            tmp_path / "q.csv",
        )
        assert ended.exit_code == 0, ended.output
    assert len(json.loads(run("results", place, "--json").output)["rows"]) == 20


def test_to_look_at_a_database_makes_no_store_in_it(run: Run, location: str, tmp_path: Path) -> None:
    connect(location, create=True).close()
    for command in (("results", location), ("audit", location, "--instrument", SAMPLE, "--caseload", "x.csv")):
        ended = run(*command)
        assert (ended.exit_code, "has no results store" in ended.output) == (2, True)
    with connect(location) as database:
        assert not database.has_table(["appraise_results"])


def test_a_store_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    assert "is no database" in run("results", tmp_path / "results.csv").output
    ended = run("results", f"sqlite:{tmp_path / 'nothing.db'}")
    assert (ended.exit_code, "there is no such file" in ended.output) == (2, True)
    assert not (tmp_path / "nothing.db").exists()


def test_a_run_that_was_killed_stores_every_result_once(run: Run, location: str, tmp_path: Path) -> None:
    people = 3000
    caseload = tmp_path / "many.csv"
    many = {name: (values * people)[:people] for name, values in ROWS.items()}
    pa.csv.write_csv(pa.table({"person": [f"p{at}" for at in range(people)], **many}), caseload)
    arguments = [
        "score",
        str(SAMPLE),
        str(caseload),
        "-o",
        str(tmp_path / "out.csv"),
        "--store",
        location,
        "--checkpoint-rows",
        "500",
        "-q",
    ]
    script = f"""
import os, sys
from appraise._proof.store import ResultsStore
append, calls = ResultsStore.append, []
def killed(self, batch):
    calls.append(1)
    if len(calls) == 4:
        append(self, batch); self.database.commit(); os._exit(9)
    return append(self, batch)
ResultsStore.append = killed
from appraise._commands import app
app({arguments!r})
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    with open_store(location) as store:
        assert count(store) == 4 * 500 * len(SCALES)
    assert run(*arguments, "--resume").exit_code == 0
    with open_store(location) as store:
        assert count(store) == people * len(SCALES)
        assert store.database.rows("select count(distinct run_id) from appraise_results")[0][0] == 1
