"""Which column is what: named by the caller, or found where there is only one way to take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appraise._core import UsageError
from appraise._nearest import nearest
from appraise._validation.choices import Choices
from appraise._validation.inputs import Given

NO_NORMS = "none"


@dataclass(frozen=True)
class Place:
    """A column of one of the tables: 0 the scored one, 1 the outcomes, 2 the second ratings."""

    table: int
    column: str


@dataclass(frozen=True)
class Roles:
    """Where each thing stands. `keys` has a pair of columns for each part of the key."""

    keys: tuple[tuple[str, ...], ...]
    score: Place
    status: Place | None
    level: Place | None
    rates: Place | None
    norms: str | None
    outcome: Place | None
    event: Place | None
    time: Place | None
    start: Place | None
    end: Place | None
    potential: Place | None
    groups: tuple[Place, ...]
    rater: Place | None
    rater_level: Place | None

    def columns(self, table: int) -> list[str]:
        """All columns of one of the tables that are read, once each."""
        places = [each for each in (*(getattr(self, name) for name in SINGLE), *self.groups) if each]
        own = [pair[table] for pair in self.keys] + [each.column for each in places if each.table == table]
        return list(dict.fromkeys(own))

    def told(self) -> dict[str, object]:
        """The roles, for the provenance."""

        def named(place: Place | None) -> dict[str, str] | None:
            return None if place is None else {"table": TABLES[place.table], "column": place.column}

        return {
            "key": [dict(zip(TABLES, names, strict=False)) for names in self.keys],
            **{name: named(getattr(self, name)) for name in SINGLE},
            "groups": [named(each) for each in self.groups],
        }


TABLES = ("scored", "outcomes", "second")
SINGLE = (
    *("score", "status", "level", "rates", "outcome", "event", "time", "start", "end", "potential"),
    *("rater", "rater_level"),
)


class _Finder:
    def __init__(self, scored: Given, outcomes: Given) -> None:
        self._tables = (scored, outcomes)

    def named(self, option: str, column: str, *, first: int) -> Place:
        """The column of a name, looked for in one table first."""
        for table in (first, 1 - first):
            if column in self._tables[table].columns:
                return Place(table, column)
        known = [*self._tables[first].columns, *self._tables[1 - first].columns]
        where = " and ".join(each.name for each in self._tables)
        raise UsageError(f"{option}: there is no column '{column}' in {where}{nearest(column, known)}")

    def found(self, option: str, column: str | None, *, first: int, default: str | None) -> Place | None:
        """The column that is named, or that has the default name in its own table."""
        if column is not None:
            return self.named(option, column, first=first)
        return Place(first, default) if default and default in self._tables[first].columns else None


def roles_of(tables: Sequence[Given], choices: Choices) -> Roles:
    """Finds every column of the scored table, the outcomes and, if there are any, second ratings.

    Raises
    ------
    UsageError
        If one that is named is not there, or one that is needed cannot be told.
    """
    scored, outcomes, *second = tables
    find = _Finder(scored, outcomes)
    score = _score(find, scored, choices)
    stem = score.column
    status = find.found("status", None, first=0, default=f"{stem}_status")
    level = find.found("level", choices.level, first=0, default=f"{stem}_level")
    rates, norms = _rates(find, scored, stem, choices)
    outcome = find.found("outcome", choices.outcome, first=1, default="outcome")
    # Half of the pair by its usual name alone says nothing: it may be another event, or another time.
    both = {"event", "time"}.issubset(outcomes.columns)
    timed = both or choices.time or choices.start
    event = find.found("event", choices.event, first=1, default="event" if timed else None)
    by_name = "time" if (both or choices.event) and choices.start is None else None
    time = find.found("time", choices.time, first=1, default=by_name)
    start, end = (find.found(name, getattr(choices, name), first=1, default=None) for name in ("start", "end"))
    _refuse_half(outcomes, outcome, event, time or end)
    rater, rater_level = (
        find.found(name, getattr(choices, name), first=1, default=None) for name in ("rater", "rater_level")
    )
    groups = tuple(find.named("group", name, first=1) for name in choices.groups)
    keys: tuple[tuple[str, ...], ...] = _keys(scored, outcomes, choices.key)
    for place in (level, event, *groups):
        if place and place.column in {pair[place.table] for pair in keys}:
            raise UsageError(
                f"'{place.column}' is the key: what it holds names people, and is no level, event or group"
            )
    if second:
        rater, rater_level = _second(second[0], score, level)
        keys = tuple((*pair, _of_second(second[0], pair)) for pair in keys)
    return Roles(
        keys,
        score,
        status,
        level,
        rates,
        norms,
        outcome,
        event,
        time,
        start,
        end,
        find.found("potential", choices.potential, first=1, default=None),
        groups,
        rater,
        rater_level,
    )


def _second(second: Given, score: Place, level: Place | None) -> tuple[Place, Place | None]:
    """The second rater's score and level: the columns of the same names."""
    if score.column not in second.columns:
        near = nearest(score.column, second.columns)
        raise UsageError(f"second: {second.name} has no column '{score.column}'{near}")
    there = level is not None and level.column in second.columns
    return Place(2, score.column), Place(2, level.column) if level and there else None


