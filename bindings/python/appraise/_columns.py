"""Columns in: NumPy arrays and Python values as columns that the library reads."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from appraise._core import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Name, type, values, validity bits, dictionary.
Column = tuple[str, str, "NDArray[Any]", "NDArray[np.uint8] | None", list[str] | None]


def column(name: str, given: object) -> Column:
    """A column of an array or a list, or of a single value. Numbers, Booleans and days are read in place."""
    import numpy as np

    if isinstance(given, list | tuple) and len(given) == 1 and type(given[0]) in (str, int, float, bool):
        given = given[0]  # as most often with one person
    if type(given) is str:
        return name, "int32", np.zeros(1, np.int32), None, [given]
    # NumPy would turn a list of numbers and text into text of its own making.
    kept_apart = object if isinstance(given, list | tuple) else None
    array = np.asarray(given, kept_apart)
    if array.ndim == 0:
        array = array.reshape(1)
    mask = np.atleast_1d(np.ma.getmaskarray(given)) if isinstance(given, np.ma.MaskedArray) else None
    if array.ndim != 1:
        raise UsageError(f"column '{name}' has {array.ndim} dimensions; a column has one")
    if array.dtype.kind in "OT":
        return _objects(name, array.astype(object), mask)
    if array.dtype.kind == "U":
        texts, codes = np.unique(array, return_inverse=True)
        return name, "int32", codes.astype(np.int32), validity(mask), texts.tolist()
    if array.dtype.kind == "M":
        return _dates(name, array, mask)
    if array.dtype.kind not in "biuf":
        raise UsageError(f"column '{name}' has the type {array.dtype}; responses are numbers, Booleans, dates or text")
    if array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8):
        array = array.astype(np.float64)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return name, _type_name(array.dtype), np.ascontiguousarray(array), validity(mask), None


@functools.cache
def _type_name(dtype: np.dtype[Any]) -> str:
    """Kept: NumPy puts the name together anew each time, which takes longer than all else about a short column."""
    return dtype.name


def called(item: str, given: Column) -> Column:
    """The column under the name of its item."""
    return (item, *given[1:])


def validity(missing: NDArray[np.bool_] | None) -> NDArray[np.uint8] | None:
    """One bit a row, set where there is a value."""
    import numpy as np

    return None if missing is None else np.packbits(~missing, bitorder="little")


def _dates(name: str, array: NDArray[Any], mask: NDArray[np.bool_] | None) -> Column:
    import numpy as np

    days = array.astype("datetime64[D]")
    missing = np.isnat(array)
    if mask is not None:
        missing |= mask
    if not np.all((days == array) | missing):
        raise UsageError(f"column '{name}' holds times of day; a date is a whole day")
    numbers = np.where(missing, 0, days.astype(np.int64))
    if numbers.size and (numbers.min() < -(2**31) or numbers.max() >= 2**31):
        raise UsageError(f"column '{name}' holds dates that are out of range")
    return name, "date32", numbers.astype(np.int32), validity(missing), None


def _is_missing(value: object) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def plain(value: Any) -> Any:
    """The Python value of a NumPy one."""
    import numpy as np

    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    return value.item() if isinstance(value, np.generic) else value


def _objects(name: str, array: NDArray[Any], mask: NDArray[np.bool_] | None) -> Column:
    """Python objects: all of one type as that type, a mixture as text."""
    import numpy as np

    values = [plain(value) for value in array.tolist()]
    missing = np.fromiter((_is_missing(value) for value in values), np.bool_, len(values))
    if mask is not None:
        missing |= mask
    types = {type(value) for value, absent in zip(values, missing, strict=True) if not absent}
    if types in ({bool}, {int}, {float}, {int, float}):
        filled = [0 if absent else value for value, absent in zip(values, missing, strict=True)]
        kind = np.bool_ if types == {bool} else np.int64 if types == {int} else np.float64
        try:
            numbers = np.array(filled, kind)
        except OverflowError:
            raise UsageError(f"column '{name}' holds whole numbers beyond 64 bits") from None
        return name, numbers.dtype.name, numbers, validity(missing), None
    texts = ("" if absent else _text(name, value) for value, absent in zip(values, missing, strict=True))
    return _coded(name, texts, len(values))


def _text(name: str, value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case datetime.datetime():
            if value.time() != datetime.time() or value.tzinfo is not None:
                raise UsageError(f"column '{name}' holds times of day; a date is a whole day")
            return value.date().isoformat()
        case datetime.date():
            return value.isoformat()
    raise UsageError(f"column '{name}' holds a {type(value).__name__}; responses are numbers, Booleans, dates or text")


def _coded(name: str, texts: Iterable[str], count: int) -> Column:
    import numpy as np

    numbers: dict[str, int] = {}
    codes = np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.int32, count)
    return name, "int32", codes, None, list(numbers)
