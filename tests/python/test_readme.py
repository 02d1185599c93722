"""The Python of the README and of the guide runs as it stands, and the README stays short."""

import re
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def test_every_python_block_runs() -> None:
    assert blocks(README)
    for block in blocks(README):
        exec(compile(block, "README.md", "exec"), {})


def test_the_guide_runs_from_top_to_bottom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for block in blocks((ROOT / "docs" / "python.md").read_text(encoding="utf-8")):
        exec(compile(block, "docs/python.md", "exec"), names)
    assert "the nearest is 'Age'" in capsys.readouterr().out
    assert "rate" in str(names["old"].columns)  # type: ignore[attr-defined]


def test_readme_is_under_150_lines() -> None:
    assert len(README.splitlines()) < 150
