"""What of a table is read for which item, and what is wrong with a table: everything at once."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from appraise import _columns
from appraise._core import Caseload, Item, ScoringPlan, UsageError
from appraise._frames.base import Frame, Reading

Codes = Mapping[str, Mapping[Any, str | None]]
Columns = Mapping[str, str | Sequence[str]]

# In which types of column an item can be given. Text always can.
GIVEN_IN = {
    "date": ("dates",),
    "code": (),
    "yes_no": ("Booleans", "numbers"),
    "choice": ("numbers",),
    "count": ("numbers",),
    "number": ("numbers",),
}


@lru_cache(maxsize=64)
def _items_of(plan: ScoringPlan) -> dict[str, Item]:
    return {name: plan.item(name) for name in plan.items}


def reading_of(
    frame: Frame,
    plans: Sequence[ScoringPlan],
    columns: Columns | None,
    codes: Codes | None,
    key: str | Sequence[str] | None,
) -> Reading:
    """Which columns answer which items.

    Raises
    ------
    UsageError
        For all columns that are absent, all that are asked for in vain, and all codes that stand for nothing.
    """
    items = {name: item for plan in plans for name, item in _items_of(plan).items()}
    names = [name for name in frame.columns if isinstance(name, str)]
    kept = [key] if isinstance(key, str) else list(dict.fromkeys(key or ()))
    renamed = {name: [of] if isinstance(of, str) else list(of) for name, of in (columns or {}).items()}
    asked = [item for of in renamed.values() for item in of]
    faults = [
        *(f"columns: there is no column '{name}'{_nearest(name, names)}" for name in _beyond(renamed, names)),
        *(f"columns: there is no item '{item}'{_nearest(item, items)}" for item in _beyond(asked, items)),
        *(f"key: there is no column '{name}'{_nearest(name, names)}" for name in _beyond(kept, names)),
    ]
    read: dict[str, str] = {}
    for name in dict.fromkeys(names):
        for item in renamed.get(name, [name]):
            if item in read:
                faults.append(f"item '{item}' would be read from several columns: '{read[item]}' and '{name}'")
            elif item in items:
                read[item] = name
    _refuse("the columns cannot be told apart", faults)
    _refuse_absent(plans, read, names)
    return Reading(read, _spelt_codes(codes or {}, items), kept)


def check_types(frame: Frame, caseload: Caseload, plans: Sequence[ScoringPlan], reading: Reading) -> None:
    """Refuses columns of a type that their item cannot be given in: all of them at once."""
    items = {name: item for plan in plans for name, item in _items_of(plan).items()}
    types = caseload.types
    faults = []
    for name, column in reading.items.items():
        given, wanted = types.get(name, "text"), GIVEN_IN[items[name].kind]
        if given == "text" or given in wanted:
            continue
        own = frame.type_of(column)
        there = f"column '{column}'" + (f" of item '{name}'" if column != name else "") + f" has {given}"
        there += f" ({own})" if own else ""
        faults.append(
            f"{there}; expected {' or '.join([*wanted, 'text'])}, for a response that is "
            f"{_kind_in_words(items[name])}: {items[name].label}"
        )
    _refuse("columns have a type that their item cannot be given in", faults)


def _kind_in_words(item: Item) -> str:
    if item.kind == "choice":
        return "one of " + ", ".join(option.code for option in item.options)
    words = {"yes_no": "yes or no", "count": "a count", "number": "a number", "date": "a date", "code": "a code"}
    return words[item.kind] + (f" of {item.unit}" if item.unit else "")


def _refuse(title: str, faults: Sequence[str]) -> None:
    if faults:
        raise UsageError(faults[0] if len(faults) == 1 else f"{title}:" + "".join(f"\n  {each}" for each in faults))


def _refuse_absent(plans: Sequence[ScoringPlan], read: Mapping[str, str], names: Sequence[str]) -> None:
    absent = {
        name: item for plan in plans for name, item in _items_of(plan).items() if name not in read and not item.optional
    }
    if not absent:
        if not read:
            raise UsageError("the table has none of the columns that are asked for")
        return
    spare = [name for name in names if name not in read.values()]
    faults: list[str] = []
    guesses: dict[str, list[str]] = {}
    for name, item in absent.items():
        close = _close(name, spare)
        if close:
            guesses.setdefault(close, []).append(name)
        faults.append(f"column '{name}' is absent{_nearest(name, spare)}; it is needed for: {item.label}")
    sure = {close: of[0] for close, of in guesses.items() if len(of) == 1}
    hint = f"\n  if they are those: columns={sure!r}" if sure else ""
    raise UsageError((faults[0] if len(faults) == 1 else "columns are absent:\n  " + "\n  ".join(faults)) + hint)


def _beyond(wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    return [name for name in wanted if name not in set(known)]


def _close(name: str, among: Iterable[str]) -> str | None:
    """The name that is nearest, if one is near: in its letters, or because all its words are in `name`.

    Case, spaces and punctuation do not count.
    """
    plain = {_plain(each): each for each in among}
    found = difflib.get_close_matches(_plain(name), plain, 1, 0.6)
    words = set(_plain(name).split("_"))
    found += sorted((each for each in plain if set(each.split("_")) <= words), key=len, reverse=True)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name).strip("_").casefold()


def _nearest(name: str, among: Iterable[str]) -> str:
    close = _close(name, among)
    return f" (the nearest is '{close}')" if close else ""


def _spelt_codes(codes: Codes, items: Mapping[str, Item]) -> dict[str, dict[str, str]]:
    faults = [f"codes: there is no item '{name}'{_nearest(name, items)}" for name in _beyond(codes, items)]
    for name, translation in codes.items():
        known = [option.code for option in items[name].options] if name in items else []
        for code, meant in translation.items():
            if known and meant and meant not in known:
                faults.append(
                    f"codes: {code!r} of item '{name}' stands for '{meant}', which is none of its options: "
                    + ", ".join(known)
                )
    _refuse("codes stand for nothing", faults)
    return {
        name: {_spelt(code): meant or "" for code, meant in translation.items()} for name, translation in codes.items()
    }


def _spelt(code: Any) -> str:
    """A caller's code as its column spells it."""
    match _columns.plain(code):
        case str() as text:
            return text
        case bool() as truth:
            return "true" if truth else "false"
        case float() as number if number.is_integer():
            return str(int(number))
        case (int() | float()) as number:
            return repr(number)
        case datetime.date() as date:
            return date.isoformat()[:10]
    raise UsageError(f"codes: {code!r} is a {type(code).__name__}; a code is text, a number, a Boolean or a date")
