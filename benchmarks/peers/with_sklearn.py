"""A scikit-learn pipeline: a column transformer gives points by item, a last step sums them and finds the level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from peers import static_99r as s99
from peers.caseload import Caseload
from peers.result import INCOMPLETE, NOT_APPLICABLE, OMITTED, SCORED, Peer, Result

NO_VALUE = -128
GAP = -100  # the points of a missing answer, far below any other
OFFENCES = ["prior_sex_charges", "prior_sex_convictions"]
Matrix = NDArray[np.int8]


def _with_gaps(points: NDArray[Any], answers: Matrix) -> Matrix:
    return np.asarray(np.where(answers < 0, GAP, points), np.int8)


def _age_points(answers: Matrix) -> Matrix:
    return _with_gaps(np.array([1, 0, -1, -3])[np.digitize(answers, [35, 40, 60])], answers)


def _partner_points(answers: Matrix) -> Matrix:
    return np.asarray(answers == 0, np.int8)


def _offence_points(answers: Matrix) -> Matrix:
    charges, convictions = np.digitize(answers[:, 0], [1, 3, 6]), np.digitize(answers[:, 1], [1, 2, 4])
    return _with_gaps(np.maximum(charges, convictions)[:, None], answers.min(axis=1, keepdims=True))


def _occasion_points(answers: Matrix) -> Matrix:
    return _with_gaps(answers >= 4, answers)


def _yes_no_points(answers: Matrix) -> Matrix:
    return _with_gaps(answers, answers)


def _status(young: NDArray[np.bool_], incomplete: NDArray[np.bool_], omitted: NDArray[np.bool_]) -> Matrix:
    codes = np.select([young, incomplete, omitted], [NOT_APPLICABLE, INCOMPLETE, OMITTED], default=SCORED)
    return np.asarray(codes, np.int8)


def _totals(columns: Matrix) -> Matrix:
    """The first two columns are the answers on age and partner, the others points."""
    age, partner, points = columns[:, 0], columns[:, 1], columns[:, 2:]
    status = _status((age >= 0) & (age < 18), (points == GAP).any(axis=1), partner < 0)
    total = points.sum(axis=1)
    level = np.digitize(total, [-1, 1, 4, 6])
    unusable = status >= INCOMPLETE
    value, level = np.where(unusable, NO_VALUE, total), np.where(unusable, -1, level)
    return np.stack([value, status, level, level], axis=1).astype(np.int8)


def _pipeline() -> Pipeline:
    place = s99.ITEMS.index
    steps = [
        ("answers", "passthrough", [place("age_at_release"), place(s99.PARTNER)]),
        ("age", FunctionTransformer(_age_points), [place("age_at_release")]),
        ("partner", FunctionTransformer(_partner_points), [place(s99.PARTNER)]),
        ("offences", FunctionTransformer(_offence_points), [place(name) for name in OFFENCES]),
        ("occasions", FunctionTransformer(_occasion_points), [place("prior_sentencing_dates")]),
        ("yes_no", FunctionTransformer(_yes_no_points), [place(name) for name in s99.YES_NO]),
    ]
    return Pipeline([("points", ColumnTransformer(steps)), ("total", FunctionTransformer(_totals))])


def _read(scores: Matrix) -> Result:
    value, status, level, standard = scores.T
    return s99.from_codes((value, status, level, standard), NO_VALUE, -1)


def static_99r(caseload: Caseload, threads: int) -> Peer:
    answers = caseload.with_sentinels()
    matrix = np.asfortranarray(np.stack([answers[name] for name in s99.ITEMS], axis=1))
    pipeline = _pipeline().fit(matrix[:100])
    return Peer("scikit-learn pipeline", lambda: pipeline.transform(matrix), _read)
