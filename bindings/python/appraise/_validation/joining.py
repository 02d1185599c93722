"""Rows of the tables brought together by their keys; what has no partner is told, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from appraise._validation import cells
from appraise._validation.inputs import Rows
from appraise._validation.roles import Roles

if TYPE_CHECKING:
    import pyarrow as pa

SECOND = 2
"""The place of the table of second ratings."""

CODES = {
    "row.unreadable": "a row that could not be read; the quarantine tells why",
    "key.missing": "a row without a key",
    "key.duplicate": "a key that comes more than once in the table: which row is meant cannot be told, so none is used",
    "key.ambiguous": "a key that comes once here and more than once in the other table",
    "key.unmatched": "a key that no other table has",
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


@dataclass(frozen=True)
class Joined:
    """Rows that belong together.

    Attributes
    ----------
    rows : list of array
        By table, the positions of each person's row: people of the scored table and the outcomes, in the order of the
        scored table; -1 where the second ratings lack somebody.
    counts : list of dict
        By table, rows that were left out, by code.
    """

    rows: list[NDArray[np.int64]]
    counts: list[dict[str, int]]
    wrong: list[Wrong]

    def __len__(self) -> int:
        return len(self.rows[0])


def join(tables: Sequence[Rows], roles: Roles) -> Joined:
    """Brings the rows of the scored table, the outcomes and perhaps second ratings together by their keys."""
    import pyarrow as pa

    keys = [key_of(rows, [pair[at] for pair in roles.keys]) for at, rows in enumerate(tables)]
    encoded = pa.concat_arrays(keys).dictionary_encode()
    size = len(encoded.dictionary)
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    sides = np.split(codes, np.cumsum([len(each) for each in keys])[:-1])
    empty = _empty_key(encoded.dictionary, len(roles.keys))
    times = [np.bincount(side, minlength=size) for side in sides]
    for each in times:
        each[empty] = 0
    # Second ratings need not cover everybody: they are held against the people whom both other tables have.
    others = [times[1], times[0], (times[0] == 1) & (times[1] == 1)]
    counts: list[dict[str, int]] = []
    wrong: list[Wrong] = []
    places = []
    for at, (side, own, other) in enumerate(zip(sides, times, others, strict=False)):
        missing = np.isin(side, empty)
        doubled = own[side] > 1
        alone = ~missing & ~doubled & (other[side] == 0)
        # Its partner is one of several: which one, nobody can tell.
        unsure = ~doubled & (other[side] > 1)
        counts.append({"row.unreadable": len(tables[at].bad)})
        told = (
            ("key.missing", "the row has no key", missing),
            ("key.duplicate", "other rows of the table have this key", doubled),
            ("key.ambiguous", "several rows of the other table have this key", unsure),
            ("key.unmatched", "no other table has this key" if at < SECOND else "nobody who is analysed has it", alone),
        )
        for code, message, rows in told:
            counts[at][code] = int(rows.sum())
            if rows.any():
                wrong.append(Wrong(at, code, roles.keys[0][at], message, np.flatnonzero(rows)))
        place = np.full(size, -1, np.int64)
        place[side] = np.arange(len(side))
        place[own != 1] = -1
        places.append(place)
    people = sides[0][others[SECOND][sides[0]]]
    return Joined([place[people] for place in places], counts, wrong)


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
