"""The made-up instrument `sample`, and a small caseload of it in every status."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

import appraise as ap
from appraise._commands import app

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


def as_postgres(command: list[str]) -> list[str]:
    """The server refuses to be run by root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own on loopback, without a password: postgresql://..."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "these tests need the Debian package postgresql"
    folder = Path("/var/tmp") / f"appraise-postgresql-{os.getpid()}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    data, program = str(folder / "data"), programs[-1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

    def call(*command: str) -> None:
        ended = subprocess.run(
            as_postgres([str(program / command[0]), *command[1:]]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
            cwd="/",
        )
        assert ended.returncode == 0, ended.stdout.decode()

    try:
        call("initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8", "--locale=C")
        call("pg_ctl", "-D", data, "-w", "-t", "60", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://tester:secret@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
