"""The made-up instrument `sample`, and a small caseload of it in every status."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

import appraise as ap
from appraise._commands import app
from appraise._io import connect
from appraise._proof.store import ResultsStore
from postgresql_server import started

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
DECISION = {
    **{"instrument": "sample", "scale": "total", "level": "high", "direction": "up"},
    **{"reason": "seen", "by": "panel", "definition": str(SAMPLE)},
}
"""The options of an override, but for the person."""


@pytest.fixture(scope="session")
def sample() -> ap.Instrument:
    return ap.load(SAMPLE)


@pytest.fixture
def rows() -> dict[str, list[Any]]:
    return {name: list(values) for name, values in ROWS.items()}


class Ended(NamedTuple):
    """How a command ended."""

    exit_code: int
    output: str


Run = Callable[..., Ended]


@pytest.fixture
def run() -> Run:
    """The command line, in this process."""

    def invoke(*arguments: object) -> Ended:
        result = CliRunner().invoke(app, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.output)

    return invoke


def options(**given: object) -> list[object]:
    """Options of the command line: `fail_if_up="2%"` is ``--fail-if-up 2%``."""
    return [each for name, value in given.items() for each in (f"--{name.replace('_', '-')}", value)]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own: postgresql://..."""
    with started() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'results.db'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"store_{os.getpid()}_{abs(hash(tmp_path))}"

    def maintain(sql: str) -> None:  # a database is made and dropped outside of transactions
        with connect(server) as database:
            database._connection.adbc_connection.set_autocommit(True)
            database.execute(sql)

    maintain(f"create database {name}")
    yield f"{server.removesuffix('/postgres')}/{name}"
    maintain(f"drop database {name} with (force)")


def count(store: ResultsStore) -> int:
    """How many rows a store holds, overrides among them."""
    return int(store.database.rows("select count(*) from appraise_results")[0][0])
