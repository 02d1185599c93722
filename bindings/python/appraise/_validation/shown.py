"""How the numbers of the tables are printed: one way for each figure, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from appraise._document import Table
from appraise._validation.words import STATUSES

Row = Mapping[str, Any]
NOTHING = "-"


def number(value: Any, digits: int = 2) -> str:
    """A number with so many decimals; whole ones whole."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return f"{value:,}"
    if value in (float("inf"), float("-inf")):
        return "no bound"
    return f"{value:,.{digits}f}"


def percent(value: Any, digits: int = 1) -> str:
    """A proportion in percent."""
    return NOTHING if value is None else f"{100 * value:.{digits}f} %"


def plain(value: Any) -> str:
    """A score, a cut or a time as a person writes it."""
    return NOTHING if value is None else f"{value:g}"


def p_value(value: Any) -> str:
    """A probability of a test."""
    if value is None:
        return NOTHING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


PERCENTS = (
    *("rate", "incidence", "flagged", "false_positive_rate", "false_negative_rate"),
    *("positive_predictive_value", "negative_predictive_value", "sensitivity", "specificity", "exact", "within_one"),
    *("survival", "probability", "implied_false_positive_rate"),
)
THREE_DIGITS = (
    *("auc", "harrells_c", "unos_c", "auc_at_horizon", "ici", "e50", "e90", "emax", "brier", "brier_scaled", "hazard"),
    *("kappa", "kappa_linear", "kappa_quadratic"),
)


def style(figure: str) -> Callable[[Any], str]:
    """How a figure is printed."""
    if figure in PERCENTS:
        return percent
    if figure in THREE_DIGITS or figure.startswith("ICC"):
        return lambda value: number(value, 3)
    return number if figure != "expected" else lambda value: number(value, 1)


def estimate(row: Row, figure: str, prefix: str = "value") -> str:
    """A figure with its interval, or why there is none. `prefix` names its columns, those of `figures` by default."""
    shown = style(figure)
    ends = ("low", "high", "status") if prefix == "value" else (f"{prefix}_low", f"{prefix}_high", f"{prefix}_status")
    low, high, status = (row[end] for end in ends)
    if row[prefix] is None:
        why = STATUSES.get(status, status)
        return f"{why}; above {shown(low)}" if low is not None and high == float("inf") else why
    if low is None and high is None:
        # Where nobody or everybody has it there is no interval; other figures have none by their nature.
        none = row.get("interval", "no_variance") == "no_variance"
        return shown(row[prefix]) + (" (no interval)" if none else "")
    return f"{shown(row[prefix])} [{_end(shown, low)}, {_end(shown, high)}]"


def _end(shown: Callable[[Any], str], value: Any) -> str:
    return NOTHING if value is None else shown(value).removesuffix(" %")


RATIOS = ("expected_observed", "same_score")


def difference(row: Row) -> str:
    """A difference of two groups with its interval; of shares in percentage points."""
    figure = "rate" if row["figure"] == "base_rate" else row["figure"]
    low, high = row["difference_low"], row["difference_high"]
    if row["difference"] is None:
        return estimate(row, figure, "difference")

    def shown(value: Any) -> str:
        if figure in PERCENTS:
            return f"{100 * value:+.1f}"
        return style(figure)(value) if figure in RATIOS or value <= 0 else f"+{style(figure)(value)}"

    ends = "" if low is None and high is None else f" [{_end(shown, low)}, {_end(shown, high)}]"
    return shown(row["difference"]) + (" points" if figure in PERCENTS else "") + ends


def pivot(
    rows: Sequence[Row], key: str, head: str, figures: Mapping[str, str], *, people: str = "rate", caption: str = ""
) -> Table:
    """Figures of several groups as a table: a line for each, with its people, a column for each figure.

    Parameters
    ----------
    key : str
        The column that names the line.
    head : str
        The heading over these names.
    figures : mapping
        Heading by figure; those that no line has are left out.
    people : str
        The figure whose people are shown.
    """
    there = {name: label for name, label in figures.items() if any(row["figure"] == name for row in rows)}
    names = list(dict.fromkeys(row[key] for row in rows))
    by = {(row[key], row["figure"]): row for row in rows}
    lines = []
    for name in names:
        own = by.get((name, people)) or next(row for row in rows if row[key] == name)
        counts = [
            WITHHELD if own["n"] is None else f"{own['n']:,}",
            WITHHELD if own["events"] is None else f"{own['events']:,}",
        ]
        cells = [estimate(by[name, each], each) if (name, each) in by else NOTHING for each in there]
        lines.append([name or EVERYBODY, *counts, *cells])
    return Table((head, "people", "with", *there.values()), lines, caption, frozenset(range(1, len(there) + 3)))


WITHHELD = "withheld"
EVERYBODY = "everybody"
