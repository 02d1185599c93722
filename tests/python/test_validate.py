"""Validation from raw responses to the report: every number against the statistic itself, and the page against both."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import appraise as ap
from appraise import statistics as st
from appraise._validation.tables import COLUMNS, TEXT
from conftest import Run
from validation_support import NORMS, close_to, happened, numbers_in, responses, tables_of

PEOPLE = 1500
HORIZON = 5.0
OPTIONS = ("--group", "region", "--rater", "second", "--rater-level", "second_level", "--potential", "end_of_study")


class Study:
    """A cohort that was scored and validated by the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scored = folder / "scored.csv"
        self.outcomes = folder / "outcomes.csv"
        self.page = folder / "report.html"
        self.tables = folder / "tables"

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.tables / "validation.json").read_text(encoding="utf-8"))
        return document

    def rows(self, table: str, **cells: str) -> list[dict[str, Any]]:
        rows = self.document["tables"][table]
        return [row for row in rows if all(row[name] == cell for name, cell in cells.items())]

    def figure(self, name: str, section: str, by: str = "", group: str = "") -> dict[str, Any]:
        (row,) = self.rows("figures", figure=name, section=section, by=by, group=group)
        return row


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    from typer.testing import CliRunner

    from appraise._commands import app

    found = Study(tmp_path_factory.mktemp("study"))
    raw = found.folder / "raw.csv"
    responses(PEOPLE).to_csv(raw, index=False)
    score = ("score", "static-99r", raw, "-o", found.scored, "--norms", NORMS, "--accept-unverified", "-q")
    assert CliRunner().invoke(app, [str(each) for each in score]).exit_code == 0
    happened(pd.read_csv(found.scored)).to_csv(found.outcomes, index=False)
    validate = ("validate", found.scored, found.outcomes, "-o", found.page, "--tables", found.tables, *OPTIONS)
    ended = CliRunner().invoke(app, [str(each) for each in validate])
    assert ended.exit_code == 0, ended.output
    return found


@pytest.fixture(scope="module")
def joined(study: Study) -> pd.DataFrame:
    """The same people, brought together by another program."""
    people = pd.read_csv(study.scored).merge(pd.read_csv(study.outcomes), on="person", validate="one_to_one")
    within = (people["event"] == 1) & (people["time"] <= HORIZON)
    people["outcome"] = np.where(people["end_of_study"] >= HORIZON, within.astype(float), np.nan)
    people["rate"] = people[f"total_{NORMS}_rate"]
    return people


@pytest.fixture(scope="module")
def fixed(joined: pd.DataFrame) -> pd.DataFrame:
    return joined[joined["outcome"].notna() & joined["total"].notna()]


@pytest.fixture(scope="module")
def followed(joined: pd.DataFrame) -> pd.DataFrame:
    return joined[joined["total"].notna()]


def same(row: dict[str, Any], estimate: st.Estimate) -> None:
    """Whether a row of the document is an estimate, to the last bit."""
    for cell, value in (
        ("value", estimate.value),
        ("standard_error", estimate.standard_error),
        ("low", estimate.low),
        ("high", estimate.high),
    ):
        expected = None if np.isnan(value) else "Infinity" if np.isinf(value) else value
        assert row[cell] == expected, (row, cell)
    assert (row["status"], row["interval"]) == (estimate.status, estimate.interval)


def test_flow_adds_up(study: Study, joined: pd.DataFrame, fixed: pd.DataFrame, followed: pd.DataFrame) -> None:
    for sample, analysed in (("fixed follow-up", len(fixed)), ("different follow-up", len(followed))):
        rows = study.rows("flow", sample=sample)
        assert rows[0]["rows"] == len(joined) == PEOPLE
        assert rows[-1]["rows"] == analysed
        assert rows[0]["rows"] - sum(row["rows"] for row in rows[1:-1]) == analysed
    (incomplete,) = study.rows("flow", sample="fixed follow-up", code="score.incomplete")
    assert incomplete["rows"] == int((joined["total_status"] == "incomplete").sum()) > 0


