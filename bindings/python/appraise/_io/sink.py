"""Sinks: where scored rows go.

>>> sink = open_sink("scored.parquet")  # doctest: +SKIP
>>> sink.begin()  # doctest: +SKIP
>>> for segment in segments:  # doctest: +SKIP
...     sink.write(segment.table)
...     sink.checkpoint({"rows": segment.end})  # rows and journal are durable, together
>>> sink.commit()  # the output appears, whole  # doctest: +SKIP
>>> sink.finish()  # doctest: +SKIP

After a crash another process opens the sink, finds the journal and goes on as if nothing had happened:

>>> journal = sink.journal()  # doctest: +SKIP
>>> sink.resume()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc


class Sink(Protocol):
    """Takes tables in order. Until `commit` nothing of the output can be taken for whole.

    Opening locks the output: while one run writes to it, another is refused (`LocationError`).

    Attributes
    ----------
    name : str
        As printed; never with a password.
    keeps_order : bool
        Whether rows stay in the order in which they were written; if not, the first column has to number them.
    """

    name: str
    keeps_order: bool

    def journal(self) -> dict[str, Any] | None:
        """What the last `checkpoint` of an unfinished run kept; None if there is no such run."""
        ...

    def begin(self) -> None:
        """Starts from nothing. What is left of an unfinished run is thrown away."""
        ...

    def resume(self) -> None:
        """Goes on behind the last `checkpoint` of an unfinished run. What was written later is thrown away."""
        ...

    def write(self, table: pa.Table) -> None:
        """Appends rows. The output depends on the tables: the same ones give the same bytes."""
        ...

    def checkpoint(self, journal: dict[str, Any]) -> None:
        """Makes all that was written, and the journal, durable: both or neither."""
        ...

    def commit(self) -> None:
        """Makes the output appear under its name, in place of an older one. May be repeated after a crash."""
        ...

    def digest(self) -> dict[str, Any]:
        """The output that has appeared, for a manifest."""
        ...

    def finish(self) -> None:
        """Forgets the journal: the run is over."""
        ...

    def close(self) -> None:
        """Gives the output free. An unfinished run can be resumed."""
        ...


def plain(table: pa.Table) -> pa.Table:
    """The same for a format that knows only plain values: labels as text, lists of text joined by "; "."""
    for position, field in enumerate(table.schema):
        column = table[position]
        if pa.types.is_dictionary(field.type):
            column = column.cast(field.type.value_type)
        elif pa.types.is_large_list(field.type) or pa.types.is_list(field.type):
            column = pc.binary_join(column.cast(pa.list_(pa.string())), "; ")
        else:
            continue
        table = table.set_column(position, field.name, column)
    return table
