"""The results store, in SQLite and in PostgreSQL: nothing is stored twice, changed or taken away."""

import datetime
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

import appraise as ap
from appraise._io import LocationError, connect
from appraise._proof.rescoring import Plan
from appraise._proof.schema import COLUMNS
from appraise._proof.store import Appended, Override, ResultsStore, open_store
from appraise._proof.stored import ScoredRows, inputs_digest
from conftest import ROWS, count

PERSONS = ["p1", "p2", "p3", "p4", "p5"]
SCALES = ["total", "chance", "majority", "category"]
REASONS = "missing: act; missing: born; missing: severity; omitted: first"
NOW = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)
Batch = Callable[..., ScoredRows]


@pytest.fixture
def store(location: str) -> Iterator[ResultsStore]:
    with open_store(location) as opened:
        yield opened


@pytest.fixture
def batch(sample: ap.Instrument) -> Batch:
    plan = Plan(ap.compile(sample))

    def make(rows: dict[str, list[Any]] | None = None, run_id: str = "run 1", **more: Any) -> ScoredRows:
        table = pa.table(ROWS if rows is None else rows)
        persons = more.pop("person", PERSONS[: len(table)])
        given = {name: pa.array(values) for name, values in more.items() if isinstance(values, list)}
        others = {name: value for name, value in more.items() if not isinstance(value, list)}
        scores = ap.score(plan.plan, table).to_pyarrow()
        return ScoredRows(plan, scores, table, pa.array(persons, pa.string()), run_id=run_id, **given, **others)

    return make


def append(store: ResultsStore, batch: ScoredRows) -> Appended:
    with store.transaction():
        return store.append(batch)


def rows(store: ResultsStore, **wanted: Any) -> list[dict[str, Any]]:
    return [row for part in store.results(**wanted) for row in part.to_pylist()]


def test_every_result_is_stored_with_what_made_it(store: ResultsStore, batch: Batch, sample: ap.Instrument) -> None:
    day = datetime.date(2026, 1, 31)
    assert append(store, batch(rater=["r"] * 5, as_of=day)) == Appended(5 * len(SCALES), 0, 0)
    found = {(row["person_key"], row["scale"]): row for row in rows(store)}
    assert set(found) == {(person, scale) for person in PERSONS for scale in SCALES}
    total = found["p1", "total"]
    assert (total["value"], total["level"], total["standard_level"], total["status"]) == (5.0, "high", "V", "scored")
    assert (total["instrument"], total["edition"], total["engine"]) == ("sample", "1", ap.__version__)
    assert (total["rater"], str(total["as_of"]), total["run_id"]) == ("r", "2026-01-31", "run 1")
    digests = {part.name: part.digest for part in sample.parts}
    said = json.loads(total["digests"])
    assert said == {name: digests[name] for name in ("scoring", "levels/main")}
    incomplete = found["p3", "total"]
    assert (incomplete["value"], incomplete["level"]) == (None, None)
    assert (incomplete["status"], incomplete["reasons"]) == ("incomplete", REASONS)
    assert set(rows(store, history=True)[0]) == {"id", *COLUMNS}


def test_a_rerun_adds_nothing(store: ResultsStore, batch: Batch) -> None:
    append(store, batch())
    for again in (batch(), batch(run_id="run 2"), batch(run_id="run 3", as_of=datetime.date(2027, 1, 1))):
        assert append(store, again) == Appended(0, 20, 0)
    assert count(store) == 20


def test_other_responses_dates_and_raters_are_other_results(store: ResultsStore, batch: Batch) -> None:
    append(store, batch())
    changed = ROWS | {"priors": [0, *ROWS["priors"][1:]]}
    assert append(store, batch(changed, run_id="run 2")).added == 4
    assert append(store, batch(assessed_on=["2026-01-01"] * 5)).added == 20
    assert append(store, batch(assessed_on=["2026-01-01"] * 5, rater=["r"] * 5)).added == 20


def test_responses_that_change_back_are_current_again(store: ResultsStore, batch: Batch) -> None:
    changed = ROWS | {"priors": [0, *ROWS["priors"][1:]]}
    for number, given in enumerate((ROWS, changed, ROWS, ROWS)):
        append(store, batch(given, run_id=f"run {number}"))
    (current,) = [row for row in rows(store, person="p1") if row["scale"] == "total"]
    assert (current["value"], current["run_id"]) == (5.0, "run 2")
    assert len([row for row in rows(store, person="p1", history=True) if row["scale"] == "total"]) == 3


def test_the_last_assessment_is_the_current_one(store: ResultsStore, batch: Batch) -> None:
    older = ROWS | {"priors": [0, 0, 0, 0, 0]}
    append(store, batch(assessed_on=["2026-05-01"] * 5))
    append(store, batch(older, assessed_on=["2025-05-01"] * 5, run_id="late"))
    assert {str(row["assessed_on"]) for row in rows(store)} == {"2026-05-01"}
    assert len(rows(store, history=True)) == 40