def test_discrimination_is_that_of_the_statistics(study: Study, fixed: pd.DataFrame, followed: pd.DataFrame) -> None:
    score, outcome = fixed["total"].to_numpy(), fixed["outcome"].to_numpy()
    at, event = followed["time"].to_numpy(), followed["event"].to_numpy()
    own = (event == 1).astype(float)
    everybody = followed["total"].to_numpy()
    for name, estimate in {
        "auc": st.auc(score, outcome).auc,
        "cohens_d": st.cohens_d(score, outcome).value,
        "odds_ratio_per_point": st.odds_ratio_per_point(score, outcome).value,
        "harrells_c": st.harrells_c(everybody, at, own).c,
        "unos_c": st.unos_c(everybody, at, own, horizon=HORIZON).c,
        "hazard_ratio_per_point": st.hazard_ratio_per_point(everybody, at, own).value,
        "auc_at_horizon": st.auc_at_horizon(everybody, at, event, HORIZON).auc,
    }.items():
        row = study.figure(name, "discrimination")
        same(row, estimate)
        assert row["status"] == "estimated"
    auc = study.figure("auc", "discrimination")
    assert (auc["n"], auc["events"]) == (len(fixed), int(outcome.sum()))


def test_cuts_and_numbers_needed_are_those_of_the_statistics(study: Study, fixed: pd.DataFrame) -> None:
    cuts = st.cuts(fixed["total"], fixed["outcome"])
    needed = st.numbers_needed(fixed["total"], fixed["outcome"])
    for table, found in (("cuts", cuts), ("numbers_needed", needed)):
        rows = study.rows(table)
        assert len(rows) == len(found) > 8
        for at, row in enumerate(rows):
            for name, cell in row.items():
                if name.endswith("_status"):
                    assert (cell == "estimated") == (row[name.removesuffix("_status")] is not None)
                    continue
                value = found[name][at]
                assert cell == (None if np.isnan(value) else "Infinity" if np.isinf(value) else value), name


def test_rates_by_level_are_counted_by_hand(study: Study, fixed: pd.DataFrame) -> None:
    counts = fixed.groupby("total_level")["outcome"].agg(["size", "sum"])
    assert set(counts.index) >= {"II", "III", "IVa", "IVb"}
    for level, (size, events) in counts.iterrows():
        row = study.figure("rate", "base_rates", "level", str(level))
        assert (row["n"], row["events"], row["value"]) == (size, events, events / size)
        if events:  # Clopper and Pearson's limits by the F distribution's own definition: a tail of 2.5 %
            from math import comb

            below = sum(
                comb(int(size), k) * row["high"] ** k * (1 - row["high"]) ** (int(size) - k)
                for k in range(int(events) + 1)
            )
            assert below == pytest.approx(0.025, rel=1e-6)


def test_calibration_is_that_of_the_statistics(study: Study, fixed: pd.DataFrame, followed: pd.DataFrame) -> None:
    rate, outcome = fixed["rate"], fixed["outcome"]
    index, line, brier = (
        st.expected_observed(rate, outcome),
        st.calibration_line(rate, outcome),
        st.brier(rate, outcome),
    )
    curve = st.calibration_curve(rate, outcome)
    assert isinstance(index, st.ExpectedObserved)
    for name, estimate in {
        "expected_observed": index.ratio,
        "expected_observed_by_logarithm": index.by_logarithm,
        "calibration_intercept": line.intercept,
        "calibration_slope": line.slope,
        "brier": brier.score,
        "brier_scaled": brier.scaled,
    }.items():
        same(study.figure(name, "calibration"), estimate)
    assert study.figure("expected", "calibration")["value"] == pytest.approx(rate.sum(), rel=1e-12)
    assert [study.figure(name, "calibration")["value"] for name in ("ici", "e50", "e90", "emax")] == [
        *(curve.ici, curve.e50, curve.e90, curve.emax)
    ]
    assert study.figure("ici", "calibration")["interval"] == "by_resampling"
    at, event = followed["time"], followed["event"]
    spread = st.expected_observed(followed["rate"], event, times=at, horizon=HORIZON)
    assert isinstance(spread, st.ExpectedObserved)
    same(study.figure("expected_observed", "calibration_followed"), spread.ratio)
    at_horizon = st.expected_observed_at(followed["rate"], at, event, HORIZON)
    same(study.figure("expected_observed_at", "calibration_followed"), at_horizon.ratio)
    slope = st.calibration_slope_followed(followed["rate"], at, (event == 1) * 1.0)
    same(study.figure("calibration_slope_followed", "calibration_followed"), slope)
    (test,) = study.rows("tests", section="calibration", test="hosmer_lemeshow", by="")
    assert test["p_value"] == st.hosmer_lemeshow(rate, outcome).test.p_value


