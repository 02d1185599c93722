"""Other scales for adults: Risk Matrix 2000, MnSOST-R, OSP/C of 2019, CPORT, CASIC, ODARA."""

from __future__ import annotations

import itertools
import math

from .use import MAN, adult_at_offence, age_at_offence, of_men, refused, wrong
from .worksheet import Extra, Points, Row, Total, Worksheet, added, age, choice, count, total, yes_no

TOO_YOUNG = {"release-0": 0, "release-17.99": 17.99}


def too_young(scale: str) -> list[Extra]:
    return [refused(code, "younger than 18", scale, {"age_at_release": years}) for code, years in TOO_YOUNG.items()]


def gate(item: str, scale: str, value: float, *, good: str, bad: str) -> list[Extra]:
    """A yes/no question on which the use depends."""
    return [
        refused(f"{item}-{bad}", "not for him", scale, {item: bad}),
        Extra(f"{item}-{good}", "as it should be", {item: good}, {scale: value, f"{scale}_status": "scored"}),
        wrong(f"{item}-wrong", scale, {item: "perhaps"}),
    ]


# Risk Matrix 2000

CATEGORY_NAMES = ("low", "medium", "high", "very_high")


def place(value: float, lowest: tuple[int, ...]) -> int:
    """The row of a printed table, by the lowest values of its rows."""
    return max(i for i, each in enumerate(lowest) if each <= value)


def names(lowest: tuple[int, ...]) -> tuple[tuple[int, str], ...]:
    return tuple(zip(lowest, CATEGORY_NAMES, strict=True))


STEP_ONE = ("age_at_release", "sexual_appearances", "criminal_appearances")
AGGRAVATING = ("male_victim", "stranger_victim", "noncontact_offence", "never_married")
STEP_ONE_ROWS = (0, 1, 3, 5)
RAISED = {0: 0, 1: 0, 2: 1, 3: 1, 4: 2}


def category_s(points: Points) -> int:
    step_one = place(added(*STEP_ONE)(points), STEP_ONE_ROWS)
    return min(3, step_one + RAISED[int(added(*AGGRAVATING)(points))])


SEXUAL_LINES = [
    age("age_at_release", (18, 2), (25, 1), (35, 0)).usually(35),
    count("sexual_appearances", (1, 0), (2, 1), (3, 2), (5, 3)),
    count("criminal_appearances", (1, 0), (5, 1)),
    *(yes_no(code) for code in AGGRAVATING),
]

RM2000_S = Worksheet(
    "rm2000-s",
    "2007",
    SEXUAL_LINES,
    [
        Total("points", added(*STEP_ONE), names(STEP_ONE_ROWS), {code: added(code) for code in STEP_ONE}),
        Total("aggravating", added(*AGGRAVATING), (), {code: added(code) for code in AGGRAVATING}),
        Total("category", category_s, names((0, 1, 2, 3))),
    ],
    MAN,
    [
        *too_young("category"),
        *of_men("category", 0),
        *gate("convicted_of_sexual_offence", "category", 0, good="yes", bad="no"),
        *age_at_offence("category", 0, 35, refused_below=17, caution_below=None),
        # Each category of step one with each number of aggravating factors.
        *(
            Extra(
                f"step-one-{a}-{b}-aggravating-{n}",
                f"{a} + {b} points, {n} aggravating factors",
                {
                    "age_at_release": {0: 35, 1: 25, 2: 18}[a],
                    "sexual_appearances": {0: 1, 1: 2, 2: 3, 3: 5}[b],
                    **dict.fromkeys(AGGRAVATING[:n], "yes"),
                },
                {"category": min(3, place(a + b, STEP_ONE_ROWS) + RAISED[n])},
            )
            for a, b, n in itertools.product(range(3), range(4), range(5))
        ),
    ],
)

VIOLENCE_ROWS = (0, 2, 4, 6)
VIOLENCE_CODES = ("age_at_release", "violent_appearances", "burglary")
VIOLENCE_LINES = [
    age("age_at_release", (18, 3), (25, 2), (35, 1), (45, 0)).usually(45),
    count("violent_appearances", (0, 0), (1, 1), (2, 2), (4, 3)),
    yes_no("burglary", no=0, yes=2),
]


