"""A document as data: sections of paragraphs, facts and tables, written out as Markdown, HTML or JSON."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2
    import markupsafe

SHORT_WORD, LONGEST_WORD = 16, 40


@dataclass(frozen=True)
class Marked:
    """The evidence of a block: its mark, the sources that were seen, a note."""

    mark: str
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def words(self) -> str:
        """The mark as it is printed."""
        return self.mark.replace("_", " ")


@dataclass(frozen=True)
class Table:
    """A table of plain text. `numbers` are the positions of the columns that hold numbers."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Facts:
    """Names and what they stand for, in order; facts without text are left out."""

    pairs: Sequence[tuple[str, str]]

    @property
    def known(self) -> list[tuple[str, str]]:
        """The facts that there are."""
        return [(name, text) for name, text in self.pairs if text]


@dataclass(frozen=True)
class Picture:
    """A drawing, as SVG, with what it shows in words for those who do not see it."""

    svg: str
    alt: str
    caption: str = ""

    @property
    def address(self) -> str:
        """The drawing itself as an address, so that the page needs no other file."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


Block = str | Table | Facts | Picture


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: Sequence[Block] = ()
    evidence: Marked | None = None
    sections: Sequence[Section] = ()
    code: str = ""


@dataclass(frozen=True)
class Document:
    """A title, a line under it, and sections. `notice` stands out at the top and `footer` at the foot of the page."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    notice: str = ""
    footer: str = ""
    language: str = field(default="en", kw_only=True)


def anchor(text: str) -> str:
    """A name for links to a heading."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def to_markdown(document: Document) -> str:
    """The document as Markdown with tables (CommonMark and pipe tables)."""
    parts = [f"# {escaped(document.title)}", escaped(document.subtitle)]
    if document.notice:
        parts.append("> " + escaped(document.notice))
    for section in document.sections:
        parts.extend(_section(section, 2))
    if document.footer:
        parts.append("---\n\n" + escaped(document.footer))
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield "#" * level + " " + escaped(section.title) + (f" (`{section.code}`)" if section.code else "")
    if section.evidence:
        yield _evidence(section.evidence)
    for block in section.blocks:
        yield _block(block)
    for inner in section.sections:
        yield from _section(inner, level + 1)


def _evidence(evidence: Marked) -> str:
    seen = f" Seen in: {escaped('; '.join(evidence.sources))}." if evidence.sources else ""
    note = f" {escaped(evidence.note)}" if evidence.note else ""
    return f"*Evidence: **{evidence.words}**.*{seen}{note}"


def _block(block: Block) -> str:
    if isinstance(block, str):
        return escaped(block)
    if isinstance(block, Facts):
        return "\n".join(f"* {escaped(name)}: {escaped(text)}" for name, text in block.known)
    if isinstance(block, Picture):
        return f"*{escaped(block.alt)}*"
    caption = f"{escaped(block.caption)}:\n\n" if block.caption else ""
    return caption + pipe_table(map(cell, block.heads), (map(cell, row) for row in block.rows), block.numbers)


def pipe_table(heads: Iterable[str], rows: Iterable[Iterable[str]], numbers: Iterable[int] = ()) -> str:
    """A table of cells that are Markdown already; the columns `numbers` are set flush right."""
    heads, right = list(heads), set(numbers)
    rules = ["--:" if at in right else "---" for at in range(len(heads))]
    return "\n".join("| " + " | ".join(line) + " |" for line in (heads, rules, *rows))


def escaped(text: str) -> str:
    """Text that Markdown shall show as it is. An underscore within a word needs no escape."""
    escaped = re.sub(r"([\\`*<\[\]])", r"\\\1", text)
    escaped = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", escaped)
    return re.sub(r"^([#>]|[+-](?=\s)|\d+[.)](?=\s))", r"\\\1", escaped, flags=re.MULTILINE)


def cell(text: str) -> str:
    """Text as the cell of a Markdown table."""
    return escaped(text).replace("|", "\\|").replace("\n", " ")


def to_html(document: Document) -> str:
    """The document as one self-contained HTML page: no script, nothing from a network."""
    return render("document.html.j2", document=document, anchor=anchor)


def to_data(document: Document) -> dict[str, object]:
    """The document as plain data, for JSON."""

    def plain(value: object) -> object:
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        return [plain(each) for each in value] if isinstance(value, list | tuple) else value

    return {name: plain(value) for name, value in asdict(document).items()}


def render(template: str, **values: object) -> str:
    """A template of the package, filled in. Text is escaped."""
    return _templates().get_template(template).render(**values)


def _breakable(text: str) -> markupsafe.Markup:
    """Text whose long words may be broken behind an underscore."""
    import markupsafe

    words = map(markupsafe.escape, text.split(" "))
    here = markupsafe.Markup("_<wbr>")
    return markupsafe.Markup(" ").join(word.replace("_", here) if len(word) > SHORT_WORD else word for word in words)


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("appraise", "_templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["text"] = lambda value: isinstance(value, str)
    environment.tests["unbroken"] = lambda value: any(len(word) > LONGEST_WORD for word in value.split())
    environment.filters["breakable"] = _breakable
    environment.tests["picture"] = lambda value: isinstance(value, Picture)
    environment.tests["facts"] = lambda value: isinstance(value, Facts)
    return environment
