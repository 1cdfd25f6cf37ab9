"""Just enough of DER (X.690) to write a private key and to replace one field of a certificate."""

from collections.abc import Iterator

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30


def element(tag: int, *contents: bytes) -> bytes:
    """Tag, length, contents."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    """A non-negative integer: one bit more than it needs, which is the sign."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def explicit(number: int, content: bytes) -> bytes:
    """A context-specific constructed element around another."""
    return element(0xA0 | number, content)


def bit_string(content: bytes) -> bytes:
    """Whole bytes."""
    return element(BIT_STRING, b"\0", content)


def elements(content: bytes) -> Iterator[bytes]:
    """The elements that stand one after another, each with its tag and length. Tags are one byte long here."""
    while content:
        start, size = _extent(content)
        yield content[: start + size]
        content = content[start + size :]


def content_of(one: bytes) -> bytes:
    """What an element holds."""
    start, size = _extent(one)
    return one[start : start + size]


def _extent(data: bytes) -> tuple[int, int]:
    """Where the contents of the first element start, and their size."""
    first = data[1]
    if first < 0x80:
        return 2, first
    count = first & 0x7F
    return 2 + count, int.from_bytes(data[2 : 2 + count], "big")
