"""Pictures of statistics: they show the figures of the statistic, say whom they are about, and hide nothing."""

import math
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

import appraise as ap
from appraise import statistics as st

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from plot_support import People, said, texts


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def people() -> People:
    return People(1500)


@pytest.mark.parametrize("n", [12, 1500, 30_000])
def test_every_picture_is_whole_and_on_the_axes_given(n: int) -> None:
    for name, draw in People(n).pictures().items():
        _, given = plt.subplots()
        assert draw(ax=given) is given, name
        ax = draw()
        figure = ax.figure
        figure.canvas.draw()
        page, drawn = figure.bbox, figure.get_tightbbox(figure.canvas.get_renderer())
        left, bottom, right, top = (edge * figure.dpi for edge in drawn.extents)
        assert left >= page.x0 - 1, name
        assert bottom >= page.y0 - 1, name
        assert right <= page.x1 + 1, name
        assert top <= page.y1 + 1, name
        assert ax.get_title(loc="left")
        plt.close("all")


def test_every_picture_says_whom_it_is_about(people: People) -> None:
    n = len(people.score)
    for name, draw in people.pictures().items():
        counted = {"forest by group": f"{sum(people.group == 'B'):,}", "forest of samples": "weight"}
        assert counted.get(name, f"{n:,}") in texts(draw()), name


def test_a_picture_is_the_same_file_each_time(people: People) -> None:
    for name, draw in people.pictures().items():
        one, two = ap.plot.image(draw(), title=name), ap.plot.image(draw(), title=name)
        assert one == two
        assert name.encode() in one
        assert b"<dc:date>" not in one
        plt.close("all")
    cuts = st.cuts(people.score, people.outcome)
    ax: Any = ap.plot.roc(cuts)
    png = ap.plot.image(ax, "png")
    assert png == ap.plot.image(ap.plot.roc(cuts), "png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(ap.UsageError, match="'gif'; expected svg or png"):
        ap.plot.image(ax, "gif")  # type: ignore[arg-type]


def test_what_is_no_such_result_is_refused(people: People) -> None:
    auc: Any = st.auc(people.score, people.outcome)
    draws: list[Any] = [ap.plot.roc, ap.plot.calibration, ap.plot.survival, ap.plot.decision_curve, ap.plot.agreement]
    for draw in draws:
        with pytest.raises(ap.UsageError, match=rf"plot\.{draw.__name__}: Auc; expected a"):
            draw(auc)
        with pytest.raises(ap.UsageError, match="'here' Auc"):
            draw({"here": auc})
        with pytest.raises(ap.UsageError, match="nothing to draw"):
            draw({})
    with pytest.raises(ap.UsageError, match="Auc; expected one of ExpectedObservedTable"):
        ap.plot.forest(auc)
    with pytest.raises(ap.UsageError, match="Auc; expected a Fairness"):
        ap.plot.fairness(auc)


def test_roc_points_are_those_of_the_cuts(people: People) -> None:
    cuts = st.cuts(people.score, people.outcome)
    ax: Any = ap.plot.roc(cuts, mark=[4, 3.5])
    curve = ax.lines[1]
    order = np.argsort(-cuts["cut"])
    assert curve.get_xdata()[1:].tolist() == (1 - cuts["specificity"][order]).tolist()
    assert curve.get_ydata()[1:].tolist() == cuts["sensitivity"][order].tolist()
    assert (curve.get_xdata()[0], curve.get_ydata()[0]) == (0, 0)
    heights = (curve.get_ydata()[1:] + curve.get_ydata()[:-1]) / 2
    assert (heights * np.diff(curve.get_xdata())).sum() == pytest.approx(cuts.auc.value)
    row = cuts["cut"].tolist().index(4)
    across, along, point = ax.lines[2:5]
    assert sorted(across.get_xdata()) == sorted(1 - cuts[f"specificity_{end}"][row] for end in ("low", "high"))
    assert along.get_ydata().tolist() == [cuts["sensitivity_low"][row], cuts["sensitivity_high"][row]]
    assert point.get_ydata().tolist() == [cuts["sensitivity"][row]]
    assert ax.lines[7].get_ydata().tolist() == [cuts["sensitivity"][row]]  # nobody scores from 3.5 to below 4
    assert f"AUC {cuts.auc.value:.3f}" in texts(ax)
    assert f"n = 1,500, {sum(people.outcome)} with the outcome" in said(ax)
    assert "95% interval" in said(ax)
    with pytest.raises(ap.UsageError, match="mark 99: no score is that high"):
        ap.plot.roc(cuts, mark=[99])


def test_roc_without_both_outcomes_says_so() -> None:
    none = st.cuts([1, 2, 3], [0, 0, 0])
    ax: Any = ap.plot.roc(none, mark=[2])
    assert ax.get_title(loc="left") == "No ROC curve: every outcome is the same"
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 0]  # chance, and no curve
    ax = ap.plot.roc({"empty": st.cuts([], []), "some": st.cuts([1, 2, 3], [0, 1, 1])}, mark=[2])
    assert "empty: AUC none (no complete row)" in said(ax)


