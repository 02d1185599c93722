"""Commands that write about definitions: describe, new."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import appraise as ap
from appraise import _document
from appraise._commands._shared import (
    EditionOption,
    InstrumentArgument,
    JsonOption,
    LibraryOption,
    app,
    failures,
    loaded,
)
from appraise._describe import codebook, dictionary, scaffold, sheet


class Form(StrEnum):
    """How a codebook is written."""

    markdown = "markdown"
    html = "html"
    csv = "csv"
    json = "json"


ENDINGS = {".md": Form.markdown, ".html": Form.html, ".htm": Form.html, ".csv": Form.csv, ".json": Form.json}


@app.command()
def describe(
    instrument: InstrumentArgument,
    edition: EditionOption = None,
    library: LibraryOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .md, .html, .csv or .json file; default: standard output.")
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", "-f", help="Default: by the ending of the output, else Markdown.")
    ] = None,
    score_sheet: Annotated[
        bool, typer.Option("--sheet", help="A score sheet to print (HTML, A4) in place of the codebook.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the codebook of an instrument, or its score sheet.

    The codebook says in words and tables all that the definition holds: rules of use, items, scales, levels, norms,
    sources, evidence. As CSV it is one flat table for statistics programs. INSTRUMENT may be a folder of your own.
    """
    with failures():
        chosen = _form(output, Form.json if as_json else form, score_sheet)
        read = loaded(instrument, edition, library)
        if score_sheet:
            text = sheet.score_sheet(read)
        elif chosen is Form.csv:
            text = dictionary.to_csv(read)
        else:
            text = _written(codebook.codebook(read), chosen)
        if output is None:
            typer.echo(text, nl=False)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise ap.UsageError(f"cannot write {output}: {problem.strerror}") from None


def _form(output: Path | None, form: Form | None, score_sheet: bool) -> Form:
    by_name = ENDINGS.get(output.suffix.lower()) if output else None
    if output is not None and form is None and by_name is None:
        raise ap.UsageError(f"{output}: the name ends in {', '.join(ENDINGS)}, or --format says what to write")
    if score_sheet and (form or by_name or Form.html) is not Form.html:
        raise ap.UsageError("a score sheet is written as HTML")
    return form or by_name or Form.markdown


def _written(document: _document.Document, form: Form) -> str:
    if form is Form.html:
        return _document.to_html(document)
    if form is Form.json:
        return json.dumps(_document.to_data(document), ensure_ascii=False, indent=2) + "\n"
    return _document.to_markdown(document)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id: lower-case letters, digits and hyphens.")],
    edition: Annotated[str, typer.Option(help="Edition, as published.")] = "1",
    title: Annotated[str | None, typer.Option(help="Title, as published; default: the id.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the folder of the instrument goes.")] = Path("instruments"),
) -> None:
    """Start a definition: a small instrument with cases that checks and verifies, to be replaced piece by piece."""
    with failures():
        try:
            files = scaffold.scaffold(folder, name, edition, title or name)
        except OSError as problem:
            raise ap.UsageError(f"cannot write to {folder}: {problem.strerror}") from None
    place = files[0].parent
    for file in files:
        typer.echo(f"written: {file}")
    typer.echo(
        f"""
What to do next:
  1. Replace the example items, scale and levels in {files[0].name} by those of the publication.
  2. Say in SOURCE.md where each figure was seen; keep the mark unverified until you have seen it.
  3. Replace the cases by published worked examples, with their page.
  4. appraise check {place}
     appraise verify {place}
     appraise describe {place} -o codebook.html
  5. appraise score {place} CASELOAD -o OUT --accept-unverified
The format: docs/definition-format.md; every fault by its code: docs/diagnostics.md"""
    )
