"""Mappings of columns, and NumPy's structured arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from appraise import _columns
from appraise._core import Caseload
from appraise._frames.base import Frame, Giver, Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from appraise._scores import Scores


class MappingFrame(Frame):
    """Columns by name, or one person's responses by item."""

    def __init__(self, table: Mapping[str, object]) -> None:
        self._table = table

    @property
    def columns(self) -> Sequence[object]:
        return list(self._table)

    def type_of(self, column: str) -> str:
        given: Any = self._table[column]
        return str(getattr(given, "dtype", type(given).__name__))

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        columns = [
            _columns.called(item, _columns.column(name, self._table[name])) for item, name in reading.items.items()
        ]
        yield Caseload(columns, reading.codes)

    def giver(self, key: Sequence[str]) -> Giver:
        keys = {name: self._table[name] for name in key}
        return lambda scores: keys | {name: scores[name] for name in scores.columns}


class StructuredFrame(Frame):
    """A structured array: one field a column."""

    def __init__(self, table: NDArray[Any]) -> None:
        self._table = table

    @property
    def columns(self) -> Sequence[object]:
        return list(self._table.dtype.names or ())

    def type_of(self, column: str) -> str:
        return str(self._table.dtype[column])

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        columns = [
            _columns.called(item, _columns.column(name, self._table[name])) for item, name in reading.items.items()
        ]
        yield Caseload(columns, reading.codes)

    def giver(self, key: Sequence[str]) -> Giver:
        keys = {name: self._table[name].copy() for name in key}
        return lambda scores: _structured(scores, keys)


def _structured(scores: Scores, keys: dict[str, NDArray[Any]]) -> NDArray[Any]:
    """A masked structured array; labels and statuses as text."""
    import numpy as np

    columns = dict(keys)
    for name in scores.columns:
        columns[name] = scores[name]
        if scores.kind(name) in ("label", "status"):
            columns[name] = _masked_text(scores[name], scores.labels(name))
    result = np.ma.empty(len(scores), np.dtype([(name, column.dtype) for name, column in columns.items()]))
    for name, column in columns.items():
        result[name] = column
    return result


def _masked_text(labels: NDArray[Any], known: Sequence[str]) -> NDArray[Any]:
    import numpy as np

    missing = np.array([label is None for label in labels], np.bool_)
    width = max((len(label) for label in known), default=1)
    return np.ma.MaskedArray(np.where(missing, "", labels).astype(f"U{max(width, 1)}"), missing)
