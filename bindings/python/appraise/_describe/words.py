"""Conditions and operations of a definition in plain English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from appraise import _core
from appraise._display import interval, number
from appraise._document import Table

MARKS = {
    "verified": "every figure was seen in the named public source",
    "derived": "worked out from verified figures; the note says how",
    "unverified": "known to the authors of the definition, not confirmed in a public source",
    "structure_only": "the figures are not public; the agency supplies them",
}
ROUNDING = {
    "half_up": "halves away from zero",
    "half_even": "halves to the even digit",
    "down": "toward zero",
    "floor": "down",
    "ceiling": "up",
}
_COMPARISONS = {
    "equals": "is",
    "at_least": "is at least",
    "above": "is above",
    "at_most": "is at most",
    "below": "is below",
}


def figure(value: float) -> str:
    """A figure with all of its digits, never with an exponent."""
    return number(value) if value.is_integer() else format(Decimal(repr(value)), "f")


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    each = list(words)
    return f" {last} ".join(filter(None, [", ".join(each[:-1]), each[-1]])) if each else "nothing"


def reference(of: str) -> str:
    """ "the level of total" for ``total.level``, other references as they are."""
    name, dot, end = of.rpartition(".")
    return f"the level of {name}" if dot and end == "level" else of


def as_it_is(of: str) -> str:
    """What a scale that only hands something on gives: "the value of total", "the level of total"."""
    return reference(of) if of.endswith(".level") else f"the value of {of}"


def operand(given: _core.Operand) -> str:
    """What a value is compared with."""
    value = given.value
    if isinstance(value, float):
        return number(value)
    return reference(value) if given.is_reference else value


def condition(given: _core.Condition, *, inner: bool = False) -> str:
    """A condition as a clause. `inner`: as part of another, so that what is joined stands in brackets."""
    match given.kind:
        case "all" | "any":
            if not given.parts:
                return "always"
            if len(given.parts) == 1:
                return condition(given.parts[0], inner=inner)
            joined = (" and " if given.kind == "all" else " or ").join(
                condition(part, inner=True) for part in given.parts
            )
            return f"({joined})" if inner else joined
        case "not":
            return f"not ({condition(given.parts[0])})"
        case "is_missing":
            return f"{reference(given.of)} is {'' if given.operands[0].value else 'not '}missing"
        case "in":
            return f"{reference(given.of)} is {listed(map(operand, given.operands), 'or')}"
    return f"{reference(given.of)} {_COMPARISONS[given.kind]} {operand(given.operands[0])}"


def taken(given: float | str) -> str:
    """A number or a reference."""
    return number(given) if isinstance(given, float) else reference(given)


def missing_rule(rule: _core.MissingRule | None) -> str:
    """What happens to a sum, maximum or minimum when answers are missing."""
    if rule is None:
        return ""
    omit = listed(rule.may_omit, "or")
    most = f", at most {rule.at_most} of them" if rule.at_most < len(rule.may_omit) else ""
    then = (
        f"the sum is then prorated to all references and rounded to a whole number, {ROUNDING[rule.prorate]}"
        if rule.prorate
        else "what is missing is then left out"
    )
    return f"{omit} may be missing{most}; {then}, and the row is marked as scored with omissions."


def no_such_day(rule: str, unit: str) -> str:
    """What is done where a day of the month does not exist."""
    if unit == "days":
        return ""
    where = "on the first of the next month" if rule == "next_day" else "on the last day of the month"
    return f" A day that the month does not have counts as reached {where}."


def term(given: _core.Term) -> str:
    """What a term reads: "age squared times sanctions"."""
    if not given.of:
        return "1"
    power = {1: "", 2: " squared", 3: " cubed"}.get(given.power, f" to the power of {given.power}")
    product = " times ".join(map(reference, given.of))
    return (f"({product})" if power and len(given.of) > 1 else product) + power


def calculation(scale: _core.Scale) -> str:
    """The operation of a scale as one or two sentences; `tables` holds what does not fit into them."""
    match scale.calculation:
        case _core.Sum(of=of, missing=missing):
            whole = f"the sum of {listed(map(reference, of))}" if len(of) > 1 else as_it_is(of[0])
            return _sentences(whole, missing_rule(missing))
        case _core.WeightedSum(intercept=intercept, terms=terms):
            if len(terms) == 1:
                return _single_term(intercept, terms[0])
            start = f"{figure(intercept)} plus the sum" if intercept else "The sum"
            return f"{start} of {len(terms)} weighted terms, added in the order of the table."
        case _core.Difference(of=first, minus=minus):
            return f"{reference(first)} minus {reference(minus)}."
        case _core.Count(of=conditions):
            return f"How many of these hold: {'; '.join(map(condition, conditions))}."
        case _core.Extreme(highest=highest, of=of, missing=missing):
            return _sentences(
                f"the {'highest' if highest else 'lowest'} of {listed(map(reference, of))}", missing_rule(missing)
            )
        case _core.Product(of=of):
            return f"The product of {listed(map(reference, of))}."
        case _core.Ratio(of=first, over=over):
            return f"{reference(first)} divided by {reference(over)}."
        case _core.Log(of=first):
            return f"The natural logarithm of {reference(first)}."
        case _core.Logistic(of=first):
            return f"The logistic function of {reference(first)}: 1 / (1 + exp(-{reference(first)}))."
        case _:
            return _decision(scale)


def _single_term(intercept: float, only: _core.Term) -> str:
    weight = [] if only.weight == 1 and only.of else [figure(only.weight)]
    product = " times ".join([*weight, *([term(only)] if only.of else [])])
    when = f" if {condition(only.when)}, else 0" if only.when else ""
    return f"{figure(intercept)} plus {product}{when}." if intercept else f"{product}{when}."


def _decision(scale: _core.Scale) -> str:
    match scale.calculation:
        case _core.Lookup(of=of, table=table):
            return (
                f"Looked up by {listed(map(reference, of))} in {f'the table {table}' if table else 'the bands below'}."
            )
        case _core.Rules(unique=unique):
            return (
                "A decision table; at most one row can hold."
                if unique
                else "A decision table; the first row that holds decides."
            )
        case _core.Choose(rows=rows, otherwise=otherwise):
            cases = "; if ".join(f"{condition(row.when)}: {taken(row.take)}" for row in rows)
            return f"If {cases}; otherwise: {taken(otherwise)}."
        case _core.FirstAvailable(of=of, flag=flag):
            return _sentences(
                f"the first of {listed(map(reference, of))} that has a value" if len(of) > 1 else as_it_is(of[0]),
                "Using another than the first marks the row as scored with omissions." if flag and len(of) > 1 else "",
            )
        case _core.Clamp(of=first, low=low, high=high):
            ends = [
                f"not below {number(low)}" if low is not None else "",
                f"not above {number(high)}" if high is not None else "",
            ]
            return f"{reference(first)}, but {listed(filter(None, ends))}."
        case _core.Round(of=first, digits=digits, mode=mode):
            return f"{reference(first)} rounded to {digits} decimal places, {ROUNDING[mode]}."
        case _core.TimeBetween(start=start, end=end, unit=unit, no_such_day=rule):
            return f"Whole {unit} from {reference(start)} to {reference(end)}." + no_such_day(rule, unit)
        case _core.AddTime(to=to, amount=amount, unit=unit, no_such_day=rule):
            return f"{reference(to)} plus {taken(amount)} {unit}." + no_such_day(rule, unit)
        case _core.Attribute(of=of, name=name):
            return f"The attribute {name} of the code {of}."
    raise AssertionError(scale.operation)


def _sentences(first: str, *others: str) -> str:
    return " ".join(filter(None, [f"{first[0].upper()}{first[1:]}." if " " in first else f"{first}.", *others]))


def tables(scale: _core.Scale) -> list[Table]:
    """The tables of an operation: terms, bands, rows of a decision."""
    match scale.calculation:
        case _core.WeightedSum(terms=terms):
            return [_terms(terms)]
        case _core.Lookup(bands=bands) if bands:
            return [Table(("value", "result"), [(interval(band.interval), number(band.value)) for band in bands])]
        case _core.Rules(rows=rows, otherwise=otherwise):
            lines = [(str(at), condition(row.when), taken(row.then), row.source) for at, row in enumerate(rows, 1)]
            if otherwise:
                lines.append(("", "otherwise", taken(otherwise.then), otherwise.source))
            return [_without_empty(("row", "if", "then", "source"), lines)]
    return []


def _terms(terms: Sequence[_core.Term]) -> Table:
    rows = [
        (each.name, term(each), figure(each.weight), condition(each.when) if each.when else "", each.group)
        for each in terms
    ]
    return _without_empty(("term", "reads", "weight", "only if", "group"), rows, numbers={2})


def _without_empty(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: set[int] | None = None) -> Table:
    """A table without the columns that are empty in every row."""
    kept = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    return Table(
        [heads[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        numbers=frozenset(kept.index(at) for at in numbers or () if at in kept),
    )
