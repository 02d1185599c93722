"""Validation of what agencies really have: wrong cells, missing columns, few people, one outcome."""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import appraise as ap
from appraise import statistics as st
from appraise._validation.cells import NUMBER
from validation_support import LEVELS, RATES, SCORES, WITH, Columns, outcomes, scored


def codes(report: ap.Validation) -> list[tuple[str, str, str]]:
    return [(each.table, each.key, each.code) for each in report.findings]


def test_figures_worked_by_hand() -> None:
    report = ap.validate(scored(), outcomes())
    assert report.figure("auc").value == 7.5 / 15
    assert report.figure("rate").value == 3 / 8
    assert report.figure("expected").value == pytest.approx(2.25)
    assert report.figure("expected_observed").value == pytest.approx(0.75)
    assert report.figure("rate", by="level", group="high").value == 1 / 4
    assert report.figure("expected_observed", by="level", group="low").value == pytest.approx(0.75 / 2)
    assert report.figure("brier").value == pytest.approx(
        sum((rate - outcome) ** 2 for rate, outcome in zip(RATES, WITH, strict=True)) / 8
    )
    at_four = next(row for row in report.rows("cuts") if row["cut"] == 4)
    assert [at_four[name] for name in ("true_positives", "false_positives", "false_negatives", "true_negatives")] == [
        *(1, 3, 2, 2)
    ]
    assert (at_four["sensitivity"], at_four["positive_predictive_value"]) == (1 / 3, 1 / 4)
    assert report.figure("auc", section="discrimination") == st.auc(SCORES, WITH).auc


def test_rows_without_a_partner_are_told_and_counted() -> None:
    left = scored(person=["a", "b", "c", "d", "e", "e", "", "x"])
    right = outcomes(person=["a", "b", "c", "c", "d", "e", "y", None])
    report = ap.validate(left, right)
    assert codes(report) == [
        ("scored", "c", "key.ambiguous"),
        ("scored", "e", "key.duplicate"),
        ("scored", "e", "key.duplicate"),
        ("scored", "", "key.missing"),
        ("scored", "x", "key.unmatched"),
        ("outcomes", "c", "key.duplicate"),
        ("outcomes", "c", "key.duplicate"),
        ("outcomes", "e", "key.ambiguous"),
        ("outcomes", "y", "key.unmatched"),
        ("outcomes", "", "key.missing"),
    ]
    for table in ("scored", "outcomes"):
        rows = report.rows("flow", sample=table)
        assert rows[0]["rows"] == 8
        assert rows[-1]["rows"] == 3
        assert 8 - sum(row["rows"] for row in rows if row["step"] == "left out") == 3


def test_cells_that_cannot_be_used_are_told_one_by_one() -> None:
    report = ap.validate(
        scored(total=[1, 2, "many", 3, 4, None, 5, 6]),
        outcomes(outcome=[0, 0, 1, 2, "x", 0, "", 1], person=[*"abcdefgh"]),
    )
    assert codes(report) == [
        ("scored", "c", "score.invalid"),
        ("outcomes", "d", "outcome.invalid"),
        ("outcomes", "e", "outcome.invalid"),
    ]
    assert [each.value for each in report.findings] == ["many", "2", "x"]
    assert [each.row for each in report.findings] == [3, 4, 5]
    flow = {row["code"]: row["rows"] for row in report.rows("flow", sample="fixed follow-up")}
    assert flow["score.invalid"] == 1
    assert flow["outcome.invalid"] == 2
    assert flow["outcome.missing"] == 1
    assert report.rows("flow", step="analysed")[0]["rows"] == 8 - 1 - 1 - 2 - 1


def test_times_and_events_that_cannot_be_used_are_told() -> None:
    table = {
        "person": [*"abcdefgh"],
        "event": [1, 0, 2, 3, 0, 1, 0, 0],
        "time": ["1.5", "soon", "2", "3", "-1", "4", "5", "NA"],
    }
    report = ap.validate(scored(), table, horizon=3)
    assert codes(report) == [
        ("outcomes", "b", "time.invalid"),
        ("outcomes", "d", "event.invalid"),
        ("outcomes", "e", "time.invalid"),
    ]
    # c died after two years and g and f were followed for longer: none of them had the outcome by then.
    assert report.figure("rate").value == 1 / 4
    assert report.rows("flow", sample="different follow-up")[-1]["rows"] == 4


def test_an_outcome_that_event_and_time_contradict_is_left_out() -> None:
    report = ap.validate(scored(), outcomes(event=[0, 0, 1, 1, 0, 0, 1, 1], time=[9, 9, 1, 2, 9, 9, 3, 4]), horizon=5)
    assert codes(report) == [("outcomes", "h", "outcome.contradiction")]
    assert report.rows("flow", sample="fixed follow-up")[-1]["rows"] == 7


