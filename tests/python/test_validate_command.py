"""Validation by the command, and of what other commands wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import appraise as ap
from conftest import SAMPLE, Run
from validation_support import outcomes, scored, write


def test_several_instruments_are_told_apart_by_their_columns(run: Run, tmp_path: Path) -> None:
    caseload = Path(__file__).parents[2] / "examples" / "caseload.csv"
    both = tmp_path / "both.csv"
    run("score", "static-99r", "stable-2007", caseload, "-o", both, "--accept-unverified", "-q")
    with caseload.open(encoding="utf-8") as file:
        people = [row["person"] for row in csv.DictReader(file)]
    table = {"person": people, "outcome": [at % 5 == 0 for at in range(len(people))]}
    with pytest.raises(ap.UsageError, match="several: static_99r_total, stable_2007_total"):
        ap.validate(both, table)
    for score, title in (("static_99r_total", "Static-99R"), ("stable_2007_total", "STABLE-2007")):
        report = ap.validate(both, table, score=score)
        assert report.about.title.startswith(title)
        assert report.about.levels is not None
        order = report.about.levels["order"]
        found = [row["group"] for row in report.rows("figures", by="level", figure="rate")]
        assert found == order


def test_definitions_of_an_agency_are_described(run: Run, tmp_path: Path) -> None:
    people = {"severity": ["much", "some", "none"] * 10, "first": ["yes", "no", "no"] * 10, "priors": [4, 0, 1] * 10}
    table = {"key": [f"k{at}" for at in range(30)], **people, "age": [40, 30, 50] * 10}
    right = {"key": table["key"], "outcome": [at % 3 == 0 for at in range(30)]}
    scores = ap.score(SAMPLE, table, key="key", norms="all", accept_unverified=True)
    written = tmp_path / "scored.csv"
    run(
        "score",
        SAMPLE,
        write(tmp_path / "raw.csv", table),
        "-o",
        written,
        "--norms",
        "all",
        "--accept-unverified",
        "-q",
    )
    titles = set()
    for given_as in (scores, written):
        report = ap.validate(given_as, right, score="total")
        assert report.about.norms is not None
        assert report.about.norms["outcome"] == "nothing happened"
        titles.add(report.about.title)
        assert report.provenance["notes"] == []
        assert "<b>scale</b>" not in report.html(pictures=False)
    assert titles == {"Sample <b>scale</b> (1)"}


def test_scored_file_that_was_changed_is_told(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"
    run(
        "score",
        "static-99r",
        Path(__file__).parents[2] / "examples" / "caseload.csv",
        "-o",
        out,
        "--accept-unverified",
        "-q",
    )
    out.write_text(out.read_text(encoding="utf-8").replace('"S0000002",', '"S0000002" ,'), encoding="utf-8")
    with out.open(encoding="utf-8") as file:
        people = [row["person"] for row in csv.DictReader(file)]
    report = ap.validate(out, {"person": people, "outcome": [at % 4 == 0 for at in range(len(people))]})
    assert "not, byte for byte" in report.provenance["notes"][0]
    assert "provenance.differs" in [each["code"] for each in report.document["limits"]]


def test_command_writes_page_tables_and_quarantine(run: Run, tmp_path: Path) -> None:
    left = write(tmp_path / "scored.csv", scored())
    right = write(tmp_path / "outcomes.csv", outcomes(outcome=[0, 0, 1, 7, 0, 0, 1, 0]))
    page, tables = tmp_path / "report.html", tmp_path / "tables"
    page.write_text("something old", encoding="utf-8")
    ended = run("validate", left, right, "-o", page, "--tables", tables, "--no-plots")
    assert ended.exit_code == 0, ended.output
    assert "AUC" in ended.output
    assert "outcome.invalid 1" in ended.output
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with (tmp_path / "report.html.quarantine.csv").open(encoding="utf-8", newline="") as file:
        (told,) = csv.DictReader(file)
    assert {**told, "message": ""} == {
        **{"table": "outcomes", "row": "4", "line": "5", "key": "d", "column": "outcome", "code": "outcome.invalid"},
        **{"message": "", "value": "7"},
    }
    document = json.loads((tables / "validation.json").read_text(encoding="utf-8"))
    assert document["provenance"]["command"].startswith("appraise ")
    printed = run("validate", left, right, "-o", page, "--no-plots", "--json")
    assert json.loads(printed.output)["tables"] == document["tables"]
    assert run("validate", left, right, "-o", page, "--no-plots", "-q", "--strict").exit_code == 1
    assert run("validate", left, right, "-o", tmp_path / "r.json", "-q").output == ""
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["tables"] == document["tables"]


def test_passwords_are_not_in_the_report(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = write(tmp_path / "scored.csv", scored()), write(tmp_path / "outcomes.csv", outcomes())
    typed = ["appraise", "validate", "postgresql://me:secret@host/base?password=hidden#scored", "-o", "it's.html"]
    monkeypatch.setattr("sys.argv", typed)
    run("validate", left, right, "-o", tmp_path / "report.json", "-q")
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["provenance"]["command"]
    assert told == "appraise validate 'postgresql://me@host/base#scored' -o 'it'\"'\"'s.html'"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-o", "outcomes.csv"), "one of the tables"),
        (("-o", "report.txt"), "ends in .html or .json"),
        (("-o", "report.html", "--quarantine", "scored.csv"), "one of the tables"),
        (("-o", "report.html", "--tables", "."), "holds one of the tables"),
        (("-o", "nowhere/report.html"), "cannot write"),
        (("-o", "report.html", "--group", "persn"), "nearest: person"),
    ],
)
def test_command_refuses_what_would_harm(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = [
        write(Path(name), table).read_bytes()
        for name, table in (("scored.csv", scored()), ("outcomes.csv", outcomes()))
    ]
    ended = run("validate", "scored.csv", "outcomes.csv", "--no-plots", *options)
    assert ended.exit_code == 2
    assert message in ended.output.replace("\n", " ")
    assert [Path(name).read_bytes() for name in ("scored.csv", "outcomes.csv")] == before
