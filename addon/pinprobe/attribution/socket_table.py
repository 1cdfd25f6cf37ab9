"""The device's own table of sockets: which user id holds the other end of a connection.

Rests on `/proc/net/tcp` and `/proc/net/tcp6`, read through adb while the connection is open, and on the device's list of
packages. The kernel wrote the row, so a match is sure. It needs addresses and ports that survive the way: a device on the
same network, or WireGuard. Behind address translation (the emulator's, `adb reverse`) the client's address is none of the
device's own; then this source says nothing. A user id that several packages share names none of them. Pure: the asking is in `polling`.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from pinprobe.attribution.client import plain_address
from pinprobe.attribution.packages import UIDS_PER_USER, packages_of
from pinprobe.attribution.source import NOBODY, Address, Source

SOURCE = Source(
    id="socket_table",
    title="the device's socket table",
    rests_on="`/proc/net/tcp` and `tcp6` by user id, read through adb (`pinprobe_adb`) while the connection is open",
    sure="very, where it can: the kernel's own row; not behind address translation (emulator, `adb reverse`), not for "
    "user ids that packages share, and not for sockets that are gone before it was read",
)

ROWS_READ = 20_000
"""More sockets than a device holds."""
ADDRESSES_KEPT = 4096
_ROW = re.compile(
    r"\s*[0-9]+: (?P<local>[0-9A-F]{8}|[0-9A-F]{32}):(?P<local_port>[0-9A-F]{4}) "
    r"(?P<remote>[0-9A-F]{8}|[0-9A-F]{32}):(?P<remote_port>[0-9A-F]{4}) "
    r"(?P<state>[0-9A-F]{2}) \S+ \S+ \S+ +(?P<uid>[0-9]{1,10}) .*"
)
HTTPS = 443
FIRST_APP = 10_000
"""Android's user ids below are the system's own (Process.FIRST_APPLICATION_UID)."""
_TIME_WAIT = "06"
"""Such a socket's owner is forgotten, and 0 stands in its place (Linux, include/net/tcp_states.h)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One socket of the device."""

    local: Address
    remote: Address
    uid: int | None
    """None where the kernel has forgotten it."""


class Match(StrEnum):
    """What the table says of a connection."""

    NAMED = "named"
    AWAY = "away"
    """The client's address is none of the device's own."""
    ABSENT = "absent"
    """The address is, and such a socket is not there, or nobody's."""
    SHARED = "shared"
    """It is there, and several packages share its user id."""


def read_table(text: str) -> list[Row]:
    """The sockets of one or more tables of the kernel's; lines of another form are left out."""
    return list(_rows(text.splitlines()[:ROWS_READ]))


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    for line in lines:
        match = _ROW.fullmatch(line)
        if match is not None:
            yield Row(
                local=(_address(match["local"]), int(match["local_port"], 16)),
                remote=(_address(match["remote"]), int(match["remote_port"], 16)),
                uid=int(match["uid"]) if match["state"] != _TIME_WAIT else None,
            )


@lru_cache(maxsize=ADDRESSES_KEPT)  # the same ones stand in every reading, and a busy proxy reads many a second
def _address(text: str) -> str:
    """Words of four bytes in the order of a little-endian processor, as every Android device has one."""
    raw = b"".join(bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8))
    return plain_address(str(IPv4Address(raw) if len(raw) == 4 else IPv6Address(raw)))


def addresses_in(rows: Iterable[Row]) -> frozenset[str]:
    """The device's own addresses, as far as they can be told from another machine's."""
    return frozenset(row.local[0] for row in rows if not is_loopback(row.local[0]))


def owner(rows: Iterable[Row], own: Container[str], client: Address, reached: Address) -> int | Match:
    """The user id that holds the connection from `client` to `reached`; else ABSENT, or AWAY from the device's `own`.

    Both ends must be the row's own: a kernel gives one local port to several sockets with different destinations.
    """
    here, there = (plain_address(client[0]), client[1]), (plain_address(reached[0]), reached[1])
    if here[0] not in own:
        return Match.AWAY
    uids = {row.uid for row in rows if row.local == here and row.remote == there and row.uid is not None}
    return uids.pop() if len(uids) == 1 else Match.ABSENT


def past(rows: Iterable[Row], proxy: Container[str]) -> Iterator[Row]:
    """Sockets of apps that are connected to port 443 of another address than the proxy's."""
    for row in rows:
        address, port = row.remote
        app = row.uid is not None and row.uid % UIDS_PER_USER >= FIRST_APP
        if app and port == HTTPS and address not in proxy and not is_loopback(address):
            yield row


def app_of(uid: int, packages: Mapping[int, tuple[str, ...]]) -> tuple[Match, str]:
    """The one package of a user id; else SHARED or ABSENT."""
    found = packages_of(uid, packages)
    if len(found) == 1:
        return Match.NAMED, found[0]
    return (Match.SHARED if found else Match.ABSENT), NOBODY


def is_loopback(address: str) -> bool:
    """Whether every machine has this address: then it tells nothing."""
    return address == "::1" or address.startswith("127.")
