"""An audit from end to end: reads the caseload and the stored results, recomputes, and gives the findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import pyarrow as pa

from appraise import _core
from appraise._io import Source
from appraise._proof.align import KEY, with_key
from appraise._proof.audit import Audit, Finding
from appraise._proof.recomputed import STORE_KEYS, override_findings, store_audit, stored_of, table_audit
from appraise._proof.rescoring import Plan
from appraise._proof.store import ResultsStore
from appraise._proof.stored import stored_rows
from appraise._runs.counts import Counts
from appraise._runs.request import Prepared
from appraise._runs.scorer import Scorer
from appraise._runs.storing import plans_of, scored_rows

FIGURES = ("rate", "rate_low", "rate_high", "percentile", "risk_ratio")


def norms_in(instrument: _core.Instrument, columns: Sequence[str]) -> list[str]:
    """The norm sets that a table of results has columns of, whatever stands before their names."""
    names = {norms.id: tuple(f"{norms.scale}_{norms.id}_{each}" for each in FIGURES) for norms in instrument.norms}
    return [name for name, made in names.items() if any(column.endswith(made) for column in columns)]


def definition_findings(plan: Plan, metadata: dict[str, str]) -> Iterator[Finding]:
    """What is not in order about a definition: other digests than the results name, a later edition, old levels.

    Parameters
    ----------
    metadata : dict
        What the stored results say of themselves, where they do.
    """
    instrument = plan.plan.instrument
    expected = {"instrument": instrument.id, "edition": instrument.edition}
    expected |= {f"{part.name}.sha256": part.digest for part in instrument.parts}
    for name, said in metadata.items():
        if (name in expected or name.endswith(".sha256")) and said != expected.get(name):
            yield Finding("definition.changed", None, "", name.removesuffix(".sha256"), said, expected.get(name, ""))
    editions = [each.edition for each in _core.Library().editions if each.id == instrument.id]
    if instrument.edition in editions and instrument.edition != editions[-1]:
        yield Finding("definition.stale", None, "", "edition", instrument.edition, editions[-1])
    for scale in instrument.scales:
        for scheme in instrument.levels:
            if scheme.name == plan.levels.get(scale.code, scale.levels) and scheme.status == "superseded":
                yield Finding("levels.superseded", None, "", f"{scale.code}_level", f"{scheme.name} ({scheme.edition})")


def audit_table(
    prepared: Prepared, stored: Source, keys: Sequence[str], *, tolerance: float, threads: int
) -> tuple[Audit, Iterator[Finding]]:
    """Audits a table of results.

    Parameters
    ----------
    prepared : Prepared
        What the table was made from and with.
    stored : Source
        The table.
    keys : sequence of str
        Columns of both that name an assessment; without them rows are known by their order.

    Returns
    -------
    tuple
        The audit, whose counts grow while the findings are taken, and the findings.
    """
    plans = plans_of(prepared)
    audit = table_audit(list(zip(plans, prepared.prefixes, strict=True)), stored.columns, tolerance)
    unreadable: list[Finding] = []

    def recomputed() -> Iterator[pa.Table]:
        scorer, counts, start = Scorer(prepared, numbered=False, threads=threads), Counts(), 1
        for batch in prepared.source.batches(prepared.columns):
            table = scorer.score(batch, counts).table
            yield with_key(table, keys, start)
            start += len(table)

    def kept() -> Iterator[pa.Table]:
        start = 1
        for batch in stored.batches(stored.columns):
            unreadable.extend(
                Finding("row.unreadable", bad.row, note=f"{bad.code}: {bad.message}") for bad in batch.bad
            )
            yield with_key(pa.Table.from_batches([batch.table]), keys, start)
            start += len(batch)

    def keys_again() -> Iterator[pa.ChunkedArray]:
        start = 1
        for batch in prepared.source.batches(prepared.columns):
            table = pa.Table.from_batches([batch.table])
            yield with_key(table, keys, start)[KEY]
            start += len(table)

    def findings() -> Iterator[Finding]:
        for first, second in zip_longest(recomputed(), kept()):
            while unreadable:
                yield audit.note(unreadable.pop(0))
            yield from audit.add(first, second)
        yield from audit.end(keys_again)

    return audit, findings()


def audit_store(
    prepared: Prepared, store: ResultsStore, person: str, *, complete: bool, tolerance: float, threads: int
) -> tuple[Audit, Iterator[Finding]]:
    """Audits what a results store holds of the instruments.

    Parameters
    ----------
    person : str
        The column with the key of the person.
    complete : bool
        Whether the caseload is all that was ever stored. Otherwise the store may hold other assessments.
    """
    plans = plans_of(prepared)
    audit = store_audit(plans, tolerance)

    def recomputed() -> Iterator[pa.Table]:
        scorer, counts, start = Scorer(prepared, numbered=False, threads=threads), Counts(), 1
        for batch in prepared.source.batches(prepared.columns):
            rows = scored_rows(prepared, batch.table, scorer.score(batch, counts), person, "")
            yield pa.concat_tables([with_key(table, STORE_KEYS, start) for each in rows for table in stored_rows(each)])
            start += len(batch)

    def kept() -> Iterator[pa.Table]:
        start = 1
        for plan in plans:
            for table in stored_of(store, plan.plan.instrument):
                yield with_key(table, STORE_KEYS, start)
                start += len(table)

    def findings() -> Iterator[Finding]:
        for trigger in store.unprotected():
            yield audit.note(Finding("store.unprotected", column=trigger))
        for plan in plans:
            yield from map(audit.note, override_findings(store, plan))
        for first, second in zip_longest(recomputed(), kept()):
            yield from audit.add(first, second)
        yield from audit.end(lambda: (table[KEY] for table in recomputed()), others_are_findings=complete)

    return audit, findings()


def as_table(findings: Sequence[Finding]) -> pa.Table:
    """Findings as a table."""
    names = ("code", "row", "key", "column", "stored", "recomputed", "message")
    kinds = {"row": pa.int64()}
    return pa.table(
        {name: pa.array([getattr(each, name) for each in findings], kinds.get(name, pa.string())) for name in names}
    )
