"""From two tables to a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from appraise._core import Instrument, UsageError, __version__
from appraise._validation import cells
from appraise._validation.about import About, about
from appraise._validation.calibration import calibrate, comparable
from appraise._validation.choices import Choices
from appraise._validation.cohort import Cohort, cohort_of
from appraise._validation.compute import Computed, agreement, cut_of, fixed_follow_up
from appraise._validation.flow import describe, flow
from appraise._validation.followed import followed
from appraise._validation.groups import by_group
from appraise._validation.groups_followed import by_group_followed
from appraise._validation.inputs import Given, Rows, given
from appraise._validation.joining import Joined, join
from appraise._validation.result import Finding, Validation
from appraise._validation.roles import TABLES, Roles, roles_of


def validate_with(
    scored: Any,
    outcomes: Any,
    choices: Choices,
    *,
    second: Any = None,
    instrument: Instrument | str | None = None,
    command: str = "",
) -> Validation:
    """As `validate`, with the choices gathered; `command` is told in the provenance."""
    if second is not None and (choices.rater or choices.rater_level):
        raise UsageError("second ratings are given as a table (second) or as columns (rater, rater_level), not both")
    tables = [
        given(role, table) for role, table in zip(TABLES, (scored, outcomes, second), strict=True) if table is not None
    ]
    try:
        return _validated(tables, choices, instrument, command)
    finally:
        for table in tables:
            table.close()


def _validated(
    tables: Sequence[Given], choices: Choices, instrument: Instrument | str | None, command: str
) -> Validation:
    roles = roles_of(tables, choices)
    rows = [table.read(roles.columns(at)) for at, table in enumerate(tables)]
    digests = [table.digest() for table in tables]
    known = about(tables[0], roles, instrument, digests[0].get("sha256"))
    joined = join(rows, roles)
    if not len(joined):
        raise UsageError(_nobody(tables, joined))
    horizon = _horizon(choices, known, roles)
    order = known.levels["order"] if known.levels else None
    cohort = cohort_of(rows, joined, roles, choices, horizon=horizon, levels=order)
    done = _computed(rows, joined, cohort, choices, known)
    return Validation(
        about=known,
        choices=choices,
        horizon=horizon,
        computed=done,
        findings=_findings(tables, rows, joined, cohort, roles),
        provenance={
            "appraise": __version__,
            "command": command or None,
            "options": choices.told(),
            "columns": roles.told(),
            "notes": list(known.notes),
            "inputs": {
                name: {"name": table.name, **digest}
                for name, table, digest in zip(TABLES, tables, digests, strict=False)
            },
        },
        giver=tables[0].frame,
    )


def _computed(rows: Sequence[Rows], joined: Joined, cohort: Cohort, choices: Choices, known: About) -> Computed:
    done = Computed()
    flow(done.numbers, rows, joined, cohort)
    describe(done.numbers, cohort, choices.time_unit)
    done.cut, done.cut_words = cut_of(cohort, choices)
    rates = comparable(cohort, choices, known, done.numbers)
    fixed = fixed_follow_up(done, cohort, choices, rates=rates)
    if fixed is not None:
        calibrate(done, fixed, choices)
    followed(done, cohort, choices, rates=rates)
    if not choices.group:
        done.numbers.left_out["groups"] = "No column of groups was named."
    elif fixed is None:
        done.numbers.left_out["groups"] = (
            "Groups are compared at a fixed follow-up, which there is not: name a horizon."
        )
    else:
        by_group(done, cohort, fixed, choices)
    by_group_followed(done, cohort, choices, rates=rates)
    agreement(done, cohort, choices.confidence)
    return done


def _horizon(choices: Choices, known: About, roles: Roles) -> float | None:
    """As chosen; with event and time, else what the rates are for."""
    if choices.horizon is not None or roles.event is None or known.follow_up is None:
        return choices.horizon
    return choices.in_unit(known.follow_up)


def _nobody(tables: Sequence[Given], joined: Joined) -> str:
    told = (
        f"{table.name}: " + (", ".join(f"{code} {count:,}" for code, count in counts.items() if count) or "no rows")
        for table, counts in zip(tables, joined.counts, strict=True)
    )
    return "key: no person is in both tables; " + "; ".join(told)


def _findings(
    tables: Sequence[Given], rows: Sequence[Rows], joined: Joined, cohort: Cohort, roles: Roles
) -> list[Finding]:
    """Every row in which something is wrong, in the order of the tables and their rows."""
    found: list[Finding] = []
    for at, (name, table, read) in enumerate(zip(TABLES, tables, rows, strict=False)):
        wrongs = [each for each in (*joined.wrong, *cohort.wrong) if each.table == at]
        numbers = np.unique(np.concatenate([np.empty(0, np.int64), *(read.numbers[each.rows] for each in wrongs)]))
        lines = dict(zip(numbers.tolist(), table.lines(numbers) if len(numbers) else [], strict=True))
        own = [Finding(name, bad.row, bad.line, "", "", bad.code, bad.message, "") for bad in read.bad]
        for wrong in wrongs:
            keys = zip(*(cells.shown(read.table[pair[at]], wrong.rows) for pair in roles.keys), strict=True)
            about_key = wrong.code.startswith("key.")
            values = [""] * len(wrong.rows) if about_key else cells.shown(read.table[wrong.column], wrong.rows)
            for row, key, value in zip(read.numbers[wrong.rows].tolist(), keys, values, strict=True):
                own.append(
                    Finding(name, row, lines[row], ", ".join(key), wrong.column, wrong.code, wrong.message, value)
                )
        found += sorted(own, key=lambda each: (each.row, each.code))
    return found
