"""Survival: how many people stay without an event, and how many do not."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from appraise._core import UsageError
from appraise.plot import _style as style
from appraise.statistics import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

LONGEST_LABEL = 40
"""Letters on a line beside the vertical axis."""
MOST_INSIDE = 6
"""Curves up to which their names stand inside the axes."""
MOST_CENSORED = 50
"""Censored people who are marked one by one."""


def survival(
    given: Curve | Mapping[str, Curve],
    *,
    outcome: str = "the outcome",
    unit: str = "years",
    until: float | None = None,
    at_risk: Sequence[float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Curves over time with their intervals, and below them how many people are still at risk.

    Parameters
    ----------
    given : Curve, or mapping of names to Curves of one kind
        From `kaplan_meier`, `aalen_johansen` (cumulative incidence with competing events) or `nelson_aalen` of
        `appraise.statistics`; several for levels, in their order, or for groups.
    outcome : str
        What the event is, such as "sexual recidivism".
    unit : str
        Of time.
    until : float, optional
        Where the axis ends; without it at the longest follow-up.
    at_risk : sequence of times, optional
        Where people at risk are counted; without it at the ticks of the axis.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        Steps that end at each group's longest follow-up, with shaded intervals. Several curves go from light to dark.

    Raises
    ------
    UsageError
        If `given` is nothing else than curves, or their kinds differ.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> curve = st.kaplan_meier([1, 2, 3, 4, 5], [1, 0, 1, 0, 0])
    >>> ap.plot.survival(curve).get_ylabel()
    'without the outcome, %'
    """
    named = style.by_name(given, Curve, "survival")
    kinds = {each.kind for each in named.values()}
    if len(kinds) > 1:
        raise UsageError(f"plot.survival: curves of {len(kinds)} kinds: {', '.join(sorted(kinds))}")
    kind = kinds.pop()
    share = kind != "nelson_aalen"
    many = len(named) > MOST_INSIDE
    ax = style.axes(ax, width=8.6 if many else 6.6, height=4.3 + 0.2 * len(named))
    shades = style.shades(len(named) + 2)[2:] if len(named) > 1 else [style.SERIES[0][0]]
    strokes = [stroke for _, stroke, _ in style.series(len(named))]
    end = until if until is not None else max((each["time"].max(initial=0) for each in named.values()), default=0)
    for (name, curve), colour, stroke in zip(named.items(), shades, strokes, strict=True):
        _draw(ax, name, curve, colour, stroke, 100 if share else 1)
    _limits(ax, list(named.values()), end or 1.0, 100 if share else 1, falls=kind == "kaplan_meier")
    height = {
        "kaplan_meier": f"without {outcome}, %",
        "aalen_johansen": f"with {outcome}, %",
        "nelson_aalen": f"cumulative hazard of {outcome}",
    }[kind]
    ax.set_ylabel("\n".join(textwrap.wrap(height, LONGEST_LABEL)))
    style.dress(ax, _title(kind, outcome, list(named.values())))
    if len(named) > 1 or not all(len(each) for each in named.values()):
        where = "lower left" if kind == "kaplan_meier" and not many else "upper left"
        beside = (1.01, 1.0) if many else None
        ax.legend(fontsize="small", loc=where, bbox_to_anchor=beside, edgecolor="none", framealpha=0.85)
    drop = _count_at_risk(ax, named, at_risk)
    style.caption(ax, *_words(named, kind), below=f"{unit} of follow-up", drop=drop)
    return ax


def _draw(ax: Axes, name: str, curve: Curve, colour: Any, stroke: Any, scale: int) -> None:
    if not len(curve):
        ax.plot([], [], linestyle="none", label=f"{name}: no curve ({style.why('no_data')})")
        return
    kept = _kept(curve)
    time = np.array([0.0, *curve["time"][kept]])

    def column(of: str) -> NDArray[np.float64]:
        return scale * np.array([curve.start if of == "estimate" else np.nan, *curve[of][kept]])

    ax.plot(
        time,
        column("estimate"),
        color=colour,
        linestyle=stroke,
        linewidth=1.6,
        drawstyle="steps-post",
        label=name or None,
        zorder=3,
    )
    ax.fill_between(
        time,
        column("estimate_low"),
        column("estimate_high"),
        step="post",
        color=colour,
        alpha=0.18,
        linewidth=0,
        zorder=2,
    )
    censored = curve["time"][curve["censored"] > 0]
    if 0 < len(censored) <= MOST_CENSORED:
        heights = scale * curve["estimate"][curve["censored"] > 0]
        ax.plot(censored, heights, "|", color=colour, markersize=6, zorder=4)


