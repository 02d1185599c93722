"""Rescoring: who moves between two plans, why, in which groups, and when it stops."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import appraise as ap
from appraise._proof.groups import withheld
from appraise._proof.ladder import ladder
from appraise._proof.movement import OUTCOMES, Movement
from appraise._proof.rescoring import Limit, Plan, Rescoring
from conftest import SAMPLE, Run, options

CASELOAD = Path(__file__).parents[2] / "examples" / "caseload.csv"
LOW_HIGH = [("low", ""), ("high", "")]


def edited(folder: Path, **changes: Any) -> Path:
    """The sample as another edition, with some parts replaced."""
    document = json.loads((SAMPLE / "instrument.json").read_text(encoding="utf-8"))
    document |= {"edition": "2", **changes}
    for scheme in document["levels"].values():
        scheme["edition"] = "2"
    del document["code_lists"]
    document["items"] = [each for each in document["items"] if each["code"] != "act"]
    document["scales"] = [each for each in document["scales"] if each["code"] != "category"]
    target = folder / "sample" / "2"
    target.mkdir(parents=True)
    (target / "instrument.json").write_text(json.dumps(document), encoding="utf-8")
    return target


def other_points(folder: Path) -> Path:
    """An edition in which three or more prior occasions count one point more."""
    items = json.loads((SAMPLE / "instrument.json").read_text(encoding="utf-8"))["items"]
    priors = next(each for each in items if each["code"] == "priors")
    priors["bands"][2]["points"] = 3
    levels = json.loads((SAMPLE / "instrument.json").read_text(encoding="utf-8"))["levels"]
    levels["main"]["bands"][2]["to"] = 7
    levels["guess"]["bands"][1]["to"] = 7
    return edited(folder, items=items, levels=levels)


PEOPLE: dict[str, list[Any]] = {
    "person": [f"p{at}" for at in range(8)],
    "sex": ["m", "m", "m", "m", "f", "f", None, "m"],
    "severity": ["none", "some", "much", "none", "some", None, "some", "none"],
    "first": ["no", "yes", "yes", "yes", "no", "no", "yes", "yes"],
    "priors": [3, 5, 3, 0, 4, 4, 2, 3],
    "age": [40, 30, 30, 30, 19, 30, 30, 30],
}


def plan(instrument: ap.Instrument | Path, **levels: str) -> Plan:
    return Plan(
        ap.compile(
            ap.load(instrument) if isinstance(instrument, Path) else instrument, accept_unverified=True, levels=levels
        ),
        levels,
    )


def moved(before: Plan, after: Plan, people: Mapping[str, Any] = PEOPLE, **options: Any) -> tuple[Rescoring, pa.Table]:
    rescoring = Rescoring(before, after, **options)
    table = pa.table(people)
    first, second = (ap.score(each.plan, table, contributions=True).to_pyarrow() for each in (before, after))
    kept = {name: table[name] for name in dict.fromkeys(["person", *options.get("groups", ())])}
    movers = rescoring.add(first, second, kept, np.arange(1, len(table) + 1))
    return rescoring, pa.concat_tables(movers)


def outcomes(movement: Movement) -> dict[str, int]:
    return {name: count for name, count in zip(OUTCOMES, movement.outcomes.tolist(), strict=True) if count}


def test_movers_are_found_with_what_moved_them(sample: ap.Instrument, tmp_path: Path) -> None:
    rescoring, movers = moved(plan(sample), plan(other_points(tmp_path)))
    (movement,) = rescoring.movements
    # p0: 3 -> 4 and p1: 3 -> 4 rise from middle to high, p7: 2 -> 3 stays in middle, p2: 5 -> 6 in high.
    assert outcomes(movement) == {"same": 4, "up": 2, "unscored": 2}
    assert movers["person"].to_pylist() == ["p0", "p1"]
    assert movers["row"].to_pylist() == [1, 2]
    assert movers["why"].to_pylist() == ["priors +1", "priors +1"]
    assert movers["value_before"].to_pylist() == [3, 3]
    assert movers["level_after"].to_pylist() == ["high", "high"]
    assert movement.changes.counts == {0.0: 2, 1.0: 4}
    ((key, cause),) = movement.causes.items()
    assert (OUTCOMES[key[0]], key[1], cause.rows, cause.total) == ("up", "priors", 2, 2.0)


def test_matrix_counts_every_row_once(sample: ap.Instrument, tmp_path: Path) -> None:
    rescoring, _ = moved(plan(sample), plan(other_points(tmp_path)))
    (movement,) = rescoring.movements
    assert movement.matrix.sum() == len(PEOPLE["person"])
    cell = movement.matrix[movement.rows.index("middle"), movement.columns.index("high")]
    assert cell == 2


def test_batches_change_nothing(sample: ap.Instrument, tmp_path: Path) -> None:
    before, after = plan(sample), plan(other_points(tmp_path))
    whole, movers = moved(before, after)
    parts = Rescoring(before, after)
    table, found = pa.table(PEOPLE), []
    for start in range(0, len(table), 3):
        part = table.slice(start, 3)
        first, second = (ap.score(each.plan, part, contributions=True).to_pyarrow() for each in (before, after))
        found += parts.add(first, second, {"person": part["person"]}, np.arange(start + 1, start + 1 + len(part)))
    assert pa.concat_tables(found).equals(movers)
    assert (parts.movements[0].matrix == whole.movements[0].matrix).all()
    assert parts.movements[0].changes == whole.movements[0].changes


def test_other_cuts_are_told_from_other_values(sample: ap.Instrument) -> None:
    rescoring, movers = moved(
        plan(sample), plan(sample, total="guess"), equivalents={"low": "less", "middle": "less", "high": "more"}
    )
    assert outcomes(rescoring.movements[0]) == {"same": 4, "up": 2, "unscored": 2}
    assert set(movers["why"].to_pylist()) == {"same value, other cuts"}


def test_who_is_no_longer_scored_is_told_with_the_reason(sample: ap.Instrument, tmp_path: Path) -> None:
    rule = {"code": "adult", "require": {"of": "age", "at_least": 35}, "reason": "from the age of 35"}
    rescoring, movers = moved(plan(sample), plan(edited(tmp_path, applies_when=[rule])))
    assert outcomes(rescoring.movements[0]) == {"same": 1, "lost": 5, "unscored": 2}
    assert set(movers["movement"].to_pylist()) == {"lost"}
    assert set(movers["level_after"].to_pylist()) == {"not_applicable"}
    assert all("does not apply: adult" in why for why in movers["why"].to_pylist())


def test_levels_are_ordered_only_where_something_makes_them_comparable() -> None:
    same = ladder([("low", ""), ("high", "")], [("low", ""), ("middle", ""), ("high", "")], {})
    assert same.directions().tolist() == [[0, 1, 1], [-1, -1, 0]]
    standard = ladder([("a", "I"), ("b", "IV")], [("c", "I"), ("d", "IVa"), ("e", "V")], {})
    assert standard.basis == "standard levels"
    assert standard.directions().tolist() == [[0, 1, 1], [-1, 0, 1]]
    neither = ladder(LOW_HIGH, [("1", ""), ("2", "")], {})
    assert not neither.comparable
    declared = ladder(LOW_HIGH, [("1", ""), ("2", ""), ("3", "")], {"low": "1", "high": "3"})
    assert declared.directions().tolist() == [[0, 1, 1], [-1, -1, 0]]
    reversed_names = ladder(LOW_HIGH, [("high", ""), ("low", "")], {})
    assert not reversed_names.comparable


@pytest.mark.parametrize(
    ("equivalents", "says"),
    [({"low": "1", "high": "9"}, "no level '9' after"), ({"low": "1"}, "level 'high'"), ({"x": "1"}, "'x' before")],
)
def test_equivalents_must_be_levels(equivalents: dict[str, str], says: str) -> None:
    with pytest.raises(ap.UsageError, match=says):
        ladder(LOW_HIGH, [("1", ""), ("2", "")], equivalents)


def test_limits_are_shares_or_rows(sample: ap.Instrument, tmp_path: Path) -> None:
    before, after = plan(sample), plan(other_points(tmp_path))
    # Two of the six that were scored before move up: 33.3 %.
    for text, stopped in (("2", False), ("1", True), ("33.4%", False), ("33.3%", True), ("0", True), ("100 %", False)):
        rescoring, _ = moved(before, after, limits=[Limit.parse("up", text)])
        assert rescoring.stopped is stopped, text
    for kind in ("down", "unscored"):
        assert not moved(before, after, limits=[Limit.parse(kind, "0")])[0].stopped
    for text in ("2.5", "-1", "101%", "-1%", "x", "", "%"):
        with pytest.raises(ap.UsageError, match="expected a percentage"):
            Limit.parse("up", text)


def test_a_limit_needs_levels_that_can_be_ordered(sample: ap.Instrument) -> None:
    with pytest.raises(ap.UsageError, match="--equivalent BEFORE=AFTER"):
        Rescoring(plan(sample), plan(sample, total="guess"), limits=[Limit.parse("up", "2%")])


def test_small_cells_do_not_follow_from_the_others() -> None:
    counts = np.array([[50, 12, 3], [40, 20, 30], [60, 15, 22]])
    hidden = withheld(counts, 10)
    assert hidden[0, 2]
    assert hidden[counts.shape[0] - 3 :, 2].sum() >= 2  # a column with a published total
    assert (hidden.sum(axis=1) != 1).all()
    assert (hidden.sum(axis=0) != 1).all()
    assert not withheld(np.array([[50, 12], [40, 20]]), 10).any()
    assert withheld(np.array([[4, 2], [40, 20], [80, 30]]), 10)[0].all()


@pytest.mark.parametrize("seed", range(20))
def test_withheld_cells_have_more_than_one_solution(seed: int) -> None:
    random = np.random.default_rng(seed)
    counts = random.integers(0, 25, size=(random.integers(2, 6), random.integers(2, 5)))
    hidden = withheld(counts, 10)
    table = np.column_stack([counts, counts.sum(axis=1)])
    assert hidden[(table > 0) & (table < 10)].all()
    assert (hidden.sum(axis=1) != 1).all()
    assert (hidden.sum(axis=0) != 1).all()


def test_groups_count_by_outcome(sample: ap.Instrument, tmp_path: Path) -> None:
    rescoring, _ = moved(plan(sample), plan(other_points(tmp_path)), groups=["sex"])
    names, counts = rescoring.movements[0].groups[0].table()
    assert names == ["(not stated)", "f", "m"]
    assert counts[:, OUTCOMES.index("up")].tolist() == [0, 0, 2]
    assert counts.sum() == len(PEOPLE["person"])


def test_a_column_of_keys_is_no_group(sample: ap.Instrument) -> None:
    people = {name: (values * 200)[:1100] for name, values in PEOPLE.items()} | {"key": list(range(1100))}
    with pytest.raises(ap.UsageError, match="no column of groups"):
        moved(plan(sample), plan(sample), people, groups=["key"])


# The command


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    pa.csv.write_csv(pa.table(PEOPLE), path)
    return path


def test_rescore_reports_and_writes(run: Run, people: Path, tmp_path: Path) -> None:
    after = other_points(tmp_path)
    movers, scores, report = tmp_path / "movers.csv", tmp_path / "after.parquet", tmp_path / "report.html"
    given = options(before=SAMPLE, after=after, movers=movers, output=scores, report=report, group="sex")
    ended = run("rescore", people, *given, *options(smallest_cell=1, fail_if_up="50%"))
    assert ended.exit_code == 0, ended.output
    for text in ("Movement matrix", "priors", "By sex", "sample 1 and sample 2", "kept"):
        assert text in ended.output
    with movers.open(encoding="utf-8") as file:
        assert [each["person"] for each in csv.DictReader(file)] == ["p0", "p1"]
    table = pa.parquet.read_table(scores)
    assert table["person"].to_pylist() == PEOPLE["person"]
    assert table["total"].to_pylist()[:3] == [4, 4, 6]
    assert "Movement matrix" in report.read_text(encoding="utf-8")


def test_an_exceeded_threshold_leaves_only_the_report(run: Run, people: Path, tmp_path: Path) -> None:
    after, report = other_points(tmp_path), tmp_path / "report.md"
    before = sorted(each.name for each in tmp_path.iterdir())
    given = options(before=SAMPLE, after=after, movers=tmp_path / "movers.csv", output=tmp_path / "after.parquet")
    ended = run("rescore", people, *given, *options(report=report, fail_if_moved=1))
    assert ended.exit_code == 1
    assert "2 of 6 rows of total are more than --fail-if-moved 1 allows" in ended.output
    assert "EXCEEDED" in report.read_text(encoding="utf-8")
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([*before, "report.md"])


def test_a_dry_run_writes_nothing_but_the_report(run: Run, people: Path, tmp_path: Path) -> None:
    before = sorted(each.name for each in tmp_path.iterdir())
    ended = run(
        "rescore",
        people,
        "--before",
        SAMPLE,
        "--dry-run",
        "--movers",
        tmp_path / "m.csv",
        "-o",
        tmp_path / "o.csv",
        "--json",
    )
    assert ended.exit_code == 0
    document = json.loads(ended.output)
    assert document["scales"][0]["outcomes"] == {
        "same": 6,
        "up": 0,
        "down": 0,
        "unordered": 0,
        "lost": 0,
        "gained": 0,
        "unscored": 2,
    }
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_small_groups_are_withheld_in_every_form(run: Run, people: Path, tmp_path: Path) -> None:
    ended = run("rescore", people, "--before", SAMPLE, "--group", "sex", "--json")
    groups = json.loads(ended.output)["scales"][0]["groups"]["sex"]
    assert all(count is None for group in groups.values() for count in group.values() if count != 0)
    assert "withheld" in run("rescore", people, "--before", SAMPLE, "--group", "sex").output


def test_rates_under_two_norm_sets(run: Run) -> None:
    ended = run(
        "rescore",
        CASELOAD,
        "--before",
        "static-99r",
        "--norms-before",
        "routine-2015-5y",
        "--norms-after",
        "hrhn-2015-5y",
        "--accept-unverified",
        "--json",
    )
    (rates,) = json.loads(ended.output)["rates"]
    assert rates["rows"] == 140
    assert rates["mean_before"] < rates["mean_after"] < 1


def test_probabilities_move_by_value(run: Run, tmp_path: Path) -> None:
    document = json.loads((SAMPLE / "instrument.json").read_text(encoding="utf-8"))
    scales = document["scales"]
    next(each for each in scales if each["code"] == "predictor")["weighted_sum"]["intercept"] = -1.5
    after, people = edited(tmp_path, scales=scales), tmp_path / "people.parquet"
    pa.parquet.write_table(pa.table(PEOPLE), people)
    ended = run("rescore", people, "--before", SAMPLE, "--after", after, "--scale", "chance", "--json")
    (scale,) = json.loads(ended.output)["scales"]
    assert scale["order"] == "value"
    assert scale["outcomes"]["down"] == 6
    assert scale["change"]["mean_after"] < scale["change"]["mean_before"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--before", "static-98r"), "nearest: static-99r"),
        (("--before", str(SAMPLE), "--group", "sxe"), "nearest: sex"),
        (("--before", str(SAMPLE), "--scale", "totl"), "nearest: total"),
        (("--before", str(SAMPLE), "--levels-after", "total"), "expected SCALE=SCHEME"),
        (("--before", str(SAMPLE), "--equivalent", "low"), "expected LEVEL=LEVEL"),
        (("--before", str(SAMPLE), "--equivalent", "lowe=low"), "level 'lowe' before"),
        (("--before", str(SAMPLE), "--report", "x.pdf"), "ends in .md, .html or .json"),
        (("--before", str(SAMPLE), "--fail-if-up", "many"), "expected a percentage"),
        (("--before", str(SAMPLE), "--movers", "x.pdf"), "ends in .csv"),
        ((), "--before"),
    ],
)
def test_rescore_says_what_is_wrong(run: Run, people: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = run("rescore", people, *arguments)
    assert ended.exit_code == 2
    assert says in ended.output
