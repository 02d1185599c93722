"""Calibration: the rates of the norms held against what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st
from appraise._validation.about import About
from appraise._validation.choices import Choices
from appraise._validation.cohort import Cohort
from appraise._validation.compute import Analysed, Computed, known, missing, people, stretched
from appraise._validation.tables import Numbers
from appraise.statistics import Estimate


def comparable(cohort: Cohort, choices: Choices, about: About, numbers: Numbers) -> bool:
    """Whether the rates are for the horizon at which the outcome is looked at."""
    if cohort.rates is None:
        numbers.left_out["calibration"] = (
            "The scored table has no rates of a norm set, or none was chosen: score with --norms to compare rates."
        )
        return False
    years = about.follow_up
    if cohort.horizon is not None and years is not None and not choices.are_years(cohort.horizon, years):
        numbers.left_out["calibration"] = (
            f"The rates are for {years:g} years, the outcome is at {cohort.horizon:g} {choices.time_unit}: "
            "they cannot be compared."
        )
        return False
    return True


def expected_observed(
    numbers: Numbers, found: st.ExpectedObserved, by: str = "", group: str = "", section: str = "calibration"
) -> None:
    """The rows of an E/O index: what was expected, and the ratio by both intervals."""
    expected = replace(known(found.expected, ""), interval="not_applicable")
    numbers.figure(section, "expected", expected, found.sample, by, group)
    numbers.figure(section, "expected_observed", found.ratio, found.sample, by, group)
    numbers.figure(section, "expected_observed_by_logarithm", found.by_logarithm, found.sample, by, group)


def calibrate(done: Computed, fixed: Analysed, choices: Choices) -> None:
    """Everything that compares rates with outcomes at a fixed follow-up."""
    if fixed.rates is None:
        return
    rates, outcomes, level, numbers = fixed.rates, fixed.outcomes, choices.confidence, done.numbers
    if np.isnan(rates).all():
        numbers.left_out["calibration"] = "Nobody whose outcome is known has a rate under the norm set."
        return
    total = st.expected_observed(rates, outcomes, level=level)
    assert isinstance(total, st.ExpectedObserved)
    done.results["expected_observed"] = total
    expected_observed(numbers, total)
    by_level_and_score(done, fixed, level)
    brier = done.results["brier"] = st.brier(rates, outcomes, level=level)
    numbers.figure("calibration", "brier", brier.score, brier.sample)
    numbers.figure("calibration", "brier_scaled", brier.scaled, brier.sample)
    line = done.results["calibration_line"] = calibration_line(rates, outcomes, level)
    numbers.figure("calibration", "calibration_intercept", line.intercept, line.sample)
    numbers.figure("calibration", "calibration_slope", line.slope, line.sample)
    numbers.test("calibration", "calibration_line", line.test)
    _curve(done, rates, outcomes, choices)
    table = done.results["hosmer_lemeshow"] = st.hosmer_lemeshow(rates, outcomes)
    numbers.add_rows("hosmer_lemeshow", table.columns)
    numbers.test("calibration", "hosmer_lemeshow", table.test)
    benefit = done.results["decision_curve"] = st.decision_curve(rates, outcomes)
    if benefit.status != "estimated":
        numbers.left_out["decision_curve"] = f"There is no decision curve: {benefit.status}."
    numbers.add_rows("decision_curve", benefit.columns)


def calibration_line(
    rates: NDArray[np.float64], outcomes: NDArray[np.float64], confidence: float
) -> st.CalibrationLine:
    """The calibration line; a rate of exactly 0 or 1, which one person would refute, has none."""
    if certain(rates):
        none, nan, rated = missing("certain"), float("nan"), ~np.isnan(rates)
        test = st.Test(nan, nan, nan, "certain")
        return st.CalibrationLine(none, none, test, people(outcomes[rated], int((~rated).sum())))
    return st.calibration_line(rates, outcomes, level=confidence)


def certain(rates: NDArray[np.float64]) -> bool:
    """Whether a rate is exactly 0 or 1."""
    return bool(((rates == 0) | (rates == 1)).any())


def by_level_and_score(
    done: Computed,
    given: Analysed,
    confidence: float,
    section: str = "calibration",
    times: NDArray[np.float64] | None = None,
    horizon: float | None = None,
) -> None:
    """E/O of each level and each score, and the tests that all have one E/O."""
    kinds = []
    if given.levels is not None:
        kinds.append(("level", np.where(given.levels < 0, np.nan, given.levels), given.level_names))
    scores, places = np.unique(stretched(given.scores), return_inverse=True)
    kinds.append(("score", places.astype(np.float64), [f"{each:g}" for each in scores]))

    def index(rows: NDArray[np.bool_], by: NDArray[np.float64] | None = None) -> Any:
        assert given.rates is not None
        return st.expected_observed(
            given.rates[rows],
            given.outcomes[rows],
            times=None if times is None else times[rows],
            horizon=horizon,
            by=by,
            level=confidence,
        )

    for by, codes, names in kinds:
        table = index(np.ones(len(codes), np.bool_), codes)
        called = np.array([names[int(float(each))] for each in table["group"].tolist()], object)
        name = "expected_observed" if times is None else "expected_observed_followed"
        done.results[f"{name} by {by}"] = replace(table, columns={**table.columns, "group": called})
        for code, group in enumerate(names):
            if (own := codes == code).any():
                expected_observed(done.numbers, index(own), by, group, section)
        done.numbers.test(section, "expected_observed", table.equal, by)


def _curve(done: Computed, rates: NDArray[np.float64], outcomes: NDArray[np.float64], choices: Choices) -> None:
    numbers = done.numbers
    curve = done.results["calibration_curve"] = st.calibration_curve(rates, outcomes)
    numbers.add_rows("calibration_curve", curve.columns)
    for name, estimate in _distances(curve, rates, outcomes, choices).items():
        numbers.figure("calibration", name, estimate, curve.sample)


def _distances(
    curve: st.CalibrationCurve, rates: NDArray[np.float64], outcomes: NDArray[np.float64], choices: Choices
) -> dict[str, Estimate]:
    """ICI, E50, E90 and Emax, with intervals where the caller asks for replicates."""
    names = ("ici", "e50", "e90", "emax")
    if curve.status != "estimated":
        return {name: missing(curve.status) for name in names}
    if not choices.bootstrap:
        return {name: known(getattr(curve, name)) for name in names}
    complete = ~np.isnan(rates)
    p, y = rates[complete], outcomes[complete]
    drawn: list[st.CalibrationCurve] = []

    def fitted(rows: NDArray[np.uint32]) -> st.CalibrationCurve:
        drawn.append(st.calibration_curve(p[rows], y[rows]))
        return drawn[-1]

    def resampled(statistic: Any) -> Estimate:
        return st.bootstrap(
            len(p), statistic, replicates=choices.bootstrap, seed=choices.seed, level=choices.confidence, bca=False
        ).estimate

    found = {"ici": resampled(lambda rows: fitted(rows).ici)}
    # The same seed draws the same people in the same order: the curves are fitted once for all four.
    for name in names[1:]:
        curves = iter(drawn)
        found[name] = resampled(lambda rows, curves=curves, name=name: getattr(next(curves), name))
    return found
