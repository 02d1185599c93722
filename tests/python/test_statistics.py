"""appraise.statistics: columns in, dataclasses with tables out; figures are those of R."""

import doctest
import importlib
import json
import math
import pkgutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import appraise as ap
from appraise import statistics as st

ORACLES = Path(__file__).parents[1] / "oracles"
Data = dict[str, list[float]]


def oracle(name: str) -> Any:
    return json.loads((ORACLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def routine() -> Data:
    data: Data = oracle("datasets")["routine"]
    return data


@pytest.fixture(scope="module")
def expected() -> Any:
    return oracle("discrimination")["routine"]


def test_figures_are_those_of_r(routine: Data, expected: Any) -> None:
    events = [int(event == 1) for event in routine["event"]]
    found = st.auc(routine["score"], routine["outcome"])
    assert found.auc.value == pytest.approx(expected["auc"]["auc"], rel=1e-10)
    assert found.auc.low == pytest.approx(expected["auc"]["low"], rel=1e-9)
    paired = st.auc_difference(routine["score"], routine["second"], routine["outcome"])
    assert paired.test.p_value == pytest.approx(expected["paired"]["p"], rel=1e-8)
    assert st.harrells_c(routine["score"], routine["time"], events).c.value == pytest.approx(expected["harrell"]["c"])
    assert st.unos_c(routine["score"], routine["time"], events).c.value == pytest.approx(expected["uno_all"]["c"])
    horizon = expected["at_horizon"]["horizon"]
    at = st.auc_at_horizon(routine["score"], routine["time"], routine["event"], horizon)
    assert at.auc.value == pytest.approx(expected["at_horizon"]["auc"])
    odds = st.odds_ratio_per_point(routine["score"], routine["outcome"]).value
    assert odds.low == pytest.approx(expected["effects"]["odds"]["low"], rel=1e-6)
    hazard = st.hazard_ratio_per_point(routine["score"], routine["time"], events).value
    assert hazard.high == pytest.approx(expected["effects"]["hazard"]["high"], rel=1e-6)
    assert st.cohens_d(routine["score"], routine["outcome"]).value.value == pytest.approx(
        expected["effects"]["d"]["value"]
    )


def test_every_kind_of_column_gives_the_same(routine: Data) -> None:
    scores: list[float | None] = [*routine["score"], None]
    outcomes: list[int] = [int(outcome) for outcome in routine["outcome"]] + [1]
    expected = st.auc(scores, outcomes)
    assert expected.sample.left_out == 1
    columns: list[tuple[Any, Any]] = [
        (np.array([np.nan if s is None else s for s in scores]), np.array(outcomes, bool)),
        (pd.Series(scores), pd.Series(outcomes)),
        (pd.array(scores, "Int64"), pd.array(outcomes, "boolean")),
        (pa.array(scores), pa.array(outcomes)),
        (pa.chunked_array([scores[:10], scores[10:]]), pa.array(outcomes)),
        (pl.Series(scores), pl.Series(outcomes)),
        (np.ma.masked_invalid([np.nan if s is None else s for s in scores]), outcomes),
    ]
    for score_column, outcome_column in columns:
        assert st.auc(score_column, outcome_column) == expected


def test_what_is_no_number_or_outcome_is_refused_with_its_place() -> None:
    with pytest.raises(ap.UsageError, match="scores: 'high'; expected a number"):
        st.auc([1, "high"], [0, 1])
    with pytest.raises(ap.UsageError, match="outcomes: 2 in row 1; expected 0 or 1"):
        st.auc([1, 2], [0, 2])
    with pytest.raises(ap.UsageError, match="expected 2, one for each row"):
        st.auc([1, 2], [0])
    with pytest.raises(ap.UsageError, match="one column"):
        st.auc(np.ones((2, 2)), [0, 1])
    with pytest.raises(ap.UsageError, match=r"12\.5.* in row 0; expected a proportion"):
        st.expected_observed([12.5], [1])


def test_degenerate_input_has_a_status() -> None:
    assert st.auc([1, 2], [0, 0]).auc.status == "one_class"
    assert math.isnan(st.auc([1, 2], [0, 0]).auc.value)
    assert "none (one_class)" in repr(st.auc([1, 2], [0, 0]))
    assert st.auc([], []).auc.status == "no_data"
    assert st.logistic_regression([1, 2, 3, 4], [0, 0, 1, 1]).status == "separated"
    assert st.logistic_regression([2, 2, 2, 2], [0, 0, 1, 1]).status == "constant"
    nobody = st.expected_observed([0.1, 0.2], [0, 0])
    assert isinstance(nobody, st.ExpectedObserved)
    assert nobody.ratio.status == "no_events"
    assert nobody.ratio.low > 0
    assert nobody.ratio.high == math.inf


def test_expected_over_observed_by_level(routine: Data) -> None:
    level = pd.cut(pd.Series(routine["score"]), [-4, 0, 4, 13], labels=["low", "medium", "high"])
    table = st.expected_observed(routine["predicted"], routine["outcome"], by=level)
    assert isinstance(table, st.ExpectedObservedTable)
    assert table["group"].tolist() == ["low", "medium", "high"]
    assert table["observed"].sum() == sum(routine["outcome"]) == table.total.observed
    assert table["expected"].sum() == pytest.approx(sum(routine["predicted"]))
    assert "total: ratio" in repr(table)
    assert pd.DataFrame(table.table()).shape[0] == 3
    horizon = oracle("calibration")["routine"]["horizon"]
    followed = st.expected_observed(
        routine["predicted"], routine["event"], times=routine["time"], horizon=horizon, by=level
    )
    assert isinstance(followed, st.ExpectedObservedTable)
    assert followed.total.ratio.value == pytest.approx(oracle("calibration")["routine"]["followed"]["ratio"])


def test_calibration_figures_are_those_of_r(routine: Data) -> None:
    expected = oracle("calibration")["routine"]
    line = st.calibration_line(routine["predicted"], routine["outcome"])
    assert line.slope.value == pytest.approx(expected["line"]["slope"], rel=1e-6)
    curve = st.calibration_curve(routine["predicted"], routine["outcome"])
    assert curve.ici == pytest.approx(expected["curve"]["ici"], abs=1e-8)
    assert curve["observed"] == pytest.approx(expected["curve"]["curve"], abs=1e-8)
    assert st.brier(routine["predicted"], routine["outcome"]).score.value == pytest.approx(expected["brier"]["score"])
    test = st.hosmer_lemeshow(routine["predicted"], routine["outcome"])
    assert test.test.p_value == pytest.approx(expected["hosmer"]["p"])
    assert "E/O" in test.warning


def test_curves(routine: Data) -> None:
    events = [int(event == 1) for event in routine["event"]]
    curve = st.kaplan_meier(routine["time"], events)
    expected = oracle("survival")["routine"]["log"]
    assert curve["estimate"][expected["step"]] == pytest.approx(expected["value"])
    assert curve.time_until(0.25).value == pytest.approx(expected["quantile"][0])
    assert curve.at(1e6).status == "not_reached"
    assert st.aalen_johansen(routine["time"], routine["event"])["estimate"][-1] < 1 - curve["estimate"][-1]
    assert st.nelson_aalen(routine["time"], events)["estimate"][-1] > 0
    free = st.hazard_by_time_free(routine["time"], events, [0, 1, 2, 4])
    assert len(free) == 3
    assert free["events"].sum() <= sum(events)
    assert "..." in repr(curve)


def test_regressions_name_their_terms(routine: Data) -> None:
    frame = pd.DataFrame({"score": routine["score"], "second": routine["second"]})
    fit = st.logistic_regression(frame, routine["outcome"])
    assert list(fit.coefficients) == ["intercept", "score", "second"]
    assert fit["ratio"][1] == pytest.approx(math.exp(fit.coefficients["score"].value))
    events = [int(event == 1) for event in routine["event"]]
    cox = st.cox_regression({"score": routine["score"]}, routine["time"], events)
    assert cox.covariance.shape == (1, 1)
    assert cox["coefficient_error"][0] == pytest.approx(math.sqrt(cox.covariance[0, 0]))
    assert st.cox_regression(np.array(frame), routine["time"], events)["term"].tolist() == ["x1", "x2"]


def test_every_result_shows_itself(routine: Data) -> None:
    for result in (
        st.auc(routine["score"], routine["outcome"]),
        st.auc_difference(routine["score"], routine["second"], routine["outcome"]),
        st.cuts(routine["score"], routine["outcome"]),
        st.calibration_curve(routine["predicted"], routine["outcome"]),
        st.brier(routine["predicted"], routine["outcome"]),
    ):
        assert type(result).__name__ in repr(result)
        assert "<table>" in result._repr_html_()
        assert result.table()


def test_examples_in_docstrings_hold() -> None:
    ran = doctest.testmod(st).attempted
    for module in pkgutil.iter_modules(st.__path__):
        found = doctest.testmod(importlib.import_module(f"{st.__name__}.{module.name}"))
        assert found.failed == 0
        ran += found.attempted
    assert ran >= 4
