"""The types that the package declares are those it has."""

import subprocess
import sys
from pathlib import Path

CONFIG = str(Path(__file__).parents[2] / "pyproject.toml")

PROGRAM = """
import appraise as ap
import numpy as np
import polars as pl

instrument: ap.Instrument = ap.load("static-99r", "2016")
plan: ap.ScoringPlan = ap.compile(instrument, accept_unverified=True, norms="all")
scores: ap.Scores = ap.score(plan, {"age_at_release": np.array([39], np.int8)}, contributions=True)
scores = ap.score("static-99r", pl.DataFrame({"age_at_release": [39]}), levels={"total": "original_2009"})
codes: list[str] = [item.code for item in instrument.items if item.range is not None and item.range.low == 18]
rates: list[float | None] = [row.rate for norms in instrument.norms for row in norms.rows]
explanation: ap.Explanation = ap.explain(plan, {"age_at_release": [39]}, row=0, scale="total")
text: str = explanation.changes[0].before + scores.labels("total_level")[0]
faults: list[str] = [fault.code for fault in ap.check("folder") if fault.line > 1]
ok: bool = ap.verify(instrument).ok
levels: list[str] = ap.score(instrument, {"age_at_release": [39]}, key=["person"]).frame["total_level"].tolist()
frame: pl.DataFrame = ap.score(instrument, pl.DataFrame({"age_at_release": [39]}), codes={"sex": {9: None}}).frame
lazy: pl.LazyFrame = ap.score(instrument, pl.LazyFrame({"age_at_release": [39]})).frame
both: list[ap.Scores[pl.DataFrame]] = ap.score_together([plan, "stable-2007"], frame, threads=2)
kept: ap.Scores = both[0]
unit: str = plan.item("age_at_release").unit
axes = ap.plot.distribution(scores, "total", ax=None)
ap.plot.norms(instrument.norms[0], score=3)
ap.plot.contributions(explanation, ax=axes)
ap.plot.movement(scores, both[0])
ap.plot.flow(scores, both[0], "total")
html: str = scores._repr_html_() + explanation._repr_html_() + ap.verify(instrument)._repr_html_()
ap.score(instrument, 42)  # type: ignore[call-overload]
ap.score(instrument, frame, True)  # type: ignore[call-overload]
ap.score(instrument, frame, colums={})  # type: ignore[call-overload]
scores.frame = frame  # type: ignore[misc]
ap.load(instrument)  # type: ignore[arg-type]
instrument.edition = "2017"  # type: ignore[misc]
"""


# How pybind11 makes its classes, which no stub says: their metaclass, and a constructor that always refuses.
ALLOWED = r"""
appraise\._(core|statistics)\.[A-Z]\w+
appraise\._(core|statistics)\.[A-Z]\w+\.__init__
"""


def python(folder: Path, *arguments: str) -> None:
    program = [sys.executable, "-m", *arguments]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, cwd=folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_program_passes_mypy_strict(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    python(tmp_path, "mypy", "--strict", "--config-file", CONFIG, str(program))


def test_the_stubs_are_those_of_the_extensions(tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_text(ALLOWED, encoding="utf-8")
    options = "--mypy-config-file", CONFIG, "--allowlist", str(allowed)
    python(tmp_path, "mypy.stubtest", "appraise._core", "appraise._statistics", *options)
