"""The JSON schemas, which give editors the shape of definition files, agree with the reader."""

import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
INSTRUMENTS = ROOT / "instruments"
BAD = ROOT / "tests" / "definitions" / "bad"
DEFINITIONS = sorted(INSTRUMENTS.glob("*/**/*.json"))

# Faults of an instrument file that a schema can see.
SHAPE = [
    "add-time.unit",
    "code.form",
    "condition.empty",
    "condition.mixed",
    "digest.form",
    "evidence.no-note",
    "evidence.no-source",
    "field.misplaced",
    "field.missing",
    "field.type",
    "field.unknown",
    "file.format",
    "id.form",
    "interval.ends",
    "label.form",
    "list.empty",
    "list.length",
    "lookup.source",
    "reference.form",
    "scale.no-operation",
    "scale.operations",
    "text.empty",
    "value.whole",
    "value.word",
]


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads((INSTRUMENTS / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def schema_of(path: Path) -> str:
    if path.parent.name in ("norms", "lists"):
        return {"norms": "norms", "lists": "list"}[path.parent.name]
    return "definition" if path.name == "instrument.json" else "cases"


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: str(path.relative_to(INSTRUMENTS)))
def test_schema_accepts_what_is_shipped(path: Path) -> None:
    errors = validator(schema_of(path)).iter_errors(json.loads(path.read_text()))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("code", SHAPE)
def test_schema_refuses_what_the_reader_refuses(code: str) -> None:
    assert not validator("definition").is_valid(json.loads((BAD / f"{code}.json").read_text()))


def test_schema_of_supplied_figures_agrees_with_the_reader() -> None:
    supply = ROOT / "tests" / "definitions" / "good" / "supplied" / "1" / "supply.json"
    assert validator("supply").is_valid(json.loads(supply.read_text()))
    assert not validator("supply").is_valid(json.loads((BAD / "supply.mark.json").read_text()))
