"""What a person asks for, and what has to be known before the first row is read."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from appraise import _api as api
from appraise._core import Instrument, Library, ScoringPlan, UsageError
from appraise._io import Database, ReadOptions, Source, database_location, is_database, open_source
from appraise._io.mapping import Answer, Roles, check_mapping, read_mapping
from appraise._nearest import nearest

SEGMENT_ROWS = 1 << 20
ELSEWHERE = {"source", "output", "library", "mapping", "quarantine", "manifest", "replace", "store"}


@dataclass(frozen=True)
class Chosen:
    """An instrument as it was named: ``static-99r``, ``static-99r@2016`` or a path."""

    name: str
    edition: str | None = None

    @property
    def is_path(self) -> bool:
        return "/" in self.name or self.name.endswith(".json")


@dataclass(frozen=True)
class Request:
    """A run of `score`. Everything but the places of files decides what comes out."""

    instruments: list[Chosen]
    source: str
    output: str
    library: str | None = None
    query: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    mapping: str | None = None
    key: str | None = None
    keep: list[str] = field(default_factory=list)
    keep_all: bool = False
    as_of: str | None = None
    as_of_column: str | None = None
    accept_unverified: bool = False
    norms: list[str] = field(default_factory=list)
    levels: dict[str, str] = field(default_factory=dict)
    contributions: bool = False
    bounds: bool = True
    distance: bool = True
    reasons: bool = True
    segment_rows: int = SEGMENT_ROWS
    quarantine: str = ""
    manifest: str = ""
    replace: bool = False
    store: str | None = None

    @property
    def quarantine_path(self) -> Path:
        return Path(self.quarantine) if self.quarantine else self._beside("quarantine.csv")

    @property
    def manifest_path(self) -> Path:
        return Path(self.manifest) if self.manifest else self._beside("manifest.json")

    def _beside(self, ending: str) -> Path:
        if is_database(self.output):
            return Path(f"{database_location(self.output).table[-1].replace('/', '_')}.{ending}")
        return Path(f"{self.output}.{ending}")

    def options(self) -> dict[str, Any]:
        """What decides the result, besides the contents of source, definitions and mapping."""
        return {name: value for name, value in asdict(self).items() if name not in ELSEWHERE}

    @classmethod
    def from_options(cls, options: dict[str, Any], **places: Any) -> Request:
        """A request from the options of a manifest, and where everything lies."""
        known = {each.name for each in fields(cls)}
        given = {name: value for name, value in options.items() if name in known}
        given["instruments"] = [Chosen(**each) for each in given["instruments"]]
        return cls(**given, **places)


@dataclass(frozen=True)
class Prepared:
    """A request whose parts are there and fit each other.

    Attributes
    ----------
    prefixes : list of str
        What stands before the result columns of each plan: nothing if there is only one.
    answers : dict
        Where the responses to each item come from.
    kept : list of str
        Columns of the caseload that go into the output.
    columns : list of str
        Columns to read.
    key : str
        The column whose values must differ; empty if none is declared.
    as_of : Answer, datetime.date or None
        The column of as-of dates, or the date of all rows.
    """

    request: Request
    plans: list[ScoringPlan]
    prefixes: list[str]
    source: Source
    roles: Roles
    answers: dict[str, Answer]
    kept: list[str]
    columns: list[str]
    key: str
    as_of: Answer | datetime.date | None

    @property
    def absent(self) -> list[str]:
        """Items without a column, missing in every row."""
        return list(dict.fromkeys(item for plan in self.plans for item in plan.items if item not in self.answers))


def prepare(request: Request, database: Database | None = None) -> Prepared:
    """Opens the source, compiles the instruments and proves that everything fits.

    Raises
    ------
    DefinitionError, UsageError, LocationError
    """
    plans = compiled(request)
    roles = read_mapping(Path(request.mapping)) if request.mapping else Roles()
    read = ReadOptions(request.delimiter, request.encoding)
    source = open_source(request.source, query=request.query, read=read, database=database)
    if request.mapping:
        check_mapping(roles, plans, source.columns, source.name)
    key = request.key or roles.key
    kept = _kept(request, roles, key, source)
    as_of = _as_of(request, roles)
    answers = _answers(plans, roles, source)
    if as_of is None and (item := next((item for item, each in answers.items() if not each.column), None)):
        raise UsageError(f"the mapping answers {item} with the as-of date; give --as-of or --as-of-column")
    wanted = {each.column for each in answers.values()} | set(kept)
    if isinstance(as_of, Answer):
        wanted.add(as_of.column)
    for name in [*kept, *(each for each in wanted if each)]:
        if name not in source.columns:
            raise UsageError(
                f"{source.name} has no column '{name}'{nearest(name, source.columns)}; "
                f"it has: {', '.join(source.columns)}"
            )
    columns = [name for name in source.columns if name in wanted]
    return Prepared(request, plans, _prefixes(plans), source, roles, answers, kept, columns, key, as_of)


def compiled(request: Request) -> list[ScoringPlan]:
    """The plans. With several instruments each takes the norm sets and level schemes that it has."""
    library = Library(request.library) if request.library else None
    read = [
        api.load(each.name, each.edition, library=None if each.is_path else library) for each in request.instruments
    ]
    for scale in request.levels:
        if not any(scale == each.code for instrument in read for each in instrument.scales):
            raise UsageError(f"there is no scale '{scale}' to choose levels for")
    known = {each.id for instrument in read for each in instrument.norms}
    everything = request.norms == ["all"]
    for name in request.norms if not everything else ():
        if name not in known:
            raise UsageError(f"there is no norm set '{name}'{nearest(name, known)}; there are: {_list(known)}")
    return [
        api.compile(
            instrument,
            accept_unverified=request.accept_unverified,
            levels={
                scale: scheme
                for scale, scheme in request.levels.items()
                if any(scale == each.code for each in instrument.scales)
            },
            norms="all" if everything else [each.id for each in instrument.norms if each.id in request.norms],
        )
        for instrument in read
    ]


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def written_prefix(*parts: str) -> str:
    """What stands before the result columns of one of several instruments: its id, and its edition where needed."""
    return "_".join("".join(c if c.isalnum() else "_" for c in part) for part in parts) + "_"


def _prefixes(plans: Sequence[ScoringPlan]) -> list[str]:
    """What tells the result columns of several instruments apart: the id, with the edition where that is needed."""
    if len(plans) == 1:
        return [""]
    ids = [plan.instrument.id for plan in plans]
    prefixes = [
        written_prefix(plan.instrument.id, plan.instrument.edition) if ids.count(name) > 1 else written_prefix(name)
        for plan, name in zip(plans, ids, strict=True)
    ]
    if len(set(prefixes)) < len(prefixes):
        raise UsageError(f"{plans[0].instrument.id} is asked for twice")
    return prefixes


def _kept(request: Request, roles: Roles, key: str, source: Source) -> list[str]:
    if request.keep_all:
        return list(source.columns)
    declared = [name for name in (key, roles.rater, *roles.group) if name]
    kept = [*declared, *request.keep]
    return list(dict.fromkeys(kept or source.columns[:1]))


def _as_of(request: Request, roles: Roles) -> Answer | datetime.date | None:
    if request.as_of and request.as_of_column:
        raise UsageError("give --as-of or --as-of-column, not both")
    if request.as_of:
        try:
            return datetime.date.fromisoformat(request.as_of)
        except ValueError:
            raise UsageError(f"--as-of: expected a date YYYY-MM-DD, found '{request.as_of}'") from None
    if request.as_of_column:
        return Answer(request.as_of_column)
    return roles.as_of


def _answers(plans: Sequence[ScoringPlan], roles: Roles, source: Source) -> dict[str, Answer]:
    """Where the responses to each item come from: the mapping, or the column of its name."""
    answers: dict[str, Answer] = {}
    for plan in plans:
        found = {
            item: roles.items[item] if item in roles.items else Answer(item)
            for item in plan.items
            if item in roles.items or item in source.columns
        }
        if not any(each.column for each in found.values()):
            raise UsageError(
                f"{source.name} has none of the columns of {plan.instrument.id}: {', '.join(plan.items)}; "
                "other names need a mapping file (appraise map --suggest)"
            )
        answers |= found
    return answers


def definition_facts(instrument: Instrument, mark: str) -> dict[str, Any]:
    """A definition for a manifest: what it is, and the digest of each of its parts."""
    return {
        "id": instrument.id,
        "edition": instrument.edition,
        "evidence": mark,
        "parts": {part.name: {"edition": part.edition, "sha256": part.digest} for part in instrument.parts},
        "uses": {use.alias: definition_facts(use.definition, "") for use in instrument.uses},
    }


def as_of_column(table: pa.RecordBatch, date: datetime.date) -> pa.Array:
    """The same date for every row."""
    return pa.repeat(pa.scalar(date, pa.date32()), table.num_rows)
