"""What a reader must know, exactly when it is true."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as make
from tests.report.samples import report_of, times

M = make
PINNED = [*times(2, M.refused_alert()), M.relayed_ok()]


def ids(*connections: make.Events, **of_session: Any) -> list[str]:
    return [notice.id for notice in report_of(*connections, **of_session).notices]


@pytest.mark.parametrize(
    ("id", "connections", "of_session"),
    [
        ("nothing_observed", [], {}),
        ("ca_never_trusted", PINNED, {}),
        ("observe_mode", [M.accepted()], {"mode": "observe"}),
        ("no_control", [M.refused_alert()], {}),
        ("unattributed", [M.accepted()], {"app_id": None}),
        ("attribution_declared", [M.accepted()], {}),
        ("quic_seen", [M.quic()], {}),
        ("tool_error", [M.accepted(), M.tool_failed()], {}),
    ],
)
def test_shown_when_true(id: str, connections: list[make.Events], of_session: dict[str, Any]) -> None:
    assert id in ids(*connections, **of_session)


@pytest.mark.parametrize(
    ("id", "connections", "of_session"),
    [
        ("nothing_observed", [M.quic()], {}),
        ("ca_never_trusted", [*PINNED, M.accepted("b")], {}),
        ("ca_never_trusted", [M.relayed_ok()], {}),
        ("observe_mode", [M.accepted()], {}),
        ("no_control", PINNED, {}),
        ("no_control", [M.accepted()], {}),
        ("no_control", [M.refused_alert()], {"mode": "observe"}),
        ("unattributed", [M.accepted()], {}),
        ("attribution_declared", [], {}),
        ("quic_seen", [M.accepted()], {}),
        ("tool_error", [M.accepted()], {}),
    ],
)
def test_not_shown_when_false(id: str, connections: list[make.Events], of_session: dict[str, Any]) -> None:
    assert id not in ids(*connections, **of_session)


def test_a_tool_error_says_where_what_and_how_often() -> None:
    report = report_of(M.accepted(), M.tool_failed(), M.tool_failed())
    text = next(notice.text for notice in report.notices if notice.id == "tool_error")
    assert text == "pinprobe itself failed in tls_clienthello: KeyError: 'x' (2×). The traffic went on."