@pytest.mark.parametrize("by", ["level", "score"])
def test_expected_and_observed_by_level_of_people_followed_for_different_times(
    study: Study, followed: pd.DataFrame, by: str
) -> None:
    column = "total_level" if by == "level" else "total"
    for name, people in followed.groupby(column):
        group = str(name) if by == "level" else f"{name:g}"
        found = st.expected_observed(people["rate"], people["event"], times=people["time"], horizon=HORIZON)
        assert isinstance(found, st.ExpectedObserved)
        same(study.figure("expected_observed", "calibration_followed", by, group), found.ratio)
        within = (people["event"] == 1) & (people["time"] <= HORIZON)
        assert study.figure("expected", "calibration_followed", by, group)["events"] == within.sum()


@pytest.mark.parametrize("by", ["level", "score"])
def test_expected_and_observed_by_level_and_score(study: Study, fixed: pd.DataFrame, by: str) -> None:
    column = "total_level" if by == "level" else "total"
    for name, people in fixed.groupby(column):
        group = str(name) if by == "level" else f"{name:g}"
        found = st.expected_observed(people["rate"], people["outcome"])
        assert isinstance(found, st.ExpectedObserved)
        same(study.figure("expected_observed", "calibration", by, group), found.ratio)
        assert study.figure("expected", "calibration", by, group)["value"] == pytest.approx(people["rate"].sum())
    (test,) = study.rows("tests", section="calibration", by=by)
    table = st.expected_observed(fixed["rate"], fixed["outcome"], by=fixed[column])
    assert isinstance(table, st.ExpectedObservedTable)
    assert test["p_value"] == pytest.approx(table.equal.p_value, rel=1e-9)


def test_survival_is_that_of_the_curves(study: Study, followed: pd.DataFrame) -> None:
    for level in ("", "III", "IVb"):
        people = followed if not level else followed[followed["total_level"] == level]
        survival = st.kaplan_meier(people["time"], (people["event"] == 1) * 1.0)
        incidence = st.aalen_johansen(people["time"], people["event"])
        rows = study.rows("survival", group=level)
        assert [row["time"] for row in rows] == list(range(1, int(followed["time"].max()) + 1))
        for row in rows:
            for name, expected in (("survival", survival.at(row["time"])), ("incidence", incidence.at(row["time"]))):
                assert row[f"{name}_status"] == expected.status
                assert row[name] == (None if np.isnan(expected.value) else expected.value)
            assert row["at_risk"] == int((people["time"] >= row["time"]).sum())
            assert row["events"] == int(((people["event"] == 1) & (people["time"] <= row["time"])).sum())
        same(study.figure("incidence", "base_rates", "level" if level else "", level), incidence.at(HORIZON))
    ends = range(int(followed["time"].max()) + 1)
    hazards = st.hazard_by_time_free(followed["time"], (followed["event"] == 1) * 1.0, list(ends))
    assert [row["hazard"] for row in study.rows("hazards")] == hazards["hazard"].tolist()


