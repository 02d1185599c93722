"""Commands that score: score, replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise._commands._shared import (
    FINDINGS,
    AcceptOption,
    AsOfColumnOption,
    AsOfOption,
    DelimiterOption,
    EditionOption,
    EncodingOption,
    JsonOption,
    LevelsOption,
    LibraryOption,
    MappingOption,
    NormsOption,
    QueryOption,
    QuietOption,
    ThreadsOption,
    app,
    chosen_levels,
    complete_instrument,
    failures,
    is_path,
    print_json,
)
from appraise._report import RowProgress, console, print_counts
from appraise._runs import SEGMENT_ROWS, Chosen, Outcome, Request, replay, run

NOT_STORED = {
    "ambiguous": "nothing tells the assessment from another one of the same person",
    "nameless": "the row has no key",
}


@app.command()
def score(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="INSTRUMENT... CASELOAD",
            help="Instruments: id, ID@EDITION or path. Last, the caseload: a file, a folder of files, "
            "sqlite:PATH#TABLE or postgresql://HOST/DATABASE#TABLE.",
            show_default=False,
            autocompletion=complete_instrument,
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="A file (.parquet, .csv, .csv.gz, .arrow), or a table of a database.")
    ],
    edition: EditionOption = None,
    library: LibraryOption = None,
    accept_unverified: AcceptOption = False,
    norms: NormsOption = None,
    levels: LevelsOption = None,
    mapping: MappingOption = None,
    as_of: AsOfOption = None,
    as_of_column: AsOfColumnOption = None,
    key: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column that names each row; repeated keys are told.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="A column of the caseload to keep; may be repeated. Default: the first."),
    ] = None,
    keep_all: Annotated[bool, typer.Option("--keep-all", help="Keep every column of the caseload.")] = False,
    query: QueryOption = None,
    delimiter: DelimiterOption = None,
    encoding: EncodingOption = "utf-8",
    contributions: Annotated[bool, typer.Option("--contributions", help="Add what each term added.")] = False,
    bounds: Annotated[bool, typer.Option("--bounds/--no-bounds", help="Lowest and highest possible value.")] = True,
    distance: Annotated[bool, typer.Option("--distance/--no-distance", help="Distance to the nearest cut.")] = True,
    reasons: Annotated[bool, typer.Option("--reasons/--no-reasons", help="Reasons and cautions.")] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an unfinished run to this output, if there is one.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a table that is there already.")] = False,
    quarantine: Annotated[
        Path | None,
        typer.Option(help="Where rows are told in which something is wrong; default: OUTPUT.quarantine.csv."),
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="Where the run is told of; default: OUTPUT.manifest.json.")
    ] = None,
    checkpoint_rows: Annotated[int, typer.Option(min=1, help="Rows after which a run can be resumed.")] = SEGMENT_ROWS,
    store: Annotated[
        str | None,
        typer.Option(metavar="DATABASE", help="Append the results to the results store of a database too."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 if a row is in the quarantine.")] = False,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also tell digests and what was read.")] = False,
) -> None:
    """Score a caseload, by one instrument or several. Every row that can be read is in the output, in order.

    A row without a score has a status and reasons. Rows in which something is wrong are told in the quarantine, with a
    code; what was read, used and written in the manifest. The output appears when it is whole. A run that was killed
    is gone on with by the same command and --resume.
    """
    with failures():
        request = Request(
            instruments=chosen(names[:-1], edition),
            source=names[-1],
            output=output,
            library=None if library is None else str(library),
            query=query,
            delimiter=delimiter,
            encoding=encoding,
            mapping=None if mapping is None else str(mapping),
            key=key,
            keep=keep or [],
            keep_all=keep_all,
            as_of=as_of,
            as_of_column=as_of_column,
            accept_unverified=accept_unverified,
            norms=norms or [],
            levels=chosen_levels(levels),
            contributions=contributions,
            bounds=bounds,
            distance=distance,
            reasons=reasons,
            segment_rows=checkpoint_rows,
            quarantine="" if quarantine is None else str(quarantine),
            manifest="" if manifest is None else str(manifest),
            replace=replace,
            store=store,
        )
        with RowProgress(quiet=quiet or as_json) as progress:
            outcome = run(request, resume=resume, threads=threads, progress=progress)
    if as_json:
        print_json(outcome.manifest)
    elif not quiet:
        tell(request, outcome, progress, resume=resume, verbose=verbose)
    if strict and outcome.manifest["quarantine"]["codes"]:
        raise typer.Exit(FINDINGS)


def chosen(names: list[str], edition: str | None) -> list[Chosen]:
    """The instruments by their names."""
    if not names:
        raise ap.UsageError("name an instrument and a caseload: appraise score INSTRUMENT CASELOAD -o OUTPUT")
    instruments = []
    for name in names:
        id, at, own = name.partition("@")
        if edition and (at or len(names) > 1):
            raise ap.UsageError("with several instruments an edition is named as ID@EDITION")
        instruments.append(Chosen(name, edition) if is_path(name) or not at else Chosen(id, own))
    return instruments


def tell(request: Request, outcome: Outcome, progress: RowProgress, *, resume: bool, verbose: bool) -> None:
    """The summary of a run."""
    out, manifest = console(), outcome.manifest
    if resume:
        done = outcome.resumed_at
        out.print(f"Resumed behind row {done:,}" if done else "There was no unfinished run; all rows were scored")
    names = ", ".join(
        f"{each['id']} {each['edition']}; evidence: {each['evidence']}" for each in manifest["instruments"]
    )
    out.print(f"{manifest['output']['location']}: {progress.done()}; {names}", markup=False)
    if outcome.absent:
        out.print(f"Not in the caseload, so missing in every row: {', '.join(outcome.absent)}", markup=False)
    if unreadable := manifest["rows"]["unreadable"]:
        out.print(f"Rows that could not be read, and are only in the quarantine: {unreadable:,}", markup=False)
    if codes := manifest["quarantine"]["codes"]:
        told = ", ".join(f"{code} {count:,}" for code, count in codes.items())
        out.print(f"{request.quarantine_path}: {told}", markup=False)
    if stored := manifest.get("store"):
        out.print(f"{stored['location']}: {stored['rows']:,} results added to the store", markup=False)
        for name, why in NOT_STORED.items():
            if stored[name]:
                out.print(f"{stored[name]:,} results are not stored: {why}", markup=False)
    if verbose:
        out.print(f"Manifest: {request.manifest_path}", markup=False)
        out.print_json(json.dumps({name: manifest[name] for name in ("engine", "input", "instruments", "output")}))
    print_counts(out, manifest["statuses"], manifest["levels"])


@app.command("replay")
def replay_command(
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="The manifest of a run.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="Where to write the result; default: nowhere.")
    ] = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Repeat a run from its manifest: is everything as it was, and does the same come out, byte for byte?"""
    with failures(), RowProgress(quiet=quiet or as_json) as progress:
        replayed = replay(manifest, output, threads=threads, progress=progress)
    if as_json:
        print_json({"same": replayed.same, "given": replayed.given, "results": replayed.results})
    elif not quiet:
        for line in replayed.given:
            typer.echo(f"not as it was: {line}")
        for line in replayed.results:
            typer.echo(f"came out otherwise: {line}")
        typer.echo("the same" if replayed.same else "not the same")
    if not replayed.same:
        raise typer.Exit(FINDINGS)
