"""Scoring: score, score together, table after table, explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack, overload

from appraise import _core
from appraise._api import InstrumentLike, Norms, compile
from appraise._frames import (
    ArrowArray,
    ArrowStream,
    Codes,
    Columns,
    Frame,
    Lazy,
    Reading,
    check_types,
    frame_of,
    reading_of,
)
from appraise._scores import Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Arrays = dict[str, "NDArray[Any]"]
Table = TypeVar("Table", bound="ArrowStream | ArrowArray | Lazy | NDArray[np.void]")


class TogetherOptions(TypedDict, total=False):
    """The options of `score_together`."""

    accept_unverified: bool
    columns: Columns | None
    codes: Codes | None
    key: str | Sequence[str] | None
    contributions: bool
    bounds: bool
    distance: bool
    reasons: bool
    threads: int


class ScoreOptions(TogetherOptions, total=False):
    """The options of `score`."""

    levels: Mapping[str, str] | None
    norms: Norms | None


@overload
def score(
    instrument: InstrumentLike | _core.ScoringPlan,
    table: Mapping[str, object],
    **options: Unpack[ScoreOptions],
) -> Scores[Arrays]: ...
@overload
def score(
    instrument: InstrumentLike | _core.ScoringPlan,
    table: Table,
    **options: Unpack[ScoreOptions],
) -> Scores[Table]: ...
def score(
    instrument: InstrumentLike | _core.ScoringPlan,
    table: Any,
    *,
    accept_unverified: bool = False,
    levels: Mapping[str, str] | None = None,
    norms: Norms | None = None,
    columns: Columns | None = None,
    codes: Codes | None = None,
    key: str | Sequence[str] | None = None,
    contributions: bool = False,
    bounds: bool = True,
    distance: bool = True,
    reasons: bool = True,
    threads: int = 1,
) -> Scores[Any]:
    """Scores every assessment of a table.

    Row i of the result depends on row i of the table and on nothing else.

    Parameters
    ----------
    instrument : Instrument, id, path or ScoringPlan
    table : table of n rows
        A data frame of pandas or polars (also lazy), a table, record batch or reader of pyarrow, a relation of DuckDB,
        anything else with ``__arrow_c_stream__`` or ``__arrow_c_array__``, a structured array of NumPy, or a mapping of
        column names to arrays or lists. Numbers, Booleans, days and dictionary-coded text are read in place. A missing
        answer is null, NaN, NaT, NA, None, masked, or empty text. Columns that no item asks for are passed over.
    accept_unverified, levels, norms
        As in `compile`; they must be left out with a plan.
    columns : mapping, optional
        Which column answers which item, where they are not called the same: ``{"age": "age_at_release"}``; a list where
        one column answers several items.
    codes : mapping, optional
        By item, what the codes of a column stand for: ``{"sex": {"M": "male", 9: None}}``. None is missing. A code that
        is not named is taken as it is.
    key : str or list of str, optional
        Columns that name a row. They are not read, and stand first in ``Scores.frame``.
    contributions : bool
        Add a column for what each term added.
    bounds : bool
        Add lowest and highest value and level, given what is missing.
    distance : bool
        Add the distance to the nearest cut between levels.
    reasons : bool
        Add reasons and cautions.
    threads : int
        How many threads share the rows. Nothing in the result depends on it.

    Returns
    -------
    Scores
        n rows. ``frame`` is a table of the caller's own kind, with its index. Each scale is in its own unit,
        probabilities and rates in [0, 1]. A row that cannot be scored has a status, reasons and no value.

    Raises
    ------
    DefinitionError
        If the definition has faults, or uses unverified figures and that was not accepted; with all diagnostics.
    UsageError
        If columns are absent or have a type that their item cannot be given in: all of them at once, each with what is
        there, what was expected, and the column that is nearest. A person's answers never raise.

    See Also
    --------
    explain : one score in full
    score_together : several instruments in one pass
    appraise.plot : pictures of the result

    Examples
    --------
    A data frame of pandas, whose index is kept:

    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("stable-2007").items if not item.optional]
    >>> caseload = dict.fromkeys(items, [1, 0, None])  # three people: some, none, no answer, to every item
    >>> import pandas as pd
    >>> people = pd.DataFrame(caseload, index=["S1", "S2", "S3"])
    >>> scores = ap.score("stable-2007", people, accept_unverified=True)
    >>> scores.frame[["total", "total_level", "total_status"]]
        total total_level total_status
    S1     13        high       scored
    S2      0         low       scored
    S3   <NA>         NaN   incomplete

    A data frame of polars with names and codes of its own:

    >>> import polars as pl
    >>> own = pl.DataFrame(caseload).rename({"impulsive_acts": "impulse"})
    >>> own = own.with_columns(person=pl.Series(["a", "b", "c"]))
    >>> scores = ap.score(
    ...     "stable-2007",
    ...     own,
    ...     key="person",
    ...     columns={"impulse": "impulsive_acts"},
    ...     codes={"impulsive_acts": {9: None}},
    ...     accept_unverified=True,
    ... )
    >>> scores.frame["person", "total"].rows()
    [('a', 13), ('b', 0), ('c', None)]
    """
    plan = _plan(instrument, accept_unverified, levels, norms)
    scorer = _core.Scorer([plan], bounds, distance, contributions, reasons, threads)
    (scores,) = _score(scorer, [plan], table, columns, codes, key)
    return scores


@overload
def score_together(
    instruments: Sequence[InstrumentLike | _core.ScoringPlan],
    table: Mapping[str, object],
    **options: Unpack[TogetherOptions],
) -> list[Scores[Arrays]]: ...
@overload
def score_together(
    instruments: Sequence[InstrumentLike | _core.ScoringPlan],
    table: Table,
    **options: Unpack[TogetherOptions],
) -> list[Scores[Table]]: ...
def score_together(
    instruments: Sequence[InstrumentLike | _core.ScoringPlan],
    table: Any,
    *,
    accept_unverified: bool = False,
    columns: Columns | None = None,
    codes: Codes | None = None,
    key: str | Sequence[str] | None = None,
    contributions: bool = False,
    bounds: bool = True,
    distance: bool = True,
    reasons: bool = True,
    threads: int = 1,
) -> list[Scores[Any]]:
    """Scores every assessment of a table by several instruments, reading each row once.

    Parameters
    ----------
    instruments : sequence of Instrument, id, path or ScoringPlan
        A plan where norms or levels are to be chosen.
    table, accept_unverified, columns, codes, key, contributions, bounds, distance, reasons, threads
        As in `score`.

    Returns
    -------
    list of Scores
        One for each instrument, in order; each of n rows.

    Raises
    ------
    DefinitionError, UsageError
        As in `score`.

    Examples
    --------
    Two level schemes of one instrument:

    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("static-99r").items if not item.optional]
    >>> static = {**dict.fromkeys(items, [1, 0]), "age_at_release": [39, 24]}  # two men
    >>> plans = [
    ...     ap.compile("static-99r", levels={"total": name}, accept_unverified=True)
    ...     for name in ("original_2009", "standardised_2016")
    ... ]
    >>> before, after = ap.score_together(plans, static)
    >>> list(zip(before["total_level"], after["total_level"]))
    [('high', 'IVb'), ('moderate_low', 'III')]
    """
    plans = [
        each if isinstance(each, _core.ScoringPlan) else _plan(each, accept_unverified, None, None)
        for each in instruments
    ]
    scorer = _core.Scorer(plans, bounds, distance, contributions, reasons, threads)
    return _score(scorer, plans, table, columns, codes, key)


class TableOptions(TypedDict, total=False):
    """The options of `Scorer.score`."""

    columns: Columns | None
    codes: Codes | None
    key: str | Sequence[str] | None


class Scorer:
    """Scores table after table by the same instruments: what is set up for them is set up once.

    For a stream of small tables, or one assessment at a time. Results are the caller's; the memory of large ones is
    used again once they are gone.

    Parameters
    ----------
    instruments : sequence of Instrument, id, path or ScoringPlan
        A plan where norms or levels are to be chosen.
    accept_unverified, contributions, bounds, distance, reasons, threads
        As in `score`.

    Raises
    ------
    DefinitionError, UsageError
        As in `score`.

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("stable-2007").items if not item.optional]
    >>> scorer = ap.Scorer(["stable-2007"], accept_unverified=True, reasons=False)
    >>> for answer in (0, 1):
    ...     (scores,) = scorer.score(dict.fromkeys(items, [answer]))
    ...     print(scores["total"].tolist(), scores["total_level"].tolist())
    [0] ['low']
    [13] ['high']
    """

    def __init__(
        self,
        instruments: Sequence[InstrumentLike | _core.ScoringPlan],
        *,
        accept_unverified: bool = False,
        contributions: bool = False,
        bounds: bool = True,
        distance: bool = True,
        reasons: bool = True,
        threads: int = 1,
    ) -> None:
        self._plans = [
            each if isinstance(each, _core.ScoringPlan) else _plan(each, accept_unverified, None, None)
            for each in instruments
        ]
        self._inside = _core.Scorer(self._plans, bounds, distance, contributions, reasons, threads)

    @overload
    def score(self, table: Mapping[str, object], **options: Unpack[TableOptions]) -> list[Scores[Arrays]]: ...
    @overload
    def score(self, table: Table, **options: Unpack[TableOptions]) -> list[Scores[Table]]: ...
    def score(
        self,
        table: Any,
        *,
        columns: Columns | None = None,
        codes: Codes | None = None,
        key: str | Sequence[str] | None = None,
    ) -> list[Scores[Any]]:
        """Scores every assessment of a table.

        Parameters
        ----------
        table : table of n rows
        columns, codes, key
            As in `score`.

        Returns
        -------
        list of Scores
            One for each instrument, in order, of n rows each.

        Raises
        ------
        UsageError
            As in `score`; the next table can be scored all the same.
        """
        return _score(self._inside, self._plans, table, columns, codes, key)


def _score(
    scorer: _core.Scorer,
    plans: Sequence[_core.ScoringPlan],
    table: object,
    columns: Columns | None,
    codes: Codes | None,
    key: str | Sequence[str] | None,
) -> list[Scores[Any]]:
    frame = frame_of(table)
    reading = reading_of(frame, plans, columns, codes, key)
    batches = [scorer.score(each) for each in _caseloads(frame, reading, plans)]
    for name in reading.key:
        if any(name in batch.columns for batch in batches[0]):
            raise _core.UsageError(f"key: '{name}' is the name of a result too; call the column otherwise")
    giver = frame.giver(reading.key)
    return [Scores([batch[i] for batch in batches], plan, giver) for i, plan in enumerate(plans)]


def _caseloads(frame: Frame, reading: Reading, plans: Sequence[_core.ScoringPlan]) -> Iterator[_core.Caseload]:
    for at, caseload in enumerate(frame.caseloads(reading)):
        if at == 0:
            check_types(frame, caseload, plans, reading)
        yield caseload


def explain(
    instrument: InstrumentLike | _core.ScoringPlan,
    table: ArrowStream | ArrowArray | Lazy | Mapping[str, object] | NDArray[np.void],
    row: int = 0,
    scale: str | None = None,
    *,
    accept_unverified: bool = False,
    levels: Mapping[str, str] | None = None,
    norms: Norms | None = None,
    columns: Columns | None = None,
    codes: Codes | None = None,
) -> _core.Explanation:
    """Explains one score: what each item added, why, and what would change the level.

    Parameters
    ----------
    instrument, table, accept_unverified, levels, norms, columns, codes
        As in `score`.
    row : int
        Row of the table by position, counted from 0.
    scale : str, optional
        The scale to explain; without it the library chooses.

    Returns
    -------
    Explanation
        Printed it is plain text; a notebook shows it as a table. Contributions are in the unit of the scale.

    Raises
    ------
    DefinitionError
        As in `score`.
    UsageError
        If the row or the scale does not exist; otherwise as in `score`.

    See Also
    --------
    appraise.plot.contributions : the same as a picture

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("static-99r").items if not item.optional]
    >>> static = {**dict.fromkeys(items, [1, 0]), "age_at_release": [39, 24]}  # two men
    >>> explanation = ap.explain("static-99r", static, row=0, accept_unverified=True)
    >>> explanation.value, explanation.level, explanation.level_label
    ('7', 'IVb', 'well above average risk')
    >>> first = explanation.contributions[explanation.ranked[0]]
    >>> first.term, first.response, first.value
    ('index_nonsexual_violence', '1', 1.0)
    """
    plan = _plan(instrument, accept_unverified, levels, norms)
    frame = frame_of(table)
    first = 0
    for caseload in _caseloads(frame, reading_of(frame, [plan], columns, codes, None), [plan]):
        if 0 <= row - first < caseload.rows:
            return _core.explain(plan, caseload, row - first, scale or "")
        first += caseload.rows
    raise _core.UsageError(f"there is no row {row}; the table has {first} rows, counted from 0")


def _plan(
    given: InstrumentLike | _core.ScoringPlan,
    accept_unverified: bool,
    levels: Mapping[str, str] | None,
    norms: Norms | None,
) -> _core.ScoringPlan:
    if not isinstance(given, _core.ScoringPlan):
        return compile(given, accept_unverified=accept_unverified, levels=levels, norms=norms)
    if accept_unverified or levels or norms:
        raise _core.UsageError("a plan was compiled with its options; leave out accept_unverified, levels and norms")
    return given
