"""A picture as a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

from appraise._core import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def image(ax: Axes, format: Literal["svg", "png"] = "svg", *, title: str = "", dpi: int = 150) -> bytes:
    """The figure of some axes as a file: the same bytes for the same picture, without a date.

    Parameters
    ----------
    ax : matplotlib Axes
    format : {"svg", "png"}
        In SVG letters are drawn as shapes, so that they look the same everywhere.
    title : str
        What screen readers say of an SVG.
    dpi : int
        Dots per inch of a PNG.

    Returns
    -------
    bytes

    Raises
    ------
    UsageError
        If the format is neither.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise import statistics as st
    >>> ax = ap.plot.roc(st.cuts([0, 1, 2, 3], [0, 1, 0, 1]))
    >>> ap.plot.image(ax)[:5]
    b'<?xml'
    """
    import matplotlib

    if format not in ("svg", "png"):
        raise UsageError(f"plot.image: format '{format}'; expected svg or png")
    written = io.BytesIO()
    metadata = {"Date": None, "Title": title} if format == "svg" else {"Software": None}
    with matplotlib.rc_context({"svg.hashsalt": "appraise"}):
        ax.figure.canvas.figure.savefig(written, format=format, dpi=dpi, metadata=metadata)
    return written.getvalue()
