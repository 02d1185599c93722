"""Calibration: observed rates over predicted ones."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from appraise._core import UsageError
from appraise.plot import _style as style
from appraise.statistics import CalibrationCurve, ExpectedObservedTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

MOST_SPIKES = 60
SPIKES = 0.08
"""Share of the height that the tallest spike takes."""
FURTHEST = 3.0
"""How many times the highest rate the axes reach for the sake of an interval."""


def calibration(
    given: CalibrationCurve | Mapping[str, CalibrationCurve],
    by: ExpectedObservedTable | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Observed rates over predicted ones, beside the diagonal where both are the same.

    Parameters
    ----------
    given : CalibrationCurve, or mapping of names to them
        From `appraise.statistics.calibration_curve`; several for groups or for several sets of norms.
    by : ExpectedObservedTable, optional
        From `appraise.statistics.expected_observed` of the same people with ``by=`` and without ``times``: a point for
        each level or score, with the exact Poisson interval of its observed number.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        x: predicted rate, y: observed rate, both in percent. At the bottom, of one curve: how many people have each
        predicted rate. The area is that of the rates; an interval that goes beyond it is cut there.

    Raises
    ------
    UsageError
        If `given` is nothing else than calibration curves, or `by` is of people followed for different times: what is
        expected of them is no predicted rate.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> rates, outcomes = [0.1, 0.1, 0.2, 0.2, 0.3, 0.3] * 5, [0, 0, 0, 1, 0, 1] * 5
    >>> curve = st.calibration_curve(rates, outcomes)
    >>> ap.plot.calibration(curve).get_title(loc="left")
    'Observed and predicted rates: ICI 20.0 points'
    """
    named = style.by_name(given, CalibrationCurve, "calibration")
    if by is not None and by.horizon is not None:
        raise UsageError(
            "plot.calibration: by: of people followed for different times; expected rates are no shares then"
        )
    points = [] if by is None else _points(by)
    ax = style.axes(ax, width=5.4, height=5.6)
    low, high = _limits(list(named.values()), points)
    ax.plot([low, high], [low, high], ":", color=style.MUTED, linewidth=1.2, zorder=1)
    for (name, curve), (colour, stroke, _) in zip(named.items(), style.series(len(named)), strict=True):
        _draw(ax, name, curve, colour, stroke, marked=len(curve) < 5)
    for _, x, y, ends in points:
        _draw_point(ax, x, y, ends, top=high)
    only = next(iter(named.values())) if len(named) == 1 else None
    tallest = _spikes(ax, only) if only and len(only) else 0
    ax.set_xlim(low, high)
    ax.set_ylim(low, high)
    _name_points(ax, points, top=high)
    style.dress(ax, _title(named))
    ax.set_ylabel("observed rate, %")
    if len(named) > 1 or any(each.status != "estimated" for each in named.values()):
        ax.legend(fontsize="small", loc="best", facecolor="white", edgecolor="none", framealpha=0.85)
    style.caption(
        ax,
        *(_sample(name, each) for name, each in named.items()),
        "Dotted: as many as predicted; above it more people had the outcome. ICI, Emax: mean and greatest distance of "
        "the curve from it, over people.",
        f"Points: people of each group, with the {style.percent(by.level)} (Poisson)." if by and points else "",
        "An interval goes on above." if any(ends[1] > high for *_, ends in points) else "",
        _left_out(by) if by else "",
        f"Bottom: people by predicted rate, the tallest spike {tallest:,}." if tallest else "",
        below="predicted rate, %",
    )
    return ax


def _title(named: Mapping[str, CalibrationCurve]) -> str:
    if len(named) > 1:
        return f"Observed and predicted rates: {len(named)} curves"
    curve = next(iter(named.values()))
    if curve.status != "estimated":
        return f"No calibration curve: {style.why(curve.status)}"
    return f"Observed and predicted rates: ICI {100 * curve.ici:.1f} points"


def _sample(name: str, curve: CalibrationCurve) -> str:
    far = f"; ICI {100 * curve.ici:.1f}, Emax {100 * curve.emax:.1f} points" if curve.status == "estimated" else ""
    return style.people(curve.sample, name) + far


def _draw(ax: Axes, name: str, curve: CalibrationCurve, colour: str, stroke: Any, *, marked: bool) -> None:
    reason = "" if curve.status == "estimated" else f"no curve ({style.why(curve.status)})"
    label = "\n".join(textwrap.wrap(": ".join(filter(None, (name, reason))), style.room(ax, "small", 0.6)))
    if curve.status != "estimated":
        ax.plot([], [], linestyle="none", label=label)
        return
    kept = style.thinned(len(curve))
    x, y = 100 * curve["predicted"][kept], 100 * curve["observed"][kept]
    # Of a few rates each is marked.
    marker = "x" if marked else ""
    ax.plot(x, y, color=colour, linestyle=stroke, linewidth=1.7, marker=marker, label=label, zorder=3)