def test_dates_and_texts_of_how_follow_up_ended() -> None:
    ends = ["charge", "end", "death", "charge", "end", "end", "", "moved"]
    table = {
        "person": [*"abcdefgh"],
        "released": ["2015-01-01"] * 7 + ["2014-12-32"],
        "until": ["2016-01-01", "2022-01-01", "2017-01-01", "2021-01-01", "2022-01-01", "2014-01-01", "2022-01-01", ""],
        "ended": ends,
    }
    options: dict[str, Any] = {"event": "ended", "start": "released", "end": "until", "horizon": 5}
    report = ap.validate(scored(), table, event_is="charge", competing_is="death", study_end="2022-01-01", **options)
    assert codes(report) == [("outcomes", "f", "time.invalid"), ("outcomes", "h", "time.invalid")]
    assert (report.figure("rate").value, report.rows("flow", step="analysed")[0]["rows"]) == (1 / 5, 5)
    told = {row["category"]: row["n"] for row in report.rows("counts", variable="how follow-up ended")}
    assert told == {
        "charge: the outcome": 2,
        "end: followed without": 3,
        "death: another event": 1,
        "moved: followed without": 1,
    }
    with pytest.raises(ap.UsageError, match="never holds 'charges'; nearest: charge"):
        ap.validate(scored(), table, event_is="charges", **options)


def test_who_could_not_be_followed_is_left_out_whatever_happened() -> None:
    table = {
        "person": [*"abcdefgh"],
        "event": [1, 1, 0, 0, 0, 1, 0, 0],
        "time": [1, 1, 2, 5, 5, 2, 5, 1],
        "could": [2, 5, 2, 5, 5, 9, 5, 5],
    }
    plain = ap.validate(scored(), table, horizon=5)
    assert plain.figure("rate").value == 3 / 6
    assert "follow-up.short" in [each["code"] for each in plain.document["limits"]]
    report = ap.validate(scored(), table, horizon=5, potential="could")
    assert report.figure("rate").value == 2 / 5  # h was lost: it could have been followed, and was not
    assert "follow-up.short" not in [each["code"] for each in report.document["limits"]]


@pytest.mark.parametrize(
    ("unit", "factor", "horizon"),
    [("years", 1, 5), ("months", 12, 60), ("days", 365, 1825)],
    ids=lambda each: str(each),
)
def test_horizon_of_the_norms_in_the_unit_of_the_times(unit: Any, factor: int, horizon: int) -> None:
    items = [item.code for item in ap.load("static-99r").items if not item.optional]
    people = {**dict.fromkeys(items, ["yes", "no"] * 15), "age_at_release": [39, 24] * 15}
    people |= {
        "prior_sex_charges": [0, 4] * 15,
        "prior_sex_convictions": [0, 1] * 15,
        "prior_sentencing_dates": [1, 2] * 15,
    }
    people["person"] = list(range(30))
    scores = ap.score("static-99r", people, key="person", norms=["routine-2015-5y"], accept_unverified=True)
    times = [factor * 6] * 29 + [factor]
    report = ap.validate(scores, {"person": list(range(30)), "event": [1] + [0] * 29, "time": times}, time_unit=unit)
    assert report.horizon == (1826 if unit == "days" else horizon)
    assert report.figure("expected_observed", section="calibration").status == "no_events"
    apart = ap.validate(
        scores, {"person": list(range(30)), "event": [1] + [0] * 29, "time": times}, time_unit=unit, horizon=2 * factor
    )
    assert "the rates are for 5 years" in apart.left_out["calibration"].lower()


