"""Fairness and E/O by group: the figures of R, suppression, and what excludes what."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import appraise as ap
from appraise import statistics as st

ORACLES = Path(__file__).parents[1] / "oracles"


def oracle(name: str) -> Any:
    return json.loads((ORACLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def routine() -> Any:
    return oracle("datasets")["routine"]


@pytest.fixture(scope="module")
def by(routine: Any) -> list[str]:
    return [f"group {(k + 1) * 7 % 3}" for k in range(len(routine["score"]))]


def test_differences_are_those_of_r(routine: Any, by: list[str]) -> None:
    expected = oracle("fairness")["routine"]
    found = st.fairness(
        routine["score"], routine["outcome"], by, predicted=routine["predicted"], cut=expected["cut"], smallest=1
    )
    assert found.reference == f"group {expected['reference']}"
    for each in expected["differences"]:
        own = found.differences.groups[f"group {each['group']}"]
        assert own["false_positive_rate"].value.low == pytest.approx(each["false_positive"]["low"], rel=1e-8)
        assert own["negative_predictive_value"].test.p_value == pytest.approx(each["negative"]["p"], rel=1e-8)
        assert own["expected_observed"].value.high == pytest.approx(each["ratio"]["high"], rel=1e-8)
        assert own["expected_observed"].test.p_value == pytest.approx(each["ratio"]["p"], rel=1e-8)
        assert own["calibration_slope"].value.standard_error == pytest.approx(
            each["calibration_slope"]["error"], rel=1e-6
        )
    assert found.calibration_intercept.statistic == pytest.approx(expected["tests"]["calibration_intercept"], rel=1e-6)
    table = pd.DataFrame(found.differences.table())
    assert len(table) == 24
    assert set(table["group"]) == {"group 0", "group 2"}
    assert "exact test" in repr(found.differences.groups["group 0"]["expected_observed"])


def test_a_chosen_reference_turns_the_differences_round(routine: Any, by: list[str]) -> None:
    one = st.fairness(routine["score"], routine["outcome"], by, reference="group 1").differences.groups
    other = st.fairness(routine["score"], routine["outcome"], by, reference="group 2").differences.groups
    assert one["group 2"]["auc"].value.value == pytest.approx(-other["group 1"]["auc"].value.value)
    assert one["group 2"]["same_score"].value.value == pytest.approx(1 / other["group 1"]["same_score"].value.value)
    with pytest.raises(ap.UsageError, match="reference: 'nobody'; expected one of group"):
        st.fairness(routine["score"], routine["outcome"], by, reference="nobody")


def test_a_group_of_three_leaves_no_trace(routine: Any) -> None:
    labels = ["few"] * 3 + ["many", "more"] * 198 + [None]
    found = st.fairness(routine["score"], routine["outcome"], labels, predicted=routine["predicted"], cut=3)
    few = pd.DataFrame(found.table()).set_index("group").loc["few"]
    assert few["suppressed"]
    assert few["n"] == few["events"] == 0
    figures = [name for name in few.index if name.endswith("_status")]
    assert len(figures) == 12
    assert all(few[name] == "suppressed" for name in figures)
    assert "few" not in found.differences.groups
    assert found.left_out == 1
    table = st.expected_observed(routine["predicted"], routine["outcome"], by=labels, smallest=10)
    assert isinstance(table, st.ExpectedObservedTable)
    assert table["ratio_status"].tolist() == ["suppressed", "estimated", "estimated"]
    assert table.total.sample.n == 396  # not of the three, who could be worked out
    assert table.equal.degrees_of_freedom == 1


def test_the_note_speaks_of_these_figures(routine: Any) -> None:
    scores = np.arange(200) % 2
    labels = ["A"] * 100 + ["B"] * 100
    apart = st.fairness(scores, [1] * 10 + [0] * 90 + [1] * 40 + [0] * 60, labels, cut=1)
    assert "from 10.0% to 40.0%, which chance does not explain" in apart.note
    assert apart["implied_false_positive_rate"].tolist() == pytest.approx([1 / 6, 1])
    alone = st.fairness(scores, [1, 0, 0, 0] * 50, ["A"] * 200)
    assert "Only one group is shown" in alone.note
    assert alone.slopes.status == "too_few"
    assert len(alone.differences) == 0


def test_expected_observed_by_level_and_score_are_those_of_r() -> None:
    for name, data in oracle("datasets").items():
        expected = oracle("fairness")[name]["tables"]
        levels = np.atleast_1d(expected["level"])
        cases = [
            (expected["by_level"], st.expected_observed(data["predicted"], data["outcome"], by=levels)),
            (expected["by_score"], st.expected_observed(data["predicted"], data["outcome"], by=data["score"])),
            (
                expected["followed"],
                st.expected_observed(
                    data["predicted"], data["event"], times=data["time"], horizon=expected["horizon"], by=levels
                ),
            ),
        ]
        for table, found in cases:
            assert isinstance(found, st.ExpectedObservedTable)
            assert found["expected"] == pytest.approx(np.atleast_1d(table["expected"]), rel=1e-8), name
            assert found["observed"].tolist() == np.atleast_1d(table["observed"]).tolist()
            assert found["ratio_low"] == pytest.approx(np.atleast_1d(table["low"]), rel=1e-8)
            if table.get("p") is not None:
                assert found.equal.p_value == pytest.approx(table["p"], rel=1e-8)


def test_a_level_that_nobody_has_keeps_its_place(routine: Any) -> None:
    level = pd.cut(pd.Series(routine["score"]), [-4, 4, 13, 20], labels=["low", "high", "highest"])
    found = st.expected_observed(routine["predicted"], routine["outcome"], by=level)
    assert isinstance(found, st.ExpectedObservedTable)
    assert found["group"].tolist() == ["low", "high", "highest"]
    assert found["ratio_status"].tolist() == ["estimated", "estimated", "no_data"]


def test_two_indices_and_two_proportions() -> None:
    none, five = st.expected_observed_counts(5, 0), st.expected_observed_counts(5, 5)
    found = st.expected_observed_ratio(none, five)
    assert found.value.status == "no_events"
    assert found.value.high == math.inf
    assert found.value.low > 0
    assert found.test.p_value == pytest.approx(2**-4)
    assert st.expected_observed_ratio(none, none).test.status == "no_events"
    assert st.proportion_difference(0, 0, 1, 2).value.status == "too_few"
    assert st.proportion_difference(0, 3, 0, 2).test.status == "no_variance"
    with pytest.raises(ap.UsageError, match="first_count: 3; expected 0 to first_n"):
        st.proportion_difference(3, 2, 0, 7)


def test_any_figure_by_group(routine: Any) -> None:
    expected = oracle("fairness")["routine"]
    score, time = np.array(routine["score"]), np.array(routine["time"])
    event = np.array(routine["event"]) == 1
    by = [(k + 1) * 7 % 3 for k in range(len(score))]
    found = st.by_group(
        lambda rows: st.hazard_ratio_per_point(score[rows], time[rows], event[rows]).value,
        by,
        ratio=True,
        reference=expected["reference"],
    )
    assert found["figure"] == pytest.approx(expected["hazards"]["ratio"], rel=1e-6)
    assert found.equal.p_value == pytest.approx(expected["hazards"]["p"], rel=1e-6)
    assert found["difference"] == pytest.approx(expected["hazards"]["apart"], rel=1e-6)
    assert found["p_value_status"].tolist() == ["estimated", "no_variance", "estimated"]
    assert "equal" in repr(found)
    few = st.by_group(lambda rows: st.harrells_c(score[rows], time[rows], event[rows]).c, ["few"] * 9 + ["many"] * 391)
    assert few["figure_status"].tolist() == ["suppressed", "estimated"]
    assert few["n"].tolist() == [0, 391]
    assert few.equal.status == "too_few"
    with pytest.raises(ap.UsageError, match="by_group: reference: 'C'"):
        st.by_group(lambda rows: found.differences["0"].value, ["A", "B"], reference="C")
    with pytest.raises(ZeroDivisionError):
        st.by_group(lambda rows: 1 / 0, ["A"] * 10)  # type: ignore[arg-type, return-value]
