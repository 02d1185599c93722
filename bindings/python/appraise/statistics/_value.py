"""Incremental and clinical value, and several samples together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError
from appraise.statistics._inputs import Values, kinds, numbers, optional
from appraise.statistics._results import (
    Difference,
    Estimate,
    Result,
    Sample,
    TableResult,
    Test,
    with_estimates,
)
from appraise.statistics._survival import Regression


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
    """Figures of several samples together, with the weight of each."""

    columns: dict[str, NDArray[Any]]
    fixed: Estimate
    random: Estimate
    prediction: Estimate
    tau_squared: float
    i_squared: float
    q: Test
    samples: int
    left_out: int
    level: float


def likelihood_ratio_test(larger: Regression, smaller: Regression) -> Test:
    """Whether a fit predicts better than a nested one of the same rows: does a second instrument add to a first?"""
    return Test(
        *_statistics.likelihood_ratio_test(
            larger.log_likelihood,
            len(larger.coefficients),
            larger.sample.n,
            smaller.log_likelihood,
            len(smaller.coefficients),
            smaller.sample.n,
        )
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


def decision_curve(rates: Values, outcomes: Values, thresholds: Values | None = None) -> DecisionCurve:
    """Net benefit at each threshold (default 0.01 to 0.5). In R ``dcurves::dca``."""
    at = np.arange(1, 51) / 100 if thresholds is None else numbers(thresholds, "thresholds")
    found = _statistics.decision_curve(numbers(rates, "rates"), kinds(outcomes), at)
    return DecisionCurve(with_estimates(found), Sample(*found["sample"]), found["status"])


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


def pool(values: Values, standard_errors: Values, *, names: Sequence[str] | None = None, level: float = 0.95) -> Pooled:
    """Fixed and random effects (DerSimonian-Laird) with Q, I2 and prediction interval.

    Pool AUCs, d, slopes, logits of base rates and the logarithms of ratios such as E/O. In R
    ``metafor::rma(method = "DL")``.

    Parameters
    ----------
    values, standard_errors : columns
        Samples that lack either are left out, and counted.
    names : sequence, optional
        What to call the samples; "sample 1" and so on otherwise.

    Examples
    --------
    >>> pool([0.7, 0.72, 0.68], [0.02, 0.03, 0.02]).samples
    3
    """
    y, s = numbers(values, "values"), numbers(standard_errors, "standard_errors")
    found = _statistics.pool(y, s, level)
    used = np.isfinite(y) & np.isfinite(s)
    called = np.array([f"sample {k + 1}" for k in range(len(y))] if names is None else list(names), object)
    if len(called) != len(y):
        raise UsageError(f"pool: {len(called)} names; expected {len(y)}, one for each sample")
    columns = {
        "sample": called[used],
        "value": y[used],
        "standard_error": s[used],
        "fixed_weight": found["fixed_weights"],
    }
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
        level,
    )
