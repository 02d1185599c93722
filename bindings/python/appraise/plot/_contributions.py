"""What each item added to one score."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from appraise._core import Contribution, Explanation, UsageError
from appraise._display import headline, number, response_of, signed
from appraise.plot import _style as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def contributions(explanation: Explanation, *, ax: Axes | None = None) -> Axes:
    """What each item added to one person's score, from nothing to the value.

    Parameters
    ----------
    explanation : Explanation
        From `appraise.explain`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        One line a term, in the order of the instrument: a bar from the running sum before it to that after it.

    Raises
    ------
    UsageError
        If the explanation has no contributions: the person has no score, or the scale is no sum.

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("static-99r").items if not item.optional]
    >>> static = {**dict.fromkeys(items, [1, 0]), "age_at_release": [39, 24]}  # two men
    >>> explanation = ap.explain("static-99r", static, accept_unverified=True)
    >>> ax = ap.plot.contributions(explanation)
    >>> ax.get_title(loc="left")
    'Static-99R total: 7, level IVb (well above average risk)'
    """
    lines, adds_up = _lines(explanation)
    ax = style.axes(ax, width=7.6, height=1.3 + 0.4 * (len(lines) + 1))
    total = 0.0
    for at, (_, value) in enumerate(lines):
        _draw_line(ax, at, total, value)
        total += value
    ax.barh(len(lines), total, 0.62, color=style.MUTED, zorder=3)
    _write(ax, number(round(total, 3)), max(total, 0.0), len(lines), weight="bold")
    last = "sum" if adds_up else f"sum of these terms of {explanation.explained_by}"
    names = [*(name for name, _ in lines), "\n".join(textwrap.wrap(last, 42))]
    ax.set_yticks(range(len(lines) + 1), names, fontsize="small")
    ax.set_ylim(len(lines) + 0.7, -0.7)
    if all(value.is_integer() for _, value in lines):
        style.whole_steps(ax.xaxis)
    ax.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    low, high = ax.dataLim.intervalx
    room = 0.12 * max(high - low, 1)
    ax.set_xlim(low - (room if low < 0 else room / 3), high + room)
    style.dress(ax, headline(explanation, _rounded(explanation.value)), grid="x", share=0.75)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    of = "" if explanation.explained_by in ("", explanation.scale) else f" to {explanation.explained_by}"
    constant = "" if adds_up else f"A constant of {explanation.explained_by} may come on top of these terms."
    caption = constant, style.evidence_words(explanation.evidence), style.short("; ".join(explanation.reasons), 240)
    style.caption(ax, *caption, below=f"added{of}", share=0.75)
    return ax


def _lines(explanation: Explanation) -> tuple[list[tuple[str, float]], bool]:
    """Name and value of every line, and whether they are known to add up to the value of their scale."""
    terms = explanation.contributions
    if not terms or not explanation.value:
        raise UsageError(f"plot.contributions: nothing adds up to '{explanation.scale}' ({explanation.status})")
    # The terms of a polynomial have one name; together they are what the answer added.
    added: dict[str, float] = {}
    for each in terms:
        name = _line_name(each, response_of(explanation, each))
        added[name] = added.get(name, 0.0) + each.value
    lines = list(added.items())
    if explanation.explained_by not in ("", explanation.scale):
        return lines, all(value.is_integer() for _, value in lines)
    rest = float(explanation.value) - sum(value for _, value in lines)
    # What is left is the constant of a weighted sum, unless it is only rounding.
    return (lines if abs(rest) < 1e-9 else [("constant", rest), *lines]), True


def _rounded(value: str) -> str:
    """A real value to four digits; anything else as it is."""
    return f"{float(value):.4g}" if re.fullmatch(r"-?\d+\.\d+(e-?\d+)?", value) else value


def _draw_line(ax: Axes, at: int, before: float, value: float) -> None:
    """The bar of a term, from the sum before it to that after it."""
    after = before + value
    if value:
        colour, hatch = (style.UP, "") if value > 0 else (style.DOWN, "////")
        ax.barh(at, value, 0.62, before, color=colour, edgecolor="white", hatch=hatch, linewidth=0, zorder=3)
    else:
        ax.plot([before], [at], marker="|", color=style.MUTED, markersize=10, zorder=3)
    ax.plot([after, after], [at, at + 1], color=style.MUTED, linewidth=0.7, zorder=2)
    _write(ax, signed(round(value, 3)), max(before, after), at)


def _write(ax: Axes, text: str, x: float, y: int, weight: str = "normal") -> None:
    ax.annotate(
        text,
        (x, y),
        (5, 0),
        textcoords="offset points",
        va="center",
        color=style.INK,
        fontsize="small",
        fontweight=weight,
    )


def _line_name(term: Contribution, response: str) -> str:
    """What was asked on two lines at most, and what was answered."""
    asked = textwrap.wrap(style.short(term.label or term.term, 78), 42)
    return "\n".join([*asked[:-1], f"{asked[-1]}: {response}" if response else asked[-1]])