def test_what_nothing_tells_apart_is_not_stored(store: ResultsStore, batch: Batch) -> None:
    assert append(store, batch(person=["p1", "p1", "p3", "p4", "p5"])) == Appended(12, 0, 8)
    late = {name: values[1:2] for name, values in ROWS.items()}
    assert append(store, batch(late, person=["p3"])) == Appended(0, 0, 4)
    assert append(store, batch(late, person=["p3"], run_id="run 2")) == Appended(4, 0, 0)


def test_rows_without_a_person_are_not_stored(store: ResultsStore, batch: Batch) -> None:
    assert append(store, batch(person=["p1", None, "", "p4", "p5"])) == Appended(added=12, nameless=8)
    one = {name: values[:1] for name, values in ROWS.items()}
    assert append(store, batch(one, person=[None])) == Appended(nameless=4)


def test_another_result_from_the_same_is_refused(store: ResultsStore, batch: Batch) -> None:
    append(store, batch())
    good = batch(run_id="run 2")
    totals = pa.array([6, None, None, 1, None], pa.int32())
    bad = good.scores.set_column(good.scores.column_names.index("total"), "total", totals)
    with pytest.raises(ap.UsageError, match=r"the stored total of p1 .* is another than the one to append"):
        append(store, ScoredRows(good.plan, bad, good.responses, good.person, run_id="run 2"))
    assert count(store) == 20


def test_nothing_of_a_broken_transaction_is_stored(store: ResultsStore, batch: Batch) -> None:
    def break_off() -> None:
        with store.transaction():
            store.append(batch())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert count(store) == 0


STATEMENTS = [
    "update appraise_results set level = 'low'",
    "update appraise_results set value = 1 where id = 1",
    "delete from appraise_results",
    "delete from appraise_results where person_key = 'p1'",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_changes(store: ResultsStore, batch: Batch, statement: str) -> None:
    append(store, batch())
    before = rows(store, history=True)
    with pytest.raises(LocationError, match="append-only"), store.transaction():
        store.database.execute(statement)
    assert rows(store, history=True) == before


@pytest.mark.parametrize("location", ["postgresql"], indirect=True)
def test_a_role_that_may_only_read_and_insert_fills_a_store(location: str, batch: Batch) -> None:
    role = f"nightly_{os.getpid()}"
    with open_store(location) as store, store.transaction():
        store.append(batch(run_id="owner"))
        store.database.execute(f"create role {role} login")
        for name in ("appraise_results", "appraise_current"):
            store.database.execute(f"grant select, insert on {name} to {role}")
    nightly = location.replace("tester", role)
    with open_store(nightly) as store:
        assert append(store, batch(assessed_on=["2026-01-01"] * 5)).added == 20
        with pytest.raises(LocationError, match="permission denied"), store.transaction():
            store.database.execute("delete from appraise_results")
    with open_store(location) as store, store.transaction():
        assert count(store) == 40
        store.database.execute(f"drop owned by {role}")
        store.database.execute(f"drop role {role}")


def test_an_unprotected_store_is_told(store: ResultsStore) -> None:
    assert store.unprotected() == []
    with store.transaction():
        on = "" if store.database.kind == "sqlite" else " on appraise_results"
        store.database.execute(f"drop trigger appraise_no_delete{on}")
    assert store.unprotected() == ["appraise_no_delete"]
    if store.database.kind == "postgresql":
        with store.transaction():
            store.database.execute("alter table appraise_results disable trigger appraise_no_update")
        assert store.unprotected() == ["appraise_no_update", "appraise_no_delete"]


def test_rows_are_not_replaced_or_truncated(store: ResultsStore, batch: Batch) -> None:
    append(store, batch())
    before = rows(store, history=True)
    if store.database.kind == "postgresql":
        with pytest.raises(LocationError, match="append-only"), store.transaction():
            store.database.execute("truncate appraise_results")
    else:
        names = ", ".join(COLUMNS)
        values = ", ".join("'forged'" if name == "level" else name for name in COLUMNS)
        with store.transaction():
            store.database.execute(
                f"insert or replace into appraise_results (id, {names}) select id, {values} from appraise_results"
            )
    assert rows(store, history=True) == before


# Overrides


def scheme(sample: ap.Instrument) -> Callable[[str, str], Any]:
    return lambda edition, name: next(each for each in sample.levels if each.name == name)


def override(**more: Any) -> Override:
    given: dict[str, Any] = {
        "person": "p4",
        "instrument": "sample",
        "scale": "total",
        "level": "high",
        "direction": "up",
    }
    return Override(**(given | {"reason": "seen in interview", "by": "panel", "at": NOW} | more))


def test_an_override_keeps_the_original(store: ResultsStore, batch: Batch, sample: ap.Instrument) -> None:
    append(store, batch())
    with store.transaction():
        first = store.override(override(), scheme(sample))
        assert store.override(override(), scheme(sample)) == first
    (current,) = [row for row in rows(store, person="p4") if row["scale"] == "total"]
    assert (current["level"], current["final_level"]) == ("low", "high")
    assert (current["override_reason"], current["override_by"]) == ("seen in interview", "panel")
    assert str(current["override_at"]).startswith("2026-11-27")
    kept = [row for row in rows(store, person="p4", history=True) if row["scale"] == "total"]
    assert [(row["kind"], row["value"], row["level"], row["override_level"]) for row in kept] == [
        ("result", 1.0, "low", None),
        ("override", 1.0, "low", "high"),
    ]


def test_the_last_override_holds_until_there_is_a_new_result(
    store: ResultsStore, batch: Batch, sample: ap.Instrument
) -> None:
    append(store, batch())
    with store.transaction():
        store.override(override(), scheme(sample))
        store.override(override(level="middle", reason="appeal"), scheme(sample))
    assert append(store, batch(run_id="run 2")).added == 0

    def final() -> str:
        (current,) = [row for row in rows(store, person="p4") if row["scale"] == "total"]
        return str(current["final_level"])

    assert final() == "middle"
    append(store, batch(ROWS | {"priors": [*ROWS["priors"][:3], 3, 3]}, run_id="run 3"))
    assert final() == "middle"  # the level of the new result: 0 + 0 + 2
    assert rows(store, person="p4")[-1]["override_by"] is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"person": "nobody"}, "holds no total of sample for the person nobody"),
        ({"person": "p3"}, "has no level"),
        ({"scale": "chance"}, "has no level|holds no"),
        ({"level": "top"}, "no level 'top' in main; there are: low, middle, high"),
        ({"level": "low"}, "low already"),
        ({"direction": "down"}, "from low to high is not down"),
        ({"direction": "sideways"}, "up or down"),
        ({"reason": "  "}, "needs a reason"),
        ({"by": ""}, "needs a name"),
    ],
)
def test_an_override_says_what_why_and_who(
    store: ResultsStore, batch: Batch, sample: ap.Instrument, more: dict[str, str], says: str
) -> None:
    append(store, batch())
    with pytest.raises(ap.UsageError, match=says), store.transaction():
        store.override(override(**more), scheme(sample))
    assert count(store) == 20


