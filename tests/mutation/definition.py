"""What a mutation needs to know of a definition: its numbers as printed, and the type of each reference."""

from __future__ import annotations

import json
from typing import Any, Self

Type = tuple[str, ...]  # ("number",), ("date",), ("code", list) or ("category", label, ...)

NUMBER: Type = ("number",)
DATE: Type = ("date",)
NUMERIC = {"sum", "weighted_sum", "difference", "count", "maximum", "minimum", "product", "ratio", "log", "logistic"}
NUMERIC |= {"clamp", "round", "time_between"}
OPERATIONS = NUMERIC | {"lookup", "rules", "choose", "first_available", "add_time", "attribute"}


class Real(float):
    """A number that was printed with a decimal point; remembers the last printed decimal."""

    step: float
    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        mantissa, _, exponent = text.lower().partition("e")
        decimals = len(mantissa.partition(".")[2])
        number.step = 10.0 ** (int(exponent or 0) - decimals)
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # what a copy or a pickle is made from
        return (self.text,)


def parse(text: str) -> Any:
    return json.loads(text, parse_float=Real)


def operation_of(scale: dict[str, Any]) -> str:
    return next(key for key in scale if key in OPERATIONS)


class Definition:
    """One instrument file with those it uses."""

    def __init__(self, files: dict[str, str], path: str) -> None:
        self.document = parse(files[path])
        folder = path.split("/")[0]
        self.uses = {
            alias: Definition(files, f"{use['instrument']}/{use['edition']}/instrument.json")
            for alias, use in self.document.get("uses", {}).items()
        }
        self.lists = {
            name: parse(files[f"{entry.get('instrument', folder)}/lists/{entry['file']}.json"])
            for name, entry in self.document.get("code_lists", {}).items()
        }
        self.items = {item["code"]: item for item in self.document["items"]}
        self.scales = {scale["code"]: scale for scale in self.document["scales"]}

    def labels_of_scheme(self, name: str) -> Type:
        return ("category", *(band["code"] for band in self.document["levels"][name]["bands"]))

    def type_of(self, reference: str, *, response: bool) -> Type | None:
        """The type that `reference` is read as; `response`: items stand for their responses (conditions, look-ups)."""
        head, _, rest = reference.partition(".")
        if head in self.uses:
            return self.uses[head].type_of(rest, response=response)
        if rest == "level":
            return self.labels_of_scheme(self.scales[head]["levels"]) if "levels" in self.scales[head] else None
        if head in self.items:
            return self._type_of_item(self.items[head], response)
        return self._type_of_scale(self.scales[head]) if head in self.scales else None

    def _type_of_item(self, item: dict[str, Any], response: bool) -> Type | None:
        kind = item["kind"]
        if kind in ("count", "number"):
            return NUMBER
        if kind == "date":
            return DATE
        if kind == "code":
            return ("code", item["list"])
        options = item.get("options", [])
        if not response:
            return NUMBER if "points" in item or any("points" in option for option in options) else None
        return ("category", "no", "yes") if kind == "yes_no" else ("category", *(o["code"] for o in options))

    def _type_of_scale(self, scale: dict[str, Any]) -> Type | None:
        operation = operation_of(scale)
        body = scale[operation]
        if operation in NUMERIC:
            return NUMBER
        if operation == "add_time":
            return DATE
        if operation == "attribute":
            return self.labels_of_attribute(body["of"], body["name"])
        if operation == "lookup":
            values = self.document["tables"][body["table"]].get("values") if "table" in body else None
            return ("category", *values) if values else NUMBER
        if operation == "rules":
            return ("category", *body["values"]) if body.get("values") else NUMBER
        taken = body["of"] if operation == "first_available" else [row["take"] for row in body["rows"]]
        references = [reference for reference in taken if isinstance(reference, str)]
        return self.type_of(references[0], response=False) if references else NUMBER

    def labels_of_attribute(self, reference: str, name: str) -> Type | None:
        head, _, rest = reference.partition(".")
        if head in self.uses:
            return self.uses[head].labels_of_attribute(rest, name)
        return ("category", *self.lists[self.items[head]["list"]]["attributes"][name])

    def is_zero_or_one(self, of: str | list[str]) -> bool:
        """Whether what is read is the points of items that are all 0 or 1, so that no power changes them."""
        references = [of] if isinstance(of, str) else of
        items = [self.items.get(reference, {}) for reference in references]
        return all({*item.get("points", {"": 2}).values()} <= {0, 1} for item in items)

    def siblings(self, reference: str, *, response: bool, before: str | None) -> list[str]:
        """References of the same type, those that follow first; scales only if they stand before scale `before`."""
        alias, _, rest = reference.partition(".")
        if alias in self.uses:
            return [f"{alias}.{other}" for other in self.uses[alias].siblings(rest, response=response, before=None)]
        names = list(self.items)
        for scale in self.scales:
            if scale == before:
                break
            names.append(scale)
        if reference.endswith(".level"):
            names = [f"{name}.level" for name in names if "levels" in self.scales.get(name, {})]
        wanted = self.type_of(reference, response=response)
        start = names.index(reference) if reference in names else 0
        turned = names[start:] + names[:start]
        return [name for name in turned if name != reference and self.type_of(name, response=response) == wanted]
