"""How instruments and explanations are shown: plain text, and HTML for notebooks (self-contained, escaped)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from html import escape

from appraise._core import Evidence, Explanation, Instrument, Interval, Item, LevelScheme, Norms, Scale

STYLE = (
    "<style>.appraise{font-size:90%;max-width:70em}.appraise table{border-collapse:collapse;margin:.3em 0 1em}"
    ".appraise th,.appraise td{text-align:left;vertical-align:top;padding:.15em .8em .15em 0;"
    "border-bottom:1px solid #8884}.appraise h3,.appraise h4{margin:.6em 0 .2em}</style>"
)

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


def table_html(heads: Sequence[str], rows: Rows) -> str:
    """An HTML table of plain text."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def instrument_html(instrument: Instrument) -> str:
    """An instrument as HTML."""
    parts = [
        f"<h3>{escape(instrument.title)}</h3>",
        f"<p>{escape(instrument.id)} {escape(instrument.edition)} &middot; {escape(', '.join(instrument.authors))}</p>",
        f"<p>For: {escape(instrument.population)}<br>Speaks about: {escape(instrument.outcome)}</p>",
        f"<p>{escape(instrument.notice)}</p>" if instrument.notice else "",
        "<h4>Items</h4>" + table_html(ITEM_HEADS, item_rows(instrument)),
        "<h4>Scales</h4>" + table_html(SCALE_HEADS, scale_rows(instrument)),
    ]
    for scheme in instrument.levels:
        parts.append(f"<h4>{escape(scheme_title(scheme))}</h4>" + table_html(LEVEL_HEADS, level_rows(scheme)))
    if instrument.norms:
        parts.append("<h4>Norms</h4>" + table_html(NORMS_HEADS, map(norms_row, instrument.norms)))
    parts.append("<h4>Sources</h4>" + table_html(SOURCE_HEADS, source_rows(instrument)))
    parts.append("<h4>Parts</h4>" + table_html(PART_HEADS, part_rows(instrument)))
    return f'{STYLE}<div class="appraise">{"".join(parts)}</div>'


def headline(explanation: Explanation) -> str:
    """Scale, value and level in one line."""
    if not explanation.value:
        return f"{explanation.label}: {explanation.status.replace('_', ' ')}"
    level = f", level {explanation.level}" if explanation.level else ""
    named = f" ({explanation.level_label})" if explanation.level_label not in ("", explanation.level) else ""
    return f"{explanation.label}: {explanation.value}{level}{named}"


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


def contribution_rows(explanation: Explanation) -> Rows:
    """The terms, those that differ most from their baseline first."""
    ranked = list(explanation.ranked)
    ranked += [at for at in range(len(explanation.contributions)) if at not in explanation.ranked]
    for at in ranked:
        each = explanation.contributions[at]
        yield (
            each.label or each.term,
            each.response or "missing",
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
        parts.append("<h4>What each item added</h4>" + table_html(CONTRIBUTION_HEADS, contribution_rows(explanation)))
    if explanation.changes:
        parts.append("<h4>What would change the level</h4>" + table_html(CHANGE_HEADS, change_rows(explanation)))
    for title, notes in note_lists(explanation):
        parts.append(f"<h4>{title}</h4><ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>")
    return f'{STYLE}<div class="appraise">{"".join(parts)}</div>'


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
