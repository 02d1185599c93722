"""Validation: scores held against what happened, from two tables to a report."""

from appraise._validation.result import Finding, Validation
from appraise._validation.validate import validate

__all__ = ["Finding", "Validation", "validate"]
