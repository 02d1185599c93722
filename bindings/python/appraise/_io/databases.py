"""Databases through ADBC: SQLite, embedded, and PostgreSQL.

>>> with connect("sqlite:caseload.db") as database:  # doctest: +SKIP
...     with database.transaction():
...         database.execute("insert into seen values ($1, $2)", ("S1", 3))
...     for batch in database.batches("select * from seen"):
...         ...

Values are parameters, written ``$1``, ``$2`` in both databases; names get into SQL by `quoted` only.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from appraise._io.locations import DatabaseLocation, database_location, quoted
from appraise._io.problems import LocationError, first_line

DRIVERS = {"sqlite": "adbc_driver_sqlite", "postgresql": "adbc_driver_postgresql"}
SQLITE_TIMEOUT_MS = 10_000


def connect(location: str | DatabaseLocation, *, create: bool = False) -> Database:
    """Connects to a database.

    Parameters
    ----------
    location : str
        ``sqlite:PATH`` or ``postgresql://...``; a table after # plays no part. PostgreSQL takes passwords from where
        libpq does: PGPASSFILE, PGPASSWORD, a service file or the location; they are never printed.
    create : bool
        Whether an SQLite database that is not there is made.

    Raises
    ------
    LocationError
        If there is no such database, or the driver is not installed.
    """
    if isinstance(location, str):
        location = database_location(location)
    return Database(location, create)


class Database:
    """A connection. Everything is in a transaction; what is not committed by `transaction` or `commit` does not count.

    Attributes
    ----------
    kind : str
        ``sqlite`` or ``postgresql``.
    name : str
        As printed; never with a password.
    """

    def __init__(self, location: DatabaseLocation, create: bool) -> None:
        self.kind = location.kind
        self.name = location.database
        self._uri = location.uri
        driver = DRIVERS[self.kind]
        try:
            self._dbapi: Any = importlib.import_module(f"{driver}.dbapi")
            self._error: type[Exception] = importlib.import_module("adbc_driver_manager").Error
        except ModuleNotFoundError as missing:
            raise LocationError(
                f"{self.name}: databases need {missing.name}; install it with: pip install 'appraise[sql]'"
            ) from None
        if self.kind == "sqlite" and not create and not Path(self._uri).is_file():
            raise LocationError(f"cannot open {self.name}: there is no such file")
        with self._problems("connect to"):
            self._connection: Any = self._dbapi.connect(self._uri)
        if self.kind == "sqlite":
            with self.closed_on_failure(owned=True):
                self.execute(f"pragma busy_timeout = {SQLITE_TIMEOUT_MS}")

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. What was not committed is undone."""
        with self._problems("close"):
            self._connection.close()

    @contextmanager
    def closed_on_failure(self, *, owned: bool) -> Iterator[None]:
        """Ends an own connection if what is done within fails."""
        try:
            yield
        except BaseException:
            if owned:
                self.close()
            raise

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Runs a statement that gives no rows."""
        with self._problems("use"), self._connection.cursor() as cursor:
            cursor.execute(sql, tuple(parameters) or None)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a small query."""
        with self._problems("read"), self._connection.cursor() as cursor:
            cursor.execute(sql, tuple(parameters) or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def batches(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[pa.RecordBatch]:
        """The rows of a query of any size, as record batches."""
        with self._problems("read"), self._connection.cursor() as cursor:
            if self.kind == "sqlite":
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": "65536"})
            cursor.execute(sql, tuple(parameters) or None)
            yield from cursor.fetch_record_batch()

    def schema(self, sql: str) -> pa.Schema:
        """The columns of a query. Those of SQLite have the types of its first row."""
        with self._problems("read"), self._connection.cursor() as cursor:
            cursor.execute(f"select * from ({sql}) as q limit 1")
            return cursor.fetch_record_batch().schema

    def ingest(self, table: Sequence[str], data: pa.Table, *, create: bool = False, temporary: bool = False) -> None:
        """Appends rows to a table, or makes it first. Labels become text."""
        *schema, name = table
        options: dict[str, Any] = {"db_schema_name": schema[0]} if schema else {}
        if temporary:
            options["temporary"] = True
        with self._problems("write to"), self._connection.cursor() as cursor:
            cursor.adbc_ingest(name, data, mode="create" if create else "append", **options)

    def has_table(self, table: Sequence[str]) -> bool:
        """Whether there is a table or view of that name."""
        *schema, name = table
        if self.kind == "sqlite":
            master = f"{quoted(schema[0])}.sqlite_master" if schema else "sqlite_master"
            return bool(self.rows(f"select 1 from {master} where lower(name) = lower($1)", [name]))
        return self.rows("select to_regclass($1) is not null", [self.quote(*table)])[0][0] is True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits what is done within, or undoes all of it."""
        try:
            yield
        except BaseException:
            self.rollback()
            raise
        self.commit()

    def commit(self) -> None:
        with self._problems("commit to"):
            self._connection.commit()

    def rollback(self) -> None:
        with self._problems("use"):
            self._connection.rollback()

    @staticmethod
    def quote(*name: str) -> str:
        """A table or column in SQL."""
        return ".".join(quoted(part) for part in name)

    @contextmanager
    def _problems(self, doing: str) -> Iterator[None]:
        try:
            yield
        except self._error as problem:
            raise LocationError(f"cannot {doing} {self.name}: {self._without_secrets(first_line(problem))}") from None
        except (pa.ArrowException, OSError) as problem:
            raise LocationError(f"cannot {doing} {self.name}: {self._without_secrets(first_line(problem))}") from None

    def _without_secrets(self, text: str) -> str:
        text = re.sub(r"^[A-Z_]+: (\[\w+\] )?", "", text)  # the driver's own status
        return text.replace(self._uri, self.name) if self.kind == "postgresql" else text
