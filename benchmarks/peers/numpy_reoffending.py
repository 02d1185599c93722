"""The All Reoffending Predictor in vectorised NumPy, block by block.

Numbers are float64 with NaN for what is missing, which carries itself through the arithmetic: a result is incomplete
where it is NaN. Polynomials are summed by Horner's rule, so that results agree with the written order of the
definition within 1e-12, not to the bit; `np.exp` may besides differ from the C library's in the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers.blocks import blocks
from peers.caseload import Caseload
from peers.coefficients import Version, category_names, offence_categories, version
from peers.result import INCOMPLETE, OMITTED, SCORED, STATUSES, Column, Peer, Result, column

BLOCK = 1 << 15
DATES = ("date_of_birth", "date_of_current_conviction", "assessment_date")
LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
VERSIONS = ("STATIC", "DYNAMIC")
Reals = NDArray[np.float64]
Answers = dict[str, NDArray[Any]]
MonthAndDay = tuple[NDArray[Any], NDArray[Any]]
Calendar = Callable[[NDArray[Any]], MonthAndDay]

CATEGORIES = tuple(category_names())
# The category of each code in order, and -1 at the end, where NumPy finds what is not answered.
CATEGORY_OF = np.array([*(CATEGORIES.index(each) for _, each in sorted(offence_categories().items())), -1], np.int8)
STATIC, DYNAMIC = version("static"), version("dynamic")
DYNAMIC_ITEMS = {
    "suitability_of_accommodation": DYNAMIC.weights["S3Q4"],
    "is_unemployed": 2 * DYNAMIC.weights["S4Q2"],
    "evidence_of_domestic_abuse": DYNAMIC.weights["S6Q7_PERP"],
    "regular_offending_activities": DYNAMIC.weights["S7Q2"],
    "current_alcohol_use_problems": DYNAMIC.weights["S9Q1"],
    "excessive_alcohol_use": DYNAMIC.weights["S9Q2"],
    "impulsivity_problems": DYNAMIC.weights["S11Q2"],
    "pro_criminal_attitudes": DYNAMIC.weights["S12Q1"],
}
DRUGS = {
    "has_heroin_usage": DYNAMIC.weights["heroin"],
    "has_other_opiate_usage": DYNAMIC.weights["otheropiate"],
    "has_crack_cocaine_usage": DYNAMIC.weights["crack"],
    "has_powder_cocaine_usage": DYNAMIC.weights["cokepowder"],
    "has_misused_prescription_drug_usage": DYNAMIC.weights["prescribed"],
    "has_benzodiazepines_usage": DYNAMIC.weights["benzo"],
    "has_cannabis_usage": DYNAMIC.weights["cannabis"],
    "has_steroids_usage": DYNAMIC.weights["steroid"],
}
OTHER_DRUGS = (
    "has_other_drugs_usage",
    "has_ketamine_usage",
    "has_spice_usage",
    "has_hallucinogens_usage",
    "has_solvents_usage",
)


def _number(answers: NDArray[Any]) -> Reals:
    return np.where(answers < 0, np.nan, answers)


def _by_datetime64(dates: NDArray[Any]) -> MonthAndDay:
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64), (dates - months.astype("datetime64[D]")).astype(np.int64)


def _by_calendar(dates: NDArray[Any]) -> MonthAndDay:
    """The same from a table of every day, some fifty times as fast as NumPy's own conversion."""
    place = dates.astype(np.int64) - CALENDAR_FROM
    return CALENDAR[0].take(place, mode="clip"), CALENDAR[1].take(place, mode="clip")


CALENDAR_DAYS = np.arange("1900-01-01", "2100-01-01", dtype="datetime64[D]")
CALENDAR_FROM = CALENDAR_DAYS[0].astype(np.int64)
CALENDAR = tuple(each.astype(np.int16) for each in _by_datetime64(CALENDAR_DAYS))


def _whole_months(start: MonthAndDay, end: MonthAndDay) -> NDArray[Any]:
    """Months completed, for an end not before the start; the day counts as reached on the first of the next month."""
    return np.asarray(end[0] - start[0] - (end[1] < start[1]))


def _unless(missing: NDArray[np.bool_], numbers: NDArray[Any]) -> Reals:
    return np.where(missing, np.nan, numbers)


def _polynomial(x: Reals, weights: tuple[Any, ...]) -> Reals:
    """weights[0] x + weights[1] x^2 + ..."""
    value = weights[-1]
    for weight in weights[-2::-1]:
        value = weight + x * value
    return np.asarray(x * value)


