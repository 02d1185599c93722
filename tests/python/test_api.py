"""Load, check, verify, compile, score, explain."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import appraise as ap
from conftest import SAMPLE, STATUSES, TOTALS

Rows = dict[str, list[Any]]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A copy of the sample with a gap between two levels."""
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    file = tmp_path / "sample" / "1" / "instrument.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    document["levels"]["main"]["bands"][1]["from"] = 3
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return file


def test_built_in_instruments_load_without_a_path() -> None:
    for listed in ap.instruments():
        instrument = ap.load(listed.id, listed.edition)
        assert (instrument.id, instrument.edition) == (listed.id, listed.edition)
        assert (instrument.title, instrument.family) == (listed.title, listed.family)
        assert listed.mark in ("verified", "derived", "unverified", "structure_only")
    assert ap.instruments()


def test_load_takes_a_folder_or_a_file() -> None:
    for path in (SAMPLE, str(SAMPLE), SAMPLE / "instrument.json"):
        assert ap.load(path).id == "sample"


def test_load_names_what_there_is() -> None:
    with pytest.raises(ap.UsageError, match=ap.instruments()[0].id):
        ap.load("no-such-instrument")
    with pytest.raises(ap.UsageError):
        ap.load(SAMPLE, "1")
    with pytest.raises(ap.UsageError):
        ap.load("./no-such-folder")


def test_usage_error_is_a_value_error() -> None:
    assert issubclass(ap.UsageError, ValueError)
    assert not issubclass(ap.DefinitionError, ValueError)


def test_an_instrument_shows_its_parts(sample: ap.Instrument) -> None:
    assert [item.code for item in sample.items] == ["severity", "first", "priors", "age", "born", "act"]
    assert [item.kind for item in sample.items] == ["choice", "yes_no", "count", "number", "date", "code"]
    severity, first, priors, age, born, act = sample.items
    assert [(each.code, each.value, each.points) for each in severity.options] == [
        ("none", 0, 0),
        ("some", 1, 1),
        ("much", 2, 3),
    ]
    assert [each.points for each in first.options] == [1, 0]
    assert [(band.interval.low, band.interval.high, band.value) for band in priors.bands] == [
        (0, 0, 0),
        (1, 2, 1),
        (3, 100, 2),
    ]
    assert age.range is not None
    assert (age.range.low, age.range.high, age.range.closed) == (18, 120, False)
    assert (born.optional, act.list, age.has_points, priors.has_points) == (True, "acts", False, True)
    assert [scale.operation for scale in sample.scales] == [
        "sum",
        "weighted_sum",
        "logistic",
        "add_time",
        "attribute",
    ]
    assert [scale.type for scale in sample.scales] == ["whole", "real", "real", "date", "category"]
    main = next(scheme for scheme in sample.levels if scheme.name == "main")
    assert [band.standard for band in main.bands] == ["I", "III", "V"]
    assert sample.evidence.mark == "verified"
    assert [source.key for source in sample.sources] == ["tests"]
    assert sample.parts[0].name == "scoring"
    assert all(len(part.digest) == 64 for part in sample.parts)


def test_norms_are_looked_up_as_proportions(sample: ap.Instrument) -> None:
    (norms,) = sample.norms
    row = norms.look_up(5)
    assert row is not None
    assert (row.rate, row.rate_low, row.rate_high, row.percentile) == (0.5, 0.4, 0.6, None)
    assert norms.look_up(4) is None


def test_check_finds_nothing_wrong_with_the_sample() -> None:
    checked = ap.check(SAMPLE)
    assert checked.ok
    assert checked.instrument is not None
    assert not [each for each in checked if each.severity == "error"]


def test_check_tells_every_field_of_a_fault(faulty: Path) -> None:
    checked = ap.check(faulty.parent)
    assert not checked.ok
    assert checked.instrument is None
    fault = next(each for each in checked if each.code == "levels.gap")
    assert fault.severity == "error"
    assert fault.file.endswith("instrument.json")
    assert '"from": 3' in "".join(faulty.read_text(encoding="utf-8").splitlines()[fault.line - 1 : fault.line + 3])
    assert fault.column > 0
    assert "levels/main" in fault.address
    assert fault.found
    assert fault.expected
    assert f"{fault.line}:{fault.column}: error: levels.gap" in str(fault)
    assert "levels.gap" in repr(fault)


def test_a_faulty_definition_is_refused_with_all_its_diagnostics(faulty: Path) -> None:
    with pytest.raises(ap.DefinitionError) as caught:
        ap.load(faulty)
    assert [str(each) for each in caught.value.diagnostics] == [str(each) for each in ap.check(faulty)]
    with pytest.raises(ap.DefinitionError):
        ap.score(faulty, {"age": [30]})


def test_verify_counts_comparisons(sample: ap.Instrument) -> None:
    verification = ap.verify(sample)
    assert verification.ok
    assert (verification.cases, verification.comparisons) == (2, 5)
    assert "0 mismatches" in repr(verification)