def test_calibration_shows_curve_groups_and_people(people: People) -> None:
    curve = st.calibration_curve(people.predicted, people.outcome)
    index = st.expected_observed(people.predicted, people.outcome, by=people.level)
    assert isinstance(index, st.ExpectedObservedTable)
    ax: Any = ap.plot.calibration(curve, index)
    drawn = ax.lines[1]
    assert drawn.get_xdata().tolist() == (100 * curve["predicted"]).tolist()
    assert drawn.get_ydata().tolist() == (100 * curve["observed"]).tolist()
    points = [line for line in ax.lines if line.get_marker() == "o"]
    n = index["sample_n"]
    assert [line.get_xdata()[0] for line in points] == pytest.approx((100 * index["expected"] / n).tolist())
    assert [line.get_ydata()[0] for line in points] == pytest.approx((100 * index["observed"] / n).tolist())
    bars = [line for line in ax.lines[2:] if line.get_marker() != "o"]
    for bar, observed, people_there in zip(bars, index["observed"].astype(int), n, strict=True):
        low, high = (end / 100 * people_there for end in bar.get_ydata())
        # Exact Poisson limits: so many or more, and so many or fewer, each have a chance of 2.5 % there.
        assert 1 - poisson(observed - 1, low) == pytest.approx(0.025)
        assert poisson(observed, high) == pytest.approx(0.025)
    heights = [segment[1][1] for segment in ax.collections[0].get_segments()]
    assert np.array(heights) / max(heights) == pytest.approx(curve["people"] / curve["people"].max())
    assert f"ICI {100 * curve.ici:.1f} points" in said(ax)
    followed = st.expected_observed(people.predicted, people.event, times=people.time, horizon=5, by=people.level)
    with pytest.raises(ap.UsageError, match="followed for different times"):
        ap.plot.calibration(curve, followed)  # type: ignore[arg-type]
    assert "predicted rate, %" in texts(ax)


def test_groups_without_people_or_events_stay_in_sight() -> None:
    level = pd.Series(pd.Categorical(["low"] * 30 + ["high"] * 30, ["low", "middle", "high"]))
    outcomes = [0] * 30 + [0, 1, 0] * 10
    index = st.expected_observed([0.05] * 30 + [0.3] * 30, outcomes, by=level)
    assert isinstance(index, st.ExpectedObservedTable)
    ax: Any = ap.plot.calibration(st.calibration_curve([0.05] * 30 + [0.3] * 30, outcomes), index)
    assert "Nobody in: middle." in said(ax)
    forest: Any = ap.plot.forest(index)
    assert "at least" in texts(forest)
    assert "no events" in texts(forest)
    assert "none: no complete row" in texts(forest)
    assert "Arrow: the interval goes on." in texts(forest)
    assert [each.get_text() for each in forest.get_yticklabels()] == ["low", "middle", "high", "total"]
    arrow = next(line for line in forest.lines if line.get_marker() == ">")
    assert arrow.get_ydata() == [0]
    assert arrow.get_xdata() == [forest.get_xlim()[1]]


