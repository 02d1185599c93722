"""From an agency's columns to an instrument's items."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from appraise._io.mapping import Answer, iso_date
from appraise._runs.findings import Finding

# Stands for what cannot be mapped: no option, number or date is written like this, so the response is invalid.
UNMAPPED = "not in the mapping"

Translate = Callable[[str], str | None]
"""The response for an agency's text: None if there is no answer, UNMAPPED if the text is unknown."""


def responses(
    table: pa.RecordBatch, answers: Mapping[str, Answer], as_of: pa.Array | None
) -> tuple[pa.RecordBatch, list[Finding]]:
    """The responses to each item, and what could not be mapped. Columns that are taken as they are are not copied."""
    names, columns, findings = [], [], []
    for item, answer in answers.items():
        names.append(item)
        if not answer.column:
            columns.append(as_of)
            continue
        column = table.column(answer.column)
        if not answer.is_plain:
            column, unknown = translated(column, answer)
            if len(unknown):
                findings.append(_unmapped(answer, item, unknown))
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=names), findings


def _unmapped(answer: Answer, item: str, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Finding:
    if answer.codes is not None:
        return Finding("response.unmapped-code", answer.column, f"the mapping lists no such code for {item}", rows)
    return Finding("response.invalid-date", answer.column, f"{item} is no date in the format {answer.date}", rows)


def translated(column: pa.Array, answer: Answer) -> tuple[pa.Array, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """A column by the codes, date format and missing texts of the mapping, and the rows that could not be mapped."""
    texts = as_texts(column)
    if texts is None:
        return column, np.empty(0, np.int64)
    given = texts.dictionary.to_pylist()
    translate = translation(answer)
    words = [None if text is None else translate(text) for text in given]
    unknown = [at for at, word in enumerate(words) if word == UNMAPPED]
    rows = np.empty(0, np.int64)
    if unknown:
        rows = np.flatnonzero(pc.is_in(texts.indices, pa.array(unknown, texts.indices.type)).to_numpy(False))
    return pa.DictionaryArray.from_arrays(texts.indices, pa.array(words, pa.string())), rows


def as_texts(column: pa.Array) -> pa.DictionaryArray | None:
    """A column as dictionary-coded text, or None for dates, which need no mapping. 1.0 is the code 1."""
    if pa.types.is_dictionary(column.type):
        return column
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return None
    if pa.types.is_floating(column.type):
        coded = column.dictionary_encode()
        words = [None if value is None or value != value else _number(value) for value in coded.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(coded.indices, pa.array(words, pa.string()))
    return column.cast(pa.string()).dictionary_encode()


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def translation(answer: Answer) -> Translate:
    """How each text of a column is to be taken."""
    codes, format, missing = answer.codes, answer.date, answer.missing

    def translate(text: str) -> str | None:
        if text == "" or text in missing:
            return None
        if codes is not None:
            return codes.get(text, UNMAPPED)
        if format:
            return iso_date(text, format) or UNMAPPED
        return text

    return translate


def dates(column: pa.Array, answer: Answer) -> tuple[pa.Array, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """A column of as-of dates, and the rows that have none."""
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        found = column.cast(pa.date32(), safe=False)
    else:
        texts, _ = translated(
            column, answer if answer.date else Answer(answer.column, None, "%Y-%m-%d", answer.missing)
        )
        assert isinstance(texts, pa.DictionaryArray)
        days = [_day(text) for text in texts.dictionary.to_pylist()]
        found = pa.DictionaryArray.from_arrays(texts.indices, pa.array(days, pa.date32())).cast(pa.date32())
    return found, np.flatnonzero(found.is_null().to_numpy(False))


def _day(text: str | None) -> datetime.date | None:
    return None if text is None or text == UNMAPPED else datetime.date.fromisoformat(text)
