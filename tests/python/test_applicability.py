"""Women, young people and Indigenous persons: scales that were not made for them refuse, or say so, with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import appraise as ap

INSTRUMENTS = Path(__file__).parents[2] / "instruments"
Json = dict[str, Any]

# Scales for men and boys, by the statement of their authors.
FOR_MEN = [
    *("static-99r", "static-99", "static-2002r", "rrasor", "stable-2007", "acute-2007", "sotips", "sotnps", "vrs-so"),
    *("vasor-2", "sra-fv", "vrag", "sorag", "vrag-r", "rm2000-s", "rm2000-v", "mnsost-r", "mnsost-3-1", "mnsost-4"),
    *("cport", "casic", "odara", "j-soap-ii", "jsorrat-ii"),
]
# Where the sex is not known these score all the same; in the others the scale cannot be chosen without it.
PASSED_OVER = {"static-99r", "stable-2007", "acute-2007"}
# First and last year of age that the instrument is for.
AGES = {
    "j-soap-ii": ("age", 12, 18),
    "jsorrat-ii": ("age_at_offence", 12, 17),
    "erasor-2": ("age", 12, 18),
    "profesor": ("age", 12, 25),
    "mega": ("age", 4, 19),
}


def folder(instrument: str) -> Path:
    return min((INSTRUMENTS / instrument).glob("*/instrument.json")).parent


def scored(instrument: str) -> Json:
    """The answers of a worked case in which every total has a value."""
    cases = json.loads((folder(instrument) / "cases.json").read_text(encoding="utf-8"))["cases"]
    has_value = (
        case["responses"] for case in cases if any(isinstance(v, (int, float)) for v in case["expect"].values())
    )
    return next(has_value, cases[0]["responses"])


def outcome(instrument: str, **changes: Any) -> tuple[set[str], str, str]:
    """Statuses, reasons and cautions of the person with other answers; None leaves an answer out."""
    definition = ap.load(folder(instrument))
    answers = {code: answer for code, answer in (scored(instrument) | changes).items() if answer is not None}
    row = {item.code: [None if item.code not in answers else str(answers[item.code])] for item in definition.items}
    scores = ap.score(definition, row, accept_unverified=True)
    statuses = {str(scores[column][0]) for column in scores.columns if column.endswith("_status")}
    reasons, cautions = (("; ".join(scores[column][0] or [])) for column in ("reasons", "cautions"))
    return statuses, reasons, cautions


def rules(instrument: str) -> Iterator[tuple[str, str]]:
    document = json.loads((folder(instrument) / "instrument.json").read_text(encoding="utf-8"))
    for rule in (*document.get("applies_when", []), *document.get("cautions", [])):
        yield rule["code"], rule["reason"]


@pytest.mark.parametrize("instrument", FOR_MEN)
def test_women_are_refused_with_the_reason(instrument: str) -> None:
    statuses, reasons, _ = outcome(instrument, sex="female")
    assert statuses == {"not_applicable"}
    assert "does not apply: male" in reasons
    assert "Not for women" in dict(rules(instrument))["male"] or "not for" in dict(rules(instrument))["male"]


@pytest.mark.parametrize("instrument", [each for each in FOR_MEN if each not in PASSED_OVER])
def test_an_unknown_sex_gives_no_value(instrument: str) -> None:
    statuses, reasons, _ = outcome(instrument, sex=None)
    assert "scored" not in statuses
    assert "missing: sex" in reasons


@pytest.mark.parametrize("instrument", sorted(AGES))
def test_young_people_outside_the_ages_are_refused(instrument: str) -> None:
    item, first, last = AGES[instrument]
    now = {} if item == "age" else {"age": 17.99}
    for years in (first - 0.01, last + 1):
        statuses, _, _ = outcome(instrument, **({item: years} | now))
        assert "not_applicable" in statuses or "invalid" in statuses, years
        assert "scored" not in statuses
    for years in (first, last + 0.99):
        statuses, _, _ = outcome(instrument, **({item: years} | now))
        assert "scored" in statuses, years


@pytest.mark.parametrize("instrument", [each for each in FOR_MEN if each not in {"j-soap-ii", "jsorrat-ii"}])
def test_scales_for_adults_refuse_the_young(instrument: str) -> None:
    definition = ap.load(folder(instrument))
    codes = {item.code for item in definition.items}
    known = [code for code in ("age", "age_at_release", "age_at_index") if code in codes]
    if instrument in {"stable-2007", "acute-2007"}:
        assert not known  # no age is asked: the static scale beside them has the rule
        return
    statuses, reasons, _ = outcome(instrument, **{known[0]: 17.99})
    assert "scored" not in statuses
    assert "does not apply: adult" in reasons


@pytest.mark.parametrize("instrument", FOR_MEN)
def test_the_evidence_for_indigenous_persons_is_told(instrument: str) -> None:
    _, _, cautions = outcome(instrument, indigenous="no")
    assert "indigenous" not in cautions
    for country, expected in (
        ("canada", "indigenous"),
        ("elsewhere", "indigenous_validity"),
        ("united_states", "tribal"),
    ):
        statuses, _, cautions = outcome(instrument, indigenous=country)
        assert expected in cautions, country
        assert "not_applicable" not in statuses or instrument in {"osp-c-2019", "j-soap-ii"}
    _, _, cautions = outcome(instrument, gender_diverse="yes")
    assert "scale_for_men" in cautions


@pytest.mark.parametrize(
    "instrument", ["erasor-2", "profesor", "mega", "svr-20", "rsvp", "hcr-20", "saprof", "sara", "osp-c-2019"]
)
def test_the_evidence_is_told_for_everybody_else_too(instrument: str) -> None:
    for country, expected in (("canada", "indigenous_validity"), ("united_states", "tribal_validation")):
        _, _, cautions = outcome(instrument, indigenous=country)
        assert expected in cautions


@pytest.mark.parametrize("instrument", [*FOR_MEN, *AGES])
def test_reasons_are_sentences(instrument: str) -> None:
    for code, reason in rules(instrument):
        assert len(reason) > 10, code
        assert reason[0].isupper(), code
        assert reason.endswith("."), code
