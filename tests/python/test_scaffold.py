"""A new definition: it checks, verifies, scores and can be described before anything is replaced in it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import appraise as ap
from appraise._describe.scaffold import scaffold
from conftest import Run

SCHEMAS = Path(__file__).parents[2] / "instruments"


def test_new_definition_checks_and_verifies(tmp_path: Path) -> None:
    files = scaffold(tmp_path, "my-scale", "2026", "My scale")
    assert [file.name for file in files] == ["instrument.json", "cases.json", "SOURCE.md"]
    folder = tmp_path / "my-scale" / "2026"
    assert list(ap.check(folder)) == []
    verification = ap.verify(ap.load(folder))
    assert verification.ok
    assert verification.cases == 6
    for name, schema in (("instrument", "definition"), ("cases", "cases")):
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(document)


def test_new_figures_are_unverified_until_somebody_has_seen_them(tmp_path: Path) -> None:
    scaffold(tmp_path, "my-scale", "1", "My scale")
    instrument = ap.load(tmp_path / "my-scale" / "1")
    assert {part.mark for part in instrument.parts} == {"unverified"}
    with pytest.raises(ap.DefinitionError):
        ap.compile(instrument)


def test_new_definition_scores(tmp_path: Path) -> None:
    scaffold(tmp_path, "my-scale", "1", "My scale")
    people = {"age": [24, 60], "prior_convictions": [5, 0], "problem_with_alcohol": ["some", None]}
    table = {**people, "any_violence": ["yes", "no"]}
    scores = ap.score(ap.load(tmp_path / "my-scale" / "1"), table, accept_unverified=True)
    assert scores["total"].tolist() == [6, 0]
    assert scores["total_level"].tolist() == ["high", "low"]


def test_new_tells_what_to_do_next(run: Run, tmp_path: Path) -> None:
    ended = run("new", "my-scale", "--folder", tmp_path)
    assert ended.exit_code == 0
    assert f"appraise check {tmp_path / 'my-scale' / '1'}" in ended.output
    for command in ("check", "verify", "describe"):
        assert run(command, tmp_path / "my-scale" / "1").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("My Scale",), "is not an id"),
        (("-x-",), "No such option"),
        (("x", "--edition", "../up"), "is not the name of an edition"),
        (("x", "--edition", ""), "is not the name of an edition"),
    ],
)
def test_new_refuses_names_that_would_not_do(run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = run("new", *arguments, "--folder", tmp_path)
    assert ended.exit_code == 2
    assert says in ended.output
    assert list(tmp_path.iterdir()) == []


def test_new_never_writes_over_an_edition(run: Run, tmp_path: Path) -> None:
    run("new", "my-scale", "--folder", tmp_path)
    file = tmp_path / "my-scale" / "1" / "instrument.json"
    file.write_text("mine", encoding="utf-8")
    assert run("new", "my-scale", "--folder", tmp_path).exit_code == 2
    assert file.read_text(encoding="utf-8") == "mine"
    assert run("new", "my-scale", "--edition", "2", "--folder", tmp_path).exit_code == 0


def test_a_folder_of_new_definitions_is_a_library(run: Run, tmp_path: Path) -> None:
    run("new", "my-scale", "--folder", tmp_path / "agency")
    library = "--library", tmp_path / "agency"
    assert "my-scale" in run("list", *library).output
    assert run("describe", "my-scale", *library).output.startswith("# my-scale")
    assert run("verify", "my-scale", *library).exit_code == 0
    people = tmp_path / "people.csv"
    people.write_text("person,age,prior_convictions,problem_with_alcohol,any_violence\na,24,5,some,yes\n")
    scores = tmp_path / "scores.csv"
    assert run("score", "my-scale", people, "-o", scores, "-q", "--accept-unverified", *library).exit_code == 0
    assert "No findings" in run("audit", scores).output
    ended = run("rescore", people, "--before", "my-scale", "--accept-unverified", *library)
    assert ended.exit_code == 0, ended.output
