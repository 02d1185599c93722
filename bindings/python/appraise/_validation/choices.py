"""What a caller chooses: columns, horizon, norms, cut, groups."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from typing import Any

from appraise._core import UsageError

PER_YEAR = {"years": 1.0, "months": 12.0, "days": 365.25}
LONGEST_YEARS = 120.0


@dataclass(frozen=True)
class Choices:
    """The options of a validation, as `validate` and the command line take them."""

    key: tuple[str, ...] = ()
    outcome: str | None = None
    event: str | None = None
    event_is: tuple[str, ...] = ()
    competing_is: tuple[str, ...] = ()
    time: str | None = None
    start: str | None = None
    end: str | None = None
    study_end: str | None = None
    time_unit: str = "years"
    horizon: float | None = None
    potential: str | None = None
    score: str | None = None
    level: str | None = None
    norms: str | None = None
    rates: str | None = None
    cut: str | None = None
    group: tuple[str, ...] = ()
    rater: str | None = None
    rater_level: str | None = None
    smallest_cell: int = 10
    effect: float = 1.0
    bootstrap: int = 0
    seed: int = 1
    confidence: float = 0.95
    describe_sample: str = ""
    describe_outcome: str = ""
    date: str | None = None

    def __post_init__(self) -> None:
        """Refuses what has no meaning."""
        if self.time_unit not in PER_YEAR:
            raise UsageError(f"time_unit: {self.time_unit!r}; expected {', '.join(PER_YEAR)}")
        if self.horizon is not None and not 0 < self.horizon / PER_YEAR[self.time_unit] <= LONGEST_YEARS:
            raise UsageError(
                f"horizon: {self.horizon:g} {self.time_unit}; expected above 0 and at most {LONGEST_YEARS:g} years"
            )
        if self.smallest_cell < 1:
            raise UsageError(f"smallest_cell: {self.smallest_cell}; expected 1 or more")
        if not 0 < self.effect <= 1:
            raise UsageError(f"effect: {self.effect:g}; expected a share above 0, at most 1")
        if self.bootstrap < 0:
            raise UsageError(f"bootstrap: {self.bootstrap}; expected a number of replicates, or 0 for none")
        if not 0 < self.confidence < 1:
            raise UsageError(f"confidence: {self.confidence:g}; expected a share between 0 and 1")
        if self.norms is not None and self.rates is not None:
            raise UsageError("norms and rates: give the norm set or a column of rates, not both")
        for name, given in (("date", self.date), ("study_end", self.study_end)):
            try:
                datetime.date.fromisoformat(given or "2000-01-01")
            except ValueError:
                raise UsageError(f"{name}: expected YYYY-MM-DD, found '{given}'") from None
        if (self.start is None) != (self.end is None):
            raise UsageError("start and end belong together: the days on which follow-up begins and ends")
        if self.start is not None and self.time is not None:
            raise UsageError("time is given, or start and end, not both")
        if self.study_end is not None and (self.start is None or self.potential is not None):
            raise UsageError("study_end needs start and end, and takes the place of potential")
        if self.competing_is and not self.event_is:
            raise UsageError("competing_is needs event_is: the texts that stand for the outcome")

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns of groups."""
        return tuple(each.partition("=")[0] for each in self.group)

    @property
    def references(self) -> dict[str, str]:
        """By column the group that the others are compared with, where it was chosen."""
        return {column: name for column, _, name in (each.partition("=") for each in self.group) if name}

    def in_unit(self, years: float) -> float:
        """Years in the unit of the times; whole days, so that somebody followed to the day counts as followed."""
        return float(int(years * 365.25)) if self.time_unit == "days" else years * PER_YEAR[self.time_unit]

    def are_years(self, horizon: float, years: float) -> bool:
        """Whether a horizon is that many years, give or take what calendars do."""
        return abs(horizon / PER_YEAR[self.time_unit] - years) <= 0.005 * years

    def told(self) -> dict[str, Any]:
        """Options by name, for the provenance: those that are not as they are by default."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) != each.default
        }
