"""Agreement between raters, and reliability of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError
from appraise.statistics._inputs import Values, columns_of, named, numbers
from appraise.statistics._results import Estimate, Result, TableResult, Test, rows_of, with_estimates

Weights = Literal["none", "linear", "quadratic"]
Measurement = Literal["nominal", "ordinal", "interval", "ratio"]
FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
DIRECTIONS = np.array(["unknown", "decreased", "unchanged", "increased"], object)


@dataclass(frozen=True, repr=False)
class Icc(TableResult):
    """The six forms of Shrout and Fleiss; ``forms`` holds each by name."""

    columns: dict[str, NDArray[Any]]
    forms: dict[str, Estimate]
    n: int
    raters: int
    left_out: int
    level: float


@dataclass(frozen=True, repr=False)
class Kappa(Result):
    """Cohen's kappa with (weighted) observed agreement and agreement by chance.

    ``counts`` has how many people the first rater put into the category of the row and the second into that of the
    column.
    """

    kappa: Estimate
    observed: float
    expected: float
    categories: NDArray[np.float64]
    counts: NDArray[np.int64]
    weights: Weights
    n: int
    left_out: int
    level: float


@dataclass(frozen=True, repr=False)
class Krippendorff(Result):
    """Krippendorff's alpha with observed and expected disagreement."""

    alpha: Estimate
    observed: float
    expected: float
    n: int
    ratings: int
    left_out: int


@dataclass(frozen=True, repr=False)
class Agreement(Result):
    """Exact and within-one agreement, and the mean difference (first less second)."""

    exact: Estimate
    within_one: Estimate
    difference: Estimate
    largest: float
    n: int
    left_out: int


@dataclass(frozen=True, repr=False)
class AgreementTable(TableResult):
    """Agreement of each item or each pair of raters."""

    columns: dict[str, NDArray[Any]]
    level: float


@dataclass(frozen=True, repr=False)
class Disagreements(TableResult):
    """Every rating on which two raters differ."""

    columns: dict[str, NDArray[Any]]


@dataclass(frozen=True, repr=False)
class Reliability(TableResult):
    """Cronbach's alpha, standardised alpha, omega, and a row for each item."""

    columns: dict[str, NDArray[Any]]
    alpha: Estimate
    standardised: Estimate
    omega: Estimate
    n: int
    left_out: int


@dataclass(frozen=True, repr=False)
class MeasurementError(Result):
    """Standard error of measurement and smallest detectable change, in points."""

    sem: float
    sdc: float


@dataclass(frozen=True, repr=False)
class ReliableChange(TableResult):
    """Reliable change index and direction of each person."""

    columns: dict[str, NDArray[Any]]
    decreased: int
    unchanged: int
    increased: int
    left_out: int


def icc(ratings: Values, *, level: float = 0.95) -> Icc:
    """Intraclass correlations: all six forms with F intervals.

    Parameters
    ----------
    ratings : mapping, data frame, matrix or sequence of columns
        One column for each rater, one row for each person. A person who lacks a rating is left out, and counted.

    Notes
    -----
    Shrout & Fleiss (1979); in R ``psych::ICC(lmer = FALSE)``. For single ratings of sampled raters, report ICC(2,1).
    """
    _, columns = columns_of(ratings, "ratings")
    found = _statistics.icc(columns, level)
    values = [Estimate(*value) for value, _, _ in found["forms"]]
    tests = [Test(*test) for _, test, _ in found["forms"]]
    table = {
        "form": np.array(FORMS, object),
        "icc": np.array([value.value for value in values]),
        "icc_low": np.array([value.low for value in values]),
        "icc_high": np.array([value.high for value in values]),
        "icc_status": np.array([value.status for value in values], object),
        "icc_interval": np.array([value.interval for value in values], object),
        "f": np.array([test.statistic for test in tests]),
        "df1": np.array([test.degrees_of_freedom for test in tests]),
        "df2": np.array([degrees for _, _, degrees in found["forms"]]),
        "p": np.array([test.p_value for test in tests]),
    }
    return Icc(table, dict(zip(FORMS, values, strict=True)), found["n"], found["raters"], found["left_out"], level)


def kappa(first: Values, second: Values, *, weights: Weights = "none", level: float = 0.95) -> Kappa:
    """Cohen's kappa of two raters, unweighted or weighted by distance.

    In R ``psych::cohen.kappa``; the variance is that of Fleiss, Cohen & Everitt (1969).

    Examples
    --------
    >>> round(kappa([1, 2, 3, 3], [1, 2, 3, 2]).kappa.value, 4)
    0.6364
    """
    a, b = numbers(first, "first"), numbers(second, "second")
    found = _statistics.kappa(a, b, weights, level)
    both = ~(np.isnan(a) | np.isnan(b))
    categories, places = np.unique(np.stack([a[both], b[both]]), return_inverse=True)
    counts = np.zeros((len(categories), len(categories)), np.int64)
    np.add.at(counts, tuple(places.reshape(2, -1)), 1)
    return Kappa(
        Estimate(*found["kappa"]),
        found["observed"],
        found["expected"],
        categories,
        counts,
        weights,
        found["n"],
        found["left_out"],
        level,
    )


