"""How a person writes where a caseload or a result lies.

=========================================  =====================================================
``caseload.csv``, ``.csv.gz``, ``.tsv``    delimited text, also compressed
``caseload.parquet``, ``.pq``              Parquet
``caseload.arrow``, ``.feather``           Arrow IPC, the file format
``caseload.arrows``                        Arrow IPC, the stream format
``caseloads/2026-01``                      a folder of such files (sources only)
``sqlite:PATH#TABLE``                      a table of an SQLite database
``postgresql://HOST/DATABASE#TABLE``       a table of a PostgreSQL database; ``#SCHEMA.TABLE`` too
=========================================  =====================================================

A name with a dot or a quote in it is written in double quotes, as in SQL: ``#work."odd.name"``.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from appraise._io.problems import LocationError

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".arrows": "arrows",
}
ENDINGS = ".csv, .csv.gz, .tsv, .txt, .parquet, .pq, .arrow, .feather, .ipc or .arrows"


@dataclass(frozen=True)
class FileLocation:
    """A file; `format` is csv, parquet, arrow or arrows."""

    path: Path
    format: str
    compressed: bool

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def delimiter(self) -> str:
        """What separates cells unless the caller says otherwise."""
        return "\t" if self.path.name.lower().removesuffix(".gz").endswith(".tsv") else ","


@dataclass(frozen=True)
class DatabaseLocation:
    """A database, and the table in it where one is named: `("table",)` or `("schema", "table")`."""

    kind: str
    uri: str
    table: tuple[str, ...]

    @property
    def database(self) -> str:
        """The database as it is printed: without a password."""
        return without_password(self.uri) if self.kind == "postgresql" else f"sqlite:{self.uri}"

    @property
    def name(self) -> str:
        """The location as it is printed: without a password."""
        written = ".".join(part if re.fullmatch(r"\w+", part) else quoted(part) for part in self.table)
        return f"{self.database}#{written}" if written else self.database


def quoted(name: str) -> str:
    """An SQL identifier. The only place where names get into SQL."""
    if "\0" in name:
        raise LocationError(f"{name!r} is no name for a table or column")
    return '"' + name.replace('"', '""') + '"'


def without_password(uri: str) -> str:
    """A PostgreSQL URI without the password, whether it stands before the host or among the parameters."""
    parts = urlsplit(uri)
    place = parts.netloc
    if "@" in place:
        user, _, host = place.rpartition("@")
        place = f"{user.partition(':')[0]}@{host}"
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in ("password", "sslpassword")]
    return urlunsplit(parts._replace(netloc=place, query=urlencode(kept, safe="/")))


def table_name(text: str, location: str) -> tuple[str, ...]:
    """The parts of a table's name, written as in SQL."""
    part = r'(?:"(?:[^"]|"")*"|[^".]+)'
    if not re.fullmatch(rf"{part}(?:\.{part})?", text):
        raise LocationError(f"{location}: expected TABLE or SCHEMA.TABLE after #, odd names in double quotes")
    names = re.findall(part, text)
    return tuple(each[1:-1].replace('""', '"') if each.startswith('"') else each for each in names)


def is_database(location: str | os.PathLike[str]) -> bool:
    """Whether a location is that of a database."""
    return isinstance(location, str) and location.startswith(("sqlite:", "postgresql:", "postgres:"))


def database_location(location: str) -> DatabaseLocation:
    """A database, with its table where one is named."""
    uri, hash_, table = location.partition("#")
    kind = "sqlite" if uri.startswith("sqlite:") else "postgresql"
    if kind == "sqlite":
        uri = uri.removeprefix("sqlite:")
        if not uri:
            raise LocationError("expected sqlite:PATH#TABLE")
    shown = without_password(uri) if kind == "postgresql" else f"sqlite:{uri}"
    return DatabaseLocation(kind, uri, table_name(table, shown) if hash_ else ())


def file_location(path: str | os.PathLike[str]) -> FileLocation:
    """A file; the ending of its name tells the format."""
    path = Path(path)
    name = path.name.lower()
    compressed = name.endswith(".gz")
    format = FORMATS.get(Path(name.removesuffix(".gz")).suffix)
    if format is None or (compressed and format != "csv"):
        raise LocationError(f"{path}: the name of a caseload ends in {ENDINGS}, or is that of a database")
    return FileLocation(path, format, compressed)
