"""The command validate: scores held against what happened."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import FINDINGS, JsonOption, app, complete_instrument, failures, print_json
from appraise._io import database_location, is_database, write_whole
from appraise._report import console, print_table
from appraise._validation.choices import Choices
from appraise._validation.run import validate_with

Column = str | None


class Unit(StrEnum):
    """Units of time."""

    years = "years"
    months = "months"
    days = "days"


@app.command()
def validate(
    scored: Annotated[
        str,
        typer.Argument(metavar="SCORED", help="What score wrote: a file, a folder of files or a table of a database."),
    ],
    outcomes: Annotated[str, typer.Argument(metavar="OUTCOMES", help="What happened, with the same key.")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The report: an .html file, or .json for the numbers."),
    ],
    tables: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write every table as CSV, and all as JSON, into a folder.")
    ] = None,
    second: Annotated[
        str | None,
        typer.Option(metavar="SECOND", help="Ratings of the same people by a second rater, scored the same way."),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN[=COLUMN]",
            help="The column that names a person, with its name among the outcomes if that is another; may be "
            "repeated. Default: that of the manifest, else the first that both have.",
        ),
    ] = None,
    outcome: Annotated[
        Column, typer.Option(metavar="COLUMN", help="0 or 1 at a fixed follow-up; default: outcome, if there is one.")
    ] = None,
    event: Annotated[
        Column,
        typer.Option(
            metavar="COLUMN",
            help="0 followed without, 1 the outcome, 2 another event that came first; default: event, with time.",
        ),
    ] = None,
    event_is: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="What stands for the outcome, where the event column holds texts."),
    ] = None,
    competing_is: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="What stands for another event; every other text is followed without."),
    ] = None,
    time: Annotated[
        Column,
        typer.Option(metavar="COLUMN", help="Time to the event or the end of follow-up; default: time, with event."),
    ] = None,
    start: Annotated[
        Column,
        typer.Option(metavar="COLUMN", help="Dates on which follow-up begins, with --end in the place of --time."),
    ] = None,
    end: Annotated[
        Column, typer.Option(metavar="COLUMN", help="Dates on which follow-up ends, by an event or without.")
    ] = None,
    study_end: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The last day of the study, with --start in the place of --potential."),
    ] = None,
    time_unit: Annotated[Unit, typer.Option(help="The unit of the times and the horizon.")] = Unit.years,
    horizon: Annotated[
        float | None,
        typer.Option(metavar="TIME", help="The fixed follow-up. Default, with event and time: that of the norms."),
    ] = None,
    potential: Annotated[
        Column,
        typer.Option(
            metavar="COLUMN",
            help="For how long each person could have been followed; who could not be followed to the horizon is left "
            "out of the figures there.",
        ),
    ] = None,
    score: Annotated[
        Column, typer.Option(metavar="COLUMN", help="The score; default: the scale that score wrote.")
    ] = None,
    level: Annotated[Column, typer.Option(metavar="COLUMN", help="The level; default: that of the scale.")] = None,
    norms: Annotated[
        str | None,
        typer.Option(metavar="NORMS", help="The norm set whose rates are looked at, or none; default: the only one."),
    ] = None,
    rates: Annotated[
        Column, typer.Option(metavar="COLUMN", help="A column of rates (proportions), in the place of a norm set.")
    ] = None,
    cut: Annotated[
        str | None,
        typer.Option(
            metavar="SCORE|LEVEL", help="For error rates of groups; default: the highest level that was seen."
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN[=GROUP]",
            help="A column of groups to compare, and the group that the others are compared with; may be repeated.",
        ),
    ] = None,
    rater: Annotated[Column, typer.Option(metavar="COLUMN", help="A second rater's score.")] = None,
    rater_level: Annotated[Column, typer.Option(metavar="COLUMN", help="A second rater's level.")] = None,
    instrument: Annotated[
        str | None,
        typer.Option(
            metavar="INSTRUMENT",
            help="Id, ID@EDITION or path, where the scored table and its manifest do not say.",
            autocompletion=complete_instrument,
        ),
    ] = None,
    smallest_cell: Annotated[
        int, typer.Option(min=1, help="Groups of fewer people are withheld, and as many others as it takes.")
    ] = 10,
    effect: Annotated[
        float, typer.Option(help="Share of outcomes that acting on a person prevents, for the number needed.")
    ] = 1.0,
    bootstrap: Annotated[
        int, typer.Option(min=0, help="Resamples for the intervals of ICI, E50, E90 and Emax; 0: none.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Where the resamples start.")] = 1,
    confidence: Annotated[float, typer.Option(help="Of every interval.")] = 0.95,
    describe_sample: Annotated[
        str, typer.Option(metavar="TEXT", help="Who these people are and how they were chosen, for the report.")
    ] = "",
    describe_outcome: Annotated[
        str,
        typer.Option(metavar="TEXT", help="What counts as the outcome and where it was looked for, for the report."),
    ] = "",
    date: Annotated[str | None, typer.Option(metavar="DATE", help="A date for the report; default: none.")] = None,
    quarantine: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where rows are told in which something is wrong; default: OUTPUT.quarantine.csv."
        ),
    ] = None,
    plots: Annotated[bool, typer.Option("--plots/--no-plots", help="Draw plots, which needs matplotlib.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 if a row is in the quarantine.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no summary.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold scores against what happened: discrimination, calibration, survival, fairness, with their limits.

    Writes one self-contained page. Rows without a partner, keys that come twice and cells that cannot be used are
    counted on the page and told row by row in the quarantine, which alone names people by their keys.
    """
    with failures():
        choices = Choices(
            key=tuple(key or ()),
            outcome=outcome,
            event=event,
            event_is=tuple(event_is or ()),
            competing_is=tuple(competing_is or ()),
            time=time,
            start=start,
            end=end,
            study_end=study_end,
            time_unit=time_unit.value,
            horizon=horizon,
            potential=potential,
            score=score,
            level=level,
            norms=norms,
            rates=rates,
            cut=cut,
            group=tuple(group or ()),
            rater=rater,
            rater_level=rater_level,
            smallest_cell=smallest_cell,
            effect=effect,
            bootstrap=bootstrap,
            seed=seed,
            confidence=confidence,
            describe_sample=describe_sample,
            describe_outcome=describe_outcome,
            date=date,
        )
        aside = quarantine or output.with_name(f"{output.name}.quarantine.csv")
        _refuse_inputs((scored, outcomes, *([second] if second else [])), (output, aside), tables)
        if output.suffix.lower() not in (".html", ".json"):
            raise ap.UsageError(f"{output}: the name of a report ends in .html or .json")
        result = validate_with(scored, outcomes, choices, second=second, instrument=instrument, command=_command())
        result.write(output, pictures=plots)
        written = result.write_tables(tables) if tables else []
        write_whole(aside, result.quarantine().encode("utf-8", "replace"))
        if as_json:
            print_json(result.document)
        elif not quiet:
            _print(result, output, aside, len(written))
    if strict and result.findings:
        raise typer.Exit(FINDINGS)


