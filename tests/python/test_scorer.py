"""One set-up, table after table."""

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
