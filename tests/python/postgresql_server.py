"""A PostgreSQL server for tests: its own data, on loopback, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def started() -> Iterator[str]:
    """Where the server is: postgresql://... It trusts everybody, so the password in it is never looked at."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "these tests need the Debian package postgresql"
    folder = Path("/var/tmp") / f"appraise-postgresql-{os.getpid()}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    data = str(folder / "data")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    try:
        _call(
            programs[-1], "initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        _call(programs[-1], "pg_ctl", "-D", data, "-w", "-t", "60", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://tester:secret@127.0.0.1:{port}/postgres"
        finally:
            _call(programs[-1], "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _call(programs: Path, name: str, *arguments: str) -> None:
    command = [str(programs / name), *arguments]
    if os.geteuid() == 0:  # the server refuses to be run by root
        command = ["runuser", "-u", "postgres", "--", *command]
    ended = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
        cwd="/",
    )
    assert ended.returncode == 0, ended.stdout.decode()
