"""People followed for different times: concordance, incidence, survival by level, E/O of those followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st
from appraise._validation.calibration import by_level_and_score, certain, expected_observed
from appraise._validation.choices import Choices
from appraise._validation.cohort import Cohort
from appraise._validation.compute import Analysed, Computed, analysed, missing
from appraise.statistics import Curve, Estimate

STEPS = {
    "years": (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0),
    "months": (1.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0),
    "days": (7.0, 30.0, 90.0, 182.0, 365.0, 730.0, 1826.0, 3652.0),
}
MOST_TIMES = 10


def followed(done: Computed, cohort: Cohort, choices: Choices, *, rates: bool) -> None:
    """Everything that needs event and time.

    Parameters
    ----------
    rates : bool
        Whether the rates are for the horizon, so that they can be compared.
    """
    numbers = done.numbers
    if cohort.times is None or cohort.events is None:
        numbers.left_out["followed"] = "There are no times of follow-up: no event and time columns."
        return
    rows = ~np.isnan(cohort.scores) & ~np.isnan(cohort.times)
    scores, times, events = cohort.scores[rows], cohort.times[rows], cohort.events[rows]
    own = np.where(events == 1, 1.0, 0.0)  # another event ends follow-up
    level, horizon = choices.confidence, cohort.horizon
    for name, found in (
        ("harrells_c", st.harrells_c(scores, times, own, level=level)),
        ("unos_c", st.unos_c(scores, times, own, horizon=horizon, level=level)),
    ):
        done.results[name] = found
        numbers.figure("discrimination", name, found.c, found.sample)
    ratio = done.results["hazard_ratio_per_point"] = st.hazard_ratio_per_point(scores, times, own, level=level)
    numbers.figure("discrimination", "hazard_ratio_per_point", ratio.value, ratio.sample)
    if horizon is not None:
        area = done.results["auc_at_horizon"] = st.auc_at_horizon(scores, times, events, horizon, level=level)
        numbers.figure("discrimination", "auc_at_horizon", area.auc, area.sample)
    if rates and cohort.rates is not None and horizon is not None:
        _calibration(done, analysed(cohort, rows, cohort.events), times, own, horizon, level)
    _survival(done, cohort, rows, choices)


def _calibration(
    done: Computed,
    given: Analysed,
    times: NDArray[np.float64],
    own: NDArray[np.float64],
    horizon: float,
    level: float,
) -> None:
    assert given.rates is not None
    rates, events = given.rates, given.outcomes
    numbers = done.numbers
    if np.isnan(rates).all():
        return
    if (rates == 1).any():
        numbers.left_out["calibration of people followed for different times"] = (
            "A rate of exactly 1 has no hazard: nobody could be followed for part of the time."
        )
        return
    found = st.expected_observed(rates, events, times=times, horizon=horizon, level=level)
    assert isinstance(found, st.ExpectedObserved)
    done.results["expected_observed_followed"] = found
    expected_observed(numbers, found, section="calibration_followed")
    at = done.results["expected_observed_at"] = st.expected_observed_at(rates, times, events, horizon, level=level)
    numbers.figure("calibration_followed", "expected_observed_at", at.ratio, at.sample)
    slope = missing("certain") if certain(rates) else st.calibration_slope_followed(rates, times, own, level=level)
    numbers.figure("calibration_followed", "calibration_slope_followed", slope, at.sample)
    by_level_and_score(done, given, level, "calibration_followed", times, horizon)


def complement(estimate: Estimate) -> Estimate:
    """One less an estimate."""
    return replace(estimate, value=1 - estimate.value, low=1 - estimate.high, high=1 - estimate.low)


def incidence_at(
    times: NDArray[np.float64], events: NDArray[np.float64], horizon: float, confidence: float
) -> Estimate:
    """How many have had the outcome by the horizon; Aalen-Johansen where another event can come first."""
    if (events == 2).any():
        return st.aalen_johansen(times, events, level=confidence).at(horizon)
    return complement(st.kaplan_meier(times, events, level=confidence).at(horizon))


def grid(longest: float, unit: str, horizon: float | None) -> list[float]:
    """Times for a table: round ones up to the longest follow-up, and the horizon."""
    step = next((each for each in STEPS[unit] if longest / each <= MOST_TIMES), STEPS[unit][-1])
    times = {step * at for at in range(1, int(longest / step) + 1)}
    if horizon is not None and horizon <= longest:
        times.add(horizon)
    return sorted(times)


def _survival(done: Computed, cohort: Cohort, rows: NDArray[np.bool_], choices: Choices) -> None:
    numbers = done.numbers
    assert cohort.times is not None
    assert cohort.events is not None
    if not rows.any():
        numbers.left_out["followed"] = "Nobody with a score was followed."
        return
    competing = bool((cohort.events[rows] == 2).any())
    times = grid(float(cohort.times[rows].max()), choices.time_unit, cohort.horizon)
    curves: dict[str, tuple[Curve, Curve | None]] = {}
    groups = [("", "", rows)]
    if cohort.levels is not None:
        groups += [("level", name, rows & cohort.levels.rows(at)) for at, name in enumerate(cohort.levels.names)]
    for by, group, members in groups:
        if not members.any():
            continue
        t, e = cohort.times[members], cohort.events[members]
        survival = st.kaplan_meier(t, np.where(e == 1, 1.0, 0.0), level=choices.confidence)
        incidence = st.aalen_johansen(t, e, level=choices.confidence) if competing else None
        curves[group] = survival, incidence
        for at in times:
            _row(done, by, group, at, t, e, survival.at(at), incidence.at(at) if incidence else None)
        if cohort.horizon is not None:
            at_horizon = incidence.at(cohort.horizon) if incidence else complement(survival.at(cohort.horizon))
            numbers.figure("base_rates", "incidence", at_horizon, survival.sample, by, group)
    done.results["survival"] = {name: survival for name, (survival, _) in curves.items()}
    if competing:
        done.results["incidence"] = {name: incidence for name, (_, incidence) in curves.items()}
    _hazards(done, cohort.times[rows], cohort.events[rows], times, choices.confidence)


def _row(
    done: Computed,
    by: str,
    group: str,
    at: float,
    times: NDArray[np.float64],
    events: NDArray[np.float64],
    survival: Estimate,
    incidence: Estimate | None,
) -> None:
    estimates = {"survival": survival, "incidence": incidence or complement(survival)}
    cells = {
        f"{name}{end}": value
        for name, each in estimates.items()
        for end, value in (("", each.value), ("_low", each.low), ("_high", each.high), ("_status", each.status))
    }
    at_risk, had = int((times >= at).sum()), int(((events == 1) & (times <= at)).sum())
    done.numbers.add("survival", by=by, group=group, time=at, at_risk=at_risk, events=had, **cells)


def _hazards(
    done: Computed, times: NDArray[np.float64], events: NDArray[np.float64], ends: list[float], confidence: float
) -> None:
    if not ends:
        return
    found = done.results["hazards"] = st.hazard_by_time_free(
        times, np.where(events == 1, 1.0, 0.0), [0.0, *ends], level=confidence
    )
    done.numbers.add_rows("hazards", found.columns)