def test_verify_tells_what_differs(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    file = tmp_path / "sample" / "1" / "cases.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"total": 5', '"total": 4'), encoding="utf-8")
    verification = ap.verify(tmp_path / "sample" / "1")
    (mismatch,) = verification.mismatches
    assert not verification.ok
    assert (mismatch.id, mismatch.column, mismatch.expected, mismatch.found) == ("high", "total", "4", "5")
    assert mismatch.source.startswith("worked by hand")
    assert mismatch.line > 0


def test_every_status_comes_out(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, rows)
    assert scores["total_status"].tolist() == STATUSES
    assert scores["total"].tolist() == TOTALS
    assert scores["total_level"].tolist() == ["high", None, None, "low", None]
    assert "invalid: severity" in scores["reasons"][4]
    assert scores["cautions"].tolist() == [[], [], ["old"], [], []]


def test_options_choose_the_columns(sample: ap.Instrument, rows: Rows) -> None:
    least = ap.score(sample, rows, bounds=False, reasons=False).columns
    most = ap.score(sample, rows, contributions=True, norms="all").columns
    assert not {"total_lowest", "reasons", "cautions", "total_from_severity"}.intersection(least)
    assert {"total_lowest", "reasons", "total_from_severity", "total_five-years_rate"}.issubset(most)


def test_norms_carry_their_sample(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, rows, norms=["five-years"])
    assert scores["total_five-years_rate"].tolist() == [0.5, None, None, None, None]
    known = scores.column_metadata("total_five-years_rate")
    assert "everybody" in known.values()
    assert "nothing happened" in known.values()


def test_unverified_figures_need_an_opt_in(sample: ap.Instrument, rows: Rows) -> None:
    with pytest.raises(ap.DefinitionError) as caught:
        ap.score(sample, rows, levels={"total": "guess"})
    assert [each.code for each in caught.value.diagnostics] == ["evidence.unverified"]
    scores = ap.score(sample, rows, levels={"total": "guess"}, accept_unverified=True)
    assert scores["total_level"].tolist()[0] == "more"
    assert scores.metadata["evidence"] == "unverified"


def test_a_plan_stands_for_its_instrument(sample: ap.Instrument, rows: Rows) -> None:
    plan = ap.compile(sample, norms="all")
    assert plan.instrument is sample
    assert plan.mark == "verified"
    assert plan.scales == ["total", "chance", "majority", "category"]
    assert ap.score(plan, rows)["total"].tolist() == TOTALS
    with pytest.raises(ap.UsageError):
        ap.score(plan, rows, norms="all")


@pytest.mark.parametrize(
    "options", [{"norms": ["unknown"]}, {"levels": {"total": "unknown"}}, {"levels": {"unknown": "main"}}]
)
def test_unknown_options_are_refused(sample: ap.Instrument, options: dict[str, Any]) -> None:
    with pytest.raises(ap.UsageError, match="unknown"):
        ap.compile(sample, **options)


def test_an_absent_column_is_named(sample: ap.Instrument, rows: Rows) -> None:
    del rows["severity"]
    with pytest.raises(ap.UsageError, match="severity"):
        ap.score(sample, rows)


def test_explain_speaks_about_one_row(sample: ap.Instrument, rows: Rows) -> None:
    explanation = ap.explain(sample, rows, norms="all")
    assert (explanation.scale, explanation.value, explanation.level) == ("total", "5", "high")
    assert {each.term: each.value for each in explanation.contributions} == {"severity": 3, "first": 0, "priors": 2}
    assert explanation.contributions[explanation.ranked[0]].term == "severity"
    change = next(each for each in explanation.changes if each.item == "severity")
    assert (change.before, change.after, change.level, change.value) == ("much", "some", "middle", 3)
    assert any("everybody" in sentence for sentence in explanation.norms)
    assert "high" in str(explanation)
    assert ap.explain(sample, rows, 1).status == "not_applicable"
    assert ap.explain(sample, rows, scale="chance").scale == "chance"


@pytest.mark.parametrize("row", [5, -1])
def test_explain_refuses_rows_that_do_not_exist(sample: ap.Instrument, rows: Rows, row: int) -> None:
    with pytest.raises(ap.UsageError, match="5 rows"):
        ap.explain(sample, rows, row)


def test_explain_refuses_scales_that_do_not_exist(sample: ap.Instrument, rows: Rows) -> None:
    with pytest.raises(ap.UsageError, match="nothing"):
        ap.explain(sample, rows, scale="nothing")


def test_import_brings_in_no_table_library() -> None:
    program = "import sys, appraise; print([m for m in ('numpy', 'pyarrow', 'pandas', 'rich') if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_an_agencys_own_folder_stands_beside_what_is_built_in(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    ours = ap.Library(tmp_path)
    origins = {(each.id, each.edition): each.origin for each in ap.instruments(library=ours)}
    assert origins.pop(("sample", "1")) == "own"
    assert set(origins.values()) == {"built in"}
    assert len(origins) == len(ap.instruments())
    assert ap.load("sample", library=ours).title == ap.load("sample", library=tmp_path).title
    with pytest.raises(ap.UsageError, match="names its edition itself"):
        ap.load(SAMPLE, library=ours)


def test_a_file_in_the_place_of_a_built_in_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "static-99r" / "2016").mkdir(parents=True)
    (tmp_path / "static-99r" / "2016" / "instrument.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ap.UsageError, match="stands in the place of a built-in file"):
        ap.Library(tmp_path)


def test_supplied_figures_give_a_value_and_say_whose_they_are() -> None:
    supplied = ap.load(Path(__file__).parents[1] / "definitions" / "good" / "supplied" / "1")
    assert [part.supplied for part in supplied.parts] == [False, True, False]
    scores = ap.score(supplied, {"history": ["yes"], "change": ["no"]})
    assert scores["priority"].tolist() == ["middle"]
    assert scores.metadata["tables/matrix.supplied"] == "by the agency"
    assert ap.verify(supplied).ok