def _of_second(second: Given, pair: tuple[str, ...]) -> str:
    """The key among the second ratings, under either of its names."""
    for name in pair:
        if name in second.columns:
            return name
    raise UsageError(f"key: {second.name} has no column '{pair[0]}'{nearest(pair[0], second.columns)}")


def _score(find: _Finder, scored: Given, choices: Choices) -> Place:
    if choices.score is not None:
        return find.named("score", choices.score, first=0)
    scales = [name for name in scored.columns if f"{name}_status" in scored.columns]
    levelled = [name for name in scales if f"{name}_level" in scored.columns]
    if not scales:
        raise UsageError(
            f"score: {scored.name} has no result of score (a column with another of its name and '_status'); "
            f"name the column; it has: {', '.join(scored.columns)}"
        )
    if len(levelled or scales) > 1:
        raise UsageError(f"score: {scored.name} has several: {', '.join(levelled or scales)}; name one")
    return Place(0, (levelled or scales)[0])


def _rates(find: _Finder, scored: Given, stem: str, choices: Choices) -> tuple[Place | None, str | None]:
    if choices.rates is not None:
        place = find.named("rates", choices.rates, first=0)
        return place, _norms_of(place.column, stem)
    there = {
        name.removesuffix("_rate").removeprefix(f"{stem}_"): name
        for name in scored.columns
        if name.startswith(f"{stem}_") and name.endswith("_rate")
    }
    if choices.norms == NO_NORMS:
        return None, None
    if choices.norms is not None:
        if choices.norms not in there:
            has = f"it has {', '.join(there)}{nearest(choices.norms, there)}" if there else "it has none"
            raise UsageError(
                f"norms: {scored.name} has no rates of '{choices.norms}' ({stem}_{choices.norms}_rate); {has}"
            )
        return Place(0, there[choices.norms]), choices.norms
    if len(there) > 1:
        raise UsageError(
            f"norms: {scored.name} has rates of several norm sets: {', '.join(there)}; name one, or '{NO_NORMS}'"
        )
    return next(((Place(0, column), name) for name, column in there.items()), (None, None))


def _norms_of(column: str, stem: str) -> str | None:
    if column.startswith(f"{stem}_") and column.endswith("_rate"):
        return column.removesuffix("_rate").removeprefix(f"{stem}_")
    return None


def _refuse_half(outcomes: Given, outcome: Place | None, event: Place | None, time: Place | None) -> None:
    if (event is None) != (time is None):
        there, absent = ("event", "time") if event else ("time", "event")
        raise UsageError(
            f"{absent}: {there} needs it, and {outcomes.name} has no column for it; "
            f"name it{' (or start and end)' if absent == 'time' else ''}; it has: {', '.join(outcomes.columns)}"
        )
    if outcome is None and event is None:
        raise UsageError(
            f"outcome: {outcomes.name} has no column 'outcome', nor 'event' and 'time'"
            f"{nearest('outcome', outcomes.columns)}; name them; it has: {', '.join(outcomes.columns)}"
        )


def _keys(scored: Given, outcomes: Given, named: Sequence[str]) -> tuple[tuple[str, str], ...]:
    tables = (scored, outcomes)
    if named:
        pairs = [(first, second or first) for first, _, second in (each.partition("=") for each in named)]
        for pair in pairs:
            for table, column in zip(tables, pair, strict=True):
                if column not in table.columns:
                    near = nearest(column, table.columns)
                    raise UsageError(f"key: {table.name} has no column '{column}'{near}")
        return tuple(pairs)
    declared = (scored.manifest or {}).get("options", {}).get("key")
    common = [name for name in (declared, *scored.columns) if name and name in outcomes.columns]
    if not common:
        raise UsageError(
            f"key: {scored.name} and {outcomes.name} have no column in common; "
            f"name it as key, or as SCORED=OUTCOMES if it has two names"
        )
    return ((common[0], common[0]),)
