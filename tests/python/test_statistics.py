"""appraise.statistics: columns in, dataclasses with tables out; figures are those of R."""

import doctest
import importlib
import json
import math
import pkgutil
import shutil
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


def close(value: Any) -> Any:
    """To the bar for figures in closed form."""
    return pytest.approx(value, rel=1e-8, abs=1e-14)


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
    assert st.harrells_c(routine["score"], routine["time"], events).c.value == close(expected["harrell"]["c"])
    assert st.unos_c(routine["score"], routine["time"], events).c.value == close(expected["uno_all"]["c"])
    horizon = expected["at_horizon"]["horizon"]
    at = st.auc_at_horizon(routine["score"], routine["time"], routine["event"], horizon)
    assert at.auc.value == close(expected["at_horizon"]["auc"])
    odds = st.odds_ratio_per_point(routine["score"], routine["outcome"]).value
    assert odds.low == pytest.approx(expected["effects"]["odds"]["low"], rel=1e-6)
    hazard = st.hazard_ratio_per_point(routine["score"], routine["time"], events).value
    assert hazard.high == pytest.approx(expected["effects"]["hazard"]["high"], rel=1e-6)
    assert st.cohens_d(routine["score"], routine["outcome"]).value.value == close(expected["effects"]["d"]["value"])


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
    assert table["expected"].sum() == close(sum(routine["predicted"]))
    assert "total: ratio" in repr(table)
    assert pd.DataFrame(table.table()).shape[0] == 3
    horizon = oracle("calibration")["routine"]["horizon"]
    followed = st.expected_observed(
        routine["predicted"], routine["event"], times=routine["time"], horizon=horizon, by=level
    )
    assert isinstance(followed, st.ExpectedObservedTable)
    assert followed.total.ratio.value == close(oracle("calibration")["routine"]["followed"]["ratio"])


def test_groups_that_are_numbers_are_in_order_and_named_as_written() -> None:
    table = st.expected_observed([0.1] * 4, [0, 1, 0, 1], by=[3.0, -1.0, 0.5, None])
    assert isinstance(table, st.ExpectedObservedTable)
    assert table["group"].tolist() == ["-1", "0.5", "3"]
    assert table["sample_n"].sum() == 3


def test_calibration_figures_are_those_of_r(routine: Data) -> None:
    expected = oracle("calibration")["routine"]
    line = st.calibration_line(routine["predicted"], routine["outcome"])
    assert line.slope.value == pytest.approx(expected["line"]["slope"], rel=1e-6)
    curve = st.calibration_curve(routine["predicted"], routine["outcome"])
    assert curve.ici == close(expected["curve"]["ici"])
    assert curve["observed"] == close(expected["curve"]["curve"])
    assert st.brier(routine["predicted"], routine["outcome"]).score.value == close(expected["brier"]["score"])
    test = st.hosmer_lemeshow(routine["predicted"], routine["outcome"])
    assert test.test.p_value == close(expected["hosmer"]["p"])
    assert "E/O" in test.warning


def test_curves(routine: Data) -> None:
    events = [int(event == 1) for event in routine["event"]]
    curve = st.kaplan_meier(routine["time"], events)
    expected = oracle("survival")["routine"]["log"]
    assert curve["estimate"][expected["step"]] == close(expected["value"])
    assert curve.time_until(0.25).value == close(expected["quantile"][0])
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
    assert fit["ratio"][1] == close(math.exp(fit.coefficients["score"].value))
    events = [int(event == 1) for event in routine["event"]]
    cox = st.cox_regression({"score": routine["score"]}, routine["time"], events)
    assert cox.covariance.shape == (1, 1)
    assert cox["coefficient_error"][0] == close(math.sqrt(cox.covariance[0, 0]))
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


@pytest.fixture(scope="module")
def raters() -> dict[str, list[float]]:
    columns = oracle("agreement")["ratings"]["four_raters"]["columns"]
    return {f"rater {k + 1}": column for k, column in enumerate(columns)}


