"""Suggests a mapping: which column could answer which item, and what its codes could mean. A person completes it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import tomli_w

from appraise._core import Item, ScoringPlan
from appraise._io.mapping import YES_NO, items_of, options_of
from appraise._io.source import Source

SAMPLE_ROWS = 100_000
MOST_CODES = 40
LIKE = 0.62  # names less alike than this are no match
YES = {"y", "yes", "true", "t", "1", "j", "ja", "oui", "si"}
PAIRS = (("Y", "N"), ("y", "n"), ("T", "F"), ("Yes", "No"), ("YES", "NO"))
NO = {"n", "no", "false", "f", "0", "nein", "non"}


@dataclass(frozen=True)
class Match:
    """A column for an item: how alike the names are, from 0 to 1, and in what."""

    column: str
    likeness: float
    why: str


@dataclass
class Suggestion:
    """What is suggested for one item."""

    item: str
    label: str
    kind: str
    match: Match | None
    codes: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    taken_as_is: bool = True


def suggest(plans: Sequence[ScoringPlan], source: Source) -> list[Suggestion]:
    """The most alike column for each item, each column once, and the codes found in its first rows."""
    items: dict[str, Item] = {}
    for plan in plans:
        known = items_of(plan.instrument)
        items |= {name: known[name] for name in plan.items}
    matches = matched({name: item.label for name, item in items.items()}, source.columns)
    columns = sorted({match.column for match in matches.values()})
    values = sample(source, columns) if columns else {}
    found = []
    for name, item in items.items():
        suggestion = Suggestion(name, item.label, item.kind, matches.get(name))
        if suggestion.match:
            _suggest_codes(suggestion, item, values[suggestion.match.column])
        found.append(suggestion)
    return found


def matched(labels: dict[str, str], columns: Sequence[str]) -> dict[str, Match]:
    """The best pairs first, each item and each column once."""
    pairs = sorted(
        (
            (match.likeness, item, match)
            for item, label in labels.items()
            for match in (_likeness(item, label, column) for column in columns)
            if match.likeness >= LIKE
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2].column),
    )
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for _, item, match in pairs:
        if item not in found and match.column not in taken:
            found[item] = match
            taken.add(match.column)
    return found


def _likeness(item: str, label: str, column: str) -> Match:
    if item == column:
        return Match(column, 1.0, "the same name")
    name = " ".join(words(item.rpartition(".")[2]))
    given = " ".join(words(column))
    if name == given:
        return Match(column, 0.99, "the same words")
    by_name, by_label = alike(name, given), 0.95 * alike(" ".join(words(label)), given)
    if by_label > by_name:
        return Match(column, by_label, f"like the label '{label}'")
    return Match(column, by_name, "a similar name")


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, however they are put together."""
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return tuple(re.findall(r"[a-z]+|[0-9]+", parted.casefold()))


def alike(one: str, other: str) -> float:
    """How alike two names are: letters in order, and whole or abbreviated words in any order."""
    ours, theirs = one.split(), other.split()
    if not ours or not theirs:
        return 0.0
    letters = difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    hits = sum(max(_same_word(word, each) for each in theirs) for word in ours)
    back = sum(max(_same_word(word, each) for each in ours) for word in theirs)
    return max(letters, 0.97 * (hits + back) / (len(ours) + len(theirs)))


def _same_word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    return 0.8 if len(short) >= 3 and long.startswith(short) else 0.0


def sample(source: Source, columns: Sequence[str]) -> dict[str, list[str]]:
    """The different values of columns in the first rows, as text."""
    found: dict[str, list[pa.Array]] = {name: [] for name in columns}
    rows = 0
    for batch in source.batches(columns):
        for name in columns:
            found[name].append(pc.unique(batch.table.column(name).cast(pa.string())))
        rows += len(batch)
        if rows >= SAMPLE_ROWS:
            break
    return {
        name: sorted({text for array in arrays for text in array.to_pylist() if text}) for name, arrays in found.items()
    }


def _suggest_codes(suggestion: Suggestion, item: Item, values: list[str]) -> None:
    options = options_of(item)
    if options is None:
        return
    if item.kind == "yes_no":
        if set(values) <= YES_NO:
            return
        suggestion.codes = {text: "yes" if text.casefold() in YES else "no" for text in values if _is_yes_no(text)}
        for yes, no in PAIRS:  # a code may be rare
            if yes in suggestion.codes or no in suggestion.codes:
                suggestion.codes |= {yes: "yes", no: "no"}
    else:
        if set(values) <= set(options):
            return
        by_text = {
            " ".join(words(text)): option.code for option in item.options for text in (option.label, option.code)
        }
        by_text |= {str(option.value): option.code for option in item.options}
        for text in values:
            if (option := by_text.get(" ".join(words(text)))) is not None:
                suggestion.codes[text] = option
    suggestion.taken_as_is = False
    suggestion.unknown = [text for text in values if text not in suggestion.codes][:MOST_CODES]


def _is_yes_no(text: str) -> bool:
    return text.casefold() in YES | NO


def document(suggestions: Sequence[Suggestion], source: Source, instruments: Sequence[str]) -> str:
    """The mapping file: what was matched and why, and in comments what a person has to complete."""
    return "\n".join(_lines(suggestions, source, instruments)) + "\n"


def _lines(suggestions: Sequence[Suggestion], source: Source, instruments: Sequence[str]) -> Iterator[str]:
    yield f"# Which columns of {source.name} answer the items of {', '.join(instruments)}."
    yield "# Suggested from names and codes. Check every line against the coding rules before use."
    yield ""
    yield f'# key = "{source.columns[0]}"   # names each row; a key that comes twice is told'
    yield '# as_of = "COLUMN"         # the date on which each row is judged'
    yield '# missing = ["NK"]         # texts that mean that there is no answer'
    for each in suggestions:
        yield ""
        yield f"# {each.label} ({each.kind.replace('_', '/')})"
        yield from _item_lines(each)
    used = {each.match.column for each in suggestions if each.match}
    if left := [column for column in source.columns if column not in used]:
        yield ""
        yield f"# Columns that answer nothing so far: {', '.join(left)}"


def _item_lines(each: Suggestion) -> Iterator[str]:
    if each.match is None:
        yield "# TO COMPLETE: no column is like it"
        yield f"# [items.{_key(each.item)}]"
        yield '# column = ""'
        return
    yield f"# {each.match.why} ({each.match.likeness:.0%})"
    yield f"[items.{_key(each.item)}]"
    yield _setting("column", each.match.column)
    if each.kind == "date":
        yield '# date = "%d/%m/%Y"   # unless dates are written 2026-11-27'
    if each.taken_as_is:
        return
    yield f"[items.{_key(each.item)}.codes]"
    for text, option in each.codes.items():
        yield _setting(text, option)
    for text in each.unknown:
        yield f"# TO COMPLETE: {_setting(text, '')}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else tomli_w.dumps({name: 0}).rpartition(" = ")[0]


def _setting(name: str, value: str) -> str:
    return tomli_w.dumps({name: value}).strip()
