"""The reference pages of all instruments of a folder, with an index and pictures of the norms.

>>> python -m appraise._describe.pages instruments docs/instruments  # doctest: +SKIP
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from appraise import _core
from appraise._describe import words
from appraise._describe.citations import mark_words
from appraise._describe.page import Page, file_name
from appraise._describe.page_figures import figure_name, has_figure
from appraise._document import cell, pipe_table

STATIC, DYNAMIC = "Sexual reoffending: static", "Sexual reoffending: dynamic and combined"
YOUNG, VIOLENT, PRETRIAL = "Young people", "Violent reoffending", "Pretrial"
OTHER = "General reoffending, needs and supervision"
GUIDES, LEGAL = "Guides of structured professional judgment", "Legal duties, registers and the exchange of data"
CHAPTERS = (STATIC, DYNAMIC, YOUNG, VIOLENT, PRETRIAL, OTHER, GUIDES, LEGAL)
FAMILIES = (
    (VIOLENT, r"^violent|serious violent|for violent recidivism$|assault"),
    (LEGAL, r"\blegal\b|exchange"),
    (YOUNG, r"\b(boys|young|adolescents|children and)\b"),
    (
        DYNAMIC,
        r"(dynamic|combined|long-term needs).*sexual|sexual.*dynamic|long-term needs|acute priority|static scales",
    ),
    (STATIC, r"sexual|correlates"),
    (PRETRIAL, r"pretrial"),
)
"""Chapters of the index by words of an instrument's family; the first that fits."""


def instruments(folder: Path) -> list[_core.Instrument]:
    """All instruments of a folder of definitions, by id and edition."""
    return [_core.read(path.parent) for path in sorted(folder.glob("*/*/instrument.json"))]


def pages(given: list[_core.Instrument]) -> dict[str, str]:
    """The pages by the names of their files: one for each instrument, and the index."""
    return {"index.md": index(given), **{file_name(each): Page(each).text() for each in given}}


def index(given: list[_core.Instrument]) -> str:
    """The list of instruments by what they are about; guides of structured judgment apart."""
    chapters: dict[str, list[_core.Instrument]] = {name: [] for name in CHAPTERS}
    for each in given:
        chapters[_chapter(each)].append(each)
    return (
        "\n\n".join([*_index_top(given), *(line for name in chapters for line in _listed(name, chapters[name]))]) + "\n"
    )


def _index_top(given: list[_core.Instrument]) -> Iterator[str]:
    yield "# Instruments"
    yield (
        f"{len(given)} definitions of {len({each.id for each in given})} instruments. A page holds everything that a "
        "definition says: whom it is for, items and points, how the score is worked out, levels, norms, cautions. "
        "Each figure is one click from its source. The pages are made by `scripts/reference-pages`."
    )
    yield (
        "The mark is the weakest one among the figures of the scoring, the levels and the tables. It says how this "
        "project knows a figure, not how good the instrument is."
    )
    yield pipe_table(("mark", "meaning"), ((mark_words(mark), meaning) for mark, meaning in words.MARKS.items()))


def _chapter(of: _core.Instrument) -> str:
    if of.structured_judgment:
        return GUIDES
    return next((name for name, pattern in FAMILIES if re.search(pattern, of.family)), OTHER)


def _listed(chapter: str, given: list[_core.Instrument]) -> Iterator[str]:
    if not given:
        return
    yield f"## {chapter}"
    if chapter == GUIDES:
        yield "The rater weighs the factors and decides. There is no total, and the library refuses to make one."
    rows = [
        (
            f"[{cell(each.title)}]({file_name(each)})<br>edition {cell(each.edition)}",
            f"{cell(each.family)}<br>*{cell(each.outcome)}*",
            cell(each.population),
            mark_words(_weakest(part.mark for part in each.parts if not part.name.startswith("norms"))),
            _norms_mark(each),
        )
        for each in given
    ]
    yield pipe_table(("instrument", "kind, and what it says", "for", "evidence", "norms"), rows)


def _norms_mark(of: _core.Instrument) -> str:
    return f"{len(of.norms)}: {mark_words(_weakest(each.evidence.mark for each in of.norms))}" if of.norms else "none"


def _weakest(marks: Iterator[str]) -> str:
    return max(marks, key=list(words.MARKS).index)


def figures(given: list[_core.Instrument]) -> dict[str, _core.Norms]:
    """The norm sets that have a picture, by the name of its file. A set of several editions has one."""
    return {figure_name(each, norms): norms for each in given for norms in each.norms if has_figure(norms)}


def drawn(norms: _core.Norms) -> str:
    """The picture of a norm set as SVG: the same bytes from the same release of matplotlib, with the set's digest."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    from appraise import plot

    fixed = {"svg.hashsalt": norms.id, "svg.fonttype": "none", "font.family": "DejaVu Sans"}
    with mpl.rc_context({**mpl.rcParamsDefault, **fixed}):
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        FigureCanvasSVG(figure)
        plot.norms(norms, ax=figure.add_subplot())
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Title": norms.title, "Identifier": norms.digest})
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def write(definitions: Path, out: Path) -> None:
    """Writes pages and pictures into a folder, and removes those that belong to no definition."""
    given = instruments(definitions)
    texts: Mapping[str, str] = pages(given) | {
        f"figures/{name}": drawn(norms) for name, norms in figures(given).items()
    }
    (out / "figures").mkdir(parents=True, exist_ok=True)
    for path in [*out.glob("*.md"), *(out / "figures").glob("*.svg")]:
        if path.relative_to(out).as_posix() not in texts:
            path.unlink()
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
