"""How instruments and explanations are shown: plain text, and HTML for notebooks (self-contained, escaped)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from html import escape

from appraise._core import (
    Contribution,
    Evidence,
    Explanation,
    Instrument,
    Interval,
    Item,
    LevelScheme,
    Norms,
    Scale,
    Verification,
)

# Colours are those of the page, so that light and dark ones are both readable.
STYLE = (
    "<style>.appraise{font-size:90%;line-height:1.4;max-width:70em}.appraise p{margin:.3em 0;max-width:50em}"
    ".appraise table{border-collapse:collapse;margin:.8em 0 1.2em;font-size:inherit}"
    ".appraise caption{text-align:left;font-weight:bold;padding-bottom:.2em;white-space:nowrap}"
    ".appraise th,.appraise td{text-align:left;vertical-align:top;padding:.2em 1em .2em 0;"
    "border-bottom:1px solid #8884;font-weight:normal;background:none}"
    ".appraise td.long{overflow-wrap:anywhere;min-width:16em}"
    ".appraise thead th{border-bottom:1px solid #888;font-weight:bold}"
    ".appraise td.number,.appraise th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".appraise h3,.appraise h4{margin:.8em 0 .2em}.appraise ul{margin:.2em 0;padding-left:1.4em}</style>"
)

# Words that may be broken: addresses, paths, digests.
LONG = 36

Rows = Iterable[Sequence[str]]


def number(value: float) -> str:
    """A number as text, whole numbers without a decimal point."""
    return str(int(value)) if value.is_integer() else repr(value)


def signed(value: float) -> str:
    """A number with its sign."""
    return ("+" if value > 0 else "") + number(value)


def interval(given: Interval, *, dates: bool = False) -> str:
    """An interval in words: "18 to below 35", "1 to 2", "60 or more"."""

    def end(value: float) -> str:
        if not dates:
            return number(value)
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=value)).isoformat()

    low, high = given.low, given.high
    if high is None:
        return "any" if low is None else f"{end(low)} or more"
    upper = end(high) if given.closed else f"below {end(high)}"
    if low is None:
        return f"up to {end(high)}" if given.closed else upper
    return end(low) if given.closed and low == high else f"{end(low)} to {upper}"


def mark_of(evidence: Evidence | None, default: Evidence) -> str:
    """The mark of a block that may state its own."""
    return (evidence or default).mark


def answers(item: Item) -> str:
    """The responses of an item with their points: "no = 0, yes = 1"."""
    if item.bands:
        return "; ".join(f"{interval(band.interval)} = {number(band.value)}" for band in item.bands)
    if item.options:
        return "; ".join(
            option.code if option.points is None else f"{option.code} = {number(option.points)}"
            for option in item.options
        )
    if item.kind == "code":
        return f"a code of the list {item.list}"
    return interval(item.range, dates=item.kind == "date") if item.range else "any"


def item_rows(instrument: Instrument) -> Rows:
    """Code, label, kind, answers and evidence of each item."""
    for item in instrument.items:
        kind = item.kind.replace("_", "/") + (f" ({item.unit})" if item.unit else "")
        mark = mark_of(item.evidence, instrument.evidence)
        yield item.code, item.label, kind + (", optional" if item.optional else ""), answers(item), mark


def scale_rows(instrument: Instrument) -> Rows:
    """Code, label, operation, unit, level scheme and evidence of each scale."""
    for scale in instrument.scales:
        yield (
            scale.code,
            scale.label,
            operation(scale),
            scale.unit,
            scale.levels,
            mark_of(scale.evidence, instrument.evidence),
        )


def operation(scale: Scale) -> str:
    """The operation in words, and whether it is only a step."""
    return scale.operation.replace("_", " ") + ("" if scale.reported else " (step)")


def level_rows(scheme: LevelScheme) -> Rows:
    """Values, code, label and standard level of each band."""
    return ((interval(band.interval), band.code, band.label, band.standard) for band in scheme.bands)


def norms_row(norms: Norms) -> Sequence[str]:
    """Id, scale, sample, outcome, follow-up and evidence of a norm set."""
    people = f" (n = {norms.n})" if norms.n is not None else ""
    years = "" if norms.follow_up_years is None else f"{number(norms.follow_up_years)} years"
    return norms.id, norms.scale, norms.sample + people, norms.outcome, years, norms.evidence.mark


def part_rows(instrument: Instrument) -> Rows:
    """Name, edition, mark and digest of each part."""
    return ((part.name, part.edition, part.mark, part.digest) for part in instrument.parts)


def source_rows(instrument: Instrument) -> Rows:
    """Key, citation and address of each source."""
    return ((source.key, source.citation, source.url) for source in instrument.sources)


ITEM_HEADS = ("item", "label", "kind", "answers = points", "evidence")
SCALE_HEADS = ("scale", "label", "operation", "unit", "levels", "evidence")
LEVEL_HEADS = ("values", "level", "label", "standard")
NORMS_HEADS = ("norms", "scale", "sample", "outcome", "follow-up", "evidence")
PART_HEADS = ("part", "edition", "evidence", "digest")
SOURCE_HEADS = ("source", "citation", "address")


def scheme_title(scheme: LevelScheme) -> str:
    """The heading of a level scheme."""
    return f"Levels {scheme.name} ({scheme.edition}, {scheme.status}, {scheme.evidence.mark}) of {scheme.of}"


def table_html(heads: Sequence[str], rows: Rows, caption: str = "", numbers: Sequence[int] = ()) -> str:
    """An HTML table of plain text; the first cell of a row is its head. `numbers`: columns that are set flush right."""

    def cell(tag: str, at: int, text: str, scope: str = "") -> str:
        long = any(len(word) > LONG for word in text.split())
        kind = ' class="number"' if at in numbers else ' class="long"' if long else ""
        return f"<{tag}{scope}{kind}>{escape(text)}</{tag}>"

    head = "".join(cell("th", at, text, ' scope="col"') for at, text in enumerate(heads))
    lines = [
        cell("th", 0, row[0], ' scope="row"') + "".join(cell("td", at + 1, text) for at, text in enumerate(row[1:]))
        for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    headed = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    return f"<table>{title}{headed}<tbody>{body}</tbody></table>"


def page(*parts: str) -> str:
    """What a notebook shows: no scripts, nothing from elsewhere."""
    return f'{STYLE}<div class="appraise">{"".join(parts)}</div>'


def list_html(title: str, notes: Iterable[str]) -> str:
    """A headed list."""
    return f"<h4>{escape(title)}</h4><ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>"


def instrument_html(instrument: Instrument) -> str:
    """An instrument as HTML."""
    facts = [
        ("for", instrument.population),
        ("speaks about", instrument.outcome),
        ("training", instrument.training),
        ("licence", instrument.licence),
    ]
    parts = [
        f"<h3>{escape(instrument.title)}</h3>",
        f"<p>{escape(instrument.id)} {escape(instrument.edition)} &middot; {escape(', '.join(instrument.authors))}</p>",
        f"<p><strong>{escape(instrument.notice)}</strong></p>" if instrument.notice else "",
        table_html(("", ""), (fact for fact in facts if fact[1])),
        table_html(ITEM_HEADS, item_rows(instrument), "Items"),
        table_html(SCALE_HEADS, scale_rows(instrument), "Scales"),
    ]
    parts += [table_html(LEVEL_HEADS, level_rows(scheme), scheme_title(scheme)) for scheme in instrument.levels]
    if instrument.norms:
        parts.append(table_html(NORMS_HEADS, map(norms_row, instrument.norms), "Norms"))
    parts.append(table_html(SOURCE_HEADS, source_rows(instrument), "Sources"))
    parts.append(table_html(PART_HEADS, part_rows(instrument), "Parts"))
    return page(*parts)


def headline(explanation: Explanation, value: str = "") -> str:
    """Scale, value (perhaps in other words) and level in one line."""
    if not explanation.value:
        return f"{explanation.label}: {explanation.status.replace('_', ' ')}"
    level = f", level {explanation.level}" if explanation.level else ""
    named = f" ({explanation.level_label})" if explanation.level_label not in ("", explanation.level) else ""
    return f"{explanation.label}: {value or explanation.value}{level}{named}"


def fact_rows(explanation: Explanation) -> Rows:
    """What is known of the score besides its value."""
    yield "status", explanation.status.replace("_", " ")
    if explanation.standard_level:
        yield "standard level", explanation.standard_level
    if explanation.lowest != explanation.highest:
        for name, value, level in (
            ("lowest possible", explanation.lowest, explanation.lowest_level),
            ("highest possible", explanation.highest, explanation.highest_level),
        ):
            yield name, (value or "unbounded") + (f", level {level}" if level else "")
    yield "evidence", explanation.evidence


def response_of(explanation: Explanation, contribution: Contribution) -> str:
    """What was answered to the item of a term, or that it is missing; nothing where a term is no answer."""
    named = {reason.partition(": ")[2] for reason in explanation.reasons}
    return contribution.response or ("missing" if contribution.term in named else "")


def contribution_rows(explanation: Explanation) -> Rows:
    """The terms, those that differ most from their baseline first."""
    ranked = list(explanation.ranked)
    ranked += [at for at in range(len(explanation.contributions)) if at not in explanation.ranked]
    for at in ranked:
        each = explanation.contributions[at]
        yield (
            each.label or each.term,
            response_of(explanation, each),
            signed(each.value),
            signed(each.value - each.baseline),
        )


def change_rows(explanation: Explanation) -> Rows:
    """The single changes that would move the level."""
    return (
        (change.item, change.before, change.after, number(change.value), change.level) for change in explanation.changes
    )


CONTRIBUTION_HEADS = ("item", "response", "added", "over baseline")
CHANGE_HEADS = ("item", "from", "to", "value", "level")


def note_lists(explanation: Explanation) -> Iterable[tuple[str, list[str]]]:
    """Reasons, cautions and norms, where there are any."""
    for title, notes in (
        ("Reasons", explanation.reasons),
        ("Cautions", explanation.cautions),
        ("Norms", explanation.norms),
    ):
        if notes:
            yield title, notes


def explanation_html(explanation: Explanation) -> str:
    """An explanation as HTML."""
    parts = [
        f"<h3>{escape(headline(explanation))}</h3>",
        f"<p>{escape(explanation.paragraph)}</p>",
        table_html(("", ""), fact_rows(explanation)),
    ]
    if explanation.contributions:
        rows = contribution_rows(explanation)
        parts.append(table_html(CONTRIBUTION_HEADS, rows, "What each item added", numbers=(2, 3)))
    if explanation.changes:
        rows = change_rows(explanation)
        parts.append(table_html(CHANGE_HEADS, rows, "What would change the level", numbers=(3,)))
    parts += [list_html(title, notes) for title, notes in note_lists(explanation)]
    return page(*parts)


def table_text(heads: Sequence[str], rows: Rows) -> str:
    """A table in columns of spaces."""
    cells = [tuple(heads), *map(tuple, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def explanation_text(explanation: Explanation) -> str:
    """An explanation as plain text."""
    parts = [headline(explanation), explanation.paragraph]
    parts.append("\n".join(f"  {name}: {value}" for name, value in fact_rows(explanation)))
    if explanation.contributions:
        parts.append("What each item added\n" + table_text(CONTRIBUTION_HEADS, contribution_rows(explanation)))
    if explanation.changes:
        parts.append("What would change the level\n" + table_text(CHANGE_HEADS, change_rows(explanation)))
    parts.extend(f"{title}\n" + "\n".join(f"  {note}" for note in notes) for title, notes in note_lists(explanation))
    return "\n\n".join(part for part in parts if part)


MISMATCH_HEADS = ("case", "column", "expected", "found", "source", "place")


def mismatch_rows(verification: Verification) -> Rows:
    """Case, column, what was expected and found, source and place."""
    for each in verification.mismatches:
        yield each.id, each.column, each.expected, each.found, each.source, f"{each.file}:{each.line}"


def verification_line(verification: Verification) -> str:
    """The outcome in one line."""
    found = "all as expected" if verification.ok else f"{len(verification.mismatches)} not as expected"
    return f"{verification.cases} cases, {verification.comparisons} comparisons: {found}"


def verification_html(verification: Verification) -> str:
    """A verification as HTML."""
    parts = [f"<p>{escape(verification_line(verification))}</p>"]
    if not verification.ok:
        parts.append(table_html(MISMATCH_HEADS, mismatch_rows(verification), "Not as expected"))
    return page(*parts)


def verification_text(verification: Verification) -> str:
    """A verification as plain text."""
    line = verification_line(verification)
    return line if verification.ok else f"{line}\n{table_text(MISMATCH_HEADS, mismatch_rows(verification))}"
