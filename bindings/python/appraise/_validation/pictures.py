"""The plots of the report, drawn by `appraise.plot` from the results behind the tables, with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from appraise import plot
from appraise._core import UsageError
from appraise._document import Picture
from appraise._validation.shown import estimate, plain
from appraise.statistics import Fairness, Kappa

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from appraise._validation.result import Validation

OUTCOME = "the outcome"


class Pictures:
    """Draws what there is to draw; each method gives None where that is nothing."""

    def __init__(self, given: Validation) -> None:
        try:
            import matplotlib.pyplot  # noqa: F401
        except ModuleNotFoundError:
            raise UsageError(
                "the plots need matplotlib: pip install 'appraise[plot]'; or leave them out (--no-plots)"
            ) from None
        self._given = given
        self._results = given.results

    def roc(self) -> Picture | None:
        """The ROC curve, with the cut of the groups' error rates pointed out."""
        cuts, area = self._results.get("cuts"), self._first("auc", "discrimination")
        if cuts is None or area is None or area["value"] is None:
            return None
        alt = f"ROC curve: sensitivity over 1 - specificity at every cut. AUC {estimate(area, 'auc')}."
        return _drawn(lambda: plot.roc(cuts), f"{alt} The numbers are in the table of every cut.")

    def calibration(self) -> Picture | None:
        """Observed over predicted rates."""
        curve = self._results.get("calibration_curve")
        if curve is None or not len(curve):
            return None
        by = self._results.get("expected_observed by level")
        ici, slope = self._first("ici", "calibration"), self._first("calibration_slope", "calibration")
        words = f" ICI {estimate(ici, 'ici')}." if ici else ""
        words += f" Slope {estimate(slope, 'calibration_slope')}." if slope else ""
        alt = f"Calibration curve: observed rates over the rates of the norms, with a point for each level.{words}"
        return _drawn(lambda: plot.calibration(curve, by), alt)

    def expected_observed(self) -> Picture | None:
        """E/O by level and in total."""
        table = self._results.get("expected_observed by level")
        if table is None or not len(table):
            return None
        rows = self._given.rows("figures", section="calibration", by="level", figure="expected_observed")
        words = "; ".join(f"{row['group']}: {estimate(row, 'expected_observed')}" for row in rows if row["n"])
        alt = f"E/O with its interval by level and in total; 1 is as many as expected. {words}."
        return _drawn(lambda: plot.forest(table), alt)

    def survival(self) -> Picture | None:
        """Incidence by level where another event can come first, else survival."""
        name = "incidence" if "incidence" in self._results else "survival"
        curves = self._results.get(name)
        if not curves:
            return None
        levels = {level or "everybody": curve for level, curve in curves.items() if level or len(curves) == 1}
        what = "Incidence of" if name == "incidence" else "People without"
        last = {row["group"]: row for row in self._given.rows("survival", by="level" if len(curves) > 1 else "")}
        words = "; ".join(
            f"{group or 'everybody'}: {estimate(row, name, name)} at {plain(row['time'])}"
            for group, row in last.items()
        )
        unit = self._given.choices.time_unit
        alt = f"{what} the outcome over {unit} of follow-up, with people at risk below. {words}."
        return _drawn(lambda: plot.survival(levels, outcome=OUTCOME, unit=unit), alt)

    def decision_curve(self) -> Picture | None:
        """Net benefit."""
        curve = self._results.get("decision_curve")
        if curve is None or curve.status != "estimated":
            return None
        alt = "Decision curve: net benefit of acting by the rates, on everybody and on nobody. See the table below."
        return _drawn(lambda: plot.decision_curve(curve), alt)

    def groups(self, column: str) -> Iterator[Picture]:
        """Groups beside each other."""
        found = self._results.get(f"fairness by {column}")
        drawn = [(found, name) for name in ("auc", "false_positive_rate", "false_negative_rate")]
        drawn.append((self._results.get(f"fairness of rates by {column}"), "expected_observed"))
        for result, figure in drawn:
            if result is not None and result[f"{figure}_status"].tolist().count("estimated") > 1:
                yield self._forest(column, result, figure)

    def _forest(self, column: str, result: Fairness, figure: str) -> Picture:
        rows = self._given.rows("figures", section="groups", by=column, figure=figure)
        words = "; ".join(f"{row['group']}: {estimate(row, figure)}" for row in rows)
        alt = f"{figure.replace('_', ' ')} by {column}, with its interval. {words}."
        return _drawn(lambda: plot.forest(result, figure), alt)

    def agreement(self) -> Picture | None:
        """Which level of one rater met which of the other."""
        found: Kappa | None = self._results.get("level_kappa_quadratic")
        if found is None or not found.n:
            return None
        alt = "Levels of the first rating by those of the second: people and shares. The counts are in the table above."
        names = list(dict.fromkeys(row["first"] for row in self._given.rows("level_pairs")))
        shown = [names[int(at)] for at in found.categories]

        def draw() -> Axes:
            axes = plot.agreement(found)
            axes.set_xticks(range(len(shown)), shown)
            axes.set_yticks(range(len(shown)), shown)
            return axes

        return _drawn(draw, alt)

    def _first(self, figure: str, section: str) -> dict[str, Any] | None:
        return next(iter(self._given.rows("figures", section=section, by="", figure=figure)), None)


def _drawn(draw: Callable[[], Axes], alt: str) -> Picture:
    with _own_style() as close:
        axes = draw()
        svg = plot.image(axes, "svg", title=alt).decode()
        close(axes.figure)
    return Picture(svg, alt)


@contextmanager
def _own_style() -> Iterator[Callable[[Any], None]]:
    """The settings of matplotlib as it comes, so that the page does not depend on the caller's.

    Names of levels and groups are no formulas, whatever dollars stand in them.
    """
    import matplotlib.pyplot as plt

    with plt.style.context(["default", {"text.parse_math": False}]):
        yield plt.close
