"""NumPy as an analyst writes it: whole columns, select, digitize, where, masked results."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers import stable_2007 as st
from peers import static_99r as s99
from peers.caseload import Caseload
from peers.result import INCOMPLETE, NOT_APPLICABLE, OMITTED, SCORED, STATUSES, Column, Peer, Result, column

NAME = "NumPy, idiomatic"
Answers = dict[str, NDArray[Any]]
MaskedScore = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


def _static_total(answers: Answers) -> NDArray[Any]:
    age = answers["age_at_release"]
    age_points = np.select([age < 35, age < 40, age < 60], [1, 0, -1], default=-3)
    partner_points = np.where(answers[s99.PARTNER] == 0, 1, 0)
    charges = np.digitize(answers["prior_sex_charges"], [1, 3, 6])
    convictions = np.digitize(answers["prior_sex_convictions"], [1, 2, 4])
    occasions = np.where(answers["prior_sentencing_dates"] >= 4, 1, 0)
    total = age_points + partner_points + np.maximum(charges, convictions) + occasions
    for name in s99.YES_NO:
        total = total + answers[name]
    return total


def _static_status(answers: Answers, complete: bool) -> NDArray[Any]:
    age = answers["age_at_release"]
    if complete:
        return np.where(age < 18, NOT_APPLICABLE, SCORED)
    incomplete = np.any([answers[name] < 0 for name in s99.REQUIRED], axis=0)
    return np.select(
        [(age >= 0) & (age < 18), incomplete, answers[s99.PARTNER] < 0],
        [NOT_APPLICABLE, INCOMPLETE, OMITTED],
        default=SCORED,
    )


def _score_static(answers: Answers, complete: bool) -> MaskedScore:
    total = _static_total(answers)
    status = _static_status(answers, complete)
    unusable = status >= INCOMPLETE
    level = np.ma.masked_array(np.digitize(total, [-1, 1, 4, 6]), unusable)
    return np.ma.masked_array(total, unusable), status, level, level.copy()


def _masked(values: Any) -> Column:
    return Column(values.data, np.ma.getmaskarray(values))


def _read_static(scores: MaskedScore) -> Result:
    value, status, level, standard = scores
    return s99.result(_masked(value), status, _masked(level), _masked(standard))


def static_99r(caseload: Caseload, threads: int) -> Peer:
    answers = caseload.with_sentinels()
    return Peer(NAME, lambda: _score_static(answers, caseload.complete), _read_static)


def _score_stable(answers: Answers, complete: bool) -> dict[str, Any]:
    child = answers["child_victim"]
    counted = answers | {st.CHILDREN: np.where(child == 1, answers[st.CHILDREN], 0)}
    scores: dict[str, Any] = {}
    for scale, items in st.SCALES.items():
        points = np.sum([counted[name] for name in items], axis=0)
        status = np.full(len(child), SCORED)
        if not complete:
            gaps = [counted[name] < 0 for name in items] + ([child < 0] if st.CHILDREN in items else [])
            status = np.where(np.any(gaps, axis=0), INCOMPLETE, SCORED)
        scores[scale] = np.ma.masked_array(points, status == INCOMPLETE)
        scores[f"{scale}_status"] = status
    total = scores["total"]
    scores["total_level"] = np.ma.masked_array(np.digitize(total.data, [4, 12]), total.mask)
    return scores


def _read_stable(scores: dict[str, Any]) -> Result:
    read = {}
    for name, values in scores.items():
        if name.endswith("_status"):
            read[name] = column(values, labels=STATUSES)
        else:
            read[name] = Column(values.data, np.ma.getmaskarray(values), st.LEVELS if name.endswith("_level") else ())
    return read


def stable_2007(caseload: Caseload, threads: int) -> Peer:
    answers = caseload.with_sentinels()
    return Peer(NAME, lambda: _score_stable(answers, caseload.complete), _read_stable)