def category_v(points: Points) -> int:
    return place(added(*VIOLENCE_CODES)(points), VIOLENCE_ROWS)


RM2000_V = Worksheet(
    "rm2000-v",
    "2007",
    VIOLENCE_LINES,
    [total("total", VIOLENCE_LINES, *names(VIOLENCE_ROWS)), Total("category", category_v)],
    MAN,
    [*too_young("total"), *of_men("total", 0)],
)


def both(sexual: int, violence: int) -> Extra:
    """One person on both scales: categories of the sexual scale by its points alone, of the violence scale likewise."""
    points = sexual + violence
    responses: Row = {
        "sexual.sex": "male",
        "violence.sex": "male",
        "sexual.age_at_release": [35, 35, 18, 18][sexual],
        "sexual.sexual_appearances": [1, 2, 2, 5][sexual],
        "sexual.criminal_appearances": 1,
        **{f"sexual.{code}": "no" for code in AGGRAVATING},
        "violence.age_at_release": [45, 45, 25, 18][violence],
        "violence.violent_appearances": [0, 0, 0, 1][violence],
        "violence.burglary": ["no", "yes", "yes", "yes"][violence],
    }
    expect: Row = {"sexual_category": sexual, "violence_category": violence, "points": points}
    expect |= {"points_level": CATEGORY_NAMES[place(points, (0, 1, 3, 5))], "points_status": "scored"}
    expect |= {"points_from_sexual_category": sexual, "points_from_violence_category": violence}
    expect |= {"sexual_category_from_sexual.category": sexual, "violence_category_from_violence.category": violence}
    return Extra(f"sexual-{sexual}-violence-{violence}", f"{sexual} and {violence}: {points}", responses, expect)


WITHOUT_SEXUAL = both(0, 0)._replace(
    id="sexual-missing",
    source="both parts are needed",
    responses=both(0, 0).responses | {"sexual.sexual_appearances": None},
    expect={
        "points": None,
        "points_status": "incomplete",
        "points_lowest": 0,
        "points_highest": 2,
        "violence_category": 0,
    },
)

RM2000_C = Worksheet(
    "rm2000-c", "2007", [], [], {}, [*(both(s, v) for s, v in itertools.product(range(4), range(4))), WITHOUT_SEXUAL]
)

# MnSOST-R, from the score recording sheet

HISTORICAL = [
    choice("sex_convictions", ("one", 0, 0), ("two_or_more", 1, 2)),
    choice("length_of_history", ("under_1_year", 0, -1), ("1_6_years", 1, 3), ("over_6_years", 2, 0)),
    yes_no("under_supervision", no=0, yes=2),
    yes_no("public_place", no=0, yes=2),
    choice("force", ("never", 0, -3), ("at_least_once", 1, 0)),
    yes_no("multiple_acts", no=-1, yes=1),
    choice("age_groups", ("none_or_one", 0, 0), ("two_or_more", 1, 3)),
    yes_no("victim_13_15", no=0, yes=2),
    choice("stranger_victim", ("none", 0, -1), ("uncertain", 1, 0), ("at_least_one", 2, 3)),
    choice("adolescent_antisocial", ("no_indication", 0, -1), ("isolated_acts", 1, 0), ("persistent_pattern", 2, 2)),
    yes_no("substance_abuse", no=-1, yes=1),
    choice(
        "employment",
        ("stable_one_year_or_more", 0, -2),
        ("homemaker_retired_student_or_disabled", 1, -2),
        ("part_time_seasonal_or_unstable", 2, 0),
        ("unemployed_significant_unemployment", 3, 1),
        ("no_information", 4, 0),
    ),
]
INSTITUTIONAL = [
    choice("discipline", ("none", 0, 0), ("one_or_more", 1, 1)),
    choice(
        "cd_treatment",
        ("not_recommended_no_opportunity", 0, 0),
        ("completed_or_in_progress_at_release", 1, -2),
        ("refused_quit_or_not_pursued", 2, 1),
        ("terminated", 3, 4),
    ),
    choice(
        "so_treatment",
        ("not_recommended_no_opportunity", 0, 0),
        ("completed_or_in_progress_at_release", 1, -1),
        ("refused_quit_or_not_pursued", 2, 0),
        ("terminated", 3, 3),
    ),
    age("age_at_release", (18, 1), (31, -1)),
]
PART_SUMS = {
    "historical": added(*(line.code for line in HISTORICAL)),
    "institutional": added(*(line.code for line in INSTITUTIONAL)),
}
# The first answer of each question: -1, -3, -1, -1, -1, -1, -2 and 1 for age.
USUAL_MNSOST = -9
MNSOST_R = Worksheet(
    "mnsost-r",
    "2003",
    [*HISTORICAL, *INSTITUTIONAL],
    [
        Total(
            "total",
            added(*(line.code for line in (*HISTORICAL, *INSTITUTIONAL))),
            ((-14, "1"), (4, "2"), (8, "3")),
            PART_SUMS,
        ),
        total("historical", HISTORICAL),
        total("institutional", INSTITUTIONAL),
    ],
    MAN,
    [
        *too_young("total"),
        *of_men("total", USUAL_MNSOST),
        *gate("only_touching_in_family", "total", USUAL_MNSOST, good="no", bad="yes"),
        *adult_at_offence("total", USUAL_MNSOST),
    ],
    other_levels={"total": {"commitment_review": ((-14, "no"), (13, "refer"))}},
)

