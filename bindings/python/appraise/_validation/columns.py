"""Columns of the people that the tables have in common, read for what they stand for; what is wrong is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from appraise._core import UsageError
from appraise._nearest import nearest
from appraise._validation import cells
from appraise._validation.choices import LONGEST_YEARS, PER_YEAR, Choices
from appraise._validation.inputs import Rows
from appraise._validation.joining import Joined, Wrong
from appraise._validation.roles import Place, Roles

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Labels:
    """A column of labels: names in order, and the number of each row's, -1 where there is none."""

    names: list[str]
    codes: NDArray[np.int64]

    def rows(self, at: int) -> NDArray[np.bool_]:
        """Which rows have the label at a place."""
        members: NDArray[np.bool_] = self.codes == at
        return members


MOST_ENDINGS = 100
Endings = tuple[NDArray[np.float64] | None, dict[str, tuple[int, int]]]
"""How each person's follow-up ended; and by text what it was taken for, and of how many people."""


class Reader:
    """Reads columns for the rows that were brought together, and keeps what is wrong."""

    def __init__(self, tables: Sequence[Rows], joined: Joined) -> None:
        import pyarrow as pa

        self._tables = tables
        self._rows = joined.rows
        # Somebody whom the second ratings lack has no row there: position -1, and nothing in its columns.
        self._taken = [pa.array(rows, mask=rows < 0) for rows in self._rows]
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


def ended_by(read: Reader, place: Place | None, choices: Choices) -> Endings:
    """How follow-up ended: 0 without, 1 by the outcome, 2 by another event; and what each text was taken for.

    Raises
    ------
    UsageError
        If a text that was named does not occur.
    """
    if place is None or not choices.event_is:
        expected = "0, 1, or 2 where another event came first"
        return read.kinds(place, 2, "event.invalid", expected), {}
    texts, codes = cells.coded(read.column(place))
    for kind, names in (("event_is", choices.event_is), ("competing_is", choices.competing_is)):
        for name in names:
            if name not in texts:
                known = ", ".join(each for each in texts if each not in cells.MISSING)
                raise UsageError(
                    f"{kind}: '{place.column}' never holds '{name}'{nearest(name, texts)}; it holds: {known}"
                )
    if len(texts) > MOST_ENDINGS:
        raise UsageError(f"event: '{place.column}' has {len(texts):,} values; expected at most {MOST_ENDINGS}")
    taken = {
        each: 1 if each in choices.event_is else 2 if each in choices.competing_is else 0
        for each in texts
        if each not in cells.MISSING
    }
    kinds = np.array([taken.get(each, np.nan) for each in texts] or [np.nan], np.float64)
    counts = np.bincount(codes, minlength=len(texts)).tolist()
    told = {each: (kind, counts[texts.index(each)]) for each, kind in taken.items()}
    return (kinds[codes] if len(codes) else np.empty(0)), told


def times_of(read: Reader, roles: Roles, choices: Choices) -> NDArray[np.float64] | None:
    """Times of follow-up: a column, or the days between two dates, in the caller's unit."""
    if roles.start is None or roles.end is None:
        return _times(read, roles.time, choices.time_unit)
    begins, ends = (_days(read, place) for place in (roles.start, roles.end))
    read.blame(roles.end, "time.invalid", "is before the beginning of follow-up", ends < begins)
    return _in_unit(np.where(ends < begins, np.nan, ends - begins), choices)


def potential_of(read: Reader, roles: Roles, choices: Choices) -> NDArray[np.float64] | None:
    """For how long each person could have been followed: a column, or up to the end of the study."""
    if roles.start is None or choices.study_end is None:
        return _times(read, roles.potential, choices.time_unit)
    end = np.datetime64(choices.study_end, "D").astype(np.int64)
    return _in_unit(end - cells.days(read.column(roles.start))[0], choices)


def _in_unit(days: NDArray[np.float64], choices: Choices) -> NDArray[np.float64]:
    return days * (PER_YEAR[choices.time_unit] / PER_YEAR["days"])


def _days(read: Reader, place: Place) -> NDArray[np.float64]:
    days, wrong = cells.days(read.column(place))
    read.blame(place, "time.invalid", "is no date YYYY-MM-DD", wrong)
    return days


def _times(read: Reader, place: Place | None, unit: str) -> NDArray[np.float64] | None:
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


def outcome_at(times: NDArray[np.float64], events: NDArray[np.float64], horizon: float) -> NDArray[np.float64]:
    """The outcome at a horizon: not known of those followed for less without any event.

    Somebody whose other event came first did not have the outcome.
    """
    outcome = np.where((events == 1) & (times <= horizon), 1.0, 0.0)
    return np.where(np.isnan(times) | ((events == 0) & (times < horizon)), np.nan, outcome)
