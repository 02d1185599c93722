"""Commands about definitions: list, show, check, verify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import (
    FINDINGS,
    EditionOption,
    InstrumentArgument,
    JsonOption,
    LibraryOption,
    app,
    failures,
    loaded,
    print_json,
)
from appraise._describe.codebook import codebook
from appraise._document import to_data
from appraise._report import console, print_instrument, print_table

DIAGNOSTIC = ("severity", "code", "file", "line", "column", "address", "found", "expected")
MISMATCH = ("id", "source", "column", "expected", "found", "file", "line")


@app.command("list")
def list_instruments(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the instruments that are built in, and those of the agency's own folder."""
    with failures():
        listed = ap.instruments(library=library)
    if as_json:
        print_json([asdict(each) for each in listed])
        return
    rows = [(each.id, each.edition, each.title, each.family, each.mark, each.origin) for each in listed]
    print_table(console(), ("id", "edition", "title", "family", "evidence", "origin"), rows)


@app.command()
def show(
    instrument: InstrumentArgument,
    edition: EditionOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an instrument: items, points, scales, levels, norms, sources, parts."""
    with failures():
        read = loaded(instrument, edition, library)
    if as_json:
        print_json(to_data(codebook(read)))
    else:
        print_instrument(console(), read)


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders with an instrument.json.")],
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the diagnostics only.")] = False,
) -> None:
    """Read definitions and prove what they declare."""
    with failures():
        checked = {path: ap.check(path) for path in paths}
    if as_json:
        print_json(
            [
                {
                    "path": str(path),
                    "ok": each.ok,
                    "diagnostics": [_data(diagnostic, DIAGNOSTIC) for diagnostic in each],
                }
                for path, each in checked.items()
            ]
        )
    for path, each in checked.items() if not as_json else ():
        for diagnostic in each:
            typer.echo(str(diagnostic))
        errors = sum(diagnostic.severity == "error" for diagnostic in each)
        if not quiet:
            typer.echo(f"{path}: {errors} errors, {len(each) - errors} warnings and notes")
    if not all(each.ok for each in checked.values()):
        raise typer.Exit(FINDINGS)


def _data(given: object, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(given, name) for name in names}


@app.command()
def verify(
    instruments: Annotated[
        list[str] | None, typer.Argument(metavar="[INSTRUMENT]...", help="Default: all that are built in.")
    ] = None,
    edition: EditionOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the mismatches only.")] = False,
) -> None:
    """Score the worked and boundary cases of instruments and compare what they expect."""
    with failures():
        chosen = [(name, edition) for name in instruments or ()]
        chosen = chosen or [(each.id, each.edition) for each in ap.instruments(library=library)]
        verified = [(name, which, ap.verify(loaded(name, which, library))) for name, which in chosen]
    if as_json:
        print_json([{"instrument": name, "edition": which, **_verification(each)} for name, which, each in verified])
    for name, which, verification in verified if not as_json else ():
        for each in verification.mismatches:
            place = f"{each.file}:{each.line}: " if each.file else ""
            expected = f"expected {each.expected or 'no value'}, found {each.found or 'no value'}"
            typer.echo(f"{place}case {each.id} ({each.source}): {each.column}: {expected}")
        if not quiet:
            typer.echo(
                f"{name}{f' {which}' if which else ''}: {verification.cases} cases, "
                f"{verification.comparisons} comparisons, {len(verification.mismatches)} mismatches"
            )
    if not all(verification.ok for _, _, verification in verified):
        raise typer.Exit(FINDINGS)


def _verification(given: ap.Verification) -> dict[str, object]:
    mismatches = [_data(each, MISMATCH) for each in given.mismatches]
    return {**_data(given, ("ok", "cases", "comparisons")), "mismatches": mismatches}
