"""NumPy tuned by hand without tables: points are sums of compares, gaps are signs, and nothing is copied under a mask.

Every step is one pass of byte-wide vector instructions over a block that stays in the cache. A table look-up by `take`
costs about as much as twenty such steps.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from peers import stable_2007 as st
from peers import static_99r as s99
from peers.blocks import Bytes, Scratch, blocks, outputs
from peers.caseload import Caseload
from peers.result import INCOMPLETE, NOT_APPLICABLE, Peer, Result

NAME = "NumPy, tuned compares"
BLOCK = 1 << 17
NO_VALUE, NO_LEVEL = np.int8(-128), np.int8(-1)
Answers = dict[str, Bytes]


def _count_cuts(answers: Bytes, cuts: Iterable[int], out: Bytes, other: Bytes) -> None:
    """How many cuts an answer has reached."""
    first, *rest = cuts
    np.greater_equal(answers, first, out=out.view(np.bool_))
    for cut in rest:
        np.greater_equal(answers, cut, out=other.view(np.bool_))
        np.add(out, other, out=out)


def _any_gap(answers: Answers, names: Iterable[str], out: Bytes) -> None:
    """Negative where an answer is missing."""
    first, *rest = names
    np.copyto(out, answers[first])
    for name in rest:
        np.bitwise_or(out, answers[name], out=out)


def _static_total(answers: Answers, total: Bytes, other: Bytes, third: Bytes) -> None:
    _count_cuts(answers["prior_sex_charges"], (1, 3, 6), total, third)
    _count_cuts(answers["prior_sex_convictions"], (1, 2, 4), other, third)
    np.maximum(total, other, out=total)
    flag = other.view(np.bool_)
    np.greater_equal(answers["prior_sentencing_dates"], 4, out=flag)
    np.add(total, other, out=total)
    np.equal(answers[s99.PARTNER], 0, out=flag)
    np.add(total, other, out=total)
    for name in s99.YES_NO:
        np.add(total, answers[name], out=total)
    age = answers["age_at_release"]
    np.less(age, 35, out=flag)
    np.add(total, other, out=total)
    np.greater_equal(age, 40, out=flag)
    np.subtract(total, other, out=total)
    np.greater_equal(age, 60, out=flag)
    np.subtract(total, other, out=total)
    np.subtract(total, other, out=total)


def _static_status(answers: Answers, status: Bytes, other: Bytes, complete: bool) -> None:
    """The highest of 4 if too young, 2 with a gap and 1 without an answer to item 2."""
    np.less(answers["age_at_release"].view(np.uint8), 18, out=status.view(np.bool_))
    np.multiply(status, NOT_APPLICABLE, out=status)
    if complete:
        return
    _any_gap(answers, s99.REQUIRED, other)
    np.less(other, 0, out=other.view(np.bool_))
    np.multiply(other, INCOMPLETE, out=other)
    np.maximum(status, other, out=status)
    np.less(answers[s99.PARTNER], 0, out=other.view(np.bool_))
    np.maximum(status, other, out=status)


class Static:
    """Scores one caseload again and again into the same memory."""

    def __init__(self, caseload: Caseload) -> None:
        self.answers = caseload.with_sentinels()
        self.complete = caseload.complete
        self.rows = len(self.answers[s99.PARTNER])
        self.out = outputs(s99.NAMES, self.rows)
        self.scratch = Scratch(2, BLOCK)

    def run(self) -> None:
        for block in blocks(self.rows, BLOCK):
            answers = {name: self.answers[name][block] for name in s99.ITEMS}
            value, status, level, standard = (each[block] for each in self.out.values())
            unusable, other = self.scratch(len(value))
            _static_total(answers, value, other, unusable)
            _static_status(answers, status, other, self.complete)
            _count_cuts(value, (-1, 1, 4, 6), level, other)
            np.greater_equal(status, INCOMPLETE, out=unusable.view(np.bool_))
            np.negative(unusable, out=unusable)
            np.bitwise_or(level, unusable, out=level)
            np.copyto(standard, level)
            np.bitwise_and(unusable, NO_VALUE, out=other)
            np.invert(unusable, out=unusable)
            np.bitwise_and(value, unusable, out=value)
            np.bitwise_or(value, other, out=value)

    def read(self, _: None) -> Result:
        value, status, level, standard = self.out.values()
        return s99.from_codes((value, status, level, standard), int(NO_VALUE), int(NO_LEVEL))


def static_99r(caseload: Caseload, threads: int) -> Peer:
    program = Static(caseload)
    return Peer(NAME, program.run, program.read)


class Stable:
    """Points equal the answers, so that sums need no look-up; with a gap all bits of a value are set, which is -1."""

    def __init__(self, caseload: Caseload) -> None:
        self.answers = caseload.with_sentinels()
        self.complete = caseload.complete
        self.rows = len(self.answers["child_victim"])
        self.out = outputs(st.names(), self.rows)
        self.scratch = Scratch(3, BLOCK)

    def run(self) -> None:
        for block in blocks(self.rows, BLOCK):
            answers = {name: column[block] for name, column in self.answers.items()}
            out = {name: column[block] for name, column in self.out.items()}
            children, gap, any_gap = self.scratch(block.stop - block.start)
            self._count_children(answers, children)
            self._domains(answers, out, gap, any_gap)
            _count_cuts(out["total"], (4, 12), out["total_level"], children)
            if not self.complete:
                _mark_gaps(out["total"], out["total_status"], any_gap)
                np.bitwise_or(out["total_level"], any_gap, out=out["total_level"])

    def _count_children(self, answers: Answers, children: Bytes) -> None:
        """The item counts with a child victim; whether there is one must be known."""
        child = answers["child_victim"]
        np.equal(child, 1, out=children.view(np.bool_))
        np.multiply(children, answers[st.CHILDREN], out=children)
        answers[st.CHILDREN] = children

    def _domains(self, answers: Answers, out: Answers, gap: Bytes, any_gap: Bytes) -> None:
        total = out["total"]
        total.fill(0)
        any_gap.fill(0)
        for scale, items in st.DOMAINS.items():
            value = out[scale]
            np.copyto(value, answers[items[0]])
            for name in items[1:]:
                np.add(value, answers[name], out=value)
            np.add(total, value, out=total)
            if not self.complete:
                _any_gap(answers, (*items, "child_victim") if st.CHILDREN in items else items, gap)
                np.right_shift(gap, 7, out=gap)
                np.bitwise_or(any_gap, gap, out=any_gap)
                _mark_gaps(value, out[f"{scale}_status"], gap)

    def read(self, _: None) -> Result:
        return st.from_codes(self.out)


def _mark_gaps(value: Bytes, status: Bytes, gap: Bytes) -> None:
    np.bitwise_or(value, gap, out=value)
    np.bitwise_and(gap, INCOMPLETE, out=status)


def stable_2007(caseload: Caseload, threads: int) -> Peer:
    program = Stable(caseload)
    return Peer(NAME, program.run, program.read)
