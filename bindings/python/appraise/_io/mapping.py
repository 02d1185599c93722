"""Mapping files: which column of an agency's caseload answers which item, and what its codes mean.

.. code-block:: toml

    key = "nomis_id"                      # names each row; no key comes twice
    as_of = "assessed"                    # or { column = "assessed", date = "%d/%m/%Y" }
    rater = "officer"                     # goes into the output
    group = ["region"]                    # go into the output
    missing = ["NK", "-1"]                # mean "no answer" in every column that is mapped

    [items]
    age_at_release = "AGE_REL"
    released_on = { column = "REL_DT", date = "%d/%m/%Y" }
    assessed_on = { as_of = true }

    [items.ever_lived_with_partner]
    column = "COHAB"
    codes = { "1" = "no", "2" = "yes" }   # any other code goes to the quarantine
    missing = ["9"]

An item that is not mapped is answered by the column of its own name, if there is one.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from appraise._core import Instrument, Item, ScoringPlan
from appraise._io.digests import sha256_of
from appraise._io.problems import LocationError, problems
from appraise._nearest import nearest

TOP = {"key", "as_of", "rater", "group", "missing", "items"}
OF_ITEM = {"column", "codes", "date", "missing", "as_of"}
YES_NO = {"yes", "no", "true", "false", "0", "1"}


class MappingError(LocationError):
    """A mapping file that cannot be used, in one line."""


@dataclass(frozen=True)
class Answer:
    """Where the responses to an item come from, and how they are read.

    Attributes
    ----------
    column : str
        Column of the caseload; empty if the as-of date is the response.
    codes : mapping, optional
        Option by agency code; other codes are unknown.
    date : str
        Format of dates after strptime; empty for ISO.
    missing : frozenset of str
        Texts that mean that there is no answer.
    """

    column: str
    codes: Mapping[str, str] | None = None
    date: str = ""
    missing: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether responses are taken as they are."""
        return self.codes is None and not self.date and not self.missing


@dataclass(frozen=True)
class Roles:
    """A mapping file as it was read.

    Attributes
    ----------
    key, rater : str
        Columns; empty where not declared.
    group : list of str
        Columns.
    as_of : Answer, optional
        The column with the date on which each row is to be judged.
    items : dict
        `Answer` by item.
    """

    path: str = ""
    sha256: str = ""
    key: str = ""
    rater: str = ""
    group: list[str] = field(default_factory=list)
    as_of: Answer | None = None
    items: dict[str, Answer] = field(default_factory=dict)


def read_mapping(path: Path) -> Roles:
    """Reads a mapping file.

    Raises
    ------
    MappingError
        If it is no TOML, or holds something that a mapping file does not.
    """
    with problems("read", path):
        text = path.read_text(encoding="utf-8")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise MappingError(f"{path}: {problem}") from None
    reader = _Reader(path)
    reader.known(document, TOP, "")
    missing = frozenset(reader.texts(document, "missing", ""))
    items = {
        item: reader.answer(given, f"items.{item}", missing) for item, given in reader.table(document, "items").items()
    }
    as_of = document.get("as_of")
    return Roles(
        str(path),
        sha256_of(path),
        reader.text(document, "key", ""),
        reader.text(document, "rater", ""),
        reader.texts(document, "group", ""),
        None if as_of is None else reader.answer(as_of, "as_of", missing),
        items,
    )