def test_groups_are_compared_as_the_statistics_compare_them(study: Study, fixed: pd.DataFrame) -> None:
    sizes = fixed["region"].value_counts()
    assert 0 < sizes["isle"] < 20
    smallest = 10
    cut = fixed.loc[fixed["total_level"] == "IVb", "total"].min()
    assert study.document["cut"]["value"] == cut
    shown = fixed[fixed["region"].map(sizes) >= smallest]
    found = st.fairness(shown["total"], shown["outcome"], shown["region"], cut=float(cut))
    names = sorted(shown["region"].unique())
    for name in names:
        people = shown[shown["region"] == name]
        same(study.figure("auc", "groups", "region", name), st.auc(people["total"], people["outcome"]).auc)
        line = st.calibration_line(people["rate"], people["outcome"])
        same(study.figure("calibration_slope", "groups", "region", name), line.slope)
        row = study.figure("false_positive_rate", "groups", "region", name)
        without = people[people["outcome"] == 0]
        assert row["value"] == (without["total"] >= cut).mean()
    for test in ("base_rate", "auc", "false_positive_rate", "intercepts", "slopes"):
        (row,) = study.rows("tests", section="groups", by="region", test=test)
        assert row["p_value"] == pytest.approx(getattr(found, test).p_value, rel=1e-9)
    rated = st.fairness(shown["total"], shown["outcome"], shown["region"], predicted=shown["rate"])
    rows = study.rows("differences", by="region")
    assert len({row["figure"] for row in rows}) == 12
    for row in rows:
        assert row["reference"] == found.reference == "north"
        source = (
            rated if row["figure"] in ("expected_observed", "calibration_intercept", "calibration_slope") else found
        )
        expected = source.differences.groups[row["group"]][row["figure"]]
        assert row["difference_status"] == expected.value.status
        if expected.value.status == "estimated":
            assert row["difference"] == pytest.approx(expected.value.value, rel=1e-9, abs=1e-12)
            assert row["p_value"] == pytest.approx(expected.test.p_value, rel=1e-9)


def test_groups_are_compared_among_people_followed_for_different_times(study: Study, followed: pd.DataFrame) -> None:
    sizes = followed["region"].value_counts()
    shown = followed[followed["region"].map(sizes) >= 10]
    fixed_only = {row["group"] for row in study.rows("figures", section="groups", figure="auc", status="suppressed")}
    areas = []
    for name, people in shown.groupby("region"):
        if name in fixed_only:
            continue
        found = st.harrells_c(people["total"], people["time"], (people["event"] == 1) * 1.0)
        same(study.figure("harrells_c", "groups_followed", "region", str(name)), found.c)
        incidence = st.aalen_johansen(people["time"], people["event"]).at(HORIZON)
        if (people["event"] == 2).any():
            same(study.figure("incidence", "groups_followed", "region", str(name)), incidence)
        index = st.expected_observed(people["rate"], people["event"], times=people["time"], horizon=HORIZON)
        assert isinstance(index, st.ExpectedObserved)
        same(study.figure("expected_observed", "groups_followed", "region", str(name)), index.ratio)
        areas.append(found.c)
    assert len(areas) > 1
    weights = np.array([each.standard_error**-2 for each in areas])
    values = np.array([each.value for each in areas])
    q = float((weights * (values - (weights * values).sum() / weights.sum()) ** 2).sum())
    (test,) = study.rows("tests", section="groups_followed", by="region", test="harrells_c")
    assert test["statistic"] == pytest.approx(q, rel=1e-9)
    assert test["degrees_of_freedom"] == len(areas) - 1


def test_decision_curve_and_agreement_are_those_of_the_statistics(
    study: Study, fixed: pd.DataFrame, joined: pd.DataFrame
) -> None:
    curve = st.decision_curve(fixed["rate"], fixed["outcome"])
    assert [row["rates"] for row in study.rows("decision_curve")] == curve["rates"].tolist()
    forms = st.icc({"first": joined["total"], "second": joined["second"]})
    for name, estimate in forms.forms.items():
        same(study.figure(name, "agreement"), estimate)
    same(study.figure("exact", "agreement"), st.agreement(joined["total"], joined["second"]).exact)
    pairs = study.rows("level_pairs")
    assert sum(row["n"] for row in pairs) == int((joined["total_level"].notna() & joined["second_level"].notna()).sum())
    assert all(row["n"] == 0 for row in pairs if row["first"] != row["second"])
    assert study.figure("kappa", "agreement", "level")["value"] == pytest.approx(1, rel=1e-12)


