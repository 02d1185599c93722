"""The result of a validation: its tables, the page, the JSON document."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appraise._core import UsageError
from appraise._document import Document, to_html
from appraise._nearest import nearest
from appraise._validation.tables import COLUMNS, REAL, TEXT, WHOLE, Row

if TYPE_CHECKING:
    import pyarrow as pa

    from appraise._validation.about import About
    from appraise._validation.choices import Choices
    from appraise._validation.compute import Computed
    from appraise.statistics import Estimate

FORMAT = 1


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one row. It names the row's key: keep it where the tables are kept."""

    table: str
    row: int
    line: str
    key: str
    column: str
    code: str
    message: str
    value: str


class Validation:
    """What a validation found. Every number stands in one of its tables; page, CSV and JSON are made from them.

    ``report["figures"]`` is a table in the caller's own kind: a data frame of pandas or polars, a mapping of arrays, or
    a pyarrow table. The tables and their columns are described in ``docs/validation.md``.

    Attributes
    ----------
    results : dict
        The results of `appraise.statistics` by name, such as ``results["auc"]``.
    provenance : dict
        What was read, with digests, and every choice.
    following : list of str
        Columns of groups of which a small one, though withheld, follows from the totals.
    findings : list of Finding
        Rows in which something is wrong, with their keys. They are in neither page nor document.
    """

    def __init__(
        self,
        *,
        about: About,
        choices: Choices,
        horizon: float | None,
        computed: Computed,
        findings: list[Finding],
        provenance: dict[str, Any],
        giver: Callable[[pa.Table], Any],
    ) -> None:
        self.about = about
        self.choices = choices
        self.horizon = horizon
        self.results = computed.results
        self.findings = findings
        self.provenance = provenance
        self.following = computed.following
        self._computed = computed
        self._giver = giver

    @property
    def tables(self) -> list[str]:
        """The names of the tables that have rows."""
        return [name for name, rows in self._computed.numbers.rows.items() if rows]

    def rows(self, table: str, **cells: str) -> list[Row]:
        """The rows of a table in which the named cells are as given, as plain data.

        Examples
        --------
        >>> report.rows("figures", section="base_rates", by="level")  # doctest: +SKIP
        """
        if table not in COLUMNS:
            raise UsageError(f"there is no table '{table}'{nearest(table, COLUMNS)}; tables: {', '.join(COLUMNS)}")
        return list(self._computed.numbers.find(table, **cells))

    def __getitem__(self, table: str) -> Any:
        return self._giver(self.arrow(table))

    def arrow(self, table: str) -> pa.Table:
        """A table as one of pyarrow."""
        import pyarrow as pa

        kinds = {WHOLE: pa.int64(), REAL: pa.float64(), TEXT: pa.string()}
        rows = self.rows(table)
        return pa.table(
            {name: pa.array([row[name] for row in rows], kinds[kind]) for name, kind in COLUMNS[table].items()}
        )

    def figure(self, name: str, *, by: str = "", group: str = "", section: str | None = None) -> Estimate:
        """One figure with its interval; a row of the table ``figures``.

        Parameters
        ----------
        name : str
            As in the table: "auc", "expected_observed", "calibration_slope" ...
        by, group : str
            "level" and a level, "score" and a score, a column of groups and a group; neither is everybody.

        Raises
        ------
        UsageError
            If there is no such figure.
        """
        from appraise.statistics import Estimate

        own = {"figure": name, "by": by, "group": group} | ({"section": section} if section else {})
        row = self._computed.numbers.first("figures", **own)
        if row is None:
            names = {each["figure"] for each in self.rows("figures")}
            raise UsageError(f"there is no figure '{name}' of {by or 'everybody'} {group}{nearest(name, names)}")
        nan = float("nan")
        value, error, low, high = (
            nan if row[each] is None else row[each] for each in ("value", "standard_error", "low", "high")
        )
        return Estimate(value, error, low, high, row["status"], row["interval"])

    @property
    def left_out(self) -> dict[str, str]:
        """What is not reported, and why."""
        return dict(self._computed.numbers.left_out)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole as plain data: the JSON document. It names no person."""
        from appraise._validation.words import limits, methods

        told = methods(self)
        return {
            "format": FORMAT,
            "verb": "validate",
            "date": self.choices.date,
            "instrument": self.about.instrument,
            "levels": self.about.levels,
            "norms": self.about.norms,
            "horizon": self.horizon,
            "time_unit": self.choices.time_unit,
            "confidence": self.choices.confidence,
            "cut": {"value": self._computed.cut, "what": self._computed.cut_words},
            "described": {"sample": self.choices.describe_sample, "outcome": self.choices.describe_outcome},
            "tables": self._computed.numbers.documents(),
            "left_out": self.left_out,
            "methods": told.paragraphs,
            "references": told.references,
            "limits": [{"code": code, "text": text} for code, text in limits(self)],
            "provenance": self.provenance,
        }

    def json(self) -> str:
        """The document as JSON text: the same bytes for the same input."""
        return json.dumps(self.document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def html(self, *, pictures: bool = True) -> str:
        """The report as one self-contained page.

        Parameters
        ----------
        pictures : bool
            Whether to draw plots, which needs matplotlib.
        """
        try:
            return to_html(self._page(pictures))
        except ModuleNotFoundError as missing:
            raise UsageError(f"the page needs {missing.name}: pip install 'appraise[cli]'") from None

    def _page(self, pictures: bool) -> Document:
        from appraise._validation.report import report

        return report(self, pictures=pictures)

    def write(self, path: str | os.PathLike[str], *, pictures: bool = True) -> None:
        """Writes the report (.html) or the document (.json). What is there is replaced.

        Raises
        ------
        UsageError
            If the name ends otherwise, or it cannot be written.
        """
        place = Path(path)
        form = place.suffix.lower()
        if form not in (".html", ".json"):
            raise UsageError(f"{place}: the name of a report ends in .html or .json")
        text = self.json() if form == ".json" else self.html(pictures=pictures)
        _write(place, text)

    def write_tables(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Writes every table as CSV, and the document as ``validation.json``, into a folder that is made if need be.

        Tables without rows are written too, with their columns. What has no figure is empty, what has no bound ``inf``.
        """
        place = Path(folder)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise UsageError(f"cannot write to {place}: {problem.strerror}") from None
        written = []
        for name in COLUMNS:
            written.append(place / f"{name}.csv")
            _write(written[-1], self._csv(name))
        written.append(place / "validation.json")
        _write(written[-1], self.json())
        return written

    def _csv(self, table: str) -> str:
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow(COLUMNS[table])
        out.writerows(["" if cell is None else cell for cell in row.values()] for row in self.rows(table))
        return text.getvalue()

    def quarantine(self) -> str:
        """The findings as CSV. It names people by their keys."""
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow([each.name for each in fields(Finding)])
        out.writerows(astuple(each) for each in self.findings)
        return text.getvalue()

    def summary(self) -> Iterator[tuple[str, str]]:
        """The main figures in words, as the command prints them."""
        from appraise._validation.report import summary

        return iter(summary(self))

    def __repr__(self) -> str:
        from appraise._display import table_text

        return f"Validation of {self.about.title}\n{table_text(('', ''), self.summary())}"

    def _repr_html_(self) -> str:
        from appraise._display import STYLE, table_html

        title = escape(f"Validation of {self.about.title}")
        return f"{STYLE}<div class='appraise'><h4>{title}</h4>{table_html(('', ''), self.summary())}</div>"


def _write(path: Path, text: str) -> None:
    from appraise._io import LocationError, write_whole

    try:
        write_whole(path, text.encode("utf-8"))
    except LocationError as problem:
        raise UsageError(str(problem)) from None
