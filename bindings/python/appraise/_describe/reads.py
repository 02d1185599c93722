"""What the scales of a definition read, and which of them can be worked out with a pencil."""

from __future__ import annotations

from collections.abc import Iterator

from appraise import _core


def in_condition(given: _core.Condition | None) -> Iterator[str]:
    """The references of a condition."""
    if given is None:
        return
    if given.of:
        yield given.of
    yield from (str(each.value) for each in given.operands if each.is_reference)
    for part in given.parts:
        yield from in_condition(part)


def in_calculation(scale: _core.Scale) -> Iterator[str]:
    """The references of a scale's operation, in its order; some may come twice."""
    yield from in_condition(scale.applies_when)
    match scale.calculation:
        case _core.Sum(of=of) | _core.Extreme(of=of) | _core.Product(of=of) | _core.FirstAvailable(of=of):
            yield from of
        case _core.Lookup(of=of):
            yield from of
        case _core.WeightedSum(terms=terms):
            for term in terms:
                yield from term.of
                yield from in_condition(term.when)
        case _core.Difference(of=first, minus=second) | _core.Ratio(of=first, over=second):
            yield from (first, second)
        case _core.TimeBetween(start=first, end=second):
            yield from (first, second)
        case _core.Count(of=conditions):
            for each in conditions:
                yield from in_condition(each)
        case _core.Rules(rows=rows):
            for row in rows:
                yield from in_condition(row.when)
        case _core.Choose(rows=choices, otherwise=otherwise):
            for choice in choices:
                yield from in_condition(choice.when)
                yield from _reference(choice.take)
            yield from _reference(otherwise)
        case _core.AddTime(to=to, amount=amount):
            yield to
            yield from _reference(amount)
        case _core.Log(of=one) | _core.Logistic(of=one) | _core.Clamp(of=one) | _core.Round(of=one):
            yield one
        case _core.Attribute(of=one):
            yield one


def _reference(given: float | str) -> Iterator[str]:
    if isinstance(given, str):
        yield given


def base(reference: str) -> str:
    """The item or scale that a reference is about: ``total`` for ``total.level``."""
    return reference.removesuffix(".level")


def read_by_scales(instrument: _core.Instrument) -> set[str]:
    """Items and scales that some scale reads, and references to instruments used."""
    return {base(each) for scale in instrument.scales for each in in_calculation(scale)}


NEEDS_A_PROGRAM = (_core.WeightedSum, _core.Log, _core.Logistic, _core.Ratio, _core.Product, _core.Round)


def by_hand(instrument: _core.Instrument) -> set[str]:
    """Codes of the scales that follow from the responses by additions, comparisons and look-ups alone."""
    known: set[str] = set()
    scales = {scale.code for scale in instrument.scales}
    for scale in instrument.scales:
        needed = {base(each) for each in in_calculation(scale)} & scales
        if not isinstance(scale.calculation, NEEDS_A_PROGRAM) and needed <= known:
            known.add(scale.code)
    return known
