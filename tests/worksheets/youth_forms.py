"""Young people: J-SOAP-II, and totals and levels that are taken over."""

from __future__ import annotations

from collections.abc import Callable

from .use import indigenous, of_men, wrong
from .worksheet import Extra, Points, Row, Total, Worksheet, added, ratings, recorded, total


def ages(item: str, scale: str, value: object, lowest: int, below: int) -> list[Extra]:
    """From one birthday to just before another."""
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    out: Row = {scale: None, f"{scale}_status": "not_applicable"}
    return [
        Extra(f"{item}-0", "too young", {item: 0}, out),
        Extra(f"{item}-just-below-{lowest}", "too young", {item: lowest - 0.01}, out),
        Extra(f"{item}-{lowest}", "just old enough", {item: lowest}, scored),
        Extra(f"{item}-just-below-{below}", "just young enough", {item: below - 0.01}, scored),
        Extra(f"{item}-{below}", "too old", {item: below}, out),
        Extra(f"{item}-119.5", "too old", {item: 119.5}, out),
        wrong(f"{item}-120", scale, {item: 120}),
        wrong(f"{item}-negative", scale, {item: -0.01}),
        Extra(f"{item}-not-known", "needed", {item: None}, {scale: None, f"{scale}_status": "incomplete"}),
    ]


# J-SOAP-II: 28 items of 0 to 2

SCALES = {
    "sexual_drive": (
        "prior_charged_sex_offenses", "sexual_abuse_victims", "male_child_victim", "duration_of_offense_history",
        "planning", "sexualized_aggression", "sexual_drive_preoccupation", "sexual_victimization",
    ),
    "impulsive_antisocial": (
        "caregiver_consistency", "pervasive_anger", "school_behavior_problems", "conduct_disorder_history",
        "juvenile_antisocial_behavior", "charged_before_16", "multiple_offense_types", "physical_assault_exposure",
    ),
    "intervention": (
        "accepts_responsibility", "motivation_for_change", "understands_risk_factors", "empathy", "remorse_guilt",
        "cognitive_distortions", "peer_relationships",
    ),
    "community_stability": (
        "manages_sexual_urges", "manages_anger", "living_stability", "school_stability", "positive_supports",
    ),
}  # fmt: skip
JSOAP_LINES = {code: ratings(code, 0, 1, 2) for codes in SCALES.values() for code in codes}
ALL = [code for codes in SCALES.values() for code in codes]
FIRST_THREE = [code for code in ALL if code not in SCALES["community_stability"]]
STATIC = [*SCALES["sexual_drive"], *SCALES["impulsive_antisocial"]]


def share(codes: list[str] | tuple[str, ...]) -> Callable[[Points], float]:
    return lambda points: sum(points[code] for code in codes) / (2 * len(codes))


def in_custody(code: str, highs: Row) -> Extra:
    """Scale 4 is not rated: the total is of 23 items, against 46."""
    points = dict.fromkeys(ALL, 0) | {code: int(value) for code, value in highs.items()}
    value = sum(points[code] for code in FIRST_THREE)
    expect: Row = {"total": value, "possible": 46, "total_ratio": value / 46, "community_stability": None}
    expect |= {"community_stability_status": "not_applicable", "community_stability_ratio_status": "not_applicable"}
    return Extra(code, f"{value} of 46", {"setting": "custody"} | highs, expect)


ZERO: Row = {"total": 0, "total_status": "scored"}
J_SOAP_II = Worksheet(
    "j-soap-ii",
    "2003",
    list(JSOAP_LINES.values()),
    [
        *(total(name, [JSOAP_LINES[code] for code in codes]) for name, codes in SCALES.items()),
        *(Total(f"{name}_ratio", share(codes), whole=False) for name, codes in SCALES.items()),
        Total(
            "static",
            added(*STATIC),
            (),
            {name: added(*SCALES[name]) for name in ("sexual_drive", "impulsive_antisocial")},
        ),
        Total("total", added(*ALL)),
        Total("total_ratio", share(ALL), whole=False),
    ],
    {"setting": "community", "age": 15, "sex": "male"},
    [
        *of_men("total", 0),
        *ages("age", "total", 0, 12, 19),
        in_custody("custody", {}),
        in_custody("custody-all", dict.fromkeys(FIRST_THREE, "2")),
        in_custody("custody-half", dict.fromkeys(FIRST_THREE, "1") | dict.fromkeys(SCALES["community_stability"], "2")),
        *(in_custody(f"custody-{code}", {code: "2"}) for code in ALL),
        in_custody("custody-by-number", {"planning": "1"})._replace(responses={"setting": 1, "planning": "1"}),
        Extra("community-by-number", "28 items", {"setting": 2}, ZERO | {"possible": 56}),
        Extra(
            "setting-not-known",
            "needed",
            {"setting": None},
            {"total": None, "total_status": "incomplete", "possible": None},
        ),
        wrong("setting-wrong", "total", {"setting": "elsewhere"}),
        wrong("setting-0", "total", {"setting": 0}),
        wrong("setting-3", "total", {"setting": 3}),
    ],
)

# JSORRAT-II and MEGA: nothing is worked out

JSORRAT_LINE = recorded("recorded_total", 0, 21)
FUTURE: Row = {"total": None, "total_status": "invalid", "reasons": "contradiction: offence_before_now"}
OFFENCE_AT = {code: case for case in ages("age_at_offence", "total", 0, 12, 18) for code in [case.id]}
JSORRAT_II = Worksheet(
    "jsorrat-ii",
    "2005",
    [JSORRAT_LINE],
    [total("total", [JSORRAT_LINE])],
    {"sex": "male", "age_at_offence": 14, "age": 17.99},
    [
        *of_men("total", 0),
        *OFFENCE_AT.values(),
        Extra("age-14", "just after the offence", {"age": 14}, {"total": 0, "total_status": "scored"}),
        Extra("age-13.99", "before the offence", {"age": 13.99}, FUTURE),
        Extra("age-18", "expired", {"age": 18}, {"total": None, "reasons": "does not apply: younger_than_eighteen"}),
        Extra("age-119.5", "expired", {"age": 119.5}, {"total": None, "total_status": "not_applicable"}),
        Extra("age-0", "before the offence", {"age": 0}, FUTURE),
        wrong("age-120", "total", {"age": 120}),
        wrong("age-negative", "total", {"age": -0.01}),
        Extra("age-not-known", "needed", {"age": None}, {"total": None, "total_status": "incomplete"}),
    ],
)

LEVELS = ("low", "moderate", "high", "very_high")
MEGA = Worksheet(
    "mega",
    "cross-validated",
    [],
    [],
    {"age": 12, "recorded_level": "low"},
    [
        *(
            Extra(
                f"level-{level}", "as recorded", {"recorded_level": level}, {"level": level, "level_status": "scored"}
            )
            for level in LEVELS
        ),
        *(Extra(f"number-{n}", level, {"recorded_level": n}, {"level": level}) for n, level in enumerate(LEVELS, 1)),
        *(wrong(f"number-{n}", "level", {"recorded_level": n}) for n in (0, 5)),
        Extra("not-recorded", "needed", {"recorded_level": None}, {"level": None, "level_status": "incomplete"}),
        *ages("age", "level", "low", 4, 20),
        *indigenous("level", "low"),
    ],
)

YOUTH_FORMS = [J_SOAP_II, JSORRAT_II, MEGA]
