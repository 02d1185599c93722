"""The people of a validation: one row for each, as columns that the statistics read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appraise._core import UsageError
from appraise._validation.choices import Choices
from appraise._validation.columns import Labels, Reader, ended_by, outcome_at, potential_of, times_of
from appraise._validation.inputs import Rows
from appraise._validation.joining import Joined, Wrong
from appraise._validation.roles import Place, Roles

MOST_GROUPS = 100
MOST_LEVELS = 100
NOT_STATED = "(not stated)"


@dataclass(frozen=True)
class Cohort:
    """One row for each person that both tables have. What is missing is NaN, or -1 in labels.

    Attributes
    ----------
    outcomes : array
        At a fixed follow-up: 0 or 1.
    times, events : array, optional
        In the caller's unit; 0, 1, or 2 where another event came first.
    endings : dict
        What each text of how follow-up ended was taken for, and of how many people.
    invalid : dict
        By code, in whose row something stands that cannot be used.
    short : array of bool
        Who was not, or could not be, followed up to the horizon, so that the outcome there is not known.
    """

    scores: NDArray[np.float64]
    statuses: Labels | None
    levels: Labels | None
    rates: NDArray[np.float64] | None
    outcomes: NDArray[np.float64] | None
    times: NDArray[np.float64] | None
    events: NDArray[np.float64] | None
    endings: dict[str, tuple[int, int]]
    short: NDArray[np.bool_]
    groups: dict[str, Labels]
    ratings: NDArray[np.float64] | None
    rating_levels: Labels | None
    horizon: float | None
    wrong: list[Wrong]
    invalid: dict[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.scores)


def cohort_of(
    tables: Sequence[Rows],
    joined: Joined,
    roles: Roles,
    choices: Choices,
    *,
    horizon: float | None,
    levels: Sequence[str] | None,
) -> Cohort:
    """Reads the columns of the people that both tables have.

    Parameters
    ----------
    horizon : float, optional
        At which the outcome is looked at, in the unit of the times.
    levels : sequence of str, optional
        The levels of the instrument in order, where they are known.

    Raises
    ------
    UsageError
        If a column holds nothing that can be used, rates are percents, or times are of another unit.
    """
    read = Reader(tables, joined)
    scores = read.numbers(roles.score, "score.invalid")
    assert scores is not None
    rates = _rates(read, roles.rates)
    expected = "0 or 1 (or true, false, yes, no)"
    outcomes = read.kinds(roles.outcome, 1, "outcome.invalid", expected)
    events, endings = ended_by(read, roles.event, choices)
    times = times_of(read, roles, choices)
    short = np.zeros(len(scores), np.bool_)
    if times is not None and events is not None:
        unknown = np.isnan(times) | np.isnan(events)
        times, events = np.where(unknown, np.nan, times), np.where(unknown, np.nan, events)
        if horizon is not None:
            at_horizon = outcome_at(times, events, horizon)
            potential = potential_of(read, roles, choices)
            if potential is not None:
                # Whoever could not be followed that long is left out whatever happened: else early events alone stay.
                too_late = ~(potential >= horizon)
                at_horizon[too_late] = np.nan
            short = ~unknown & np.isnan(at_horizon)
            outcomes = at_horizon if outcomes is None else _agreeing(read, roles, outcomes, at_horizon)
    codes = read.labels(roles.level, MOST_LEVELS, levels) if roles.level else None
    if codes is not None and levels is None:
        codes = _by_score(codes, scores, _dictionary_order(tables[0], roles.level))
    return Cohort(
        scores,
        read.labels(roles.status, MOST_LEVELS) if roles.status else None,
        codes,
        rates,
        outcomes,
        times,
        events,
        endings,
        short,
        {place.column: read.labels(place, MOST_GROUPS) for place in roles.groups},
        read.numbers(roles.rater, "rater.invalid"),
        read.labels(roles.rater_level, MOST_LEVELS, codes.names if codes else None) if roles.rater_level else None,
        horizon,
        read.wrong,
        read.invalid,
    )


def _agreeing(
    read: Reader, roles: Roles, outcomes: NDArray[np.float64], at_horizon: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The outcomes that were given, without those that event and time contradict."""
    apart = (outcomes != at_horizon) & ~np.isnan(outcomes) & ~np.isnan(at_horizon)
    assert roles.outcome
    read.blame(roles.outcome, "outcome.contradiction", "event and time say otherwise at the horizon", apart)
    return np.where(apart, np.nan, outcomes)


def _rates(read: Reader, place: Place | None) -> NDArray[np.float64] | None:
    rates = read.numbers(place, "rates.invalid")
    if rates is None or place is None:
        return None
    if (percents := rates > 1).any():
        row = int(np.argmax(percents))
        raise UsageError(
            f"rates: '{place.column}' holds {rates[row]:g}; expected proportions from 0 to 1, not percents"
        )
    read.blame(place, "rates.invalid", "is no proportion from 0 to 1", rates < 0)
    return np.where(rates < 0, np.nan, rates)


def _dictionary_order(rows: Rows, place: Place | None) -> list[str] | None:
    """The order of a column of ordered categories."""
    import pyarrow as pa

    kind = rows.table[place.column].type if place and place.table == 0 else None
    if kind is None or not pa.types.is_dictionary(kind) or not kind.ordered:
        return None
    chunks = rows.table[place.column].unify_dictionaries().chunks if place else []
    names: list[str] = chunks[0].dictionary.to_pylist() if chunks else []
    return names


def _by_score(found: Labels, scores: NDArray[np.float64], order: Sequence[str] | None) -> Labels:
    """Labels in a known order, else by the lowest score that has them; only those that occur."""
    used = [at for at in range(len(found.names)) if found.rows(at).any()]
    known = {name: float(place) for place, name in enumerate(order or ())}

    def rank(at: int) -> tuple[float, str]:
        name = found.names[at]
        lowest = np.nanmin(scores[found.rows(at)], initial=np.inf)
        return (known.get(name, float(lowest)) if order else float(lowest)), name

    ranked = sorted(used, key=rank)
    place = np.full(len(found.names) + 1, -1, np.int64)
    place[ranked] = np.arange(len(ranked))
    return Labels([found.names[at] for at in ranked], place[found.codes])
