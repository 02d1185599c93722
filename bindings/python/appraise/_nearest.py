"""The nearest known name for one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'static-99r'?", or nothing if no known name is near."""
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(names), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(names[each]) for each in near)}?" if near else ""
