"""From a batch of a caseload to result columns, and to what is wrong with its rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from appraise import _core
from appraise._core import Instrument, ScoringPlan, UsageError
from appraise._io.mapping import Answer, items_of
from appraise._io.source import SourceBatch
from appraise._runs.counts import Counts
from appraise._runs.findings import Finding
from appraise._runs.request import Prepared, as_of_column
from appraise._runs.responses import dates, responses
from appraise._scores import Scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

AS_OF = "as_of"
ROW = "row"
INVALID = {
    "choice": ("response.unknown-code", "is no option of {}"),
    "yes_no": ("response.unknown-code", "is no option of {}"),
    "code": ("response.unknown-code", "is no code of {}"),
    "count": ("response.impossible-number", "is no number that {} can have"),
    "number": ("response.impossible-number", "is no number that {} can have"),
    "date": ("response.invalid-date", "is no date that {} can have"),
}


@dataclass(frozen=True)
class Scored:
    """The rows of a batch that could be read: the output, what is wrong with them, and what was given and made.

    Attributes
    ----------
    responses : pyarrow.RecordBatch
        The responses to each item.
    as_of : array or None
        The date on which each row was judged.
    scores : list of pyarrow.Table
        Results of each plan, under their own names.
    """

    table: pa.Table
    findings: list[Finding]
    responses: pa.RecordBatch
    as_of: pa.Array | None
    scores: list[pa.Table]


class Scorer:
    """Scores batch after batch of one run.

    Parameters
    ----------
    numbered : bool
        Whether the output starts with the number of each row in the source.
    threads : int
        How many threads share the rows of a batch.
    """

    def __init__(self, prepared: Prepared, *, numbered: bool, threads: int) -> None:
        self._prepared = prepared
        self._numbered = numbered
        self._threads = threads
        self._wrong = [_Wrong(plan) for plan in prepared.plans]
        clash = {AS_OF} if prepared.as_of is not None else set()
        self._own_names = clash | ({ROW} if numbered else set())

    def score(self, batch: SourceBatch, counts: Counts) -> Scored:
        """The output of a batch. Rows that could not be read are not in it."""
        prepared, table = self._prepared, batch.table
        given, as_of, unreadable = given_in(table, prepared)
        schema, array = given.__arrow_c_array__()
        caseload = _core.Caseload.from_arrow(schema, array, list(prepared.answers))
        request = prepared.request
        parts = _core.score(
            prepared.plans, caseload, request.bounds, request.distance, request.contributions, True, self._threads
        )
        columns: dict[pa.Field, pa.Array] = {}
        wrong_answers: list[Finding] = []
        tables = []
        for part, plan, prefix, wrong in zip(parts, prepared.plans, prepared.prefixes, self._wrong, strict=True):
            scores = Scores([part])
            counts.add_scores(plan, prefix, scores)
            wrong_answers += wrong.findings(part, prepared.answers)
            tables.append(scores.to_pyarrow())
            columns |= self._results(tables[-1], prefix)
        counts.scored += table.num_rows
        return Scored(
            self._beside(batch, as_of, columns, parts), joined(unreadable, wrong_answers), given, as_of, tables
        )

    def _results(self, table: pa.Table, prefix: str) -> dict[pa.Field, pa.Array]:
        return {
            field.with_name(prefix + field.name): column
            for field, column in zip(table.schema, table.columns, strict=True)
            if self._prepared.request.reasons or field.name not in ("reasons", "cautions")
        }

    def _beside(
        self,
        batch: SourceBatch,
        as_of: pa.Array | None,
        results: dict[pa.Field, pa.Array],
        parts: Sequence[_core.ScoredBatch],
    ) -> pa.Table:
        """Row number, kept columns and as-of date, then the results."""
        columns: dict[pa.Field, pa.Array] = {}
        if self._numbered:
            columns[pa.field(ROW, pa.int64())] = pa.array(batch.rows)
        taken = self._own_names | {field.name for field in results}
        for name in self._prepared.kept:
            if name in taken:
                raise UsageError(f"the column '{name}' has the name of a result; keep others with --keep")
            column = batch.table.column(name)
            if pa.types.is_dictionary(column.type):
                column = column.cast(column.type.value_type)
            columns[batch.table.schema.field(name).with_type(column.type)] = column
        if as_of is not None:
            columns[pa.field(AS_OF, pa.date32())] = as_of
        columns |= results
        return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(list(columns), self._metadata(parts)))

    def _metadata(self, parts: Sequence[_core.ScoredBatch]) -> dict[str, str]:
        """What made the scores; of several instruments with the prefix of each."""
        return {
            (f"{prefix}{key}" if prefix else key): value
            for prefix, part in zip(self._prepared.prefixes, parts, strict=True)
            for key, value in part.metadata
        }


def given_in(table: pa.RecordBatch, prepared: Prepared) -> tuple[pa.RecordBatch, pa.Array | None, list[Finding]]:
    """The responses to each item, the as-of dates if there are any, and what could not be taken for either."""
    as_of, findings = _as_of(table, prepared.as_of)
    given, unmapped = responses(table, prepared.answers, as_of)
    return given, as_of, findings + unmapped


def _as_of(table: pa.RecordBatch, given: Answer | datetime.date | None) -> tuple[pa.Array | None, list[Finding]]:
    if given is None:
        return None, []
    if isinstance(given, datetime.date):
        return as_of_column(table, given), []
    found, without = dates(table.column(given.column), given)
    if not len(without):
        return found, []
    return found, [Finding("as-of.invalid", given.column, "the row has no as-of date", without)]


class _Wrong:
    """Finds the rows of an instrument that have a reason to be looked at."""

    def __init__(self, plan: ScoringPlan) -> None:
        self._items = items_of(plan.instrument)
        self._rules = rules_of(plan.instrument)

    def findings(self, part: _core.ScoredBatch, answers: dict[str, Answer]) -> list[Finding]:
        offsets, numbers, texts = part.texts("reasons")
        found = []
        for number, text in enumerate(texts):
            if (told := self._told(text, answers)) is not None:
                rows = np.searchsorted(offsets, np.flatnonzero(numbers == number), side="right") - 1
                found.append(Finding(*told, rows))
        return found

    def _told(self, reason: str, answers: dict[str, Answer]) -> tuple[str, str, str] | None:
        """Code, column and message of a reason; None if it is no fault of the data."""
        kind, _, name = reason.partition(": ")
        if kind == "invalid":
            code, message = INVALID[self._items[name].kind]
            return code, answers[name].column, message.format(name)
        if kind == "answered though not applicable":
            return "response.not-applicable", answers[name].column, f"{name} is answered though it does not apply"
        if kind == "contradiction":
            return "rule.contradiction", "", f"{name}: {self._rules.get(name, '')}"
        return ("scale.undefined", "", f"{name} has no value for these answers") if kind == "undefined" else None


def rules_of(instrument: Instrument, prefix: str = "") -> dict[str, str]:
    """The reasons of the rules of use by code, those of instruments used with their alias."""
    rules = {prefix + rule.code: rule.reason for rule in [*instrument.valid_when, *instrument.applies_when]}
    for use in instrument.uses:
        rules |= rules_of(use.definition, f"{prefix}{use.alias}.")
    return rules


def joined(reading: list[Finding], scoring: list[Finding]) -> list[Finding]:
    """What several instruments found in the same rows once; what could not be read is not told again as invalid."""
    unread: dict[str, NDArray[np.int64]] = {}
    for each in reading:
        unread[each.column] = np.union1d(unread.get(each.column, each.rows), each.rows)
    rows: dict[tuple[str, str, str], NDArray[np.int64]] = {}
    for each in scoring:
        found = np.setdiff1d(each.rows, unread[each.column]) if each.column in unread else each.rows
        if len(found):
            key = each.code, each.column, each.message
            rows[key] = np.union1d(rows.get(key, found), found)
    return [*reading, *(Finding(*key, found) for key, found in rows.items())]