def test_tables_as_csv_are_those_of_the_document(study: Study) -> None:
    for name, columns in COLUMNS.items():
        with (study.tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            read = csv.reader(file)
            assert next(read) == list(columns)
            rows = study.rows(name)
            cells = list(read)
        assert len(cells) == len(rows)
        for line, row in zip(cells, rows, strict=True):
            for (column, kind), cell in zip(columns.items(), line, strict=True):
                value = row[column]
                if value is None:
                    assert cell == ""
                elif kind == TEXT:
                    assert cell == value
                else:
                    assert float(cell) == float("inf" if value == "Infinity" else value)


def test_page_shows_the_numbers_of_the_document(study: Study) -> None:
    page = tables_of(study.page).found
    shown = 0
    for section, heading in (
        ("discrimination", "Discrimination"),
        ("calibration_followed", "People followed for different times"),
    ):
        for cells, row in zip(page[heading][0][1:], study.rows("figures", section=section, by=""), strict=True):
            assert close_to(cells[1], row), (cells, row)
            assert numbers_in(cells[2]) == [row["n"]]
            shown += 1
    for by, heading in (("level", "Rates by level"), ("score", "Rates by score")):
        for cells in page[heading][0][1:]:
            row = study.figure("rate", "base_rates", by, cells[0])
            assert numbers_in(cells[1]) + numbers_in(cells[2]) == [row["n"], row["events"]]
            assert close_to(cells[3], row), (cells, row)
            shown += 1
        for cells in page[f"E/O by {by}"][0][1:]:
            row = study.figure("expected_observed", "calibration", by, cells[0])
            if row["value"] is not None:
                assert close_to(cells[4], row), (cells, row)
                shown += 1
    shares = ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value")
    for cells, row in zip(page["Every cut"][0][1:], study.rows("cuts"), strict=True):
        for cell, name in zip(cells[2:], shares, strict=True):
            if row[name] is not None:
                assert close_to(cell, row, (name, f"{name}_low", f"{name}_high")), (cell, row)
                shown += 1
    for table in page["By region"][:4]:
        for cells in table[1:]:
            if cells[1] != "withheld":
                assert numbers_in(cells[1])[0] == study.figure("rate", "groups", "region", cells[0])["n"]
                shown += 1
    assert shown > 100


def test_page_needs_nothing_else_and_can_be_read_by_all(study: Study) -> None:
    text = study.page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", text)
    assert not re.search(r"url\((?!data:)", text)
    page = tables_of(study.page)
    assert len(page.images) >= 6
    for image in page.images:
        assert str(image["src"]).startswith("data:image/svg+xml;base64,")
        assert len(str(image["alt"])) > 40
    assert '<html lang="en">' in text
    assert "<th scope=" in text
    assert "@media print" in text


def test_nobody_is_named(study: Study) -> None:
    keys = set(pd.read_csv(study.outcomes)["person"])
    for path in (study.page, *study.tables.iterdir()):
        assert not keys.intersection(re.findall(r"Zq\d{6}", path.read_text(encoding="utf-8"))), path


def test_provenance_tells_inputs_definition_and_columns(study: Study) -> None:
    import hashlib

    told = study.document["provenance"]
    for name, path in (("scored", study.scored), ("outcomes", study.outcomes)):
        assert told["inputs"][name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    parts = {part.name: part.digest for part in ap.load("static-99r").parts}
    assert study.document["instrument"]["parts"] == parts
    assert study.document["norms"]["sample"] == "routine and complete samples"
    assert told["columns"]["score"] == {"table": "scored", "column": "total"}
    assert told["notes"] == []
    assert study.document["horizon"] == HORIZON
    codes = [each["code"] for each in study.document["limits"]]
    assert "norms.unverified" in codes
    assert "cut.in-sample" in codes
    assert "not-shown.person" in codes
    assert len(study.document["references"]) > 15
    cited = {
        int(each)
        for text in study.document["methods"]
        for each in re.findall(r"\d+", " ".join(re.findall(r"\[[\d, ]+\]", text)))
    }
    assert cited == set(range(1, len(study.document["references"]) + 1))


def test_same_input_gives_the_same_bytes(study: Study, run: Run, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        page = tmp_path / f"{name}.html"
        report = ap.validate(study.scored, study.outcomes, group="region", potential="end_of_study")
        report.write(page)
        written.append((page.read_bytes(), report.json()))
    assert written[0] == written[1]


def test_order_of_rows_changes_no_number(study: Study) -> None:
    scored, outcomes = pd.read_csv(study.scored), pd.read_csv(study.outcomes)
    first = ap.validate(scored, outcomes, group="region", horizon=HORIZON).document["tables"]
    other = ap.validate(
        scored.sample(frac=1, random_state=5), outcomes.sample(frac=1, random_state=6), group="region", horizon=HORIZON
    ).document["tables"]
    for table, rows in first.items():
        for row, same_row in zip(rows, other[table], strict=True):
            assert row == {
                name: pytest.approx(cell, rel=1e-9, abs=1e-12) if isinstance(cell, float) else cell
                for name, cell in same_row.items()
            }


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "mapping", "scores", "duckdb"])
def test_tables_of_every_library_go_in_and_come_out(study: Study, kind: str) -> None:
    import duckdb
    import polars as pl
    import pyarrow as pa

    expected = ap.validate(study.scored, study.outcomes, potential="end_of_study")
    frames: Any = [pd.read_csv(each) for each in (study.scored, study.outcomes)]
    made: Any = {
        "pandas": (pd.DataFrame, lambda frame: frame),
        "polars": (pl.DataFrame, pl.from_pandas),
        "pyarrow": (pa.Table, lambda frame: pa.Table.from_pandas(frame, preserve_index=False)),
        "mapping": (dict, lambda frame: {name: frame[name].to_numpy() for name in frame}),
        "scores": (pd.DataFrame, lambda frame: frame),
        "duckdb": (pa.Table, duckdb.from_df),
    }
    tables = [made[kind][1](each) for each in frames]
    if kind == "scores":
        tables[0] = ap.score("static-99r", responses(PEOPLE), key="person", norms=[NORMS], accept_unverified=True)
    report = ap.validate(*tables, potential="end_of_study", horizon=HORIZON)
    for name in ("auc", "harrells_c", "calibration_slope"):
        assert report.figure(name) == expected.figure(name)
    assert isinstance(report["figures"], made[kind][0])
    assert (report.about.title == "Static-99R (2016)") == (kind == "scores")


def test_result_shows_itself(study: Study) -> None:
    report = ap.validate(study.scored, study.outcomes)
    assert "AUC" in repr(report)
    assert report._repr_html_().startswith("<style>")
    assert set(report.tables) <= set(COLUMNS)
    assert report.results["auc"].auc == report.figure("auc")
    with pytest.raises(ap.UsageError, match="nearest: figures"):
        report["figure"]
    with pytest.raises(ap.UsageError, match="nearest: auc"):
        report.figure("auk")


DOCS = Path(__file__).parents[2] / "docs" / "validation.md"


def test_the_page_about_it_names_every_table_column_limit_and_code() -> None:
    from appraise._validation import words
    from appraise._validation.joining import CODES

    text = DOCS.read_text(encoding="utf-8")
    described = {line.split("|")[1].strip(" `"): line for line in text.splitlines() if line.startswith("| `")}
    for table, columns in COLUMNS.items():
        ends = ("_low", "_high", "_status")
        plain = [name for name in columns if not (name.endswith(ends) and name.rsplit("_", 1)[0] in columns)]
        assert all(f"`{name}`" in described[table] for name in plain), table
    source = Path(words.__file__).read_text(encoding="utf-8")
    limits = set(
        re.findall(
            r'"((?:sample|follow-up|outcome|norms|tests|cut|groups|instrument|provenance|not-shown)\.[a-z-]+)"', source
        )
    )
    assert len(limits) > 18
    assert all(f"`{code}`" in text for code in limits | set(CODES)), sorted(
        c for c in limits | set(CODES) if f"`{c}`" not in text
    )


def test_the_examples_of_the_page_about_it_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    (tmp_path / "examples").symlink_to(DOCS.parents[1] / "examples")
    monkeypatch.chdir(tmp_path)
    text = DOCS.read_text(encoding="utf-8")
    commands = re.findall(r"^appraise (.*)$", text, flags=re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        ended = run(*shlex.split(command))
        assert ended.exit_code == 0, ended.output
    by_command = json.loads(Path("numbers/validation.json").read_text(encoding="utf-8"))
    (block,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, "docs/validation.md", "exec"), names)
    assert names["report"].document["tables"] == by_command["tables"]
    assert by_command["levels"]["order"] == ["I", "II", "III", "IVa", "IVb"]


def test_a_key_in_the_index_of_pandas_is_found(study: Study) -> None:
    scored, outcomes = pd.read_csv(study.scored), pd.read_csv(study.outcomes)
    expected = ap.validate(scored, outcomes, horizon=HORIZON)
    report = ap.validate(scored.set_index("person"), outcomes.set_index("person"), horizon=HORIZON)
    assert report.document["tables"] == expected.document["tables"]
