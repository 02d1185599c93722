"""Kills a run at random moments (SIGKILL), resumes it, and compares with a run that was not interrupted.

    python tests/deep/kill_and_resume.py [--rows N] [--kills N] [--seed N] [--to parquet|postgresql|sqlite ...]

Each kill is a run of its own from the beginning, killed once, resumed to its end. The output has to be the same: of a
file the bytes, of a table every row. PostgreSQL is a server that this program starts on loopback.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "python"), str(TESTS.parent / "benchmarks")]

from pipeline import write_people  # noqa: E402
from postgresql_server import started  # noqa: E402

CHECKPOINT_ROWS = 1 << 18


class Trial:
    """One kind of output: the uninterrupted run, and runs that are killed."""

    def __init__(self, source: Path, folder: Path, place: str) -> None:
        self._source = source
        self._folder = folder
        self._place = place  # with NAME where the output differs
        self._expected, self.seconds = self._uninterrupted()

    def _arguments(self, name: str) -> list[str]:
        options = ["--accept-unverified", "--checkpoint-rows", str(CHECKPOINT_ROWS), "--key", "person", "--quiet"]
        told = [f"--{each}={self._folder / f'{name}.{each}'}" for each in ("manifest", "quarantine")]
        place = self._place.replace("NAME", name)
        return ["score", "static-99r", str(self._source), "-o", place, *options, *told, "--resume", "--replace"]

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "appraise.cli", *self._arguments(name)])

    def _finish(self, name: str) -> None:
        if code := self._start(name).wait():
            sys.exit(f"{self._place}: ended with {code}")

    def _result(self, name: str) -> dict[str, object]:
        manifest = json.loads((self._folder / f"{name}.manifest").read_text())
        output = {key: value for key, value in manifest["output"].items() if key != "location"}
        quarantine = (self._folder / f"{name}.quarantine").read_bytes()
        return {"output": output, "rows": manifest["rows"], "statuses": manifest["statuses"], "quarantine": quarantine}

    def _uninterrupted(self) -> tuple[dict[str, object], float]:
        start = time.monotonic()
        self._finish("whole")
        return self._result("whole"), time.monotonic() - start

    def kill_after(self, seconds: float) -> tuple[bool, bool]:
        """Whether the run was still going when it was killed, and whether the same came out."""
        (self._folder / "killed.manifest").unlink(missing_ok=True)
        process = self._start("killed")
        try:
            process.wait(seconds)
            was_running = False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            was_running = True
            self._finish("killed")
        return was_running, self._result("killed") == self._expected


@contextmanager
def place_of(kind: str, folder: Path) -> Iterator[str]:
    if kind == "postgresql":
        with started() as server:
            yield f"{server}#NAME"
    elif kind == "sqlite":
        yield f"sqlite:{folder / 'results.db'}#NAME"
    else:
        yield f"{folder / 'NAME'}.{kind}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", nargs="+", default=["parquet", "postgresql"])
    parser.add_argument("--folder", type=Path, help="where the files lie meanwhile; default: a temporary folder")
    given = parser.parse_args()
    moments = random.Random(given.seed)
    folder = Path(tempfile.mkdtemp(prefix="appraise-kills-", dir=given.folder))
    differing = 0
    try:
        source = folder / "people.parquet"
        write_people(source, given.rows)
        for kind in given.to:
            with place_of(kind, folder) as place:
                trial = Trial(source, folder, place)
                print(f"{kind}: {given.rows:,} rows, uninterrupted in {trial.seconds:.1f} s", flush=True)
                kills = 0
                while kills < given.kills:
                    moment = moments.uniform(0.02, 0.98) * trial.seconds
                    was_running, same = trial.kill_after(moment)
                    kills += was_running
                    differing += not same
                    if was_running:
                        told = "the same" if same else "DIFFERS"
                        print(f"  {kills:2}: killed after {moment:6.2f} s, resumed: {told}", flush=True)
                    else:  # it was faster this time: earlier moments from now on
                        trial.seconds = moment
    finally:
        shutil.rmtree(folder)
    print(f"{differing} of {given.kills * len(given.to)} differ")
    sys.exit(differing > 0)


if __name__ == "__main__":
    main()
