"""The scaffold of a new definition: a small instrument that checks and verifies, to be replaced piece by piece."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from appraise._core import UsageError

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
TO_DO = "Example figures of the scaffold: replace them by published ones, and name the source that was seen."


def scaffold(folder: Path, name: str, edition: str, title: str) -> list[Path]:
    """Writes ``folder/name/edition`` with a definition, worked cases and SOURCE.md.

    Parameters
    ----------
    folder : Path
        Where the folder of the instrument goes; made if it is not there.
    name, edition, title : str
        Id (lower-case letters, digits, hyphens), edition and title of the instrument.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    UsageError
        If the id or the edition cannot be used, or the edition is already there: published editions are never edited.
    """
    if not ID.fullmatch(name):
        raise UsageError(f"'{name}' is not an id: lower-case letters and digits, with single hyphens between them")
    if not EDITION.fullmatch(edition):
        raise UsageError(f"'{edition}' is not the name of an edition: letters, digits, '.', '_' and '-'")
    target = folder / name / edition
    if target.exists():
        raise UsageError(f"{target} is there already; a correction is a new edition")
    target.mkdir(parents=True)
    texts = {
        "instrument.json": _json(_instrument(name, edition, title)),
        "cases.json": _json(_cases(name, edition)),
        "SOURCE.md": _source(name, edition, title),
    }
    for file, text in texts.items():
        (target / file).write_text(text, encoding="utf-8")
    return [target / file for file in texts]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _instrument(name: str, edition: str, title: str) -> dict[str, Any]:
    return {
        "format": 1,
        "id": name,
        "edition": edition,
        "title": title,
        "family": "to be named: static, dynamic, needs ...",
        "authors": ["to be named"],
        "language": "en",
        "population": "to be written: for whom the instrument was made",
        "outcome": "to be written: what the score speaks about",
        "licence": "to be written: terms of the authors or publisher",
        "training": "to be written: training that the authors ask for",
        "sources": {"manual": {"citation": "to be written: authors, year, title of the manual", "url": None}},
        "evidence": {"mark": "unverified", "note": TO_DO},
        "applies_when": [
            {
                "code": "adult",
                "require": {"of": "age", "at_least": 18},
                "reason": "Developed on people aged 18 or older.",
            }
        ],
        "items": [
            {
                "code": "age",
                "label": "Age at assessment",
                "kind": "number",
                "unit": "years",
                "range": {"from": 0, "below": 120},
                "monotone": "falling",
                "bands": [
                    {"from": 0, "below": 25, "points": 2},
                    {"from": 25, "below": 40, "points": 1},
                    {"from": 40, "below": 120, "points": 0},
                ],
            },
            {
                "code": "prior_convictions",
                "label": "Earlier convictions, index excluded",
                "kind": "count",
                "unit": "convictions",
                "range": {"from": 0, "to": None},
                "monotone": "rising",
                "bands": [
                    {"from": 0, "to": 0, "points": 0},
                    {"from": 1, "to": 3, "points": 1},
                    {"from": 4, "to": None, "points": 2},
                ],
            },
            {
                "code": "problem_with_alcohol",
                "label": "Problem with alcohol in the last year",
                "kind": "choice",
                "monotone": "rising",
                "options": [
                    {"code": "none", "value": 0, "label": "no problem", "points": 0},
                    {"code": "some", "value": 1, "label": "some problem", "points": 1},
                    {"code": "definite", "value": 2, "label": "definite problem", "points": 2},
                ],
            },
            {
                "code": "any_violence",
                "label": "Any conviction for violence",
                "kind": "yes_no",
                "points": {"no": 0, "yes": 1},
            },
        ],
        "scales": [
            {
                "code": "total",
                "label": f"{title} total",
                "unit": "points",
                "sum": ["age", "prior_convictions", "problem_with_alcohol", "any_violence"],
                "missing": {"may_omit": ["problem_with_alcohol"]},
                "range": {"from": 0, "to": 7},
                "levels": "main",
            }
        ],
        "levels": {
            "main": {
                "edition": edition,
                "of": "total",
                "status": "current",
                "evidence": {"mark": "unverified", "note": TO_DO},
                "bands": [
                    {"from": 0, "to": 2, "code": "low", "label": "low"},
                    {"from": 3, "to": 4, "code": "moderate", "label": "moderate"},
                    {"from": 5, "to": 7, "code": "high", "label": "high"},
                ],
            }
        },
    }


def _cases(name: str, edition: str) -> dict[str, Any]:
    source = "scaffold: worked out by hand; replace by a published worked example, with its page"
    given = ("age", "prior_convictions", "problem_with_alcohol", "any_violence")

    def case(label: str, responses: tuple[Any, ...], **expect: Any) -> dict[str, Any]:
        answered = {item: answer for item, answer in zip(given, responses, strict=True) if answer is not None}
        return {"id": label, "source": source, "responses": answered, "expect": expect}

    return {
        "format": 1,
        "instrument": name,
        "edition": edition,
        "cases": [
            case("lowest", (40, 0, "none", "no"), total=0, total_level="low", total_status="scored"),
            case("highest", (24.9, 4, "definite", "yes"), total=7, total_level="high", total_status="scored"),
            case("at_a_cut", (25, 1, "some", "no"), total=3, total_level="moderate", total_status="scored"),
            case("one_left_out", (30, 2, None, "yes"), total=3, total_status="scored_with_omissions"),
            case("one_missing", (30, None, "none", "yes"), total=None, total_status="incomplete"),
            case("too_young", (17, 0, "none", "no"), total=None, total_status="not_applicable"),
        ],
    }


def _source(name: str, edition: str, title: str) -> str:
    return f"""# {title} ({name}, edition {edition}): where every figure was seen

The figures in `instrument.json` are examples of the scaffold. Replace them, and write here for each block:

| block | figures | seen in | page | mark |
|---|---|---|---|---|
| items | points of each option and band | | | unverified |
| scale `total` | which items, what may be left out | | | unverified |
| levels `main` | cuts and names | | | unverified |

## What was not found

Figures that no public source gives. They stay `unverified`, or `structure_only` with empty cells.

## What is odd

Differences between sources, ends of bands that are printed unclearly, and what was decided.

## Rules

* Labels are in our own words; manuals are copyrighted.
* `verified` only for figures seen in a named public source; `derived` with a note that says how.
* Expected values of `cases.json` come from the publication, never from the definition or from running it.
* A published edition is never edited. A correction is a new edition.
"""
