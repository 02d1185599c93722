"""How scores and diagnostics are shown: plain text, and HTML for notebooks (self-contained, escaped)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from appraise._core import Diagnostic
from appraise._display import Rows, page, table_html, table_text

if TYPE_CHECKING:
    from appraise._scores import Scores

# How many rows of results are shown.
SHOWN = 10


def scores_title(scores: Scores[Any]) -> str:
    """Instrument, edition and rows in one line."""
    instrument = scores.plan.instrument
    return f"{instrument.title} {instrument.edition}: {len(scores):,} rows"


def scores_evidence(scores: Scores[Any]) -> str:
    """What the figures behind the scores are worth."""
    mark = scores.plan.mark
    return f"Evidence: {mark.replace('_', ' ')}" + (
        "; figures are in use that no public source confirms" if mark == "unverified" else ""
    )


def status_rows(scores: Scores[Any]) -> tuple[Sequence[str], Rows]:
    """Heads and rows: how many rows of each scale have each status."""
    counts = {scale: scores.counts(f"{scale}_status") for scale in scores.plan.scales}
    statuses = list(next(iter(counts.values()), {}))
    rows = [(scale, *(f"{count[status]:,}" for status in statuses)) for scale, count in counts.items()]
    return ("scale", *(status.replace("_", " ") for status in statuses)), rows


def level_counts(scores: Scores[Any]) -> Iterable[tuple[str, Rows]]:
    """For each scale with levels: a title, and level, rows and share of those that have a level."""
    for scale in scores.plan.scales:
        if f"{scale}_level" in scores:
            counts = scores.counts(f"{scale}_level")
            scheme = scores.column_metadata(f"{scale}_level").get("levels", "")
            total = max(sum(counts.values()), 1)
            rows = [(level, f"{count:,}", f"{count / total:.1%}") for level, count in counts.items()]
            yield f"Levels of {scale} ({scheme})", rows


def first_rows(scores: Scores[Any]) -> tuple[Sequence[str], Rows]:
    """Heads and the first rows: value, level and status of each scale."""
    names = [
        name for scale in scores.plan.scales for name in (scale, f"{scale}_level", f"{scale}_status") if name in scores
    ]
    columns = [[plain(value) for value in scores[name][:SHOWN].tolist()] for name in names]
    return ("row", *names), [(str(at), *cells) for at, cells in enumerate(zip(*columns, strict=True))]


def plain(value: object) -> str:
    """A cell of a result as text, real numbers to four digits."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


LEVEL_COUNT_HEADS = ("level", "rows", "share")


def scores_html(scores: Scores[Any]) -> str:
    """Scores as HTML: counts, and the first rows."""
    heads, rows = status_rows(scores)
    parts = [
        f"<h3>{escape(scores_title(scores))}</h3>",
        f"<p>{escape(scores_evidence(scores))}</p>",
        table_html(heads, rows, "Rows by status", numbers=range(1, len(heads))),
    ]
    parts += [table_html(LEVEL_COUNT_HEADS, rows, title, numbers=(1, 2)) for title, rows in level_counts(scores)]
    heads, rows = first_rows(scores)
    parts.append(table_html(heads, rows, "Rows" if len(scores) <= SHOWN else f"The first {SHOWN} rows"))
    return page(*parts)


def scores_text(scores: Scores[Any]) -> str:
    """Scores as plain text."""
    parts = [
        f"{scores_title(scores)}\n{scores_evidence(scores)}",
        "Rows by status\n" + table_text(*status_rows(scores)),
    ]
    parts += [f"{title}\n{table_text(LEVEL_COUNT_HEADS, rows)}" for title, rows in level_counts(scores)]
    return "\n\n".join(parts)


DIAGNOSTIC_HEADS = ("severity", "code", "place", "address", "what is there", "expected")


def diagnostics_line(diagnostics: Sequence[Diagnostic]) -> str:
    """How many there are of each severity."""
    counts = [(name, sum(each.severity == name for each in diagnostics)) for name in ("error", "warning", "note")]
    return ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in counts)


def diagnostics_html(diagnostics: Sequence[Diagnostic]) -> str:
    """Diagnostics as HTML."""
    rows = [
        (each.severity, each.code, f"{each.file}:{each.line}:{each.column}", each.address, each.found, each.expected)
        for each in diagnostics
    ]
    line = f"<p>{diagnostics_line(diagnostics)}</p>"
    return page(line, table_html(DIAGNOSTIC_HEADS, rows, "Diagnostics") if rows else "")


def diagnostics_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Diagnostics as plain text, one a line."""
    return "\n".join([*map(str, diagnostics), diagnostics_line(diagnostics)])
