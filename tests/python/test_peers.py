"""Every peer of the benchmark gives what appraise gives, and a peer that does not is found out."""

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import compare_peers
from peers.result import Column, Result, first_difference
from peers.workloads import WORKLOADS, Program, Workload

ROWS = 5000
PAIRS = [(workload, program) for workload in WORKLOADS for program in workload.programs]
NAMES = [f"{workload.name}-{program.module}-{program.function}" for workload, program in PAIRS]
MISSING = [workload for workload in WORKLOADS if workload.name.endswith("/missing")]


def expected_of(workload: Workload) -> Result:
    library = workload.library(workload.caseload(ROWS), 1)
    return library.read(library.run())


@pytest.mark.parametrize(("workload", "program"), PAIRS, ids=NAMES)
def test_every_peer_gives_the_results_of_appraise(workload: Workload, program: Program) -> None:
    if not program.installed:
        pytest.skip(f"{program.package} is not installed")
    peer = program.load(workload.caseload(ROWS), 1)
    found = peer.read(peer.run())
    assert first_difference(expected_of(workload), found, workload.tolerance) is None
    again = peer.read(peer.run())
    assert first_difference(found, again) is None


@pytest.mark.parametrize("workload", MISSING, ids=lambda workload: workload.name)
def test_a_single_wrong_row_is_found(workload: Workload) -> None:
    expected = expected_of(workload)
    for name, column in expected.items():
        row = ROWS - 1 - int(np.argmin(column.missing[::-1]))
        values, missing = column.values.copy(), column.missing.copy()
        values[row] = (values[row] + 1) % len(column.labels) if column.labels else values[row] + 1
        wrong = {"value": dataclasses.replace(column, values=values)}
        missing[row] = True
        wrong["gap"] = dataclasses.replace(column, missing=missing)
        for each in wrong.values():
            difference = first_difference(expected, {**expected, name: each}, workload.tolerance)
            assert difference is not None
            assert difference.startswith(f"column '{name}', row {row}:")


@pytest.mark.parametrize("workload", MISSING, ids=lambda workload: workload.name)
def test_caseloads_have_every_status_that_gaps_can_give(workload: Workload) -> None:
    statuses: set[str] = set()
    for name, column in expected_of(workload).items():
        if name.endswith("_status"):
            statuses |= {column.labels[code] for code in np.unique(column.values)}
    wanted = {
        "static-99r": {"scored", "scored_with_omissions", "incomplete", "not_applicable"},
        "stable-2007": {"scored", "incomplete"},
        "oasys-arp": {"scored", "scored_with_omissions", "incomplete"},
    }
    assert statuses == wanted[workload.instrument]


def test_labels_are_compared_by_their_text() -> None:
    present = np.zeros(2, np.bool_)
    expected = {"level": Column(np.array([0, 1]), present, ("low", "high"))}
    turned = {"level": Column(np.array([1, 0]), present, ("high", "low"))}
    named_otherwise = {"level": Column(np.array([0, 1]), present, ("low", "severe"))}
    assert first_difference(expected, turned) is None
    assert first_difference(expected, named_otherwise) == "column 'level', row 1: severe instead of high"
    assert first_difference(expected, {}) is not None


def compare(monkeypatch: pytest.MonkeyPatch, out: Path) -> int:
    options = ["--rows", "2000", "--repeat", "1", "--only", "stable-2007/missing", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["compare_peers.py", *options])
    return compare_peers.main()


def test_the_program_writes_what_it_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = tmp_path / "peers.json"
    assert compare(monkeypatch, out) == 0
    (workload,) = json.loads(out.read_text())["workloads"]
    assert workload["rows"] == 1000
    assert [peer["name"] for peer in workload["peers"]] == ["appraise", "NumPy, tuned compares", "NumPy, idiomatic"]
    assert all(peer["seconds"] > 0 for peer in workload["peers"])


def test_the_program_stops_at_a_difference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from peers import stable_2007

    monkeypatch.setattr(stable_2007, "LEVELS", ("low", "high", "moderate"))
    assert compare(monkeypatch, tmp_path / "peers.json") == 1
    assert "stable-2007/missing: NumPy, tuned compares: column 'total_level', row" in capsys.readouterr().err
    assert not (tmp_path / "peers.json").exists()
