"""The commands of the command line, by subject."""

from appraise._commands import (
    auditing,
    definitions,
    describing,
    explaining,
    mapping,
    rescoring,
    scoring,
    storing,
    validating,
)
from appraise._commands._shared import app

__all__ = [
    "app",
    "auditing",
    "definitions",
    "describing",
    "explaining",
    "mapping",
    "rescoring",
    "scoring",
    "storing",
    "validating",
]
