"""Movement between the levels of two scorings of the same people."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from appraise._core import UsageError
from appraise.plot import _style as style

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from appraise._scores import Scores


def movement(before: Scores[Any], after: Scores[Any], scale: str | None = None, *, ax: Axes | None = None) -> Axes:
    """How many people of each level before have each level after, as a matrix.

    Parameters
    ----------
    before, after : Scores of n rows
        Two scorings of the same people in the same order: row i of both is one person.
    scale : str, optional
        A scale with levels that both have; without it the last one.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        Rows: the level before; columns: the level after. Each cell: people, and their share of the row.

    Raises
    ------
    UsageError
        If the rows differ in number, or a scoring has no such scale with levels.

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("static-99r").items if not item.optional]
    >>> static = {**dict.fromkeys(items, [1, 0]), "age_at_release": [39, 24]}  # two men
    >>> plans = [
    ...     ap.compile("static-99r", levels={"total": name}, accept_unverified=True)
    ...     for name in ("original_2009", "standardised_2016")
    ... ]
    >>> before, after = ap.score_together(plans, static)
    >>> ax = ap.plot.movement(before, after)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['I', 'II', 'III', 'IVa', 'IVb']
    """
    rows, columns, table = _moves(before, after, scale)
    ax = style.axes(ax, width=2.0 + 0.85 * len(columns), height=1.6 + 0.55 * len(rows))
    shares = table / table.sum(axis=1, keepdims=True).clip(min=1)
    shades = style.shades(101)
    for y, line in enumerate(table):
        for x, count in enumerate(line):
            share = float(shares[y, x])
            unlevelled = style.NO_LEVEL in (rows[y], columns[x])
            colour = (1.0, 1.0, 1.0) if not count else style.GREY if unlevelled else shades[round(share * 100)]
            ax.add_patch(_cell(x, y, colour, framed=rows == columns and x == y))
            if count:
                ink = style.ink_on(colour)
                ax.text(x, y, f"{count:,}\n{share:.0%}", ha="center", va="center", color=ink, fontsize="small")
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(
        range(len(rows)), [f"{name} ({total:,})" for name, total in zip(rows, table.sum(axis=1), strict=True)]
    )
    ax.tick_params(length=0)
    if sum(len(name) + 2 for name in columns) > style.room(ax, "medium"):
        ax.tick_params(axis="x", rotation=30)
    style.dress(ax, _title(before, rows, columns, table), grid="", share=0.7)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_ylabel("\n".join(textwrap.wrap(f"before: {_words(before, scale)}", 30)))
    caption = "Each cell: people, and their share of those who had the level before.", _doubt(before, after)
    style.caption(ax, *caption, below=f"after: {_words(after, scale)}")
    return ax


def flow(before: Scores[Any], after: Scores[Any], scale: str | None = None, *, ax: Axes | None = None) -> Axes:
    """The same as `movement` as a flow: levels as bars, and people as bands between them.

    Parameters
    ----------
    before, after, scale, ax
        As in `movement`.

    Returns
    -------
    matplotlib Axes
        Left: the levels before, right: those after, lowest at the bottom, as high as they have people. Where both have
        the same levels, bands that rise are hatched and those that fall plain in colours of their own; those that stay
        are grey. Otherwise bands are shaded by the level before.

    Raises
    ------
    UsageError
        As in `movement`.

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("static-99r").items if not item.optional]
    >>> static = {**dict.fromkeys(items, [1, 0]), "age_at_release": [39, 24]}  # two men
    >>> scores = ap.score("static-99r", static, accept_unverified=True)
    >>> ap.plot.flow(scores, scores).get_title(loc="left")
    'All 2 people keep their level'
    """
    rows, columns, table = _moves(before, after, scale)
    ax = style.axes(ax, height=4.4)
    total = max(int(table.sum()), 1)
    gap = 0.03 * total
    left, right = _stack(ax, 0.0, rows, table.sum(axis=1), gap), _stack(ax, 1.0, columns, table.sum(axis=0), gap)
    shades = [*style.shades(len(rows) - (style.NO_LEVEL in rows)), style.GREY]
    for y, line in enumerate(table):
        for x, count in enumerate(line):
            if not count:
                continue
            colour, hatch = (shades[y], "")
            if style.NO_LEVEL in (rows[y], columns[x]):
                colour = style.GREY
            elif rows == columns:
                colour = style.SAME if x == y else style.UP if x > y else style.DOWN
                hatch = "////" if x > y else ""
            ax.add_patch(_band((left[y], right[x]), float(count), colour, hatch))
            if count > 0.02 * total:
                _name_band(ax, left[y], right[x], int(count), at_end=rows == columns and x != y)
            left[y] += count
            right[x] += count
    ax.set_xlim(-0.3, 1.3)
    ax.set_ylim(-gap, total + gap * max(len(rows), len(columns)))
    ax.set_yticks([])
    names = f"before: {_words(before, scale)}", f"after: {_words(after, scale)}"
    wide = style.room(ax, "medium", 0.45)
    ax.set_xticks([0, 1], ["\n".join(textwrap.wrap(name, wide)) for name in names])
    ax.tick_params(length=0)
    style.dress(ax, _title(before, rows, columns, table), grid="")
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    key = "Hatched: up. Plain: down. Grey: the same level, or none." if rows == columns else ""
    style.caption(ax, "Bars and bands are as high as they have people.", key, _doubt(before, after), below="")
    return ax


def _moves(
    before: Scores[Any], after: Scores[Any], scale: str | None
) -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Levels before, levels after, and how many people went from one to the other; no level comes last."""
    import numpy as np

    if len(before) != len(after):
        raise UsageError(f"plot: the scorings have {len(before):,} and {len(after):,} rows; they are of other people")
    sides = []
    for scores in (before, after):
        column = f"{style.scale_of(scores, scale, levels=True)}_level"
        labels = [*scores.labels(column), style.NO_LEVEL]
        numbers = {label: at for at, label in enumerate(labels)}
        places = np.array([numbers[each or style.NO_LEVEL] for each in scores[column].tolist()], np.int64)
        sides.append((labels, places))
    (rows, left), (columns, right) = sides
    table = np.zeros((len(rows), len(columns)), np.int64)
    np.add.at(table, (left, right), 1)
    if not table[-1].any() and not table[:, -1].any():
        return rows[:-1], columns[:-1], table[:-1, :-1]
    return rows, columns, table


