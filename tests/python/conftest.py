"""The made-up instrument `sample`, and a small caseload of it in every status."""

from pathlib import Path
from typing import Any

import pytest

import appraise as ap

DEFINITIONS = Path(__file__).parent / "definitions"
SAMPLE = DEFINITIONS / "sample" / "1"

ROWS: dict[str, list[Any]] = {
    "severity": ["much", "some", None, "none", "huge"],
    "first": ["yes", "no", None, None, "no"],
    "priors": [4, 0, 1, 2, 3],
    "age": [40.0, 20.0, 71.5, 30.0, None],
}
STATUSES = ["scored", "not_applicable", "incomplete", "scored_with_omissions", "invalid"]
TOTALS = [5, None, None, 1, None]


@pytest.fixture(scope="session")
def sample() -> ap.Instrument:
    return ap.load(SAMPLE)


@pytest.fixture
def rows() -> dict[str, list[Any]]:
    return {name: list(values) for name, values in ROWS.items()}
