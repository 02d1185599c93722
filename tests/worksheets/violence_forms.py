"""VRAG and SORAG: weighted questions, bins, and proration of what is not answered."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace

from .use import MAN, adult_at_offence, of_men, refused, wrong
from .worksheet import Extra, Line, Row, Worksheet, age, choice, count, recorded, total, yes_no

PARENTS = yes_no("lived_with_both_parents", no=3, yes=-2)
SCHOOL = choice("elementary_maladjustment", ("none", 0, -1), ("slight_or_moderate", 1, 2), ("severe", 2, 5))
ALCOHOL = count("alcohol_problems", (0, -1), (1, 0), (3, 1), (4, 2), to=5)
MARITAL = choice("marital_status", ("ever_married", 1, -2), ("never_married", 2, 1))
NONVIOLENT = count("nonviolent_history", (0, -2), (1, 0), (3, 3))
RELEASE = yes_no("conditional_release_failure", no=0, yes=3)
AGE = age("age_at_index", (18, 2), (27, 0), (28, -1), (34, -2), (39, -5))
INJURY = choice(
    "victim_injury", ("none_or_slight", 0, 2), ("treated_and_released", 1, 1), ("hospitalised", 2, 0), ("death", 3, -2)
)
FEMALE = yes_no("female_victim", no=1, yes=-1)
DISORDER = yes_no("personality_disorder", no=-2, yes=3)
SCHIZOPHRENIA = yes_no("schizophrenia", no=1, yes=-3)
PCLR = count("pclr", (0, -5), (5, -3), (10, -1), (15, 0), (25, 4), (35, 12), to=40)
VIOLENT = choice("violent_history", ("0", 0, -1), ("2", 2, 0), ("3_or_more", 3, 6))
CONVICTIONS = count("prior_sexual_convictions", (0, -1), (1, 1), (3, 5))
GIRLS = yes_no("only_girls_under_14", no=4, yes=0)
PHALLOMETRY = yes_no("phallometric_deviance", no=-1, yes=1)

VRAG_LINES = [
    PARENTS, SCHOOL, ALCOHOL, MARITAL, NONVIOLENT, RELEASE, AGE, INJURY, FEMALE, DISORDER, SCHIZOPHRENIA, PCLR,
]  # fmt: skip
SORAG_LINES = [
    PARENTS, SCHOOL, ALCOHOL, MARITAL, NONVIOLENT, VIOLENT, CONVICTIONS, GIRLS, RELEASE, AGE,
    DISORDER, SCHIZOPHRENIA, PHALLOMETRY, PCLR,
]  # fmt: skip
BY_SUBSTITUTE = ("personality_disorder", "schizophrenia")

Printed = list[tuple[int, str]]


def prorated(lines: list[Line], points: dict[str, float], substituted: set[str]) -> float:
    """The share of the points of one sign that the questions answered gave, of those that the others could give."""
    scored = [line for line in lines if line.code in points and line.code not in substituted]
    missing = [line for line in lines if line.code not in points]
    subtotal = sum(points[line.code] for line in scored)

    def available(of: list[Line]) -> float:
        extreme = min if subtotal < 0 else max
        return sum(extreme(0, extreme(answer.points for answer in line.answers)) for line in of)

    share = subtotal / available(scored)
    return subtotal + share * available(missing) + sum(points[code] for code in substituted)


def rounded(exact: float, ends: tuple[int, int]) -> int:
    away = math.floor(abs(exact) + 0.5)  # ties away from zero
    return max(ends[0], min(ends[1], int(math.copysign(away, exact))))


def proration(lines: list[Line], levels: Printed, ends: tuple[int, int], seed: int) -> Iterator[Extra]:
    """Rows in which one to six answers are missing, and some come from a substitute."""
    source = random.Random(seed)
    for i in range(200):
        gone = source.sample([line.code for line in lines], 1 + i % 6)
        chosen = {line.code: source.choice(line.answers) for line in lines if line.code not in gone}
        responses: Row = {code: answer.response for code, answer in chosen.items()} | dict.fromkeys(gone)
        substituted: set[str] = set()
        for code in BY_SUBSTITUTE:
            answered = source.choice(["yes", "no", None, None])
            responses[f"{code}_by_substitute"] = answered
            if answered == "yes" and code in chosen:
                substituted.add(code)
        responses.setdefault("age_at_index", 40)
        if "age_at_index" in gone:
            continue  # the age decides whether the scale applies
        expect: Row = {"total": None, "total_status": "incomplete", "prorated_exact_status": "not_applicable"}
        if len(gone) <= 4:
            points = {code: answer.points for code, answer in chosen.items()}
            exact = prorated(lines, points, substituted)
            value = rounded(exact, ends)
            level = [code for lowest, code in levels if lowest <= value][-1]
            expect = {
                "total": value,
                "total_status": "scored_with_omissions",
                "total_level": level,
                "prorated_exact": exact,
            }
            expect["reasons"] = "; ".join(sorted(["fallback: total", *(f"missing: {code}" for code in gone)]))
        yield Extra(f"prorated-{i}", f"without {', '.join(sorted(gone))}", responses, expect)


def rates_of_bins(levels: Printed, highest: int, rates: list[float]) -> dict[int, dict[str, float]]:
    ends = [lowest - 1 for lowest, _ in levels[1:]] + [highest]
    return {
        score: {"rate": rate}
        for (lowest, _), end, rate in zip(levels, ends, rates, strict=True)
        for score in range(lowest, end + 1)
    }


VRAG_BINS: Printed = [
    (-26, "1"), (-21, "2"), (-14, "3"), (-7, "4"), (0, "5"), (7, "6"), (14, "7"), (21, "8"), (28, "9"),
]  # fmt: skip
SORAG_BINS: Printed = [
    (-26, "1"), (-9, "2"), (-3, "3"), (3, "4"), (9, "5"), (15, "6"), (20, "7"), (25, "8"), (31, "9"),
]  # fmt: skip


def form(
    instrument: str, lines: list[Line], bins: Printed, ends: tuple[int, int], rates: dict[str, list[float]], gate: str
) -> Worksheet:
    usual = sum(line.answers[0].points for line in lines)
    norms = {name: rates_of_bins(bins, ends[1], each) for name, each in rates.items()}
    extras = [
        *proration(lines, bins, ends, seed=7),
        *of_men("total", usual),
        refused("index-0", "a child at the index offence", "total", {"age_at_index": 0}),
        refused("index-17.99", "younger than 18", "total", {"age_at_index": 17.99}),
        Extra("index-not-known", "it decides on the use", {"age_at_index": None}, {"total_status": "incomplete"}),
        refused(f"no-{gate}", "not for him", "total", {gate: "no"}),
        Extra(gate, "as it should be", {gate: "yes"}, {"total": usual, "total_status": "scored"}),
        wrong(f"{gate}-wrong", "total", {gate: "perhaps"}),
    ]
    shown = replace(total("total", lines, *bins, norms=norms), explained_by="complete")
    return Worksheet(instrument, "2006", lines, [shown], MAN, extras, proration=True)


VRAG = form(
    "vrag",
    VRAG_LINES,
    VRAG_BINS,
    (-26, 38),
    {
        "development-7y": [0.00, 0.08, 0.12, 0.17, 0.35, 0.44, 0.55, 0.76, 1.00],
        "development-10y": [0.08, 0.10, 0.24, 0.31, 0.48, 0.58, 0.64, 0.82, 1.00],
    },
    "criminal_violence",
)
SORAG = form(
    "sorag",
    SORAG_LINES,
    SORAG_BINS,
    (-26, 51),
    {
        "development-7y": [0.07, 0.15, 0.23, 0.39, 0.45, 0.58, 0.58, 0.75, 1.00],
        "development-10y": [0.09, 0.12, 0.39, 0.59, 0.59, 0.76, 0.80, 0.89, 1.00],
    },
    "hands_on_offence",
)

VRAG_R_BINS: Printed = [
    (-34, "1"), (-23, "2"), (-16, "3"), (-10, "4"), (-3, "5"), (4, "6"), (12, "7"), (18, "8"), (27, "9"),
]  # fmt: skip
VRAG_R_LINE = recorded("recorded_total", -34, 46)
VRAG_R = Worksheet(
    "vrag-r",
    "2013",
    [VRAG_R_LINE],
    [total("total", [VRAG_R_LINE], *VRAG_R_BINS)],
    MAN,
    [*of_men("total", -34), *adult_at_offence("total", -34, "age_at_index")],
)

VIOLENCE_FORMS = [VRAG, SORAG, VRAG_R]
