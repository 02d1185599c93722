"""Static scales for men with sexual offences, as their forms print them."""

from __future__ import annotations

from collections.abc import Callable

from .use import MAN, age_at_offence, category_b, of_men, refused, stranger_but_related, time_free
from .worksheet import Extra, Points, Total, Worksheet, added, age, count, yes_no

TOO_YOUNG = [
    refused("release-0", "younger than 18 at release", "total", {"age_at_release": 0}),
    refused("release-17.99", "younger than 18 at release", "total", {"age_at_release": 17.99}),
]

# Item 5 of Static-99, and the first item of RRASOR: two columns, of which the higher counts.
CHARGES = count("prior_sex_charges", (0, 0), (1, 1), (3, 2), (6, 3))
CONVICTIONS = count("prior_sex_convictions", (0, 0), (1, 1), (2, 2), (4, 3))


def prior_offences(points: Points) -> float:
    return max(points["prior_sex_charges"], points["prior_sex_convictions"])


def with_prior(*codes: str) -> Callable[[Points], float]:
    return lambda points: prior_offences(points) + added(*codes)(points)


def rates(*printed: float, to: int, unit: float = 1) -> dict[int, dict[str, float]]:
    """Rates as printed for 0, 1, 2 and so on; the last one stands for its score and all above, up to `to`."""
    return {score: {"rate": printed[min(score, len(printed) - 1)] / unit} for score in range(to + 1)}


PARTNER = (
    yes_no("ever_lived_with_partner", no=1, yes=0).usually("yes").may_be_left_out("omitted: ever_lived_with_partner", 0)
)
OTHERS_99 = [
    PARTNER,
    yes_no("index_nonsexual_violence"),
    yes_no("prior_nonsexual_violence"),
    count("prior_sentencing_dates", (0, 0), (4, 1)),
    yes_no("noncontact_sex_conviction"),
    yes_no("any_unrelated_victim"),
    yes_no("any_stranger_victim"),
    yes_no("any_male_victim"),
]
CODES_99 = ["age_at_release", *(line.code for line in OTHERS_99)]

STATIC_99 = Worksheet(
    "static-99",
    "2003",
    [age("age_at_release", (18, 1), (25, 0)).usually(25), *OTHERS_99, CHARGES, CONVICTIONS],
    [
        Total(
            "total",
            with_prior(*CODES_99),
            ((0, "low"), (2, "moderate_low"), (4, "moderate_high"), (6, "high")),
            {code: added(code) for code in CODES_99} | {"prior_sex_offences": prior_offences},
            {
                "original-2000-sexual-5y": rates(0.05, 0.06, 0.09, 0.12, 0.26, 0.33, 0.39, to=12),
                "original-2000-sexual-10y": rates(0.11, 0.07, 0.13, 0.14, 0.31, 0.38, 0.45, to=12),
                "original-2000-sexual-15y": rates(0.13, 0.07, 0.16, 0.19, 0.36, 0.40, 0.52, to=12),
                "original-2000-violent-5y": rates(0.06, 0.11, 0.17, 0.22, 0.36, 0.42, 0.44, to=12),
                "original-2000-violent-10y": rates(0.12, 0.17, 0.25, 0.27, 0.44, 0.48, 0.51, to=12),
                "original-2000-violent-15y": rates(0.15, 0.18, 0.30, 0.34, 0.52, 0.52, 0.59, to=12),
            },
        )
    ],
    MAN,
    [
        *TOO_YOUNG,
        *of_men("total", 0),
        *category_b("total", 0),
        *age_at_offence("total", 0, 25, refused_below=17, caution_below=18),
        *time_free("total", 0),
        *stranger_but_related("total", 1),
    ],
)

CODES_RRASOR = ["age_at_release", "any_male_victim", "any_unrelated_victim"]

RRASOR = Worksheet(
    "rrasor",
    "1997",
    [
        CHARGES,
        CONVICTIONS,
        age("age_at_release", (18, 1), (25, 0)).usually(25),
        yes_no("any_male_victim"),
        yes_no("any_unrelated_victim"),
    ],
    [
        Total(
            "total",
            with_prior(*CODES_RRASOR),
            (),
            {code: added(code) for code in CODES_RRASOR} | {"prior_sex_offences": prior_offences},
            {
                # No rate is printed for 6.
                "original-1997-5y": rates(4.4, 7.6, 14.2, 24.8, 32.7, 49.8, to=5, unit=100),
                "original-1997-10y": rates(6.5, 11.2, 21.1, 36.9, 48.6, 73.1, to=5, unit=100),
            },
        )
    ],
    MAN,
    [*TOO_YOUNG, *of_men("total", 0), *age_at_offence("total", 0, 25, refused_below=18, caution_below=None)],
)


