"""Restart: a run that ends at any moment is gone on with, and nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from appraise._io import LocationError, connect, open_sink, open_source
from appraise._runs import ResumeError, run
from appraise._runs import replay as replay_run
from appraise._runs.loop import NoProgress
from conftest import SAMPLE, Run
from run_support import (
    ROWS,
    SEGMENT,
    Stop,
    asked,
    fill,
    kind_of_sink,
    left_behind,
    unfinished,
    write_caseload,
)


@pytest.fixture(scope="module")
def caseload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_caseload(tmp_path_factory.mktemp("caseload") / "caseload.csv")


@pytest.mark.parametrize("ending", ["parquet", "csv", "csv.gz", "arrow", "arrows"])
@pytest.mark.parametrize("after", [1, 4])
def test_a_run_that_ends_at_a_checkpoint_is_gone_on_with(
    caseload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, after: int
) -> None:
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"scored.{ending}"
    run(asked(caseload, whole, key="key"))
    saved: list[int] = []

    def checkpoint(self: Any, journal: dict[str, Any]) -> None:
        original(self, journal)
        saved.append(journal["rows"])
        if len(saved) == after:
            raise Stop

    kind = kind_of_sink(out)
    original = kind.checkpoint
    with monkeypatch.context() as patched:
        patched.setattr(kind, "checkpoint", checkpoint)
        with pytest.raises(Stop):
            run(asked(caseload, out, key="key"))
    assert not out.exists()
    outcome = run(asked(caseload, out, key="key"), resume=True)
    assert outcome.resumed_at == min(after * SEGMENT, ROWS + 2)
    assert out.read_bytes() == whole.read_bytes()
    quarantined = [tmp_path / f"{each.name}.quarantine.csv" for each in (whole, out)]
    assert quarantined[0].read_bytes() == quarantined[1].read_bytes()
    assert left_behind(tmp_path) == []


def killed(arguments: list[object], seconds: float) -> bool:
    """Starts the command and kills it after a time; whether it was still running."""
    program = [sys.executable, "-m", "appraise.cli", *map(str, arguments)]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


@pytest.mark.parametrize("kind", ["parquet", "sqlite", "postgresql"])
def test_kill_9_at_any_moment_loses_and_doubles_nothing(
    caseload: Path, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        server = request.getfixturevalue("postgresql")
        whole, out = f"{server}#whole", f"{server}#killed"
    elif kind == "sqlite":
        whole, out = f"sqlite:{tmp_path / 'results.db'}#whole", f"sqlite:{tmp_path / 'results.db'}#killed"
    else:
        whole, out = str(tmp_path / "whole.parquet"), str(tmp_path / "killed.parquet")
    places = {name: tmp_path / name for name in ("w.json", "w.csv", "k.json", "k.csv")}
    common = ["score", SAMPLE, caseload, "--checkpoint-rows", 10_000, "--quiet"]
    start = time.monotonic()
    assert not killed([*common, "-o", whole, "--manifest", places["w.json"], "--quarantine", places["w.csv"]], 120)
    taken = time.monotonic() - start
    digest = "sha256" if kind == "parquet" else "values_sha256"

    def output_of(manifest: str) -> str:
        found: str = json.loads(places[manifest].read_text(encoding="utf-8"))["output"][digest]
        return found

    moments = random.Random(kind)
    arguments = [*common, "-o", out, "--manifest", places["k.json"], "--quarantine", places["k.csv"], "--resume"]
    kills = 0
    while kills < 4 and killed(arguments, moments.uniform(0.35, 0.9) * taken):
        kills += 1
        if places["k.json"].exists():  # killed when nothing but tidying up was left: it speaks of the whole output
            assert output_of("k.json") == output_of("w.json")
    if kills == 4:
        assert not killed(arguments, 240)
    before, now = (json.loads(places[name].read_text(encoding="utf-8")) for name in ("w.json", "k.json"))
    for name in ("rows", "statuses", "levels"):
        assert before[name] == now[name]
    assert output_of("k.json") == output_of("w.json")
    assert places["w.csv"].read_bytes() == places["k.csv"].read_bytes()
    assert [name for name in left_behind(tmp_path) if "lock" not in name] == []


def test_a_resume_with_something_else_is_refused_with_what_differs(
    caseload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "caseload.csv", tmp_path / "scored.parquet"
    source.write_bytes(caseload.read_bytes())
    unfinished(source, out, monkeypatch)
    for more, expected in (
        ({"contributions": True}, "options.contributions: false before, true now"),
        ({"norms": ["five-years"]}, "options.norms"),
        ({"keep": ["age"]}, "options.keep"),
        ({"as_of": "2026-01-01"}, "options.as_of"),
    ):
        with pytest.raises(ResumeError, match=expected):
            run(asked(source, out, **more), resume=True)
    with source.open("ab") as file:
        file.write(b"1,much,yes,4,40\n")
    with pytest.raises(ResumeError, match=r"input\.sha256"):
        run(asked(source, out), resume=True)
    source.write_bytes(caseload.read_bytes())
    assert run(asked(source, out), resume=True).resumed_at == 2 * SEGMENT


def test_without_resume_an_unfinished_run_is_thrown_away(
    caseload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "scored.parquet"
    unfinished(caseload, out, monkeypatch)
    assert run(asked(caseload, out)).resumed_at is None
    assert left_behind(tmp_path) == []


def test_a_second_run_to_the_same_output_is_refused(caseload: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.parquet"
    sink = open_sink(out)
    with pytest.raises(LocationError, match="another run is writing to"):
        run(asked(caseload, out))
    sink.close()
    run(asked(caseload, out))


def test_a_caseload_that_changes_while_it_is_read_is_an_error(caseload: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "caseload.csv", tmp_path / "scored.parquet"
    source.write_bytes(caseload.read_bytes())

    class Meddler(NoProgress):
        def advance(self, rows: int, total: int | None) -> None:
            os.utime(source)

    with pytest.raises(LocationError, match="changed while it was read"):
        run(asked(source, out), progress=Meddler())
    assert not out.exists()


def test_resume_tells_where_it_went_on(
    run: Run, caseload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "scored.parquet"
    arguments = ["score", SAMPLE, caseload, "-o", out, "--checkpoint-rows", SEGMENT, "--resume"]
    assert "There was no unfinished run; all rows were scored" in run(*arguments).output
    unfinished(caseload, out, monkeypatch)
    assert f"Resumed behind row {2 * SEGMENT:,}" in run(*arguments).output


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_whose_rows_have_changed_is_not_gone_on_with(
    caseload: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else f"sqlite:{tmp_path / 'agency.db'}"
    whole, out, people = tmp_path / "whole.parquet", tmp_path / "scored.parquet", f"{server}#people"
    source = open_source(caseload)
    table = pa.Table.from_batches([batch.table for batch in source.batches(source.columns)])
    with connect(server, create=True) as database:
        fill(database, table)
    segments = {"segment_rows": 1 << 16}
    run(asked(people, whole, **segments))
    unfinished(people, out, monkeypatch, 1, **segments)
    with connect(server) as database, database.transaction():
        database.execute("update people set severity = 'none' where key = '7'")
    with pytest.raises(ResumeError, match="are not as they were"):
        run(asked(people, out, **segments), resume=True)
    with connect(server) as database, database.transaction():
        database.execute("drop table people")
        database.ingest(["people"], table, create=True)
    assert run(asked(people, out, **segments), resume=True).resumed_at == 1 << 16
    assert out.read_bytes() == whole.read_bytes()
    assert replay_run(tmp_path / "scored.parquet.manifest.json").same
    with connect(server) as database, database.transaction():
        database.execute("update people set severity = 'none' where key = '7'")
    changed = replay_run(tmp_path / "scored.parquet.manifest.json")
    assert any(line.startswith("input.values_sha256") for line in changed.results)
    assert any(line.startswith("statuses.total") for line in changed.results)
    with connect(server) as database, database.transaction():
        database.execute("drop table people")
