"""Caseloads of the All Reoffending Predictor, whose dates and ages agree with one another as its rules of use ask."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import appraise
from peers.caseload import Caseload, with_gaps
from peers.coefficients import offence_categories

BORN = (np.datetime64("1940-01-01"), np.datetime64("2000-01-01"))
DAYS_A_YEAR = 365.2425


def _days(rng: np.random.Generator, low: float, high: float, rows: int) -> NDArray[np.timedelta64]:
    return rng.integers(int(low), int(high), rows).astype("timedelta64[D]")


def _history(rng: np.random.Generator, rows: int) -> dict[str, NDArray[Any]]:
    """Convicted at 12 to 70, first sanctioned before; assessed from 60 days before to four years after."""
    born = BORN[0] + _days(rng, 0, (BORN[1] - BORN[0]).astype(int), rows)
    lived = _days(rng, 12 * DAYS_A_YEAR, 70 * DAYS_A_YEAR, rows)
    convicted = born + lived
    whole_years = lived.astype(int) // DAYS_A_YEAR - 1  # never above the age at conviction
    first = 8 + rng.random(rows) * (whole_years - 8)
    return {
        "assessment_date": convicted + _days(rng, -60, 1461, rows),
        "date_of_birth": born,
        "date_of_current_conviction": convicted,
        "date_at_start_of_followup": convicted + _days(rng, -200, 1000, rows),
        "age_at_first_sanction": first.astype(np.int8),
        "total_number_of_sanctions_for_all_offences": np.minimum(rng.geometric(0.2, rows), 999).astype(np.int16),
    }


def oasys_arp(instrument: appraise.Instrument, rows: int, seed: int, *, gaps: bool) -> Caseload:
    """Dates of days, int8 and int16 numbers, and offence codes as text by number."""
    rng = np.random.default_rng(seed)
    answers = _history(rng, rows)
    codes = sorted(offence_categories())
    answers["current_offence_code"] = rng.integers(0, len(codes), rows, np.int16)
    for item in instrument.items:
        if item.code not in answers:
            choices = [option.value for option in item.options] or [0, 1]
            answers[item.code] = np.array(choices, np.int8)[rng.integers(0, len(choices), rows, np.uint8)]
    complete = Caseload(answers, texts={"current_offence_code": codes})
    return with_gaps(complete, rng) if gaps else complete
