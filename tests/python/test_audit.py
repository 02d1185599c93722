"""Audit: every cell that does not follow is found, and nothing else is told."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from appraise._io import connect
from appraise._proof.align import ROW, Aligner, with_key
from appraise._proof.audit import CODES
from appraise._proof.schema import statements as schema_statements
from appraise._proof.schema import triggers
from conftest import DECISION, SAMPLE, Run, options
from corruptions import Expected, Table, caseload, corrupt, write

ROOT = Path(__file__).parents[2]
CORRUPTIONS = 1000
PEOPLE = 4000


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A caseload, and its scores with all kinds of columns."""
    from typer.testing import CliRunner

    from appraise._commands import app

    folder = tmp_path_factory.mktemp("audit")
    pa.parquet.write_table(pa.table(caseload(PEOPLE, 1)), folder / "caseload.parquet")
    options = ["--contributions", "--norms", "all", "--quiet"]
    ended = CliRunner().invoke(
        app, ["score", str(SAMPLE), str(folder / "caseload.parquet"), "-o", str(folder / "scores.parquet"), *options]
    )
    assert ended.exit_code == 0, ended.output
    return folder


def found(run: Run, *arguments: object) -> Expected:
    ended = run("audit", *arguments, "--json", "--most", 100_000)
    assert ended.exit_code in (0, 1), ended.output
    document = json.loads(ended.output)
    assert ended.exit_code == (1 if document["findings"] else 0)
    assert sum(document["codes"].values()) == document["findings"] == len(document["listed"])
    return Counter((each["code"], each["key"], each["column"] or "") for each in document["listed"])


@pytest.mark.parametrize(("name", "seed"), [("stored.parquet", 1), ("stored.csv", 2), ("stored.csv.gz", 3)])
def test_every_one_of_a_thousand_corruptions_is_found_and_nothing_else(
    run: Run, scored: Path, tmp_path: Path, name: str, seed: int
) -> None:
    table = pa.parquet.read_table(scored / "scores.parquet")
    stored, expected = corrupt(table, CORRUPTIONS, seed)
    assert sum(expected.values()) == CORRUPTIONS
    assert len({code for code, _, _ in expected}) == 13
    path = tmp_path / name.removesuffix(".gz")
    write(stored, table.schema, path)
    if name.endswith(".gz"):
        import gzip

        path = tmp_path / name
        path.write_bytes(gzip.compress((tmp_path / "stored.csv").read_bytes()))
    assert found(run, path, "--instrument", SAMPLE, "--caseload", scored / "caseload.parquet") == expected


def test_the_order_of_rows_is_no_difference(run: Run, scored: Path, tmp_path: Path) -> None:
    table = pa.parquet.read_table(scored / "scores.parquet")
    shuffled = list(range(len(table)))
    random.Random(4).shuffle(shuffled)
    pa.parquet.write_table(table.take(pa.array(shuffled)), tmp_path / "stored.parquet")
    arguments = tmp_path / "stored.parquet", "--instrument", SAMPLE, "--caseload", scored / "caseload.parquet"
    assert not found(run, *arguments)
    assert found(run, *arguments, "--by-row")


def test_how_another_program_wrote_numbers_is_no_difference(run: Run, scored: Path, tmp_path: Path) -> None:
    frame = pa.parquet.read_table(scored / "scores.parquet").select(["person", "total", "total_level", "chance"])
    frame.to_pandas().to_csv(tmp_path / "stored.csv", index=False)
    assert ",5.0," in (tmp_path / "stored.csv").read_text(encoding="utf-8")
    assert not found(run, tmp_path / "stored.csv", "--instrument", SAMPLE, "--caseload", scored / "caseload.parquet")


