"""NumPy tuned by hand around tables: answers are positions in tables of points, totals in tables of results.

An answer of an int8 column is one of 256, and so is the byte of a total with its flags: `take` reads everything from
tables of 256 bytes that stay in the first-level cache. Points that equal the answer are added as they are, gaps (-1)
are found by their sign, and blocks of rows keep all that lies between in the cache.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from peers import static_99r as s99
from peers.blocks import Bytes, Scratch, blocks, outputs
from peers.caseload import Caseload
from peers.result import INCOMPLETE, NOT_APPLICABLE, OMITTED, SCORED, Peer, Result

NAME = "NumPy, tuned look-ups"
BLOCK = 1 << 17
NO_VALUE, NO_LEVEL = -128, -1

# The key of a Static-99R result: the total + 3 in four bits, then flags.
YOUNG, NO_PARTNER, GAP = 16, 32, np.int8(-128)


def _table(of: Callable[[int], int]) -> Bytes:
    """One entry for each answer: 0 to 127, then -128 to -1."""
    return np.array([of(answer) for answer in [*range(128), *range(-128, 0)]], np.int8)


def _cuts(*cuts: int) -> Bytes:
    return _table(lambda answer: sum(answer >= cut for cut in cuts))


def _look_up(table: Bytes, answers: Bytes, out: Bytes) -> None:
    np.take(table, answers.view(np.uint8), out=out, mode="clip")  # `clip` lets `take` write without a buffer


def _age_key(age: int) -> int:
    """Points + 3, and the flag of those too young."""
    points = 1 if age < 35 else 0 if age < 40 else -1 if age < 60 else -3
    return points + 3 + (YOUNG if 0 <= age < 18 else 0)


AGE = _table(_age_key)
PARTNER = _table(lambda answer: NO_PARTNER if answer < 0 else int(answer == 0))
CHARGES, CONVICTIONS, OCCASIONS = _cuts(1, 3, 6), _cuts(1, 2, 4), _cuts(4)


def _status(key: int) -> int:
    if key & YOUNG:
        return NOT_APPLICABLE
    if key < 0:
        return INCOMPLETE
    return OMITTED if key & NO_PARTNER else SCORED


def _usable(key: int) -> bool:
    return _status(key) < INCOMPLETE


STATUS = _table(_status)
VALUE = _table(lambda key: (key & 15) - 3 if _usable(key) else NO_VALUE)
LEVEL = _table(lambda key: sum((key & 15) - 3 >= cut for cut in (-1, 1, 4, 6)) if _usable(key) else NO_LEVEL)


def _static_key(answers: dict[str, Bytes], key: Bytes, other: Bytes, third: Bytes) -> None:
    """The sum of the points and flags, for answers without a gap."""
    _look_up(CHARGES, answers["prior_sex_charges"], key)
    _look_up(CONVICTIONS, answers["prior_sex_convictions"], other)
    np.maximum(key, other, out=key)
    _look_up(OCCASIONS, answers["prior_sentencing_dates"], other)
    np.add(key, other, out=key)
    for name in s99.YES_NO:
        np.add(key, answers[name], out=key)
    _look_up(AGE, answers["age_at_release"], other)
    _look_up(PARTNER, answers[s99.PARTNER], third)
    np.add(other, third, out=other)
    np.add(key, other, out=key)


def _static_gaps(answers: dict[str, Bytes], key: Bytes, other: Bytes, third: Bytes) -> None:
    """Marks keys with a gap; their sum may have spilt into the flags, so the age is marked anew."""
    np.less(answers["age_at_release"].view(np.uint8), 18, out=other.view(np.bool_))
    np.multiply(other, YOUNG, out=other)
    np.copyto(third, answers[s99.REQUIRED[0]])
    for name in s99.REQUIRED[1:]:
        np.bitwise_or(third, answers[name], out=third)
    np.right_shift(third, 7, out=third)
    np.bitwise_or(other, GAP, out=other)
    np.bitwise_and(other, third, out=other)
    np.invert(third, out=third)
    np.bitwise_and(key, third, out=key)
    np.bitwise_or(key, other, out=key)


class Static:
    """Scores one caseload again and again into the same memory."""

    def __init__(self, caseload: Caseload) -> None:
        self.answers = caseload.with_sentinels()
        self.complete = caseload.complete
        self.rows = len(self.answers[s99.PARTNER])
        self.out = outputs(s99.NAMES, self.rows)
        self.scratch = Scratch(3, BLOCK)

    def run(self) -> None:
        for block in blocks(self.rows, BLOCK):
            answers = {name: self.answers[name][block] for name in s99.ITEMS}
            key, other, third = self.scratch(block.stop - block.start)
            _static_key(answers, key, other, third)
            if not self.complete:
                _static_gaps(answers, key, other, third)
            value, status, level, standard = (each[block] for each in self.out.values())
            _look_up(VALUE, key, value)
            _look_up(STATUS, key, status)
            _look_up(LEVEL, key, level)
            standard[:] = level

    def read(self, _: None) -> Result:
        value, status, level, standard = self.out.values()
        return s99.from_codes((value, status, level, standard), NO_VALUE, NO_LEVEL)


def static_99r(caseload: Caseload, threads: int) -> Peer:
    program = Static(caseload)
    return Peer(NAME, program.run, program.read)
