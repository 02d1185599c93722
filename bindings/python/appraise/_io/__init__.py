"""Sources, sinks and databases of the command line.

A *location* says where something lies: a path, or a database (`locations`). `open_source` reads one, `open_sink` writes
one, `connect` gives a database itself. What goes wrong is a `LocationError` of one line.
"""

from __future__ import annotations

import os
from pathlib import Path

from appraise._io.database_sink import DatabaseSink
from appraise._io.database_source import DatabaseSource
from appraise._io.databases import Database, connect
from appraise._io.digests import ValuesDigest, file_digest, sha256_of
from appraise._io.file_sinks import ArrowSink, ParquetSink, TextSink
from appraise._io.files import ArrowSource, FolderSource, ParquetSource, files_in
from appraise._io.locations import (
    DatabaseLocation,
    FileLocation,
    database_location,
    file_location,
    is_database,
    quoted,
)
from appraise._io.problems import LocationError, first_line, problems
from appraise._io.run_folder import write_whole
from appraise._io.sink import Sink, plain
from appraise._io.source import BATCH_ROWS, BadRow, ReadOptions, Source, SourceBatch
from appraise._io.text import TextSource

DEFAULT = ReadOptions()


def open_source(
    location: str | os.PathLike[str],
    *,
    query: str | None = None,
    read: ReadOptions = DEFAULT,
    database: Database | None = None,
) -> Source:
    """Opens a caseload.

    Parameters
    ----------
    location : str or path
        A file (.csv, .csv.gz, .tsv, .parquet, .arrow ...), a folder of such files, ``sqlite:PATH#TABLE`` or
        ``postgresql://HOST/DATABASE#TABLE``.
    query : str, optional
        For a database, in place of a table. It should state an order.
    read : ReadOptions
        Delimiter and encoding of text.
    database : Database, optional
        A connection to use for a database.

    Raises
    ------
    LocationError
        If there is no such caseload, it is not what its name says, or a column comes twice.
    """
    if is_database(location):
        return DatabaseSource(database_location(str(location)), query, database)
    if query is not None:
        raise LocationError(f"{location}: a query needs a database, as in sqlite:PATH or postgresql://HOST/DATABASE")
    path = Path(location)
    if path.is_dir():
        return FolderSource(path, [_file(file_location(each), read) for each in files_in(path)])
    return _file(file_location(path), read)


def _file(location: FileLocation, read: ReadOptions) -> Source:
    if location.format == "csv":
        return TextSource(location, read)
    return ParquetSource(location) if location.format == "parquet" else ArrowSource(location)


def open_sink(location: str | os.PathLike[str], *, replace: bool = False, database: Database | None = None) -> Sink:
    """Opens where a result goes, and locks it.

    Parameters
    ----------
    location : str or path
        A file, ``sqlite:PATH#TABLE`` or ``postgresql://HOST/DATABASE#TABLE``.
    replace : bool
        Whether a table that is there already may be replaced; a file always is.
    database : Database, optional
        A connection to use for a database.

    Raises
    ------
    LocationError
        If it cannot be written, or another run is writing to it.
    """
    if is_database(location):
        return DatabaseSink(database_location(str(location)), replace=replace, database=database)
    file = file_location(location)
    if file.format == "csv":
        return TextSink(file)
    return ParquetSink(file) if file.format == "parquet" else ArrowSink(file)


__all__ = [
    "BATCH_ROWS",
    "BadRow",
    "Database",
    "DatabaseLocation",
    "FileLocation",
    "LocationError",
    "ReadOptions",
    "Sink",
    "Source",
    "SourceBatch",
    "ValuesDigest",
    "connect",
    "database_location",
    "file_digest",
    "file_location",
    "first_line",
    "is_database",
    "open_sink",
    "open_source",
    "plain",
    "problems",
    "quoted",
    "sha256_of",
    "write_whole",
]
