"""The command about mapping files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import (
    DelimiterOption,
    EditionOption,
    EncodingOption,
    LibraryOption,
    QueryOption,
    app,
    failures,
)
from appraise._commands.scoring import chosen
from appraise._io import LocationError, ReadOptions, open_source, write_whole
from appraise._io.mapping import check_mapping, items_of, read_mapping
from appraise._io.suggest import Suggestion, document, suggest
from appraise._report import console, print_table
from appraise._runs import Request
from appraise._runs.request import compiled


@app.command("map")
def map_command(
    names: Annotated[
        list[str],
        typer.Argument(metavar="INSTRUMENT... CASELOAD", help="As for score.", show_default=False),
    ],
    suggest_to: Annotated[
        Path | None,
        typer.Option("--suggest", metavar="FILE", help="Write a mapping file that a person completes."),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Prove that a mapping file fits the caseload.")
    ] = None,
    edition: EditionOption = None,
    library: LibraryOption = None,
    query: QueryOption = None,
    delimiter: DelimiterOption = None,
    encoding: EncodingOption = "utf-8",
) -> None:
    """Map an agency's columns and codes to items: suggest a mapping file, or check one."""
    with failures():
        if (suggest_to is None) == (check is None):
            raise ap.UsageError("give --suggest FILE to write a mapping file, or --check FILE to check one")
        folder = None if library is None else str(library)
        request = Request(chosen(names[:-1], edition), names[-1], "", library=folder, accept_unverified=True)
        plans = compiled(request)
        source = open_source(request.source, query=query, read=ReadOptions(delimiter, encoding))
        if check is not None:
            roles = read_mapping(check)
            check_mapping(roles, plans, source.columns, source.name)
            if absent := unanswered(plans, {*roles.items, *source.columns}):
                raise LocationError(f"{check}: nothing answers {', '.join(absent)}")
            typer.echo(f"{check}: fits {source.name}")
            return
        assert suggest_to is not None
        if suggest_to.exists():
            raise LocationError(f"{suggest_to} is there already, and may hold somebody's work; give another name")
        suggestions = suggest(plans, source)
        text = document(suggestions, source, [plan.instrument.id for plan in plans])
        write_whole(suggest_to, text.encode())
    tell(suggestions, suggest_to)


def unanswered(plans: list[ap.ScoringPlan], answered: set[str]) -> list[str]:
    """The items that every caseload has to have, and this one has not."""
    return [
        name
        for plan in plans
        for name, item in items_of(plan.instrument).items()
        if name in plan.items and not item.optional and name not in answered
    ]


def tell(suggestions: list[Suggestion], path: Path) -> None:
    """What was matched, why, and what was not."""
    out = console()
    rows = (
        (
            each.item,
            each.match.column if each.match else "-",
            f"{each.match.likeness:.0%}" if each.match else "",
            each.match.why if each.match else "no column is like it",
            ", ".join(f"{code} = {option}" for code, option in each.codes.items()) or ("as is" if each.match else ""),
            ", ".join(each.unknown),
        )
        for each in suggestions
    )
    print_table(out, ("item", "column", "alike", "why", "codes", "unknown codes"), rows)
    left = sum(each.match is None or bool(each.unknown) for each in suggestions)
    out.print(f"\n{path}: {len(suggestions) - left} of {len(suggestions)} items; {left} to complete", markup=False)
