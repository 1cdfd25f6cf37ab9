"""The kernel's table: a real one of this machine, and lines of Android's."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.attribution.seen import PHONE, PROXY

from pinprobe.attribution.socket_table import Match, Row, addresses_in, app_of, owner, read_table

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ANDROID = (
    HEAD
    + "   0: 0702000A:9C40 0202000A:1F90 01 00000000:00000000 00:00000000 00000000 10101        0 91 1 0 20 4 30 10 -1\n"
    + "   1: 0702000A:9C41 0202000A:1F90 06 00000000:00000000 03:00000E1F 00000000     0        0 0 3 0000000000000000\n"
    + "   2: 00000000:14E9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12 1 0 100 0 0 10 0\n"
    + "   3: 0000000000000000FFFF00000702000A:9C42 0000000000000000FFFF00000202000A:1F90 01 00000000:00000000 "
    "00:00000000 00000000 10102        0 92 1 0 20 4 30 10 -1\n"
    + "   4: B80D0120000000000000000001000000:9C43 B80D0120000000000000000002000000:01BB 02 00000001:00000000 "
    "01:00000064 00000000 10103        0 93 2 0 100 0 0 10 -1\n" + "garbage\n"
)
DEVICE, HOST = "10.0.2.7", "10.0.2.2"


def test_androids_lines_are_read() -> None:
    rows = read_table(ANDROID)
    assert rows[0] == Row(local=(DEVICE, 40000), remote=(HOST, 8080), uid=10101)
    assert rows[1].uid is None, "in TIME_WAIT the kernel has forgotten it"
    assert rows[3] == Row(local=(DEVICE, 40002), remote=(HOST, 8080), uid=10102), "IPv4 in IPv6 is IPv4"
    assert rows[4] == Row(local=("2001:db8::1", 40003), remote=("2001:db8::2", 443), uid=10103)
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("client", "reached", "found"),
    [
        ((DEVICE, 40000), (HOST, 8080), 10101),
        ((f"::ffff:{DEVICE}", 40002), (HOST, 8080), 10102),
        (("2001:db8::1", 40003), ("2001:db8::2", 443), 10103),
        ((DEVICE, 40000), (HOST, 8081), Match.ABSENT),
        ((DEVICE, 40000), ("192.0.2.1", 8080), Match.ABSENT),
        ((DEVICE, 40001), (HOST, 8080), Match.ABSENT),
        ((DEVICE, 40009), (HOST, 8080), Match.ABSENT),
        (("10.0.2.8", 40000), (HOST, 8080), Match.AWAY),
        (("127.0.0.1", 40000), (HOST, 8080), Match.AWAY),
    ],
)
def test_only_a_row_with_both_ends_is_a_match(
    client: tuple[str, int], reached: tuple[str, int], found: int | Match
) -> None:
    rows = read_table(ANDROID)
    assert owner(rows, addresses_in(rows), client, reached) == found


def test_loopback_is_nobodys_own_address() -> None:
    rows = [Row(local=("127.0.0.1", 1), remote=("127.0.0.1", 2), uid=1)]
    assert owner(rows, addresses_in(rows), ("127.0.0.1", 1), ("127.0.0.1", 2)) is Match.AWAY


@given(st.integers(1, 3), st.integers(1, 3), st.lists(st.integers(1, 3), min_size=2, max_size=2, unique=True))
def test_two_owners_of_one_connection_are_none(local: int, remote: int, uids: list[int]) -> None:
    rows = [Row(local=(PHONE[0], local), remote=(PROXY[0], remote), uid=uid) for uid in uids]
    assert owner(rows, addresses_in(rows), (PHONE[0], local), (PROXY[0], remote)) is Match.ABSENT


def test_a_user_id_of_several_packages_is_none_of_them() -> None:
    packages = {10101: ("com.example.one",), 1000: ("android", "com.android.settings")}
    assert app_of(10101, packages) == (Match.NAMED, "com.example.one")
    assert app_of(1000, packages) == (Match.SHARED, "unattributed")
    assert app_of(1052, packages) == (Match.ABSENT, "unattributed")


@given(st.text() | st.text("0123456789ABCDEF: \n"))
def test_anything_is_read(text: str) -> None:
    read_table(text)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this table")
@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_real_socket_stands_in_the_real_table(family: socket.AddressFamily, address: str) -> None:
    with socket.create_server((address, 0), family=family) as server, socket.socket(family) as mine:
        mine.connect(server.getsockname())
        text = "".join(Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6"))
        here, there = mine.getsockname()[:2], server.getsockname()[:2]
        # Here loopback is counted as this machine's own, since it is.
        assert owner(read_table(text), {address}, here, there) == os.getuid()
