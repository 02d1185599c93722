"""A caseload in every status, and result tables with things wrong in them."""

import datetime
import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

Table = dict[str, list[Any]]
Expected = Counter[tuple[str, str, str]]
"""How often a code is to be found with a key and a column."""


def caseload(people: int, seed: int) -> Table:
    """People in every status."""
    draw = random.Random(seed)

    def some(values: list[Any]) -> list[Any]:
        return [draw.choice(values) for _ in range(people)]

    born = datetime.date(1950, 1, 1)
    return {
        "person": [f"S{at:06}" for at in range(people)],
        "severity": some(["none", "some", "much", "much", None, "huge"]),
        "first": some(["yes", "no", "no", None]),
        "priors": some([0, 1, 2, 3, 50, None]),
        "age": some([19.0, 25.0, 33.5, 71.0, 80.0, None]),
        "born": [born + datetime.timedelta(days=each) for each in some(list(range(20000)))],
        "act": some(["1", "2", None]),
    }


def code_of(column: str) -> str:
    """The code of a difference in a column of the sample's results."""
    for ending, code in (
        ("_status", "status.differs"),
        ("_standard_level", "standard-level.differs"),
        ("_lowest_level", "bounds.differs"),
        ("_highest_level", "bounds.differs"),
        ("_level", "level.inconsistent"),
        ("_to_cut", "distance.differs"),
        ("_lowest", "bounds.differs"),
        ("_highest", "bounds.differs"),
    ):
        if column.endswith(ending):
            return code
    if "_from_" in column:
        return "contribution.differs"
    if "five-years" in column:
        return "norms.differs"
    return f"{column}.differs" if column in ("reasons", "cautions") else "value.differs"


def other(value: Any, draw: random.Random, labels: list[str]) -> Any:
    """Another value of the same kind; often as near as can be."""
    if isinstance(value, str):
        return draw.choice([label for label in labels if label != value] + [value + "x"])
    if isinstance(value, list):
        return [*value, "missing: nothing"] if draw.random() < 0.5 or not value else value[:-1]
    if isinstance(value, datetime.date):
        return draw.choice([value + datetime.timedelta(days=1), None])
    if isinstance(value, float):
        return draw.choice([math.nextafter(value, math.inf), value - 1.0, None])
    if isinstance(value, int):
        return draw.choice([value + 1, value - 1, None])
    raise AssertionError(value)


def corrupt(table: pa.Table, number: int, seed: int) -> tuple[Table, Expected]:
    """A result table with so many things wrong in it, and the findings that each must give."""
    draw = random.Random(seed)
    stored: Table = {name: table[name].to_pylist() for name in table.column_names}
    labels = {name: sorted({each for each in column if isinstance(each, str)}) for name, column in stored.items()}
    expected: Expected = Counter()
    rows = draw.sample(range(table.num_rows), number)
    remove, doubled, foreign = set(), [], []
    columns = [name for name in table.column_names if name != "person"]
    for row in rows:
        key = stored["person"][row]
        kind = draw.random()
        if kind < 0.05:
            remove.add(row)
            expected["row.missing", key, ""] += 1
        elif kind < 0.10:
            doubled.append(row)
            expected["row.doubled", key, ""] += 1
        elif kind < 0.13:
            foreign.append((row, f"X{row:06}"))
            expected["row.unknown", f"X{row:06}", ""] += 1
        else:
            name = draw.choice([each for each in columns if stored[each][row] is not None])
            stored[name][row] = other(stored[name][row], draw, labels[name])
            expected[code_of(name), key, name] += 1
    order = [row for row in range(table.num_rows) if row not in remove]
    for row in [*doubled, *(row for row, _ in foreign)]:
        order.insert(draw.randrange(len(order)), row if row in doubled else -1 - row)
    strangers = dict(foreign)
    result: Table = {name: [column[row if row >= 0 else -1 - row] for row in order] for name, column in stored.items()}
    for at, row in enumerate(order):
        if row < 0:
            result["person"][at] = strangers[-1 - row]
    return result, expected


def write(table: Table, schema: pa.Schema, path: Path) -> None:
    kinds = [field.type.value_type if pa.types.is_dictionary(field.type) else field.type for field in schema]
    plain = pa.table({name: pa.array(table[name], kind) for name, kind in zip(schema.names, kinds, strict=True)})
    if path.suffix == ".parquet":
        pa.parquet.write_table(plain, path)
        return
    for at, kind in enumerate(kinds):
        if pa.types.is_large_list(kind):
            joined = pa.array(["; ".join(each) for each in table[schema.names[at]]])
            plain = plain.set_column(at, schema.names[at], joined)
    pa.csv.write_csv(plain, path)
