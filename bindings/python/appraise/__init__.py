"""Scores risk-assessment instruments from published definitions, and explains each score.

>>> import appraise as ap
>>> [listed.id for listed in ap.instruments()]  # doctest: +SKIP
>>> scores = ap.score("static-99r", table)  # doctest: +SKIP

A table is anything with the Arrow PyCapsule interface (pyarrow, polars, pandas, DuckDB) or a mapping of column names to
NumPy arrays. Its columns carry the codes of the instrument's items; other columns are passed over.
"""

from appraise._api import (
    Checked,
    Listed,
    Scorer,
    check,
    compile,
    explain,
    instruments,
    load,
    score,
    score_together,
    verify,
)
from appraise._core import (
    DefinitionError,
    Diagnostic,
    Explanation,
    Instrument,
    Library,
    ScoringPlan,
    UsageError,
    Verification,
    __version__,
)
from appraise._scores import Scores

__all__ = [
    "Checked",
    "DefinitionError",
    "Diagnostic",
    "Explanation",
    "Instrument",
    "Library",
    "Listed",
    "Scorer",
    "Scores",
    "ScoringPlan",
    "UsageError",
    "Verification",
    "__version__",
    "check",
    "compile",
    "explain",
    "instruments",
    "load",
    "score",
    "score_together",
    "verify",
]
