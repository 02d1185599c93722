"""The nearest known names to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str:
    """The names most like one that is unknown, for an error message."""
    by_fold = {each.casefold(): each for each in names}
    found = difflib.get_close_matches(name.casefold(), list(by_fold), 3, 0.6)
    return f"; nearest: {', '.join(by_fold[each] for each in found)}" if found else ""
