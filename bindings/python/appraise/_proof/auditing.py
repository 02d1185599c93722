"""An audit from end to end: reads the caseload and the stored results, recomputes, and gives the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import pyarrow as pa

import appraise as ap
from appraise import _core
from appraise._io import Source
from appraise._proof.align import KEY, with_key
from appraise._proof.audit import Audit, Finding
from appraise._proof.recomputed import STORE_KEYS, override_findings, store_audit, stored_of, table_audit
from appraise._proof.rescoring import Plan
from appraise._proof.store import ResultsStore
from appraise._proof.stored import ScoredRows, stored_rows


@dataclass(frozen=True)
class Caseload:
    """What is scored again, and which of its columns name a row.

    Attributes
    ----------
    source : Source
    columns : sequence of str
        The columns to read.
    keys : sequence of str
        Columns that name an assessment; without them rows are known by their number.
    person, assessed_on, rater : str
        Columns, for a results store; empty where there is none.
    """

    source: Source
    columns: Sequence[str]
    keys: Sequence[str] = ()
    person: str = ""
    assessed_on: str = ""
    rater: str = ""

    def tables(self) -> Iterator[pa.Table]:
        """The rows that can be read."""
        for batch in self.source.batches(self.columns):
            yield pa.Table.from_batches([batch.table])


def norms_in(instrument: _core.Instrument, columns: Sequence[str]) -> list[str]:
    """The norm sets that a table of results has columns of."""
    figures = ("rate", "rate_low", "rate_high", "percentile", "risk_ratio")
    names = {norms.id: {f"{norms.scale}_{norms.id}_{figure}" for figure in figures} for norms in instrument.norms}
    return [name for name, made in names.items() if made.intersection(columns)]


def definition_findings(plan: Plan, metadata: dict[str, str]) -> Iterator[Finding]:
    """What is not in order about the definition: other digests than the results name, a later edition, old levels.

    Parameters
    ----------
    metadata : dict
        What the stored results say of themselves, where they do.
    """
    instrument = plan.plan.instrument
    for name in ("instrument", "edition"):
        said = metadata.get(name)
        if said and said != getattr(instrument, name if name == "edition" else "id"):
            yield Finding(
                "definition.changed",
                column=name,
                stored=said,
                recomputed=getattr(instrument, name if name == "edition" else "id"),
            )
    digests = {part.name: part.digest for part in instrument.parts}
    for name, said in metadata.items():
        part = name.removesuffix(".sha256")
        if part != name and digests.get(part) != said:
            yield Finding("definition.changed", column=part, stored=said, recomputed=digests.get(part, ""))
    editions = [edition for built_in, edition in _core.built_in_instruments() if built_in == instrument.id]
    if instrument.edition in editions and instrument.edition != editions[-1]:
        yield Finding("definition.stale", column="edition", stored=instrument.edition, recomputed=editions[-1])
    for scale in instrument.scales:
        for scheme in instrument.levels:
            if scheme.name == plan.levels.get(scale.code, scale.levels) and scheme.status == "superseded":
                yield Finding(
                    "levels.superseded", column=f"{scale.code}_level", stored=f"{scheme.name} ({scheme.edition})"
                )


def _scored(plan: Plan, table: pa.Table, *, contributions: bool, threads: int) -> pa.Table:
    return ap.score(plan.plan, table, contributions=contributions, threads=threads).to_pyarrow()


def audit_table(
    plan: Plan, caseload: Caseload, stored: Source, *, tolerance: float, threads: int
) -> tuple[Audit, Iterator[Finding]]:
    """Audits a table of results."""
    audit = table_audit(plan, stored.columns, tolerance)
    contributions = any("_from_" in name for name in stored.columns)

    def recomputed() -> Iterator[pa.Table]:
        start = 1
        for table in caseload.tables():
            scores = _scored(plan, table, contributions=contributions, threads=threads)
            clash = [name for name in caseload.keys if name in scores.column_names]
            if clash:
                raise _core.UsageError(f"the column '{clash[0]}' has the name of a result; name another with --key")
            for name in caseload.keys:
                scores = scores.append_column(name, table[name])
            yield with_key(scores, caseload.keys, start)
            start += len(table)

    def kept() -> Iterator[pa.Table]:
        start = 1
        for batch in stored.batches(stored.columns):
            unreadable.extend(
                Finding("row.unreadable", bad.row, note=f"{bad.code}: {bad.message}") for bad in batch.bad
            )
            yield with_key(pa.Table.from_batches([batch.table]), caseload.keys, start)
            start += len(batch)

    def keys_again() -> Iterator[pa.ChunkedArray]:
        start = 1
        for table in caseload.tables():
            yield with_key(table, caseload.keys, start)[KEY]
            start += len(table)

    unreadable: list[Finding] = []

    def findings() -> Iterator[Finding]:
        for first, second in zip_longest(recomputed(), kept()):
            while unreadable:
                yield audit.note(unreadable.pop(0))
            yield from audit.add(first, second)
        yield from audit.end(keys_again)

    return audit, findings()


def audit_store(
    plan: Plan, caseload: Caseload, store: ResultsStore, *, tolerance: float, threads: int
) -> tuple[Audit, Iterator[Finding]]:
    """Audits what a results store holds of the plan's edition."""
    audit = store_audit(plan, tolerance)

    def recomputed() -> Iterator[pa.Table]:
        start = 1
        for table in caseload.tables():
            scores = _scored(plan, table, contributions=False, threads=threads)
            batch = ScoredRows(
                plan,
                scores,
                table,
                table[caseload.person],
                table[caseload.assessed_on] if caseload.assessed_on else None,
                table[caseload.rater] if caseload.rater else None,
            )
            yield pa.concat_tables([with_key(rows, STORE_KEYS, start) for rows in stored_rows(batch)])
            start += len(table)

    def kept() -> Iterator[pa.Table]:
        start = 1
        for table in stored_of(store, plan.plan.instrument):
            yield with_key(table, STORE_KEYS, start)
            start += len(table)

    def findings() -> Iterator[Finding]:
        yield from map(audit.note, override_findings(store, plan))
        for first, second in zip_longest(recomputed(), kept()):
            yield from audit.add(first, second)
        yield from audit.end(lambda: (table[KEY] for table in recomputed()))

    return audit, findings()


def summary(audit: Audit, plan: Plan, names: Iterable[str]) -> dict[str, object]:
    """What was audited and found, as plain data."""
    return {
        "instrument": plan.plan.instrument.id,
        "edition": plan.plan.instrument.edition,
        "rows": audit.rows,
        "cells": audit.cells,
        "columns": audit.columns,
        "keys": list(names),
        "findings": audit.findings,
        "codes": dict(sorted(audit.counts.items())),
    }


def as_table(findings: Sequence[Finding]) -> pa.Table:
    """Findings as a table."""
    names = ("code", "row", "key", "column", "stored", "recomputed", "message")
    kinds = {"row": pa.int64()}
    return pa.table(
        {name: pa.array([getattr(each, name) for each in findings], kinds.get(name, pa.string())) for name in names}
    )
