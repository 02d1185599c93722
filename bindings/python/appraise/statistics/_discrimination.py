"""Discrimination: whether those with the outcome score higher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from appraise import _statistics
from appraise.statistics._inputs import Values, kinds, named, numbers
from appraise.statistics._results import Estimate, Result, Sample, TableResult, Test, with_estimates


@dataclass(frozen=True, repr=False)
class Auc(Result):
    """Area under the ROC curve; pairs are counted as whole numbers, and tied pairs count half."""

    auc: Estimate
    concordant: int
    tied: int
    pairs: int
    sample: Sample


@dataclass(frozen=True, repr=False)
class AucDifference(Result):
    """Two AUCs, their difference (first less second), the correlation between them and the test."""

    first: Auc
    second: Auc
    difference: Estimate
    correlation: float
    test: Test


@dataclass(frozen=True, repr=False)
class Cuts(TableResult):
    """What "score at or above the cut" would have said, for every score that occurs, and the AUC of all cuts."""

    columns: dict[str, NDArray[Any]]
    auc: Estimate
    sample: Sample
    level: float


@dataclass(frozen=True, repr=False)
class Concordance(Result):
    """Concordance of scores with times; tied scores count half."""

    c: Estimate
    concordant: float
    discordant: float
    tied: float
    sample: Sample


@dataclass(frozen=True, repr=False)
class AucAtHorizon(Result):
    """AUC for the event within a horizon; ``unknown`` are those censored before it."""

    auc: Estimate
    horizon: float
    cases: int
    controls: int
    unknown: int
    sample: Sample


@dataclass(frozen=True, repr=False)
class EffectSize(Result):
    """An effect size. The standard error of a ratio is that of its logarithm."""

    value: Estimate
    sample: Sample


def _auc(found: dict[str, Any]) -> Auc:
    return Auc(Estimate(*found["auc"]), found["concordant"], found["tied"], found["pairs"], Sample(*found["sample"]))


def auc(
    scores: Values, outcomes: Values, *, level: float = 0.95, interval: Literal["normal", "logit"] = "normal"
) -> Auc:
    """Area under the ROC curve with DeLong's interval.

    Parameters
    ----------
    scores : column of numbers
        A higher score means more risk.
    outcomes : column of 0, 1 or Boolean
        Rows with a missing score or outcome are left out, and counted.
    level : float
        Of the interval.
    interval : {"normal", "logit"}
        Cut at 0 and 1, or symmetric on the logit scale.

    Returns
    -------
    Auc

    Raises
    ------
    UsageError
        If lengths differ or an outcome is neither 0 nor 1.

    Notes
    -----
    O(n log n). DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845; in R ``pROC::ci.auc``.

    Examples
    --------
    >>> auc([1, 2, 3, 4], [0, 0, 1, 1]).auc.value
    1.0
    """
    return _auc(_statistics.auc(numbers(scores, "scores"), kinds(outcomes), level, interval == "logit"))


def _difference(found: dict[str, Any]) -> AucDifference:
    return AucDifference(
        _auc(found["first"]),
        _auc(found["second"]),
        Estimate(*found["difference"]),
        found["correlation"],
        Test(*found["test"]),
    )


@named()
def auc_difference(first: Values, second: Values, outcomes: Values, *, level: float = 0.95) -> AucDifference:
    """Difference of the AUCs of two scores of the same people, with interval and DeLong's test.

    Rows that lack either score are left out of both. In R ``pROC::roc.test(paired = TRUE)``.
    """
    return _difference(
        _statistics.auc_difference(numbers(first, "first"), numbers(second, "second"), kinds(outcomes), level)
    )


@named()
def auc_difference_unpaired(
    first: Values, first_outcomes: Values, second: Values, second_outcomes: Values, *, level: float = 0.95
) -> AucDifference:
    """Difference of the AUCs of two samples, with interval and test. In R ``pROC::roc.test(paired = FALSE)``."""
    return _difference(
        _statistics.auc_difference_unpaired(
            numbers(first, "first"),
            kinds(first_outcomes, "first_outcomes"),
            numbers(second, "second"),
            kinds(second_outcomes, "second_outcomes"),
            level,
        )
    )


def cuts(scores: Values, outcomes: Values, *, level: float = 0.95) -> Cuts:
    """Sensitivity, specificity and predictive values at every cut, with exact binomial intervals.

    They depend on the cut and on the base rate: they describe this sample and are no property of the instrument.
    """
    given, kinds_given = numbers(scores, "scores"), kinds(outcomes)
    found = _statistics.cuts(given, kinds_given, level)
    area = Estimate(*_statistics.auc(given, kinds_given, level, False)["auc"])
    return Cuts(with_estimates(found), area, Sample(*found["sample"]), level)


def _concordance(found: dict[str, Any]) -> Concordance:
    return Concordance(
        Estimate(*found["c"]), found["concordant"], found["discordant"], found["tied"], Sample(*found["sample"])
    )


def harrells_c(scores: Values, times: Values, events: Values, *, level: float = 0.95) -> Concordance:
    """Harrell's C: of two people, whether the one with the earlier event scores higher.

    Two events at one time are no pair; a person whose follow-up ends at the time of an event counts as still
    followed. In R ``survival::concordance(reverse = TRUE)``.
    """
    return _concordance(
        _statistics.concordance(
            numbers(scores, "scores"), numbers(times, "times"), kinds(events, "events"), False, None, level
        )
    )


def unos_c(
    scores: Values, times: Values, events: Values, *, horizon: float | None = None, level: float = 0.95
) -> Concordance:
    """Uno's C: as Harrell's, up to a horizon, weighted so that the censoring of this sample does not decide.

    In R ``survival::concordance(timewt = "n/G2")``. The weights count as known in the standard error.
    """
    return _concordance(
        _statistics.concordance(
            numbers(scores, "scores"), numbers(times, "times"), kinds(events, "events"), True, horizon, level
        )
    )


def auc_at_horizon(
    scores: Values, times: Values, events: Values, horizon: float, *, level: float = 0.95
) -> AucAtHorizon:
    """AUC for the event within a horizon, from data with censoring and competing events.

    Parameters
    ----------
    events : column of 0, 1 or 2
        0 followed without, 1 event, 2 competing event.
    horizon : float
        In the unit of ``times``.

    Notes
    -----
    Blanche et al. (2013); in R ``riskRegression::Score``. The weights count as known in the standard error.
    """
    found = _statistics.auc_at_horizon(
        numbers(scores, "scores"), numbers(times, "times"), kinds(events, "events", 2), horizon, level
    )
    return AucAtHorizon(
        Estimate(*found["auc"]),
        found["horizon"],
        found["cases"],
        found["controls"],
        found["unknown"],
        Sample(*found["sample"]),
    )


def _effect(found: dict[str, Any]) -> EffectSize:
    return EffectSize(Estimate(*found["value"]), Sample(*found["sample"]))


def cohens_d(scores: Values, outcomes: Values, *, level: float = 0.95) -> EffectSize:
    """Cohen's d: difference of the mean scores in pooled standard deviations."""
    return _effect(_statistics.cohens_d(numbers(scores, "scores"), kinds(outcomes), level))


@named()
def odds_ratio_per_point(scores: Values, outcomes: Values, *, level: float = 0.95) -> EffectSize:
    """Odds ratio of one point more, by logistic regression."""
    return _effect(_statistics.odds_ratio_per_point(numbers(scores, "scores"), kinds(outcomes), level))


@named()
def hazard_ratio_per_point(scores: Values, times: Values, events: Values, *, level: float = 0.95) -> EffectSize:
    """Hazard ratio of one point more, by Cox regression with Efron's ties."""
    return _effect(
        _statistics.hazard_ratio_per_point(
            numbers(scores, "scores"), numbers(times, "times"), kinds(events, "events"), level
        )
    )