def test_a_level_that_was_not_refreshed_is_told_from_one_that_follows(run: Run, scored: Path, tmp_path: Path) -> None:
    table = pa.parquet.read_table(scored / "scores.parquet")
    at = table["total"].to_pylist().index(5)
    key = table["person"][at].as_py()
    stored: Table = {name: table[name].to_pylist() for name in table.column_names}
    stored["total"][at], stored["total_level"][at] = 3, "middle"
    write(stored, table.schema, tmp_path / "stored.parquet")
    arguments = tmp_path / "stored.parquet", "--instrument", SAMPLE, "--caseload", scored / "caseload.parquet"
    assert found(run, *arguments) == Counter(
        {("value.differs", key, "total"): 1, ("level.differs", key, "total_level"): 1}
    )


def test_the_manifest_is_all_that_an_audit_needs(run: Run, scored: Path) -> None:
    ended = run("audit", scored / "scores.parquet")
    assert ended.exit_code == 0, ended.output
    assert "No findings" in ended.output
    assert f"{PEOPLE:,} rows" in ended.output


@pytest.fixture
def copy(scored: Path, tmp_path: Path) -> Path:
    """A run of its own, to be spoilt."""
    for file in scored.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def spoil_input(folder: Path) -> None:
    table = pa.parquet.read_table(folder / "caseload.parquet")
    pa.parquet.write_table(table.append_column("more", pa.nulls(len(table))), folder / "caseload.parquet")


def spoil_output(folder: Path) -> None:
    table = pa.parquet.read_table(folder / "scores.parquet")
    pa.parquet.write_table(table, folder / "scores.parquet", compression="none")


def spoil_definition(folder: Path) -> None:
    manifest = folder / "scores.parquet.manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["instruments"][0]["parts"]["levels/main"]["sha256"] = "0" * 64
    manifest.write_text(json.dumps(document), encoding="utf-8")


def spoil_metadata(folder: Path) -> None:
    table = pa.parquet.read_table(folder / "scores.parquet")
    metadata = {**table.schema.metadata, b"scoring.sha256": b"1" * 64}
    pa.parquet.write_table(table.replace_schema_metadata(metadata), folder / "scores.parquet")


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (spoil_input, {"inputs.changed"}),
        (spoil_output, {"output.changed"}),
        (spoil_definition, {"definition.changed"}),
        (spoil_metadata, {"output.changed", "definition.changed"}),
    ],
)
def test_what_the_manifest_names_is_held_against_its_digests(
    run: Run, copy: Path, spoil: Callable[[Path], None], codes: set[str]
) -> None:
    spoil(copy)
    findings = found(run, copy / "scores.parquet", "--caseload", copy / "caseload.parquet")
    assert {code for code, _, _ in findings} == codes


def test_superseded_levels_are_a_finding(run: Run, tmp_path: Path) -> None:
    people = ROOT / "examples" / "caseload.csv"
    options = ("--levels", "total=original_2009", "--accept-unverified")
    assert run("score", "static-99r", people, "-o", tmp_path / "s.csv", "-q", *options).exit_code == 0
    assert found(run, tmp_path / "s.csv") == Counter({("levels.superseded", "", "total_level"): 1})


def test_several_instruments_in_one_table(run: Run, tmp_path: Path) -> None:
    people = ROOT / "examples" / "caseload.csv"
    target = tmp_path / "s.csv"
    names = "static-99r", "stable-2007"
    assert run("score", *names, people, "-o", target, "-q", "--accept-unverified").exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert not found(run, target)
    target.write_text(re.sub(r'(?m)^("S0000004".*?),"IVb"', r'\1,"IVa"', text, count=1), encoding="utf-8")
    assert target.read_text(encoding="utf-8") != text
    assert found(run, target) == Counter(
        {("output.changed", "", "output"): 1, ("level.inconsistent", "S0000004", "static_99r_total_level"): 1}
    )


def test_rows_that_cannot_be_read_are_findings(run: Run, scored: Path, tmp_path: Path) -> None:
    table = pa.parquet.read_table(scored / "scores.parquet").select(["person", "total"])
    pa.csv.write_csv(table, tmp_path / "stored.csv")
    with (tmp_path / "stored.csv").open("a", encoding="utf-8") as file:
        file.write("S9,1,2,3\n")
    arguments = tmp_path / "stored.csv", "--instrument", SAMPLE, "--caseload", scored / "caseload.parquet"
    assert found(run, *arguments) == Counter({("row.unreadable", "", ""): 1})


