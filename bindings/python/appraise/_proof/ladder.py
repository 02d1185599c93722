"""The levels of two scorings on one ladder, so that "up" and "down" mean something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appraise import _core

STANDARD = {"I": (1, 1), "II": (2, 2), "III": (3, 3), "IV": (4, 5), "IVa": (4, 4), "IVb": (5, 5), "V": (6, 6)}
Rungs = list[tuple[int, int]]


@dataclass(frozen=True)
class Ladder:
    """Labels of both sides in order, each with the rungs that it spans. `basis` says what made them comparable.

    Without rungs the labels cannot be ordered against each other: a row is then known to be in a level before and in a
    level after, and nothing more.
    """

    before: Sequence[str]
    after: Sequence[str]
    basis: str
    rungs: tuple[Rungs, Rungs] | None = None

    @property
    def comparable(self) -> bool:
        """Whether up and down are known."""
        return self.rungs is not None

    def directions(self) -> NDArray[np.int8]:
        """1 where the label after lies above the label before, -1 below, 0 where they are the same rung or unknown."""
        if self.rungs is None:
            return np.zeros((len(self.before), len(self.after)), np.int8)
        low, high = (np.array(self.rungs[0], int).reshape(-1, 2)[:, [at]] for at in (0, 1))
        after_low, after_high = np.array(self.rungs[1], int).reshape(-1, 2).T
        return (after_low > high).astype(np.int8) - (after_high < low).astype(np.int8)


def ladder(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], equivalents: Mapping[str, str]
) -> Ladder:
    """The ladder of two lists of (label, standard level), each in ascending order.

    Parameters
    ----------
    equivalents : mapping
        Label after by label before, where the caller says which stand for the same.

    Raises
    ------
    UsageError
        If an equivalent names a label that is not there.
    """
    first, second = [label for label, _ in before], [label for label, _ in after]
    if equivalents:
        return _declared(first, second, equivalents)
    longer, shorter = (second, first) if len(second) >= len(first) else (first, second)
    if shorter and [label for label in longer if label in set(shorter)] == shorter:
        places = {label: (at, at) for at, label in enumerate(longer)}
        return Ladder(
            first, second, "the same labels", ([places[each] for each in first], [places[each] for each in second])
        )
    if first and second and all(standard in STANDARD for _, standard in (*before, *after)):
        rungs = ([STANDARD[standard] for _, standard in before], [STANDARD[standard] for _, standard in after])
        return Ladder(first, second, "standard levels", rungs)
    return Ladder(first, second, "not comparable: other labels, and not all have a standard level")


def _declared(first: list[str], second: list[str], equivalents: Mapping[str, str]) -> Ladder:
    for label, names, side in (
        *((each, first, "before") for each in equivalents),
        *((each, second, "after") for each in equivalents.values()),
    ):
        if label not in names:
            raise _core.UsageError(f"there is no level '{label}' {side}; there are: {', '.join(names)}")
    without = [label for label in first if label not in equivalents]
    if without:
        raise _core.UsageError(f"no equivalent is given for the level '{without[0]}'")
    places = [(second.index(equivalents[label]),) * 2 for label in first]
    return Ladder(first, second, "equivalents given", (places, [(at, at) for at in range(len(second))]))
