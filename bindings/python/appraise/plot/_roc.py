"""ROC curves."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from appraise._core import UsageError
from appraise._display import number
from appraise.plot import _style as style
from appraise.statistics import Cuts, Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def roc(given: Cuts | Mapping[str, Cuts], *, mark: Sequence[float] = (), ax: Axes | None = None) -> Axes:
    """ROC curve of one or several scores, with the AUC and its interval.

    Parameters
    ----------
    given : Cuts, or mapping of names to Cuts
        From `appraise.statistics.cuts`.
    mark : sequence of scores
        Cuts to point out, each with the exact intervals of sensitivity and specificity.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        x: 1 - specificity; y: sensitivity, of "score at or above the cut" for every score that occurs. The dotted
        diagonal is chance. Without both outcomes there is no curve, and the title or legend says why.

    Raises
    ------
    UsageError
        If `given` is nothing else than Cuts, or no score is as high as a mark.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> found = st.cuts([0, 1, 2, 3, 4, 5], [0, 0, 1, 0, 1, 1])
    >>> ap.plot.roc(found, mark=[2]).get_title(loc="left")
    'AUC 0.889 [0.581, 1.000]'
    """
    named = style.by_name(given, Cuts, "roc")
    ax = style.axes(ax, width=5.0, height=5.4)
    ax.plot([0, 1], [0, 1], ":", color=style.MUTED, linewidth=1, zorder=1)
    for (name, cuts), (colour, stroke, marker) in zip(named.items(), style.series(len(named)), strict=True):
        _draw(ax, name, cuts, colour, stroke)
        for at in mark:
            _mark(ax, cuts, at, colour, marker)
    ax.set_xlim(-0.015, 1.015)
    ax.set_ylim(-0.015, 1.015)
    ax.set_aspect("equal")
    only = next(iter(named.values())) if len(named) == 1 else None
    style.dress(ax, _title(only.auc) if only else f"ROC curves of {len(named)} scores")
    ax.grid(visible=True, axis="x", color=style.FAINT, linewidth=0.6, zorder=0)
    ax.set_ylabel("sensitivity")
    if "" not in named:
        ax.legend(fontsize="small", loc="lower right", facecolor="white", edgecolor="none", framealpha=0.85)
    levels = {each.level for each in named.values()}
    interval = f"In brackets: {style.percent(levels.pop())} (DeLong)." if len(levels) == 1 else ""
    crosses = "Crosses at marked cuts: exact binomial intervals." if mark else ""
    samples = [style.people(each.sample, name) for name, each in named.items()]
    style.caption(
        ax,
        *samples,
        f"{interval} Dotted: chance. {crosses}".strip(),
        "Sensitivity: share of those with the outcome at or above a cut; 1 - specificity: of the others.",
        below="1 - specificity",
    )
    return ax


def _title(auc: Estimate) -> str:
    if auc.status != "estimated":
        return f"No ROC curve: {style.why(auc.status)}"
    return f"AUC {style.estimate_words(auc)}"


def _draw(ax: Axes, name: str, cuts: Cuts, colour: str, stroke: Any) -> None:
    words = f"AUC {style.estimate_words(cuts.auc)}"
    label = "\n".join(textwrap.wrap(f"{name}: {words}" if name else words, style.room(ax, "small", 0.6)))
    if cuts.auc.status != "estimated":
        ax.plot([], [], linestyle="none", label=label)
        return
    # From nobody at or above the cut to everybody: from the highest cut to the lowest.
    order = np.argsort(cuts["cut"])[::-1]
    order = order[style.thinned(len(order))]
    x, y = 1 - cuts["specificity"][order], cuts["sensitivity"][order]
    ax.plot([0, *x], [0, *y], color=colour, linestyle=stroke, linewidth=1.6, label=label, zorder=3)


def _mark(ax: Axes, cuts: Cuts, at: float, colour: str, marker: str) -> None:
    """The point of a cut; between two scores a cut says the same as the higher of them."""
    if cuts.auc.status != "estimated":
        return
    above = np.flatnonzero(cuts["cut"] >= at)
    if not len(above):
        raise UsageError(f"plot.roc: mark {number(float(at))}: no score is that high")
    row = above[np.argmin(cuts["cut"][above])]
    x, y = 1 - cuts["specificity"][row], cuts["sensitivity"][row]
    across = 1 - cuts["specificity_high"][row], 1 - cuts["specificity_low"][row]
    along = cuts["sensitivity_low"][row], cuts["sensitivity_high"][row]
    ax.plot(across, [y, y], color=colour, linewidth=1, zorder=4)
    ax.plot([x, x], along, color=colour, linewidth=1, zorder=4)
    ax.plot([x], [y], marker, color=colour, markersize=5, zorder=5)
    ax.annotate(
        f"≥ {number(float(at))}",
        (x, y),
        (5, -5),
        textcoords="offset points",
        va="top",
        fontsize="small",
        color=colour,
        zorder=6,
    )
