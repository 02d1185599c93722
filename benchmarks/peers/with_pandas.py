"""pandas: cut, comparisons and sums of columns; with gaps, nullable integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from peers import static_99r as s99
from peers.caseload import Caseload
from peers.result import STATUSES, Column, Peer, Result


def _points(answers: pd.Series, bins: list[float], points: list[int], kind: str) -> pd.Series:
    banded = pd.cut(answers, bins, right=False, labels=points, ordered=False)
    return banded.astype(kind)


def _total(frame: pd.DataFrame, kind: str) -> pd.Series:
    """Series are added one by one: `sum(axis=1)` of nullable columns takes longer than all the rest together."""
    end = np.inf
    charges = _points(frame["prior_sex_charges"], [0, 1, 3, 6, end], [0, 1, 2, 3], kind)
    convictions = _points(frame["prior_sex_convictions"], [0, 1, 2, 4, end], [0, 1, 2, 3], kind)
    total = _points(frame["age_at_release"], [0, 35, 40, 60, 120], [1, 0, -1, -3], kind)
    total = total + (frame[s99.PARTNER] == 0).fillna(False).astype(kind)
    total = total + np.maximum(charges, convictions)
    total = total + _points(frame["prior_sentencing_dates"], [0, 4, end], [0, 1], kind)
    for name in s99.YES_NO:
        total = total + frame[name]
    return total


def _status(frame: pd.DataFrame) -> pd.Categorical:
    codes = np.select(
        [
            (frame["age_at_release"] < 18).fillna(False),
            frame[list(s99.REQUIRED)].isna().any(axis=1),
            frame[s99.PARTNER].isna(),
        ],
        [4, 2, 1],
        default=0,
    )
    return pd.Categorical.from_codes(codes, STATUSES)


def _score(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    status = pd.Series(_status(frame), frame.index)
    total = _total(frame, kind).astype("Int8").where(status.isin(["scored", "scored_with_omissions"]))
    level = pd.cut(total, [-3, -1, 1, 4, 6, 13], right=False, labels=s99.LEVELS)
    return pd.DataFrame({"total": total, "status": status, "level": level, "standard": level.copy()})


def _plain(level: pd.Series) -> Column:
    codes = level.cat.codes.to_numpy()
    return Column(np.maximum(codes, 0), codes < 0)


def _read(scores: pd.DataFrame) -> Result:
    value: Any = scores["total"]
    total = Column(value.fillna(0).to_numpy(), value.isna().to_numpy())
    return s99.result(total, scores["status"].cat.codes.to_numpy(), _plain(scores["level"]), _plain(scores["standard"]))


def static_99r(caseload: Caseload, threads: int) -> Peer:
    columns = caseload.with_sentinels() if caseload.complete else caseload.answers
    frame = pd.DataFrame(dict(columns), copy=True)
    if not caseload.complete:
        frame = frame.astype("Int8").mask(pd.DataFrame(dict(caseload.missing)))
    return Peer("pandas", lambda: _score(frame, "int8" if caseload.complete else "Int8"), _read)
