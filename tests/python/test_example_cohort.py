"""The committed synthetic cohort is what its generator makes, and its planted fault is there to be found."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import appraise as ap
from appraise import statistics as st

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = ("cohort.csv", "cohort_outcomes.csv", "cohort_second_ratings.csv")


def generate(out: Path, *arguments: str) -> Path:
    out.mkdir(exist_ok=True)
    program = str(EXAMPLES / "generate_cohort.py")
    subprocess.run([sys.executable, program, *arguments, "--out", str(out)], check=True)
    return out


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Thirty thousand people, with scores and what became of them."""
    folder = generate(tmp_path_factory.mktemp("cohort"), "--rows", "30000", "--seed", "8")
    people = pd.read_csv(folder / "cohort.csv", index_col="person", parse_dates=["released_on"])
    outcomes = pd.read_csv(folder / "cohort_outcomes.csv", index_col="person", parse_dates=["followed_until"])
    scores = ap.score("static-99r", people, norms=["routine-2015-5y"], accept_unverified=True)
    joined = people.join(outcomes).join(scores.frame[["total", "total_routine-2015-5y_rate"]])
    joined["years"] = (joined["followed_until"] - joined["released_on"]).dt.days / 365.25
    joined["event"] = joined["ended_by"].map({"end of study": 0, "sexual reoffence": 1, "death": 2})
    return joined


def test_the_committed_cohort_is_generated(tmp_path: Path) -> None:
    made = generate(tmp_path)
    for name in FILES:
        assert (made / name).read_bytes() == (EXAMPLES / name).read_bytes(), name


def test_another_seed_gives_another_cohort(tmp_path: Path) -> None:
    made = generate(tmp_path, "--rows", "300", "--seed", "6")
    other = generate(tmp_path / "other", "--rows", "300", "--seed", "7")
    for name in FILES:
        assert (made / name).read_bytes() != (other / name).read_bytes(), name


def test_nobody_is_followed_before_release_or_after_the_end(large: pd.DataFrame) -> None:
    assert (large["followed_until"] > large["released_on"]).all()
    ended = large["followed_until"] <= pd.Timestamp("2026-06-30") + pd.Timedelta(days=1)
    assert ended.all()
    assert set(large["ended_by"]) == {"end of study", "sexual reoffence", "death"}


def test_the_norms_hold_in_group_a_and_are_too_low_in_group_b(large: pd.DataFrame) -> None:
    """E/O at five years, with everybody's follow-up: 1 in group A; the odds in group B are twice those of the norms."""
    rates = large["total_routine-2015-5y_rate"]
    odds = rates / (1 - rates)
    for group, factor in (("A", 1.0), ("B", 2.0)):
        here = (large["group"] == group) & rates.notna()
        true = factor * odds[here] / (1 + factor * odds[here])
        events = np.where(large["event"][here] == 1, 1, 0)
        found = st.expected_observed_at(true, large["years"][here], events, 5.0)
        assert found.ratio.low < 1 < found.ratio.high, group
    both = st.expected_observed_at(rates[here], large["years"][here], events, 5.0)
    assert both.ratio.high < 0.75


def test_the_hazard_fades_with_time_free(large: pd.DataFrame) -> None:
    free = st.hazard_by_time_free(large["years"], large["event"] == 1, [0, 3, 6, 9])
    assert (np.diff(free["hazard"]) < 0).all()


def test_second_ratings_agree_less_on_one_item() -> None:
    first = pd.read_csv(EXAMPLES / "cohort.csv", index_col="person")
    second = pd.read_csv(EXAMPLES / "cohort_second_ratings.csv", index_col="person")
    table = st.agreement_by_item(first.loc[second.index, second.columns], second)
    worst = table["item"][np.argmin(table["exact"])]
    assert len(second) == 250
    assert worst == "capacity_relationship_stability"
    assert np.sort(table["exact"])[1] > 0.75
