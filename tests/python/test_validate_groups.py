"""Validation by group: small ones are withheld, and do not follow from the others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

import appraise as ap
from appraise._validation.groups import withheld
from validation_support import outcomes, scored


@given(
    sizes=some.dictionaries(some.sampled_from("abcdefgh"), some.integers(0, 40), max_size=6),
    smallest=some.integers(1, 12),
)
def test_small_groups_are_withheld_and_do_not_follow(sizes: dict[str, int], smallest: int) -> None:
    hidden, follow = withheld(sizes, smallest)
    there = {name: size for name, size in sizes.items() if size}
    assert {name for name, size in there.items() if size < smallest} <= hidden <= set(there)
    together = sum(there[name] for name in hidden)
    assert follow == (len(hidden) == 1 or 0 < together < smallest)
    if follow:  # only where hiding another would leave nobody to be compared with, or there is no other
        assert len(there) - len(hidden) in (0, 2)


def test_withheld_groups_are_in_no_table() -> None:
    rng = np.random.default_rng(8)
    groups = ["north"] * 60 + ["south"] * 50 + ["west"] * 40 + ["isle"] * 4
    people, scores = list(range(154)), rng.integers(0, 10, 154)
    table = {"person": people, "total": scores, "total_status": ["scored"] * 154}
    report = ap.validate(
        table, {"person": people, "outcome": (rng.random(154) < 0.3) * 1, "region": groups}, group="region"
    )
    # The isle alone would follow from the totals, so the next smallest goes with it.
    for row in (*report.rows("figures", by="region", group="isle"), *report.rows("figures", by="region", group="west")):
        assert row["status"] == "suppressed"
        assert [row[name] for name in ("value", "low", "high", "n", "events")] == [None] * 5
    assert {row["category"]: row["n"] for row in report.rows("counts", variable="region")} == {
        **{"north": 60, "south": 50},
        **{"isle": None, "west": None},
    }
    assert not {row["group"] for row in report.rows("differences")} & {"isle", "west"}
    page = report.html()
    assert "withheld" in page
    assert report.figure("auc", by="region", group="north").status == "estimated"


def test_calibration_of_a_group_with_few_rates_is_withheld() -> None:
    rng = np.random.default_rng(6)
    people, scores = list(range(120)), rng.integers(0, 10, 120)
    rates = np.where(np.arange(120) < 64, 0.05 + scores / 30, np.nan)  # of south only the first four have one
    table = {"person": people, "total": scores, "total_status": ["scored"] * 120, "total_x_rate": rates}
    happened = {"person": people, "outcome": (rng.random(120) < 0.3) * 1, "region": ["north"] * 60 + ["south"] * 60}
    report = ap.validate(table, happened, group="region")
    assert report.figure("auc", by="region", group="south").status == "estimated"
    for row in report.rows("figures", by="region", group="south"):
        if row["figure"] in ("expected", "expected_observed", "calibration_slope"):
            assert (row["status"], row["value"], row["n"]) == ("suppressed", None, None)
    assert report.figure("expected_observed", by="region", group="north").status == "estimated"


def test_names_of_groups_that_are_all_withheld_are_nowhere() -> None:
    report = ap.validate(scored(), outcomes(ward=[f"Ward{at:04}" for at in range(8)]), group="ward")
    assert report.left_out["groups: ward"] == "Every group is withheld because it is small."
    assert "Ward00" not in report.html() + report.json()
