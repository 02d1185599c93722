"""Dynamic scales, totals that are taken over, and matrices without cells."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

from .adult_forms import place
from .use import MAN, adult_at_offence, of_men, refused, wrong
from .worksheet import Extra, Line, Row, Total, Worksheet, added, ratings, recorded, total

GROWN: Row = MAN | {"age": 40}


def grown(scale: str, value: float) -> list[Extra]:
    """The rules for adults."""
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    return [
        refused("age-0", "a child", scale, {"age": 0}),
        refused("age-17.99", "younger than 18", scale, {"age": 17.99}),
        Extra("age-18", "adult", {"age": 18}, scored),
        Extra("age-119.5", "adult", {"age": 119.5}, scored),
        wrong("age-120", scale, {"age": 120}),
        wrong("age-negative", scale, {"age": -0.01}),
        Extra("age-not-known", "needed", {"age": None}, {scale: None, f"{scale}_status": "incomplete"}),
        *adult_at_offence(scale, value),
    ]


# SOTIPS: sixteen items of 0 to 3 in five clusters

CLUSTERS = {
    "sexuality_risk_responsibility": (
        "sexual_offense_responsibility", "sexual_behavior", "sexual_attitudes", "sexual_interests",
        "sexual_risk_management",
    ),
    "criminality": ("criminal_behavior", "criminal_attitudes"),
    "treatment_supervision_cooperation": ("stage_of_change", "cooperation_treatment", "cooperation_supervision"),
    "self_management": ("emotion_management", "problem_solving", "impulsivity"),
    "social_stability_supports": ("employment", "residence", "social_influences"),
}  # fmt: skip
SOTIPS_LINES = {code: ratings(code, 0, 1, 2, 3) for codes in CLUSTERS.values() for code in codes}
SOTIPS = Worksheet(
    "sotips",
    "2012",
    list(SOTIPS_LINES.values()),
    [
        total("total", list(SOTIPS_LINES.values()), (0, "low"), (11, "moderate"), (21, "high")),
        *(total(name, [SOTIPS_LINES[code] for code in codes]) for name, codes in CLUSTERS.items()),
    ],
    GROWN,
    [*of_men("total", 0), *grown("total", 0)],
)

# VRS-SO: 7 static and 17 dynamic items of 0 to 3; half a point for each stage gained beyond contemplation

STATIC = (
    "age_at_release", "age_first_sex_offense", "offender_type", "prior_sex_offenses", "unrelated_victims",
    "number_gender_victims", "prior_sentencing_dates",
)  # fmt: skip
DYNAMIC = (
    "sexually_deviant_lifestyle", "sexual_compulsivity", "offense_planning", "criminal_personality",
    "cognitive_distortions", "interpersonal_aggression", "emotional_control", "insight", "substance_abuse",
    "community_support", "release_to_high_risk_situations", "sexual_offending_cycle", "impulsivity",
    "compliance_community_supervision", "treatment_compliance", "deviant_sexual_preference", "intimacy_deficits",
)  # fmt: skip
VRS_LINES = {code: ratings(code, 0, 1, 2, 3) for code in (*STATIC, *DYNAMIC)}
STAGES = ("precontemplation", "contemplation", "preparation", "action", "maintenance")


def gained(before: int, after: int) -> float:
    """Half a point for each stage gained beyond contemplation, the second of the five."""
    second = STAGES.index("contemplation")
    return 0.5 * (max(after, second) - max(before, second)) if after > before else 0


def treated(seed: int) -> Iterator[Extra]:
    """People with stages before and after: each item alone over all stages, then all items at random."""
    source = random.Random(seed)
    for item in DYNAMIC:
        for rating, before, after in ((3, 1, 3), (2, 0, 4), (2, 2, 3), (1, 0, 4), (3, 0, 1)):
            responses: Row = {item: str(rating), f"{item}_stage_before": before, f"{item}_stage_after": after}
            change = gained(before, after) if rating >= 2 else 0
            yield _after(f"{item}-{rating}-{STAGES[before]}-{STAGES[after]}", responses, rating, rating, change, "")
        lost: Row = {item: "3", f"{item}_stage_before": 3, f"{item}_stage_after": 2}
        yield _after(f"{item}-stage-lost", lost, 3, 3, 0, "stage_lost")
    for i in range(40):
        responses, dynamic, change = {}, 0, 0.0
        for item in DYNAMIC:
            rating, before = source.randrange(4), source.randrange(5)
            after = source.randrange(before, 5)
            responses |= {item: str(rating), f"{item}_stage_before": before, f"{item}_stage_after": after}
            dynamic += rating
            change += gained(before, after) if rating >= 2 else 0
        yield _after(f"all-{i}", responses, dynamic, dynamic, change, "")


def _after(code: str, responses: Row, dynamic: int, whole: int, change: float, cautions: str) -> Extra:
    expect: Row = {"dynamic": dynamic, "total": whole, "change": change, "dynamic_after": dynamic - change}
    expect |= {"total_after": whole - change, "total_after_status": "scored", "cautions": cautions}
    return Extra(code, f"change {change}", responses, expect)


TARGET: Row = {"insight": "2", "insight_stage_before": 1, "insight_stage_after": 3}
NO_CHANGE: Row = {"change": None, "total_after": None, "total": 2}
VRS_SO = Worksheet(
    "vrs-so",
    "2003",
    list(VRS_LINES.values()),
    [
        total("static", [VRS_LINES[code] for code in STATIC]),
        total("dynamic", [VRS_LINES[code] for code in DYNAMIC]),
        Total("total", added(*STATIC, *DYNAMIC), (), {"static": added(*STATIC), "dynamic": added(*DYNAMIC)}),
    ],
    GROWN,
    [
        *treated(seed=3),
        *of_men("total", 0),
        *grown("total", 0),
        *(
            Extra(
                f"{code}-stage-missing",
                "a target needs both",
                TARGET | {code: None},
                NO_CHANGE | {"change_status": "incomplete"},
            )
            for code in ("insight_stage_before", "insight_stage_after")
        ),
        *(
            Extra(
                f"{item}-{when}-{stage}",
                "no such stage",
                {item: "2", **stages, f"{item}_stage_{when}": stage},
                NO_CHANGE | {"change_status": "invalid"},
            )
            for item in DYNAMIC
            for stages in ({f"{item}_stage_before": 0, f"{item}_stage_after": 4},)
            for when in ("before", "after")
            for stage in (-1, 5)
        ),
    ],
)

# Totals that are taken over from the authors' own form


def taken_over(instrument: str, edition: str, highest: int) -> Worksheet:
    line = recorded("recorded_total", 0, highest)
    return Worksheet(
        instrument, edition, [line], [total("total", [line])], GROWN, [*of_men("total", 0), *grown("total", 0)]
    )


SOTNPS = taken_over("sotnps", "2003", 66)
OPEN_END = Line("recorded_total", recorded("recorded_total", 0, 40).answers, (-1, 0.5))
VASOR_2 = Worksheet(
    "vasor-2",
    "2014",
    [OPEN_END],
    [replace(total("total", [OPEN_END]), whole=False)],
    GROWN,
    [*of_men("total", 0), *grown("total", 0)],
)


def probability(instrument: str, edition: str) -> Worksheet:
    usual = 0.25
    shown: Row = {"reconviction_status": "scored"}
    item = "recorded_probability"
    return Worksheet(
        instrument,
        edition,
        [],
        [],
        GROWN | {item: usual},
        [
            *(
                Extra(f"probability-{p}", "as recorded", {item: p}, shown | {"reconviction": p})
                for p in (0, 0.023, 0.999)
            ),
            wrong("one", "reconviction", {item: 1}),
            wrong("percent", "reconviction", {item: 1.5}),
            wrong("negative", "reconviction", {item: -0.5}),
            Extra("not-recorded", "needed", {item: None}, {"reconviction": None, "reconviction_status": "incomplete"}),
            *of_men("reconviction", usual),
            *grown("reconviction", usual),
        ],
    )


MNSOST_3_1 = probability("mnsost-3-1", "2012")
MNSOST_4 = probability("mnsost-4", "2019")

# SRA-FV: three means of a domain, added

DOMAINS = ("sexual_interests", "relational_style", "self_management")
MEANS: Row = dict(zip(DOMAINS, (0.25, 0.5, 1), strict=True))
SRA_FV = Worksheet(
    "sra-fv",
    "FV",
    [],
    [],
    GROWN | MEANS,
    [
        Extra(
            "sum",
            "0.25 + 0.5 + 1",
            {},
            {"total": 1.75, "total_status": "scored", **{f"total_from_{d}": m for d, m in MEANS.items()}},
        ),
        *(Extra(f"{d}-0", "nothing", {d: 0}, {"total": 1.75 - MEANS[d], "total_status": "scored"}) for d in DOMAINS),
        *(
            Extra(f"{d}-2", "the highest mean", {d: 2}, {"total": 3.75 - MEANS[d], "total_status": "scored"})
            for d in DOMAINS
        ),
        *(
            Extra(f"{d}-{m}", "too high", {d: m}, {"total": None, "reasons": f"contradiction: {d}_two_at_most"})
            for d in DOMAINS
            for m in (2.01, 2.99)
        ),
        *(
            Extra(
                f"{d}-{m}", "no score", {d: m}, {"total": None, "total_status": "invalid", "reasons": f"invalid: {d}"}
            )
            for d in DOMAINS
            for m in (3, -0.01)
        ),
        *(Extra(f"{d}-missing", "needed", {d: None}, {"total": None, "total_status": "incomplete"}) for d in DOMAINS),
        *of_men("total", 1.75),
        *grown("total", 1.75),
    ],
)

# The priority matrix: no cell is public

FIVE = ("low", "moderate_low", "moderate_high", "high", "very_high")
THREE = ("low", "moderate", "high")
STATIC_STABLE = {  # Static-99 and STABLE-2007 totals that give each level under the rules of 2007
    "low": (0, 0), "moderate_low": (2, 4), "moderate_high": (4, 4), "high": (6, 4), "very_high": (6, 12),
}  # fmt: skip
ACUTE_ITEMS = (
    "victim_access", "hostility", "sexual_preoccupation", "rejection_of_supervision", "emotional_collapse",
    "change_in_social_supports", "substance_abuse",
)  # fmt: skip


def priority(level: str, points: int) -> Extra:
    static, stable = STATIC_STABLE[level]
    acute = THREE[place(points, (0, 1, 2))]
    responses: Row = {
        "static_stable.static_99_total": static,
        "static_stable.stable_2007_total": stable,
        "acute.sex": "male",
    }
    responses |= {f"acute.{item}": 0 for item in ACUTE_ITEMS} | {"acute.hostility": points}
    expect: Row = {
        "static_stable_level": level,
        "acute_level": acute,
        "priority": None,
        "priority_status": "incomplete",
    }
    expect["reasons"] = "not supplied: priority_2007"
    return Extra(f"{level}-acute-{points}", f"{level} and {acute}: the cell is not public", responses, expect)


PRIORITY = Worksheet(
    "static-stable-acute-priority",
    "2007",
    [],
    [],
    {},
    [
        *(priority(level, points) for level, points in itertools.product(FIVE, (0, 1, 2))),
        Extra(
            "substance-abuse-alone", "not among the four items of sex and violence",
            priority("low", 0).responses | {"acute.substance_abuse": 2},
            {"acute_level": "low", "static_stable_level": "low"},
        ),
        Extra(
            "substance-abuse-missing", "not among the four items of sex and violence",
            priority("low", 0).responses | {"acute.substance_abuse": None},
            {"acute_level": "low", "priority_status": "incomplete", "reasons": "not supplied: priority_2007"},
        ),
    ],
)  # fmt: skip

# Time offence-free; codes for exchange


def free(years: float, answer: str) -> Extra:
    return Extra(
        f"free-{years}",
        answer,
        {"years_offence_free": years},
        {"published_rates": answer, "published_rates_status": "scored"},
    )


TIME_FREE = Worksheet(
    "static-time-offence-free",
    "2016",
    [],
    [],
    {},
    [
        *(free(years, "as_published") for years in (0, 1.99)),
        *(free(years, "adjust_for_time") for years in (2, 5, 10)),
        *(free(years, "not_for_use") for years in (10.01, 119.5)),
        wrong("free-120", "published_rates", {"years_offence_free": 120}),
        wrong("free-negative", "published_rates", {"years_offence_free": -0.01}),
        Extra("free-not-known", "needed", {}, {"published_rates": None, "published_rates_status": "incomplete"}),
    ],
)

NO_CODE: Row = {"ndex_code": None, "ndex_code_status": "incomplete", "reasons": "not supplied: agency_mapping"}
NDEX = Worksheet(
    "ndex-risk-level",
    "3.1",
    [],
    [],
    {},
    [
        *(
            Extra(f"level-{level}", "the mapping is the agency's", {"standard_level": level}, NO_CODE)
            for level in ("I", "II", "III", "IVa", "IVb")
        ),
        *(Extra(f"number-{n}", "the mapping is the agency's", {"standard_level": n}, NO_CODE) for n in range(1, 6)),
        *(wrong(f"number-{n}", "ndex_code", {"standard_level": n}) for n in (0, 6)),
        wrong("level-V", "ndex_code", {"standard_level": "V"}),
        Extra("level-missing", "needed", {}, NO_CODE | {"reasons": "missing: standard_level"}),
    ],
)

DYNAMIC_FORMS = [SOTIPS, VRS_SO, SOTNPS, VASOR_2, MNSOST_3_1, MNSOST_4, SRA_FV, PRIORITY, TIME_FREE, NDEX]
