"""The score sheet of an instrument: a form to print, fill in by pencil and file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from appraise import _core
from appraise._describe import reads, words
from appraise._display import interval, number
from appraise._document import Marked, render

MOST_BOXES = 12
"""A category with more labels is written in; the codebook lists them."""


@dataclass(frozen=True)
class Box:
    """A box to tick, with what it adds."""

    text: str
    points: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the form: what is asked, boxes to tick or a place to write, and whether it has points."""

    mark: str
    label: str
    code: str
    evidence: Marked
    hint: str = ""
    boxes: Sequence[Box] = ()
    write: str = ""
    points: bool = False


@dataclass(frozen=True)
class LevelTable:
    """The bands of a scale, each to tick."""

    title: str
    rows: Sequence[tuple[str, str, str, str]]
    evidence: Marked


def score_sheet(instrument: _core.Instrument) -> str:
    """The score sheet as one self-contained HTML page for A4 paper."""
    names = _names(instrument)
    answered, only_rules = _split(instrument)
    questions = [_item_line(item, instrument, names) for item in only_rules]
    items = [*_carried_over(instrument, names), *(_item_line(item, instrument, names) for item in answered)]
    scales = [_scale_line(scale, instrument, names) for scale in _shown(instrument)]
    levels = list(_level_tables(instrument))
    used = {each.evidence.mark for each in [*questions, *items, *scales]} | {each.evidence.mark for each in levels}
    return render(
        "sheet.html.j2",
        instrument=instrument,
        running=re.sub(r"[^\w .:/()-]", " ", f"{instrument.id} {instrument.edition}"),
        questions=questions,
        items=items,
        scales=scales,
        levels=levels,
        rules=[rule.reason for rule in (*instrument.applies_when, *instrument.valid_when)],
        cautions=[rule.reason for rule in instrument.cautions],
        marks={mark: meaning for mark, meaning in words.MARKS.items() if mark in used},
        version=_core.__version__,
    )


def _split(instrument: _core.Instrument) -> tuple[list[_core.Item], list[_core.Item]]:
    """Items that scores are worked out from, and those that only rules of use read."""
    wanted = reads.read_by_scales(instrument)
    for item in instrument.items:
        if item.code in wanted:
            wanted.update(map(reads.base, reads.in_condition(item.applies_when)))
    answered = [item for item in instrument.items if item.code in wanted or item.has_points]
    return answered, [item for item in instrument.items if item not in answered]


def _references_out(instrument: _core.Instrument) -> list[str]:
    """What is read of other instruments, once each, a value before its level."""
    aliases = {use.alias for use in instrument.uses}
    of = [each for scale in instrument.scales for each in reads.in_calculation(scale)]
    return list(dict.fromkeys(reads.base(each) for each in of if each.split(".")[0] in aliases))


def _names(instrument: _core.Instrument) -> dict[str, str]:
    """Numbers for what is scored, small letters for what is asked for rules of use, letters for scales."""
    answered, only_rules = _split(instrument)
    asked = [*_references_out(instrument), *(item.code for item in answered)]
    names = {code: str(at) for at, code in enumerate(asked, 1)}
    names.update((item.code, _letters(at).lower()) for at, item in enumerate(only_rules))
    names.update((scale.code, _letters(at)) for at, scale in enumerate(_shown(instrument)))
    return names


