"""DER taken apart into elements and put together with right lengths, damaged in between: mostly still certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from stressing.fuzz.mutation import mutated

CONSTRUCTED = 0x20
DEEPEST = 12
TAGS = (
    0x01,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x0C,
    0x13,
    0x14,
    0x16,
    0x17,
    0x18,
    0x1C,
    0x1E,
    0x30,
    0x31,
    0x80,
    0x82,
    0x87,
    0xA0,
)
CONTENTS = (
    b"", b"\0", b"\xff", b"\x80", b"\xff\xff", b"a\0b.example", b"\xff\xfe\0", b"x" * 65536, b"\0" * 300,
    b"260101000000Z", b"20260101000000Z", b"991231235959Z", b"00000101000000Z", b"99991231235959Z", b"2601010000Z",
    b"260101000000+0100", b"20261301000000Z", b"*.example.com", "bücher".encode(), "bücher".encode("utf-16-be"),
    b"\xd8\0", b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", b"\x55\x1d\x11", b"\x55\x04\x03", b"\x80\x01", b"\x7f\0\0\1",
    b"\x1b[2J\r\n", b"\x04" + b"\xff" * 64, b"\x04" + b"\0" * 64, b"\x02\x00",
)  # fmt: skip


@dataclass(slots=True)
class Element:
    """A tag with its contents: bytes, or elements."""

    tag: int
    content: bytes = b""
    parts: list[Element] = field(default_factory=list)
    unused: bytes = b""
    """What stands before the parts of a bit string."""

    def written(self) -> bytes:
        """As DER."""
        content = self.unused + b"".join(part.written() for part in self.parts) if self.parts else self.content
        size = len(content)
        if size < 0x80:
            return bytes((self.tag, size)) + content
        length = size.to_bytes((size.bit_length() + 7) // 8, "big")
        return bytes((self.tag, 0x80 | len(length))) + length + content


def elements(data: bytes, depth: int = 0) -> list[Element] | None:
    """The elements that these bytes consist of; None where they consist of none."""
    found = []
    while data:
        if len(data) < 2:
            return None
        start, size = 2, data[1]
        if size >= 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(data[2:start], "big")
        if size > len(data) - start:
            return None
        found.append(_element(data[0], data[start : start + size], depth))
        data = data[start + size :]
    return found


def _element(tag: int, content: bytes, depth: int) -> Element:
    made = Element(tag, content)
    if not content or depth >= DEEPEST:
        return made
    if tag & CONSTRUCTED or (tag == 0x04 and content[0] in (0x02, 0x03, 0x04, 0x30)):
        made.parts = elements(content, depth + 1) or []
    elif tag == 0x03 and content[:2] == b"\0\x30":
        made.parts, made.unused = elements(content[1:], depth + 1) or [], content[:1]
    return made


def der_mutated(data: bytes, chance: Random) -> bytes:
    """Other certificates, one after another as before, changed in a few elements anywhere."""
    chain = elements(data) if chance.randrange(10) else None
    if not chain:
        return mutated(data, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _change(chain, chance)
    return b"".join(one.written() for one in chain)


def _change(chain: list[Element], chance: Random) -> None:
    places = [(among, at) for among in _lists(chain) for at in range(len(among))]
    if not places:
        return
    among, at = chance.choice(places)
    one = among[at]
    match chance.randrange(9):
        case 0:
            del among[at]
        case 1:
            among.insert(at, one)
        case 2:
            one.tag = chance.choice(TAGS)
        case 3:
            one.parts = []
            one.content = chance.choice(CONTENTS)
        case 4:
            among[at : at + 1] = [one] * chance.choice((2, 3, 50))
        case 5:
            other, place = chance.choice(places)
            if other[place] is not one and not any(part is other for part in _lists(one.parts)):
                other[place] = _element(one.tag, one.content, DEEPEST)
        case 6:
            chance.shuffle(among)
        case _:
            if one.parts:
                _change(one.parts, chance)
            else:
                one.content = chance.choice(CONTENTS) if chance.randrange(2) else mutated(one.content, chance)


def _lists(among: list[Element]) -> list[list[Element]]:
    found = [among]
    for one in among:
        found += _lists(one.parts) if one.parts else []
    return found