def _points(by: ExpectedObservedTable) -> list[tuple[str, float, float, tuple[float, float]]]:
    """Name, mean predicted and observed rate in percent, and the ends of its interval, of each group with people."""
    found = []
    for row, name in enumerate(by["group"].tolist()):
        n, expected = int(by["sample_n"][row]), float(by["expected"][row])
        if not n:
            continue
        # The limits of the observed number are those that the interval of E/O was made of.
        ends = [expected / limit / n for limit in (by["ratio_high"][row], by["ratio_low"][row])]
        found.append((name, 100 * expected / n, 100 * float(by["observed"][row]) / n, (100 * ends[0], 100 * ends[1])))
    return found


def _left_out(by: ExpectedObservedTable) -> str:
    empty = [name for name, n in zip(by["group"].tolist(), by["sample_n"].tolist(), strict=True) if not n]
    return f"Nobody in: {', '.join(empty)}." if empty else ""


def _draw_point(ax: Axes, x: float, y: float, ends: tuple[float, float], *, top: float) -> None:
    if not np.isnan(ends).any():
        ax.plot([x, x], [ends[0], min(ends[1], top)], color=style.INK, linewidth=1.1, zorder=4)
    ax.plot([x], [y], "o", color="white", markeredgecolor=style.INK, markeredgewidth=1.3, markersize=6, zorder=5)


def _name_points(ax: Axes, points: list[tuple[str, float, float, tuple[float, float]]], *, top: float) -> None:
    """The name of each point over its interval, higher where another name is in the way."""
    height, letter = 11.0, 5.2  # in points
    scale = ax.get_window_extent().height / ax.figure.dpi * 72 / (ax.get_ylim()[1] - ax.get_ylim()[0])
    placed: list[tuple[float, float, float]] = []
    for name, x, y, ends in sorted(points, key=lambda each: each[1]):
        half = max(letter * len(name), 8) / 2
        over = (y if np.isnan(ends[1]) else max(ends[1], y)) * scale + 3
        bars = [
            at * scale
            for _, at, _, (low, high) in points
            if at != x and abs(at - x) * scale < half + 2 and low * scale < over + height and high * scale > over
        ]
        if bars or ends[1] > top:
            # Another interval is in the way, or its own has no end in the picture: beside the point.
            side = -1 if bars and bars[0] > x * scale else 1
            place, how = (6 * side, 3), "right" if side < 0 else "left"
            ax.annotate(
                name, (x, y), place, textcoords="offset points", ha=how, fontsize="small", color=style.INK, zorder=6
            )
            continue
        for at, taken, other in placed:
            if abs(at - x * scale) < half + other and abs(taken - over) < height:
                over = taken + height
        placed.append((x * scale, over, half))
        ax.annotate(name, (x, over / scale), ha="center", va="bottom", fontsize="small", color=style.INK, zorder=6)


def _limits(
    curves: list[CalibrationCurve], points: list[tuple[str, float, float, tuple[float, float]]]
) -> tuple[float, float]:
    """The area of rates: all predicted and observed ones, and intervals, but those of a few people not to their end."""
    drawn = [100 * curve[name] for curve in curves if curve.status == "estimated" for name in ("predicted", "observed")]
    drawn += [np.array([x, y]) for _, x, y, _ in points]
    values: NDArray[np.float64] = np.concatenate([each for each in drawn if len(each)] or [np.array([100.0])])
    values = values[np.isfinite(values)]
    highest = max(1.0, float(values.max(initial=1.0)))
    ends = [ends[1] for *_, ends in points if np.isfinite(ends[1])]
    reached = max(1.06 * highest, 1.03 * min(max(ends, default=0.0), FURTHEST * highest))
    return min(0.0, float(values.min(initial=0.0))) - 0.015 * reached, min(101.5, reached)


def _spikes(ax: Axes, curve: CalibrationCurve) -> int:
    """How many people have each predicted rate, from the bottom of the axes; how many the tallest is."""
    places, people = 100 * curve["predicted"], curve["people"]
    if len(places) > MOST_SPIKES:
        people, edges = np.histogram(places, MOST_SPIKES, weights=people)
        places = (edges[:-1] + edges[1:]) / 2
    tallest = float(people.max())
    ax.vlines(
        places,
        0,
        SPIKES * people / tallest,
        color=style.MUTED,
        linewidth=2.2,
        alpha=0.65,
        transform=ax.get_xaxis_transform(),
        zorder=2,
    )
    return round(tallest)
