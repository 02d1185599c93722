"""The numbered sources of a page, and links from what stands on it to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from appraise import _core
from appraise._describe import words
from appraise._document import cell, escaped


def mark_words(mark: str) -> str:
    """An evidence mark as it is printed; what is not confirmed stands out."""
    return f"**⚠\N{NO-BREAK SPACE}{mark}**" if mark == "unverified" else f"**{mark.replace('_', ' ')}**"


class Citations:
    """The sources of an instrument and of its norm sets, numbered from 1, each with an anchor of its own.

    A source that a norm set names in the same words as the instrument is one source. `norms` is the id of a norm set
    wherever its keys are meant; without it those of the instrument are. `page`: the page that lists the sources, where
    the links stand on another one, which knows the instrument as `alias`.
    """

    def __init__(self, instrument: _core.Instrument, page: str = "", alias: str = "") -> None:
        self._page, self._before = page, f"{alias} " if alias else ""
        self._listed: list[tuple[str, _core.Source]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        for source in instrument.sources:
            self._add("", source)
        for each in instrument.norms:
            for source in each.sources:
                self._add(each.id, source)

    def _add(self, norms: str, source: _core.Source) -> None:
        same = (at for at, (_, known) in enumerate(self._listed, 1) if _same(known, source))
        number = next(same, 0)
        if not number:
            anchor = f"source-{source.key}"
            taken = {known for known, _ in self._listed}
            self._listed.append((f"{anchor}-{norms}" if anchor in taken else anchor, source))
            number = len(self._listed)
        self._numbers[norms, source.key] = number

    def link(self, seen: str, norms: str = "") -> str:
        """The link of ``key`` or ``key: place``, followed by the place; empty if no source has that key."""
        key, _, place = seen.partition(":")
        number = self._numbers.get((norms, key))
        if number is None:
            return ""
        link = f"[[{self._before}{number}]]({self._page}#{self._listed[number - 1][0]})"
        return link + (f" {cell(place.strip())}" if place.strip() else "")

    def links(self, seen: Iterable[str], norms: str = "") -> str:
        """The links of several sources; those of one source stand together."""
        return ", ".join(filter(None, (self.link(each, norms) for each in seen)))

    def row_source(self, text: str) -> str:
        """The source of a row of a decision table: a link if it begins with a key, else its own words."""
        return self.link(text) or cell(text)

    def short(self, given: _core.Evidence, norms: str = "") -> str:
        """Mark and links."""
        return f"{mark_words(given.mark)} {self.links(given.sources, norms)}".strip()

    def evidence(self, given: _core.Evidence, norms: str = "") -> str:
        """Mark, links and note. What names no source says why by its note, or by what its mark means."""
        says = given.note or ("" if given.sources else f"{words.MARKS[given.mark]}.")
        return self.short(given, norms) + (f" Note: {cell(says)}" if says else "")

    def listed(self) -> Iterator[str]:
        """The list of sources, a line each."""
        for number, (anchor, source) in enumerate(self._listed, 1):
            host = re.sub(r"^\w+://(www\.)?|[/?#].*$", "", source.url)
            address = f" [{escaped(host)}](<{source.url}>)" if source.url else ""
            yield f'{number}. <a id="{anchor}"></a>{escaped(source.citation)}{address} (`{source.key}`)'


def _same(one: _core.Source, other: _core.Source) -> bool:
    return (one.key, one.citation, one.url) == (other.key, other.citation, other.url)
