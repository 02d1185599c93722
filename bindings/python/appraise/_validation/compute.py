"""Every statistic of a validation, worked out and put into tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st
from appraise._core import UsageError
from appraise._validation.choices import Choices
from appraise._validation.cohort import Cohort
from appraise._validation.tables import Numbers
from appraise.statistics import Estimate, Sample

MOST_SCORES = 100
"""Distinct scores up to which there is a row for each; beyond, tables by score and cut are at as many quantiles."""


@dataclass
class Computed:
    """What was worked out.

    Attributes
    ----------
    numbers : Numbers
        The tables.
    results : dict
        The results of `appraise.statistics` behind them, by name.
    cut : float or None
        At which error rates of groups are, and `cut_words` what it is.
    withheld : dict
        By column of groups, those of which nothing is shown.
    following : list of str
        Columns of groups of which a small one, though withheld, follows from the totals.
    """

    numbers: Numbers = field(default_factory=Numbers)
    results: dict[str, Any] = field(default_factory=dict)
    cut: float | None = None
    cut_words: str = ""
    following: list[str] = field(default_factory=list)
    withheld: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysed:
    """People who are analysed together, all with a score and an outcome; `rows` are theirs in the cohort."""

    rows: NDArray[Any]
    scores: NDArray[np.float64]
    outcomes: NDArray[np.float64]
    rates: NDArray[np.float64] | None
    levels: NDArray[np.int64] | None
    level_names: list[str]

    def of(self, chosen: NDArray[np.int64]) -> Analysed:
        """Some of them, in the order given."""
        return Analysed(
            chosen,
            self.scores[chosen],
            self.outcomes[chosen],
            None if self.rates is None else self.rates[chosen],
            None if self.levels is None else self.levels[chosen],
            self.level_names,
        )


def fixed_follow_up(done: Computed, cohort: Cohort, choices: Choices, *, rates: bool) -> Analysed | None:
    """Base rates and discrimination at a fixed follow-up, and the people that they are about.

    Parameters
    ----------
    rates : bool
        Whether the rates can be compared with the outcome; otherwise the people have none.
    """
    fixed = _fixed(cohort)
    if fixed is None:
        done.numbers.left_out["fixed"] = "There is no outcome at a fixed follow-up: no outcome column, and no horizon."
        return None
    if not rates:
        fixed = replace(fixed, rates=None)
    _base_rates(done, fixed, choices.confidence)
    _discrimination(done, fixed, choices)
    return fixed


def _fixed(cohort: Cohort) -> Analysed | None:
    if cohort.outcomes is None:
        return None
    return analysed(cohort, ~np.isnan(cohort.outcomes) & ~np.isnan(cohort.scores), cohort.outcomes)


def analysed(cohort: Cohort, rows: NDArray[np.bool_], outcomes: NDArray[np.float64]) -> Analysed:
    """Some people of a cohort, with their outcomes."""
    return Analysed(
        rows,
        cohort.scores[rows],
        outcomes[rows],
        None if cohort.rates is None else cohort.rates[rows],
        cohort.levels.codes[rows] if cohort.levels else None,
        cohort.levels.names if cohort.levels else [],
    )


def cut_of(cohort: Cohort, choices: Choices) -> tuple[float | None, str]:
    """The cut for error rates by group: a number or level that was chosen, else the lowest score of the highest level.

    Raises
    ------
    UsageError
        If what was chosen is neither a number nor a level that begins at one score.
    """
    levels = cohort.levels
    if choices.cut is not None:
        try:
            cut = float(choices.cut)
        except ValueError:
            names = levels.names if levels else []
            if choices.cut not in names:
                raise UsageError(
                    f"cut: '{choices.cut}' is no number and no level; levels: {', '.join(names)}"
                ) from None
            lowest = _lowest_of(cohort, names.index(choices.cut))
            if lowest is None:
                raise UsageError(f"cut: the level '{choices.cut}' does not begin at one score in these data") from None
            return lowest, f"level {choices.cut} or above (a score of {lowest:g} or more), as chosen"
        return cut, f"a score of {cut:g} or more, as chosen"
    if levels is None:
        return None, ""
    seen = [at for at in range(len(levels.names)) if (levels.rows(at) & ~np.isnan(cohort.scores)).any()]
    lowest = _lowest_of(cohort, seen[-1]) if len(seen) > 1 else None
    if lowest is None:
        return None, ""
    return lowest, f"the highest level seen, {levels.names[seen[-1]]} (a score of {lowest:g} or more), by default"


def _lowest_of(cohort: Cohort, level: int) -> float | None:
    """The score at which a level begins, if every lower level ends below it."""
    assert cohort.levels
    codes, scores = cohort.levels.codes, cohort.scores
    above = scores[(codes >= level) & ~np.isnan(scores)]
    below = scores[(codes >= 0) & (codes < level) & ~np.isnan(scores)]
    if not len(above) or (len(below) and below.max() >= above.min()):
        return None
    return float(above.min())


def share(outcomes: NDArray[np.float64], confidence: float) -> Estimate:
    """The share of ones with its exact binomial interval: the predictive value of a cut that flags everybody."""
    if not len(outcomes):
        return missing("no_data")
    found = st.cuts(np.zeros(len(outcomes)), outcomes, level=confidence)
    value, error, low, high = (
        float(found[f"positive_predictive_value{end}"][0]) for end in ("", "_error", "_low", "_high")
    )
    return Estimate(value, error, low, high, "estimated", "estimated")


def missing(why: str) -> Estimate:
    """No figure, and why."""
    nan = float("nan")
    return Estimate(nan, nan, nan, nan, why, why)


def known(value: float, why: str = "by_resampling") -> Estimate:
    """A figure without an interval."""
    nan = float("nan")
    return Estimate(value, nan, nan, nan, "estimated", why)


def people(outcomes: NDArray[np.float64], left_out: int = 0) -> Sample:
    """Whom a figure is about."""
    return Sample(len(outcomes), int(outcomes.sum()), left_out)


def members(fixed: Analysed) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Everybody, each level, and each score (or stretch of scores), with the rows."""
    yield "", "", np.ones(len(fixed.scores), np.bool_)
    if fixed.levels is not None:
        for at, name in enumerate(fixed.level_names):
            yield "level", name, fixed.levels == at
    stretches = stretched(fixed.scores)
    for score in np.unique(stretches):
        yield "score", f"{score:g}", stretches == score


