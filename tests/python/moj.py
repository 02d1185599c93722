"""Requests to the Ministry of Justice service as rows of responses, and rows scored through the public API."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

import appraise as ap

Case = dict[str, Any]
Row = dict[str, Any]

VECTORS = Path(__file__).parents[1] / "vectors"
LOGISTIC = {
    "all_reoffending": "oasys-arp",
    "violent_reoffending": "oasys-vrp",
    "serious_violent_reoffending": "oasys-svrp",
}
CONVICTIONS = [
    "HOMICIDE",
    "WOUNDING_GBH",
    "KIDNAPPING",
    "FIREARMS",
    "ROBBERY",
    "AGGRAVATED_BURGLARY",
    "WEAPON",
    "CRIMINAL_DAMAGE",
    "ARSON",
]


def cases(file: str) -> list[Case]:
    found: list[Case] = json.loads((VECTORS / file).read_text(encoding="utf-8"))["cases"]
    return found


def snake(name: str) -> str:
    name = name.replace("OPD", "Opd")
    return re.sub("([A-Z])", lambda found: "_" + found[1].lower(), name)


def responses(request: Case) -> Row:
    """The responses that a request gives; null is no response."""
    row: Row = {}
    for name, value in request.items():
        if value is None:
            continue
        if name == "previousConvictions":
            row |= {f"previous_conviction_{kind.lower()}": "yes" if kind in value else "no" for kind in CONVICTIONS}
        elif isinstance(value, bool):
            row[snake(name)] = "yes" if value else "no"
        else:
            row[snake(name)] = str(value)
    return row


@cache
def plan(instrument: str) -> ap.ScoringPlan:
    return ap.compile(instrument)


def scored(of: str | ap.ScoringPlan, rows: list[Row]) -> list[Row]:
    """The result columns of each row; items that the rows do not give are missing."""
    chosen = plan(of) if isinstance(of, str) else of
    table = pa.table({item: pa.array([row.get(item) for row in rows], pa.string()) for item in chosen.items})
    found: list[Row] = ap.score(chosen, table, contributions=True).to_pyarrow().to_pylist()
    return found


def spread(row: Row) -> Row:
    """The row for the combined predictor: each of its parts reads the same columns."""
    return row | {
        f"{part}.{item}": value
        for part in ("serious_violent", "direct_contact", "images")
        for item, value in row.items()
    }


@cache
def terms(instrument: str, scale: str) -> tuple[float, dict[str, list[str]]]:
    """Intercept of a weighted sum, and the result columns of each group of its terms."""
    path = Path(__file__).parents[2] / "instruments" / instrument / "1.0" / "instrument.json"
    scales = json.loads(path.read_text(encoding="utf-8"))["scales"]
    body = next(each for each in scales if each["code"] == scale)["weighted_sum"]
    groups: dict[str, list[str]] = {}
    for term in body["terms"]:
        groups.setdefault(term["group"], []).append(f"{scale}_from_{term['name']}")
    return body["intercept"], groups


def features(instrument: str, row: Row, version: str) -> dict[str, float]:
    """What a version of the log-odds shows under each of the source's feature names."""
    scale = f"{version.lower()}_log_odds"
    intercept, groups = terms(instrument, scale)
    found = {group: sum(row[column] for column in columns) for group, columns in groups.items()}
    return found | {"twoYearInterceptWeight": intercept, "totalWeight": row[scale]}


@cache
def code_of(category: str) -> str:
    """A listed offence code of the category."""
    path = Path(__file__).parents[2] / "instruments" / "oasys-arp" / "lists" / "offence-codes.json"
    codes: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))["codes"]
    return next(code for code, (one, _) in codes.items() if one == category)
