"""Incremental and clinical value, and several samples together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError
from appraise.statistics._inputs import Values, columns_of, kinds, named, numbers, optional
from appraise.statistics._results import (
    Difference,
    Estimate,
    Result,
    Sample,
    TableResult,
    Test,
    with_estimates,
)
from appraise.statistics._survival import Regression, regression_of

Scale = Literal["as_given", "ratio", "proportion"]
Between = Literal["dersimonian_laird", "reml"]


@dataclass(frozen=True, repr=False)
class AddedValue(Result):
    """Two nested fits of the same people, without and with what is added, and the test of the difference."""

    base: Regression
    both: Regression
    test: Test


@dataclass(frozen=True, repr=False)
class Reclassification(Result):
    """Net reclassification and integrated discrimination improvement.

    ``moves_of_events`` and ``moves_of_others`` count people from category (row) to category (column).
    """

    events: Estimate
    others: Estimate
    nri: Estimate
    nri_test: Test
    idi: Estimate
    idi_test: Test
    moves_of_events: NDArray[np.int64]
    moves_of_others: NDArray[np.int64]
    sample: Sample


@dataclass(frozen=True, repr=False)
class DecisionCurve(TableResult):
    """Net benefit of acting by the rates and of acting on everybody; acting on nobody is worth 0."""

    columns: dict[str, NDArray[Any]]
    sample: Sample
    status: str


@dataclass(frozen=True, repr=False)
class NumbersNeeded(TableResult):
    """People at or above each cut that are acted on for one outcome that does not happen."""

    columns: dict[str, NDArray[Any]]
    effect: float


@dataclass(frozen=True, repr=False)
class Pooled(TableResult):
    """Figures of several samples together, with each of them and its weight: what a forest plot shows."""

    columns: dict[str, NDArray[Any]]
    fixed: Estimate
    random: Estimate
    prediction: Estimate
    tau_squared: float
    i_squared: float
    q: Test
    samples: int
    left_out: int
    scale: Scale
    level: float


def likelihood_ratio_test(larger: Regression, smaller: Regression) -> Test:
    """Whether a fit predicts better than a nested one of the same rows; `added_value` makes both fits.

    Raises
    ------
    UsageError
        If the fits are of different rows or of different kinds, or the smaller one has not fewer coefficients.
    """
    if ("intercept" in larger.coefficients) != ("intercept" in smaller.coefficients):
        raise UsageError("likelihood_ratio_test: a logistic and a Cox regression; expected two of one kind")
    test = Test(
        *_statistics.likelihood_ratio_test(
            larger.log_likelihood,
            len(larger.coefficients),
            larger.sample.n,
            larger.sample.events,
            smaller.log_likelihood,
            len(smaller.coefficients),
            smaller.sample.n,
            smaller.sample.events,
        )
    )
    failed = next((fit.status for fit in (larger, smaller) if fit.status != "estimated"), None)
    return test if failed is None else replace(test, status=failed)


@named(covariates="added")
def added_value(
    base: Values | None, added: Values, outcomes: Values, *, times: Values | None = None, level: float = 0.95
) -> AddedValue:
    """Does a second instrument add to a first? Two nested fits of the same people, and their likelihood-ratio test.

    Parameters
    ----------
    base, added : column, mapping of columns, data frame or matrix
        What is known, or None; and what might add to it. Rows that lack either are left out of both fits.
    outcomes : column of 0, 1
        With ``times``: 0 followed without, 1 event.
    times : column, optional
        Of follow-up: Cox regression instead of logistic.

    Notes
    -----
    In R ``anova(smaller, larger, test = "Chisq")``. AUCs of nested fits are not compared: DeLong's test does not hold
    for them (Demler et al. 2012).

    Examples
    --------
    >>> added_value([1, 2, 3, 4, 5, 6], [2, 1, 2, 3, 1, 3], [0, 1, 0, 1, 0, 1]).test.degrees_of_freedom
    1.0
    """
    first, base_columns = ([], []) if base is None else columns_of(base, "base")
    second, added_columns = columns_of(added, "added")
    second = [f"added {name}" if name in first else name for name in second]
    if times is None:
        found = _statistics.added_value(base_columns, added_columns, kinds(outcomes), level)
        first = ["intercept", *first]
    else:
        found = _statistics.added_value_followed(
            base_columns, added_columns, numbers(times, "times"), kinds(outcomes), level
        )
    return AddedValue(
        regression_of(first, found["base"], level),
        regression_of([*first, *second], found["both"], level),
        Test(*found["test"]),
    )


def reclassification(
    old_rates: Values, new_rates: Values, outcomes: Values, *, cuts: Values | None = None, level: float = 0.95
) -> Reclassification:
    """Net reclassification (by categories if `cuts` are given) and IDI of a new model against an old one.

    NRI can be positive for a model that adds nothing but is badly calibrated: read it beside the likelihood-ratio
    test. In R ``Hmisc::improveProb``.
    """
    edges = optional(cuts, "cuts")
    found = _statistics.reclassification(
        numbers(old_rates, "old_rates"), numbers(new_rates, "new_rates"), kinds(outcomes), edges, level
    )
    shape = (len(edges) + 1, len(edges) + 1) if len(edges) else (0, 0)
    return Reclassification(
        Estimate(*found["events"]),
        Estimate(*found["others"]),
        Estimate(*found["nri"]),
        Test(*found["nri_test"]),
        Estimate(*found["idi"]),
        Test(*found["idi_test"]),
        found["moves_of_events"].reshape(shape),
        found["moves_of_others"].reshape(shape),
        Sample(*found["sample"]),
    )


@named(events="outcomes")
def decision_curve(
    rates: Values,
    outcomes: Values,
    thresholds: Values | None = None,
    *,
    times: Values | None = None,
    horizon: float | None = None,
) -> DecisionCurve:
    """Net benefit at each threshold (default 0.01 to 0.5). In R ``dcurves::dca``.

    With ``times`` and ``horizon``, of people followed for different times (outcomes: 0 followed without, 1 event): by
    Kaplan-Meier among those flagged. A point is "not_reached" if none of them was followed to the horizon.
    """
    if (times is None) != (horizon is None):
        raise UsageError("decision_curve: times: without horizon, or the other way; expected both or neither")
    at = np.arange(1, 51) / 100 if thresholds is None else numbers(thresholds, "thresholds")
    p, y = numbers(rates, "rates"), kinds(outcomes)
    if times is None or horizon is None:
        found = _statistics.decision_curve(p, y, at)
        return DecisionCurve(with_estimates(found), Sample(*found["sample"]), found["status"])
    found = _statistics.decision_curve_followed(p, numbers(times, "times"), y, horizon, at)
    columns = with_estimates(found) | {"rates_status": np.array(found["rates_status"], object)}
    return DecisionCurve(columns, Sample(*found["sample"]), found["status"])


def numbers_needed(scores: Values, outcomes: Values, *, effect: float = 1.0, level: float = 0.95) -> NumbersNeeded:
    """Number needed to detain (`effect` 1), or to treat with a relative risk reduction of `effect`, at every cut."""
    found = _statistics.numbers_needed(numbers(scores, "scores"), kinds(outcomes), effect, level)
    return NumbersNeeded(with_estimates(found), effect)


def proportion_difference(
    first_count: int, first_n: int, second_count: int, second_n: int, *, level: float = 0.95
) -> Difference:
    """The first proportion less the second, of other people: Newcombe's interval, Pearson's chi-square.

    In R ``Epi::ci.pd`` and ``prop.test(correct = FALSE)``.

    Examples
    --------
    >>> proportion_difference(56, 70, 48, 80)
    0.2 [0.05243, 0.3339], statistic (1 df) 7.023, p 0.008045
    """
    return Difference.of(_statistics.proportion_difference(first_count, first_n, second_count, second_n, level))


def pool(
    values: Values | Sequence[Estimate],
    standard_errors: Values | None = None,
    *,
    scale: Scale = "as_given",
    between: Between = "dersimonian_laird",
    hartung_knapp: bool = False,
    names: Sequence[object] | None = None,
    level: float = 0.95,
) -> Pooled:
    """Fixed and random effects of several samples, with Q, I2 and prediction interval.

    Parameters
    ----------
    values : estimates, or column
        Figures of independent samples. A figure that is not there is left out, and counted.
    standard_errors : column, optional
        Estimates bring their own.
    scale : {"as_given", "ratio", "proportion"}
        "ratio" for E/O, odds and hazard ratios: pooled as logarithms, of which the standard errors are. "proportion"
        for AUCs and base rates: pooled as logits. "as_given" for d and slopes. Results are on the scale given.
    between : {"dersimonian_laird", "reml"}
        How the variance between samples is estimated.
    hartung_knapp : bool
        Interval of the random effect by t with k - 1 degrees of freedom: better for few samples.
    names : sequence, optional
        What to call the samples; "sample 1" and so on otherwise.

    Notes
    -----
    In R ``metafor::rma(method = "DL")``, ``rma(method = "REML", test = "knha")``.

    Examples
    --------
    >>> pool([0.7, 0.72, 0.68], [0.02, 0.03, 0.02]).samples
    3
    >>> from appraise.statistics import auc
    >>> here, there = auc([1, 2, 3, 4, 5], [0, 1, 0, 1, 1]), auc([1, 2, 3, 4, 5], [0, 0, 1, 0, 1])
    >>> pool([here.auc, there.auc], scale="proportion", names=["here", "there"]).random
    0.8333 [0.3225, 0.9813]
    """
    if scale not in get_args(Scale) or between not in get_args(Between):
        raise UsageError(
            f"pool: scale, between: {scale!r}, {between!r}; expected {get_args(Scale)}, {get_args(Between)}"
        )
    if standard_errors is None:
        estimates = list(values)
        if not all(isinstance(each, Estimate) for each in estimates):
            raise UsageError("pool: standard_errors: none; expected one for each value, or values that are estimates")
        values = [each.value for each in estimates]
        standard_errors = [each.standard_error for each in estimates]
    y, s = numbers(values, "values"), numbers(standard_errors, "standard_errors")
    called = np.array([f"sample {k + 1}" for k in range(len(y))] if names is None else [str(n) for n in names], object)
    if len(called) != len(y):
        raise UsageError(f"pool: {len(called)} names; expected {len(y)}, one for each sample")
    found = _statistics.pool(y, s, scale, between == "reml", hartung_knapp, level)
    used = found["rows"]
    columns: dict[str, NDArray[Any]] = {"sample": called[used]}
    columns |= with_estimates({"value": found["value"]})
    columns |= {"standard_error": s[used], "fixed_weight": found["fixed_weights"]}
    if len(found["random_weights"]):
        columns["random_weight"] = found["random_weights"]
    return Pooled(
        columns,
        Estimate(*found["fixed"]),
        Estimate(*found["random"]),
        Estimate(*found["prediction"]),
        found["tau_squared"],
        found["i_squared"],
        Test(*found["q"]),
        found["samples"],
        found["left_out"],
        scale,
        level,
    )
