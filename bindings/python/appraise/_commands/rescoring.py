"""The command rescore: the same caseload under two plans."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Annotated

import pyarrow as pa
import typer

import appraise as ap
from appraise import _document
from appraise._commands._shared import (
    FINDINGS,
    AcceptOption,
    AsOfColumnOption,
    AsOfOption,
    JsonOption,
    LibraryOption,
    MappingOption,
    QuietOption,
    ThreadsOption,
    app,
    complete_instrument,
    failures,
    loaded,
    print_json,
)
from appraise._commands.scoring import chosen
from appraise._io import open_sink
from appraise._proof import rescore_report
from appraise._proof.rescoring import Limit, Plan, Rescoring
from appraise._report import RowProgress, console, print_document
from appraise._runs import Chosen, Prepared, Request, prepare
from appraise._runs.scorer import given_in

WRITERS = {
    ".md": _document.to_markdown,
    ".html": _document.to_html,
}
SIDE = "Id of a built-in instrument, ID@EDITION, or path."
Pairs = list[str] | None


@app.command()
def rescore(
    caseload: Annotated[str, typer.Argument(metavar="CASELOAD", help="A file, a folder of files, or a database.")],
    before: Annotated[
        str, typer.Option(metavar="INSTRUMENT", help=f"What is used today. {SIDE}", autocompletion=complete_instrument)
    ],
    after: Annotated[
        str | None,
        typer.Option(
            metavar="INSTRUMENT",
            help=f"What is to be used. {SIDE} Default: the same.",
            autocompletion=complete_instrument,
        ),
    ] = None,
    levels_before: Annotated[
        Pairs, typer.Option(metavar="SCALE=SCHEME", help="Level scheme of a scale, before.")
    ] = None,
    levels_after: Annotated[Pairs, typer.Option(metavar="SCALE=SCHEME", help="Level scheme of a scale, after.")] = None,
    norms_before: Annotated[Pairs, typer.Option(metavar="NORMS", help="A norm set, before; may be repeated.")] = None,
    norms_after: Annotated[
        Pairs, typer.Option(metavar="NORMS", help="The norm set it is compared with, after.")
    ] = None,
    scale: Annotated[
        Pairs, typer.Option(metavar="SCALE[=SCALE]", help="A scale to compare; default: all with levels in both.")
    ] = None,
    equivalent: Annotated[
        Pairs, typer.Option(metavar="LEVEL=LEVEL", help="A level before and the level after that stands for the same.")
    ] = None,
    group: Annotated[Pairs, typer.Option(metavar="COLUMN", help="A column to count by; may be repeated.")] = None,
    smallest_cell: Annotated[
        int, typer.Option(min=1, help="Cells of the group tables with fewer people are withheld.")
    ] = 10,
    key: Annotated[
        Pairs, typer.Option(metavar="COLUMN", help="A column that names the person; default: the first.")
    ] = None,
    movers: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write who moves and why: a .csv or .parquet file.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="OUT", help="Write the scores after, unless a threshold stops it."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report: a .md, .html or .json file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report; write no scores and no movers.")] = False,
    fail_if_up: Annotated[
        str | None,
        typer.Option(metavar="LIMIT", help="Stop if more move up: 2% of those scored before, or a number of rows."),
    ] = None,
    fail_if_down: Annotated[str | None, typer.Option(metavar="LIMIT", help="Stop if more move down.")] = None,
    fail_if_moved: Annotated[str | None, typer.Option(metavar="LIMIT", help="Stop if more move up or down.")] = None,
    fail_if_unscored: Annotated[
        str | None, typer.Option(metavar="LIMIT", help="Stop if more are no longer scored.")
    ] = None,
    mapping: MappingOption = None,
    as_of: AsOfOption = None,
    as_of_column: AsOfColumnOption = None,
    library: LibraryOption = None,
    accept_unverified: AcceptOption = False,
    threads: ThreadsOption = 1,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Score a caseload under two editions, level schemes or norm sets, and report who moves and why.

    Exit code 1 if a stop threshold is exceeded; the scores and the movers are then not written, the report is.
    """
    with failures(), ExitStack() as stack:
        limits = {"up": fail_if_up, "down": fail_if_down, "moved": fail_if_moved, "unscored": fail_if_unscored}
        names = chosen([before, after or before], None)
        first = plan_of(names[0], library, levels_before, norms_before, accept_unverified)
        second = plan_of(names[1], library, levels_after, norms_after, accept_unverified)
        rescoring = Rescoring(
            first,
            second,
            scales=dict(each.partition("=")[::2] if "=" in each else (each, each) for each in scale or ()),
            equivalents=pairs(equivalent, "LEVEL=LEVEL"),
            groups=group or (),
            limits=[Limit.parse(kind, text) for kind, text in limits.items() if text is not None],
        )
        report_as = _writer(report)
        sides = {plan.name: name for plan, name in zip((first, second), names, strict=True)}
        request = Request(
            list(sides.values()),
            caseload,
            output or "",
            library=str(library) if library else None,
            mapping=str(mapping) if mapping else None,
            as_of=as_of,
            as_of_column=as_of_column,
            keep=list(key or ()),
            accept_unverified=accept_unverified,
        )
        prepared = _prepared(request, group or ())
        stack.callback(prepared.source.close)
        targets = {} if dry_run else {name: place for name, place in (("movers", movers), ("scores", output)) if place}
        unreadable = _run(rescoring, prepared, targets, threads=threads, quiet=quiet or as_json)
        data = rescore_report.data(rescoring, caseload=prepared.source.name, smallest=smallest_cell) | {
            "unreadable": unreadable
        }
        document = rescore_report.report(
            rescoring, caseload=prepared.source.name, smallest=smallest_cell, unreadable=unreadable
        )
        if report_as:
            _write(report_as, document, data)
        if as_json:
            print_json(data)
        elif not quiet:
            print_document(console(), document)
        for stop in rescoring.stops:
            if stop.exceeded:
                typer.echo(
                    f"appraise: stopped: {stop.found:,} of {stop.of:,} rows of {stop.scale} are more than "
                    f"--fail-if-{stop.limit.kind} {stop.limit.text} allows",
                    err=True,
                )
    if rescoring.stopped:
        raise typer.Exit(FINDINGS)


