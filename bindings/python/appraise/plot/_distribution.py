"""The distribution of a caseload's scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appraise._core import UsageError
from appraise.plot import _style as style

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from appraise._core import LevelScheme
    from appraise._scores import Scores


def distribution(scores: Scores[Any], scale: str | None = None, *, ax: Axes | None = None) -> Axes:
    """How many people have each score, with the levels.

    Parameters
    ----------
    scores : Scores of n rows
    scale : str, optional
        The scale, whose values are numbers; without it the last reported one that has levels.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        x: the scale in its own unit; y: people. Bars are shaded by level; who has no score is counted below.

    Raises
    ------
    UsageError
        If the scores have no such scale, or its values are not numbers.

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("stable-2007").items if not item.optional]
    >>> caseload = dict.fromkeys(items, [1, 0, None])  # three people: some, none, no answer, to every item
    >>> scores = ap.score("stable-2007", caseload, accept_unverified=True)
    >>> ax = ap.plot.distribution(scores)
    >>> ax.get_ylabel()
    'people'
    """
    import numpy as np

    name = style.scale_of(scores, scale)
    if scores.kind(name) not in ("whole", "real"):
        raise UsageError(f"plot.distribution: the values of scale '{name}' are not numbers")
    ax = style.axes(ax)
    scheme = style.scheme_of(scores, name)
    values = np.ma.compressed(scores[name]).astype(float)
    whole = scores.kind(name) == "whole"
    places, counts, width = _bars(values, whole=whole)
    shades = style.shades(len(scheme.bands) if scheme else 1)
    colours = [shades[_level_at(scheme, place)] for place in places]
    ax.bar(places, counts, width * (0.86 if whole else 1), color=colours, edgecolor=style.INK, linewidth=0.6, zorder=2)
    if scheme and len(places):
        _mark_levels(ax, scheme, scores.counts(f"{name}_level"), whole=whole)
    style.dress(ax, f"{style.label_of(scores, name)}: {len(values):,} of {len(scores):,} people have a score")
    ax.set_ylabel("people")
    style.whole_steps(ax.yaxis)
    if whole:
        style.whole_steps(ax.xaxis)
    unit = scores.column_metadata(name).get("unit", "")
    caption = (_unscored(scores, name), style.scheme_words(scheme), style.evidence_words(scores.plan.mark))
    style.caption(ax, *caption, below=f"score, {unit}" if unit else "score")
    return ax


def _bars(values: NDArray[np.float64], *, whole: bool) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Places, heights and width of the bars: one for each whole score, or a histogram."""
    import numpy as np

    if not len(values):
        return np.empty(0), np.empty(0, int), 1.0
    if whole:
        places = np.arange(values.min(), values.max() + 1)
        return places, np.array([(values == place).sum() for place in places]), 1.0
    counts, edges = np.histogram(values, bins=min(40, max(10, int(len(values) ** 0.5))))
    return (edges[:-1] + edges[1:]) / 2, counts, float(edges[1] - edges[0])


def _level_at(scheme: LevelScheme | None, value: float) -> int:
    """Which band holds a value; the first where none does."""
    for at, band in enumerate(scheme.bands if scheme else ()):
        low, high = band.interval.low, band.interval.high
        above = low is None or value >= low
        below = high is None or value < high or (band.interval.closed and value <= high)
        if above and below:
            return at
    return 0


def _mark_levels(ax: Axes, scheme: LevelScheme, counts: dict[str, int], *, whole: bool) -> None:
    """A line at every cut, and over each level its code and share."""
    left, right = ax.get_xlim()
    half = 0.5 if whole else 0.0
    total = max(sum(counts.values()), 1)
    ax.set_ylim(top=ax.get_ylim()[1] * 1.16)
    for at, band in enumerate(scheme.bands):
        low, high = band.interval.low, band.interval.high
        start = left if low is None else max(low - half, left)
        closed = half if band.interval.closed else -half
        end = right if high is None else min(high + closed, right)
        if end <= start:
            continue
        if at and start > left:
            ax.axvline(start, color=style.MUTED, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        ax.annotate(
            f"{band.code}\n{counts.get(band.code, 0) / total:.0%}",
            ((start + end) / 2, 1),
            (0, -3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize="small",
            color=style.INK,
        )
    ax.set_xlim(left, right)


def _unscored(scores: Scores[Any], name: str) -> str:
    """Who has no value, by status."""
    import numpy as np

    gone = np.ma.getmaskarray(scores[name])
    statuses = scores[f"{name}_status"][gone].tolist()
    counts = {each: statuses.count(each) for each in dict.fromkeys(statuses)}
    words = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in counts.items())
    return f"Without a score: {words}." if words else ""
