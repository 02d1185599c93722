"""What the pictures share: axes, inks, titles and captions."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Literal

from appraise._core import LevelScheme, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from appraise._scores import Scores

INK, MUTED, FAINT = "#222222", "#5f5f5f", "#dddddd"
# Told apart by colour-blind readers, and unlike in grey.
UP, DOWN, SAME = "#b8430a", "#2a7ab9", "#c4c4c4"
GREY = (0.88, 0.88, 0.88, 1.0)
NO_LEVEL = "no level"


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


def caption(ax: Axes, *lines: str, below: str, share: float = 1.0) -> None:
    """The name of the horizontal axis, and under it what one must know to read the picture."""
    wrapped = [part for line in lines if line for part in textwrap.wrap(line, room(ax, "x-small", share))]
    ax.set_xlabel(below, color=INK)
    if wrapped:
        ax.annotate(
            "\n".join(wrapped),
            (0, 0),
            (0, -8),
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
