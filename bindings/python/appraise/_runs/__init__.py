"""Scoring a caseload as a run: restartable, with quarantine and manifest, and repeatable from the manifest."""

from appraise._runs.findings import CODES
from appraise._runs.loop import Outcome, Progress, ResumeError, run
from appraise._runs.manifest import read_manifest
from appraise._runs.replay import Replayed, replay
from appraise._runs.request import SEGMENT_ROWS, Chosen, Prepared, Request, prepare

__all__ = [
    "CODES",
    "SEGMENT_ROWS",
    "Chosen",
    "Outcome",
    "Prepared",
    "Progress",
    "Replayed",
    "Request",
    "ResumeError",
    "prepare",
    "read_manifest",
    "replay",
    "run",
]