def poisson(most: int, mean: float) -> float:
    """The chance of so many or fewer."""
    return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(most + 1))


def squares(ax: Any) -> list[Any]:
    return [line for line in ax.lines if line.get_marker() in ("s", "D")]


def spans(ax: Any) -> dict[float, list[float]]:
    return {
        line.get_ydata()[0]: list(line.get_xdata())
        for line in ax.lines
        if len(line.get_xdata()) == 2 and line.get_ydata()[0] == line.get_ydata()[1]
    }


def test_a_forest_has_the_ratios_and_their_intervals(people: People) -> None:
    index = st.expected_observed(people.predicted, people.outcome, by=people.level, level=0.9)
    assert isinstance(index, st.ExpectedObservedTable)
    ax: Any = ap.plot.forest(index)
    assert ax.get_xscale() == "log"
    assert [mark.get_xdata()[0] for mark in squares(ax)] == [*index["ratio"], index.total.ratio.value]
    for row, (low, high) in enumerate(zip(index["ratio_low"], index["ratio_high"], strict=True)):
        if high < ax.get_xlim()[1] and low > ax.get_xlim()[0]:
            assert spans(ax)[row] == [low, high]
    assert "90% interval" in said(ax)
    assert f"{int(index['observed'][0])}" in texts(ax)
    by_logarithm: Any = ap.plot.forest(index, "by_logarithm")
    assert spans(by_logarithm)[2][0] == index["by_logarithm_low"][2]
    with pytest.raises(ap.UsageError, match="'auc' is no figure of this table; there are: ratio, by_logarithm"):
        ap.plot.forest(index, "auc")


def test_a_forest_of_samples_has_their_intervals_and_the_prediction() -> None:
    values, errors = np.array([0.8, 1.3, 1.1, np.nan]), np.array([0.2, 0.13, 0.3, 0.1])
    found = st.pool(values, errors, scale="ratio", names=["a", "b", "c", "gone"])
    ax: Any = ap.plot.forest(found, of="E/O index")
    names = [each.get_text() for each in ax.get_yticklabels()]
    assert names == ["a", "b", "c", "random effects", "fixed effect", "prediction: another sample"]
    marks = [mark.get_xdata()[0] for mark in squares(ax)]
    assert marks == pytest.approx([0.8, 1.3, 1.1, found.random.value, found.fixed.value])
    assert spans(ax)[0] == pytest.approx(values[0] * np.exp(1.959963984540054 * errors[0] * np.array([-1, 1])))
    assert spans(ax)[3] == pytest.approx([found.random.low, found.random.high])
    assert "Left out for a missing value: 1." in said(ax)
    assert squares(ax)[1].get_markersize() > squares(ax)[2].get_markersize()  # the surer sample
    alone: Any = ap.plot.forest(st.pool([0.7], [0.02]))
    assert "none: too few people" in said(alone) or "none:" in said(alone)
    with pytest.raises(ap.UsageError, match="2 names; expected 3"):
        st.pool([1, 2, 3], [1, 1, 1], names=["a", "b"])