def recoded(rows: tuple[int, ...], *codes: str) -> Callable[[Points], float]:
    """Printed as a row of lowest raw sums for 0, 1, 2, 3."""
    return lambda points: max(i for i, lowest in enumerate(rows) if lowest <= added(*codes)(points))


PERSISTENCE = recoded(
    (0, 1, 2, 4),
    "prior_sexual_sentencing_occasions",
    "juvenile_sex_arrest_and_adult_conviction",
    "high_rate_sexual_offending",
)
DEVIANT = ("noncontact_sex_sentencing", "any_male_victim", "young_unrelated_victims")
VICTIMS = ("any_unrelated_victim", "any_stranger_victim")
CRIMINALITY = recoded(
    (0, 1, 3, 5),
    "any_prior_justice_involvement",
    "prior_sentencing_occasions_any",
    "community_supervision_violation",
    "short_free_period_before_index",
    "prior_nonsexual_violence_sentencing",
)


def total_2002(points: Points) -> float:
    parts = points["age_at_release"] + PERSISTENCE(points) + CRIMINALITY(points)
    return parts + added(*DEVIANT, *VICTIMS)(points)


ORIGINAL_2002 = ((-2, "low"), (3, "low_moderate"), (5, "moderate"), (7, "moderate_high"), (9, "high"))
JUVENILE = "juvenile_sex_arrest_and_adult_conviction"

STATIC_2002R = Worksheet(
    "static-2002r",
    "2016",
    [
        age("age_at_release", (18, 2), (35, 1), (40, 0), (60, -2)).usually(40),
        count("prior_sexual_sentencing_occasions", (0, 0), (1, 1), (2, 2), (4, 3)),
        yes_no(JUVENILE).may_be_left_out(f"substituted: {JUVENILE}", 0),
        yes_no("high_rate_sexual_offending"),
        *(yes_no(code) for code in (*DEVIANT, *VICTIMS)),
        yes_no("any_prior_justice_involvement"),
        count("prior_sentencing_occasions_any", (0, 0), (3, 1), (14, 2)),
        yes_no("community_supervision_violation"),
        yes_no("short_free_period_before_index"),
        yes_no("prior_nonsexual_violence_sentencing"),
    ],
    [
        Total(
            "total",
            total_2002,
            ((-2, "I", "I"), (0, "II", "II"), (2, "III", "III"), (5, "IVa", "IVa"), (7, "IVb", "IVb")),
            {
                "age_at_release": added("age_at_release"),
                "persistence": PERSISTENCE,
                "deviant_interest": added(*DEVIANT),
                "victim_relationship": added(*VICTIMS),
                "general_criminality": CRIMINALITY,
            },
        ),
        Total("persistence", PERSISTENCE),
        Total("deviant_interest", added(*DEVIANT), (), {code: added(code) for code in DEVIANT}),
        Total("victim_relationship", added(*VICTIMS), (), {code: added(code) for code in VICTIMS}),
        Total("general_criminality", CRIMINALITY),
    ],
    MAN,
    [
        *TOO_YOUNG,
        # Where a recoding hides the points of a count, another answer brings them out.
        *(
            Extra(
                f"occasions-{n}-juvenile",
                f"{raw} raw points",
                {"prior_sexual_sentencing_occasions": n, JUVENILE: "yes"},
                {"persistence": part},
            )
            for n, raw, part in ((0, 1, 1), (1, 2, 2), (2, 3, 2), (3, 3, 2), (4, 4, 3))
        ),
        *(
            Extra(
                f"sentencings-{n}-violation",
                f"{raw} raw points",
                {"prior_sentencing_occasions_any": n, "community_supervision_violation": "yes"},
                {"general_criminality": part},
            )
            for n, raw, part in ((2, 1, 1), (3, 2, 1), (13, 2, 1), (14, 3, 2))
        ),
        refused("no-record", "nine items rest on the record", "total", {"official_record": "no"}),
        Extra("record", "as it should be", {"official_record": "yes"}, {"total": 0, "total_status": "scored"}),
        Extra("record-wrong", "no answer", {"official_record": "perhaps"}, {"total": None, "total_status": "invalid"}),
        *of_men("total", 0),
        *category_b("total", 0),
        *age_at_offence("total", 0, 40, refused_below=17, caution_below=18),
        *time_free("total", 0),
        *stranger_but_related("total", 1),
    ],
    other_levels={"total": {"original_2009": ORIGINAL_2002}},
)

STATIC_FORMS = [STATIC_99, RRASOR, STATIC_2002R]
