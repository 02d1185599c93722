"""One figure of a comparison: cases a second by peer, a panel for each instrument."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.ticker import NullLocator

Measured = dict[str, Any]

# Blue for appraise, grey for the others; light with missing answers. Apart in luminance as well as in hue.
COLOURS = {("appraise", 0): "#00558c", ("appraise", 1): "#7fb2d6", ("peer", 0): "#6b6b6b", ("peer", 1): "#bdbdbd"}
STYLE = {
    "svg.hashsalt": "appraise",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}
HEIGHT = 0.38


def _panels(workloads: list[Measured]) -> dict[str, list[Measured]]:
    """Workloads by instrument: complete first, then with missing answers."""
    panels: dict[str, list[Measured]] = {}
    for workload in workloads:
        panels.setdefault(workload["title"].split(",")[0], []).append(workload)
    return panels


def _bar(axes: Any, place: float, peer: Measured, kind: int) -> None:
    who = "appraise" if peer["name"] == "appraise" else "peer"
    speed = peer["cases_per_second"] / 1e6
    axes.barh(place, speed, HEIGHT, color=COLOURS[who, kind])
    if who == "peer":
        ratio = f"{peer['ratio']:.{1 if peer['ratio'] < 10 else 0}f}"
        axes.annotate(f"\u00d7 {ratio}", (speed, place), (4, 0), textcoords="offset points", va="center", fontsize=8)


def _panel(axes: Any, title: str, workloads: list[Measured]) -> None:
    fastest_first = sorted(workloads[0]["peers"], key=lambda peer: -float(peer["cases_per_second"]))
    names = [peer["name"] for peer in fastest_first]
    for kind, workload in enumerate(workloads):
        for peer in workload["peers"]:
            _bar(axes, names.index(peer["name"]) + (kind - (len(workloads) - 1) / 2) * HEIGHT, peer, kind)
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(axis="x", color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)


def _limits(workloads: list[Measured]) -> tuple[float, float]:
    """From a power of ten below the slowest to room for a label beyond the fastest."""
    speeds = [peer["cases_per_second"] / 1e6 for workload in workloads for peer in workload["peers"]]
    return 10.0 ** math.floor(math.log10(min(speeds) * 0.9)), max(speeds) * 2


def _legend(figure: Any) -> None:
    bars = [plt.Rectangle((0, 0), 1, 1, color=COLOURS["peer", kind]) for kind in (0, 1)]
    labels = ["complete answers", "2 % of every answer missing"]
    figure.legend(bars, labels, loc="outside lower left", ncols=2, frameon=False, fontsize=9)


def draw(measured: Measured, path: Path) -> None:
    """Writes the figure; the same measurements give the same bytes."""
    panels = _panels(measured["workloads"])
    peers = [len(workloads[0]["peers"]) for workloads in panels.values()]
    with mpl.rc_context(STYLE):
        figure, grid = plt.subplots(
            len(panels),
            sharex=True,
            squeeze=False,
            figsize=(8, 0.42 * sum(peers) + 0.6 * len(peers) + 0.8),
            height_ratios=[count + 0.5 for count in peers],
            layout="constrained",
        )
        for axes, (title, workloads) in zip(grid[:, 0], panels.items(), strict=True):
            _panel(axes, title, workloads)
        axes.set_xlim(_limits(measured["workloads"]))
        threads = measured["threads"]
        unit = "a core" if threads == 1 else f"with {threads} threads"
        axes.set_xlabel(f"million cases a second, {unit} (\u00d7 n: appraise is n times as fast)")
        _legend(figure)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)