def pairs(given: Sequence[str] | None, form: str) -> dict[str, str]:
    """Options written as NAME=NAME."""
    for each in given or ():
        if not all(each.partition("=")):
            raise ap.UsageError(f"'{each}': expected {form}")
    return dict(each.partition("=")[::2] for each in given or ())


def plan_of(
    chosen: Chosen,
    library: Path | None,
    levels: Sequence[str] | None,
    norms: Sequence[str] | None,
    accept_unverified: bool,
) -> Plan:
    """The plan of one side."""
    named = loaded(chosen.name, chosen.edition, library)
    schemes = pairs(levels, "SCALE=SCHEME")
    ids = [each.id for each in named.norms] if norms == ["all"] else list(norms or ())
    return Plan(ap.compile(named, accept_unverified=accept_unverified, levels=schemes, norms=ids), schemes, ids)


def _prepared(request: Request, groups: Sequence[str]) -> Prepared:
    """The caseload, with the columns to show with a mover: what names the row, and the groups."""
    prepared = prepare(request)
    return prepare(replace(request, keep=[*prepared.kept, *groups]))


def _run(rescoring: Rescoring, prepared: Prepared, targets: Mapping[str, str], *, threads: int, quiet: bool) -> int:
    """Scores all rows both ways; the outputs appear only if nothing stops it. Says how many rows could not be read."""
    plans = [rescoring.before.plan, rescoring.after.plan]
    unreadable = 0
    with ExitStack() as stack:
        sinks = {name: stack.enter_context(Target(place)) for name, place in targets.items()}
        progress = stack.enter_context(RowProgress(quiet=quiet))
        full = "scores" in sinks
        for batch in prepared.source.batches(prepared.columns):
            unreadable += len(batch.bad)
            given, _, _ = given_in(batch.table, prepared)
            scored = ap.score_together(plans, given, contributions=True, bounds=full, distance=full, threads=threads)
            first, second = (each.to_pyarrow() for each in scored)
            kept = {name: batch.table.column(name) for name in prepared.kept}
            moved = rescoring.add(first, second, kept, batch.rows)
            if "movers" in sinks:
                sinks["movers"].write(pa.concat_tables(moved))
            if full:
                sinks["scores"].write(_beside(kept, second))
            progress.advance(batch.first + len(batch) - 1, prepared.source.rows)
        if not rescoring.stopped:
            for sink in sinks.values():
                sink.commit()
    return unreadable


def _beside(kept: Mapping[str, pa.Array], scores: pa.Table) -> pa.Table:
    for at, (name, column) in enumerate(kept.items()):
        if name in scores.column_names:
            raise ap.UsageError(f"the column '{name}' has the name of a result; name another with --key")
        scores = scores.add_column(at, name, pa.chunked_array([column]))
    return scores


class Target:
    """An output that appears when it is committed, and is thrown away otherwise."""

    def __init__(self, place: str) -> None:
        self._sink = open_sink(place)
        self._sink.begin()
        self._committed = False

    def __enter__(self) -> Target:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._committed:
            self._sink.finish()
        else:
            self._sink.close()

    def write(self, table: pa.Table) -> None:
        """Appends rows."""
        self._sink.write(table)

    def commit(self) -> None:
        """Lets the output appear."""
        self._sink.commit()
        self._committed = True


def _writer(report: Path | None) -> Path | None:
    if report is not None and report.suffix.lower() not in (*WRITERS, ".json"):
        raise ap.UsageError(f"{report}: the name of a report ends in .md, .html or .json")
    return report


def _write(path: Path, document: _document.Document, data: Mapping[str, object]) -> None:
    form = path.suffix.lower()
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n" if form == ".json" else WRITERS[form](document)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise ap.UsageError(f"cannot write {path}: {problem.strerror}") from None
