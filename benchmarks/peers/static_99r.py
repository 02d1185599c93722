"""What the peers share of Static-99R: names, and the reading of results that hold codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers.result import STATUSES, Column, Result, column

PARTNER = "ever_lived_with_partner"
YES_NO = (
    "index_nonsexual_violence",
    "prior_nonsexual_violence",
    "noncontact_sex_conviction",
    "any_unrelated_victim",
    "any_stranger_victim",
    "any_male_victim",
)
REQUIRED = ("age_at_release", "prior_sex_charges", "prior_sex_convictions", "prior_sentencing_dates", *YES_NO)
ITEMS = (*REQUIRED, PARTNER)
LEVELS = ("I", "II", "III", "IVa", "IVb")
NAMES = ("total", "total_status", "total_level", "total_standard_level")


def result(value: Column, status: NDArray[Any], level: Column, standard: Column) -> Result:
    labelled = [Column(each.values, each.missing, LEVELS) for each in (level, standard)]
    return dict(zip(NAMES, (value, column(status, labels=STATUSES), *labelled), strict=True))


def from_codes(codes: tuple[NDArray[Any], ...], no_value: int, no_level: int) -> Result:
    """A result whose columns mark what is missing by a value of their own."""
    value, status, level, standard = codes
    return result(
        Column(value, value == no_value),
        status,
        Column(np.where(level == no_level, 0, level), level == no_level),
        Column(np.where(standard == no_level, 0, standard), standard == no_level),
    )
