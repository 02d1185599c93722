"""Commands about people: score, explain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import typer

import appraise as ap
from appraise._commands._shared import (
    AcceptOption,
    CaseloadArgument,
    EditionOption,
    InstrumentArgument,
    LevelsOption,
    NormsOption,
    app,
    compiled,
    failures,
)
from appraise._files import CaseloadFile, ScoredFile
from appraise._report import RowProgress, Summary, console


@app.command()
def score(
    instrument: InstrumentArgument,
    caseload: CaseloadArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .csv or .parquet file to write.")],
    edition: EditionOption = None,
    accept_unverified: AcceptOption = False,
    norms: NormsOption = None,
    levels: LevelsOption = None,
    contributions: Annotated[bool, typer.Option("--contributions", help="Add what each term added.")] = False,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="A column of the caseload to keep; may be repeated. Default: the first."),
    ] = None,
    keep_all: Annotated[bool, typer.Option("--keep-all", help="Keep every column of the caseload.")] = False,
    threads: Annotated[int, typer.Option(min=1, help="Threads that share the rows.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Score a caseload. Every row of it is in the output, in order; one without a score has a status and reasons."""
    with failures():
        plan = compiled(instrument, edition, accept_unverified, levels, norms)
        source = CaseloadFile(caseload)
        kept = source.columns if keep_all else (keep or source.columns[:1])
        needed = columns_for(plan, source, kept)
        summary = Summary(plan)
        with ScoredFile(output) as target, RowProgress(source.rows, quiet=quiet) as progress:
            for batch in source.batches(needed):
                scores = ap.score(plan, batch, contributions=contributions, threads=threads)
                target.write(beside(batch, kept, scores.to_pyarrow()))
                summary.add(scores)
                progress.advance(len(scores), source.rows)
    if quiet:
        return
    out = console()
    name = f"{plan.instrument.id} {plan.instrument.edition}"
    out.print(f"{output}: {progress.done()}; {name}; evidence: {plan.mark}", markup=False)
    absent = [item for item in plan.items if item not in source.columns]
    if absent:
        out.print(f"Not in the caseload, so missing in every row: {', '.join(absent)}", markup=False)
    summary.print(out)


def columns_for(plan: ap.ScoringPlan, source: CaseloadFile, kept: Sequence[str]) -> list[str]:
    """The columns to read: those to keep and those of the items."""
    unknown = [name for name in kept if name not in source.columns]
    if unknown:
        raise ap.UsageError(f"{source.path} has no column '{unknown[0]}'; it has: {', '.join(source.columns)}")
    items = set(plan.items)
    if not items.intersection(source.columns):
        raise ap.UsageError(f"{source.path} has none of the instrument's columns: {', '.join(plan.items)}")
    return [name for name in source.columns if name in items or name in kept]


def beside(batch: pa.RecordBatch, kept: Sequence[str], scores: pa.Table) -> pa.Table:
    """The kept columns of a batch, then its scores."""
    clash = sorted(set(kept).intersection(scores.column_names))
    if clash:
        raise ap.UsageError(f"the column '{clash[0]}' has the name of a result; keep others with --keep")
    for position, name in enumerate(kept):
        scores = scores.add_column(position, batch.schema.field(name), pa.chunked_array([batch.column(name)]))
    return scores


@app.command()
def explain(
    instrument: InstrumentArgument,
    caseload: CaseloadArgument,
    row: Annotated[int | None, typer.Option(min=1, help="Row of the caseload, counted from 1.")] = None,
    key: Annotated[str | None, typer.Option(help="Value of the key column in the row.")] = None,
    key_column: Annotated[str | None, typer.Option(help="The key column; default: the first.")] = None,
    scale: Annotated[str | None, typer.Option(help="The scale to explain.")] = None,
    edition: EditionOption = None,
    accept_unverified: AcceptOption = False,
    norms: NormsOption = None,
    levels: LevelsOption = None,
) -> None:
    """Explain one score: what each item added, why, and what would change the level."""
    with failures():
        if (row is None) == (key is None):
            raise ap.UsageError("name the person by --row or by --key")
        plan = compiled(instrument, edition, accept_unverified, levels, norms)
        source = CaseloadFile(caseload)
        column = key_column or source.columns[0]
        batches = source.batches(columns_for(plan, source, [column]))
        batch, at = find_row(batches, row) if row is not None else find_key(batches, column, key or "")
        explanation = ap.explain(plan, batch, at, scale)
    typer.echo(str(explanation))
    if plan.instrument.notice:
        typer.echo(f"\n{plan.instrument.notice}")


def find_row(batches: Iterator[pa.RecordBatch], row: int) -> tuple[pa.RecordBatch, int]:
    """The batch that holds a row counted from 1, and where."""
    before = 0
    for batch in batches:
        if row <= before + batch.num_rows:
            return batch, row - before - 1
        before += batch.num_rows
    raise ap.UsageError(f"there is no row {row}; the caseload has {before} rows")


def find_key(batches: Iterator[pa.RecordBatch], column: str, key: str) -> tuple[pa.RecordBatch, int]:
    """The batch that holds the only row with a key, and where."""
    found: list[tuple[pa.RecordBatch, int]] = []
    for batch in batches:
        at = pc.indices_nonzero(pc.equal(batch.column(column).cast(pa.string()), key))
        found += [(batch, index) for index in at.to_pylist()]
    if len(found) != 1:
        raise ap.UsageError(f"{len(found) or 'no'} rows have {column} = {key}")
    return found[0]
