"""The command audit: stored results recomputed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any

import typer

import appraise as ap
from appraise._commands._shared import (
    FINDINGS,
    AcceptOption,
    AsOfColumnOption,
    AsOfOption,
    JsonOption,
    LevelsOption,
    LibraryOption,
    MappingOption,
    ThreadsOption,
    app,
    chosen_levels,
    complete_instrument,
    failures,
    loaded,
    print_json,
)
from appraise._commands.rescoring import Target
from appraise._commands.scoring import chosen
from appraise._io import Source, database_location, file_digest, is_database, open_source
from appraise._nearest import nearest
from appraise._proof.audit import CODES, Audit, Finding
from appraise._proof.auditing import as_table, audit_store, audit_table, definition_findings, norms_in
from appraise._proof.store import ResultsStore, open_store
from appraise._report import console, print_table
from appraise._runs import Prepared, Request, prepare, read_manifest
from appraise._runs.manifest import facts
from appraise._runs.storing import plans_of

HEADS = ("code", "row", "key", "column", "stored", "recomputed")
CHUNK = 1000


@app.command()
def audit(
    stored: Annotated[
        str,
        typer.Argument(
            metavar="STORED", help="The stored results: a file, folder or table; or a database with a results store."
        ),
    ],
    instrument: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INSTRUMENT",
            help="Id, ID@EDITION or path; may be repeated. Default: those of the manifest.",
            autocompletion=complete_instrument,
        ),
    ] = None,
    caseload: Annotated[
        str | None, typer.Option(metavar="CASELOAD", help="What was scored. Default: that of the manifest.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The manifest of the run; default: STORED.manifest.json.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="A column that names an assessment; default: the first that both have."),
    ] = None,
    by_row: Annotated[bool, typer.Option("--by-row", help="Rows are known by their order; there is no key.")] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="The caseload is all that a results store may hold of the instruments.")
    ] = False,
    mapping: MappingOption = None,
    as_of: AsOfOption = None,
    as_of_column: AsOfColumnOption = None,
    levels: LevelsOption = None,
    tolerance: Annotated[float, typer.Option(min=0.0, help="How far real numbers may lie apart.")] = 0.0,
    findings: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write every finding: a .csv or .parquet file.")
    ] = None,
    most: Annotated[int, typer.Option(min=0, help="How many findings to print.")] = 20,
    library: LibraryOption = None,
    accept_unverified: AcceptOption = False,
    threads: ThreadsOption = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing; the exit code tells.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Recompute stored scores and levels from the caseload, and list everything that does not agree.

    With the manifest of the run nothing else need be said, and inputs, definitions and output are held against the
    digests in it. Without one, name --instrument and --caseload. Exit code 1 if there are findings.
    """
    with failures(), ExitStack() as stack:
        kept = _stored(stored)
        stack.callback(kept.database.close if isinstance(kept, ResultsStore) else kept.close)
        told = _manifest(manifest, stored) if not instrument else None
        if told is None:
            if not instrument or not caseload:
                raise ap.UsageError("there is no manifest beside the results; name --instrument and --caseload")
            request = Request(
                chosen(instrument, None),
                caseload,
                stored,
                library=str(library) if library else None,
                mapping=str(mapping) if mapping else None,
                as_of=as_of,
                as_of_column=as_of_column,
                levels=chosen_levels(levels),
                accept_unverified=accept_unverified,
            )
        else:
            request = _request(told, stored, caseload)
        prepared, keys = _prepared(request, kept, key, by_row)
        stack.callback(prepared.source.close)
        if isinstance(kept, ResultsStore):
            result, found = audit_store(
                prepared, kept, keys[0], complete=complete, tolerance=tolerance, threads=threads
            )
        else:
            result, found = audit_table(prepared, kept, keys, tolerance=tolerance, threads=threads)
        about = map(result.note, [*_about_definitions(prepared, kept), *_about_manifest(told, prepared, stored)])
        first = list(_told(chain(about, found), findings, most))
        if as_json:
            print_json(_document(result, prepared, kept, keys, first))
        elif not quiet:
            _print(result, prepared, kept, keys, first, findings)
    if result.findings:
        raise typer.Exit(FINDINGS)


def _stored(location: str) -> Source | ResultsStore:
    """A table of results, or a results store where a database is named without a table."""
    if not is_database(location) or database_location(location).table:
        return open_source(location)
    return open_store(location, create=False)


def _manifest(given: Path | None, stored: str) -> dict[str, Any] | None:
    beside = given or (None if is_database(stored) else Path(f"{stored}.manifest.json"))
    return read_manifest(beside) if beside and (given or beside.exists()) else None


def _request(manifest: Mapping[str, Any], stored: str, caseload: str | None) -> Request:
    """The run that the manifest tells of."""
    return Request.from_options(
        manifest["options"],
        source=caseload or manifest["input"]["location"],
        output=stored,
        **{name: manifest[name] and manifest[name]["location"] for name in ("library", "mapping")},
    )


