"""More than two hundred malformed caseloads: each with what has to become of it.

A `BadRow` is one wrong row among five good ones. A `BadFile` is a file, or an option, that cannot be used at all.
"""

from __future__ import annotations

import datetime
import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

HEADER = b"key,severity,first,priors,age,born\n"
GOOD = (
    b"a,much,yes,4,40,1970-01-02\n",
    b"b,some,no,0,30,1980-12-31\n",
    b"c,none,yes,2,50.5,1960-02-29\n",
    b"d,much,no,100,119,1900-01-01\n",
    b"e,some,,1,21,\n",
)
RESPONSE = {
    "severity": "response.unknown-code",
    "first": "response.unknown-code",
    "priors": "response.impossible-number",
    "age": "response.impossible-number",
    "born": "response.invalid-date",
}
NO_RESPONSE = {
    "severity": [
        "huge",
        "MUCH",
        " much",
        "much ",
        "3",
        "-1",
        "1.5",
        "0x1",
        "\u00b2",
        "null",
        "NaN",
        "True",
        "\x00",
        "?",
    ],
    "first": ["maybe", "YES", " yes", "2", "-1", "y", "0.5", "null", "ja", "\x00", "yes,no", "\U0001f600", "n/a", "-"],
    "priors": [
        *("abc", "1.5", "-1", "101", " 4", "4 ", "1e400", "\u00b2", "0x4", "4,0", "--1", "1_000", "\u0661", "inf"),
        *("99999999999999999999", "\x00", "NULL"),
    ],
    "age": [
        "abc",
        "-5",
        "17.9",
        "120",
        "1e999",
        "40 years",
        "4O",
        "\u221e",
        "0x10",
        "1,5",
        "inf",
        "-inf",
        "\x00",
        "N/A",
    ],
    "born": [
        *("1970-02-30", "1970-13-01", "01/02/1970", "1970-1-2", "19700101", "0000-01-01", "10000-01-01", "yesterday"),
        *("1970-01-01T00:00:00", "1970-01-01 ", "2021-01-01", "1899-12-31", "1970-00-01", "70-01-01", "\x00", "0"),
    ],
}
UNDECODABLE = [
    b"\xff",
    b"\xc3\x28",
    b"\xa0\xa1",
    b"\xe2\x28\xa1",
    b"\xf0\x28\x8c\xbc",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xe2\x82",
]
SHAPES = {
    "one cell": b"z",
    "five cells": b"z,much,yes,4,40",
    "seven cells": b"z,much,yes,4,40,,",
    "a hundred cells": b"," * 100,
    "only a quote closed": b'""',
    "quotes around the row": b'"z,much,yes,4,40,"',
    "a delimiter of another kind": b"z;much;yes;4;40;",
}


@dataclass(frozen=True)
class BadRow:
    """One row, and the code it has to get. `kept` says whether it is in the output all the same."""

    name: str
    row: bytes
    code: str
    column: str = ""
    value: str = ""
    kept: bool = True
    ending: bytes = b"\n"
    at: int = 5


@dataclass(frozen=True)
class BadFile:
    """A caseload that cannot be used, and a part of the one line that says why."""

    name: str
    file: str
    content: bytes
    told: str
    options: tuple[str, ...] = ()


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def row_with(column: str, text: str) -> bytes:
    cells = {"severity": "much", "first": "yes", "priors": "4", "age": "40", "born": "1970-01-02"} | {
        column: cell(text)
    }
    return ",".join(["z", *cells.values()]).encode()


def bad_rows() -> Iterator[BadRow]:
    for column, texts in NO_RESPONSE.items():
        for text in texts:
            yield BadRow(f"{column} {text!a}", row_with(column, text), RESPONSE[column], column, text)
        huge = "9" * 200_000
        yield BadRow(f"{column} of 200,000 characters", row_with(column, huge), RESPONSE[column], column, huge)
    for place, at in (("first", 0), ("middle", 2), ("last", 5)):
        for data in UNDECODABLE:
            row = b"z,much,yes,4,40," + data
            yield BadRow(f"{place} row with {data.hex()}", row, "row.undecodable", kept=False, at=at)
        for name, row in SHAPES.items():
            yield BadRow(f"{place} row of {name}", row, "row.ragged", kept=False, at=at)
        for quoted in (b'"z,much,yes,4,40,', b'z,much,"yes,4,40,', b'z,much,yes,4,40,"'):
            name = f"{place} row with {quoted.decode()}"
            yield BadRow(name, quoted, "row.unclosed-quote", kept=False, at=at)
    yield BadRow("no line end", b"z,much", "row.ragged", kept=False, ending=b"")
    yield BadRow("carriage return and line feed", b"z,much", "row.ragged", kept=False, ending=b"\r\n")


def table() -> pa.Table:
    return pa.table(
        {
            "key": [str(at) for at in range(5000)],
            "severity": ["much", "some"] * 2500,
            "first": ["yes", "no"] * 2500,
            "priors": [at % 90 for at in range(5000)],
            "age": [18.0 + at % 90 for at in range(5000)],
        }
    )


