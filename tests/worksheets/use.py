"""Questions of use that many forms share, and the cases that go over them."""

from __future__ import annotations

from .worksheet import Extra, Row

MAN: Row = {"sex": "male"}

REFUSED = "not_applicable"


def refused(code: str, why: str, scale: str, responses: Row) -> Extra:
    return Extra(code, why, responses, {scale: None, f"{scale}_status": REFUSED})


def wrong(code: str, scale: str, responses: Row) -> Extra:
    return Extra(code, "no answer of the form", responses, {scale: None, f"{scale}_status": "invalid"})


def of_men(scale: str, value: float, *, reason_of_unknown: str = "missing: sex; undecided: male") -> list[Extra]:
    """Sex, and the cautions for people on whom the scale was not made. `value` is what the usual answers come to."""
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    return [
        Extra("woman", "men only", {"sex": "female"}, {scale: None, "reasons": "does not apply: male"}),
        Extra("woman-by-number", "men only; 2 stands for female", {"sex": 2}, {f"{scale}_status": REFUSED}),
        Extra("man-by-number", "1 stands for male", {"sex": 1}, scored | {"reasons": ""}),
        Extra(
            "sex-not-known", "men only", {"sex": None}, {f"{scale}_status": "incomplete", "reasons": reason_of_unknown}
        ),
        Extra("usual", "no caution", {"indigenous": "no", "gender_diverse": "no"}, scored | {"cautions": ""}),
        Extra(
            "groups-not-asked", "no caution", {"indigenous": None, "gender_diverse": None}, scored | {"cautions": ""}
        ),
        Extra("canada", "Ewert v. Canada", {"indigenous": "canada"}, scored | {"cautions": "indigenous_validity"}),
        Extra("elsewhere", "no validation", {"indigenous": 3}, scored | {"cautions": "indigenous_validity"}),
        Extra("united-states", "no validation", {"indigenous": 2}, scored | {"cautions": "tribal_validation"}),
        Extra("canada-by-number", "1", {"indigenous": 1}, scored | {"cautions": "indigenous_validity"}),
        Extra("not-indigenous-by-number", "0", {"indigenous": 0}, scored | {"cautions": ""}),
        Extra("gender-diverse", "a scale for men", {"gender_diverse": "yes"}, scored | {"cautions": "scale_for_men"}),
    ]


def age_at_offence(
    scale: str, value: float, release: int, *, refused_below: int, caution_below: int | None
) -> list[Extra]:
    """The age at the latest sexual offence, for somebody who usually is `release` years old."""
    item = "age_at_latest_sex_offence"
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    warned = "adolescent_offence" if caution_below is not None else ""
    cases = [
        refused("offence-0", "a child at the offence", scale, {item: 0}),
        refused("offence-just-below", "too young", scale, {item: refused_below - 0.01}),
        Extra("offence-at-limit", "old enough", {item: refused_below}, scored | {"cautions": warned}),
        Extra("offence-at-release", "at the age of release", {item: release}, scored | {"cautions": ""}),
        Extra(
            "offence-after-release",
            "impossible",
            {item: release + 0.01},
            {f"{scale}_status": "invalid", "reasons": "contradiction: offence_before_release"},
        ),
        Extra(
            "offence-119",
            "impossible",
            {item: 119.5},
            {f"{scale}_status": "invalid", "reasons": "contradiction: offence_before_release"},
        ),
        Extra("offence-120", "no age", {item: 120}, {f"{scale}_status": "invalid", "reasons": f"invalid: {item}"}),
        Extra(
            "offence-negative", "no age", {item: -0.01}, {f"{scale}_status": "invalid", "reasons": f"invalid: {item}"}
        ),
    ]
    if caution_below is not None:
        cases += [
            Extra("offence-just-below-caution", "young", {item: caution_below - 0.01}, scored | {"cautions": warned}),
            Extra("offence-at-caution", "adult", {item: caution_below}, scored | {"cautions": ""}),
        ]
    return cases


def time_free(scale: str, value: float) -> list[Extra]:
    item = "years_offence_free"
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    return [
        Extra("free-0", "just released", {item: 0}, scored | {"cautions": ""}),
        Extra("free-just-below-2", "below two years", {item: 1.99}, scored | {"cautions": ""}),
        Extra("free-2", "two years", {item: 2}, scored | {"cautions": "offence_free_two_years"}),
        Extra("free-10", "ten years", {item: 10}, scored | {"cautions": "offence_free_two_years"}),
        refused("free-more-than-10", "more than ten years", scale, {item: 10.01}),
        refused("free-119", "more than ten years", scale, {item: 119.5}),
        Extra("free-120", "no time", {item: 120}, {f"{scale}_status": "invalid", "reasons": f"invalid: {item}"}),
        Extra("free-negative", "no time", {item: -0.01}, {f"{scale}_status": "invalid", "reasons": f"invalid: {item}"}),
    ]


def stranger_but_related(scale: str, value: float) -> list[Extra]:
    """`value` is what a stranger alone adds to the usual answers."""
    both = {"any_stranger_victim": "yes", "any_unrelated_victim": "yes"}
    return [
        Extra(
            "stranger-related",
            "a stranger is no relative",
            {"any_stranger_victim": "yes"},
            {scale: value, "cautions": "stranger_but_related"},
        ),
        Extra("stranger-unrelated", "as it should be", both, {"cautions": ""}),
        Extra("unrelated-no-stranger", "possible", {"any_unrelated_victim": "yes"}, {"cautions": ""}),
    ]


def category_b(scale: str, value: float) -> list[Extra]:
    item = "only_category_b_offences"
    return [
        refused("category-b", "Category B only", scale, {item: "yes"}),
        Extra("category-a", "Category A", {item: "no"}, {scale: value, f"{scale}_status": "scored"}),
        wrong("category-wrong", scale, {item: "perhaps"}),
    ]


def adult_at_offence(scale: str, value: float, item: str = "age_at_latest_sex_offence") -> list[Extra]:
    """Refused for an offence before 18, where the age is known."""
    scored: Row = {scale: value, f"{scale}_status": "scored"}
    return [
        refused("offence-0", "a child", scale, {item: 0}),
        refused("offence-17.99", "younger than 18", scale, {item: 17.99}),
        Extra("offence-18", "adult", {item: 18}, scored),
        Extra("offence-119.5", "adult", {item: 119.5}, scored),
        wrong("offence-120", scale, {item: 120}),
        wrong("offence-negative", scale, {item: -0.01}),
    ]


def indigenous(scale: str, value: object) -> list[Extra]:
    """The cautions of instruments that are not for men alone."""
    told = {
        "no": "", "canada": "indigenous_validity", "united_states": "tribal_validation",
        "elsewhere": "indigenous_validity",
    }  # fmt: skip
    cases = []
    for number, (answer, caution) in enumerate(told.items()):
        for given in (answer, number):
            expect: Row = {scale: value, f"{scale}_status": "scored", "cautions": caution}
            cases.append(Extra(f"indigenous-{given}", "asked for the caution only", {"indigenous": given}, expect))
    return cases
