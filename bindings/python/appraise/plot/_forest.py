"""Forest plots: a figure with its interval for each level, group, item, term or sample."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from appraise._core import UsageError
from appraise.plot import _style as style
from appraise.statistics import (
    AgreementTable,
    Estimate,
    ExpectedObservedTable,
    Fairness,
    Icc,
    Pooled,
    Regression,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawn = ExpectedObservedTable | Pooled | Fairness | AgreementTable | Regression | Icc
USUAL = {
    ExpectedObservedTable: "ratio",
    Pooled: "value",
    Fairness: "auc",
    AgreementTable: "kappa",
    Regression: "ratio",
    Icc: "icc",
}
FURTHEST = 8.0
"""How many times a ratio its axis goes to, at most."""
NARROW = 3.0
"""Up to this many times its low end an axis of logarithms has evenly spaced ticks."""
ROUND = (1, 2, 2.5, 5, 10)
STEPS = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))
"""Ticks within a power of ten, the finest first."""
RATIOS = ("ratio", "by_logarithm", "expected_observed")
NEUTRAL = {"ratio": 1.0, "by_logarithm": 1.0, "expected_observed": 1.0, "auc": 0.5, "slope": 0.0}
NAMES = {
    "ratio": "E/O index (expected / observed)",
    "by_logarithm": "E/O index (expected / observed)",
    "expected_observed": "E/O index (expected / observed)",
    "auc": "AUC",
    "icc": "intraclass correlation",
    "slope": "slope of the logit per point",
    "base_rate": "share with the outcome",
    "flagged": "share at or above the cut",
    "kappa": "kappa",
    "weighted_kappa": "kappa, weighted by squared distance",
    "exact": "share of equal ratings",
    "within_one": "share of ratings at most one apart",
}


@dataclass(frozen=True)
class _Line:
    """One line of a forest: what it is of, its figure, and how it is drawn."""

    name: str
    value: float
    low: float
    high: float
    status: str
    kind: Literal["group", "whole", "prediction"] = "group"
    weight: float = 0.5
    counts: tuple[str, ...] = ()


def forest(given: Drawn, figure: str | None = None, *, of: str = "", ax: Axes | None = None) -> Axes:
    """A figure with its interval on a line for each level, score, group, item, term or sample.

    Parameters
    ----------
    given : ExpectedObservedTable, Pooled, Fairness, AgreementTable, Regression or Icc
        E/O by level or group with the total; several samples with the fixed and random effect and the prediction
        interval; groups; items or pairs of raters; odds or hazard ratios.
    figure : str, optional
        A column that has an interval, such as "false_positive_rate". Without it: the E/O index, the samples' figures,
        the AUC of groups, kappa, the ratio of each term.
    of : str
        What the figure is, for the horizontal axis.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        A square for each line, larger for a larger sample of a meta-analysis; diamonds for the whole. Ratios have an
        axis of logarithms. An end that is not bounded is an arrow; a figure that is not there says why.

    Raises
    ------
    UsageError
        If `given` is another result, or has no such figure.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> rates, outcomes = [0.1] * 20 + [0.4] * 20, [1, 0, 0, 0, 0] * 8
    >>> table = st.expected_observed(rates, outcomes, by=["low"] * 20 + ["high"] * 20)
    >>> ax = ap.plot.forest(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['low', 'high', 'total']
    """
    figure = _figure(given, figure)
    lines = _lines(given, figure)
    as_ratio = figure in RATIOS or (isinstance(given, Pooled) and given.scale == "ratio")
    ax = style.axes(ax, width=7.4, height=1.7 + 0.34 * len(lines))
    if as_ratio:
        ax.set_xscale("log")
    _limit(ax, lines, as_ratio=as_ratio)
    neutral = 1.0 if as_ratio else NEUTRAL.get(figure)
    if neutral is not None and ax.get_xlim()[0] <= neutral <= ax.get_xlim()[1]:
        ax.axvline(neutral, color=style.INK, linewidth=0.9, zorder=1)
    for at, line in enumerate(lines):
        _draw(ax, at, line)
    _write_beside(ax, lines, _heads(given), digits=2 if as_ratio else 3)
    ax.set_yticks(
        range(len(lines)), ["\n".join(textwrap.wrap(each.name, 34)) or " " for each in lines], fontsize="small"
    )
    ax.set_ylim(len(lines) - 0.4, -0.9)
    ax.tick_params(axis="y", length=0, pad=8)
    if isinstance(given, Regression):
        of = of or "ratio for one unit more, exp(coefficient)"
    below = of or NAMES.get(figure, figure.replace("_", " "))
    style.dress(ax, _title(given, figure, below), grid="x", share=0.9)
    ax.spines["left"].set_visible(False)
    style.caption(ax, *_words(given, lines, figure, ax.get_xlim()), below=below, share=0.9)
    return ax


def _figure(given: Drawn, figure: str | None) -> str:
    """The column that is drawn."""
    usual = next((name for kind, name in USUAL.items() if isinstance(given, kind)), None)
    if usual is None:
        kinds = ", ".join(kind.__name__ for kind in USUAL)
        raise UsageError(f"plot.forest: {type(given).__name__}; expected one of {kinds}")
    if figure is None or (isinstance(given, Pooled) and figure == usual):
        return usual
    known = [name.removesuffix("_low") for name in given.columns if name.endswith("_low")]
    if figure not in known:
        raise UsageError(f"plot.forest: '{figure}' is no figure of this table; there are: {', '.join(known) or usual}")
    return figure


def _lines(given: Drawn, figure: str) -> list[_Line]:
    if isinstance(given, Pooled):
        return _of_samples(given)
    columns = given.columns
    labels = next(iter(columns.values()))
    skipped = "intercept" if isinstance(given, Regression) else None
    statuses = columns.get(f"{figure}_status")
    lines = [
        _Line(
            str(label),
            float(columns[figure][row]),
            float(columns[f"{figure}_low"][row]),
            float(columns[f"{figure}_high"][row]),
            _status(given, figure, row) if statuses is None else str(statuses[row]),
            counts=_counts(given, row),
        )
        for row, label in enumerate(labels.tolist())
        if label != skipped
    ]
    if isinstance(given, ExpectedObservedTable):
        total = given.total
        whole: Estimate = getattr(total, figure)
        counts = f"{total.sample.n:,}", f"{total.expected:,.1f}", f"{total.observed:,g}"
        lines.append(_Line("total", whole.value, whole.low, whole.high, whole.status, "whole", counts=counts))
    return lines


def _status(given: Drawn, figure: str, row: int) -> str:
    """Why a figure is missing, of tables that say so once."""
    if isinstance(given, Regression) and np.isnan(given.columns[figure][row]):
        return given.status
    return "estimated"


def _counts(given: Drawn, row: int) -> tuple[str, ...]:
    columns = given.columns
    if isinstance(given, ExpectedObservedTable):
        return (
            f"{columns['sample_n'][row]:,}",
            f"{columns['expected'][row]:,.1f}",
            f"{columns['observed'][row]:,g}",
        )
    if isinstance(given, Fairness):
        return (
            ("few", "few") if columns["suppressed"][row] else (f"{columns['n'][row]:,}", f"{columns['events'][row]:,}")
        )
    return (f"{columns['n'][row]:,}",) if "n" in columns else ()


def _heads(given: Drawn) -> tuple[str, ...]:
    if isinstance(given, Pooled):
        return ("weight",)
    if isinstance(given, ExpectedObservedTable):
        return "people", "expected", "observed"
    if isinstance(given, Fairness):
        return "people", "events"
    return ("people",) if "n" in given.columns else ()


def _of_samples(given: Pooled) -> list[_Line]:
    """Samples, then what they say together."""
    weights = given.columns.get("random_weight", given.columns["fixed_weight"])
    lines = []
    for row, name in enumerate(given["sample"].tolist()):
        value, low, high = (float(given[column][row]) for column in ("value", "value_low", "value_high"))
        weight = float(weights[row])
        lines.append(_Line(str(name), value, low, high, "estimated", weight=weight, counts=(f"{weight:.1%}",)))
    for name, each in (("random effects", given.random), ("fixed effect", given.fixed)):
        lines.append(_Line(name, each.value, each.low, each.high, each.status, "whole"))
    other = given.prediction
    status = other.status if other.status != "estimated" else other.interval
    lines.append(_Line("prediction: another sample", other.value, other.low, other.high, status, "prediction"))
    return lines


def _limit(ax: Axes, lines: list[_Line], *, as_ratio: bool) -> None:
    """From the lowest to the highest end; ends that are not bounded are arrows to the edge."""
    from matplotlib.ticker import MaxNLocator

    ends = np.array([end for each in lines for end in (each.value, each.low, each.high)])
    ends = ends[np.isfinite(ends) & ((ends > 0) | (not as_ratio))]
    low, high = (ends.min(), ends.max()) if len(ends) else (0.5, 2.0) if as_ratio else (0.0, 1.0)
    if as_ratio:
        # One line of a few people must not squeeze all others: what goes further is an arrow, and stands beside it.
        middles = [each.value for each in lines if each.value > 0] or [1.0]
        low = min(max(low, min(middles) / FURTHEST), 0.8)
        high = max(min(high, max(middles) * FURTHEST), 1.25)
        room = (high / low) ** 0.06
        ax.set_xlim(low / room, high * room)
        _ratio_ticks(ax)
        return
    room = 0.06 * (high - low) or 0.1
    ax.set_xlim(low - room, high + room)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND))


def _ratio_ticks(ax: Axes) -> None:
    """Ticks at round ratios, as many as there is room for, written as numbers."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    low, high = ax.get_xlim()
    if high < NARROW * low:
        places = [float(each) for each in MaxNLocator(5, steps=ROUND).tick_values(low, high)]
    else:
        sets = [[step * 10.0**power for power in range(-6, 7) for step in steps] for steps in STEPS]
        places = next(
            (each for each in sets if len([place for place in each if low <= place <= high]) <= 8),
            sets[-1],
        )
    ax.xaxis.set_major_locator(FixedLocator([each for each in places if low <= each <= high]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))


def _draw(ax: Axes, at: int, line: _Line) -> None:
    left, right = ax.get_xlim()
    low, high = line.low, line.high
    colour = style.INK if line.kind == "whole" else style.SERIES[0][0]
    open_ends = not (np.isnan(low) or np.isnan(high))
    if open_ends:
        shown = max(low, left), min(high, right)
        stroke = (0, (4, 2)) if line.kind == "prediction" else "-"
        ax.plot(shown, [at, at], color=colour, linestyle=stroke, linewidth=1.4, solid_capstyle="butt", zorder=2)
        for end, beyond, marker in ((left, low < left, "<"), (right, high > right, ">")):
            if beyond:
                ax.plot([end], [at], marker, color=colour, markersize=6, zorder=4, clip_on=False)
    if line.status == "estimated" and line.kind == "group":
        ax.plot([line.value], [at], "s", color=colour, markersize=4 + 6 * line.weight**0.5, zorder=3)
    elif line.status == "estimated" and line.kind == "whole":
        ax.plot([line.value], [at], "D", color=colour, markersize=8, zorder=3)
    elif not open_ends:
        _write_why(ax, at, line.status)


def _write_why(ax: Axes, at: int, status: str) -> None:
    words = style.short(f"none: {style.why(status)}", style.room(ax, "small", 0.6))
    ax.annotate(
        words,
        (0.5, at),
        xycoords=("axes fraction", "data"),
        ha="center",
        va="center",
        fontsize="small",
        color=style.MUTED,
        style="italic",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        zorder=3,
    )


def _write_beside(ax: Axes, lines: list[_Line], heads: tuple[str, ...], *, digits: int) -> None:
    """Figures as text at the right, and what was counted, in columns."""
    from matplotlib.font_manager import FontProperties

    letter = 0.58 * FontProperties(size="small").get_size_in_points()
    texts = [_beside(line, digits) for line in lines]
    places = [8 + letter * max(map(len, texts), default=0)]
    for at, head in enumerate(heads):
        widest = max([len(head), *(len(line.counts[at]) for line in lines if line.counts)])
        places.append(places[-1] + letter * (widest + 3))

    def write(text: str, y: float, x: float, align: str, **how: Any) -> None:
        ax.annotate(
            text,
            (1, y),
            (x, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha=align,
            va="center",
            fontsize="small",
            **how,
        )

    for at, (line, text) in enumerate(zip(lines, texts, strict=True)):
        weight = "bold" if line.kind == "whole" else "normal"
        write(text, at, 8, "left", color=style.INK, fontweight=weight)
        for count, place in zip(line.counts, places[1:], strict=False):
            write(count, at, place, "right", color=style.INK, fontweight=weight)
    for head, place in zip(heads, places[1:], strict=True):
        write(head, -0.75, place, "right", color=style.MUTED)


def _beside(line: _Line, digits: int) -> str:
    """A figure in words; where there is none, what bounds it."""
    if line.status == "no_events" and np.isfinite(line.low):
        return f"at least {line.low:.2f}: no events"
    if line.status != "estimated":
        return ""
    if line.kind == "prediction":
        return f"[{line.low:.{digits}f}, {line.high:.{digits}f}]"
    return style.figures(line.value, line.low, line.high, digits)


def _title(given: Drawn, figure: str, below: str) -> str:
    if isinstance(given, Pooled):
        return f"{given.samples} samples: I² {100 * given.i_squared:.0f}%" if given.samples > 1 else "One sample"
    if isinstance(given, ExpectedObservedTable):
        return f"E/O in total: {style.estimate_words(getattr(given.total, figure), 2)}"
    if isinstance(given, Fairness):
        kind = getattr(given, figure, None)
        tested = f" (p of difference {kind.p_value:.2g})" if kind is not None and kind.status == "estimated" else ""
        return f"{below[0].upper()}{below[1:]} by group{tested}"
    return f"{below[0].upper()}{below[1:]} by {next(iter(given.columns))}"


def _words(given: Drawn, lines: list[_Line], figure: str, limits: tuple[float, float]) -> list[str]:
    words = [f"In brackets: {style.percent(given.level)}."]
    if isinstance(given, Regression):
        words.insert(0, style.people(given.sample))
    if isinstance(given, ExpectedObservedTable):
        words.insert(0, "Below 1: more people had the outcome than the rates said; above 1: fewer.")
        words.append("Exact Poisson intervals." if figure == "ratio" else "Intervals by logarithm.")
    if isinstance(given, Pooled):
        words.append(
            f"Heterogeneity: Q {given.q!r}; tau² {given.tau_squared:.3g}."
            if given.q.status == "estimated"
            else f"No test of heterogeneity: {style.why(given.q.status)}."
        )
    left_out = getattr(given, "left_out", 0) or (
        given.total.sample.left_out if isinstance(given, ExpectedObservedTable) else 0
    )
    if left_out:
        words.append(f"Left out for a missing value: {left_out:,}.")
    words.append("Weights are those of random effects." if isinstance(given, Pooled) else "")
    low, high = limits
    if any(each.high > high or each.low < low for each in lines):
        words.append("Arrow: the interval goes on.")
    return words
