"""Every number of every shipped definition and norm set has an evidence mark and, where it was seen, a source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import appraise as ap

INSTRUMENTS = Path(__file__).parents[2] / "instruments"
EDITIONS = sorted(INSTRUMENTS.glob("*/*/instrument.json"))
NORMS = sorted(INSTRUMENTS.glob("*/norms/*.json"))

Json = dict[str, Any]


class Figure(NamedTuple):
    address: str
    number: float
    evidence: Json | None


def numbers(value: Any, address: str) -> Iterator[tuple[str, float]]:
    """Every number below a place; the number that stands for an option in numeric columns is none."""
    if isinstance(value, bool):
        return
    if isinstance(value, (int, float)):
        yield address, value
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from numbers(each, f"{address}/{i}")
    elif isinstance(value, dict):
        for key, each in value.items():
            in_option = key == "value" and "code" in value
            if key != "evidence" and not in_option:
                yield from numbers(each, f"{address}/{key}")


def references(condition: Any) -> Iterator[str]:
    """The items and scales that a condition reads."""
    if isinstance(condition, list):
        for each in condition:
            yield from references(each)
    elif isinstance(condition, dict):
        if "of" in condition:
            yield condition["of"]
        for key in ("all", "any", "not"):
            if key in condition:
                yield from references(condition[key])


def figures(document: Json) -> Iterator[Figure]:
    """Every number of an instrument file with the evidence that speaks for it."""
    default = document["evidence"]
    known = {each["code"]: each.get("evidence", default) for each in (*document["items"], *document["scales"])}
    for part in ("items", "scales"):
        for each in document[part]:
            for address, number in numbers(each, f"{part}/{each['code']}"):
                yield Figure(address, number, each.get("evidence", default))
    for part in ("applies_when", "valid_when", "cautions"):
        for rule in document.get(part, []):
            condition = rule.get("require", rule.get("when"))
            read = [reference.split(".")[0] for reference in references(condition)]
            for address, number in numbers(condition, f"{part}/{rule['code']}"):
                evidence = [known[code] for code in read if code in known]
                yield Figure(address, number, max(evidence, key=weakness) if evidence else None)
    for part in ("levels", "tables"):
        for name, block in document.get(part, {}).items():
            for address, number in numbers(block, f"{part}/{name}"):
                yield Figure(address, number, block.get("evidence"))
    again = document.get("reassessment", {})
    for address, number in numbers(again, "reassessment"):
        yield Figure(address, number, again.get("evidence"))


def figures_of_norms(document: Json) -> Iterator[Figure]:
    default = document["evidence"]
    for row in document.get("rows", []):
        for address, number in numbers(row, f"rows/{row['score']}"):
            yield Figure(address, number, row.get("evidence", default))
    for part in ("logistic", "follow_up_years", "interval_level", "sample"):
        for address, number in numbers(document.get(part), part):
            yield Figure(address, number, default)


MARKS = ("verified", "derived", "unverified", "structure_only")


def weakness(evidence: Json) -> int:
    return MARKS.index(evidence["mark"])


def faults(found: Iterator[Figure], sources: Json) -> Iterator[str]:
    """What is wrong with the evidence of each figure."""
    count = 0
    for address, number, evidence in found:
        count += 1
        place = f"{address} = {number}"
        if evidence is None or evidence.get("mark") not in MARKS:
            yield f"{place}: no evidence mark"
            continue
        named = evidence.get("sources", [])
        if evidence["mark"] == "verified" and not named:
            yield f"{place}: verified, and no source is named"
        if not named and not evidence.get("note", "").strip():
            yield f"{place}: neither source nor note"
        for source in named:
            cited = sources.get(source.split(": ")[0])
            if cited is None or len(cited["citation"].strip()) < 10:
                yield f"{place}: the source {source} has no citation"
    if count == 0:
        yield "no number was found"


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(INSTRUMENTS).with_suffix("")) for path in paths]


def read(path: Path) -> Json:
    document: Json = json.loads(path.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("path", EDITIONS, ids=names(EDITIONS))
def test_every_figure_of_a_definition_has_its_evidence(path: Path) -> None:
    document = read(path)
    without_numbers = {
        *("static-99r-stable-2007", "static-stable-acute-priority", "ndex-risk-level"),
        *("proxy", "sorna-disclosure", "sorna-duties", "sorna-jurisdiction"),
    }
    found = list(faults(figures(document), document["sources"]))
    if document["id"] in without_numbers and not list(figures(document)):
        found.remove("no number was found")
    assert found == []


@pytest.mark.parametrize("path", NORMS, ids=names(NORMS))
def test_every_figure_of_a_norm_set_has_its_evidence(path: Path) -> None:
    document = read(path)
    assert list(faults(figures_of_norms(document), document["sources"])) == []


@pytest.mark.parametrize("path", NORMS, ids=names(NORMS))
def test_rates_come_with_sample_outcome_and_follow_up(path: Path) -> None:
    document = read(path)
    assert document["sample"]["name"].strip()
    assert document["outcome"].strip()
    if "logistic" in document or any("rate" in row for row in document["rows"]):
        assert document["follow_up_years"] is not None


@pytest.mark.parametrize("path", EDITIONS, ids=names(EDITIONS))
def test_every_definition_says_where_its_figures_were_seen(path: Path) -> None:
    page = (path.parent / "SOURCE.md").read_text(encoding="utf-8")
    assert len(page) > 300
    assert (path.parent / "cases.json").exists()
    assert (path.parent / "boundaries.json").exists()


def unverified(document: Json) -> bool:
    """Whether scoring, without a choice of levels or norms, uses a figure that is not confirmed."""
    default = document["evidence"]
    blocks = [each.get("evidence", default) for each in (*document["items"], *document["scales"])]
    blocks += [table["evidence"] for table in document.get("tables", {}).values()]
    used = {scale["levels"] for scale in document["scales"] if "levels" in scale}
    blocks += [document["levels"][name]["evidence"] for name in used]
    if any(block["mark"] == "unverified" for block in blocks):
        return True
    uses = document.get("uses", {}).values()
    return any(unverified(read(INSTRUMENTS / use["instrument"] / use["edition"] / "instrument.json")) for use in uses)


@pytest.mark.parametrize("path", EDITIONS, ids=names(EDITIONS))
def test_figures_that_are_not_confirmed_need_the_opt_in(path: Path) -> None:
    document = read(path)
    instrument = ap.load(document["id"], document["edition"])
    if unverified(document):
        with pytest.raises(ap.DefinitionError, match="opt-in"):
            ap.compile(instrument)
    else:
        ap.compile(instrument)
    plan = ap.compile(instrument, accept_unverified=True)
    assert plan.mark in MARKS
    if unverified(document):
        assert MARKS.index(plan.mark) >= MARKS.index("unverified")


@pytest.mark.parametrize("path", NORMS, ids=names(NORMS))
def test_norms_that_are_not_confirmed_need_the_opt_in(path: Path) -> None:
    document = read(path)
    marks = {row.get("evidence", document["evidence"])["mark"] for row in document.get("rows", [])}
    if "unverified" not in marks | {document["evidence"]["mark"]}:
        return
    for edition in document["for"]["editions"]:
        instrument = ap.load(document["for"]["instrument"], edition)
        with pytest.raises(ap.DefinitionError, match="opt-in"):
            ap.compile(instrument, norms=[document["id"]])


def test_a_figure_without_source_is_noticed() -> None:
    document: Json = {
        "evidence": {"mark": "verified", "sources": ["page"]},
        "items": [
            {"code": "a", "points": {"no": 0, "yes": 1}},
            {"code": "b", "points": {"no": 0, "yes": 1}, "evidence": {"mark": "verified", "sources": []}},
            {"code": "c", "range": {"from": 1}, "evidence": {"mark": "unverified", "sources": ["nowhere"]}},
        ],
        "scales": [],
        "levels": {"risk": {"bands": [{"from": 0, "to": 1}]}},
    }
    found = list(faults(figures(document), {"page": {"citation": "A page with a long name"}}))
    assert [fault.split(":")[0] for fault in found] == [
        *("items/b/points/no = 0", "items/b/points/no = 0", "items/b/points/yes = 1", "items/b/points/yes = 1"),
        *("items/c/range/from = 1", "levels/risk/bands/0/from = 0", "levels/risk/bands/0/to = 1"),
    ]
