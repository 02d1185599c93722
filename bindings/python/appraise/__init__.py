"""Scores risk-assessment instruments from published definitions, and explains each score.

>>> import appraise as ap
>>> ap.load("static-99r")
<Instrument static-99r 2016: Static-99R>
>>> items = [item.code for item in ap.load("static-99r").items if not item.optional]
>>> people = {**dict.fromkeys(items, ["yes", "no"]), "age_at_release": [39, 24], "prior_sex_charges": [0, 4]}
>>> people |= {"prior_sex_convictions": [0, 1], "prior_sentencing_dates": [1, 2]}
>>> scores = ap.score("static-99r", people, accept_unverified=True)
>>> scores["total"].tolist(), scores["total_level"].tolist()
([6, 4], ['IVb', 'IVa'])

A table is a data frame of pandas or polars, a table of pyarrow, a relation of DuckDB, a structured array, a mapping of
column names to arrays, or anything with the Arrow PyCapsule interface. Its columns carry the codes of the instrument's
items; other columns are passed over. ``scores.frame`` is the result in the caller's own kind of table.

The figures of an instrument have an evidence mark; those that are unverified are used only if the caller accepts them.
"""

from appraise import plot
from appraise._api import Checked, Listed, check, compile, coverage, instruments, load, verify
from appraise._core import (
    CoveredPart,
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
from appraise._scoring import Scorer, explain, score, score_together
from appraise._validation import Validation, validate

__all__ = [
    "Checked",
    "CoveredPart",
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
    "Validation",
    "Verification",
    "__version__",
    "check",
    "compile",
    "coverage",
    "explain",
    "instruments",
    "load",
    "plot",
    "score",
    "score_together",
    "validate",
    "verify",
]
