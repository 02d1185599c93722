"""A table or query of a database as a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from appraise._io.databases import Database, connect
from appraise._io.digests import ValuesDigest
from appraise._io.locations import DatabaseLocation
from appraise._io.problems import LocationError
from appraise._io.source import SourceBatch, from_row, unique

# SQLite types values, not columns, and its driver takes the types of the first rows for those of all: columns that are
# not whole numbers throughout are read as text, with this for NULL.
NULL = "\x1fNULL\x1f"


class DatabaseSource:
    """The rows of a table, in the order of its key, or of a query, which should state an order.

    All rows are read in one transaction. A table without a primary key is read in the order in which it is stored.
    """

    def __init__(self, location: DatabaseLocation, query: str | None, database: Database | None = None) -> None:
        if (query is None) == (not location.table):
            raise LocationError(f"{location.name}: name a table after # or give a query, not both")
        self.name = location.name
        self.rows: int | None = None
        self._location = location
        self._query = None if query is None else query.strip().rstrip(";")
        self._digest = ValuesDigest()
        self._digests: dict[int, str] = {}
        self._owns = database is None
        self._database = database or connect(location)
        with self._database.closed_on_failure(owned=self._owns):
            if self._database.kind == "postgresql":
                self._database.execute("set transaction isolation level repeatable read, read only")
            sql = self._query or f"select * from {Database.quote(*location.table)}"
            self._schema = self._database.schema(sql)
            self.columns = unique(self._schema.names, self.name)
            is_sqlite = self._database.kind == "sqlite"
            self._select = self._sqlite_select(sql) if is_sqlite else self._postgresql_select(sql)

    def batches(self, columns: Sequence[str], *, start: int = 0) -> Iterator[SourceBatch]:
        return from_row(self._all(columns), start)

    def digest(self) -> dict[str, Any]:
        query = {"query": self._query} if self._query else {}
        return {"location": self.name, **query, "rows": self.rows, "values_sha256": self._digest.end()}

    def stamp(self) -> list[int]:
        return []

    def digest_at(self, rows: int) -> str | None:
        """Known of multiples of `ValuesDigest.GROUP`."""
        return self._digests.get(rows)

    def close(self) -> None:
        if self._owns:
            self._database.close()

    def _all(self, columns: Sequence[str]) -> Iterator[SourceBatch]:
        first, names = 1, list(columns)
        self._digest = ValuesDigest(at=self._digests)
        for batch in self._database.batches(self._select):
            batch = batch.select(names)
            if self._database.kind == "sqlite":
                batch = _with_nulls(batch)
            self._digest.add(batch)
            yield SourceBatch(batch, first)
            first += batch.num_rows
        if first == 1:
            types = [self._schema.field(name).type for name in names]
            empty = [pa.nulls(0, each if _is_plain(each) else pa.string()) for each in types]
            yield SourceBatch(pa.RecordBatch.from_arrays(empty, names=names), first)
        self.rows = first - 1

    def _sqlite_select(self, sql: str) -> str:
        quoted = {name: Database.quote(name) for name in self.columns}
        whole = ", ".join(f"sum(typeof({each}) not in ('integer', 'null'))" for each in quoted.values())
        self.rows, *others = self._database.rows(f"select count(*), {whole} from ({sql}) as q")[0]
        selected = [
            f"case typeof({column}) when 'null' then '{NULL}' when 'real' then printf('%!.17g', {column}) "
            f"else cast({column} as text) end as {column}"
            if other
            else column
            for column, other in zip(quoted.values(), others, strict=True)
        ]
        return f"select {', '.join(selected)} from ({sql}{self._sqlite_order()}) as q"

    def _sqlite_order(self) -> str:
        if self._query:
            return ""
        *schema, name = self._location.table
        found = self._database.rows(
            "select type, wr from pragma_table_list where lower(name) = lower($1) and schema = $2",
            [name, schema[0] if schema else "main"],
        )
        if found and found[0][0] == "table" and not found[0][1]:
            return " order by rowid"
        return " order by " + ", ".join(str(at + 1) for at in range(len(self.columns)))

    def _postgresql_select(self, sql: str) -> str:
        selected = [
            Database.quote(each.name)
            if _is_plain(each.type)
            else f"{Database.quote(each.name)}::text as {Database.quote(each.name)}"
            for each in self._schema
        ]
        if self._query:
            return f"select {', '.join(selected)} from ({sql}) as q"
        table = Database.quote(*self._location.table)
        self.rows = self._database.rows(f"select count(*) from {table}")[0][0]
        return f"select {', '.join(selected)} from {table}{self._postgresql_order(table)}"

    def _postgresql_order(self, table: str) -> str:
        keys = self._database.rows(
            "select a.attname from pg_index i cross join unnest(i.indkey) with ordinality k(number, at) "
            "join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number "
            "where i.indisprimary and i.indrelid = to_regclass($1) order by k.at",
            [table],
        )
        if keys:
            return " order by " + ", ".join(Database.quote(key) for (key,) in keys)
        kind = self._database.rows("select relkind::text from pg_class where oid = to_regclass($1)", [table])
        if kind and kind[0][0] == "r":
            return " order by ctid"
        return " order by " + ", ".join(str(at + 1) for at in range(len(self.columns)))


def _is_plain(type: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_integer(type)
        or types.is_floating(type)
        or types.is_boolean(type)
        or types.is_string(type)
        or types.is_date(type)
        or (types.is_timestamp(type) and type.tz is None)
    )


def _with_nulls(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Text that stands for NULL as null."""
    columns = []
    for column in batch.columns:
        if pa.types.is_string(column.type):
            column = pc.if_else(pc.equal(column, NULL), pa.scalar(None, pa.string()), column)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
