"""The device's tables of sockets and packages, as adb brings them."""

from __future__ import annotations

from random import Random

from pinprobe.attribution.packages import read_packages
from pinprobe.attribution.socket_table import addresses_in, app_of, owner, past, read_table
from stressing.fuzz.mutation import lines_mutated
from stressing.fuzz.target import Check, Target

ROW = b"   1: 0F02000A:A3D2 0802000A:1F90 01 00000000:00000000 00:00000000 00000000 10123        0 12345 1 0 20 4 30 10 -1"
ROW_6 = (
    b"   0: 0000000000000000FFFF00000F02000A:A3D4 0000000000000000FFFF000001020304:01BB 01 "
    b"00000000:00000000 02:00000000 00000000 10123        0 9 1 0 20 4 30 10 -1"
)


def _prepare() -> Check:
    def check(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        rows = read_table(text)
        packages = read_packages(text)
        own = addresses_in(rows)
        for row in rows:
            owner(rows, own, row.local, row.remote)
            if row.uid is not None:
                app_of(row.uid, packages)
        list(past(rows, {"10.0.2.8"}))

    return check


def _mutated(data: bytes, chance: Random) -> bytes:
    return lines_mutated(data, chance, (b"FFFFFFFF", b"00000000", b"4294967295", b"01BB", b"uid:", b"package:"))


TARGET = Target(
    name="sockets",
    about="a device's tables of sockets and of packages",
    prepare=_prepare,
    seeds=lambda: (
        b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" + ROW,
        ROW_6 + b"\n" + ROW,
        b"package:com.example.app uid:10123\npackage:com.example.b uid:10124,1010124\n" + ROW,
    ),
    mutate=_mutated,
)