def test_other_tables_have_forests(people: People) -> None:
    fit = st.logistic_regression({"score": people.score}, people.outcome)
    ax: Any = ap.plot.forest(fit)
    assert [mark.get_xdata()[0] for mark in squares(ax)] == [math.exp(fit.coefficients["score"].value)]
    separated: Any = ap.plot.forest(st.logistic_regression({"score": [1, 2, 3, 4]}, [0, 0, 1, 1]))
    assert "none: the outcomes are told apart without error" in said(separated)
    forms = st.icc({"first": people.score, "second": people.second})
    assert [mark.get_xdata()[0] for mark in squares(ap.plot.forest(forms))] == forms["icc"].tolist()
    pairs = st.agreement_by_pair({"a": people.score, "b": people.second})
    weighted: Any = ap.plot.forest(pairs, "weighted_kappa")
    assert squares(weighted)[0].get_xdata()[0] == pairs["weighted_kappa"][0]
    assert "a, b" in texts(weighted)


def test_groups_that_are_suppressed_are_shown_as_such(people: People) -> None:
    group = np.where(np.arange(1500) < 4, "few", people.group)
    found = st.fairness(people.score, people.outcome, group, predicted=people.predicted, cut=4)
    drawn: Any = ap.plot.fairness(found)
    assert [ax.get_xlabel() for ax in drawn] == [
        "share with the outcome",
        "AUC",
        "E/O index (expected / observed)",
        "share at or above the cut",
        "false positive rate",
        "false negative rate",
    ]
    at = found["group"].tolist().index("few")
    for ax in drawn:
        assert "none: suppressed, few people" in said(ax)
        assert at not in spans(ax)
    assert f"p of difference {found.auc.p_value:.2g}" in said(drawn[1])
    _, places = plt.subplots(1, 2)
    assert ap.plot.fairness(found, ["auc", "slope"], axes=places) == list(places)
    with pytest.raises(ap.UsageError, match="2 axes; expected 1"):
        ap.plot.fairness(found, ["auc"], axes=places)
    nobody = st.fairness([1, 2, 3], [0, 1, 0], ["a", "a", "b"])
    assert len(ap.plot.fairness(nobody)) == 2


@pytest.mark.parametrize("kind", ["kaplan_meier", "aalen_johansen", "nelson_aalen"])
def test_steps_are_those_of_the_curve(people: People, kind: str) -> None:
    events = people.event if kind == "aalen_johansen" else people.event == 1
    curve = getattr(st, kind)(people.time, events)
    assert curve.kind == kind
    ax: Any = ap.plot.survival(curve, outcome="an outcome")
    scale = 1 if kind == "nelson_aalen" else 100
    line: Any = ax.lines[0]
    steps = np.union1d(np.flatnonzero(curve["events"] > 0), [len(curve) - 1])
    assert line.get_xdata()[1:].tolist() == curve["time"][steps].tolist()
    assert line.get_ydata()[1:].tolist() == (scale * curve["estimate"][steps]).tolist()
    assert line.get_ydata()[0] == scale * curve.start
    assert line.get_drawstyle() == "steps-post"
    assert "an outcome" in ax.get_ylabel()
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    lows = scale * curve["estimate_low"][steps]
    assert np.isin(lows[~np.isnan(lows)], band).all()


def test_people_at_risk_stand_below_the_axis(people: People) -> None:
    first = people.event == 1
    named = people.by_level(st.kaplan_meier, first)
    ax: Any = ap.plot.survival(named, until=10, at_risk=[0, 5, 10])
    written = [each.get_text() for each in ax.texts]
    for name in named:
        here = (people.level == name).to_numpy()
        at = written.index(name)
        expected = [f"{int((people.time[here] >= time).sum()):,}" for time in (0, 5, 10)]
        assert written[at + 1 : at + 4] == expected
    assert f"1,500 people, {first.sum()} events" in said(ax)


def test_many_curves_of_long_names_are_whole() -> None:
    curves = {f"region number {k} of the country": st.kaplan_meier([1, 2, 3, k + 4], [0, 1, 0, 1]) for k in range(9)}
    figure: Any = ap.plot.survival(curves, outcome="violent reoffending, with or without contact").figure
    figure.canvas.draw()
    drawn = figure.get_tightbbox(figure.canvas.get_renderer())
    assert drawn.x0 >= -0.02
    assert drawn.y0 >= -0.02
    assert drawn.x1 <= figure.get_figwidth() + 0.02
    assert drawn.y1 <= figure.get_figheight() + 0.02


