"""Fairness: the same figures in each group, the tests of their differences, and small groups withheld."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st
from appraise._validation.choices import Choices
from appraise._validation.cohort import NOT_STATED, Cohort, Labels
from appraise._validation.compute import Computed, Fixed, expected_observed, missing, people, share
from appraise.statistics import Estimate, Sample

RATES = (
    "flagged",
    "false_positive_rate",
    "false_negative_rate",
    "positive_predictive_value",
    "negative_predictive_value",
)
TESTS = ("auc", *RATES, "intercepts", "slopes")


def by_group(done: Computed, cohort: Cohort, fixed: Fixed, choices: Choices) -> None:
    """The figures of each column of groups."""
    for column, labels in cohort.groups.items():
        _by_column(done, column, Labels(labels.names, labels.codes[fixed.rows]), fixed, choices)


def withheld(sizes: Mapping[str, int], smallest: int) -> set[str]:
    """The groups of which nothing is shown.

    Those of fewer than `smallest` people, and as many of the next smallest as it takes that neither one of them alone,
    nor so few people together, follow from the total.
    """
    there = sorted((name for name in sizes if sizes[name]), key=lambda name: (sizes[name], name))
    hidden = [name for name in there if sizes[name] < smallest]
    while hidden and len(hidden) < len(there) and (len(hidden) == 1 or sum(sizes[each] for each in hidden) < smallest):
        hidden.append(there[len(hidden)])
    return set(hidden)


def _by_column(done: Computed, column: str, labels: Labels, fixed: Fixed, choices: Choices) -> None:
    numbers = done.numbers
    sizes = {name: int(labels.rows(at).sum()) for at, name in enumerate(labels.names)}
    unknown = int((labels.codes < 0).sum())
    if unknown:
        sizes[NOT_STATED] = unknown
    hidden = withheld(sizes, choices.smallest_cell)
    shown = [name for name in labels.names if sizes[name] and name not in hidden]
    for name, size in sizes.items():
        if size:
            hide = name in hidden
            numbers.add(
                "counts",
                variable=column,
                category=name,
                n=None if hide else size,
                share=None if hide else size / len(labels.codes),
            )
    for name in sorted(hidden - {NOT_STATED}):
        _figures(done, column, name, dict.fromkeys(("rate", "auc"), missing("suppressed")), None)
    if not shown:
        numbers.left_out[f"groups: {column}"] = "Every group is withheld because it is small."
        return
    place = np.full(len(labels.names) + 1, -1, np.int64)
    place[[labels.names.index(name) for name in shown]] = np.arange(len(shown))
    codes = place[labels.codes].astype(np.float64)
    codes[codes < 0] = np.nan
    found = st.fairness(
        fixed.scores, fixed.outcomes, codes, cut=done.cut, smallest=choices.smallest_cell, level=choices.confidence
    )
    done.results[f"fairness: {column}"] = found
    for at, name in enumerate(shown):
        _group(done, column, name, found, at, codes == at, fixed, choices)
    for name in TESTS:
        if name in RATES and done.cut is None:
            continue
        numbers.test("groups", name, getattr(found, name), column)


def _figures(done: Computed, column: str, group: str, estimates: Mapping[str, Estimate], sample: Sample | None) -> None:
    for name, estimate in estimates.items():
        done.numbers.figure("groups", name, estimate, sample, column, group)


def _group(
    done: Computed,
    column: str,
    name: str,
    found: st.Fairness,
    at: int,
    rows: NDArray[np.bool_],
    fixed: Fixed,
    choices: Choices,
) -> None:
    scores, outcomes, level = fixed.scores[rows], fixed.outcomes[rows], choices.confidence
    sample = people(outcomes)
    figures = {
        "rate": share(outcomes, level),
        "auc": st.auc(scores, outcomes, level=level).auc,
        "odds_ratio_per_point": st.odds_ratio_per_point(scores, outcomes, level=level).value,
    }
    if done.cut is not None:
        row = found["group"].tolist().index(str(float(at)))
        figures |= {each: _estimate(found, each, row) for each in RATES}
    _figures(done, column, name, figures, sample)
    if fixed.rates is None or np.isnan(fixed.rates[rows]).all():
        return
    rates = fixed.rates[rows]
    index = st.expected_observed(rates, outcomes, level=level)
    assert isinstance(index, st.ExpectedObserved)
    expected_observed(done.numbers, index, column, name, section="groups")
    if not ((fixed.rates == 0) | (fixed.rates == 1)).any():
        line = st.calibration_line(rates, outcomes, level=level)
        own = {"calibration_intercept": line.intercept, "calibration_slope": line.slope}
        _figures(done, column, name, own, line.sample)


def _estimate(found: st.Fairness, name: str, row: int) -> Estimate:
    """A share of the table of groups; its interval is exact and always there with it, its error is not told."""
    value, low, high = (float(found[f"{name}{end}"][row]) for end in ("", "_low", "_high"))
    status = str(found[f"{name}_status"][row])
    return Estimate(value, float("nan"), low, high, status, status)
