from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise._core import Norms

_Numbers = NDArray[np.float64]
_Kinds = NDArray[np.uint8]
_Estimate = tuple[float, float, float, float, str, str]
_Test = tuple[float, float, float, str]
_Difference = tuple[_Estimate, _Test]
_Found = dict[str, Any]

STATUSES: tuple[str, ...]
FIGURES: dict[str, tuple[tuple[tuple[str, str], ...], bool]]

def auc(scores: _Numbers, outcomes: _Kinds, level: float, logit: bool) -> _Found: ...
def auc_difference(first: _Numbers, second: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def auc_difference_unpaired(
    first: _Numbers, first_outcomes: _Kinds, second: _Numbers, second_outcomes: _Kinds, level: float
) -> _Found: ...
def cuts(scores: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def concordance(
    scores: _Numbers, times: _Numbers, events: _Kinds, uno: bool, horizon: float | None, level: float
) -> _Found: ...
def auc_at_horizon(scores: _Numbers, times: _Numbers, events: _Kinds, horizon: float, level: float) -> _Found: ...
def cohens_d(scores: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def odds_ratio_per_point(scores: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def hazard_ratio_per_point(scores: _Numbers, times: _Numbers, events: _Kinds, level: float) -> _Found: ...
def expected_observed_counts(expected: float, observed: float, level: float) -> _Found: ...
def expected_observed(predicted: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def expected_observed_followed(
    predicted: _Numbers, times: _Numbers, events: _Kinds, horizon: float, shares: _Numbers, level: float
) -> _Found: ...
def expected_observed_at(
    predicted: _Numbers, times: _Numbers, events: _Kinds, horizon: float, level: float
) -> _Found: ...
def expected_observed_by(
    by: _Numbers,
    predicted: _Numbers,
    outcomes: _Kinds,
    times: _Numbers,
    horizon: float,
    shares: _Numbers,
    smallest: int,
    level: float,
) -> _Found: ...
def expected_observed_ratio(
    first_expected: float, first_observed: float, second_expected: float, second_observed: float, level: float
) -> _Difference: ...
def calibration_line(predicted: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def calibration_slope_followed(predicted: _Numbers, times: _Numbers, events: _Kinds, level: float) -> _Estimate: ...
def calibration_curve(predicted: _Numbers, outcomes: _Kinds, span: float) -> _Found: ...
def brier(predicted: _Numbers, outcomes: _Kinds, level: float) -> _Found: ...
def hosmer_lemeshow(predicted: _Numbers, outcomes: _Kinds, groups: int, fitted: bool) -> _Found: ...

class Curve:
    def at(self, time: float) -> _Estimate: ...
    def time_until(self, share: float) -> _Estimate: ...
    def columns(self) -> _Found: ...

def curve(kind: str, times: _Numbers, events: _Kinds, interval: str, level: float, weights: _Numbers) -> Curve: ...
def hazard_by_time_free(times: _Numbers, events: _Kinds, cuts: _Numbers, level: float) -> _Found: ...
def logistic_regression(
    covariates: list[_Numbers], outcomes: _Kinds, weights: _Numbers, offset: _Numbers, level: float
) -> _Found: ...
def cox_regression(
    covariates: list[_Numbers], times: _Numbers, events: _Kinds, weights: _Numbers, offset: _Numbers, level: float
) -> _Found: ...
def icc(ratings: list[_Numbers], level: float) -> _Found: ...
def kappa(first: _Numbers, second: _Numbers, weights: str, level: float) -> _Found: ...
def krippendorffs_alpha(ratings: list[_Numbers], measurement: str) -> _Found: ...
def agreement(first: _Numbers, second: _Numbers, level: float) -> _Found: ...
def disagreements(first: list[_Numbers], second: list[_Numbers]) -> _Found: ...
def reliability(items: list[_Numbers], level: float) -> _Found: ...
def measurement_error(standard_deviation: float, reliability: float, level: float) -> tuple[float, float]: ...
def reliable_change(before: _Numbers, after: _Numbers, sem: float, level: float) -> _Found: ...
def bootstrap(
    n: int,
    statistic: Callable[[NDArray[np.uint32]], float],
    replicates: int,
    seed: int,
    level: float,
    bca: bool,
    strata: NDArray[np.int32],
    progress: Callable[[int, int], object] | None,
) -> _Found: ...
def bootstrap_figure(
    figure: str,
    numbers: list[_Numbers],
    outcomes: _Kinds,
    horizon: float | None,
    against: list[_Numbers],
    replicates: int,
    seed: int,
    threads: int,
    level: float,
    bca: bool,
    strata: NDArray[np.int32],
    progress: Callable[[int, int], object] | None,
) -> _Found: ...
def bootstrap_auc(
    scores: _Numbers,
    outcomes: _Kinds,
    replicates: int,
    seed: int,
    threads: int,
    level: float,
    bca: bool,
    strata: NDArray[np.int32],
    progress: Callable[[int, int], object] | None,
) -> _Found: ...

class LocalNorms:
    def columns(self) -> _Found: ...
    def file(
        self,
        id: str,
        edition: str,
        title: str,
        instrument: str,
        editions: list[str],
        scale: str,
        sample: str,
        country: str,
        outcome: str,
        follow_up_years: float | None,
        citation: str,
    ) -> tuple[str, str, str]: ...

def local_norms(
    scores: _Numbers,
    outcomes: _Kinds,
    updating: str,
    published: Norms | None,
    prior: list[float] | None,
    level: float,
) -> LocalNorms: ...
def local_norms_followed(
    scores: _Numbers,
    times: _Numbers,
    events: _Kinds,
    horizon: float,
    updating: str,
    published: Norms | None,
    prior: list[float] | None,
    level: float,
) -> LocalNorms: ...
def reclassification(
    old_rates: _Numbers, new_rates: _Numbers, outcomes: _Kinds, cuts: _Numbers, level: float
) -> _Found: ...
def decision_curve(rates: _Numbers, outcomes: _Kinds, thresholds: _Numbers) -> _Found: ...
def numbers_needed(scores: _Numbers, outcomes: _Kinds, effect: float, level: float) -> _Found: ...
def decision_curve_followed(
    rates: _Numbers, times: _Numbers, events: _Kinds, horizon: float, thresholds: _Numbers
) -> _Found: ...
def added_value(base: list[_Numbers], added: list[_Numbers], outcomes: _Kinds, level: float) -> _Found: ...
def added_value_followed(
    base: list[_Numbers], added: list[_Numbers], times: _Numbers, events: _Kinds, level: float
) -> _Found: ...
def likelihood_ratio_test(
    larger: float,
    larger_size: int,
    larger_n: int,
    larger_events: int,
    smaller: float,
    smaller_size: int,
    smaller_n: int,
    smaller_events: int,
) -> _Test: ...
def pool(
    values: _Numbers, standard_errors: _Numbers, scale: str, reml: bool, hartung_knapp: bool, level: float
) -> _Found: ...
def proportion_difference(
    first_count: int, first_n: int, second_count: int, second_n: int, level: float
) -> _Difference: ...
def by_group(
    labels: NDArray[np.int32],
    figure: Callable[[NDArray[np.uint32]], object],
    ratio: bool,
    reference: int | None,
    smallest: int,
    level: float,
) -> _Found: ...
def fairness(
    scores: _Numbers,
    outcomes: _Kinds,
    labels: NDArray[np.int32],
    predicted: _Numbers,
    cut: float | None,
    reference: int | None,
    smallest: int,
    level: float,
) -> _Found: ...
