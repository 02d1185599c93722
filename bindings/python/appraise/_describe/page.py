"""The reference page of an instrument: its definition as Markdown, each figure one click from its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from appraise import _core
from appraise._describe import codebook, page_figures, reads, words
from appraise._describe.citations import Citations, mark_words
from appraise._display import interval, number
from appraise._document import cell, escaped, pipe_table


def file_name(instrument: _core.Instrument) -> str:
    """The name of the page among the others."""
    return f"{instrument.id}-{instrument.edition}.md"


def _points(value: float) -> str:
    """An arrow to the points, never alone at the end of a line."""
    return f"\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}**{number(value)}**"


class Page:
    """Writes the page of one instrument.

    Examples
    --------
    >>> import appraise as ap
    >>> from appraise._describe.page import Page
    >>> Page(ap.load("static-99r")).text().splitlines()[0]
    '# Static-99R'
    """

    def __init__(self, instrument: _core.Instrument) -> None:
        self.of = instrument
        self.citations = Citations(instrument)
        self.home = f"../../instruments/{instrument.id}/{instrument.edition}"

    def text(self) -> str:
        """The page as Markdown."""
        guide = bool(self.of.structured_judgment)
        chapters = (
            ("use", "For whom, and for whom not", self._use()),
            ("evidence", "Evidence at a glance", self._evidence()),
            ("items", "Items", self._items()),
            ("score", "What is recorded" if guide else "How the score is worked out", self._scales()),
            ("missing", "Missing answers", self._missing()),
            ("levels", "Levels", page_figures.levels(self.of, self.citations)),
            ("tables", "Tables", page_figures.tables(self.of, self.citations)),
            ("norms", "Norms", page_figures.norms(self.of, self.citations)),
            ("reassessment", "Reassessment", self._reassessment()),
            ("cautions", "Cautions", self._cautions()),
            ("lists", "Code lists", self._lists()),
            ("licence", "Licence and training", self._licence()),
            ("sources", "Sources", self._sources()),
            ("digests", "Digests of parts", self._digests()),
            ("files", "Files, and figures of your own", self._files()),
        )
        written = [(anchor, title, list(parts)) for anchor, title, parts in chapters]
        kept = [(anchor, title, parts) for anchor, title, parts in written if parts]
        lines = [*self._top(), " · ".join(f"[{title}](#{anchor})" for anchor, title, _ in kept)]
        for anchor, title, parts in kept:
            lines += [f'<a id="{anchor}"></a>\n\n## {title}', *parts]
        return "\n\n".join(lines) + "\n"

    def _top(self) -> Iterator[str]:
        it = self.of
        yield f"# {escaped(it.title)}"
        yield f"`{it.id}`, edition {escaped(it.edition)}: {escaped(it.family)}. [All instruments](index.md)"
        if it.structured_judgment:
            reason = f"{it.structured_judgment[0].upper()}{it.structured_judgment[1:].rstrip('.')}."
            yield f"> **Structured professional judgment: there is no total.** {escaped(reason)}"
        if it.notice:
            yield f"> {escaped(it.notice)}"
        facts = [
            ("What it says", escaped(it.outcome)),
            ("For", escaped(it.population)),
            ("Authors", escaped(", ".join(it.authors))),
            ("Combines", ", ".join(self._uses())),
            ("Evidence, where a block below states none of its own", self.citations.evidence(it.evidence)),
        ]
        yield "\n".join(f"* **{name}:** {says}" for name, says in facts if says)

    def _uses(self) -> Iterator[str]:
        for use in self.of.uses:
            page = file_name(use.definition)
            yield f"[{escaped(use.definition.title)}, edition {escaped(use.edition)}]({page}) as `{use.alias}`"

    # Rules of use

    def _use(self) -> Iterator[str]:
        applies, valid = self.of.applies_when, self.of.valid_when
        yield from self._rules(
            "It applies only if all of these hold; else it is **not applicable**:", applies, "incomplete"
        )
        yield from self._rules(
            "The answers make sense only if all of these hold; else they are **invalid**:", valid, "passed over"
        )
        if applies or valid:
            yield f"{self._rule_evidence()} A rule that is passed over for want of an answer counts as met."
        elif not self.of.uses:
            yield "The definition states no rule of use beyond the population above."
        if self.of.uses:
            pages = (f"[{escaped(use.definition.title)}]({file_name(use.definition)}#use)" for use in self.of.uses)
            yield f"Where the rules of what it combines fail, nothing is read from there: {words.listed(pages)}."

    def _rule_evidence(self) -> str:
        return (
            "A rule has the evidence of the answers that it reads, linked beside it; "
            f"[SOURCE.md]({self.home}/SOURCE.md) says where the rule itself was seen."
        )

    def _rules(self, title: str, rules: Sequence[_core.UseRule], unknown: str) -> Iterator[str]:
        if rules:
            rows = [
                (
                    cell(rule.reason),
                    f"{cell(words.condition(rule.condition))}<br>`{rule.code}`",
                    "passed over" if rule.applies_if_unknown else unknown,
                    self._evidence_read(rule.condition),
                )
                for rule in rules
            ]
            yield title
            yield pipe_table(("reason", "holds if", "if not known", "evidence of what it reads"), rows)

    def _cautions(self) -> Iterator[str]:
        if self.of.cautions:
            rows = [
                (
                    cell(rule.reason),
                    f"{cell(words.condition(rule.condition))}<br>`{rule.code}`",
                    self._evidence_read(rule.condition),
                )
                for rule in self.of.cautions
            ]
            yield f"Given with every result for which they hold. {self._rule_evidence()}"
            yield pipe_table(("caution", "given if", "evidence of what it reads"), rows)

    def _evidence_read(self, condition: _core.Condition) -> str:
        """Links to what a condition reads, with marks and sources; what has the same ones stands together."""
        says: dict[str, list[str]] = {}
        for code in dict.fromkeys(reads.base(each) for each in reads.in_condition(condition)):
            link, evidence = self._evidence_of(code)
            says.setdefault(evidence, []).append(link)
        return "<br>".join(f"{', '.join(links)} {evidence}" for evidence, links in says.items())

    def _evidence_of(self, code: str) -> tuple[str, str]:
        """A link to an item or scale, and its mark and sources; those of an instrument used are on its page."""
        alias, dot, inner = code.partition(".")
        use = next((use for use in self.of.uses if dot and use.alias == alias), None)
        of, name = (use.definition, inner) if use else (self.of, code)
        page = file_name(of) if use else ""
        citations = Citations(of, page, alias) if use else self.citations
        blocks = [("item", each.code, each.evidence) for each in of.items]
        blocks += [("scale", each.code, each.evidence) for each in of.scales]
        kind, own = next((kind, own) for kind, known, own in blocks if known == name)
        evidence = own or of.evidence
        says = citations.short(evidence) if evidence.sources else citations.evidence(evidence)
        return f"[`{code}`]({page}#{kind}-{name})", says

    # Evidence

    def _evidence(self) -> Iterator[str]:
        blocks: list[tuple[str, str, list[tuple[_core.Evidence, str]]]] = [
            ("items", "Items", [(self._own(each), f"[`{each.code}`](#item-{each.code})") for each in self.of.items]),
            ("score", "Scales", [(self._own(each), f"[`{each.code}`](#scale-{each.code})") for each in self.of.scales]),
            ("levels", "Levels", [(each.evidence, f"[`{each.name}`](#levels-{each.name})") for each in self.of.levels]),
            ("tables", "Tables", [(each.evidence, f"[`{each.name}`](#table-{each.name})") for each in self.of.tables]),
            ("norms", "Norms", [(each.evidence, f"[`{each.id}`](#norms-{each.id})") for each in self.of.norms]),
        ]
        if self.of.reassess_evidence:
            blocks.append(("reassessment", "Reassessment", [(self.of.reassess_evidence, "interval and events")]))
        rows = [row for block in blocks for row in self._marks(*block)]
        yield pipe_table(("block", "evidence", "which"), rows)
        marks = {evidence.mark for _, _, group in blocks for evidence, _ in group}
        yield "\n".join(f"* {mark_words(mark)}: {says}" for mark, says in words.MARKS.items() if mark in marks)
        yield (
            "A mark says how this project knows a figure, not how good the instrument is. "
            "Unverified figures are used only where the user accepts them by name, and every result then says so."
        )

    def _own(self, block: _core.Item | _core.Scale) -> _core.Evidence:
        return block.evidence or self.of.evidence

    def _marks(self, anchor: str, title: str, blocks: Iterable[tuple[_core.Evidence, str]]) -> Iterator[Sequence[str]]:
        order = list(words.MARKS)
        ordered = sorted(blocks, key=lambda each: order.index(each[0].mark))
        for mark, group in groupby(ordered, key=lambda each: each[0].mark):
            names = [name for _, name in group]
            count = "" if len(names) == 1 else f"{len(names)}: "
            yield f"[{title}](#{anchor})", mark_words(mark), f"{count}{', '.join(names)}"

    def _evidence_line(self, evidence: _core.Evidence) -> str:
        return f"Evidence: {self.citations.evidence(evidence)}"

    # Items

    def _items(self) -> Iterator[str]:
        if not self.of.items:
            yield "No items of its own: it reads the instruments that it combines."
            return
        read = reads.read_by_scales(self.of)
        scored = [item for item in self.of.items if item.code in read]
        others = [item for item in self.of.items if item.code not in read]
        yield "Labels are in our own words; score with the manual at hand." + (
            " An arrow leads from an answer to its points." if any(item.has_points for item in scored) else ""
        )
        yield from self._item_table(scored, 1)
        if others:
            yield "Asked for the rules of use and the cautions, or recorded; no scale reads these:"
            yield from self._item_table(others, len(scored) + 1)

    def _item_table(self, items: Sequence[_core.Item], first: int) -> Iterator[str]:
        if items:
            rows = [
                (str(at), self._item_name(item), "<br>".join(self._answers(item)), evidence)
                for at, (item, evidence) in enumerate(
                    zip(items, self._evidence_cells(items, first), strict=True), first
                )
            ]
            answers = "answers → points" if any(item.has_points for item in items) else "answers"
            yield pipe_table(("", "item", answers, "evidence"), rows, [0])

    def _evidence_cells(self, blocks: Sequence[_core.Item | _core.Scale], first: int) -> Iterator[str]:
        """The evidence of the rows of a table; a note that was said in an earlier row is not said again."""
        said: dict[str, int] = {}
        for at, block in enumerate(blocks, first):
            evidence = self._own(block)
            row = said.setdefault(evidence.note, at)
            if evidence.note and row != at:
                yield f"{self.citations.short(evidence)}<br>Note: as in row {row}."
            else:
                yield self.citations.evidence(evidence).replace(" Note: ", "<br>Note: ")

    def _item_name(self, item: _core.Item) -> str:
        applies = f"<br>Only if {cell(words.condition(item.applies_when))}." if item.applies_when else ""
        return f'<a id="item-{item.code}"></a>{cell(item.label)}<br>`{item.code}`{applies}'

    def _answers(self, item: _core.Item) -> Iterator[str]:
        if item.bands:
            if item.unit:
                yield f"{cell(item.unit)}:"
            for band in item.bands:
                yield f"{interval(band.interval)}{_points(band.value)}"
        elif item.options:
            for option in item.options:
                value = f" ({option.value})" if item.kind == "choice" and option.code != str(option.value) else ""
                label = "" if option.label in ("", option.code) else f": {cell(option.label)}"
                points = _points(option.points) if item.has_points and option.points is not None else ""
                yield f"`{option.code}`{value}{label}{points}"
        else:
            yield cell(codebook.kind_of(item)) + (
                f": {interval(item.range, dates=item.kind == 'date')}" if item.range else ""
            )
        if item.applies_when and item.has_points:
            yield f"does not apply{_points(item.points_if_not_applicable)}"

    # Scales

    def _scales(self) -> Iterator[str]:
        if self.of.structured_judgment:
            yield "No score is worked out: what the rater decided is handed on as it is."
        else:
            yield "In the order of the worksheet. An item that has points stands for its points where a number is read."
        rows = [
            (str(at), self._scale_name(scale), self._worked_out(scale), evidence)
            for at, (scale, evidence) in enumerate(
                zip(self.of.scales, self._evidence_cells(self.of.scales, 1), strict=True), 1
            )
        ]
        yield pipe_table(("", "scale", "what it is", "evidence"), rows, [0])
        for scale in self.of.scales:
            if self._needs_steps(scale):
                yield f'<a id="steps-{scale.code}"></a>\n\n### {escaped(scale.label)} (`{scale.code}`)'
                yield escaped(words.calculation(scale))
                yield from self._scale_tables(scale)
                yield self._evidence_line(self._own(scale))

    def _scale_name(self, scale: _core.Scale) -> str:
        step = "" if scale.reported else "<br>a step, not in the results"
        return f'<a id="scale-{scale.code}"></a>{cell(scale.label)}<br>`{scale.code}`{step}'

    def _worked_out(self, scale: _core.Scale) -> str:
        value = f"One of {words.listed(scale.labels, 'or')}." if scale.labels else ""
        ends = f"{interval(scale.range, dates=scale.type == 'date')}" if scale.range else ""
        facts = [
            f"Only if {words.condition(scale.applies_when)}." if scale.applies_when else "",
            words.calculation(scale),
            value,
            f"Range: {ends}{f' {scale.unit}' if scale.unit else ''}." if ends else "",
            f"Unit: {scale.unit}." if scale.unit and not ends else "",
        ]
        links = [
            f"[Step by step](#steps-{scale.code})" if self._needs_steps(scale) else "",
            f"[Levels](#levels-{scale.levels})" if scale.levels else "",
            *(f"[Table](#table-{name})" for name in self._tables_read(scale)),
        ]
        return " ".join(filter(None, [*map(cell, filter(None, facts)), *links]))

    def _tables_read(self, scale: _core.Scale) -> Iterator[str]:
        match scale.calculation:
            case _core.Lookup(table=name) if name:
                yield name

    def _needs_steps(self, scale: _core.Scale) -> bool:
        """Whether an operation has a table. That of a single term would repeat the sentence."""
        match scale.calculation:
            case _core.WeightedSum(terms=[_]):
                return False
        return bool(words.tables(scale))

    def _scale_tables(self, scale: _core.Scale) -> Iterator[str]:
        for each in words.tables(scale):
            if "source" not in each.heads:
                yield page_figures.plain(each)
                continue
            at = list(each.heads).index("source")
            rows = [
                [self.citations.row_source(text) if place == at else cell(text) for place, text in enumerate(row)]
                for row in each.rows
            ]
            yield pipe_table([cell(head) for head in each.heads], rows, each.numbers)

    # Missing answers

    def _missing(self) -> Iterator[str]:
        lines = []
        for item in self.of.items:
            if item.if_missing is not None:
                lines.append(f"{' '.join(self._evidence_of(item.code))}: {escaped(codebook.missing_words(item))}.")
        for scale in self.of.scales:
            match scale.calculation:
                case _core.Sum(missing=rule) | _core.Extreme(missing=rule) if rule:
                    lines.append(f"{' '.join(self._evidence_of(scale.code))}: {escaped(words.missing_rule(rule))}")
                case _core.FirstAvailable(of=[_, _, *_]):
                    lines.append(f"{' '.join(self._evidence_of(scale.code))}: {escaped(words.calculation(scale))}")
        optional = [f"[`{item.code}`](#item-{item.code})" for item in self.of.items if item.optional]
        if optional:
            lines.append(f"A column for these may be left out; every answer is then missing: {', '.join(optional)}.")
        yield (
            "A scale has a value only if all that it needs has one; otherwise it is incomplete, with the reason. "
            + ("Exceptions:" if lines else "There is no exception.")
        )
        if lines:
            yield "\n".join(f"* {line}" for line in lines)

    # The rest

    def _reassessment(self) -> Iterator[str]:
        if self.of.reassess_evidence:
            months = self.of.reassess_months
            events = "".join(f"\n* Due after: {escaped(each)}" for each in self.of.reassess_events)
            yield f"* Interval: {'none stated' if months is None else f'{months} months'}{events}"
            yield self._evidence_line(self.of.reassess_evidence)

    def _lists(self) -> Iterator[str]:
        for name, codes in self.of.code_lists.items():
            yield f"### {escaped(codes.title)} (`{name}`)"
            rows = [(cell(each.name), cell(", ".join(each.labels))) for each in codes.attributes]
            yield pipe_table(("attribute", "labels"), rows)
            yield f"{len(codes):,} codes. Source: {escaped(codes.source)} Digest: `{codes.digest}`."

    def _licence(self) -> Iterator[str]:
        yield f"* **Licence:** {escaped(self.of.licence)}\n* **Training:** {escaped(self.of.training)}"

    def _sources(self) -> Iterator[str]:
        yield "\n".join(self.citations.listed()) or "No source is named."

    def _digests(self) -> Iterator[str]:
        rows = [
            (cell(part.name), cell(part.edition), mark_words(part.mark), f"`{part.digest}`") for part in self.of.parts
        ]
        yield pipe_table(("part", "edition", "weakest evidence", "SHA-256 digest"), rows)
        yield "Note: digests are worked out from the definition itself. Results name the parts that made them."

    def _files(self) -> Iterator[str]:
        yield "\n".join(
            (
                f"* [SOURCE.md]({self.home}/SOURCE.md): where every figure was seen, what was not found, what is odd",
                f"* [instrument.json]({self.home}/instrument.json): the definition from which this page is made",
                f"* [cases.json]({self.home}/cases.json), [boundaries.json]({self.home}/boundaries.json): "
                "worked cases, and every cut with one step either side",
                f"* [Figures under licence]({page_figures.GUIDE}#figures-that-are-not-public), "
                f"[norms and scales of your own]({page_figures.GUIDE}#an-agencys-own-folder)",
                f"* `appraise describe {self.of.id} --edition {self.of.edition} --sheet -o sheet.html`: "
                "a score sheet to print",
            )
        )
