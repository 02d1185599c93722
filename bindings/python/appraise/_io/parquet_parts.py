"""One Parquet file out of parts that were written one after the other, each with a footer of its own.

A part is what a writer made of some rows, without its first four bytes and its footer. The footers are kept apart; the
footer of the whole file lists the row groups of all of them at their places. Footers are structures of Thrift's compact
protocol, which are read and written here without knowing what most of their fields mean.
Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer

MAGIC = b"PAR1"
TAIL = 8  # the length of the footer and the magic

NUM_ROWS, ROW_GROUPS = 3, 4  # of FileMetaData
COLUMNS, GROUP_OFFSET, ORDINAL = 1, 5, 7  # of RowGroup
CHUNK_OFFSET, META_DATA, OFFSET_INDEX, COLUMN_INDEX = 2, 3, 4, 6  # of ColumnChunk
PAGE_OFFSETS = 9, 10, 11, 14  # of ColumnMetaData: data, index, dictionary, Bloom filter

Struct = dict[int, "Field"]


@dataclass
class Field:
    """The value of a field, with its Thrift type; `of` is that of the elements of a list."""

    type: int
    value: Any
    of: int = TType.STOP


@dataclass(frozen=True)
class Part:
    """Rows as they stand in the file, and the footer that speaks of them."""

    body: memoryview
    footer: bytes


def part_of(table: pa.Table, compression: str) -> Part:
    """A table as one row group."""
    sink = pa.BufferOutputStream()
    with pyarrow.parquet.ParquetWriter(sink, table.schema, compression=compression) as writer:
        writer.write_table(table, row_group_size=max(1, table.num_rows))
    data = memoryview(sink.getvalue())
    length = int.from_bytes(data[-TAIL : -len(MAGIC)], "little")
    end = len(data) - TAIL - length
    return Part(data[len(MAGIC) : end], bytes(data[end : end + length]))


def tail(footers: Iterable[tuple[int, bytes]]) -> bytes:
    """What ends the file: its footer, the length of that, and the magic.

    Parameters
    ----------
    footers : iterable of (int, bytes)
        Where each part starts in the file, and its footer. At least one.
    """
    whole: Struct = {}
    groups: list[Struct] = []
    rows = 0
    for start, footer in footers:
        read = _read_struct(TCompactProtocol(TMemoryBuffer(footer)))
        whole = whole or read
        rows += read[NUM_ROWS].value
        for group in read[ROW_GROUPS].value:
            _move(group, start - len(MAGIC), len(groups))
            groups.append(group)
    whole[NUM_ROWS].value = rows
    whole[ROW_GROUPS].value = groups
    buffer = TMemoryBuffer()
    _write_struct(TCompactProtocol(buffer), whole)
    written: bytes = buffer.getvalue()
    return written + len(written).to_bytes(4, "little") + MAGIC


def _move(group: Struct, by: int, ordinal: int) -> None:
    """Moves a row group to another place in the file."""
    _add(group, (GROUP_OFFSET,), by)
    if ORDINAL in group:
        group[ORDINAL].value = ordinal
    for chunk in group[COLUMNS].value:
        _add(chunk, (CHUNK_OFFSET, OFFSET_INDEX, COLUMN_INDEX), by)
        _add(chunk[META_DATA].value, PAGE_OFFSETS, by)


def _add(struct: Struct, fields: Iterable[int], by: int) -> None:
    for number in fields:
        if number in struct and struct[number].value:  # 0 stands for a place that is not told
            struct[number].value += by


def _read_struct(protocol: Any) -> Struct:
    fields: Struct = {}
    protocol.readStructBegin()
    while True:
        _, type, number = protocol.readFieldBegin()
        if type == TType.STOP:
            break
        fields[number] = _read_field(protocol, type)
        protocol.readFieldEnd()
    protocol.readStructEnd()
    return fields


def _read_field(protocol: Any, type: int) -> Field:
    if type != TType.LIST:
        return Field(type, _read_value(protocol, type))
    of, size = protocol.readListBegin()
    values = [_read_value(protocol, of) for _ in range(size)]
    protocol.readListEnd()
    return Field(type, values, of)


def _read_value(protocol: Any, type: int) -> Any:
    return _read_struct(protocol) if type == TType.STRUCT else getattr(protocol, f"read{SIMPLE[type]}")()


def _write_struct(protocol: Any, struct: Struct) -> None:
    protocol.writeStructBegin("")
    for number, field in sorted(struct.items()):
        protocol.writeFieldBegin("", field.type, number)
        if field.type == TType.LIST:
            protocol.writeListBegin(field.of, len(field.value))
            for value in field.value:
                _write_value(protocol, field.of, value)
            protocol.writeListEnd()
        else:
            _write_value(protocol, field.type, field.value)
        protocol.writeFieldEnd()
    protocol.writeFieldStop()
    protocol.writeStructEnd()


def _write_value(protocol: Any, type: int, value: Any) -> None:
    if type == TType.STRUCT:
        _write_struct(protocol, value)
    else:
        getattr(protocol, f"write{SIMPLE[type]}")(value)


SIMPLE = {
    TType.BOOL: "Bool",
    TType.BYTE: "Byte",
    TType.I16: "I16",
    TType.I32: "I32",
    TType.I64: "I64",
    TType.DOUBLE: "Double",
    TType.STRING: "Binary",
}
