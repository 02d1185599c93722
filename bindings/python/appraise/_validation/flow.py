"""The flow of rows: how many were read, why some are not in the analysis, and what those who are look like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from appraise._validation.cohort import NOT_STATED, Cohort
from appraise._validation.inputs import Rows
from appraise._validation.joining import Joined
from appraise._validation.roles import TABLES
from appraise._validation.tables import Numbers

ENDINGS = "how follow-up ended"
KINDS = ("followed without", "the outcome", "another event")
QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


def flow(numbers: Numbers, tables: Sequence[Rows], joined: Joined, cohort: Cohort) -> None:
    """From the rows of both tables to those that are analysed; what is left out and what is left add up."""
    for table, (name, read) in enumerate(zip(TABLES, tables, strict=False)):
        numbers.add("flow", sample=name, step="read", code="", rows=len(read))
        for code, rows in joined.counts[table].items():
            if rows:
                numbers.add("flow", sample=name, step="left out", code=code, rows=rows)
        found = int((joined.rows[table] >= 0).sum())
        numbers.add("flow", sample=name, step="in both tables", code="", rows=found)
    if cohort.outcomes is not None:
        unknown = np.isnan(cohort.outcomes)
        reasons = _unscored(cohort) | _invalid(cohort, unknown, "outcome", "event", "time")
        reasons |= {"outcome.short-follow-up": unknown & cohort.short, "outcome.missing": unknown}
        _sample(numbers, "fixed follow-up", reasons, len(cohort))
    if cohort.times is not None:
        unknown = np.isnan(cohort.times)
        reasons = _unscored(cohort) | _invalid(cohort, unknown, "event", "time") | {"follow-up.missing": unknown}
        _sample(numbers, "different follow-up", reasons, len(cohort))


def _unscored(cohort: Cohort) -> dict[str, NDArray[np.bool_]]:
    """Who has no score, by status where the table has one."""
    none = np.isnan(cohort.scores)
    invalid = {code: rows & none for code, rows in cohort.invalid.items() if code == "score.invalid"}
    if cohort.statuses is None:
        return {**invalid, "score.missing": none}
    named = {
        f"score.{name.replace('_', '-')}": none & cohort.statuses.rows(at)
        for at, name in enumerate(cohort.statuses.names)
    }
    return {**invalid, **{code: rows for code, rows in named.items() if rows.any()}, "score.missing": none}


def _invalid(cohort: Cohort, unknown: NDArray[np.bool_], *roles: str) -> dict[str, NDArray[np.bool_]]:
    """Who has no outcome because what stands there cannot be used, by code."""
    return {code: unknown & rows for code, rows in cohort.invalid.items() if code.partition(".")[0] in roles}


def _sample(numbers: Numbers, sample: str, reasons: dict[str, NDArray[np.bool_]], size: int) -> None:
    numbers.add("flow", sample=sample, step="in both tables", code="", rows=size)
    left = np.ones(size, np.bool_)
    for code, rows in reasons.items():
        counted = int((left & rows).sum())
        if counted:
            numbers.add("flow", sample=sample, step="left out", code=code, rows=counted)
        left &= ~rows
    numbers.add("flow", sample=sample, step="analysed", code="", rows=int(left.sum()))


def describe(numbers: Numbers, cohort: Cohort, unit: str) -> None:
    """The people that both tables have: score, follow-up, rates, statuses, levels."""
    _distribution(numbers, "score", cohort.scores)
    if cohort.times is not None:
        _distribution(numbers, f"follow-up, {unit}", cohort.times)
    if cohort.rates is not None:
        _distribution(numbers, "rate under the norms", cohort.rates)
    if cohort.ratings is not None:
        _distribution(numbers, "second rating", cohort.ratings)
    for variable, labels in (("status of the score", cohort.statuses), ("level", cohort.levels)):
        if labels is None:
            continue
        counts = [(name, int(labels.rows(at).sum())) for at, name in enumerate(labels.names)]
        if none := int((labels.codes < 0).sum()):
            counts.append((NOT_STATED, none))
        for name, count in counts:
            numbers.add("counts", variable=variable, category=name, n=count, share=count / max(len(cohort), 1))
    for name, (kind, count) in cohort.endings.items():
        numbers.add(
            "counts", variable=ENDINGS, category=f"{name}: {KINDS[kind]}", n=count, share=count / max(len(cohort), 1)
        )


def _distribution(numbers: Numbers, variable: str, values: NDArray[np.float64]) -> None:
    known = values[~np.isnan(values)]
    low, q1, median, q3, high = np.quantile(known, QUARTILES) if len(known) else [np.nan] * 5
    numbers.add(
        "distribution",
        variable=variable,
        n=len(known),
        missing=len(values) - len(known),
        mean=known.mean() if len(known) else None,
        sd=known.std(ddof=1) if len(known) > 1 else None,
        minimum=low,
        q1=q1,
        median=median,
        q3=q3,
        maximum=high,
    )
