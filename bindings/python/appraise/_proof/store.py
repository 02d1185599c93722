"""The results store: every score that was ever given, in one table that nothing is changed in or taken from."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from types import TracebackType
from typing import Any

import pyarrow as pa

from appraise import _core
from appraise._io.databases import Database, connect
from appraise._io.locations import is_database
from appraise._io.problems import LocationError
from appraise._proof.schema import COLUMNS, CURRENT, INCOMING, TABLE, TEXT, column_type, statements, triggers
from appraise._proof.stored import ScoredRows, stored_rows

FILLED = tuple(name for name in COLUMNS if not name.startswith("override_") and name not in ("after_id", "recorded_at"))
COMPARED = ("value", "value_text", "level", "standard_level", "status")


@dataclass(frozen=True)
class Appended:
    """What became of the results of a batch: rows added, already stored, and not stored because nothing tells the
    assessment from another one of the same person, or because there is no person's key."""

    added: int = 0
    already: int = 0
    ambiguous: int = 0
    nameless: int = 0

    def __add__(self, other: Appended) -> Appended:
        return Appended(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Override:
    """Another level than the score's, decided by a person. The result itself stays as it is."""

    person: str
    instrument: str
    scale: str
    level: str
    direction: str
    reason: str
    by: str
    at: datetime.datetime


class ResultsStore:
    """The table ``appraise_results`` of a database, with the view ``appraise_current``.

    Nothing is committed but by `transaction`, or by the caller's own transaction on the same database.

    >>> with open_store("sqlite:results.db") as store, store.transaction():  # doctest: +SKIP
    ...     store.append(ScoredRows(plan, scores, responses, person=responses["person"]))
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        if not database.has_table([TABLE]):  # who may only read and insert can use a store that is there
            for statement in statements(database.kind):
                database.execute(statement)
        self._check_columns()
        columns = ", ".join(
            f"{name} {'text' if COLUMNS[name] != 'number' else column_type(database.kind, name)}" for name in FILLED
        )
        database.execute(f"create temporary table if not exists {INCOMING} ({columns})")

    def _check_columns(self) -> None:
        present = set(self.database.schema(f"select * from {TABLE}").names)
        absent = [name for name in ("id", *COLUMNS) if name not in present]
        if absent:
            raise LocationError(
                f"{self.database.name}: the table {TABLE} has no column {absent[0]}; it is not a results store"
            )

    def __enter__(self) -> ResultsStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def transaction(self) -> Any:
        """Commits what is appended within, or nothing of it."""
        return self.database.transaction()

    def append(self, batch: ScoredRows) -> Appended:
        """Appends the results of a batch; what is stored by the same parts from the same responses is not again.

        Raises
        ------
        UsageError
            If a stored result of the same parts and responses is another than the one to append: one of them is wrong.
        LocationError
            If the database refuses.
        """
        total = Appended()
        for table in stored_rows(batch):
            total += self._append(table.select(FILLED)) + Appended(nameless=len(batch.scores) - len(table))
        return total

    def _append(self, table: pa.Table) -> Appended:
        database = self.database
        if not len(table):
            return Appended()
        if database.kind == "postgresql":  # SQLite lets one connection write at a time anyway
            database.rows("select pg_advisory_xact_lock(hashtextextended($1, 0))", [TABLE])
        database.execute(f"delete from {INCOMING}")
        database.ingest((INCOMING,), table, temporary=True)
        self._refuse_contradictions()
        ambiguous = self._drop_ambiguous()
        before = self._last_id()
        last = f"(select max(r.id) from {TABLE} r where r.slot = i.slot and r.kind = 'result')"
        values = ", ".join(self._cast(f"i.{name}", name) for name in FILLED)
        now = self._cast("$1", "recorded_at")
        database.execute(
            f"insert into {TABLE} ({', '.join(FILLED)}, after_id, recorded_at) "
            f"select {values}, coalesce({last}, 0), {now} from {INCOMING} i "
            f"where not exists (select 1 from {TABLE} r where r.id = {last} and r.identity = i.identity) "
            "on conflict (identity, after_id) do nothing",
            [now_text()],
        )
        added = int(database.rows(f"select count(*) from {TABLE} where id > $1", [before])[0][0])
        return Appended(added, len(table) - ambiguous - added, ambiguous)

    def unprotected(self) -> list[str]:
        """The triggers that refuse changes and are not there, or are switched off."""
        query = (
            "select name from sqlite_master where type = 'trigger' and lower(tbl_name) = $1"
            if self.database.kind == "sqlite"
            else "select tgname from pg_trigger where tgrelid = to_regclass($1) and tgenabled in ('O', 'A')"
        )
        present = {row[0] for row in self.database.rows(query, [TABLE])}
        return [name for name in triggers(self.database.kind) if name not in present]

    def rows_of(self, run_id: str) -> int:
        """How many results a run has added."""
        return int(self.database.rows(f"select count(*) from {TABLE} where run_id = $1", [run_id])[0][0])

    def _cast(self, expression: str, column: str) -> str:
        if self.database.kind == "sqlite" or COLUMNS[column] in (TEXT, "number"):
            return expression
        return f"cast({expression} as {column_type(self.database.kind, column)})"

    def _last_id(self) -> int:
        return int(self.database.rows(f"select coalesce(max(id), 0) from {TABLE}")[0][0])

    def _refuse_contradictions(self) -> None:
        differ = " or ".join(f"r.{name} is distinct from i.{name}" for name in COMPARED)
        rows = self.database.rows(
            f"select i.person_key, i.scale, r.engine from {INCOMING} i join {TABLE} r on r.identity = i.identity "
            f"and r.slot = i.slot where r.kind = 'result' and ({differ}) order by i.person_key limit 1"
        )
        if rows:
            person, scale, engine = rows[0]
            raise _core.UsageError(
                f"{self.database.name}: the stored {scale} of {person} (made by appraise {engine}) is another than "
                "the one to append, from the same responses by the same parts; audit the store before anything is added"
            )

    def _drop_ambiguous(self) -> int:
        """Takes out rows that nothing tells from another one of this run with other responses; says how many."""
        twice = (
            f"slot in (select slot from {INCOMING} group by slot having count(distinct identity) > 1) or exists "
            f"(select 1 from {TABLE} r where r.slot = {INCOMING}.slot and r.kind = 'result' "
            f"and r.run_id = {INCOMING}.run_id and r.identity <> {INCOMING}.identity)"
        )
        found = int(self.database.rows(f"select count(*) from {INCOMING} where {twice}")[0][0])
        if found:
            self.database.execute(f"delete from {INCOMING} where {twice}")
        return found

    def override(self, given: Override, scheme_of: Callable[[str, str], _core.LevelScheme]) -> int:
        """Records an override of a person's current result and returns the id of its row.

        Parameters
        ----------
        given : Override
        scheme_of : callable
            Gives the level scheme for an edition and the name of a scheme: level and direction are checked against it.

        Raises
        ------
        UsageError
            If there is no such result, it has no level, or level, direction, reason or name are not in order.
        """
        names = ("id", "slot", "level", *(name for name in FILLED if name not in ("kind", "slot", "identity", "level")))
        rows = self.database.rows(
            f"select {', '.join(f'r.{name}' for name in names)} from {TABLE} r join {CURRENT} c on c.id = r.id "
            "where c.person_key = $1 and c.instrument = $2 and c.scale = $3",
            [given.person, given.instrument, given.scale],
        )
        if not rows:
            raise _core.UsageError(
                f"{self.database.name} holds no {given.scale} of {given.instrument} for the person {given.person}"
            )
        stored = dict(zip(names, rows[0], strict=True))
        if not stored["level"]:
            raise _core.UsageError(f"the {given.scale} of {given.person} has no level that could be overridden")
        check_override(given, stored["level"], scheme_of(stored["edition"], stored["level_scheme"]))
        at = given.at.isoformat(timespec="seconds")
        about = (stored["id"], given.level, given.reason, given.by, at)
        row = {name: stored[name] for name in names if name != "id"}
        row |= {
            "kind": "override",
            "identity": hashlib.sha256("\x1f".join(map(str, about)).encode()).hexdigest(),
            "after_id": stored["id"],
            "recorded_at": now_text(),
            "override_of": stored["id"],
            "override_direction": given.direction,
            "override_level": given.level,
            "override_reason": given.reason,
            "override_by": given.by,
            "override_at": at,
        }
        filled = {name: _bound(value) for name, value in row.items() if value is not None}
        places = ", ".join(self._cast_parameter(at, name) for at, name in enumerate(filled, 1))
        self.database.execute(
            f"insert into {TABLE} ({', '.join(filled)}) values ({places}) on conflict (identity, after_id) do nothing",
            list(filled.values()),
        )
        return int(self.database.rows(f"select id from {TABLE} where identity = $1", [row["identity"]])[0][0])

    def _cast_parameter(self, at: int, name: str) -> str:
        return f"cast(${at} as {column_type(self.database.kind, name)})"

    def results(
        self, *, person: str | None = None, instrument: str | None = None, history: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """The current results, or with `history` every row that was ever appended, by person, instrument and scale."""
        wanted = {"person_key": person, "instrument": instrument}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " and ".join(f"{name} = ${at}" for at, name in enumerate(given, 1)) or "1 = 1"
        view = TABLE if history else CURRENT
        return self.database.batches(
            f"select * from {view} where {where} order by person_key, instrument, scale, id", list(given.values())
        )


def check_override(given: Override, stored: str, scheme: _core.LevelScheme) -> None:
    """Refuses an override that does not say what, why and who, or whose direction is not that of its levels."""
    for name, text in (("reason", given.reason), ("name of who decided", given.by)):
        if not text.strip():
            raise _core.UsageError(f"an override needs a {name}")
    if given.direction not in ("up", "down"):
        raise _core.UsageError(f"the direction of an override is up or down, not '{given.direction}'")
    codes = [band.code for band in scheme.bands]
    if given.level not in codes:
        raise _core.UsageError(f"there is no level '{given.level}' in {scheme.name}; there are: {', '.join(codes)}")
    moved = codes.index(given.level) - codes.index(stored)
    if moved == 0:
        raise _core.UsageError(f"the level is {stored} already")
    if (moved > 0) != (given.direction == "up"):
        raise _core.UsageError(f"from {stored} to {given.level} is not {given.direction}")


def _bound(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def now_text() -> str:
    """Now, in UTC, as it is stored."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def open_store(location: str, *, create: bool = True, database: Database | None = None) -> ResultsStore:
    """Opens the results store of a database; makes its table, triggers and view where they are not there yet.

    Parameters
    ----------
    create : bool
        Whether a store, and an SQLite database, that is not there is made.
    database : Database, optional
        A connection to use.
    """
    if not is_database(location):
        raise LocationError(f"{location} is no database; expected sqlite:PATH or postgresql://HOST/DATABASE")
    opened = database or connect(location, create=create)
    try:
        with opened.transaction():
            if not create and not opened.has_table([TABLE]):
                raise LocationError(f"{opened.name} has no results store; appraise score --store makes one")
            return ResultsStore(opened)
    except BaseException:
        if database is None:
            opened.close()
        raise
