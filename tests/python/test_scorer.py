"""One set-up, table after table."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import appraise as ap

Rows = dict[str, list[Any]]


def test_scorer_gives_what_score_gives_table_after_table(sample: ap.Instrument, rows: Rows) -> None:
    scorer = ap.Scorer([sample], contributions=True)
    few = {name: cells[:2] for name, cells in rows.items()}
    for table in (rows, few, rows):
        (scores,) = scorer.score(table)
        assert scores.to_pyarrow().equals(ap.score(sample, table, contributions=True).to_pyarrow())


def test_results_stand_when_the_next_table_is_scored() -> None:
    rng = np.random.default_rng(1)
    items = [item.code for item in ap.load("acute-2007").items if item.has_points]
    tables = [{item: rng.integers(0, 4, 300_000, dtype=np.int8) for item in items} for _ in range(3)]
    scorer = ap.Scorer(["acute-2007"], accept_unverified=True, reasons=False)
    results = [scorer.score(table)[0] for table in tables]
    for table, scores in zip(tables, results, strict=True):
        expected = sum(table[item].astype(np.int32) for item in items)
        assert np.array_equal(scores["general_recidivism"], expected)


def test_scorer_goes_on_after_a_table_that_cannot_be_scored(sample: ap.Instrument, rows: Rows) -> None:
    scorer = ap.Scorer([sample])
    with pytest.raises(ap.UsageError):
        scorer.score({"no_such_column": [1]})
    assert scorer.score(rows)[0].to_pyarrow().equals(ap.score(sample, rows).to_pyarrow())


@pytest.mark.parametrize("as_given", [lambda cell: [cell], lambda cell: cell], ids=["lists of one", "plain values"])
@pytest.mark.parametrize("options", [{}, {"bounds": False, "reasons": False}], ids=["all columns", "values"])
def test_one_person_after_another_scores_as_all_together(
    sample: ap.Instrument, rows: Rows, as_given: Callable[[Any], Any], options: dict[str, Any]
) -> None:
    odd = [None, "", float("nan"), "no such answer", 10**9, 1.5]
    first = {name: cells[0] for name, cells in rows.items()}
    people = [dict(zip(rows, cells, strict=True)) for cells in zip(*rows.values(), strict=True)]
    people += [first | {name: cell} for name in rows for cell in odd]
    scorer = ap.Scorer([sample], contributions=True, **options)
    for person in people:
        twice = {name: [cell, cell] for name, cell in person.items()}
        together = ap.score(sample, twice, contributions=True, **options).to_pyarrow()
        (alone,) = scorer.score({name: as_given(cell) for name, cell in person.items()})
        assert alone.to_pyarrow().equals(together.slice(0, 1)), person
