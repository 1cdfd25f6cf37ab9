"""Which hosts Java and Kotlin code gives a pin to: `add("api.example.com", "sha256/…")`, read from a dex file. Pure.

The code is not followed. A host counts where a method loads its name, then the pin, and hands both to one call, with
nothing between but loads of constants and what fills an array. Formats: source.android.com, "Dalvik executable format"
and "Dalvik bytecode format".
"""

import re
import struct
from collections.abc import Iterable, Iterator

from pinprobe.declared.beside import host_in
from pinprobe.declared.windows import Looks

LARGEST = 64 * 1024 * 1024
"""Bytes of a dex file that is looked at; one holds at most 65 536 methods, which takes about 10 MB."""
FARTHEST = 400
"""Bytes of code between a host's load and its call: an array of about thirty pins."""
MOST_PLACES = 2000
"""Loads of pins that are looked at, of one file."""

_STRING_IDS = struct.Struct("<II")
_STRING_IDS_AT = 0x38
_MOST_STRINGS = 1 << 20
_LONGEST_NAME = 300

_CONST_STRING, _CONST_STRING_JUMBO = 0x1A, 0x1B
_MOVE_RESULT, _NEW_ARRAY, _FILLED_NEW_ARRAY, _APUT_OBJECT = 0x0C, 0x23, 0x24, 0x4D
_MOVES = {0x07: 1, 0x08: 2, 0x09: 3}
_CONSTANTS = {0x12: 1, 0x13: 2, 0x14: 3, 0x15: 2, _CONST_STRING: 2, _CONST_STRING_JUMBO: 3}
_UNITS = {0x00: 1, _MOVE_RESULT: 1, _NEW_ARRAY: 2, _FILLED_NEW_ARRAY: 3, _APUT_OBJECT: 2, **_MOVES, **_CONSTANTS}
"""What may stand between, with its length in units of two bytes."""
_INVOKES, _INVOKES_RANGE = range(0x6E, 0x73), range(0x74, 0x79)


def hosts_of_pins(dex: bytes, pins: Iterable[str], looks: Looks) -> dict[str, set[str]]:
    """For each of these strings, prefix included, the hosts that it is given to. Never raises for what a file holds.

    `looks`: how many pairs of a host and a pin are followed to their call.
    """
    wanted = {pin.encode() for pin in pins}
    offsets = _string_offsets(dex)
    numbers = {number: text for number, at in enumerate(offsets) if (text := _string(dex, at, 60)) in wanted}
    found: dict[str, set[str]] = {}
    for count, (at, number) in enumerate(_loads(dex, numbers)):
        if count == MOST_PLACES:
            break
        if host := _host_before(dex, at, offsets, looks):
            found.setdefault(numbers[number].decode(), set()).add(host)
    return found


def _string_offsets(dex: bytes) -> tuple[int, ...]:
    if not dex.startswith(b"dex\n") or len(dex) < _STRING_IDS_AT + _STRING_IDS.size:
        return ()
    count, at = _STRING_IDS.unpack_from(dex, _STRING_IDS_AT)
    if count > _MOST_STRINGS or at + 4 * count > len(dex):
        return ()
    offsets: tuple[int, ...] = struct.unpack_from(f"<{count}I", dex, at)
    return offsets


def _string(dex: bytes, at: int, longest: int) -> bytes:
    """A string of the table, or nothing where it is longer."""
    # Its length comes first, in groups of seven bits.
    for _ in range(5):
        if at >= len(dex):
            return b""
        at += 1
        if dex[at - 1] < 0x80:
            break
    end = dex.find(b"\0", at, at + longest + 1)
    return dex[at:end] if end > at else b""


def _loads(dex: bytes, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where strings of these numbers are loaded: the place, and which."""
    patterns = [b"\x1a." + re.escape(struct.pack("<H", one)) for one in numbers if one < 1 << 16]
    patterns += [b"\x1b." + re.escape(struct.pack("<I", one)) for one in numbers]
    if not patterns:
        return
    # Looked ahead at, so that one that only looks so hides none that begins within it.
    for match in re.finditer(b"(?=" + b"|".join(patterns) + b")", dex, re.DOTALL):
        if match.start() % 2 == 0:
            yield match.start(), _number(dex, match.start())


def _number(dex: bytes, at: int) -> int:
    size = 2 if dex[at] == _CONST_STRING else 4
    return int.from_bytes(dex[at + 2 : at + 2 + size], "little")


def _host_before(dex: bytes, pin_at: int, offsets: tuple[int, ...], looks: Looks) -> str:
    for at in range(pin_at - 4, max(0, pin_at - FARTHEST), -2):
        if dex[at] not in (_CONST_STRING, _CONST_STRING_JUMBO):
            continue
        number = _number(dex, at)
        if number >= len(offsets):
            continue
        name = _string(dex, offsets[number], _LONGEST_NAME)
        host = host_in(name.decode("utf-8", "replace"))
        if host and not looks.one_more():
            return ""
        if host and _handed_together(dex, at, pin_at):
            return host
    return ""


def _handed_together(dex: bytes, host_at: int, pin_at: int) -> bool:
    """Whether what is loaded at these two places goes to one call, the first one after the pin."""
    hosts, pins, filled = {dex[host_at + 1]}, set[int](), False
    at = host_at + 2 * _UNITS[dex[host_at]]
    while at < min(len(dex) - 6, pin_at + FARTHEST):
        code, first = dex[at], dex[at + 1]
        if at > pin_at and (code in _INVOKES or code in _INVOKES_RANGE):
            arguments = _arguments(dex, at, code in _INVOKES_RANGE)
            return bool(arguments & hosts) and bool(arguments & pins)
        if code not in _UNITS:
            return False
        if code == _APUT_OBJECT:
            pins |= {dex[at + 2]} if first in pins else set()
        elif code == _FILLED_NEW_ARRAY:
            filled = bool(_arguments(dex, at, False) & pins)
        elif code == _MOVE_RESULT:
            hosts.discard(first)
            (pins.add if filled else pins.discard)(first)
        elif code in _MOVES:
            to, source = _moved(dex, at, code)
            for held in (hosts, pins):
                (held.add if source in held else held.discard)(to)
        elif code != 0x00:
            to = first & 0x0F if code in (0x12, _NEW_ARRAY) else first
            hosts.discard(to)
            (pins.add if at == pin_at else pins.discard)(to)
        at += 2 * _UNITS[code]
    return False


def _arguments(dex: bytes, at: int, in_range: bool) -> set[int]:
    """Registers that a call or a filled array takes."""
    if in_range:
        first = int.from_bytes(dex[at + 4 : at + 6], "little")
        return set(range(first, first + dex[at + 1]))
    last_and_count, low, high = dex[at + 1], dex[at + 4], dex[at + 5]
    five = [low & 0x0F, low >> 4, high & 0x0F, high >> 4, last_and_count & 0x0F]
    return set(five[: last_and_count >> 4])


def _moved(dex: bytes, at: int, code: int) -> tuple[int, int]:
    """Where a register's content goes, and whence."""
    if code == 0x07:
        return dex[at + 1] & 0x0F, dex[at + 1] >> 4
    if code == 0x08:
        return dex[at + 1], int.from_bytes(dex[at + 2 : at + 4], "little")
    return int.from_bytes(dex[at + 2 : at + 4], "little"), int.from_bytes(dex[at + 4 : at + 6], "little")
