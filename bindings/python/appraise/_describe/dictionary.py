"""The codebook as one flat table, for statistics programs: a line for each item, answer, scale, level and norm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from appraise import _core
from appraise._describe import words
from appraise._display import number

FIELDS = (
    "block",
    "name",
    "entry",
    "label",
    "kind",
    "unit",
    "from",
    "to",
    "below",
    "value",
    "evidence",
    "sources",
    "note",
)
Line = dict[str, str]


def to_csv(instrument: _core.Instrument) -> str:
    """The dictionary as CSV.

    ``value`` holds the points of an option, answer or band, the standard level of a level, the rate (a proportion) of a
    norm; ``from``, ``to`` and ``below`` the ends of an interval as in the definition: ``below`` does not belong to it.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, restval="", lineterminator="\n")
    writer.writeheader()
    for lines in (_items, _scales, _levels, _norms):
        writer.writerows(lines(instrument))
    return text.getvalue()


def _evidence(evidence: _core.Evidence) -> Line:
    return {"evidence": evidence.mark, "sources": "; ".join(evidence.sources), "note": evidence.note}


def _ends(given: _core.Interval | None) -> Line:
    if given is None:
        return {}
    low = "" if given.low is None else words.figure(given.low)
    high = "" if given.high is None else words.figure(given.high)
    return {"from": low, "to" if given.closed else "below": high}


def _items(instrument: _core.Instrument) -> Iterator[Line]:
    for item in instrument.items:
        mark = _evidence(item.evidence or instrument.evidence)
        common = {"name": item.code, "unit": item.unit}
        yield {"block": "item", **common, "label": item.label, "kind": item.kind, **_ends(item.range), **mark}
        for option in item.options:
            points = "" if option.points is None else number(option.points)
            line = {"entry": option.code, "label": option.label, "from": str(option.value), "to": str(option.value)}
            yield {"block": "option", **common, **line, "value": points, "evidence": mark["evidence"]}
        for band in item.bands:
            ends = _ends(band.interval)
            yield {"block": "band", **common, **ends, "value": number(band.value), "evidence": mark["evidence"]}


def _scales(instrument: _core.Instrument) -> Iterator[Line]:
    for scale in instrument.scales:
        yield {
            "block": "scale" if scale.reported else "step",
            "name": scale.code,
            "entry": scale.levels,
            "label": scale.label,
            "kind": scale.operation,
            "unit": scale.unit,
            **_ends(scale.range),
            **_evidence(scale.evidence or instrument.evidence),
        }


def _levels(instrument: _core.Instrument) -> Iterator[Line]:
    for scheme in instrument.levels:
        for band in scheme.bands:
            yield {
                "block": "level",
                "name": scheme.name,
                "entry": band.code,
                "label": band.label,
                "kind": scheme.status,
                "unit": scheme.of,
                **_ends(band.interval),
                "value": band.standard,
                **_evidence(scheme.evidence),
            }


def _norms(instrument: _core.Instrument) -> Iterator[Line]:
    for norms in instrument.norms:
        for row in norms.rows:
            figures = {"rate": row.rate, "percentile": row.percentile, "risk_ratio": row.risk_ratio}
            for kind, value in figures.items():
                if value is not None:
                    yield {
                        "block": "norm",
                        "name": norms.id,
                        "entry": number(row.score),
                        "label": f"{norms.sample}; {norms.outcome}",
                        "kind": kind,
                        "unit": norms.scale,
                        "from": "" if row.rate_low is None or kind != "rate" else words.figure(row.rate_low),
                        "to": "" if row.rate_high is None or kind != "rate" else words.figure(row.rate_high),
                        "value": words.figure(value),
                        **_evidence(row.evidence),
                    }