def _prepared(
    request: Request, kept: Source | ResultsStore, key: Sequence[str] | None, by_row: bool
) -> tuple[Prepared, list[str]]:
    """What to recompute, and the columns that name a row."""
    if isinstance(kept, ResultsStore):
        if by_row or len(key or ()) > 1:
            raise ap.UsageError("a results store knows rows by one column with the key of the person")
        prepared = prepare(replace(request, keep=[*request.keep, *(key or ())]))
        return prepared, [(key or [prepared.key])[0] or prepared.kept[0]]
    columns = kept.columns
    library = Path(request.library) if request.library else None
    instruments = [loaded(each.name, each.edition, library) for each in request.instruments]
    request = replace(
        request,
        contributions=any("_from_" in name for name in columns),
        norms=[name for each in instruments for name in norms_in(each, columns)],
    )
    keys = _keys(prepare(request), kept, key, by_row)
    prepared = prepare(replace(request, keep=[*request.keep, *keys]))
    wanted = [
        prefix + name for plan, prefix in zip(prepared.plans, prepared.prefixes, strict=True) for name in plan.scales
    ]
    if not {each for name in wanted for each in (name, f"{name}_status")}.intersection(columns):
        raise ap.UsageError(f"{kept.name} has none of the results '{wanted[-1]}' ...; it has: {', '.join(columns)}")
    return prepared, keys


def _keys(prepared: Prepared, kept: Source, key: Sequence[str] | None, by_row: bool) -> list[str]:
    source = prepared.source
    if by_row:
        if key:
            raise ap.UsageError("--by-row and --key exclude each other")
        return []
    for name in key or ():
        for side in (source, kept):
            if name not in side.columns:
                raise ap.UsageError(f"{side.name} has no column '{name}'{nearest(name, side.columns)}")
    common = [name for name in [prepared.key, *source.columns] if name and name in kept.columns]
    if not key and not common:
        raise ap.UsageError(f"{source.name} and {kept.name} have no column in common; rows are known --by-row then")
    return list(key or common[:1])


def _about_definitions(prepared: Prepared, kept: Source | ResultsStore) -> Iterator[Finding]:
    metadata = _metadata(kept)
    for plan, prefix in zip(plans_of(prepared), prepared.prefixes, strict=True):
        own = {name.removeprefix(prefix): text for name, text in metadata.items() if name.startswith(prefix)}
        yield from definition_findings(plan, own)


def _metadata(kept: Source | ResultsStore) -> dict[str, str]:
    """What the stored results say of themselves: in Parquet and Arrow files."""
    if isinstance(kept, ResultsStore):
        return {}
    batch = next(kept.batches(kept.columns[:1]))
    given = batch.table.schema.metadata or {}
    return {name.decode(): text.decode(errors="replace") for name, text in given.items()}


def _about_manifest(manifest: Mapping[str, Any] | None, prepared: Prepared, stored: str) -> Iterator[Finding]:
    """Inputs, definitions and output that are not those of the manifest."""
    if manifest is None:
        return
    now = facts(prepared)
    yield from _differing("inputs.changed", "input", manifest["input"], now["input"])
    yield from _differing("inputs.changed", "mapping", manifest["mapping"], now["mapping"])
    for before, after in zip(manifest["instruments"], now["instruments"], strict=True):
        for part in sorted(set(before["parts"]) | set(after["parts"])):
            digests = [each["parts"].get(part, {}).get("sha256", "") for each in (before, after)]
            if digests[0] != digests[1]:
                yield Finding("definition.changed", None, "", f"{before['id']}: {part}", *digests)
    if not is_database(stored) and Path(stored).is_file():
        yield from _differing("output.changed", "output", manifest["output"], file_digest(Path(stored)))


def _differing(
    code: str, name: str, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None
) -> Iterator[Finding]:
    digests = [str((each or {}).get("sha256", "")) for each in (before, now)]
    if digests[0] != digests[1]:
        yield Finding(code, None, "", name, *digests)


def _told(everything: Iterable[Finding], place: str | None, most: int) -> Iterator[Finding]:
    """The first findings, while all of them are written down and counted."""
    with ExitStack() as stack:
        sink = stack.enter_context(Target(place)) if place else None
        rest, given = iter(everything), 0
        while chunk := list(islice(rest, CHUNK)):
            if sink:
                sink.write(as_table(chunk))
            yield from chunk[: max(0, most - given)]
            given += len(chunk)
        if sink:
            if not given:
                sink.write(as_table([]))
            sink.commit()


def _name(kept: Source | ResultsStore) -> str:
    return kept.database.name if isinstance(kept, ResultsStore) else kept.name


def _document(
    result: Audit, prepared: Prepared, kept: Source | ResultsStore, keys: Sequence[str], first: Sequence[Finding]
) -> dict[str, object]:
    return {
        "stored": _name(kept),
        "caseload": prepared.source.name,
        "instruments": [plan.name for plan in plans_of(prepared)],
        "keys": list(keys),
        "rows": result.rows,
        "cells": result.cells,
        "columns": result.columns,
        "others": result.others,
        "findings": result.findings,
        "codes": dict(sorted(result.counts.items())),
        "listed": [{name: getattr(each, name) for name in (*HEADS, "message")} for each in first],
    }


def _print(
    result: Audit,
    prepared: Prepared,
    kept: Source | ResultsStore,
    keys: Sequence[str],
    first: Sequence[Finding],
    place: str | None,
) -> None:
    out = console()
    by = f"by {', '.join(keys)}" if keys else "by their order"
    names = ", ".join(plan.name for plan in plans_of(prepared))
    out.print(
        f"{_name(kept)}: {result.rows:,} rows, {result.cells:,} cells recomputed with {names}; rows are known {by}",
        markup=False,
    )
    if result.others:
        out.print(
            f"{result.others:,} stored results are of assessments that the caseload does not hold; see --complete"
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
            each.stored or each.note or "-",
            each.recomputed or "-",
        )
        for each in first
    ]
    print_table(out, HEADS, rows, f"The first {len(rows)}" if len(rows) < result.findings else "All of them", {1})
    if len(rows) < result.findings:
        out.print(f"All of them: {place}" if place else "Write all of them with --findings FILE.", markup=False)
