"""What moves between two scorings of the same people, counted batch by batch in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from appraise import _core
from appraise._display import number, signed
from appraise._proof.groups import GroupCounts
from appraise._proof.ladder import Ladder, ladder

UNSCORED = ("not_applicable", "incomplete", "invalid")
OUTCOMES = ("same", "up", "down", "unordered", "lost", "gained", "unscored")
"""How a row fared: in the same level, up, down, in levels that cannot be ordered against each other, no longer scored,
newly scored, scored neither before nor after."""
SAME, UP, DOWN, UNORDERED, LOST, GAINED, NEITHER = range(len(OUTCOMES))
MOVERS = (UP, DOWN, LOST, GAINED)
DECIMALS = 4


@dataclass(frozen=True)
class Side:
    """One scale of one plan: where its value, level, status and contributions stand in the scores."""

    plan: _core.ScoringPlan
    code: str
    scheme: str = ""

    @property
    def scale(self) -> _core.Scale:
        """The scale itself."""
        return next(each for each in self.plan.instrument.scales if each.code == self.code)

    def labels(self) -> list[tuple[str, str]]:
        """Labels in ascending order with their standard level: of the levels, else of a scale that is a category."""
        for scheme in self.plan.instrument.levels:
            if scheme.name == self.scheme:
                return [(band.code, band.standard) for band in scheme.bands]
        return [(label, "") for label in self.scale.labels]

    @property
    def level_column(self) -> str:
        """The column of the labels, or nothing if the scale has no labels."""
        return f"{self.code}_level" if self.scheme else self.code if self.scale.labels else ""

    @property
    def has_numbers(self) -> bool:
        """Whether the value is a number."""
        return self.scale.type in ("whole", "real")


@dataclass
class Changes:
    """Differences of a number between the two sides: how many, their mean and their distribution."""

    rows: int = 0
    sums: tuple[float, float] = (0.0, 0.0)
    counts: Counter[float] = field(default_factory=Counter)

    def add(self, before: NDArray[np.float64], after: NDArray[np.float64]) -> None:
        """Takes the rows in which both are there."""
        both = ~(np.isnan(before) | np.isnan(after))
        first, second = before[both], after[both]
        self.rows += len(first)
        self.sums = (self.sums[0] + float(first.sum()), self.sums[1] + float(second.sum()))
        values, counts = np.unique(np.round(second - first, DECIMALS) + 0.0, return_counts=True)
        self.counts.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))

    @property
    def means(self) -> tuple[float, float]:
        """Mean before and after."""
        return (self.sums[0] / self.rows, self.sums[1] / self.rows) if self.rows else (float("nan"), float("nan"))

    def quantile(self, share: float) -> float:
        """A quantile of the differences, to four decimal places."""
        wanted, seen = share * self.rows, 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= wanted:
                return value
        return float("nan")


@dataclass
class Cause:
    """What one term did among the movers of one direction."""

    rows: int = 0
    total: float = 0.0


class Movement:
    """The movement of one scale between two plans."""

    def __init__(self, before: Side, after: Side, equivalents: Mapping[str, str], groups: Sequence[str]) -> None:
        self.before, self.after = before, after
        self.ladder: Ladder = ladder(before.labels(), after.labels(), equivalents)
        self.by_value = not (before.level_column and after.level_column)
        names = [["scored"] if self.by_value else list(each) for each in (self.ladder.before, self.ladder.after)]
        self.rows, self.columns = ([*each, *UNSCORED] for each in names)
        self.matrix = np.zeros((len(self.rows), len(self.columns)), np.int64)
        self._directions = np.zeros((1, 1), np.int8) if self.by_value else self.ladder.directions()
        self.outcomes = np.zeros(len(OUTCOMES), np.int64)
        self.changes = Changes()
        self.causes: dict[tuple[int, str], Cause] = {}
        self.other_cuts = np.zeros(len(OUTCOMES), np.int64)
        self.groups = [GroupCounts(name, len(OUTCOMES)) for name in groups]

    @property
    def directed(self) -> bool:
        """Whether up and down are known."""
        return self.by_value or self.ladder.comparable

    @property
    def total(self) -> int:
        """All rows."""
        return int(self.outcomes.sum())

    @property
    def scored_before(self) -> int:
        """Rows that had a value, or a level, before."""
        return int(self.total - self.outcomes[[GAINED, NEITHER]].sum())

    def add(self, first: pa.Table, second: pa.Table, kept: Mapping[str, pa.Array], rows: NDArray[np.int64]) -> pa.Table:
        """Counts the rows of a batch and returns those that moved.

        Parameters
        ----------
        first, second : table of n rows
            The scores of both plans, with contributions.
        kept : mapping
            Columns of the caseload to show with a mover; groups are among them.
        rows : array of n
            Numbers of the rows, counted from 1.
        """
        places = [
            _places(table, side, names, labelled=not self.by_value) for side, table, names in self._sides(first, second)
        ]
        values = [
            numbers(table, side.code) if side.has_numbers else np.full(len(table), np.nan)
            for side, table, _ in self._sides(first, second)
        ]
        self.matrix += np.bincount(places[0] * len(self.columns) + places[1], minlength=self.matrix.size).reshape(
            self.matrix.shape
        )
        outcomes = self._outcomes(places, values)
        self.outcomes += np.bincount(outcomes, minlength=len(OUTCOMES))
        self.changes.add(*values)
        for group in self.groups:
            group.add(kept[group.column], outcomes)
        moved = np.flatnonzero(np.isin(outcomes, MOVERS))
        why = self._why(first, second, values, outcomes, moved)
        return self._movers(places, values, outcomes, moved, why, kept, rows)

    def _sides(self, first: pa.Table, second: pa.Table) -> list[tuple[Side, pa.Table, list[str]]]:
        return [(self.before, first, self.rows), (self.after, second, self.columns)]

    def _outcomes(
        self, places: Sequence[NDArray[np.int64]], values: Sequence[NDArray[np.float64]]
    ) -> NDArray[np.int64]:
        here = [
            place < len(names) - len(UNSCORED) for place, names in zip(places, (self.rows, self.columns), strict=True)
        ]
        both = here[0] & here[1]
        outcomes = np.select([both, here[0], here[1]], [SAME, LOST, GAINED], NEITHER)
        if self.by_value:
            with np.errstate(invalid="ignore"):
                direction = np.sign(values[1] - values[0])
        elif self.ladder.comparable:
            direction = np.zeros(len(both), np.int8)
            direction[both] = self._directions[places[0][both], places[1][both]]
        else:
            return np.where(both, UNORDERED, outcomes)
        outcomes[both & (direction > 0)] = UP
        outcomes[both & (direction < 0)] = DOWN
        return outcomes

    def _why(
        self,
        first: pa.Table,
        second: pa.Table,
        values: Sequence[NDArray[np.float64]],
        outcomes: NDArray[np.int64],
        moved: NDArray[np.int64],
    ) -> list[str]:
        """In words what moved each mover, item by item where both sides have them; counts the causes too."""
        differences = {
            term: (numbers(second, name_after) - numbers(first, name_before))[moved]
            for term, name_before, name_after in self._terms(first, second)
        }
        texts: list[list[str]] = [[] for _ in moved]
        scored = np.isin(outcomes[moved], (UP, DOWN))
        for term, difference in differences.items():
            rounded = np.round(difference, DECIMALS)
            for place in np.flatnonzero(scored & ~np.isnan(rounded) & (rounded != 0)).tolist():
                texts[place].append(f"{term} {signed(float(rounded[place]))}")
                cause = self.causes.setdefault((int(outcomes[moved[place]]), term), Cause())
                cause.rows += 1
                cause.total += float(rounded[place])
        lost = {LOST: second, GAINED: first}
        for place, row in enumerate(moved.tolist()):
            outcome = int(outcomes[row])
            if outcome in lost:
                texts[place] = lost[outcome]["reasons"][row].as_py() or []
            elif not texts[place] and values[0][row] == values[1][row]:
                texts[place] = ["same value, other cuts"]
                self.other_cuts[outcome] += 1
        return ["; ".join(each) for each in texts]

    def _terms(self, first: pa.Table, second: pa.Table) -> list[tuple[str, str, str]]:
        """Terms that both sides have, with the columns of their contributions."""
        found = [
            {
                name.removeprefix(f"{code}_from_"): name
                for code in (side.code, *side.scale.explained_by)
                for name in table.column_names
                if name.startswith(f"{code}_from_")
            }
            for side, table, _ in self._sides(first, second)
        ]
        return [(term, name, found[1][term]) for term, name in found[0].items() if term in found[1]]

    def _movers(
        self,
        places: Sequence[NDArray[np.int64]],
        values: Sequence[NDArray[np.float64]],
        outcomes: NDArray[np.int64],
        moved: NDArray[np.int64],
        why: list[str],
        kept: Mapping[str, pa.Array],
        rows: NDArray[np.int64],
    ) -> pa.Table:
        columns: dict[str, Any] = {"row": pa.array(rows[moved], pa.int64())}
        for name, column in kept.items():
            columns[name] = column.take(pa.array(moved)).cast(pa.string())
        columns["scale"] = pa.array([self.after.code] * len(moved), pa.string())
        columns["movement"] = pa.array([OUTCOMES[each] for each in outcomes[moved]], pa.string())
        for side, value, place, names in zip(
            ("before", "after"), values, places, (self.rows, self.columns), strict=True
        ):
            columns[f"value_{side}"] = pa.array(value[moved], pa.float64(), from_pandas=True)
            columns[f"level_{side}"] = pa.array([names[each] for each in place[moved]], pa.string())
        columns["why"] = pa.array(why, pa.string())
        return pa.table(columns)


def _places(table: pa.Table, side: Side, names: Sequence[str], *, labelled: bool) -> NDArray[np.int64]:
    """The number of each row's label among `names`, of rows without a score that of their status."""
    labels = len(names) - len(UNSCORED)
    statuses = _coded(table[f"{side.code}_status"], ["scored", "scored_with_omissions", *UNSCORED])
    label = _coded(table[side.level_column], list(names[:labels])) if labelled else np.zeros(len(table), np.int64)
    return np.where(statuses < 2, label, labels + statuses - 2)


def _coded(column: pa.ChunkedArray, labels: list[str]) -> NDArray[np.int64]:
    """The number of each label; -1 where there is none."""
    places: NDArray[np.int64] = pc.fill_null(pc.index_in(column.cast(pa.string()), pa.array(labels)), -1).to_numpy()
    return places.astype(np.int64)


def numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column of numbers, NaN where there is none."""
    return table[name].cast(pa.float64()).to_numpy() if name in table.column_names else np.full(len(table), np.nan)


def value_text(value: float) -> str:
    """A number for people: whole without a point, else four digits."""
    if value != value:
        return "-"
    return number(value) if float(value).is_integer() else f"{value:.4g}"
