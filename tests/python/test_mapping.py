"""Mapping files: an agency's columns and codes as items and options."""

import csv
import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import appraise as ap
from appraise._io import LocationError, open_source
from appraise._io.mapping import check_mapping, is_date_format, iso_date, read_mapping
from appraise._io.suggest import alike, document, suggest
from conftest import SAMPLE, Run

COLUMNS = "id,SEV,FirstTime,PRIOR_N,AGE,DOB\n"
CASELOAD = COLUMNS + "a,2,Y,4,40,02/01/1970\nb,1,N,0,20,31/12/1999\nc,7,?,1,35,1970-01-02\nd,9,Y,NK,44,\n"
MAPPING = """
key = "id"
missing = ["NK"]
[items]
priors = "PRIOR_N"
age = "AGE"
born = { column = "DOB", date = "%d/%m/%Y" }
[items.severity]
column = "SEV"
codes = { "0" = "none", "1" = "some", "2" = "much" }
missing = ["9"]
[items.first]
column = "FirstTime"
codes = { Y = "yes", N = "no" }
"""


@pytest.fixture
def caseload(tmp_path: Path) -> Path:
    path = tmp_path / "agency.csv"
    path.write_text(CASELOAD, encoding="utf-8")
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_codes_dates_and_missing_texts_become_responses(
    run: Run, caseload: Path, mapping: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scored.csv"
    result = run("score", SAMPLE, caseload, "-m", mapping, "-o", out)
    assert result.exit_code == 0, result.output
    plain = ap.score(
        SAMPLE,
        {
            "severity": ["much", "some", "not there", None],
            "first": ["yes", "no", "not there", "yes"],
            "priors": [4, 0, 1, None],
            "age": [40.0, 20.0, 35.0, 44.0],
            "born": ["1970-01-02", "1999-12-31", "not there", None],
        },
    )
    scored = rows_of(out)
    assert [row["total_status"] for row in scored] == plain["total_status"].tolist()
    assert [row["total"] for row in scored] == ["5", "", "", ""]


def test_what_the_mapping_lacks_goes_to_the_quarantine(run: Run, caseload: Path, mapping: Path, tmp_path: Path) -> None:
    run("score", SAMPLE, caseload, "-m", mapping, "-o", tmp_path / "scored.csv")
    told = rows_of(tmp_path / "scored.csv.quarantine.csv")
    assert [(each["row"], each["line"], each["key"], each["column"], each["code"], each["value"]) for each in told] == [
        ("3", "4", "c", "DOB", "response.invalid-date", "1970-01-02"),
        ("3", "4", "c", "FirstTime", "response.unmapped-code", "?"),
        ("3", "4", "c", "SEV", "response.unmapped-code", "7"),
    ]


def test_a_code_that_happens_to_be_an_option_is_not_taken_for_it(run: Run, tmp_path: Path) -> None:
    caseload, mapping, out = tmp_path / "a.csv", tmp_path / "m.toml", tmp_path / "o.csv"
    caseload.write_text("id,severity,first,priors,age\na,much,yes,4,40\nb,2,yes,4,40\n", encoding="utf-8")
    mapping.write_text('[items.severity]\ncolumn = "severity"\ncodes = { much = "much" }\n', encoding="utf-8")
    assert run("score", SAMPLE, caseload, "-m", mapping, "-o", out).exit_code == 0
    assert [row["total_status"] for row in rows_of(out)] == ["scored", "invalid"]


def test_the_as_of_date_answers_the_items_that_the_mapping_says(run: Run, caseload: Path, tmp_path: Path) -> None:
    mapping, out = tmp_path / "m.toml", tmp_path / "o.csv"
    mapping.write_text(MAPPING.replace('{ column = "DOB", date = "%d/%m/%Y" }', "{ as_of = true }"), encoding="utf-8")
    refused = run("score", SAMPLE, caseload, "-m", mapping, "-o", out)
    assert refused.exit_code == 2
    assert "as-of" in refused.output
    assert run("score", SAMPLE, caseload, "-m", mapping, "-o", out, "--as-of", "2026-11-27").exit_code == 0
    assert {row["as_of"] for row in rows_of(out)} == {"2026-11-27"}
    assert not any("missing: born" in row["reasons"] for row in rows_of(out))
    assert run("score", SAMPLE, caseload, "-m", mapping, "-o", out, "--as-of", "27/11/2026").exit_code == 2


def test_a_column_of_as_of_dates(run: Run, caseload: Path, tmp_path: Path) -> None:
    mapping, out = tmp_path / "m.toml", tmp_path / "o.csv"
    mapping.write_text(MAPPING + '\n[as_of]\ncolumn = "DOB"\ndate = "%d/%m/%Y"\n', encoding="utf-8")
    assert run("score", SAMPLE, caseload, "-m", mapping, "-o", out).exit_code == 0
    assert [row["as_of"] for row in rows_of(out)] == ["1970-01-02", "1999-12-31", "", ""]
    told = [(each["row"], each["code"]) for each in rows_of(tmp_path / "o.csv.quarantine.csv")]
    assert ("3", "as-of.invalid") in told
    assert ("4", "as-of.invalid") in told


FAULTS = {
    "no TOML": ("items = [", "at end of document"),
    "unknown setting": ('kee = "id"\n', "kee: there is no such setting; nearest: key"),
    "unknown item": ('[items]\nseverit = "SEV"\n', "items.severit: no such item is asked for; nearest: severity"),
    "unknown column": ('[items]\npriors = "PRIORN"\n', "has no column 'PRIORN'; nearest: PRIOR_N"),
    "unknown option": (
        '[items.severity]\ncolumn = "SEV"\ncodes = { "1" = "som" }\n',
        "items.severity.codes.1: 'som' is no option of the item; there are: ",
    ),
    "unknown key column": ('key = "identity"\n', "key: "),
    "codes that are no text": ('[items.severity]\ncolumn = "SEV"\ncodes = { "1" = 1 }\n', "expected a table of texts"),
    "no column": ("[items.severity]\ncodes = { }\n", "items.severity: expected column = ..."),
    "date format of no date": ('[items.priors]\ncolumn = "AGE"\ndate = "%d/%m/%Y"\n', "the item is a count"),
    "date format without year": ('[items.born]\ncolumn = "DOB"\ndate = "%d/%m"\n', "does not tell day, month and year"),
    "as_of and column": ('[items.born]\ncolumn = "DOB"\nas_of = true\n', "as_of = true and nothing else"),
    "an item as a number": ("[items]\npriors = 3\n", "items.priors: expected a column or a table, found 3"),
    "items as text": ('items = "all"\n', "items: expected a table, found 'all'"),
    "missing as a number": ("missing = 9\n", "missing: expected a list of texts, found 9"),
    "not UTF-8": ("\udcff", "cannot read"),
}


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_mapping_is_one_line_with_its_place(
    run: Run, caseload: Path, tmp_path: Path, text: str, expected: str
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = run("score", SAMPLE, caseload, "-m", mapping, "-o", tmp_path / "o.csv")
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1
    assert expected in result.output
    assert "m.toml" in result.output


def test_suggest_matches_names_and_codes_and_marks_the_rest(run: Run, caseload: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    result = run("map", SAMPLE, caseload, "--suggest", mapping)
    assert result.exit_code == 0, result.output
    text = mapping.read_text(encoding="utf-8")
    assert '[items.priors]\ncolumn = "PRIOR_N"' in text
    assert '[items.age]\ncolumn = "AGE"' in text
    assert "TO COMPLETE" in text
    roles = read_mapping(mapping)
    assert roles.items["first"].codes == {"Y": "yes", "N": "no"}
    assert run("map", SAMPLE, caseload, "--suggest", mapping).exit_code == 2
    assert mapping.read_text(encoding="utf-8") == text


def test_what_is_suggested_is_a_mapping_that_fits(caseload: Path, tmp_path: Path, sample: ap.Instrument) -> None:
    plan, source = ap.compile(sample), open_source(caseload)
    path = tmp_path / "m.toml"
    path.write_text(document(suggest([plan], source), source, ["sample"]), encoding="utf-8")
    check_mapping(read_mapping(path), [plan], source.columns, source.name)


def test_map_check_names_items_without_a_column(run: Run, caseload: Path, mapping: Path, tmp_path: Path) -> None:
    assert run("map", SAMPLE, caseload, "--check", mapping).exit_code == 0
    mapping.write_text(MAPPING.replace('priors = "PRIOR_N"', ""), encoding="utf-8")
    result = run("map", SAMPLE, caseload, "--check", mapping)
    assert result.exit_code == 2
    assert "priors" in result.output


@given(st.dates(datetime.date(1000, 1, 1)), st.sampled_from(["%d/%m/%Y", "%Y%m%d", "%d %B %Y", "%m-%d-%Y", "%j/%Y"]))
def test_a_declared_date_format_reads_what_it_writes(date: datetime.date, format: str) -> None:
    assert is_date_format(format)
    assert iso_date(date.strftime(format), format) == date.isoformat()


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_share_and_full_for_the_same(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1
    if one.split():
        assert alike(one, one) == 1


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=120).map(lambda text: f"[items]\n{text}".encode()))
def test_any_bytes_are_a_mapping_or_a_fault_of_one_line(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "m.toml"
    path.write_bytes(data)
    fault = ""
    try:
        read_mapping(path)
    except LocationError as problem:
        fault = str(problem)
    assert fault == "" or fault.startswith(("cannot read ", str(path)))
    assert len(fault.splitlines()) <= 1
