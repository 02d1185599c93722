"""What the command line prints: tables, progress, the summary of a run."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Container, Mapping, Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from appraise import _display as display
from appraise._core import Instrument
from appraise._document import Document, Facts, Picture, Section

PLAIN_WIDTH = 200
PLAIN_INTERVAL = 5.0


def console() -> Console:
    """Where results go. What is not a terminal gets wide lines without colour."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def print_table(
    out: Console, heads: Sequence[str], rows: display.Rows, title: str = "", numbers: Container[int] = ()
) -> None:
    """A table of plain text; the columns at `numbers` are aligned right."""
    if title:
        out.print(Text(f"\n{title}", style="bold"))
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for at, head in enumerate(heads):
        table.add_column(Text(head), overflow="fold", justify="right" if at in numbers else "left")
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


def print_document(out: Console, document: Document) -> None:
    """A document on the screen."""
    out.print(Text(document.title, style="bold"))
    out.print(Text(document.subtitle))
    if document.notice:
        out.print(Text(document.notice, style="bold"))
    for section in document.sections:
        _print_section(out, section)


def _print_section(out: Console, section: Section) -> None:
    mark = f" [{section.evidence.words}]" if section.evidence else ""
    out.print(Text(f"\n{section.title}{mark}", style="bold"))
    for block in section.blocks:
        if isinstance(block, str):
            out.print(Text(block))
        elif isinstance(block, Facts):
            print_table(out, ("", ""), block.known)
        elif isinstance(block, Picture):
            out.print(Text(block.alt))
        else:
            print_table(out, block.heads, block.rows, numbers=block.numbers)
    for inner in section.sections:
        _print_section(out, inner)


class RowProgress:
    """Rows, rows per second and time left: a bar on a terminal, a line now and then elsewhere, nothing if quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._errors = Console(stderr=True, highlight=False)
        self._rows = self._before = 0
        self._started = self._told = time.monotonic()
        self._plain = not quiet and not self._errors.is_terminal
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if not quiet and self._errors.is_terminal:
            columns = (
                TextColumn("scoring"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[done]}"),
                TimeRemainingColumn(),
            )
            self._bar = Progress(*columns, console=self._errors, transient=True)
            self._task = self._bar.add_task("", total=None, done="")

    def __enter__(self) -> RowProgress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def go_on(self, rows: int) -> None:
        """So many rows were done by an earlier attempt: they say nothing about speed."""
        self._rows = self._before = rows
        self._started = time.monotonic()

    def advance(self, rows: int, total: int | None) -> None:
        """So many rows are done, of so many if that is known."""
        self._rows = rows
        total = None if total is None else max(total, rows)
        now = time.monotonic()
        if self._bar:
            self._bar.update(self._task, completed=rows, total=total, done=self.done())
        elif self._plain and now - self._told >= PLAIN_INTERVAL:
            self._told = now
            left = "" if not total else f" of {total:,}, {self._left(total)} left"
            self._errors.print(Text(f"scoring: {self.done()}{left}"))

    def _left(self, total: int) -> str:
        seconds = round((total - self._rows) / max(self._speed(), 1e-9))
        return str(datetime.timedelta(seconds=seconds))

    def _speed(self) -> float:
        return (self._rows - self._before) / max(time.monotonic() - self._started, 1e-9)

    def done(self) -> str:
        """How far it is, in words."""
        return f"{self._rows:,} rows, {self._speed():,.0f} rows/s"


def print_counts(
    out: Console, statuses: Mapping[str, Mapping[str, int]], levels: Mapping[str, Mapping[str, int]]
) -> None:
    """Rows by status and by level of each scale."""
    names = next(iter(statuses.values()), {})
    rows = ((scale, *(f"{counts[name]:,}" for name in names)) for scale, counts in statuses.items())
    print_table(out, ("scale", *(name.replace("_", " ") for name in names)), rows, "Rows by status")
    for scale, counts in levels.items():
        table = ((level, f"{count:,}") for level, count in counts.items())
        print_table(out, ("level", "rows"), table, f"Levels of {scale}")
