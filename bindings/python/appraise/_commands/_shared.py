"""What the commands share: the program, options, exit codes, how failures end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._io import LocationError

FINDINGS = 1
USAGE = 2

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Scores risk-assessment instruments. Exit code 0: done; 1: there are findings; 2: it could not be done.",
)


def complete_instrument(incomplete: str) -> list[tuple[str, str]]:
    """Ids of built-in instruments for a shell; it completes paths itself."""
    return [(each.id, each.title) for each in ap.instruments() if each.id.startswith(incomplete)]


InstrumentArgument = Annotated[
    str,
    typer.Argument(
        metavar="INSTRUMENT", help="Id of a built-in instrument, or path.", autocompletion=complete_instrument
    ),
]
CaseloadArgument = Annotated[
    str, typer.Argument(metavar="CASELOAD", help="A file, a folder of files, or a table of a database.")
]
EditionOption = Annotated[str | None, typer.Option(help="Edition of the instrument; default: the last.")]
LibraryOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        envvar="APPRAISE_LIBRARY",
        help="The agency's own definitions and licensed figures, beside what is built in.",
    ),
]
AcceptOption = Annotated[
    bool,
    typer.Option(
        "--accept-unverified",
        "--unverified",
        help="Use figures that are not confirmed in a public source; the results carry the mark.",
    ),
]
NormsOption = Annotated[list[str] | None, typer.Option(help="A norm set to report, or all; may be repeated.")]
QueryOption = Annotated[
    str | None,
    typer.Option(metavar="SQL", help="A query, in place of a table of the database. It should state an order."),
]
DelimiterOption = Annotated[
    str | None, typer.Option(help="What separates the cells of text; default: comma, tab in .tsv.")
]
EncodingOption = Annotated[str, typer.Option(help="The encoding of text.")]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", "-m", help="Which column answers which item; see appraise map.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="The date on which everybody is judged. It is never today by itself."),
]
AsOfColumnOption = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="The column with the date on which each row is judged.")
]
ThreadsOption = Annotated[int, typer.Option(min=1, help="Threads that share the rows.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document, and nothing else, to stdout.")]
LevelsOption = Annotated[
    list[str] | None, typer.Option(metavar="SCALE=SCHEME", help="Another level scheme for a scale; may be repeated.")
]


@contextmanager
def failures() -> Iterator[None]:
    """Ends the command with one line for each thing that is wrong."""
    try:
        yield
    except ap.DefinitionError as error:
        for diagnostic in error.diagnostics:
            typer.echo(str(diagnostic), err=True)
        if any(diagnostic.code == "evidence.unverified" for diagnostic in error.diagnostics):
            typer.echo("appraise: to use these figures all the same: --accept-unverified", err=True)
        raise typer.Exit(FINDINGS) from None
    except (ap.UsageError, LocationError) as error:
        typer.echo(f"appraise: {error}", err=True)
        raise typer.Exit(USAGE) from None


def is_path(instrument: str) -> bool:
    """Whether an instrument is named by the path of its definition."""
    return "/" in instrument or instrument.endswith(".json")


def loaded(instrument: str, edition: str | None, library: Path | None) -> ap.Instrument:
    """An instrument by its name: an agency's own folder plays no part where the name is a path."""
    return ap.load(instrument, edition, library=None if is_path(instrument) else library)


def chosen_levels(levels: list[str] | None) -> dict[str, str]:
    """Level scheme by scale."""
    schemes = dict(choice.partition("=")[::2] for choice in levels or ())
    if "" in schemes.values():
        raise ap.UsageError("a level scheme is chosen as SCALE=SCHEME")
    return schemes


def compiled(
    instrument: str,
    edition: str | None,
    library: Path | None,
    accept_unverified: bool,
    levels: list[str] | None,
    norms: list[str] | None,
) -> ap.ScoringPlan:
    """The plan that the options ask for."""
    schemes = chosen_levels(levels)
    return ap.compile(
        loaded(instrument, edition, library),
        accept_unverified=accept_unverified,
        levels=schemes,
        norms="all" if norms == ["all"] else norms,
    )


def print_json(document: object) -> None:
    """The one document that --json prints."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))


@app.callback(invoke_without_command=True)
def version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"appraise {ap.__version__}")
        raise typer.Exit
