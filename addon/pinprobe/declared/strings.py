"""String pools, as binary XML and resource tables share them. Decoded when asked, never more text than bytes.

Format: AOSP's ResourceTypes.h, ResStringPool_header.
"""

import struct

_HEADER = struct.Struct("<HHIIIIII")
_UTF8 = 1 << 8


class Damaged(Exception):
    """A chunk is not what its header says; the message says which, and is ours."""


class Strings:
    """One pool. Offsets may overlap, so what is decoded is bounded by the pool's own size."""

    def __init__(self, data: memoryview) -> None:
        if len(data) < _HEADER.size:
            raise Damaged("the string pool is cut short")
        _, header_size, size, count, _, flags, strings_at, _ = _HEADER.unpack_from(data)
        self._data = data[: min(size, len(data))]
        self._utf8 = bool(flags & _UTF8)
        self._offsets_at = header_size
        self._strings_at = strings_at
        self._decoded: dict[int, str] = {}
        self._left = len(self._data)
        # A count that the pool has no room for is a lie: Android refuses it too.
        if header_size < _HEADER.size or header_size + 4 * count > len(self._data):
            raise Damaged("the string pool claims more strings than it holds")
        self.count = count

    def get(self, index: int) -> str | None:
        """The string of this number; None where there is none."""
        if not 0 <= index < self.count:
            return None
        if index not in self._decoded:
            text = self._decode(index)
            self._left -= len(text)
            if self._left < 0:
                raise Damaged("strings overlap: more text than the file has bytes")
            self._decoded[index] = text
        return self._decoded[index]

    def _decode(self, index: int) -> str:
        (offset,) = struct.unpack_from("<I", self._data, self._offsets_at + 4 * index)
        at = self._strings_at + offset
        if self._utf8:
            _, at = self._length_8(at)
            length, at = self._length_8(at)
            return bytes(self._data[at : at + length]).decode("utf-8", "replace")
        length, at = self._length_16(at)
        return bytes(self._data[at : at + 2 * length]).decode("utf-16-le", "replace")

    def _length_8(self, at: int) -> tuple[int, int]:
        first = self._byte(at)
        if first & 0x80:
            return (first & 0x7F) << 8 | self._byte(at + 1), at + 2
        return first, at + 1

    def _length_16(self, at: int) -> tuple[int, int]:
        first = self._byte(at) | self._byte(at + 1) << 8
        if first & 0x8000:
            low = self._byte(at + 2) | self._byte(at + 3) << 8
            return (first & 0x7FFF) << 16 | low, at + 4
        return first, at + 2

    def _byte(self, at: int) -> int:
        return self._data[at] if at < len(self._data) else 0
