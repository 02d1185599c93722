"""Scores out: result columns as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appraise import _core

if TYPE_CHECKING:
    import numpy as np
    import pandas
    import polars
    import pyarrow
    from numpy.typing import NDArray


class Scores:
    """The result columns of one scoring, in the order of the table that was scored.

    A table by the Arrow PyCapsule interface: ``pyarrow.table(scores)``, ``polars.DataFrame(scores)`` and DuckDB read it
    without a copy. ``scores["total"]`` gives one column as a NumPy array.
    """

    def __init__(self, batches: list[_core.ScoredBatch]) -> None:
        self._batches = batches

    @property
    def columns(self) -> list[str]:
        """Names of the result columns."""
        return self._batches[0].columns

    @property
    def metadata(self) -> dict[str, str]:
        """What made the scores: instrument, edition, evidence, digests of the parts, version of the library."""
        return dict(self._batches[0].metadata)

    def column_metadata(self, name: str) -> dict[str, str]:
        """What is known of a column: scale, unit; of norms also sample, outcome, follow-up and evidence."""
        return dict(self._batches[0].column_metadata(name))

    def labels(self, name: str) -> list[str]:
        """The labels that a status, level or category column can hold, in order."""
        return self._batches[0].labels(name)

    def __len__(self) -> int:
        return sum(batch.rows for batch in self._batches)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column.

        Returns
        -------
        numpy.ma.MaskedArray or numpy.ndarray
            Numbers (int32, float64) and dates (datetime64[D]) as a masked array, masked where there is no value;
            numbers of one batch are a view. Labels and statuses as an array of str, None where there is no value.
            Reasons and cautions as an array of lists of str.
        """
        import numpy as np

        if name in ("reasons", "cautions"):
            lists = [texts for batch in self._batches for texts in _lists(batch, name)]
            column: NDArray[Any] = np.empty(len(lists), object)
            column[:] = lists
            return column
        kind = self._batches[0].kind(name)
        values, missing = self._values(name), self._missing(name)
        if kind in ("label", "status"):
            words = np.array([*self.labels(name), None], object)
            return words.take(values if missing is None else np.where(missing, len(words) - 1, values))
        if kind == "date":
            values = values.astype("datetime64[D]")
        return np.ma.MaskedArray(values, np.ma.nomask if missing is None else missing)

    def counts(self, name: str) -> dict[str, int]:
        """How many rows have each label of a status, level or category column, in the order of the labels."""
        import numpy as np

        labels, values, missing = self.labels(name), self._values(name), self._missing(name)
        numbers = np.bincount(values if missing is None else values[~missing], minlength=len(labels))
        return dict(zip(labels, numbers.tolist(), strict=True))

    def _values(self, name: str) -> NDArray[Any]:
        import numpy as np

        arrays = [batch.values(name) for batch in self._batches]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)

    def _missing(self, name: str) -> NDArray[np.bool_] | None:
        import numpy as np

        masks = []
        for batch in self._batches:
            validity = batch.validity(name)
            if validity is None:
                masks.append(np.zeros(batch.rows, np.bool_))
            else:
                masks.append(np.unpackbits(validity, count=batch.rows, bitorder="little") == 0)
        missing = np.concatenate(masks)
        return missing if missing.any() else None

    def __arrow_c_schema__(self) -> object:
        return _core.export_schema(self._batches[0])

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return _core.export_stream(self._batches)

    def to_pyarrow(self) -> pyarrow.Table:
        """The same as a pyarrow table, without a copy."""
        import pyarrow

        # pyarrow.table(self) would import pandas, where it is installed, to see whether this is one of its frames.
        return pyarrow.RecordBatchReader.from_stream(self).read_all()

    def to_polars(self) -> polars.DataFrame:
        """The same as a polars data frame."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The same as a pandas data frame: labels as categoricals, whole numbers as Int32, dates as dates."""
        import pandas
        import pyarrow

        whole = {pyarrow.int32(): pandas.Int32Dtype()}
        return self.to_pyarrow().to_pandas(types_mapper=whole.get, date_as_object=False)

    def __repr__(self) -> str:
        return f"<Scores: {len(self)} rows, {len(self.columns)} columns: {', '.join(self.columns)}>"


def _lists(batch: _core.ScoredBatch, name: str) -> list[list[str]]:
    offsets, numbers, texts = batch.texts(name)
    return [[texts[number] for number in numbers[offsets[row] : offsets[row + 1]]] for row in range(batch.rows)]