def test_the_database_refuses_an_override_without_a_reason(store: ResultsStore, batch: Batch) -> None:
    append(store, batch())
    names = ", ".join(COLUMNS)
    values = ", ".join(
        {"kind": "'override'", "identity": "'x'", "override_of": "id", "override_level": "'low'"}.get(name, name)
        for name in COLUMNS
    )
    with pytest.raises(LocationError), store.transaction():
        store.database.execute(f"insert into appraise_results ({names}) select {values} from appraise_results")


# Identity


def test_responses_are_told_apart_by_their_digest() -> None:
    def digest(**columns: list[Any]) -> list[str]:
        return inputs_digest(pa.table(columns), ["a", "b"])

    assert digest(a=[1], b=[None]) == digest(b=[None], a=[1])
    different = [digest(a=[1], b=[None]), digest(a=[None], b=[1]), digest(a=[1], b=[""]), digest(a=["1=b"], b=["x"])]
    assert len({each[0] for each in different}) == 4
    assert digest(a=[1, 1], b=["x", "x"])[0] == digest(a=[1, 1], b=["x", "x"])[1]
    assert inputs_digest(pa.table({"other": [1]}), ["a"]) == inputs_digest(pa.table({"other": [2]}), ["a"])


def test_labels_and_plain_text_have_the_same_digest() -> None:
    plain = pa.table({"a": ["yes", None]})
    coded = pa.table({"a": pa.array(["yes", None]).dictionary_encode()})
    assert inputs_digest(plain, ["a"]) == inputs_digest(coded, ["a"])


def test_a_table_of_that_name_that_is_no_store_is_refused(location: str) -> None:
    with connect(location, create=True) as database, database.transaction():
        database.execute(
            "create table appraise_results (slot text, id integer, person_key text, instrument text, scale text)"
        )
    with pytest.raises(LocationError, match=r"not a results store|cannot use"):
        open_store(location)


def test_names_and_keys_are_never_sql(store: ResultsStore, batch: Batch, sample: ap.Instrument) -> None:
    nasty = ["p'; drop table appraise_results; --", '"', "$1", "\\", "é\n"]
    append(store, batch(person=nasty))
    assert {row["person_key"] for row in rows(store)} == set(nasty)
    assert len(rows(store, person=nasty[0])) == 4
    with store.transaction():
        store.override(override(person="\\", reason="'; --", by='"'), scheme(sample))
    assert count(store) == 21


def test_two_writers_do_not_double(location: str, batch: Batch) -> None:
    with open_store(location) as one, open_store(location) as two:
        with one.transaction():
            one.append(batch(run_id="one"))
        with two.transaction():
            assert two.append(batch(run_id="two")) == Appended(0, 20, 0)
