"""A scoring form: its lines with their printed points, the totals under them, and cases that go over every figure."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

Response = str | int | float
Points = dict[str, float]
Row = dict[str, Any]


class Answer(NamedTuple):
    response: Response
    points: float
    number: int | None = None  # the number that stands for a choice


@dataclass(frozen=True)
class Line:
    """One question of the form. The first answer is the one that all other cases give."""

    code: str
    answers: tuple[Answer, ...]
    invalid: tuple[Response, ...]
    left_out: Answer | None = None  # what stands for no answer, as a reason, where the rules allow none

    def usually(self, response: Response) -> Line:
        """The same line with another usual answer."""
        first = [answer for answer in self.answers if answer.response == response]
        return replace(self, answers=(*first, *(answer for answer in self.answers if answer.response != response)))

    def wrong_from(self, *invalid: Response) -> Line:
        """The same line with other answers that it does not take."""
        return replace(self, invalid=invalid)

    def may_be_left_out(self, reason: str, points: float) -> Line:
        return replace(self, left_out=Answer(reason, points))


def yes_no(code: str, no: float = 0, yes: float = 1) -> Line:
    return Line(code, (Answer("no", no), Answer("yes", yes)), ("maybe",))


def choice(code: str, *answers: tuple[str, int, float]) -> Line:
    """Answers as code, number and points."""
    numbers = [number for _, number, _ in answers]
    return Line(code, tuple(Answer(a, points, n) for a, n, points in answers), (max(numbers) + 1, min(numbers) - 1))


def ratings(code: str, *points: float) -> Line:
    """A rating whose answers are the numbers 0, 1, 2 and so on."""
    return choice(code, *((str(i), i, p) for i, p in enumerate(points)))


def count(code: str, *rows: tuple[int, float], to: int | None = None) -> Line:
    """Rows as printed: from which count, how many points. The last row goes up to `to`, or without end."""
    ends = [upper - 1 for (_, _), (upper, _) in pairwise(rows)] + [rows[-1][0] + 1 if to is None else to]
    answers = [Answer(n, points) for (first, points), last in zip(rows, ends, strict=True) for n in {first: 0, last: 0}]
    return Line(code, tuple(answers), (rows[0][0] - 1, *([] if to is None else [to + 1]), 0.5))


def recorded(code: str, lowest: int, highest: int) -> Line:
    """A total that is taken over from the authors' own form."""
    answers = tuple(Answer(n, n) for n in range(lowest, highest + 1))
    return Line(code, answers, (lowest - 1, highest + 1, lowest + 0.5))


def age(code: str, *rows: tuple[float, float], below: float = 120) -> Line:
    """Rows as printed: from which birthday, how many points. A person is of an age until the next birthday."""
    ends = [upper for (_, _), (upper, _) in pairwise(rows)] + [below]
    answers = [
        Answer(years, points)
        for (first, points), end in zip(rows, ends, strict=True)
        for years in (first, round(end - 0.01, 2))
    ]
    return Line(code, tuple(answers), (below, -1))


@dataclass(frozen=True)
class Total:
    """A figure under the form: how it comes out of the points, and its levels as lowest value, code, standard."""

    code: str
    value: Callable[[Points], Any]
    levels: tuple[tuple[float, str] | tuple[float, str, str], ...] = ()
    terms: dict[str, Callable[[Points], float]] = field(default_factory=dict)
    norms: dict[str, dict[int, dict[str, float]]] = field(default_factory=dict)
    whole: bool = True  # has a lowest and a highest value, and cuts at whole numbers
    explained_by: str | None = None  # the sum that has the terms, if it is another one

    def level(self, value: float) -> tuple[str, str | None]:
        row = [each for each in self.levels if each[0] <= value][-1]
        return row[1], row[2] if len(row) > 2 else None

    def expected(self, points: Points) -> Row:
        value = self.value(points)
        expect: Row = {self.code: value, f"{self.code}_status": "scored"}
        if self.levels:
            expect |= self._of_level(value)
        prefix = f"{self.explained_by or self.code}_from_"
        return expect | {prefix + name: term(points) for name, term in self.terms.items()}

    def _of_level(self, value: float) -> Row:
        code, standard = self.level(value)
        expect: Row = {f"{self.code}_level": code}
        if standard is not None:
            expect[f"{self.code}_standard_level"] = standard
        cuts = [row[0] for row in self.levels]
        place = max(i for i, cut in enumerate(cuts) if cut <= value)
        step = 1 if self.whole else 0
        ways = [cuts[place + 1] - value] if place + 1 < len(cuts) else []
        ways += [value - cuts[place] + step] if place else []
        if ways:
            expect[f"{self.code}_to_cut"] = min(ways)
        return expect


