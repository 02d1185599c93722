"""Definitions: list, load, check, verify, compile."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from appraise import _core, _display_results
from appraise._nearest import nearest

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

    def __str__(self) -> str:
        return _display_results.diagnostics_text(self)

    def _repr_html_(self) -> str:
        return _display_results.diagnostics_html(self)


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

    Examples
    --------
    >>> import appraise as ap
    >>> [(each.edition, each.mark) for each in ap.instruments() if each.id == "static-99r"]
    [('2016', 'unverified')]
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

    Returns
    -------
    Instrument
        Items, scales, levels, norms, sources and evidence, as published. It cannot be changed.

    Raises
    ------
    DefinitionError
        If the definition has faults; ``diagnostics`` holds all of them.
    UsageError
        If there is no such instrument.

    Examples
    --------
    >>> import appraise as ap
    >>> static99r = ap.load("static-99r")
    >>> static99r
    <Instrument static-99r 2016: Static-99R>
    >>> [item.code for item in static99r.items][:2]
    ['age_at_release', 'ever_lived_with_partner']
    """
    text = os.fspath(name)
    if isinstance(name, os.PathLike) or os.sep in text or "/" in text or text.endswith(".json"):
        if edition is not None or library is not None:
            raise _core.UsageError("a path names its edition itself; leave out `edition` and `library`")
        return _core.read(Path(text))
    shelf = _library(library)
    try:
        return shelf.load(text, edition or "")
    except _core.UsageError:
        editions = [each.edition for each in shelf.editions if each.id == text]
        near = nearest(text, sorted({each.id for each in shelf.editions}))
        if near and not editions:
            raise _core.UsageError(f"no instrument {text}{near}") from None
        if edition and editions:
            known = f"there are {', '.join(editions)}{nearest(edition, editions)}"
            raise _core.UsageError(f"no edition {edition} of {text}; {known}") from None
        raise


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

    Examples
    --------
    >>> import appraise as ap
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> (folder / "instrument.json").write_text('{"format": 1, "id": "my-scale"}')
    31
    >>> checked = ap.check(folder)
    >>> checked.ok
    False
    >>> sorted({each.code for each in checked})
    ['field.missing', 'file.identity']
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

    Raises
    ------
    DefinitionError, UsageError
        As in `load`.

    Examples
    --------
    >>> import appraise as ap
    >>> ap.verify("static-99r").ok
    True
    """
    return _core.verify(_instrument(instrument))


def coverage(instrument: InstrumentLike) -> list[_core.CoveredPart]:
    """Tells what the worked and boundary cases of an instrument exercise.

    A case exercises an option, band, level, table cell, row of a decision table or comparison if it is answered,
    reached or decided in a row that no rule of use refuses; rules of use and the items that they read are looked at in
    every row.

    Parameters
    ----------
    instrument : Instrument, id or path

    Returns
    -------
    list of CoveredPart
        In the order of the definition, each with ``kind``, ``address``, ``what`` and the number of ``cases``.

    Raises
    ------
    DefinitionError, UsageError
        As in `load`.

    Examples
    --------
    >>> import appraise as ap
    >>> [part.address for part in ap.coverage("static-99r") if part.cases == 0]
    []
    """
    return _core.coverage(_instrument(instrument))


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

    Returns
    -------
    ScoringPlan
        It can be used again and again, and from several threads.

    Raises
    ------
    DefinitionError
        If figures in use are unverified and that was not accepted.
    UsageError
        For an unknown scale, level scheme or norm set.

    Examples
    --------
    >>> import appraise as ap
    >>> plan = ap.compile("static-99r", accept_unverified=True, norms=["routine-2015-5y"])
    >>> plan.scales, plan.mark
    (['total'], 'unverified')
    """
    read = _instrument(instrument)
    chosen = [each.id for each in read.norms] if norms == "all" else list(norms or ())
    return _core.compile(read, accept_unverified, dict(levels or {}), chosen)
