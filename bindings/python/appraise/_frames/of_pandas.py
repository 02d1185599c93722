"""pandas data frames. Neither way needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from appraise import _columns
from appraise._core import Caseload, UsageError
from appraise._frames.base import Frame, Giver, Reading

if TYPE_CHECKING:
    import pandas

    from appraise._scores import Scores


class PandasFrame(Frame):
    """A pandas data frame; results have its index."""

    def __init__(self, table: pandas.DataFrame) -> None:
        self._table = table

    @property
    def columns(self) -> Sequence[object]:
        return list(self._table.columns)

    def _series(self, column: str) -> Any:
        series = self._table[column]
        if series.ndim != 1:
            raise UsageError(f"column '{column}' comes twice")
        return series

    def type_of(self, column: str) -> str:
        return str(self._series(column).dtype)

    def caseloads(self, reading: Reading) -> Iterator[Caseload]:
        columns = [_columns.called(item, column(name, self._series(name))) for item, name in reading.items.items()]
        yield Caseload(columns, reading.codes)

    def giver(self, key: Sequence[str]) -> Giver:
        index, keys = self._table.index, {name: self._series(name).array.copy() for name in key}

        def give(scores: Scores) -> pandas.DataFrame:
            frame = scores.to_pandas(index=index)
            for place, (name, column) in enumerate(keys.items()):
                frame.insert(place, name, column)
            return frame

        return give


def column(name: str, series: Any) -> _columns.Column:
    """A pandas series as a column: categories and texts as codes, numbers in place where none is missing."""
    import pandas as pd

    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _categories(name, series)
    if isinstance(kind, pd.DatetimeTZDtype):
        raise UsageError(f"column '{name}' has the type {kind}, with a time zone; a date has none")
    if getattr(kind, "type", None) is str or _holds_texts(series):
        codes, texts = pd.factorize(series)
        return _coded(name, codes, list(texts))
    if isinstance(kind, pd.api.extensions.ExtensionDtype) and kind.kind in "biuf":
        return _nullable(name, series, kind.kind)
    return _columns.column(name, series.to_numpy())


def _holds_texts(series: Any) -> bool:
    """Whether all values of a column of objects are text."""
    import pandas as pd

    return bool(series.dtype == "O") and pd.api.types.infer_dtype(series, skipna=True) == "string"


def _categories(name: str, series: Any) -> _columns.Column:
    import pandas as pd

    categories = series.cat.categories
    if all(isinstance(each, str) for each in categories):
        return _coded(name, series.cat.codes.to_numpy(), list(categories))
    # Categories that are numbers, Booleans or dates are those values.
    return column(name, pd.Series(categories).reindex(series.cat.codes.to_numpy()))


def _coded(name: str, codes: Any, texts: list[str]) -> _columns.Column:
    # pandas writes -1 where there is no value.
    missing = codes < 0
    return name, codes.dtype.name, codes, _columns.validity(missing if missing.any() else None), texts


def _nullable(name: str, series: Any, kind: str) -> _columns.Column:
    """Numbers and Booleans with a mask of their own."""
    missing = series.isna().to_numpy(dtype=bool)
    if kind == "b":
        values = series.to_numpy(dtype="bool", na_value=False)
    else:
        values = series.to_numpy(dtype=_numpy_type(series.dtype), na_value=0)
    _, kind_name, values, _, _ = _columns.column(name, values)
    return name, kind_name, values, _columns.validity(missing if missing.any() else None), None


def _numpy_type(kind: Any) -> Any:
    return getattr(kind, "numpy_dtype", None) or getattr(kind, "subtype", None) or "float64"
