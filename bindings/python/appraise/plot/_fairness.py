"""Groups beside each other, figure by figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from appraise._core import UsageError
from appraise.plot import _style as style
from appraise.plot._forest import forest
from appraise.statistics import Fairness

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def fairness(
    given: Fairness, figures: Sequence[str] | None = None, *, axes: Sequence[Axes] | None = None
) -> list[Axes]:
    """Groups beside each other in several figures, each with its interval: a panel of forests.

    Parameters
    ----------
    given : Fairness
        From `appraise.statistics.fairness`.
    figures : sequence of str, optional
        Columns that have an interval. Without it: base rate, AUC, E/O, share flagged and error rates, as far as
        `given` has them.
    axes : sequence of matplotlib Axes, optional
        One for each figure.

    Returns
    -------
    list of matplotlib Axes
        Each as `forest` draws it. Groups that are suppressed have their line, and it says so.

    Raises
    ------
    UsageError
        If a figure is not there, or axes and figures differ in number.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> outcomes, groups = [0, 1, 0, 0, 1, 1, 0, 1] * 10, ["A", "B"] * 40
    >>> found = st.fairness([0, 1, 2, 3, 4, 5, 6, 7] * 10, outcomes, groups)
    >>> [ax.get_xlabel() for ax in ap.plot.fairness(found)]
    ['share with the outcome', 'AUC']
    """
    if not isinstance(given, Fairness):
        raise UsageError(f"plot.fairness: {type(given).__name__}; expected a Fairness of appraise.statistics")
    names = list(figures) if figures is not None else _asked_for(given)
    places = _axes(names, len(given)) if axes is None else list(axes)
    if len(places) != len(names):
        raise UsageError(f"plot.fairness: {len(places)} axes; expected {len(names)}, one for each figure")
    for name, ax in zip(names, places, strict=True):
        forest(given, name, ax=ax)
    return places


def _asked_for(given: Fairness) -> list[str]:
    """Figures that were asked for: E/O needs rates, and error rates a cut."""

    def there(name: str) -> bool:
        return not set(given[f"{name}_status"].tolist()) <= {"no_data", "suppressed"}

    return [
        "base_rate",
        "auc",
        *(["expected_observed"] if there("expected_observed") else []),
        *(["flagged", "false_positive_rate", "false_negative_rate"] if there("flagged") else []),
    ]


def _axes(names: Sequence[str], groups: int) -> list[Axes]:
    """A figure with two columns."""
    first = style.axes(None, width=13.0, height=max(1, (len(names) + 1) // 2) * (1.9 + 0.34 * groups))
    figure = first.figure.canvas.figure
    first.remove()
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.1)
    rows = (len(names) + 1) // 2
    return [figure.add_subplot(rows, 2, at + 1) for at in range(len(names))]
