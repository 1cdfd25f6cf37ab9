"""Small damages to bytes and to lines of text: what a stranger, a bad disk or a bug elsewhere does to an input. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

LONGEST = 1 << 17
"""Bytes of an input that has grown."""
BLOCK = 64

_NUMBERS = (
    b"\0", b"\1", b"\x7f", b"\x80", b"\xff",
    b"\0\0", b"\0\1", b"\x7f\xff", b"\x80\0", b"\xff\xff",
    b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\x80", b"\xff\xff\xff\xff",
)  # fmt: skip
_TEXTS = (
    b"\0", b"\n", b"\r\n", b"'", b'"', b"\\", b"<", b"&", b"%", b"{", b"}", b"[", b"]", b":", b",", b"*", b"../",
    b"\x1b[2J", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", b"-1", b"1e999", b"NaN",
    b"99999999999999999999", b"null", b"true", b"\xd9\xa3", b"\xc2\xa0", b"\xe3\x80\x82", b"xn--", b"::1", b"a" * 300,
)  # fmt: skip


def _flip(data: bytearray, chance: Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _set(data: bytearray, chance: Random) -> None:
    data[chance.randrange(len(data))] = chance.randrange(256)


def _overwrite(data: bytearray, chance: Random) -> None:
    number = chance.choice(_NUMBERS)
    at = chance.randrange(len(data))
    data[at : at + len(number)] = number


def _insert(data: bytearray, chance: Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice(_TEXTS if chance.randrange(2) else _NUMBERS)


def _remove(data: bytearray, chance: Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randint(1, BLOCK)]


def _repeat(data: bytearray, chance: Random) -> None:
    at = chance.randrange(len(data))
    block = data[at : at + chance.randint(1, BLOCK)]
    data[at:at] = block * chance.choice((1, 1, 1, 2, 8, 64))


def _move(data: bytearray, chance: Random) -> None:
    at, to = chance.randrange(len(data)), chance.randrange(len(data))
    data[to:to] = data[at : at + chance.randint(1, BLOCK)]


def _cut(data: bytearray, chance: Random) -> None:
    del data[chance.randrange(len(data)) :]


_DAMAGES: tuple[Callable[[bytearray, Random], None], ...] = (
    _flip, _flip, _set, _set, _overwrite, _overwrite, _insert, _insert, _remove, _repeat, _move, _cut,
)  # fmt: skip


def mutated(data: bytes, chance: Random) -> bytes:
    """A copy with a few damages anywhere."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        if not made:
            made += chance.randbytes(chance.randint(1, BLOCK))
        chance.choice(_DAMAGES)(made, chance)
    return bytes(made[:LONGEST])


def lines_mutated(data: bytes, chance: Random, words: Sequence[bytes] = ()) -> bytes:
    """A copy in which whole lines are left out, doubled or change places, and few of them are damaged.

    `words` of the format take the place of others, so that much of what comes out is still sound.
    """
    lines = data.split(b"\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(to, lines[at])
            case 2:
                lines[at], lines[to] = lines[to], lines[at]
            case 3:
                lines[at] = mutated(lines[at], chance)
            case _:
                lines[at] = _word_changed(lines[at], chance, words)
        lines = lines or [b""]
    return b"\n".join(lines)[:LONGEST]


def _word_changed(line: bytes, chance: Random, words: Sequence[bytes]) -> bytes:
    """Another word in the place of one, where words are what stands between blanks and punctuation."""
    starts = [at for at in range(len(line)) if at == 0 or not (line[at - 1 : at].isalnum())]
    if not starts:
        return line
    at = chance.choice(starts)
    end = at
    while end < len(line) and line[end : end + 1].isalnum():
        end += 1
    return line[:at] + chance.choice((*words, *_TEXTS) if words else _TEXTS) + line[max(end, at + 1) :]
