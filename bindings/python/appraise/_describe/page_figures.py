"""Levels, tables and norms on the reference page of an instrument."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from appraise import _core
from appraise._describe import codebook, words
from appraise._describe.citations import Citations
from appraise._display import interval, number
from appraise._document import Table, cell, escaped, pipe_table

GUIDE = "../writing-an-instrument.md"
FEWEST_POINTS = 3
"""A norm set with fewer rates is a table, not a picture."""


def plain(given: Table) -> str:
    """A table of plain text."""
    return pipe_table(map(cell, given.heads), (map(cell, row) for row in given.rows), given.numbers)


def figure_name(instrument: _core.Instrument, norms: _core.Norms) -> str:
    """The name of the picture of a norm set."""
    return f"{instrument.id}-{norms.id}.svg"


def has_figure(norms: _core.Norms) -> bool:
    """Whether a norm set has rates enough for a picture."""
    return sum(row.rate is not None for row in norms.rows) >= FEWEST_POINTS


def levels(of: _core.Instrument, citations: Citations) -> Iterator[str]:
    """The level schemes, each with its cuts and sources."""
    if of.no_levels:
        yield f"There are none: {escaped(of.no_levels.rstrip('.'))}."
    used = {scale.levels for scale in of.scales}
    for scheme in of.levels:
        standard = any(band.standard for band in scheme.bands)
        rows = [
            (interval(band.interval), f"`{band.code}`", cell(band.label), *([band.standard] if standard else []))
            for band in scheme.bands
        ]
        heads = (f"`{scheme.of}`", "level", "meaning", *(["standard level"] if standard else []))
        use = "the scale's own scheme" if scheme.name in used else "only where it is chosen by name"
        yield f'<a id="levels-{scheme.name}"></a>\n\n### Levels of `{scheme.of}`: `{scheme.name}`'
        yield f"Edition {escaped(scheme.edition)}, {scheme.status}; {use}."
        yield pipe_table(heads, rows)
        yield f"Evidence: {citations.evidence(scheme.evidence)}"


def _table_reads(of: _core.Instrument, name: str) -> Iterator[str]:
    for scale in of.scales:
        match scale.calculation:
            case _core.Lookup(of=[rows], table=table) if table == name:
                yield f"[`{scale.code}`](#scale-{scale.code}) reads it by {escaped(words.reference(rows))}."
            case _core.Lookup(of=[rows, columns], table=table) if table == name:
                yield (
                    f"[`{scale.code}`](#scale-{scale.code}) reads it: rows are {escaped(words.reference(rows))}, "
                    f"columns {escaped(words.reference(columns))}."
                )


def tables(of: _core.Instrument, citations: Citations) -> Iterator[str]:
    """The look-up tables, each with what reads it and its sources."""
    for each in of.tables:
        yield f'<a id="table-{each.name}"></a>\n\n### `{each.name}`, edition {escaped(each.edition)}'
        yield from _table_reads(of, each.name)
        yield plain(codebook.matrix(each))
        yield f"Evidence: {citations.evidence(each.evidence)}"
        if each.evidence.mark == "structure_only":
            yield (
                "An agency that has the figures under licence supplies them: "
                f"[how]({GUIDE}#figures-that-are-not-public)."
            )


def norms(of: _core.Instrument, citations: Citations) -> Iterator[str]:
    """The norm sets, each with its picture, sample, figures and sources."""
    if not of.norms:
        return
    yield (
        "A rate belongs to its sample, outcome and follow-up: it says what happened to a group, "
        "not what a person will do."
    )
    for each in of.norms:
        yield f'<a id="norms-{each.id}"></a>\n\n### {escaped(each.title)} (`{each.id}`)'
        doubt = " **⚠ Unverified figures:** not confirmed in a public source."
        about = escaped(_sample(each)) + (doubt if each.evidence.mark == "unverified" else "")
        if has_figure(each):
            title = escaped(each.title)
            yield f"![Rates by score: {title}. The table holds the figures.](figures/{figure_name(of, each)})"
        yield about
        if each.logistic:
            yield escaped(codebook.curve_words(each.logistic))
        if each.rows:
            yield _figures(each, citations)
        yield f"Evidence: {citations.evidence(each.evidence, each.id)}"


def _sample(norms: _core.Norms) -> str:
    people = "n not stated" if norms.n is None else f"n = {norms.n:,}"
    samples = f" in {norms.samples} samples" if norms.samples else ""
    years = "" if norms.follow_up_years is None else f", {number(norms.follow_up_years)} years of follow-up"
    country = f", {norms.country}" if norms.country else ""
    return (
        f"Scale {norms.scale}. Sample: {norms.sample}{country}, {people}{samples}. "
        f"Outcome: {norms.outcome}{years}. Edition {norms.edition}."
    )


def _figures(norms: _core.Norms, citations: Citations) -> str:
    """The figures; neighbouring scores with the same ones share a line."""
    printed = codebook.norms_table(norms)
    links = [
        citations.short(row.evidence, norms.id)
        if row.evidence.note == norms.evidence.note
        else citations.evidence(row.evidence, norms.id)
        for row in norms.rows
    ]
    rows: list[tuple[str, list[str]]] = []
    for (_, row), group in groupby(
        enumerate(zip(printed.rows, links, strict=True)),
        key=lambda each: (each[0] - norms.rows[each[0]].score, (*each[1][0][1:-1], each[1][1])),
    ):
        scores = [norms.rows[at].score for at, _ in group]
        span = number(scores[0]) + (f" to {number(scores[-1])}" if len(scores) > 1 else "")
        rows.append((span, list(row)))
    heads = (*printed.heads[:-1], "evidence")
    return pipe_table(heads, ([span, *cells] for span, cells in rows), printed.numbers)
