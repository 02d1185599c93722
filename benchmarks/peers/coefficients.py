"""The published weights of the All Reoffending Predictor, laid out for NumPy as an analyst keeps them.

They are read from the definition's files, so that no figure is copied; the formula is written out by the peer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[2] / "instruments" / "oasys-arp"
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Version:
    """One version's weights. An array by gender holds male, female and, at -1, not answered."""

    weights: Mapping[str, float]
    intercept: Reals
    age: tuple[Reals, ...]
    by_category: Reals
    second_sanction_years: Reals
    rate: tuple[Reals, Reals]
    offence_free: tuple[float, ...]


def _definition() -> dict[str, Any]:
    definition: dict[str, Any] = json.loads((FOLDER / "1.0" / "instrument.json").read_text(encoding="utf-8"))
    return definition


def offence_categories() -> dict[str, str]:
    """The category of each offence code."""
    codes = json.loads((FOLDER / "lists" / "offence-codes.json").read_text(encoding="utf-8"))["codes"]
    return {code: category for code, (category, *_) in codes.items()}


def category_names() -> list[str]:
    names: list[str] = _definition()["tables"]["static_offence_category"]["keys"][0]
    return names


def version(name: str) -> Version:
    """The weights of the "static" or the "dynamic" version."""
    definition = _definition()
    scale = next(each for each in definition["scales"] if each["code"] == f"{name}_log_odds")["weighted_sum"]
    weights: dict[str, float] = {term["name"]: term["weight"] for term in scale["terms"]}

    def by_gender(male: float, female: float) -> Reals:
        return np.array([male, female, np.nan])

    return Version(
        weights=weights,
        intercept=scale["intercept"] + by_gender(0, weights["female"]),
        age=tuple(by_gender(weights["male" + "aai" * n], weights["aai" * n + "female"]) for n in range(1, 5)),
        by_category=np.array([*definition["tables"][f"{name}_offence_category"]["cells"], np.nan]),
        second_sanction_years=by_gender(
            weights["malesecondsanctionyearssincefirs"], weights["femalesecondsanctionyearssincefi"]
        ),
        rate=(
            by_gender(weights["malethreeplussanctionsogrs4g_rat"], weights["femalethreeplussanctionsogrs4g_r"]),
            by_gender(weights["malethreeplussanctionsogrs4g_rao"], weights["femalethreeplussanctionsogrs4g_o"]),
        ),
        offence_free=tuple(weights["ofm" * n] for n in range(1, 5) if "ofm" * n in weights),
    )
