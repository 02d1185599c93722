"""Repeats a run from its manifest and says whether the same came out."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from appraise._io import connect, database_location, is_database
from appraise._io.locations import quoted
from appraise._runs.loop import NOBODY, Progress, run
from appraise._runs.manifest import differences, facts, read_manifest
from appraise._runs.request import Request, prepare

RESULTS = ("rows", "statuses", "levels", "quarantine", "output")


@dataclass(frozen=True)
class Replayed:
    """What differs: before the run (inputs, definitions, engine, options) and in what came out. Empty if nothing."""

    given: list[str]
    results: list[str]

    @property
    def same(self) -> bool:
        return not self.given and not self.results


def replay(path: Path, output: str | None = None, *, threads: int = 1, progress: Progress = NOBODY) -> Replayed:
    """Scores the same caseload again and compares with the manifest.

    Where inputs or definitions are not as they were nothing is scored. Another version of the program is told, and the
    results are compared all the same.

    Parameters
    ----------
    path : path
        The manifest.
    output : str, optional
        Where the result goes; without it, it is thrown away when it has been compared.

    Raises
    ------
    DefinitionError, UsageError, LocationError
    """
    manifest = read_manifest(path)
    with tempfile.TemporaryDirectory(prefix="appraise-replay-") as folder:
        request = _request(manifest, output, Path(folder))
        prepared = prepare(request)
        given = differences({name: manifest.get(name) for name in facts(prepared)}, _facts(prepared, manifest))
        prepared.source.close()
        if any(not line.startswith("engine.") for line in given):
            return Replayed(given, [])
        try:
            outcome = run(request, threads=threads, progress=progress)
        finally:
            if output is None and is_database(request.output):
                _drop(request.output)
    before = {name: manifest.get(name) for name in RESULTS}
    now = {name: outcome.manifest.get(name) for name in RESULTS}
    if is_database(manifest["input"]["location"]):
        before["input"], now["input"] = manifest["input"], outcome.manifest["input"]
    return Replayed(given, differences(before, now))


def _facts(prepared: Any, manifest: dict[str, Any]) -> dict[str, Any]:
    """What is given now. The values of a database are known only when they have been read."""
    now = facts(prepared)
    return now if now["input"] is not None else {**now, "input": manifest["input"]}


def _request(manifest: dict[str, Any], output: str | None, folder: Path) -> Request:
    before = manifest["output"]["location"]
    places: dict[str, Any] = {
        "source": manifest["input"]["location"],
        "output": output or (_other_table(before) if is_database(before) else str(folder / Path(before).name)),
        **{name: manifest[name] and manifest[name]["location"] for name in ("library", "mapping")},
    }
    request = Request.from_options(manifest["options"], **places)
    if output is None:
        return replace(request, quarantine=str(folder / "quarantine.csv"), manifest=str(folder / "manifest.json"))
    return request


def _other_table(location: str) -> str:
    *schema, table = database_location(location).table
    name = ".".join([*map(quoted, schema), quoted(f"{table} replayed")])
    return f"{location.partition('#')[0]}#{name}"


def _drop(location: str) -> None:
    with connect(location) as database, database.transaction():
        database.execute(f"drop table if exists {database.quote(*database_location(location).table)}")
