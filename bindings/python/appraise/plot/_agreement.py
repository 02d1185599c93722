"""Agreement of two raters."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from appraise._display import number, signed
from appraise.plot import _style as style
from appraise.statistics import Kappa

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

MOST_WRITTEN = 13
"""Categories up to which each cell says how many people it holds."""


def agreement(given: Kappa | Mapping[str, Kappa], *, ax: Axes | None = None) -> Axes:
    """Where two raters agree: which rating met which, or of several items by how much the ratings differ.

    Parameters
    ----------
    given : Kappa, or mapping of items to Kappas
        From `appraise.statistics.kappa`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        Of one Kappa: rows are the ratings of the first rater, columns those of the second; equal ratings are framed.
        Of several: a row for each item, and columns for the second rating less the first; with people and kappa at the
        right. Cells: people, and their share of the row.

    Raises
    ------
    UsageError
        If `given` is nothing else than Kappas.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> found = st.kappa([0, 1, 2, 2, 1], [0, 1, 2, 1, 1])
    >>> ap.plot.agreement(found).get_title(loc="left")
    'Kappa 0.69 [0.16, 1.00]: 4 of 5 are equal'
    """
    named = style.by_name(given, Kappa, "agreement")
    return _of_items(named, ax) if isinstance(given, Mapping) else _of_ratings(named[""], ax)


def _of_ratings(given: Kappa, ax: Axes | None) -> Axes:
    """The table of one pair of ratings."""
    size = len(given.categories)
    side = min(max(0.55 * size, 1.2), 6.5)
    ax = style.axes(ax, width=2.2 + side, height=2.0 + side)
    _cells(ax, given.counts, framed=[(at, at) for at in range(size)], written=size <= MOST_WRITTEN)
    names = [number(float(each)) for each in given.categories]
    _name(ax, names, names, size)
    equal = int(given.counts.trace())
    weights = "" if given.weights == "none" else f", {given.weights} weights"
    figure = f"Kappa{weights} {style.estimate_words(given.kappa, 2)}"
    if given.kappa.status != "estimated":
        figure = f"No kappa ({style.why(given.kappa.status)})"
    style.dress(ax, f"{figure}: {equal:,} of {given.n:,} are equal", grid="", share=1.1)
    ax.set_ylabel("first rater")
    style.caption(
        ax,
        f"In brackets: {style.percent(given.level)}. Cells: people, and their share of the row."
        if size <= MOST_WRITTEN
        else f"In brackets: {style.percent(given.level)}. Shade: share of the row; empty: nobody.",
        f"Left out for a missing rating: {given.left_out:,}." if given.left_out else "",
        below="second rater",
        share=1.1,
    )
    return ax


def _of_items(named: dict[str, Kappa], ax: Axes | None) -> Axes:
    """A line for each item: how far the second rating is from the first."""
    gaps = {name: _gaps(each) for name, each in named.items()}
    columns = sorted({gap for counted in gaps.values() for gap in counted} | {0.0})
    table = np.array([[counted.get(gap, 0) for gap in columns] for counted in gaps.values()], np.int64)
    labels = [textwrap.wrap(name, 38) or [""] for name in named]
    beside = [_beside(each) for each in named.values()]
    letters = max(len(part) for label in labels for part in label) + max(map(len, beside))
    wide = min(max(0.62 * len(columns), 2.2), 7)
    ax = style.axes(ax, width=0.8 + 0.066 * letters + wide, height=1.9 + 0.4 * len(named))
    middle = columns.index(0.0)
    _cells(ax, table, framed=[(at, middle) for at in range(len(table))], written=len(columns) <= MOST_WRITTEN)
    heads = ["equal" if not gap else signed(gap) for gap in columns]
    _name(ax, ["\n".join(label) for label in labels], heads, len(columns))
    for at, words in enumerate(beside):
        ax.annotate(
            words,
            (1, at),
            (8, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize="small",
            color=style.INK,
        )
    weights = {each.weights for each in named.values()}
    kind = "" if weights == {"none"} else f", {weights.pop()} weights" if len(weights) == 1 else ", several weights"
    style.dress(ax, f"Agreement by item, and kappa{kind}", grid="")
    levels = {style.percent(each.level) for each in named.values()}
    style.caption(
        ax,
        f"At the right: kappa [{', '.join(sorted(levels))}]. Cells: people, and their share of the row.",
        "A kappa is low also where nearly everybody has the same rating: read it beside the share of equal ones.",
        below="second rating less the first",
    )
    return ax


def _beside(given: Kappa) -> str:
    """Kappa, or why there is none, and people."""
    found = given.kappa
    reason = "" if found.status == "estimated" else f"none: {style.why(found.status)}"
    left_out = f", {given.left_out:,} left out" if given.left_out else ""
    return f"{reason or style.figures(found.value, found.low, found.high)}   n {given.n:,}{left_out}"


def _gaps(given: Kappa) -> dict[float, int]:
    """How many people have each difference of ratings."""
    counted: dict[float, int] = {}
    for row, column in zip(*np.nonzero(given.counts), strict=True):
        gap = float(given.categories[column] - given.categories[row])
        counted[gap] = counted.get(gap, 0) + int(given.counts[row, column])
    return counted


def _cells(ax: Axes, table: NDArray[np.int64], *, framed: list[tuple[int, int]], written: bool) -> None:
    from matplotlib.patches import Rectangle

    shades = style.shades(101)
    shares = table / table.sum(axis=1, keepdims=True).clip(min=1) if table.size else table
    # With shares beside it a shade is the share; without, the darkest is the largest.
    full = 1.0 if written else max(float(shares.max(initial=0.0)), 1e-9)
    for (y, x), count in np.ndenumerate(table):
        share = float(shares[y, x])
        colour: Any = shades[round(100 * share / full)] if count else (1.0, 1.0, 1.0)
        edge, width, order = (style.INK, 1.1, 2) if (y, x) in framed else ("#e4e4e4", 0.6, 1)
        ax.add_patch(
            Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, facecolor=colour, edgecolor=edge, linewidth=width, zorder=order)
        )
        if count and written:
            ink = style.ink_on(colour)
            ax.text(x, y, f"{count:,}\n{share:.0%}", ha="center", va="center", color=ink, fontsize="x-small", zorder=3)


def _name(ax: Axes, rows: list[str], columns: list[str], wide: int) -> None:
    ax.set_xlim(-0.5, max(wide, 1) - 0.5)
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    ax.set_xticks(range(len(columns)), columns, fontsize="small")
    ax.set_yticks(range(len(rows)), rows, fontsize="small")
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