# OSP/C and images, from the code of the calculator of 20 June 2019

OSP_LINES = [
    count("contact_adult", (0, 0), (1, 3), (2, 5), (3, 8)),
    count("contact_child", (0, 0), (1, 2), (2, 3), (3, 4)),
    count("paraphilia", (0, 0), (1, 1), (2, 2), (3, 3)),
    count("previous_sanctions", (0, 0), (1, 3)),
    yes_no("stranger_victim", no=0, yes=2),
    age("age_last_sex_offence", (10, 0), (16, 3), (18, 5)),
    age("age_at_risk", (10, 7), (24, 6), (30, 5), (36, 4), (42, 3), (48, 2), (54, 1), (60, 0)),
]
OSP_LINES = [line if not line.code.startswith("age") else line.wrong_from(9.99, 120) for line in OSP_LINES]
SLOPE = 0.2545385404
INTERCEPTS = {"one": -8.817398615, "two": -8.216503478}


def contact(year: str, points: float) -> float:
    return 1 / (1 + math.exp(-(INTERCEPTS[year] + SLOPE * points)))


def contact_of(year: str) -> Total:
    codes = [line.code for line in OSP_LINES]
    return Total(f"contact_{year}", lambda points: contact(year, added(*codes)(points)), whole=False)


IMAGES = {  # year one, year two; the first that fits
    "no sexual sanction": (0.000098, 0.000152),
    "two or more for images": (0.038087, 0.057949),
    "one for images": (0.018237, 0.02805),
    "two or more for contact with children": (0.004615, 0.007151),
    "one for contact with a child": (0.00224, 0.003476),
    "other": (0.000683, 0.001061),
}


def image_row(adult: int, child: int, other: int, images: int) -> str:
    if adult + child + other + images == 0:
        return "no sexual sanction"
    if images >= 1:
        return "two or more for images" if images >= 2 else "one for images"
    if child >= 1:
        return "two or more for contact with children" if child >= 2 else "one for contact with a child"
    return "other"


def of_images(adult: int, child: int, other: int, images: int) -> Extra:
    row = image_row(adult, child, other, images)
    responses: Row = {"contact_adult": adult, "contact_child": child, "paraphilia": other, "images": images}
    expect: Row = {"images_one": IMAGES[row][0], "images_two": IMAGES[row][1], "images_one_status": "scored"}
    return Extra(f"images-{adult}-{child}-{other}-{images}", row, responses, expect)


WOMAN: Row = {"points": None, "points_status": "not_applicable", "contact_one": 1 / 193, "contact_two": 1 / 193}
WOMAN |= {"images_one": 0.0, "images_two": 0.0, "contact_one_status": "scored", "images_two_status": "scored"}
YOUNGEST: Row = {"points": 7, "points_status": "scored"}

