"""Which sessions a run has."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinprobe.running.plan import PARTS, PROXY, WIREGUARD, Plan, parts_of
from pinprobe.runs.role import Role


@pytest.mark.parametrize(
    ("store", "root", "part"),
    [("auto", True, "R3"), ("auto", False, "R2"), ("none", True, "R1"), ("user", True, "R2"), ("system", False, "R3")],
)
def test_one_session_by_its_store(store: str, root: bool, part: str) -> None:
    assert parts_of((), store, root=root) == (PARTS[part],)


def test_several_in_their_order() -> None:
    assert [part.id for part in parts_of(("R0", "R2", "R3"), "auto", root=True)] == ["R0", "R2", "R3"]


def test_they_are_those_that_are_read_together() -> None:
    assert set(PARTS) == set(Role) - {Role.UNKNOWN}


def plan(via: str = PROXY, *, anywhere: bool = False) -> Plan:
    return Plan(
        package="a.b",
        parts=(PARTS["R0"], PARTS["R3"]),
        idle_s=10,
        seconds=30,
        explore="none",
        via=via,
        port=7000,
        anywhere=anywhere,
        reports=Path("reports"),
        confdir=Path("/conf"),
        clear=False,
        by_hand=False,
        options=(),
        arguments=(),
    )


def test_how_long_it_takes() -> None:
    assert plan().takes_s == 10 + 30 + 10 + 60


def test_how_the_proxy_listens() -> None:
    """On loopback alone, wherever the device can reach that."""
    assert plan().listening == ("--listen-host", "127.0.0.1", "--listen-port", "7000")
    mode = ("--mode", "wireguard:/conf/wireguard-a.b.json@7000")
    assert plan(WIREGUARD).listening == (*mode, "--listen-host", "127.0.0.1", "--listen-port", "7000")
    assert plan(WIREGUARD, anywhere=True).listening == (*mode, "--listen-port", "7000")
