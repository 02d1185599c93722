"""Stored results recomputed: every cell that does not follow from the caseload and the definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from appraise._proof import cells
from appraise._proof.align import KEY, ROW, Aligner

CODES = {
    "value.differs": "the stored value is not the recomputed one",
    "status.differs": "the stored status is not the recomputed one",
    "level.inconsistent": "the stored level does not follow from the stored value",
    "level.differs": "the stored level is not the recomputed one",
    "standard-level.differs": "the stored standard level is not the recomputed one",
    "bounds.differs": "a stored lowest or highest value or level is not the recomputed one",
    "distance.differs": "the stored distance to the nearest cut is not the recomputed one",
    "contribution.differs": "what a term added is not the recomputed figure",
    "norms.differs": "a stored rate, percentile or risk ratio is not that of the norms",
    "reasons.differs": "the stored reasons are not the recomputed ones",
    "cautions.differs": "the stored cautions are not the recomputed ones",
    "row.missing": "an assessment of the caseload has no stored result",
    "row.doubled": "an assessment has more than one stored result",
    "row.unknown": "a stored result belongs to no assessment of the caseload",
    "row.unreadable": "a row cannot be read",
    "inputs.changed": "the responses, or an input of the run, are not those that the results were made from",
    "output.changed": "the stored results are not those that the manifest names by their digest",
    "definition.changed": "a part of the definition is not the one that the results were made with",
    "definition.stale": "a later edition of the instrument is built in",
    "levels.superseded": "the level scheme in use is superseded",
    "store.unprotected": "a trigger that refuses changes of the results store is not there, or is switched off",
    "override.incomplete": "an override without a reason, without who or without when",
    "override.level": "an override to a level that the scheme does not have",
    "override.direction": "an override whose direction is not that of its levels",
    "override.orphan": "an override of a result that is not stored, or is not the one that it repeats",
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree. `row` counts from 1: in the stored results, of a missing row in the caseload."""

    code: str
    row: int | None = None
    key: str = ""
    column: str = ""
    stored: str = ""
    recomputed: str = ""
    note: str = ""

    @property
    def message(self) -> str:
        """What the code means, with what is particular here."""
        return CODES[self.code] + (f": {self.note}" if self.note else "")


class Audit:
    """Compares stored rows with recomputed ones, batch by batch.

    Parameters
    ----------
    code_of : callable
        The code of a difference in a column; empty text for a column that is not recomputed.
    stored : sequence of str
        Columns of the stored rows.
    follows : callable
        Whether the level in a column of a stored row follows from the value stored with it.
    decisive : sequence of str
        Columns a difference in which explains all others of its row: those are then not told.
    tolerance : float
        How far real numbers may lie apart; 0: not at all.
    """

    def __init__(
        self,
        code_of: Callable[[str], str],
        stored: Sequence[str],
        follows: Callable[[str, pa.Table, int], bool],
        *,
        decisive: Sequence[str] = (),
        tolerance: float = 0.0,
    ) -> None:
        self._code_of, self._follows = code_of, follows
        self._stored = set(stored)
        self._decisive, self._tolerance = decisive, tolerance
        self._aligner = Aligner()
        self.rows = 0
        self.cells = 0
        self.others = 0
        self.columns: list[str] = []
        self.counts: Counter[str] = Counter()

    def add(self, recomputed: pa.Table | None, stored: pa.Table | None) -> Iterator[Finding]:
        """Takes the next rows of both, with keys, and gives what differs among those that have a partner by now."""
        paired = self._aligner.pair(recomputed, stored)
        if paired is not None:
            yield from map(self.note, self._compare(*paired))

    def note(self, finding: Finding) -> Finding:
        """Counts a finding."""
        self.counts[finding.code] += 1
        return finding

    def _compare(self, recomputed: pa.Table, stored: pa.Table) -> list[Finding]:
        self.columns = [name for name in recomputed.column_names if name in self._stored and self._code_of(name)]
        self.rows += len(recomputed)
        self.cells += len(recomputed) * len(self.columns)
        apart = {name: cells.differs(stored[name], recomputed[name], self._tolerance) for name in self.columns}
        explained = np.zeros(len(recomputed), np.bool_)
        for name in self._decisive:
            apart[name] &= ~explained
            explained |= apart[name]
        found = [
            (at, self._finding(name, at, recomputed, stored))
            for name, mask in apart.items()
            for at in np.flatnonzero(mask if name in self._decisive else mask & ~explained).tolist()
        ]
        return [finding for _, finding in sorted(found, key=lambda each: each[0])]

    def _finding(self, name: str, at: int, recomputed: pa.Table, stored: pa.Table) -> Finding:
        code = self._code_of(name)
        if code == "level.differs" and not self._follows(name, stored, at):
            code = "level.inconsistent"
        row, key = stored[ROW][at].as_py(), shown_key(stored[KEY][at].as_py())
        return Finding(code, row, key, name, cells.shown(stored[name], at), cells.shown(recomputed[name], at))

    def end(
        self, keys_again: Callable[[], Iterable[pa.ChunkedArray]], *, others_are_findings: bool = True
    ) -> Iterator[Finding]:
        """Gives the rows that have no partner.

        Parameters
        ----------
        keys_again : callable
            Gives the keys of what is recomputed once more; called only if stored rows are left over, to tell those that
            are doubled from those that belong to nobody.
        others_are_findings : bool
            Whether stored rows of which the caseload knows nothing are findings; otherwise `others` counts them.
        """
        missing, left_over = self._aligner.waiting
        for row, key in _rows(missing):
            yield self.note(Finding("row.missing", row, shown_key(key)))
        if left_over is None:
            return
        wanted, known = pa.array(left_over[KEY].to_pylist(), pa.string()), set[str]()
        for keys in keys_again():
            known.update(keys.filter(pc.is_in(keys, wanted)).to_pylist())
        for row, key in _rows(left_over):
            if key in known:
                yield self.note(Finding("row.doubled", row, shown_key(key)))
            elif others_are_findings:
                yield self.note(Finding("row.unknown", row, shown_key(key)))
            else:
                self.others += 1

    @property
    def findings(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def shown_key(key: str) -> str:
    """A key of several columns as it is printed."""
    return " | ".join(filter(None, key.split("\x1f")))


def _rows(table: pa.Table | None) -> Iterator[tuple[int, str]]:
    if table is not None:
        yield from zip(table[ROW].to_pylist(), table[KEY].to_pylist(), strict=True)
