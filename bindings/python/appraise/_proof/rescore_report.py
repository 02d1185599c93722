"""The report of a rescoring: for people as a document, for programs as data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from appraise import _core
from appraise._display import signed
from appraise._document import Document, Facts, Marked, Section, Table
from appraise._proof.groups import withheld
from appraise._proof.movement import (
    DOWN,
    GAINED,
    LOST,
    NEITHER,
    OUTCOMES,
    SAME,
    UNORDERED,
    UNSCORED,
    UP,
    Changes,
    Movement,
)
from appraise._proof.rescoring import Plan, Rescoring

MOST_LINES = 25
WITHHELD = "withheld"
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
OUTCOME_WORDS = {
    SAME: "same level",
    UP: "up",
    DOWN: "down",
    UNORDERED: "levels not comparable",
    LOST: "no longer scored",
    GAINED: "newly scored",
    NEITHER: "scored neither before nor after",
}


def share(part: int, whole: int) -> str:
    """A percentage; nothing of nothing has none."""
    return f"{100 * part / whole:.2f} %" if whole else "-"


def report(rescoring: Rescoring, *, caseload: str, smallest: int, unreadable: int = 0) -> Document:
    """The report as a document.

    Parameters
    ----------
    caseload : str
        What was scored, as it is printed.
    smallest : int
        Cells of the group tables with fewer people are withheld.
    unreadable : int
        Rows of the caseload that could not be read.
    """
    sections = [_compared(rescoring), *([_stops(rescoring)] if rescoring.limits else [])]
    sections += [_movement(movement, smallest) for movement in rescoring.movements]
    if rescoring.rates:
        sections.append(_rates(rescoring))
    return Document(
        "Rescoring",
        f"{caseload}: {rescoring.rows:,} assessments, {rescoring.before.name} and {rescoring.after.name}"
        + (f"; {unreadable:,} rows could not be read" if unreadable else ""),
        sections,
        notice="A stop threshold is exceeded: see below." if rescoring.stopped else "",
        footer=f"Made by appraise {_core.__version__}. Before and after are the same responses under two plans.",
    )


def _compared(rescoring: Rescoring) -> Section:
    sides = (("before", rescoring.before), ("after", rescoring.after))
    rows = [
        (side, plan.name, plan.plan.instrument.title, plan.choices(), plan.plan.mark.replace("_", " "))
        for side, plan in sides
    ]
    parts = [{part.name: (part.edition, part.digest[:16]) for part in plan.plan.instrument.parts} for _, plan in sides]
    names = list(dict.fromkeys([*parts[0], *parts[1]]))
    differing = [name for name in names if parts[0].get(name) != parts[1].get(name)]
    absent = ("-", "-")
    table = [(name, *parts[0].get(name, absent), *parts[1].get(name, absent)) for name in differing]
    heads = ("part", "edition before", "digest", "edition after", "digest")
    blocks: list[str | Facts | Table] = [Table(("", "definition", "title", "chosen", "evidence"), rows)]
    if differing:
        blocks.append(Table(heads, table, "Parts of the definitions that differ; digests shortened to 16 digits"))
    else:
        blocks.append("Every part of the definition is the same on both sides.")
    return Section("What is compared", blocks)


def _stops(rescoring: Rescoring) -> Section:
    rows = [
        (
            stop.scale,
            f"--fail-if-{stop.limit.kind}",
            stop.limit.text,
            f"{stop.found:,}",
            share(stop.found, stop.of),
            "EXCEEDED" if stop.exceeded else "kept",
        )
        for stop in rescoring.stops
    ]
    heads = ("scale", "threshold", "at most", "rows", "of those scored before", "result")
    return Section("Stop thresholds", [Table(heads, rows, numbers=frozenset({3, 4}))])


def _movement(movement: Movement, smallest: int) -> Section:
    names = dict.fromkeys([movement.before.code, movement.after.code])
    scale = movement.after.scale
    total = movement.total
    outcomes = [
        (OUTCOME_WORDS[at], f"{count:,}", share(count, total))
        for at, count in enumerate(movement.outcomes.tolist())
        if count or at in (SAME, UP, DOWN)
    ]
    basis = "the value: up is higher" if movement.by_value else movement.ladder.basis
    schemes = " and ".join(dict.fromkeys(filter(None, (movement.before.scheme, movement.after.scheme))))
    inner = [_matrix(movement), *_values(movement), *_causes(movement), *_groups(movement, smallest)]
    evidence = scale.evidence or movement.after.plan.instrument.evidence
    return Section(
        f"{scale.label}: {' and '.join(names)}",
        [
            Facts([("Levels", schemes), ("Order by", basis)]),
            Table(("movement", "rows", "share"), outcomes, numbers=frozenset({1, 2})),
        ],
        Marked(evidence.mark),
        sections=inner,
    )


def _matrix(movement: Movement) -> Section:
    used = movement.matrix.sum(axis=0) > 0
    used[: len(movement.columns) - 3] = True
    columns = [name for name, shown in zip(movement.columns, used, strict=True) if shown]
    rows = []
    for name, counts in zip(movement.rows, movement.matrix, strict=True):
        if counts.sum() or name not in movement.rows[-3:]:
            rows.append((name, *(f"{count:,}" for count in counts[used].tolist()), f"{int(counts.sum()):,}"))
    totals = movement.matrix.sum(axis=0)
    rows.append(("all", *(f"{count:,}" for count in totals[used].tolist()), f"{movement.total:,}"))
    heads = ("before \\ after", *map(_label, columns), "all")
    rows = [(_label(row[0]), *row[1:]) for row in rows]
    table = Table(heads, rows, "Rows before by columns after", frozenset(range(1, len(heads))))
    return Section("Movement matrix", [table])


def _label(name: str) -> str:
    return name.replace("_", " ") if name in UNSCORED else name


def _distribution(changes: Changes) -> list[str | Facts | Table]:
    before, after = changes.means
    facts = Facts(
        [
            ("Scored on both sides", f"{changes.rows:,}"),
            ("Mean before", f"{before:.4f}"),
            ("Mean after", f"{after:.4f}"),
            ("Mean change", signed(round(after - before, 4) + 0.0)),
        ]
    )
    if len(changes.counts) <= MOST_LINES:
        rows = [
            (signed(value), f"{count:,}", share(count, changes.rows)) for value, count in sorted(changes.counts.items())
        ]
        return [facts, Table(("change", "rows", "share"), rows, numbers=frozenset({0, 1, 2}))]
    quantiles = [(f"{100 * each:g} %", signed(changes.quantile(each))) for each in QUANTILES]
    return [facts, Table(("share of rows at or below", "change"), quantiles, numbers=frozenset({0, 1}))]


def _values(movement: Movement) -> list[Section]:
    if not movement.changes.rows:
        return []
    return [Section("Change of the value", _distribution(movement.changes))]


def _causes(movement: Movement) -> list[Section]:
    ordered = sorted(movement.causes.items(), key=lambda each: (each[0][0], -each[1].rows))
    rows = [
        (OUTCOME_WORDS[outcome], term, f"{cause.rows:,}", signed(round(cause.total / cause.rows, 4)))
        for (outcome, term), cause in ordered
    ]
    rows += [
        (OUTCOME_WORDS[at], "same value, other cuts", f"{count:,}", "")
        for at, count in enumerate(movement.other_cuts.tolist())
        if count
    ]
    if not rows:
        return []
    note = "What differs between the two scorings of those who moved, item by item where both have the item."
    heads = ("movement", "cause", "people", "mean change")
    return [Section("Who moves and why", [note, Table(heads, rows, numbers=frozenset({2, 3}))])]


def _groups(movement: Movement, smallest: int) -> list[Section]:
    sections = []
    for group in movement.groups:
        names, counts = group.table()
        shown = [at for at in range(len(OUTCOMES)) if movement.outcomes[at] or at in (SAME, UP, DOWN)]
        cells = counts[:, shown]
        hidden = withheld(cells, smallest)
        rows = [_group_row(*each, shown) for each in zip(names, cells, hidden, strict=True)]
        heads = ("group", "people", *(OUTCOME_WORDS[at] for at in shown), "up, share", "down, share")
        table = Table(heads, rows, numbers=frozenset(range(1, len(heads))))
        note = f"Cells of fewer than {smallest} people are withheld, and those from which they would follow."
        sections.append(Section(f"By {group.column}", [note, table]))
    return sections


def _group_row(name: str, cells: NDArray[np.int64], hidden: NDArray[np.bool_], shown: Sequence[int]) -> list[str]:
    people = int(cells.sum())
    numbers = [people, *cells.tolist()]
    row = [WITHHELD if hide else f"{number:,}" for number, hide in zip(numbers, np.roll(hidden, 1), strict=True)]
    for outcome in (UP, DOWN):
        at = shown.index(outcome)
        row.append(WITHHELD if hidden[at] or hidden[-1] else share(int(cells[at]), people))
    return [name, *row]


def _rates(rescoring: Rescoring) -> Section:
    inner = []
    for (before, after), changes in rescoring.rates.items():
        if not changes.rows:
            inner.append(Section(f"{before} and {after}", ["No row has a rate under both."]))
            continue
        means = changes.means
        expected = Facts(
            [
                ("Expected among them before", f"{means[0] * changes.rows:.1f}"),
                ("Expected among them after", f"{means[1] * changes.rows:.1f}"),
            ]
        )
        inner.append(Section(f"{before} and {after}", [expected, *_distribution(changes)]))
    note = "A rate belongs to its sample, outcome and follow-up; another sample does not change the people."
    return Section("Rates under the norms", [note], sections=inner)


def data(rescoring: Rescoring, *, caseload: str, smallest: int) -> dict[str, object]:
    """The report as plain data. Group cells are withheld (null) as in the document."""
    return {
        "caseload": caseload,
        "rows": rescoring.rows,
        "before": _side(rescoring.before),
        "after": _side(rescoring.after),
        "stopped": rescoring.stopped,
        "stops": [
            {
                "scale": stop.scale,
                "kind": stop.limit.kind,
                "limit": stop.limit.text,
                "rows": stop.found,
                "of": stop.of,
                "exceeded": stop.exceeded,
            }
            for stop in rescoring.stops
        ],
        "scales": [_scale_data(movement, smallest) for movement in rescoring.movements],
        "rates": [
            {
                "before": before,
                "after": after,
                "rows": changes.rows,
                "mean_before": changes.means[0],
                "mean_after": changes.means[1],
            }
            for (before, after), changes in rescoring.rates.items()
            if changes.rows
        ],
    }


def _side(plan: Plan) -> dict[str, object]:
    instrument = plan.plan.instrument
    return {
        "instrument": instrument.id,
        "edition": instrument.edition,
        "levels": dict(plan.levels),
        "norms": list(plan.norms),
        "evidence": plan.plan.mark,
        "parts": {part.name: part.digest for part in instrument.parts},
    }


def _scale_data(movement: Movement, smallest: int) -> dict[str, object]:
    changes = movement.changes
    return {
        "before": movement.before.code,
        "after": movement.after.code,
        "order": "value" if movement.by_value else movement.ladder.basis,
        "labels_before": movement.rows,
        "labels_after": movement.columns,
        "matrix": movement.matrix.tolist(),
        "outcomes": dict(zip(OUTCOMES, movement.outcomes.tolist(), strict=True)),
        "change": {
            "rows": changes.rows,
            "mean_before": changes.means[0] if changes.rows else None,
            "mean_after": changes.means[1] if changes.rows else None,
            "quantiles": {f"{each:g}": changes.quantile(each) for each in QUANTILES} if changes.rows else {},
        },
        "causes": [
            {"movement": OUTCOMES[outcome], "term": term, "people": cause.rows, "mean_change": cause.total / cause.rows}
            for (outcome, term), cause in sorted(movement.causes.items())
        ],
        "groups": {group.column: _group_data(group.table(), smallest) for group in movement.groups},
    }


def _group_data(table: tuple[list[str], NDArray[np.int64]], smallest: int) -> dict[str, dict[str, int | None]]:
    names, counts = table
    return {
        name: {
            outcome: None if hide else int(cell) for outcome, cell, hide in zip(OUTCOMES, row, hiding[:-1], strict=True)
        }
        for name, row, hiding in zip(names, counts, withheld(counts, smallest), strict=True)
    }
