"""Decision curves."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from appraise.plot import _style as style
from appraise.statistics import DecisionCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def decision_curve(given: DecisionCurve | Mapping[str, DecisionCurve], *, ax: Axes | None = None) -> Axes:
    """Net benefit of acting by the rates, beside acting on everybody and on nobody.

    Parameters
    ----------
    given : DecisionCurve, or mapping of names to them
        From `appraise.statistics.decision_curve`, several of the same people.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        x: the rate from which one would act, in percent; y: net benefit, in true positives among 100 people. Acting on
        nobody is 0. The lower part of "everybody" is cut off.

    Raises
    ------
    UsageError
        If `given` is nothing else than decision curves.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> found = st.decision_curve([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1], [0.1, 0.2, 0.3])
    >>> ap.plot.decision_curve(found).get_ylabel()
    'net benefit per 100 people'
    """
    named = style.by_name(given, DecisionCurve, "decision_curve")
    ax = style.axes(ax)
    ax.axhline(0, color=style.INK, linewidth=1, zorder=2, label="acting on nobody")
    drawn = [each for each in named.values() if each.status == "estimated"]
    if drawn:
        longest = max(drawn, key=len)
        everybody = 100 * longest["everybody"]
        ax.plot(
            100 * longest["threshold"],
            everybody,
            color=style.MUTED,
            linewidth=1.2,
            linestyle=(0, (1, 1)),
            label="acting on everybody",
            zorder=2,
        )
    for (name, curve), (colour, stroke, _) in zip(named.items(), style.series(len(named)), strict=True):
        _draw(ax, name, curve, colour, stroke)
    values = np.concatenate([100 * each[name] for each in drawn for name in ("rates", "everybody")] or [np.zeros(1)])
    by_rates = np.concatenate([100 * each["rates"] for each in drawn] or [np.zeros(1)])
    top = max(float(values.max()), 0.5)
    ax.set_ylim(max(-0.25 * top, 1.1 * float(values.min())) if by_rates.min() > -0.25 * top else None, 1.08 * top)
    style.dress(ax, "Net benefit of acting on people from a rate on")
    ax.set_ylabel("net benefit per 100 people")
    ax.legend(fontsize="small", loc="upper right", facecolor="white", edgecolor="none", framealpha=0.85)
    style.caption(
        ax,
        *(style.people(each.sample, name) for name, each in named.items()),
        "At a threshold t one false positive weighs t / (1 - t) of a true positive. It says nothing of the costs or "
        "the justice of acting.",
        below="rate from which one would act, %",
    )
    return ax


def _draw(ax: Axes, name: str, curve: DecisionCurve, colour: str, stroke: object) -> None:
    label = name or "acting by the rates"
    if curve.status != "estimated":
        words = "\n".join(textwrap.wrap(f"{label}: no curve ({style.why(curve.status)})", style.room(ax, "small", 0.6)))
        ax.plot([], [], linestyle="none", label=words)
        return
    ax.plot(
        100 * curve["threshold"],
        100 * curve["rates"],
        color=colour,
        linestyle=stroke,
        linewidth=1.7,
        label=label,
        zorder=3,
    )