def stretched(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores; where very many occur, each as the lowest of its stretch between two quantiles."""
    if not len(scores) or len(np.unique(scores)) <= MOST_SCORES:
        return scores
    starts = np.unique(np.quantile(scores, np.arange(MOST_SCORES) / MOST_SCORES, method="lower"))
    lowest: NDArray[np.float64] = starts[np.searchsorted(starts, scores, side="right") - 1]
    return lowest


def _base_rates(done: Computed, fixed: Analysed, confidence: float) -> None:
    for by, group, rows in members(fixed):
        own = fixed.outcomes[rows]
        done.numbers.figure("base_rates", "rate", share(own, confidence), people(own), by, group)


def _discrimination(done: Computed, fixed: Analysed, choices: Choices) -> None:
    scores, outcomes, level = fixed.scores, fixed.outcomes, choices.confidence
    numbers = done.numbers
    area = done.results["auc"] = st.auc(scores, outcomes, level=level)
    numbers.figure("discrimination", "auc", area.auc, area.sample)
    for name, statistic in (("cohens_d", st.cohens_d), ("odds_ratio_per_point", st.odds_ratio_per_point)):
        effect = done.results[name] = statistic(scores, outcomes, level=level)
        numbers.figure("discrimination", name, effect.value, effect.sample)
    at = stretched(scores)
    cuts = done.results["cuts"] = st.cuts(at, outcomes, level=level)
    numbers.add_rows("cuts", cuts.columns)
    needed = done.results["numbers_needed"] = st.numbers_needed(at, outcomes, effect=choices.effect, level=level)
    numbers.add_rows("numbers_needed", needed.columns)


def agreement(done: Computed, cohort: Cohort, confidence: float) -> None:
    numbers = done.numbers
    if cohort.ratings is None and cohort.rating_levels is None:
        numbers.left_out["agreement"] = "There is no second rating."
    if cohort.ratings is not None:
        first, second = cohort.scores, cohort.ratings
        forms = done.results["icc"] = st.icc({"first": first, "second": second}, level=confidence)
        pairs = Sample(forms.n, 0, forms.left_out)
        for name, estimate in forms.forms.items():
            numbers.figure("agreement", name, estimate, pairs)
        same = done.results["agreement"] = st.agreement(first, second, level=confidence)
        pairs = Sample(same.n, 0, same.left_out)
        numbers.figure("agreement", "exact", same.exact, pairs)
        numbers.figure("agreement", "within_one", same.within_one, pairs)
        numbers.figure("agreement", "mean_difference", same.difference, pairs)
        single = forms.forms["ICC(2,1)"]
        both = np.concatenate([first, second])[np.tile(~np.isnan(first) & ~np.isnan(second), 2)]
        if single.status == "estimated" and len(both) > 1:
            error = done.results["measurement_error"] = st.measurement_error(
                float(np.std(both, ddof=1)), float(np.clip(single.value, 0, 1)), level=confidence
            )
            numbers.figure("agreement", "sem", known(error.sem), pairs)
            numbers.figure("agreement", "sdc", known(error.sdc), pairs)
    if cohort.levels is not None and cohort.rating_levels is not None:
        _level_agreement(done, cohort, confidence)


def _level_agreement(done: Computed, cohort: Cohort, confidence: float) -> None:
    numbers = done.numbers
    assert cohort.levels
    assert cohort.rating_levels
    pair = (cohort.levels, cohort.rating_levels)
    first, second = (np.where(each.codes < 0, np.nan, each.codes) for each in pair)
    for name, weights in (("kappa", "none"), ("kappa_linear", "linear"), ("kappa_quadratic", "quadratic")):
        found = done.results[f"level_{name}"] = st.kappa(first, second, weights=weights, level=confidence)  # type: ignore[arg-type]
        numbers.figure("agreement", name, found.kappa, Sample(found.n, 0, found.left_out), "level")
    same = done.results["level_agreement"] = st.agreement(first, second, level=confidence)
    numbers.figure("agreement", "exact", same.exact, Sample(same.n, 0, same.left_out), "level")
    numbers.figure("agreement", "within_one", same.within_one, Sample(same.n, 0, same.left_out), "level")
    for at, name in enumerate(pair[0].names):
        for place, other in enumerate(pair[1].names):
            both = int((pair[0].rows(at) & pair[1].rows(place)).sum())
            numbers.add("level_pairs", first=name, second=other, n=both)
