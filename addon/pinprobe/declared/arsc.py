"""resources.arsc: from a resource's id to its files and values, and from its name to its id. Nothing else is decoded.

Format: AOSP's ResourceTypes.h, ResTable.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pinprobe.declared.axml import INTEGERS, REFERENCE, STRING
from pinprobe.declared.strings import Damaged, Strings

_CHUNK = struct.Struct("<HHI")
_PACKAGE = struct.Struct("<HHII256sIIII")
_TYPE = struct.Struct("<HHIBBHII")
_STRING_POOL, _TABLE, _PACKAGE_KIND, _TYPE_KIND = 0x0001, 0x0002, 0x0200, 0x0201
_SPARSE, _OFFSETS_16 = 0x01, 0x02
_COMPLEX, _COMPACT = 0x0001, 0x0008
_MOST = 64
"""Values of one resource, languages and screens together."""
_MOST_MET = 16
"""Resources that its references lead to."""
_MOST_TYPES = 20_000
"""Kinds of resources times configurations of the device. Large apps have some thousand."""
_MOST_NAMES = 1_000_000
"""Looked at to find one."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a resource, in one configuration of the device."""

    kind: int
    data: int
    text: str
    """The string, such as a file's path; empty for others."""

    @property
    def switch(self) -> bool | None:
        """As a boolean; None where it is none."""
        return self.data != 0 if self.kind in INTEGERS else None


@dataclass(frozen=True, slots=True)
class _Types:
    """Where the values of one kind of resource stand, for one configuration."""

    chunk: memoryview
    package: int
    kind: int
    keys: Strings


class Table:
    """A resource table. Raises Damaged when made from anything else; a question about what is damaged finds nothing."""

    def __init__(self, content: bytes) -> None:
        self._strings: Strings | None = None
        self._types: list[_Types] = []
        self._kinds: dict[tuple[int, int], str] = {}
        """Names of kinds, such as xml, by package and number."""
        data = memoryview(content)
        if len(data) < _CHUNK.size or _CHUNK.unpack_from(data)[0] != _TABLE:
            raise Damaged("this is no resource table")
        for kind, _, chunk in _chunks(data, _CHUNK.unpack_from(data)[1]):
            if kind == _STRING_POOL and self._strings is None:
                self._strings = Strings(chunk)
            elif kind == _PACKAGE_KIND:
                self._read_package(chunk)

    def values(self, resource: int) -> list[Value]:
        """What the id stands for, in every configuration, the default first; references are followed."""
        found: list[Value] = []
        waiting, met = [resource], {resource}
        # Each id once: references may form rings, and fan out.
        while waiting:
            one = waiting.pop(0)
            for types in self._of(one):
                entry = _entry(types.chunk, one & 0xFFFF)
                if entry is None or entry[1] is None or len(found) >= _MOST:
                    continue
                kind, data = entry[1]
                if kind != REFERENCE:
                    text = self._strings.get(data) if self._strings is not None and kind == STRING else None
                    found.append(Value(kind, data, text or ""))
                elif data not in met and len(met) < _MOST_MET:
                    met.add(data)
                    waiting.append(data)
        return found

    def name(self, resource: int) -> str:
        """The resource's own name; empty where there is none."""
        for types in self._of(resource):
            if (entry := _entry(types.chunk, resource & 0xFFFF)) is not None:
                return types.keys.get(entry[0]) or ""
        return ""

    def find(self, kind: str, name: str) -> int | None:
        """The id of the resource with this name, such as `xml` and `network_security_config_debug`."""
        wanted = (one for one in self._types if self._kinds.get((one.package, one.kind)) == kind)
        every = ((types, number, key) for types in wanted for number, (key, _) in _entries(types.chunk))
        for types, number, key in islice(every, _MOST_NAMES):
            if types.keys.get(key) == name:
                return types.package << 24 | types.kind << 16 | number
        return None

    def _of(self, resource: int) -> Iterator[_Types]:
        return (one for one in self._types if (one.package, one.kind) == (resource >> 24, resource >> 16 & 0xFF))

    def _read_package(self, chunk: memoryview) -> None:
        if len(chunk) < _PACKAGE.size:
            raise Damaged("a package of the resource table is cut short")
        _, header_size, _, package, _, kinds_at, _, keys_at, _ = _PACKAGE.unpack_from(chunk)
        kinds, keys = Strings(chunk[kinds_at:]), Strings(chunk[keys_at:])
        for number in range(min(kinds.count, 0xFF)):
            self._kinds[package, number + 1] = kinds.get(number) or ""
        for kind, _, part in _chunks(chunk, header_size):
            if kind == _TYPE_KIND and len(part) >= _TYPE.size:
                if len(self._types) >= _MOST_TYPES:
                    raise Damaged("the resource table has too many parts")
                self._types.append(_Types(part, package & 0xFF, part[8], keys))


def _chunks(data: memoryview, at: int) -> Iterator[tuple[int, int, memoryview]]:
    while at + _CHUNK.size <= len(data):
        kind, header_size, size = _CHUNK.unpack_from(data, at)
        if header_size < _CHUNK.size or size < header_size or at + size > len(data):
            raise Damaged("a part of the resource table is larger than the table, or smaller than its header")
        yield kind, header_size, data[at : at + size]
        at += size


Entry = tuple[int, tuple[int, int] | None]
"""Number of its name, and type and data of its value; None for a value of several parts."""


def _entry(chunk: memoryview, number: int) -> Entry | None:
    _, header_size, _, _, flags, _, count, entries_at = _TYPE.unpack_from(chunk)
    if flags & _SPARSE:
        # Pairs of number and offset, in order of the numbers.
        low, high = 0, min(count, (len(chunk) - header_size) // 4)
        while low < high:
            middle = (low + high) // 2
            found, offset = struct.unpack_from("<HH", chunk, header_size + 4 * middle)
            if found == number:
                return _entry_at(chunk, entries_at + 4 * offset)
            low, high = (middle + 1, high) if found < number else (low, middle)
        return None
    if number >= count:
        return None
    width, none = (2, 0xFFFF) if flags & _OFFSETS_16 else (4, 0xFFFFFFFF)
    where = header_size + width * number
    if where + width > len(chunk):
        return None
    offset = int.from_bytes(chunk[where : where + width], "little")
    if offset == none:
        return None
    return _entry_at(chunk, entries_at + (offset * 4 if width == 2 else offset))


def _entries(chunk: memoryview) -> Iterator[tuple[int, Entry]]:
    """Every entry with its number."""
    _, header_size, _, _, flags, _, count, entries_at = _TYPE.unpack_from(chunk)
    if flags & _SPARSE:
        for index in range(min(count, (len(chunk) - header_size) // 4)):
            number, offset = struct.unpack_from("<HH", chunk, header_size + 4 * index)
            if (entry := _entry_at(chunk, entries_at + 4 * offset)) is not None:
                yield number, entry
        return
    width = 2 if flags & _OFFSETS_16 else 4
    for number in range(min(count, (len(chunk) - header_size) // width)):
        if (entry := _entry(chunk, number)) is not None:
            yield number, entry


def _entry_at(chunk: memoryview, at: int) -> Entry | None:
    if at + 8 > len(chunk):
        return None
    size, flags, key = struct.unpack_from("<HHI", chunk, at)
    if flags & _COMPACT:
        # The first field is the name's number, the type stands in the flags, the third field is the data.
        return size, (flags >> 8, key)
    if flags & _COMPLEX:
        return key, None
    if at + size + 8 > len(chunk):
        return key, None
    _, _, kind, data = struct.unpack_from("<HBBI", chunk, at + size)
    return key, (kind, data)