def test_agreement_figures_are_those_of_r(raters: dict[str, list[float]]) -> None:
    expected = oracle("agreement")["ratings"]["four_raters"]
    found = st.icc(raters)
    assert found["icc"] == close(expected["icc"]["value"])
    assert found.forms["ICC(2,1)"].low == close(expected["icc"]["low"][1])
    first, second = list(raters.values())[:2]
    quadratic = st.kappa(first, second, weights="quadratic")
    assert quadratic.kappa.value == close(expected["kappa"]["quadratic"]["value"])
    alpha = st.krippendorffs_alpha(pd.DataFrame(raters), measurement="ordinal")
    assert alpha.alpha.value == close(expected["alpha"]["ordinal"])
    assert alpha.alpha.interval == "by_resampling"
    pairs = st.agreement_by_pair(raters)
    assert pairs["pair"][0] == "rater 1, rater 2"
    assert len(pairs) == 6
    assert pairs["weighted_kappa"][0] == close(quadratic.kappa.value)
    assert st.icc({"only": first}).forms["ICC(2,1)"].status == "too_few"


def test_disagreements_name_person_and_item() -> None:
    first = {"age": [1, 0, 1], "violence": [0, 2, None]}
    second = {"age": [1, 1, 1], "violence": [0, 2, 1]}
    found = st.disagreements(first, second, keys=["A", "B", "C"])
    assert found["row"].tolist() == ["B", "C"]
    assert found["item"].tolist() == ["age", "violence"]
    table = st.agreement_by_item(first, second)
    assert table["item"].tolist() == ["age", "violence"]
    assert table["exact"].tolist() == [close(2 / 3), 1]
    with pytest.raises(ap.UsageError, match="expected"):
        st.disagreements(first, {"age": [1, 0, 1]})


def test_reliability_figures_are_those_of_r() -> None:
    scale = oracle("agreement")["scales"]["good"]
    found = st.reliability({f"item {k}": column for k, column in enumerate(scale["columns"])})
    assert found.alpha.low == close(scale["values"]["low"])
    assert found.omega.value == pytest.approx(scale["values"]["omega"]["value"], rel=1e-6)
    assert found["item_total"] == close(scale["values"]["item_total"])
    error = st.measurement_error(3.0, found.alpha.value)
    assert error.sdc == pytest.approx(1.959964 * math.sqrt(2) * error.sem, rel=1e-6)


