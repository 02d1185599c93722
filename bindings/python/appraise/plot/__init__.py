"""Pictures of scores, explanations and norms, with matplotlib (``pip install appraise[plot]``).

Every function takes the axes to draw on as ``ax=`` and returns them; without, it makes a figure. Colours are told apart
by colour-blind readers and in grey print: levels go from light to dark, and nothing is said by colour alone. Where a
figure in use is unverified, the picture says so.
"""

from appraise.plot._contributions import contributions
from appraise.plot._distribution import distribution
from appraise.plot._movement import flow, movement
from appraise.plot._norms import norms

__all__ = ["contributions", "distribution", "flow", "movement", "norms"]