def _command() -> str:
    """The command as it was typed, but for passwords of databases."""
    words = (database_location(each).name if is_database(each) else each for each in sys.argv[1:])
    return shlex.join(["appraise", *words])


def _refuse_inputs(inputs: tuple[str, ...], outputs: tuple[Path, Path], folder: Path | None) -> None:
    """What is written may not be what is read."""
    read = {Path(each).resolve(): each for each in inputs if not is_database(each)}
    for place in outputs:
        if place.resolve() in read:
            raise ap.UsageError(f"{place} is one of the tables; the report needs a place of its own")
    if folder and any(path.parent == folder.resolve() for path in read):
        raise ap.UsageError(f"{folder} holds one of the tables; the tables of the report need a folder of their own")


def _print(result: ap.Validation, output: Path, aside: Path, files: int) -> None:
    out = console()
    print_table(out, ("", ""), [each for each in result.summary() if each[1]], f"Validation of {result.about.title}")
    out.print(f"\nReport: {output}" + (f"; {files} files of tables" if files else ""), markup=False)
    if result.findings:
        codes: dict[str, int] = {}
        for each in result.findings:
            codes[each.code] = codes.get(each.code, 0) + 1
        told = ", ".join(f"{code} {count:,}" for code, count in sorted(codes.items()))
        out.print(f"{aside}: {told}", markup=False)
