"""The stored reference pages: made from the definitions as they are, each figure one click from its source."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from appraise._core import Evidence, Instrument
from appraise._describe import pages
from appraise._describe.page import file_name

ROOT = Path(__file__).parents[2]
STORED = ROOT / "docs" / "instruments"
GIVEN = pages.instruments(ROOT / "instruments")
MADE = pages.pages(GIVEN)
WRITE = "run scripts/reference-pages"
HEADINGS = {f"h{level}" for level in range(1, 7)}


class Section:
    """What stands between two headings: its tables as rows of cells, its links and its text."""

    def __init__(self) -> None:
        self.title = self.text = ""
        self.tables: list[list[list[str]]] = []
        self.links: list[str] = []


class Read(HTMLParser):
    """A page as a browser shows it: links, names that can be linked to, sections."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.sections = [Section()]
        self._heading = self._cell = False
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
        # Links to headings as GitHub makes them.
        for each in self.sections:
            self.names.add(re.sub(r"[^\w\- ]", "", each.title.lower()).replace(" ", "-"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for link in (given.get("href"), given.get("src")):
            if link:
                self.links.append(link)
                self.sections[-1].links.append(link)
        if name := given.get("id"):
            assert name not in self.names, f"two places are named {name}"
            self.names.add(name)
        if tag in HEADINGS:
            self.sections.append(Section())
            self._heading = True
        if tag == "table":
            self.sections[-1].tables.append([])
        if tag == "tr":
            self.sections[-1].tables[-1].append([])
        if tag in ("td", "th"):
            self.sections[-1].tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._heading = self._heading and tag not in HEADINGS
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        section = self.sections[-1]
        section.text += data
        if self._heading:
            section.title += data
        if self._cell:
            section.tables[-1][-1][-1] += data


@cache
def read(path: Path) -> Read:
    return Read(path.read_text(encoding="utf-8"))


@pytest.fixture(params=GIVEN, ids=file_name)
def instrument(request: pytest.FixtureRequest) -> Instrument:
    given = request.param
    assert isinstance(given, Instrument)
    return given


def test_the_pages_are_those_of_the_definitions() -> None:
    assert sorted(path.name for path in STORED.glob("*.md")) == sorted(MADE), WRITE
    old = [name for name, text in MADE.items() if (STORED / name).read_text(encoding="utf-8") != text]
    assert not old, WRITE


def test_the_pictures_are_those_of_the_norms() -> None:
    """A picture names the digest of its norm set. Its bytes are compared under the matplotlib that drew it."""
    matplotlib = pytest.importorskip("matplotlib")
    wanted = pages.figures(GIVEN)
    assert sorted(path.name for path in (STORED / "figures").iterdir()) == sorted(wanted), WRITE
    for name, norms in wanted.items():
        stored = (STORED / "figures" / name).read_text(encoding="utf-8")
        assert norms.digest in stored, WRITE
        if f"Matplotlib v{matplotlib.__version__}," in stored:
            assert stored == pages.drawn(norms), f"{name}: {WRITE}"


@pytest.mark.parametrize("name", sorted(MADE))
def test_every_link_leads_somewhere(name: str) -> None:
    page = STORED / name
    for link in read(page).links:
        if re.match(r"https?://[^\s/]+", link):
            continue
        target, _, place = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.is_file(), link
        assert path.is_relative_to(ROOT), link
        if place:
            assert place in read(path).names, link


def test_every_table_with_a_number_has_a_source_or_says_why_not(instrument: Instrument) -> None:
    for section in read(STORED / file_name(instrument)).sections:
        if section.title == "Evidence at a glance":  # it counts the blocks, and links each
            continue
        for table in section.tables:
            if not any(re.search(r"\d", cell) for row in table[1:] for cell in row):
                continue
            cited = any("#source-" in link for link in section.links) or "Note:" in section.text
            assert cited, section.title
            if table[0][-1].startswith("evidence") and not section.title.endswith(")"):
                unsaid = [row[0] for row in table[1:] if not re.search(r"\[|Note:", row[-1])]
                assert not unsaid, section.title


def test_what_stands_at_the_top_has_a_source_or_says_why_not(instrument: Instrument) -> None:
    top = read(STORED / file_name(instrument)).sections[1]
    assert top.title == instrument.title
    assert any("#source-" in link for link in top.links) or "Note:" in top.text


def blocks(of: Instrument) -> Iterator[tuple[str, Evidence]]:
    """The anchor of everything that has evidence of its own, with that evidence."""
    yield from ((f"item-{each.code}", each.evidence or of.evidence) for each in of.items)
    yield from ((f"scale-{each.code}", each.evidence or of.evidence) for each in of.scales)
    yield from ((f"levels-{each.name}", each.evidence) for each in of.levels)
    yield from ((f"table-{each.name}", each.evidence) for each in of.tables)
    yield from ((f"norms-{each.id}", each.evidence) for each in of.norms)
    if of.reassess_evidence:
        yield "reassessment", of.reassess_evidence


def test_each_block_links_all_of_its_sources_and_shows_its_mark(instrument: Instrument) -> None:
    text = (STORED / file_name(instrument)).read_text(encoding="utf-8")
    for anchor, evidence in blocks(instrument):
        _, _, rest = text.partition(f'<a id="{anchor}"></a>')
        assert rest, anchor
        row = anchor.startswith(("item-", "scale-"))
        block = rest.split("\n", 1)[0] if row else rest.split('\n<a id="', 1)[0]
        missing = [seen for seen in evidence.sources if f"](#source-{seen.partition(':')[0]}" not in block]
        assert not missing, anchor
        places = [seen.partition(":")[2].strip() for seen in evidence.sources]
        assert all(place.split("|")[0].split("*")[0].split("[")[0] in block for place in places), anchor
        assert evidence.sources or "Note:" in block, anchor
        assert evidence.mark.replace("_", " ") in block, anchor
        assert evidence.mark != "unverified" or "⚠" in block, anchor


def test_a_guide_of_structured_judgment_stands_apart_and_says_that_there_is_no_total() -> None:
    guides = [each for each in GIVEN if each.structured_judgment]
    assert guides
    chapter = MADE["index.md"].partition(f"## {pages.GUIDES}")[2].partition("\n## ")[0]
    for each in GIVEN:
        assert (f"({file_name(each)})" in chapter) == bool(each.structured_judgment), each.id
    for each in guides:
        assert "there is no total" in MADE[file_name(each)], each.id


def test_the_index_has_every_instrument_once() -> None:
    for each in GIVEN:
        assert MADE["index.md"].count(f"({file_name(each)})") == 1, each.id
