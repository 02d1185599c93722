"""The table of the results store, in SQLite and in PostgreSQL: append-only by the database itself."""

from __future__ import annotations

from collections.abc import Iterator

TABLE = "appraise_results"
CURRENT = "appraise_current"
INCOMING = "appraise_incoming"

TEXT, NUMBER, DATE, TIME, ID = "text", "number", "date", "time", "id"
COLUMNS = {
    "kind": TEXT,
    "slot": TEXT,
    "identity": TEXT,
    "after_id": ID,
    "person_key": TEXT,
    "assessed_on": DATE,
    "rater": TEXT,
    "instrument": TEXT,
    "edition": TEXT,
    "digests": TEXT,
    "engine": TEXT,
    "as_of": DATE,
    "scale": TEXT,
    "value": NUMBER,
    "value_text": TEXT,
    "level_scheme": TEXT,
    "level": TEXT,
    "standard_level": TEXT,
    "status": TEXT,
    "reasons": TEXT,
    "inputs": TEXT,
    "run_id": TEXT,
    "recorded_at": TIME,
    "override_of": ID,
    "override_direction": TEXT,
    "override_level": TEXT,
    "override_reason": TEXT,
    "override_by": TEXT,
    "override_at": TIME,
}
"""Columns besides ``id``. ``slot`` is the digest of what a result is about (person, assessment, instrument, edition,
parts, scale), ``identity`` that of the slot with the responses, ``after_id`` the result of the same slot before it."""

REQUIRED = (
    "kind",
    "slot",
    "identity",
    "after_id",
    "person_key",
    "instrument",
    "edition",
    "digests",
    "engine",
    "scale",
    "status",
    "inputs",
    "run_id",
    "recorded_at",
)
TYPES = {
    "sqlite": {TEXT: "text", NUMBER: "real", DATE: "text", TIME: "text", ID: "integer"},
    "postgresql": {TEXT: "text", NUMBER: "double precision", DATE: "date", TIME: "timestamptz", ID: "bigint"},
}
KEYS = {"sqlite": "integer primary key autoincrement", "postgresql": "bigint generated always as identity primary key"}
REFUSAL = f"{TABLE} is append-only: a correction is a new row"


def triggers(kind: str) -> tuple[str, ...]:
    """The triggers that refuse changes."""
    return (
        "appraise_no_update",
        "appraise_no_delete",
        "appraise_no_replace" if kind == "sqlite" else "appraise_no_truncate",
    )


def column_type(kind: str, column: str) -> str:
    """The type of a column in the database of that kind."""
    return TYPES[kind][COLUMNS[column]]


def statements(kind: str) -> Iterator[str]:
    """What makes the table, its triggers and its view, where they are not there yet."""
    columns = [f"{name} {column_type(kind, name)}{' not null' if name in REQUIRED else ''}" for name in COLUMNS]
    rules = [
        "unique (identity, after_id)",
        "check (kind in ('result', 'override'))",
        "check (kind = 'result' or (override_of is not null and override_level is not null and override_reason <> '' "
        "and override_by <> '' and override_at is not null and override_direction in ('up', 'down')))",
    ]
    yield f"create table if not exists {TABLE} (id {KEYS[kind]}, {', '.join([*columns, *rules])})"
    yield f"create index if not exists appraise_results_slot on {TABLE} (slot, id)"
    yield f"create index if not exists appraise_results_person on {TABLE} (person_key, instrument, scale)"
    yield from _sqlite_triggers() if kind == "sqlite" else _postgresql_triggers()
    yield (
        f"create view if not exists {CURRENT} as {_current()}"
        if kind == "sqlite"
        else f"create or replace view {CURRENT} as {_current()}"
    )


def _sqlite_triggers() -> Iterator[str]:
    for event in ("update", "delete"):
        yield (
            f"create trigger if not exists appraise_no_{event} before {event} on {TABLE} "
            f"begin select raise(abort, '{REFUSAL}'); end"
        )
    # "insert or replace" removes the row in its way without firing the trigger of a deletion.
    yield (
        f"create trigger if not exists appraise_no_replace before insert on {TABLE} "
        f"when exists (select 1 from {TABLE} where id = new.id or (identity = new.identity "
        "and after_id = new.after_id)) begin select raise(ignore); end"
    )


def _postgresql_triggers() -> Iterator[str]:
    yield (
        "create or replace function appraise_append_only() returns trigger language plpgsql as "
        f"$body$ begin raise exception '{REFUSAL}'; end $body$"
    )
    for event, each in (("update", "row"), ("delete", "row"), ("truncate", "statement")):
        yield (
            f"create or replace trigger appraise_no_{event} before {event} on {TABLE} "
            f"for each {each} execute function appraise_append_only()"
        )


def _current() -> str:
    """The last result of each person, instrument and scale, with its last override."""
    kept = [name for name in COLUMNS if not name.startswith("override_") and name not in ("kind", "slot", "after_id")]
    return f"""
        select r.id, {", ".join(f"r.{name}" for name in kept)},
               o.override_direction, o.override_level, o.override_reason, o.override_by, o.override_at,
               coalesce(o.override_level, r.level) as final_level
        from (
            select *, row_number() over (
                partition by person_key, instrument, scale
                order by coalesce(assessed_on, as_of) desc nulls last, id desc
            ) as nth
            from {TABLE} where kind = 'result'
        ) r
        left join {TABLE} o on o.id = (
            select max(id) from {TABLE} where kind = 'override' and slot = r.slot and override_of = r.id
        )
        where r.nth = 1"""
