"""Results: small dataclasses that show themselves as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._display import STYLE, table_html, table_text

SHOWN = 30


def text_of(value: object) -> str:
    """A figure as text: four significant digits, whole numbers whole."""
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return "-"
        figure = float(value)
        return f"{figure:,.0f}" if figure.is_integer() and abs(figure) < 1e15 else f"{figure:.4g}"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{int(value):,}"
    return str(value)


@dataclass(frozen=True, repr=False)
class Estimate:
    """A figure with its interval.

    Attributes
    ----------
    value : float
        NaN exactly where ``status`` is not "estimated".
    low, high : float
        NaN exactly where ``interval`` is not "estimated"; an end that is not bounded is infinite.
    standard_error : float
        NaN there too, and where the interval is not made of one: F intervals and those of quantiles.
    status, interval : str
        "estimated", or why there is no figure: "one_class", "no_events", "too_few", "separated" ...
    """

    value: float
    standard_error: float
    low: float
    high: float
    status: str
    interval: str

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        value = text_of(self.value) if self.status == "estimated" else f"none ({self.status})"
        if self.interval != "estimated":
            return value if self.status != "estimated" else f"{value} (no interval: {self.interval})"
        return f"{value} [{text_of(self.low)}, {text_of(self.high)}]"


@dataclass(frozen=True, repr=False)
class Test:
    """A test of no difference; figures are NaN exactly where ``status`` is not "estimated".

    Degrees of freedom are infinite for a normal statistic, 0 for an exact test of counts.
    """

    __test__ = False  # pytest would collect it

    statistic: float
    degrees_of_freedom: float
    p_value: float
    status: str

    def __repr__(self) -> str:
        if self.status != "estimated":
            return f"none ({self.status})"
        if self.degrees_of_freedom == 0:
            return f"exact test, p {text_of(self.p_value)}"
        kind = "z" if np.isinf(self.degrees_of_freedom) else f"statistic ({text_of(self.degrees_of_freedom)} df)"
        return f"{kind} {text_of(self.statistic)}, p {text_of(self.p_value)}"


@dataclass(frozen=True, repr=False)
class Difference:
    """How one figure differs from another, with the test of no difference."""

    value: Estimate
    test: Test

    def __repr__(self) -> str:
        return f"{self.value}, {self.test}" if self.test.status == "estimated" else repr(self.value)

    @classmethod
    def of(cls, found: tuple[tuple[Any, ...], tuple[Any, ...]]) -> Difference:
        """Of what the library hands over."""
        return cls(Estimate(*found[0]), Test(*found[1]))


@dataclass(frozen=True, repr=False)
class Sample:
    """Whom a figure is about: rows used, of them with the outcome, and rows left out because a value is missing."""

    n: int
    events: int
    left_out: int

    def __repr__(self) -> str:
        return f"n {self.n:,}, events {self.events:,}" + (f", left out {self.left_out:,}" if self.left_out else "")


class Result:
    """A result with a table and a repr."""

    def _rows(self) -> Iterator[tuple[str, str]]:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            name = field.name.replace("_", " ")
            if isinstance(value, Result):
                for inner, text in value._rows():
                    yield f"{name}: {inner}", text
            elif not isinstance(value, np.ndarray | dict | list):
                yield name, text_of(value)

    def table(self) -> dict[str, Any]:
        """Names and figures, for ``pandas.Series(result.table())`` and the like."""
        figures: dict[str, Any] = {}
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, Result):
                figures.update({f"{field.name}_{name}": figure for name, figure in value.table().items()})
            elif isinstance(value, Estimate):
                figures[field.name] = value.value
                figures[f"{field.name}_low"] = value.low
                figures[f"{field.name}_high"] = value.high
                figures[f"{field.name}_status"] = value.status
                figures[f"{field.name}_interval"] = value.interval
            elif isinstance(value, Test | Sample):
                figures.update({f"{field.name}_{inner.name}": getattr(value, inner.name) for inner in fields(value)})
            else:
                figures[field.name] = value
        return figures

    def __repr__(self) -> str:
        return f"{type(self).__name__}\n{table_text(('', ''), self._rows())}"

    def _repr_html_(self) -> str:
        return f"{STYLE}<div class='appraise'><h4>{type(self).__name__}</h4>{table_html(('', ''), self._rows())}</div>"


class TableResult(Result):
    """A result with columns: ``columns`` holds them by name, ``pandas.DataFrame(result.table())`` is the table."""

    columns: dict[str, NDArray[Any]]

    def table(self) -> dict[str, Any]:
        """The columns by name."""
        return dict(self.columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def _cells(self) -> tuple[Sequence[str], list[list[str]]]:
        heads = [
            name for name in self.columns if not name.endswith(("_low", "_high", "_error", "_status", "_interval"))
        ]

        def cell(name: str, row: int) -> str:
            text = text_of(self.columns[name][row])
            if text == "-" and f"{name}_status" in self.columns:
                text = f"none ({self.columns[f'{name}_status'][row]})"
            if f"{name}_low" in self.columns and not np.isnan(self.columns[f"{name}_low"][row]):
                low, high = self.columns[f"{name}_low"][row], self.columns[f"{name}_high"][row]
                text += f" [{text_of(low)}, {text_of(high)}]"
            return text

        kept = list(range(len(self)))
        if len(kept) > SHOWN:
            kept = kept[: SHOWN // 2] + kept[-SHOWN // 2 :]
        rows = [[cell(name, row) for name in heads] for row in kept]
        if len(self) > SHOWN:
            rows.insert(SHOWN // 2, ["..."] * len(heads))
        return [name.replace("_", " ") for name in heads], rows

    def __repr__(self) -> str:
        heads, rows = self._cells()
        facts = table_text(("", ""), self._rows())
        return f"{type(self).__name__}: {len(self):,} rows\n{facts}\n{table_text(heads, rows)}"

    def _repr_html_(self) -> str:
        heads, rows = self._cells()
        facts = table_html(("", ""), self._rows())
        return f"{STYLE}<div class='appraise'><h4>{type(self).__name__}</h4>{facts}{table_html(heads, rows)}</div>"


STATUSES: NDArray[Any] = np.array(_statistics.STATUSES, object)


def with_estimates(found: dict[str, Any]) -> dict[str, NDArray[Any]]:
    """Columns of a dictionary from the library: estimates spread over value, error, low, high, status and interval."""
    columns: dict[str, NDArray[Any]] = {}
    for name, value in found.items():
        if isinstance(value, tuple) and len(value) == 6 and isinstance(value[0], np.ndarray):
            columns[name], columns[f"{name}_error"], columns[f"{name}_low"], columns[f"{name}_high"] = value[:4]
            columns[f"{name}_status"], columns[f"{name}_interval"] = STATUSES[value[4]], STATUSES[value[5]]
        elif isinstance(value, np.ndarray):
            columns[name] = value
    return columns


def rows_of(results: Sequence[tuple[str, Result]], label: str = "group") -> dict[str, NDArray[Any]]:
    """Results of one kind under each other: a column for each figure of their tables."""
    columns: dict[str, list[Any]] = {label: []}
    for name, result in results:
        columns[label].append(name)
        for figure, value in result.table().items():
            columns.setdefault(figure, []).append(value)
    return {name: np.array(values) for name, values in columns.items()}
