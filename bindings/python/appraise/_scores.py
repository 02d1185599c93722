"""Scores out: result columns as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from appraise import _core, _display_results
from appraise._frames import Giver

if TYPE_CHECKING:
    import numpy as np
    import pandas
    import polars
    import pyarrow
    from numpy.typing import NDArray
    from typing_extensions import TypeVar

    F_co = TypeVar("F_co", covariant=True, default=Any)
else:
    from typing import TypeVar

    F_co = TypeVar("F_co", covariant=True)


class Scores(Generic[F_co]):
    """The result columns of one scoring, in the order of the table that was scored.

    ``scores.frame`` is the results as a table of the caller's own kind. ``scores["total"]`` is one column as a NumPy
    array. By the Arrow PyCapsule interface every library reads the whole without a copy: ``pyarrow.table(scores)``,
    ``polars.DataFrame(scores)``, DuckDB.

    For each scale ``S`` there are ``S``, ``S_status``, ``S_level`` where it has levels, and what was asked for:
    ``S_lowest``, ``S_highest``, ``S_lowest_level``, ``S_highest_level``, ``S_to_cut``, ``S_from_ITEM`` and
    ``S_NORMS_rate`` with its interval. ``reasons`` and ``cautions`` are of the whole row.

    Examples
    --------
    >>> import appraise as ap
    >>> items = [item.code for item in ap.load("stable-2007").items if not item.optional]
    >>> caseload = dict.fromkeys(items, [1, 0, None])  # three people: some, none, no answer, to every item
    >>> scores = ap.score("stable-2007", caseload, accept_unverified=True)
    >>> len(scores)
    3
    >>> scores["total"].tolist()
    [13, 0, None]
    >>> scores.counts("total_level")
    {'low': 1, 'moderate': 0, 'high': 1}
    >>> scores.metadata["instrument"], scores.metadata["edition"]
    ('stable-2007', '2007')
    """

    def __init__(self, batches: list[_core.ScoredBatch], plan: _core.ScoringPlan, giver: Giver | None = None) -> None:
        self._batches = batches
        self._plan = plan
        self._giver = giver or Scores.to_pyarrow
        self._frame: Any = None

    @property
    def plan(self) -> _core.ScoringPlan:
        """The plan that made the scores: its instrument, scales and evidence mark."""
        return self._plan

    @property
    def frame(self) -> F_co:
        """The results as a table of the caller's own kind, its key columns first; row i is row i of the table.

        Returns
        -------
        pandas.DataFrame
            Of a pandas frame, with its index: Int32 and Float64 with NA, days as datetime64[s], levels and statuses as
            ordered categories, ``attrs["appraise"]`` with the metadata.
        polars.DataFrame or polars.LazyFrame
            Of one of polars; levels and statuses as Enum.
        pyarrow.Table, RecordBatch or RecordBatchReader
            Of one of pyarrow, and a Table of anything else with Arrow's interface; with metadata in the schema. A
            reader is read once.
        duckdb.DuckDBPyRelation
            Of a relation, on the same connection.
        numpy.ma.MaskedArray
            Of a structured array, with one field a column; labels as text.
        dict of numpy.ma.MaskedArray and numpy.ndarray
            Of a mapping: as ``scores[name]`` gives each.
        """
        if self._frame is None:
            self._frame = self._giver(self)
        return self._frame  # type: ignore[no-any-return]

    @property
    def columns(self) -> list[str]:
        """Names of the result columns."""
        return self._batches[0].columns

    @property
    def metadata(self) -> dict[str, str]:
        """What made the scores: instrument, edition, evidence, digests of the parts, version of the library."""
        return dict(self._batches[0].metadata)

    def kind(self, name: str) -> str:
        """What a column holds: ``whole``, ``real``, ``date``, ``label``, ``status`` or, of reasons, ``texts``."""
        return "texts" if name in ("reasons", "cautions") else self._batches[0].kind(name)

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
        """The same as a polars data frame: levels and statuses as Enum, numbers without a copy."""
        import polars as pl

        labels = {name: pl.Enum(self.labels(name)) for name in self.columns if self.kind(name) in ("label", "status")}
        return pl.DataFrame(self).with_columns(pl.col(name).cast(kind) for name, kind in labels.items())

    def to_pandas(self, *, index: pandas.Index[Any] | None = None) -> pandas.DataFrame:
        """The same as a pandas data frame: levels and statuses as ordered categories, numbers as Int32 and Float64.

        Parameters
        ----------
        index : pandas.Index of n labels, optional
            The index of the frame; without it 0, 1, 2 ...
        """
        import pandas as pd

        frame = pd.DataFrame({name: self._series(name) for name in self.columns}, copy=False)
        if index is not None:
            frame.index = index
        frame.attrs["appraise"] = self.metadata
        return frame

    def _series(self, name: str) -> Any:
        """One column as pandas holds it. Numbers are copied: those of a frame can be written to."""
        import numpy as np
        import pandas as pd

        kind = self.kind(name)
        if kind == "texts":
            return self[name]
        values, missing = self._values(name), self._missing(name)
        if missing is None:
            missing = np.zeros(len(values), np.bool_)
        if kind in ("label", "status"):
            codes = np.where(missing, -1, values.astype(np.int16))
            return pd.Categorical.from_codes(codes, self.labels(name), ordered=True)
        if kind == "date":
            return np.where(missing, np.datetime64("NaT"), values.astype("datetime64[D]")).astype("datetime64[s]")
        array = pd.arrays.IntegerArray if kind == "whole" else pd.arrays.FloatingArray
        return array(values.copy(), missing)

    def __repr__(self) -> str:
        return f"<Scores: {len(self)} rows, {len(self.columns)} columns: {', '.join(self.columns)}>"

    def __str__(self) -> str:
        return _display_results.scores_text(self)

    def _repr_html_(self) -> str:
        return _display_results.scores_html(self)


def _lists(batch: _core.ScoredBatch, name: str) -> list[list[str]]:
    offsets, numbers, texts = batch.texts(name)
    return [[texts[number] for number in numbers[offsets[row] : offsets[row + 1]]] for row in range(batch.rows)]
