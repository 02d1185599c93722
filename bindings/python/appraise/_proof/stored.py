"""Scored rows as rows of the results store."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from appraise import _core
from appraise._proof import cells
from appraise._proof.rescoring import Plan

SEPARATOR, NOTHING = "\x1f", "\x1e"


@dataclass(frozen=True)
class ScoredRows:
    """What one plan made of some rows.

    Attributes
    ----------
    plan : Plan
    scores : pyarrow.Table
        Results of n rows, as `appraise.score` gives them.
    responses : pyarrow.Table
        The columns of the items as they were scored, n rows; others are passed over.
    person : array
        An opaque key for each row. Rows without one are not stored.
    assessed_on, rater : array, optional
        Date of the assessment and who made it, for each row. They tell assessments of one person apart.
    as_of : date, optional
        The date as of which the run scored.
    run_id : str
        The run that the rows belong to.
    """

    plan: Plan
    scores: pa.Table
    responses: pa.Table
    person: pa.ChunkedArray
    assessed_on: pa.ChunkedArray | None = None
    rater: pa.ChunkedArray | None = None
    as_of: datetime.date | None = None
    run_id: str = ""


def inputs_digest(responses: pa.Table, items: Sequence[str]) -> list[str]:
    """SHA-256 of each row's responses, item by item in alphabetical order."""
    columns = []
    for item in sorted(items):
        if item in responses.column_names:
            given = responses[item]
            given = given.cast(given.type.value_type) if pa.types.is_dictionary(given.type) else given
            columns.append(pc.binary_join_element_wise(item, pc.fill_null(given.cast(pa.string()), NOTHING), "="))
    if not columns:
        return [hashlib.sha256(b"").hexdigest()] * len(responses)
    lines = pc.binary_join_element_wise(*columns, SEPARATOR) if len(columns) > 1 else columns[0]
    return [hashlib.sha256(line.encode()).hexdigest() for line in lines.to_pylist()]


def part_digests(instrument: _core.Instrument, scheme: str) -> str:
    """Digests of the parts that make a value and its level, as JSON: scoring, tables, levels, instruments used."""
    parts = {
        part.name: part.digest
        for part in instrument.parts
        if part.name == "scoring" or part.name.startswith("tables/") or part.name == f"levels/{scheme}"
    }
    for use in instrument.uses:
        for name, digest in json.loads(part_digests(use.definition, "")).items():
            parts[f"{use.alias}/{name}"] = digest
        for scheme_used in use.definition.levels:
            name = f"levels/{scheme_used.name}"
            parts[f"{use.alias}/{name}"] = next(part.digest for part in use.definition.parts if part.name == name)
    return json.dumps(parts, sort_keys=True, separators=(",", ":"))


def stored_rows(batch: ScoredRows) -> Iterator[pa.Table]:
    """The rows of the store for each reported scale of the plan; those without a person are left out."""
    plan, scores = batch.plan, batch.scores
    instrument = plan.plan.instrument
    rows = len(scores)
    persons = batch.person.cast(pa.string())
    has_person = pc.fill_null(pc.not_equal(persons, ""), False)
    about = {
        "person_key": persons,
        "assessed_on": _text(batch.assessed_on, rows),
        "rater": _text(batch.rater, rows),
        "inputs": pa.chunked_array([pa.array(inputs_digest(batch.responses, plan.plan.items), pa.string())]),
    }
    for code in plan.plan.scales:
        side = plan.side(code)
        digests = part_digests(instrument, side.scheme)
        constant = {
            "kind": "result",
            "instrument": instrument.id,
            "edition": instrument.edition,
            "digests": digests,
            "engine": _core.__version__,
            "as_of": batch.as_of.isoformat() if batch.as_of else None,
            "scale": code,
            "level_scheme": side.scheme or None,
            "run_id": batch.run_id,
        }
        columns = {name: pa.array([value] * rows, pa.string()) for name, value in constant.items()}
        columns |= about
        columns["value"] = scores[code].cast(pa.float64()) if side.has_numbers else pa.nulls(rows, pa.float64())
        columns["value_text"] = pa.nulls(rows, pa.string()) if side.has_numbers else scores[code].cast(pa.string())
        for name in ("level", "standard_level", "status"):
            columns[name] = _text(scores[f"{code}_{name}"] if f"{code}_{name}" in scores.column_names else None, rows)
        columns["reasons"] = _reasons(scores, rows)
        columns["slot"], columns["identity"] = _identities(columns)
        yield pa.table(columns).filter(has_person)


def _text(column: pa.ChunkedArray | None, rows: int) -> pa.ChunkedArray | pa.Array:
    if column is None:
        return pa.nulls(rows, pa.string())
    return pc.if_else(pc.equal(cells.text(column), ""), pa.scalar(None, pa.string()), cells.text(column))


def _reasons(scores: pa.Table, rows: int) -> pa.ChunkedArray | pa.Array:
    return _text(scores["reasons"] if "reasons" in scores.column_names else None, rows)


ABOUT = ("person_key", "assessed_on", "rater", "instrument", "edition", "digests", "scale")


def _identities(columns: dict[str, pa.Array]) -> tuple[pa.Array, pa.Array]:
    """Digests of what each result is about, and of that with the responses."""
    texts = [pc.fill_null(columns[name], NOTHING) for name in ABOUT]
    texts = list(map(cells.whole, texts))
    slots = [
        hashlib.sha256(line.encode()).hexdigest() for line in pc.binary_join_element_wise(*texts, SEPARATOR).to_pylist()
    ]
    inputs = columns["inputs"].to_pylist()
    identities = [
        hashlib.sha256((slot + digest).encode()).hexdigest() for slot, digest in zip(slots, inputs, strict=True)
    ]
    return pa.array(slots, pa.string()), pa.array(identities, pa.string())
