"""Guides of structured judgment: ratings and the rater's own judgment are handed on, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from .use import indigenous, wrong
from .worksheet import Extra, Row, Worksheet
from .youth_forms import ages

Answers = dict[str, int]  # codes and the numbers that stand for them

PRESENCE: Answers = {"absent": 0, "possible": 1, "present": 2}
LOW_TO_HIGH: Answers = {"low": 1, "moderate": 2, "high": 3}


def turned(answers: Answers, by: int) -> str:
    return list(answers)[by % len(answers)]


def assessments(factors: tuple[str, ...], answers: Answers, judgments: dict[str, Answers]) -> Iterator[Extra]:
    """Every factor with every answer, neighbours always different; by code and by number."""
    for shift in range(max(len(answers), *(len(each) for each in judgments.values()))):
        rated = {factor: turned(answers, i + shift) for i, factor in enumerate(factors)}
        judged = {judgment: turned(each, i + shift) for i, (judgment, each) in enumerate(judgments.items())}
        expect: Row = {f"{factor}_rating": answer for factor, answer in rated.items()} | judged
        expect |= {f"{judgment}_status": "scored" for judgment in judged} | {"cautions": "", "reasons": ""}
        given: Row = rated | {f"final_{judgment}": answer for judgment, answer in judged.items()}
        yield Extra(f"assessment-{shift}", "handed on as given", given, expect)
        numbers: Row = {factor: answers[answer] for factor, answer in rated.items()}
        numbers |= {f"final_{judgment}": judgments[judgment][answer] for judgment, answer in judged.items()}
        yield Extra(f"assessment-{shift}-by-number", "handed on as given", numbers, expect)


def guide(
    instrument: str,
    edition: str,
    factors: tuple[str, ...],
    answers: Answers,
    judgments: dict[str, Answers],
    age: int,
    age_cases: list[Extra],
) -> Worksheet:
    usual: Row = {"age": age} | dict.fromkeys(factors, next(iter(answers), None))
    usual |= {f"final_{judgment}": next(iter(each)) for judgment, each in judgments.items()}
    first = next(iter(judgments))
    extras = [*assessments(factors, answers, judgments), *age_cases, *indigenous(first, usual[f"final_{first}"])]
    for factor in factors:
        column = f"{factor}_rating"
        left_out: Row = {column: None, f"{column}_status": "incomplete", "cautions": "factors_not_rated"}
        extras.append(
            Extra(f"{factor}-left-out", "the judgment stands", {factor: None}, left_out | {f"{first}_status": "scored"})
        )
        extras += [
            wrong(f"{factor}-{n}", column, {factor: n}) for n in (min(answers.values()) - 1, max(answers.values()) + 1)
        ]
    for judgment, each in judgments.items():
        item = f"final_{judgment}"
        extras.append(
            Extra(
                f"{item}-missing",
                "the rater has to judge",
                {item: None},
                {judgment: None, f"{judgment}_status": "incomplete"},
            )
        )
        extras += [wrong(f"{item}-{n}", judgment, {item: n}) for n in (min(each.values()) - 1, max(each.values()) + 1)]
    return Worksheet(instrument, edition, [], [], usual, extras)


def grown(scale: str, value: str) -> list[Extra]:
    out: Row = {scale: None, f"{scale}_status": "not_applicable"}
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    return [
        Extra("age-0", "a child", {"age": 0}, out),
        Extra("age-17.99", "younger than 18", {"age": 17.99}, out),
        Extra("age-18", "adult", {"age": 18}, scored),
        Extra("age-119.5", "adult", {"age": 119.5}, scored),
        wrong("age-120", scale, {"age": 120}),
        wrong("age-negative", scale, {"age": -0.01}),
        Extra("age-not-known", "needed", {"age": None}, {scale: None, f"{scale}_status": "incomplete"}),
    ]


JUDGMENT = {"judgment": LOW_TO_HIGH}
ADULT = grown("judgment", "low")

ERASOR = guide(
    "erasor-2",
    "2.0",
    (
        "deviant_sexual_interests", "obsessive_sexual_interests", "attitudes_supporting_offending",
        "unwilling_to_change",
        "two_or_more_victims", "same_victim_repeated", "prior_adult_sanctions", "threats_or_violence", "child_victim",
        "stranger_victim", "indiscriminate_victims", "male_victim", "diverse_behaviors", "antisocial_orientation",
        "social_isolation", "negative_peers", "interpersonal_aggression", "escalating_anger", "poor_self_regulation",
        "family_stress", "parent_relationship", "parents_not_supporting", "environment_supports_reoffending",
        "no_prevention_plan", "incomplete_treatment",
    ),
    {"present": 2, "possible": 1, "not_present": 0, "unknown": 9},
    JUDGMENT,
    15,
    ages("age", "judgment", "low", 12, 19),
)  # fmt: skip

PROFESOR = guide(
    "profesor",
    "2017",
    tuple(f"factor_{n:02d}" for n in range(1, 21)),
    {"protective": 1, "neutral": 2, "risk": 3},
    {"category": {f"category_{n}": n for n in range(1, 6)}},
    15,
    ages("age", "category", "category_1", 12, 26),
)

SVR_20 = guide(
    "svr-20",
    "1997",
    (
        "sexual_deviation", "victim_of_child_abuse", "psychopathy", "major_mental_illness", "substance_use",
        "suicidal_homicidal_ideation", "relationship_problems", "employment_problems", "past_violent_nonsexual",
        "past_nonviolent", "past_supervision_failure", "high_density", "multiple_types", "physical_harm",
        "weapons_threats", "escalation", "minimization_denial", "supportive_attitudes", "unrealistic_plans",
        "negative_toward_intervention",
    ),
    PRESENCE,
    JUDGMENT,
    40,
    ADULT,
)  # fmt: skip

RSVP = guide(
    "rsvp",
    "2003",
    (
        "chronicity", "diversity", "escalation", "physical_coercion", "psychological_coercion",
        "extreme_minimization_denial", "supportive_attitudes", "self_awareness_problems", "stress_coping_problems",
        "child_abuse_sequelae", "sexual_deviance", "psychopathic_personality", "major_mental_illness", "substance_use",
        "violent_suicidal_ideation", "intimate_relationships", "nonintimate_relationships", "employment",
        "nonsexual_criminality", "planning_problems", "treatment_problems", "supervision_problems",
    ),
    PRESENCE,
    {"case_prioritization": LOW_TO_HIGH, "risk_of_serious_harm": LOW_TO_HIGH, "immediate_action": {"no": 0, "yes": 1}},
    40,
    grown("case_prioritization", "low"),
)  # fmt: skip

HCR_20_V2 = guide(
    "hcr-20",
    "2",
    (
        "h_previous_violence", "h_young_age_first_violence", "h_relationship_instability", "h_employment_problems",
        "h_substance_use_problems", "h_major_mental_illness", "h_psychopathy", "h_early_maladjustment",
        "h_personality_disorder", "h_prior_supervision_failure", "c_lack_of_insight", "c_negative_attitudes",
        "c_active_mmi_symptoms", "c_impulsivity", "c_unresponsive_to_treatment", "r_plans_lack_feasibility",
        "r_exposure_to_destabilizers", "r_lack_personal_support", "r_noncompliance_remediation", "r_stress",
    ),
    {"absent": 0, "partial": 1, "present": 2},
    JUDGMENT,
    40,
    ADULT,
)  # fmt: skip

HCR_20_V3 = guide(
    "hcr-20",
    "3",
    (
        "h1_violence", "h2_other_antisocial_behavior", "h3_relationships", "h4_employment", "h5_substance_use",
        "h6_major_mental_disorder", "h7_personality_disorder", "h8_traumatic_experiences", "h9_violent_attitudes",
        "h10_treatment_supervision_response", "c1_insight", "c2_violent_ideation_intent", "c3_mental_disorder_symptoms",
        "c4_instability", "c5_treatment_supervision_response", "r1_professional_services_plans", "r2_living_situation",
        "r3_personal_support", "r4_treatment_supervision_response", "r5_stress_coping",
    ),
    PRESENCE,
    JUDGMENT,
    40,
    ADULT,
)  # fmt: skip

SAPROF = guide(
    "saprof",
    "2009",
    (
        "intelligence", "secure_attachment_childhood", "empathy", "coping", "self_control", "work",
        "leisure_activities",
        "financial_management", "motivation_for_treatment", "attitudes_toward_authority", "life_goals", "medication",
        "social_network", "intimate_relationship", "professional_care", "living_circumstances", "external_control",
    ),
    {"absent": 0, "partly_present": 1, "present": 2},
    {"protection": LOW_TO_HIGH},
    40,
    grown("protection", "low"),
)  # fmt: skip

SARA = guide("sara", "2", (), PRESENCE, JUDGMENT, 40, ADULT)

GUIDE_FORMS = [ERASOR, PROFESOR, SVR_20, RSVP, HCR_20_V2, HCR_20_V3, SAPROF, SARA]
