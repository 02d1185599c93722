"""The working folder of a run, beside its output: a lock, the journal, and the output while it is not whole."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import IO, Any

from appraise._io.problems import LocationError, problems


def durable_folder(path: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a small file so that it is there either whole or, as before, not at all."""
    partial = path.with_name(f".{path.name}.partial")
    with problems("write", path):
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        durable_folder(path.parent)


class Lock:
    """A lock on a file, held as long as the process lives and does not give it back."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        with problems("write", name):
            self._file: IO[bytes] = path.open("wb")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that has just ended takes its lock file with it: that one keeps nobody else away.
            if not os.path.samestat(os.fstat(self._file.fileno()), path.stat()):
                raise FileNotFoundError
        except OSError:
            self._file.close()
            raise LocationError(f"another run is writing to {name}") from None

    def release(self) -> None:
        """Gives the lock back."""
        self._file.close()


class RunFolder:
    """The folder ``.NAME.run`` beside the output NAME."""

    def __init__(self, output: Path) -> None:
        self.path = output.with_name(f".{output.name}.run")
        self._journal = self.path / "journal.json"
        with problems("write", output):
            self.path.mkdir(exist_ok=True)
        self._lock = Lock(self.path / "lock", str(output))

    def journal(self) -> dict[str, Any] | None:
        """What was saved last, if anything was."""
        if not self._journal.exists():
            return None
        with problems("read", self._journal):
            journal: dict[str, Any] = json.loads(self._journal.read_text(encoding="utf-8"))
            return journal

    def save(self, journal: dict[str, Any]) -> None:
        """Makes the journal durable, in place of the one before."""
        write_whole(self._journal, json.dumps(journal).encode())

    def clear(self) -> None:
        """Forgets an unfinished run."""
        self._journal.unlink(missing_ok=True)
        for each in self.path.iterdir():
            if each.name != "lock":
                each.unlink()

    def close(self, *, keep: bool) -> None:
        """Gives the lock back; without `keep` the folder goes too."""
        if not keep:
            shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()
