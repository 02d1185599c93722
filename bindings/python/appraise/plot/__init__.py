"""Pictures of scores, explanations, norms and statistics, with matplotlib (``pip install appraise[plot]``).

Every function takes the axes to draw on as ``ax=`` and returns them; without, it makes a figure. Colours are told apart
by colour-blind readers and in grey print: levels go from light to dark, and nothing is said by colour alone. Where a
figure in use is unverified, the picture says so; where a statistic could not be estimated, it says why.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from appraise.plot._contributions import contributions
from appraise.plot._distribution import distribution
from appraise.plot._image import image
from appraise.plot._movement import flow, movement
from appraise.plot._norms import norms

if TYPE_CHECKING:
    from appraise.plot._agreement import agreement
    from appraise.plot._calibration import calibration
    from appraise.plot._decisions import decision_curve
    from appraise.plot._fairness import fairness
    from appraise.plot._forest import forest
    from appraise.plot._roc import roc
    from appraise.plot._survival import survival

__all__ = [
    "agreement",
    "calibration",
    "contributions",
    "decision_curve",
    "distribution",
    "fairness",
    "flow",
    "forest",
    "image",
    "movement",
    "norms",
    "roc",
    "survival",
]

_OF_STATISTICS = {
    "agreement": "_agreement",
    "calibration": "_calibration",
    "decision_curve": "_decisions",
    "fairness": "_fairness",
    "forest": "_forest",
    "roc": "_roc",
    "survival": "_survival",
}


def __getattr__(name: str) -> Any:
    """Pictures of statistics load NumPy, which ``import appraise`` does not: each with its first use."""
    if name not in _OF_STATISTICS:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    function = getattr(import_module(f"{__name__}.{_OF_STATISTICS[name]}"), name)
    globals()[name] = function
    return function


def __dir__() -> list[str]:
    return __all__