def test_findings_are_written_to_a_file(run: Run, scored: Path, tmp_path: Path) -> None:
    table = pa.parquet.read_table(scored / "scores.parquet")
    stored, expected = corrupt(table, 50, 9)
    write(stored, table.schema, tmp_path / "stored.parquet")
    ended = run(
        "audit",
        tmp_path / "stored.parquet",
        "--instrument",
        SAMPLE,
        "--caseload",
        scored / "caseload.parquet",
        "--findings",
        tmp_path / "findings.csv",
        "--most",
        5,
    )
    assert ended.exit_code == 1
    assert "The first 5" in ended.output
    written = pa.csv.read_csv(tmp_path / "findings.csv")
    assert written.num_rows == sum(expected.values())
    assert set(written["message"].to_pylist()) <= set(CODES.values())


def test_a_table_of_a_database_is_audited(run: Run, scored: Path, tmp_path: Path) -> None:
    table = f"sqlite:{tmp_path / 'results.db'}#scores"
    assert (
        run(
            "score",
            SAMPLE,
            scored / "caseload.parquet",
            "-o",
            table,
            "-q",
            "--manifest",
            tmp_path / "m",
            "--quarantine",
            tmp_path / "q",
        ).exit_code
        == 0
    )
    arguments = table, "--instrument", SAMPLE, "--caseload", scored / "caseload.parquet", "--key", "person"
    assert not found(run, *arguments)
    with connect(table) as database, database.transaction():
        database.execute("update scores set total = total + 1 where person = $1 and total = 5", ["S000003"])
        database.execute("update scores set total_level = 'high' where total = 0")
        changed = database.rows("select count(*) from scores where total = 0")[0][0]
    codes = Counter(code for code, _, _ in found(run, *arguments))
    assert codes["level.inconsistent"] == changed > 0


# The results store

STORE = ("--instrument", SAMPLE, "--caseload")


@pytest.fixture
def store(run: Run, scored: Path, tmp_path: Path) -> str:
    location = f"sqlite:{tmp_path / 'store.db'}"
    ended = run("score", SAMPLE, scored / "caseload.parquet", "-o", tmp_path / "s.csv", "-q", "--store", location)
    assert ended.exit_code == 0, ended.output
    return location


def tamper(store: str, *statements: str) -> None:
    """What an administrator can do who takes the triggers away and puts them back."""
    with connect(store) as database, database.transaction():
        for name in triggers("sqlite"):
            database.execute(f"drop trigger {name}")
        for statement in (*statements, *schema_statements("sqlite")):
            database.execute(statement)


def test_a_store_follows_from_its_caseload(run: Run, store: str, scored: Path) -> None:
    assert not found(run, store, *STORE, scored / "caseload.parquet", "--complete")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update appraise_results set value = value + 1 where id = (select min(id) from appraise_results "
         "where scale = 'total' and value = 5)", "value.differs"),
        ("update appraise_results set value = value + 1e-9 where id = (select min(id) from appraise_results "
         "where scale = 'chance' and value is not null)", "value.differs"),
        ("update appraise_results set value_text = '2001-01-01' where id = (select min(id) from appraise_results "
         "where scale = 'majority' and value_text is not null)", "value.differs"),
        ("update appraise_results set level = 'low' where id = (select min(id) from appraise_results "
         "where level = 'high')", "level.inconsistent"),
        ("update appraise_results set status = 'scored' where id = (select min(id) from appraise_results "
         "where status = 'invalid')", "status.differs"),
        ("update appraise_results set reasons = null where id = (select min(id) from appraise_results "
         "where reasons is not null)", "reasons.differs"),
        ("update appraise_results set inputs = '0' where id = 7", "inputs.changed"),
        ("delete from appraise_results where id = 7", "row.missing"),
        ("update appraise_results set person_key = 'nobody' where id = 7", "row.missing row.unknown"),
    ],
)  # fmt: skip
def test_what_was_changed_in_a_store_is_found(run: Run, store: str, scored: Path, statement: str, code: str) -> None:
    tamper(store, statement)
    findings = found(run, store, *STORE, scored / "caseload.parquet", "--complete")
    assert sorted(each for each, _, _ in findings) == code.split()


