"""What the command line prints: tables, progress, the summary of a run."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from appraise import _display as display
from appraise._core import Instrument, ScoringPlan
from appraise._scores import Scores

PLAIN_WIDTH = 200
PLAIN_INTERVAL = 5.0


def console() -> Console:
    """Where results go. What is not a terminal gets wide lines without colour."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def print_table(out: Console, heads: Sequence[str], rows: display.Rows, title: str = "") -> None:
    """A table of plain text."""
    if title:
        out.print(Text(f"\n{title}", style="bold"))
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)


def print_instrument(out: Console, instrument: Instrument) -> None:
    """Everything that `show` tells of an instrument."""
    out.print(Text(instrument.title, style="bold"))
    facts = [
        ("id", f"{instrument.id} {instrument.edition}"),
        ("authors", ", ".join(instrument.authors)),
        ("for", instrument.population),
        ("speaks about", instrument.outcome),
        ("training", instrument.training),
        ("licence", instrument.licence),
    ]
    if instrument.notice:
        facts.append(("notice", instrument.notice))
    if instrument.structured_judgment:
        facts.append(("judgment", f"no total: {instrument.structured_judgment}"))
    if instrument.no_levels:
        facts.append(("levels", f"none: {instrument.no_levels}"))
    print_table(out, ("", ""), facts)
    print_table(out, display.ITEM_HEADS, display.item_rows(instrument), "Items")
    print_table(out, display.SCALE_HEADS, display.scale_rows(instrument), "Scales")
    for scheme in instrument.levels:
        print_table(out, display.LEVEL_HEADS, display.level_rows(scheme), display.scheme_title(scheme))
    if instrument.norms:
        print_table(out, display.NORMS_HEADS, map(display.norms_row, instrument.norms), "Norms")
    print_table(out, display.SOURCE_HEADS, display.source_rows(instrument), "Sources")
    print_table(out, display.PART_HEADS, display.part_rows(instrument), "Parts")


class RowProgress:
    """Rows and rows per second: a bar on a terminal, a line now and then elsewhere, nothing if quiet."""

    def __init__(self, total: int | None, *, quiet: bool) -> None:
        self._errors = Console(stderr=True, highlight=False)
        self._rows = 0
        self._started = self._told = time.monotonic()
        self._plain = not quiet and not self._errors.is_terminal
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if not quiet and self._errors.is_terminal:
            columns = TextColumn("scoring"), BarColumn(), TextColumn("{task.fields[done]}"), TimeElapsedColumn()
            self._bar = Progress(*columns, console=self._errors, transient=True)
            self._task = self._bar.add_task("", total=total, done="")

    def __enter__(self) -> RowProgress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, rows: int, total: int | None) -> None:
        """Some more rows are done."""
        self._rows += rows
        now = time.monotonic()
        if self._bar:
            estimate = None if total is None else max(total, self._rows)
            self._bar.update(self._task, completed=self._rows, total=estimate, done=self.done())
        elif self._plain and now - self._told >= PLAIN_INTERVAL:
            self._told = now
            self._errors.print(Text(f"scoring: {self.done()}"))

    def done(self) -> str:
        """How far it is, in words."""
        seconds = max(time.monotonic() - self._started, 1e-9)
        return f"{self._rows:,} rows, {self._rows / seconds:,.0f} rows/s"


class Summary:
    """Statuses and levels of a run, counted batch by batch."""

    def __init__(self, plan: ScoringPlan) -> None:
        self._plan = plan
        self._statuses: dict[str, Counter[str]] = {}
        self._levels: dict[str, Counter[str]] = {}

    def add(self, scores: Scores) -> None:
        """Counts the rows of a batch."""
        columns = set(scores.columns)
        for scale in self._plan.scales:
            self._statuses.setdefault(scale, Counter()).update(scores.counts(f"{scale}_status"))
            if f"{scale}_level" in columns:
                self._levels.setdefault(scale, Counter()).update(scores.counts(f"{scale}_level"))

    def print(self, out: Console) -> None:
        """Prints the counts."""
        statuses = next(iter(self._statuses.values()), Counter())
        rows = ((scale, *(f"{counts[name]:,}" for name in statuses)) for scale, counts in self._statuses.items())
        print_table(out, ("scale", *(name.replace("_", " ") for name in statuses)), rows, "Rows by status")
        for scale, counts in self._levels.items():
            print_table(
                out, ("level", "rows"), ((level, f"{count:,}") for level, count in counts.items()), f"Levels of {scale}"
            )