def _kept(curve: Curve) -> NDArray[np.int64]:
    """Where the curve steps, and its end; of very many steps some."""
    steps = np.flatnonzero(curve["events"] > 0)
    ends = np.union1d(steps[style.thinned(len(steps))] if len(steps) else steps, [len(curve) - 1])
    return ends.astype(np.int64)


def _limits(ax: Axes, curves: list[Curve], end: float, scale: int, *, falls: bool) -> None:
    ax.set_xlim(0, end)
    within = [scale * curve[name][curve["time"] <= end] for curve in curves for name in ("estimate", "estimate_low")]
    values = np.concatenate(within) if within else np.empty(0)
    values = values[np.isfinite(values)]
    if falls:
        lowest = float(values.min(initial=100.0))
        # The whole scale where people lose much of it; otherwise as much as is used, so that curves can be told apart.
        ax.set_ylim(0 if lowest < 50 else max(0.0, lowest - 0.35 * (100 - lowest) - 1), 101)
        return
    tops = [scale * curve["estimate_high"][curve["time"] <= end] for curve in curves]
    highs = np.concatenate([values, *tops]) if tops else values
    highs = highs[np.isfinite(highs)]
    top = 1.08 * float(highs.max(initial=0.0)) or 1.0
    ax.set_ylim(0, min(top, 101) if scale == 100 else top)


def _title(kind: str, outcome: str, curves: list[Curve]) -> str:
    n, events = (sum(getattr(each.sample, name) for each in curves) for name in ("n", "events"))
    what = {
        "kaplan_meier": f"Staying without {outcome}",
        "aalen_johansen": f"Cumulative incidence of {outcome}",
        "nelson_aalen": f"Cumulative hazard of {outcome}",
    }[kind]
    return f"{what}: {n:,} people, {events:,} events"


def _count_at_risk(ax: Axes, named: Mapping[str, Curve], times: Sequence[float] | None) -> float:
    """People at risk below the axis, a line for each curve; how many points below it the lines end."""
    if times is None:
        times = [each for each in ax.get_xticks() if 0 <= each <= ax.get_xlim()[1]]
    first, line = 6.0, 11.0
    counts = {name: [_at_risk(curve, float(time)) for time in times] for name, curve in named.items()}
    aside = -11 - 2.1 * max((len(each[0]) for each in counts.values() if each), default=0)
    below = ("data", ax.xaxis.label)

    def write(text: str, at: tuple[Any, float], offset: tuple[float, float], where: Any, align: str) -> None:
        ax.annotate(
            text,
            at,
            offset,
            xycoords=where,
            textcoords="offset points",
            ha=align,
            va="top",
            fontsize="x-small",
            color=style.INK,
        )

    write("at risk", (0, 0), (aside, -first + line), ("axes fraction", ax.xaxis.label), "right")
    for row, name in enumerate(named):
        height = -first - row * line
        write(name or "all", (0, 0), (aside, height), ("axes fraction", ax.xaxis.label), "right")
        for time, count in zip(times, counts[name], strict=True):
            write(count, (time, 0), (0, height), below, "center")
    return first + line * len(named) + 6


def _at_risk(curve: Curve, time: float) -> str:
    """How many people are at risk at a time."""
    at = int(np.searchsorted(curve["time"], time, "left"))
    return f"{curve['at_risk'][at]:,g}" if at < len(curve) else "0"


def _words(named: Mapping[str, Curve], kind: str) -> list[str]:
    levels = {each.level for each in named.values()}
    bands = f"Shaded: {style.percent(levels.pop())}." if len(levels) == 1 else "Shaded: intervals of several levels."
    counted = [len(curve["time"][curve["censored"] > 0]) for curve in named.values()]
    marked = "Ticks: follow-up that ended without." if any(0 < each <= MOST_CENSORED for each in counted) else ""
    unsure = any(np.isnan(curve["estimate_low"]).any() for curve in named.values())
    left_out = sum(each.sample.left_out for each in named.values())
    return [
        f"{bands} {marked}".strip(),
        "Competing events are counted as what they are, not as censoring." if kind == "aalen_johansen" else "",
        "No shading: no interval there, because nobody (or everybody) has had the event." if unsure else "",
        f"Left out for a missing value: {left_out:,}." if left_out else "",
        " · ".join(
            f"{name + ': ' if name else ''}n = {each.sample.n:,}, {each.sample.events:,} events"
            for name, each in named.items()
        ),
    ]
