"""Runs the Python of docs/statistics/plots.md and writes the picture after each block.

python statistics_figures.py PAGE EXAMPLES OUT
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import appraise as ap

PART = re.compile(r"```python\n(?P<code>.*?)```|!\[(?P<title>.*?)\]\(figures/(?P<name>.*?)\)", re.DOTALL)


def main(page: Path, examples: Path, out: Path) -> None:
    parts = PART.finditer(page.read_text(encoding="utf-8"))
    out = out.resolve()
    out.mkdir(exist_ok=True)
    os.chdir(examples)
    names: dict[str, Any] = {}
    for part in parts:
        if part["code"]:
            exec(compile(part["code"], str(page), "exec"), names)
        else:
            # Letters as text: the files are small, and can be searched.
            with matplotlib.rc_context({"svg.fonttype": "none", "font.family": "DejaVu Sans"}):
                (out / part["name"]).write_bytes(ap.plot.image(names["ax"], title=part["title"]))
            plt.close("all")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
