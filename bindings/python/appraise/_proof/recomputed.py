"""What an audit recomputes: the columns of a result table, or the rows of a results store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from appraise import _core
from appraise._proof import cells
from appraise._proof.audit import Audit, Finding
from appraise._proof.rescoring import Plan
from appraise._proof.schema import TABLE
from appraise._proof.store import ResultsStore

STORE_KEYS = ("person_key", "assessed_on", "rater", "instrument", "scale")
STORE_CODES = {
    "inputs": "inputs.changed",
    "digests": "definition.changed",
    "value": "value.differs",
    "value_text": "value.differs",
    "level": "level.differs",
    "standard_level": "standard-level.differs",
    "status": "status.differs",
    "reasons": "reasons.differs",
}


def level_of(scheme: _core.LevelScheme, value: float) -> str:
    """The level of a value; empty if no band holds it."""
    for band in scheme.bands:
        low, high = band.interval.low, band.interval.high
        below = high is None or value < high or (band.interval.closed and value == high)
        if (low is None or value >= low) and below:
            return band.code
    return ""


def _schemes(plan: Plan) -> dict[str, _core.LevelScheme]:
    """The level scheme in use of each scale."""
    return {
        scale.code: scheme
        for scale in plan.plan.instrument.scales
        for scheme in plan.plan.instrument.levels
        if scheme.name == plan.levels.get(scale.code, scale.levels)
    }


def _follows(scheme: _core.LevelScheme, value: str, level: str) -> bool:
    if not value or not level:
        return not value and not level
    try:
        return level == level_of(scheme, float(value))
    except ValueError:
        return False


def table_audit(plans: Sequence[tuple[Plan, str]], stored: Sequence[str], tolerance: float) -> Audit:
    """The audit of a table of results: one row an assessment, the columns of `appraise score`.

    Parameters
    ----------
    plans : sequence of (Plan, str)
        Each with what stands before the names of its results.
    """
    codes: dict[str, str] = {}
    schemes: dict[str, _core.LevelScheme] = {}
    terms: tuple[str, ...] = ()
    for plan, prefix in plans:
        codes |= {prefix + name: code for name, code in _column_codes(plan).items()}
        schemes |= {prefix + name: scheme for name, scheme in _schemes(plan).items()}
        terms += tuple(f"{prefix}{scale.code}_from_" for scale in plan.plan.instrument.scales)

    def code_of(column: str) -> str:
        return codes.get(column) or ("contribution.differs" if column.startswith(terms) else "")

    def follows(column: str, row: pa.Table, at: int) -> bool:
        scale = column.removesuffix("_level")
        known = scale in schemes and scale in row.column_names
        return not known or _follows(schemes[scale], cells.shown(row[scale], at), cells.shown(row[column], at))

    return Audit(code_of, stored, follows, tolerance=tolerance)


def _column_codes(plan: Plan) -> dict[str, str]:
    """The code of a difference in each result column that a plan can make; contributions apart."""
    codes = {"reasons": "reasons.differs", "cautions": "cautions.differs"}
    for scale in plan.plan.instrument.scales:
        name = scale.code
        codes[name] = "value.differs"
        codes[f"{name}_status"] = "status.differs"
        codes[f"{name}_level"] = "level.differs"
        codes[f"{name}_standard_level"] = "standard-level.differs"
        codes[f"{name}_to_cut"] = "distance.differs"
        for bound in ("lowest", "highest"):
            codes[f"{name}_{bound}"] = codes[f"{name}_{bound}_level"] = "bounds.differs"
        for norms in plan.plan.instrument.norms:
            for figure in ("rate", "rate_low", "rate_high", "percentile", "risk_ratio"):
                codes[f"{name}_{norms.id}_{figure}"] = "norms.differs"
    return codes


def store_audit(plans: Sequence[Plan], tolerance: float) -> Audit:
    """The audit of a results store: one row an assessment, instrument and scale."""
    schemes = {(plan.plan.instrument.id, code): scheme for plan in plans for code, scheme in _schemes(plan).items()}

    def follows(_: str, row: pa.Table, at: int) -> bool:
        scheme = schemes.get((row["instrument"][at].as_py(), row["scale"][at].as_py()))
        return scheme is None or _follows(scheme, cells.shown(row["value"], at), cells.shown(row["level"], at))

    return Audit(
        lambda column: STORE_CODES.get(column, ""),
        list(STORE_CODES),
        follows,
        decisive=("inputs", "digests"),
        tolerance=tolerance,
    )


def stored_of(store: ResultsStore, instrument: _core.Instrument) -> Iterator[pa.Table]:
    """The last result of each assessment by that edition, in the order in which they were stored."""
    names = ", ".join(f"r.{name}" for name in (*STORE_KEYS, *STORE_CODES))
    query = (
        f"select {names} from {TABLE} r where r.kind = 'result' and r.instrument = $1 and r.edition = $2 and r.id = "
        f"(select max(s.id) from {TABLE} s where s.slot = r.slot and s.kind = 'result') order by r.id"
    )
    kinds = {name: pa.float64() if name == "value" else pa.string() for name in (*STORE_KEYS, *STORE_CODES)}
    for batch in store.database.batches(query, [instrument.id, instrument.edition]):
        # A database without types gives a column of nothing as numbers.
        yield pa.table({name: batch.column(name).cast(kind) for name, kind in kinds.items()})


def override_findings(store: ResultsStore, plan: Plan) -> Iterator[Finding]:
    """What is not in order among the overrides of that edition."""
    schemes = _schemes(plan)
    names = ("id", "person_key", "scale", "level", "override_of", "override_direction", "override_level")
    said = ("override_reason", "override_by", "override_at")
    rows = store.database.rows(
        f"select {', '.join(f'o.{name}' for name in (*names, *said))}, r.id, r.slot = o.slot, "
        f"coalesce(r.level, '') = coalesce(o.level, '') from {TABLE} o left join {TABLE} r on r.id = o.override_of "
        "and r.kind = 'result' where o.kind = 'override' and o.instrument = $1 and o.edition = $2 order by o.id",
        [plan.plan.instrument.id, plan.plan.instrument.edition],
    )
    for row in rows:
        given = dict(zip((*names, *said), row, strict=False))
        original, same_slot, same_level = row[-3:]
        about = (given["id"], given["person_key"])
        absent = [name for name in said if not str(given[name] or "").strip()]
        if absent:
            yield Finding("override.incomplete", *about, absent[0])
        if original is None or not same_slot or not same_level:
            yield Finding("override.orphan", *about, "override_of", str(given["override_of"]))
        scheme = schemes.get(given["scale"])
        codes = [band.code for band in scheme.bands] if scheme else []
        if given["override_level"] not in codes:
            yield Finding("override.level", *about, "override_level", str(given["override_level"]))
        elif given["level"] in codes:
            rises = codes.index(given["override_level"]) - codes.index(given["level"])
            if rises == 0 or (rises > 0) != (given["override_direction"] == "up"):
                yield Finding("override.direction", *about, "override_direction", str(given["override_direction"]))
