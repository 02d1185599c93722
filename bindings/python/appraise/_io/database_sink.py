"""A table of a database as a sink."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from appraise._io.databases import Database, connect
from appraise._io.digests import ValuesDigest
from appraise._io.locations import DatabaseLocation
from appraise._io.problems import LocationError
from appraise._io.run_folder import Lock
from appraise._io.sink import plain

RUNS = "appraise_runs"
LOCK_ATTEMPTS = 50  # a tenth of a second apart: the server notices only after a while that a run was killed


class DatabaseSink:
    """Rows go to a table of another name, with the journal in the same transaction; the last one gives it its own name.

    A table has no order: the first column has to tell it. The journals of unfinished runs are rows of the table
    ``appraise_runs``.
    """

    keeps_order = False

    def __init__(self, location: DatabaseLocation, *, replace: bool, database: Database | None = None) -> None:
        if not location.table:
            raise LocationError(f"{location.name}: name a table after #")
        self.name = location.name
        self._location = location
        self._replace = replace
        *self._schema, self._table = location.table
        digest = hashlib.sha256("\0".join(location.table).encode()).hexdigest()[:16]
        self._partial = [*self._schema, f"appraise_partial_{digest}"]
        self._owns = database is None
        self._database = database or connect(location, create=True)
        self._created = False
        with self._database.closed_on_failure(owned=self._owns):
            self._lock = self._locked(digest)

    def journal(self) -> dict[str, Any] | None:
        if not self._database.has_table([RUNS]):
            return None
        rows = self._database.rows(f"select journal from {RUNS} where output = $1", [self.name])
        journal: dict[str, Any] | None = json.loads(rows[0][0]) if rows else None
        return journal

    def begin(self) -> None:
        self._check_target()
        quote = self._database.quote
        with self._database.transaction():
            self._database.execute(
                f"create table if not exists {RUNS} (output text primary key, journal text not null)"
            )
            self._database.execute(f"delete from {RUNS} where output = $1", [self.name])
            self._database.execute(f"drop table if exists {quote(*self._partial)}")

    def resume(self) -> None:
        self._created = self._database.has_table(self._partial)
        if self._created:
            self._check_target()

    def write(self, table: pa.Table) -> None:
        self._database.ingest(self._partial, plain(table), create=not self._created)
        self._created = True

    def checkpoint(self, journal: dict[str, Any]) -> None:
        self._database.execute(f"delete from {RUNS} where output = $1", [self.name])
        self._database.execute(f"insert into {RUNS} values ($1, $2)", [self.name, json.dumps(journal)])
        self._database.commit()

    def commit(self) -> None:
        if not self._database.has_table(self._partial):
            return
        quote = self._database.quote
        with self._database.transaction():
            if self._replace:
                self._database.execute(f"drop table if exists {quote(*self._location.table)}")
            self._database.execute(f"alter table {quote(*self._partial)} rename to {quote(self._table)}")

    def digest(self) -> dict[str, Any]:
        digest, rows = ValuesDigest(), 0
        table = self._database.quote(*self._location.table)
        for batch in self._database.batches(f"select * from {table} order by 1"):
            digest.add(batch)
            rows += batch.num_rows
        return {"location": self.name, "rows": rows, "values_sha256": digest.end()}

    def finish(self) -> None:
        with self._database.transaction():
            self._database.execute(f"delete from {RUNS} where output = $1", [self.name])
        self.close()

    def close(self) -> None:
        if self._owns:
            self._database.close()
        else:
            self._database.rollback()
        if self._lock:
            self._lock.path.unlink(missing_ok=True)
            self._lock.release()

    def _check_target(self) -> None:
        if not self._replace and self._database.has_table(self._location.table):
            raise LocationError(f"{self.name} is there already; to put the result in its place: --replace")

    def _locked(self, digest: str) -> Lock | None:
        if self._database.kind == "sqlite":
            file = Path(self._location.uri)
            return Lock(file.with_name(f".{file.name}.{digest}.lock"), self.name)
        for _ in range(LOCK_ATTEMPTS):
            if self._database.rows("select pg_try_advisory_lock(hashtextextended($1, 0))", [self.name])[0][0]:
                self._database.commit()
                return None
            time.sleep(0.1)
        raise LocationError(f"another run is writing to {self.name}")
