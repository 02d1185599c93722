"""Fairness: the same figures in each group, the tests of their differences, and small groups withheld."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st
from appraise._core import UsageError
from appraise._validation.calibration import calibration_line, expected_observed
from appraise._validation.choices import Choices
from appraise._validation.cohort import NOT_STATED, Cohort
from appraise._validation.columns import Labels
from appraise._validation.compute import Analysed, Computed, missing, people, share
from appraise.statistics import Estimate, Sample

ERRORS = (
    *("flagged", "false_positive_rate", "false_negative_rate"),
    *("positive_predictive_value", "negative_predictive_value", "implied_false_positive_rate"),
)
TESTS = ("base_rate", "auc", *ERRORS[:-1], "intercepts", "slopes")
RATED = ("expected_observed", "calibration_intercept", "calibration_slope")


def by_group(done: Computed, cohort: Cohort, fixed: Analysed, choices: Choices) -> None:
    """The figures of each column of groups."""
    for column, labels in cohort.groups.items():
        _by_column(done, column, Labels(labels.names, labels.codes[fixed.rows]), fixed, choices)


def withheld(sizes: Mapping[str, int], smallest: int) -> tuple[set[str], bool]:
    """The groups of which nothing is shown, and whether those that are small follow from the totals all the same.

    Hidden are groups of fewer than `smallest` people, and as many of the next smallest as it takes that neither one of
    them alone, nor so few people together, follow from the totals; but two groups are left to be compared if there are.
    """
    there = sorted((name for name in sizes if sizes[name]), key=lambda name: (sizes[name], name))
    hidden = [name for name in there if sizes[name] < smallest]

    def follow() -> bool:
        return len(hidden) == 1 or 0 < sum(sizes[each] for each in hidden) < smallest

    most = len(there) - 2 if len(there) - len(hidden) > 1 else len(there)
    while follow() and len(hidden) < most:
        hidden.append(there[len(hidden)])
    return set(hidden), follow()


def sizes_of(labels: Labels, people: int) -> dict[str, int]:
    """People by group, and how many of all have none stated."""
    sizes = {name: int(labels.rows(at).sum()) for at, name in enumerate(labels.names)}
    unknown = people - sum(sizes.values())
    return {**sizes, NOT_STATED: unknown} if unknown else sizes


def _by_column(done: Computed, column: str, labels: Labels, fixed: Analysed, choices: Choices) -> None:
    numbers = done.numbers
    sizes = sizes_of(labels, len(labels.codes))
    hidden, follow = withheld(sizes, choices.smallest_cell)
    done.withheld[column] = hidden
    if follow:
        done.following.append(column)
    shown = [name for name in labels.names if sizes[name] and name not in hidden]
    if not shown:
        # Not even their names: in a column of names or numbers these would be people.
        numbers.left_out[f"groups: {column}"] = "Every group is withheld because it is small."
        return
    for name in (each for each, size in sizes.items() if size):
        size = None if name in hidden else sizes[name]
        part = None if size is None else size / len(labels.codes)
        numbers.add("counts", variable=column, category=name, n=size, share=part)
    for name in shown:
        _group(done, column, name, labels.rows(labels.names.index(name)), fixed, choices)
    for name in sorted(hidden - {NOT_STATED}):
        absent = dict.fromkeys(("rate", "auc", "odds_ratio_per_point"), missing("suppressed"))
        _figures(done, column, name, absent, None)
    reference = choices.references.get(column)
    if reference is not None and reference not in shown:
        raise UsageError(f"group: '{reference}' is no group of '{column}' that is shown; groups: {', '.join(shown)}")
    # Those who are shown and nobody else, group after group: what is left out would tell the size of the others.
    codes = np.array([labels.names.index(name) for name in shown])
    chosen = np.concatenate([np.flatnonzero(labels.codes == code) for code in codes])
    named = np.array(labels.names, object)[labels.codes[chosen]]
    found = _compared(done, column, fixed.of(chosen), named, reference, choices, rates=False)
    _errors(done, column, shown, found)
    if fixed.rates is not None and not np.isnan(fixed.rates[chosen]).all():
        _compared(done, column, fixed.of(chosen), named, reference, choices, rates=True)


def _compared(
    done: Computed,
    column: str,
    fixed: Analysed,
    named: NDArray[np.object_],
    reference: str | None,
    choices: Choices,
    *,
    rates: bool,
) -> st.Fairness:
    """Tests, and differences from a reference group: of the scores of everybody, or of those who have rates."""
    found = st.fairness(
        fixed.scores,
        fixed.outcomes,
        named,
        predicted=fixed.rates if rates else None,
        cut=None if rates else done.cut,
        reference=reference,
        smallest=choices.smallest_cell,
        level=choices.confidence,
    )
    done.results[f"fairness{' of rates' if rates else ''} by {column}"] = found
    for name in RATED if rates else TESTS:
        if rates or name not in ERRORS or done.cut is not None:
            done.numbers.test("groups", name, getattr(found, name), column)
    if not len(found.differences):
        return found
    wanted = [rates == (name in RATED) for name in found.differences["figure"].tolist()]
    rows = np.flatnonzero(wanted).tolist()
    done.numbers.add_rows("differences", found.differences.columns, rows, by=column, reference=found.reference)
    return found


def _figures(done: Computed, column: str, group: str, estimates: Mapping[str, Estimate], sample: Sample | None) -> None:
    for name, estimate in estimates.items():
        done.numbers.figure("groups", name, estimate, sample, column, group)


def _group(done: Computed, column: str, name: str, rows: NDArray[np.bool_], fixed: Analysed, choices: Choices) -> None:
    scores, outcomes, confidence = fixed.scores[rows], fixed.outcomes[rows], choices.confidence
    figures = {
        "rate": share(outcomes, confidence),
        "auc": st.auc(scores, outcomes, level=confidence).auc,
        "odds_ratio_per_point": st.odds_ratio_per_point(scores, outcomes, level=confidence).value,
    }
    _figures(done, column, name, figures, people(outcomes))
    if fixed.rates is None:
        return
    rates = fixed.rates[rows]
    if int((~np.isnan(rates)).sum()) < choices.smallest_cell:
        _figures(done, column, name, dict.fromkeys(("expected", *RATED), missing("suppressed")), None)
        return
    index = st.expected_observed(rates, outcomes, level=confidence)
    assert isinstance(index, st.ExpectedObserved)
    expected_observed(done.numbers, index, column, name, section="groups")
    line = calibration_line(rates, outcomes, confidence)
    own = {"calibration_intercept": line.intercept, "calibration_slope": line.slope}
    _figures(done, column, name, own, line.sample)


def _errors(done: Computed, column: str, shown: list[str], found: st.Fairness) -> None:
    """Error rates at the cut; their intervals are exact and there whenever they are, their errors are not told."""
    if done.cut is None:
        return
    rows = found["group"].tolist()
    for group in shown:
        row = rows.index(group)
        sample = Sample(int(found["n"][row]), int(found["events"][row]), 0)
        for name in ERRORS:
            value, low, high = (float(found[f"{name}{end}"][row]) for end in ("", "_low", "_high"))
            status = str(found[f"{name}_status"][row])
            interval = "not_applicable" if name == ERRORS[-1] and status == "estimated" else status
            _figures(done, column, group, {name: Estimate(value, float("nan"), low, high, status, interval)}, sample)
