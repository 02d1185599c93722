"""Norms: the rate of each score in a sample."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from appraise._core import NormRow, Norms, UsageError
from appraise._display import number
from appraise.plot import _style as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


LONGEST_LABEL = 36
"""Letters on a line beside the vertical axis."""


def norms(given: Norms | Sequence[Norms], *, score: float | None = None, ax: Axes | None = None) -> Axes:
    """The rate of each score in one or several norm sets, with its interval.

    Parameters
    ----------
    given : Norms or sequence of Norms
        Of one scale, as ``instrument.norms`` has them. Sets without rates cannot be drawn.
    score : float, optional
        A score to point out.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        x: the score; y: the rate in percent of the sample. Unverified figures have hollow marks and a dashed line.

    Raises
    ------
    UsageError
        If no set has rates, or the sets are of different scales.

    Examples
    --------
    >>> import appraise as ap
    >>> sets = {each.id: each for each in ap.load("static-99r").norms}
    >>> ax = ap.plot.norms(sets["routine-2015-5y"], score=5)
    >>> ax.get_ylabel()
    'rate of sexual recidivism, %'
    """
    sets = [each for each in ([given] if isinstance(given, Norms) else given) if _rated(each)]
    if not sets:
        raise UsageError("plot.norms: the norm sets have no rates")
    if len({each.scale for each in sets}) > 1:
        raise UsageError(f"plot.norms: the norm sets are of different scales: {', '.join(e.scale for e in sets)}")
    ax = style.axes(ax)
    shades = style.shades(len(sets) + 1)[1:][::-1]
    for each, colour, marker in zip(sets, shades, "osD^vPX" * len(sets), strict=False):
        _draw_norms(ax, each, colour, marker)
    if score is not None:
        ax.axvline(score, color=style.UP, linewidth=1.2, zorder=1, label=_at(score, sets))
    ax.set_ylim(bottom=0)
    style.whole_steps(ax.xaxis)
    outcomes = list(dict.fromkeys(each.outcome for each in sets))
    style.dress(ax, sets[0].title if len(sets) == 1 else f"Norms of the scale {sets[0].scale}")
    rate_of = f"rate of {outcomes[0]}, %" if len(outcomes) == 1 else "rate, %"
    ax.set_ylabel("\n".join(textwrap.wrap(rate_of, LONGEST_LABEL)))
    ax.legend(fontsize="small", loc="upper left", facecolor="white", edgecolor="none", framealpha=0.85)
    marks = {row.evidence.mark for each in sets for row in _rated(each)}
    note = "hollow, dashed: unverified figures" if "unverified" in marks else ""
    rate = "A rate belongs to its sample, outcome and follow-up; it is no prediction about a person."
    style.caption(ax, *map(_sample_words, sets), note, rate, below=f"score ({sets[0].scale})")
    return ax


def _rated(given: Norms) -> list[NormRow]:
    return [row for row in given.rows if row.rate is not None]


def _draw_norms(ax: Axes, given: Norms, colour: Any, marker: str) -> None:
    points = [
        (row.score, 100 * row.rate, row.evidence.mark == "unverified") for row in given.rows if row.rate is not None
    ]
    line = "--" if any(doubtful for _, _, doubtful in points) else "-"
    ax.plot([x for x, _, _ in points], [y for _, y, _ in points], line, color=colour, linewidth=1.2, zorder=2)
    intervals = [
        (row.score, 100 * row.rate_low, 100 * row.rate_high)
        for row in given.rows
        if row.rate_low is not None and row.rate_high is not None
    ]
    for x, low, high in intervals:
        ax.plot([x, x], [low, high], color=colour, linewidth=4, alpha=0.35, solid_capstyle="butt", zorder=2)
    for hollow, fill in ((False, colour), (True, "white")):
        some = [(x, y) for x, y, doubtful in points if doubtful == hollow]
        ax.plot(
            [x for x, _ in some],
            [y for _, y in some],
            marker,
            color=colour,
            markerfacecolor=fill,
            markersize=5,
            zorder=3,
        )
    level = f", {given.interval_level:.0%} interval" if intervals and given.interval_level else ""
    words = f"{style.short(given.sample, 44)}, {_years(given)}{level}: {given.evidence.mark}"
    label = "\n".join(textwrap.wrap(words, style.room(ax, "small", 0.8)))
    face = "white" if line == "--" else colour
    ax.plot([], [], marker + line, color=colour, markerfacecolor=face, markersize=5, label=label)


def _at(score: float, sets: Sequence[Norms]) -> str:
    """The score that is pointed out, with its rate where there is one set."""
    row = sets[0].look_up(score) if len(sets) == 1 else None
    rate = "" if row is None or row.rate is None else f": {100 * row.rate:.3g} %, {row.evidence.mark}"
    return f"score {number(float(score))}{rate}"


def _years(given: Norms) -> str:
    return "follow-up not stated" if given.follow_up_years is None else f"{number(given.follow_up_years)} years"


def _sample_words(given: Norms) -> str:
    people = f"n = {given.n:,}" if given.n is not None else "n not stated"
    return f"{given.id} ({given.edition}): {given.sample}, {people}; {given.outcome}, {_years(given)}"