def _letters(at: int) -> str:
    """A, B, ... Z, AA, AB ..."""
    letters = ""
    at += 1
    while at:
        at, digit = divmod(at - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _shown(instrument: _core.Instrument) -> list[_core.Scale]:
    """The reported scales, and the steps that a sum or comparison worked out by hand adds up."""
    hand = reads.by_hand(instrument)
    wanted = {scale.code for scale in instrument.scales if scale.reported}
    for scale in reversed(instrument.scales):
        if scale.code in wanted & hand and isinstance(scale.calculation, _core.Sum | _core.Extreme | _core.Difference):
            wanted.update(map(reads.base, reads.in_calculation(scale)))
    return [scale for scale in instrument.scales if scale.code in wanted]


def _carried_over(instrument: _core.Instrument, names: dict[str, str]) -> Iterator[Line]:
    uses = {use.alias: use.definition for use in instrument.uses}
    for of in _references_out(instrument):
        alias, _, code = of.partition(".")
        scale = next((each for each in uses[alias].scales if each.code == code), None)
        evidence = _marked(scale.evidence if scale else None, uses[alias].evidence)
        label = scale.label if scale else code
        hint = f"carried over from the score sheet of {uses[alias].title}, edition {uses[alias].edition}"
        write = "value and level" if scale and scale.levels else "value"
        yield Line(names[of], label, of, evidence, hint, write=write)


def _marked(evidence: _core.Evidence | None, default: _core.Evidence) -> Marked:
    """The evidence of a block, without its sources: the codebook names them."""
    return Marked((evidence or default).mark)


def _item_line(item: _core.Item, instrument: _core.Instrument, names: dict[str, str]) -> Line:
    boxes: list[Box] = []
    write = ""
    if item.options:
        for option in item.options:
            text = option.label if item.kind == "choice" else option.code
            points = "" if option.points is None else number(option.points)
            boxes.append(Box(text, "" if points == text else points))
    else:
        write = {"date": "YYYY-MM-DD", "code": f"code of the list {item.list}"}.get(item.kind, item.unit or item.kind)
        boxes.extend(Box(interval(band.interval), number(band.value)) for band in item.bands)
    return Line(
        names[item.code],
        item.label,
        item.code,
        _marked(item.evidence, instrument.evidence),
        "; ".join(_hints(item, names)),
        boxes,
        write,
        item.has_points,
    )


def _hints(item: _core.Item, names: dict[str, str]) -> Iterator[str]:
    if item.applies_when:
        condition = words.condition(item.applies_when)
        for code in set(reads.in_condition(item.applies_when)) & names.keys():
            condition = re.sub(rf"\b{re.escape(code)}\b", f"no. {names[code]}", condition)
        yield f"only if {condition}; otherwise {number(item.points_if_not_applicable)} points"
    if item.if_missing is not None:
        given = number(item.if_missing) if isinstance(item.if_missing, float) else item.if_missing
        yield f"if not answered: {given}"


def _scale_line(scale: _core.Scale, instrument: _core.Instrument, names: dict[str, str]) -> Line:
    boxes = [Box(label) for label in scale.labels] if len(scale.labels) <= MOST_BOXES else []
    write = "" if boxes else {"date": "YYYY-MM-DD"}.get(scale.type, scale.unit or scale.type)
    hint = _formula(scale, names) if scale.code in reads.by_hand(instrument) else "worked out by the program"
    marks = [_marked(scale.evidence, instrument.evidence).mark]
    if isinstance(scale.calculation, _core.Lookup):
        marks += [table.evidence.mark for table in instrument.tables if table.name == scale.calculation.table]
    weakest = Marked(max(marks, key=list(words.MARKS).index))
    return Line(names[scale.code], scale.label, scale.code, weakest, hint, boxes, write)


def _formula(scale: _core.Scale, names: dict[str, str]) -> str:
    """How the scale is worked out, by the numbers and letters of the form."""

    def named(of: Sequence[str]) -> str:
        return ", ".join(_runs([names.get(reads.base(each), each) for each in of]))

    match scale.calculation:
        case _core.Sum(of=[one], missing=None) | _core.FirstAvailable(of=[one]):
            return f"{'level of' if one.endswith('.level') else 'taken from'} {named([one])}"
        case _core.Sum(of=of, missing=missing):
            omit = (
                f"; {named(missing.may_omit)} may be left out and counts 0" if missing and not missing.prorate else ""
            )
            prorated = f"; {words.missing_rule(missing)}" if missing and missing.prorate else ""
            return f"sum of {named(of)}{omit}{prorated}"
        case _core.Extreme(highest=highest, of=of):
            return f"{'highest' if highest else 'lowest'} of {named(of)}"
        case _core.Difference(of=first, minus=second):
            return f"{named([first])} minus {named([second])}"
        case _core.Lookup(of=of, table=table) if table:
            return f"table {table} in the codebook, by {' and '.join(named([each]) for each in of)}"
        case _core.Rules():
            return "decision table in the codebook"
        case _core.TimeBetween(start=start, end=end, unit=unit) if {start, end} <= names.keys():
            return f"whole {unit} from {named([start])} to {named([end])}"
    return "see the codebook"


def _runs(names: Iterable[str]) -> Iterator[str]:
    """ "1 to 4, A" for 1, 2, 3, 4, A."""
    run: list[str] = []
    for name in [*names, ""]:
        if run and not (name.isdecimal() and run[-1].isdecimal() and int(name) == int(run[-1]) + 1):
            yield from [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
            run = []
        run.append(name)


def _level_tables(instrument: _core.Instrument) -> Iterator[LevelTable]:
    schemes = {scheme.name: scheme for scheme in instrument.levels}
    for scale in instrument.scales:
        if scale.levels in schemes and scale.reported:
            scheme = schemes[scale.levels]
            rows = [(interval(band.interval), band.code, band.label, band.standard) for band in scheme.bands]
            title = f"Level of {scale.label} ({scheme.edition})"
            yield LevelTable(title, rows, Marked(scheme.evidence.mark))
