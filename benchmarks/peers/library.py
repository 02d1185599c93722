"""appraise itself: value, status and levels, of Arrow columns that are read in place."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import appraise
from peers.caseload import Caseload
from peers.result import Column, Peer, Result

PARAMETERS = inspect.signature(appraise.score).parameters
EXTRAS = ("bounds", "distance", "contributions", "reasons")
NOT_WORKED_OUT = {name: False for name in EXTRAS if name in PARAMETERS}
NOT_COMPARED = ("_to_cut",)


def _plain(array: pa.Array) -> Column:
    missing = array.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(array.type):
        codes = pc.fill_null(array.indices, 0).to_numpy()
        return Column(codes, missing, tuple(array.dictionary.to_pylist()))
    return Column(pc.fill_null(array, 0).to_numpy(), missing)


def read(scores: appraise.Scores) -> Result:
    table = scores.to_pyarrow().combine_chunks()
    names = [name for name in table.column_names if not name.endswith(NOT_COMPARED)]
    return {name: _plain(table[name].combine_chunks()) for name in names}


def peer(name: str) -> Callable[[Caseload, int], Peer]:
    """appraise for one built-in instrument."""
    plan = appraise.compile(name, accept_unverified=True)

    def prepared(caseload: Caseload, threads: int) -> Peer:
        table = caseload.to_arrow()
        options: dict[str, Any] = dict(NOT_WORKED_OUT)
        if "threads" in PARAMETERS:
            options["threads"] = threads
        return Peer("appraise", lambda: appraise.score(plan, table, **options), read, options.get("threads", 1))

    return prepared