@pytest.mark.parametrize(
    ("left", "right", "options", "message"),
    [
        ({"person": None}, {}, {}, "no column in common"),
        ({}, {}, {"key": "persn"}, "has no column 'persn'; nearest: person"),
        ({}, {}, {"outcome": "outcom"}, "no column 'outcom' in .*nearest: outcome"),
        ({}, {"outcome": None, "result": WITH}, {}, "no column 'outcome', nor 'event' and 'time'"),
        ({}, {"outcome": None, "event": WITH}, {"event": "event"}, "time: event needs it"),
        (
            {},
            {"outcome": ["reoffended", *["no offence"] * 7]},
            {},
            "no row has a value .*found 'reoffended'; expected 0 or 1",
        ),
        ({"total_here_rate": [10.0] * 8}, {}, {}, "holds 10; expected proportions from 0 to 1, not percents"),
        ({"total_other_rate": RATES}, {}, {}, "several norm sets: here, other; name one, or 'none'"),
        ({}, {}, {"norms": "her"}, "no rates of 'her' .*nearest: here"),
        ({"total_status": None}, {}, {}, "no result of score"),
        (
            {"risk": SCORES, "risk_status": ["scored"] * 8, "risk_level": LEVELS},
            {},
            {},
            "several: total, risk; name one",
        ),
        ({"person": [*"stuvwxyz"]}, {}, {}, "no person is in both tables; scored.*key.unmatched 8"),
        (
            {},
            {"outcome": None, "event": WITH, "time": [400] * 8},
            {},
            "holds 400 years, more than 120 years; say the unit",
        ),
        ({}, {}, {"cut": "medium"}, "'medium' is no number and no level; levels: low, high"),
        ({}, {}, {"group": "regoin"}, "no column 'regoin'"),
        ({}, {"region": [*"nnnnssss"]}, {"group": "region=w", "smallest_cell": 1}, "'w' is no group of 'region'"),
        ({}, {}, {"horizon": -1}, "horizon: -1 years; expected above 0"),
        ({}, {}, {"norms": "here", "rates": "total_here_rate"}, "not both"),
        ({}, {}, {"date": "27.11.2026"}, "date: expected YYYY-MM-DD"),
        ({}, {}, {"confidence": 95}, "confidence: 95; expected a share"),
        ({}, {}, {"start": "released"}, "start and end belong together"),
        ({}, {}, {"second": {"person": [*"abcdefgh"], "points": SCORES}}, "second: second .* has no column 'total'"),
        ({}, {}, {"group": "person"}, "'person' is the key: what it holds names people"),
        ({}, {}, {"level": "person"}, "'person' is the key"),
    ],
)
def test_what_cannot_be_done_says_why(left: Columns, right: Columns, options: Columns, message: str) -> None:
    tables = [
        {name: column for name, column in {**table, **changes}.items() if column is not None}
        for table, changes in ((scored(), left), (outcomes(), right))
    ]
    with pytest.raises(ap.UsageError, match=message):
        ap.validate(*tables, **options)


def test_without_rates_calibration_says_so() -> None:
    report = ap.validate(scored(), outcomes(), norms="none")
    assert "no rates" in report.left_out["calibration"]
    assert not report.rows("figures", section="calibration")
    assert "Calibration" in report.html(pictures=False)


def test_a_rate_of_exactly_nothing_has_no_line() -> None:
    report = ap.validate(scored(total_here_rate=[0.0, *RATES[1:]]), outcomes())
    assert report.figure("calibration_slope").status == "certain"
    assert report.figure("expected_observed").value == pytest.approx(2.15 / 3)
    followed = ap.validate(
        scored(total_here_rate=[1.0, *RATES[1:]]), {"person": [*"abcdefgh"], "event": WITH, "time": [2] * 8}, horizon=1
    )
    assert "A rate of exactly 1" in followed.left_out["calibration of people followed for different times"]


@pytest.mark.parametrize("outcome", [0, 1])
def test_one_outcome_gives_statuses_not_figures(outcome: int) -> None:
    report = ap.validate(scored(), outcomes(outcome=[outcome] * 8))
    assert report.figure("auc").status == "one_class"
    assert report.document["limits"][0]["code"] == "sample.one-class"
    for row in report.rows("figures"):
        assert (row["value"] is None) == (row["status"] != "estimated"), row
    page = report.html()
    assert "only one outcome occurs" in page
    assert ">nan" not in page.lower()


def test_few_people_are_warned_of_first() -> None:
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 10, 30)
    table = {
        "person": list(range(30)),
        "total": scores,
        "total_status": ["scored"] * 30,
        "total_x_rate": scores / 20 + 0.01,
    }
    report = ap.validate(table, {"person": list(range(30)), "outcome": [1] * 3 + [0] * 27})
    first = report.document["limits"][0]
    assert first["code"] == "sample.few-events"
    assert "Only 3 people had the outcome" in first["text"]
    assert first["text"] in report.html(pictures=False).replace("&#39;", "'").replace("&amp;", "&")


