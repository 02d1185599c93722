"""The command that explains one score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import typer

import appraise as ap
from appraise._commands._shared import (
    AcceptOption,
    CaseloadArgument,
    DelimiterOption,
    EditionOption,
    EncodingOption,
    InstrumentArgument,
    JsonOption,
    LevelsOption,
    LibraryOption,
    NormsOption,
    QueryOption,
    app,
    compiled,
    failures,
    print_json,
)
from appraise._io import ReadOptions, Source, SourceBatch, open_source

PLAIN = (
    *("scale", "label", "status", "value", "level", "level_label", "standard_level", "lowest", "highest"),
    *(
        "lowest_level",
        "highest_level",
        "explained_by",
        "ranked",
        "reasons",
        "cautions",
        "norms",
        "evidence",
        "paragraph",
    ),
)
CONTRIBUTION = ("term", "label", "response", "value", "baseline")
CHANGE = ("item", "before", "after", "level", "value")


@app.command()
def explain(
    instrument: InstrumentArgument,
    caseload: CaseloadArgument,
    row: Annotated[int | None, typer.Option(min=1, help="Row of the caseload, counted from 1.")] = None,
    key: Annotated[str | None, typer.Option(help="Value of the key column in the row.")] = None,
    key_column: Annotated[str | None, typer.Option(help="The key column; default: the first.")] = None,
    scale: Annotated[str | None, typer.Option(help="The scale to explain.")] = None,
    edition: EditionOption = None,
    library: LibraryOption = None,
    accept_unverified: AcceptOption = False,
    norms: NormsOption = None,
    levels: LevelsOption = None,
    query: QueryOption = None,
    delimiter: DelimiterOption = None,
    encoding: EncodingOption = "utf-8",
    as_json: JsonOption = False,
) -> None:
    """Explain one score: what each item added, why, and what would change the level."""
    with failures():
        if (row is None) == (key is None):
            raise ap.UsageError("name the person by --row or by --key")
        plan = compiled(instrument, edition, library, accept_unverified, levels, norms)
        source = open_source(caseload, query=query, read=ReadOptions(delimiter, encoding))
        column = key_column or source.columns[0]
        batches = source.batches(columns_for(plan, source, column))
        batch, at = find_row(batches, row) if row is not None else find_key(batches, column, key or "")
        explanation = ap.explain(plan, batch, at, scale)
    if as_json:
        print_json(_data(explanation) | {"notice": plan.instrument.notice})
        return
    typer.echo(str(explanation))
    if plan.instrument.notice:
        typer.echo(f"\n{plan.instrument.notice}")


def _data(explanation: ap.Explanation) -> dict[str, object]:
    """An explanation as plain data."""
    return {
        **{name: getattr(explanation, name) for name in PLAIN},
        "contributions": [{name: getattr(each, name) for name in CONTRIBUTION} for each in explanation.contributions],
        "changes": [{name: getattr(each, name) for name in CHANGE} for each in explanation.changes],
    }


def columns_for(plan: ap.ScoringPlan, source: Source, key: str) -> list[str]:
    """The columns to read: the key and those of the items."""
    if key not in source.columns:
        raise ap.UsageError(f"{source.name} has no column '{key}'; it has: {', '.join(source.columns)}")
    items = set(plan.items)
    if not items.intersection(source.columns):
        raise ap.UsageError(f"{source.name} has none of the instrument's columns: {', '.join(plan.items)}")
    return [name for name in source.columns if name in items or name == key]


def find_row(batches: Iterator[SourceBatch], row: int) -> tuple[pa.RecordBatch, int]:
    """The batch that holds a row counted from 1, and where."""
    last = 0
    for batch in batches:
        last = batch.first + len(batch) - 1
        if row <= last:
            for bad in batch.bad:
                if bad.row == row:
                    raise ap.UsageError(f"row {row} (line {bad.line}) could not be read: {bad.message}")
            return batch.table, int((batch.rows == row).argmax())
    raise ap.UsageError(f"there is no row {row}; the caseload has {last} rows")


def find_key(batches: Iterator[SourceBatch], column: str, key: str) -> tuple[pa.RecordBatch, int]:
    """The batch that holds the only row with a key, and where."""
    found: list[tuple[pa.RecordBatch, int]] = []
    for batch in batches:
        at = pc.indices_nonzero(pc.equal(batch.table.column(column).cast(pa.string()), key))
        found += [(batch.table, index) for index in at.to_pylist()]
    if len(found) != 1:
        raise ap.UsageError(f"{len(found) or 'no'} rows have {column} = {key}")
    return found[0]