def added(*codes: str) -> Callable[[Points], float]:
    return lambda points: sum(points[code] for code in codes)


def total(code: str, lines: list[Line], *levels: Any, norms: dict[str, Any] | None = None) -> Total:
    """The sum of all lines."""
    codes = [line.code for line in lines]
    terms = {each: added(each) for each in codes}
    return Total(code, added(*codes), tuple(levels), terms, norms or {})


class Extra(NamedTuple):
    """A case that the lines do not give: answers other than usual (None: no answer), and what must come out."""

    id: str
    source: str
    responses: Row
    expect: Row
    norms: tuple[str, ...] = ()
    levels: dict[str, str] | None = None


@dataclass
class Worksheet:
    instrument: str
    edition: str
    lines: list[Line]
    totals: list[Total]
    fixed: Row = field(default_factory=dict)  # answers to questions without points
    extras: list[Extra] = field(default_factory=list)
    other_levels: dict[str, dict[str, Any]] = field(default_factory=dict)  # by total: printed schemes of other years
    proration: bool = False  # missing answers do not leave a total without value: they have cases of their own

    def points(self, chosen: dict[str, int]) -> Points:
        return {line.code: line.answers[chosen.get(line.code, 0)].points for line in self.lines}

    def responses(self, chosen: dict[str, int]) -> Row:
        return self.fixed | {line.code: line.answers[chosen.get(line.code, 0)].response for line in self.lines}

    def expected(self, chosen: dict[str, int]) -> Row:
        points = self.points(chosen)
        expect: Row = {}
        for each in self.totals:
            expect |= each.expected(points)
        return expect

    def _changed(self, chosen: dict[str, int]) -> Row:
        """What the first total comes to, and those that are no longer what the usual answers give."""
        usual, points = self.points({}), self.points(chosen)
        expect: Row = {}
        for i, each in enumerate(self.totals):
            if i == 0 or each.value(points) != each.value(usual):
                expect |= each.expected(points)
        return expect

    def cases(self) -> Iterator[Row]:
        for line in self.lines:
            yield from self._of_answers(line)
            yield from self._of_wrong_answers(line)
            if not self.proration:
                yield self._of_no_answer(line)
        yield from self._of_values()
        base = self.responses({})
        for extra in self.extras:
            responses = {code: answer for code, answer in (base | extra.responses).items() if answer is not None}
            case: Row = {"id": extra.id, "source": extra.source, "responses": responses, "expect": extra.expect}
            if extra.norms:
                case["norms"] = list(extra.norms)
            if extra.levels:
                case["levels"] = extra.levels
            yield case

    def _of_answers(self, line: Line) -> Iterator[Row]:
        for i, answer in enumerate(line.answers):
            source = f"{line.code}: {answer.response} gives {answer.points}"
            expect = self._changed({line.code: i})
            responses = self.responses({line.code: i})
            yield {"id": f"{line.code}-{answer.response}", "source": source, "responses": responses, "expect": expect}
            if answer.number is not None and str(answer.number) != answer.response:
                responses = responses | {line.code: answer.number}
                source = f"{line.code}: the number {answer.number} stands for {answer.response}"
                yield {
                    "id": f"{line.code}-number-{answer.number}",
                    "source": source,
                    "responses": responses,
                    "expect": expect,
                }

    def _of_wrong_answers(self, line: Line) -> Iterator[Row]:
        for wrong in line.invalid:
            yield {
                "id": f"{line.code}-wrong-{wrong}",
                "source": f"{line.code}: {wrong} is no answer of the form",
                "responses": self.responses({}) | {line.code: wrong},
                "expect": self._without_value("invalid", line),
            }

    def _without_value(self, status: str, line: Line) -> Row:
        """What the totals that read the line come to without it; the others stand."""
        expect: Row = {}
        for each in self.totals:
            values = [each.value(self.points({line.code: i})) for i in range(len(line.answers))]
            if len(set(values)) == 1:
                continue  # this total may not read the line
            expect |= {each.code: None, f"{each.code}_status": status}
            if status == "incomplete" and each.whole:
                expect |= {f"{each.code}_lowest": min(values), f"{each.code}_highest": max(values)}
        return expect

    def _of_no_answer(self, line: Line) -> Row:
        responses = {code: answer for code, answer in self.responses({}).items() if code != line.code}
        if line.left_out is not None:
            points = self.points({}) | {line.code: line.left_out.points}
            expect: Row = {}
            for each in self.totals:
                if len({each.value(points | {line.code: answer.points}) for answer in line.answers}) > 1:
                    expect |= {each.code: each.value(points), f"{each.code}_status": "scored_with_omissions"}
            source = f"{line.code}: left out, {line.left_out.points} points"
            expect["reasons"] = line.left_out.response
            return {"id": f"{line.code}-missing", "source": source, "responses": responses, "expect": expect}
        return {
            "id": f"{line.code}-missing",
            "source": f"{line.code}: not answered",
            "responses": responses,
            "expect": self._without_value("incomplete", line),
        }

    def _of_values(self) -> Iterator[Row]:
        """One row for every value that each total can have."""
        for each in self.totals:
            seen: dict[Any, dict[str, int]] = {}
            for chosen in self._rows():
                seen.setdefault(each.value(self.points(chosen)), chosen)
            values = sorted(seen)
            if not (each.levels or each.norms):  # nothing is cut: the ends and the middle
                values = sorted({values[0], values[len(values) // 2], values[-1]})
            for value in values:
                chosen = seen[value]
                expect = self.expected(chosen)
                for norms, rows in each.norms.items():
                    columns = ("rate", "rate_low", "rate_high", "percentile", "risk_ratio")
                    row = rows.get(int(value), {})
                    known = [column for column in columns if any(column in other for other in rows.values())]
                    expect |= {f"{each.code}_{norms}_{column}": row.get(column) for column in known}
                case: Row = {
                    "id": f"{each.code}-{value}",
                    "source": f"answers that come to {value}, point by point",
                    "responses": self.responses(chosen),
                    "expect": expect,
                }
                if each.norms:
                    case["norms"] = list(each.norms)
                yield case
                for name, levels in self.other_levels.get(each.code, {}).items():
                    other = replace(each, levels=levels, terms={}, norms={})
                    yield {
                        "id": f"{each.code}-{value}-{name}",
                        "source": f"{value} under the levels {name}",
                        "responses": self.responses(chosen),
                        "expect": other.expected(self.points(chosen)),
                        "levels": {each.code: name},
                    }

    def _rows(self) -> Iterator[dict[str, int]]:
        """Rows of many totals: one line after the other to its lowest and to its highest points, and rows at random."""
        for highest in (False, True):
            chosen: dict[str, int] = {}
            yield dict(chosen)
            for line in self.lines:
                points = [answer.points for answer in line.answers]
                chosen[line.code] = points.index(max(points) if highest else min(points))
                yield dict(chosen)
            yield from self._near(chosen)
        source = random.Random(1)
        for _ in range(4000):
            yield {line.code: source.randrange(len(line.answers)) for line in self.lines}

    def _near(self, chosen: dict[str, int]) -> Iterator[dict[str, int]]:
        """Rows that differ in one or two lines."""
        changes = [(line.code, i) for line in self.lines for i in range(len(line.answers))]
        for code, i in changes:
            yield chosen | {code: i}
        for (code, i), (other, j) in itertools.combinations(changes, 2):
            if code != other:
                yield chosen | {code: i, other: j}

    def document(self) -> Row:
        return {"format": 1, "instrument": self.instrument, "edition": self.edition, "cases": list(self.cases())}
