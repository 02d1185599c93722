"""What each item added to one score."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from appraise._core import Contribution, Explanation, UsageError
from appraise._display import headline, number, signed
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
    terms = explanation.contributions
    if not terms or not explanation.value:
        raise UsageError(f"plot.contributions: nothing adds up to '{explanation.scale}' ({explanation.status})")
    ax = style.axes(ax, width=7.6, height=1.3 + 0.4 * (len(terms) + 1))
    sums = [0.0]
    for each in terms:
        sums.append(sums[-1] + each.value)
    for line, each in enumerate(terms):
        before, after = sums[line], sums[line + 1]
        colour, hatch = (style.UP, "") if each.value > 0 else (style.DOWN, "////")
        if each.value:
            ax.barh(line, each.value, 0.62, before, color=colour, edgecolor="white", hatch=hatch, linewidth=0, zorder=3)
        else:
            ax.plot([before], [line], marker="|", color=style.MUTED, markersize=10, zorder=3)
        ax.plot([after, after], [line, line + 1], color=style.MUTED, linewidth=0.7, zorder=2)
        text = signed(round(each.value, 3)) if each.value else "0"
        ax.annotate(
            text,
            (max(before, after), line),
            (5, 0),
            textcoords="offset points",
            va="center",
            color=style.INK,
            fontsize="small",
        )
    ax.barh(len(terms), sums[-1], 0.62, color=style.MUTED, zorder=3)
    last = (max(sums[-1], 0.0), len(terms))
    ax.annotate(number(round(sums[-1], 3)), last, (5, 0), textcoords="offset points", va="center", fontweight="bold")
    names = [_line_name(each) for each in terms]
    ax.set_yticks(range(len(terms) + 1), [*names, "sum"], fontsize="small")
    ax.invert_yaxis()
    if all(each.value.is_integer() for each in terms):
        style.whole_steps(ax.xaxis)
    ax.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    low, high = min(sums), max(sums)
    room = 0.12 * max(high - low, 1)
    ax.set_xlim(low - (room if low < 0 else room / 3), high + room)
    style.dress(ax, headline(explanation), grid="x", share=0.75)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    unit = "" if explanation.explained_by in ("", explanation.scale) else f" to {explanation.explained_by}"
    style.caption(
        ax, style.evidence_words(explanation.evidence), *explanation.reasons, below=f"added{unit}", share=0.75
    )
    return ax


def _line_name(term: Contribution) -> str:
    """What was asked on two lines at most, and what was answered."""
    asked = textwrap.wrap(style.short(term.label or term.term, 78), 42)
    return "\n".join([*asked[:-1], f"{asked[-1]}: {term.response or 'missing'}"])
