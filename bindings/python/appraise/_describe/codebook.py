"""The codebook of an instrument: everything its definition says, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appraise import _core
from appraise._describe import words
from appraise._display import interval, number
from appraise._document import Document, Facts, Marked, Section, Table

NUMBER_KINDS = ("count", "number")


def codebook(instrument: _core.Instrument) -> Document:
    """Describes an instrument: rules of use, items, scales, levels, tables, norms, results, sources, digests."""
    sections = [
        _about(instrument),
        *_rules_of_use(instrument),
        _items(instrument),
        _scales(instrument),
        *_levels(instrument),
        *_tables(instrument),
        *_norms(instrument),
        *_code_lists(instrument),
        _results(instrument),
        *_reassessment(instrument),
        _sources(instrument),
        _parts(instrument),
    ]
    return Document(
        instrument.title,
        f"Codebook of {instrument.id}, edition {instrument.edition}",
        sections,
        notice=instrument.notice,
        footer=(
            f"Made by appraise {_core.__version__} from the definition {instrument.id} {instrument.edition}; "
            f"digest of its scoring part {instrument.parts[0].digest}. "
            "Labels are in our own words and do not replace the manual."
        ),
        language=instrument.language,
    )


def marked(evidence: _core.Evidence | None, default: _core.Evidence) -> Marked:
    """The evidence of a block that may state its own."""
    own = evidence or default
    return Marked(own.mark, tuple(own.sources), own.note)


def _about(instrument: _core.Instrument) -> Section:
    weakest = max((part.mark for part in instrument.parts), key=list(words.MARKS).index)
    facts = Facts(
        [
            ("Family", instrument.family),
            ("Authors", ", ".join(instrument.authors)),
            ("For", instrument.population),
            ("Speaks about", instrument.outcome),
            ("Training", instrument.training),
            ("Licence", instrument.licence),
            ("Structured judgment, so no total", instrument.structured_judgment),
            ("No levels", instrument.no_levels),
            ("Language", instrument.language),
            ("Weakest evidence", f"{weakest.replace('_', ' ')}: {words.MARKS[weakest]}"),
        ]
    )
    uses = [(use.alias, f"{use.definition.title} ({use.instrument}, edition {use.edition})") for use in instrument.uses]
    blocks: list[str | Facts | Table] = [facts]
    if uses:
        blocks.append(Table(("written as", "stands for"), uses, "Combines other instruments"))
    return Section("About", blocks)


def _rules_of_use(instrument: _core.Instrument) -> Iterator[Section]:
    lists = (
        ("Applies only if", instrument.applies_when, "not applicable", "incomplete"),
        ("Valid only if", instrument.valid_when, "invalid", "passed over"),
    )
    inner = []
    for title, rules, otherwise, unknown in lists:
        rows = [
            (
                rule.code,
                words.condition(rule.condition),
                otherwise,
                "passed over" if rule.applies_if_unknown else unknown,
                rule.reason,
            )
            for rule in rules
        ]
        if rows:
            inner.append(Section(title, [Table(("rule", "holds if", "if not", "if not known", "reason"), rows)]))
    cautions = [(rule.code, words.condition(rule.condition), rule.reason) for rule in instrument.cautions]
    if cautions:
        inner.append(Section("Cautions", [Table(("caution", "given if", "reason"), cautions)]))
    if inner:
        yield Section("Rules of use", sections=inner)


def kind_of(item: _core.Item) -> str:
    """What kind of response an item takes, with its unit."""
    return {"yes_no": "yes or no", "choice": "one of the options", "code": f"a code of the list {item.list}"}.get(
        item.kind, item.kind
    ) + (f", in {item.unit}" if item.unit else "")


def response_text(given: float | str | None) -> str:
    """A response as it is written."""
    return number(given) if isinstance(given, float) else given or ""


def item_tables(item: _core.Item) -> Iterator[Table]:
    """Options or bands of an item with their points."""
    if item.options and item.kind == "choice":
        rows = [
            (option.code, str(option.value), option.label, "" if option.points is None else number(option.points))
            for option in item.options
        ]
        heads = ("response", "as a number", "meaning", "points")
        yield (
            Table(heads, rows, numbers=frozenset({1, 3}))
            if item.has_points
            else Table(heads[:3], [row[:3] for row in rows], numbers=frozenset({1}))
        )
    elif item.options and item.has_points:
        yield Table(
            ("response", "points"),
            [(option.code, number(option.points or 0.0)) for option in item.options],
            numbers=frozenset({1}),
        )
    if item.bands:
        yield Table(
            (f"response ({item.unit})" if item.unit else "response", "points"),
            [(interval(band.interval), number(band.value)) for band in item.bands],
            numbers=frozenset({1}),
        )


def missing_words(item: _core.Item) -> str:
    """What happens without an answer to an item."""
    if item.if_missing is not None:
        return f"{response_text(item.if_missing)} is taken, and the row is marked as scored with omissions"
    return "the column may be left out; every answer is then missing" if item.optional else ""


def _item(item: _core.Item, instrument: _core.Instrument) -> Section:
    applies = ""
    if item.applies_when:
        points = number(item.points_if_not_applicable)
        applies = f"only if {words.condition(item.applies_when)}; otherwise it counts {points} points"
    facts = Facts(
        [
            ("Response", kind_of(item)),
            ("Range", interval(item.range, dates=item.kind == "date") if item.range else ""),
            ("Applies", applies),
            ("If missing", missing_words(item)),
            ("Points", f"proved to be {item.monotone}" if item.monotone else ""),
            ("Measured against", response_text(item.baseline)),
        ]
    )
    return Section(item.label, [facts, *item_tables(item)], marked(item.evidence, instrument.evidence), code=item.code)


def _items(instrument: _core.Instrument) -> Section:
    if not instrument.items:
        return Section("Items", ["No items of its own: it reads the instruments that it combines."])
    return Section("Items", sections=[_item(item, instrument) for item in instrument.items])


def _scale(scale: _core.Scale, instrument: _core.Instrument) -> Section:
    facts = Facts(
        [
            ("Unit", scale.unit),
            (
                "Value",
                f"one of {words.listed(scale.labels, 'or')}"
                if scale.labels
                else scale.type + " number" * (scale.type != "date"),
            ),
            ("Proved range", interval(scale.range, dates=scale.type == "date") if scale.range else ""),
            ("Applies", f"only if {words.condition(scale.applies_when)}" if scale.applies_when else ""),
            ("Levels", scale.levels),
            ("Explained by", words.listed(scale.explained_by) if scale.explained_by else ""),
            ("Step", "" if scale.reported else "an intermediate step, not in the results"),
        ]
    )
    evidence = marked(scale.evidence, instrument.evidence)
    return Section(scale.label, [words.calculation(scale), facts, *words.tables(scale)], evidence, code=scale.code)


def _scales(instrument: _core.Instrument) -> Section:
    return Section(
        "Scales",
        ["In the order of the worksheet. An item that has points stands for its points wherever a number is read."],
        sections=[_scale(scale, instrument) for scale in instrument.scales],
    )


def _levels(instrument: _core.Instrument) -> Iterator[Section]:
    inner = []
    own = {scale.levels for scale in instrument.scales}
    for scheme in instrument.levels:
        standard = any(band.standard for band in scheme.bands)
        rows = [
            (interval(band.interval), band.code, band.label, *([band.standard] if standard else []))
            for band in scheme.bands
        ]
        heads = (scheme.of, "level", "meaning", *(["standard level"] if standard else []))
        use = "the scale's own scheme" if scheme.name in own else "only where it is chosen"
        facts = Facts([("Edition", scheme.edition), ("Status", scheme.status), ("Used", use), ("Cuts", scheme.of)])
        title = f"Levels of {scheme.of}: {scheme.edition}"
        inner.append(
            Section(title, [facts, Table(heads, rows)], marked(scheme.evidence, scheme.evidence), code=scheme.name)
        )
    if inner:
        yield Section("Levels", sections=inner)


def matrix(table: _core.Table) -> Table:
    """A look-up table as it is printed: a list, or rows by columns."""

    def cell(value: float) -> str:
        if value != value:
            return "not supplied"
        return table.values[int(value)] if table.values else words.figure(value)

    cells = list(map(cell, table.cells))
    if len(table.keys) == 1:
        return Table(("key", "entry"), list(zip(table.keys[0], cells, strict=True)))
    rows, columns = table.keys
    width = len(columns)
    return Table(
        ("", *columns), [(row, *cells[at * width : (at + 1) * width]) for at, row in enumerate(rows)], "Rows by columns"
    )


def _tables(instrument: _core.Instrument) -> Iterator[Section]:
    inner = [
        Section(
            f"Table, edition {table.edition}",
            [matrix(table)],
            marked(table.evidence, table.evidence),
            code=table.name,
        )
        for table in instrument.tables
    ]
    if inner:
        yield Section("Tables", sections=inner)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{round(100 * value, 6):g} %"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def norms_table(norms: _core.Norms) -> Table:
    """The figures of a norm set, without the columns that it does not give."""
    level = "" if norms.interval_level is None else f" ({_percent(norms.interval_level)} interval)"
    heads = ("score", "rate", f"lowest{level}", f"highest{level}", "percentile", "risk ratio", "evidence")
    rows = [
        (
            number(row.score),
            _percent(row.rate),
            _percent(row.rate_low),
            _percent(row.rate_high),
            _plain(row.percentile),
            _plain(row.risk_ratio),
            row.evidence.mark.replace("_", " "),
        )
        for row in norms.rows
    ]
    kept = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    return Table(
        [heads[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        numbers=frozenset(kept.index(at) for at in range(6) if at in kept),
    )


def curve_words(curve: _core.LogisticNorms) -> str:
    """The rate at a score of norms that are a logistic curve."""
    return (
        f"Rate at a score: 1 / (1 + exp(-({words.figure(curve.intercept)} + {words.figure(curve.slope)} x "
        f"(score - {words.figure(curve.centre)}))))."
    )


def _norm_set(norms: _core.Norms) -> Section:
    facts = Facts(
        [
            ("Edition", norms.edition),
            ("Scale", norms.scale),
            ("Sample", norms.sample),
            ("Country", norms.country),
            ("People", "not known" if norms.n is None else f"n = {norms.n}"),
            ("Samples", "" if norms.samples is None else str(norms.samples)),
            ("Outcome", norms.outcome),
            ("Follow-up", "" if norms.follow_up_years is None else f"{number(norms.follow_up_years)} years"),
            ("Digest", norms.digest),
        ]
    )
    blocks: list[str | Facts | Table] = [facts]
    if norms.logistic:
        blocks.append(curve_words(norms.logistic))
    if norms.rows:
        blocks.append(norms_table(norms))
    blocks.append(
        Table(("source", "citation", "address"), [(each.key, each.citation, each.url) for each in norms.sources])
        if norms.sources
        else "No source is named."
    )
    return Section(norms.title, blocks, marked(norms.evidence, norms.evidence), code=norms.id)


def _norms(instrument: _core.Instrument) -> Iterator[Section]:
    if instrument.norms:
        yield Section(
            "Norms",
            [
                "A rate belongs to its sample, outcome and follow-up: it says what happened to a group, "
                "not what a person will do."
            ],
            sections=list(map(_norm_set, instrument.norms)),
        )


def _code_lists(instrument: _core.Instrument) -> Iterator[Section]:
    inner = []
    for name, codes in instrument.code_lists.items():
        facts = Facts([("Source", codes.source), ("Codes", f"{len(codes)}"), ("Digest", codes.digest)])
        rows = [(each.name, ", ".join(each.labels)) for each in codes.attributes]
        inner.append(Section(codes.title, [facts, Table(("attribute", "labels"), rows)], code=name))
    if inner:
        yield Section("Code lists", sections=inner)


def _results(instrument: _core.Instrument) -> Section:
    rows: list[Sequence[str]] = []
    for scale in instrument.scales:
        if not scale.reported:
            continue
        unit = f" ({scale.unit})" if scale.unit else ""
        rows.append((scale.code, f"{scale.label}{unit}; empty unless the status is scored or scored_with_omissions"))
        if scale.levels:
            rows.append((f"{scale.code}_level", f"level under {scale.levels}"))
    rows += [
        ("<scale>_status", "scored, scored_with_omissions, not_applicable, incomplete or invalid"),
        ("<scale>_lowest, <scale>_highest", "lowest and highest value possible over all answers that are missing"),
        ("<scale>_to_cut", "smallest change of the value that changes the level"),
        ("reasons, cautions", "why a scale has no value, what was substituted or omitted; cautions that hold"),
    ]
    return Section("Result columns", [Table(("column", "meaning"), rows)])


def _reassessment(instrument: _core.Instrument) -> Iterator[Section]:
    if instrument.reassess_evidence:
        months = instrument.reassess_months
        facts = Facts(
            [
                ("Interval", "none stated" if months is None else f"{months} months"),
                ("Due after", "; ".join(instrument.reassess_events)),
            ]
        )
        evidence = marked(instrument.reassess_evidence, instrument.reassess_evidence)
        yield Section("Reassessment", [facts], evidence)


def _sources(instrument: _core.Instrument) -> Section:
    rows = [(each.key, each.citation, each.url) for each in instrument.sources]
    return Section("Sources", [Table(("source", "citation", "address"), rows)])


def _parts(instrument: _core.Instrument) -> Section:
    rows = [(part.name, part.edition, part.mark.replace("_", " "), part.digest) for part in instrument.parts]
    marks = [(mark.replace("_", " "), meaning) for mark, meaning in words.MARKS.items()]
    return Section(
        "Parts and evidence",
        [
            Table(
                ("part", "edition", "weakest evidence", "SHA-256 digest"),
                rows,
                "Each part has its own edition and digest",
            ),
            Table(
                ("mark", "meaning"),
                marks,
                "Evidence marks: how this project knows a figure, not how good the instrument is",
            ),
        ],
    )
