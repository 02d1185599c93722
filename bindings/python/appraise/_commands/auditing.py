"""The command audit: stored results recomputed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import FINDINGS, AcceptOption, InstrumentArgument, LevelsOption, app, failures
from appraise._commands.rescoring import Target, needed_columns, plan_of
from appraise._io import Source, is_database, open_source
from appraise._io.databases import connect
from appraise._nearest import did_you_mean
from appraise._proof.audit import CODES, Audit, Finding
from appraise._proof.auditing import (
    Caseload,
    as_table,
    audit_store,
    audit_table,
    definition_findings,
    norms_in,
    summary,
)
from appraise._proof.rescoring import Plan
from appraise._proof.schema import TABLE
from appraise._proof.store import ResultsStore, open_store
from appraise._report import console, print_table

HEADS = ("code", "row", "key", "column", "stored", "recomputed")
CHUNK = 1000


@app.command()
def audit(
    instrument: InstrumentArgument,
    caseload: Annotated[str, typer.Argument(metavar="CASELOAD", help="What was scored: a file, folder or database.")],
    stored: Annotated[
        str,
        typer.Argument(
            metavar="STORED", help="The stored results: a file, folder or table; or a database with a results store."
        ),
    ],
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="A column that names an assessment; may be repeated. Default: the first that both have.",
        ),
    ] = None,
    by_row: Annotated[bool, typer.Option("--by-row", help="Rows are known by their order; there is no key.")] = False,
    assessed_on: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The date of the assessment, for a results store.")
    ] = None,
    rater: Annotated[str | None, typer.Option(metavar="COLUMN", help="The rater, for a results store.")] = None,
    levels: LevelsOption = None,
    tolerance: Annotated[float, typer.Option(min=0.0, help="How far real numbers may lie apart.")] = 0.0,
    findings: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write every finding: a .csv or .parquet file.")
    ] = None,
    most: Annotated[int, typer.Option(min=0, help="How many findings to print.")] = 20,
    accept_unverified: AcceptOption = False,
    threads: Annotated[int, typer.Option(min=1, help="Threads that share the rows.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing; the exit code tells.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Recompute stored scores and levels from the caseload, and list everything that does not agree.

    INSTRUMENT may be ID@EDITION. Exit code 1 if there are findings.
    """
    with failures():
        kept = _stored(stored)
        plan = plan_of(instrument, levels, None, accept_unverified)
        if not isinstance(kept, ResultsStore):
            chosen = norms_in(plan.plan.instrument, kept.columns)
            plan = plan_of(instrument, levels, chosen, accept_unverified)
        source = open_source(caseload)
        keys = _keys(source, kept, key, by_row)
        roles = [*keys, *filter(None, (assessed_on, rater))]
        about = Caseload(
            source,
            needed_columns(source, [plan], roles),
            keys,
            person=keys[0] if keys else "",
            assessed_on=assessed_on or "",
            rater=rater or "",
        )
        if isinstance(kept, ResultsStore):
            result, found = audit_store(plan, about, kept, tolerance=tolerance, threads=threads)
        else:
            _need_results(plan, kept)
            result, found = audit_table(plan, about, kept, tolerance=tolerance, threads=threads)
        first = list(_told(result, plan, kept, found, findings, most))
        told = summary(result, plan, keys)
        if as_json:
            listed = [{name: getattr(each, name) for name in (*HEADS, "message")} for each in first]
            typer.echo(
                json.dumps({**told, "stored": stored_name(kept), "listed": listed}, ensure_ascii=False, indent=2)
            )
        elif not quiet:
            _print(result, plan, kept, keys, first, findings)
    if result.findings:
        raise typer.Exit(FINDINGS)


def stored_name(kept: Source | ResultsStore) -> str:
    """The stored results as they are printed."""
    return kept.database.name if isinstance(kept, ResultsStore) else kept.name