def _history(answers: Answers, parts: Calendar) -> dict[str, Any]:
    born, convicted, assessed = (answers[name] for name in DATES)
    given = answers["date_at_start_of_followup"]
    start = np.where(np.isnat(given), convicted, given)
    at_birth, at_conviction, at_start, at_assessment = (parts(each) for each in (born, convicted, start, assessed))
    no_birth, no_start = np.isnat(born), np.isnat(start)
    age = _unless(no_birth | no_start, _whole_months(at_birth, at_start) // 12)
    age_convicted = _unless(no_birth | np.isnat(convicted), _whole_months(at_birth, at_conviction) // 12)
    free = np.clip(_whole_months(at_start, at_assessment), 0, 36)
    return {
        "age": age,
        "years": age_convicted - _number(answers["age_at_first_sanction"]),
        "free": _unless(no_start | np.isnat(assessed), free),
        "category": CATEGORY_OF[answers["current_offence_code"]],
        "sanctions": _number(answers["total_number_of_sanctions_for_all_offences"]),
    }


def _shared_log_odds(of: Version, gender: NDArray[Any], history: dict[str, Any]) -> Reals:
    """What both versions have: age, gender, offence, sanctions and months free of offences."""
    sanctions, years = history["sanctions"], history["years"]
    rate = np.log(sanctions / (years + 26))
    by_sanctions = np.select(
        [sanctions == 1, sanctions == 2],
        [of.weights["firstsanction"], of.weights["secondsanction"] + of.second_sanction_years[gender] * years],
        default=_polynomial(rate, tuple(weight[gender] for weight in of.rate)),
    )
    return np.asarray(
        of.intercept[gender]
        + _polynomial(history["age"], tuple(weight[gender] for weight in of.age))
        + of.by_category[history["category"]]
        + by_sanctions
        + of.weights["ogrs3_sanctionoccasions"] * sanctions
        + _polynomial(history["free"], of.offence_free)
    )


def _relationship(answers: Answers) -> Reals:
    quality = _number(answers["current_relationship_with_partner"])
    status = answers["current_relationship_status"]
    together = DYNAMIC.weights["S3Q2_PARTNER"] + DYNAMIC.weights["S3Q2_PARTNERS6Q4"] * quality
    known = np.where(status < 0, np.nan, np.where(status == 1, together, 0.0))
    return np.asarray(DYNAMIC.weights["S6Q4"] * quality + known)


def _drugs(answers: Answers) -> tuple[Reals, NDArray[np.bool_]]:
    """The weight of drugs and of the motivation to tackle misuse; where an answer was put in for a missing one."""
    used = {name: answers[name] > 0 for name in (*DRUGS, *OTHER_DRUGS)}
    gaps = np.any([answers[name] < 0 for name in used], axis=0)
    no_drug = ~np.any(list(used.values()), axis=0)
    other = np.any([used[name] for name in OTHER_DRUGS], axis=0)
    given = _number(answers["motivation_to_tackle_drug_misuse"])
    not_needed = np.isnan(given) & no_drug
    weight = DYNAMIC.weights["S8Q8"] * np.where(not_needed, 0.0, given)
    for name, each in DRUGS.items():
        weight += each * used[name]
    return weight + DYNAMIC.weights["otherdrug_code_iln"] * other, gaps | not_needed


def _score(answers: Answers, parts: Calendar) -> Answers:
    gender = answers["gender"]
    history = _history(answers, parts)
    static = _shared_log_odds(STATIC, gender, history)
    drugs, put_in = _drugs(answers)
    dynamic = _shared_log_odds(DYNAMIC, gender, history) + _relationship(answers) + drugs
    for name, weight in DYNAMIC_ITEMS.items():
        dynamic += weight * _number(answers[name])
    fallback = np.isnan(dynamic)
    log_odds = np.where(fallback, static, dynamic)
    probability = 1 / (1 + np.exp(-log_odds))
    percent = np.minimum(np.floor(100 * probability * 100 + 0.5) / 100, 99.99)
    final_status = _status(log_odds, put_in | fallback)
    return {
        "age_at_start_of_followup": history["age"],
        "age_at_start_of_followup_status": _status(history["age"]),
        "years_since_first_sanction": history["years"],
        "years_since_first_sanction_status": _status(history["years"]),
        "offence_free_months": history["free"],
        "offence_free_months_status": _status(history["free"]),
        "offence_category": history["category"],
        "offence_category_status": np.where(history["category"] < 0, INCOMPLETE, SCORED),
        "static_log_odds": static,
        "static_log_odds_status": _status(static),
        "dynamic_log_odds": dynamic,
        "dynamic_log_odds_status": _status(dynamic, put_in),
        "log_odds": log_odds,
        "log_odds_status": final_status,
        "probability": probability,
        "probability_status": final_status,
        "percent": percent,
        "percent_status": final_status,
        "percent_level": np.where(np.isnan(percent), -1, np.digitize(percent, [50, 75, 90])),
        "version": np.where(np.isnan(percent), -1, np.where(fallback, 0, 1)),
        "version_status": final_status,
    }


def _status(values: Reals, omitted: NDArray[np.bool_] | None = None) -> NDArray[Any]:
    usable: Any = SCORED if omitted is None else np.where(omitted, OMITTED, SCORED)
    return np.where(np.isnan(values), INCOMPLETE, usable)


LABELS = {"offence_category": CATEGORIES, "percent_level": LEVELS, "version": VERSIONS}


class Program:
    """Scores one caseload again and again into the same memory."""

    def __init__(self, caseload: Caseload, parts: Calendar) -> None:
        self.parts = parts
        self.answers = caseload.with_sentinels()
        self.rows = len(self.answers["gender"])
        few = _score({name: values[:1] for name, values in self.answers.items()}, parts)
        narrow = (*LABELS, *(name for name in few if name.endswith("_status")))
        self.out = {name: np.zeros(self.rows, np.int8 if name in narrow else np.float64) for name in few}

    def run(self) -> None:
        for block in blocks(self.rows, BLOCK):
            scores = _score({name: values[block] for name, values in self.answers.items()}, self.parts)
            for name, values in scores.items():
                self.out[name][block] = values

    def read(self, _: None) -> Result:
        return {name: self._read(name, values) for name, values in self.out.items()}

    @staticmethod
    def _read(name: str, values: NDArray[Any]) -> Column:
        if name.endswith("_status"):
            return column(values, labels=STATUSES)
        if name in LABELS:
            return Column(np.maximum(values, 0), values < 0, LABELS[name])
        return Column(values, np.isnan(values))


def vectorised(caseload: Caseload, threads: int) -> Peer:
    program = Program(caseload, _by_datetime64)
    return Peer("NumPy, vectorised", program.run, program.read)


def with_calendar(caseload: Caseload, threads: int) -> Peer:
    program = Program(caseload, _by_calendar)
    return Peer("NumPy, calendar table", program.run, program.read)
