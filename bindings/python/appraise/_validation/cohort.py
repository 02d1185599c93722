"""The people of a validation: rows of both tables brought together, as columns that the statistics read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from appraise._core import UsageError
from appraise._validation import cells
from appraise._validation.choices import LONGEST_YEARS, PER_YEAR, Choices
from appraise._validation.inputs import Rows
from appraise._validation.roles import Place, Roles

if TYPE_CHECKING:
    import pyarrow as pa

MOST_GROUPS = 100
MOST_LEVELS = 100
NOT_STATED = "(not stated)"

CODES = {
    "row.unreadable": "a row that could not be read; the quarantine tells why",
    "key.missing": "a row without a key",
    "key.duplicate": "a key that comes more than once in the table: which row is meant cannot be told, so none is used",
    "key.ambiguous": "a key that comes once here and more than once in the other table",
    "key.unmatched": "a key that the other table does not have",
    "score.invalid": "no number where the score should be",
    "rates.invalid": "no proportion where the rate should be",
    "outcome.invalid": "neither 0 nor 1 (nor true, false, yes, no) where the outcome should be",
    "event.invalid": "none of 0, 1 and 2 where the event should be",
    "time.invalid": "no number of 0 or more where the time of follow-up should be",
    "outcome.contradiction": "an outcome that is not what event and time say at the horizon",
    "rater.invalid": "no number where the second rater's score should be",
}
"""What may be wrong with a row, by the code that the quarantine and the flow of rows name."""


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with rows of one table: positions in what was read, a code, the column to show."""

    table: int
    code: str
    column: str
    message: str
    rows: NDArray[np.int64]


@dataclass
class Joined:
    """Rows of both tables that belong together: row `scored[i]` of one and `outcomes[i]` of the other.

    `counts` has the rows of each table by the code for which they were left out.
    """

    scored: NDArray[np.int64]
    outcomes: NDArray[np.int64]
    counts: tuple[dict[str, int], dict[str, int]]
    wrong: list[Wrong] = field(default_factory=list)


def join(scored: Rows, outcomes: Rows, roles: Roles) -> Joined:
    """Brings the rows of two tables together by their keys; what has no partner is told."""
    import pyarrow as pa

    tables = (scored, outcomes)
    keys = [key_of(rows, [pair[at] for pair in roles.keys]) for at, rows in enumerate(tables)]
    encoded = pa.concat_arrays(keys).dictionary_encode()
    size, count = len(encoded.dictionary), len(keys[0])
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    sides = (codes[:count], codes[count:])
    empty = _empty_key(encoded.dictionary, len(roles.keys))
    times = [np.bincount(side, minlength=size) for side in sides]
    joined = Joined(np.empty(0, np.int64), np.empty(0, np.int64), ({}, {}))
    usable = (times[0] == 1) & (times[1] == 1)
    usable[empty] = False
    for at, side in enumerate(sides):
        column = roles.keys[0][at]
        missing = np.isin(side, empty)
        doubled = ~missing & (times[at][side] > 1)
        alone = ~missing & ~doubled & (times[1 - at][side] == 0)
        # Its partner is one of several: which one, nobody can tell.
        unsure = ~missing & ~doubled & (times[1 - at][side] > 1)
        joined.counts[at]["row.unreadable"] = len(tables[at].bad)
        told = (
            ("key.missing", "the row has no key", missing),
            ("key.duplicate", "other rows of the table have this key", doubled),
            ("key.ambiguous", "several rows of the other table have this key", unsure),
            ("key.unmatched", "the other table does not have this key", alone),
        )
        for code, message, rows in told:
            joined.counts[at][code] = int(rows.sum())
            if rows.any():
                joined.wrong.append(Wrong(at, code, column, message, np.flatnonzero(rows)))
    place = np.full(size, -1, np.int64)
    place[sides[1]] = np.arange(len(sides[1]))
    joined.scored = np.flatnonzero(usable[sides[0]])
    joined.outcomes = place[sides[0][joined.scored]]
    return joined


def key_of(rows: Rows, columns: Sequence[str]) -> pa.Array:
    """The key of each row as text; the parts of a key of several columns are told apart by a character of their own."""
    import pyarrow.compute as pc

    parts = [cells.text(rows.table[name]) for name in columns]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")


def _empty_key(dictionary: pa.Array, parts: int) -> NDArray[np.int64]:
    """Which keys are none: those in which a part is empty."""
    import pyarrow.compute as pc

    if parts == 1:
        return np.flatnonzero(pc.equal(dictionary, "").to_numpy(zero_copy_only=False))
    pattern = "^\x1f|\x1f\x1f|\x1f$"
    return np.flatnonzero(pc.match_substring_regex(dictionary, pattern).to_numpy(zero_copy_only=False))


@dataclass(frozen=True)
class Labels:
    """A column of labels: names in order, and the number of each row's, -1 where there is none."""

    names: list[str]
    codes: NDArray[np.int64]

    def rows(self, at: int) -> NDArray[np.bool_]:
        """Which rows have the label at a place."""
        members: NDArray[np.bool_] = self.codes == at
        return members