def _title(before: Scores[Any], rows: list[str], columns: list[str], table: NDArray[np.int64]) -> str:
    if rows != columns:
        return f"{before.plan.instrument.title}: levels of {int(table.sum()):,} people"
    levels = slice(None, -1) if style.NO_LEVEL in rows else slice(None)
    inner = table[levels, levels]
    up, down = (int(sum(inner.diagonal(at).sum() for at in range(sign, sign * len(inner), sign))) for sign in (1, -1))
    other = int(table.sum()) - int(table.trace()) - up - down
    if not up + down + other:
        return f"All {int(table.sum()):,} people keep their level"
    gained = f", {other:,} gained or lost one" if other else ""
    return f"Of {int(table.sum()):,} people {up:,} move up and {down:,} down{gained}"


def _words(scores: Scores[Any], scale: str | None) -> str:
    name = style.scale_of(scores, scale, levels=True)
    levels = scores.column_metadata(f"{name}_level").get("levels", "")
    return f"{scores.plan.instrument.title} {scores.plan.instrument.edition}, {levels}"


def _doubt(before: Scores[Any], after: Scores[Any]) -> str:
    marks = {before.plan.mark, after.plan.mark}
    return style.evidence_words("unverified" if "unverified" in marks else "")


def _cell(x: int, y: int, colour: Any, *, framed: bool) -> Any:
    """One cell; framed where the level stays."""
    from matplotlib.patches import Rectangle

    edge, order = (style.INK, 2) if framed else ("#eeeeee", 1)
    return Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, facecolor=colour, edgecolor=edge, linewidth=1, zorder=order)


def _stack(ax: Axes, x: float, names: list[str], heights: NDArray[np.int64], gap: float) -> list[float]:
    """Draws the levels of one side, lowest at the bottom; gives where each begins."""
    starts, at = [], 0.0
    shades = [*style.shades(len(names) - (style.NO_LEVEL in names)), style.GREY]
    for name, height, shade in zip(names, heights.tolist(), shades, strict=False):
        starts.append(at)
        if height:
            ax.bar(x, height, 0.06, at, color=shade, edgecolor=style.INK, linewidth=0.6, zorder=4)
            side, align = (-8, "right") if x == 0 else (8, "left")
            ax.annotate(
                f"{name}  {height:,}",
                (x - 0.03 if x == 0 else x + 0.03, at + height / 2),
                (side, 0),
                textcoords="offset points",
                ha=align,
                va="center",
                fontsize="small",
            )
        at += height + gap
    return starts


def _band(ends: tuple[float, float], height: float, colour: Any, hatch: str) -> Any:
    """A band between two sides, as a closed curve."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (low, high), (left, right) = ends, (0.03, 0.97)
    points = [
        (left, low), (0.5, low), (0.5, high), (right, high), (right, high + height), (0.5, high + height),
        (0.5, low + height), (left, low + height), (left, low),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(
        Path(points, codes), facecolor=colour, edgecolor="white", linewidth=0.4, hatch=hatch, alpha=0.75, zorder=2
    )


def _name_band(ax: Axes, low: float, high: float, count: int, *, at_end: bool) -> None:
    """How many people a band is: in its middle, or near its beginning where bands cross in the middle."""
    x, share = (0.21, 0.06) if at_end else (0.5, 0.5)
    ax.text(
        x,
        (1 - share) * low + share * high + count / 2,
        f"{count:,}",
        ha="center",
        va="center",
        fontsize="small",
        zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
    )
