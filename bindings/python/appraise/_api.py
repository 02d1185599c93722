"""The verbs: load, check, verify, compile, score, explain."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from appraise import _core
from appraise._scores import Scores
from appraise._tables import Table, caseloads

LibraryLike = _core.Library | str | os.PathLike[str]
InstrumentLike = _core.Instrument | str | os.PathLike[str]
Norms = Iterable[str] | Literal["all"]


@dataclass(frozen=True)
class Listed:
    """One edition: `mark` is the weakest evidence mark among the figures it scores with.

    `origin` is ``"built in"``, ``"own"`` (a definition of the agency's folder), or ``"built in, figures supplied"``.
    """

    id: str
    edition: str
    title: str
    family: str
    mark: str
    origin: str


class Checked(list[_core.Diagnostic]):
    """The diagnostics of a definition, in the order of file, line and column.

    Attributes
    ----------
    instrument : Instrument or None
        The instrument, if there is no error.
    """

    def __init__(self, instrument: _core.Instrument | None, diagnostics: Iterable[_core.Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.instrument = instrument

    @property
    def ok(self) -> bool:
        """Whether there is no error. Warnings and notes do not count."""
        return self.instrument is not None


def instruments(*, library: LibraryLike | None = None) -> list[Listed]:
    """The definitions that are at hand.

    Parameters
    ----------
    library : Library or path, optional
        An agency's own folder, or what was made of it by `Library`; without it only what is built in.

    Returns
    -------
    list of Listed
        id, edition, title, family, mark and origin, by id and edition.
    """
    shelf, listed = _library(library), []
    for each in shelf.editions:
        instrument = shelf.load(each.id, each.edition)
        mark = compile(instrument, accept_unverified=True).mark
        origin = "own" if each.own else "built in, figures supplied" if each.supplied else "built in"
        listed.append(Listed(each.id, each.edition, instrument.title, instrument.family, mark, origin))
    return listed


@cache
def _built_in() -> _core.Library:
    return _core.Library()


def _library(given: LibraryLike | None) -> _core.Library:
    if given is None:
        return _built_in()
    return given if isinstance(given, _core.Library) else _core.Library(given)


def load(
    name: str | os.PathLike[str], edition: str | None = None, *, library: LibraryLike | None = None
) -> _core.Instrument:
    """Reads and checks an instrument.

    Parameters
    ----------
    name : str or path
        Id of an instrument, or the path of a folder with an instrument.json, or of that file. A text with a
        slash in it, or that ends in ``.json``, is a path.
    edition : str, optional
        Edition of the instrument; without it the last one by name. It must be named where an id has both built-in
        editions and the agency's own.
    library : Library or path, optional
        An agency's own folder beside what is built in, or what was made of it by `Library`.

    Raises
    ------
    DefinitionError
        If the definition has faults; ``diagnostics`` holds all of them.
    UsageError
        If there is no such instrument.

    Examples
    --------
    >>> load("static-99r").edition  # doctest: +SKIP
    '2016'
    """
    text = os.fspath(name)
    if isinstance(name, os.PathLike) or os.sep in text or "/" in text or text.endswith(".json"):
        if edition is not None or library is not None:
            raise _core.UsageError("a path names its edition itself; leave out `edition` and `library`")
        return _core.read(Path(text))
    return _library(library).load(text, edition or "")


def _instrument(given: InstrumentLike) -> _core.Instrument:
    return given if isinstance(given, _core.Instrument) else load(given)


def check(path: str | os.PathLike[str]) -> Checked:
    """Reads a definition and proves what it declares.

    Parameters
    ----------
    path : str or path
        A folder with an instrument.json, or that file. Norm sets, code lists and cases beside it are checked too.

    Returns
    -------
    Checked
        A list of all diagnostics; ``ok`` says whether there is no error.

    Raises
    ------
    UsageError
        If there is no instrument.json.
    """
    return Checked(*_core.check(Path(path)))


def verify(instrument: InstrumentLike) -> _core.Verification:
    """Scores every worked and boundary case of an instrument and compares what it expects.

    Parameters
    ----------
    instrument : Instrument, id or path

    Returns
    -------
    Verification
        ``cases``, ``comparisons``, ``mismatches`` and ``ok``.
    """
    return _core.verify(_instrument(instrument))


def compile(
    instrument: InstrumentLike,
    *,
    accept_unverified: bool = False,
    levels: Mapping[str, str] | None = None,
    norms: Norms | None = None,
) -> _core.ScoringPlan:
    """Makes an instrument ready to score. `score` and `explain` take the plan in the instrument's place.

    Parameters
    ----------
    instrument : Instrument, id or path
    accept_unverified : bool
        Accept figures that are not confirmed in a public source. Results then carry the mark.
    levels : mapping, optional
        Level scheme by scale, where another than the scale's own is wanted.
    norms : list of str, or "all", optional
        Norm sets whose columns the results shall have.

    Raises
    ------
    DefinitionError
        If figures in use are unverified and that was not accepted.
    UsageError
        For an unknown scale, level scheme or norm set.
    """
    read = _instrument(instrument)
    chosen = [each.id for each in read.norms] if norms == "all" else list(norms or ())
    return _core.compile(read, accept_unverified, dict(levels or {}), chosen)


def score(
    instrument: InstrumentLike | _core.ScoringPlan,
    table: Table,
    *,
    accept_unverified: bool = False,
    levels: Mapping[str, str] | None = None,
    norms: Norms | None = None,
    contributions: bool = False,
    bounds: bool = True,
    distance: bool = True,
    reasons: bool = True,
    threads: int = 1,
) -> Scores:
    """Scores every assessment of a table.

    Row i of the result depends on row i of the table and on nothing else.

    Parameters
    ----------
    instrument : Instrument, id, path or ScoringPlan
    table : table of n rows
        Anything with ``__arrow_c_stream__`` or ``__arrow_c_array__`` (pyarrow, polars, pandas, DuckDB), or a mapping of
        column names to arrays. Numbers, Booleans, dates and dictionary-coded text are read in place. A missing answer
        is null, NaN, NaT, None, masked, or empty text. Streams are scored batch by batch.
    accept_unverified, levels, norms
        As in `compile`; they must be left out with a plan.
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
        n rows, as a table. Each scale in its own unit, probabilities and rates in [0, 1]. A row that cannot be scored
        has a status, reasons and no value.

    Raises
    ------
    DefinitionError
        If the definition has faults, or uses unverified figures and that was not accepted.
    UsageError
        If a column is absent or has a type that its item cannot be given in. A person's answers never raise.

    Examples
    --------
    >>> scores = score("static-99r", polars.read_csv("caseload.csv"))  # doctest: +SKIP
    >>> scores["total"].mean(), scores.to_polars()  # doctest: +SKIP
    """
    plan = _plan(instrument, accept_unverified, levels, norms)
    (scores,) = score_together(
        [plan],
        table,
        contributions=contributions,
        bounds=bounds,
        distance=distance,
        reasons=reasons,
        threads=threads,
    )
    return scores


def score_together(
    instruments: Sequence[InstrumentLike | _core.ScoringPlan],
    table: Table,
    *,
    accept_unverified: bool = False,
    contributions: bool = False,
    bounds: bool = True,
    distance: bool = True,
    reasons: bool = True,
    threads: int = 1,
) -> list[Scores]:
    """Scores every assessment of a table by several instruments, reading each row once.

    Parameters
    ----------
    instruments : sequence of Instrument, id, path or ScoringPlan
        A plan where norms or levels are to be chosen.
    table, accept_unverified, contributions, bounds, distance, reasons, threads
        As in `score`.

    Returns
    -------
    list of Scores
        One for each instrument, in order.

    Raises
    ------
    DefinitionError, UsageError
        As in `score`.
    """
    scorer = Scorer(
        instruments,
        accept_unverified=accept_unverified,
        contributions=contributions,
        bounds=bounds,
        distance=distance,
        reasons=reasons,
        threads=threads,
    )
    return scorer.score(table)


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
    >>> scorer = Scorer(["static-99r", "stable-2007"], reasons=False)  # doctest: +SKIP
    >>> for table in tables:  # doctest: +SKIP
    ...     static, stable = scorer.score(table)
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
        self._items = list(dict.fromkeys(item for plan in self._plans for item in plan.items))
        self._inside = _core.Scorer(self._plans, bounds, distance, contributions, reasons, threads)

    def score(self, table: Table) -> list[Scores]:
        """Scores every assessment of a table.

        Parameters
        ----------
        table : table of n rows
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
        batches = [self._inside.score(each) for each in caseloads(table, self._items)]
        return [Scores([batch[i] for batch in batches]) for i in range(len(self._plans))]


def explain(
    instrument: InstrumentLike | _core.ScoringPlan,
    table: Table,
    row: int = 0,
    scale: str | None = None,
    *,
    accept_unverified: bool = False,
    levels: Mapping[str, str] | None = None,
    norms: Norms | None = None,
) -> _core.Explanation:
    """Explains one score: what each item added, why, and what would change the level.

    Parameters
    ----------
    instrument, table, accept_unverified, levels, norms
        As in `score`.
    row : int
        Row of the table, counted from 0.
    scale : str, optional
        The scale to explain; without it the library chooses.

    Returns
    -------
    Explanation
        Printed it is plain text; a notebook shows it as a table.

    Raises
    ------
    UsageError
        If the row or the scale does not exist; otherwise as in `score`.
    """
    plan = _plan(instrument, accept_unverified, levels, norms)
    first = 0
    for caseload in caseloads(table, plan.items):
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
