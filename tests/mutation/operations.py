"""The changes of each operation, and of a whole instrument file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .changes import Change, Changes, Path, Removed, cuts, interval, next_of, number, removed, replaced
from .definition import Definition, operation_of

ROUNDING = ("half_up", "half_even", "down", "floor", "ceiling")
UNITS = ("years", "months", "days")


def listed(changes: Changes, path: Path, references: list[Any]) -> Iterator[Change]:
    for i in range(len(references) if len(references) > 1 else 0):
        yield removed((*path, i), f"{references[i]} removed")
    yield from changes.references(path, references)


def weighted_sum(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    yield from number((*path, "intercept"), body.get("intercept"))
    for i, term in enumerate(body["terms"]):
        place = (*path, "terms", i)
        yield from number((*place, "weight"), term["weight"])
        yield from number((*place, "power"), term.get("power"))
        if "when" in term:
            yield removed((*place, "when"), "condition removed")
            yield from changes.condition((*place, "when"), term["when"])
        if isinstance(term.get("of"), list):
            yield from changes.references((*place, "of"), term["of"])
        elif "of" in term:
            yield from changes.reference((*place, "of"), term["of"])
        if "of" in term and "power" not in term and not changes.definition.is_zero_or_one(term["of"]):
            yield Change((*place, "power"), "power 2", (((*place, "power"), 2),))


def ordered_pair(changes: Changes, path: Path, pair: list[Any]) -> Iterator[Change]:
    yield Change(path, "exchanged", ((path, pair[::-1]),))
    yield from changes.references(path, pair)


def count(changes: Changes, path: Path, conditions: list[Any]) -> Iterator[Change]:
    yield from changes.parts(path, conditions)


def ratio(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    for key in ("of", "over"):
        yield from changes.reference((*path, key), body[key])


def lookup(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    if isinstance(body["of"], list):
        yield from changes.references((*path, "of"), body["of"], response=True)
    else:
        yield from changes.reference((*path, "of"), body["of"], response=True)
    if "bands" in body:
        yield from cuts((*path, "bands"), body["bands"])
        yield from changes.values((*path, "bands"), body["bands"], "value")
    else:
        tables = changes.document["tables"]
        alike = [name for name in tables if tables[name]["keys"] == tables[body["table"]]["keys"]]
        if len(alike) > 1:
            yield replaced((*path, "table"), body["table"], next_of(body["table"], alike))


def rules(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    values = body.get("values")
    for i, row in enumerate(body["rows"]):
        place = (*path, "rows", i)
        yield removed(place, "row removed")
        yield from changes.condition((*place, "when"), row["when"])
        yield from changes.result((*place, "then"), row["then"], values)
    if "otherwise" in body:
        yield from changes.result((*path, "otherwise"), body["otherwise"], values)


def choose(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    for i, row in enumerate(body["rows"]):
        place = (*path, "rows", i)
        yield removed(place, "row removed")
        yield from changes.condition((*place, "when"), row["when"])
        yield from changes.reference((*place, "take"), row["take"])
    if "otherwise" in body:
        yield from changes.reference((*path, "otherwise"), body["otherwise"])


def first_available(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    if len(body["of"]) > 1:  # a single reference is never passed over
        yield replaced((*path, "flag"), body["flag"], not body["flag"])
    for i in range(len(body["of"]) - 1):
        a, b = body["of"][i], body["of"][i + 1]
        edits = (((*path, "of", i), b), ((*path, "of", i + 1), a))
        yield Change((*path, "of", i), f"{a} exchanged with {b}", edits)
    yield from listed(changes, (*path, "of"), body["of"])


def clamp(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    yield from changes.reference((*path, "of"), body["of"])
    for key in ("from", "to"):
        yield from number((*path, key), body.get(key))


def rounding(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    yield from changes.reference((*path, "of"), body["of"])
    yield from number((*path, "digits"), body["digits"])
    for mode in ROUNDING:
        if mode != body["mode"]:
            yield replaced((*path, "mode"), body["mode"], mode)


def no_such_day(path: Path, body: dict[str, Any]) -> Iterator[Change]:
    if "if_no_such_day" in body:
        old = body["if_no_such_day"]
        yield replaced((*path, "if_no_such_day"), old, next_of(old, ("next_day", "last_day")))


def time_between(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    edits = (((*path, "from"), body["to"]), ((*path, "to"), body["from"]))
    yield Change(path, "from and to exchanged", edits)
    for key in ("from", "to"):
        yield from changes.reference((*path, key), body[key])
    yield replaced((*path, "in"), body["in"], next_of(body["in"], UNITS))
    yield from no_such_day(path, body)


def add_time(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    yield from changes.reference((*path, "to"), body["to"])
    for unit in UNITS:
        if unit in body:
            yield from changes.reference((*path, unit), body[unit])
    yield from no_such_day(path, body)


def attribute(changes: Changes, path: Path, body: dict[str, Any]) -> Iterator[Change]:
    yield from changes.reference((*path, "of"), body["of"], response=True)
    item = changes.definition.items.get(body["of"])
    if item is not None and len(names := changes.definition.lists[item["list"]]["attributes"]) > 1:
        yield replaced((*path, "name"), body["name"], next_of(body["name"], names))


def missing(changes: Changes, path: Path, rule: dict[str, Any], references: int) -> Iterator[Change]:
    """The rule for missing answers of a sum, maximum or minimum over so many references."""
    may_omit = rule["may_omit"]
    for i in range(len(may_omit)):
        if len(may_omit) > 1:
            yield removed((*path, "may_omit", i), f"{may_omit[i]} may not be omitted")
    at_most = rule.get("at_most", len(may_omit))
    for shifted in (at_most + 1, at_most - 1):
        if 0 < shifted <= min(len(may_omit), references):
            yield replaced((*path, "at_most"), at_most, shifted)
    if rule.get("prorate") is None:
        return
    yield Change((*path, "prorate"), "not prorated", (((*path, "prorate"), Removed),))
    for mode in ROUNDING:
        if mode != rule["prorate"]:
            yield replaced((*path, "prorate"), rule["prorate"], mode)


CHANGES: dict[str, Callable[[Changes, Path, Any], Iterator[Change]]] = {
    "sum": listed,
    "weighted_sum": weighted_sum,
    "difference": ordered_pair,
    "count": count,
    "maximum": listed,
    "minimum": listed,
    "product": listed,
    "ratio": ratio,
    "log": lambda changes, path, body: changes.reference(path, body),
    "logistic": lambda changes, path, body: changes.reference(path, body),
    "lookup": lookup,
    "rules": rules,
    "choose": choose,
    "first_available": first_available,
    "clamp": clamp,
    "round": rounding,
    "time_between": time_between,
    "add_time": add_time,
    "attribute": attribute,
}


def of_scale(changes: Changes, path: Path, scale: dict[str, Any]) -> Iterator[Change]:
    operation = operation_of(scale)
    yield from interval((*path, "range"), scale.get("range", {}))
    if scale.get("reported", True):
        yield Change((*path, "reported"), "not reported", (((*path, "reported"), False),))
    if "applies_when" in scale:
        yield removed((*path, "applies_when"))
        yield from changes.condition((*path, "applies_when"), scale["applies_when"])
    if "levels" in scale:
        schemes = changes.document["levels"]
        others = [name for name in schemes if schemes[name]["of"] == scale["code"]]
        yield removed((*path, "levels"))
        if len(others) > 1:
            yield replaced((*path, "levels"), scale["levels"], next_of(scale["levels"], others))
    if "missing" in scale:
        yield removed((*path, "missing"))
        yield from missing(changes, (*path, "missing"), scale["missing"], len(scale[operation]))
    yield from CHANGES[operation](changes, (*path, operation), scale[operation])


def of_instrument(definition: Definition) -> Iterator[Change]:
    """Every change to the rules of use, items, scales, levels and tables of an instrument file."""
    changes = Changes(definition)
    document = definition.document
    for rules_name in ("applies_when", "valid_when", "cautions"):
        yield from changes.use_rules((rules_name,), document.get(rules_name, []))
    for i, item in enumerate(document["items"]):
        yield from changes.item(("items", i), item)
    for i, scale in enumerate(document["scales"]):
        changes.scale = scale["code"]
        yield from of_scale(changes, ("scales", i), scale)
    changes.scale = None
    for name, scheme in document.get("levels", {}).items():
        yield from changes.scheme(("levels", name), scheme)
    for name, table in document.get("tables", {}).items():
        yield from changes.table(("tables", name), table)
