"""`validate`, as a caller calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from appraise._core import Instrument, UsageError
from appraise._validation.choices import Choices
from appraise._validation.result import Validation


def validate(
    scored: Any,
    outcomes: Any,
    *,
    second: Any = None,
    key: str | Sequence[str] = (),
    outcome: str | None = None,
    event: str | None = None,
    event_is: str | Sequence[str] = (),
    competing_is: str | Sequence[str] = (),
    time: str | None = None,
    start: str | None = None,
    end: str | None = None,
    study_end: str | None = None,
    time_unit: Literal["years", "months", "days"] = "years",
    horizon: float | None = None,
    potential: str | None = None,
    score: str | None = None,
    level: str | None = None,
    norms: str | None = None,
    rates: str | None = None,
    cut: float | str | None = None,
    group: str | Sequence[str] = (),
    rater: str | None = None,
    rater_level: str | None = None,
    instrument: Instrument | str | None = None,
    smallest_cell: int = 10,
    effect: float = 1.0,
    bootstrap: int = 0,
    seed: int = 1,
    confidence: float = 0.95,
    describe_sample: str = "",
    describe_outcome: str = "",
    date: str | None = None,
) -> Validation:
    """Holds scores against what happened: does the instrument work here, for everyone, and are its rates ours?

    Parameters
    ----------
    scored : table, Scores or path
        Results of `score`, with a key column: a data frame, what `score` returned, or a file that the command wrote.
    outcomes : table or path
        What happened, with the same key.
    second : table, Scores or path, optional
        Ratings of some or all of the same people by a second rater, scored the same way.
    key : str or list of str
        The column that names a person, or ``"scored=outcomes"`` where it has two names. Default: the one that the
        manifest of `scored` names, else the first that both tables have. Rows without a partner, and all rows of a key
        that comes more than once, are left out and told.
    outcome : str, optional
        A column of 0 and 1 at a fixed follow-up; default ``"outcome"``, if there is one.
    event, time : str, optional
        Columns for people followed for different times: 0 followed without, 1 the outcome, 2 another event that came
        first; and the time. Default ``"event"`` and ``"time"``, if there are both.
    event_is, competing_is : str or list of str
        Where ``event`` holds texts: those that stand for the outcome, and for another event. Every other text counts
        as followed without; the table ``counts`` tells what each was taken for.
    start, end : str, optional
        In the place of ``time``: columns of dates, between which each person was followed.
    study_end : str, optional
        The last day of the study, YYYY-MM-DD: in the place of ``potential``, with ``start``.
    time_unit : {"years", "months", "days"}
        The unit of ``time``, ``potential`` and ``horizon``.
    horizon : float, optional
        The fixed follow-up. Without it, with event and time, that of the norms. The outcome at the horizon follows from
        event and time, unless there is a column of it.
    potential : str, optional
        For how long each person could have been followed (end of the study less release). Whoever could not be
        followed to the horizon is then left out of the figures at a fixed follow-up, whatever happened; without it
        those with an early event stay and the rates there come out too high.
    score, level : str, optional
        Default: the scale that `score` wrote, and its level.
    norms : str, optional
        The norm set whose rates are looked at, or ``"none"``; default: the one that `scored` has rates of.
    rates : str, optional
        A column of rates, in the place of those of a norm set: proportions.
    cut : float or str, optional
        For error rates of groups: a score or a level; default: the highest level that was seen.
    group : str or list of str
        Columns of groups that are compared; as ``"column=group"`` with the one that the others are compared with, which
        is the largest otherwise.
    rater, rater_level : str, optional
        A second rater's score and level.
    instrument : Instrument, id, ID@EDITION or path, optional
        What gave the scores, where `scored` does not say.
    smallest_cell : int
        Groups of fewer people are withheld, and as many others as it takes that they do not follow.
    effect : float
        Share of outcomes that acting on a person prevents, for the number needed.
    bootstrap, seed : int
        Resamples for the intervals of ICI, E50, E90 and Emax, and where they start; 0: no such intervals.
    confidence : float
        Of every interval.
    describe_sample, describe_outcome, date : str, optional
        For the page: who the people are, what counts as the outcome, and the day, as YYYY-MM-DD.

    Returns
    -------
    Validation
        Tables, figures with their intervals, the page (``write("report.html")``) and the JSON document.

    Raises
    ------
    UsageError
        If a column is not there or holds nothing that can be used, nobody is in both tables, or rates are percents. A
        single wrong cell does not raise: it is in ``findings``.

    Notes
    -----
    Every figure is that of `appraise.statistics`; what is missing has a status that says why.

    Examples
    --------
    >>> import appraise as ap
    >>> scored = {"person": [*"abcdefgh"], "total": [1, 2, 2, 3, 4, 4, 5, 6], "total_status": ["scored"] * 8}
    >>> outcomes = {"person": [*"hgfedcba"], "outcome": [1, 0, 1, 0, 1, 0, 0, 0]}
    >>> report = ap.validate(scored, outcomes)
    >>> report.figure("auc")
    0.7667 [0.3971, 1]
    >>> [row["rows"] for row in report.rows("flow", step="analysed")]
    [8]
    """
    choices = Choices(
        key=_several(key),
        outcome=outcome,
        event=event,
        event_is=_several(event_is),
        competing_is=_several(competing_is),
        time=time,
        start=start,
        end=end,
        study_end=study_end,
        time_unit=time_unit,
        horizon=horizon,
        potential=potential,
        score=score,
        level=level,
        norms=norms,
        rates=rates,
        cut=None if cut is None else str(cut),
        group=_several(group),
        rater=rater,
        rater_level=rater_level,
        smallest_cell=smallest_cell,
        effect=effect,
        bootstrap=bootstrap,
        seed=seed,
        confidence=confidence,
        describe_sample=describe_sample,
        describe_outcome=describe_outcome,
        date=date,
    )
    try:
        from appraise._validation.run import validate_with
    except ModuleNotFoundError as missing:
        raise UsageError(f"validate needs {missing.name}: pip install 'appraise[cli]'") from None
    return validate_with(scored, outcomes, choices, second=second, instrument=instrument)


def _several(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
