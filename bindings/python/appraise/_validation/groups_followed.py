"""Fairness among people followed for different times: concordance, incidence and E/O of each group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st
from appraise._validation.calibration import expected_observed
from appraise._validation.choices import Choices
from appraise._validation.cohort import Cohort
from appraise._validation.columns import Labels
from appraise._validation.compute import Computed
from appraise._validation.followed import incidence_at
from appraise._validation.groups import sizes_of, withheld
from appraise.statistics import Estimate

SECTION = "groups_followed"


def by_group_followed(done: Computed, cohort: Cohort, choices: Choices, *, rates: bool) -> None:
    """The figures of each column of groups, of everybody who was followed.

    Parameters
    ----------
    rates : bool
        Whether the rates are for the horizon.
    """
    if cohort.times is None or cohort.events is None:
        return
    rows = ~np.isnan(cohort.scores) & ~np.isnan(cohort.times)
    rated = rates and cohort.rates is not None and cohort.horizon is not None and not (cohort.rates[rows] == 1).any()
    for column, labels in cohort.groups.items():
        own = Labels(labels.names, np.where(rows, labels.codes, -1))
        sizes = sizes_of(own, int(rows.sum()))
        hidden = withheld(sizes, choices.smallest_cell)[0] | done.withheld.get(column, set())
        shown = {name: own.rows(at) for at, name in enumerate(own.names) if sizes[name] and name not in hidden}
        areas = [_group(done, cohort, column, name, members, choices) for name, members in shown.items()]
        used = [each for each in areas if each.interval == "estimated"]
        if len(used) > 1:
            pooled = st.pool([each.value for each in used], [each.standard_error for each in used])
            done.numbers.test(SECTION, "harrells_c", pooled.q, column)
        if rated and shown:
            _expected(done, cohort, column, shown, choices)


def _group(
    done: Computed, cohort: Cohort, column: str, name: str, members: NDArray[np.bool_], choices: Choices
) -> Estimate:
    assert cohort.times is not None
    assert cohort.events is not None
    scores, times, events = cohort.scores[members], cohort.times[members], cohort.events[members]
    found = st.harrells_c(scores, times, np.where(events == 1, 1.0, 0.0), level=choices.confidence)
    done.numbers.figure(SECTION, "harrells_c", found.c, found.sample, column, name)
    if cohort.horizon is not None:
        incidence = incidence_at(times, events, cohort.horizon, choices.confidence)
        done.numbers.figure(SECTION, "incidence", incidence, found.sample, column, name)
    return found.c


def _expected(
    done: Computed, cohort: Cohort, column: str, shown: dict[str, NDArray[np.bool_]], choices: Choices
) -> None:
    """E/O of each group of which enough people have a rate, and the test that all have one."""
    assert cohort.rates is not None
    assert cohort.times is not None
    assert cohort.events is not None
    level, horizon = choices.confidence, cohort.horizon
    enough = {
        name: members & ~np.isnan(cohort.rates)
        for name, members in shown.items()
        if int((members & ~np.isnan(cohort.rates)).sum()) >= choices.smallest_cell
    }
    for name, members in enough.items():
        found = st.expected_observed(
            cohort.rates[members], cohort.events[members], times=cohort.times[members], horizon=horizon, level=level
        )
        assert isinstance(found, st.ExpectedObserved)
        expected_observed(done.numbers, found, column, name, section=SECTION)
    if len(enough) > 1:
        rows = np.concatenate([np.flatnonzero(members) for members in enough.values()])
        names = np.repeat(np.array(list(enough), object), [int(each.sum()) for each in enough.values()])
        table = st.expected_observed(
            cohort.rates[rows], cohort.events[rows], times=cohort.times[rows], horizon=horizon, by=names, level=level
        )
        assert isinstance(table, st.ExpectedObservedTable)
        done.numbers.test(SECTION, "expected_observed", table.equal, column)
