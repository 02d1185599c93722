"""boundaries.json of an instrument that has a worksheet is what the worksheet gives."""

from pathlib import Path

import pytest

from worksheets.forms import FORMS
from worksheets.text import text_of
from worksheets.worksheet import Answer, Worksheet, count, total

INSTRUMENTS = Path(__file__).parents[2] / "instruments"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.instrument}-{form.edition}")
def test_boundaries_are_those_of_the_worksheet(form: Worksheet) -> None:
    stored = (INSTRUMENTS / form.instrument / form.edition / "boundaries.json").read_text(encoding="utf-8")
    assert stored == text_of(form.document()), "run python -m worksheets in tests/ and review the difference"


def test_rows_of_a_form_are_tried_at_both_ends() -> None:
    line = count("charges", (0, 0), (1, 1), (3, 2), (6, 3))
    assert line.answers == (
        Answer(0, 0),
        Answer(1, 1),
        Answer(2, 1),
        Answer(3, 2),
        Answer(5, 2),
        Answer(6, 3),
        Answer(7, 3),
    )
    assert line.invalid == (-1, 0.5)


def test_values_and_levels_are_worked_out_by_hand() -> None:
    lines = [count("a", (0, 0), (1, 2), to=1), count("b", (0, 0), (1, 1), to=1)]
    form = Worksheet("x", "1", lines, [total("total", lines, (0, "low", "I"), (2, "high"))])
    cases = {case["id"]: case for case in form.cases()}
    assert cases["a-1"]["expect"]["total"] == 2
    assert cases["a-1"]["expect"]["total_to_cut"] == 1
    assert cases["total-0"]["expect"]["total_standard_level"] == "I"
    assert cases["total-0"]["expect"]["total_to_cut"] == 2
    assert cases["total-3"]["responses"] == {"a": 1, "b": 1}
    assert cases["a-missing"]["expect"] == {
        "total": None, "total_status": "incomplete", "total_lowest": 0, "total_highest": 2,
    }  # fmt: skip
    assert cases["a-wrong-2"]["expect"] == {"total": None, "total_status": "invalid"}
