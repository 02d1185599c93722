"""Which caseloads are scored, and by which peers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import appraise
from peers import caseload, reoffending_caseload
from peers.caseload import Caseload
from peers.library import peer as library_peer
from peers.result import Peer

Make = Callable[..., Caseload]


@dataclass(frozen=True)
class Program:
    """A peer that is not loaded yet: what it imports, where it is."""

    package: str
    module: str
    function: str

    @property
    def installed(self) -> bool:
        return find_spec(self.package) is not None

    def load(self, answers: Caseload, threads: int) -> Peer:
        made: Peer = getattr(importlib.import_module(f"peers.{self.module}"), self.function)(answers, threads)
        return made


STATIC_99R = (
    Program("numpy", "numpy_compares", "static_99r"),
    Program("numpy", "numpy_lookups", "static_99r"),
    Program("polars", "with_polars", "static_99r"),
    Program("polars", "with_polars", "static_99r_labels"),
    Program("duckdb", "with_duckdb", "static_99r"),
    Program("sklearn", "with_sklearn", "static_99r"),
    Program("numpy", "numpy_idiomatic", "static_99r"),
    Program("pandas", "with_pandas", "static_99r"),
)
STABLE_2007 = (
    Program("numpy", "numpy_compares", "stable_2007"),
    Program("numpy", "numpy_idiomatic", "stable_2007"),
)
REOFFENDING = (
    Program("numpy", "numpy_reoffending", "with_calendar"),
    Program("numpy", "numpy_reoffending", "vectorised"),
)


@dataclass(frozen=True)
class Workload:
    """One instrument and one kind of caseload. Wide results and slow peers get only a `share` of the rows asked for."""

    name: str
    title: str
    instrument: str
    make: Make
    programs: tuple[Program, ...]
    share: float = 1.0
    tolerance: float = 0.0
    seed: int = 1

    def caseload(self, rows: int) -> Caseload:
        return self.make(appraise.load(self.instrument), rows, self.seed)

    def library(self, answers: Caseload, threads: int) -> Peer:
        return library_peer(self.instrument)(answers, threads)


def _both(name: str, title: str, instrument: str, make: Make, **options: object) -> Iterator[Workload]:
    for gaps, suffix, remark in ((False, "complete", "complete"), (True, "missing", "2 % missing")):
        bound = partial(make, gaps=gaps)
        yield Workload(f"{name}/{suffix}", f"{title}, {remark}", instrument, bound, **options)  # type: ignore[arg-type]


WORKLOADS = (
    *_both("static-99r", "Static-99R", "static-99r", caseload.additive, programs=STATIC_99R),
    *_both("stable-2007", "STABLE-2007", "stable-2007", caseload.stable_2007, programs=STABLE_2007, share=0.5),
    *_both(
        "oasys-arp",
        "All Reoffending Predictor",
        "oasys-arp",
        reoffending_caseload.oasys_arp,
        programs=REOFFENDING,
        share=0.1,
        tolerance=1e-12,
    ),
)