def test_names_are_text_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    people, scores = list(range(200)), rng.integers(0, 8, 200)
    odd = ["$l_{$", "<script>alert(1)</script>", "a $5 \\frac{ $6 & b"]
    table = {"person": people, "total": scores, "total_status": ["scored"] * 200, "total_x_rate": 0.05 + scores / 20}
    table["total_level"] = [odd[score // 3] for score in scores]
    happened = {"person": people, "event": (rng.random(200) < 0.3) * 1, "time": rng.exponential(3, 200)}
    report = ap.validate(table, {**happened, "$g": rng.choice(odd, 200)}, group="$g", horizon=2)
    page = report.html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "$l_{$" in page


def test_second_ratings_as_a_table_of_their_own() -> None:
    second = {"person": [*"hgfed", "z"], "total": [6, 5, 4, 3, 3, 9], "total_level": [*["high"] * 4, "low", "low"]}
    report = ap.validate(scored(), outcomes(), second=second)
    pairs = {"h": 6, "g": 5, "f": 4, "e": 3, "d": 3}
    first = dict(zip("abcdefgh", SCORES, strict=True))
    expected = st.agreement([first[name] for name in pairs], list(pairs.values()))
    assert report.figure("exact", section="agreement", by="") == expected.exact
    assert codes(report) == [("second", "z", "key.unmatched")]
    assert [row["rows"] for row in report.rows("flow", sample="second")] == [6, 1, 5]
    assert {(row["first"], row["second"]): row["n"] for row in report.rows("level_pairs")} == {
        **{("low", "low"): 1, ("low", "high"): 0},
        **{("high", "high"): 4, ("high", "low"): 0},
    }


def test_resampled_intervals_are_those_of_the_bootstrap() -> None:
    rng = np.random.default_rng(4)
    scores = rng.integers(0, 8, 300)
    rates = 0.05 + scores / 20
    had = (rng.random(300) < rates) * 1
    people = list(range(300))
    table = {"person": people, "total": scores, "total_status": ["scored"] * 300, "total_x_rate": rates}
    report = ap.validate(table, {"person": people, "outcome": had}, bootstrap=200, seed=7)
    for name in ("ici", "emax"):
        expected = st.bootstrap(
            300,
            lambda rows, name=name: getattr(st.calibration_curve(rates[rows], had[rows]), name),  # type: ignore[misc]
            replicates=200,
            seed=7,
            bca=False,
        )
        assert report.figure(name) == expected.estimate


def test_very_many_scores_are_put_into_stretches() -> None:
    rng = np.random.default_rng(5)
    scores = rng.normal(size=5000)
    had = (rng.random(5000) < 1 / (1 + np.exp(2 - scores))) * 1
    people = list(range(5000))
    report = ap.validate(
        {"person": people, "total": scores, "total_status": ["scored"] * 5000}, {"person": people, "outcome": had}
    )
    cuts = report.rows("cuts")
    assert len(cuts) == 100
    for row in cuts[::20]:
        assert row["true_positives"] == int(had[scores >= row["cut"]].sum())
    assert report.figure("auc") == st.auc(scores, had).auc


CELLS = some.one_of(
    some.sampled_from(["0", "1", "2", "", "NA", "yes", "no", "1.5", "-1", "nan", "inf", "1e999", "x", "\u0661", " 1 "]),
    some.text(max_size=3).filter(lambda text: "\0" not in text),
)


WILD = 8


def column(*sound: str) -> some.SearchStrategy[list[str]]:
    """A column whose first cells are sound, so that a validation goes on whatever stands in the others."""
    return some.lists(CELLS, min_size=WILD, max_size=WILD).map(lambda cells: [*sound, *cells])


@settings(max_examples=80, deadline=None)
@given(
    keys=column(*"abcd"),
    scores=column("1", "2", "3", "4"),
    levels=column("low", "low", "high", "high"),
    rates=column("0.1", "0.2", "0.3", "0.4"),
    ends=column("0", "1", "1", "0"),
    times=column("3", "0.5", "0.7", "2"),
    groups=column("n", "s", "n", "s"),
)
def test_whatever_stands_in_a_cell_is_counted_or_refused(
    keys: list[str],
    scores: list[str],
    levels: list[str],
    rates: list[str],
    ends: list[str],
    times: list[str],
    groups: list[str],
) -> None:
    rows = len(keys)
    left = {"person": keys, "total": scores, "total_status": ["scored"] * rows, "total_level": levels}
    right = {"person": keys[:4] + keys[:3:-1], "event": ends, "time": times, "group": groups}
    percents = any(NUMBER.fullmatch(cell.strip()) and float(cell) > 1 for cell in rates)
    with suppress(ap.UsageError) if percents or set(keys[:4]) <= set(keys[4:]) else nullcontext():
        check(ap.validate({**left, "total_x_rate": rates}, right, group="group", horizon=1, smallest_cell=1))


def check(report: ap.Validation) -> None:
    """Rows add up, and the result can be written."""
    for sample in ("scored", "outcomes", "fixed follow-up", "different follow-up"):
        flow = report.rows("flow", sample=sample)
        assert flow[0]["rows"] - sum(row["rows"] for row in flow[1:-1]) == flow[-1]["rows"]
    json.loads(report.json())
    report.html(pictures=False)
