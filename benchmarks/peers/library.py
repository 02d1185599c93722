"""appraise itself: value, status and levels, of Arrow columns that are read in place."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

import appraise
from peers.caseload import Caseload
from peers.result import Column, Peer, Result


def _plain(array: pa.Array) -> Column:
    missing = array.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(array.type):
        codes = pc.fill_null(array.indices, 0).to_numpy()
        return Column(codes, missing, tuple(array.dictionary.to_pylist()))
    return Column(pc.fill_null(array, 0).to_numpy(), missing)


def read(scores: appraise.Scores) -> Result:
    table = scores.to_pyarrow().combine_chunks()
    return {name: _plain(table[name].combine_chunks()) for name in table.column_names}


def peer(name: str) -> Callable[[Caseload, int], Peer]:
    """appraise for one built-in instrument."""
    plan = appraise.compile(name, accept_unverified=True)

    def prepared(caseload: Caseload, threads: int) -> Peer:
        table = caseload.to_arrow()

        def score() -> appraise.Scores:
            return appraise.score(plan, table, bounds=False, distance=False, reasons=False, threads=threads)

        return Peer("appraise", score, read, threads)

    return prepared
