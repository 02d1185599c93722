"""The report as a document: every number is taken from the tables of the validation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from appraise._core import __version__
from appraise._document import Block, Document, Facts, Marked, Section, Table
from appraise._validation.cohort import CODES
from appraise._validation.shown import EVERYBODY, estimate, number, p_value, percent, pivot, plain
from appraise._validation.words import STATUSES, limits, methods

if TYPE_CHECKING:
    from appraise._validation.result import Validation

FLOW_CODES = {
    **CODES,
    "score.missing": "no score",
    "outcome.missing": "no outcome",
    "outcome.short-follow-up": "not followed up to the horizon, without an event",
    "follow-up.missing": "no event or no time of follow-up",
}
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
}


def label(name: str) -> str:
    """A figure or test as it is printed."""
    return LABELS.get(name, name.replace("_", " "))


def report(given: Validation, *, pictures: bool) -> Document:
    """The document."""
    from appraise._validation.pictures import Pictures

    draw = Pictures(given) if pictures else None
    sections = [
        Section("At a glance", [Facts(summary(given))]),
        Section("What limits these figures", [Table(("limit", ""), [(code, text) for code, text in limits(given)])]),
        *_people(given),
        *_discrimination(given, draw),
        *_calibration(given, draw),
        *_follow_up(given, draw),
        *_value(given, draw),
        *_groups(given, draw),
        *_agreement(given, draw),
        *_end(given),
    ]
    return Document(
        f"Validation of {given.about.title}",
        _subtitle(given),
        sections,
        notice=_notice(given),
        footer=f"Made by appraise {__version__}. The page has no key of a person; tables by level and score are not "
        "suppressed.",
    )


def _subtitle(given: Validation) -> str:
    inputs = given.provenance["inputs"]
    date = f"; {given.choices.date}" if given.choices.date else ""
    return f"{inputs['scored']['name']} held against {inputs['outcomes']['name']}{date}"


SERIOUS = ("sample.one-class", "sample.few-events", "follow-up.short", "norms.unverified")


def _notice(given: Validation) -> str:
    return " ".join(text for code, text in limits(given) if code in SERIOUS)


def _first(given: Validation, figure: str, section: str) -> dict[str, Any] | None:
    return next(iter(given.rows("figures", section=section, by="", figure=figure)), None)


def summary(given: Validation) -> list[tuple[str, str]]:
    """The main figures in words."""
    facts = [
        ("Sample", given.choices.describe_sample),
        ("Outcome", given.choices.describe_outcome),
        ("Norms", _norms_words(given)),
    ]
    rate, incidence = _first(given, "rate", "base_rates"), _first(given, "incidence", "base_rates")
    if rate:
        facts.append(
            (
                "At a fixed follow-up",
                f"{rate['n']:,} people, {rate['events']:,} with the outcome: {estimate(rate, 'rate')}",
            )
        )
    if incidence:
        by = f"{estimate(incidence, 'incidence')} by {plain(given.horizon)} {given.choices.time_unit}"
        words = f"{incidence['n']:,} people, {incidence['events']:,} with the outcome; {by}"
        facts.append(("Followed for different times", words))
    area = _first(given, "auc", "discrimination")
    if area:
        facts.append(("AUC", _area_words(area, "auc")))
    concordance = _first(given, "harrells_c", "discrimination")
    if concordance:
        facts.append(("Harrell's C", estimate(concordance, "harrells_c")))
    for section, name in (("calibration", "E/O"), ("calibration_followed", "E/O, different follow-up")):
        index = _first(given, "expected_observed", section)
        if index:
            facts.append((name, _index_words(given, index, section)))
    slope = _first(given, "calibration_slope", "calibration")
    if slope:
        facts.append(("Calibration slope", f"{estimate(slope, 'calibration_slope')}; 1 is right"))
    return facts


def _norms_words(given: Validation) -> str:
    norms = given.about.norms
    if not norms:
        return ""
    years = f", {norms['follow_up_years']:g} years" if norms["follow_up_years"] else ""
    told = f"{norms['id']}: {norms['outcome']} in {norms['sample']}{years}" if norms["outcome"] else str(norms["id"])
    return f"{told}; {norms['evidence'] or 'evidence not stated'}"


def _area_words(row: dict[str, Any], figure: str) -> str:
    text = estimate(row, figure)
    if row["value"] is None:
        return text
    pairs = percent(row["value"])
    return (
        f"{text}: of two people, one with and one without the outcome, the one with it scored higher in {pairs} of "
        "pairs (ties count half)"
    )


def _index_words(given: Validation, index: dict[str, Any], section: str) -> str:
    expected = _first(given, "expected", section)
    counts = f"{number(expected['value'], 1)} expected, {index['events']:,} observed" if expected else ""
    text = estimate(index, "expected_observed")
    if index["low"] is None or index["high"] is None:
        return f"{text}: {counts}"
    if section == "calibration" and any(code == "follow-up.short" for code, _ in limits(given)):
        return (
            f"{text}: {counts}; too low, because people followed for less than the horizon are left out: see the limits"
        )
    verdict = (
        "more people had the outcome than the rates say"
        if index["high"] < 1
        else "fewer people had the outcome than the rates say"
        if index["low"] > 1
        else "these data do not rule out that the rates are right"
    )
    return f"{text}: {counts}; {verdict}"


def _people(given: Validation) -> Iterator[Section]:
    lines = []
    for row in given.rows("flow"):
        code = row["code"]
        why = FLOW_CODES.get(code) or (f"no score: {code.removeprefix('score.').replace('-', ' ')}" if code else "")
        lines.append((row["sample"], row["step"], f"{row['rows']:,}", code, why))
    table = Table(("table or sample", "step", "rows", "code", "why"), lines, "Flow of rows", frozenset({2}))
    yield Section("Rows and people", [table, *_described(given)])


def _described(given: Validation) -> Iterator[Block]:
    rows = [
        (row["variable"], *(f"{row[name]:,}" for name in ("n", "missing")), *_quantities(row))
        for row in given.rows("distribution")
    ]
    heads = ("", "people", "missing", "mean", "sd", "lowest", "quarter", "median", "three quarters", "highest")
    yield Table(heads, rows, "People in both tables", frozenset(range(1, len(heads))))
    variables = dict.fromkeys(row["variable"] for row in given.rows("counts"))
    for variable in (name for name in variables if name in ("level", "status of the score")):
        lines = [
            (row["category"], f"{row['n']:,}", percent(row["share"])) for row in given.rows("counts", variable=variable)
        ]
        yield Table((variable, "people", "share"), lines, numbers=frozenset({1, 2}))


def _quantities(row: dict[str, Any]) -> Iterator[str]:
    digits = 3 if row["variable"].startswith("rate") else 2
    for name in ("mean", "sd"):
        yield number(row[name], digits)
    for name in ("minimum", "q1", "median", "q3", "maximum"):
        yield plain(None if row[name] is None else round(row[name], digits))


def _table(
    given: Validation, section: str, caption: str = "", by: str = "", without: Sequence[str] = ()
) -> list[Block]:
    """The figures of a section about everybody, one a line."""
    rows = [row for row in given.rows("figures", section=section, by=by) if row["figure"] not in without]
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


def _tests(given: Validation, section: str, by: str = "", caption: str = "") -> list[Block]:
    rows = [
        (
            label(row["test"]),
            str(STATUSES.get(row["status"], row["status"])) if row["statistic"] is None else number(row["statistic"]),
            plain(row["degrees_of_freedom"]),
            p_value(row["p_value"]),
        )
        for row in given.rows("tests", section=section, by=by)
    ]
    heads = ("test", "chi-square", "degrees of freedom", "p")
    return [Table(heads, rows, caption, frozenset({1, 2, 3}))] if rows else []


def _picture(draw: Any, name: str) -> list[Block]:
    picture = None if draw is None else getattr(draw, name)()
    return [] if picture is None else [picture]


def _discrimination(given: Validation, draw: Any) -> Iterator[Section]:
    blocks: list[Block] = [*_table(given, "discrimination"), *_picture(draw, "roc")]
    inner = []
    for by, head in (("level", "level"), ("score", "score")):
        rows = given.rows("figures", section="base_rates", by=by)
        if rows:
            figures = {"rate": "rate at a fixed follow-up", "incidence": "incidence at the horizon"}
            inner.append(Section(f"Rates by {by}", [pivot(rows, "group", head, figures)]))
    if given.rows("cuts"):
        inner.append(Section("Every cut", list(_cuts(given))))
    if inner or len(blocks):
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


def _calibration(given: Validation, draw: Any) -> Iterator[Section]:
    why = given.left_out.get("calibration")
    if why:
        yield Section("Calibration", [why])
        return
    index = {"expected": "expected", "expected_observed": "E/O"}
    followed = given.rows("figures", section="calibration_followed")
    inner = []
    if followed:
        inner.append(Section("People followed for different times", _table(given, "calibration_followed")))
    for by in ("level", "score"):
        rows = [row for row in given.rows("figures", section="calibration", by=by) if row["n"]]
        if rows:
            table = pivot(rows, "group", by, index, people="expected_observed")
            inner.append(
                Section(f"E/O by {by}", [table, *(_picture(draw, "expected_observed") if by == "level" else [])])
            )
    total = given.rows("figures", section="calibration", by="", figure="expected_observed")
    blocks: list[Block] = []
    if total:
        blocks.append("E/O is expected over observed: below 1, more people had the outcome than the rates say.")
        blocks += _table(given, "calibration", "At a fixed follow-up")
        blocks += _tests(given, "calibration")
        blocks += _picture(draw, "calibration")
    evidence = given.about.norms["evidence"] if given.about.norms else ""
    if blocks or inner:
        yield Section("Calibration", blocks, Marked(evidence) if evidence else None, sections=inner)


def _follow_up(given: Validation, draw: Any) -> Iterator[Section]:
    if not given.rows("survival"):
        return
    unit = given.choices.time_unit
    lines = [
        (
            row["group"] or EVERYBODY,
            plain(row["time"]),
            f"{row['at_risk']:,}",
            f"{row['events']:,}",
            estimate(row, "survival", "survival"),
            estimate(row, "incidence", "incidence"),
        )
        for row in given.rows("survival")
    ]
    competing = "incidence" in given.results
    what = "incidence (Aalen-Johansen)" if competing else "incidence (1 - survival)"
    heads = ("level", unit, "at risk", "with so far", "without an event (Kaplan-Meier)", what)
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
    inner = [Section("By time and level", [Table(heads, lines, numbers=frozenset(range(1, 6)))])]
    if hazards:
        period = (
            f"{unit} without an event",
            "at risk",
            "with",
            f"hazard, per {unit.removesuffix('s')}",
            "chance in the period",
        )
        inner.append(
            Section("By time already without an event", [Table(period, hazards, numbers=frozenset(range(1, 5)))])
        )
    yield Section("Follow-up", _picture(draw, "survival"), sections=inner)


def _value(given: Validation, draw: Any) -> Iterator[Section]:
    inner = []
    if given.rows("decision_curve"):
        steps = [
            row
            for row in given.rows("decision_curve")
            if round(100 * row["threshold"]) % 5 == 0 or row["threshold"] < 0.1
        ]
        lines = [
            (
                percent(row["threshold"], 0),
                number(row["rates"], 4),
                number(row["everybody"], 4),
                percent(row["flagged"]),
            )
            for row in steps
        ]
        heads = ("threshold", "by the rates", "acting on everybody", "people acted on")
        note = (
            "Net benefit: true positives less false positives weighed by the threshold, per person; acting on nobody "
            "is worth 0. The threshold is the rate from which one would act, and says how many false positives a true "
            "one is worth. Every step of 1 % is in the tables."
        )
        inner.append(
            Section(
                "Decision curve",
                [note, *_picture(draw, "decision_curve"), Table(heads, lines, numbers=frozenset(range(4)))],
            )
        )
    if given.rows("numbers_needed"):
        lines = [
            (
                f"{plain(row['cut'])} or more",
                f"{row['flagged']:,}",
                f"{row['missed']:,}",
                estimate(row, "needed", "needed"),
            )
            for row in given.rows("numbers_needed")
        ]
        heads = ("score", "people", "with the outcome below", "number needed")
        effect = (
            f"{100 * given.choices.effect:g} % of outcomes were prevented"
            if given.choices.effect < 1
            else "every outcome were prevented"
        )
        note = f"People acted on for one outcome that does not happen, if {effect} in those acted on."
        inner.append(Section("Numbers needed", [note, Table(heads, lines, numbers=frozenset(range(4)))]))
    if inner:
        yield Section("Value for decisions", sections=inner)


def _groups(given: Validation, draw: Any) -> Iterator[Section]:
    inner = []
    for column in given.choices.group:
        inner.append(Section(f"By {column}", list(_group(given, column, draw))))
    if inner:
        yield Section("Fairness between groups", [_fairness_note(given)], sections=inner)


def _fairness_note(given: Validation) -> str:
    found = next((each for name, each in given.results.items() if name.startswith("fairness")), None)
    return found.note if found else given.left_out.get("groups", "")


def _group(given: Validation, column: str, draw: Any) -> Iterator[Block]:
    why = given.left_out.get(f"groups: {column}")
    if why:
        yield why
    rows = given.rows("figures", section="groups", by=column)
    if not rows:
        return
    first = {"rate": "rate", "auc": "AUC", "odds_ratio_per_point": "odds ratio per point"}
    yield pivot(rows, "group", column, first, caption="Base rate and discrimination")
    second = {
        "expected": "expected",
        **{each: label(each) for each in ("expected_observed", "calibration_intercept", "calibration_slope")},
    }
    own = [row for row in rows if row["figure"] in second]
    if own:
        yield pivot(own, "group", column, second, people="expected_observed", caption="Calibration")
    errors = (
        "flagged",
        "false_positive_rate",
        "false_negative_rate",
        "positive_predictive_value",
        "negative_predictive_value",
    )
    own = [row for row in rows if row["figure"] in errors]
    if own:
        cut = given.document["cut"]["what"]
        yield pivot(
            own,
            "group",
            column,
            {each: label(each) for each in errors},
            people="flagged",
            caption=f"Error rates; flagged is {cut}",
        )
    yield from _tests(given, "groups", column, "Tests of no difference between the groups shown")
    yield from _picture_of(draw, column)


def _picture_of(draw: Any, column: str) -> list[Block]:
    picture = None if draw is None else draw.groups(column)
    return [] if picture is None else [picture]


def _agreement(given: Validation, draw: Any) -> Iterator[Section]:
    blocks = _table(given, "agreement", "Scores")
    blocks += _table(given, "agreement", "Levels", by="level")
    if not blocks:
        return
    pairs = given.rows("level_pairs")
    if pairs:
        seconds = list(dict.fromkeys(row["second"] for row in pairs))
        firsts = list(dict.fromkeys(row["first"] for row in pairs))
        counts = {(row["first"], row["second"]): row["n"] for row in pairs}
        lines = [(first, *(f"{counts[first, second]:,}" for second in seconds)) for first in firsts]
        blocks.append(
            Table(
                ("first \\ second", *seconds),
                lines,
                "Levels: first rating by second",
                frozenset(range(1, len(seconds) + 1)),
            )
        )
        blocks += _picture(draw, "agreement")
    yield Section("Agreement of two ratings", blocks)


def _end(given: Validation) -> Iterator[Section]:
    told = methods(given)
    references = Table(("", "reference"), [(f"[{at}]", text) for at, text in enumerate(told.references, 1)])
    yield Section("Methods", [*told.paragraphs, references])
    if given.left_out:
        yield Section(
            "What is not reported, and why",
            [Facts([(name.replace("_", " "), why) for name, why in given.left_out.items()])],
        )
    yield Section("Provenance", list(_provenance(given)))


def _provenance(given: Validation) -> Iterator[Block]:
    told = given.provenance
    rows = []
    for name, own in told["inputs"].items():
        digest = (
            own.get("sha256") or own.get("values_sha256") or "; ".join(each["sha256"] for each in own.get("files", ()))
        )
        rows.append((name, own["name"], digest))
    yield Table(("table", "where", "SHA-256"), rows)
    columns = told["columns"]
    facts = [(name, _column_words(place)) for name, place in columns.items()]
    yield Facts([("Command", told["command"] or ""), *facts])
    yield Facts([(name.replace("_", " "), _plain(value)) for name, value in told["options"].items()])
    instrument = given.about.instrument
    if instrument:
        parts = [(name, digest) for name, digest in sorted(instrument["parts"].items())]
        yield Table(
            ("part of the definition", "SHA-256"),
            parts,
            f"{instrument['id']} {instrument['edition']}, evidence: {instrument['evidence']}",
        )


def _column_words(place: Any) -> str:
    if place is None:
        return ""
    if isinstance(place, dict):
        return f"{place['column']} ({place['table']})"
    pairs: Iterable[dict[str, str]] = place
    return ", ".join(
        _column_words(each) if "column" in each else " = ".join(dict.fromkeys(each.values())) for each in pairs
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