OSP_C = Worksheet(
    "osp-c-2019",
    "2019",
    OSP_LINES,
    [total("points", OSP_LINES), contact_of("one"), contact_of("two")],
    MAN | {"images": 0},
    [
        *(of_images(*each) for each in itertools.product((0, 1, 2, 3), (0, 1, 2, 3), (0, 1, 2), (0, 1, 2, 3))),
        Extra("woman", "1/193 in both years, images 0", {"sex": "female"}, WOMAN),
        Extra("woman-by-number", "2", {"sex": 2, "contact_adult": 3, "images": 2}, WOMAN),
        Extra("man-by-number", "1", {"sex": 1}, YOUNGEST),
        Extra(
            "sex-not-known", "the values differ", {"sex": None},
            {"contact_one": None, "contact_one_status": "incomplete", "images_one_status": "incomplete"},
        ),
        *gate("sexual_offence_history", "points", 7, good="yes", bad="no"),
        Extra("images-missing", "needed", {"images": None}, {"images_one": None, "images_one_status": "incomplete"}),
        Extra("images-negative", "no count", {"images": -1}, {"images_one": None, "images_one_status": "invalid"}),
        Extra("usual", "no caution", {"indigenous": "no", "gender_diverse": "no"}, YOUNGEST | {"cautions": ""}),
        Extra("groups-not-asked", "no caution", {}, YOUNGEST | {"cautions": ""}),
        *(
            Extra(f"indigenous-{answer}", "cautions", {"indigenous": answer}, YOUNGEST | {"cautions": caution})
            for answer, caution in (
                ("canada", "indigenous_validity"), ("elsewhere", "indigenous_validity"),
                ("united_states", "tribal_validation"), (0, ""), (1, "indigenous_validity"), (2, "tribal_validation"),
                (3, "indigenous_validity"),
            )
        ),
        Extra("gender-diverse", "caution", {"gender_diverse": "yes"}, YOUNGEST | {"cautions": "sex_specific_values"}),
    ],
)  # fmt: skip

# CASIC, CPORT, ODARA: one point each

CASIC_LINES = [
    yes_no(code)
    for code in (
        "never_married", "child_abuse_videos", "child_sex_stories", "interest_two_years", "volunteer_access",
        "online_sexual_communication",
    )
]  # fmt: skip
CASIC = Worksheet(
    "casic",
    "2017",
    CASIC_LINES,
    [total("total", CASIC_LINES, (0, "below"), (3, "reached"))],
    MAN,
    [*of_men("total", 0), *adult_at_offence("total", 0, "age_at_index")],
)

CPORT_LINES = [
    yes_no(code).may_be_left_out(f"omitted: {code}", 0)
    for code in (
        "age_35_or_younger", "prior_criminal_history", "contact_sexual_offending", "conditional_release_failure",
        "sexual_interest_children", "more_boy_than_girl_csem", "more_boy_than_girl_other",
    )
]  # fmt: skip
TWO_MISSING: Row = {"total": None, "total_status": "incomplete", "total_lowest": 0, "total_highest": 2}
CPORT = Worksheet(
    "cport",
    "2015",
    CPORT_LINES,
    [total("total", CPORT_LINES)],
    MAN,
    [
        *of_men("total", 0),
        *adult_at_offence("total", 0, "age_at_index"),
        *gate("image_conviction", "total", 0, good="yes", bad="no"),
        *(
            Extra(
                f"without-{a.code}-{b.code}",
                "two missing items are too many",
                {a.code: None, b.code: None},
                TWO_MISSING,
            )
            for a, b in itertools.pairwise(CPORT_LINES)
        ),
    ],
)

ODARA_LINES = [
    yes_no(code)
    for code in (
        "prior_domestic_assault", "prior_nondomestic_assault", "prior_custody_30_days", "conditional_release_failure",
        "threat_at_index", "confinement_at_index", "victim_concern", "more_than_one_child",
        "victim_child_previous_partner", "violence_against_others", "substance_indicators", "assault_while_pregnant",
        "victim_barriers",
    )
]  # fmt: skip
ODARA = Worksheet(
    "odara",
    "2004",
    ODARA_LINES,
    [total("total", ODARA_LINES)],
    MAN,
    [*of_men("total", 0), *adult_at_offence("total", 0, "age_at_index")],
)

ADULT_FORMS = [RM2000_S, RM2000_V, RM2000_C, MNSOST_R, OSP_C, CASIC, CPORT, ODARA]
