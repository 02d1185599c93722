"""The same caseload under two plans: which scales are compared, what moved, and whether it may go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from appraise import _core
from appraise._nearest import nearest
from appraise._proof.movement import DOWN, LOST, UNORDERED, UP, Changes, Movement, Side, numbers

STOPS = {"up": (UP,), "down": (DOWN,), "moved": (UP, DOWN), "unscored": (LOST,)}


@dataclass(frozen=True)
class Plan:
    """A compiled plan with the choices that a plan does not tell of itself."""

    plan: _core.ScoringPlan
    levels: Mapping[str, str] = field(default_factory=dict)
    norms: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Instrument and edition."""
        return f"{self.plan.instrument.id} {self.plan.instrument.edition}"

    def side(self, code: str) -> Side:
        """One scale of the plan, with the level scheme in use."""
        for scale in self.plan.instrument.scales:
            if scale.code == code and scale.reported:
                return Side(self.plan, code, self.levels.get(code, scale.levels))
        reported = [scale.code for scale in self.plan.instrument.scales if scale.reported]
        raise _core.UsageError(
            f"{self.name} has no reported scale '{code}'; it has: {', '.join(reported)}{nearest(code, reported)}"
        )

    def choices(self) -> str:
        """Level schemes and norms that were chosen, in words."""
        chosen = [f"levels of {scale}: {scheme}" for scale, scheme in self.levels.items()]
        return "; ".join([*chosen, *(f"norms {name}" for name in self.norms)])


@dataclass(frozen=True)
class Limit:
    """A stop threshold: at most so many rows, or so large a share of the rows scored before."""

    kind: str
    text: str
    share: float | None
    rows: int | None

    @classmethod
    def parse(cls, kind: str, text: str) -> Limit:
        """Reads "2%", "0.5 %" or "100"."""
        given = text.strip()
        try:
            if given.endswith("%"):
                share = float(given[:-1]) / 100
                if 0 <= share <= 1:
                    return cls(kind, given, share, None)
            elif int(given) >= 0:
                return cls(kind, given, None, int(given))
        except ValueError:
            pass
        raise _core.UsageError(f"--fail-if-{kind} {text}: expected a percentage such as 2%, or a number of rows")

    def exceeded(self, found: int, of: int) -> bool:
        """Whether `found` rows of `of` are more than allowed."""
        return found > self.rows if self.rows is not None else found > (self.share or 0.0) * of


@dataclass(frozen=True)
class Stop:
    """What a limit found in one scale."""

    limit: Limit
    scale: str
    found: int
    of: int

    @property
    def exceeded(self) -> bool:
        """Whether the rescoring must not go on."""
        return self.limit.exceeded(self.found, self.of)


class Rescoring:
    """What moves when a caseload is scored by another plan.

    Rows go in batch by batch with `add`; memory does not grow with their number.

    Parameters
    ----------
    before, after : Plan
    scales : mapping, optional
        Scale after by scale before. Default: all that both report under the same name and that have levels; if there
        is none, all that both report.
    equivalents : mapping, optional
        Level after by level before, where the names of the levels differ.
    groups : sequence of str
        Columns of the caseload by which to count.
    limits : sequence of Limit

    Raises
    ------
    UsageError
        If there is nothing to compare, or a limit asks for an order that the levels do not have.
    """

    def __init__(
        self,
        before: Plan,
        after: Plan,
        *,
        scales: Mapping[str, str] | None = None,
        equivalents: Mapping[str, str] | None = None,
        groups: Sequence[str] = (),
        limits: Sequence[Limit] = (),
    ) -> None:
        self.before, self.after, self.limits = before, after, limits
        pairs = scales or _same_scales(before, after)
        sides = [(before.side(first), after.side(second)) for first, second in pairs.items()]
        self.movements = [Movement(*each, _equivalents(each[0], equivalents or {}), groups) for each in sides]
        unused = set(equivalents or ()).difference(label for side, _ in sides for label, _ in side.labels())
        if unused:
            raise _core.UsageError(f"no scale that is compared has a level '{min(unused)}' before")
        self.rates = self._rates()
        self.rows = 0
        for movement in self.movements:
            for limit in limits:
                if limit.kind != "unscored" and not movement.directed:
                    raise _core.UsageError(
                        f"--fail-if-{limit.kind}: the levels of {movement.after.code} cannot be ordered "
                        f"({', '.join(movement.ladder.before)}; {', '.join(movement.ladder.after)}); "
                        "say which stand for the same with --equivalent BEFORE=AFTER"
                    )

    def _rates(self) -> dict[tuple[str, str], Changes]:
        """Rates under the norms of both sides, in the order in which they were chosen."""
        columns = [
            [
                f"{norms.scale}_{norms.id}_rate"
                for name in plan.norms
                for norms in plan.plan.instrument.norms
                if norms.id == name
            ]
            for plan in (self.before, self.after)
        ]
        return {pair: Changes() for pair in zip(*columns, strict=False)}

    def add(
        self, first: pa.Table, second: pa.Table, kept: Mapping[str, pa.Array], rows: NDArray[np.int64]
    ) -> list[pa.Table]:
        """Counts a batch of rows, scored by both plans with contributions, and returns those that moved."""
        movers = [movement.add(first, second, kept, rows) for movement in self.movements]
        for (before, after), changes in self.rates.items():
            changes.add(numbers(first, before), numbers(second, after))
        self.rows += len(first)
        return movers

    @property
    def stops(self) -> list[Stop]:
        """What each limit found in each scale."""
        return [
            Stop(
                limit,
                movement.after.code,
                int(movement.outcomes[list(STOPS[limit.kind])].sum()),
                movement.scored_before,
            )
            for movement in self.movements
            for limit in self.limits
        ]

    @property
    def stopped(self) -> bool:
        """Whether a limit is exceeded."""
        return any(stop.exceeded for stop in self.stops)

    @property
    def unordered(self) -> bool:
        """Whether some levels cannot be ordered against each other."""
        return any(movement.outcomes[UNORDERED] for movement in self.movements)


def _equivalents(side: Side, equivalents: Mapping[str, str]) -> Mapping[str, str]:
    """Those that are about the levels of a scale."""
    labels = [label for label, _ in side.labels()]
    return equivalents if any(label in equivalents for label in labels) else {}


def _same_scales(before: Plan, after: Plan) -> dict[str, str]:
    reported = [
        {scale.code: scale for scale in plan.plan.instrument.scales if scale.reported} for plan in (before, after)
    ]
    both = [code for code in reported[0] if code in reported[1] and reported[0][code].type != "date"]
    with_levels = [code for code in both if before.side(code).scheme and after.side(code).scheme]
    categories = [code for code in both if reported[0][code].labels and reported[1][code].labels]
    chosen = [code for code in both if code in with_levels or code in categories] or both
    if not chosen:
        raise _core.UsageError(
            f"{before.name} and {after.name} have no scale of the same name; "
            f"say which to compare with --scale BEFORE=AFTER (before: {', '.join(reported[0])}; "
            f"after: {', '.join(reported[1])})"
        )
    return {code: code for code in chosen}
