"""What the cases of a definition exercise, for `appraise verify --coverage`."""

from __future__ import annotations

from typing import Any

import typer

import appraise as ap


def coverage_of(instrument: ap.Instrument) -> dict[str, Any]:
    """How many parts of each kind the cases exercise, and those that they do not."""
    parts = ap.coverage(instrument)
    kinds = dict.fromkeys(part.kind for part in parts)
    exercised = {kind: [part.cases > 0 for part in parts if part.kind == kind] for kind in kinds}
    return {
        "coverage": {kind: {"parts": len(each), "exercised": sum(each)} for kind, each in exercised.items()},
        "not_exercised": [
            {"kind": part.kind, "address": part.address, "what": part.what} for part in parts if part.cases == 0
        ],
    }


def print_coverage(report: dict[str, Any]) -> None:
    counts = (f"{kind} {one['exercised']}/{one['parts']}" for kind, one in report["coverage"].items())
    typer.echo(f"  exercised: {', '.join(counts) or 'nothing to exercise'}")
    for part in report["not_exercised"]:
        typer.echo(f"  not exercised: {part['address']}: {part['what']}")
