"""Binary XML to a small tree, as Android's own reader walks it: unknown chunks are skipped, sizes are checked.

Why not a library: docs/decisions.md, 2026-11-26. Format: AOSP's ResourceTypes.h, ResXMLTree.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pinprobe.declared.limits import LIMITS, Limits
from pinprobe.declared.strings import Damaged, Strings

MAGIC = b"\3\0\10\0"
"""Type and header size, with which a compiled XML file begins."""

_CHUNK = struct.Struct("<HHI")
_ELEMENT = struct.Struct("<IIHHHHHH")
_ATTRIBUTE = struct.Struct("<IIIHBBI")
_STRING_POOL, _RESOURCE_MAP = 0x0001, 0x0180
_NODES = range(0x0100, 0x0180)
_START, _END, _TEXT = 0x0102, 0x0103, 0x0104

REFERENCE, STRING, BOOLEAN = 0x01, 0x03, 0x12
INTEGERS = range(0x10, 0x20)
"""Types of a value: Android takes any of these where it wants a number or a switch."""
_HEX = 0x11
_CHUNKS_PER_ELEMENT = 4
"""Its start, its end, and texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute, with its typed value."""

    name: str
    namespace: str
    resource: int
    """Android's id of the attribute, by which it is known even under another name; 0 for none."""
    kind: int
    """Type of the value: REFERENCE, STRING, one of INTEGERS, or another."""
    data: int
    text: str
    """As `getAttributeValue` gives it: the raw string, else the value in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element; its text is that of all its text nodes, joined."""

    tag: str
    attributes: tuple[Attribute, ...]
    children: "list[Element]" = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def named(self, *tags: str) -> "Iterator[Element]":
        """Children with one of these tags, in order."""
        return (child for child in self.children if child.tag in tags)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute without a namespace that has this name."""
        return next((one for one in self.attributes if one.name == name and not one.namespace), None)

    def android(self, resource: int) -> Attribute | None:
        """The attribute of Android's own with this id."""
        return next((one for one in self.attributes if one.resource == resource), None)

    def switch(self, name: str, default: bool) -> bool:
        """A boolean as Android reads it: a reference to a resource, or a word, counts for nothing."""
        found = self.attribute(name)
        return found.data != 0 if found is not None and found.kind in INTEGERS else default


def parse(content: bytes, limits: Limits = LIMITS) -> Element:
    """The root of a compiled XML file. Raises Damaged."""
    if len(content) > limits.xml_bytes:
        raise Damaged("the file is too large")
    data = memoryview(content)
    strings: Strings | None = None
    resources: tuple[int, ...] = ()
    tree = _Tree(limits)
    for number, (kind, header_size, chunk) in enumerate(_chunks(data)):
        if number > _CHUNKS_PER_ELEMENT * limits.elements:
            raise Damaged("too many parts")
        if kind == _STRING_POOL and tree.empty:
            strings = Strings(chunk)
        elif kind == _RESOURCE_MAP and tree.empty:
            body = chunk[header_size:]
            resources = struct.unpack_from(f"<{len(body) // 4}I", body)
        elif kind in _NODES:
            if strings is None:
                raise Damaged("there is no string pool")
            body = chunk[header_size:]
            if kind == _START:
                tree.start(_element(body, strings, resources))
            elif kind == _TEXT and len(body) >= 4:
                tree.text(strings.get(struct.unpack_from("<I", body)[0]) or "")
            elif kind == _END and tree.end():
                break
    return tree.root()


class _Tree:
    """What grows while nodes are read."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[Element] = []
        self._root: Element | None = None
        self._count = 0
        self._chars = 0

    @property
    def empty(self) -> bool:
        return self._root is None

    def start(self, element: Element) -> None:
        self._count += 1
        if self._count > self._limits.elements:
            raise Damaged(f"more than {self._limits.elements} elements")
        if len(self._open) >= self._limits.depth:
            raise Damaged(f"nested deeper than {self._limits.depth}")
        if self._open:
            self._open[-1].children.append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)

    def text(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > self._limits.xml_bytes:
            raise Damaged("more text than the file has room for")
        if self._open:
            self._open[-1].texts.append(text)

    def end(self) -> bool:
        """Whether that was the root's."""
        if self._open:
            self._open.pop()
        return not self._open

    def root(self) -> Element:
        if self._root is None:
            raise Damaged("there is no element")
        return self._root


def _chunks(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Type, header size and bytes of each chunk inside the file's own."""
    if len(data) < _CHUNK.size:
        raise Damaged("the file is cut short")
    _, at, size = _CHUNK.unpack_from(data)
    # The outermost type is not looked at, as Android does not.
    end = min(size, len(data))
    while at + _CHUNK.size <= end:
        kind, header_size, size = _CHUNK.unpack_from(data, at)
        if header_size < _CHUNK.size or size < header_size or at + size > end:
            raise Damaged("a chunk is larger than the file, or smaller than its header")
        yield kind, header_size, data[at : at + size]
        at += size


def _element(body: memoryview, strings: Strings, resources: tuple[int, ...]) -> Element:
    if len(body) < _ELEMENT.size:
        raise Damaged("an element is cut short")
    _, name, start, size, count, *_ = _ELEMENT.unpack_from(body)
    # Attributes of no size would make one element out of nothing many times over.
    if count and (size < _ATTRIBUTE.size or start + size * count > len(body)):
        raise Damaged("an element claims more attributes than it holds")
    attributes = (_attribute(body, start + size * number, strings, resources) for number in range(count))
    return Element(tag=strings.get(name) or "", attributes=tuple(attributes))


def _attribute(body: memoryview, at: int, strings: Strings, resources: tuple[int, ...]) -> Attribute:
    namespace, name, raw, _, _, kind, data = _ATTRIBUTE.unpack_from(body, at)
    text = strings.get(raw)
    if text is None:
        text = (strings.get(data) or "") if kind == STRING else _in_words(kind, data)
    return Attribute(
        name=strings.get(name) or "",
        namespace=strings.get(namespace) or "",
        resource=resources[name] if name < len(resources) else 0,
        kind=kind,
        data=data,
        text=text,
    )


def _in_words(kind: int, data: int) -> str:
    """As Android's `TypedValue.coerceToString`."""
    if kind == REFERENCE:
        return f"@{data}"
    if kind == BOOLEAN:
        return "true" if data else "false"
    if kind == _HEX:
        return f"0x{data:x}"
    return str(data - (1 << 32) if data >> 31 else data)
