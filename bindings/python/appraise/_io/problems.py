"""What goes wrong with files and databases, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


class LocationError(Exception):
    """A file or database that cannot be read or written, in one line: where, what is there, what was expected."""


def first_line(problem: BaseException) -> str:
    """The first line of what an exception says."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


@contextmanager
def problems(doing: str, name: object) -> Iterator[None]:
    """Turns what goes wrong while `doing` something (read, write) to the location `name` into a `LocationError`."""
    try:
        yield
    except FileNotFoundError:
        raise LocationError(f"cannot {doing} {name}: there is no such file or folder") from None
    except (pa.ArrowException, OSError, EOFError, UnicodeError) as problem:
        raise LocationError(f"cannot {doing} {name}: {first_line(problem)}") from None
