"""Compiled XML and ZIP archives made by hand: what build tools write, and what they never would."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pinprobe.declared.axml import BOOLEAN, REFERENCE, STRING, Attribute, Element

NONE = 0xFFFFFFFF
ANDROID = "http://schemas.android.com/apk/res/android"


def tree(text: str) -> Element:
    """XML as aapt2 compiles it: true and false become booleans, @0x7f010000 a reference, all else stays a string."""
    return _element(ElementTree.fromstring(text))  # noqa: S314 - our own


def _element(source: ElementTree.Element) -> Element:
    attributes = tuple(_attribute(name, value) for name, value in source.attrib.items())
    texts = [source.text] if source.text and source.text.strip() else []
    return Element(tag=source.tag, attributes=attributes, children=[_element(child) for child in source], texts=texts)


def _attribute(name: str, value: str) -> Attribute:
    if value in ("true", "false"):
        kind, data = BOOLEAN, NONE if value == "true" else 0
    elif value.startswith("@"):
        kind, data = REFERENCE, int(value[1:], 16)
    else:
        kind, data = STRING, 0
    return Attribute(name=name, namespace="", resource=0, kind=kind, data=data, text=value)


class Pool:
    """A string pool that grows as it is used."""

    def __init__(self, *, utf8: bool) -> None:
        self._utf8 = utf8
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def bytes(self) -> bytes:
        offsets, body = [], b""
        for text in self._numbers:
            offsets.append(len(body))
            body += _string_8(text) if self._utf8 else _string_16(text)
        body += b"\0" * (-len(body) % 4)
        start = 28 + 4 * len(offsets)
        head = struct.pack("<HHIIIIII", 1, 28, start + len(body), len(offsets), 0, 0x100 * self._utf8, start, 0)
        return head + struct.pack(f"<{len(offsets)}I", *offsets) + body


def _string_8(text: str) -> bytes:
    encoded = text.encode()

    def length(count: int) -> bytes:
        return bytes([count]) if count < 0x80 else bytes([0x80 | count >> 8, count & 0xFF])

    return length(len(text.encode("utf-16-le")) // 2) + length(len(encoded)) + encoded + b"\0"


def _string_16(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    count = len(encoded) // 2
    length = struct.pack("<H", count) if count < 0x8000 else struct.pack("<HH", 0x8000 | count >> 16, count & 0xFFFF)
    return length + encoded + b"\0\0"


def chunk(kind: int, body: bytes, head: bytes = b"") -> bytes:
    """A chunk; `head` is what belongs to its header beyond type and sizes."""
    return struct.pack("<HHI", kind, 8 + len(head), 8 + len(head) + len(body)) + head + body


def compiled(root: Element, *, utf8: bool = False, extra: bytes = b"") -> bytes:
    """The binary XML of a tree. `extra`: chunks between the pool and the first element."""
    pool = Pool(utf8=utf8)
    # Names with an id come first: the resource map has one number for each of them.
    named = [one for element in _all(root) for one in element.attributes if one.resource]
    ids: dict[int, int] = {}
    for one in named:
        ids[pool.number(one.name)] = one.resource
    body = _nodes(root, pool)
    resources = struct.pack(f"<{len(ids)}I", *(ids[number] for number in sorted(ids)))
    return chunk(3, pool.bytes() + chunk(0x180, resources) + extra + body)


def _all(element: Element) -> list[Element]:
    return [element, *(one for child in element.children for one in _all(child))]


def _nodes(element: Element, pool: Pool) -> bytes:
    head = struct.pack("<II", 1, NONE)
    tag = pool.number(element.tag)
    attributes = b"".join(
        struct.pack(
            "<IIIHBBI",
            pool.number(one.namespace) if one.namespace else NONE,
            pool.number(one.name),
            pool.number(one.text) if one.kind == STRING else NONE,
            8,
            0,
            one.kind,
            pool.number(one.text) if one.kind == STRING else one.data,
        )
        for one in element.attributes
    )
    start = struct.pack("<IIHHHHHH", NONE, tag, 20, 20, len(element.attributes), 0, 0, 0) + attributes
    texts = b"".join(chunk(0x104, struct.pack("<IHBBI", pool.number(text), 8, 0, 0, 0), head) for text in element.texts)
    children = b"".join(_nodes(child, pool) for child in element.children)
    return chunk(0x102, start, head) + texts + children + chunk(0x103, struct.pack("<II", NONE, tag), head)


@dataclass(kw_only=True)
class Zipped:
    """One entry, and every claim about it."""

    name: bytes
    content: bytes = b""
    method: int = 0
    flags: int = 0
    claimed_size: int | None = None
    claimed_compressed: int | None = None
    at: int | None = None
    """Where the directory says that it stands."""
    local_name: bytes | None = None
    extra: bytes = field(default=b"")


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def zipped(entries: Sequence[Zipped], *, comment: bytes = b"") -> bytes:
    """An archive of these, true or not."""
    body, directory = b"", b""
    for entry in entries:
        data = deflated(entry.content) if entry.method == 8 else entry.content
        size = len(entry.content) if entry.claimed_size is None else entry.claimed_size
        compressed = len(data) if entry.claimed_compressed is None else entry.claimed_compressed
        at = len(body) if entry.at is None else entry.at
        local_name = entry.name if entry.local_name is None else entry.local_name
        shared = (20, entry.flags, entry.method, 0, 0, zlib.crc32(entry.content), compressed, size)
        body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *shared, len(local_name), 0) + local_name + data
        lengths = (len(entry.name), len(entry.extra), 0, 0, 0, 0, at)
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *shared, *lengths) + entry.name + entry.extra
    count = len(entries) & 0xFFFF
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), len(comment))
    return body + directory + end + comment
