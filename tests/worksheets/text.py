"""The layout of cases in the repository: one case after the other, lines of at most 140 characters."""

import json
from typing import Any

WIDTH = 140


def members(value: dict[str, Any], indent: int) -> str:
    """An object, as many members in a line as it holds."""
    lines, line = [], ""
    pairs = [f"{json.dumps(key)}: {json.dumps(each, ensure_ascii=False)}" for key, each in value.items()]
    for i, pair in enumerate(pairs):
        piece = pair + ("," if i + 1 < len(pairs) else "")
        if line and indent + len(line) + 1 + len(piece) > WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {piece}" if line else piece
    return "{" + ("\n" + " " * (indent + 1)).join([*lines, line]) + "}"


def case_text(case: dict[str, Any]) -> str:
    head = f'  {{"id": {json.dumps(case["id"])}, "source": {json.dumps(case["source"], ensure_ascii=False)}'
    rest = [
        f'   "responses": {members(case["responses"], 16)}',
        f'   "expect": {members(case["expect"], 13)}',
        *(f"   {json.dumps(key)}: {json.dumps(case[key])}" for key in ("norms", "levels", "tolerance") if key in case),
    ]
    return ",\n".join([head, *rest]) + "}"


def text_of(document: dict[str, Any]) -> str:
    """The text of a file of cases."""
    head = "".join(f" {json.dumps(key)}: {json.dumps(document[key])},\n" for key in ("format", "instrument", "edition"))
    return "{\n" + head + ' "cases": [\n' + ",\n".join(case_text(case) for case in document["cases"]) + "\n ]\n}\n"
