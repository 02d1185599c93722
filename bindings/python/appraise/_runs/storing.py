"""What a run gives to the results store."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pyarrow as pa

from appraise._proof.rescoring import Plan
from appraise._proof.stored import ScoredRows
from appraise._runs.request import Prepared
from appraise._runs.scorer import Scored


def plans_of(prepared: Prepared) -> list[Plan]:
    """The plans of a run with the level schemes and norms that were chosen."""
    return [
        Plan(
            plan,
            {code: scheme for code, scheme in prepared.request.levels.items() if code in plan.scales},
            [norms.id for norms in plan.instrument.norms if norms.id in prepared.request.norms],
        )
        for plan in prepared.plans
    ]


def scored_rows(
    prepared: Prepared, table: pa.RecordBatch, scored: Scored, key: str, run_id: str
) -> Iterator[ScoredRows]:
    """The rows of a batch for the store, for each instrument; `key` is the column of the person."""
    rater = prepared.roles.rater
    by_row = scored.as_of is not None and not isinstance(prepared.as_of, datetime.date)
    for plan, scores in zip(plans_of(prepared), scored.scores, strict=True):
        yield ScoredRows(
            plan,
            scores,
            pa.Table.from_batches([scored.responses]),
            table.column(key),
            assessed_on=scored.as_of if by_row else None,
            rater=table.column(rater) if rater else None,
            as_of=prepared.as_of if isinstance(prepared.as_of, datetime.date) else None,
            run_id=run_id,
        )
