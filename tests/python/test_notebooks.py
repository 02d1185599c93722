"""The notebooks run, show what they show, and are stored with it."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, 4)  # type: ignore[no-untyped-call]


def shown(notebook: Any) -> list[list[str]]:
    """What each cell shows as text. A picture counts as one; of data frames the HTML would tell no more."""
    return [
        [
            output.get("text") or output["data"].get("text/plain", "picture")
            for output in cell["outputs"]
            if output["output_type"] != "error"
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_there_are_four() -> None:
    assert [each.stem for each in NOTEBOOKS] == [
        "explain_one_person",
        "local_norms_and_fairness",
        "score_a_caseload",
        "what_a_new_edition_changes",
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_is_stored(path: Path) -> None:
    stored = read(path)
    fresh = read(path)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    assert shown(fresh) == shown(stored)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_synthetic(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < 350_000
    assert "The caseload is synthetic" in text
    assert "<script" not in text
    assert any("image/png" in str(cell.get("outputs")) for cell in read(path).cells)
