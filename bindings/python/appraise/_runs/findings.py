"""What is wrong with rows, before it is written to the quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODES = {
    "row.ragged": "too few or too many cells",
    "row.undecodable": "bytes that are not text in the declared encoding",
    "row.unclosed-quote": "a quote that is opened and never closed",
    "row.too-long": "a row longer than 16 MiB",
    "key.missing": "no key, where a key column is declared",
    "key.duplicate": "a key that an earlier row has, where a key column is declared",
    "as-of.invalid": "no date, or one that cannot be read, in the as-of column",
    "response.unmapped-code": "a code that the mapping does not list",
    "response.unknown-code": "text that is no option of the item",
    "response.impossible-number": "no number, or one outside the item's range",
    "response.invalid-date": "a date that cannot be read, or is outside the item's range",
    "response.not-applicable": "an answer to an item that does not apply to the person",
    "rule.contradiction": "answers that contradict each other",
    "scale.undefined": "answers for which a scale has no value",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with some rows of a batch: their positions, a stable code, and what is wrong.

    `column` is that of the caseload whose value is told, empty if none is.
    """

    code: str
    column: str
    message: str
    rows: NDArray[np.int64]
