"""What authors rule out the library refuses: totals of structured judgment, and levels of scores without cuts."""

import json
from pathlib import Path
from typing import Any

import pytest

import appraise as ap

INSTRUMENTS = Path(__file__).parents[2] / "instruments"
GUIDES = ["erasor-2", "profesor", "svr-20", "rsvp", "hcr-20", "saprof", "sara"]
PATHS = sorted(path for guide in GUIDES for path in (INSTRUMENTS / guide).glob("*/instrument.json"))


def codes_after(change: Any, path: Path, folder: Path) -> set[str]:
    """The errors that check finds in a changed copy."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    copy = folder / path.parent.parent.name / path.parent.name
    copy.mkdir(parents=True)
    (copy / "instrument.json").write_text(json.dumps(document), encoding="utf-8")
    return {each.code for each in ap.check(copy) if each.severity == "error"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}")
class TestGuide:
    def test_says_why_there_is_no_total(self, path: Path) -> None:
        guide = ap.load(path.parent)
        assert len(guide.structured_judgment) > 20
        assert not any(item.has_points for item in guide.items)

    def test_gives_no_number(self, path: Path) -> None:
        guide = ap.load(path.parent)
        row = {item.code: [None] for item in guide.items}
        scores = ap.score(guide, row, accept_unverified=True)
        assert "total" not in scores.columns
        with pytest.raises((KeyError, ap.UsageError)):
            scores["total"]

    def test_a_count_of_factors_is_refused(self, path: Path, tmp_path: Path) -> None:
        def count(document: dict[str, Any]) -> None:
            conditions = [{"of": item["code"], "is_missing": False} for item in document["items"]]
            document["scales"].append({"code": "total", "label": "total", "count": conditions})

        assert codes_after(count, path, tmp_path) == {"judgment.operation"}

    def test_points_and_their_sum_are_refused(self, path: Path, tmp_path: Path) -> None:
        def add(document: dict[str, Any]) -> None:
            rated = [item for item in document["items"] if item["kind"] == "choice"]
            for item in rated:
                for option in item["options"]:
                    option["points"] = option["value"]
            codes = [item["code"] for item in rated]
            document["scales"].append({"code": "total", "label": "total", "sum": codes})

        found = codes_after(add, path, tmp_path)
        assert {"judgment.operation", "judgment.points"} <= found

    def test_without_the_reason_the_same_sum_would_pass(self, path: Path, tmp_path: Path) -> None:
        def count(document: dict[str, Any]) -> None:
            del document["structured_judgment"]
            conditions = [{"of": item["code"], "is_missing": False} for item in document["items"]]
            document["scales"].append({"code": "total", "label": "total", "count": conditions})

        assert codes_after(count, path, tmp_path) == set()


def test_every_guide_is_found() -> None:
    declared = {
        path.parent.parent.name
        for path in INSTRUMENTS.glob("*/*/instrument.json")
        if "structured_judgment" in json.loads(path.read_text(encoding="utf-8"))
    }
    assert declared == set(GUIDES)


def test_levels_are_refused_where_the_authors_give_no_cuts(tmp_path: Path) -> None:
    path = INSTRUMENTS / "j-soap-ii" / "2003" / "instrument.json"
    bands = [
        {"from": 0, "to": 27, "code": "low", "label": "low"},
        {"from": 28, "to": 56, "code": "high", "label": "high"},
    ]
    evidence = {"mark": "derived", "note": "made up"}

    def add_levels(document: dict[str, Any]) -> None:
        document["levels"] = {
            "risk": {"edition": "1", "of": "total", "status": "overlay", "evidence": evidence, "bands": bands}
        }

    def add_levels_without_the_reason(document: dict[str, Any]) -> None:
        add_levels(document)
        del document["no_levels"]

    assert "cut scores" in ap.load("j-soap-ii").no_levels
    assert codes_after(add_levels, path, tmp_path / "a") == {"levels.refused"}
    assert codes_after(add_levels_without_the_reason, path, tmp_path / "b") == set()