@dataclass(frozen=True)
class Cohort:
    """One row for each person that both tables have. What is missing is NaN, or -1 in labels.

    Attributes
    ----------
    outcomes : array
        At a fixed follow-up: 0 or 1.
    times, events : array, optional
        In the caller's unit; 0, 1, or 2 where another event came first.
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
    short: NDArray[np.bool_]
    groups: dict[str, Labels]
    ratings: NDArray[np.float64] | None
    rating_levels: Labels | None
    horizon: float | None
    wrong: list[Wrong]
    invalid: dict[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.scores)


class _Reader:
    """Reads columns for the rows that were brought together, and keeps what is wrong."""

    def __init__(self, tables: tuple[Rows, Rows], joined: Joined) -> None:
        import pyarrow as pa

        self._tables = tables
        self._rows = (joined.scored, joined.outcomes)
        self._taken = tuple(pa.array(rows) for rows in self._rows)
        self.wrong: list[Wrong] = []
        self.invalid: dict[str, NDArray[np.bool_]] = {}

    def column(self, place: Place) -> pa.ChunkedArray:
        return self._tables[place.table].table[place.column].take(self._taken[place.table])

    def blame(self, place: Place, code: str, message: str, wrong: NDArray[np.bool_]) -> None:
        if wrong.any():
            rows = np.sort(self._rows[place.table][np.flatnonzero(wrong)])
            self.wrong.append(Wrong(place.table, code, place.column, message, rows))
            self.invalid[code] = self.invalid.get(code, np.zeros(len(wrong), np.bool_)) | wrong

    def numbers(self, place: Place | None, code: str) -> NDArray[np.float64] | None:
        if place is None:
            return None
        values, wrong = cells.numbers(self.column(place))
        self.blame(place, code, "is no number", wrong)
        return values

    def kinds(self, place: Place | None, highest: int, code: str, expected: str) -> NDArray[np.float64] | None:
        if place is None:
            return None
        values, wrong = cells.kinds(self.column(place), highest)
        if wrong.any() and not np.isfinite(values).any():
            first = cells.shown(self.column(place), np.flatnonzero(wrong)[:1])[0]
            raise UsageError(
                f"{place.column}: no row has a value that can be used; found '{first}'; expected {expected}"
            )
        self.blame(place, code, f"expected {expected}", wrong)
        return values

    def labels(self, place: Place, most: int, order: Sequence[str] | None = None) -> Labels:
        found = Labels(*cells.labels(self.column(place), order))
        if len(found.names) > most:
            raise UsageError(
                f"the column '{place.column}' has {len(found.names):,} values; groups and levels have at most {most}"
            )
        return found


def cohort_of(
    tables: tuple[Rows, Rows],
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
    read = _Reader(tables, joined)
    scores = read.numbers(roles.score, "score.invalid")
    assert scores is not None
    rates = _rates(read, roles.rates)
    expected = "0 or 1 (or true, false, yes, no)"
    outcomes = read.kinds(roles.outcome, 1, "outcome.invalid", expected)
    events = read.kinds(roles.event, 2, "event.invalid", "0, 1, or 2 where another event came first")
    times = _times(read, roles.time, choices.time_unit)
    short = np.zeros(len(scores), np.bool_)
    if times is not None and events is not None:
        unknown = np.isnan(times) | np.isnan(events)
        times, events = np.where(unknown, np.nan, times), np.where(unknown, np.nan, events)
        if horizon is not None:
            at_horizon = outcome_at(times, events, horizon)
            potential = _times(read, roles.potential, choices.time_unit)
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
        short,
        {place.column: read.labels(place, MOST_GROUPS) for place in roles.groups},
        read.numbers(roles.rater, "rater.invalid"),
        read.labels(roles.rater_level, MOST_LEVELS, codes.names if codes else None) if roles.rater_level else None,
        horizon,
        read.wrong,
        read.invalid,
    )


def outcome_at(times: NDArray[np.float64], events: NDArray[np.float64], horizon: float) -> NDArray[np.float64]:
    """The outcome at a horizon: not known of those followed for less without any event.

    Somebody whose other event came first did not have the outcome.
    """
    outcome = np.where((events == 1) & (times <= horizon), 1.0, 0.0)
    return np.where(np.isnan(times) | ((events == 0) & (times < horizon)), np.nan, outcome)


def _agreeing(
    read: _Reader, roles: Roles, outcomes: NDArray[np.float64], at_horizon: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The outcomes that were given, without those that event and time contradict."""
    apart = (outcomes != at_horizon) & ~np.isnan(outcomes) & ~np.isnan(at_horizon)
    assert roles.outcome
    read.blame(roles.outcome, "outcome.contradiction", "event and time say otherwise at the horizon", apart)
    return np.where(apart, np.nan, outcomes)


def _rates(read: _Reader, place: Place | None) -> NDArray[np.float64] | None:
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


def _times(read: _Reader, place: Place | None, unit: str) -> NDArray[np.float64] | None:
    times = read.numbers(place, "time.invalid")
    if times is None or place is None:
        return None
    read.blame(place, "time.invalid", "is a time before the beginning", times < 0)
    longest = np.nanmax(times, initial=0.0)
    if longest / PER_YEAR[unit] > LONGEST_YEARS:
        raise UsageError(
            f"time: '{place.column}' holds {longest:g} {unit}, more than {LONGEST_YEARS:g} years; "
            "say the unit (time_unit): years, months or days"
        )
    return np.where(times < 0, np.nan, times)


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
