"""Pictures: they show the numbers that they say they show, and nothing is cut off."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

import appraise as ap

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from plot_support import texts

Rows = dict[str, list[Any]]
CASELOAD = Path(__file__).parents[2] / "examples" / "caseload.csv"


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(CASELOAD)


@pytest.fixture(scope="module")
def static(people: pd.DataFrame) -> ap.Scores:
    return ap.score("static-99r", people, accept_unverified=True)


@pytest.fixture(scope="module")
def stable(people: pd.DataFrame) -> ap.Scores:
    return ap.score("stable-2007", people, accept_unverified=True)


@pytest.fixture(scope="module")
def later(people: pd.DataFrame) -> ap.Scores:
    """The same people, some with other answers, a few with none."""
    draw = np.random.default_rng(7)
    changed = people.copy()
    for item in ("impulsive_acts", "sex_as_coping", "negative_emotionality"):
        moved = (changed[item] + draw.choice([-1, 0, 1], len(people))).clip(0, 2)
        changed[item] = moved.mask(draw.random(len(people)) < 0.02)
    return ap.score("stable-2007", changed, accept_unverified=True)


def norms(name: str) -> Any:
    return next(each for each in ap.load("static-99r").norms if each.id == name)


@pytest.fixture
def pictures(
    people: pd.DataFrame, static: ap.Scores, stable: ap.Scores, later: ap.Scores
) -> dict[str, Callable[..., Any]]:
    old = ap.score("static-99r", people, accept_unverified=True, levels={"total": "original_2009"})
    explanation = ap.explain("static-99r", people, 3, accept_unverified=True)
    sets = [norms("routine-2015-5y"), norms("hrhn-2015-5y"), norms("routine-2015-5y-verified")]
    return {
        "distribution": lambda **given: ap.plot.distribution(static, **given),
        "contributions": lambda **given: ap.plot.contributions(explanation, **given),
        "movement": lambda **given: ap.plot.movement(stable, later, **given),
        "movement between schemes": lambda **given: ap.plot.movement(old, static, **given),
        "flow": lambda **given: ap.plot.flow(stable, later, **given),
        "flow between schemes": lambda **given: ap.plot.flow(old, static, **given),
        "norms": lambda **given: ap.plot.norms(sets[0], score=5, **given),
        "several norms": lambda **given: ap.plot.norms(sets, **given),
    }


def test_every_picture_is_drawn_on_the_axes_given(pictures: dict[str, Callable[..., Any]]) -> None:
    for draw in pictures.values():
        _, ax = plt.subplots()
        assert draw(ax=ax) is ax
        assert ax.get_title(loc="left")


def test_nothing_is_cut_off(pictures: dict[str, Callable[..., Any]]) -> None:
    for name, draw in pictures.items():
        figure = draw().figure
        figure.canvas.draw()
        page, drawn = figure.bbox, figure.get_tightbbox(figure.canvas.get_renderer())
        left, bottom, right, top = (edge * figure.dpi for edge in drawn.extents)
        assert left >= page.x0 - 1, name
        assert bottom >= page.y0 - 1, name
        assert right <= page.x1 + 1, name
        assert top <= page.y1 + 1, name


def test_every_picture_says_that_figures_are_unverified(pictures: dict[str, Callable[..., Any]]) -> None:
    for draw in pictures.values():
        assert "nverified" in texts(draw())


def test_bars_are_the_people_with_each_score(static: ap.Scores) -> None:
    ax: Any = ap.plot.distribution(static)
    heights = {bar.get_x() + bar.get_width() / 2: bar.get_height() for bar in ax.patches}
    totals = [total for total in static["total"].tolist() if total is not None]
    assert {round(place): height for place, height in heights.items() if height} == {
        each: totals.count(each) for each in totals
    }
    assert f"{len(totals)} of 200 people have a score" in texts(ax)
    assert "Without a score: 22 incomplete, 5 not applicable, 2 invalid." in texts(ax)


def test_levels_stand_over_their_scores(static: ap.Scores) -> None:
    ax: Any = ap.plot.distribution(static)
    counts = static.counts("total_level")
    for level, count in counts.items():
        assert f"{level}\n{count / sum(counts.values()):.0%}" in texts(ax)
    cuts = sorted(line.get_xdata()[0] for line in ax.lines)
    assert cuts == [-1.5, 0.5, 3.5, 5.5]


def test_levels_grow_darker(static: ap.Scores) -> None:
    ax: Any = ap.plot.distribution(static)
    bars = sorted(ax.patches, key=lambda bar: float(bar.get_x()))
    grey = [sum(np.array(to_rgb(bar.get_facecolor())) * (0.21, 0.72, 0.07)) for bar in bars]
    assert grey == sorted(grey, reverse=True)
    assert len({round(each, 3) for each in grey}) == 5


def test_a_probability_is_drawn_as_a_histogram(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, {name: values * 40 for name, values in rows.items()})
    ax: Any = ap.plot.distribution(scores, "chance")
    assert sum(bar.get_height() for bar in ax.patches) == 80
    assert "probability" in ax.get_xlabel()


def test_nobody_with_a_score_is_drawn_too(sample: ap.Instrument, rows: Rows) -> None:
    empty = ap.score(sample, {name: [None] for name in rows})
    assert "0 of 1 people have a score" in texts(ap.plot.distribution(empty))


def test_contributions_add_up(people: pd.DataFrame) -> None:
    explanation = ap.explain("static-99r", people, 3, accept_unverified=True)
    ax: Any = ap.plot.contributions(explanation)
    widths = [bar.get_width() for bar in ax.patches]
    assert widths[-1] == sum(widths[:-1]) == sum(each.value for each in explanation.contributions) == 6
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "sum"
    assert "Any male victim: yes" in texts(ax)


def test_falling_contributions_differ_by_more_than_colour(people: pd.DataFrame) -> None:
    old = people.iloc[[10]].assign(age_at_release=66)
    bars: Any = ap.plot.contributions(ap.explain("static-99r", old, accept_unverified=True)).patches
    assert {bool(bar.get_hatch()) for bar in bars if bar.get_width() < 0 and bar is not bars[-1]} == {True}
    assert not any(bar.get_hatch() for bar in bars if bar.get_width() > 0)


def test_an_explanation_without_contributions_is_refused(sample: ap.Instrument, rows: Rows) -> None:
    with pytest.raises(ap.UsageError, match="not_applicable"):
        ap.plot.contributions(ap.explain(sample, rows, 1))


def test_cells_count_every_person_once(stable: ap.Scores, later: ap.Scores) -> None:
    ax: Any = ap.plot.movement(stable, later)
    people = [int(each.get_text().split("\n")[0]) for each in ax.texts if "%" in each.get_text()]
    assert sum(people) == 200
    table = pd.crosstab(stable.frame["total_level"], later.frame["total_level"])
    labels = stable.labels("total_level")
    up = sum(int(table.loc[a, b]) for i, a in enumerate(labels) for b in labels[i + 1 :])
    down = sum(int(table.loc[b, a]) for i, a in enumerate(labels) for b in labels[i + 1 :])
    assert f"Of 200 people {up} move up and {down} down" in texts(ax).replace("\n", " ")
    assert f"{up} move up" in texts(ap.plot.flow(stable, later))


def test_bands_are_as_high_as_they_have_people(stable: ap.Scores, later: ap.Scores) -> None:
    ax: Any = ap.plot.flow(stable, later)
    bands = [patch.get_path().vertices for patch in ax.patches if len(patch.get_path().vertices) == 9]
    assert sum(band[7][1] - band[0][1] for band in bands) == pytest.approx(200)
    for level, count in later.counts("total_level").items():
        assert f"{level}  {count}" in texts(ax)


def test_movement_of_other_people_or_scales_is_refused(sample: ap.Instrument, rows: Rows, static: ap.Scores) -> None:
    few = ap.score(sample, rows)
    with pytest.raises(ap.UsageError, match="200 and 5 rows"):
        ap.plot.movement(static, few)
    with pytest.raises(ap.UsageError, match="'chance' is not a scale with levels of these scores; there are: total"):
        ap.plot.flow(few, few, "chance")
    with pytest.raises(ap.UsageError, match="'nothing' is not a scale of these scores; there are: total, chance"):
        ap.plot.distribution(few, "nothing")
    with pytest.raises(ap.UsageError, match="are not numbers"):
        ap.plot.distribution(few, "majority")


def test_norms_show_rates_intervals_and_what_they_are_of() -> None:
    given = norms("routine-2015-5y")
    ax: Any = ap.plot.norms(given, score=5)
    curve = ax.lines[0]
    assert curve.get_ydata().tolist() == [100 * row.rate for row in given.rows]
    said = texts(ax)
    for part in ("routine and complete samples", "n not stated", "sexual recidivism", "5 years", "95% interval"):
        assert part in said
    assert "score 5: 15.2 %, unverified" in said
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())]
    assert sum(len(line.get_xdata()) for line in hollow) == sum(r.evidence.mark == "unverified" for r in given.rows)


def test_verified_norms_are_drawn_full() -> None:
    ax: Any = ap.plot.norms(norms("routine-2015-5y-verified"))
    assert "hollow" not in texts(ax)
    assert ax.lines[0].get_linestyle() == "-"


def test_norms_without_rates_are_refused() -> None:
    with pytest.raises(ap.UsageError, match="no rates"):
        ap.plot.norms(norms("risk-ratios-2013"))


def test_matplotlib_is_loaded_by_the_first_picture_only() -> None:
    program = "import sys, appraise; appraise.plot.norms; print('matplotlib' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"