def _stored(location: str) -> Source | ResultsStore:
    """A table of results, or a results store where a database is named without a table."""
    if not is_database(location) or "#" in location:
        return open_source(location)
    with connect(location) as database:
        if not database.has_table([TABLE]):
            raise ap.UsageError(
                f"{database.name} has no results store; name a table of results as in {database.name}#TABLE"
            )
    return open_store(location, create=False)


def _keys(source: Source, kept: Source | ResultsStore, key: Sequence[str] | None, by_row: bool) -> list[str]:
    if isinstance(kept, ResultsStore):
        if by_row or len(key or ()) > 1:
            raise ap.UsageError("a results store knows rows by one column with the key of the person")
        return list(key or source.columns[:1])
    if by_row:
        if key:
            raise ap.UsageError("--by-row and --key exclude each other")
        return []
    common = [name for name in source.columns if name in kept.columns]
    for name in key or ():
        if name not in common:
            side = kept if name in source.columns else source
            raise ap.UsageError(f"{side.name} has no column '{name}'{did_you_mean(name, side.columns)}")
    if not key and not common:
        raise ap.UsageError(f"{source.name} and {kept.name} have no column in common; name rows by --by-row")
    return list(key or common[:1])


def _need_results(plan: Plan, kept: Source) -> None:
    wanted = [f"{scale}_status" for scale in plan.plan.scales] + plan.plan.scales
    if not set(wanted).intersection(kept.columns):
        raise ap.UsageError(
            f"{kept.name} has no result of {plan.name}, such as '{plan.plan.scales[-1]}'; "
            f"it has: {', '.join(kept.columns)}"
        )


def _metadata(kept: Source | ResultsStore) -> dict[str, str]:
    """What the stored results say of themselves: in Parquet and Arrow files."""
    if isinstance(kept, ResultsStore):
        return {}
    batch = next(kept.batches(kept.columns[:1]))
    given = batch.table.schema.metadata or {}
    return {name.decode(): text.decode(errors="replace") for name, text in given.items()}


def _told(
    result: Audit,
    plan: Plan,
    kept: Source | ResultsStore,
    found: Iterator[Finding],
    place: str | None,
    most: int,
) -> Iterator[Finding]:
    """The first findings, while all of them are written down and counted."""
    about = map(result.note, definition_findings(plan, _metadata(kept)))
    everything = (finding for part in (about, found) for finding in part)
    with ExitStack() as stack:
        sink = stack.enter_context(Target(place)) if place else None
        given, chunk = 0, list(islice(everything, CHUNK))
        while True:
            if sink:
                sink.write(as_table(chunk))
            yield from chunk[: max(0, most - given)]
            given += len(chunk)
            chunk = list(islice(everything, CHUNK))
            if not chunk:
                break
        if sink:
            sink.commit()


def _print(
    result: Audit,
    plan: Plan,
    kept: Source | ResultsStore,
    keys: Sequence[str],
    first: Sequence[Finding],
    place: str | None,
) -> None:
    out = console()
    by = f"by {', '.join(keys)}" if keys else "by their order"
    out.print(
        f"{stored_name(kept)}: {result.rows:,} rows, {result.cells:,} cells recomputed with {plan.name}; "
        f"rows are known {by}",
        markup=False,
    )
    if not result.findings:
        out.print("No findings: every audited cell follows from the caseload and the definition.")
        return
    counts = [(code, f"{count:,}", CODES[code]) for code, count in sorted(result.counts.items())]
    print_table(out, ("code", "findings", "meaning"), counts, "Findings by code", {1})
    rows = [
        (
            each.code,
            "" if each.row is None else str(each.row),
            each.key,
            each.column,
            each.stored or "-",
            each.recomputed or "-",
        )
        for each in first
    ]
    print_table(out, HEADS, rows, f"The first {len(rows)}" if len(rows) < result.findings else "All of them", {1})
    if len(rows) < result.findings:
        out.print(f"All of them: {place}" if place else "Write all of them with --findings FILE.", markup=False)
