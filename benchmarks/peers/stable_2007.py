"""What the peers share of STABLE-2007."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers.result import STATUSES, Column, Result, column

CHILDREN = "emotional_identification_children"
LEVELS = ("low", "moderate", "high")
DOMAINS = {
    "a_social_influences": ("significant_social_influences",),
    "b_intimacy_deficits": (
        "capacity_relationship_stability",
        CHILDREN,
        "hostility_toward_women",
        "social_rejection_loneliness",
        "lack_of_concern_for_others",
    ),
    "c_general_self_regulation": ("impulsive_acts", "poor_problem_solving", "negative_emotionality"),
    "d_sexual_self_regulation": ("sexual_preoccupation", "sex_as_coping", "deviant_sexual_preference"),
    "e_cooperation": ("cooperation_with_supervision",),
}
SCALES = {**DOMAINS, "total": tuple(item for items in DOMAINS.values() for item in items)}
NO_VALUE = -1  # no scale goes below 0


def names() -> list[str]:
    """The result columns, in the order in which a table of codes holds them."""
    return [*(name for scale in SCALES for name in (scale, f"{scale}_status")), "total_level"]


def from_codes(codes: dict[str, NDArray[np.int8]]) -> Result:
    return {name: _read(name, values) for name, values in codes.items()}


def _read(name: str, values: NDArray[Any]) -> Column:
    if name.endswith("_status"):
        return column(values, labels=STATUSES)
    missing = values == NO_VALUE
    return Column(np.where(missing, 0, values), missing, LEVELS if name.endswith("_level") else ())
