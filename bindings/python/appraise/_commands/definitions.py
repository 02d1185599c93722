"""Commands about definitions: list, show, check, verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

import appraise as ap
from appraise._commands._coverage import coverage_of, print_coverage
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
    everything: Annotated[bool, typer.Option("--all", help="All that are built in, whatever else is named.")] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="Tell what the cases exercise, and what not.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")] = False,
) -> None:
    """Score the worked and boundary cases of instruments and compare what they expect."""
    reports: list[dict[str, Any]] = []
    with failures():
        chosen = [(name, edition) for name in instruments or ()]
        if everything or not chosen:
            chosen += [(each.id, each.edition) for each in ap.instruments()]
        for name, which in chosen:
            instrument = ap.load(name, which)
            reports.append(_verified(instrument) | (coverage_of(instrument) if coverage else {}))
            if not as_json:
                _print_verified(reports[-1])
                if coverage:
                    print_coverage(reports[-1])
    if as_json:
        typer.echo(json.dumps(reports, ensure_ascii=False, indent=1))
    if any(report["mismatches"] for report in reports):
        raise typer.Exit(FINDINGS)


def _verified(instrument: ap.Instrument) -> dict[str, Any]:
    verification = ap.verify(instrument)
    fields = ("file", "line", "id", "source", "column", "expected", "found")
    return {
        "instrument": instrument.id,
        "edition": instrument.edition,
        "cases": verification.cases,
        "comparisons": verification.comparisons,
        "mismatches": [{name: getattr(each, name) for name in fields} for each in verification.mismatches],
    }


def _print_verified(report: dict[str, Any]) -> None:
    for each in report["mismatches"]:
        place = f"{each['file']}:{each['line']}: " if each["file"] else ""
        expected = f"expected {each['expected'] or 'no value'}, found {each['found'] or 'no value'}"
        typer.echo(f"{place}case {each['id']} ({each['source']}): {each['column']}: {expected}")
    typer.echo(
        f"{report['instrument']} {report['edition']}: {report['cases']} cases, "
        f"{report['comparisons']} comparisons, {len(report['mismatches'])} mismatches"
    )
