"""Columns in: whatever a caller has, as the arrays that the library reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError

MISSING = 255

Values = Any
"""A column: a NumPy array, a pandas, polars or Arrow column, or a sequence; None, NaN and null are missing."""


ARGUMENTS = {name for arguments, _ in _statistics.FIGURES.values() for name, _ in arguments}
Parameters = ParamSpec("Parameters")
Found = TypeVar("Found")


def named(**arguments: str) -> Callable[[Callable[Parameters, Found]], Callable[Parameters, Found]]:
    """For a verb made of others: errors name the verb that was called, and its `arguments` by their own names."""

    def decorate(verb: Callable[Parameters, Found]) -> Callable[Parameters, Found]:
        @wraps(verb)
        def renamed(*args: Parameters.args, **keywords: Parameters.kwargs) -> Found:
            try:
                return verb(*args, **keywords)
            except UsageError as error:
                where, argument, said = ["", *str(error).split(": ", 2)][-3:]
                if not where or where in {*signature(verb).parameters, *ARGUMENTS}:
                    raise  # found while columns were read, which know nothing of the verb
                raise UsageError(f"{verb.__name__}: {arguments.get(argument, argument)}: {said}") from None

        return renamed

    return decorate


def _array(given: Values, name: str) -> NDArray[Any]:
    if isinstance(given, str | bytes):
        raise UsageError(f"{name}: {type(given).__name__}; expected a column of values")
    mask = np.ma.getmaskarray(given) if isinstance(given, np.ma.MaskedArray) else None
    if hasattr(given, "to_numpy"):
        try:
            array = np.asarray(given.to_numpy(zero_copy_only=False))  # pyarrow
        except TypeError:
            array = np.asarray(given.to_numpy())  # pandas, polars, chunked arrays
    elif isinstance(given, np.ndarray):
        array = np.asarray(given)
    else:
        array = np.asarray(list(given), object)
    if array.ndim != 1:
        raise UsageError(f"{name}: {array.ndim} dimensions; expected one column")
    if mask is not None and mask.any():
        array = array.astype(object)
        array[mask] = None
    return array


def numbers(given: Values, name: str) -> NDArray[np.float64]:
    """A column of numbers; what is missing is NaN.

    Raises
    ------
    UsageError
        If a value is neither a number nor missing.
    """
    array = _array(given, name)
    if array.dtype.kind in "biuf":
        return np.ascontiguousarray(array, np.float64)
    if array.dtype.kind == "O":
        wrong = [value for value in array if value is not None and not isinstance(value, int | float | np.number)]
        if wrong and not all(_is_null(value) for value in wrong):
            found = next(value for value in wrong if not _is_null(value))
            raise UsageError(f"{name}: {found!r}; expected a number, or None where it is missing")
        return np.array([np.nan if value is None or _is_null(value) else float(value) for value in array], np.float64)
    raise UsageError(f"{name}: values of type {array.dtype}; expected numbers")


def _is_null(value: object) -> bool:
    """pandas' NA and NaT."""
    return type(value).__name__ in {"NAType", "NaTType"}


def kinds(given: Values, name: str = "outcomes", highest: int = 1) -> NDArray[np.uint8]:
    """A column of outcomes 0, 1 (or up to `highest`) or Boolean; what is missing is 255.

    Raises
    ------
    UsageError
        If a value is none of these.
    """
    array = _array(given, name)
    if array.dtype == np.bool_:
        return np.ascontiguousarray(array).view(np.uint8)
    if array.dtype.kind in "iu" and (not len(array) or (array.min() >= 0 and array.max() <= highest)):
        return np.ascontiguousarray(array, np.uint8)
    array = numbers(array, name)
    missing = np.isnan(array)
    known = np.where(missing, 0, array)
    wrong = (known != np.floor(known)) | (known < 0) | (known > highest)
    if wrong.any():
        row = int(np.argmax(wrong))
        expected = ", ".join(map(str, range(highest))) + f" or {highest}, or None where it is missing"
        raise UsageError(f"{name}: {array[row]:g} in row {row}; expected {expected}")
    return np.where(missing, MISSING, known).astype(np.uint8)


def optional(given: Values | None, name: str) -> NDArray[np.float64]:
    """A column of numbers, empty if there is none."""
    return np.empty(0) if given is None else numbers(given, name)


def columns_of(given: Values | Sequence[Values], argument: str) -> tuple[list[str], list[NDArray[np.float64]]]:
    """Names and columns: of a mapping, a data frame, one column, a sequence of columns or a matrix.

    Raises
    ------
    UsageError
        If a value is neither a number nor missing, or the columns differ in length.
    """
    if hasattr(given, "items") and not hasattr(given, "dtype"):
        pairs = [(str(name), column) for name, column in given.items()]
    elif isinstance(given, np.ndarray) and given.ndim == 2:
        pairs = [(f"x{k + 1}", given[:, k]) for k in range(given.shape[1])]
    elif isinstance(given, list | tuple) and given and not isinstance(given[0], int | float | np.number | None):
        pairs = [(f"x{k + 1}", column) for k, column in enumerate(given)]
    else:
        return ["x1"], [numbers(given, argument)]
    columns = [numbers(column, f"{argument}: {name}") for name, column in pairs]
    for (name, _), column in zip(pairs, columns, strict=True):
        if len(column) != len(columns[0]):
            raise UsageError(f"{argument}: {name}: {len(column)} values; expected {len(columns[0])}, one for each row")
    return [name for name, _ in pairs], columns


def labels_of(given: Values, name: str) -> NDArray[np.int32]:
    """A column of labels as numbers.

    Raises
    ------
    UsageError
        If a label is missing: nobody may be in no stratum.
    """
    labels = _array(given, name)
    for row, value in enumerate(labels):
        if value is None or value != value or _is_null(value):
            raise UsageError(f"{name}: none in row {row}; expected a label for each row")
    known = {label: k for k, label in enumerate(dict.fromkeys(labels.tolist()))}
    return np.array([known[label] for label in labels.tolist()], np.int32)


def groups(by: Values, rows: int) -> tuple[list[str], NDArray[np.int32]]:
    """Names of groups, and the number of each row's group, -1 where it is not known.

    Numbers are in order, a pandas category in its own, other labels by first appearance.
    """
    labels = _array(by, "by")
    if len(labels) != rows:
        raise UsageError(f"by: {len(labels)} values; expected {rows}, one for each row")
    if hasattr(by, "cat"):
        return [str(label) for label in by.cat.categories], np.asarray(by.cat.codes, np.int32)
    known = np.array([value is not None and value == value and not _is_null(value) for value in labels], bool)
    seen = list(dict.fromkeys(labels[known].tolist()))
    if all(isinstance(value, int | float) for value in seen):
        seen.sort()
    number = {label: code for code, label in enumerate(seen)}
    codes = np.full(rows, -1, np.int32)
    codes[known] = [number[label] for label in labels[known].tolist()]
    return [str(int(each) if isinstance(each, float) and each.is_integer() else each) for each in seen], codes
