"""Every single change to a definition that ought to be noticed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from .definition import Definition, Real

Path = tuple[str | int, ...]

VISIBLE = 1e-9  # cases compare real numbers to this precision


class Removed:
    """Stands for a value that is taken out."""


class Change(NamedTuple):
    path: Path
    what: str
    edits: tuple[tuple[Path, Any], ...]

    @property
    def address(self) -> str:
        return "/".join(str(step) for step in self.path)

    def apply(self, document: Any) -> None:
        """Carries the change out; removals last, so that positions in lists still hold."""
        for path, value in sorted(self.edits, key=lambda edit: edit[1] is Removed):
            target = document
            for step in path[:-1]:
                target = target[step]
            if value is Removed:
                del target[path[-1]]
            else:
                target[path[-1]] = value


def replaced(path: Path, old: Any, new: Any) -> Change:
    return Change(path, f"{old!s} -> {new!s}", ((path, new),))


def removed(path: Path, what: str = "removed") -> Change:
    return Change(path, what, ((path, Removed),))


def next_of(value: Any, values: Iterable[Any]) -> Any:
    """The value after `value`, in a circle; itself if there is no other."""
    listed = list(dict.fromkeys(values))
    return listed[(listed.index(value) + 1) % len(listed)] if value in listed else listed[0]


def shifts(value: float) -> list[float]:
    """The numbers beside a number.

    One up and down if it is whole; otherwise one part in 100 000 up, and one in the last printed decimal, if a result
    can show that.
    """
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value + 1, value - 1]
    step = value.step if isinstance(value, Real) else 0.0
    candidates = [value * (1 + 1e-5)]
    if step > VISIBLE * abs(value):
        candidates += [round(value + step, 12), round(value - step, 12)]
    return [candidate for candidate in dict.fromkeys(candidates) if candidate != value]


def number(path: Path, value: Any) -> Iterator[Change]:
    if isinstance(value, (int, float)):
        for shifted in shifts(value):
            yield replaced(path, value, shifted)


def together(path: Path, ends: list[tuple[Path, Any]]) -> Iterator[Change]:
    """Moves the ends that make one cut by the same amount, so that no gap or overlap gives the change away."""
    first = ends[0][1]
    if not isinstance(first, (int, float)) or isinstance(first, bool):
        return
    for shifted in shifts(first):
        edits = tuple((end, shifted if value == first else value + (shifted - first)) for end, value in ends)
        yield Change(path, f"cut {first} -> {shifted}", edits)


def upper(band: dict[str, Any]) -> str | None:
    return next((key for key in ("below", "to") if key in band), None)


def cuts(path: Path, bands: list[dict[str, Any]], span: tuple[Path, dict[str, Any]] | None = None) -> Iterator[Change]:
    """Moves each cut between two bands, and the outer ends together with the range that they fill."""
    for i, (band, following) in enumerate(pairwise(bands)):
        end = upper(band)
        ends = [((*path, i + 1, "from"), following["from"])]
        if end is not None and band[end] is not None:
            ends.append(((*path, i, end), band[end]))
        yield from together((*path, i + 1, "from"), ends)
    last = upper(bands[-1])
    for place, key in (((*path, 0), "from"), ((*path, len(bands) - 1), last)):
        if key is None:
            continue
        ends = [((*place, key), bands[place[-1]][key])]  # type: ignore[index]
        if span is not None and span[1].get(key) == ends[0][1]:
            ends.append(((*span[0], key), span[1][key]))
        yield from together((*place, key), ends)


def interval(path: Path, ends: dict[str, Any]) -> Iterator[Change]:
    for key in ("from", "to", "below"):
        yield from number((*path, key), ends.get(key))


COMPARATORS = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}


class Changes:
    """The changes of one instrument file."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.document = definition.document
        self.scale: str | None = None  # the scale whose changes are being listed

    # References and conditions

    def reference(
        self, path: Path, reference: Any, *, response: bool = False, used: Iterable[Any] = ()
    ) -> Iterator[Change]:
        """Another of the same type, preferably one that does not stand beside it already."""
        if not isinstance(reference, str):
            yield from number(path, reference)
            return
        siblings = self.definition.siblings(reference, response=response, before=self.scale)
        fresh = [sibling for sibling in siblings if sibling not in set(used)]
        if fresh or siblings:
            yield replaced(path, reference, (fresh or siblings)[0])

    def references(self, path: Path, listed: list[Any], *, response: bool = False) -> Iterator[Change]:
        for i, reference in enumerate(listed):
            yield from self.reference((*path, i), reference, response=response, used=listed)

    def operand(self, path: Path, operand: Any, of: str) -> Iterator[Change]:
        if isinstance(operand, dict):
            yield from self.reference((*path, "value_of"), operand["value_of"], response=True)
        elif not isinstance(operand, str):
            yield from number(path, operand)
        else:
            kind = self.definition.type_of(of, response=True)
            if kind == ("date",):
                day = datetime.date.fromisoformat(operand)
                for shift in (1, -1):
                    yield replaced(path, operand, str(day + datetime.timedelta(days=shift)))
            elif kind is not None and len(kind) > 2:
                yield replaced(path, operand, next_of(operand, kind[1:]))

    def condition(self, path: Path, condition: Any) -> Iterator[Change]:
        if isinstance(condition, list):
            yield from self.parts(path, condition)
            return
        for key in ("all", "any"):
            if key in condition:
                other = "any" if key == "all" else "all"
                if len(condition[key]) > 1:
                    edits = (((*path, other), condition[key]), ((*path, key), Removed))
                    yield Change(path, f"{key} -> {other}", edits)
                yield from self.parts((*path, key), condition[key])
        if "not" in condition:
            yield Change((*path, "not"), "not removed", ((path, condition["not"]),))
            yield from self.condition((*path, "not"), condition["not"])
        if "of" in condition:
            yield from self.comparison(path, condition)

    def parts(self, path: Path, parts: list[Any]) -> Iterator[Change]:
        for i, part in enumerate(parts):
            if len(parts) > 1:
                yield removed((*path, i), "condition removed")
            yield from self.condition((*path, i), part)

    def comparison(self, path: Path, condition: dict[str, Any]) -> Iterator[Change]:
        of = condition["of"]
        yield from self.reference((*path, "of"), of, response=True)
        compared = [key for key in condition if key != "of"]
        for key in compared:
            place = (*path, key)
            if len(compared) > 1:
                yield removed(place, "comparison removed")
            if key in COMPARATORS and COMPARATORS[key] not in condition:
                other = COMPARATORS[key]
                edits = (((*path, other), condition[key]), (place, Removed))
                yield Change(place, f"{key} -> {other}", edits)
            if key == "is_missing":
                yield replaced(place, condition[key], not condition[key])
            elif key == "in":
                for i, operand in enumerate(condition[key]):
                    if len(condition[key]) > 1:
                        yield removed((*place, i), f"{operand} removed")
                    yield from self.operand((*place, i), operand, of)
            else:
                yield from self.operand(place, condition[key], of)
        if {"equals", "in"} & set(compared):
            yield Change(path, "negated", ((path, {"not": condition}),))

    def use_rules(self, path: Path, rules: list[dict[str, Any]]) -> Iterator[Change]:
        for i, rule in enumerate(rules):
            place = (*path, i)
            yield removed(place, "rule removed")
            key = "when" if "when" in rule else "require"
            yield from self.condition((*place, key), rule[key])
            if path == ("applies_when",):
                applies = rule.get("if_unknown") == "applies"
                decides = (*place, "if_unknown")
                yield removed(decides) if applies else replaced(decides, "undecided", "applies")

    # Items

    def item(self, path: Path, item: dict[str, Any]) -> Iterator[Change]:
        span = ((*path, "range"), item["range"]) if "range" in item else None
        if "bands" in item:
            yield from cuts((*path, "bands"), item["bands"], span)
            yield from self.values((*path, "bands"), item["bands"], "points")
        elif span is not None:
            yield from interval(*span)
        options = item.get("options", [])
        for i, option in enumerate(options):
            yield from number((*path, "options", i, "value"), option["value"])
        yield from self.values((*path, "options"), options, "points")
        for label, points in item.get("points", {}).items():
            yield from number((*path, "points", label), points)
        if "applies_when" in item:
            yield from self.condition((*path, "applies_when"), item["applies_when"])
            edits = (((*path, "applies_when"), Removed), ((*path, "points_if_not_applicable"), Removed))
            yield Change((*path, "applies_when"), "removed", edits)
            yield from number((*path, "points_if_not_applicable"), item["points_if_not_applicable"])
        if "if_missing" in item:
            yield removed((*path, "if_missing"))
            yield from self.operand((*path, "if_missing"), item["if_missing"], item["code"])

    def values(self, path: Path, rows: list[dict[str, Any]], key: str) -> Iterator[Change]:
        """Each number of a column, and each pair of neighbours that differ, exchanged."""
        for i, row in enumerate(rows):
            yield from number((*path, i, key), row.get(key))
        for i, (row, following) in enumerate(pairwise(rows)):
            a, b = row.get(key), following.get(key)
            if a != b:
                edits = (((*path, i, key), b), ((*path, i + 1, key), a))
                yield Change((*path, i, key), f"{a} exchanged with {b}", edits)

    # Levels, tables

    def scheme(self, path: Path, scheme: dict[str, Any]) -> Iterator[Change]:
        yield from self.reference((*path, "of"), scheme["of"])
        yield from cuts((*path, "bands"), scheme["bands"])
        for key in ("code", "standard"):
            yield from exchanged((*path, "bands"), scheme["bands"], key)

    def table(self, path: Path, table: dict[str, Any]) -> Iterator[Change]:
        if table["evidence"]["mark"] == "structure_only":
            return  # without figures no key leads anywhere
        rows = table["cells"]
        for k, keys in enumerate(table["keys"]):
            lines = rows if k == 0 else list(zip(*rows, strict=True))
            for i in range(len(keys) - 1):
                if lines[i] == lines[i + 1]:
                    continue  # the same results under either key
                place = (*path, "keys", k, i)
                edits = ((place, keys[i + 1]), ((*path, "keys", k, i + 1), keys[i]))
                yield Change(place, f"{keys[i]} exchanged with {keys[i + 1]}", edits)
        cells = [((i,), cell) for i, cell in enumerate(rows)]
        if rows and isinstance(rows[0], list):
            cells = [((i, j), cell) for i, row in enumerate(rows) for j, cell in enumerate(row)]  # type: ignore[misc]
        for place, cell in cells:
            yield from self.result((*path, "cells", *place), cell, table.get("values"))

    def result(self, path: Path, value: Any, values: list[str] | None) -> Iterator[Change]:
        """A number or a label among `values`."""
        if values and value is not None and len(values) > 1:
            yield replaced(path, value, next_of(value, values))
        else:
            yield from number(path, value)


def exchanged(path: Path, rows: list[dict[str, Any]], key: str) -> Iterator[Change]:
    """Labels of neighbours exchanged."""
    for i, (row, following) in enumerate(pairwise(rows)):
        a, b = row.get(key), following.get(key)
        if a is not None and b is not None and a != b:
            edits = (((*path, i, key), b), ((*path, i + 1, key), a))
            yield Change((*path, i, key), f"{a} exchanged with {b}", edits)


def of_norms(norms: dict[str, Any]) -> Iterator[Change]:
    """The changes of a norm set."""
    if "logistic" in norms or any("rate" in row for row in norms.get("rows", [])):
        other = "proportion" if norms.get("rate_unit") == "percent" else "percent"
        yield replaced(("rate_unit",), norms.get("rate_unit"), other)
    for key, value in norms.get("logistic", {}).items():
        yield from number(("logistic", key), value)
    for i, row in enumerate(norms.get("rows", [])):
        for key in ("score", "rate", "percentile", "risk_ratio"):
            yield from number(("rows", i, key), row.get(key))
        for k, end in enumerate(row.get("interval") or []):
            yield from number(("rows", i, "interval", k), end)
