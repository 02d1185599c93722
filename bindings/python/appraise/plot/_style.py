"""What the pictures share: axes, inks, titles and captions."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from appraise._core import LevelScheme, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from appraise._scores import Scores
    from appraise.statistics import Estimate, Sample

Shown = TypeVar("Shown")

INK, MUTED, FAINT = "#222222", "#5f5f5f", "#dddddd"
# Told apart by colour-blind readers, and unlike in grey.
UP, DOWN, SAME = "#b8430a", "#2a7ab9", "#c4c4c4"
GREY = (0.88, 0.88, 0.88, 1.0)
NO_LEVEL = "no level"
# Colours of Okabe and Ito, each with a stroke and a mark of its own: they differ in grey print as well.
SERIES = (
    ("#0072b2", "-", "o"),
    ("#d55e00", (0, (5, 2)), "s"),
    ("#111111", (0, (1, 1.2)), "D"),
    ("#009e73", (0, (6, 1.5, 1, 1.5)), "^"),
    ("#cc79a7", (0, (9, 3)), "v"),
    ("#8c6d00", (0, (3, 1, 1, 1, 1, 1)), "P"),
)
WHY = {
    "no_data": "no complete row",
    "one_class": "every outcome is the same",
    "no_events": "nobody had the outcome",
    "too_few": "too few people",
    "constant": "the values do not vary",
    "no_variance": "the observations do not vary",
    "separated": "the outcomes are told apart without error",
    "collinear": "one column follows from the others",
    "not_converged": "the fit did not settle",
    "suppressed": "suppressed, few people",
    "by_resampling": "only by bootstrap",
    "not_reached": "nobody was followed that long",
}
"""What a status means, in words for a reader."""
MOST_POINTS = 2000
"""Points of a line: more than a picture can show."""


def axes(given: Axes | None, *, width: float = 6.4, height: float = 4.0) -> Axes:
    """The caller's axes, or those of a new figure."""
    if given is not None:
        return given
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as error:
        raise UsageError("appraise.plot needs matplotlib: pip install 'appraise[plot]'") from error
    figure = plt.figure(figsize=(width, height), layout="constrained")
    drawn: Axes = figure.add_subplot()
    return drawn


def shades(count: int) -> list[Any]:
    """Colours of ordered levels, from light to dark."""
    import matplotlib

    colours = matplotlib.colormaps["Blues"]
    lightest, darkest = 0.16, 0.95
    return [colours(lightest + (darkest - lightest) * at / max(count - 1, 1)) for at in range(count)]


def series(count: int) -> list[tuple[str, Any, str]]:
    """Colour, stroke and mark of each of several lines without an order."""
    return list(islice(cycle(SERIES), count))


def by_name(given: Shown | Mapping[str, Shown], expected: type[Shown], function: str) -> dict[str, Shown]:
    """One result, or several by name; one has no name."""
    named = dict(given) if isinstance(given, Mapping) else {"": given}
    for name, each in named.items():
        if not isinstance(each, expected):
            place = f" '{name}'" if name else ""
            raise UsageError(
                f"plot.{function}:{place} {type(each).__name__}; expected a {expected.__name__} of appraise.statistics"
            )
    if not named:
        raise UsageError(f"plot.{function}: nothing to draw")
    return named


def thinned(count: int) -> Any:
    """Which points of a line are drawn: all, or of very many some, first and last among them."""
    import numpy as np

    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).round().astype(int))


def why(status: str) -> str:
    """A status in words."""
    return WHY.get(status, status.replace("_", " "))


def figures(value: float, low: float, high: float, digits: int = 2) -> str:
    """A figure and its interval, with an end that is not bounded as such."""
    import numpy as np

    def one(figure: float) -> str:
        return f"{figure:.{digits}f}"

    if np.isnan(value):
        return ""
    if np.isnan(low) or np.isnan(high):
        return f"{one(value)}, no interval"
    return f"{one(value)} [{one(low)}, {'∞' if np.isinf(high) else one(high)}]"


