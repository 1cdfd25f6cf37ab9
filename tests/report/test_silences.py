"""Silence never reads as a pass: what was not seen is said, exactly when it is true."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as make
from tests.report.samples import report_of, times

from pinprobe import events as ev

M = make
PINNED = [*times(2, M.refused_alert()), M.relayed_ok()]
CONTROL = times(9, M.relayed_ok("cdn.example.net"))
LATER = M.accepted("cdn.example.net")
NAME = M.lookup("hidden.example.org")
HELD = [*M.relayed_ok("cdn.example.net")[:-1], M.closed(60.0, client_bytes=9000)]
"""A connection of the control that stays open."""
DNS: make.Events = [
    ev.ConnectionOpened(at_s=0.0, connection_id=0, client=1, listener="dns@53", transport="udp"),
    *NAME,
    M.closed(0.1),
]
MINE = M.attributed("com.example.app", M.accepted(client=2))
OTHERS = M.attributed("com.other.app", M.accepted(client=1))
END = M.lookup("another.example.org")
"""A fact at the end, so that the lookups before it have had their time."""

SHOWN: dict[str, tuple[str, list[make.Events], dict[str, Any]]] = {
    "one connection": ("one_connection", [M.accepted()], {}),
    "only a control": ("never_tested", CONTROL, {"phase": "control"}),
    "only the device": ("never_tested", [M.relayed_ok()], {"phase": "idle"}),
    "a control, and a test without traffic": (
        "no_traffic_in_test",
        [*CONTROL, M.marked("test"), NAME],
        {"phase": "control"},
    ),
    "one endpoint that refuses": ("stopped_at_first_pin", PINNED, {}),
    "one endpoint that refuses, and what the control had": (
        "stopped_at_first_pin",
        [*CONTROL, M.marked("test"), *times(9, M.refused_alert()), M.relayed_ok()],
        {"phase": "control", "every_s": 4.0},
    ),
    "one endpoint that refuses, beside the device's own": (
        "stopped_at_first_pin",
        [M.relayed_ok("time.example.net"), M.marked("test"), *PINNED],
        {"phase": "idle"},
    ),
    "one endpoint that refuses, beside an analytics host": (
        "stopped_at_first_pin",
        [M.host_known("a.example.org", "example.org", category="analytics"), *PINNED, M.accepted("a.example.org")],
        {},
    ),
    "one endpoint that refuses, beside a crash reporter": (
        "stopped_at_first_pin",
        [
            M.host_known("c.example.org", "example.org", category="crash-reporting"),
            *PINNED,
            M.refused_alert("c.example.org"),
        ],
        {},
    ),
    "one connection, beside QUIC and a name looked up": (
        "one_connection",
        [M.accepted(), M.quic(), DNS],
        {},
    ),
    "an endpoint of the control is not reached": (
        "unreached",
        [*CONTROL, M.marked("test"), *times(9, M.accepted()), *times(3, M.accepted("img.example.net"))],
        {"phase": "control", "every_s": 4.0},
    ),
    "lookups without a connection after refusals": (
        "proxy_bypassed",
        [*PINNED, M.lookup(), M.lookup(), M.accepted("b.example")],
        {"every_s": 20.0},
    ),
    "names that are only looked up, by a device that carries the app too": (
        "bypass_candidates",
        [NAME, NAME, OTHERS, M.attributed("com.example.app", M.accepted(client=1)), END],
        {"every_s": 20.0},
    ),
    "names that are only looked up": ("bypass_candidates", [NAME, NAME, M.accepted(), END], {"every_s": 20.0}),
}
NOT_SHOWN: dict[str, tuple[str, list[make.Events], dict[str, Any]]] = {
    "two connections": ("one_connection", [M.accepted(), M.accepted()], {}),
    "a control, and a test": ("never_tested", [*CONTROL, M.marked("test"), LATER], {"phase": "control"}),
    "a control after the test": ("never_tested", [LATER, M.marked("control"), *CONTROL], {}),
    "no control": ("no_traffic_in_test", [M.accepted()], {}),
    "traffic in the test": ("no_traffic_in_test", [*CONTROL, M.marked("test"), LATER], {"phase": "control"}),
    "no traffic in the test, but a connection of the control is still open": (
        "no_traffic_in_test",
        [*CONTROL, HELD, M.marked("test"), NAME],
        {"phase": "control"},
    ),
    "nothing but checks in the test": (
        "no_traffic_in_test",
        [*CONTROL, M.marked("test"), M.asking(LATER, "connectivity"), NAME],
        {"phase": "control"},
    ),
    "only an analytics host, which refuses": (
        "stopped_at_first_pin",
        [
            M.host_known("a.example.org", "example.org", category="analytics"),
            *times(2, M.refused_alert("a.example.org")),
            M.relayed_ok("a.example.org"),
        ],
        {},
    ),
    "one endpoint that refuses, beside a CDN": (
        "stopped_at_first_pin",
        [M.host_known("b.example", "b.example", category="cdn"), *PINNED, M.accepted("b.example")],
        {},
    ),
    "an endpoint of the control is not reached, but servers answer with errors": (
        "unreached",
        [
            *CONTROL,
            M.marked("test"),
            *times(9, M.inside(M.accepted(), M.answered(403))),
            *times(3, M.accepted("img.example.net")),
        ],
        {"phase": "control", "every_s": 4.0},
    ),
    "an endpoint of the control is not reached, but still connected": (
        "unreached",
        [
            *CONTROL,
            HELD,
            M.marked("test"),
            *times(9, M.accepted()),
            *times(3, M.accepted("img.example.net")),
        ],
        {"phase": "control", "every_s": 4.0},
    ),
    "two endpoints": ("stopped_at_first_pin", [*PINNED, M.accepted("b.example")], {}),
    "one endpoint that accepts": ("stopped_at_first_pin", times(3, M.accepted()), {}),
    "one endpoint that refused once": ("stopped_at_first_pin", [M.refused_alert(), M.relayed_ok()], {}),
    "all of the control was reached": (
        "unreached",
        [*CONTROL, M.marked("test"), *times(9, LATER)],
        {"phase": "control", "every_s": 4.0},
    ),
    "lookups that connections follow": (
        "proxy_bypassed",
        [*PINNED, M.lookup(), M.refused_alert(), M.lookup(), M.refused_alert(), M.accepted("b.example")],
        {"every_s": 9.0},
    ),
    "one lookup": ("bypass_candidates", [NAME, M.accepted(), END], {"every_s": 20.0}),
    "lookups by the device of another app": (
        "bypass_candidates",
        [NAME, NAME, OTHERS, MINE, END],
        {"every_s": 20.0},
    ),
    "lookups of a moment ago": ("bypass_candidates", [M.accepted(), NAME, NAME], {}),
    "lookups that the device makes": (
        "bypass_candidates",
        [M.host_known("hidden.example.org", "example.org", category="os"), NAME, NAME, M.accepted(), END],
        {"every_s": 20.0},
    ),
}


def ids(connections: list[make.Events], of_session: dict[str, Any]) -> list[str]:
    return [notice.id for notice in report_of(*connections, **of_session).notices]


@pytest.mark.parametrize(("id", "connections", "of_session"), SHOWN.values(), ids=SHOWN.keys())
def test_shown_when_true(id: str, connections: list[make.Events], of_session: dict[str, Any]) -> None:
    assert id in ids(connections, of_session)


@pytest.mark.parametrize(("id", "connections", "of_session"), NOT_SHOWN.values(), ids=NOT_SHOWN.keys())
def test_not_shown_when_false(id: str, connections: list[make.Events], of_session: dict[str, Any]) -> None:
    assert id not in ids(connections, of_session)


def text(id: str, case: str) -> str:
    _, connections, of_session = SHOWN[case]
    return next(notice.text for notice in report_of(*connections, **of_session).notices if notice.id == id)


def test_counts_and_names() -> None:
    assert text("no_traffic_in_test", "a control, and a test without traffic").startswith(
        "9 connections in the control, and none in 1 s of test: "
    )
    stopped = text("stopped_at_first_pin", "one endpoint that refuses, and what the control had")
    assert stopped.startswith(
        "Of the app's own hosts one endpoint only was seen, api.example.com:443, and refuses there: "
    )
    assert "Of the control, cdn.example.net:443 was not reached." in stopped
    assert text("unreached", "an endpoint of the control is not reached").startswith(
        "cdn.example.net:443 was used in the control and not reached in the test"
    )
    assert "hidden.example.org" in text("bypass_candidates", "names that are only looked up")


def test_many_names_are_cut_and_counted() -> None:
    names = [connection for n in range(7) for connection in times(2, M.lookup(f"h{n}.example.org"))]
    report = report_of(*names, M.accepted(), END, every_s=20.0)
    said = next(notice.text for notice in report.notices if notice.id == "bypass_candidates")
    assert "h0.example.org, h1.example.org, h2.example.org, h3.example.org, h4.example.org and 2 more" in said
