"""The pages of the statistics: links lead somewhere, and the pictures are those that the page draws."""

import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

import appraise as ap

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "statistics").glob("*.md"))
FIGURES = ROOT / "docs" / "statistics" / "figures"


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)\s]+)\)", page.read_text(encoding="utf-8"))
    for link in links:
        target, _, place = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.is_file(), link
        if place:
            assert place in anchors(path), link


def test_every_picture_of_a_statistic_is_on_the_page() -> None:
    text = (ROOT / "docs" / "statistics" / "plots.md").read_text(encoding="utf-8")
    others = {"contributions", "distribution", "flow", "movement", "norms", "image"}
    for name in set(ap.plot.__all__) - others:
        assert f"ap.plot.{name}(" in text, name


def test_the_pictures_are_those_of_the_page(tmp_path: Path) -> None:
    """All are drawn anew; bytes are compared under the matplotlib that drew them."""
    program, page = ROOT / "scripts" / "lib" / "statistics_figures.py", ROOT / "docs" / "statistics" / "plots.md"
    subprocess.run([sys.executable, str(program), str(page), str(ROOT / "examples"), str(tmp_path)], check=True)
    assert sorted(path.name for path in FIGURES.iterdir()) == sorted(path.name for path in tmp_path.iterdir())
    for path in FIGURES.iterdir():
        stored = path.read_text(encoding="utf-8")
        if f"Matplotlib v{matplotlib.__version__}," in stored:
            assert stored == (tmp_path / path.name).read_text(encoding="utf-8"), (
                f"{path.name}: scripts/statistics-figures"
            )
