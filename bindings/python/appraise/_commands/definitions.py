"""Commands about definitions: list, show, check, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import FINDINGS, EditionOption, InstrumentArgument, app, failures
from appraise._report import console, print_instrument, print_table


@app.command("list")
def list_instruments() -> None:
    """List the instruments that are built in."""
    with failures():
        rows = [(each.id, each.edition, each.title, each.family, each.mark) for each in ap.instruments()]
    print_table(console(), ("id", "edition", "title", "family", "evidence"), rows)


@app.command()
def show(instrument: InstrumentArgument, edition: EditionOption = None) -> None:
    """Show an instrument: items, points, scales, levels, norms, sources, parts."""
    with failures():
        read = ap.load(instrument, edition)
    print_instrument(console(), read)


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders with an instrument.json.")],
) -> None:
    """Read definitions and prove what they declare."""
    faulty = False
    with failures():
        for path in paths:
            checked = ap.check(path)
            faulty = faulty or not checked.ok
            for diagnostic in checked:
                typer.echo(str(diagnostic))
            errors = sum(diagnostic.severity == "error" for diagnostic in checked)
            others = len(checked) - errors
            typer.echo(f"{path}: {errors} errors, {others} warnings and notes")
    if faulty:
        raise typer.Exit(FINDINGS)


@app.command()
def verify(
    instruments: Annotated[
        list[str] | None, typer.Argument(metavar="[INSTRUMENT]...", help="Default: all that are built in.")
    ] = None,
    edition: EditionOption = None,
) -> None:
    """Score the worked and boundary cases of instruments and compare what they expect."""
    wrong = False
    with failures():
        chosen = [(name, edition) for name in instruments or ()]
        chosen = chosen or [(each.id, each.edition) for each in ap.instruments()]
        for name, which in chosen:
            verification = ap.verify(ap.load(name, which))
            wrong = wrong or not verification.ok
            for each in verification.mismatches:
                place = f"{each.file}:{each.line}: " if each.file else ""
                expected = f"expected {each.expected or 'no value'}, found {each.found or 'no value'}"
                typer.echo(f"{place}case {each.id} ({each.source}): {each.column}: {expected}")
            typer.echo(
                f"{name}{f' {which}' if which else ''}: {verification.cases} cases, "
                f"{verification.comparisons} comparisons, {len(verification.mismatches)} mismatches"
            )
    if wrong:
        raise typer.Exit(FINDINGS)