def test_overrides_that_are_not_in_order_are_found(run: Run, store: str, scored: Path) -> None:
    with connect(store) as database:
        person = database.rows("select min(person_key) from appraise_results where scale = 'total' and level = 'low'")[
            0
        ][0]
    for level in ("middle", "high"):
        ended = run("override", store, *options(person=person, **DECISION | {"level": level}))
        assert ended.exit_code == 0, ended.output
    assert not found(run, store, *STORE, scored / "caseload.parquet")
    tamper(
        store,
        "update appraise_results set override_direction = 'down' where override_level = 'middle'",
        "update appraise_results set override_level = 'top', override_of = 999999 where override_level = 'high'",
    )
    codes = sorted(code for code, _, _ in found(run, store, *STORE, scored / "caseload.parquet"))
    assert codes == ["override.direction", "override.level", "override.orphan"]


def test_a_store_without_its_triggers_is_a_finding(run: Run, store: str, scored: Path) -> None:
    with connect(store) as database, database.transaction():
        database.execute("drop trigger appraise_no_update")
    assert found(run, store, *STORE, scored / "caseload.parquet") == Counter(
        {("store.unprotected", "", "appraise_no_update"): 1}
    )


def test_other_assessments_in_a_store_are_no_findings(run: Run, store: str, tmp_path: Path) -> None:
    people = caseload(PEOPLE, 1)
    pa.parquet.write_table(pa.table({name: values[:10] for name, values in people.items()}), tmp_path / "few.parquet")
    assert not found(run, store, *STORE, tmp_path / "few.parquet")
    assert "does not hold" in run("audit", store, *STORE, tmp_path / "few.parquet").output


# Alignment


def test_rows_wait_for_their_partners_in_small_batches() -> None:
    draw = random.Random(5)
    keys = [f"k{draw.randrange(60)}" for _ in range(200)]
    other_side = keys[:]
    draw.shuffle(other_side)
    aligner, pairs = Aligner(), []
    for at in range(0, 200, 7):
        sides = [with_key(pa.table({"key": side[at : at + 7]}), ["key"], at + 1) for side in (keys, other_side)]
        if (pair := aligner.pair(*sides)) is not None:
            pairs += list(zip(pair[0][ROW].to_pylist(), pair[1][ROW].to_pylist(), strict=True))
    assert aligner.waiting == (None, None)
    assert all(keys[left - 1] == other_side[right - 1] for left, right in pairs)
    assert sorted(left for left, _ in pairs) == sorted(right for _, right in pairs) == list(range(1, 201))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere.csv",), "there is no such file"),
        (("{scores}", "--instrument", "static-99"), "--caseload"),
        (("{scores}", "--instrument", "static-98r", "--caseload", "{people}"), "nearest: static-99r"),
        (("{scores}", "--key", "preson"), "nearest: person"),
        (("{scores}", "--key", "person", "--by-row"), "exclude each other"),
        (("{people}", "--instrument", str(SAMPLE), "--caseload", "{people}"), "has none of the results"),
        (("sqlite:nowhere.db",), "there is no such file"),
        (("{people}",), "there is no manifest"),
    ],
)
def test_audit_says_what_is_wrong(run: Run, scored: Path, arguments: tuple[str, ...], says: str) -> None:
    places = {"scores": scored / "scores.parquet", "people": scored / "caseload.parquet"}
    ended = run("audit", *(each.format(**places) for each in arguments))
    assert ended.exit_code == 2
    assert says in ended.output
