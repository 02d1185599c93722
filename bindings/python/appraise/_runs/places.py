"""Where source, output and store of a run lie beside each other."""

from __future__ import annotations

from pathlib import Path

from appraise._io import Database, LocationError, connect, database_location, is_database
from appraise._runs.request import Request


def sqlite_path(place: str | None) -> Path | None:
    """The file of an SQLite database."""
    if place is None or not is_database(place):
        return None
    location = database_location(place)
    return Path(location.uri).resolve() if location.kind == "sqlite" else None


def shared_database(request: Request) -> tuple[Path | None, Database | None]:
    """The connection to an SQLite database that holds more than one of source, output and store: it takes only one."""
    places = [place for place in (request.source, request.output, request.store) if place and sqlite_path(place)]
    paths = list(map(sqlite_path, places))
    for place, path in zip(places, paths, strict=True):
        if paths.count(path) > 1:
            return path, connect(database_location(place), create=True)
    return None, None


def refuse_same_place(request: Request) -> None:
    """The output may not be the caseload, nor become one of its files."""
    if is_database(request.source) != is_database(request.output):
        return
    if is_database(request.source):
        places = [database_location(each).name for each in (request.source, request.output)]
    else:
        places = [str(Path(each).resolve()) for each in (request.source, request.output)]
    if places[0] == places[1]:
        raise LocationError(f"{places[1]} is the caseload itself; the output needs a place of its own")
    if not is_database(request.output) and Path(places[1]).parent == Path(places[0]):
        raise LocationError(f"{request.output} would be one of the files of the caseload; put it elsewhere")
