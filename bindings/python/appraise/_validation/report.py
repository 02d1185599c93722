"""The report as a document: every number is taken from the tables of the validation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from appraise._core import __version__
from appraise._document import Block, Document, Facts, Section, Table
from appraise._validation import sections
from appraise._validation.flow import ENDINGS
from appraise._validation.joining import CODES
from appraise._validation.shown import estimate, number, percent, plain
from appraise._validation.words import limits, methods

if TYPE_CHECKING:
    from appraise._validation.result import Validation

FLOW_CODES = {
    **CODES,
    "score.missing": "no score",
    "outcome.missing": "no outcome",
    "outcome.short-follow-up": "not followed up to the horizon, without an event",
    "follow-up.missing": "no event or no time of follow-up",
}


def report(given: Validation, *, pictures: bool) -> Document:
    """The document."""
    from appraise._validation.pictures import Pictures

    draw = Pictures(given) if pictures else None
    parts = [
        Section("At a glance", [Facts(summary(given))]),
        Section(
            "What limits these figures",
            [Table(("limit", "what it means"), [(code, text) for code, text in limits(given)])],
        ),
        *_people(given),
        *(section for part in PARTS for section in part(given, draw)),
        *_end(given),
    ]
    return Document(
        f"Validation of {given.about.title}",
        _subtitle(given),
        parts,
        notice=_notice(given),
        footer=f"Made by appraise {__version__}. The page has no key of a person; tables by level and score are not "
        "suppressed.",
    )


PARTS = (
    sections.discrimination,
    sections.calibration,
    sections.follow_up,
    sections.value,
    sections.groups,
    sections.agreement,
)


def _subtitle(given: Validation) -> str:
    inputs = given.provenance["inputs"]
    date = f"; {given.choices.date}" if given.choices.date else ""
    return f"{inputs['scored']['name']} held against {inputs['outcomes']['name']}{date}"


SERIOUS = ("sample.one-class", "sample.few-events", "follow-up.short", "groups.follow", "norms.unverified")


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
    for variable in (name for name in variables if name in ("level", "status of the score", ENDINGS)):
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