def test_curves_that_are_not_there_say_so() -> None:
    ax: Any = ap.plot.survival({"some": st.kaplan_meier([1, 2, 3], [0, 0, 0]), "nobody": st.kaplan_meier([], [])})
    assert "nobody: no curve (no complete row)" in said(ax)
    assert "No shading: no interval there" in said(ax)
    alone: Any = ap.plot.survival(st.kaplan_meier([], []))
    assert "no curve (no complete row)" in said(alone)
    with pytest.raises(ap.UsageError, match="curves of 2 kinds: kaplan_meier, nelson_aalen"):
        ap.plot.survival({"a": st.kaplan_meier([1], [1]), "b": st.nelson_aalen([1], [1])})


def test_decision_curves_are_beside_everybody_and_nobody(people: People) -> None:
    found = st.decision_curve(people.predicted, people.outcome)
    ax: Any = ap.plot.decision_curve(found)
    nobody, everybody, rates = ax.lines
    assert set(nobody.get_ydata()) == {0}
    assert everybody.get_ydata().tolist() == (100 * found["everybody"]).tolist()
    assert rates.get_ydata().tolist() == (100 * found["rates"]).tolist()
    assert rates.get_xdata().tolist() == (100 * found["threshold"]).tolist()
    empty: Any = ap.plot.decision_curve({"gone": st.decision_curve([], [])})
    assert "gone: no curve (no complete row)" in said(empty)


def test_agreement_cells_are_the_people_with_both_ratings() -> None:
    first, second = [0, 0, 1, 2, 2, 2, None, 1], [0, 1, 1, 2, 2, 0, 1, 1]
    found = st.kappa(first, second)
    assert found.categories.tolist() == [0, 1, 2]
    assert found.counts.tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 2]]
    assert found.counts.trace() / found.n == pytest.approx(found.observed)
    ax: Any = ap.plot.agreement(found)
    cells = {
        each.get_position(): each.get_text() for each in ax.texts if "%" in each.get_text() and "\n" in each.get_text()
    }
    assert cells[(0, 0)] == "1\n50%"
    assert cells[(1, 1)] == "2\n100%"
    assert (2, 0) not in cells
    assert "5 of 7 are equal" in said(ax)
    assert "Left out for a missing rating: 1." in said(ax)
    items: Any = ap.plot.agreement({"one": found, "same": st.kappa([1, 1, 1], [1, 1, 1])})
    assert [each.get_text() for each in items.get_xticklabels()] == ["-2", "equal", "+1"]
    cells = {each.get_position(): each.get_text() for each in items.texts if "\n" in each.get_text()}
    assert cells[(0, 0)] == "1\n14%"
    assert cells[(1, 0)] == "5\n71%"
    assert "none: the values do not vary" in said(items)
    assert "n 7, 1 left out" in said(items)


def test_very_many_points_are_thinned_and_keep_their_ends() -> None:
    draw = np.random.default_rng(3)
    score = draw.normal(size=50_000)
    outcome = draw.random(50_000) < 0.1
    line: Any = ap.plot.roc(st.cuts(score, outcome)).lines[1]
    assert len(line.get_xdata()) <= 2001
    assert (line.get_xdata()[-1], line.get_ydata()[-1]) == (1, 1)


def test_pictures_of_statistics_are_loaded_by_their_first_use() -> None:
    program = (
        "import sys, appraise; before = 'numpy' in sys.modules; dir(appraise.plot); appraise.plot.roc; "
        "print(before, 'numpy' in sys.modules, 'matplotlib' in sys.modules, 'roc' in dir(appraise.plot))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False True False True"
    with pytest.raises(AttributeError, match="no attribute 'pie'"):
        _ = ap.plot.pie
