"""A caller's table, whatever library it is of: its columns in, results of its own kind out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from appraise._core import Caseload

if TYPE_CHECKING:
    from appraise._scores import Scores


@runtime_checkable
class ArrowStream(Protocol):
    """A table by the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@runtime_checkable
class ArrowArray(Protocol):
    """A record batch by the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


class Lazy(Protocol):
    """A lazy frame of polars."""

    def collect_schema(self) -> object: ...


Giver = Callable[["Scores"], object]


@dataclass(frozen=True)
class Reading:
    """What of a table is read.

    `items` names the column that answers each item, `codes` by item what the caller's codes stand for, `key` the
    columns that name a row and go to the results as they are.
    """

    items: dict[str, str]
    codes: dict[str, dict[str, str]]
    key: Sequence[str]

    @property
    def columns(self) -> list[str]:
        """All columns that are touched, in order and once each."""
        return list(dict.fromkeys([*self.key, *self.items.values()]))

    @property
    def answers(self) -> list[str]:
        """The columns that answer items."""
        return list(dict.fromkeys(self.items.values()))


class Frame(ABC):
    """One table of a caller's."""

    @property
    @abstractmethod
    def columns(self) -> Sequence[object]:
        """The names of the columns, in order."""

    @abstractmethod
    def type_of(self, column: str) -> str:
        """The type of a column, as its own library calls it."""

    @abstractmethod
    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        """The rows as caseloads, in order; at least one. No column but those of `reading` is touched."""

    @abstractmethod
    def giver(self, key: Sequence[str]) -> Giver:
        """Makes results a table of the caller's own kind, the key columns first. It holds on to those columns only,
        as they were when the table was scored. To be asked for after `caseloads`."""