def test_bootstrap_depends_on_the_seed_alone(routine: Data) -> None:
    calls: list[tuple[int, int]] = []
    one = st.bootstrap_auc(routine["score"], routine["outcome"], replicates=300)
    two = st.bootstrap_auc(
        routine["score"],
        routine["outcome"],
        replicates=300,
        threads=3,
        progress=lambda done, replicates: calls.append((done, replicates)),
    )
    assert one.replicates.tolist() == two.replicates.tolist()
    assert calls[-1] == (300, 300)
    scores, outcomes = np.array(routine["score"]), np.array(routine["outcome"])
    any_figure = st.bootstrap(
        len(scores),
        lambda rows: st.auc(scores[rows], outcomes[rows]).auc.value,
        replicates=300,
        strata=outcomes,
    )
    assert any_figure.estimate.value == one.estimate.value
    assert any_figure.acceleration == pytest.approx(one.acceleration, rel=1e-6)
    assert any_figure.estimate.low == pytest.approx(one.estimate.low, abs=0.02)

    def stop(done: int, replicates: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        st.bootstrap_auc(routine["score"], routine["outcome"], progress=stop)


def test_figures_with_a_name_are_drawn_on_any_number_of_threads(routine: Data) -> None:
    events = [int(event == 1) for event in routine["event"]]
    calls: list[tuple[int, int]] = []
    one = st.bootstrap_figure("harrells_c", routine["score"], routine["time"], events, replicates=100)
    three = st.bootstrap_figure(
        "harrells_c",
        routine["score"],
        routine["time"],
        events,
        replicates=100,
        threads=3,
        progress=lambda done, all_calls: calls.append((done, all_calls)),
    )
    assert one.estimate.value == st.harrells_c(routine["score"], routine["time"], events).c.value
    assert one.replicates.tolist() == three.replicates.tolist()
    assert one.estimate == three.estimate
    assert calls[-1] == (100 + len(events), 100 + len(events))
    # The same draws as those of a Python callable.
    scores, outcomes = np.array(routine["score"]), np.array(routine["outcome"])
    called = st.bootstrap(
        len(scores), lambda rows: st.brier(scores[rows] / 20 + 0.3, outcomes[rows]).score.value, replicates=50
    )
    by_name = st.bootstrap_figure("brier", scores / 20 + 0.3, outcomes, replicates=50)
    assert by_name.replicates.tolist() == called.replicates.tolist()
    difference = st.bootstrap_figure("auc", scores, outcomes, against=routine["second"], strata=outcomes, threads=2)
    delong = st.auc_difference(scores, routine["second"], outcomes).difference
    assert difference.estimate.value == close(delong.value)
    assert difference.estimate.standard_error == pytest.approx(delong.standard_error, rel=0.06)
    with pytest.raises(ap.UsageError, match="columns: 1 of them; expected scores, outcomes for auc"):
        st.bootstrap_figure("auc", scores)
    with pytest.raises(ap.UsageError, match="figure: 'ac'; expected one of auc"):
        st.bootstrap_figure("ac", scores)
    with pytest.raises(ap.UsageError, match="horizon: none; expected a time"):
        st.bootstrap_figure("unos_c", scores, routine["time"], events)


def test_a_norms_file_made_here_scores(tmp_path: Path) -> None:
    scores = [n % 12 - 2 for n in range(600)]
    outcomes = [int(n % 12 > 2 and (n // 12) % 12 < n % 12) for n in range(600)]
    norms = st.local_norms(scores, outcomes)
    assert norms.status == "estimated"
    said: dict[str, Any] = {
        "id": "county-2026-5y",
        "edition": "2026",
        "title": "Invented county",
        "instrument": "static-99r",
        "editions": ["2016"],
        "scale": "total",
        "sample": "people released in an invented county",
        "outcome": "invented reoffending",
        "follow_up_years": 5,
    }
    for field in ("sample", "outcome"):
        with pytest.raises(ap.UsageError, match=field):
            norms.file(**(said | {field: " "}))
    file = norms.file(**said)
    source = Path(__file__).parents[2] / "instruments" / "static-99r"
    shutil.copytree(source, tmp_path / "static-99r")
    file.write(tmp_path)
    with pytest.raises(FileExistsError):
        file.write(tmp_path)
    instrument = ap.load(tmp_path / "static-99r" / "2016")
    answers = {"age_at_release": 39, "prior_sex_charges": 3, "prior_sex_convictions": 1, "prior_sentencing_dates": 2}
    caseload = {item.code: [answers.get(item.code, 0)] for item in instrument.items if not item.optional}
    scored = ap.score(instrument, caseload, norms=["county-2026-5y"], accept_unverified=True)
    total = scored["total"][0]
    rate = norms["rate"][norms["score"].tolist().index(total)]
    assert scored["total_county-2026-5y_rate"][0] == pytest.approx(rate, abs=1e-6)
    published = next(each for each in instrument.norms if each.id == "routine-2015-5y")
    moved = st.local_norms(scores, outcomes, updating="intercept", published=published)
    assert moved["rate"].mean() != norms["rate"].mean()
    prior = {"centre": 2, "intercept": -2.5, "intercept_error": 0.1, "slope": 0.3, "slope_error": 0.03}
    pooled = st.local_norms(scores, outcomes, updating="pooled", prior=prior)
    assert pooled.slope.standard_error < norms.slope.standard_error
    with pytest.raises(ap.UsageError, match="prior"):
        st.local_norms(scores, outcomes, updating="pooled", prior={"centre": 2})


def test_value_and_fairness_figures_are_those_of_r(routine: Data) -> None:
    expected = oracle("value")["people"]["routine"]
    found = st.reclassification(routine["predicted"], expected["newer"], routine["outcome"])
    assert found.nri.value == close(expected["continuous"]["nri"])
    assert found.idi_test.statistic == close(expected["continuous"]["idi_z"])
    table = st.reclassification(routine["predicted"], expected["newer"], routine["outcome"], cuts=[0.1, 0.25])
    assert table.moves_of_events.ravel().tolist() == expected["categorical"]["moves_of_events"]
    curve = st.decision_curve(routine["predicted"], routine["outcome"], [0.05, 0.1, 0.2, 0.5])
    assert curve["rates"] == close([point["rates"] for point in expected["decisions"]])
    assert st.numbers_needed(routine["score"], routine["outcome"])["needed"][0] == close(
        len(routine["outcome"]) / sum(routine["outcome"])
    )
    group = [
        "A" if (k + 1) * 7 % 3 == 0 else "B" if (k + 1) * 7 % 3 == 1 else "C" for k in range(len(routine["score"]))
    ]
    fair = st.fairness(
        routine["score"],
        routine["outcome"],
        group,
        predicted=routine["predicted"],
        cut=expected["fair"]["cut"],
        smallest=1,
    )
    assert fair.slopes.statistic == pytest.approx(expected["fair"]["slopes"], rel=1e-6)
    assert fair.false_positive_rate.statistic == close(expected["fair"]["false_positive"])
    assert sorted(fair["auc"]) == close(sorted(expected["fair"]["auc"]))
    assert "cannot all hold" in repr(fair)
    studies = oracle("value")["studies"]["aucs"]
    pooled = st.pool(studies["y"], studies["s"])
    assert pooled.random.value == close(studies["random"])
    one = st.logistic_regression({"score": routine["score"]}, routine["outcome"])
    both = st.logistic_regression({"score": routine["score"], "second": routine["second"]}, routine["outcome"])
    test = st.likelihood_ratio_test(both, one)
    assert test.statistic == close(2 * (both.log_likelihood - one.log_likelihood))
    assert test.degrees_of_freedom == 1


def test_a_group_of_three_is_suppressed() -> None:
    scores = [k % 7 for k in range(103)]
    outcomes = [int(k % 3 == 0) for k in range(103)]
    groups = ["few"] * 3 + ["many", "other"] * 50
    found = st.fairness(scores, outcomes, groups, cut=3)
    assert found["group"].tolist() == ["few", "many", "other"]
    assert found["n"][0] == 0
    assert bool(found["suppressed"][0])
    assert "none (suppressed)" in repr(found)


def test_norms_of_people_followed_for_different_times_are_those_of_survfit_and_score(tmp_path: Path) -> None:
    data, expected = oracle("datasets")["routine"], oracle("local_norms")["routine"]
    events = [int(event == 1) for event in data["event"]]
    norms = st.local_norms(data["score"], events, times=data["time"], horizon=expected["horizon"])
    refit = expected["followed"]["refit"]
    assert norms.horizon == expected["horizon"]
    assert norms["rate"] == pytest.approx(refit["rate"], rel=1e-6)
    assert norms["rate_low"] == pytest.approx(refit["low"], rel=1e-6)
    assert norms["rate_high"] == pytest.approx(refit["high"], rel=1e-6)
    assert norms["risk_ratio"] == pytest.approx(refit["ratio"], rel=1e-6)
    instrument = ap.load("static-99r")
    published = next(each for each in instrument.norms if each.id == "routine-2015-5y")
    for updating in ("intercept", "intercept_and_slope"):
        moved = st.local_norms(
            data["score"],
            events,
            times=data["time"],
            horizon=expected["horizon"],
            updating=updating,
            published=published,
        )
        assert moved.status == "estimated"
    said: dict[str, Any] = {
        "id": "county-2026-3y",
        "edition": "2026",
        "title": "Invented county",
        "instrument": "static-99r",
        "editions": ["2016"],
        "scale": "total",
        "sample": "people released in an invented county",
        "outcome": "invented reoffending",
    }
    with pytest.raises(ap.UsageError, match="follow_up_years: none; expected the horizon"):
        norms.file(**said)
    source = Path(__file__).parents[2] / "instruments" / "static-99r"
    shutil.copytree(source, tmp_path / "static-99r")
    norms.file(**said, follow_up_years=3.061).write(tmp_path)
    own = ap.load(tmp_path / "static-99r" / "2016")
    answers = {"age_at_release": 39, "prior_sex_charges": 3, "prior_sex_convictions": 1, "prior_sentencing_dates": 2}
    caseload = {item.code: [answers.get(item.code, 0)] for item in own.items if not item.optional}
    scored = ap.score(own, caseload, norms=["county-2026-3y"], accept_unverified=True)
    row = norms["score"].tolist().index(scored["total"][0])
    assert scored["total_county-2026-3y_rate"][0] == pytest.approx(norms["rate"][row], abs=1e-6)
    with pytest.raises(ap.UsageError, match="expected both or neither"):
        st.local_norms(data["score"], events, times=data["time"])


def test_samples_are_pooled_on_the_scale_of_their_figures() -> None:
    study = oracle("value")["studies"]["aucs"]
    share = study["reml"]["proportion"]
    found = st.pool(
        study["reml"]["proportions"],
        study["reml"]["proportion_errors"],
        scale="proportion",
        between="reml",
        hartung_knapp=True,
        names=list("ABCDEF"),
    )
    assert found.random.low == pytest.approx(share["low"], rel=1e-6)
    assert found["sample"].tolist() == list("ABCDEF")
    assert found["value"] == pytest.approx(study["reml"]["proportions"])
    assert (found["value_low"] < found["value"]).all()
    indices = [st.expected_observed_counts(30, observed).ratio for observed in (20, 35, 0)]
    pooled = st.pool(indices, scale="ratio")
    assert (pooled.samples, pooled.left_out) == (2, 1)  # nobody observed: no figure
    assert 30 / 35 < pooled.fixed.value < 30 / 20
    with pytest.raises(ap.UsageError, match="standard_errors: none"):
        st.pool([0.7, 0.8])
    with pytest.raises(ap.UsageError, match="1 names; expected 2, one for each sample"):
        st.pool([0.7, 0.8], [0.1, 0.1], names=["A"])
    with pytest.raises(ap.UsageError, match="'odds'"):
        st.pool([0.7, 0.8], [0.1, 0.1], scale="odds")  # type: ignore[arg-type]


def test_what_a_second_instrument_adds_is_that_of_anova(routine: Data) -> None:
    expected = oracle("value")["people"]["routine"]
    second = [None if k % 9 == 8 else value for k, value in enumerate(routine["second"])]
    events = [int(event == 1) for event in routine["event"]]
    found = st.added_value({"static": routine["score"]}, {"dynamic": second}, routine["outcome"])
    assert found.test.statistic == pytest.approx(expected["added"]["logistic"], rel=1e-6)
    assert list(found.both.coefficients) == ["intercept", "static", "dynamic"]
    assert found.base.sample == found.both.sample
    assert found.base.sample.left_out == len(second) // 9
    assert "test" in repr(found)
    followed = st.added_value(routine["score"], second, events, times=routine["time"])
    assert followed.test.p_value == pytest.approx(expected["added"]["cox_p"], rel=1e-6)
    assert list(followed.both.coefficients) == ["x1", "added x1"]
    alone = st.added_value(None, routine["score"], events, times=routine["time"])
    assert alone.test.degrees_of_freedom == 1
    with pytest.raises(ap.UsageError, match="of one kind"):
        st.likelihood_ratio_test(found.both, followed.base)
    apart = st.logistic_regression({"a": [1, 2, 3, 4], "b": [1, 0, 0, 1]}, [0, 0, 1, 1])
    less = st.logistic_regression({"a": [1, 2, 3, 4]}, [0, 0, 1, 1])
    assert st.likelihood_ratio_test(apart, less).status == "separated"


def test_decisions_about_people_followed_for_different_times(routine: Data) -> None:
    expected = oracle("value")["people"]["routine"]
    events = [int(event == 1) for event in routine["event"]]
    found = st.decision_curve(
        routine["predicted"], events, [0.05, 0.1, 0.2], times=routine["time"], horizon=expected["horizon"]
    )
    assert found["rates"] == pytest.approx([point["rates"] for point in expected["followed_decisions"][:3]])
    never = st.decision_curve([0.1, 0.4], [0, 0], [0.3], times=[3, 1], horizon=2)
    assert never["rates_status"].tolist() == ["not_reached"]
    assert "none (not_reached)" in repr(never)
    assert st.decision_curve([0.1], [1], [0.3], times=[1], horizon=2).status == "not_reached"
    with pytest.raises(ap.UsageError, match="expected both or neither"):
        st.decision_curve([0.1], [1], horizon=2)
