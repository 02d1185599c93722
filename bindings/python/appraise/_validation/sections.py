"""The parts of the report: tables and plots of each subject, every number from the tables of the validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from appraise._document import Block, Marked, Picture, Section, Table
from appraise._validation.groups import ERRORS
from appraise._validation.shown import EVERYBODY, difference, estimate, number, p_value, percent, pivot, plain
from appraise._validation.words import STATUSES

if TYPE_CHECKING:
    from appraise._validation.pictures import Pictures
    from appraise._validation.result import Validation

LABELS = {
    "auc": "AUC",
    "cohens_d": "Cohen's d",
    "odds_ratio_per_point": "odds ratio per point",
    "hazard_ratio_per_point": "hazard ratio per point",
    "harrells_c": "Harrell's C",
    "unos_c": "Uno's C",
    "auc_at_horizon": "AUC at the horizon",
    "rate": "rate",
    "incidence": "incidence at the horizon",
    "expected": "expected",
    "expected_observed": "E/O",
    "expected_observed_by_logarithm": "E/O, interval by logarithm",
    "expected_observed_at": "E/O, incidence at the horizon",
    "calibration_intercept": "calibration intercept (0 is right)",
    "calibration_slope": "calibration slope (1 is right)",
    "calibration_slope_followed": "calibration slope (1 is right)",
    "brier": "Brier score",
    "brier_scaled": "scaled Brier score",
    "ici": "ICI",
    "e50": "E50",
    "e90": "E90",
    "emax": "Emax",
    "exact": "equal",
    "within_one": "within one",
    "mean_difference": "mean difference (first less second)",
    "sem": "standard error of measurement",
    "sdc": "smallest detectable change",
    "kappa": "kappa",
    "kappa_linear": "kappa, linear weights",
    "kappa_quadratic": "kappa, quadratic weights",
    "flagged": "flagged",
    "false_positive_rate": "false positives of those without",
    "false_negative_rate": "false negatives of those with",
    "positive_predictive_value": "positive predictive value",
    "negative_predictive_value": "negative predictive value",
    "intercepts": "same score, other rate (Cleary)",
    "slopes": "score predicts more or less well (Cleary)",
    "calibration_line": "intercept 0 and slope 1",
    "hosmer_lemeshow": "Hosmer and Lemeshow",
    "base_rate": "base rate",
    "same_score": "odds at the same score",
    "implied_false_positive_rate": "false positives that the base rate would force",
}


TESTS = {"expected_observed": "that all have one E/O", "harrells_c": "that all have one C"}


def label(name: str) -> str:
    """A figure or test as it is printed."""
    return LABELS.get(name, name.replace("_", " "))


def _there(*pictures: Picture | None) -> list[Block]:
    return [each for each in pictures if each is not None]


def discrimination(given: Validation, draw: Pictures | None) -> Iterator[Section]:
    """AUC and its like, rates by level and score, every cut."""
    blocks = [*table_of_figures(given, "discrimination"), *_there(draw.roc() if draw else None)]
    inner = []
    for by in ("level", "score"):
        if rows := given.rows("figures", section="base_rates", by=by):
            columns = {"rate": "rate at a fixed follow-up", "incidence": "incidence at the horizon"}
            people = "rate" if any(row["figure"] == "rate" for row in rows) else "incidence"
            inner.append(Section(f"Rates by {by}", [pivot(rows, "group", by, columns, people=people)]))
    if given.rows("cuts"):
        inner.append(Section("Every cut", list(_cuts(given))))
    if blocks or inner:
        yield Section("Discrimination", blocks, sections=inner)


def _cuts(given: Validation) -> Iterator[Block]:
    shares = ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value")
    rows = [
        (
            f"{plain(row['cut'])} or more",
            f"{row['true_positives'] + row['false_positives']:,}",
            *(estimate(row, each, each) for each in shares),
        )
        for row in given.rows("cuts")
    ]
    heads = ("score", "people", *map(label, shares))
    yield (
        "They depend on the cut and on the base rate: they describe these people and are no property of the "
        "instrument. A cut chosen because it does best here does worse elsewhere."
    )
    yield Table(heads, rows, numbers=frozenset(range(len(heads))))


def calibration(given: Validation, draw: Pictures | None) -> Iterator[Section]:
    """Whether as many people had the outcome as the rates say."""
    if why := given.left_out.get("calibration"):
        yield Section("Calibration", [why])
        return
    inner = []
    if given.rows("figures", section="calibration_followed"):
        blocks = table_of_figures(given, "calibration_followed")
        title = "People followed for different times"
        inner.append(Section(title, blocks, sections=list(_indices(given, "calibration_followed", None))))
    inner += _indices(given, "calibration", draw)
    blocks = []
    if given.rows("figures", section="calibration", by="", figure="expected_observed"):
        blocks.append("E/O is expected over observed: below 1, more people had the outcome than the rates say.")
        blocks += table_of_figures(given, "calibration", "At a fixed follow-up")
        blocks += table_of_tests(given, "calibration")
        blocks += _there(draw.calibration() if draw else None)
    evidence = given.about.norms["evidence"] if given.about.norms else ""
    if blocks or inner:
        yield Section("Calibration", blocks, Marked(evidence) if evidence else None, sections=inner)


def _indices(given: Validation, section: str, draw: Pictures | None) -> Iterator[Section]:
    """E/O by level and by score, with the tests and, by level, the picture."""
    for by in ("level", "score"):
        if rows := given.rows("figures", section=section, by=by):
            columns = {"expected": "expected", "expected_observed": "E/O"}
            blocks: list[Block] = [pivot(rows, "group", by, columns, people="expected_observed")]
            blocks += table_of_tests(given, section, by)
            blocks += _there(draw.expected_observed() if draw and by == "level" else None)
            when = "" if section == "calibration" else ", different times"
            yield Section(f"E/O by {by}{when}", blocks)


def follow_up(given: Validation, draw: Pictures | None) -> Iterator[Section]:
    """People over time: curves by level, hazard by time already spent without an event."""
    if not given.rows("survival"):
        return
    unit = given.choices.time_unit
    inner = [Section("By time and level", list(_by_time(given)))]
    hazards = [
        (
            f"{plain(row['start'])} to {plain(row['end'])}",
            f"{row['at_risk']:,}",
            f"{row['events']:,}",
            estimate(row, "hazard", "hazard"),
            estimate(row, "probability", "probability"),
        )
        for row in given.rows("hazards")
    ]
    if hazards:
        one = unit.removesuffix("s")
        period = (f"{unit} without an event", "at risk", "with", f"hazard, per {one}", "chance in the period")
        table = Table(period, hazards, numbers=frozenset(range(1, 5)))
        inner.append(Section("By time already without an event", [table]))
    yield Section("Follow-up", _there(draw.survival() if draw else None), sections=inner)


def _by_time(given: Validation) -> Iterator[Table]:
    """A line for each time and a column for each level: people at risk, then those with the outcome."""
    rows = given.rows("survival")
    levels, times = (list(dict.fromkeys(row[name] for row in rows)) for name in ("group", "time"))
    by = {(row["group"], row["time"]): row for row in rows}
    heads = (given.choices.time_unit, *(level or EVERYBODY for level in levels))
    numbers = frozenset(range(len(heads)))

    def table(caption: str, cell: Callable[[Mapping[str, Any]], str]) -> Table:
        lines = [(plain(at), *(cell(by[level, at]) for level in levels)) for at in times]
        return Table(heads, lines, caption, numbers)

    yield table("Still at risk / with the outcome so far", lambda row: f"{row['at_risk']:,} / {row['events']:,}")
    # Where another event can come first, Kaplan-Meier's complement is no incidence: it stays in the tables.
    name, caption = ("survival", "Without the outcome, % (Kaplan-Meier)")
    if "incidence" in given.results:
        name, caption = ("incidence", "Incidence of the outcome, %, another event being able to come first")
    yield table(caption, lambda row: estimate(row, name, name).replace(" %", ""))


def value(given: Validation, draw: Pictures | None) -> Iterator[Section]:
    """What acting by the scores is worth."""
    inner = []
    if rows := given.rows("decision_curve"):
        lines = [
            (
                percent(row["threshold"], 0),
                number(row["rates"], 4),
                number(row["everybody"], 4),
                percent(row["flagged"]),
            )
            for row in rows
            if round(100 * row["threshold"]) % 5 == 0 or row["threshold"] < 0.095
        ]
        heads = ("threshold", "by the rates", "acting on everybody", "people acted on")
        note = (
            "Net benefit: true positives less false positives weighed by the threshold, per person; acting on nobody "
            "is worth 0. The threshold is the rate from which one would act. Every step of 1 % is in the tables."
        )
        table = Table(heads, lines, numbers=frozenset(range(4)))
        inner.append(Section("Decision curve", [note, *_there(draw.decision_curve() if draw else None), table]))
    if rows := given.rows("numbers_needed"):
        lines = [
            (
                f"{plain(row['cut'])} or more",
                f"{row['flagged']:,}",
                f"{row['missed']:,}",
                estimate(row, "needed", "needed"),
            )
            for row in rows
        ]
        heads = ("score", "people", "with the outcome below", "number needed")
        effect = given.choices.effect
        share = "every outcome were" if effect == 1 else f"{100 * effect:g} % of outcomes were"
        note = f"People acted on for one outcome that does not happen, if {share} prevented in those acted on."
        inner.append(Section("Numbers needed", [note, Table(heads, lines, numbers=frozenset(range(4)))]))
    if inner:
        yield Section("Value for decisions", sections=inner)


def groups(given: Validation, draw: Pictures | None) -> Iterator[Section]:
    """Each column of groups."""
    inner = [Section(f"By {column}", list(_group(given, column, draw))) for column in given.choices.groups]
    if inner:
        why = given.left_out.get("groups")
        yield Section("Fairness between groups", [why] if why else [], sections=inner)


def _group(given: Validation, column: str, draw: Pictures | None) -> Iterator[Block]:
    if why := given.left_out.get(f"groups: {column}"):
        yield why
    if rows := given.rows("figures", section="groups", by=column):
        yield from _group_fixed(given, column, rows)
    if rows := given.rows("figures", section="groups_followed", by=column):
        heads = {each: label(each) for each in ("harrells_c", "incidence", "expected", "expected_observed")}
        yield pivot(rows, "group", column, heads, people="harrells_c", caption="People followed for different times")
        caption = "Tests that the groups shown are alike, people followed for different times"
        yield from table_of_tests(given, "groups_followed", column, caption)
    if draw:
        yield from draw.groups(column)


def _group_fixed(given: Validation, column: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    first = {"rate": "rate", "auc": "AUC", "odds_ratio_per_point": "odds ratio per point"}
    yield pivot(rows, "group", column, first, caption="Base rate and discrimination")
    rated = ("expected", "expected_observed", "calibration_intercept", "calibration_slope")
    if own := [row for row in rows if row["figure"] in rated]:
        heads = {each: label(each) for each in rated}
        yield pivot(own, "group", column, heads, people="expected_observed", caption="Calibration")
    cut = given.document["cut"]["what"]
    for caption, names in ((f"Error rates; flagged is {cut}", ERRORS[:3]), ("Predictive values", ERRORS[3:])):
        if own := [row for row in rows if row["figure"] in names]:
            yield pivot(own, "group", column, {each: label(each) for each in names}, people=names[0], caption=caption)
    if any(row["p_value"] is not None for row in given.rows("tests", section="groups", by=column)):
        yield from table_of_tests(given, "groups", column, "Tests that the groups shown are alike")
    else:
        yield "No test compares groups: fewer than two are shown, or they have too few people."
    yield from _differences(given, column)
    if found := given.results.get(f"fairness by {column}"):
        yield found.note


def _differences(given: Validation, column: str) -> Iterator[Block]:
    rows = given.rows("differences", by=column)
    if not rows:
        return
    lines = [(row["group"], label(row["figure"]), difference(row), p_value(row["p_value"])) for row in rows]
    reference = rows[0]["reference"]
    heads = ("group", "figure", "difference [interval]", "p")
    caption = (
        f"Differences from {reference}; of E/O and of the odds at the same score, how many times those of {reference}"
    )
    yield Table(heads, lines, caption, frozenset({2, 3}))


def agreement(given: Validation, draw: Pictures | None) -> Iterator[Section]:
    """Two ratings of the same people."""
    blocks = table_of_figures(given, "agreement", "Scores")
    blocks += table_of_figures(given, "agreement", "Levels", by="level")
    if pairs := given.rows("level_pairs"):
        firsts, seconds = (list(dict.fromkeys(row[name] for row in pairs)) for name in ("first", "second"))
        counts = {(row["first"], row["second"]): row["n"] for row in pairs}
        lines = [(first, *(f"{counts[first, second]:,}" for second in seconds)) for first in firsts]
        heads = ("first \\ second", *seconds)
        blocks.append(Table(heads, lines, "Levels: first rating by second", frozenset(range(1, len(heads)))))
        blocks += _there(draw.agreement() if draw else None)
    if blocks:
        yield Section("Agreement of two ratings", blocks)


def table_of_figures(given: Validation, section: str, caption: str = "", by: str = "") -> list[Block]:
    """The figures of a section about everybody, one a line."""
    rows = given.rows("figures", section=section, by=by)
    if not rows:
        return []
    events = any(row["events"] is not None for row in rows)
    lines = [
        (
            label(row["figure"]),
            estimate(row, row["figure"]),
            f"{row['n']:,}",
            *((f"{row['events']:,}",) if events else ()),
            f"{row['left_out']:,}",
        )
        for row in rows
    ]
    heads = ("figure", "value [interval]", "people", *(("with",) if events else ()), "left out")
    return [Table(heads, lines, caption, frozenset(range(1, len(heads))))]


def table_of_tests(given: Validation, section: str, by: str = "", caption: str = "") -> list[Block]:
    rows = [
        (
            TESTS.get(row["test"], label(row["test"])),
            str(STATUSES.get(row["status"], row["status"])) if row["statistic"] is None else number(row["statistic"]),
            plain(row["degrees_of_freedom"]),
            p_value(row["p_value"]),
        )
        for row in given.rows("tests", section=section, by=by)
    ]
    heads = ("test", "chi-square", "degrees of freedom", "p")
    return [Table(heads, rows, caption, frozenset({1, 2, 3}))] if rows else []
