"""Valid answers, drawn from what the definition says of its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import appraise
from appraise._core import Item

SHARE_MISSING = 0.02
BEYOND = 3  # an item without an upper end is drawn up to so many above its last cut


@dataclass(frozen=True)
class Caseload:
    """Answers by item, as narrow NumPy columns; without meaning where `missing`. Codes are numbers into `texts`."""

    answers: Mapping[str, NDArray[Any]]
    missing: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    texts: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not self.missing

    def to_arrow(self) -> pa.Table:
        """The same columns with validity bits."""
        return pa.table({name: self._arrow(name) for name in self.answers})

    def _arrow(self, name: str) -> pa.Array:
        values = pa.array(self.answers[name], mask=self.missing.get(name))
        return pa.DictionaryArray.from_arrays(values, self.texts[name]) if name in self.texts else values

    def with_sentinels(self) -> dict[str, NDArray[Any]]:
        """The same columns with -1, or no date, for a missing answer."""
        columns = {}
        for name, values in self.answers.items():
            nothing = np.datetime64("NaT") if values.dtype.kind == "M" else -1
            gaps = self.missing.get(name)
            columns[name] = values.copy() if gaps is None else np.where(gaps, np.array(nothing, values.dtype), values)
        return columns


def with_gaps(complete: Caseload, rng: np.random.Generator) -> Caseload:
    """The same answers, of which some of every item are missing."""
    missing = {name: rng.random(len(values), np.float32) < SHARE_MISSING for name, values in complete.answers.items()}
    return Caseload(complete.answers, missing, complete.texts)


def _draw(item: Item, rows: int, rng: np.random.Generator) -> NDArray[np.int8]:
    if item.kind == "yes_no":
        return rng.integers(0, 2, rows, np.int8)
    if item.options:
        values = np.array([option.value for option in item.options], np.int8)
        return values.take(rng.integers(0, len(values), rows, np.uint8))
    assert item.range is not None
    low, high = item.range.low, item.range.high
    assert low is not None
    if high is None:
        last_cut = max(band.interval.low or 0 for band in item.bands)
        high = last_cut + BEYOND
    return rng.integers(int(low), int(high) + int(item.range.closed), rows, np.int8)


def additive(instrument: appraise.Instrument, rows: int, seed: int, *, gaps: bool) -> Caseload:
    """int8 columns of the items that every caseload must have."""
    rng = np.random.default_rng(seed)
    answers = {item.code: _draw(item, rows, rng) for item in instrument.items if not item.optional}
    complete = Caseload(answers)
    return with_gaps(complete, rng) if gaps else complete


def stable_2007(instrument: appraise.Instrument, rows: int, seed: int, *, gaps: bool) -> Caseload:
    """Where there is no child victim, emotional identification with children does not apply and is answered with 0."""
    drawn = additive(instrument, rows, seed, gaps=gaps)
    drawn.answers["emotional_identification_children"][drawn.answers["child_victim"] == 0] = 0
    return drawn
