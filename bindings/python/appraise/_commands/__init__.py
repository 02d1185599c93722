"""The commands of the command line, by subject."""

from appraise._commands import definitions, explaining, mapping, scoring
from appraise._commands._shared import app

__all__ = ["app", "definitions", "explaining", "mapping", "scoring"]