@named()
def krippendorffs_alpha(ratings: Values, *, measurement: Measurement = "interval") -> Krippendorff:
    """Krippendorff's alpha of any number of raters; ratings may be missing. In R ``irr::kripp.alpha``."""
    _, columns = columns_of(ratings, "ratings")
    found = _statistics.krippendorffs_alpha(columns, measurement)
    return Krippendorff(
        Estimate(*found["alpha"]),
        found["observed"],
        found["expected"],
        found["n"],
        found["ratings"],
        found["left_out"],
    )


def agreement(first: Values, second: Values, *, level: float = 0.95) -> Agreement:
    """How often two raters give the same rating, or one within a point."""
    found = _statistics.agreement(numbers(first, "first"), numbers(second, "second"), level)
    return Agreement(
        Estimate(*found["exact"]),
        Estimate(*found["within_one"]),
        Estimate(*found["difference"]),
        found["largest"],
        found["n"],
        found["left_out"],
    )


def _row(first: Values, second: Values, level: float) -> dict[str, Any]:
    plain, weighted = kappa(first, second, level=level), kappa(first, second, weights="quadratic", level=level)
    row = agreement(first, second, level=level).table()
    for name, estimate in (("kappa", plain.kappa), ("weighted_kappa", weighted.kappa)):
        row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        row |= {f"{name}_status": estimate.status, f"{name}_interval": estimate.interval}
    return row


@dataclass(frozen=True)
class _Row(Result):
    figures: dict[str, Any]

    def table(self) -> dict[str, Any]:
        return self.figures


@named()
def agreement_by_item(first: Values, second: Values, *, level: float = 0.95) -> AgreementTable:
    """Agreement of two raters on each item: exact, within one, difference, kappa and quadratic kappa.

    Parameters
    ----------
    first, second : mapping or data frame
        The same items of the same people in the same order, one from each rater.
    """
    names, columns = columns_of(first, "first")
    other_names, others = columns_of(second, "second")
    if names != other_names:
        raise UsageError(f"agreement_by_item: second: items {other_names}; expected {names}")
    rows = [(name, _Row(_row(a, b, level))) for name, a, b in zip(names, columns, others, strict=True)]
    return AgreementTable(rows_of(rows, "item"), level)


@named(first="ratings", second="ratings")
def agreement_by_pair(ratings: Values, *, level: float = 0.95) -> AgreementTable:
    """Agreement of each pair of raters on one rating.

    Parameters
    ----------
    ratings : mapping, data frame, matrix or sequence of columns
        One column for each rater.
    """
    names, columns = columns_of(ratings, "ratings")
    rows = [
        (f"{names[a]}, {names[b]}", _Row(_row(columns[a], columns[b], level)))
        for a, b in combinations(range(len(columns)), 2)
    ]
    return AgreementTable(rows_of(rows, "pair"), level)


def disagreements(first: Values, second: Values, *, keys: Sequence[object] | None = None) -> Disagreements:
    """Every item of every person on which two raters differ, or that one of them left out.

    Parameters
    ----------
    first, second : mapping or data frame
        The same items of the same people in the same order.
    keys : sequence, optional
        What to call the rows; their numbers otherwise.
    """
    names, columns = columns_of(first, "first")
    other_names, others = columns_of(second, "second")
    if names != other_names:
        raise UsageError(f"disagreements: second: items {other_names}; expected {names}")
    found = _statistics.disagreements(columns, others)
    rows = found["row"] if keys is None else np.array([keys[row] for row in found["row"]], object)
    items = np.array([names[item] for item in found["item"]], object)
    return Disagreements({"row": rows, "item": items, "first": found["first"], "second": found["second"]})


def reliability(items: Values, *, level: float = 0.95) -> Reliability:
    """Cronbach's alpha with Feldt's interval, omega total of one factor, and item-total correlations.

    In R ``psych::alpha`` and ``psych::fa(fm = "minres")``.
    """
    names, columns = columns_of(items, "items")
    found = _statistics.reliability(columns, level)
    loadings = found["loadings"] if len(found["loadings"]) else np.full(len(found["item_total"][0]), np.nan)
    table = {"item": np.array(names[: len(loadings)], object)} | with_estimates(
        {"item_total": found["item_total"], "alpha_without": found["alpha_without"]}
    )
    table["loading"] = loadings
    return Reliability(
        table,
        Estimate(*found["alpha"]),
        Estimate(*found["standardised"]),
        Estimate(*found["omega"]),
        found["n"],
        found["left_out"],
    )


def measurement_error(standard_deviation: float, reliability: float, *, level: float = 0.95) -> MeasurementError:
    """Standard error of measurement, sd * sqrt(1 - reliability), and smallest detectable change."""
    return MeasurementError(*_statistics.measurement_error(standard_deviation, reliability, level))


def reliable_change(before: Values, after: Values, sem: float, *, level: float = 0.95) -> ReliableChange:
    """Reliable change index of each person (Jacobson & Truax 1991).

    Examples
    --------
    >>> reliable_change([20, 10], [10, 11], sem=2.5)["direction"].tolist()
    ['decreased', 'unchanged']
    """
    found = _statistics.reliable_change(numbers(before, "before"), numbers(after, "after"), sem, level)
    known = np.isfinite(found["index"])
    table = {
        "index": found["index"],
        "index_status": np.where(known, "estimated", "no_data").astype(object),
        "direction": DIRECTIONS[found["direction"]],
    }
    return ReliableChange(table, found["decreased"], found["unchanged"], found["increased"], found["left_out"])