def parquet(given: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(given, buffer)
    return buffer.getvalue()


def arrow(given: pa.Table, *, stream: bool) -> bytes:
    buffer = io.BytesIO()
    make = pyarrow.ipc.new_stream if stream else pyarrow.ipc.new_file
    with make(buffer, given.schema) as writer:
        for batch in given.to_batches(max_chunksize=1000):
            writer.write_batch(batch)
    return buffer.getvalue()


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sheet.csv", content)
    return buffer.getvalue()


def bad_files() -> Iterator[BadFile]:
    good = HEADER + b"".join(GOOD)
    yield BadFile("nothing", "c.csv", b"", "it is empty")
    yield BadFile("only a mark of byte order", "c.csv", b"\xef\xbb\xbf", "it is empty")
    yield BadFile("only line ends", "c.csv", b"\n\r\n\n", "it is empty")
    yield BadFile("a column twice", "c.csv", HEADER.replace(b"born", b"age"), "the column 'age' comes twice")
    yield BadFile(
        "two columns without a name", "c.csv", b"," + HEADER.replace(b"born", b""), "the column '' comes twice"
    )
    yield BadFile("a header that is no text", "c.csv", b"\xff" + good, "not UTF-8")
    yield BadFile("semicolons", "c.csv", good.replace(b",", b";"), "is the delimiter ';'?")
    yield BadFile("tabs", "c.csv", good.replace(b",", b"\t"), "is the delimiter '\\t'?")
    yield BadFile("commas in a file of tabs", "c.tsv", good, "is the delimiter ','?")
    yield BadFile("UTF-16", "c.csv", good.decode().encode("utf-16"), "found UTF-16")
    yield BadFile("UTF-16, big end first", "c.csv", b"\xfe\xff" + good.decode().encode("utf-16-be"), "found UTF-16")
    yield BadFile("a ZIP archive", "c.csv", zipped(good), "found a ZIP archive or a spreadsheet")
    yield BadFile("gzip under another name", "c.csv", gzip.compress(good), "found gzip")
    yield BadFile("Parquet under another name", "c.csv", parquet(table()), "found Parquet")
    yield BadFile("Arrow under another name", "c.csv", arrow(table(), stream=False), "found Arrow IPC")
    yield BadFile("CSV named gzip", "c.csv.gz", good, "Not a gzipped file")
    yield BadFile("CSV named Parquet", "c.parquet", good, "cannot read")
    yield BadFile("CSV named Arrow", "c.arrow", good, "cannot read")
    yield BadFile("CSV named Arrow stream", "c.arrows", good, "cannot read")
    yield BadFile("an unknown ending", "c.xlsx", good, "the name of a caseload ends in")
    yield BadFile("no items", "c.csv", b"id,name\n1,b\n", "has none of the columns of sample")
    yield BadFile("an item absent", "c.csv", b"key,severity,first,priors\na,much,yes,4\n", "column 'age' is absent")
    yield BadFile(
        "a column named as a result", "c.csv", b"total," + HEADER + b"1,a,much,yes,4,40,\n", "name of a result"
    )
    yield BadFile("an unknown encoding", "c.csv", good, "there is no encoding", ("--encoding", "klingon"))
    yield BadFile("a delimiter of two characters", "c.csv", good, "a delimiter is one character", ("--delimiter", "||"))
    yield BadFile("a quote as delimiter", "c.csv", good, "a delimiter is one character", ("--delimiter", '"'))
    yield BadFile("an unknown column to keep", "c.csv", good, "has no column 'kee'; nearest: key", ("--keep", "kee"))
    yield BadFile("an unknown key", "c.csv", good, "has no column 'keys'; nearest: key", ("--key", "keys"))
    yield BadFile("an impossible as-of date", "c.csv", good, "expected a date YYYY-MM-DD", ("--as-of", "2026-02-30"))
    yield BadFile("an unknown as-of column", "c.csv", good, "has no column 'when'", ("--as-of-column", "when"))
    yield BadFile("a query of a file", "c.csv", good, "a query needs a database", ("--query", "select 1"))
    yield from truncated()
    yield from wrong_types()


def truncated() -> Iterator[BadFile]:
    compressed = gzip.compress(HEADER + b"".join(GOOD) * 1000, mtime=0)
    whole = {
        "c.csv.gz": compressed,
        "c.parquet": parquet(table()),
        "c.arrow": arrow(table(), stream=False),
        "c.arrows": arrow(table(), stream=True),
    }
    for file, data in whole.items():
        for share in (0.03, 0.3, 0.6, 0.9, 1.0):
            size = min(int(len(data) * share), len(data) - 5)
            yield BadFile(f"{file} cut to {share:.0%}", file, data[:size], "cannot read")
        yield BadFile(f"{file} without a byte", file, b"", "cannot read")
    yield BadFile("garbage after gzip", "c.csv.gz", compressed + b"garbage", "cannot read")
    broken = bytearray(compressed)
    broken[len(broken) // 2] ^= 0xFF
    yield BadFile("gzip with a byte changed", "c.csv.gz", bytes(broken), "cannot read")


def wrong_types() -> Iterator[BadFile]:
    count = 5000
    types = {
        "decimal": pa.array([Decimal("1.5")] * count),
        "list": pa.array([[1]] * count),
        "struct": pa.array([{"a": 1}] * count),
        "binary": pa.array([b"much"] * count),
        "time of day": pa.array([datetime.time(1)] * count),
        "timestamp with time zone": pa.array([datetime.datetime(2026, 1, 1)] * count, pa.timestamp("us", "UTC")),
        "duration": pa.array([datetime.timedelta(1)] * count),
    }
    for name, values in types.items():
        for item in ("priors", "age"):
            changed = table().set_column(table().column_names.index(item), item, values)
            yield BadFile(f"{item} as {name}", "c.parquet", parquet(changed), f"column '{item}' has the type")
    moment = pa.array([datetime.datetime(1970, 1, 2, 3)] * count, pa.timestamp("us"))
    yield BadFile(
        "a date with a time", "c.parquet", parquet(table().append_column("born", moment)), "holds times of day"
    )
    batches = arrow(table(), stream=True)
    yield BadFile("a stream that breaks off between batches", "c.arrows", batches[:-8], "it is not whole")
