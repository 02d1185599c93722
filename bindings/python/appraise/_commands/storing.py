"""Commands about the results store: override, results."""

from __future__ import annotations

import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import JsonOption, LibraryOption, app, failures, loaded, print_json
from appraise._core import LevelScheme
from appraise._proof.store import Override, open_store
from appraise._report import console, print_table

StoreArgument = Annotated[
    str, typer.Argument(metavar="STORE", help="The database: sqlite:PATH or postgresql://HOST/DATABASE.")
]
HEADS = (
    "person",
    "instrument",
    "edition",
    "scale",
    "value",
    "level",
    "status",
    "assessed",
    "override",
    "by",
    "recorded",
)


@app.command()
def override(
    store: StoreArgument,
    person: Annotated[str, typer.Option(metavar="KEY", help="Key of the person.")],
    instrument: Annotated[str, typer.Option(metavar="ID", help="Id of the instrument, as stored.")],
    scale: Annotated[str, typer.Option(help="The scale whose level is overridden.")],
    level: Annotated[str, typer.Option(help="The level that holds from now on.")],
    direction: Annotated[str, typer.Option(metavar="up|down", help="Must be that of the two levels.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decided.")],
    at: Annotated[
        datetime.datetime | None,
        typer.Option(help="When it was decided; default: now.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    ] = None,
    definition: Annotated[
        str | None, typer.Option(metavar="PATH", help="Folder of the definition, where it is not built in.")
    ] = None,
    library: LibraryOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Record that somebody decided for another level. The result itself stays in the store as it is."""
    given = Override(person, instrument, scale, level, direction, reason, by, at or datetime.datetime.now(datetime.UTC))
    with failures(), open_store(store, create=False) as opened, opened.transaction():
        opened.override(given, lambda edition, scheme: _scheme(instrument, edition, scheme, definition, library))
    if not quiet:
        typer.echo(f"recorded: {scale} of {person} is {level} ({direction}), decided by {by}; the result is kept")


def _scheme(instrument: str, edition: str, name: str, definition: str | None, library: Path | None) -> LevelScheme:
    read = loaded(definition or instrument, None if definition else edition, library)
    if (read.id, read.edition) != (instrument, edition):
        raise ap.UsageError(f"the result was made by {instrument} {edition}, not by {read.id} {read.edition}")
    return next(scheme for scheme in read.levels if scheme.name == name)


@app.command()
def results(
    store: StoreArgument,
    person: Annotated[str | None, typer.Option(metavar="KEY", help="Only this person.")] = None,
    instrument: Annotated[str | None, typer.Option(metavar="ID", help="Only this instrument.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Every row ever appended, overrides too; default: what holds now.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List what a results store holds: the current result of each person, instrument and scale."""
    with failures(), open_store(store, create=False) as opened:
        batches = opened.results(person=person, instrument=instrument, history=history)
        rows = list(islice((row for batch in batches for row in batch.to_pylist()), most + 1))
        name = opened.database.name
    more, rows = len(rows) > most, rows[:most]
    if as_json:
        print_json({"store": name, "rows": rows, "more": more})
        return
    out = console()
    print_table(out, HEADS, map(_line, rows), name)
    if not rows:
        out.print("No results.")
    if more:
        out.print(f"There are more than {most}; see --most, --person, --instrument.", markup=False)


def _line(row: dict[str, object]) -> list[str]:
    value = row["value"]
    shown = row["value_text"] if value is None else f"{value:g}"
    changed = (
        f"{row['override_direction']} to {row['override_level']}: {row['override_reason']}"
        if row["override_level"]
        else ""
    )
    cells = (
        row["person_key"],
        row["instrument"],
        row["edition"],
        row["scale"],
        shown,
        row["level"],
        row["status"],
        row["assessed_on"] or row["as_of"],
        changed,
        row["override_by"],
        row["recorded_at"],
    )
    return ["" if cell is None else str(cell) for cell in cells]