class _Reader:
    """Checks the shape of a mapping file; every fault names its place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fail(self, place: str, what: str) -> MappingError:
        return MappingError(f"{self._path}: {place}: {what}")

    def known(self, table: Mapping[str, Any], names: Iterable[str], place: str) -> None:
        for name in table:
            if name not in names:
                at = f"{place}.{name}" if place else name
                raise self.fail(at, f"there is no such setting{nearest(name, names)}")

    def text(self, table: Mapping[str, Any], name: str, place: str) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            raise self.fail(f"{place}.{name}".strip("."), f"expected text, found {value!r}")
        return value

    def texts(self, table: Mapping[str, Any], name: str, place: str) -> list[str]:
        value = table.get(name, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fail(f"{place}.{name}".strip("."), f"expected a list of texts, found {value!r}")
        return value

    def table(self, table: Mapping[str, Any], name: str) -> dict[str, Any]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            raise self.fail(name, f"expected a table, found {value!r}")
        return value

    def answer(self, given: object, place: str, missing: frozenset[str]) -> Answer:
        if isinstance(given, str):
            return Answer(given, missing=missing)
        if not isinstance(given, dict):
            raise self.fail(place, f"expected a column or a table, found {given!r}")
        self.known(given, OF_ITEM, place)
        if given.get("as_of") is True and len(given) == 1:
            return Answer("")
        column = self.text(given, "column", place)
        if not column or "as_of" in given:
            raise self.fail(place, "expected column = ..., or as_of = true and nothing else")
        codes = given.get("codes")
        if codes is not None and not (
            isinstance(codes, dict) and all(isinstance(each, str) for each in codes.values())
        ):
            raise self.fail(f"{place}.codes", f"expected a table of texts, found {codes!r}")
        date = self.text(given, "date", place)
        if date and not is_date_format(date):
            raise self.fail(f"{place}.date", f"{date!r} does not tell day, month and year; expected as in '%d/%m/%Y'")
        return Answer(column, codes, date, missing | frozenset(self.texts(given, "missing", place)))


def is_date_format(format: str) -> bool:
    """Whether a format reads back a date that it wrote, and so tells day, month and year."""
    dates = (datetime.date(2026, 11, 27), datetime.date(1987, 1, 2))
    try:
        return all(datetime.datetime.strptime(each.strftime(format), format).date() == each for each in dates)
    except ValueError:
        return False


def items_of(instrument: Instrument, prefix: str = "") -> dict[str, Item]:
    """The items of an instrument by the name of their column, those of instruments used with their alias."""
    items = {prefix + item.code: item for item in instrument.items}
    for use in instrument.uses:
        items |= items_of(use.definition, f"{prefix}{use.alias}.")
    return items


def options_of(item: Item) -> list[str] | None:
    """What an agency code may be mapped to; None if anything."""
    if item.kind == "choice":
        return [text for option in item.options for text in (option.code, str(option.value))]
    return sorted(YES_NO) if item.kind == "yes_no" else None


def check_mapping(roles: Roles, plans: Sequence[ScoringPlan], columns: Sequence[str], source: str) -> None:
    """Proves that a mapping fits the instruments and the caseload.

    Raises
    ------
    MappingError
        For an unknown item, column or option, with the nearest that there are.
    """
    items: dict[str, Item] = {}
    for plan in plans:
        items |= items_of(plan.instrument)
    reader = _Reader(Path(roles.path))
    asked = {item for plan in plans for item in plan.items}
    for name, answer in roles.items.items():
        place = f"items.{name}"
        if name not in asked:
            raise reader.fail(place, f"no such item is asked for{nearest(name, asked)}")
        _check_answer(reader, place, answer, items[name])
        _check_column(reader, place, answer.column, columns, source)
    for role, column in (("key", roles.key), ("rater", roles.rater), *(("group", each) for each in roles.group)):
        _check_column(reader, role, column, columns, source)
    if roles.as_of:
        _check_column(reader, "as_of", roles.as_of.column, columns, source)


def _check_column(reader: _Reader, place: str, column: str, columns: Sequence[str], source: str) -> None:
    if column and column not in columns:
        raise reader.fail(place, f"{source} has no column {column!r}{nearest(column, columns)}")


def _check_answer(reader: _Reader, place: str, answer: Answer, item: Item) -> None:
    if (answer.date or not answer.column) and item.kind != "date":
        raise reader.fail(place, f"the item is a {item.kind}, not a date")
    known = options_of(item)
    for code, option in (answer.codes or {}).items():
        if known is not None and option not in known:
            raise reader.fail(
                f"{place}.codes.{code}", f"{option!r} is no option of the item; there are: {', '.join(known)}"
            )


@lru_cache(1 << 17)
def iso_date(text: str, format: str) -> str | None:
    """A date in a declared format as ISO text; None if it is none."""
    try:
        parsed = datetime.datetime.strptime(text, format)
    except ValueError:
        return None
    return parsed.date().isoformat() if parsed.time() == datetime.time() else None