def estimate_words(given: Estimate, digits: int = 3) -> str:
    """An estimate with its interval, or why there is none."""
    if given.status != "estimated":
        return f"none ({why(given.status)})"
    reason = "" if given.interval == "estimated" else f" ({why(given.interval)})"
    return figures(given.value, given.low, given.high, digits) + reason


def percent(level: float) -> str:
    """The level of an interval."""
    return f"{100 * level:g}% interval"


def people(sample: Sample, name: str = "") -> str:
    """Whom a picture is about."""
    left = f"; {sample.left_out:,} more left out for a missing value" if sample.left_out else ""
    return f"{name + ': ' if name else ''}n = {sample.n:,}, {sample.events:,} with the outcome{left}"


def ink_on(colour: Any) -> str:
    """Black or white, whichever is read better on a colour."""
    red, green, blue = colour[:3]
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 else "white"


def dress(ax: Axes, title: str, *, grid: Literal["x", "y", ""] = "y", share: float = 1.0) -> None:
    """Title, and lines only where they help. `share`: of the axes' width, what its labels will leave."""
    ax.set_title(
        "\n".join(textwrap.wrap(title, room(ax, "medium", share))),
        loc="left",
        fontsize="medium",
        fontweight="bold",
        color=INK,
    )
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    if grid:
        ax.grid(visible=True, axis=grid, color=FAINT, linewidth=0.6, zorder=0)
    ax.set_axisbelow(True)


def room(ax: Axes, size: str, share: float = 1.0) -> int:
    """About how many letters are as wide as the axes."""
    from matplotlib.font_manager import FontProperties

    width = ax.get_window_extent().width / ax.figure.dpi * 72
    return max(16, int(share * width / (0.54 * FontProperties(size=size).get_size_in_points())))


def whole_steps(axis: Axis) -> None:
    """Ticks at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))


def caption(ax: Axes, *lines: str, below: str, share: float = 1.0, drop: float = 8) -> None:
    """The name of the horizontal axis, and `drop` points under it what one must know to read the picture."""
    wrapped = [part for line in lines if line for part in textwrap.wrap(line, room(ax, "x-small", share))]
    ax.set_xlabel(below, color=INK)
    if wrapped:
        ax.annotate(
            "\n".join(wrapped),
            (0, 0),
            (0, -drop),
            xycoords=("axes fraction", ax.xaxis.label),
            textcoords="offset points",
            va="top",
            fontsize="x-small",
            color=MUTED,
        )


def short(text: str, most: int) -> str:
    """A text cut at a word."""
    return textwrap.shorten(text, most, placeholder=" …")


def evidence_words(mark: str) -> str:
    """What a reader must know of the evidence."""
    return "Unverified: figures are in use that no public source confirms." if mark == "unverified" else ""


def scale_of(scores: Scores[Any], scale: str | None, *, levels: bool = False) -> str:
    """The scale that is asked for, or the last reported one that has levels."""
    scales = scores.plan.scales
    levelled = [name for name in scales if f"{name}_level" in scores]
    if scale is None and not levels:
        return (levelled or scales)[-1]
    if scale is None and levelled:
        return levelled[-1]
    known = levelled if levels else scales
    if scale not in known:
        what = "a scale with levels" if levels else "a scale"
        raise UsageError(f"plot: '{scale}' is not {what} of these scores; there are: {', '.join(known) or 'none'}")
    return scale


def scheme_of(scores: Scores[Any], scale: str) -> LevelScheme | None:
    """The level scheme that gave the levels of a scale."""
    if f"{scale}_level" not in scores:
        return None
    name = scores.column_metadata(f"{scale}_level")["levels"]
    return next((each for each in scores.plan.instrument.levels if each.name == name), None)


def scheme_words(scheme: LevelScheme | None) -> str:
    """Which scheme the levels are of."""
    if scheme is None:
        return ""
    return f"Levels: {scheme.name} ({scheme.edition}, {scheme.status}, {scheme.evidence.mark})"


def label_of(scores: Scores[Any], scale: str) -> str:
    """The printed name of a scale."""
    return scores.column_metadata(scale).get("label", scale)
